"""What are two sittings of one territory, a week apart? For the start that one week's prices give the next.

The vacancies of two weeks are drawn together, then dealt to one or the other; limits of the rows are dealt in
proportion. In between, those housed have gone, two in a hundred of the others too, and as many have come.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from instances import Size, instance

from optimizer import NO_HIGH, NO_LOW, Problem
from optimizer.problem import Ints

TURNOVER = 0.02
"""Part of the waiting list that comes, and part that goes, in a week."""


class Weeks:
    """Two weeks of one territory; the second is known once the first has its answer."""

    def __init__(self, size: Size, seed: int) -> None:
        self.both = instance(replace(size, vacancies=2 * size.vacancies), seed)
        draw = np.random.default_rng([seed, 1])
        self.capacity = draw.multivariate_hypergeometric(self.both.class_capacity, size.vacancies)
        luck = draw.random(self.both.applicants)
        self.comes, self.goes = luck < TURNOVER, luck > 1 - TURNOVER

    def first(self) -> Problem:
        """Return the first week's problem."""
        return week(self.both, self.capacity, ~self.comes)

    def second(self, housed: Ints) -> Problem:
        """Return the second week's problem, once the applicants `housed` have gone."""
        waiting = ~self.goes
        waiting[housed] = False
        return week(self.both, self.both.class_capacity - self.capacity, waiting)


def week(both: Problem, capacity: Ints, waiting: np.ndarray) -> Problem:
    """Return the problem of a part of the vacancies and of those who wait; applicants keep their number.

    1. Keep the classes that have a vacancy, and the pairs of those with somebody who waits.
    2. Keep the rows with a vacancy among those they count, and the part of their limits that is theirs.
    """
    here = capacity > 0
    number = np.cumsum(here) - 1
    kept = here[both.pair_class] & waiting[both.pair_applicant]
    row_class = np.unique(both.coef_row * both.classes + both.coef_class)
    row, place = row_class // both.classes, row_class % both.classes
    ours = np.bincount(row, capacity[place], both.rows)
    share = ours / np.bincount(row, both.class_capacity[place], both.rows)
    low = np.where(both.row_low == NO_LOW, NO_LOW, np.ceil(both.row_low * share)).astype(np.int64)
    high = np.floor(np.where(both.row_high == NO_HIGH, 0, both.row_high * share)).astype(np.int64)
    high = np.where(both.row_high == NO_HIGH, NO_HIGH, np.maximum(low, high))
    rows, line = ours > 0, np.cumsum(ours > 0) - 1
    counts = here[both.coef_class]
    return replace(
        both,
        pair_applicant=both.pair_applicant[kept],
        pair_class=number[both.pair_class[kept]],
        pair_weight=both.pair_weight[kept],
        class_capacity=capacity[here],
        coef_row=line[both.coef_row[counts]],
        coef_signature=both.coef_signature[counts],
        coef_class=number[both.coef_class[counts]],
        coef_value=both.coef_value[counts],
        row_low=low[rows],
        row_high=high[rows],
        row_penalty=both.row_penalty[rows],
        row_tier=both.row_tier[rows],
        row_label=both.row_label[rows],
    )
