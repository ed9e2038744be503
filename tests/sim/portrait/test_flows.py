"""Vacancies of a year and waits, against numbers known from elsewhere."""

from __future__ import annotations

from datetime import date
from math import log

import numpy as np
import pytest

from sim.portrait import vacancies, waits

DAY = date(2026, 1, 1)


def _from(signed: np.ndarray) -> vacancies.Expected | None:
    return vacancies.from_leases(np.zeros(len(signed), dtype=np.int64), signed, DAY, 2, 20)


def test_twenty_leases_of_a_year_have_garwood_s_interval() -> None:
    signed = np.datetime64("2025-01-01") + 18 * np.arange(1, 21)
    expected = _from(np.concatenate([[np.datetime64("2024-03-01")], signed]))
    assert expected is not None
    low, high = vacancies.interval(np.array([20.0, 0.0]), expected)
    # Garwood's table: 12.22 to 30.89 around 20, 0 to 3.69 around 0.
    assert np.round(low, 2).tolist() == [12.22, 0.0]
    assert np.round(high, 2).tolist() == [30.89, 3.69]


def test_leases_of_half_a_year_are_brought_to_a_year() -> None:
    signed = np.datetime64("2025-07-05") + 8 * np.arange(20)
    expected = _from(signed)
    assert expected is not None
    # From 1 July 2025 to 1 January 2026: 184 days.
    assert expected.days == 184
    assert expected.of_dwelling.tolist() == pytest.approx([20 * 365 / 184, 0])


@pytest.mark.parametrize(
    "signed",
    [
        np.datetime64("2025-01-01") + 18 * np.arange(1, 20),  # nineteen
        np.datetime64("2025-12-01") + np.arange(25),  # a month
        np.datetime64("2023-01-01") + np.arange(25),  # of another year
    ],
    ids=["too few", "too short", "too old"],
)
def test_leases_that_say_nothing_of_the_year_are_not_read(signed: np.ndarray) -> None:
    assert _from(signed) is None


def test_hypotheses_give_the_published_turnover() -> None:
    # k 0.664, scale 8.68 years: mean 11.6 years, 8.6 % a year at the middle typology.
    law = vacancies.Departures(0.664, 8.68, 2.0)
    rates = vacancies.from_departures(np.array([3, 1, 5, 9]), law).of_dwelling
    assert rates[0] == pytest.approx(0.0864, abs=5e-4)
    assert rates[1] / rates[2] == pytest.approx(2.0)
    assert rates[3] == rates[2]  # five rooms and more


def test_lapses_shorten_the_wait_and_vanish_into_little_s_law() -> None:
    one = np.array([1.0])
    # L/V = 1 and half renew: ln(1 + ln 2) / ln 2 years.
    assert waits.of_flow(one, one, 0.5)[0] == pytest.approx(12 * log(1 + log(2)) / log(2))
    assert waits.of_flow(one, one, 1.0)[0] == pytest.approx(12)
    assert waits.of_flow(one, one, 1 - 1e-9)[0] == pytest.approx(12)
    assert waits.of_flow(one, 0 * one, 0.5)[0] == np.inf


def test_median_of_twenty_waits_has_the_sixth_and_fifteenth_for_interval() -> None:
    # Ranks 6 and 15 of 20, as the tables of distribution-free intervals give at 95 %.
    days = np.round(np.arange(1, 21) * waits.DAYS_A_MONTH).astype(np.int64)
    assert waits.observed(days[::-1]) == pytest.approx((10.5, 6, 15), abs=0.02)


def test_no_wait_has_no_median() -> None:
    with pytest.raises(ValueError, match="aucun bail"):
        waits.observed(np.zeros(0, dtype=np.int64))
