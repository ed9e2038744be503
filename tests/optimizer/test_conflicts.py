"""Conflicts of rows against every answer, and by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tiny_problems import every_answer, ints, tiny

from optimizer import NO_HIGH, NO_LOW, Problem, solve
from optimizer.conflicts import Change, Conflict, amount, find


def short_of_every_answer(problem: Problem) -> np.ndarray:
    """Return how far every answer is from each row's limits, (n, R), below 0 under the floor."""
    answers, _ = every_answer(problem)
    short = np.zeros((len(answers), problem.rows), dtype=np.int64)
    for row in range(problem.rows):
        effect = np.zeros((problem.applicants, problem.classes + 1), dtype=np.int64)
        for k in np.flatnonzero(problem.coef_row == row):
            counted = problem.applicant_signature == problem.coef_signature[k]
            effect[counted, problem.coef_class[k]] = problem.coef_value[k]
        total = effect[np.arange(problem.applicants), answers].sum(axis=1)
        if problem.row_low[row] != NO_LOW:
            short[:, row] += np.minimum(0, total - problem.row_low[row])
        if problem.row_high[row] != NO_HIGH:
            short[:, row] += np.maximum(0, total - problem.row_high[row])
    return short


def can_be_met(short: np.ndarray, rows: list[int]) -> bool:
    return bool((short[:, rows] == 0).all(axis=1).any())


def filtered(short: np.ndarray, rows: list[int]) -> list[int]:
    """Return what a deletion filter leaves of rows that cannot be met, the last ones tried first."""
    for row in reversed(rows):
        fewer = [other for other in rows if other != row]
        if not can_be_met(short, fewer):
            rows = fewer
    return rows


def crowded(seed: int) -> Problem:
    """Return three classes of few vacancies, six applicants, and five rows that each ask for some of them."""
    draw = np.random.default_rng(seed)
    base = tiny(seed, rows=False)
    pair_applicant, pair_class = np.nonzero(draw.random((6, 3)) < 0.8)
    counted = [(r, s, c) for r in range(5) for s in range(3) for c in range(3) if draw.random() < 0.45]
    low, ceiling = draw.integers(1, 4, 5), draw.random(5) < 0.3
    return replace(
        base,
        pair_applicant=ints(pair_applicant),
        pair_class=ints(pair_class),
        pair_weight=draw.integers(0, 6, pair_class.size),
        class_capacity=draw.integers(1, 3, 3),
        applicant_signature=draw.integers(0, 3, 6),
        applicant_lottery=draw.permutation(6),
        coef_row=ints([each[0] for each in counted]),
        coef_signature=ints([each[1] for each in counted]),
        coef_class=ints([each[2] for each in counted]),
        coef_value=draw.choice(ints([1, 1, 1, 2, -1]), len(counted)),
        row_low=np.where(ceiling, NO_LOW, low),
        row_high=np.where(ceiling, 0, NO_HIGH),
        row_penalty=np.full(5, 20),
        row_tier=draw.integers(0, 2, 5),
        row_label=np.array([f"row {r}" for r in range(5)]),
    )


@cache
def studied(seed: int) -> tuple[Problem, np.ndarray, np.ndarray, tuple[Conflict, ...]]:
    """Return a tiny problem, its shortfall, those of every answer, and its conflicts."""
    problem = crowded(seed) if seed % 2 else tiny(seed)
    shortfall = solve(problem).shortfall
    return problem, shortfall, short_of_every_answer(problem), find(problem, shortfall, most=20)


SEEDS = range(150)


def test_the_problems_studied_hold_conflicts_of_one_row_and_of_several() -> None:
    sizes = [len(conflict.rows) for seed in SEEDS for conflict in studied(seed)[3]]
    assert sizes.count(1) > 50
    assert sizes.count(2) > 25
    assert sizes.count(3) > 5


def test_a_conflict_cannot_be_met_and_any_row_left_out_frees_it() -> None:
    for seed in SEEDS:
        _, _, short, conflicts = studied(seed)
        for conflict in conflicts:
            rows = list(conflict.rows)
            assert conflict.proved
            assert not can_be_met(short, rows), f"seed {seed}, {rows}"
            for row in rows:
                fewer = [other for other in rows if other != row]
                assert not fewer or can_be_met(short, fewer), f"seed {seed}, {rows} without {row}"


def test_the_change_named_is_the_smallest_that_frees_the_conflict() -> None:
    for seed in SEEDS:
        problem, _, short, conflicts = studied(seed)
        for conflict in conflicts:
            for change in conflict.changes:
                fewer = [other for other in conflict.rows if other != change.row]
                meeting = short[(short[:, fewer] == 0).all(axis=1), change.row]
                assert change.by == np.abs(meeting).min(), f"seed {seed}, {change}"
                assert (-change.by if change.floor else change.by) in meeting, f"seed {seed}, {change}"
                assert change.limit == (problem.row_low if change.floor else problem.row_high)[change.row]


