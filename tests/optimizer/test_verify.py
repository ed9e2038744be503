"""The verifier catches planted errors, and its bound holds for any prices."""

from __future__ import annotations

import ast
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_problems import every, ints, tiny, tiny_with_all

from optimizer import NO_HIGH, NO_LOW, Problem, solve, verify
from optimizer.verify import PRICE_UNIT

module = import_module("optimizer.verify")

PRICES = st.integers(-20 * PRICE_UNIT, 20 * PRICE_UNIT)
ANY = st.integers(-(2**63), 2**63 - 1)


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


def test_a_class_just_full_is_no_fault_and_a_closed_one_holds_nobody() -> None:
    assert violations([0]) == ()
    closed = replace(three(), class_capacity=ints([0, 1]))
    assert verify(closed, ints([1]), ints([0, 0]), ints([])).violations == (
        "classe 0 : 1 placés, capacité 0",
    )


def test_a_pair_given_twice_is_caught_as_an_applicant_placed_twice() -> None:
    assert violations([1, 1]) == (
        "candidat 1 placé 2 fois, attendu au plus 1",
        "classe 0 : 2 placés, capacité 1",
    )


def test_a_pair_that_does_not_exist_is_caught() -> None:
    assert violations([1, 4, -1]) == ("paire 4 absente du problème", "paire -1 absente du problème")


def test_a_group_over_its_places_is_caught() -> None:
    # classes 0 and 1 have a place each, together one: applicant 1 in class 0 and applicant 0 in class 1 are 2
    together = replace(three(), class_group=ints([0, 0]), group_capacity=ints([1]))
    assert verify(together, ints([1, 3]), ints([0, 0]), ints([])).violations == (
        "groupe 0 : 2 placés, capacité 1",
    )
    apart = replace(together, class_group=ints([0, -1]))
    assert verify(apart, ints([1, 3]), ints([0, 0]), ints([])).violations == ()


def test_a_forbidden_pair_and_a_missing_lock_are_caught() -> None:
    locked = replace(three(), pair_lock=ints([0, 1, 0, -1]))  # applicant 1 is given, 0 not in class 1
    assert verify(locked, ints([1]), ints([0, 0]), ints([])).violations == ()
    assert verify(locked, ints([1, 3]), ints([0, 0]), ints([])).violations == ("paire 3 interdite",)
    assert verify(locked, ints([0]), ints([0, 0]), ints([])).violations == (
        "paire 1 verrouillée, absente de la réponse",
    )


def test_a_wrong_objective_is_caught() -> None:
    assert violations([1, 3], objective=7) == ("objectif annoncé 7, recalculé 6",)


