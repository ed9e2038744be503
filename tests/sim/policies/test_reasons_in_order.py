"""Who is asked about first, what that may cost, and whether a confirmed row is the policy's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawn_sittings import sittings
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies import POLICIES, in_stages, reasons
from sim.policies.match_problem import ground_of
from sim.policies.matching import as_positions, completed
from sim.policies.reasons import explain
from sim.policies.sitting import Sitting
from sim.rules.quotas import LEGAL, TARGET
from sim.rules.traits import mask

Build = Callable[..., Sitting]

PRIORITY = mask(["l441_1"])
WELCOMED = mask(["first_quartile"])


@settings(max_examples=150, deadline=None)
@given(sittings(), st.sampled_from([0, 20, 150, 1000]))
def test_a_row_confirmed_is_one_without_which_the_policy_itself_presents_the_demand(
    sitting_of: Build, spec: dict[str, Any], forgone: int
) -> None:
    spec |= {"form": "lexicographic", "gap": 0.0, "list_length": 1, "max_points_forgone": forgone}
    sitting = sitting_of(**spec)
    for passed in explain(sitting, sitting.rows).not_presented:
        if passed.kind not in ("row", "rows"):
            continue
        rows = [row for place, row in enumerate(spec["rows"]) if f"row {place}" not in passed.rows]
        without = sitting_of(**{**spec, "rows": rows})
        first = POLICIES["cotation_peuplement"](without).rows[:, 0]
        assert [int(place) for place in np.flatnonzero(first == passed.demand)] == list(passed.where)


@settings(max_examples=60, deadline=None)
@given(sittings(), st.integers(1, 4))
def test_lists_are_read_as_the_pairs_that_the_optimiser_lists(
    sitting_of: Build, spec: dict[str, Any], names: int
) -> None:
    sitting = sitting_of(**spec, form="lexicographic", gap=0.0, list_length=names)
    solved = in_stages.best(sitting, sitting.rows)
    if solved is None:
        return
    table = completed(sitting, solved)
    assert reasons._listed(solved.asked, solved.asked.problem, solved.answer).tolist() == table.tolist()
    lists = explain(sitting, sitting.rows).shortlist.rows[solved.asked.fillable]
    assert lists.tolist() == as_positions(solved, table).tolist()


def crowded(sitting_of: Build, **choices: Any) -> Sitting:
    # Two dwellings that targets give to the public (5 and 6 in cotation order); five better scored each.
    # Without its own target, a dwelling's best scored is first there.
    rows = [
        {"tier": TARGET, "percent": 50, "public": WELCOMED, "scope": [place == one for place in range(2)]}
        for one in range(2)
    ]
    signature = [0, 0, 0, 0, PRIORITY, WELCOMED, WELCOMED]
    pools = [[0, 2, 3, 5], [1, 4, 6]]
    points = [100, 99, 98, 97, 96, 50, 49]
    choices = {"form": "lexicographic", "gap": 0.0, "list_length": 1, "max_points_forgone": 80} | choices
    return sitting_of(pools, points, signature=signature, rows=rows, **choices)


def kinds(sitting: Sitting) -> dict[tuple[int, int], str]:
    return {(one.vacancy, one.demand): one.kind for one in explain(sitting, sitting.rows).not_presented}


def test_in_a_small_sitting_the_first_of_every_vacancy_are_confirmed(sitting_of: Build) -> None:
    # 0 and 1 would be first without the target; 2 and 3 are below 0, and 4 below 1, even so.
    assert kinds(crowded(sitting_of)) == {
        (0, 0): "row",
        (0, 2): "others",
        (0, 3): "others",
        (1, 1): "row",
        (1, 4): "others",
    }


def test_in_a_larger_one_who_has_priority_and_was_overtaken_by_a_target_is_asked_about_first(
    sitting_of: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One problem solved again in all: that without the second dwelling's target, for 4, who has priority.
    # What it says of 1 is had for nothing; the first dwelling's target is named from prices alone.
    monkeypatch.setattr(reasons, "WORK", 14)  # 7 pairs, 2 vacancies
    monkeypatch.setattr(reasons, "LEAST_SOLVED", 0)
    assert kinds(crowded(sitting_of)) == {
        (0, 0): "unconfirmed",
        (0, 2): "unconfirmed",
        (0, 3): "unconfirmed",
        (1, 1): "row",
        (1, 4): "others",
    }
    solved = 0

    def counting(*given: Any) -> Any:
        solver = in_stages_again(*given)

        def count(problem: Any) -> Any:
            nonlocal solved
            solved += 1
            return solver(problem)

        return count

    in_stages_again = in_stages.again
    monkeypatch.setattr(in_stages, "again", counting)
    kinds(crowded(sitting_of))
    assert solved == 1


def test_whoever_is_asked_about_is_confirmed_even_where_no_problem_was_left(
    sitting_of: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reasons, "WORK", 0)
    monkeypatch.setattr(reasons, "LEAST_SOLVED", 0)
    sitting = crowded(sitting_of)
    explained = explain(sitting, sitting.rows)
    assert {one.kind for one in explained.not_presented} == {"unconfirmed"}
    found = explained.ask(1, 1)
    assert found is not None
    assert (found.kind, found.rows, found.where) == ("row", ("row 1",), (1,))
    assert explained.ask(1, 6) is None  # first there
    assert explained.ask(0, 1) is None  # not eligible


def test_the_best_scored_are_told_one_by_one_and_all_are_counted(
    sitting_of: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reasons, "TOLD", 1)
    sitting = crowded(sitting_of)
    explained = explain(sitting, sitting.rows)
    # 4 has priority and was overtaken by a target: it is told whatever its rank.
    told = [(one.vacancy, one.demand) for one in explained.not_presented]
    assert told == [(0, 0), (1, 1), (1, 4)]
    assert explained.counts == {0: {"row 0": 3}, 1: {"row 1": 2}}
    # Without rows, demand 0 is first in one dwelling and said to be for the other.
    plain = sitting_of([[0, 1], [0]], [100, 60], signature=[0, 0], rows=[], list_length=1)
    assert explain(plain, plain.rows).counts == {0: {"présentée en premier ailleurs": 1}}


@settings(max_examples=60, deadline=None)
@given(sittings())
def test_what_is_asked_is_what_was_told(sitting_of: Build, spec: dict[str, Any]) -> None:
    sitting = sitting_of(**spec, form="lexicographic", gap=0.0)
    explained = explain(sitting, sitting.rows)
    for one in explained.not_presented:
        again = explained.ask(one.vacancy, one.demand)
        assert again == one or not one.confirmed
    told = {(one.vacancy, one.demand) for one in explained.not_presented}
    for vacancy in range(len(sitting)):
        for demand in sitting.eligible(vacancy).tolist():
            assert (explained.ask(vacancy, demand) is not None) == ((vacancy, demand) in told)
    assert sum(sum(many.values()) for many in explained.counts.values()) == len(told)


def test_a_basis_that_the_solver_gives_up_on_is_left_and_the_problem_solved_from_nothing(
    sitting_of: Build,
) -> None:
    # Without the first row, or the second, GLOP ends abnormally from the basis of the whole problem.
    row = {"percent": 25, "public": 1, "signed": 8}
    rows = [
        row | {"tier": TARGET, "excluded": 2},
        row | {"tier": TARGET, "scope": [False, True], "signed": 2},
        row | {"tier": LEGAL, "signed": 0},
    ]
    sitting = sitting_of(
        [[1, 2, 3, 4], [0, 1, 2, 3, 4]],
        [24, 11, 9, 1, 0],
        signature=[0, 1, 2, 0, 3],
        lottery=[0.3, 0.1, 0.0, 0.2, 0.4],
        rows=rows,
        max_lists=3,
        list_length=1,
        max_points_forgone=150,
        form="lexicographic",
        gap=0.0,
    )
    lists = explain(sitting, sitting.rows).shortlist.rows
    assert lists[:, 0].tolist() == POLICIES["cotation_peuplement"](sitting).rows[:, 0].tolist()


def test_the_ground_is_read_by_class_in_order(sitting_of: Build) -> None:
    sitting = crowded(sitting_of)
    ground = ground_of(sitting, sitting.rows)
    assert ground is not None
    assert reasons._pair(ground.stated(), 1, 4) == 5  # 0, 2, 3, 5 of the first, then 1, 4
    assert reasons._pair(ground.stated(), 1, 5) is None
