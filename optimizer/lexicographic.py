"""What is the best answer when fill comes before the law, the law before targets, targets before weight?

Each stage is a weighted problem like any other, solved and verified as one: a place, a unit short of a legal
row and a unit short of a target are given worths in that order, large enough that the answer reaches the best
of each stage; whether they were large enough is checked against a bound of that stage, not believed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from optimizer.clock import Clock
from optimizer.equals import WORK, Held
from optimizer.problem import Ints, Problem
from optimizer.solve import Answer, Stage, Start, solve
from optimizer.whole import SEARCHED

LEGAL, TARGET = 0, 1
DEAREST = 2**40
"""No worth grows beyond this: prices must stay within the verifier's integers."""


class Worths(NamedTuple):
    """What a place filled, a unit short of the law and a unit short of a target are worth, in weight."""

    place: int
    legal: int
    target: int


class Reached(NamedTuple):
    """How far an answer comes: places filled, units short of legal rows, of targets."""

    fill: int
    legal: int
    target: int


def solve_in_stages(
    problem: Problem,
    *,
    prices: Mapping[str, float] | None = None,
    trusted: bool = False,
    gap: float = 0.0,
    time_limit: float | None = None,
    start: Start | None = None,
    tie_work: int = WORK,
    searched: int = SEARCHED,
) -> Answer:
    """Return the answer that fills most, then is least short of legal rows, of targets, then weighs most.

    1. Solve with worths that put the stages in order.
    2. For each stage in turn, find the best it can reach given those before; nothing is solved where the
       answer leaves nothing to gain.
    3. If the answer falls short of it, make what that stage pursues worth eight times more and go to 1.

    What rows are short of is summed in a common unit, the least multiple of their scales. Ties are parted by
    the lottery. Parameters and errors are those of `solve`; objective, bound, gap and prices of the answer
    are of the last stage, Σ weight, given what the stages before it reached: a row that is missed has no
    price there, since it comes before any weight.
    """
    clock = Clock.of(time_limit)
    problem.check(trusted=trusted)
    units = _units(problem)
    worths = _first_worths(problem, units)
    proved: dict[str, tuple[int, str | None]] = {}
    while True:
        weighted = _weighted(problem, units, worths)
        answer = solve(
            weighted,
            prices=prices,
            trusted=True,
            gap=gap,
            time_limit=clock.left,
            start=start,
            stages=_stages(problem, units),
            tie_work=tie_work,
            searched=searched,
        )
        start = answer.start
        reached = _reached(problem, units, answer)
        dearer = _fallen_short(problem, units, answer, reached, worths, proved, clock, searched)
        if dearer is None:
            return _told(problem, worths, answer, reached, proved, gap, clock)
        worths = dearer


def _units(problem: Problem) -> Ints:
    """Return what a unit short of each row counts in the common unit of its tier, (R,)."""
    units = np.ones(problem.rows, dtype=np.int64)
    for tier in (LEGAL, TARGET):
        inside = problem.row_tier == tier
        common = math.lcm(*problem.scale[inside].tolist())
        if common > DEAREST:
            raise OverflowError(f"row_scale : multiple commun {common}, attendu au plus {DEAREST}")
        units[inside] = common // problem.scale[inside]
    return units


def _first_worths(problem: Problem, units: Ints) -> Worths:
    """Return worths with which one pair seldom outweighs a stage before its own."""
    spread = int(problem.pair_weight.max(initial=0)) + 1
    step = {LEGAL: 1, TARGET: 1}
    if problem.coef_row.size:
        tier = problem.row_tier[problem.coef_row]
        size = np.abs(problem.coef_value) * units[problem.coef_row]
        step = {each: max(1, int(size[tier == each].max(initial=0))) for each in step}
    target = 2 * spread
    legal = 2 * target * step[TARGET]
    return Worths(2 * legal * step[LEGAL], legal, target)


def _weighted(problem: Problem, units: Ints, worths: Worths, *, weighs: bool = True) -> Problem:
    """Return the weighted problem of given worths; without weights when only the rows are of interest."""
    dearest = max(worths.place, worths.legal * int(units.max(initial=1)))
    if dearest > DEAREST * 2**6:
        raise OverflowError(f"une place ou un écart vaudrait {dearest}, trop pour être compté à l'unité")
    weight = problem.pair_weight if weighs else np.zeros(problem.pairs, dtype=np.int64)
    penalty = np.where(problem.row_tier == LEGAL, worths.legal, worths.target) * units
    return replace(problem, pair_weight=weight + worths.place, row_penalty=penalty)


def _stages(problem: Problem, units: Ints) -> tuple[Held, ...]:
    """Return what each stage before the lottery raises."""
    none, nothing = np.broadcast_to(np.int64(0), problem.pairs), np.zeros(problem.rows)
    one = np.broadcast_to(np.int64(1), problem.pairs)
    tiers = [np.where(problem.row_tier == tier, units, 0).astype(np.float64) for tier in (LEGAL, TARGET)]
    counted = [Held(none, tier) for tier in tiers if tier.any()]
    return Held(one, nothing), *counted, Held(problem.pair_weight, nothing)


