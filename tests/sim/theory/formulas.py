"""Exact values of queues, for arbitrary parameters: what the engine is held to.

Rates are per unit of time. Written from the literature and checked, in test_formulas.py, against published
values, against each other, and against the balance equations of the chains solved on their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import inf

import numpy as np

ENOUGH = 1e-13
"""Tails lighter than this are left out of infinite sums."""


@dataclass(frozen=True)
class Queue:
    """What is known of one type of household."""

    waiting: float
    wait: float  # of those housed
    housed: float = 1.0  # share


def list_with_vacancies(arrivals: float, vacancies: float) -> Queue:
    """M/M/1 seen as a list: Poisson vacancies, lost when nobody waits. L = rho/(1 - rho)."""
    rho = arrivals / vacancies
    return Queue(rho / (1 - rho), 1 / (vacancies - arrivals))


def erlang_b(load: float, units: int) -> float:
    """Share lost by `units` dwellings without a list: B_k = a B_{k-1} / (k + a B_{k-1})."""
    lost = 1.0
    for k in range(1, units + 1):
        lost = load * lost / (k + load * lost)
    return lost


def erlang_c(load: float, units: int) -> float:
    """Share that waits in M/M/c: B / (1 - rho (1 - B))."""
    lost, rho = erlang_b(load, units), load / units
    return lost / (1 - rho * (1 - lost))


def mmc(arrivals: float, mean: float, units: int) -> Queue:
    """M/M/c, tenancies of a mean: Wq = C / (c/mean - l)."""
    wait = erlang_c(arrivals * mean, units) / (units / mean - arrivals)
    return Queue(arrivals * wait, wait)


def pollaczek_khinchine(arrivals: float, mean: float, second_moment: float) -> Queue:
    """M/G/1: Wq = l E[S²] / (2 (1 - rho))."""
    wait = arrivals * second_moment / (2 * (1 - arrivals * mean))
    return Queue(arrivals * wait, wait)


def cobham(arrivals: Sequence[float], means: Sequence[float], seconds: Sequence[float]) -> list[Queue]:
    """Non-preemptive priorities, one unit: Wq_k = R / ((1 - s_{k-1}) (1 - s_k)), R = Σ l_i E[S_i²] / 2."""
    residual = sum(rate * second for rate, second in zip(arrivals, seconds, strict=True)) / 2
    found, busy = [], 0.0
    for rate, mean in zip(arrivals, means, strict=True):
        before, busy = busy, busy + rate * mean
        wait = residual / ((1 - before) * (1 - busy))
        found.append(Queue(rate * wait, wait))
    return found


def priority_list(arrivals: Sequence[float], vacancies: float) -> list[Queue]:
    """Priorities on a list with Poisson vacancies: W_k = (1/m) / ((1 - s_{k-1}) (1 - s_k))."""
    found, busy = [], 0.0
    for rate in arrivals:
        before, busy = busy, busy + rate / vacancies
        wait = 1 / vacancies / ((1 - before) * (1 - busy))
        found.append(Queue(rate * wait, wait))
    return found


def birth_death(birth: Callable[[int], float], death: Callable[[int], float]) -> np.ndarray:
    """Stationary probabilities of a birth-death chain, as far as the tail matters."""
    weights, total, n = [1.0], 1.0, 0
    while weights[-1] > ENOUGH * total or death(n + 1) <= birth(n):
        weights.append(weights[-1] * birth(n) / death(n + 1))
        total += weights[-1]
        n += 1
    return np.array(weights) / total


@dataclass(frozen=True)
class Abandonment:
    """A list with patience."""

    empty: float  # probability, hence share of vacancies lost
    waiting: float
    housed: float


def abandonment(arrivals: float, vacancies: float, gives_up: float) -> Abandonment:
    """One type with exponential patience: P_n ∝ Π_{j≤n} l / (m + j th); share housed m (1 - P_0) / l."""
    chances = birth_death(lambda n: arrivals, lambda n: vacancies + n * gives_up)
    waiting = float(chances @ np.arange(len(chances)))
    return Abandonment(float(chances[0]), waiting, vacancies * (1 - float(chances[0])) / arrivals)


def classes_with_abandonment(
    arrivals: Sequence[float], vacancies: float, gives_up: float
) -> list[tuple[float, float]]:
    """(waiting, share housed) of strict classes with one patience, by difference.

    Class 1 sees its own arrivals alone; classes 1 to k together see theirs.
    """
    found: list[tuple[float, float]] = []
    rate = waiting = housed = 0.0
    for own in arrivals:
        together = abandonment(rate + own, vacancies, gives_up)
        flow = together.housed * (rate + own)
        found.append((together.waiting - waiting, (flow - housed) / own))
        rate, waiting, housed = rate + own, together.waiting, flow
    return found


@dataclass(frozen=True)
class Bipartite:
    """Several types of household and of vacancy, first come first served."""

    waiting: tuple[float, ...]
    housed: tuple[float, ...]
    lost: Mapping[str, float]

    def wait(self, arrivals: Sequence[float]) -> tuple[float, ...]:
        """Mean wait of everybody, by Little's law; that of the housed when nobody gives up."""
        return tuple(number / rate for number, rate in zip(self.waiting, arrivals, strict=True))


