"""How does a sitting become a matching problem, and its answer lists?

Not a policy: what the jointly matched policies share. The weight of a pair is the demand's points in the
scenario's form; rows are elastic. All the targets of a dwelling together may override at most
`max_points_forgone` points; a legal row outweighs any points; filling a dwelling outweighs both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from optimizer import NO_HIGH, Answer, Problem, solve
from optimizer.lists import complete
from optimizer.problem import MAX_WEIGHT
from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.rules.quotas import LEGAL, TARGET, UNIT, Rows, needed
from sim.territory.columns import Bools, Ints

Amounts = NDArray[np.int64]

LOTS = 32
"""At most so many times finer than a hundredth of a point are weights, to leave room for the lottery."""

GAP = 0.02
"""What a sitting may at most lose to the bound, per dwelling, in parts of the range of weights; the gap
reached stands in the evidence, and is seldom above zero."""

DEAREST = 2**27
"""A place is not made worth much more than this: the verifier's sums must stay within 64 bits."""

STEPS = 1000
"""Resolution of the `rank` and `log` forms of points: from 0 to this."""


def match(sitting: Sitting, rows: Rows) -> Shortlist:
    """Match every vacancy of the sitting with at most one demand, then complete the lists.

    1. Weigh the demands; scale weights by UNIT so that a hundredth of a lease has an integer penalty, and
       finer so that all lottery numbers together weigh less than a point.
    2. Solve: legal rows, target rows within their limit, points, then the lottery; a place filled is worth
       more than a few rows, and more still if a dwelling that can be filled is left empty.
    3. Complete ranks 2 and after, same publics first.
    """
    fillable = np.flatnonzero(np.diff(sitting.pool_start))  # a dwelling nobody fits owes nothing
    rows = replace(rows, scope=rows.scope[:, fillable])
    rows = rows.select(np.asarray(rows.scope.any(axis=1)))
    lists = np.full((len(sitting), sitting.list_length), NOBODY, dtype=np.int64)
    if not len(fillable):
        nothing = {"rows": (), "shortfall": [], "prices": {}, "gap": 0.0, "proved_by": "lp"}
        return Shortlist(lists, None, nothing)
    problem, applicants, finer = _problem(sitting, fillable, rows)
    answer = _filled(problem)
    pairs = complete(problem, answer, sitting.list_length, sitting.max_lists)[:, 0]
    lists[fillable] = np.where(pairs >= 0, applicants[problem.pair_applicant[pairs]], NOBODY)
    evidence = {
        "rows": rows.label,
        "shortfall": shortfall(sitting, rows, lists[fillable, 0]).tolist(),
        "prices": dict(zip(problem.row_label.tolist(), (answer.prices / finer).tolist(), strict=True)),
        "gap": answer.gap,
        "proved_by": answer.proved_by,
    }
    return Shortlist(lists, None, evidence)


def _filled(problem: Problem) -> Answer:
    """Solve with a worth of filling that leaves no dwelling empty that could be filled.

    1. A place is worth first what two legal leases and the range of weights are.
    2. While fewer places are filled than can be, make it worth eight times more and solve again.
    """
    spread = int(problem.pair_weight.max(initial=0)) + 1
    filling = 2 * UNIT * int(problem.row_penalty.max(initial=0)) + spread
    most = None
    while True:
        dear = replace(problem, pair_weight=problem.pair_weight + filling)
        answer = solve(dear, trusted=True, gap=GAP * spread / (filling + spread))
        if answer.fill == problem.classes:
            return answer
        most = _most_filled(problem) if most is None else most
        if answer.fill == most or filling > DEAREST:
            return answer
        filling *= 8


def _most_filled(problem: Problem) -> int:
    """Return how many dwellings can be filled at once, whatever the points."""
    cells = (problem.pair_class, problem.pair_applicant)
    shape = (problem.classes, problem.applicants)
    graph = csr_matrix((np.ones(problem.pairs, dtype=np.int8), cells), shape=shape)
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


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


