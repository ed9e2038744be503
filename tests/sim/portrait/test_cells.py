"""Counts add up whatever the demand, and no masked count can be computed back from its line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.portrait.bands import MOST_BANDS, banded
from sim.portrait.cells import closed, counted, masks
from sim.portrait.pending import Pending

LEAST = 11


def test_a_lone_masked_count_takes_the_smallest_other_with_it() -> None:
    # 55 - 30 - 20 would give the 5 away: the 20 goes too, and 25 together say nothing of either.
    found = masks({"all": np.array([30, 5, 20, 55])})
    assert found["all"].tolist() == [False, True, True, False]


def test_a_public_is_not_shown_where_the_rest_of_its_cell_is_few() -> None:
    # 95 of 100 are of the public: the five others would be shown. 200 - 120 = 80 others: nothing to hide.
    found = masks({"all": np.array([100, 200, 300, 600]), "mutation": np.array([95, 120, 150, 365])})
    assert not found["all"].any()
    assert found["mutation"].tolist() == [True, True, False, False]


def test_publics_that_complete_each_other_are_masked_together() -> None:
    counts = {
        "all": np.array([60, 60, 60, 180]),
        "first_quartile": np.array([5, 20, 30, 55]),
        "q2_q4": np.array([55, 40, 30, 125]),
    }
    # The 5 takes the 20 with it, the 55 beside it takes the 30; 60 less the other would give each away.
    found = masks(counts)
    assert found["first_quartile"].tolist() == found["q2_q4"].tolist() == [True, True, True, False]


counts_3d = st.tuples(*(st.integers(1, 4) for _ in range(3))).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.sampled_from([0, 0, 1, 3, 8, 11, 12, 30, 200]))
)


@settings(max_examples=150, deadline=None)
@given(counts_3d)
def test_no_line_gives_a_masked_count_away(cells: np.ndarray) -> None:
    counts = cells
    for axis in range(3):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    masked = masks({"all": counts})["all"]
    assert not ((counts > 0) & (counts < LEAST) & ~masked).any()
    assert not masked[counts == 0].any()
    for axis in range(3):
        line, hidden = np.moveaxis(counts, axis, -1), np.moveaxis(masked, axis, -1)
        assert not (hidden.sum(axis=-1) == 1).any()
        inside = (line[..., :-1] * hidden[..., :-1]).sum(axis=-1)
        assert not (~hidden[..., -1] & (inside > 0) & (inside < LEAST)).any()
    assert (closed(counts, masked, LEAST) == masked).all()


demands = st.integers(1, 60).flatmap(
    lambda n: st.tuples(
        arrays(np.int64, n, elements=st.integers(-30, 400)),
        *(arrays(np.bool_, n) for _ in range(3)),
        arrays(np.int64, n, elements=st.integers(0, 3)),
        arrays(np.int64, n, elements=st.integers(0, 4)),
        st.integers(1, 15),
        st.booleans(),
    )
)


@settings(max_examples=150, deadline=None)
@given(demands)
def test_every_demand_is_in_one_band_and_cells_sum_to_the_demands(drawn: tuple) -> None:
    points, first, excluded, scope, commune, typology, least, scored = drawn
    n = len(points)
    asked = Pending(
        points, scored, first, excluded, scope, {"all": np.ones(n, bool)}, commune, typology, {}, np.nan
    )
    found = banded(asked, least)
    assert (found.of >= 0).all()
    assert (found.of < len(found.bands)).all()
    assert len(found.bands) <= MOST_BANDS + 3
    for place, band in enumerate(found.bands):
        mine = points[found.of == place]
        assert band.low is None or (mine >= band.low).all()
        assert band.high is None or (mine < band.high).all()
    counts = counted(np.ones(n, bool), (found.of, commune, typology), (len(found.bands), 4, 5))
    assert counts[-1, -1, -1] == n
    assert counts[:-1, :-1, :-1].sum() == n
    assert (counts[:-1].sum(axis=0) == counts[-1]).all()


def test_demands_of_no_grid_are_in_bands_of_whole_years() -> None:
    points = np.array([0, 30, 50, 100])
    plain = np.zeros(4, bool)
    asked = Pending(points, False, plain, plain, ~plain, {"all": ~plain}, plain * 0, plain * 0, {}, np.nan)
    labels = [band.label for band in banded(asked, least=1).bands]
    assert labels[-1] == "0 à 23 mois d'ancienneté"
    assert labels[0] == "96 à 119 mois d'ancienneté"


@pytest.mark.parametrize("spread", [0, 1, 7, 8, 99, 100, 1999])
def test_eight_bands_at_most_cover_any_spread(spread: int) -> None:
    points = np.array([3, 3 + spread])
    plain = np.zeros(2, bool)
    asked = Pending(points, True, plain, plain, ~plain, {"all": ~plain}, plain * 0, plain * 0, {}, np.nan)
    assert len(banded(asked, least=1).bands) <= MOST_BANDS