def _reached(problem: Problem, units: Ints, answer: Answer) -> Reached:
    short = answer.shortfall * units
    legal, target = (int(short[problem.row_tier == tier].sum()) for tier in (LEGAL, TARGET))
    return Reached(answer.fill, legal, target)


def _fallen_short(
    problem: Problem,
    units: Ints,
    answer: Answer,
    reached: Reached,
    worths: Worths,
    proved: dict[str, tuple[int, str | None]],
    clock: Clock,
    searched: int,
) -> Worths | None:
    """Return dearer worths when a stage was not brought to its best, None when all were; note what is proved.

    `proved` keeps, for each stage, the best it can reach and how that was proved.
    """
    stages = (
        ("fill", -reached.fill, -_places(problem), Worths(1, 0, 0)),
        ("legal", reached.legal, 0, Worths(worths.place, 1, 0)),
        ("target", reached.target, 0, Worths(worths.place, worths.legal, 1)),
    )
    for place, (name, value, ideal, stage_worths) in enumerate(stages):
        if name not in proved and value <= ideal:
            proved[name] = (value, "lp")
        elif name not in proved and not clock.over:
            proved[name] = _best(problem, units, name, stage_worths, reached, answer, clock, searched)
        if name in proved and value > proved[name][0]:
            raised = [8 * worth if at <= place else worth for at, worth in enumerate(worths)]
            dearer = Worths(*raised)
            if clock.over or dearer.place > DEAREST:
                return None
            return dearer
    return None


def _places(problem: Problem) -> int:
    """Return how many places there are at most for the applicants there are."""
    wanted = np.zeros(problem.applicants, dtype=bool)
    wanted[problem.pair_applicant[problem.lock >= 0]] = True
    asked = np.bincount(problem.pair_class[problem.lock >= 0], minlength=problem.classes)
    places = np.minimum(problem.class_capacity, asked)
    alone = int(places[problem.group < 0].sum())
    grouped = np.bincount(problem.group + 1, weights=places, minlength=problem.groups + 1)[1:]
    together = int(np.minimum(grouped, problem.group_capacity).sum())
    return min(int(wanted.sum()), alone + together)


def _best(
    problem: Problem,
    units: Ints,
    name: str,
    worths: Worths,
    reached: Reached,
    answer: Answer,
    clock: Clock,
    searched: int,
) -> tuple[int, str | None]:
    """Return the least value a stage can have (of fill, minus the most), and how it is proved."""
    while True:
        stage = _weighted(problem, units, worths, weighs=False)
        found = solve(
            stage,
            trusted=True,
            time_limit=clock.left,
            start=answer.start,
            lottery=False,
            searched=searched,
        )
        best = _reached(problem, units, found)
        kept = best.fill >= reached.fill and (name != "target" or best.legal <= reached.legal)
        if name == "fill" or kept or worths.place > DEAREST or clock.over:
            break
        worths = Worths(8 * worths.place, worths.legal * (8 if name == "target" else 1), worths.target)
    return {"fill": -best.fill, "legal": best.legal, "target": best.target}[name], found.proved_by


def _told(
    problem: Problem,
    worths: Worths,
    answer: Answer,
    reached: Reached,
    proved: dict[str, tuple[int, str | None]],
    gap: float,
    clock: Clock,
) -> Answer:
    """Return the answer with its stages, and the last stage's bound given what those before it reached.

    A stage whose best is not proved has no bound.
    """
    weight = int(problem.pair_weight[answer.pair].sum())
    held = worths.place * reached.fill - worths.legal * reached.legal - worths.target * reached.target
    bound = answer.bound - held
    last = (bound - weight) / max(1, abs(weight))
    stages = []
    for name, value in zip(("fill", "legal", "target"), (-reached.fill, *reached[1:]), strict=True):
        best, how = proved.get(name, (value, None))
        sign = -1 if name == "fill" else 1
        missing = None if how is None else (value - best) / max(1, abs(value))
        stages.append(Stage(name, sign * value, None if how is None else sign * best, missing, how))
    stages.append(Stage("weight", weight, bound, last, answer.proved_by))
    lottery = int(problem.applicant_lottery[problem.pair_applicant[answer.pair]].sum())
    stages.append(Stage("lottery", lottery, None, None, None))
    short_of_best = any(stage.gap for stage in stages[:3])
    return replace(
        answer,
        objective=weight,
        weight=weight,
        bound=bound,
        gap=last,
        certified=last <= gap and not short_of_best and all(stage.proved_by == "lp" for stage in stages[:3]),
        stopped=answer.stopped or (clock.over and any(stage.proved_by is None for stage in stages[:3])),
        stages=tuple(stages),
        prices=np.where(answer.shortfall > 0, 0.0, answer.prices),
    )
