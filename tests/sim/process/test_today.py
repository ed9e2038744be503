"""The Sitting of one day: that of a run on the same facts, and a toy followed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.policies.parameters import Parameters
from sim.policies.sitting import Shortlist, Sitting
from sim.process.replication import grid_of, replicate, territory_of
from sim.process.state import Counted
from sim.process.today import BY_BAILLEUR, DELEGATED, NAMED, Known, SignedLeases, Since, Today, Vacant, today
from sim.rules.traits import has, mask
from sim.scenario import load_scenario
from sim.territory.columns import RESERVATAIRES

ON = date(2026, 2, 2)
COLLECTIVITE, AUCUN, ETAT = (RESERVATAIRES.index(name) for name in ("collectivite", "aucun", "etat"))

STILL = {
    "time.start": date(2024, 1, 1),  # the tutorial's own date: its demands are as old as they say
    "time.years": 1,
    "time.burn_in_months": 0,
    "demand.new_per_year": 0.0,
    "demand.renewal": 0.999999,
    "mutations.review": False,
    "designation.named_share": 0.0,
    "dalo.appeals_per_year": 0.0,
    "dalo.presented_alone": False,  # the bailleur that the préfet designates is drawn in a run
    "essential_workers.verified_share": 1.0,
    "household.active": False,
    "supply.delivered": 0.0,
    "supply.demolished": 0.0,
    "supply.sold": 0.0,
}


class FirstSitting(Exception):  # noqa: N818
    """Carries the first sitting of a run out of it."""


def stop(sitting: Sitting, shortlist: Shortlist) -> None:
    raise FirstSitting(sitting, shortlist)


def test_a_day_gives_the_sitting_of_a_run() -> None:
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=STILL)
    territory = territory_of(scenario)
    with pytest.raises(FirstSitting) as stopped:
        list(replicate(scenario, territory, ["cotation_peuplement"], 0, watch=stop))
    theirs: Sitting = stopped.value.args[0]
    vacant = tuple(
        Vacant(dwelling, theirs.held_on - timedelta(days=1), holder, DELEGATED if named else BY_BAILLEUR)
        for dwelling, holder, named in zip(
            theirs.dwelling.tolist(), theirs.reservataire.tolist(), theirs.designated.tolist(), strict=True
        )
    )
    found = today(scenario, territory, grid_of(scenario), theirs.held_on, Known(vacant), Parameters())
    ours = found.sitting
    assert len(ours) > 3
    assert ours.dwelling.tolist() == theirs.dwelling.tolist()
    assert ours.points.tolist() == theirs.points.tolist()
    assert ours.demand.tolist() == theirs.demand.tolist()
    for mine, other in zip(ours.pools, theirs.pools, strict=True):
        assert mine.all().tolist() == other.all().tolist()
    assert ours.rows.label == theirs.rows.label
    assert ours.rows.percent.tolist() == theirs.rows.percent.tolist()
    assert (ours.lottery == theirs.lottery).all()


def toy(known: Known) -> Today:
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    return today(scenario, territory_of(scenario), grid_of(scenario), ON, known, Parameters())


def dwelling(name: str) -> int:
    return int(name[1:]) - 1  # L1 is row 0


def demand(name: str) -> int:
    return int(name[1:]) - 1  # D01 is row 0


def vacant(name: str, holder: int = AUCUN, mode: str = BY_BAILLEUR) -> Vacant:
    return Vacant(dwelling(name), ON - timedelta(days=1), holder, mode)


def pool(found: Today, place: int = 0) -> list[str]:
    register, sitting = found.state.register, found.sitting
    return sorted(str(register.demand_id[sitting.demand[at]]) for at in sitting.pools[place].all())


def test_nobody_but_the_demands_given_is_in_the_sitting_of_a_later_day() -> None:
    # A run draws arrivals of its own over the year; a day has none, however late.
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    late, vacancies = date(2026, 11, 2), Known([vacant("L3"), vacant("L6")])
    found = today(scenario, territory_of(scenario), grid_of(scenario), late, vacancies, Parameters())
    assert sorted(found.sitting.demand.tolist()) == list(range(10))


def test_the_pool_of_a_label_holds_those_it_labels_and_who_fit() -> None:
    # L3: T3 in 59350, 480 EUR in all. Labelled « collectivite »: D03 (3 or 4 rooms) and D10 (3 rooms, 650).
    assert pool(toy(Known([vacant("L3", COLLECTIVITE, DELEGATED)]))) == ["D03", "D10"]
    # Not reserved, D04 (T3, 700 at most) fits too, and so do D07 and D08 (T3 among their typologies,
    # 59350 among their wishes); D08 stays under 800 EUR and 59350.
    assert pool(toy(Known([vacant("L3")]))) == ["D03", "D04", "D07", "D08", "D10"]


def test_a_named_list_is_never_completed() -> None:
    named = Known([vacant("L3", COLLECTIVITE, NAMED)], designated=[(dwelling("L3"), demand("D10"))])
    assert pool(toy(named)) == ["D10"]
    nobody = Known([vacant("L3", COLLECTIVITE, NAMED)])
    assert pool(toy(nobody)) == []


def test_a_designation_makes_the_list_named_whatever_the_mode() -> None:
    known = Known([vacant("L3", COLLECTIVITE, DELEGATED)], designated=[(dwelling("L3"), demand("D03"))])
    assert pool(toy(known)) == ["D03"]


def test_who_was_proposed_the_dwelling_or_has_an_offer_is_not_in_its_pool() -> None:
    proposed = Known([vacant("L3")], proposed=[(dwelling("L3"), demand("D04"))])
    assert "D04" not in pool(toy(proposed))
    in_flight = Known([vacant("L3")], in_flight=[(dwelling("L6"), demand("D10"))])
    assert "D10" not in pool(toy(in_flight))


def test_leases_signed_count_in_the_year_and_an_offer_in_flight_counts_as_due() -> None:
    # Outside QPV (L3 and L9): two leases of the year, one of the first quartile; one of last year left out.
    leases = SignedLeases(
        np.array([dwelling("L3"), dwelling("L9"), dwelling("L3")]),
        np.array(["2026-01-10", "2026-01-20", "2025-12-20"], dtype="datetime64[D]"),
        np.array([AUCUN, AUCUN, AUCUN]),
        np.array([mask(["first_quartile"]), mask(["q2_q4"]), mask(["first_quartile"])]),
    )
    rows = toy(Known([vacant("L3")], leases=leases)).sitting.rows
    r1 = rows.label.index("R1 hors QPV, EPCI")
    assert (rows.counted[r1], rows.signed[r1]) == (1, 2)
    flight = toy(
        Known(
            [vacant("L3")],
            leases=leases,
            in_flight=[(dwelling("L9"), demand("D09"))],
            q1_threshold_eur=9600.0,
        )
    )
    accepts = flight.world.scenario.acceptance.accepts
    assert flight.sitting.rows.signed_due[r1] == pytest.approx(accepts)  # D09 is of the first quartile
    assert flight.sitting.rows.counted_due[r1] == pytest.approx(accepts)


def test_points_given_stand_for_the_grid() -> None:
    given = np.arange(10, dtype=float) * 10
    found = toy(Known([vacant("L3")], points=given))
    assert found.state.register.demand_id[found.sitting.demand].tolist()[0] == "D10"
    assert found.sitting.points.tolist() == sorted(given.tolist(), reverse=True)


def test_a_lock_puts_first_and_a_ban_takes_off() -> None:
    known = Known([vacant("L3")], locked=[(dwelling("L3"), demand("D08"))])
    found = toy(replace(known, forbidden=[(dwelling("L3"), demand("D10"))]))
    assert "D10" not in pool(found)
    who = found.sitting.first_by_law[0]
    assert found.state.register.demand_id[found.sitting.demand[who]] == "D08"


def test_nothing_lapses_and_nobody_is_recognised_but_those_who_are() -> None:
    found = toy(Known([vacant("L3")]))
    register = found.state.register
    assert len(found.state.open_rows) == 10
    open_rows = np.sort(found.state.open_rows)
    recognised = open_rows[register.under_dalo(open_rows, found.state.now_s)]
    assert register.demand_id[recognised].tolist() == ["D07"]


def test_whom_a_reservataire_names_needs_no_label() -> None:
    # D04 is labelled « action_logement »: the collectivité that names it makes it of its pool.
    known = Known([vacant("L3", COLLECTIVITE, NAMED)], designated=[(dwelling("L3"), demand("D04"))])
    assert pool(toy(known)) == ["D04"]


def test_counters_give_a_bailleur_its_own_row_and_where_it_stands() -> None:
    label = "R1 hors QPV, bailleur A"
    assert label not in toy(Known([vacant("L3")])).sitting.rows.label  # nine dwellings: too few leases
    rows = toy(Known([vacant("L3")], counters={label: Counted(31, 7, 40)})).sitting.rows
    place = rows.label.index(label)
    assert (rows.counted[place], rows.signed[place]) == (7, 31)


def test_refusals_declared_count_and_who_says_so_is_a_tenant() -> None:
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    territory = territory_of(scenario)
    declared = {
        "unjustified_refusals_24m": np.array([np.nan, 2, 0, 0, 0, 0, 0, 0, 0, 0]),
        "request_kind": np.array([1, 0, -1, -1, -1, -1, -1, -1, -1, -1], dtype=np.int8),
    }
    demands = replace(territory.demands, attributes={**territory.demands.attributes, **declared})
    known = Known([vacant("L3")])
    found = today(
        scenario, replace(territory, demands=demands), grid_of(scenario), ON, known, Parameters()
    ).state.register
    assert found.refusals[:10].tolist() == [0, 2, *[0] * 8]
    tenants = has(found.signature[:10], "mutation")
    assert tenants.tolist() == [True, *[False] * 8, True]  # D01 says so, D10 leaves L4


def test_a_day_later_in_the_year_sees_no_demand_that_a_run_would_draw() -> None:
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    territory, grid = territory_of(scenario), grid_of(scenario)
    vacant = (Vacant(dwelling("L6"), date(2026, 2, 1), AUCUN, BY_BAILLEUR),)
    for on in (date(2026, 6, 1), date(2026, 12, 14)):
        found = today(scenario, territory, grid, on, Known(vacant), Parameters())
        assert found.state.register.size > 10  # a run's arrivals are there, and not seen
        names = found.state.register.demand_id[found.sitting.demand]
        assert set(names.tolist()) == set(territory.demands.demand_id.tolist())


def test_leases_signed_since_the_tables_count_in_their_own_period() -> None:
    # R1 counts since 1 January: the lease of January does, that of last year does not, nor one to come.
    row = "R1 hors QPV, EPCI"
    since = (
        Since(date(2026, 1, 10), (row,), (row,)),
        Since(date(2026, 1, 20), (row,), ()),
        Since(date(2025, 12, 20), (row,), (row,)),
        Since(date(2026, 2, 20), (row,), (row,)),
        Since(None, (row, "R2 en QPV, EPCI"), (row,)),
    )
    vacant = (Vacant(dwelling("L3"), date(2026, 2, 1), AUCUN, BY_BAILLEUR),)
    rows = toy(Known(vacant, since=since)).sitting.rows
    at = rows.label.index(row)
    assert (rows.counted[at], rows.signed[at]) == (1, 2)
    assert rows.month_flow[at] == pytest.approx(3 / 12)  # three in the trailing year
    accepts = load_scenario(Path("scenarios/jouet.toml")).acceptance.accepts
    assert (rows.counted_due[at], rows.signed_due[at]) == pytest.approx((accepts, accepts))


def test_who_is_housed_or_has_an_offer_is_in_no_pool() -> None:
    vacant = (Vacant(dwelling("L6"), date(2026, 2, 1), AUCUN, BY_BAILLEUR),)
    before = toy(Known(vacant))
    first, second = before.sitting.demand[before.sitting.pools[0].all()][:2].tolist()
    after = toy(Known(vacant, awaiting=(first,), closed=(second,)))
    left = set(after.sitting.demand[after.sitting.pools[0].all()].tolist())
    assert left == set(before.sitting.demand[before.sitting.pools[0].all()].tolist()) - {first, second}
