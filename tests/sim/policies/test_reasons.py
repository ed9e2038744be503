"""Why a demand is suggested, and why a better scored one is not: worked by hand, and against the policies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.policies import POLICIES
from sim.policies.reasons import explain
from sim.policies.sitting import Sitting
from sim.rules.quotas import LEGAL, TARGET

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
    assert first.deadline_s is None
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