def test_rows_that_remain_can_be_met_and_one_set_is_that_of_a_deletion_filter() -> None:
    for seed in SEEDS:
        problem, shortfall, short, conflicts = studied(seed)
        rows = sorted(range(problem.rows), key=lambda row: (problem.row_tier[row], row))
        alone = [row for row in rows if shortfall[row] and not can_be_met(short, [row])]
        several = [list(conflict.rows) for conflict in conflicts if len(conflict.rows) > 1]
        assert sorted(c.rows[0] for c in conflicts if len(c.rows) == 1) == sorted(alone), f"seed {seed}"
        left = [row for row in rows if row not in alone]
        if several:
            assert filtered(short, left) in several, f"seed {seed}"
        for found in several:
            left = [row for row in left if not (row in found and shortfall[row])]
        assert can_be_met(short, left), f"seed {seed}"


def test_places_that_have_to_be_filled_are_one_more_row() -> None:
    met = 0
    for seed in SEEDS:
        problem, shortfall, short, _ = studied(seed)
        fill = solve(problem).fill
        filled = (every_answer(problem)[0] >= 0).sum(axis=1)
        short = np.column_stack([short, np.minimum(0, filled - fill)])
        rows = [problem.rows, *sorted(range(problem.rows), key=lambda row: (problem.row_tier[row], row))]
        alone = [row for row in rows[1:] if shortfall[row] and not can_be_met(short, [row])]
        conflicts = find(problem, shortfall, fill=fill, most=20)
        several = [list(conflict.rows) for conflict in conflicts if len(conflict.rows) > 1]
        left = [row for row in rows if row not in alone]
        assert bool(several) != can_be_met(short, left), f"seed {seed}"
        if several:
            assert filtered(short, left) in several, f"seed {seed}"
        for conflict in conflicts:
            for change in conflict.changes:
                fewer = [other for other in conflict.rows if other != change.row]
                assert change.by == np.abs(short[(short[:, fewer] == 0).all(axis=1), change.row]).min()
            met += problem.rows in conflict.rows
    assert met > 10


def test_a_share_of_what_is_let_conflicts_with_letting_everything() -> None:
    # half of the leases to public 1, in hundredths of a lease: +50 for one of it, −50 for another. It has two
    # applicants, public 2 has fifty: with 52 places filled 2 × 50 − 50 × 50 = −2400. Two and two would do
    base = flows(0, 0, scale=100)
    few = (base.pair_applicant % 2 == 1) | (base.pair_applicant < 4)
    problem = replace(
        base,
        pair_applicant=base.pair_applicant[few],
        pair_class=base.pair_class[few],
        pair_weight=base.pair_weight[few],
        coef_row=np.zeros(12, dtype=np.int64),
        coef_value=np.repeat(ints([50, -50]), 6),
        row_high=ints([NO_HIGH, NO_HIGH]),
        row_low=ints([0, NO_LOW]),
    )
    answer = solve(replace(problem, pair_weight=problem.pair_weight + 10**6))
    assert (answer.fill, answer.shortfall.tolist()) == (52, [2400, 0])
    assert find(problem, answer.shortfall) == ()  # a place may stay empty: nothing prevents the row
    (conflict,) = find(problem, answer.shortfall, fill=52)
    assert [(change.label, change.by) for change in conflict.changes] == [
        ("logements pourvus", 48),
        ("flux 1", 2400),
    ]
    assert conflict.sentence.endswith(
        "d'abaisser « logements pourvus » de 48, ou d'abaisser « flux 1 » de 24."
    )


def test_no_answer_short_means_no_conflict_and_a_cheap_row_is_in_none() -> None:
    # 9 + 8 against 9 + 1 with one of signature 1; a floor worth 3 is left short, though it can be met
    problem = Problem(
        pair_applicant=ints([0, 1, 2]),
        pair_class=ints([0, 0, 0]),
        pair_weight=ints([9, 8, 1]),
        class_capacity=ints([2]),
        applicant_signature=ints([0, 0, 1]),
        applicant_lottery=ints([0, 1, 2]),
        coef_row=ints([0]),
        coef_signature=ints([1]),
        coef_class=ints([0]),
        coef_value=ints([1]),
        row_low=ints([1]),
        row_high=ints([NO_HIGH]),
        row_penalty=ints([3]),
        row_tier=ints([1]),
        row_label=np.array(["accueil"]),
    )
    assert solve(problem).shortfall.tolist() == [1]
    assert find(problem, ints([1])) == ()
    assert find(problem, ints([0])) == ()


