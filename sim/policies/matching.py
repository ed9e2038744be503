"""How does a sitting become a matching problem, and its answer lists?

Not a policy: what the jointly matched policies share. The weight of a pair is the demand's points in the
scenario's form; rows are elastic. A target row may override at most `max_points_forgone` points a lease; a
legal row outweighs any points; filling a dwelling outweighs both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer import NO_HIGH, Problem, solve
from optimizer.lists import complete
from optimizer.problem import MAX_WEIGHT
from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.rules.quotas import LEGAL, UNIT, Rows, needed

Amounts = NDArray[np.int64]

LOTS = 32
"""At most so many times finer than a hundredth of a point are weights, to leave room for the lottery."""

GAP = 1e-3
"""Certified relative gap a sitting of a long simulation may keep; the one reached stands in the evidence."""

STEPS = 1000
"""Resolution of the `rank` and `log` forms of points: from 0 to this."""


def match(sitting: Sitting, rows: Rows) -> Shortlist:
    """Match every vacancy of the sitting with at most one demand, then complete the lists.

    1. Weigh the demands; scale weights by UNIT so that a hundredth of a lease has an integer penalty, and
       finer so that all lottery numbers together weigh less than a point.
    2. Solve: fill first, legal rows, target rows within their limit, points, then the lottery.
    3. Complete ranks 2 and after, same publics first.
    """
    fillable = np.diff(sitting.pool_start) > 0
    rows = replace(rows, scope=rows.scope & fillable)  # a dwelling nobody fits owes nothing
    rows = rows.select(rows.scope.any(axis=1))
    problem, applicants, finer = _problem(sitting, rows)
    answer = solve(problem, trusted=True, gap=GAP)
    pairs = complete(problem, answer, sitting.list_length, sitting.max_lists)
    lists = np.full((len(sitting), sitting.list_length), NOBODY, dtype=np.int64)
    if pairs.shape[1]:
        listed = pairs[:, 0] >= 0
        lists[listed] = applicants[problem.pair_applicant[pairs[:, 0][listed]]]
    evidence = {
        "rows": rows.label,
        "shortfall": (answer.shortfall / UNIT).tolist(),
        "prices": dict(zip(rows.label, (answer.prices / finer).tolist(), strict=True)),
        "gap": answer.gap,
        "proved_by": answer.proved_by,
    }
    return Shortlist(lists, None, evidence)


def weights(points: Amounts, form: str) -> tuple[Amounts, float]:
    """Return non-negative integer weights of points in a form, and how many weight units one point is worth.

    `points`: as they are. `rank`: from 0 to STEPS by dense rank. `log`: from 0 to STEPS by logarithm.
    """
    if not len(points):
        return points, 1.0
    above = points - points.min()
    spread = max(int(above.max()), 1)
    if form == "points":
        return above, 1.0
    if form == "rank":
        levels, dense = np.unique(above, return_inverse=True)
        return (dense * STEPS // max(len(levels) - 1, 1)).astype(np.int64), STEPS / spread
    return np.round(STEPS * np.log1p(above) / np.log1p(spread)).astype(np.int64), STEPS / spread


def _problem(sitting: Sitting, rows: Rows) -> tuple[Problem, Amounts, int]:
    """Return the problem, the sitting's position of each of its applicants, and how much finer it weighs."""
    applicants, applicant = np.unique(sitting.pool, return_inverse=True)
    vacancy = np.repeat(np.arange(len(sitting)), np.diff(sitting.pool_start))
    weight, a_point = weights(sitting.points[applicants], sitting.weight)
    spread = max(int(weight.max(initial=0)), 1)
    target = max(1, round(sitting.max_points_forgone * a_point))
    legal = 4 * (spread + target)  # a quarter of a lease outweighs any points and any target
    filling = legal * (1 + len(set(rows.rule))) + spread
    finer = max(1, min(LOTS, MAX_WEIGHT // (UNIT * (filling + spread + 1))))
    lottery = np.empty(len(applicants), dtype=np.int64)
    lottery[np.argsort(sitting.lottery[applicants], kind="stable")] = np.arange(len(applicants))
    fillable = int((np.diff(sitting.pool_start) > 0).sum())
    luck = (len(applicants) - 1 - lottery) * (finer * UNIT // (fillable + 1)) // max(len(applicants), 1)
    read = np.bitwise_or.reduce(rows.public | rows.excluded) if len(rows) else np.int64(0)
    signatures, signature = np.unique(sitting.signature[applicants] & read, return_inverse=True)
    row, kind, place, value = _coefficients(rows, signatures)
    problem = Problem(
        pair_applicant=applicant,
        pair_class=vacancy,
        pair_weight=(finer * UNIT * (filling + weight) + luck)[applicant],
        class_capacity=np.ones(len(sitting), dtype=np.int64),
        applicant_signature=signature,
        coef_row=row,
        coef_signature=kind,
        coef_class=place,
        coef_value=value,
        row_low=needed(rows),
        row_high=np.full(len(rows), NO_HIGH),
        row_penalty=finer * np.where(rows.tier == LEGAL, legal, target),
        row_tier=rows.tier.astype(np.int64),
        row_label=np.array(rows.label, dtype=np.str_),
        applicant_lottery=lottery,
    )
    return problem, applicants, finer


def _coefficients(rows: Rows, signatures: Amounts) -> tuple[Amounts, Amounts, Amounts, Amounts]:
    """Return the sparse coefficients: UNIT·[public] − percent for leases that are not excluded."""
    row, place = np.nonzero(rows.scope)
    counts = (signatures[None, :] & rows.public[:, None]) != 0
    left_out = (signatures[None, :] & rows.excluded[:, None]) != 0
    table = np.where(left_out, 0, UNIT * counts - rows.percent[:, None])  # (R, signatures)
    value = table[row]
    pair, kind = np.nonzero(value)
    return row[pair], kind, place[pair], value[pair, kind]
