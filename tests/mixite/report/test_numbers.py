"""How numbers are written for French readers."""

import math

import pytest

from mixite.report import numbers


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (1234.5, 1, "1\u202f234,5"),
        (-3.25, 1, "\u22123,2"),  # round half to even, as Python prints
        (-0.001, 1, "0,0"),  # no sign on what is written zero
        (math.nan, 1, "—"),
    ],
)
def test_number_has_a_decimal_comma_thin_spaces_and_a_real_minus(
    value: float, decimals: int, expected: str
) -> None:
    assert numbers.number(value, decimals) == expected


def test_share_is_in_percent_and_its_difference_in_points() -> None:
    assert numbers.measure(0.1234, numbers.SHARE) == "12,3\u202f%"
    assert numbers.measure(-0.0321, numbers.SHARE, difference=True) == "\u22123,2\u00a0pt"


def test_gap_between_shares_is_in_points_and_signed() -> None:
    assert numbers.measure(0.021, numbers.GAP) == "+2,1\u00a0pt"


def test_pace_is_a_year_s_signed_and_fine_enough() -> None:
    assert numbers.measure(0.0021, numbers.GAP_YEARLY) == "+0,21\u00a0pt par an"
    assert numbers.measure(-0.00384, numbers.INDEX_YEARLY) == "\u22120,0038\u00a0par an"
    assert numbers.shown_unit(numbers.GAP_YEARLY) == "points par an"


def test_interval_of_a_single_replication_is_a_dash() -> None:
    assert numbers.interval(math.nan, math.nan, numbers.SHARE) == "—"


def test_interval_of_a_share_is_in_points() -> None:
    assert numbers.interval(-0.012, 0.034, numbers.SHARE) == "[\u22121,2 ; +3,4]"


def test_bound_near_zero_keeps_its_side() -> None:
    # 0.03 point would be written 0,0 and look like zero: one more decimal is given
    assert numbers.interval(0.0003, 0.0104, numbers.SHARE) == "[+0,03 ; +1,04]"


def test_index_keeps_three_decimals() -> None:
    assert numbers.measure(0.2514, "indice (0-1)") == "0,251"


@pytest.mark.parametrize(
    ("low", "high", "unit", "expected"),
    [
        (-0.012, 0.034, numbers.SHARE, "±\u202f2,3"),  # (3.4 + 1.2) / 2 points
        (-3, 5, "mois", "±\u202f4,0"),
        (0.0, 0.0, "jours", "±\u202f0,0"),
        (0.0, 0.0002, numbers.SHARE, "±\u202f0,010"),  # what is not zero does not read as zero
        (math.nan, math.nan, "jours", "—"),
    ],
)
def test_half_width_is_half_of_the_interval(low: float, high: float, unit: str, expected: str) -> None:
    assert numbers.half_width(low, high, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.0, "ménages", "+1,0\u00a0ménage"),
        (0.5, "résidences", "+0,5\u00a0résidence"),
        (-1.9, "baux", "−1,9\u00a0bail"),
        (2.0, "baux", "+2,0\u00a0baux"),
        (12.25, "ménages", "+12,2\u00a0ménages"),
        (0.0, "demandes par bail", "0,0\u00a0demande par bail"),
        (1.0, "mois", "+1,0\u00a0mois"),
    ],
)
def test_what_is_counted_agrees_with_its_number(value: float, unit: str, expected: str) -> None:
    assert numbers.measure(value, unit, difference=True) == expected


def test_things_are_plural_from_two() -> None:
    assert [numbers.several(count, "réplique") for count in (0, 1, 2)] == [
        "0 réplique",
        "1 réplique",
        "2 répliques",
    ]
