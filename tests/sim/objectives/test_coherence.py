"""Targets of the tutorial beside its law: what is refused, what is missing, what is proposed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimizer.nearest import LAW
from sim.objectives import Coherence, Row, coherence
from sim.objectives.proposal import proposed
from sim.rules.peuplement import Target
from sim.scenario import Scenario, changed
from sim.territory.columns import Territory, frozen
from sim.territory.files.faults import FaultsFound

Place = tuple[Scenario, Territory]
Asking = Callable[..., Scenario]

EPCI = {"public": "first_quartile", "level": "epci", "in_qpv": False}


def read(scenario: Scenario, territory: Territory) -> Coherence:
    found = coherence(scenario, territory)
    assert found is not None
    return found


def test_without_any_target_there_is_nothing_to_check(toy: Place) -> None:
    assert coherence(*toy) is None


def test_floors_out_of_reach_are_told_row_by_row_and_the_nearest_can_be_met(tutorial: Place) -> None:
    scenario, territory = tutorial
    found = read(scenario, territory)
    assert not found.met
    assert found.margin == 0
    for row in found.rows:
        assert (row.proposed < row.percent) == (row.short > 0), row
        if row.objective == LAW:
            assert row.proposed == row.percent
        elif row.short > 0:  # each alone: what its own dwellings hold, in whole hundredths
            assert row.proposed == int(100 * row.affordable / row.leases + 1e-9)
    again = read(scenario.model_copy(update={"target": found.proposal}), territory)
    assert again.met
    assert sum(row.leases for row in again.rows if row.objective == LAW) == pytest.approx(
        sum(row.leases for row in found.rows if row.objective == LAW)
    )


def test_what_can_be_met_is_kept_as_it_is_with_its_margin(tutorial: Place, asking: Asking) -> None:
    scenario, territory = asking(tutorial[0], EPCI | {"floor": 0.3}), tutorial[1]
    found = read(scenario, territory)
    assert (found.met, found.proposal, found.short) == (True, scenario.target, ())
    assert found.margin > 0
    # The margin is whole points that can be reached, and one more cannot.
    floor = 0.3 + found.margin / 100
    assert read(asking(tutorial[0], EPCI | {"floor": floor}), territory).met
    assert not read(asking(tutorial[0], EPCI | {"floor": floor + 0.01}), territory).met


def test_a_row_for_the_epci_a_commune_a_quartier(tutorial: Place, asking: Asking) -> None:
    scenario, territory = tutorial
    communes = asking(scenario, {"public": "first_quartile", "floor": 0.2, "level": "commune"})
    assert [row.place for row in read(communes, territory).of(0)] == [
        f"commune {code}" for code in territory.communes
    ]
    (row,) = read(asking(scenario, EPCI | {"floor": 0.2}), territory).of(0)
    assert row.place == "EPCI"
    named = np.where(np.arange(37) % 2, "Centre", "")
    parted = replace(territory, residences=frozen(replace(territory.residences, quartier=named)))
    found = read(asking(scenario, {"public": "l441_1", "floor": 0.05, "level": "quartier"}), parted)
    assert all(row.place.startswith("quartier Centre (") for row in found.of(0))
    assert found.nowhere == (19,)  # every other residence of 37 has no quartier


def test_rows_with_few_leases_over_their_window_are_counted(tutorial: Place, asking: Asking) -> None:
    scenario, territory = tutorial
    found = read(asking(scenario, {"public": "l441_1", "floor": 0.02}, EPCI | {"floor": 0.1}), territory)
    expected = [row.leases * 36 / 12 for row in found.of(0)]
    assert found.few == (sum(leases < 20 for leases in expected), 0)
    assert found.few[0] > 0


def test_contradictions_and_unknown_places_are_faults(tutorial: Place, asking: Asking) -> None:
    scenario, territory = tutorial
    both = [{"public": "first_quartile", "floor": 0.6}, {"public": "q2_q4", "floor": 0.6, "study": True}]
    with pytest.raises(FaultsFound, match=r"objectif 1, « CIA de synthèse » \(60 %\), objectif 2"):
        coherence(asking(scenario, *both), territory)
    named = {"public": "first_quartile", "floor": 0.2, "communes": ["00009"]}
    with pytest.raises(FaultsFound, match="commune inconnue"):
        coherence(asking(scenario, named), territory)


def test_a_floor_that_leaves_r1_too_little_is_a_fault_unless_the_law_is_off(
    tutorial: Place, asking: Asking
) -> None:
    scenario, territory = tutorial
    strong = {"public": "q2_q4", "floor": 0.8, "in_qpv": False, "level": "epci", "study": True}
    with pytest.raises(FaultsFound, match=r"R1 hors QPV, EPCI \(25 %\), objectif 1, « CIA[^»]* » \(80 %\)"):
        coherence(asking(scenario, strong), territory)
    free = changed(asking(scenario, strong), {"law.overrides": {"quotas": False}})
    assert read(free, territory).rows[0].objective == 0


def test_floors_each_can_have_but_not_together_are_a_conflict_with_the_law(
    tutorial: Place, asking: Asking
) -> None:
    # Types divide the leases outside QPV in two: each floor leaves Q1 some, the two leave R1 short.
    scenario, territory = tutorial
    kinds = [["en_capacite", "en_equilibre"], ["en_vigilance", "a_conforter"]]
    told = [
        {"public": "q2_q4", "floor": 0.85, "in_qpv": False, "level": "epci", "study": True, "types": one}
        for one in kinds
    ]
    found = read(asking(scenario, *told), territory)
    assert {row.objective for row in found.conflict} == {LAW, 0, 1}
    assert any(row.place == "R1 hors QPV, EPCI" for row in found.conflict)
    assert not any(row.short for row in found.rows if row.objective == LAW)  # law comes first
    assert sum(target.percent for target in found.proposal) < 170
    # R24 by hand: what the two floors leave, and what neutral households take, is R1's quarter or more.
    law = next(row for row in found.rows if row.place == "R1 hors QPV, EPCI")
    left = sum(row.leases * (1 - row.proposed / 100) for row in found.rows if row.objective != LAW)
    counted = sum(row.leases for row in found.rows if row.objective != LAW)
    assert left + (law.leases - counted) >= 0.25 * law.leases - 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_asked_what_is_proposed_is_no_higher_and_can_be_met(
    tutorial: Place, asking: Asking, seed: int
) -> None:
    scenario, territory = tutorial
    draw = np.random.default_rng(seed)
    told: list[dict[str, Any]] = []
    for _ in range(int(draw.integers(1, 5))):
        one = {
            "public": str(draw.choice(["first_quartile", "q2_q4", "l441_1", "below_40_plus"])),
            "floor": int(draw.integers(5, 90)) / 100,
            "level": str(draw.choice(["residence", "commune", "epci"])),
            "study": True,
        }
        told.append(one | {"in_qpv": [None, True, False][int(draw.integers(3))]})
    asked = asking(scenario, *told)
    try:
        found = read(asked, territory)
    except FaultsFound as refused:
        assert "ne peuvent être tenus ensemble" in str(refused)  # noqa: PT017
        return
    assert all(row.proposed <= row.percent for row in found.rows)
    assert found.proposal
    again = read(asked.model_copy(update={"target": found.proposal}), territory)
    assert sum(row.short for row in again.rows if row.objective != LAW) < 1e-3
    law = [sum(row.short for row in rows if row.objective == LAW) for rows in (found.rows, again.rows)]
    assert law[0] == pytest.approx(law[1], abs=1e-3)


def test_an_unsettled_residence_has_no_row(tutorial: Place) -> None:
    scenario, territory = tutorial
    every = {row.place for row in read(scenario, territory).rows}
    fewer = {row.place for row in read(scenario, replace(territory, unsettled=("R0019",))).rows}
    assert every - fewer == {"R0019"}


def row(objective: int, place: str, proposed_percent: int, leases: float = 10.0) -> Row:
    return Row(objective, place, leases, leases, 0.0, 40, proposed_percent)


def published(**given: Any) -> Target:
    return Target(
        public="first_quartile",
        floor=0.4,
        published_in={"reference": "CIA", "on": "2026-01-01", "perimeter": "EPCI"},
        **given,
    )


def test_a_proposal_keeps_the_floor_of_most_leases_and_names_the_others() -> None:
    target = published(without=("R9",))
    rows = [row(0, "R1", 40), row(0, "R2", 40), row(0, "R3", 12), row(0, "R4", 0), row(0, "R5", 12)]
    main, low = proposed([target], rows)
    assert (main.floor, main.without) == (0.4, ("R9", "R3", "R4", "R5"))
    assert (low.floor, low.residences, low.without) == (0.12, ("R3", "R5"), ("R9",))


def test_a_proposal_by_quartier_speaks_of_names_and_takes_the_lowest_of_one_name() -> None:
    rows = [row(0, "quartier Centre (59350)", 30), row(0, "quartier Centre (59512)", 20, 5.0)]
    rows += [row(0, "quartier Le Parc (bas) (59350)", 40)]
    main, low = proposed([published(level="quartier")], rows)
    assert (main.floor, main.without) == (0.2, ("Le Parc (bas)",))
    assert (low.floor, low.quartiers) == (0.4, ("Le Parc (bas)",))


def test_an_objective_of_which_nothing_can_be_asked_is_withdrawn_and_one_on_nothing_is_kept() -> None:
    targets = [published(level="epci"), published(level="commune")]
    assert proposed(targets, [row(0, "EPCI", 0)]) == (targets[1],)
