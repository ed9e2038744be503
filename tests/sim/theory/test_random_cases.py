"""Does the engine agree with theory on random cases of each family of formulas?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from cases import faults, played
from formulas import (
    abandonment,
    bipartite_impatient,
    bipartite_patient,
    classes_with_abandonment,
    cobham,
    erlang_b,
    list_with_vacancies,
    mmc,
    pollaczek_khinchine,
    priority_list,
)

from sim.stylised import Case

Expected = dict[tuple[str, str | None], float]


def made(
    households: list[dict[str, Any]], dwellings: list[dict[str, Any]], horizon: float, **more: Any
) -> Case:
    data = {"kind": "stylised", "household": households, "dwelling": dwellings, "horizon": horizon}
    return Case.model_validate(data | {"warm_up": horizon / 10} | more)


def named(expected: Expected) -> list[dict[str, Any]]:
    return [{"measure": m, "of": of, "value": v, "formula": "?"} for (m, of), v in expected.items()]


def exponential(mean: float) -> dict[str, Any]:
    return {"law": "exponential", "mean": mean}


def plain_list(draw: np.random.Generator) -> Case:
    arrivals, vacancies = draw.uniform(0.3, 0.6), draw.uniform(0.9, 1.5)
    queue = list_with_vacancies(arrivals, vacancies)
    expected = {("waiting_mean", "1"): queue.waiting, ("wait_mean", "1"): queue.wait}
    expected |= {("lost_share", "A"): 1 - arrivals / vacancies}
    one = {"id": "1", "rate": arrivals, "accepts": ["A"]}
    return made([one], [{"id": "A", "vacancy_rate": vacancies}], 800, expected=named(expected))


def units(draw: np.random.Generator) -> Case:
    count, mean = int(draw.integers(1, 5)), draw.uniform(0.5, 2)
    arrivals = draw.uniform(0.4, 0.7) * count / mean
    queue = mmc(arrivals, mean, count)
    expected = {("waiting_mean", "1"): queue.waiting, ("wait_mean", "1"): queue.wait}
    one = {"id": "1", "rate": arrivals, "accepts": ["A"], "tenancy": exponential(mean)}
    return made([one], [{"id": "A", "units": count}], 800 * mean / count, expected=named(expected))


def lost_at_once(draw: np.random.Generator) -> Case:
    count, mean, arrivals = int(draw.integers(1, 6)), draw.uniform(0.5, 2), draw.uniform(1, 4)
    expected = {("housed_share", "1"): 1 - erlang_b(arrivals * mean, count)}
    one = {"id": "1", "rate": arrivals, "accepts": ["A"], "waits": False, "tenancy": exponential(mean)}
    return made([one], [{"id": "A", "units": count}], 500 / arrivals, expected=named(expected))


def any_length(draw: np.random.Generator) -> Case:
    arrivals, mean, cv2 = draw.uniform(0.3, 0.6), draw.uniform(0.7, 1.2), draw.uniform(0.2, 2)
    queue = pollaczek_khinchine(arrivals, mean, mean**2 * (1 + cv2))
    expected = {("waiting_mean", "1"): queue.waiting, ("wait_mean", "1"): queue.wait}
    law = {"law": "gamma", "mean": mean, "cv2": cv2}
    one = {"id": "1", "rate": arrivals, "accepts": ["A"], "tenancy": law}
    return made([one], [{"id": "A", "units": 1}], 800, expected=named(expected))


def classes(draw: np.random.Generator) -> Case:
    arrivals = draw.uniform(0.1, 0.25, 3).tolist()
    served = bool(draw.integers(2))
    means = draw.uniform(0.6, 1.2, 3).tolist()
    queues = (
        cobham(arrivals, means, [2 * mean**2 for mean in means]) if served else priority_list(arrivals, 1.0)
    )
    households = [
        {"id": f"{k}", "rate": rate, "accepts": ["A"], "priority": k, "tenancy": exponential(means[k])}
        for k, rate in enumerate(arrivals)
    ]
    expected = {("waiting_mean", f"{k}"): queue.waiting for k, queue in enumerate(queues)}
    place = {"id": "A", "units": 1} if served else {"id": "A", "vacancy_rate": 1.0}
    return made(households, [place], 1200, discipline="priority", expected=named(expected))


def impatient(draw: np.random.Generator) -> Case:
    arrivals, gives_up = draw.uniform(1, 4, 2).tolist(), draw.uniform(0.3, 1)
    vacancies = draw.uniform(2, 6)
    households = [
        {"id": f"{k}", "rate": rate, "accepts": ["A"], "priority": k, "abandonment_rate": gives_up}
        for k, rate in enumerate(arrivals)
    ]
    if draw.integers(2):
        found = classes_with_abandonment(arrivals, vacancies, gives_up)
        expected = {("waiting_mean", f"{k}"): number for k, (number, _) in enumerate(found)}
        expected |= {("housed_share", f"{k}"): share for k, (_, share) in enumerate(found)}
        discipline = "priority"
    else:
        one = abandonment(sum(arrivals), vacancies, gives_up)
        expected = {
            ("waiting_mean", f"{k}"): one.waiting * rate / sum(arrivals) for k, rate in enumerate(arrivals)
        }
        expected |= {("lost_share", "A"): one.empty}
        discipline = "fcfs"
    place = {"id": "A", "vacancy_rate": vacancies}
    return made(households, [place], 150, discipline=discipline, expected=named(expected))


def bipartite(draw: np.random.Generator) -> Case:
    """Three types, three kinds, at random, patient or not."""
    arrivals = draw.uniform(0.2, 0.5, 3).tolist()
    kinds = ["A", "B", "C"]
    accepts = [{kinds[k], *draw.choice(kinds, int(draw.integers(1, 3))).tolist()} for k in range(3)]
    vacancies = dict(zip(kinds, draw.uniform(0.7, 1.2, 3).tolist(), strict=True))
    gives_up = float(draw.integers(2)) * draw.uniform(0.3, 1)
    found = (
        bipartite_impatient(arrivals, accepts, vacancies, gives_up, 40)
        if gives_up
        else bipartite_patient(arrivals, accepts, vacancies)
    )
    households = [
        {"id": f"{k}", "rate": rate, "accepts": sorted(accepts[k]), "abandonment_rate": gives_up}
        for k, rate in enumerate(arrivals)
    ]
    expected = {("waiting_mean", f"{k}"): number for k, number in enumerate(found.waiting)}
    expected |= {("lost_share", kind): share for kind, share in found.lost.items()}
    places = [{"id": kind, "vacancy_rate": rate} for kind, rate in vacancies.items()]
    return made(households, places, 400, expected=named(expected))


FAMILIES = [plain_list, units, lost_at_once, any_length, classes, impatient, bipartite]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_the_engine_plays_a_random_case_of_each_family(family: Any) -> None:
    case = family(np.random.default_rng(2026))
    assert not list(faults(played(case, family.__name__)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_the_engine_plays_many_random_cases(family: Any, seed: int) -> None:
    case = family(np.random.default_rng(seed))
    assert not list(faults(played(case, f"{family.__name__} {seed}")))
