"""Which pairs the best mix needs: however few the pool starts with and keeps, the answer is the same."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_problems import every, hold_to_every_answer, tiny, tiny_with_all

from optimizer import columns, solve
from optimizer.columns import first_pool, price_out, prices
from optimizer.stating import state


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start with the best pair of each place, and let few enter at a time."""
    monkeypatch.setattr(columns, "_WANTED", 1)
    monkeypatch.setattr(columns, "_ENTERING", 1)
    monkeypatch.setattr(columns, "_CONSIDERED", 3)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, few: None) -> None:
    """Let a pool lose half of its pairs as soon as it has three a place: the mix uses fewer."""
    monkeypatch.setattr(columns, "_LARGE", 10)
    monkeypatch.setattr(columns, "_A_PLACE", 3)


@pytest.mark.usefixtures("few")
def test_a_pool_of_few_pairs_grows_to_the_best_answer() -> None:
    for seed in range(60):
        problem = tiny_with_all(seed, most_weight=20)
        hold_to_every_answer(problem, solve(problem), f"tiny_with_all({seed}, most_weight=20)")


@pytest.mark.usefixtures("small")
def test_a_pool_that_loses_pairs_finds_the_best_answer() -> None:
    for seed in range(60):
        problem = tiny(seed, most_weight=20)
        hold_to_every_answer(problem, solve(problem), f"tiny({seed}, most_weight=20)")


@pytest.mark.slow
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("block", range(4))
def test_a_pool_that_loses_pairs_finds_the_best_answer_on_thousands(block: int) -> None:
    for seed in range(20_000 + 250 * block, 20_000 + 250 * (block + 1)):
        for problem in (tiny(seed, most_weight=20), tiny_with_all(seed, most_weight=20)):
            hold_to_every_answer(problem, solve(problem), f"seed {seed}")


@pytest.mark.usefixtures("few")
def test_the_mix_of_few_pairs_that_grew_is_that_of_all_pairs() -> None:
    for seed in range(40):
        programme = state(tiny(seed, most_weight=100)).programme
        grown = price_out(programme, first_pool(programme))
        whole = price_out(programme, np.arange(programme.applicant.size))
        assert grown is not None
        assert whole is not None
        assert grown.optimal
        assert whole.optimal
        assert grown.mix.objective == pytest.approx(whole.mix.objective), f"seed {seed}"
        assert grown.bound == pytest.approx(grown.mix.objective), f"seed {seed}"


def test_any_prices_bound_the_mix_and_every_answer() -> None:
    for seed in range(60):
        problem = tiny(seed)
        programme, draw = state(problem).programme, np.random.default_rng(seed)
        row_price = draw.uniform(-1, 1, problem.rows) * problem.row_penalty
        row_price[(row_price > 0) & ~np.isfinite(programme.row_high)] = 0.0
        row_price[(row_price < 0) & ~np.isfinite(programme.row_low)] = 0.0
        found = prices(programme, draw.uniform(0, 6, problem.classes), row_price)
        tried = every(problem)
        assert found.bound >= tried.objective.max() - 1e-9, f"seed {seed}"
        # an answer that holds a pair is worth at most the bound less what the pair loses
        for pair, lost in enumerate(found.loss(programme).tolist()):
            lottery, place = int(programme.applicant[pair]), int(programme.group[pair])
            holds = tried.answers[:, np.flatnonzero(problem.applicant_lottery == lottery)[0]] == place
            if holds.any():
                assert tried.objective[holds].max() <= found.bound - lost + 1e-9, f"seed {seed}, pair {pair}"


@pytest.mark.parametrize("sorted_at_once", [columns._SORTED, 0])
def test_the_first_pool_has_the_heaviest_pairs_of_each_place_then_the_lowest_in_the_lottery(
    monkeypatch: pytest.MonkeyPatch, sorted_at_once: int
) -> None:
    monkeypatch.setattr(columns, "_SORTED", sorted_at_once)
    left_out = 0
    for seed in range(40):
        problem = tiny(seed, rows=False, most_weight=3)
        programme = state(problem).programme
        pool = first_pool(programme, few=1)
        left_out += problem.pairs - pool.size
        for c in range(problem.classes):
            inside = np.flatnonzero(programme.group == c)
            best = inside[np.lexsort((programme.applicant[inside], -programme.value[inside]))]
            kept = pool[programme.group[pool] == c]
            assert sorted(kept.tolist()) == sorted(best[: problem.class_capacity[c]].tolist())
    assert left_out


@pytest.mark.usefixtures("few")
def test_pricing_stops_within_a_gap_or_at_the_best_mix() -> None:
    early = 0
    for seed in range(60):
        programme = state(tiny(seed, most_weight=100)).programme
        for gap in (0.05, 0.3):
            priced = price_out(programme, first_pool(programme, few=1), gap=gap)
            assert priced is not None
            missing = priced.bound - priced.mix.objective
            assert priced.optimal or missing <= gap * abs(priced.bound), f"seed {seed}, gap {gap}"
            early += not priced.optimal
    assert early
