"""What a matching in stages owes: each stage gives up nothing of those before it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies import JOINT, POLICIES
from sim.policies.in_stages import owed_together
from sim.policies.sitting import NO_DEADLINE, NOBODY, Sitting
from sim.rules.quotas import LEGAL, TARGET

Build = Callable[..., Sitting]

PUBLIC, NEUTRAL = 1, 2
LEGAL_ROW = {"tier": LEGAL, "percent": 25, "public": PUBLIC}
TARGET_ROW = {"tier": TARGET, "percent": 50, "public": PUBLIC, "excluded": NEUTRAL, "signed": 2}


@pytest.fixture
def staged(sitting_of: Build) -> Build:
    """Return a maker of sittings whose joint matchings are in stages."""
    return lambda *arguments, **choices: sitting_of(*arguments, form="lexicographic", **choices)


def lead(sitting: Sitting, policy: str) -> list[int]:
    """Return who is first for each vacancy."""
    return POLICIES[policy](sitting).rows[:, 0].tolist()


@pytest.mark.parametrize("points", [[500, 0], [1, 0]])
def test_the_law_comes_before_points(staged: Build, points: list[int]) -> None:
    sitting = staged([[0, 1]], points, signature=[0, PUBLIC], rows=[LEGAL_ROW])
    assert lead(sitting, "cotation_matched") == [0]
    assert lead(sitting, "cotation_quotas") == [1]


def test_fill_comes_before_the_law(staged: Build) -> None:
    # Only demand 1 is of the public and it alone fits the second dwelling, out of the row's scope.
    row = LEGAL_ROW | {"percent": 50, "scope": [True, False]}
    sitting = staged([[0, 1], [1]], [500, 0], signature=[0, PUBLIC], rows=[row])
    assert lead(sitting, "cotation_quotas") == [0, 1]


def test_the_law_comes_before_a_target(staged: Build) -> None:
    rows = [LEGAL_ROW | {"public": 4}, TARGET_ROW]
    sitting = staged([[0, 1]], [50, 50], signature=[4, PUBLIC], rows=rows, lottery=[0.9, 0.1])
    assert lead(sitting, "cotation_peuplement") == [0]


def test_among_equals_the_lottery_decides(staged: Build) -> None:
    sitting = staged([[0, 1]], [50, 50], lottery=[0.9, 0.1])
    assert lead(sitting, "cotation_matched") == [1]


@pytest.mark.parametrize(("behind", "first"), [(1, 1), (40, 1), (41, 0), (200, 0)])
def test_a_target_overrides_at_most_the_points_that_may_be_forgone(
    staged: Build, behind: int, first: int
) -> None:
    sitting = staged(
        [[0, 1]], [200, 200 - behind], signature=[0, PUBLIC], rows=[TARGET_ROW], max_points_forgone=40
    )
    assert lead(sitting, "cotation_quotas") == [0]
    assert lead(sitting, "cotation_peuplement") == [first]


def test_the_limit_is_held_where_no_target_bears_too(staged: Build) -> None:
    # The target's public (1) is first of the second dwelling; called to the first, where the target bears, it
    # would leave the second to demand 2, fifty points below.
    row = TARGET_ROW | {"scope": [True, False]}
    far = staged([[0, 1], [1, 2]], [200, 190, 140], signature=[0, PUBLIC, 0], rows=[row])
    near = staged([[0, 1], [1, 2]], [200, 190, 150], signature=[0, PUBLIC, 0], rows=[row])
    assert lead(far, "cotation_peuplement") == [0, 1]
    assert lead(near, "cotation_peuplement") == [1, 2]


def test_lists_are_completed_beyond_the_limit(staged: Build) -> None:
    # Demand 1 may not be first, two hundred points below; it may be second.
    sitting = staged([[0, 1]], [200, 0], signature=[0, PUBLIC], rows=[TARGET_ROW])
    assert POLICIES["cotation_peuplement"](sitting).rows.tolist() == [[0, 1, NOBODY]]


# --- relogement and DALO ----------------------------------------------------------------------------------


def test_who_is_owed_a_dwelling_comes_before_the_law(staged: Build) -> None:
    # Demand 1 alone would serve the legal row; demand 2 is owed a dwelling, with no point.
    sitting = staged(
        [[0, 1, 2]],
        [90, 80, 0],
        signature=[0, PUBLIC, 0],
        rows=[LEGAL_ROW],
        deadline_s=[NO_DEADLINE, NO_DEADLINE, 5],
    )
    assert lead(sitting, "cotation_quotas") == [2]
    assert lead(sitting, "cotation_matched") == [0]  # no legal row, no duty


def test_the_nearest_deadline_is_served_first(staged: Build) -> None:
    sitting = staged([[0, 1]], [90, 0], rows=[LEGAL_ROW], deadline_s=[9, 5])
    assert lead(sitting, "cotation_quotas") == [1]


def test_nobody_owed_is_left_out_where_all_can_be_placed(staged: Build) -> None:
    # Demand 0 fits both dwellings, demand 1 the first alone: both are placed, though legal rows of 99 % would
    # rather have demands 2 and 3.
    rows = [LEGAL_ROW | {"percent": 99, "signed": 9} for _ in range(6)]
    sitting = staged(
        [[0, 1, 2], [0, 3]],
        [90, 80, 70, 60],
        signature=[0, 0, PUBLIC, PUBLIC],
        rows=rows,
        deadline_s=[5, 9, NO_DEADLINE, NO_DEADLINE],
    )
    assert lead(sitting, "cotation_quotas") == [1, 0]


def test_who_is_first_by_a_persons_choice_is_not_moved_for_one_who_is_owed(staged: Build) -> None:
    # Both demands owed fit dwelling 0, where a person put demand 2; demand 1 fits dwelling 1 as well.
    sitting = staged(
        [[0, 1, 2], [1, 2]],
        [90, 80, 70],
        rows=[LEGAL_ROW],
        deadline_s=[5, 9, NO_DEADLINE],
        locked={0: 2},
    )
    assert owed_together(sitting).tolist() == [False, True, False]
    assert lead(sitting, "cotation_quotas") == [2, 1]


def test_a_choice_of_one_owed_a_dwelling_keeps_them_there_alone(staged: Build) -> None:
    # Demand 0 is put in dwelling 0; demand 1 fits that one alone.
    sitting = staged([[0, 1], [0]], [90, 80], rows=[LEGAL_ROW], deadline_s=[5, 3], locked={0: 0})
    assert owed_together(sitting).tolist() == [True, False]
    assert lead(sitting, "cotation_quotas") == [0, NOBODY]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_who_can_be_placed_together_is_found_by_trying_every_order(sitting_of: Build, data: Any) -> None:
    """The set served is the greatest in the order of deadlines: no later one stands in an earlier's place."""
    count = data.draw(st.integers(1, 5))
    pool = st.lists(st.integers(0, count - 1), unique=True, max_size=count)
    pools = data.draw(st.lists(pool, min_size=1, max_size=4))
    deadline = data.draw(st.lists(st.sampled_from([1, 2, 3, NO_DEADLINE]), min_size=count, max_size=count))
    choices = [(place, who) for place, pool_of in enumerate(pools) for who in pool_of]
    locked = dict([data.draw(st.sampled_from(choices))]) if choices and data.draw(st.booleans()) else {}
    sitting = sitting_of(pools, [0] * count, deadline_s=deadline, locked=locked)
    found = owed_together(sitting)
    due = [d for d in np.argsort(deadline, kind="stable").tolist() if deadline[d] != NO_DEADLINE]
    best: tuple[bool, ...] = ()
    for order in permutations(range(count + len(pools)), len(pools)):  # beyond the demands: nobody
        if any(order[place] != who for place, who in locked.items()):
            continue
        placed = {d for place, d in enumerate(order) if d in pools[place]}
        best = max(best, tuple(d in placed for d in due))
    assert tuple(found[due].tolist()) == best
    assert found.sum() == sum(best)


