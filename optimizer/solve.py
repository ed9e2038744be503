"""What is the best verified answer to a match problem, and what does each row cost?

This is the weighted form: Σ weight − Σ penalty · shortfall in one objective. The lexicographic form and
locked pairs are left out on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from optimizer.columns import TOLERANCE, class_order, first_pool, price_out
from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem
from optimizer.relaxation import Floats, Programme
from optimizer.ties import lowest_in_lottery, settle
from optimizer.verify import PRICE_UNIT, verify
from optimizer.whole import best_whole, worth


@dataclass(frozen=True)
class Answer:
    """A verified answer; bound and gap are the verifier's, over all pairs.

    Attributes
    ----------
    pair : (S,) int64, the chosen pairs by class, then lottery
    objective, weight, fill : int, Σ weight − Σ penalty · shortfall; Σ weight; number placed
    shortfall : (R,) int64, in units of the row
    prices : (R,) float ≥ 0, gain of the objective when the row is relaxed by one unit; where several
        prices prove the same bound it is one of them, at least the gain: see `gains.gain_if_relaxed`
    class_price, applicant_price, row_price : (C,), (A,), (R,) int64, in 1/PRICE_UNIT of weight; a row
        price is > 0 on the ceiling, < 0 on the floor
    bound, gap : no answer is worth more than bound; gap = (bound − objective) / max(1, |objective|)
    proved_by : "lp" when the prices prove it; "mip" when only the branch and bound does
    rounds, pool : pricing rounds and pairs in the last pool
    """

    pair: Ints
    objective: int
    weight: int
    fill: int
    shortfall: Ints
    prices: Floats
    class_price: Ints
    applicant_price: Ints
    row_price: Ints
    bound: int
    gap: float
    proved_by: str
    rounds: int
    pool: int


def solve(
    problem: Problem,
    *,
    prices: Mapping[str, float] | None = None,
    trusted: bool = False,
    gap: float = 0.0,
) -> Answer:
    """Return the answer of greatest Σ weight − Σ penalty · shortfall, ties by fill, then by lottery.

    1. Find the best mix over all pairs, in parts allowed, by pricing columns.
    2. Among the answers as good, find the fullest, then the lowest in the lottery, the same way.
    3. When parts of pairs remain, find the best whole answer among the pairs that can belong to one, or
       the first that is within `gap` of the bound.
    4. Verify in integers.

    The same input gives the same bytes: one thread, no time limit. The order of the pairs and the numbers
    of the applicants do not matter. Prices of the last solve start the search nearer and may change which
    of several valid prices are returned.

    Parameters
    ----------
    prices : gain per unit by row label, as in `Answer.prices`; a row with floor and ceiling is ignored
    trusted : leave out the checks that read the arrays' values
    gap : relative gap to the bound at which a whole answer is good enough; ties are then left as they
        fall, in an order that does not depend on the caller's. 0 asks for the best, ties settled

    Raises
    ------
    ValueError
        when the problem is malformed or a price names no row.
    RuntimeError
        when the verifier refuses the answer.
    """
    problem.check(trusted=trusted)
    order = _class_order(problem)
    programme = _programme(problem, order)
    priced = price_out(programme, first_pool(programme, _toll(problem, programme, prices or {})))
    if priced is None:
        raise RuntimeError("aucun mélange trouvé, alors que ne placer personne en est un")
    chosen = priced.chosen if gap else lowest_in_lottery(programme, priced)
    if chosen is None or worth(programme, chosen) < np.floor(priced.mix.objective + TOLERANCE):
        chosen = best_whole(programme, priced, gap)
    objective = worth(programme, chosen)
    chosen = chosen if gap else settle(programme, priced, chosen)
    chosen = chosen[class_order(programme, chosen)]

    class_price = np.rint(priced.mix.class_price * PRICE_UNIT).astype(np.int64)
    row_price = np.rint(priced.mix.row_price * PRICE_UNIT).astype(np.int64)
    pair = chosen if order is None else order[chosen]
    verified = verify(problem, pair, class_price, row_price, objective=round(objective))
    if verified.violations:
        raise RuntimeError("réponse refusée par la vérification : " + " ; ".join(verified.violations))
    return Answer(
        pair=pair,
        objective=verified.objective,
        weight=verified.weight,
        fill=verified.fill,
        shortfall=verified.shortfall,
        prices=np.abs(row_price) / PRICE_UNIT,
        class_price=class_price,
        applicant_price=verified.applicant_price,
        row_price=row_price,
        bound=verified.bound,
        gap=verified.gap,
        proved_by="lp" if verified.bound == verified.objective else "mip",
        rounds=priced.rounds,
        pool=priced.pool.size,
    )


def _class_order(problem: Problem) -> Ints | None:
    """Return the pairs in class order, None when they come so."""
    if np.all(problem.pair_class[1:] >= problem.pair_class[:-1]):
        return None
    return np.argsort(problem.pair_class, kind="stable")


def _programme(problem: Problem, order: Ints | None) -> Programme:
    everything: slice | Ints = slice(None) if order is None else order
    applicant, group = problem.pair_applicant[everything], problem.pair_class[everything]
    known = np.unique(problem.coef_signature)
    line = np.where(  # line 0: signatures that no row names
        np.isin(problem.applicant_signature, known),
        np.searchsorted(known, problem.applicant_signature) + 1,
        0,
    )
    coef_cell = (np.searchsorted(known, problem.coef_signature) + 1) * problem.classes + problem.coef_class
    effects = csr_matrix(
        (problem.coef_value.astype(np.float64), (coef_cell, problem.coef_row)),
        shape=((known.size + 1) * problem.classes, problem.rows),
    )
    return Programme(
        applicant=applicant,
        group=group,
        cell=line[applicant] * problem.classes + group,
        value=problem.pair_weight[everything],
        lottery=problem.applicant_lottery[applicant],
        must=np.zeros(problem.applicants, dtype=bool),
        capacity_low=np.zeros(problem.classes),
        capacity=problem.class_capacity.astype(np.float64),
        effects=effects,
        row_low=np.where(problem.row_low == NO_LOW, -np.inf, problem.row_low),
        row_high=np.where(problem.row_high == NO_HIGH, np.inf, problem.row_high),
        row_penalty=problem.row_penalty.astype(np.float64),
    )


def _toll(problem: Problem, programme: Programme, prices: Mapping[str, float]) -> Ints:
    """Return what earlier prices take from a pair of each cell, in whole units of weight."""
    labels = {str(label): row for row, label in enumerate(problem.row_label)}
    unknown = [label for label in prices if label not in labels]
    if unknown:
        raise ValueError(f"prix de lignes inconnues : {', '.join(unknown)} ; connues : {', '.join(labels)}")
    signed = np.zeros(problem.rows)
    for label, price in prices.items():
        row = labels[label]
        floor, ceiling = problem.row_low[row] != NO_LOW, problem.row_high[row] != NO_HIGH
        signed[row] = price * (int(ceiling) - int(floor))
    toll: Ints = np.rint(programme.effects @ signed).astype(np.int64)
    return toll
