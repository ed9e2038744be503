"""Tiny match problems and their best answer by trying every answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np

from optimizer import NO_HIGH, NO_LOW, Answer, Problem


def ints(values: object) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def tiny(seed: int, *, rows: bool = True, most_weight: int = 6) -> Problem:
    """Return a problem of at most 5 classes, 7 applicants and 4 rows, with many equal weights."""
    draw = np.random.default_rng(seed)
    classes, applicants, signatures = draw.integers(1, 6), draw.integers(1, 8), 3
    possible = draw.random((applicants, classes)) < min(1.0, 2.2 / classes)
    pair_applicant, pair_class = np.nonzero(possible)
    shuffled = draw.permutation(pair_applicant.size)
    count = int(draw.integers(1, 5)) if rows else 0
    triples = [t for t in product(range(count), range(signatures), range(classes)) if draw.random() < 0.5]
    low = draw.integers(-1, 4, count)
    high = low + draw.integers(0, 3, count)
    kind = draw.integers(0, 3, count)
    return Problem(
        pair_applicant=ints(pair_applicant[shuffled]),
        pair_class=ints(pair_class[shuffled]),
        pair_weight=ints(draw.integers(0, most_weight, pair_applicant.size)),
        class_capacity=ints(draw.integers(0, 3, classes)),
        applicant_signature=ints(draw.integers(0, signatures, applicants)),
        applicant_lottery=ints(draw.permutation(applicants)),
        coef_row=ints([t[0] for t in triples]),
        coef_signature=ints([t[1] for t in triples]),
        coef_class=ints([t[2] for t in triples]),
        coef_value=ints(draw.integers(-3, 4, len(triples))),
        row_low=np.where(kind == 1, NO_LOW, low).astype(np.int64),
        row_high=np.where(kind == 0, NO_HIGH, high).astype(np.int64),
        row_penalty=ints(draw.integers(0, 9, count)),
        row_tier=ints(draw.integers(0, 2, count)),
        row_label=np.array([f"row {r}" for r in range(count)], dtype="<U8"),
    )


def tiny_with_all(seed: int, *, most_weight: int = 6) -> Problem:
    """Return a tiny problem with locks, groups of classes, scales of rows, both tiers, and lists."""
    problem = tiny(seed, most_weight=most_weight)
    draw = np.random.default_rng([seed, 1])
    groups = int(draw.integers(0, 3))
    group = draw.integers(-1, groups, problem.classes)
    group_capacity = draw.integers(0, 5, groups)
    lock = draw.choice([0] * 12 + [-1, -1, 1], problem.pairs)
    room, together = problem.class_capacity.copy(), np.append(group_capacity, problem.pairs)
    held: set[int] = set()
    for pair in np.flatnonzero(lock == 1).tolist():  # a lock that cannot be held with those before is freed
        a, c = int(problem.pair_applicant[pair]), int(problem.pair_class[pair])
        if a in held or not room[c] or not together[group[c]]:
            lock[pair] = 0
            continue
        held.add(a)
        room[c] -= 1
        together[group[c]] -= group[c] >= 0
    return replace(
        problem,
        pair_lock=ints(lock),
        class_group=ints(group),
        group_capacity=ints(group_capacity),
        row_scale=ints(draw.choice([1, 2, 3, 4, 100], problem.rows)),
        class_list=ints(draw.integers(1, 5, problem.classes)),
        applicant_lists=ints(draw.integers(1, 4, problem.applicants)),
    )


@dataclass(frozen=True)
class Every:
    """Every answer allowed: capacities, groups and locks hold; (n, A) classes, -1 where not placed."""

    problem: Problem
    answers: np.ndarray

    @cached_property
    def weight(self) -> np.ndarray:
        """Σ weight of each answer, (n,)."""
        table = np.zeros((self.problem.applicants, self.problem.classes + 1), dtype=np.int64)
        table[self.problem.pair_applicant, self.problem.pair_class] = self.problem.pair_weight
        return self._sum(table)

    @cached_property
    def fill(self) -> np.ndarray:
        """Number placed in each answer, (n,)."""
        return (self.answers >= 0).sum(axis=1)

    @cached_property
    def lottery(self) -> np.ndarray:
        """Σ lottery of those placed in each answer, (n,)."""
        return ((self.answers >= 0) * self.problem.applicant_lottery).sum(axis=1)

    @cached_property
    def shortfall(self) -> np.ndarray:
        """How far each row is from its limits in each answer, in units of the row, (n, R)."""
        problem, short = self.problem, np.zeros((len(self.answers), self.problem.rows), dtype=np.int64)
        triples = list(
            zip(problem.coef_row, problem.coef_signature, problem.coef_class, problem.coef_value, strict=True)
        )
        for r in range(problem.rows):
            effect = np.zeros((problem.applicants, problem.classes + 1), dtype=np.int64)
            for row, signature, c, value in triples:
                if row == r:
                    effect[problem.applicant_signature == signature, c] = value
            total = self._sum(effect)
            if problem.row_low[r] != NO_LOW:
                short[:, r] = np.maximum(short[:, r], problem.row_low[r] - total)
            if problem.row_high[r] != NO_HIGH:
                short[:, r] = np.maximum(short[:, r], total - problem.row_high[r])
        return short

    @cached_property
    def objective(self) -> np.ndarray:
        """Σ weight − Σ penalty · shortfall of each answer, (n,)."""
        return self.weight - (self.shortfall * self.problem.row_penalty).sum(axis=1)

    def tier(self, tier: int) -> np.ndarray:
        """Σ shortfall · (lcm of the tier's scales / scale) of the rows of a tier, (n,)."""
        inside = np.flatnonzero(self.problem.row_tier == tier)
        if not inside.size:
            return np.zeros(len(self.answers), dtype=np.int64)
        scale = self.problem.scale[inside]
        return (self.shortfall[:, inside] * (np.lcm.reduce(scale) // scale)).sum(axis=1)

    def _sum(self, table: np.ndarray) -> np.ndarray:
        """Return Σ of a table (A, C + 1) over who is where; its last column is for those not placed."""
        return table[np.arange(self.problem.applicants), self.answers].sum(axis=1)

    @property
    def weighted(self) -> tuple[np.ndarray, ...]:
        """What the weighted form raises, the first before all: objective, fill, −Σ lottery, each (n,)."""
        return self.objective, self.fill, -self.lottery

    @property
    def in_stages(self) -> tuple[np.ndarray, ...]:
        """What the stages raise: fill, −legal, −target, weight, −Σ lottery, each (n,)."""
        return self.fill, -self.tier(0), -self.tier(1), self.weight, -self.lottery

    def best(self, keys: tuple[np.ndarray, ...]) -> Reached:
        """Return what the best answer reaches by keys (n,), then by the smallest sequence."""
        at = np.arange(len(self.answers))
        for key in keys:
            at = at[key[at] == key[at].max()]
        sequence = min(places(self.problem, self.answers[i]) for i in at.tolist())
        return Reached(tuple(int(key[at[0]]) for key in keys), tuple(sequence))

    def read(self, keys: tuple[np.ndarray, ...], pairs: np.ndarray) -> Reached:
        """Return what an answer given as pairs reaches; one that is not allowed reaches nothing."""
        answer = classes_of(self.problem, pairs)
        at = np.flatnonzero((self.answers == answer).all(axis=1))
        if not at.size or pairs.size > np.count_nonzero(answer >= 0):
            return Reached((), ())
        return Reached(tuple(int(key[at[0]]) for key in keys), tuple(places(self.problem, answer)))


class Reached(NamedTuple):
    """What an answer comes to, key by key, and its lottery numbers in (class, slot) order: who is where."""

    keys: tuple[int, ...]
    sequence: tuple[int, ...]


def every(problem: Problem) -> Every:
    """Try every answer of a problem, keep those that are allowed."""
    options = []
    for a in range(problem.applicants):
        mine = np.flatnonzero(problem.pair_applicant == a)
        given = mine[problem.lock[mine] == 1]
        free = [-1, *sorted(problem.pair_class[mine[problem.lock[mine] == 0]].tolist())]
        options.append(problem.pair_class[given].tolist() if given.size else free)
    answers = ints(list(product(*options))).reshape(-1, problem.applicants)
    for c in range(problem.classes):
        answers = answers[(answers == c).sum(axis=1) <= problem.class_capacity[c]]
    for g in range(problem.groups):
        inside = np.isin(answers, np.flatnonzero(problem.group == g))
        answers = answers[inside.sum(axis=1) <= problem.group_capacity[g]]
    return Every(problem, answers)


def every_answer(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Return every feasible answer, (n, A) the class of each applicant or -1, and its objective (n,)."""
    tried = every(problem)
    return tried.answers, tried.objective


def permuted(problem: Problem, seed: int) -> Problem:
    """Return the same problem with its pairs in another order."""
    order = np.random.default_rng(seed).permutation(problem.pairs)
    return replace(
        problem,
        pair_applicant=problem.pair_applicant[order],
        pair_class=problem.pair_class[order],
        pair_weight=problem.pair_weight[order],
        pair_lock=None if problem.pair_lock is None else problem.pair_lock[order],
    )


def renumbered(problem: Problem, seed: int) -> tuple[Problem, np.ndarray]:
    """Return the same problem with its applicants under other numbers, and the new number of each, (A,)."""
    new = np.random.default_rng(seed).permutation(problem.applicants)
    old = np.argsort(new)
    lists = problem.applicant_lists
    other = replace(
        problem,
        pair_applicant=new[problem.pair_applicant],
        applicant_signature=problem.applicant_signature[old],
        applicant_lottery=problem.applicant_lottery[old],
        applicant_lists=None if lists is None else lists[old],
    )
    return other, new


def places(problem: Problem, answer: np.ndarray) -> list[int]:
    """Return the lottery numbers read in (class, slot) order, A where a place is empty."""
    read: list[int] = []
    for c in range(problem.classes):
        here = sorted(problem.applicant_lottery[answer == c].tolist())
        read += here + [problem.applicants] * (int(problem.class_capacity[c]) - len(here))
    return read


def classes_of(problem: Problem, pairs: np.ndarray) -> np.ndarray:
    """Return the class of each applicant in an answer given as pairs, -1 where not placed."""
    answer = np.full(problem.applicants, -1, dtype=np.int64)
    answer[problem.pair_applicant[pairs]] = problem.pair_class[pairs]
    return answer


def luck_of(problem: Problem, pairs: np.ndarray) -> int:
    """Return Σ lottery of those placed in an answer given as pairs."""
    return int(problem.applicant_lottery[problem.pair_applicant[pairs]].sum())


def hold_to_every_answer(problem: Problem, answer: Answer, said: str) -> None:
    """Compare an answer, to the last tie, with the best of all; a failure says which problem it was."""
    tried = every(problem)
    found, best = tried.read(tried.weighted, answer.pair), tried.best(tried.weighted)
    assert found == best, f"{said}: {found}, the best is {best}"
    told = (answer.objective, answer.fill)
    assert told == best.keys[:2], f"{said}: says {told}, is {best.keys[:2]}"
    assert answer.bound >= answer.objective, f"{said}: bound {answer.bound} below {answer.objective}"
    proofs = (answer.gap == 0, answer.certified, answer.proved_by == "lp")
    assert proofs in ((True,) * 3, (False,) * 3), f"{said}: {proofs}, {answer.proved_by}"
    assert answer.proved_by in ("lp", "mip"), f"{said}: proved by {answer.proved_by}"
    assert not answer.stopped, f"{said}: stopped without a limit of time"


def hold_to_objective(problem: Problem, answer: Answer, said: str, within: float = 0.0) -> None:
    """Check that an answer is allowed, worth what it says, and at most a part of its worth below the best."""
    tried = every(problem)
    found, best = tried.read(tried.weighted, answer.pair).keys, int(tried.objective.max())
    assert found, f"{said}: no answer that is allowed"
    assert found[:2] == (answer.objective, answer.fill), f"{said}: is {found}, says {answer.objective}"
    assert answer.objective <= best <= answer.bound, (
        f"{said}: best {best}, {answer.objective}, {answer.bound}"
    )
    missing = best - answer.objective
    assert missing <= within * max(1, abs(best)), f"{said}: {missing} below the best, {best}"
    assert answer.gap == (answer.bound - answer.objective) / max(1, abs(answer.objective)), said
