"""A malformed problem is refused with all its faults."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny_problems import ints, tiny

from optimizer import Problem


def sound() -> Problem:
    return tiny(1)


def test_a_sound_problem_passes() -> None:
    sound().check()
    sound().check(trusted=True)


def test_all_shape_faults_are_told_together() -> None:
    problem = sound()
    broken = replace(problem, pair_weight=problem.pair_weight[1:], row_label=problem.row_label[1:])
    with pytest.raises(ValueError, match="pair_weight") as told:
        broken.check(trusted=True)
    assert "row_label" in str(told.value)
    with pytest.raises(ValueError, match="type float64, attendu int64"):
        replace(problem, pair_weight=problem.pair_weight.astype(float)).check(trusted=True)
    with pytest.raises(ValueError, match="attendu int64"):
        replace(problem, pair_weight=problem.pair_weight.astype(object)).check()


def test_all_range_faults_are_told_together() -> None:
    problem = sound()
    broken = replace(
        problem,
        pair_weight=np.full(problem.pairs, 2**24 + 1),
        pair_class=np.full(problem.pairs, problem.classes),
        row_penalty=np.full(problem.rows, -1),
    )
    with pytest.raises(ValueError, match=r"pair_weight\[0\] : 16777217, attendu de 0 à 16777216") as told:
        broken.check()
    assert "pair_class[0]" in str(told.value)
    assert "row_penalty[0] : -1" in str(told.value)


def test_a_floor_above_the_ceiling_is_a_fault() -> None:
    problem = sound()
    with pytest.raises(ValueError, match="plancher 3 au-dessus du plafond 2"):
        replace(problem, row_low=np.full(problem.rows, 3), row_high=np.full(problem.rows, 2)).check()


def test_duplicates_and_a_bad_lottery_are_faults() -> None:
    problem = sound()
    twice = replace(
        problem,
        pair_applicant=np.append(problem.pair_applicant, problem.pair_applicant[0]),
        pair_class=np.append(problem.pair_class, problem.pair_class[0]),
        pair_weight=np.append(problem.pair_weight, 1),
        coef_row=np.append(problem.coef_row, problem.coef_row[0]),
        coef_signature=np.append(problem.coef_signature, problem.coef_signature[0]),
        coef_class=np.append(problem.coef_class, problem.coef_class[0]),
        coef_value=np.append(problem.coef_value, 1),
        applicant_lottery=ints(np.zeros(problem.applicants)),
    )
    with pytest.raises(ValueError, match="paires") as told:
        twice.check()
    assert "coefficients" in str(told.value)
    assert "applicant_lottery : attendu une permutation" in str(told.value)


def locked(lock: list[int], **changes: object) -> Problem:
    """Return two applicants who both fit two classes of one vacancy each, with locks on their four pairs."""
    problem = Problem(
        pair_applicant=ints([0, 0, 1, 1]),
        pair_class=ints([0, 1, 0, 1]),
        pair_weight=ints([0, 0, 0, 0]),
        class_capacity=ints([1, 1]),
        applicant_signature=ints([0, 0]),
        applicant_lottery=ints([0, 1]),
        pair_lock=ints(lock),
    )
    return replace(problem, **changes)


def test_locks_that_hold_together_pass() -> None:
    locked([1, 0, 0, 1]).check()
    locked([1, -1, -1, 1], class_group=ints([0, 0]), group_capacity=ints([2])).check()


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (locked([1, 1, 0, 0]), "candidat 0 verrouillé 2 fois, attendu au plus une"),
        (locked([1, 0, 1, 0]), "classe 0, 2 verrous, attendu au plus sa capacité 1"),
        (
            locked([1, 0, 0, 1], class_group=ints([0, 0]), group_capacity=ints([1])),
            "groupe 0, 2 verrous, attendu au plus sa capacité 1",
        ),
        (locked([2, 0, 0, 0]), r"pair_lock\[0\] : 2, attendu de -1 à 1"),
        (locked([0, 0, 0]), "pair_lock : 3 valeurs, attendu 4 comme pair_applicant"),
        (locked([0, 0, 0, 0], class_group=ints([0, 0])), r"class_group\[0\] : 0, attendu de -1 à -1"),
        (locked([0, 0, 0, 0], class_list=ints([0, 1])), r"class_list\[0\] : 0, attendu de 1 à"),
        (locked([0, 0, 0, 0], applicant_lists=ints([1, 0])), r"applicant_lists\[1\] : 0, attendu de 1 à"),
    ],
)
def test_locks_groups_and_lists_that_cannot_hold_are_faults(problem: Problem, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        problem.check()


def test_every_limit_of_the_contract_is_held_to_the_unit() -> None:
    problem = tiny(3)
    assert problem.rows
    at_the_limit = {
        "pair_weight": 2**24,
        "class_capacity": 2**24,
        "coef_value": 2**20,
        "row_penalty": 2**36,
        "row_tier": 1,
    }
    for name, most in at_the_limit.items():
        size = getattr(problem, name).size
        replace(problem, **{name: ints([most] * size)}).check()
        with pytest.raises(ValueError, match=f"{name}.* : {most + 1}, attendu de"):
            replace(problem, **{name: ints([most + 1] * size)}).check()
