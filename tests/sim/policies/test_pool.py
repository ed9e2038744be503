"""A pool gives what is asked of it as if it had been written out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.pool import Fitting, Pool

RENTS = st.sampled_from([np.nan, 300.0, 400.0, 500.0])


@given(
    st.dictionaries(st.integers(0, 300), RENTS, max_size=200),
    st.sampled_from([0.0, 300.0, 350.0, 500.0, 600.0]),
    st.lists(st.integers(0, 300), max_size=4),
    st.lists(st.integers(0, 300), max_size=3),
    st.integers(0, 20),
)
def test_a_pool_is_who_fits_but_for_the_rents_under_its_own_and_the_others(
    stated: dict[int, float], due: float, others: list[int], later: list[int], count: int
) -> None:
    who = sorted(stated)
    fitting = Fitting(np.array(who, dtype=np.int32), np.array([stated[one] for one in who], dtype=float))
    for pool, left_out in (
        (Pool(fitting, due, others), others),
        (Pool(fitting, due, others).without(later), others + later),
    ):
        # a maximum equal to the rent is met; who states none meets any
        expected = [one for one in who if not stated[one] < due and one not in left_out]
        assert len(pool) == len(expected)
        assert [one for place, one in enumerate(pool.fitting) if pool.admits(place)] == expected
        assert pool.all().tolist() == expected
        assert pool.first(count).tolist() == expected[:count]
        for position in (0, 150, 301):
            assert pool.before(position).tolist() == [one for one in expected if one < position]
        assert [one for one in range(301) if one in pool] == expected
        asked = np.arange(301)
        assert pool.among(asked).tolist() == [one in expected for one in range(301)]


def test_a_pool_of_positions_is_those() -> None:
    assert Pool.of(np.array([2, 5, 9])).all().tolist() == [2, 5, 9]
    assert len(Pool.of(np.array([], dtype=np.int64))) == 0
    assert not Pool.of(np.array([], dtype=np.int64)).among(np.array([3])).any()
