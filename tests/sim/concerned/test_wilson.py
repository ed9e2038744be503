"""Intervals of shares, against published examples and a second formula."""

from __future__ import annotations

import numpy as np
import pytest

from sim.concerned.wilson import difference


def test_newcombe_s_interval_of_a_difference() -> None:
    # Newcombe 1998, method 10: 56/70 − 48/80 = 0.2000, 0.0524 to 0.3339.
    low, high = difference(*(np.array([number]) for number in (48.0, 80.0, 56.0, 70.0)))
    assert (low[0], high[0]) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
