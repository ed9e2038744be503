"""A mutation weighs more in a joint matching, and nowhere else, where a scenario values what it frees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.policies import JOINT, POLICIES
from sim.policies.reasons import explain
from sim.policies.sitting import Sitting
from sim.process.replication import replicate, territory_of
from sim.rules.traits import mask
from sim.scenario import load_scenario

Build = Callable[..., Sitting]

MOVES = mask(["mutation"])
IN_TURN = sorted(set(POLICIES) - set(JOINT))


def lone(sitting_of: Build, bonus: float, **choices: object) -> Sitting:
    """One dwelling; an entry with 50 points, a mutation with 40."""
    return sitting_of([[0, 1]], [50, 40], signature=[0, MOVES], chain_bonus=bonus, list_length=1, **choices)


@pytest.mark.parametrize("form", ["weighted", "lexicographic"])
@pytest.mark.parametrize("policy", JOINT)
@pytest.mark.parametrize(("bonus", "first"), [(0, 0), (9, 0), (11, 1)])
def test_a_mutation_is_preferred_from_ten_points_below(
    sitting_of: Build, policy: str, form: str, bonus: float, first: int
) -> None:
    assert POLICIES[policy](lone(sitting_of, bonus, form=form)).rows.tolist() == [[first]]


@pytest.mark.parametrize("policy", IN_TURN)
def test_policies_that_take_dwellings_in_turn_ignore_it(sitting_of: Build, policy: str) -> None:
    plain, aware = lone(sitting_of, 0), lone(sitting_of, 1000)
    assert POLICIES[policy](plain).rows.tolist() == POLICIES[policy](aware).rows.tolist()


def test_the_bonus_is_no_point_of_the_household(sitting_of: Build) -> None:
    explained = explain(lone(sitting_of, 11), lone(sitting_of, 11).rows)
    (first,) = explained.suggested
    assert (first.demand, first.points) == (1, 40)
    (passed,) = explained.not_presented
    assert (passed.demand, passed.points, passed.kind, passed.confirmed) == (0, 50, "chain", False)
    assert "11 points" in passed.sentence


@pytest.mark.parametrize("form", ["rank", "log"])
def test_the_bonus_is_converted_as_points_are(sitting_of: Build, form: str) -> None:
    # Points from 0 to 100: a point is worth 10 of the form's thousand. By rank 100, 90, 0 weigh 1000, 500, 0,
    # and a bonus of 49 or 51 points 490 or 510; by logarithm 90 weighs 1000 × log 91 / log 101 = 977.
    for bonus, first in {"rank": ((49, 0), (51, 1)), "log": ((2, 0), (3, 1))}[form]:
        sitting = sitting_of(
            [[0, 1, 2]],
            [100, 90, 0],
            signature=[0, MOVES, 0],
            chain_bonus=bonus,
            list_length=1,
            weight=form,
        )
        assert POLICIES["cotation_matched"](sitting).rows.tolist() == [[first]]


def test_more_leases_are_signed_when_what_a_mutation_frees_is_valued() -> None:
    """Alone: the same scenario, with and without, under a joint policy and one that takes turns."""
    changes = {"time.years": 2, "time.burn_in_months": 0, "mutations.chain_bonus_points": 300.0}
    runs = []
    for aware in (False, True):
        scenario = load_scenario(
            Path("scenarios/tutorial.toml"), changes={**changes, "mutations.chain_aware": aware}
        )
        runs.append(
            dict(replicate(scenario, territory_of(scenario), ("cotation_matched", "cotation_only"), 0))
        )
    plain, aware_run = runs
    before, after = plain["cotation_matched"].leases, aware_run["cotation_matched"].leases
    assert after["mutation"].sum() > before["mutation"].sum()
    assert len(after) > len(before)
    assert plain["cotation_only"].leases.equals(aware_run["cotation_only"].leases)