def _problem(sitting: Sitting, fillable: Ints, rows: Rows) -> tuple[Problem, Amounts, int]:
    """Return the problem (places worth nothing yet), each applicant's position, and how fine it weighs.

    Its classes are the vacancies `fillable`, each with somebody eligible; `rows` bears on these.

    A row with one vacancy in its scope is worth to each pair of that vacancy what it leaves short less than
    an empty place would: exactly so, and the row need not enter the problem.
    """
    known = np.zeros(len(sitting.demand), dtype=bool)
    known[sitting.pool] = True
    applicants, number = np.flatnonzero(known), np.cumsum(known) - 1
    applicant, places = number[sitting.pool], len(fillable)
    vacancy = np.repeat(np.arange(places), np.diff(sitting.pool_start)[fillable])
    weight, a_point = weights(sitting.points[applicants], sitting.weight)
    spread = max(int(weight.max(initial=0)), 1)
    weight = weight + sitting.absolute_priority[applicants] * (spread + 1)  # before any points
    forgone = sitting.max_points_forgone * a_point
    finer = max(1, min(LOTS, MAX_WEIGHT // (64 * UNIT * (2 * spread + 1))))
    lottery = np.empty(len(applicants), dtype=np.int64)
    lottery[np.argsort(sitting.lottery[applicants], kind="stable")] = np.arange(len(applicants))
    luck = (len(applicants) - 1 - lottery) * (finer * UNIT // (places + 1)) // max(len(applicants), 1)
    legal = int(finer * 4 * (2 * spread + forgone))  # a quarter of a lease outweighs points and targets
    shared = max(1, int(rows.scope[rows.tier == TARGET].sum(axis=0).max(initial=0)))
    read = np.bitwise_or.reduce(rows.public | rows.excluded) if len(rows) else np.int64(0)
    signatures, signature = np.unique(sitting.signature[applicants] & read, return_inverse=True)
    low, table = needed(rows), _coefficients(rows, signatures)
    penalty = np.where(rows.tier == LEGAL, legal, int(finer * forgone / shared))
    alone = rows.scope.sum(axis=1) == 1
    saved = np.zeros((places, len(signatures)), dtype=np.int64)
    less_short = np.maximum(0, low)[:, None] - np.maximum(0, low[:, None] - table)
    np.add.at(saved, rows.scope[alone].argmax(axis=1), (penalty[:, None] * less_short)[alone])
    row, kind, place, value = _sparse(table[~alone], rows.scope[~alone])
    problem = Problem(
        pair_applicant=applicant,
        pair_class=vacancy,
        pair_weight=(finer * UNIT * weight + luck)[applicant]
        + (saved - saved.min(initial=0))[vacancy, signature[applicant]],
        class_capacity=np.ones(places, dtype=np.int64),
        applicant_signature=signature,
        coef_row=row,
        coef_signature=kind,
        coef_class=place,
        coef_value=value,
        row_low=low[~alone],
        row_high=np.full(int((~alone).sum()), NO_HIGH),
        row_penalty=penalty[~alone],
        row_tier=rows.tier[~alone].astype(np.int64),
        row_label=np.array(rows.label, dtype=np.str_)[~alone],
        applicant_lottery=lottery,
    )
    return problem, applicants, finer


def _coefficients(rows: Rows, signatures: Amounts) -> Amounts:
    """Return what a lease of each signature adds to each row, (R, S): UNIT·[public] − percent, or nothing."""
    counts = (signatures[None, :] & rows.public[:, None]) != 0
    left_out = (signatures[None, :] & rows.excluded[:, None]) != 0
    table: Amounts = np.where(left_out, 0, UNIT * counts - rows.percent[:, None])
    return table


def _sparse(table: Amounts, scope: Bools) -> tuple[Amounts, Amounts, Amounts, Amounts]:
    """Return (row, signature, vacancy, value) of every coefficient that is not zero."""
    row, place = np.nonzero(scope)
    value = table[row]
    pair, kind = np.nonzero(value)
    return row[pair], kind, place[pair], value[pair, kind]


def shortfall(sitting: Sitting, rows: Rows, lead: Amounts) -> NDArray[np.float64]:
    """Return how many leases each row is short of its need if the first of each list signs, (R,).

    `lead` holds the first of the lists of the vacancies that the rows bear on, NOBODY where empty.
    """
    signed = np.flatnonzero(lead != NOBODY)
    table = _coefficients(rows, sitting.signature[lead[signed]].astype(np.int64))
    reached = (table * rows.scope[:, signed]).sum(axis=1)
    short: NDArray[np.float64] = np.maximum(0, needed(rows) - reached) / UNIT
    return short
