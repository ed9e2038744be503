"""Is an answer feasible, what is it worth, and how much better could any answer be?

Integers only, over all pairs, and no solver: whatever prices are given, rounded or wrong, the bound holds
(weak duality). It does not look for prices and does not judge ties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem, lines

PRICE_UNIT = 2**16
"""Prices are integers in 1/65,536 of a unit of weight."""

_LARGEST = 2**62


@dataclass(frozen=True)
class Verified:
    """What the verifier recomputed; `gap` = (bound − objective) / max(1, |objective|)."""

    objective: int
    weight: int
    fill: int
    shortfall: Ints  # (R,)
    bound: int
    gap: float
    applicant_price: Ints  # (A,) the smallest that the other prices allow, in 1/PRICE_UNIT
    violations: tuple[str, ...]


def verify(
    problem: Problem,
    pairs: Ints,
    class_price: Ints,
    row_price: Ints,
    group_price: Ints | None = None,
    *,
    objective: int | None = None,
) -> Verified:
    """Recompute an answer's feasibility, objective and upper bound.

    1. Check that the pairs exist, at most one per applicant, at most the capacity per class and group;
       that locked pairs are among them and forbidden ones are not.
    2. Sum weights and rows; the objective is Σ weight − Σ penalty · shortfall.
    3. Any prices give a bound: Σ over applicants of their best pair net of prices (at least 0)
       + Σ capacity · class price + Σ capacity · group price + Σ limit · row price, rounded down since every
       objective is an integer. A locked applicant has his locked pair alone.

    Parameters
    ----------
    pairs : (S,) int64, the chosen pairs
    class_price : (C,) int64, in 1/PRICE_UNIT of weight; below 0 counts as 0
    row_price : (R,) int64, in 1/PRICE_UNIT; > 0 presses on the ceiling, < 0 on the floor; a price on a
        limit that does not exist counts as 0, one beyond the penalty as the penalty
    group_price : (G,) int64, in 1/PRICE_UNIT of weight; below 0 counts as 0
    objective : what the answer claims, if it claims something

    Raises
    ------
    OverflowError
        when a sum could leave int64.
    """
    violations = _violations(problem, pairs)
    inside = pairs[(pairs >= 0) & (pairs < problem.pairs)]
    known = np.unique(problem.coef_signature)
    line = lines(known, problem.applicant_signature).astype(np.int32)
    coef_cell = lines(known, problem.coef_signature) * problem.classes + problem.coef_class
    chosen_cell = line[problem.pair_applicant[inside]] * problem.classes + problem.pair_class[inside]
    chosen = np.bincount(chosen_cell, minlength=(known.size + 1) * problem.classes)
    sums = np.zeros(problem.rows, dtype=np.int64)
    np.add.at(sums, problem.coef_row, problem.coef_value * chosen[coef_cell])
    below = np.where(problem.row_low == NO_LOW, 0, problem.row_low - sums)
    above = np.where(problem.row_high == NO_HIGH, 0, sums - problem.row_high)
    shortfall = np.maximum(0, np.maximum(below, above))

    weight = _sum(problem.pair_weight[inside])
    value = weight - _dot(problem.row_penalty, shortfall)
    if objective is not None and objective != value:
        violations.append(f"objectif annoncé {objective}, recalculé {value}")

    most = np.minimum(problem.row_penalty, _LARGEST // PRICE_UNIT) * PRICE_UNIT
    most_up = np.where(problem.row_high == NO_HIGH, 0, most)
    row_price = np.clip(row_price, -np.where(problem.row_low == NO_LOW, 0, most), most_up)
    class_price = np.maximum(class_price, 0)
    group_price = np.maximum(np.zeros(problem.groups, np.int64) if group_price is None else group_price, 0)
    worst_cell = _largest(problem.coef_value) * sum(np.abs(row_price).tolist())
    worst_place = _largest(class_price) + _largest(group_price)
    if _largest(problem.pair_weight) * PRICE_UNIT + worst_place + worst_cell > _LARGEST:
        raise OverflowError("prix trop grands pour être vérifiés en entiers de 64 bits")
    toll = np.tile(class_price + np.append(group_price, 0)[problem.group], known.size + 1)
    np.add.at(toll, coef_cell, problem.coef_value * row_price[problem.coef_row])
    applicant_price = _applicant_prices(problem, toll, line)
    limit = np.where(row_price > 0, problem.row_high, np.where(row_price < 0, problem.row_low, 0))
    total = _sum(applicant_price) + _dot(problem.class_capacity, class_price)
    total += _dot(problem.group_capacity, group_price) + _dot(limit, row_price)
    bound = total // PRICE_UNIT
    if not violations and bound < value:
        violations.append(f"borne {bound} au-dessous de l'objectif {value}")
    gap = (bound - value) / max(1, abs(value))
    return Verified(value, weight, inside.size, shortfall, bound, gap, applicant_price, tuple(violations))


def _applicant_prices(problem: Problem, toll: Ints, line: NDArray[np.int32]) -> Ints:
    """Return each applicant's best pair net of prices, at least 0, or his locked pair, (A,)."""
    margin = problem.pair_weight * PRICE_UNIT
    margin -= toll[line[problem.pair_applicant] * np.int64(problem.classes) + problem.pair_class]
    price = np.zeros(problem.applicants, dtype=np.int64)
    if problem.pair_lock is None:
        np.maximum.at(price, problem.pair_applicant, margin)
        return price
    free, locked = problem.pair_lock == 0, problem.pair_lock == 1
    np.maximum.at(price, problem.pair_applicant[free], margin[free])
    price[problem.pair_applicant[locked]] = margin[locked]
    return price


def _violations(problem: Problem, pairs: Ints) -> list[str]:
    found = [f"paire {p} absente du problème" for p in pairs[(pairs < 0) | (pairs >= problem.pairs)]]
    inside = pairs[(pairs >= 0) & (pairs < problem.pairs)]
    times = np.bincount(problem.pair_applicant[inside], minlength=problem.applicants)
    found += [f"candidat {a} placé {times[a]} fois, attendu au plus 1" for a in np.flatnonzero(times > 1)]
    used = np.bincount(problem.pair_class[inside], minlength=problem.classes)
    full = problem.class_capacity
    found += [f"classe {c} : {used[c]} placés, capacité {full[c]}" for c in np.flatnonzero(used > full)]
    held = np.bincount(problem.group[problem.pair_class[inside]] + 1, minlength=problem.groups + 1)[1:]
    full = problem.group_capacity
    found += [f"groupe {g} : {held[g]} placés, capacité {full[g]}" for g in np.flatnonzero(held > full)]
    found += [f"paire {p} interdite" for p in inside[problem.lock[inside] == -1]]
    missing = [p for p in np.flatnonzero(problem.lock == 1) if p not in inside]
    return found + [f"paire {p} verrouillée, absente de la réponse" for p in missing]


def _largest(values: Ints) -> int:
    return int(np.abs(values).max(initial=0))


def _dot(first: Ints, second: Ints) -> int:
    """Return Σ first · second in Python integers, which cannot overflow."""
    return sum(a * b for a, b in zip(first.tolist(), second.tolist(), strict=True))


def _sum(values: Ints) -> int:
    """Return Σ values exactly, however many: high and low halves are summed apart."""
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())