def test_exact_prices_close_the_gap() -> None:
    # class 0 costs what the next applicant would bring, 3; the applicants keep 2 and 1, class 1 is free
    verified = verify(three(), ints([1, 3]), ints([3, 0]) * PRICE_UNIT, ints([]))
    assert (verified.objective, verified.bound, verified.gap) == (6, 6, 0.0)
    assert (verified.applicant_price // PRICE_UNIT).tolist() == [2, 1, 0]


def test_every_fault_of_an_answer_is_told() -> None:
    locked = replace(three(), pair_lock=ints([0, 0, 1, -1]))
    told = verify(locked, ints([0, 0, 3, 9]), ints([0, 0]), ints([]), objective=1).violations
    assert told == (
        "paire 9 absente du problème",
        "candidat 0 placé 3 fois, attendu au plus 1",
        "classe 0 : 2 placés, capacité 1",
        "paire 3 interdite",
        "paire 2 verrouillée, absente de la réponse",
        "objectif annoncé 1, recalculé 12",
    )


def welcome(low: int, high: int, value: int) -> Problem:
    """Three applicants for three vacancies of one class; a row counts the first as `value`, at 7 a unit."""
    return Problem(
        pair_applicant=ints([0, 1, 2]),
        pair_class=ints([0, 0, 0]),
        pair_weight=ints([5, 4, 3]),
        class_capacity=ints([3]),
        applicant_signature=ints([1, 0, 0]),
        applicant_lottery=ints([0, 1, 2]),
        coef_row=ints([0]),
        coef_signature=ints([1]),
        coef_class=ints([0]),
        coef_value=ints([value]),
        row_low=ints([low]),
        row_high=ints([high]),
        row_penalty=ints([7]),
        row_tier=ints([0]),
        row_label=np.array(["row"]),
    )


@pytest.mark.parametrize(
    ("problem", "short"),
    [
        (welcome(1, NO_HIGH, 1), 0),  # 1 is asked, 1 is there
        (welcome(3, NO_HIGH, 1), 2),  # 3 are asked
        (welcome(NO_LOW, 0, 1), 1),  # none is allowed
        (welcome(NO_LOW, 1, 1), 0),
        (welcome(2, 4, 3), 0),  # 3 stands between 2 and 4
        (welcome(2, 2, 3), 1),  # 3 is one above 2
        (welcome(-1, NO_HIGH, -4), 3),  # −4 is three below −1
        (welcome(NO_LOW, NO_HIGH, 9), 0),  # a row without limits
    ],
)
def test_what_a_row_is_short_of_is_its_distance_from_its_limits(problem: Problem, short: int) -> None:
    verified = verify(problem, ints([0, 1, 2]), ints([0]), ints([0]))
    assert verified.shortfall.tolist() == [short]
    assert verified.objective == 12 - 7 * short


def test_a_row_price_beyond_its_penalty_counts_as_the_penalty() -> None:
    # a floor of 3, of which 1 can be had: with the penalty as price every applicant keeps his weight, the
    # first 5 + 7, and the floor owes 3 · 7: 12 + 4 + 3 − 21 = −2, which is what the answer is worth
    problem = welcome(3, NO_HIGH, 1)
    for price in (-7, -8, -1000):
        verified = verify(problem, ints([0, 1, 2]), ints([0]), ints([price]) * PRICE_UNIT)
        assert (verified.objective, verified.bound) == (-2, -2)
    # half of it leaves 5 + 3.5 + 4 + 3 − 3 · 3.5 = 5; a price on the ceiling that is not there counts for 0
    half = verify(problem, ints([0, 1, 2]), ints([0]), ints([-7 * PRICE_UNIT // 2]))
    assert half.bound == 5
    assert verify(problem, ints([0, 1, 2]), ints([0]), ints([7 * PRICE_UNIT])).bound == 12


def test_a_bound_is_rounded_down_to_what_an_answer_can_be_worth() -> None:
    # a third of a unit on class 0 alone: applicants keep 4 2/3 + 3 2/3 + 2 2/3, the class owes 1/3: 11 1/3
    assert verify(three(), ints([1, 3]), ints([PRICE_UNIT // 3, 0]), ints([])).bound == 11
    below = welcome(3, NO_HIGH, 0)  # nobody counts, −21 whatever is done: 12 − 21 = −9
    nearly = ints([-7 * PRICE_UNIT + 1])  # a 65,536th short of the penalty, 3 times: −9 + 3/65,536
    assert verify(below, ints([0, 1, 2]), ints([0]), nearly).bound == -9


def test_the_gap_is_what_may_be_missing_in_parts_of_the_objective() -> None:
    # without prices the bound is 5 + 4 + 3 = 12, and pairs 1 and 3 are worth 6: the gap is 6 / 6
    assert verify(three(), ints([1, 3]), ints([0, 0]), ints([])).gap == 1.0
    assert verify(three(), ints([]), ints([0, 0]), ints([])).gap == 12.0  # of nothing: in units
    # −2 against a bound of 12: 14 / 2
    assert verify(welcome(3, NO_HIGH, 1), ints([0, 1, 2]), ints([0]), ints([0])).gap == 7.0


def test_an_applicant_never_pays_to_be_placed() -> None:
    # class prices far above any weight: nobody would come, which is worth 0 and not less, and two places owe
    # 10 each
    verified = verify(three(), ints([]), ints([10, 10]) * PRICE_UNIT, ints([]))
    assert verified.applicant_price.tolist() == [0, 0, 0]
    assert verified.bound == 20


def test_a_locked_applicant_has_his_locked_pair_alone_in_the_bound() -> None:
    # applicant 0 is locked in class 1, weight 2: the bound does not count his 5 in class 0
    locked = replace(three(), pair_lock=ints([0, 0, 0, 1]))
    assert verify(locked, ints([1, 3]), ints([3, 0]) * PRICE_UNIT, ints([])).bound == 2 + 1 + 0 + 3
    dear = verify(locked, ints([1, 3]), ints([4, 10]) * PRICE_UNIT, ints([]))
    # his pair is worth 2 − 10 net of prices and given all the same: −8 + 0 + 0 + 4 + 10
    assert dear.bound == 6


@pytest.mark.parametrize(
    ("class_price", "group_price"),
    [([2**62, 0], [0]), ([0, 2**63 - 1], [0]), ([2**61, 0], [2**61]), ([2**62, 0], [2**62])],
)
def test_prices_beyond_64_bits_are_refused(class_price: list[int], group_price: list[int]) -> None:
    problem = replace(three(), class_group=ints([0, 0]), group_capacity=ints([1]))
    with pytest.raises(OverflowError, match="prix trop grands"):
        verify(problem, ints([1]), ints(class_price), ints([]), ints(group_price))


def test_prices_of_thousands_of_rows_are_added_without_overflow() -> None:
    # each within its penalty of 2^36, in 1/65,536; 2,048 of them are 2^63: a sum of 64 bits would be negative
    many = 2_048
    one = welcome(1, NO_HIGH, 1)
    problem = replace(
        one,
        coef_row=ints(np.arange(many)),
        coef_signature=ints([1] * many),
        coef_class=ints([0] * many),
        coef_value=ints([1] * many),
        row_low=ints([1] * many),
        row_high=ints([NO_HIGH] * many),
        row_penalty=ints([2**36] * many),
        row_tier=ints([0] * many),
        row_label=np.array([f"row {r}" for r in range(many)]),
    )
    problem.check()
    with pytest.raises(OverflowError, match="prix trop grands"):
        verify(problem, ints([0]), ints([0]), ints([-(2**52)] * many))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_any_prices_give_a_bound_above_every_answer(seed: int, data: st.DataObject) -> None:
    problem = tiny_with_all(seed) if seed % 2 else tiny(seed)
    some = [
        ints(data.draw(st.lists(PRICES, min_size=size, max_size=size)))
        for size in (problem.classes, problem.rows, problem.groups)
    ]
    verified = verify(problem, np.flatnonzero(problem.lock == 1), *some)
    assert verified.bound >= every(problem).objective.max()
    assert not verified.violations


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_whatever_integers_are_given_as_prices_the_bound_holds_or_they_are_refused(
    seed: int, data: st.DataObject
) -> None:
    problem = tiny_with_all(seed)
    some = [
        ints(data.draw(st.lists(st.one_of(PRICES, ANY), min_size=size, max_size=size)))
        for size in (problem.classes, problem.rows, problem.groups)
    ]
    try:
        bound = verify(problem, np.flatnonzero(problem.lock == 1), *some).bound
    except OverflowError:
        assert max(abs(int(price)) for each in some for price in each) > 2**50
        return
    assert bound >= every(problem).objective.max()


def test_a_bound_below_the_objective_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # no price gives one; here applicants are made to keep nothing, as a fault of the verifier would
    monkeypatch.setattr(
        module, "_applicant_prices", lambda problem, toll, line: ints([0] * problem.applicants)
    )
    told = verify(three(), ints([1, 3]), ints([3, 0]) * PRICE_UNIT, ints([])).violations
    assert told == ("borne 3 au-dessous de l'objectif 6",)


def test_the_verifier_reads_numpy_and_the_problem_alone_and_is_short() -> None:
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert imported == {"__future__", "dataclasses", "numpy", "numpy.typing", "optimizer.problem"}
    assert "import_module" not in text
    assert len(text.splitlines()) < 150


def test_the_verifier_counts_the_rows_as_trying_every_answer_does() -> None:
    for seed in range(40):
        problem = tiny(seed)
        tried = every(problem)
        answers, objective = tried.answers, tried.objective
        at = int(np.random.default_rng(seed).integers(objective.size))
        chosen = np.flatnonzero(answers[at][problem.pair_applicant] == problem.pair_class)
        prices = np.zeros(problem.classes, dtype=np.int64), np.zeros(problem.rows, dtype=np.int64)
        verified = verify(problem, chosen, *prices)
        assert verified.objective == objective[at], f"seed {seed}"
        assert verified.shortfall.tolist() == tried.shortfall[at].tolist(), f"seed {seed}"
        assert (verified.weight, verified.fill) == (tried.weight[at], tried.fill[at]), f"seed {seed}"


def test_solve_refuses_to_return_what_the_verifier_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    solving = import_module("optimizer.solve")
    monkeypatch.setattr(
        solving, "verify", lambda *given, **named: replace(verify(*given, **named), violations=("faux",))
    )
    with pytest.raises(RuntimeError, match="réponse refusée par la vérification : faux"):
        solve(three())


def test_an_answer_worth_more_than_is_exact_is_refused() -> None:
    # 2^36 a unit, 2^40 units short: −2^76, which no float counts to the unit
    problem = replace(welcome(2**40, NO_HIGH, 1), row_penalty=ints([2**36]))
    problem.check()
    with pytest.raises(OverflowError, match="valeurs trop grandes"):
        solve(problem)
