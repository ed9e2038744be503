"""A line is said in words that its label can be read from again."""

from __future__ import annotations

import pytest

from mixite.desk.dossier.labels import spoken, unspoken

QUOTA = "R1 hors QPV, EPCI"
TARGET = "first_quartile ≥ 30 % à accueillir, R1"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        (QUOTA, QUOTA),
        (TARGET, "Premier quartile ≥ 30 % à accueillir dans la résidence R1"),
        (
            "q2_q4 ≥ 20 % à accueillir, R0012",
            "Deuxième au quatrième quartile ≥ 20 % à accueillir dans la résidence R0012",
        ),
        ("l441_1 ≥ 20 % à accueillir, Les Rives", "Prioritaires L.441-1 ≥ 20 % à accueillir, Les Rives"),
    ],
)
def test_a_residence_whose_name_is_a_quota_s_is_said_to_be_one_and_read_back(label: str, said: str) -> None:
    assert spoken(label) == said
    assert spoken(said) == said
    assert unspoken(said) == label


def test_two_lines_of_one_cell_are_told_apart() -> None:
    assert spoken(f"{QUOTA} ; {TARGET}") == (
        "R1 hors QPV, EPCI ; Premier quartile ≥ 30 % à accueillir dans la résidence R1"
    )
