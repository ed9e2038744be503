"""Which problem does a sitting put to the solver?

Not a policy: what the jointly matched policies share. A class is a vacancy that somebody fits, an applicant a
demand of some pool; the weight of a pair is the demand's points in the scenario's form; rows are elastic. In
one objective a legal row outweighs any points, and all the targets of a dwelling together may override at
most `max_points_forgone` points; in stages weights are points alone, and each row has its tier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from optimizer import Answer, Problem
from optimizer.problem import MAX_WEIGHT
from sim.policies.match_rows import (
    MARKED,
    Amounts,
    Terms,
    Volumes,
    alone_apart,
    penalties,
    terms_of,
    with_marked,
    with_volumes,
)
from sim.policies.sitting import NOBODY, Sitting
from sim.rules.quotas import TARGET, UNIT, Rows
from sim.territory.columns import Bools, Floats, Ints

LOTS = 32
"""At most so many times finer than a hundredth of a point are weights, to leave room for the lottery."""

STEPS = 1000
"""Resolution of the `rank` and `log` forms of points: from 0 to this."""


@dataclass(frozen=True)
class Stated:
    """A sitting's problem, and how to read its answer.

    Attributes
    ----------
    problem : its places are worth nothing yet
    fillable : (C,) the vacancy of each class
    applicants : (A,) the position of each applicant in the sitting
    rows : those of the sitting that bear on the classes
    weight : (A,) of each applicant in the scenario's form, absolute priority above all
    a_point : units of the problem in one of `weight`
    forgone : units of `weight` that the targets of a dwelling may override
    stake : the most that points and targets may weigh here, in units of `weight`
    """

    problem: Problem
    fillable: Ints
    applicants: Amounts
    rows: Rows
    weight: Amounts
    a_point: int
    forgone: float
    stake: float

    def prices(self, carry: Mapping[str, int] | None) -> dict[str, float]:
        """Return the prices carried for the rows of this problem, in its units a hundredth of a lease."""
        known, labels = carry or {}, self.problem.row_label.tolist()
        return {label: known[label] * self.a_point / UNIT for label in labels if label in known}

    def priced(self, answer: Answer) -> dict[str, int]:
        """Return the price of each row of an answer, in whole units of `weight` a lease."""
        whole = np.rint(self.a_lease(answer)).astype(np.int64)
        return dict(zip(self.problem.row_label.tolist(), whole.tolist(), strict=True))

    def a_lease(self, answer: Answer) -> Floats:
        """Return the price of each row of an answer, in units of `weight` a lease, (R,)."""
        price: Floats = answer.prices * (UNIT / self.a_point)
        return price


@dataclass(frozen=True)
class Solved:
    """The answer to a sitting's problem; `gap` is what it may lose to the best there is (see Parameters)."""

    asked: Stated
    answer: Answer
    gap: float

    def lead(self, vacancies: int) -> Amounts:
        """Return the position of who is first for each vacancy of the sitting, NOBODY where none, (V,)."""
        asked, pair = self.asked, self.answer.pair
        first = np.full(vacancies, NOBODY, dtype=np.int64)
        place = asked.fillable[asked.problem.pair_class[pair]]
        first[place] = asked.applicants[asked.problem.pair_applicant[pair]]
        return first


