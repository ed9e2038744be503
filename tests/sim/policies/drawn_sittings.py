"""Sittings drawn at random, as what `build` of conftest.py is given: pools, points, signatures, rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.rules.quotas import LEGAL, TARGET

PUBLIC, NEUTRAL = 1, 2


@st.composite
def sittings(draw: st.DrawFn, tiers: tuple[int, ...] = (LEGAL, TARGET)) -> dict[str, Any]:
    count, vacancies = draw(st.integers(1, 10)), draw(st.integers(1, 5))
    positions = st.lists(st.integers(0, count - 1), unique=True, max_size=count)
    row = st.fixed_dictionaries(
        {
            "tier": st.sampled_from(tiers),
            "percent": st.sampled_from([25, 50]),
            "public": st.just(PUBLIC),
            "excluded": st.sampled_from([0, NEUTRAL]),
            "scope": st.lists(st.booleans(), min_size=vacancies, max_size=vacancies),
            "signed": st.integers(0, 8),
        }
    )
    return {
        "pools": draw(st.lists(positions, min_size=vacancies, max_size=vacancies)),
        "points": sorted(draw(st.lists(st.integers(0, 300), min_size=count, max_size=count)), reverse=True),
        "signature": draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)),
        "lottery": np.array(draw(st.permutations(range(count)))) / 10,
        "rows": draw(st.lists(row, max_size=3)),
        "max_lists": draw(st.integers(1, 3)),
    }
