"""Which problem does a sitting put to the solver?

Not a policy: what the jointly matched policies share. A class is a vacancy that somebody fits, an applicant a
demand of some pool; the weight of a pair is the demand's points in the scenario's form; rows are elastic. In
one objective a legal row outweighs any points, and all the targets of a dwelling together may override at
most `max_points_forgone` points; in stages weights are points alone, and each row has its tier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

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

NONE_LEFT = -1
"""Worth of the best pair left out, where none is."""


@dataclass(frozen=True)
class Ground:
    """What a sitting's demands and rows are to the solver, whichever of its pairs are put to it.

    A pair is named by its place in the sitting's pools; a class is a vacancy that somebody fits.

    Attributes
    ----------
    sitting : the pools, and who is first by law
    fillable : (C,) the vacancy of each class
    start : (C+1,) where the pairs of each class begin
    rows : those of the sitting that bear on the classes
    weight : (N,) of each demand in the scenario's form, absolute priority above all
    lottery : (N,) its rank among the demands of the pools
    kind : (N,) number of its signature; no weight, rank or kind is read of a demand in no pool
    worth : (N,) of its pairs, in units of the problem, before what they save in rows
    saved : (C, S) what a pair of each class and kind saves in rows that are not rows of the problem
    without_pairs : the rows of the problem
    a_point, forgone, stake : as in `Stated`
    """

    sitting: Sitting
    fillable: Ints
    start: Amounts
    rows: Rows
    weight: Amounts
    lottery: Amounts
    kind: Amounts
    worth: Amounts
    saved: Amounts
    without_pairs: Problem
    a_point: int
    forgone: float
    stake: float

    @property
    def pairs(self) -> int:
        return len(self.sitting.pool)

    @cached_property
    def merit(self) -> Amounts:
        """What orders the demands by worth, then by lottery: (N,), the greatest first; no two are equal."""
        return self.worth * self.a_saving - self.lottery

    @property
    def a_saving(self) -> int:
        """What a unit saved in rows adds to merit."""
        return len(self.worth) + 1

    @cached_property
    def given(self) -> Amounts:
        """The pairs that law puts first."""
        sitting, places = self.sitting, []
        for vacancy, demand in sitting.first_by_law.items():
            mine = sitting.eligible(vacancy)
            place = int(np.searchsorted(mine, demand))
            if place < len(mine) and mine[place] == demand:
                places.append(int(sitting.pool_start[vacancy]) + place)
        return np.array(sorted(places), dtype=np.int64)

    def stated(self, held: Amounts | None = None, rest: Amounts | None = None) -> Stated:
        """Return the problem of some of the pairs, (E,) ascending, all where not given."""
        held = np.arange(self.pairs) if held is None else held
        rest = np.full(len(self.fillable), NONE_LEFT) if rest is None else rest
        demand = self.sitting.pool[held]
        known = np.zeros(len(self.weight), dtype=bool)
        known[demand] = True
        applicants = known.nonzero()[0]
        applicant = (known.cumsum() - 1)[demand]
        group = np.repeat(np.arange(len(self.fillable)), np.diff(held.searchsorted(self.start)))
        kind = self.kind[applicants]
        lottery = np.empty(len(applicants), dtype=np.int64)
        lottery[self.lottery[applicants].argsort()] = np.arange(len(applicants))
        lock = None
        if len(self.given):
            lock = np.zeros(len(held), dtype=np.int64)
            lock[held.searchsorted(self.given)] = 1
        problem = replace(
            self.without_pairs,
            pair_applicant=applicant,
            pair_class=group,
            pair_weight=self.worth[demand] + self.saved[group, kind[applicant]],
            applicant_signature=kind,
            applicant_lottery=lottery,
            pair_lock=lock,
        )
        return Stated(self, held, rest, problem, applicants, self.weight[applicants])


@dataclass(frozen=True)
class Stated:
    """A problem of a sitting, and how to read its answer.

    Attributes
    ----------
    ground : what it was made of
    held : (E,) its pairs, by their places in the sitting's pools
    rest : (C,) the most that a pair left out is worth in each class, NONE_LEFT where none is
    problem : its places are worth nothing yet
    applicants : (A,) the position of each applicant in the sitting
    weight : (A,) of each applicant in the scenario's form, absolute priority above all
    """

    ground: Ground
    held: Amounts
    rest: Amounts
    problem: Problem
    applicants: Amounts
    weight: Amounts

    @property
    def fillable(self) -> Ints:
        """The vacancy of each class, (C,)."""
        return self.ground.fillable

    @property
    def rows(self) -> Rows:
        """The rows of the sitting that bear on the classes."""
        return self.ground.rows

    @property
    def a_point(self) -> int:
        """Units of the problem in one of `weight`."""
        return self.ground.a_point

    @property
    def forgone(self) -> float:
        """Units of `weight` that the targets of a dwelling may override."""
        return self.ground.forgone

    @property
    def stake(self) -> float:
        """The most that points and targets may weigh here, in units of `weight`."""
        return self.ground.stake

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
    """The answer to a sitting's problem; `gap` is what it may lose to the best there is (see Parameters).

    `lock` : (E,) what the search held pairs to beside the problem's own locks, None where to nothing
    """

    asked: Stated
    answer: Answer
    gap: float
    lock: Amounts | None = None

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
    """Return the problem of a sitting with all its pairs; parameters are those of `ground_of`."""
    ground = ground_of(sitting, rows, volumes, marked, leases, in_stages=in_stages, apart=apart)
    return None if ground is None else ground.stated()


def ground_of(
    sitting: Sitting,
    rows: Rows,
    volumes: Volumes | None = None,
    marked: Bools | None = None,
    leases: int = 0,
    *,
    in_stages: bool = False,
    apart: bool = True,
) -> Ground | None:
    """Return what a sitting is to the solver under some rows, None when nobody fits any vacancy.

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
    known, lottery = sitting.in_pools, sitting.drawn
    applicants, places = known.nonzero()[0], len(fillable)

    weight, one_point = weights(sitting.points[applicants], sitting.weight)
    if sitting.chain_bonus:  # its lease frees a dwelling
        weight = weight + sitting.moves[applicants] * round(sitting.chain_bonus * one_point)
    spread = max(int(weight.max(initial=0)), 1)
    weight = weight + sitting.absolute_priority[applicants] * (spread + 1)  # before any points
    forgone = sitting.max_points_forgone * one_point

    marks = np.zeros(len(applicants), dtype=bool) if marked is None else marked[applicants]
    kind, terms, kinds = _signed(sitting, rows, applicants, fillable, volumes, marks, leases)
    finer = max(1, min(LOTS, MAX_WEIGHT // (64 * UNIT * (2 * spread + 1))))
    a_point = 1 if in_stages else finer * UNIT
    worth, saved = a_point * weight, np.zeros((places, kinds), dtype=np.int64)
    penalty = np.ones(len(terms.label), dtype=np.int64)
    if not in_stages:
        penalty = penalties(terms, rows, finer, spread, forgone)
        worth += (len(applicants) - 1 - lottery[applicants]) * (a_point // (places + 1)) // len(applicants)
        if apart:
            terms, penalty, saved = alone_apart(terms, penalty)
    start = np.append(sitting.pool_start[fillable], len(sitting.pool))
    weight, kind, worth = (_spread(part, known) for part in (weight, kind, worth))
    foremost = weight[sitting.pool[start[:-1]]]
    best = np.maximum.reduceat(weight[sitting.pool], start[:-1]) if sitting.chain_bonus else foremost
    aimed = int((rows.scope & (rows.tier == TARGET)[:, None]).any(axis=0).sum())
    return Ground(
        sitting=sitting,
        fillable=fillable,
        start=start,
        rows=rows,
        weight=weight,
        lottery=lottery,
        kind=kind,
        worth=worth,
        saved=saved,
        without_pairs=_without_pairs(terms, penalty, places),
        a_point=a_point,
        forgone=forgone,
        stake=max(1.0, float(best.sum()) + aimed * forgone),
    )


def _without_pairs(terms: Terms, penalty: Amounts, places: int) -> Problem:
    """Return a problem of some places that has rows, and neither pairs nor applicants yet."""
    none = np.empty(0, dtype=np.int64)
    row, kind, place, value = terms.coefficients()
    return Problem(
        pair_applicant=none,
        pair_class=none,
        pair_weight=none,
        class_capacity=np.ones(places, dtype=np.int64),
        applicant_signature=none,
        applicant_lottery=none,
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
    )


def _spread(part: Amounts, known: Bools) -> Amounts:
    """Return what is said of the applicants as said of the demands of the sitting, (N,)."""
    whole = np.zeros(len(known), dtype=np.int64)
    whole[known] = part
    return whole


def _signed(
    sitting: Sitting,
    rows: Rows,
    applicants: Amounts,
    fillable: Ints,
    volumes: Volumes | None,
    marked: Bools,
    leases: int,
) -> tuple[Amounts, Terms, int]:
    """Return the signature of each applicant, what rows may know of him, the rows over signatures, these."""
    read = int(np.bitwise_or.reduce(rows.public | rows.excluded, initial=0))
    traits = sitting.signature[applicants] & (read | (volumes.read if volumes else 0))
    if marked.any():
        traits = traits | np.where(marked, MARKED, 0)
    signatures = np.unique(traits).astype(np.int64)
    signature = signatures.searchsorted(traits)
    terms = terms_of(rows, signatures)
    if volumes is not None:
        terms = with_volumes(terms, sitting, rows, volumes, fillable, signatures)
    if marked.any():
        terms = with_marked(terms, signatures, int(marked.sum()), leases)
    return signature, terms, len(signatures)


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
