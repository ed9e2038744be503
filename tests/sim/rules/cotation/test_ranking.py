"""Ranks: absolute priority, points, then what the grid names; what nothing separates stays equal."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.cotation import Grid, Points
from sim.rules.cotation.ranking import ranked


def grid(*tie_break: str) -> Grid:
    criteria = [{"id": "a", "points": 1}]
    return Grid.model_validate(
        {"id": "-".join(("g", *tie_break)), "status": "synthetic", "complete": True}
        | {"tie_break": list(tie_break), "criteria": criteria}
    )


demand = st.tuples(st.integers(0, 3), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2))


@given(st.lists(demand, max_size=12), st.sampled_from([(), ("seniority_days",), ("lottery",)]))
def test_a_rank_is_one_more_than_the_demands_strictly_before(
    rows: list[tuple[int, bool, bool, bool, int]], tie_break: tuple[str, ...]
) -> None:
    n = len(rows)
    total, priority, excluded, in_scope, filed = (
        np.array([row[column] for row in rows], dtype)
        for column, dtype in enumerate((np.int64, np.bool_, np.bool_, np.bool_, np.int64))
    )
    lottery = np.arange(n)[::-1] / max(n, 1)
    points = Points(total, priority, excluded, in_scope)
    found = ranked(grid(*tie_break), points, {"seniority_days": filed, "lottery": lottery})
    last = lottery if tie_break == ("lottery",) else filed
    keys = [(not priority[i], -int(total[i]), float(last[i])) for i in range(n)]
    kept = [i for i in range(n) if in_scope[i] and not excluded[i]]
    expected = [1 + sum(keys[j] < keys[i] for j in kept) if i in kept else 0 for i in range(n)]
    assert found.tolist() == expected
