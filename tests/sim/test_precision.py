"""When the replications are enough for the precision asked, on series made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.comparison import compare
from sim.precision import CONSECUTIVE, FEWEST, headline_series, intervals, read

EARLIEST = FEWEST + CONSECUTIVE - 1


def alternating(mean: float, spread: float, count: int) -> np.ndarray:
    """Return differences mean ± spread, in turn: half width close to t × spread / √n."""
    return mean + spread * np.where(np.arange(count) % 2, -1.0, 1.0)


def asked(*differences: np.ndarray, relative: float = 0.1):
    b = np.array(differences)
    return read(np.zeros_like(b), b, relative)


def test_precise_from_the_start_needs_the_fewest_then_four_more() -> None:
    found = asked(alternating(10, 0.1, 40))
    assert (found.needed, found.distinguished, found.too_wide) == (EARLIEST, 1, ())
    assert EARLIEST == 24


@pytest.mark.parametrize("count", [1, 2, 19, 20, 23])
def test_no_number_under_twenty_four_is_enough(count: int) -> None:
    assert asked(alternating(10, 0.1, count)).needed is None


def test_number_needed_worked_by_hand() -> None:
    # Differences 10 ± 3: standard deviation 3 √(n/(n−1)) for even n, so the half width is t(n−1) × 3/√(n−1).
    # At n = 36, t(35) = 2.0301: 6.0903/√35 = 1.0294, over 10 % of 10. At n = 38, t(37) = 2.0262: 6.0786/√37
    # = 0.99932, under. For odd n the mean moves to 10 + 3/n and squares to 9 (n − 1/n):
    # at n = 37, t(36) = 2.0281: 2.0281 × √(9 (37 − 1/37)/(36 × 37)) = 1.0137 against 1.00811: over.
    # From 38 on it holds; the fifth in a row is 42.
    assert asked(alternating(10, 3, 60)).needed == 42


def test_what_is_played_after_changes_nothing_to_the_number_needed() -> None:
    series = alternating(10, 3, 200)
    assert {asked(series[:count]).needed for count in (42, 43, 100, 200)} == {42}
    assert asked(series[:41]).needed is None
    assert asked(np.concatenate([series[:42], [1e6, -1e6]])).needed == 42


def test_once_is_not_enough_when_the_next_value_undoes_it() -> None:
    series = alternating(10, 0.1, 40)
    series[22] = 60.0  # at n = 23 the half width jumps: 20, 21 and 22 were satisfied
    found = asked(series)
    assert found.needed is None
    assert found.too_wide == (0,)


def test_five_in_a_row_are_counted_anew_after_a_failure() -> None:
    series = np.full(60, 10.0)
    series[22] = 25.0
    # 20, 21 and 22 are satisfied. With one value 15 above n − 1 equal ones the standard error is 15/n
    # exactly, so that n is satisfied when t × 15/n ≤ 1 + 1.5/n, that is 15 t − 1.5 ≤ n: 29.23 at 29, 29.18
    # at 30.
    assert asked(series).needed == 34


def test_headline_that_is_not_distinguished_asks_for_nothing() -> None:
    nothing = alternating(0, 5, 40)
    found = asked(alternating(10, 0.1, 40), nothing)
    assert (found.needed, found.distinguished) == (EARLIEST, 1)


def test_distinguished_but_wide_headline_holds_the_others_back_and_is_named() -> None:
    # 3 ± 5 at n = 40: half width 2.0227 × 5/√39 = 1.62, distinguished but over 0.3.
    found = asked(alternating(10, 0.1, 40), alternating(0, 5, 40), alternating(3, 5, 40))
    assert (found.needed, found.distinguished, found.too_wide) == (None, 2, (2,))


def test_nothing_distinguished_is_never_precise() -> None:
    found = asked(alternating(0, 5, 100))
    assert (found.needed, found.distinguished, found.too_wide) == (None, 0, ())


def test_differences_known_exactly_need_no_more() -> None:
    assert asked(np.zeros(30), np.full(30, np.nan)).needed == EARLIEST  # a policy against itself
    assert asked(np.full(30, 0.1)).needed == EARLIEST
    assert asked(np.full(30, np.nan)).needed is None  # nothing is known
    assert asked(np.zeros(30), alternating(0, 5, 30)).needed is None


def test_unknown_values_leave_and_the_interval_is_that_of_the_comparison() -> None:
    draws = np.random.default_rng(7)
    a, b = draws.normal(0.2, 0.05, (3, 30)), draws.normal(0.5, 0.1, (3, 30))
    b[0, [0, 4, 11]] = np.nan
    a[2, 1:29] = np.nan
    difference, half_width = intervals(b - a)
    for n in (1, 2, 5, 12, 30):
        rows = [
            (policy, replication, "x", "all", row, values[row, replication])
            for policy, values in (("a", a), ("b", b))
            for row in range(3)
            for replication in range(n)
        ]
        columns = ["policy", "replication", "indicator", "group", "year", "value"]
        compared = compare(pd.DataFrame(rows, columns=columns), [("a", "b")])
        told = compared["n"] > 1
        expected = ((compared["ci_high"] - compared["ci_low"]) / 2).to_numpy()
        assert half_width[:, n - 1] == pytest.approx(expected, nan_ok=True), n
        assert difference[told, n - 1] == pytest.approx(compared["difference"][told].to_numpy()), n


@pytest.mark.parametrize("relative", [0, -0.1, 1, 7, float("nan")])
def test_precision_that_is_no_share_is_refused(relative: float) -> None:
    with pytest.raises(ValueError, match="attendue entre 0 et 1"):
        asked(alternating(10, 1, 30), relative=relative)


def test_series_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="attendues égales"):
        read(np.zeros((1, 3)), np.zeros((1, 4)), 0.1)


def test_series_are_the_headlines_of_the_pair_in_the_order_of_the_replications() -> None:
    rows = [
        (policy, replication, indicator, group, year, value + replication)
        for policy, value in (("a", 0.0), ("b", 100.0), ("c", 500.0))
        for replication in (2, 0, 1)
        for indicator, group, year in (
            ("r1_share", "all", 0),
            ("housed_12m", "dalo", 0),
            ("housed_12m", "mutation", 0),  # no headline
            ("stock_first_quartile", "all", 2027),  # not the last year
            ("stock_first_quartile", "all", 2028),
        )
    ]
    columns = ["policy", "replication", "indicator", "group", "year", "value"]
    named, a, b = headline_series(pd.DataFrame(rows, columns=columns), ("a", "b"))
    assert named.to_numpy().tolist() == [
        ["housed_12m", "dalo", 0],
        ["r1_share", "all", 0],
        ["stock_first_quartile", "all", 2028],
    ]
    assert a.tolist() == [[0, 1, 2]] * 3
    assert b.tolist() == [[100, 101, 102]] * 3
