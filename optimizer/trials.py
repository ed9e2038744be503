"""Can some rows be met together, and how little need one of them give?

A trial forgets the weights and the other rows. What is left is first asked of counts, which are few; an
answer is then made of these, pair by pair. Where that fails, the problem itself is solved, elastically: it
always has an answer, and the rows are met when nothing of it is short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.counts import Counts
from optimizer.problem import MAX_PENALTY, NO_HIGH, NO_LOW, Ints, Problem, lines
from optimizer.solve import solve

_DECIDES = 0.5
"""Gap of an elastic answer: nothing short is told from something short, how much is not sought."""


@dataclass(frozen=True)
class Outcome:
    """What a trial of some rows showed.

    Attributes
    ----------
    met : whether they can be met together
    short : (R,) int64, how far the trial's answer is from every row's limits, below 0 under the floor, above
        0 over the ceiling; of no meaning when not met
    proof : when not met, the rows tried that cannot be
    proved : whether that is certain
    """

    met: bool
    short: Ints
    proof: Ints
    proved: bool


@dataclass(frozen=True)
class Trials:
    """Trials of rows of a problem, each a problem of its own, without weights and other rows."""

    problem: Problem
    cell: Ints  # (E,) the (line of the signature, class) of each pair
    coef_cell: Ints  # (K,)
    cells: int

    @classmethod
    def of_problem(cls, problem: Problem) -> Trials:
        known = np.unique(problem.coef_signature)
        line = lines(known, problem.applicant_signature)
        return cls(
            problem,
            line[problem.pair_applicant] * problem.classes + problem.pair_class,
            lines(known, problem.coef_signature) * problem.classes + problem.coef_class,
            (known.size + 1) * problem.classes,
        )

    def of(self, rows: Ints) -> Outcome:
        """Try to meet rows together."""
        tried, pairs = self._problem(rows)
        given = pairs[tried.lock == 1]
        short = self._short(given)
        if not short[rows].any() or given.size == pairs.size:
            wrong = rows[short[rows] != 0]
            return Outcome(not wrong.size, short, wrong[:1], True)
        counts = Counts(tried, self._sums(given)[rows])
        impossible = counts.in_parts()
        if impossible.size:
            return Outcome(False, short, rows[impossible], True)
        found = counts.whole()
        if found.counts is None:
            return Outcome(False, short, rows, found.proved)
        chosen = counts.placed(found.counts)
        if chosen is not None:
            short = self._short(np.append(given, pairs[chosen]))
            if not short[rows].any():
                return Outcome(True, short, rows, True)
        answer = solve(tried, trusted=True, gap=_DECIDES)
        met, proved = not answer.shortfall.any(), answer.bound < 0 or answer.proved_by is not None
        return Outcome(met, self._short(pairs[answer.pair]), rows, met or proved)

    def least(self, row: int, rows: Ints) -> tuple[int, bool]:
        """Return how little `row` can be short when the other rows are met, and whether it is proved.

        Below 0 it is short of its floor, above 0 it is over its ceiling; where both are as near, either. A
        limit out of the reach of any answer is brought within it, so that one unit of another row can cost
        more than all that `row` may be short.
        """
        tried, pairs = self._problem(rows)
        most, least = self._reach(row)
        at = rows == row
        low = np.where(at & (tried.row_low != NO_LOW), np.clip(tried.row_low, least, most), tried.row_low)
        high = np.where(
            at & (tried.row_high != NO_HIGH), np.clip(tried.row_high, least, most), tried.row_high
        )
        tried = replace(tried, row_low=low, row_high=high)
        given = pairs[tried.lock == 1]
        if given.size == pairs.size:
            return int(self._short(given)[row]), True
        counts = Counts(tried, self._sums(given)[rows])
        found = counts.whole(int(at.argmax()))
        chosen = None if found.counts is None else counts.placed(found.counts)
        if chosen is not None:
            short = self._short(np.append(given, pairs[chosen]))
            if not short[rows[~at]].any():
                return int(short[row]), found.proved
        penalty = np.where(at, 1, min(most - least + 1, MAX_PENALTY))
        answer = solve(replace(tried, row_penalty=penalty), trusted=True, lottery=False)
        return int(self._short(pairs[answer.pair])[row]), answer.proved_by is not None

    def _problem(self, rows: Ints) -> tuple[Problem, Ints]:
        """Return the problem of some rows, and its pairs' numbers.

        Only pairs that bring a row nearer to its floor or further below its ceiling are of use: leaving
        another out of an answer can only help. Pairs that are given stay, alone of their applicant.
        """
        problem = self.problem
        place = np.full(problem.rows, -1, dtype=np.int64)
        place[rows] = np.arange(rows.size)
        inside = place[problem.coef_row] >= 0
        raises = (problem.coef_value > 0) & (problem.row_low != NO_LOW)[problem.coef_row]
        lowers = (problem.coef_value < 0) & (problem.row_high != NO_HIGH)[problem.coef_row]
        useful = np.zeros(self.cells, dtype=bool)
        useful[self.coef_cell[inside & (raises | lowers)]] = True
        chosen = useful[self.cell]
        if problem.pair_lock is not None:
            held = np.zeros(problem.applicants, dtype=bool)
            held[problem.pair_applicant[problem.pair_lock == 1]] = True
            chosen &= (problem.pair_lock == 0) & ~held[problem.pair_applicant]
            chosen |= problem.pair_lock == 1
        pairs = np.flatnonzero(chosen)
        tried = replace(
            problem,
            pair_applicant=problem.pair_applicant[pairs],
            pair_class=problem.pair_class[pairs],
            pair_weight=np.zeros(pairs.size, dtype=np.int64),
            pair_lock=None if problem.pair_lock is None else problem.pair_lock[pairs],
            coef_row=place[problem.coef_row[inside]],
            coef_signature=problem.coef_signature[inside],
            coef_class=problem.coef_class[inside],
            coef_value=problem.coef_value[inside],
            row_low=problem.row_low[rows],
            row_high=problem.row_high[rows],
            row_penalty=np.ones(rows.size, dtype=np.int64),
            row_tier=problem.row_tier[rows],
            row_label=problem.row_label[rows],
            row_scale=None if problem.row_scale is None else problem.row_scale[rows],
        )
        return tried, pairs

    def _sums(self, pairs: Ints) -> Ints:
        """Return what pairs add to each row, (R,)."""
        chosen = np.bincount(self.cell[pairs], minlength=self.cells)
        sums = np.zeros(self.problem.rows, dtype=np.int64)
        np.add.at(sums, self.problem.coef_row, self.problem.coef_value * chosen[self.coef_cell])
        return sums

    def _short(self, pairs: Ints) -> Ints:
        """Return how far an answer is from each row's limits, below 0 under the floor, above 0 over it."""
        problem, sums = self.problem, self._sums(pairs)
        under = np.where(problem.row_low == NO_LOW, 0, np.minimum(0, sums - problem.row_low))
        over = np.where(problem.row_high == NO_HIGH, 0, np.maximum(0, sums - problem.row_high))
        short: Ints = under + over
        return short

    def _reach(self, row: int) -> tuple[int, int]:
        """Return limits that the sum of a row never passes, whatever the answer."""
        problem = self.problem
        mine = problem.coef_row == row
        value = problem.coef_value[mine]
        most, least = np.zeros(problem.classes, dtype=np.int64), np.zeros(problem.classes, dtype=np.int64)
        np.maximum.at(most, problem.coef_class[mine], value)
        np.minimum.at(least, problem.coef_class[mine], value)
        return int(most @ problem.class_capacity), int(least @ problem.class_capacity)
