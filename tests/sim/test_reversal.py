"""Where a difference changes sign, against functions whose root is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from sim.reversal import (
    CHANGES,
    NEVER,
    NO_CONCLUSION,
    TOO_FEW,
    UNTOLD_AT_END,
    Reading,
    Reversal,
    Trial,
    search,
)
from sim.uncertainty import Parameter

Function = Callable[[float], float]


@dataclass
class Made:
    """Headlines that are functions of one parameter; a difference under `untold` is not told from zero."""

    functions: Sequence[Function]
    untold: float = 0.0
    batches: list[list[Trial]] = field(default_factory=list)

    def read(self, value: float) -> Reading:
        difference = np.array([function(value) for function in self.functions])
        return Reading(difference, np.where(np.abs(difference) > self.untold, np.sign(difference), 0.0))

    def measure(self, trials: Sequence[Trial]) -> Mapping[Trial, Reading]:
        self.batches.append(list(trials))
        return {trial: self.read(trial[1]) for trial in trials}

    def search(
        self, parameter: Parameter, steps: int = 3, conclusions: Sequence[float] | None = None
    ) -> list[Reversal]:
        central = self.read(parameter.value)
        told = central.sign if conclusions is None else np.array(conclusions, dtype=float)
        return search([parameter], central, told, self.measure, steps)


def of(low: float, value: float, high: float, whole: bool = False) -> Parameter:
    return Parameter("section.name", "libellé", "unité", low, value, high, whole)


def test_straight_line_is_found_exactly_without_a_step() -> None:
    # 2 − 4 v, zero at 0.5; +2 at 0, −2 at 1.
    (found,) = Made([lambda v: 2 - 4 * v]).search(of(0, 0.2, 1), steps=0)
    assert (found.verdict, found.above) == (CHANGES, pytest.approx(0.5))
    assert np.isnan(found.below)
    assert (found.low, found.high, found.told_low, found.told_high) == (2, -2, 1, -1)


@pytest.mark.parametrize(
    ("function", "root"),
    [(lambda v: 8 - v**3, 2.0), (lambda v: np.cos(v / 2), np.pi), (lambda v: 1 - np.exp(v - 3), 3.0)],
)
def test_curve_is_found_within_the_last_bracket(function: Function, root: float) -> None:
    for steps in (3, 6):
        (found,) = Made([function]).search(of(0, 0, 4), steps=steps)
        assert found.above == pytest.approx(root, abs=4 / 2**steps)


def test_sign_may_change_on_both_sides() -> None:
    (found,) = Made([lambda v: 1 - v**2]).search(of(-3, 0, 2), steps=8)  # roots −1 and 1
    assert (found.below, found.above) == (pytest.approx(-1, abs=0.001), pytest.approx(1, abs=0.001))


def test_what_keeps_its_sign_is_never_reversed_and_asks_nothing_more() -> None:
    made = Made([lambda v: 1 + v])
    (found,) = made.search(of(0, 1, 9))
    assert (found.verdict, np.isnan(found.below), np.isnan(found.above)) == (NEVER, True, True)
    assert made.batches == [[("section.name", 0), ("section.name", 9)]]


def test_end_not_told_from_zero_is_no_change() -> None:
    # 1 − v: 1 at 0, −0.2 at the high end, within the interval of 0.3.
    (found,) = Made([lambda v: 1 - v], untold=0.3).search(of(0, 0.5, 1.2))
    assert (found.verdict, found.told_low, found.told_high) == (UNTOLD_AT_END, 1, 0)


def test_too_few_replications_are_told_from_a_parameter_that_matters() -> None:
    """The headline is told over all replications; over those of the search, not even at its own value."""
    (found,) = Made([lambda v: 0.1 + 0 * v], untold=0.3).search(of(0, 0.5, 1), conclusions=[1])
    assert found.verdict == TOO_FEW


def test_headline_that_is_not_told_has_nothing_to_reverse() -> None:
    (found,) = Made([lambda v: 1 - 2 * v]).search(of(0, 0.2, 1), conclusions=[0])
    assert found.verdict == NO_CONCLUSION


def test_change_that_the_replications_played_do_not_bracket_has_no_value() -> None:
    """The headline is positive over all replications; over those of the search it is negative throughout."""
    made = Made([lambda v: -1.0 + 0 * v])
    (found,) = made.search(of(0, 0.2, 1), conclusions=[1])
    assert (found.verdict, np.isnan(found.below), np.isnan(found.above)) == (CHANGES, True, True)
    assert len(made.batches) == 1


def test_whole_number_is_tried_at_whole_values_alone() -> None:
    made = Made([lambda v: 2.5 - v])
    (found,) = made.search(of(0, 0, 6, whole=True), steps=10)
    assert found.above == pytest.approx(2.5)
    assert all(float(value).is_integer() for batch in made.batches for _, value in batch)
    assert len(made.batches) <= 4  # ends, then 3, 2 (or 1): no value is left between 2 and 3


def test_headlines_share_their_trials_and_a_step_is_one_batch() -> None:
    made = Made([lambda v: 1 - v, lambda v: 2 * (1 - v), lambda v: 5.0 + 0 * v])
    found = made.search(of(0, 0, 4), steps=2)
    assert [reversal.verdict for reversal in found] == [CHANGES, CHANGES, NEVER]
    assert [len(batch) for batch in made.batches] == [2, 1, 1]
