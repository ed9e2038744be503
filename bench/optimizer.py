"""How long does a match take, against a peer that knows no rows?

    python bench/optimizer.py [--repeats N] [--seed S]

Synthetic sittings: points depend on the applicant only, as a cotation's do; legal rows are floors by
bailleur and by réservataire, target rows floors by residence. The peer, scipy's linear_sum_assignment, gets
the table of vacancies × applicants already built and solves the case without rows; it settles no ties and
verifies no bound. Best and median of the repeats, one solver thread.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from optimizer import NO_HIGH, Problem, solve, verify
from optimizer.lists import complete

SIZES = {  # classes, applicants, pairs per applicant (about), target rows
    "weekly 30 × 6k": (30, 6_000, 3.3, 45),
    "S 60 × 3k": (60, 3_000, 6.0, 45),
    "250 × 60k": (250, 60_000, 25.0, 135),
}


def sitting(size: str, *, legal: bool, target: bool, seed: int) -> Problem:
    """Return a synthetic sitting: five typologies, twelve communes, residences of about two classes."""
    classes, applicants, per_applicant, targets = SIZES[size]
    draw = np.random.default_rng(seed)
    residence = draw.integers(0, classes // 2, classes)
    bailleur = draw.integers(0, 4, classes)[residence]
    in_qpv = (draw.random(classes) < 0.25)[residence]
    commune = draw.integers(0, 12, classes)[residence]
    reservataire = draw.integers(0, 4, classes)
    rooms, wanted = draw.integers(0, 5, classes), draw.integers(0, 5, applicants)
    wishes = draw.random((applicants, 12)) < min(1.0, 5 * per_applicant / classes)
    signature = draw.integers(0, 2, applicants) * (draw.random(applicants) < 0.5)  # bit 0: first quartile
    signature += 2 * (draw.random(applicants) < 0.2)  # bit 1: priority
    points = np.minimum(draw.gamma(3, 30, applicants) + 60 * (signature > 1), 300).astype(np.int64)
    pairs = [np.flatnonzero((wanted == rooms[c]) & wishes[:, commune[c]]) for c in range(classes)]
    pairs = [each[np.argsort(-points[each], kind="stable")] for each in pairs]
    applicant = np.concatenate(pairs)

    coefficients: list[tuple[int, int, int]] = []
    low: list[int] = []

    def floor(where: np.ndarray, signatures: tuple[int, ...], share: float) -> None:
        for c in where.tolist():
            coefficients.extend((len(low), s, c) for s in signatures)
        low.append(int(np.ceil(share * where.size)))

    everywhere = np.arange(classes)
    if legal:
        for b in range(4):
            floor(everywhere[(bailleur == b) & ~in_qpv], (1, 3), 0.25)
            floor(everywhere[(bailleur == b) & in_qpv], (0, 2), 0.5)
            floor(everywhere[reservataire == b], (2, 3), 0.25)
    if target:
        for t in range(targets):
            where = everywhere[residence == draw.integers(0, classes // 2)]
            floor(where, (1, 3) if t % 2 else (0, 2), 0.3 if t % 2 else 0.6)
    table = np.array(coefficients, dtype=np.int64).reshape(-1, 3)
    rows = len(low)
    return Problem(
        pair_applicant=applicant,
        pair_class=np.repeat(everywhere, [each.size for each in pairs]),
        pair_weight=points[applicant],
        class_capacity=np.ones(classes, dtype=np.int64),
        applicant_signature=signature.astype(np.int64),
        applicant_lottery=draw.permutation(applicants),
        coef_row=table[:, 0].copy(),
        coef_signature=table[:, 1].copy(),
        coef_class=table[:, 2].copy(),
        coef_value=np.ones(len(table), dtype=np.int64),
        row_low=np.array(low, dtype=np.int64),
        row_high=np.full(rows, NO_HIGH),
        row_penalty=np.where(np.arange(rows) < 12 * legal, 3000, 600).astype(np.int64),
        row_tier=(np.arange(rows) >= 12 * legal).astype(np.int64),
        row_label=np.array([f"row {r}" for r in range(rows)], dtype="<U8"),
    )


def milliseconds(run: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the best and the median time of a run, ms."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - begun))
    return min(times), statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"{'size':16} {'rows':>5} {'pairs':>9}  {'solve ms (median)':>18}  {'verify':>6} {'lists':>6}  gap")
    for size in SIZES:
        for legal, target in ((False, False), (True, False), (True, True)):
            problem = sitting(size, legal=legal, target=target, seed=options.seed)
            problem.check()
            answer = solve(problem)
            best, median = milliseconds(lambda p=problem: solve(p, trusted=True), options.repeats)
            checked, _ = milliseconds(
                lambda p=problem, a=answer: verify(p, a.pair, a.class_price, a.row_price), options.repeats
            )
            listed, _ = milliseconds(lambda p=problem, a=answer: complete(p, a, 3), options.repeats)
            print(
                f"{size:16} {problem.rows:5} {problem.pairs:9}  {best:8.1f} ({median:7.1f})  {checked:6.1f} "
                f"{listed:6.1f}  {answer.gap:.1e} {answer.proved_by}"
            )
            if not problem.rows:
                table = np.zeros((problem.classes, problem.applicants))
                table[problem.pair_class, problem.pair_applicant] = problem.pair_weight
                peer, _ = milliseconds(
                    lambda t=table: linear_sum_assignment(t, maximize=True), options.repeats
                )
                same = table[linear_sum_assignment(table, maximize=True)].sum() == answer.weight
                print(f"{'':16} linear_sum_assignment {peer:.1f} ms, ratio {best / peer:.2f}, equal: {same}")


if __name__ == "__main__":
    main()
