"""The bits say what the rules say, household by household and dwelling by dwelling."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.eligibility import fits
from sim.rules.fit_codes import demand_codes, dwelling_codes, label_bit
from sim.rules.law import Law

LAW = Law.at(date(2026, 1, 1))

demands = st.tuples(
    st.integers(1, 12),  # persons
    st.booleans(),  # single parent
    st.one_of(st.just(np.nan), st.floats(0, 90_000)),  # RFR
    st.booleans(),  # needs an accessible dwelling
    st.integers(0, 31),  # labels
    st.integers(1, 9),  # fewest rooms
    st.integers(1, 9),  # most rooms
)
dwellings = st.tuples(
    st.integers(1, 9),  # rooms
    st.floats(8, 140),  # surface
    st.integers(0, 2),  # financing
    st.booleans(),  # accessible
    st.integers(0, 4),  # réservataire
)


@settings(max_examples=200)
@given(st.lists(demands, min_size=1, max_size=20), dwellings)
def test_bits_agree_with_the_rules(people: list[tuple], dwelling: tuple) -> None:
    persons, alone, rfr, needs, labels, fewest, most = (
        np.array(column) for column in zip(*people, strict=True)
    )
    rooms, surface, financing, accessible, holder = dwelling
    codes = demand_codes(LAW, needs, labels, rfr, persons + alone, persons, fewest, most)
    one = dwelling_codes(
        LAW, np.array([rooms]), np.array([surface]), np.array([financing]), np.array([accessible])
    )
    label = label_bit(holder)
    found = (codes & (one.reads[0] | label) == one.wants[0] | label) & (codes & one.sizes[0] != 0)
    expected = fits(LAW, persons, rfr, rooms, surface, financing, alone)
    expected &= (accessible | ~needs) & (labels >> holder & 1 == 1)
    expected &= (fewest <= rooms) & (most >= rooms)
    np.testing.assert_array_equal(found, expected)
