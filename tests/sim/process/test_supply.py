"""What is planned: volumes at their yearly share, copies of recent residences, the same whatever the rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.outcomes import YEAR_S
from sim.process.housing import NEVER
from sim.process.replication import grid_of, initial_state, open_run, replicate, territory_of
from sim.process.supply import ALWAYS, ANNOUNCED, DELIVERED
from sim.process.world import World, world_of
from sim.scenario import load_scenario
from sim.territory.columns import KINDS, Territory, length, take
from sim.territory.files.faults import FaultsFound

OFF = {"supply.delivered": 0.0, "supply.demolished": 0.0, "supply.sold": 0.0}


def world(*, replication: int = 0, territory: Territory | None = None, **changes: Any) -> World:
    """Return a world of the tutorial, its supply off but for what is set: `supply__sold=0.1`."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={"time.years": 5, **OFF, **named})
    return world_of(scenario, territory or territory_of(scenario), grid_of(scenario), replication)


def test_nothing_is_planned_where_every_share_is_0() -> None:
    still = world()
    assert still.plan.changes == ()
    assert length(still.territory.dwellings) == length(territory_of(still.scenario).dwellings)
    assert (still.plan.delivered_s == ALWAYS).all()
    assert (still.plan.sold_s == NEVER).all()
    assert (still.plan.operation == -1).all()


def test_programmes_come_at_the_yearly_share() -> None:
    # 426 dwellings at 5 % a year over 1 year of burn-in and 5 of run: 127.8 expected, a residence (34
    # dwellings) ahead or behind at most; over 20 replications the mean is within 4 errors of it.
    delivered = []
    for number in range(20):
        planned = world(replication=number, supply__delivered=0.05)
        new = planned.plan.delivered_s != ALWAYS
        delivered.append(int(new.sum()))
        assert abs(delivered[-1] - 127.8) <= 34
        assert planned.start_s <= planned.plan.delivered_s[new].min()
        assert planned.plan.delivered_s[new].max() < planned.end_s
    error = np.std(delivered) / np.sqrt(20)
    assert abs(np.mean(delivered) - 127.8) <= 4 * error


def test_a_programme_is_a_copy_of_a_recent_residence() -> None:
    planned = world(supply__delivered=0.05, supply__recent_years=10)
    residences, dwellings = planned.territory.residences, planned.territory.dwellings
    given = territory_of(planned.scenario)
    count = length(given.residences)
    assert length(residences) > count + 2
    for row in range(count, length(residences)):
        _, _, model = str(residences.residence_id[row]).partition("-")
        old = given.residences.residence_id.tolist().index(model)
        # The newest residences of the tutorial were built in 2018: none from before 2008 is a model.
        assert given.residences.build_year[old] >= 2008
        assert (residences.commune[row], residences.in_qpv[row]) == (
            given.residences.commune[old],
            given.residences.in_qpv[old],
        )
        assert 2025 <= residences.build_year[row] < 2031
        own, whole = dwellings.residence == row, given.dwellings.residence == old
        np.testing.assert_array_equal(dwellings.rooms[own], given.dwellings.rooms[whole])
        np.testing.assert_array_equal(dwellings.rent_eur[own], given.dwellings.rent_eur[whole])
    assert len(set(dwellings.dwelling_id.tolist())) == length(dwellings)
    assert not dwellings.rent_eur.flags.writeable


def test_demolitions_come_at_the_yearly_share_old_residences_first_in_qpv() -> None:
    demolished, in_qpv = [], []
    for number in range(20):
        planned = world(replication=number, supply__demolished=0.03)
        residences = planned.territory.residences
        rows = np.unique(planned.territory.dwellings.residence[planned.plan.operation >= 0])
        assert (residences.build_year[rows] < 1980).all()
        demolished.append(int((planned.plan.operation >= 0).sum()))
        in_qpv.append(residences.in_qpv[rows].mean())
        for one in planned.plan.operations:
            assert one.deadline_s - one.announced_s == pytest.approx(2 * YEAR_S, abs=86_400)
    # 426 × 3 % × 6 years = 76.7 dwellings announced, a residence (at most 34) more or less.
    assert abs(np.mean(demolished) - 76.7) <= 4 * np.std(demolished) / np.sqrt(20)
    # Half of the old residences are in QPV; with 8 times the chance, most of the first drawn are.
    assert np.mean(in_qpv) > 0.65


def test_sales_come_one_by_one_from_old_dwellings_houses_first() -> None:
    sold = world(supply__sold=0.02)
    rows = np.flatnonzero(sold.plan.sold_s != NEVER)
    # 426 × 2 % × 6 years = 51.1 dwellings.
    assert len(rows) in (51, 52)
    built = sold.territory.residences.build_year[sold.territory.dwellings.residence]
    assert (built[rows] <= 2016).all()
    house = sold.territory.dwellings.kind == KINDS.index("individuel")
    assert house[rows].mean() > house[built <= 2016].mean()
    gaps = np.diff(np.sort(sold.plan.sold_s[rows])) / YEAR_S
    assert np.ptp(gaps) <= 2.1 / 365  # regular, to the day


