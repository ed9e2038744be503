"""The attributes that follow from a demand's columns and the day."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.cotation import derived, seniority_months


def months(filed: str, on: str) -> int:
    return seniority_months(np.array([filed], dtype="datetime64[D]"), date.fromisoformat(on))[0].item()


@pytest.mark.parametrize(
    ("filed", "on", "expected"),
    [
        ("2025-03-15", "2025-03-15", 0),
        ("2025-03-15", "2025-04-14", 0),
        ("2025-03-15", "2025-04-15", 1),
        ("2025-03-15", "2026-03-14", 11),
        ("2025-03-15", "2026-03-15", 12),
        ("2025-01-31", "2025-02-28", 0),  # the 31st is not reached in February
        ("2025-01-31", "2025-03-01", 1),
        ("2024-02-29", "2025-02-28", 11),
        ("2024-02-29", "2025-03-01", 12),
        ("1998-12-01", "2026-11-30", 335),  # 28 years less one day
        ("2026-02-01", "2026-01-01", 0),  # filed later
    ],
)
def test_seniority_counts_full_calendar_months(filed: str, on: str, expected: int) -> None:
    assert months(filed, on) == expected


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2030, 12, 31)), min_size=1, max_size=20),
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
)
def test_seniority_agrees_with_the_calendar_one_demand_at_a_time(filed: list[date], on: date) -> None:
    def by_hand(day: date) -> int:
        return max(0, (on.year - day.year) * 12 + on.month - day.month - (on.day < day.day))

    dates = np.array(filed, dtype="datetime64[D]")
    expected = [by_hand(day) for day in filed]
    assert seniority_months(dates, on).tolist() == expected
    assert seniority_months(dates.view(np.int64), on).tolist() == expected


def test_a_demand_without_a_date_of_filing_is_refused() -> None:
    with pytest.raises(ValueError, match="date de dépôt"):
        seniority_months(np.array(["NaT"], dtype="datetime64[D]"), date(2026, 1, 1))


def test_nobody_has_a_seniority_on_an_empty_table() -> None:
    assert seniority_months(np.array([], dtype="datetime64[D]"), date(2026, 1, 1)).tolist() == []


def test_derived_attributes_are_encoded_as_a_grid_reads_them() -> None:
    on = date(2026, 1, 1)
    facts = derived(
        np.array([on - timedelta(days=400), on], dtype="datetime64[D]"),
        on,
        mutation=np.array([False, True]),
        dalo=np.array([True, False]),
        age=np.array([30, 70]),
        adults=np.array([1, 2]),
        children=np.array([2, 0]),
        income_quartile=np.array([1.0, np.nan]),
    )
    assert facts["seniority_months"].tolist() == [13, 0]
    assert facts["request_kind"].tolist() == [0, 1]  # primo, mutation
    assert facts["dalo_status"].tolist() == [1, 0]  # ACTIF, NON
    assert facts["dalo"].tolist() == [True, False]
    assert {"age", "adults", "children", "income_quartile"} < set(facts)
