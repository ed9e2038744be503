"""By what laws do demands come, give up and stay, and vacancies come, where a scenario names them one by one?

The laws of queueing theory, for stylised cases above all: Poisson arrivals and vacancies, exponential
patience, tenancies exponential, deterministic or gamma. Draws are keyed as all others. Where a scenario names
no such law, demand_flow.py, closing.py and tenancies.py keep to [demand] and [departures].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, pdtr

from sim.chance import Chance, Keys, identity
from sim.process.housing import NEVER
from sim.scenario import Scenario, Tenancy
from sim.territory.columns import Floats, Ints, Territory
from sim.territory.files.faults import Fault, FaultsFound, nearest

LONGEST_S = 10**15
"""A time drawn later than this never comes."""


@dataclass(frozen=True)
class Laws:
    """Laws by demand of the territory taken as a template, (T,), and by dwelling, (D,); 0 or NaN: none."""

    template: NDArray[np.bool_]  # (T,) a model of the demands to come, not pending itself
    arrivals_per_s: Floats  # (T,)
    gives_up_per_s: Floats  # (T,)
    waits: NDArray[np.bool_]  # (T,)
    mean_s: Floats  # (T,) of a tenancy
    shape: Floats  # (T,) of the gamma of a tenancy: 1 is exponential, infinity deterministic
    vacancies_per_s: Floats  # (D,)
    stream: NDArray[np.bool_]  # (D,) freed at Poisson times, and at no other

    @cached_property
    def rules_tenancies(self) -> bool:
        """Tell whether any tenancy follows these laws rather than [departures]."""
        return bool((self.mean_s > 0).any())

    @cached_property
    def rules_demand(self) -> bool:
        """Tell whether demands follow these laws rather than [demand]."""
        return bool(self.template.any())


def laws_of(scenario: Scenario, territory: Territory) -> Laws:
    """Return the laws a scenario names.

    Raises
    ------
    FaultsFound
        for a template or a dwelling that the territory has not.
    """
    demands, dwellings = territory.demands.demand_id.tolist(), territory.dwellings.dwelling_id.tolist()
    faults = _absent("demand_law", [law.template for law in scenario.demand_law], demands)
    faults += _absent("vacancy_law", [law.dwelling for law in scenario.vacancy_law], dwellings)
    if faults:
        raise FaultsFound(faults)
    count = len(demands)
    laws = Laws(
        template=np.zeros(count, dtype=bool),
        arrivals_per_s=np.zeros(count),
        gives_up_per_s=np.zeros(count),
        waits=np.ones(count, dtype=bool),
        mean_s=np.full(count, np.nan),
        shape=np.full(count, np.nan),
        vacancies_per_s=np.zeros(len(dwellings)),
        stream=np.zeros(len(dwellings), dtype=bool),
    )
    for law in scenario.demand_law:
        row = demands.index(law.template)
        laws.template[row], laws.arrivals_per_s[row] = True, law.arrivals_per_s
        laws.gives_up_per_s[row], laws.waits[row] = law.gives_up_per_s, law.waits
        if law.tenancy is not None:
            laws.mean_s[row], laws.shape[row] = law.tenancy.mean_s, _shape(law.tenancy)
    for stream in scenario.vacancy_law:
        row = dwellings.index(stream.dwelling)
        laws.stream[row], laws.vacancies_per_s[row] = True, stream.per_s
    return laws


def _absent(section: str, names: Sequence[str], known: Sequence[str]) -> list[Fault]:
    return [
        Fault("scénario", "absent du territoire", nearest(name, known), column=section, value=name)
        for name in names
        if name not in known
    ]


def _shape(tenancy: Tenancy) -> float:
    if tenancy.law == "deterministic":
        return float("inf")
    return 1.0 if tenancy.law == "exponential" else 1.0 / tenancy.cv2


def arrival_times(chance: Chance, name: str, per_s: float, first_s: int, end_s: int) -> Ints:
    """Return the times of a Poisson stream in [first_s, end_s), ascending.

    Given their number, the times are independent and uniform.
    """
    stream = identity(name)
    count = poisson(per_s * (end_s - first_s), chance.one("stream/count", stream))
    drawn = chance.uniform("stream/time", np.full(count, stream), np.arange(count, dtype=np.uint64))
    times: Ints = np.sort(first_s + (drawn * (end_s - first_s)).astype(np.int64))
    return times


def patience_ends(laws: Laws, chance: Chance, key: Keys, template: Ints, filed_s: Ints) -> Ints:
    """Return when each demand is given up, (n,)."""
    rate = laws.gives_up_per_s[template]
    wait_s = np.full(len(key), float(LONGEST_S))
    impatient = rate > 0
    wait_s[impatient] = chance.exponential("patience", key[impatient]) / rate[impatient]
    wait_s[~laws.waits[template]] = 0.0
    return np.where(wait_s < LONGEST_S, filed_s + 1 + wait_s.astype(np.int64), NEVER)


def tenancy_ends(
    laws: Laws, chance: Chance, household: Keys, dwelling: Keys, template: Ints, lease_s: Ints
) -> Ints:
    """Return when each tenancy ends, (n,): mean × gamma of the law's shape, by inversion."""
    if not laws.rules_tenancies:
        return np.full(len(household), NEVER)
    mean_s, shape = laws.mean_s[template], laws.shape[template]
    random = np.isfinite(shape)
    drawn = chance.uniform("tenancy", household, dwelling)
    factor = np.where(random, gammaincinv(np.where(random, shape, 1.0), drawn) / shape, 1.0)
    length_s = np.where(mean_s > 0, mean_s * factor, LONGEST_S)
    return np.where(length_s < LONGEST_S, lease_s + length_s.astype(np.int64), NEVER)


def poisson(mean: float, uniform: float) -> int:
    """Return the Poisson quantile of a uniform: the least n with P(N ≤ n) ≥ uniform."""
    low = max(0, int(mean - 12 * np.sqrt(mean) - 12))
    counts = np.arange(low, int(mean + 12 * np.sqrt(mean) + 24))
    return int(counts[np.searchsorted(pdtr(counts, mean), uniform)])
