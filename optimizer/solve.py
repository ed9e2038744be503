"""What is the best verified answer to a match problem, and what does each row cost?

This is the weighted form: Σ weight − Σ penalty · shortfall in one objective; `lexicographic.py` builds on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.claims import claims, crowded
from optimizer.clock import Clock
from optimizer.columns import TOLERANCE, Priced, class_order, first_pool, price_out, tolerance, whole_units
from optimizer.columns import prices as prices_of
from optimizer.equals import WORK, Held, settled
from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem
from optimizer.relaxation import Basis, Floats, Mix, Programme, Relaxation
from optimizer.shards import parts_of, start_from_parts
from optimizer.stating import Stated, state
from optimizer.ties import lowest_in_lottery, settle
from optimizer.turns import BEYOND, in_turns
from optimizer.verify import PRICE_UNIT, verify
from optimizer.whole import SEARCHED, Whole, best_whole, worth

EXACT = 2**53
"""Whole numbers up to this are exact in floating point."""


@dataclass(frozen=True)
class Stage:
    """One stage of an answer: what it pursued, how far it came and how far it could have come.

    `objective` and `bound` are to be raised for fill and weight, to be lowered for what rows are short of;
    the bound is None where none is sought.
    """

    name: str
    objective: int
    bound: int | None
    gap: float | None
    proved_by: str | None


@dataclass(frozen=True, eq=False)
class Start:
    """Where the search of a problem alike may begin: pairs of the last pool, and the basis it ended on."""

    pool: Ints
    basis: Basis


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
    class_price, applicant_price, row_price, group_price : (C,), (A,), (R,), (G,) int64, in 1/PRICE_UNIT of
        weight; a row price is > 0 on the ceiling, < 0 on the floor
    bound, gap : no answer is worth more than bound; gap = (bound − objective) / max(1, |objective|)
    certified : whether the gap is within the gap asked for
    proved_by : "lp" when the prices prove that no answer is better, "mip" when only the branch and bound
        does, None when nothing does
    stopped : whether a time limit came first
    rounds, pool : pricing rounds and pairs in the last pool
    start : where the search of a problem alike may begin
    stages : one in the weighted form; those of `lexicographic.solve_in_stages` there
    ties : how far equal answers are told apart by the lottery: `equals.SETTLED`, to the last number;
        `equals.SUM`, to the sum of numbers; None, no further than they fell, or the best is not proved
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
    group_price: Ints
    bound: int
    gap: float
    certified: bool
    proved_by: str | None
    stopped: bool
    rounds: int
    pool: int
    start: Start | None = field(repr=False, compare=False)
    stages: tuple[Stage, ...] = ()
    ties: str | None = None


def solve(
    problem: Problem,
    *,
    prices: Mapping[str, float] | None = None,
    trusted: bool = False,
    gap: float = 0.0,
    time_limit: float | None = None,
    start: Start | None = None,
    lottery: bool = True,
    stages: Sequence[Held] = (),
    tie_work: int = WORK,
    searched: int = SEARCHED,
) -> Answer:
    """Return the answer of greatest Σ weight − Σ penalty · shortfall, ties by fill, then by lottery.

    1. State the problem: locked pairs are given, the free ones remain.
    2. Find the best mix over all pairs, in parts allowed, by pricing columns.
    3. Among the answers as good, find the fullest, then the lowest in the lottery, the same way.
    4. When parts of pairs remain, find the best whole answer among the pairs that can belong to one, or
       the first that is within `gap` of the bound.
    5. Verify in integers.

    Without a time limit the same input gives the same bytes: one thread. The order of the pairs and the
    numbers of the applicants do not matter. Earlier prices or a start bring the search nearer and may change
    which of several valid prices are returned.

    Parameters
    ----------
    prices : gain per unit by row label, as in `Answer.prices`; a row with floor and ceiling is ignored
    trusted : leave out the checks that read the arrays' values
    gap : relative gap to the bound at which a whole answer is good enough; ties are then left as they
        fall, in an order that does not depend on the caller's. 0 asks for the best, ties settled
    time_limit : in seconds; the best verified answer by then is returned
    start : of an answer to a problem with the same pairs, classes, applicants and rows
    lottery : false leaves ties as they fall, whatever the gap
    stages : what the objective is made of, where it stands for stages, by pair and row of the problem: fill
        first; equal answers are then equal in each
    tie_work : pairs given to the searches that tell equal answers apart where prices do not, all together
    searched : pairs given to a search for the best whole answer at most; where it would need more, nothing
        proves the answer

    Raises
    ------
    ValueError
        when the problem is malformed or a price names no row.
    RuntimeError
        when the verifier refuses the answer.
    OverflowError
        when an objective or prices are beyond what is counted to the unit.
    """
    clock = Clock.of(time_limit)
    problem.check(trusted=trusted)
    stated = state(problem)
    programme = stated.programme
    relaxation = Relaxation(programme)
    if programme.places > BEYOND and start is None:
        answer, priced = in_turns(programme, clock)
        ties = None
    else:
        priced = _priced(problem, stated, relaxation, prices or {}, start, gap, clock)
        _hold_exact(priced.mix.objective)
        equal = _held(stated, stages) if lottery and not gap else ()
        answer, ties = _whole(programme, priced, gap, clock, equal, tie_work, searched)
    chosen = answer.pairs[class_order(programme, answer.pairs)]
    found = _verified(problem, stated, priced, relaxation, chosen, answer.proved, gap, clock)
    return found if found.proved_by is None else replace(found, ties=ties)


def _priced(
    problem: Problem,
    stated: Stated,
    relaxation: Relaxation,
    prices: Mapping[str, float],
    start: Start | None,
    gap: float,
    clock: Clock,
) -> Priced:
    """Return the best mix over all pairs, from the start there is: a last answer, parts or prices."""
    programme, known = stated.programme, None
    parts = parts_of(programme)
    if start is not None:
        pool = stated.positions(start.pool, problem.pairs)
        relaxation.resume(pool, start.basis)
    elif crowded(programme) and not prices:
        first = claims(programme)
        pool = first.pool
        relaxation.begin(first.chosen)
    elif parts > 1:
        pool, known = start_from_parts(programme, parts, clock)
    else:
        pool = first_pool(programme, _toll(problem, programme, prices))
    priced = price_out(
        programme, pool, gap=gap / 2, exact=not gap, clock=clock, relaxation=relaxation, known=known
    )
    if priced is not None:
        return priced
    # The time was up before the first mix: all prices are zero, or those known, and nothing is placed yet.
    classes, rows = np.zeros(programme.capacity.size), np.zeros(programme.row_low.size)
    mix = Mix(np.zeros(pool.size), 0.0, classes, rows)
    return Priced(mix, pool, known or prices_of(programme, classes, rows), 0, False)


def _held(stated: Stated, stages: Sequence[Held]) -> tuple[Held, ...]:
    """Return what equal answers have in common, by pair and row of the programme: the worth, or stages."""
    programme = stated.programme
    if not stages:
        penalty = np.where(np.isinf(programme.row_penalty), 0.0, programme.row_penalty)
        return (Held(programme.value, penalty),)
    groups = np.zeros(programme.row_low.size - stages[0].penalty.size)
    return tuple(
        Held(stated.of_pairs(stage.gain), np.concatenate([stage.penalty, groups])) for stage in stages
    )


def _whole(
    programme: Programme,
    priced: Priced,
    gap: float,
    clock: Clock,
    equal: Sequence[Held],
    tie_work: int,
    searched: int,
) -> tuple[Whole, str | None]:
    """Return the best whole answer of a mix, and how far its ties are settled.

    Where `equal` says what equal answers have in common, the lottery settles them; else they are left.
    """
    in_units = abs(priced.bound - np.rint(priced.bound)) <= TOLERANCE  # else no whole answer is worth it
    chosen, equals = priced.chosen, None
    if equal and priced.optimal and in_units:
        chosen, equals = lowest_in_lottery(programme, priced, clock) or (None, None)
    found = None
    if chosen is not None:
        missing = whole_units(priced.bound) - worth(programme, chosen)
        if missing <= gap * abs(priced.bound):
            found = Whole(chosen, missing <= 0)
    if found is None:
        found, equals = best_whole(programme, priced, gap, clock, searched), None
    if not equal or (searched < SEARCHED and not found.proved):
        return found, None
    exchanged = settle(programme, priced, found.pairs)
    by_prices = equals is not None
    if equals is None:
        lost = priced.bound - worth(programme, exchanged)
        equals = np.flatnonzero(priced.loss(programme) <= lost + tolerance(priced.bound))
    pairs, ties = settled(programme, equals, exchanged, equal, clock, by_prices=by_prices, work=tie_work)
    return Whole(pairs, found.proved), ties


def _verified(
    problem: Problem,
    stated: Stated,
    priced: Priced,
    relaxation: Relaxation,
    chosen: Ints,
    proved: bool,
    gap: float,
    clock: Clock,
) -> Answer:
    """Return an answer in the problem's numbers, once the verifier has recomputed it."""
    pair = stated.pairs(chosen)
    if stated.given.size:
        pair = np.concatenate([pair, stated.given])
        lottery = problem.applicant_lottery[problem.pair_applicant[pair]]
        pair = pair[np.lexsort((lottery, problem.pair_class[pair]))]
    claim = worth(stated.programme, chosen)
    _hold_exact(abs(claim) + int(problem.pair_weight[stated.given].sum()))
    unit_price, class_price = _in_units(priced.prices.row_price), _in_units(priced.prices.class_price)
    row_price, group_price = unit_price[: problem.rows], unit_price[problem.rows :]
    claimed = None  # a group is over its places: the verifier says which
    if np.isfinite(claim):
        claimed = round(claim) + int(problem.pair_weight[stated.given].sum())
    found = verify(problem, pair, class_price, row_price, group_price, objective=claimed)
    if found.violations:
        raise RuntimeError("réponse refusée par la vérification : " + " ; ".join(found.violations))
    by_prices = found.bound == found.objective
    proved_by = "lp" if by_prices else "mip" if proved else None
    return Answer(
        pair=pair,
        objective=found.objective,
        weight=found.weight,
        fill=found.fill,
        shortfall=found.shortfall,
        prices=np.abs(row_price) / PRICE_UNIT,
        class_price=class_price,
        applicant_price=found.applicant_price,
        row_price=row_price,
        group_price=group_price,
        bound=found.bound,
        gap=found.gap,
        certified=found.gap <= gap,
        proved_by=proved_by,
        stopped=clock.over and not by_prices,
        rounds=priced.rounds,
        pool=priced.pool.size,
        start=Start(stated.pairs(priced.pool), relaxation.basis(priced.pool)),
        stages=(Stage("objective", found.objective, found.bound, found.gap, proved_by),),
    )


