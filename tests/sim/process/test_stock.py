"""What a change of the stock does on its day, each mechanism alone, then all of them recomputed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import invariants
from sim.outcomes import DAY_S, YEAR_S, Outcomes
from sim.policies import POLICIES
from sim.process import admission, replication, snapshot
from sim.process.engine import play
from sim.process.register import OPEN
from sim.process.replication import grid_of, initial_state, open_run, replicate, territory_of
from sim.process.state import State
from sim.process.stock import _seats
from sim.process.world import World, world_of
from sim.rules.eligibility import plus_ceiling_eur
from sim.scenario import Scenario, load_scenario
from sim.territory.columns import RESERVATAIRES

OFF = {"supply.delivered": 0.0, "supply.demolished": 0.0, "supply.sold": 0.0}
CANAL = {"name": "Canal", "residences": ["R0010"], "on": "2026-03-01", "months": 12}
EVERYTHING = {"supply.delivered": 0.06, "supply.demolished": 0.04, "supply.sold": 0.03, "operation": [CANAL]}


def scenario_of(years: int = 2, **changes: Any) -> Scenario:
    named = {name.replace("__", "."): value for name, value in changes.items()}
    base = {"time.years": years, "time.burn_in_months": 6, **OFF}
    return load_scenario(Path("scenarios/tutorial.toml"), changes={**base, **named})


def played(policy: str = "cotation_only", **changes: Any) -> Outcomes:
    scenario = scenario_of(**changes)
    ((_, run),) = replicate(scenario, territory_of(scenario), (policy,), 0)
    return run


# --- programmes --------------------------------------------------------------------------------------------


def test_a_programme_is_vacant_all_at_once_and_shared_between_reservataires() -> None:
    run = played(supply__delivered=0.05)
    new = run.vacancies[run.vacancies.cause == "delivery"]
    assert len(new) > 20
    for _, programme in new.groupby("residence_id"):
        assert programme.keys_s.nunique() == 1
        assert (programme.available_s == programme.keys_s).all()  # no notice, no works
        # Shares 0.25, 0.05, 0.18, 0.2, 0.32 of n dwellings: each within one of its due.
        count = programme.reservataire.value_counts()
        due = dict(zip(RESERVATAIRES, (0.25, 0.05, 0.18, 0.2, 0.32), strict=True))
        assert all(abs(count.get(name, 0) - share * len(programme)) < 1 for name, share in due.items())
    assert new.let_s.notna().mean() > 0.5
    assert run.occupation.new.sum() > 0
    assert run.occupation[["demolished", "sold"]].sum().sum() == 0


def test_a_residence_is_in_no_table_before_it_is_delivered() -> None:
    run = played(supply__delivered=0.05)
    keys = run.vacancies[run.vacancies.cause == "delivery"].groupby("residence_id").keys_s.first()
    begins = run.occupation.groupby("residence_id").year.min()
    late = keys[keys >= YEAR_S]
    assert len(late)
    for residence, second in late.items():
        assert begins.get(residence, 9999) == 2026 + int(second // (365 * DAY_S)) + 1


@pytest.mark.parametrize(
    ("count", "expected"),
    # Dues 2.5, 0.5, 1.8, 2, 3.2: floors 2, 0, 1, 2, 3, two more to the remainders 0.8, then 0.5 (the first).
    [(10, [3, 0, 2, 2, 3]), (0, [0, 0, 0, 0, 0]), (100, [25, 5, 18, 20, 32])],
)
def test_first_lettings_go_by_largest_remainder(count: int, expected: list[int]) -> None:
    assert _seats((0.25, 0.05, 0.18, 0.2, 0.32), count).tolist() == expected


# --- demolitions -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def canal() -> Outcomes:
    """Residence R0010, 34 dwellings, announced on 1 March 2026, demolished a year later at the latest."""
    return played(years=3, operation=[CANAL])


ANNOUNCED_S, DEADLINE_S = 59 * DAY_S, (59 + 365) * DAY_S


def test_nobody_moves_into_a_residence_to_be_demolished(canal: Outcomes) -> None:
    there = canal.leases[canal.leases.residence_id == "R0010"]
    assert (there.signed_s < ANNOUNCED_S).all()
    freed = canal.vacancies[canal.vacancies.residence_id == "R0010"]
    after = freed[freed.let_s.isna()]
    assert len(after) > 10
    assert (after.withdrawn_for == "demolition").all()
    assert (after.withdrawn_s >= ANNOUNCED_S).all()
    held = canal.sittings.merge(after[["vacancy_id", "withdrawn_s"]], on="vacancy_id")
    assert (held.held_s < held.withdrawn_s).all()


def test_each_tenant_files_one_relogement_demand_and_no_other(canal: Outcomes) -> None:
    owed = canal.demands[canal.demands.operation == "Canal"]
    assert len(owed) > 10
    assert owed.household_id.is_unique
    assert not owed.closed_by.eq("lapse").any()
    filed = owed.filed_s[owed.filed_s >= ANNOUNCED_S]
    assert filed.max() <= ANNOUNCED_S + 0.5 * YEAR_S  # in the first half of the operation
    assert filed.max() - filed.min() > 0.25 * YEAR_S  # phased
    own = owed.set_index("household_id")
    theirs = canal.demands[
        canal.demands.household_id.isin(owed.household_id) & canal.demands.operation.eq("")
    ]
    after = theirs[theirs.filed_s > theirs.household_id.map(own.filed_s)]
    assert (after.filed_s >= after.household_id.map(own.closed_s)).all()  # once in another dwelling


def test_the_households_rehoused_count_in_r1_and_are_neutral(canal: Outcomes) -> None:
    owed = canal.demands.demand_id[canal.demands.operation == "Canal"]
    leases = canal.leases[canal.leases.demand_id.isin(owed)]
    assert len(leases) > 5
    assert leases.relogement.all()
    assert leases.neutral.all()
    assert leases.mutation.all()
    freed = canal.vacancies[canal.vacancies.cause == "relogement"]
    assert set(freed.residence_id) == {"R0010"}
    assert len(freed) == len(leases)


def test_after_its_deadline_a_residence_stands_for_those_alone_who_await_a_relogement(
    canal: Outcomes,
) -> None:
    table = canal.occupation[canal.occupation.residence_id == "R0010"].set_index("year")
    assert table.dwellings[2026] == table.dwellings[2027] == 34
    owed = canal.demands[canal.demands.operation == "Canal"]
    for year in (2028, 2029):  # the deadline has passed
        second = (date(year, 1, 1) - canal.start).days * DAY_S
        waits = int((owed.closed_s.isna() | (owed.closed_s >= second)).sum())
        assert table.households.get(year, 0) == waits < 34
        assert 34 > table.dwellings.get(year, 0) >= waits  # those rehoused since leave theirs standing
    assert not owed.closed_s.eq(DEADLINE_S).any()  # nobody who asked was moved out


def test_relogement_first_brings_it_forward() -> None:
    waits = {}
    for first in (True, False):
        run = played(years=3, operation=[CANAL], relogement__first=first)
        owed = run.demands[run.demands.operation == "Canal"]
        waits[first] = (owed.closed_by == "lease").mean()
    assert waits[True] > waits[False]


def opened(scenario: Scenario) -> tuple[World, State]:
    world = world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
    state = initial_state(world)
    play(world, state, POLICIES["seniority"], 0)
    open_run(world, state)
    return world, state


@pytest.mark.parametrize("stage", ["instructed", "offered"])
def test_the_candidates_of_a_dwelling_withdrawn_wait_again(stage: str) -> None:
    """An operation is announced the day after a dwelling is found with a list under way, or an offer out."""
    world, state = opened(scenario_of())
    for day in range(1, 300):
        play(world, state, POLICIES["cotation_only"], day * DAY_S)
        tomorrow_s = (day + 1) * DAY_S
        busy = [
            vacancy
            for vacancy in state.vacancies.values()
            if (stage == "offered" and vacancy.pending and vacancy.pending.answer_s > tomorrow_s)
            or (
                stage == "instructed"
                and vacancy.offers
                and not vacancy.heard
                and vacancy.heard_s > tomorrow_s
            )
        ]
        if busy:
            break
    key, demands = busy[0].key, [offer.demand for offer in busy[0].offers]
    residence = world.territory.dwellings.residence[busy[0].dwelling]
    name = str(world.territory.residences.residence_id[residence])
    when = str(np.datetime64("2026-01-01") + day)
    world, state = opened(scenario_of(operation=[{"name": "Canal", "residences": [name], "on": when}]))
    play(world, state, POLICIES["cotation_only"], day * DAY_S)
    before = state.vacancies[key]
    assert [offer.demand for offer in before.offers] == demands
    pending = before.pending.demand if before.pending else None
    listed = state.register.listed[demands].copy()
    play(world, state, POLICIES["cotation_only"], day * DAY_S + 1)
    assert key not in state.vacancies
    (record,) = (one for one in state.records.vacancies if one.vacancy_id == before.vacancy_id)
    assert (record.withdrawn_s, record.withdrawn_for) == (day * DAY_S, "demolition")
    if pending is not None:
        assert state.register.state[pending] == OPEN
        assert state.records.offers[-1].outcome == "withdrawn"
    else:
        assert (state.register.listed[demands] == listed - 1).all()
    play(world, state, POLICIES["cotation_only"], world.end_s)
    assert (state.register.listed >= 0).all()


# --- sales -------------------------------------------------------------------------------------------------


def test_a_dwelling_sold_leaves_the_stock_with_its_tenant_and_is_let_no_more() -> None:
    run = played(supply__sold=0.05)
    gone = run.vacancies[run.vacancies.withdrawn_for == "sale"]
    assert len(gone) > 20
    bought = gone[gone.cause == "sale"]
    assert (bought.keys_s == bought.withdrawn_s).all()
    later = run.leases.merge(gone[["dwelling_id", "withdrawn_s"]], on="dwelling_id")
    assert (later.signed_s < later.withdrawn_s).all()
    yearly = run.occupation.groupby("year")[["dwellings", "sold", "new", "demolished"]].sum()
    assert yearly.dwellings.is_monotonic_decreasing
    assert yearly.dwellings.iloc[0] - yearly.dwellings.iloc[-1] == len(gone)
    assert yearly.sold.sum() > 0
    assert yearly[["new", "demolished"]].sum().sum() == 0


# --- everything at once, recomputed ------------------------------------------------------------------------


class Watch:
    """Who lives where on each 1 January, read from the state as plain Python, dwelling by dwelling."""

    def __init__(self) -> None:
        self.years: list[dict[str, dict[str, Any]]] = []
        self.thresholds: list[tuple[float, float]] = []

    def __call__(self, world: World, state: State) -> None:
        housing, told = state.housing, {}
        for row in np.flatnonzero(housing.occupied).tolist():
            adults, children, teens = (int(getattr(housing, n)[row]) for n in ("adults", "children", "teens"))
            # The scale of INSEE: 1, 0.5 for each other person of 14 or more, 0.3 for each younger child.
            units = 1 + 0.5 * (adults - 1 + teens) + 0.3 * (children - teens)
            persons, alone = np.array([adults + children]), np.array([adults == 1 and children > 0])
            ceiling = float(plus_ceiling_eur(world.law, persons, alone)[0])
            told[str(world.territory.dwellings.dwelling_id[row])] = {
                "household": f"{housing.household_id[row]}, {housing.lease_s[row]}",
                "uc": 12 * float(housing.monthly_income_eur[row]) / units,
                "below": float(housing.rfr_eur[row]) < 0.4 * ceiling,
            }
        self.years.append(told)
        self.thresholds.append((state.q1_fixed_eur, state.q1_threshold_eur))
        self.dwellings = dict(
            zip(
                world.territory.dwellings.dwelling_id.tolist(),
                world.territory.residences.residence_id[world.territory.dwellings.residence].tolist(),
                strict=True,
            )
        )
        snapshot.take_stock(world, state)


def recomputed(watch: Watch, run: Outcomes) -> list[Mapping[str, Counter[str]]]:
    """Return, for each year, each flow by residence, from the watch and the vacancies alone."""
    table, found, counted = run.vacancies, [], set()
    gone = table[table.withdrawn_s.notna()].set_index("dwelling_id")
    new = {name for name in watch.dwellings if name.startswith("P")}
    counted |= set(watch.years[0])
    for year, (was, now) in enumerate(zip(watch.years, watch.years[1:], strict=False)):
        (fixed, old), (_, legal) = watch.thresholds[year], watch.thresholds[year + 1]
        until = (np.datetime64(f"{2027 + year}-01-01") - np.datetime64("2026-01-01")).astype(int) * DAY_S
        flows: dict[str, Counter[str]] = defaultdict(Counter)

        def add(flow: str, dwelling: str, one: Mapping[str, Any], sign: int = 1) -> None:
            place = watch.dwellings[dwelling]
            if flow != "in_place":
                flows[flow][place] += sign  # noqa: B023
            flows[f"{flow}_fixed"][place] += sign * (0 < one["uc"] <= fixed)  # noqa: B023
            flows[f"{flow}_legal_old"][place] += sign * (0 < one["uc"] <= old)  # noqa: B023
            flows[f"{flow}_below_40_plus"][place] += sign * one["below"]  # noqa: B023

        for dwelling in set(was) | set(now):
            before, after = was.get(dwelling), now.get(dwelling)
            if before and after and before["household"] == after["household"]:
                add("in_place", dwelling, after)
                add("in_place", dwelling, before, -1)
                continue
            if after:
                first = dwelling in new and dwelling not in counted
                add("new" if first else "entrants", dwelling, after)
                if not first and after["uc"] > 0:
                    flows["entrants_incomes_known"][watch.dwellings[dwelling]] += 1
                    flows["entrants_income_uc_sum_eur"][watch.dwellings[dwelling]] += round(after["uc"])
            if before:
                withdrawn = dwelling in gone.index and gone.withdrawn_s[dwelling] < until
                reason = gone.withdrawn_for[dwelling] if withdrawn else ""
                flow = {"": "leavers", "sale": "sold", "demolition": "demolished"}[reason]
                add(flow, dwelling, before)
        for dwelling, one in now.items():
            moved = (0 < one["uc"] <= legal) - int(0 < one["uc"] <= old)
            flows["drift_legal"][watch.dwellings[dwelling]] += moved
        counted |= set(now)
        found.append(flows)
    return found


@pytest.mark.parametrize("policy", ["cotation_only", "cotation_peuplement", "lottery"])
def test_every_change_of_every_residence_is_that_of_its_households(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(replication, "take_stock", watch)
    monkeypatch.setattr(admission, "take_stock", watch)
    run = played(policy, years=4, **{name.replace(".", "__"): value for name, value in EVERYTHING.items()})
    years = recomputed(watch, run)
    assert len(years) == 4
    told = run.occupation.set_index(["year", "residence_id"])
    moved: Counter[str] = Counter()
    for year, flows in enumerate(years):
        table = told.loc[2027 + year]
        for name in snapshot.CHANGES:
            mine = {place: count for place, count in flows[name].items() if count}
            theirs = {place: int(count) for place, count in table[name].items() if count}
            assert theirs == mine, f"{name} in {2026 + year}"
            moved[name] += sum(map(abs, theirs.values()))
        incomes: dict[str, list[float]] = defaultdict(list)
        for dwelling, one in watch.years[year + 1].items():
            incomes[watch.dwellings[dwelling]] += [one["uc"]] if one["uc"] > 0 else []
        for place, known in incomes.items():
            assert table.incomes_known[place] == len(known), place
            assert table.income_uc_sum_eur[place] == sum(map(round, known)), place
    assert all(moved[name] > 0 for name in snapshot.CHANGES), moved
    assert not list(invariants.breaches(run))
