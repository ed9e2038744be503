"""Types are stable from year to year unless the evidence moves, and an interval holds as often as it says.

Occupants are drawn anew from each residence's own chances, which never change: what moves then is chance.
"""

from __future__ import annotations

import numpy as np
import pytest
from made_residences import drawn, expected, told

from sim.rules.peuplement import Choice, Observed, Qualified, qualify

LEVEL = 0.9
CHOICE = Choice({"first_quartile": 1.0, "below_40_plus": 1.0}, shrinkage=10.0, level=LEVEL)
RESIDENCES = 400
YEARS = 10
ENDLESS = 10**9
"""Households by which a residence's chances are all that is left of its draw."""


def territory(draw: np.random.Generator, between: float = 0.15) -> tuple[np.ndarray, np.ndarray]:
    """Return the chances and sizes of some residences: 6 to 120 households, chances around 0.35."""
    sizes = np.round(np.exp(draw.uniform(np.log(6), np.log(120), RESIDENCES))).astype(np.int64)
    weight = 0.35 * 0.65 / between**2 - 1
    return draw.beta(0.35 * weight, 0.65 * weight, RESIDENCES), sizes


def true_score(found: Qualified, chances: np.ndarray) -> np.ndarray:
    """Return the score of each residence on the ruler found, as its chances give it in the long run."""
    number = [ENDLESS] * len(chances)
    shares = {name: (share * ENDLESS, number) for name, share in expected(chances).items()}
    tally = told({name: (list(having), among) for name, (having, among) in shares.items()}).population
    return found.ruler.score(tally.x, tally.n)


def years(seed: int, stable: bool) -> list[float]:
    """Return the share of types kept each year; every year is qualified on its own ruler."""
    draw = np.random.default_rng(seed)
    chances, sizes = territory(draw)
    kinds = qualify(drawn(chances, sizes, draw), CHOICE).type
    kept = []
    for _ in range(YEARS):
        now = qualify(drawn(chances, sizes, draw), CHOICE, kinds if stable else None).type
        kept.append(float((now == kinds).mean()))
        kinds = now
    return kept


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_types_are_kept_as_often_as_the_level_and_much_oftener_than_without_the_rule(
    seed: int,
) -> None:
    with_rule, without = years(seed, stable=True), years(seed, stable=False)
    assert min(with_rule) >= LEVEL
    assert np.mean(without) < np.mean(with_rule) - 0.2


def test_a_residence_whose_evidence_moves_changes_type() -> None:
    draw = np.random.default_rng(4)
    chances, sizes = territory(draw)
    before = qualify(drawn(chances, sizes, draw), CHOICE)
    moved = np.flatnonzero((before.type == 0) & (sizes >= 40))[:10]
    changed = chances.copy()
    changed[moved] = 0.8  # from the most favourable quarter to three households in four poor
    after = qualify(drawn(changed, sizes, draw), CHOICE, before.type)
    assert len(moved) == 10
    assert (after.type[moved] == 3).all()
    still = np.delete(np.arange(RESIDENCES), moved)
    assert (after.type[still] == before.type[still]).mean() >= LEVEL


@pytest.mark.parametrize(
    ("between", "lowest", "highest"),
    [(0.10, 0.92, 0.96), (0.15, 0.90, 0.94), (0.20, 0.88, 0.92), (0.25, 0.84, 0.89)],
)
def test_the_interval_holds_the_true_score_about_as_often_as_it_says(
    between: float, lowest: float, highest: float
) -> None:
    """Ten draws of 400 residences: 4,000 intervals, whose mean is known to some ± 0.015 (three errors).

    Ten households' worth of shrinkage is that of chances that spread by some 0.2 (first quartile: 0.16). The
    less residences differ, the wider the interval than it needs to be; where they differ more, it is too
    narrow for the small ones.
    """
    draw = np.random.default_rng(5)
    held: list[float] = []
    chances, sizes = territory(draw, between)
    for _ in range(10):
        found = qualify(drawn(chances, sizes, draw), CHOICE)
        true = true_score(found, chances)
        held.append(float(((found.score_low <= true) & (true <= found.score_high)).mean()))
    assert lowest <= np.mean(held) <= highest


def test_a_larger_residence_has_a_narrower_interval() -> None:
    same: Observed = told({"first_quartile": ([3, 30, 300], [10, 100, 1000])})
    found = qualify(same, CHOICE)
    widths = found.score_high - found.score_low
    # √(1 / (n + 10)): 20, 110 and 1,010 households' worth.
    assert widths[0] / widths[1] == pytest.approx(np.sqrt(110 / 20))
    assert widths[1] / widths[2] == pytest.approx(np.sqrt(1010 / 110))
