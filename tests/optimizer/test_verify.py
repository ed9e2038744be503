"""The verifier catches planted errors, and its bound holds for any prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_problems import every_answer, ints, tiny

from optimizer import Problem, solve, verify
from optimizer.verify import PRICE_UNIT

PRICES = st.integers(-20 * PRICE_UNIT, 20 * PRICE_UNIT)


def three() -> Problem:
    """Three applicants; class 0 has one vacancy and takes all, class 1 has one and takes applicant 0."""
    return Problem(
        pair_applicant=ints([0, 1, 2, 0]),
        pair_class=ints([0, 0, 0, 1]),
        pair_weight=ints([5, 4, 3, 2]),
        class_capacity=ints([1, 1]),
        applicant_signature=ints([0, 0, 0]),
        applicant_lottery=ints([0, 1, 2]),
    )


def violations(pairs: list[int], objective: int | None = None) -> tuple[str, ...]:
    return verify(three(), ints(pairs), ints([0, 0]), ints([]), objective=objective).violations


def test_a_right_answer_has_no_violation() -> None:
    assert violations([1, 3], objective=6) == ()


def test_an_applicant_placed_twice_is_caught() -> None:
    assert violations([0, 3]) == ("candidat 0 placé 2 fois, attendu au plus 1",)


def test_a_class_over_its_capacity_is_caught() -> None:
    assert violations([1, 2]) == ("classe 0 : 2 placés, capacité 1",)


def test_a_pair_that_does_not_exist_is_caught() -> None:
    assert violations([1, 4, -1]) == ("paire 4 absente du problème", "paire -1 absente du problème")


def test_a_wrong_objective_is_caught() -> None:
    assert violations([1, 3], objective=7) == ("objectif annoncé 7, recalculé 6",)


def test_exact_prices_close_the_gap() -> None:
    # class 0 costs what the next applicant would bring, 3; the applicants keep 2 and 1, class 1 is free
    verified = verify(three(), ints([1, 3]), ints([3, 0]) * PRICE_UNIT, ints([]))
    assert (verified.objective, verified.bound, verified.gap) == (6, 6, 0.0)
    assert (verified.applicant_price // PRICE_UNIT).tolist() == [2, 1, 0]


def test_prices_beyond_64_bits_are_refused() -> None:
    with pytest.raises(OverflowError, match="prix trop grands"):
        verify(three(), ints([1]), ints([2**62, 0]), ints([]))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_any_prices_give_a_bound_above_every_answer(seed: int, data: st.DataObject) -> None:
    problem = tiny(seed)
    class_price = ints(data.draw(st.lists(PRICES, min_size=problem.classes, max_size=problem.classes)))
    row_price = ints(data.draw(st.lists(PRICES, min_size=problem.rows, max_size=problem.rows)))
    verified = verify(problem, ints([]), class_price, row_price)
    assert verified.bound >= every_answer(problem)[1].max()
    assert not verified.violations


def test_the_verifier_counts_the_rows_as_trying_every_answer_does() -> None:
    for seed in range(40):
        problem = tiny(seed)
        answers, objective = every_answer(problem)
        at = int(np.random.default_rng(seed).integers(objective.size))
        chosen = np.flatnonzero(answers[at][problem.pair_applicant] == problem.pair_class)
        prices = np.zeros(problem.classes, dtype=np.int64), np.zeros(problem.rows, dtype=np.int64)
        assert verify(problem, chosen, *prices).objective == objective[at], f"seed {seed}"


def test_solve_refuses_to_return_what_the_verifier_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    module = importlib.import_module("optimizer.solve")
    monkeypatch.setattr(
        module, "verify", lambda *given, **named: replace(verify(*given, **named), violations=("faux",))
    )
    with pytest.raises(RuntimeError, match="réponse refusée par la vérification : faux"):
        solve(three())
