"""Why a demand is suggested, and why a better scored one is not: worked by hand, and against the policies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.policies import POLICIES
from sim.policies.match_rows import DUE
from sim.policies.reasons import explain
from sim.policies.sitting import NO_DEADLINE, Sitting
from sim.rules.quotas import LEGAL, TARGET
from sim.rules.traits import mask

Build = Callable[..., Sitting]

PUBLIC = 1
LEGAL_ROW = {"tier": LEGAL, "percent": 25, "public": PUBLIC}
TARGET_ROW = {"tier": TARGET, "percent": 50, "public": PUBLIC, "signed": 2}


def test_the_row_that_gave_the_place_is_named_and_confirmed(sitting_of: Build) -> None:
    # One vacancy; a quarter of its leases is owed to the public, which demand 1 alone is of: it goes first
    # with 60 points, before demand 0 with 100. Without the row, demand 0 would be first.
    sitting = sitting_of([[0, 1]], [100, 60], signature=[0, PUBLIC], rows=[LEGAL_ROW], list_length=1)
    explained = explain(sitting, sitting.rows)
    (first,) = explained.suggested
    assert (first.vacancy, first.rank, first.demand, first.points, first.eligible) == (0, 1, 1, 60, 2)
    assert first.rows == sitting.rows.label
    (passed,) = explained.not_presented
    assert (passed.vacancy, passed.demand, passed.points) == (0, 0, 100)
    assert (passed.kind, passed.rows, passed.confirmed) == ("row", sitting.rows.label, True)
    assert passed.where == (0,)


def test_a_demand_presented_elsewhere_is_said_to_be(sitting_of: Build) -> None:
    # Two vacancies, no row: demand 0 fits both and goes to one of them, demand 1 to the other with less.
    sitting = sitting_of([[0, 1], [0]], [100, 60], signature=[0, 0], rows=[], list_length=1)
    explained = explain(sitting, sitting.rows)
    assert explained.shortlist.rows[:, 0].tolist() == [1, 0]
    (passed,) = explained.not_presented
    assert (passed.vacancy, passed.demand, passed.kind, passed.where) == (0, 0, "outbid", (1,))


def test_nobody_of_more_points_is_passed_over_without_rows(sitting_of: Build) -> None:
    draw = np.random.default_rng(5)
    for _ in range(30):
        points = np.sort(draw.integers(0, 40, 9))[::-1].tolist()
        pools = [np.flatnonzero(draw.random(9) < 0.6).tolist() for _ in range(3)]
        sitting = sitting_of(pools, points, signature=draw.integers(0, 2, 9).tolist(), rows=[])
        assert {passed.kind for passed in explain(sitting, sitting.rows).not_presented} <= {"outbid", "lists"}


@pytest.mark.parametrize("form", ["weighted", "lexicographic"])
def test_what_is_explained_is_what_is_suggested(sitting_of: Build, form: str) -> None:
    # With no gap kept, the policy and the explanation propose the same demands first.
    draw = np.random.default_rng(7)
    for _ in range(20):
        points = np.sort(draw.integers(0, 90, 8))[::-1].tolist()
        pools = [np.flatnonzero(draw.random(8) < 0.7).tolist() for _ in range(3)]
        scope = (draw.random(3) < 0.7).tolist()
        rows = [LEGAL_ROW | {"scope": scope}, TARGET_ROW]
        sitting = sitting_of(
            pools, points, signature=draw.integers(0, 2, 8).tolist(), rows=rows, form=form, gap=0.0
        )
        expected = POLICIES["cotation_peuplement"](sitting).rows
        assert np.array_equal(explain(sitting, sitting.rows).shortlist.rows[:, 0], expected[:, 0])


def test_a_sitting_that_nobody_fits_has_nothing_to_explain(sitting_of: Build) -> None:
    sitting = sitting_of([[], []], [50], signature=[0], rows=[LEGAL_ROW])
    explained = explain(sitting, sitting.rows)
    assert (explained.suggested, explained.not_presented) == ((), ())


PRIORITY = mask(["l441_1"])


def test_a_listed_name_better_scored_than_the_first_has_the_row_that_came_before_it(
    sitting_of: Build,
) -> None:
    # One dwelling, a target for the public: demand 1, of it, is first with 50 points, before 0 with 60; the
    # others of the list are no better than the first.
    sitting = sitting_of([[0, 1, 2]], [60, 50, 40], signature=[2, PUBLIC, 0], rows=[TARGET_ROW])
    names = {one.demand: one for one in explain(sitting, sitting.rows).suggested}
    assert [names[demand].rank for demand in (1, 0, 2)] == [1, 2, 3]
    assert names[0].before_it == ("row 0",)
    assert names[1].before_it == names[2].before_it == ()
    assert names[1].rows == ("row 0",)


def test_a_second_name_of_the_firsts_public_comes_before_a_better_scored_third(sitting_of: Build) -> None:
    # The first has most points and serves the target, as the second would; the third has more than it.
    row = TARGET_ROW | {"signed": 0, "percent": 100}
    sitting = sitting_of([[0, 1, 2]], [70, 60, 45], signature=[PUBLIC, 2, PUBLIC], rows=[row])
    names = {one.rank: one for one in explain(sitting, sitting.rows).suggested}
    assert [names[rank].demand for rank in (1, 2, 3)] == [0, 2, 1]
    assert names[3].before_it == ("row 0",)


@pytest.mark.parametrize("form", ["weighted", "lexicographic"])
def test_a_first_name_before_a_better_scored_one_has_its_row_whatever_the_price(
    sitting_of: Build, form: str
) -> None:
    # Demand 0 is owed a dwelling, weighs above all points and has the least: prices may leave its row at 0,
    # since its own weight proves the answer.
    sitting = sitting_of(
        [[0, 1, 2]],
        [60, 50, 39],
        flagged=[False, False, True],
        deadline_s=[NO_DEADLINE, NO_DEADLINE, 5],
        rows=[LEGAL_ROW | {"public": 0, "percent": 0}],
        form=form,
        gap=0.0,
    )
    names = {one.demand: one for one in explain(sitting, sitting.rows).suggested}
    if form == "lexicographic":
        assert names[2].rank == 1
        assert names[2].rows == (DUE,)
        assert names[0].before_it == names[1].before_it == (DUE,)
    else:
        assert names[0].rank == 1 or names[2].rank == 1


def test_who_is_not_listed_behind_an_absolute_priority_is_told_so(sitting_of: Build) -> None:
    # Demand 2 weighs above all points, with its row or without; 1, better scored, is not listed.
    sitting = sitting_of(
        [[0, 1, 2]],
        [60, 50, 39],
        flagged=[False, False, True],
        deadline_s=[NO_DEADLINE, NO_DEADLINE, 5],
        rows=[LEGAL_ROW],
        form="lexicographic",
        gap=0.0,
        list_length=1,
    )
    told = {one.demand: (one.kind, one.confirmed) for one in explain(sitting, sitting.rows).not_presented}
    assert told == {0: ("absolute", True), 1: ("absolute", True)}


def test_a_name_that_a_person_put_first_has_no_row(sitting_of: Build) -> None:
    sitting = sitting_of([[0, 1]], [60, 50], signature=[0, PUBLIC], rows=[TARGET_ROW], locked={0: 1})
    names = {one.demand: one for one in explain(sitting, sitting.rows).suggested}
    assert names[1].rank == 1
    assert names[0].before_it == ()