def test_a_residence_to_be_demolished_is_not_sold() -> None:
    both = world(supply__sold=0.1, supply__demolished=0.1)
    assert not ((both.plan.sold_s != NEVER) & (both.plan.operation >= 0)).any()


def test_the_plan_does_not_depend_on_the_order_of_rows() -> None:
    changes = {"supply__delivered": 0.05, "supply__demolished": 0.03, "supply__sold": 0.02}
    plain = world(**changes)
    given = territory_of(plain.scenario)
    order = np.random.default_rng(0).permutation(length(given.residences))
    place = np.argsort(order)
    dwellings = replace(given.dwellings, residence=place[given.dwellings.residence])
    turned = replace(given, residences=take(given.residences, order), dwellings=dwellings)
    other = world(territory=turned, **changes)

    def told(one: World) -> dict[str, tuple[int, int, str]]:
        names = [*(operation.name for operation in one.plan.operations), ""]
        columns = zip(
            one.territory.dwellings.dwelling_id.tolist(),
            one.plan.delivered_s.tolist(),
            one.plan.sold_s.tolist(),
            [names[place] for place in one.plan.operation],
            strict=True,
        )
        return {name: tuple(rest) for name, *rest in columns}

    assert told(other) == told(plain)
    assert [change[:3] for change in other.plan.changes] == [change[:3] for change in plain.plan.changes]


def test_an_operation_is_on_residences_that_exist() -> None:
    operation = {"name": "Canal", "residences": ["R0001", "R9999"], "on": "2026-03-01"}
    with pytest.raises(FaultsFound, match="R9999 : absent du territoire"):
        world(operation=[operation])


def test_an_operation_of_the_scenario_has_its_day_and_its_months() -> None:
    operation = {"name": "Canal", "residences": ["R0010", "R0011"], "on": "2026-03-01", "months": 12}
    planned = world(operation=[operation])
    (one,) = planned.plan.operations
    assert (one.name, one.named) == ("Canal", True)
    assert planned.day(one.announced_s).isoformat() == "2026-03-01"
    assert planned.day(one.deadline_s).isoformat() == "2027-03-01"
    names = planned.territory.residences.residence_id[planned.territory.dwellings.residence]
    assert set(names[planned.plan.operation == 0]) == {"R0010", "R0011"}
    assert planned.plan.changes[0].kind == ANNOUNCED


def test_an_operation_that_a_pending_demand_names_is_on_the_dwelling_its_tenant_is_to_leave() -> None:
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    territory = replace(territory_of(scenario), operations={"D10": "Canal 2027"})
    planned = world_of(scenario, territory, grid_of(scenario), 0)
    (one,) = planned.plan.operations
    assert (one.name, one.announced_s, one.deadline_s) == ("Canal 2027", 0, NEVER)
    # D10 is the demand of the tenant of L4.
    assert territory.dwellings.dwelling_id[planned.plan.operation == 0].tolist() == ["L4"]
    state = initial_state(planned)
    row = state.register.demand_id.tolist().index("D10")
    assert state.register.operation[row] == 0
    assert state.register.leaves_s[row] == NEVER
    tenant = int(state.register.mutation_of[row])
    assert state.housing.mutation_s[tenant] == NEVER  # never another demand


def test_a_dwelling_left_for_an_operation_is_let_no_more_though_its_neighbours_are_told_later() -> None:
    # The scenario tells the tenants of Canal in June 2027; those whose demands name it already are rehoused
    # from the start on, and nobody moves in where they lived.
    names = [f"R{place:04d}" for place in range(1, 11)]
    canal = {"name": "Canal", "residences": names, "on": "2027-06-01", "months": 6}
    changes = {"time.years": 2, "time.burn_in_months": 0, "operation": [canal], **OFF}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
    territory = territory_of(scenario)
    lived = territory.dwellings.residence[territory.demands.mutation_of]
    rows = np.flatnonzero((territory.demands.mutation_of >= 0) & (lived < 10))
    names = territory.demands.demand_id[rows].tolist()
    assert len(names) > 5
    territory = replace(territory, operations=dict.fromkeys(names, "Canal"))
    ((_, run),) = replicate(scenario, territory, ("cotation_only",), 0)
    housed = run.leases[run.leases.demand_id.isin(names)]
    left = run.vacancies[run.vacancies.freed_by.isin(housed.vacancy_id)]
    assert len(left) > 5
    assert left.let_s.isna().all()
    assert set(left.withdrawn_for) == {"demolition"}
    assert (left.flow == "withdrawn").all()


def test_without_new_supply_nothing_is_delivered_from_the_start_on() -> None:
    plain = world(supply__delivered=0.1, supply__sold=0.02)
    control = world(supply__delivered=0.1, supply__sold=0.02, control__no_new_supply=True)
    before = [change for change in plain.plan.changes if change.second < 0]
    assert any(change.kind == DELIVERED for change in before)
    assert [change for change in control.plan.changes if change.second < 0] == before
    later = [change for change in plain.plan.changes if change.second >= 0]
    kept = [change[:3] for change in later if change.kind != DELIVERED]
    assert [change[:3] for change in control.plan.changes if change.second >= 0] == kept
    state = initial_state(control)
    open_run(control, state)
    assert state.records.occupation[0]["dwellings"].sum() <= len(control.dwelling_key)
