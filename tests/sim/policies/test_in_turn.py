"""Lists filled dwelling by dwelling, against a slow reading of the rule, and each order by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies import POLICIES
from sim.policies.in_turn import in_turn
from sim.policies.sitting import Sitting
from sim.rules.quotas import LEGAL, TARGET

Build = Callable[..., Sitting]


def slowly(queues: list[list[int]], ranks: int, max_lists: int) -> list[list[int]]:
    """Fill rank 1 of every list, then rank 2 …, each time reading the whole queue from its head."""
    lists: list[list[int]] = [[] for _ in queues]
    for rank in range(ranks):
        for place, queue in enumerate(queues):
            first = [names[0] for names in lists if names]
            for demand in queue:
                times = sum(demand in names for names in lists)
                barred = first if rank == 0 else lists[place]
                if len(lists[place]) == rank and times < max_lists and demand not in barred:
                    lists[place].append(demand)
                    break
    return [names + [-1] * (ranks - len(names)) for names in lists]


@st.composite
def queues(draw: st.DrawFn) -> tuple[int, list[list[int]]]:
    count = draw(st.integers(1, 8))
    queue = st.lists(st.integers(0, count - 1), unique=True, max_size=count)
    return count, draw(st.lists(queue, min_size=1, max_size=6))


@settings(max_examples=300, deadline=None)
@given(queues(), st.integers(3, 5), st.integers(1, 4))
def test_lists_are_those_of_the_rule(
    sitting_of: Build, drawn: tuple[int, list[list[int]]], ranks: int, max_lists: int
) -> None:
    count, orders = drawn
    sitting = sitting_of(orders, [0] * count, list_length=ranks, max_lists=max_lists)
    found = in_turn(sitting, lambda vacancy, eligible: np.array(orders[vacancy], dtype=np.int64))
    assert found.rows.tolist() == slowly(orders, ranks, max_lists)


def test_rank_one_is_filled_for_all_before_rank_two(sitting_of: Build) -> None:
    # 0 leads the first list; the second takes 1 first, then may have 0 second.
    sitting = sitting_of([[0, 1], [0, 1]], [50, 40])
    assert POLICIES["cotation_only"](sitting).rows.tolist() == [[0, 1, -1], [1, 0, -1]]


def welcome(*scope: bool) -> list[dict[str, object]]:
    """Return a target that asks some of the vacancies to welcome the public of bit 0."""
    return [{"tier": TARGET, "percent": 50, "public": 1, "scope": list(scope)}]


# Four demands: by points 0, 1, 2, 3; by filing 2, 0, 3, 1; by lottery 3, 2, 1, 0.
ORDERS = {"seniority": [1, 3, 0, 2], "lottery": [0.8, 0.6, 0.4, 0.2], "signature": [0, 0, 1, 1]}


def test_each_policy_has_its_order(sitting_of: Build) -> None:
    sitting = sitting_of([range(4)], [90, 70, 50, 30], list_length=4, rows=welcome(True), **ORDERS)
    lists = {
        name: POLICIES[name](sitting).rows[0].tolist()
        for name in ("cotation_only", "seniority", "lottery", "cotation_oriented")
    }
    assert lists == {
        "cotation_only": [0, 1, 2, 3],
        "seniority": [2, 0, 3, 1],
        "lottery": [3, 2, 1, 0],
        "cotation_oriented": [2, 3, 0, 1],  # the public to welcome by points, then the others by points
    }


def test_where_no_public_is_to_welcome_points_decide(sitting_of: Build) -> None:
    sitting = sitting_of([range(4), range(4)], [90, 70, 50, 30], rows=welcome(False, True), **ORDERS)
    assert POLICIES["cotation_oriented"](sitting).rows[:, 0].tolist() == [0, 2]


def test_the_orientation_closes_no_residence(sitting_of: Build) -> None:
    sitting = sitting_of([[0, 1]], [90, 70], signature=[0, 0], rows=welcome(True))
    assert POLICIES["cotation_oriented"](sitting).rows.tolist() == [[0, 1, -1]]


def test_a_legal_row_welcomes_nobody_in_particular(sitting_of: Build) -> None:
    legal = [{"tier": LEGAL, "percent": 25, "public": 1}]
    sitting = sitting_of([range(4)], [90, 70, 50, 30], rows=legal, **ORDERS)
    assert sitting.welcome.tolist() == [0]
    assert POLICIES["cotation_oriented"](sitting).rows.tolist() == [[0, 1, 2]]


def test_nobody_eligible_leaves_an_empty_list(sitting_of: Build) -> None:
    sitting = sitting_of([[], [0]], [10])
    assert POLICIES["seniority"](sitting).rows.tolist() == [[-1, -1, -1], [0, -1, -1]]
