"""How long does each part of a match take? One function a part, each meant for a process of its own.

Each reads its problem from a file, loads the solver on a small one, then repeats the part; the solver has one
thread. `seconds` are of the clock on the wall, `cpu` of the processor: on a shared machine they differ. What
only some parts need is loaded by them, so that its memory is not counted in the others'.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from instances import SIZES, Size, instance
from peers import KNOW_ROWS, PEERS, without_rows
from weeks import Weeks

from optimizer import Answer, Problem, solve, verify
from optimizer.lexicographic import solve_in_stages
from optimizer.lists import complete
from optimizer.problem import Ints

Figures = dict[str, Any]

SMALL = Size(6, 60, 2, 2, 1.5, rows=False)
LISTED, LISTS = 3, 2
"""Names on a list, and lists a name may stand on."""


def write(path: Path, size: str, seed: int) -> Figures:
    """Write the instance of a size and seed to a file, and return how large it is."""
    problem = instance(SIZES[size], seed)
    arrays = {name: value for name, value in vars(problem).items() if value is not None}
    np.savez(path, **arrays)
    return {"pairs": problem.pairs, "classes": problem.classes, "rows": problem.rows}


def check(path: Path, repeats: int) -> Figures:
    """Hold every value of the arrays to the contract."""
    problem = _read(path)
    return _timed(problem.check, repeats)


def cold(path: Path, repeats: int, limit: float, gap: float, rows: bool) -> Figures:
    """Solve from nothing within a gap, with rows or without."""
    problem = _read(path) if rows else without_rows(_read(path))
    answers: list[Answer] = []
    timed = _timed(lambda: answers.append(solve(problem, trusted=True, gap=gap, time_limit=limit)), repeats)
    return timed | _figures(answers[-1]) | {"passes": timed["cpu"] / _one_pass(problem, answers[-1])}


def again(path: Path, repeats: int, limit: float) -> Figures:
    """Solve again from the last answer, once the first pair given is forbidden: what an officer does."""
    problem = _read(path)
    first = solve(problem, trusted=True, time_limit=limit)
    lock = problem.lock.copy()
    lock[first.pair[0]] = -1
    forbidden = replace(problem, pair_lock=lock)
    answers: list[Answer] = []
    timed = _timed(
        lambda: answers.append(solve(forbidden, trusted=True, time_limit=limit, start=first.start)), repeats
    )
    return timed | _figures(answers[-1])


def next_week(size: str, seed: int, repeats: int, limit: float) -> Figures:
    """Solve a second week with the prices of the first, in whole numbers; and from nothing, to compare."""
    _load()
    weeks = Weeks(SIZES[size], seed)
    problem = weeks.first()
    first = solve(problem, time_limit=limit)
    problem = weeks.second(problem.pair_applicant[first.pair])
    label = set(problem.row_label.tolist())
    price = zip(weeks.first().row_label.tolist(), np.rint(first.prices).tolist(), strict=True)
    prices = {name: value for name, value in price if value and name in label}
    answers: list[Answer] = []
    timed = _timed(
        lambda: answers.append(solve(problem, trusted=True, time_limit=limit, prices=prices)), repeats
    )
    from_nothing = _timed(lambda: answers.append(solve(problem, trusted=True, time_limit=limit)), repeats)
    if answers[0].objective != answers[-1].objective and not answers[0].stopped:
        raise RuntimeError(f"avec prix {answers[0].objective}, sans {answers[-1].objective}")
    figures = timed | _figures(answers[0]) | {"cold": from_nothing["seconds"], "pairs": problem.pairs}
    return figures | {"passes": timed["cpu"] / _one_pass(problem, answers[0])}


def in_stages(path: Path, repeats: int, limit: float) -> Figures:
    """Solve from nothing in the lexicographic form; gap and proof are the worst of the stages."""
    problem = _read(path)
    answers: list[Answer] = []
    timed = _timed(lambda: answers.append(solve_in_stages(problem, trusted=True, time_limit=limit)), repeats)
    stages = [stage for stage in answers[-1].stages if stage.gap is not None]
    proofs = {stage.proved_by for stage in stages}
    told = "lp" if proofs == {"lp"} else "mip" if None not in proofs else "stopped"
    return timed | _figures(answers[-1]) | {"gap": max(stage.gap for stage in stages), "proof": told}


def lists(path: Path, repeats: int, limit: float, matched: bool) -> Figures:
    """Complete the lists of an answer, class after class or all lists of a rank together."""
    problem = _read(path)
    answer = solve(problem, trusted=True, time_limit=limit)
    return _timed(lambda: complete(problem, answer, LISTED, LISTS, matched=matched), repeats)


def reasons(path: Path, repeats: int, limit: float) -> Figures:
    """Read in the prices of an answer in stages who is passed over and why, in every class."""
    from optimizer.reasons import Reasons

    problem = _read(path)
    answer = solve_in_stages(problem, trusted=True, time_limit=limit)
    table = complete(problem, answer, LISTED, LISTS)

    def read() -> None:
        told = Reasons(problem, answer, lists=table, lists_per_applicant=LISTS)
        for group in range(problem.classes):
            told.of(group, confirmed=0)

    return _timed(read, repeats)


def confirmation(path: Path, repeats: int, limit: float) -> Figures:
    """Confirm the reasons of one class by solving again, the median of those with the most to confirm."""
    from optimizer.reasons import Reasons

    problem = _read(path)
    answer = solve_in_stages(problem, trusted=True, time_limit=limit)
    table = complete(problem, answer, LISTED, LISTS)
    passed = Reasons(problem, answer, lists=table, lists_per_applicant=LISTS).passed
    unsure = problem.pair_class[passed.pair[passed.kind == "unconfirmed"]]
    many = np.argsort(-np.bincount(unsure, minlength=problem.classes), kind="stable")[:3]
    timed = [
        _timed(lambda g=g: Reasons(problem, answer, lists=table, lists_per_applicant=LISTS).of(g), repeats)
        for g in many.tolist()
    ]
    return {key: statistics.median(each[key] for each in timed) for key in ("seconds", "cpu")}


def conflict(path: Path, repeats: int, limit: float) -> Figures:
    """Name the rows that cannot be met together, of those that an answer in stages leaves short."""
    from optimizer import conflicts

    problem = _read(path)
    answer = solve_in_stages(problem, trusted=True, time_limit=limit)
    return _timed(lambda: conflicts.find(problem, answer.shortfall, fill=answer.fill), repeats)


def verification(path: Path, repeats: int, limit: float) -> Figures:
    """Verify an answer over all pairs, apart from its solving."""
    problem = _read(path)
    answer = solve(problem, trusted=True, time_limit=limit)
    prices = answer.class_price, answer.row_price, answer.group_price
    return _timed(lambda: verify(problem, answer.pair, *prices), repeats) | _figures(answer)


def peer(name: str, path: Path, limit: float) -> Figures:
    """Give the problem to a peer, once; without rows where it knows none."""
    problem = _read(path) if name in KNOW_ROWS else without_rows(_read(path))
    found = []
    timed = _timed(lambda: found.append(PEERS[name](problem, limit)), 1)
    return timed | {"objective": found[0].objective, "status": found[0].status}


def _read(path: Path) -> Problem:
    _load()
    with np.load(path) as arrays:
        return Problem(**{name: arrays[name] for name in arrays.files})


def _load() -> None:
    """Solve a small problem, so that loading the solver is not timed."""
    solve(instance(SMALL))


def _timed(work: Callable[[], object], repeats: int) -> Figures:
    """Return the median time of some runs, on the wall and on the processor."""
    wall, cpu = [], []
    for _ in range(repeats):
        began, spent = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - spent)
    return {"seconds": statistics.median(wall), "cpu": statistics.median(cpu)}


def _figures(answer: Answer) -> Figures:
    return {
        "objective": answer.objective,
        "gap": answer.gap,
        "proof": answer.proved_by
        or ("within gap" if answer.certified else "stopped" if answer.stopped else "open"),
        "rounds": answer.rounds,
        "pool": answer.pool,
    }


def _one_pass(problem: Problem, answer: Answer) -> float:
    """Return the time of one look at every pair: its worth net of prices, and the best of each applicant.

    A lower limit: no answer is certified without it.
    """
    kinds, kind = np.unique(problem.applicant_signature, return_inverse=True)
    cell = kind[problem.pair_applicant] * problem.classes + problem.pair_class
    toll = np.tile(answer.class_price.astype(np.float64), kinds.size)
    weight = problem.pair_weight.astype(np.float64)

    def look() -> Ints:
        best = np.zeros(problem.applicants)
        margin = weight - toll[cell]
        np.maximum.at(best, problem.pair_applicant, margin)
        found: Ints = np.flatnonzero(margin > best[problem.pair_applicant] + 1)
        return found

    return float(_timed(look, 5)["cpu"])
