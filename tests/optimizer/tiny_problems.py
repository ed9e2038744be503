"""Tiny match problems and their best answer by trying every answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from optimizer import NO_HIGH, NO_LOW, Problem


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


def every_answer(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Return every feasible answer, (n, A) the class of each applicant or -1, and its objective (n,)."""
    options = [
        [-1, *sorted(problem.pair_class[problem.pair_applicant == a].tolist())]
        for a in range(problem.applicants)
    ]
    answers = ints(list(product(*options))).reshape(-1, problem.applicants)
    for c in range(problem.classes):
        answers = answers[(answers == c).sum(axis=1) <= problem.class_capacity[c]]
    weight = np.zeros((problem.applicants, problem.classes + 1), dtype=np.int64)
    weight[problem.pair_applicant, problem.pair_class] = problem.pair_weight
    everyone = np.arange(problem.applicants)
    objective = weight[everyone, answers].sum(axis=1)
    for r in range(problem.rows):
        effect = np.zeros((problem.applicants, problem.classes + 1), dtype=np.int64)
        for row, signature, c, value in zip(
            problem.coef_row, problem.coef_signature, problem.coef_class, problem.coef_value, strict=True
        ):
            if row == r:
                effect[problem.applicant_signature == signature, c] = value
        total = effect[everyone, answers].sum(axis=1)
        low = np.zeros_like(total) if problem.row_low[r] == NO_LOW else problem.row_low[r] - total
        high = np.zeros_like(total) if problem.row_high[r] == NO_HIGH else total - problem.row_high[r]
        objective = objective - problem.row_penalty[r] * np.maximum(0, np.maximum(low, high))
    return answers, objective


def best_rank(problem: Problem) -> tuple[int, int, int]:
    """Return the best (objective, fill, −Σ lottery) of all answers."""
    answers, objective = every_answer(problem)
    placed = answers >= 0
    fill = placed.sum(axis=1)
    luck = -(placed * problem.applicant_lottery).sum(axis=1)
    at = np.lexsort((luck, fill, objective))[-1]
    return int(objective[at]), int(fill[at]), int(luck[at])


def permuted(problem: Problem, seed: int) -> Problem:
    """Return the same problem with its pairs in another order."""
    order = np.random.default_rng(seed).permutation(problem.pairs)
    return replace(
        problem,
        pair_applicant=problem.pair_applicant[order],
        pair_class=problem.pair_class[order],
        pair_weight=problem.pair_weight[order],
    )


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