def flows(*floors: int, scale: int = 1) -> Problem:
    """Return 60 vacancies of 6 classes and a floor for each public, that 50 applicants anywhere stand for."""
    publics = len(floors)
    applicants = 50 * publics
    row, place = np.divmod(np.arange(publics * 6), 6)
    return Problem(
        pair_applicant=np.tile(np.arange(applicants), 6),
        pair_class=np.repeat(np.arange(6), applicants),
        pair_weight=np.tile(np.arange(applicants) * 7 % 31, 6),
        class_capacity=np.full(6, 10),
        applicant_signature=np.arange(applicants) % publics,
        applicant_lottery=np.arange(applicants),
        coef_row=row,
        coef_signature=row,
        coef_class=place,
        coef_value=np.full(row.size, scale),
        row_low=ints(floors),
        row_high=np.full(publics, NO_HIGH),
        row_penalty=np.full(publics, 1000),
        row_tier=np.zeros(publics, dtype=np.int64),
        row_label=np.array([f"flux {public + 1}" for public in range(publics)]),
        row_scale=np.full(publics, scale),
    )


def test_three_flows_beyond_the_capacity() -> None:
    # 28 + 28 + 12 = 68 for 60 vacancies: any of the three must give 8; the fourth flow asks nothing
    problem = flows(28, 28, 12, 0)
    answer = solve(problem)
    assert answer.shortfall.sum() == 8
    (conflict,) = find(problem, answer.shortfall)
    assert conflict.rows == (0, 1, 2)
    assert [(change.label, change.by, change.floor) for change in conflict.changes] == [
        ("flux 1", 8, True),
        ("flux 2", 8, True),
        ("flux 3", 8, True),
    ]
    assert conflict.sentence == (
        "Ces lignes ne peuvent être tenues ensemble avec ces logements et ces demandes : "
        "« flux 1 » (au moins 28), « flux 2 » (au moins 28), « flux 3 » (au moins 12) ; il suffit "
        "d'abaisser « flux 1 » de 8, ou d'abaisser « flux 2 » de 8, ou d'abaisser « flux 3 » de 8."
    )


def test_targets_are_dropped_before_the_law_and_later_rows_before_earlier_ones() -> None:
    # any two of these exceed 60; the legal ones are 1 and 3: these are named, not an earlier target
    problem = replace(flows(40, 40, 40, 40), row_tier=ints([1, 0, 1, 0]))
    first, *others = find(problem, solve(problem).shortfall)
    assert first.rows == (1, 3)
    assert [change.by for change in first.changes] == [20, 20]
    assert all(set(conflict.rows) != {1, 3} for conflict in others)
    # all of the law: the first two
    assert find(flows(40, 40, 40, 40), ints([0, 10, 40, 10]), most=1)[0].rows == (0, 1)


def test_hundredths_are_said_in_what_the_row_counts() -> None:
    # a lease counts 100; 28.5 and 32.25 leases are owed, that is 29 and 33 of 60: one must give a part of
    # a lease: with 33 of the second 27 are left for the first, 2700 for 2850, or 31 × 100 for 3225
    problem = flows(2850, 3225, scale=100)
    (conflict,) = find(problem, solve(problem).shortfall)
    assert [(change.by, change.scale) for change in conflict.changes] == [(150, 100), (125, 100)]
    assert conflict.sentence.endswith("d'abaisser « flux 1 » de 1,5, ou d'abaisser « flux 2 » de 1,25.")


def test_a_row_that_nobody_can_meet_is_a_conflict_with_the_vacancies_alone() -> None:
    # 60 vacancies, and 50 applicants of each public: 70 is 20 more than there are
    problem = flows(70, 5)
    (conflict,) = find(problem, solve(problem).shortfall)
    assert (conflict.rows, conflict.changes[0].by) == ((0,), 20)
    assert conflict.sentence == (
        "Cette ligne ne peut être tenue, même seule, avec ces logements et ces demandes : "
        "« flux 1 » (au moins 70) ; il suffit d'abaisser « flux 1 » de 20."
    )


def test_a_limit_far_out_of_reach_is_told_exactly() -> None:
    # reach of the row is 60: the floor of 10⁹ + 5 must come down to 50, its public's number
    problem = flows(10**9 + 5, 5)
    assert find(problem, solve(problem).shortfall)[0].changes[0].by == 10**9 - 45


