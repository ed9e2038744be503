"""The solver against general solvers that get the whole model, on problems too large to try every answer."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from bench_modules import load
from tiny_problems import ints

from optimizer import NO_HIGH, NO_LOW, Problem, solve

peers = load("peers")


def small(seed: int, *, rows: bool = True, locks: bool = False) -> Problem:
    """Return a problem of 6-12 classes, 20-40 applicants and 3-8 rows, one in three of these out of reach."""
    draw = np.random.default_rng(seed)
    classes, applicants, signatures = int(draw.integers(6, 13)), int(draw.integers(20, 41)), 4
    applicant, place = np.nonzero(draw.random((applicants, classes)) < draw.uniform(0.15, 0.5))
    order = draw.permutation(applicant.size)
    applicant, place = applicant[order], place[order]
    count = int(draw.integers(3, 9)) if rows else 0
    triples = [t for t in product(range(count), range(signatures), range(classes)) if draw.random() < 0.4]
    low = draw.integers(-2, 8, count) + 40 * (draw.random(count) < 0.3)
    high = low + draw.integers(0, 4, count)
    kind = draw.integers(0, 3, count)
    capacity, lock, group, group_capacity = draw.integers(0, 4, classes), None, None, ints([])
    if locks:
        lock = draw.choice([0, 0, 0, 0, -1], applicant.size)
        lock[0], capacity[place[0]] = 1, 2
        group = draw.integers(-1, 2, classes)
        group_capacity = draw.integers(1, 5, 2)
    return Problem(
        pair_applicant=ints(applicant),
        pair_class=ints(place),
        pair_weight=ints(draw.integers(0, draw.choice([5, 30, 1000]), applicant.size)),
        class_capacity=ints(capacity),
        applicant_signature=ints(draw.integers(0, signatures, applicants)),
        applicant_lottery=ints(draw.permutation(applicants)),
        coef_row=ints([t[0] for t in triples]),
        coef_signature=ints([t[1] for t in triples]),
        coef_class=ints([t[2] for t in triples]),
        coef_value=ints(draw.integers(-3, 5, len(triples))),
        row_low=np.where(kind == 1, NO_LOW, low).astype(np.int64),
        row_high=np.where(kind == 0, NO_HIGH, high).astype(np.int64),
        row_penalty=ints(draw.choice([0, 3, 20, 500], count)),
        row_tier=ints(draw.integers(0, 2, count)),
        row_label=np.array([f"row {r}" for r in range(count)], dtype="<U8"),
        pair_lock=None if lock is None else ints(lock),
        class_group=None if group is None else ints(group),
        group_capacity=ints(group_capacity),
    )


def hold_to_peers(seeds: range, *, locks: bool = False) -> None:
    """Compare objectives on every seed; the message names the seed and what each solver found."""
    for seed in seeds:
        problem = small(seed, locks=locks)
        found = {name: peers.PEERS[name](problem, None) for name in peers.KNOW_ROWS}
        assert {each.status for each in found.values()} == {"optimal"}, f"seed {seed}: {found}"
        answer = solve(problem)
        assert {each.objective for each in found.values()} == {answer.objective}, (
            f"seed {seed}: {answer.objective}, {found}"
        )
        assert answer.objective == peers.worth(problem, answer.pair), f"seed {seed}"


def hold_to_flow(seeds: range) -> None:
    """Compare objectives without rows, where a minimum-cost flow and a linear assignment are exact."""
    for seed in seeds:
        problem = small(seed, rows=False)
        found = [peers.by_flow(problem).objective, peers.by_assignment(problem).objective]
        assert found == [solve(problem).objective] * 2, f"seed {seed}"


def test_some_rows_are_out_of_reach_and_some_are_met() -> None:
    short = np.concatenate([solve(small(seed)).shortfall for seed in range(20)])
    assert (short > 0).any()
    assert (short == 0).any()


@pytest.mark.parametrize("block", range(4))
def test_cp_sat_and_highs_find_the_same_objective(block: int) -> None:
    hold_to_peers(range(30 * block, 30 * (block + 1)))


@pytest.mark.parametrize("block", range(2))
def test_cp_sat_and_highs_find_the_same_objective_with_locks_and_groups(block: int) -> None:
    hold_to_peers(range(30 * block, 30 * (block + 1)), locks=True)


def test_minimum_cost_flow_finds_the_same_objective_without_rows() -> None:
    hold_to_flow(range(100))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_cp_sat_and_highs_find_the_same_objective_on_hundreds(block: int) -> None:
    hold_to_peers(range(1000 + 100 * block, 1000 + 100 * (block + 1)))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_cp_sat_and_highs_find_the_same_objective_on_hundreds_with_locks_and_groups(block: int) -> None:
    hold_to_peers(range(1000 + 100 * block, 1000 + 100 * (block + 1)), locks=True)


@pytest.mark.slow
def test_minimum_cost_flow_finds_the_same_objective_on_hundreds() -> None:
    hold_to_flow(range(1000, 1800))