def _hold_exact(objective: float) -> None:
    """Refuse an objective that cannot be counted to the unit."""
    if EXACT <= abs(objective) < np.inf:
        raise OverflowError(
            "valeurs trop grandes : l'objectif dépasse les entiers exacts en virgule flottante"
        )


def _in_units(price: Floats) -> Ints:
    """Return prices in the verifier's integers; any integers prove something, so the largest are cut."""
    known = np.where(np.isnan(price), 0.0, price)
    units: Ints = np.rint(np.clip(known * PRICE_UNIT, -(2.0**61), 2.0**61)).astype(np.int64)
    return units


def _toll(problem: Problem, programme: Programme, prices: Mapping[str, float]) -> Floats | None:
    """Return what earlier prices take from a pair of each cell, None where they take nothing."""
    if not prices:
        return None
    labels = {str(label): row for row, label in enumerate(problem.row_label)}
    unknown = [label for label in prices if label not in labels]
    if unknown:
        raise ValueError(f"prix de lignes inconnues : {', '.join(unknown)} ; connues : {', '.join(labels)}")
    signed = np.zeros(programme.row_low.size)
    for label, price in prices.items():
        row = labels[label]
        floor, ceiling = problem.row_low[row] != NO_LOW, problem.row_high[row] != NO_HIGH
        signed[row] = price * (int(ceiling) - int(floor))
    return programme.toll(np.zeros(programme.capacity.size), signed) if signed.any() else None