# --- whatever the sitting ---------------------------------------------------------------------------------


@st.composite
def sittings(draw: st.DrawFn) -> dict[str, Any]:
    count, vacancies = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    positions = st.lists(st.integers(0, count - 1), unique=True, max_size=count)
    row = st.fixed_dictionaries(
        {
            "tier": st.sampled_from([LEGAL, TARGET]),
            "percent": st.sampled_from([25, 50]),
            "public": st.sampled_from([PUBLIC, 4]),
            "excluded": st.sampled_from([0, NEUTRAL]),
            "scope": st.lists(st.booleans(), min_size=vacancies, max_size=vacancies),
            "signed": st.integers(0, 8),
        }
    )
    return {
        "pools": draw(st.lists(positions, min_size=vacancies, max_size=vacancies)),
        "points": sorted(draw(st.lists(st.integers(0, 200), min_size=count, max_size=count)), reverse=True),
        "signature": draw(st.lists(st.integers(0, 7), min_size=count, max_size=count)),
        "lottery": np.array(draw(st.permutations(range(count)))) / 10,
        "rows": draw(st.lists(row, max_size=3)),
        "deadline_s": draw(st.lists(st.sampled_from([3, NO_DEADLINE]), min_size=count, max_size=count)),
    }


@settings(max_examples=60, deadline=None)
@given(sittings())
def test_stages_fill_as_much_as_one_objective_and_override_no_more_points(
    sitting_of: Build, spec: dict[str, Any]
) -> None:
    one, staged = sitting_of(**spec), sitting_of(**spec, form="lexicographic")
    for name in JOINT:
        first = [POLICIES[name](sitting).rows[:, 0] for sitting in (one, staged)]
        assert (first[0] != NOBODY).sum() == (first[1] != NOBODY).sum(), name
        if (
            NO_DEADLINE in spec["deadline_s"] and len(set(spec["deadline_s"])) == 1
        ):  # nobody is owed a dwelling
            short = [
                getattr(POLICIES[name](sitting).matching, "legal_shortfall", 0) for sitting in (staged, one)
            ]
            assert short[0] <= short[1] + 1e-9, name
        placed = first[1][first[1] != NOBODY].tolist()
        assert len(placed) == len(set(placed)), name
        if any(row["tier"] == LEGAL for row in spec["rows"]) and name != "cotation_matched":
            assert set(np.flatnonzero(owed_together(staged)).tolist()) <= set(placed), name
    lawful, aimed = (POLICIES[name](staged).rows[:, 0] for name in ("cotation_quotas", "cotation_peuplement"))
    for before, after in zip(lawful.tolist(), aimed.tolist(), strict=True):
        if NOBODY not in (before, after):
            assert staged.points[before] - staged.points[after] <= staged.max_points_forgone