def stated(
    sitting: Sitting,
    rows: Rows,
    volumes: Volumes | None = None,
    marked: Bools | None = None,
    leases: int = 0,
    *,
    in_stages: bool = False,
    apart: bool = True,
) -> Stated | None:
    """Return the problem of a sitting under some rows, None when nobody fits any vacancy.

    1. A vacancy that nobody fits owes nothing; a row without a vacancy left is no row.
    2. Weigh the demands; a mutation by so much more, where the scenario values the dwelling it frees.
    3. Say what a lease of each signature adds to each row, and what the row needs.
    4. In one objective, scale weights by UNIT so that a hundredth of a lease has an integer penalty, and
       finer so that all lottery numbers together weigh less than a point.

    Parameters
    ----------
    marked : (N,) demands that a row of its own asks to be first somewhere, each as `leases` leases
    apart : in one objective, whether a row with one vacancy is written into the weights of its pairs: the
        same answers, found sooner; as a row it has a price, and can be a reason
    """
    fillable = np.flatnonzero(np.diff(sitting.pool_start))
    if not len(fillable):
        return None
    rows = replace(rows, scope=rows.scope[:, fillable])
    rows = rows.select(np.asarray(rows.scope.any(axis=1)))
    known = np.zeros(len(sitting.demand), dtype=bool)
    known[sitting.pool] = True
    applicants, number = np.flatnonzero(known), np.cumsum(known) - 1
    applicant, places = number[sitting.pool], len(fillable)
    vacancy = np.repeat(np.arange(places), np.diff(sitting.pool_start)[fillable])

    weight, one_point = weights(sitting.points[applicants], sitting.weight)
    if sitting.chain_bonus:  # its lease frees a dwelling
        weight = weight + sitting.moves[applicants] * round(sitting.chain_bonus * one_point)
    spread = max(int(weight.max(initial=0)), 1)
    weight = weight + sitting.absolute_priority[applicants] * (spread + 1)  # before any points
    forgone = sitting.max_points_forgone * one_point
    lottery = np.empty(len(applicants), dtype=np.int64)
    lottery[np.argsort(sitting.lottery[applicants], kind="stable")] = np.arange(len(applicants))

    marks = np.zeros(len(applicants), dtype=bool) if marked is None else marked[applicants]
    signature, terms = _signed(sitting, rows, applicants, fillable, volumes, marks, leases)
    finer = max(1, min(LOTS, MAX_WEIGHT // (64 * UNIT * (2 * spread + 1))))
    a_point = 1 if in_stages else finer * UNIT
    pair_weight = a_point * weight[applicant]
    penalty = np.ones(len(terms.label), dtype=np.int64)
    if not in_stages:
        penalty = penalties(terms, rows, finer, spread, forgone)
        luck = (len(applicants) - 1 - lottery) * (a_point // (places + 1)) // len(applicants)
        pair_weight = pair_weight + luck[applicant]
        if apart:
            terms, penalty, saved = alone_apart(terms, penalty)
            pair_weight = pair_weight + saved[vacancy, signature[applicant]]
    row, kind, place, value = terms.coefficients()
    problem = Problem(
        pair_applicant=applicant,
        pair_class=vacancy,
        pair_weight=pair_weight,
        class_capacity=np.ones(places, dtype=np.int64),
        applicant_signature=signature,
        coef_row=row,
        coef_signature=kind,
        coef_class=place,
        coef_value=value,
        row_low=terms.low,
        row_high=terms.high,
        row_penalty=penalty,
        row_tier=terms.tier,
        row_label=np.array(terms.label, dtype=np.str_),
        row_scale=np.full(len(terms.label), UNIT),
        applicant_lottery=lottery,
        pair_lock=_given(sitting, fillable, applicants, applicant, vacancy),
    )
    best = np.maximum.reduceat(weight[applicant], sitting.pool_start[fillable])
    aimed = int((rows.scope & (rows.tier == TARGET)[:, None]).any(axis=0).sum())
    stake = max(1.0, float(best.sum()) + aimed * forgone)
    return Stated(problem, fillable, applicants, rows, weight, a_point, forgone, stake)


def _given(
    sitting: Sitting, fillable: Ints, applicants: Amounts, applicant: Ints, vacancy: Ints
) -> Amounts | None:
    """Return 1 for each pair that law puts first, else 0, (E,); None where there is none."""
    by_law = sitting.first_by_law
    if not by_law:
        return None
    first = np.array([by_law.get(place, NOBODY) for place in fillable.tolist()])
    given: Amounts = (applicants[applicant] == first[vacancy]).astype(np.int64)
    return given


def _signed(
    sitting: Sitting,
    rows: Rows,
    applicants: Amounts,
    fillable: Ints,
    volumes: Volumes | None,
    marked: Bools,
    leases: int,
) -> tuple[Amounts, Terms]:
    """Return the signature of each applicant, what rows may know of him, and the rows over signatures."""
    read = int(np.bitwise_or.reduce(rows.public | rows.excluded, initial=0))
    traits = sitting.signature[applicants] & (read | (volumes.read if volumes else 0))
    signatures, signature = np.unique(traits | np.where(marked, MARKED, 0), return_inverse=True)
    terms = terms_of(rows, signatures)
    if volumes is not None:
        terms = with_volumes(terms, sitting, rows, volumes, fillable, signatures)
    if marked.any():
        terms = with_marked(terms, signatures, int(marked.sum()), leases)
    return signature, terms


def weights(points: Ints, form: str) -> tuple[Amounts, float]:
    """Return non-negative integer weights of points in a form, and how many weight units one point is worth.

    In the `rank` and `log` forms a point is worth STEPS over the range of points, on average: there
    `max_points_forgone` reads as that part of the range.

    `points`: as they are. `rank`: from 0 to STEPS by dense rank. `log`: from 0 to STEPS by logarithm.
    """
    if not len(points):
        return points.astype(np.int64), 1.0
    above = (points - points.min()).astype(np.int64)
    spread = max(int(above.max()), 1)
    if form == "points":
        return above, 1.0
    if form == "rank":
        levels, dense = np.unique(above, return_inverse=True)
        return (dense * STEPS // max(len(levels) - 1, 1)).astype(np.int64), STEPS / spread
    return np.round(STEPS * np.log1p(above) / np.log1p(spread)).astype(np.int64), STEPS / spread