def bipartite_patient(
    arrivals: Sequence[float], accepts: Sequence[set[str]], vacancies: Mapping[str, float]
) -> Bipartite:
    """Order-independent queue without abandonment, by recursion on the set of types that wait.

    G_A = Σ_{i∈A} l_i G_{A\\i} / (mu(A) - l(A)), F_{i,A} likewise; L_i = Σ_A F_{i,A} / Σ_A G_A. A vacancy
    of a kind is lost when the set that waits accepts none of its kind.
    """
    types = range(len(arrivals))
    sets = [frozenset(some) for size in range(len(arrivals) + 1) for some in combinations(types, size)]

    def spare(some: frozenset[int]) -> float:
        kinds = set().union(*(accepts[i] for i in some))
        left = sum(vacancies[kind] for kind in kinds) - sum(arrivals[i] for i in some)
        assert left > 0, "the list grows for ever"
        return left

    @cache
    def g(some: frozenset[int]) -> float:
        return sum(arrivals[i] * g(some - {i}) for i in some) / spare(some) if some else 1.0

    @cache
    def f(i: int, some: frozenset[int]) -> float:
        if i not in some:
            return 0.0
        others = sum(arrivals[j] * f(i, some - {j}) for j in some if j != i)
        return (others + arrivals[i] * (g(some) + g(some - {i}))) / spare(some)

    total = sum(g(some) for some in sets)
    waiting = tuple(sum(f(i, some) for some in sets) / total for i in types)
    lost = {
        kind: sum(g(some) for some in sets if not any(kind in accepts[i] for i in some)) / total
        for kind in vacancies
    }
    return Bipartite(waiting, (1.0,) * len(arrivals), lost)


def bipartite_impatient(
    arrivals: Sequence[float],
    accepts: Sequence[set[str]],
    vacancies: Mapping[str, float],
    gives_up: float,
    most: int,
) -> Bipartite:
    """Order-independent queue with one patience: Φ(x) = Σ_i l_i Φ(x - e_i) / (mu(supp x) + |x| th).

    Summed over the states of at most `most` households; the weight of those of exactly `most` is returned in
    no sum when it is negligible, and refused otherwise.
    """
    types = len(arrivals)
    weight = np.zeros((most + 1,) * types)
    weight[(0,) * types] = 1.0
    kinds = {}
    edge = total = 0.0
    for state in np.ndindex(weight.shape):
        size = sum(state)
        if not size or size > most:
            continue
        waits = tuple(i for i in range(types) if state[i])
        if waits not in kinds:
            kinds[waits] = sum(vacancies[kind] for kind in set().union(*(accepts[i] for i in waits)))
        before = 0.0
        for i in waits:
            lower = list(state)
            lower[i] -= 1
            before += arrivals[i] * weight[tuple(lower)]
        weight[state] = before / (kinds[waits] + size * gives_up)
        edge += weight[state] if size == most else 0.0
    total = weight.sum()
    assert edge < 1e-9 * total, "more households must be allowed for"
    chances = weight / total
    waiting = tuple(
        float((chances.sum(axis=tuple(j for j in range(types) if j != i)) * np.arange(most + 1)).sum())
        for i in range(types)
    )
    housed = tuple(1 - gives_up * number / rate for number, rate in zip(waiting, arrivals, strict=True))
    lost = {}
    for kind in vacancies:
        absent = tuple(0 if kind in accepts[i] else slice(None) for i in range(types))
        lost[kind] = float(chances[absent].sum())
    return Bipartite(waiting, housed, lost)


def fluid(arrivals: float, vacancies: float, gives_up: float) -> float:
    """Number waiting in a strongly overloaded list: (l - m)⁺ / th."""
    return max(arrivals - vacancies, 0.0) / gives_up if gives_up else inf
