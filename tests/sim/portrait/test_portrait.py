"""The toy of nine dwellings and ten demands, its portrait computed by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.portrait.bands import banded
from sim.portrait.pending import Pending
from sim.portrait.portrait import Behaviour, Leases, Portrait, portrait
from sim.portrait.vacancies import Departures
from sim.rules.cotation import load
from sim.rules.law import Law
from sim.scenario import find
from sim.territory.columns import Territory
from sim.territory.files.reading import read_territory

UNCAPPED = Path("scenarios/grids/synthetic-seniority-uncapped.toml")

# A tenancy lasts 10 years on average: 10 × Γ(1 + 1/1). The rate is 1/10, times 16^((3 - rooms)/4):
# T1 × 4 = 0.4, T2 × 2 = 0.2, T3 0.1, T4 × 0.5 = 0.05 a year.
BEHAVIOUR = Behaviour(Departures(weibull_shape=1.0, weibull_scale_years=10.0, t1_over_t5=16.0), renewal=1.0)


@pytest.fixture(scope="module")
def toy() -> Territory:
    return read_territory(find(Path("scenarios/territories/jouet")))


@pytest.fixture(scope="module")
def made(toy: Territory) -> Callable[..., Portrait]:
    law, grid = Law.at(toy.as_of), load(find(UNCAPPED))

    def make(**changes: object) -> Portrait:
        kept = {"grid": grid, "q1_threshold_eur": 9600.0, "least": 1, **changes}
        return portrait(toy, law, BEHAVIOUR, **kept)  # type: ignore[arg-type]

    return make


def test_points_are_those_of_the_grid_on_the_territory_s_date(made: Callable[..., Portrait]) -> None:
    # Months since filing; D01 and D07 live in a hotel (+ 40), D07 is recognised under DALO (+ 150).
    assert made().asked.points.tolist() == [24 + 40, 48, 30, 60, 12, 66, 18 + 40 + 150, 6, 84, 36]


def test_traits_are_those_of_the_territory_s_threshold(made: Callable[..., Portrait]) -> None:
    traits = made().asked.traits
    # 9 600 EUR a year and unit: D01, D03, D05, D07, D09 are under it.
    assert np.flatnonzero(traits["first_quartile"]).tolist() == [0, 2, 4, 6, 8]
    assert np.flatnonzero(traits["dalo"]).tolist() == [6]
    assert np.flatnonzero(traits["mutation"]).tolist() == [9]
    # Computed from the ten incomes, the third: 600 EUR a month and unit, 7 200 a year; D01, D03, D07.
    alone = made(q1_threshold_eur=None).asked
    assert alone.q1_threshold_eur == pytest.approx(7200)
    assert np.flatnonzero(alone.traits["first_quartile"]).tolist() == [0, 2, 6]


def test_bands_are_read_from_the_most_points(made: Callable[..., Portrait]) -> None:
    found = banded(made().asked, least=1, width=50)
    # 208 | none | none | 64, 60, 66, 84 | 48, 30, 12, 6, 36
    labels = ["200 à 249", "150 à 199", "100 à 149", "50 à 99", "0 à 49"]
    assert [band.label for band in found.bands] == [f"{label} points" for label in labels]
    assert np.bincount(found.of, minlength=5).tolist() == [1, 0, 0, 4, 5]


def test_small_ends_join_their_neighbour(made: Callable[..., Portrait]) -> None:
    found = banded(made().asked, least=2, width=50)
    # The 1 of 200 joins 150 (1), then 100 (1), then 50 (5).
    assert [band.label for band in found.bands] == ["50 points et plus", "0 à 49 points"]
    assert np.bincount(found.of).tolist() == [5, 5]


def test_demands_are_counted_by_first_commune_and_smallest_typology(made: Callable[..., Portrait]) -> None:
    # Lille: D01 D02 D06 T1, D07 D08 T2, D04 T3. Roubaix: D09 T1, D05 T2, D03 D10 T3.
    assert made().demands.tolist() == [[3, 2, 1, 0, 0, 6], [1, 1, 2, 0, 0, 4], [4, 3, 3, 0, 0, 10]]


def test_demands_that_accept_a_place_are_counted_wherever_they_do(made: Callable[..., Portrait]) -> None:
    found = made().accepting
    # T4: D03 (3 to 4, both communes), D07 (2 to 4, both). Lille alone: D02, D04, D08; Roubaix: D05, D09.
    assert found[:, 3].tolist() == [2, 2, 2]
    assert found[:, -1].tolist() == [8, 7, 10]


def test_expected_vacancies_follow_the_law_of_tenancies(made: Callable[..., Portrait]) -> None:
    found = made()
    assert found.expected.source == "hypotheses"
    # Lille: L1 L9 T1, L7 T2, L2 L3 T3, L8 T4. Roubaix: L4 L6 T2, L5 T4.
    lille, roubaix = [0.8, 0.2, 0.2, 0.05, 0, 1.25], [0, 0.4, 0, 0.05, 0, 0.45]
    assert np.allclose(found.vacancies, [lille, roubaix, np.add(lille, roubaix)])
    assert not found.enough.any()  # under twenty a year everywhere


def test_a_wait_without_lapses_is_little_s(made: Callable[..., Portrait]) -> None:
    waits = made().waits
    assert waits.months[0, -1] == pytest.approx(12 * 6 / 1.25)
    assert waits.months[1, 0] == np.inf  # one waits for a T1 in Roubaix, where there is none
    assert (waits.low <= waits.months).all()


def test_each_demand_is_eligible_for_the_dwellings_worked_by_hand(
    made: Callable[..., Portrait], toy: Territory
) -> None:
    found = made().offered
    of = dict(zip(toy.demands.demand_id.tolist(), found.of_demand.tolist(), strict=True))
    assert of["D02"] == pytest.approx(0.2)  # L7: income over the PLAI ceiling of L1 and L9
    assert of["D04"] == pytest.approx(0.2)  # L2, L3: T3 alone, Lille alone
    assert of["D05"] == pytest.approx(0.4)  # L4, L6: no T3 in Roubaix
    assert of["D08"] == pytest.approx(0.4)  # L7, L2, L3
    assert of["D09"] == pytest.approx(0.4)  # L4, L6
    assert found.total == pytest.approx(1.7)


def test_a_band_could_be_offered_what_any_of_its_demands_could(made: Callable[..., Portrait]) -> None:
    found = made()
    for band in range(len(found.banded.bands)):
        mine = found.offered.of_demand[found.banded.of == band]
        assert found.offered.of_band[band] >= mine.max(initial=0) - 1e-9
        assert found.offered.of_band[band] <= min(found.offered.total, mine.sum()) + 1e-9


def test_without_a_grid_months_of_seniority_stand_for_points(made: Callable[..., Portrait]) -> None:
    asked = made(grid=None).asked
    assert not asked.scored
    assert asked.points.tolist() == [24, 48, 30, 60, 12, 66, 18, 6, 84, 36]


def test_ten_demands_are_all_masked_at_eleven(made: Callable[..., Portrait]) -> None:
    found = made(least=11)
    assert len(found.banded.bands) == 1
    for trait, counts in found.counts.items():
        assert found.masked[trait][counts > 0].all()


def test_leases_of_the_year_stand_before_the_law_of_tenancies(made: Callable[..., Portrait]) -> None:
    # Forty leases of L1 (T1, Lille) in 2025, filed 100 days before; one of 2023 is not of the year.
    signed = np.datetime64("2025-01-10") + 8 * np.arange(40)
    signed = np.concatenate([[np.datetime64("2023-05-01")], signed])
    found = made(leases=Leases(np.zeros(41, dtype=np.int64), signed, signed - 100))
    assert (found.expected.source, found.expected.leases, found.expected.days) == ("leases", 40, 365)
    assert found.vacancies[0].tolist() == [40, 0, 0, 0, 0, 40]
    assert found.enough[0].tolist() == [True, False, False, False, False, True]
    assert found.waits.observed[0, 0]
    assert found.waits.months[0, 0] == pytest.approx(100 / (365.25 / 12))


def test_flags_stand_beside_the_bands_of_points() -> None:
    flags = np.eye(4, dtype=bool)
    asked = Pending(
        points=np.array([5, 5, 5, 5]),
        scored=True,
        absolute_priority=flags[0],
        excluded=flags[1],
        in_scope=~flags[2],
        traits={"all": np.ones(4, dtype=bool)},
        commune=np.zeros(4, dtype=np.int64),
        typology=np.zeros(4, dtype=np.int64),
        missing={},
        q1_threshold_eur=np.nan,
    )
    found = banded(asked, least=1)
    assert [found.bands[place].label for place in found.of] == [
        "priorité absolue",
        "exclue par la grille",
        "hors cotation",
        "toutes les demandes (points)",
    ]
