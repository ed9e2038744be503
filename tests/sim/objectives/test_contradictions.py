"""Floors that no leases meet together, whatever becomes vacant: which are said, which are not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.objectives.contradictions import HOUSEHOLDS, contradictions
from sim.rules.quotas import LEGAL, TARGET, Family
from sim.rules.traits import mask

RESIDENCES = np.array([0, 0, 1, 2])
"""Residence of four dwellings; the first two residences are outside QPV, the last in QPV."""


def target(public: str, percent: int, member: list[int]) -> Family:
    """Return a target; `member` is the row of each residence."""
    by_dwelling = np.array(member)[RESIDENCES]
    labels = tuple(f"{public} ≥ {percent} %, lieu {row}" for row in range(max(member) + 1))
    return Family("cible", TARGET, labels, percent, mask([public]), mask(["neutral"]), 36, by_dwelling)


def law(percent: int, public: list[str], member: list[int], holder: int | None = None) -> Family:
    by_dwelling = np.array(member)[RESIDENCES]
    return Family("R1", LEGAL, ("R1 hors QPV, EPCI",), percent, mask(public), 0, 0, by_dwelling, holder)


R1 = law(25, ["first_quartile", "relogement"], [0, 0, -1])


def told(*families: Family) -> list[str]:
    calls = [f"objectif {place}" for place, _ in enumerate((f for f in families if f.tier == TARGET), 1)]
    return [str(fault) for fault in contradictions(families, RESIDENCES, calls, "essai.toml")]


def test_two_floors_over_the_same_leases_on_publics_that_exclude_each_other_add_up_to_one_at_most() -> None:
    own = target("first_quartile", 45, [0, 1, 2])
    assert told(own, target("q2_q4", 55, [0, 1, 2])) == []  # 45 + 55 = 100
    assert told(own, target("q2_q4", 60, [0, 1, 2])) == [
        "essai.toml, clé target[0].floor : des planchers sur les mêmes baux ne peuvent être tenus ensemble, "
        "quels que soient les logements et les demandes : objectif 1 (45 %), objectif 2 (60 %) ; en abaisser "
        "un ou plusieurs de 5 centième(s) en tout ; lieu : first_quartile ≥ 45 %, lieu 0"
    ]


def test_publics_that_one_household_can_be_of_at_once_do_not_add_up() -> None:
    priority, first = target("l441_1", 80, [0, 1, 2]), target("first_quartile", 80, [0, 1, 2])
    assert told(priority, first, target("below_40_plus", 80, [0, 1, 2])) == []


def test_a_floor_over_all_the_leases_a_law_bears_on_leaves_it_its_share() -> None:
    # R1 asks a quarter of the leases outside QPV: no more than 75 % to Q2-Q4 over all of them.
    assert told(R1, target("q2_q4", 75, [0, 1, -1])) == []
    (fault,) = told(R1, target("q2_q4", 80, [0, 1, -1]))
    assert "R1 hors QPV, EPCI (25 %), objectif 1 (80 %)" in fault
    assert "de 5 centième(s)" in fault


def test_a_floor_over_a_part_of_the_leases_of_a_law_is_no_contradiction() -> None:
    # The other residence outside QPV may give R1 its share: it depends on what becomes vacant.
    assert told(R1, target("q2_q4", 90, [0, -1, -1])) == []


def test_the_rows_of_one_reservataire_are_never_all_the_leases_of_a_target() -> None:
    held = law(50, ["l441_1"], [0, 0, 0], holder=2)
    assert told(held, target("q2_q4", 90, [0, 1, 2])) == []


def test_a_floor_of_a_commune_and_those_of_all_its_residences_bear_on_the_same_leases() -> None:
    commune, residences = target("first_quartile", 60, [0, 0, 1]), target("q2_q4", 50, [0, 1, -1])
    (fault,) = told(commune, residences)
    assert "en tout ; lieu : first_quartile ≥ 60 %, lieu 0" in fault
    # One of the two residences alone: the other may make up for it.
    assert told(commune, target("q2_q4", 50, [0, -1, -1])) == []


def test_only_floors_that_matter_are_named() -> None:
    idle = target("essential_worker", 10, [0, 1, 2])
    (fault,) = told(idle, target("first_quartile", 60, [0, 1, 2]), target("q2_q4", 60, [0, 1, 2]))
    assert "objectif 2 (60 %), objectif 3 (60 %) ;" in fault
    assert "objectif 1" not in fault


def test_law_alone_is_never_said_to_contradict_itself() -> None:
    others = Family("R2", LEGAL, ("R2",), 90, mask(["q2_q4"]), 0, 0, np.array([0, 0, 0, 0]))
    low = Family("R1", LEGAL, ("R1",), 25, mask(["first_quartile"]), 0, 0, np.array([0, 0, 0, 0]))
    assert told(low, others) == []


@pytest.mark.parametrize("name", ["neutral", "dalo", "relogement", "violence", "single_parent"])
def test_no_household_told_apart_here_is_neutral_or_of_a_closed_public(name: str) -> None:
    assert not (HOUSEHOLDS & mask([name])).any()
    assert len(np.unique(HOUSEHOLDS)) == len(HOUSEHOLDS) == 3 * 4 * 2 * 2
