"""Who is kept out of an RPMS, and is the next adapted dwelling proposed to it? On the toy, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.indicators import rpms as indicators
from sim.outcomes import DAY_S
from sim.policies import POLICIES
from sim.policies.sitting import NOBODY, Sitting
from sim.process import rpms
from sim.process.engine import play
from sim.process.housing import NEVER
from sim.process.legality import ShortlistRefused, hold
from sim.process.replication import initial_state, open_run, replicate, territory_of
from sim.process.sittings import convene
from sim.process.state import State
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.rules.traits import mask
from sim.scenario import load_scenario
from sim.scenario.priorities import Rpms
from sim.territory.columns import RESERVATAIRES
from sim.territory.files.faults import FaultsFound


@pytest.fixture
def listed(toy: World) -> World:
    """The toy, R1 listed as RPMS and the first quartile kept out of it, always."""
    residences = replace(toy.territory.residences, is_rpms=np.array([True, False, False]))
    chosen = Rpms(refuses="first_quartile", refusal_share=1.0)
    return replace(
        toy,
        territory=replace(toy.territory, residences=residences),
        scenario=toy.scenario.model_copy(update={"rpms": chosen}),
    )


def opened(world: World) -> State:
    state = initial_state(world)
    open_run(world, state)
    state.now_s = world.second(date(2026, 2, 2))
    state.register.leaves_s[:] = NEVER
    return state


def row(state: State, name: str) -> int:
    return state.register.demand_id.tolist().index(name)


def vacancy(world: World, name: str, holder: str = "aucun") -> Vacancy:
    place = world.territory.dwellings.dwelling_id.tolist().index(name)
    mine = RESERVATAIRES.index(holder)
    return Vacancy(place, name, place, "departure", 0, 0, mine, holder != "aucun")


def first(state: State, sitting: Sitting, lists: np.ndarray) -> list[str]:
    return [
        str(state.register.demand_id[sitting.demand[p]]) if p != NOBODY else "" for p in lists[:, 0].tolist()
    ]


def kept(world: World, state: State, who: list[str], dwelling: str) -> list[bool]:
    place = world.territory.dwellings.dwelling_id.tolist().index(dwelling)
    rows = np.array([row(state, name) for name in who])
    keys = np.arange(len(who), dtype=np.uint64)
    return rpms.kept_out(world, state, rows, np.full(len(who), place), keys).tolist()


def test_the_criterion_is_read_in_an_rpms_alone_and_never_of_neutral_households(listed: World) -> None:
    state = opened(listed)
    # First quartile of the toy: D01, D03, D05, D07, D09; D07 is under DALO.
    who = ["D01", "D02", "D03", "D07", "D08"]
    assert kept(listed, state, who, "L3") == [True, False, True, False, False]
    assert not any(kept(listed, state, who, "L6"))
    without = replace(listed, scenario=listed.scenario.model_copy(update={"rpms": Rpms(refusal_share=1.0)}))
    assert not any(kept(without, state, who, "L3"))
    never = replace(
        listed,
        scenario=listed.scenario.model_copy(
            update={"rpms": Rpms(refuses="first_quartile", refusal_share=0.0)}
        ),
    )
    assert not any(kept(never, state, who, "L3"))


@pytest.mark.parametrize("policy", POLICIES)
def test_a_debtor_is_first_under_every_policy(listed: World, policy: str) -> None:
    """L6, a T2 outside the RPMS: D05, filed last and of few points, is owed it; others complete the list."""
    state = opened(listed)
    state.rpms_debts = {row(state, "D05"): 0}
    sitting = convene(listed, state, [vacancy(listed, "L6"), vacancy(listed, "L7")], None)
    lists = POLICIES[policy](sitting)
    assert first(state, sitting, lists.rows)[0] == "D05"
    assert (lists.rows[0] != NOBODY).sum() == 3  # R9 holds: it is no préfet's designation
    hold(listed, state, policy, sitting, lists)


def test_who_is_owed_and_not_first_is_found_without_the_pools(listed: World) -> None:
    state = opened(listed)
    blind = convene(listed, state, [vacancy(listed, "L6")], None)
    lists = POLICIES["seniority"](blind)
    hold(listed, state, "test", blind, lists)  # nothing is owed yet
    state.rpms_debts = {row(state, "D05"): 0}
    with pytest.raises(ShortlistRefused, match=r"D05: owed this dwelling since its refusal in an RPMS"):
        hold(listed, state, "test", blind, lists)
    state.rpms_debts = {row(state, "D02"): 0}  # wishes another commune: L6 does not fit it
    hold(listed, state, "test", blind, lists)


def test_the_oldest_debt_takes_the_first_dwelling_it_fits(listed: World) -> None:
    state = opened(listed)
    # L6 (59512, T2): D01, D05, D06, D09. L7 (59350, T2): D01 and others, not D05 nor D09.
    both = [vacancy(listed, "L6"), vacancy(listed, "L7")]
    state.rpms_debts = {row(state, "D09"): 5, row(state, "D05"): 3}
    sitting = convene(listed, state, both, None)
    assert {
        place: str(state.register.demand_id[sitting.demand[at]]) for place, at in sitting.owed.items()
    } == {0: "D05"}
    state.rpms_debts[row(state, "D09")] = 1
    sitting = convene(listed, state, both, None)
    lists = POLICIES["cotation_only"](sitting)
    assert first(state, sitting, lists.rows)[0] == "D09"
    hold(listed, state, "test", sitting, lists)
    in_rpms = convene(listed, state, [vacancy(listed, "L3")], None)
    assert not in_rpms.owed


def test_the_prefets_name_comes_before_a_debt(listed: World) -> None:
    state = opened(listed)
    state.register.dalo_bailleur[:] = 0
    state.rpms_debts = {row(state, "D09"): 0}
    recognised = row(state, "D07")
    sitting = convene(listed, state, [vacancy(listed, "L6", "etat")], None)
    assert [int(sitting.demand[at]) for at in sitting.named.values()] == [recognised]
    assert not sitting.owed
    hold(listed, state, "test", sitting, POLICIES["seniority"](sitting))


def test_a_refusal_in_an_rpms_opens_a_debt_and_a_proposal_outside_pays_it(listed: World) -> None:
    """D03 and D10 wait; D03 (first quartile) is kept out of L3, a T3 of R1, listed as RPMS, on 5 January.

    L5, a T4 outside that fits D03 alone, is available on the 6th: it is proposed to it on the 12th.
    """
    state = initial_state(listed)
    open_run(listed, state)
    state.register.leaves_s[:] = NEVER
    who = row(state, "D03")
    state.freed, state.arrivals, state.arrivals_s = [], *(state.arrivals[:0],) * 2
    state.open_rows, state.housing.mutation_s[:] = np.array([who]), NEVER
    state.vacancies = {1: replace(vacancy(listed, "L3"), key=1)}
    play(listed, state, POLICIES["cotation_only"], 5 * DAY_S)
    (offer,) = state.records.offers
    assert (offer.demand, offer.outcome, offer.motive) == (who, "non_attribution", "RPMS")
    assert state.rpms_debts == {who: 4 * DAY_S}
    branch = state.copy()
    state.vacancies = {2: replace(vacancy(listed, "L5"), key=2, available_s=5 * DAY_S)}
    owed: list[dict[int, int]] = []
    play(listed, state, POLICIES["lottery"], 12 * DAY_S, lambda sitting, _: owed.append(dict(sitting.owed)))
    assert owed == [{0: 0}]
    assert state.rpms_debts == {}
    assert branch.rpms_debts == {who: 4 * DAY_S}, "a branch keeps its own debts"


def test_a_criterion_is_of_income_and_is_said_to_be_a_hypothesis(listed: World) -> None:
    assert rpms.notes(listed.scenario)[0].startswith("RPMS : aucun décret")
    off = load_scenario(Path("scenarios/jouet.toml"))
    assert rpms.notes(off) == []
    for name in ("single_parent", "dalo", "q2_q4"):
        with pytest.raises(FaultsFound, match="ne peut être le critère d'une RPMS"):
            load_scenario(Path("scenarios/jouet.toml"), changes={"rpms.refuses": name})
    assert mask([listed.scenario.rpms.refuses or ""])


def test_debts_are_opened_and_paid_in_whole_runs() -> None:
    """The tutorial with the criterion: every policy passes the checks, and most debts are paid."""
    changes = {"time.years": 1, "time.burn_in_months": 3, "rpms.refuses": "first_quartile"}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes | {"rpms.refusal_share": 1.0})
    territory = territory_of(scenario)
    in_qpv = replace(territory.residences, is_rpms=territory.residences.in_qpv)
    for _, outcomes in replicate(scenario, replace(territory, residences=in_qpv), tuple(POLICIES), 0):
        out = outcomes.offers[outcomes.offers["motive"] == "RPMS"]
        assert len(out)
        assert set(out["outcome"]) == {"non_attribution"}
        assert any("RPMS" in note for note in outcomes.context["territory"]["notes"])
        told = {row.indicator: row.value for row in indicators.compute(outcomes) if row.year == 0}
        assert told["rpms_debts_opened"] >= told["rpms_debts_paid"] + told["rpms_debts_open"]
        assert told["rpms_debts_paid"] > 0
