"""Laws named one by one: Poisson streams, exponential patience, tenancies of three laws, and keyed draws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.chance import Chance
from sim.process.housing import NEVER
from sim.process.laws import Laws, arrival_times, laws_of, patience_ends, poisson, tenancy_ends
from sim.process.tenancies import streams
from sim.process.world import World
from sim.scenario import Scenario, scenario_of
from sim.stylised import Case, decode
from sim.territory.columns import Territory
from sim.territory.files.faults import FaultsFound

MANY = 20_000
CHANCE = Chance(seed=3)
KEYS = np.arange(MANY, dtype=np.uint64)
FIRST = np.zeros(MANY, dtype=np.int64)


def near(found: float, expected: float, error: float) -> bool:
    """Tell whether a mean is within four standard errors."""
    return abs(found - expected) <= 4 * error


def law(mean_s: float = np.nan, shape: float = np.nan, gives_up: float = 0.0, waits: bool = True) -> Laws:
    """Return the laws of one template."""
    one = np.ones(1)
    return Laws(
        one > 0,
        one * 0,
        one * gives_up,
        one > (0 if waits else 1),
        one * mean_s,
        one * shape,
        one * 0,
        one < 0,
    )


# --- Poisson streams ---------------------------------------------------------------------------------------


def test_as_many_come_as_poisson_says() -> None:
    # 0.002 a second over 10,000 s: mean 20, variance 20; that of the sample variance is near 2 × 20² / n.
    count = [len(arrival_times(Chance(0, n), "a", 0.002, 0, 10_000)) for n in range(2000)]
    assert near(np.mean(count), 20, np.sqrt(20 / 2000))
    assert near(np.var(count, ddof=1), 20, np.sqrt((2 * 20**2 + 20) / 2000))


def test_given_their_number_times_are_uniform_ascending_and_within() -> None:
    times = arrival_times(CHANCE, "a", 2.0, 5_000, 15_000)  # 20,000 expected
    assert (np.diff(times) >= 0).all()
    assert times[0] >= 5_000
    assert times[-1] < 15_000
    assert stats.kstest((times - 5_000 + 0.5) / 10_000, "uniform").pvalue > 6e-5


@pytest.mark.parametrize("per_s", [0.0, 1e-12])
def test_what_hardly_ever_comes_does_not(per_s: float) -> None:
    assert len(arrival_times(CHANCE, "a", per_s, 0, 1000)) == 0


def test_a_stream_is_drawn_by_its_name_alone() -> None:
    one, again = (arrival_times(CHANCE, "a", 0.01, 0, 100_000) for _ in range(2))
    other = arrival_times(CHANCE, "b", 0.01, 0, 100_000)
    assert one.tolist() == again.tolist()
    assert len(np.intersect1d(one, other)) < 0.1 * len(one)  # apart: by chance one in a hundred


@pytest.mark.parametrize("mean", [0.0, 0.3, 7.0, 4000.0])
@pytest.mark.parametrize("uniform", [1e-9, 0.1, 0.5, 0.9, 1 - 1e-9])
def test_poisson_is_the_quantile(mean: float, uniform: float) -> None:
    assert poisson(mean, uniform) == int(stats.poisson.ppf(uniform, mean))


# --- patience ----------------------------------------------------------------------------------------------


def test_patience_is_exponential() -> None:
    ends = patience_ends(law(gives_up=1e-5), CHANCE, KEYS, FIRST, np.full(MANY, 500))
    wait_s = ends - 501  # leaves a second after, at the soonest
    assert wait_s.min() >= 0
    assert near(wait_s.mean(), 1e5, 1e5 / np.sqrt(MANY))
    # P(wait > 2 means) = e⁻²
    share = np.exp(-2)
    assert near((wait_s > 2e5).mean(), share, np.sqrt(share * (1 - share) / MANY))


def test_who_never_gives_up_never_leaves() -> None:
    assert (patience_ends(law(), CHANCE, KEYS[:5], FIRST[:5], FIRST[:5]) == NEVER).all()


@pytest.mark.parametrize("gives_up", [0.0, 1e-5])
def test_who_does_not_wait_is_gone_a_second_after_filing(gives_up: float) -> None:
    filed_s = np.array([0, 7, 500])
    ends = patience_ends(law(gives_up=gives_up, waits=False), CHANCE, KEYS[:3], FIRST[:3], filed_s)
    assert ends.tolist() == [1, 8, 501]


# --- tenancies ---------------------------------------------------------------------------------------------


def ends(laws: Laws, lease_s: int = 0) -> np.ndarray:
    return tenancy_ends(laws, CHANCE, KEYS, KEYS[::-1], FIRST, np.full(MANY, lease_s))


@pytest.mark.parametrize("cv2", [0.2, 0.5, 1.0, 2.0, 4.0])
def test_a_tenancy_has_the_mean_and_the_variation_of_its_law(cv2: float) -> None:
    # In units of 1e12 s: at 1e6 s, one tenancy in forty of cv² 4 lasts less than a second, hence 0.
    length = (ends(law(mean_s=1e12, shape=1 / cv2), 100) - 100) / 1e12
    assert near(length.mean(), 1, np.sqrt(cv2 / MANY))
    # Of a gamma, kurtosis is 3 + 6 cv²: the variance of the sample variance is var² (2 + 6 cv²) / n.
    assert near(length.var(), cv2, cv2 * np.sqrt((2 + 6 * cv2) / MANY))
    assert stats.kstest(length, stats.gamma(1 / cv2, scale=cv2).cdf).pvalue > 6e-5


def test_a_deterministic_tenancy_lasts_its_mean_to_the_second() -> None:
    assert set(ends(law(mean_s=1234.0, shape=np.inf), 100).tolist()) == {1334}


def test_a_household_without_a_law_of_tenancy_stays() -> None:
    laws = replace(
        law(), template=np.ones(2, bool), mean_s=np.array([1e6, np.nan]), shape=np.array([1.0, np.nan])
    )
    found = tenancy_ends(laws, CHANCE, KEYS[:4], KEYS[:4], np.array([1, 0, 1, 0]), FIRST[:4])
    assert (found == NEVER).tolist() == [True, False, True, False]
    assert (ends(law()) == NEVER).all()


def test_draws_read_no_order_of_rows_and_one_row_is_a_vector_s() -> None:
    laws = law(mean_s=1e6, shape=0.5, gives_up=1e-5)
    order = np.random.default_rng(0).permutation(100)
    stays = ends(laws)[:100]
    mixed = tenancy_ends(laws, CHANCE, KEYS[order], KEYS[::-1][order], FIRST[:100], FIRST[:100])
    assert mixed.tolist() == stays[order].tolist()
    one = [
        tenancy_ends(laws, CHANCE, KEYS[n : n + 1], KEYS[::-1][n : n + 1], FIRST[:1], FIRST[:1])[0]
        for n in range(20)
    ]
    assert one == stays[:20].tolist()
    waits = patience_ends(laws, CHANCE, KEYS[:100], FIRST[:100], FIRST[:100])
    assert (
        patience_ends(laws, CHANCE, KEYS[order], FIRST[:100], FIRST[:100]).tolist() == waits[order].tolist()
    )
    assert patience_ends(laws, CHANCE, KEYS[5:6], FIRST[:1], FIRST[:1]).tolist() == waits[5:6].tolist()


# --- what a scenario names ---------------------------------------------------------------------------------


def two_kinds(**second: Any) -> tuple[Scenario, Territory]:
    case = {
        "kind": "stylised",
        "horizon": 200.0,
        "household": [
            {"id": "1", "rate": 1.0, "accepts": ["A"], "tenancy": {"law": "gamma", "mean": 2, "cv2": 4}}
        ],
        "dwelling": [{"id": "A", "vacancy_rate": 1.0}, {"id": "B", "vacancy_rate": 2.0} | second],
    }
    scenario, territory, _ = decode(Case.model_validate(case))
    return scenario, territory


def test_laws_are_read_into_columns() -> None:
    laws = laws_of(*two_kinds())
    assert laws.template.tolist() == [True]
    assert (laws.mean_s.tolist(), laws.shape.tolist()) == ([2e6], [0.25])  # cv² 4
    assert laws.vacancies_per_s.tolist() == pytest.approx([1e-6, 2e-6])
    assert laws.stream.tolist() == [True, True]
    assert laws.rules_demand
    assert laws.rules_tenancies


def test_a_scenario_without_laws_names_none(toy: World) -> None:
    assert not toy.laws.rules_demand
    assert not toy.laws.rules_tenancies
    assert not toy.laws.template.any()
    assert not toy.laws.vacancies_per_s.any()


def test_laws_of_what_the_territory_has_not_are_faults(toy: World) -> None:
    data: dict[str, Any] = {
        "name": "essai",
        "territory": {"path": "jouet"},
        "time": {"start": toy.scenario.time.start},
        "grid": {"file": "grille"},
        "demand_law": [
            {"template": "D1", "arrivals_per_s": 1e-6},
            {"template": "D01", "arrivals_per_s": 0.0},
        ],
        "vacancy_law": [{"dwelling": "K1", "per_s": 1e-6}],
    }
    with pytest.raises(FaultsFound) as refused:
        laws_of(scenario_of(data, "essai"), toy.territory)
    told = [str(fault) for fault in refused.value.faults]
    assert len(told) == 2
    assert told[0].startswith("scénario, clé demand_law : D1 : absent du territoire ; vouliez-vous dire")
    assert told[1].startswith("scénario, clé vacancy_law : K1 : absent du territoire")


def times(scenario: Scenario, territory: Territory, dwelling: int, window: tuple[int, int]) -> list[int]:
    from sim.process.world import world_of

    world = world_of(scenario, territory, decode(CASE)[2], 0)
    return [one.keys_s for one in streams(world, *window) if one.dwelling == dwelling]


CASE = Case.model_validate(
    {
        "kind": "stylised",
        "horizon": 1.0,
        "household": [{"id": "1", "rate": 1.0, "accepts": ["A"]}],
        "dwelling": [{"id": "A", "vacancy_rate": 1.0}],
    }
)
WHOLE, EARLY, LATE = (0, 200_000_000), (0, 90_000_000), (90_000_000, 200_000_000)


def test_a_stream_is_cut_where_play_stops_and_none_is_lost() -> None:
    scenario, territory = two_kinds()
    whole = times(scenario, territory, 1, WHOLE)
    assert near(len(whole), 400, 20)  # 2 a unit, 200 units: Poisson of standard deviation 20
    assert times(scenario, territory, 1, EARLY) + times(scenario, territory, 1, LATE) == whole
    assert max(times(scenario, territory, 1, EARLY)) < 90_000_000


def test_another_stream_moves_no_stream() -> None:
    assert times(*two_kinds(vacancy_rate=0.1), 0, WHOLE) == times(*two_kinds(), 0, WHOLE)
    assert times(*two_kinds(vacancy_rate=0.1), 1, WHOLE) != times(*two_kinds(), 1, WHOLE)
