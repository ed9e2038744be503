"""Quantiles of the gap that sittings keep."""

import math

import pandas as pd
import pytest

from sim.indicators import matching
from sim.outcomes import MATCHINGS, MONTH_S


def held(rows):
    """Return the table of matchings given as (held_s, gap, proved_by), the rest zero."""
    told = {name: [0] * len(rows) for name in MATCHINGS}
    told["sitting_id"] = [f"S{place}" for place in range(len(rows))]
    told["held_s"], told["gap"], told["proved_by"] = (list(column) for column in zip(*rows, strict=True))
    return pd.DataFrame(told).astype(MATCHINGS)


def test_the_gap_is_told_by_quantiles_and_by_how_it_is_proved(build, find):
    run = build()
    rows = [(0, 0.0, "lp"), (MONTH_S, 0.0, "lp"), (2 * MONTH_S, 0.001, "mip"), (3 * MONTH_S, 0.004, "")]
    rows += [(20 * MONTH_S, 0.002, "mip")]
    object.__setattr__(run, "matchings", held(rows))
    found = matching.compute(run)
    # Sorted: 0, 0, 0.001, 0.002, 0.004. Half of five is reached by the third, nine tenths by the fifth.
    assert find(found, "matching_gap_median", "all") == pytest.approx(1)
    assert find(found, "matching_gap_p90", "all") == pytest.approx(4)
    assert find(found, "matching_gap_max", "all") == pytest.approx(4)
    # 2027: 0, 0, 0.001, 0.004; half of four is reached by the second.
    assert find(found, "matching_gap_median", "all", 2027) == 0
    assert find(found, "matching_gap_max", "all", 2028) == pytest.approx(2)
    assert find(found, "matching_proved_share", "all") == pytest.approx(2 / 5)
    assert find(found, "matching_within_share", "all") == pytest.approx(3 / 5)
    assert find(found, "matching_within_share", "all", 2027) == pytest.approx(3 / 4)


def test_a_year_without_a_sitting_has_no_gap(build, find):
    run = build()
    object.__setattr__(run, "matchings", held([(0, 0.002, "mip")]))
    found = matching.compute(run)
    assert math.isnan(find(found, "matching_gap_median", "all", 2028))
    assert math.isnan(find(found, "matching_proved_share", "all", 2028))


def test_a_policy_that_matches_nothing_jointly_has_no_gap(build):
    assert matching.compute(build()) == []
