"""Are the formulas right? Published values, limits where two of them meet, and chains solved on their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import exp, factorial

import numpy as np
import pytest
from formulas import (
    abandonment,
    bipartite_impatient,
    bipartite_patient,
    classes_with_abandonment,
    cobham,
    erlang_b,
    erlang_c,
    fluid,
    list_with_vacancies,
    mmc,
    pollaczek_khinchine,
    priority_list,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import spsolve

rates = st.floats(0.05, 0.45)


def test_published_values() -> None:
    # Erlang's tables; textbook M/M/1, M/M/3; M/D/1 is half of M/M/1 (rho²/(1 - rho) = 3.2 at .8)
    assert erlang_b(2.0, 3) == pytest.approx(4 / 19)  # (8/6) / (1 + 2 + 2 + 8/6)
    assert erlang_b(90.0, 100) == pytest.approx(0.02695738, abs=5e-9)
    assert erlang_c(2.0, 3) == pytest.approx(4 / 9)
    assert erlang_c(950.0, 1000) == pytest.approx(0.0682534, abs=5e-8)
    assert mmc(95.0, 10.0, 1000).wait == pytest.approx(0.0136507, abs=5e-8)
    assert pollaczek_khinchine(0.8, 1.0, 1.0).waiting == pytest.approx(mmc(0.8, 1.0, 1).waiting / 2)
    assert pollaczek_khinchine(0.5, 1.0, 5.0).wait == pytest.approx(2.5)
    assert [round(one.wait, 6) for one in cobham([0.2, 0.3, 0.3], [1] * 3, [2] * 3)] == [1.0, 2.0, 8.0]
    assert [round(one.wait, 6) for one in priority_list([0.3, 0.4], 1.0)] == [1.428571, 4.761905]


@pytest.mark.parametrize(("load", "units"), [(0.3, 1), (2.0, 3), (7.5, 10), (30.0, 25)])
def test_erlang_b_is_its_sum(load: float, units: int) -> None:
    terms = [load**k / factorial(k) for k in range(units + 1)]
    assert erlang_b(load, units) == pytest.approx(terms[-1] / sum(terms))


@given(rates)
def test_one_unit_is_the_list_less_the_household_housed(arrivals: float) -> None:
    queue, seen = mmc(arrivals, 1.0, 1), list_with_vacancies(arrivals, 1.0)
    assert queue.waiting == pytest.approx(seen.waiting - arrivals)
    assert queue.wait == pytest.approx(pollaczek_khinchine(arrivals, 1.0, 2.0).wait)
    assert queue.wait == pytest.approx(seen.wait - 1.0)


@given(rates, rates)
def test_classes_together_are_one_list(first: float, second: float) -> None:
    """Work is conserved: whatever the order, as many wait in all."""
    both = priority_list([first, second], 1.0)
    assert sum(one.waiting for one in both) == pytest.approx(list_with_vacancies(first + second, 1.0).waiting)
    served = cobham([first, second], [1, 1], [2, 2])
    assert sum(one.waiting for one in served) == pytest.approx(mmc(first + second, 1.0, 1).waiting)
    impatient = classes_with_abandonment([first, second], 1.0, 0.3)
    assert sum(number for number, _ in impatient) == pytest.approx(
        abandonment(first + second, 1.0, 0.3).waiting
    )


def test_patience_without_end_is_the_plain_list_and_overload_the_fluid() -> None:
    assert abandonment(0.5, 1.0, 1e-9).waiting == pytest.approx(1.0, rel=1e-6)
    assert abandonment(400.0, 100.0, 0.5).waiting == pytest.approx(fluid(400.0, 100.0, 0.5), rel=1e-6)
    # As many vacancies as nothing, th = 1: M/M/∞, a Poisson number of mean l waits; P_0 = e^-l
    assert abandonment(3.0, 0.0, 1.0).empty == pytest.approx(exp(-3.0))


@given(rates, rates, st.floats(0.6, 2.0), st.floats(0.6, 2.0))
def test_types_apart_are_lists_apart(one: float, two: float, a: float, b: float) -> None:
    found = bipartite_patient([one, two], [{"A"}, {"B"}], {"A": a, "B": b})
    assert found.waiting == pytest.approx(
        [list_with_vacancies(one, a).waiting, list_with_vacancies(two, b).waiting]
    )
    assert found.lost == pytest.approx({"A": 1 - one / a, "B": 1 - two / b})


def chain(
    arrivals: Sequence[float],
    accepts: Sequence[set[str]],
    vacancies: Mapping[str, float],
    gives_up: float,
    most: int,
) -> tuple[list[float], dict[str, float]]:
    """Solve the balance of the list itself, first come first served, by its ordered states of length ≤ most.

    A state is who waits, oldest first. Written without any product form.
    """
    types = range(len(arrivals))
    states = [line for size in range(most + 1) for line in product(types, repeat=size)]
    number = {line: row for row, line in enumerate(states)}
    moves: dict[tuple[int, int], float] = {}

    def move(line: tuple[int, ...], to: tuple[int, ...], rate: float) -> None:
        place = number[line]
        moves[number[to], place] = moves.get((number[to], place), 0.0) + rate
        moves[place, place] = moves.get((place, place), 0.0) - rate

    for line in states:
        if len(line) < most:
            for i in types:
                move(line, (*line, i), arrivals[i])
        for kind, rate in vacancies.items():
            served = next((n for n, i in enumerate(line) if kind in accepts[i]), None)
            if served is not None:
                move(line, line[:served] + line[served + 1 :], rate)
        for n in range(len(line)):
            if gives_up:
                move(line, line[:n] + line[n + 1 :], gives_up)
    for place in range(len(states)):  # probabilities add up to one
        moves[0, place] = 1.0
    rows, columns = zip(*moves, strict=True)
    matrix = csr_matrix((list(moves.values()), (rows, columns)), shape=(len(states), len(states)))
    chances = spsolve(matrix, np.eye(1, len(states))[0])
    waiting = [sum(p * line.count(i) for p, line in zip(chances, states, strict=True)) for i in types]
    lost = {
        kind: sum(
            p for p, line in zip(chances, states, strict=True) if not any(kind in accepts[i] for i in line)
        )
        for kind in vacancies
    }
    return waiting, lost


NETWORKS = [
    ([{"A"}, {"A", "B"}], {"A": 3.0, "B": 4.0}),
    ([{"A", "B"}, {"B", "C"}], {"A": 2.0, "B": 3.0, "C": 2.5}),
    ([{"A"}, {"B"}], {"A": 3.0, "B": 5.0}),
    ([{"A", "B"}, {"A", "B"}], {"A": 2.0, "B": 2.0}),
]


@pytest.mark.parametrize(("accepts", "vacancies"), NETWORKS)
@pytest.mark.parametrize("gives_up", [0.0, 0.7])
def test_product_form_solves_the_balance_of_the_ordered_list(
    accepts: list[set[str]], vacancies: dict[str, float], gives_up: float
) -> None:
    arrivals = [0.3, 0.25]  # light enough for lists of 11 to hold all but a negligible part
    waiting, lost = chain(arrivals, accepts, vacancies, gives_up, 11)
    if gives_up:
        found = bipartite_impatient(arrivals, accepts, vacancies, gives_up, 30)
    else:
        found = bipartite_patient(arrivals, accepts, vacancies)
    assert found.waiting == pytest.approx(waiting, rel=1e-5)
    assert found.lost == pytest.approx(lost, rel=1e-5)


@settings(max_examples=20)
@given(rates, rates, st.floats(0.3, 1.5))
def test_one_patience_links_the_two_product_forms(one: float, two: float, a: float) -> None:
    accepts, vacancies = [{"A"}, {"A", "B"}], {"A": one + two + a, "B": 0.5}
    patient = bipartite_patient([one, two], accepts, vacancies)
    nearly = bipartite_impatient([one, two], accepts, vacancies, 1e-9, 120)
    assert nearly.waiting == pytest.approx(patient.waiting, rel=1e-5)
    assert nearly.lost == pytest.approx(patient.lost, rel=1e-5)
