"""The order usual before the cotation: each criterion alone, the commission's own part, and no income."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.policies.parameters import UsualOrder
from sim.policies.sitting import Sitting
from sim.policies.status_quo import shortlist

YEAR_S = 31_557_600
NOW_S = 32 * 86_400
NOTHING = UsualOrder(
    seniority=0, most_years=5, first_commune=0, typology=0, affordable=0, affordable_share=0.85, discretion=0
)
Build = Callable[..., Sitting]


def first(sitting: Sitting) -> list[int]:
    return shortlist(sitting).rows[0].tolist()


def years_ago(*years: float) -> list[int]:
    return [NOW_S - int(number * YEAR_S) for number in years]


def with_filing(sitting: Sitting, *years: float) -> Sitting:
    vars(sitting)["filed_s"] = np.array(years_ago(*years))
    return sitting


@pytest.mark.parametrize(
    ("weight", "columns", "expected"),
    [
        # Nothing weighs: the oldest demand, here 2 then 0 then 1.
        ({}, {}, [2, 0, 1]),
        # Vacancy 0 is in commune 0, which demand 1 wishes first.
        ({"first_commune": 1.0}, {"first_commune": [5, 0, 5]}, [1, 2, 0]),
        # Three rooms; demand 0 asks for three at least, the others for two.
        ({"typology": 1.0}, {"rooms_min": [3, 2, 2]}, [0, 2, 1]),
        # 400 is at most 0.85 × 480 = 408, not 0.85 × 470 = 399.5; nothing stated is not well under.
        ({"affordable": 1.0}, {"max_rent_eur": [470.0, 480.0, np.nan]}, [1, 2, 0]),
    ],
)
def test_each_criterion_alone(
    sitting_of: Build, weight: dict[str, float], columns: dict[str, list[float]], expected: list[int]
) -> None:
    usual = NOTHING.model_copy(update=weight)
    assert first(sitting_of([[0, 1, 2]], [3, 2, 1], seniority=[1, 2, 0], usual=usual, **columns)) == expected


def test_seniority_counts_up_to_its_cap(sitting_of: Build) -> None:
    usual = NOTHING.model_copy(update={"seniority": 0.6, "first_commune": 1.0})
    # 0: two years, 1.2. 1: six count for five, 3.0. 2: three years and its first commune, 1.8 + 1 = 2.8.
    sitting = sitting_of([[0, 1, 2]], [3, 2, 1], first_commune=[5, 5, 0], usual=usual)
    assert first(with_filing(sitting, 2, 6, 3)) == [1, 2, 0]
    # 1 and 2 both beyond the cap: the first commune decides, 4.0 to 3.0.
    sitting = sitting_of([[0, 1, 2]], [3, 2, 1], first_commune=[5, 5, 0], usual=usual)
    assert first(with_filing(sitting, 2, 9, 6)) == [2, 1, 0]


def test_points_weigh_nothing(sitting_of: Build) -> None:
    low, high = (sitting_of([[0, 1, 2]], points, seniority=[2, 1, 0]) for points in ([3, 2, 1], [900, 50, 0]))
    assert first(low) == first(high)


def test_discretion_is_the_odds_of_a_logit(sitting_of: Build) -> None:
    # Two demands, one in its first commune (worth 1.0), discretion 1: it comes first with e / (e + 1).
    usual = NOTHING.model_copy(update={"first_commune": 1.0, "discretion": 1.0})
    rng = np.random.default_rng(5)
    times = 4000
    leads = sum(
        first(
            sitting_of(
                [[0, 1]],
                [2, 1],
                first_commune=[0, 5],
                usual=usual,
                drawn=lambda _, positions: rng.random(len(positions)),
            )
        )[0]
        == 0
        for _ in range(times)
    )
    share = np.e / (np.e + 1)
    assert abs(leads / times - share) < 4 * np.sqrt(share * (1 - share) / times)


def test_no_term_in_income() -> None:
    """The policy reads the columns named here alone, and none is an income or read from one."""
    source = Path("sim/policies/status_quo.py").read_text(encoding="utf-8")
    read = {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("sitting", "usual")
    }
    assert read == {
        *("usual", "held_s", "filed_s", "discretion", "seniority", "most_years"),
        *("first_commune", "commune", "rooms_min", "rooms", "rent_due_eur", "max_rent_eur"),
        *("typology", "affordable", "affordable_share"),
        *("pool", "pool_start"),  # who fits each vacancy
    }
