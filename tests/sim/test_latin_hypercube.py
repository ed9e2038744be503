"""A Latin hypercube: one value in each slice, keyed by names and numbers, whatever else is drawn."""

import numpy as np
import pytest

from sim.chance import Chance
from sim.latin_hypercube import stratified


@pytest.mark.parametrize("draws", [1, 2, 7, 100])
def test_each_slice_holds_one_value(draws: int) -> None:
    found = stratified(Chance(3), "acceptance.effort", draws)
    assert sorted(np.floor(found * draws).astype(int).tolist()) == list(range(draws))
    assert ((found > 0) & (found < 1)).all()


def test_values_are_uniform_within_their_slice() -> None:
    """Over 2,000 parameters of 5 draws: 10,000 places, mean 1/2, variance 1/12, standard error 0.003."""
    places = np.concatenate([stratified(Chance(0), f"p{n}", 5) * 5 % 1 for n in range(2000)])
    assert places.mean() == pytest.approx(0.5, abs=0.012)
    assert places.var() == pytest.approx(1 / 12, abs=0.003)


def test_a_draw_is_as_often_in_each_slice_and_two_parameters_are_independent() -> None:
    slices = np.stack([np.floor(stratified(Chance(1), f"p{n}", 4) * 4) for n in range(4000)])
    first = np.bincount(slices[:, 0].astype(int), minlength=4)
    assert (np.abs(first - 1000) < 4 * np.sqrt(4000 * 3 / 16)).all()  # four standard deviations
    together = np.mean(slices[::2, 2] == slices[1::2, 2])  # 1/4 where orders do not depend on one another
    assert together == pytest.approx(0.25, abs=4 * np.sqrt(3 / 16 / 2000))


def test_values_depend_on_the_name_the_seed_and_the_number_of_draws_alone() -> None:
    one = stratified(Chance(5), "a", 6)
    stratified(Chance(5), "b", 6)
    assert np.array_equal(stratified(Chance(5), "a", 6), one)
    for other in (
        stratified(Chance(5), "b", 6),
        stratified(Chance(6), "a", 6),
        stratified(Chance(5), "a", 8)[:6],
    ):
        assert not np.array_equal(other, one)