def test_a_ceiling_and_a_floor_in_conflict() -> None:
    # at most 20 of the first public, at least 30 of it counted by another row: one moves by 10
    base = flows(0, 30)
    problem = replace(
        base,
        coef_signature=np.zeros(12, dtype=np.int64),
        row_high=ints([20, NO_HIGH]),
        row_low=ints([NO_LOW, 30]),
    )
    (conflict,) = find(problem, solve(problem).shortfall)
    assert [(change.floor, change.limit, change.by) for change in conflict.changes] == [
        (False, 20, 10),
        (True, 30, 10),
    ]
    assert conflict.sentence.endswith(
        "il suffit de relever « flux 1 » de 10, ou d'abaisser « flux 2 » de 10."
    )


def test_disjoint_conflicts_are_all_named_up_to_a_limit() -> None:
    # publics 1 and 2 share classes 0 to 2, publics 3 and 4 classes 3 to 5, 30 vacancies each: 20 + 20 > 30
    base = flows(20, 20, 20, 20)
    half = (base.pair_applicant % 4 < 2) == (base.pair_class < 3)
    problem = replace(
        base,
        pair_applicant=base.pair_applicant[half],
        pair_class=base.pair_class[half],
        pair_weight=base.pair_weight[half],
    )
    shortfall = solve(problem).shortfall
    assert [conflict.rows for conflict in find(problem, shortfall)] == [(0, 1), (2, 3)]
    assert [conflict.rows for conflict in find(problem, shortfall, most=1)] == [(0, 1)]


def test_a_lock_can_be_what_rows_conflict_with() -> None:
    # the 20 vacancies of classes 0 and 1 are given to public 2: 40 are left to public 1, that is owed 45
    base = flows(45, 0)
    lock = np.zeros(base.pairs, dtype=np.int64)
    second = np.flatnonzero(base.pair_applicant % 2 == 1)
    lock[np.concatenate([second[base.pair_class[second] == c][10 * c : 10 * c + 10] for c in (0, 1)])] = 1
    problem = replace(base, pair_lock=lock)
    (conflict,) = find(problem, solve(problem).shortfall)
    assert conflict.locks
    assert (conflict.rows, conflict.changes[0].by) == ((0,), 5)
    assert "ces logements, ces demandes et ces verrous" in conflict.sentence
    assert find(base, solve(base).shortfall) == ()


@pytest.mark.parametrize("block", range(2))
def test_locks_and_groups_are_kept_against_every_answer(block: int) -> None:
    several = 0
    for seed in range(30 * block, 30 * (block + 1)):
        problem, draw = crowded(seed), np.random.default_rng(seed)
        lock = -(draw.random(problem.pairs) < 0.2).astype(np.int64)
        given = int(draw.integers(problem.pairs))
        lock[given] = 1
        group, most = ints([0, 0, -1]), int(draw.integers(1, 3))
        held = replace(problem, pair_lock=lock, class_group=group, group_capacity=ints([most]))
        answers, _ = every_answer(problem)
        allowed = ((answers == 0) | (answers == 1)).sum(axis=1) <= most
        for pair in np.flatnonzero(lock):
            holds = answers[:, problem.pair_applicant[pair]] == problem.pair_class[pair]
            allowed &= holds if lock[pair] == 1 else ~holds
        short = short_of_every_answer(problem)[allowed]
        shortfall = solve(held).shortfall
        conflicts = find(held, shortfall)
        alone = [row for row in np.flatnonzero(shortfall).tolist() if not can_be_met(short, [row])]
        assert sorted(c.rows[0] for c in conflicts if len(c.rows) == 1) == alone, f"seed {seed}"
        for conflict in conflicts:
            several += len(conflict.rows) > 1
            assert conflict.locks
            assert not can_be_met(short, list(conflict.rows)), f"seed {seed}"
            for change in conflict.changes:
                fewer = [other for other in conflict.rows if other != change.row]
                assert not fewer or can_be_met(short, fewer), f"seed {seed}"
                meeting = short[(short[:, fewer] == 0).all(axis=1), change.row]
                assert change.by == np.abs(meeting).min(), f"seed {seed}"
    assert several > 5


def test_what_is_not_proved_is_said() -> None:
    change = Change(0, "flux 1", True, 28, 8, 1)
    assert Conflict((0,), (change,), False, False).sentence.endswith("de 8 (non démontré).")


@pytest.mark.parametrize(
    ("units", "scale", "text"),
    [(8, 1, "8"), (50, 100, "0,5"), (125, 100, "1,25"), (1, 3, "0,34"), (1200, 1, "1200"), (-1, 1, "-1")],
)
def test_amounts_are_written_in_french_and_rounded_up(units: int, scale: int, text: str) -> None:
    assert amount(units, scale) == text
