"""Laws of time in a synthetic territory, against values worked by hand."""

from pathlib import Path

import numpy as np
import pytest

from sim.chance import Chance
from sim.territory.synthetic.demands import share_pending, time_pending
from sim.territory.synthetic.draws import chosen, code
from sim.territory.synthetic.placement import elapsed, tenure_law
from sim.territory.synthetic.spec import load_spec

TERRITORIES = Path(__file__).parents[4] / "scenarios" / "territories"
KEYS = np.arange(200_000, dtype=np.uint64)


def test_tenure_law_has_the_survivals_at_five_and_ten_years():
    # S(5) = 1/2 and S(10) = 1/3: k = ln(ln 3 / ln 2) / ln 2 = 0.664, scale = 5 / (ln 2)^(1/k) = 8.68 years.
    shape, scale = tenure_law(load_spec(TERRITORIES / "mel.toml").placement)
    assert shape == pytest.approx(0.664, abs=0.001)
    assert scale == pytest.approx(8.68, abs=0.01)


def test_time_since_the_lease_of_an_exponential_tenure_is_exponential():
    # With shape 1 the law has no memory: mean time since the lease 8 years, as the tenure itself.
    years = elapsed(1.0, 8.0, Chance(0).uniform("test", KEYS), np.full(KEYS.size, 1e6))
    assert years.mean() == pytest.approx(8.0, rel=0.02)


def test_time_since_the_lease_never_exceeds_the_longest():
    years = elapsed(0.664, 8.68, Chance(0).uniform("test", KEYS), np.full(KEYS.size, 3.0))
    assert years.max() <= 3.0 + 1e-9


def test_share_of_requests_pending_for_less_than_a_year_and_a_half():
    # s = 0.47: F(1) = 0.53, F(1.5) = 0.53 + 0.5 × 0.47 × 0.53 = 0.65455.
    assert share_pending(0.47, np.array([0.0, 1.0, 1.5])) == pytest.approx([0.0, 0.53, 0.65455])


def test_time_pending_inverts_its_distribution():
    level = np.array([0.1, 0.53, 0.65455, 0.99])
    years = time_pending(0.47, level, np.full(4, np.inf))
    assert years[2] == pytest.approx(1.5)
    assert share_pending(0.47, years) == pytest.approx(level)


def test_chosen_takes_exactly_the_number_and_never_a_zero_weight():
    weights = np.where(KEYS[:1000] < 500, 0.0, 1.0 + KEYS[:1000])
    mask = chosen(Chance(0), "test", KEYS[:1000], weights, 100)
    assert mask.sum() == 100
    assert not mask[:500].any()


def test_code_follows_the_shares_of_its_row():
    codes = code(Chance(0), "test", KEYS, [[1, 0, 0], [1, 1, 2]], (KEYS % 2).astype(int))
    assert (codes[::2] == 0).all()
    assert np.bincount(codes[1::2], minlength=3) / 100_000 == pytest.approx([0.25, 0.25, 0.5], abs=0.01)
