"""What is the best verified answer to a match problem, and what does each row cost?

This is the weighted form: Σ weight − Σ penalty · shortfall in one objective. The lexicographic form and
locked pairs are left out on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from optimizer.columns import TOLERANCE, Priced, first_pool, price_out
from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem
from optimizer.relaxation import Floats, Programme, whole
from optimizer.ties import equally_good, preference, settle
from optimizer.verify import PRICE_UNIT, verify

_FEW = 400  # pairs in the first attempt at a whole answer, beside ten per vacancy


@dataclass(frozen=True)
class Answer:
    """A verified answer; bound and gap are the verifier's, over all pairs.

    Attributes
    ----------
    pair : (S,) int64, the chosen pairs by class, then lottery
    objective, weight, fill : int, Σ weight − Σ penalty · shortfall; Σ weight; number placed
    shortfall : (R,) int64, in units of the row
    prices : (R,) float ≥ 0, gain of the objective when the row is relaxed by one unit
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


def solve(problem: Problem, *, prices: Mapping[str, float] | None = None, trusted: bool = False) -> Answer:
    """Return the answer of greatest Σ weight − Σ penalty · shortfall, ties by fill, then by lottery.

    1. Find the best mix over all pairs, in parts allowed, by pricing columns.
    2. When it has parts of pairs, find the best whole answer among the pairs that can belong to one.
    3. Among the answers as good, take the fullest, then the lowest in the lottery.
    4. Verify in integers.

    The same input gives the same bytes: one thread, no time limit. The order of the pairs and the numbers
    of the applicants do not matter. Prices of the last solve start the search nearer and may change which
    of several valid prices are returned.

    Parameters
    ----------
    prices : gain per unit by row label, as in `Answer.prices`; a row with floor and ceiling is ignored
    trusted : leave out the checks that read the arrays' values

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
    chosen = priced.chosen
    if chosen is None:
        chosen = _best_whole(programme, priced, np.empty(0, dtype=np.int64))
    objective = _worth(programme, chosen)
    chosen = settle(programme, priced, _by_lottery(programme, priced, chosen, objective))
    chosen = chosen[np.lexsort((programme.lottery[chosen], programme.group[chosen]))]

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


def _best_whole(programme: Programme, priced: Priced, feasible: Ints) -> Ints:
    """Return the best answer in whole pairs, given a feasible one.

    A pair that loses more to its prices than the best mix is worth over a known answer cannot belong to a
    better answer; the search is over the pairs that lose at most `width`, widened until that is a proof.
    """
    loss = priced.applicant_price[programme.applicant] - priced.margin
    wanted = _FEW + 10 * int(min(programme.capacity.sum(), priced.pool.size))
    in_pool = loss[priced.pool]
    width = float(np.partition(in_pool, wanted)[wanted]) if wanted < in_pool.size else float(in_pool.max())
    while True:
        pool = np.union1d(np.flatnonzero(loss <= width + TOLERANCE), feasible)
        pool = pool[np.lexsort((programme.lottery[pool], programme.group[pool]))]
        chosen = whole(programme, pool)
        if chosen is None:
            raise RuntimeError("aucune réponse entière trouvée, alors qu'une est connue")
        missing = priced.mix.objective - _worth(programme, chosen)
        if missing <= width + TOLERANCE:
            return chosen
        width = missing


def _by_lottery(programme: Programme, priced: Priced, chosen: Ints, objective: float) -> Ints:
    """Return the fullest answer worth as much, with the lowest sum of lottery numbers."""
    missing = priced.mix.objective - objective
    if missing <= TOLERANCE:
        face, kept = equally_good(programme, priced)
        feasible = np.flatnonzero(np.isin(kept, chosen))
        best = price_out(face, np.union1d(feasible, first_pool(face, np.zeros(face.effects.shape[0], int))))
        if best is not None:
            found = best.chosen
            return kept[_best_whole(face, best, feasible) if found is None else found]
    loss = priced.applicant_price[programme.applicant] - priced.margin
    pool = np.flatnonzero(loss <= missing + TOLERANCE)
    pool = pool[np.lexsort((programme.lottery[pool], programme.group[pool]))]
    found = whole(programme, pool, preference(programme)[pool], round(objective))
    return chosen if found is None else found


def _worth(programme: Programme, chosen: Ints) -> float:
    weight = float(programme.value[chosen].sum())
    soft = np.isfinite(programme.row_penalty)
    if not soft.any():
        return weight
    sums = np.asarray(programme.effects[programme.cell[chosen]].sum(axis=0)).ravel()
    shortfall = np.maximum(0, np.maximum(programme.row_low - sums, sums - programme.row_high))
    return weight - float(programme.row_penalty[soft] @ shortfall[soft])
