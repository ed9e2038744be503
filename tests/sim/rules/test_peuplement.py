"""The type of a residence, worked by hand, and the targets that are refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.peuplement import Target, qualify, target_families
from sim.rules.quotas import TARGET
from sim.rules.traits import mask
from sim.territory.columns import PEUPLEMENT_TYPES
from sim.territory.files.faults import FaultsFound
from sim.territory.files.toml import decode

# Eight residences of ten households. First quartile: 0, 1, … 7, in all 28 of 80: 35 %. Below 40 % of PLUS:
# the same counts. Without shrinkage the score is (share − 0.35) / spread, the spread being
# √mean((k/10 − 0.35)²) = √(((0.35² + 0.25² + 0.15² + 0.05²) × 2) / 8) = √0.0525.
TEN = np.full(8, 10)
POOR = np.arange(8)
SPREAD = np.sqrt(0.0525)


def test_each_type_holds_a_quarter_of_the_households() -> None:
    ruler = qualify(TEN, POOR, POOR, shrinkage=0.0)
    assert ruler.mean == pytest.approx([0.35, 0.35])
    assert ruler.spread == pytest.approx([SPREAD, SPREAD])
    assert ruler.score(TEN, POOR, POOR) == pytest.approx((POOR / 10 - 0.35) / SPREAD)
    assert ruler.types(TEN, POOR, POOR).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_the_score_is_the_mean_of_both_shares() -> None:
    # The second share runs the other way: the two z-scores cancel, every residence is alike.
    assert qualify(TEN, POOR, POOR[::-1], 0.0).score(TEN, POOR, POOR[::-1]) == pytest.approx(np.zeros(8))


def test_a_quarter_is_of_households_not_of_residences() -> None:
    # 40, then seven of 10: the first alone holds 40 of 110 households, more than a quarter.
    households = np.array([40, 10, 10, 10, 10, 10, 10, 10])
    kinds = qualify(households, POOR, POOR, 0.0).types(households, POOR, POOR)
    # Reached: 40, 50, 60, 70, 80, 90, 100, 110 of 110; quarters at 27.5, 55, 82.5.
    assert kinds.tolist() == [0, 1, 1, 2, 2, 2, 3, 3]


def test_a_small_residence_is_drawn_towards_the_epci() -> None:
    ruler = qualify(TEN, POOR, POOR, shrinkage=10.0)
    # 1 household of 1: (1 + 10 × 0.35) / (1 + 10) = 0.409, hardly above the EPCI's 0.35;
    # 100 of 100: (100 + 3.5) / 110 = 0.941.
    small, large = ruler.score(np.array([1, 100]), np.array([1, 100]), np.array([1, 100]))
    assert (small * ruler.spread[0] + 0.35, large * ruler.spread[0] + 0.35) == pytest.approx(
        (4.5 / 11, 103.5 / 110)
    )


@pytest.mark.parametrize("shrinkage", [0.0, 10.0])
def test_an_empty_residence_scores_as_the_epci(shrinkage: float) -> None:
    households, poor = np.append(TEN, 0), np.append(POOR, 0)
    assert qualify(households, poor, poor, shrinkage).score(households, poor, poor)[-1] == pytest.approx(0)


def test_a_ruler_stays_when_residences_change() -> None:
    ruler = qualify(TEN, POOR, POOR, 0.0)
    poorer = np.minimum(POOR + 2, 10)
    # Each residence takes the place of the one two further: one type up, the last stays.
    assert ruler.types(TEN, poorer, poorer).tolist() == [1, 1, 2, 2, 3, 3, 3, 3]


@given(st.permutations(range(8)), st.floats(0, 30))
def test_the_order_of_residences_changes_no_type(order: list[int], shrinkage: float) -> None:
    households = np.array([12, 30, 7, 45, 22, 9, 61, 18])
    poor, poorest = np.array([5, 3, 6, 9, 11, 0, 20, 8]), np.array([6, 5, 6, 12, 13, 1, 31, 7])
    kinds = qualify(households, poor, poorest, shrinkage).types(households, poor, poorest)
    again = [column[order] for column in (households, poor, poorest)]
    np.testing.assert_array_equal(qualify(*again, shrinkage).types(*again), kinds[order])


LAWFUL: dict[str, Any] = {
    "public": "first_quartile",
    "floor": 0.35,
    "published_in": {"reference": "CIA de synthèse", "on": date(2026, 1, 1), "perimeter": "EPCI"},
}


@pytest.mark.parametrize(
    ("change", "key", "message"),
    [
        ({"floor": 0}, "floor", "attendu > 0"),
        ({"floor": 1.2}, "floor", "attendu ≤ 1"),
        ({"floor": 0.355}, "", "centièmes entiers"),
        ({"maximum": 0.5}, "maximum", "clé inconnue"),
        ({"months": 12}, "months", "attendu ≥ 24"),
        ({"types": []}, "types", "au moins 1 attendu"),
        ({"types": ["fragile"]}, "types[0]", "en_capacite"),
        ({"published_in": None}, "published_in", "clé absente"),
        ({"public": "q2_q4"}, "", "n'est admis qu'en QPV"),
        ({"public": "q2_q4", "in_qpv": False}, "", "study = true"),
        ({"public": "single_parent"}, "", "« Familles monoparentales » (CCH L.442-5"),
        ({"public": "aged_65_plus"}, "", "n'est pas admis pour l'usage « target »"),
        ({"public": "size_5_plus"}, "", "critères admis pour cet usage : l441_1, first_quartile, q2_q4"),
        ({"public": "origine"}, "", "critère inconnu"),
    ],
)
def test_an_unlawful_target_is_refused(change: dict[str, Any], key: str, message: str) -> None:
    spec = {name: value for name, value in (LAWFUL | change).items() if value is not None}
    with pytest.raises(FaultsFound) as refused:
        decode(spec, Target, "scenario.toml")
    fault = refused.value.faults[0]
    assert fault.column == key
    assert message in str(fault)


@pytest.mark.parametrize(
    "change", [{}, {"public": "q2_q4", "in_qpv": True}, {"public": "q2_q4", "in_qpv": False, "study": True}]
)
def test_a_lawful_target_is_read(change: dict[str, Any]) -> None:
    assert decode(LAWFUL | change, Target, "scenario.toml").months == 36


def test_a_target_says_itself_in_french() -> None:
    target = Target(**LAWFUL, types=("en_capacite",), in_qpv=False)
    assert target.label() == "first_quartile ≥ 35 % des baux sur 36 mois hors QPV, types en_capacite"


def test_a_target_has_a_row_for_each_residence_it_concerns() -> None:
    kinds = np.array([PEUPLEMENT_TYPES.index(name) for name in ("en_capacite", "en_capacite", "a_conforter")])
    in_qpv = np.array([False, True, False])
    dwellings = np.array([0, 0, 1, 2, 2])
    outside = Target(**LAWFUL, types=("en_capacite", "en_equilibre"), in_qpv=False)
    anywhere = Target(**LAWFUL, months=24)
    first, second, rpms = target_families(
        (outside, anywhere, Target(**LAWFUL, in_rpms=True)),
        ["R1", "R2", "R3"],
        kinds,
        in_qpv,
        ~in_qpv,
        dwellings,
    )
    assert first.by_dwelling.tolist() == [0, 0, -1, -1, -1]
    assert second.by_dwelling.tolist() == [0, 0, 1, 2, 2]
    assert (first.months, second.months) == (36, 24)
    assert (first.tier, first.percent, first.public) == (TARGET, 35, mask(["first_quartile"]))
    assert first.excluded == mask(["neutral"])  # DALO, relogement, violence: in no target row
    assert first.labels[0] == "first_quartile ≥ 35 % à accueillir, R1"
    assert rpms.by_dwelling.tolist() == [0, 0, -1, 2, 2]
