"""The columns give, demand by demand, what a slow scorer written from the text of the schema gives."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.cotation import Grid, lines, missing, score
from sim.rules.cotation.check import check
from sim.rules.cotation.counted import counted
from sim.rules.cotation.doubts import doubts
from sim.rules.cotation.reach import unreachable

MOTIVES = ["01", "03", "05", "10", "23"]
WORK = ["CDI", "CHO", "AUT"]
KINDS = ["primo", "mutation"]

# ---- the slow scorer: plain Python values, None where missing, the grid as plain data


def holds(condition: dict[str, Any], facts: dict[str, Any], lacks: set[str]) -> bool:
    # Every inner condition is read, even when the first one settles it: what it lacks is listed.
    if "all" in condition or "any" in condition:
        truths = [holds(inner, facts, lacks) for inner in condition.get("all") or condition["any"]]
        return all(truths) if "all" in condition else any(truths)
    if "not" in condition:
        return not holds(condition["not"], facts, lacks)
    found, op, value = facts.get(condition["attr"]), condition["op"], condition["value"]
    if found is None:
        lacks.add(condition["attr"])
        return False
    return {
        "eq": lambda: found == value,
        "ne": lambda: found != value,
        "gt": lambda: found > value,
        "ge": lambda: found >= value,
        "lt": lambda: found < value,
        "le": lambda: found <= value,
        "in": lambda: found in value,
        "contains": lambda: value in found,
        "any_in": lambda: any(code in found for code in value),
    }[op]()


def amount(criterion: dict[str, Any], facts: dict[str, Any], lacks: set[str]) -> int:
    """Return the points of a criterion, or 1 for an effect that holds."""
    populations = criterion.get("applies_to", KINDS)
    if populations != KINDS:
        if facts["request_kind"] is None:
            lacks.add("request_kind")
        if facts["request_kind"] not in populations:
            return 0
    met = "when" not in criterion or holds(criterion["when"], facts, lacks)
    if "effect" in criterion or "points" in criterion:
        return criterion.get("points", 1) if met else 0
    value = facts[criterion["attr"]]
    if value is None:
        lacks.add(criterion["attr"])
        return 0
    if not met:
        return 0
    if "bands" in criterion:
        inside = [b for b in criterion["bands"] if b.get("from", -math.inf) <= value < b.get("to", math.inf)]
        return inside[0]["points"] if inside else 0
    accrual = criterion["per_unit"]
    if value < accrual["start"]:
        return 0
    points = math.floor((value - accrual["start"]) / accrual["step"]) * accrual["points"]
    if "cap" not in accrual:
        return int(points)
    return min(points, accrual["cap"]) if accrual["points"] > 0 else max(points, accrual["cap"])


def slow(grid: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    lacks: set[str] = set()
    in_scope = "scope" not in grid or holds(grid["scope"], facts, lacks)
    amounts = {c["id"]: amount(c, facts, lacks) for c in grid["criteria"]}
    given_points = [c for c in grid["criteria"] if "effect" not in c]
    total = sum(amounts[c["id"]] for c in given_points if "group" not in c)
    for group in grid["groups"]:
        members = [amounts[c["id"]] for c in given_points if c.get("group") == group["id"]]
        if members:
            result = max(members) if group["rule"] == "max" else sum(members)
            total += min(result, group.get("cap", result))
    total = min(total, grid["total"].get("cap", total))
    total = max(total, grid["total"].get("floor", total))
    raised = {c["effect"] for c in grid["criteria"] if "effect" in c and amounts[c["id"]]}
    return {
        "total": total if in_scope else 0,
        "in_scope": in_scope,
        "absolute_priority": in_scope and "absolute_priority" in raised,
        "excluded": in_scope and "exclude" in raised,
        "lines": [(c["id"], amounts[c["id"]] if in_scope else 0) for c in given_points],
        "missing": lacks,
    }


# ---- grids and demands drawn at random

number = st.integers(-20, 80) | st.integers(-40, 160).map(lambda twice: twice / 2)
points = st.integers(-50, 50)


def comparison(attribute: str, ops: list[str], value: Any, listed: tuple[str, ...] = ()) -> Any:
    def made(op: str) -> Any:
        values = st.lists(value, min_size=1, max_size=3) if op in listed else value
        return st.fixed_dictionaries({"attr": st.just(attribute), "op": st.just(op), "value": values})

    return st.sampled_from(ops).flatmap(made)


atomic = st.one_of(
    comparison("pdalhpd", ["eq", "ne"], st.booleans()),
    comparison("dwelling.qpv", ["eq", "ne"], st.booleans()),
    comparison("work_status", ["eq", "ne", "in"], st.sampled_from(WORK), ("in",)),
    comparison("motives", ["contains", "any_in"], st.sampled_from(MOTIVES), ("any_in",)),
    comparison("seniority_months", ["eq", "ne", "gt", "ge", "lt", "le", "in"], number, ("in",)),
    comparison("residual_income", ["eq", "ne", "gt", "ge", "lt", "le", "in"], number, ("in",)),
)
conditions = st.recursive(
    atomic,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=4,
)


@st.composite
def bands(draw: st.DrawFn) -> list[dict[str, Any]]:
    edges = [None, *sorted(draw(st.sets(number, max_size=4))), None]
    made = []
    for low, high in pairwise(edges):
        ends = {key: end for key, end in (("from", low), ("to", high)) if end is not None}
        made.append({**ends, "points": draw(points)})
    kept = draw(st.lists(st.sampled_from(made), min_size=1, unique_by=str))
    return list(kept)


@st.composite
def accruals(draw: st.DrawFn) -> dict[str, Any]:
    gain = draw(points)
    made = {"step": draw(st.sampled_from([1, 2, 12, 0.5])), "start": draw(number), "points": gain}
    if draw(st.booleans()):
        made["cap"] = draw(st.integers(0, 60)) * (1 if gain > 0 else -1)
    return made


@st.composite
def criteria(draw: st.DrawFn, identifier: str) -> dict[str, Any]:
    made: dict[str, Any] = {"id": identifier}
    if draw(st.booleans()):
        made["when"] = draw(conditions)
    made["applies_to"] = draw(st.sampled_from([KINDS, ["primo"], ["mutation"]]))
    form = draw(st.sampled_from(["points", "bands", "per_unit", "effect"]))
    if form == "effect":
        return {**made, "effect": draw(st.sampled_from(["absolute_priority", "exclude"]))}
    if draw(st.booleans()):
        made["group"] = draw(st.sampled_from(["g1", "g2"]))
    if form == "points":
        return {**made, "points": draw(points)}
    made["attr"] = draw(st.sampled_from(["seniority_months", "residual_income"]))
    return {**made, form: draw(bands() if form == "bands" else accruals())}


@st.composite
def grids(draw: st.DrawFn) -> dict[str, Any]:
    caps = st.fixed_dictionaries({}, optional={"cap": st.integers(0, 60)})
    count = draw(st.integers(1, 6))
    made: dict[str, Any] = {
        "id": "random",
        "status": "synthetic",
        "complete": True,
        "total": draw(
            st.fixed_dictionaries({}, optional={"floor": st.integers(-50, 0), "cap": st.integers(0, 90)})
        ),
        "groups": [
            {"id": name, "rule": draw(st.sampled_from(["max", "sum"])), **draw(caps)} for name in ("g1", "g2")
        ],
        "criteria": [draw(criteria(f"c{position}")) for position in range(count)],
    }
    if draw(st.booleans()):
        made["scope"] = draw(conditions)
    return made


demands = st.fixed_dictionaries(
    {
        "pdalhpd": st.none() | st.booleans(),
        "request_kind": st.none() | st.sampled_from(KINDS),
        "work_status": st.none() | st.sampled_from(WORK),
        "motives": st.none() | st.lists(st.sampled_from(MOTIVES), unique=True),
        "seniority_months": st.integers(0, 80),
        "residual_income": st.none() | number,
    }
)


def columns(rows: list[dict[str, Any]], in_qpv: bool | None) -> dict[str, Any]:
    """Encode the demands as the columns are encoded, without the code under test."""
    statuses = ["CDI", "CDD", "ART", "CHO", "APP", "ETU", "RET", "AUT"]

    def column(name: str, encoded: Any, absent: Any, dtype: Any) -> Any:
        return np.array([absent if row[name] is None else encoded(row[name]) for row in rows], dtype)

    made = {
        "pdalhpd": column("pdalhpd", int, -1, np.int8),
        "request_kind": column("request_kind", KINDS.index, -1, np.int8),
        "work_status": column("work_status", statuses.index, -1, np.int8),
        "motives": column("motives", lambda listed: sum(1 << int(code) - 1 for code in listed), -1, np.int64),
        "seniority_months": column("seniority_months", int, 0, np.int64),
        "residual_income": column("residual_income", float, np.nan, np.float64),
    }
    return made if in_qpv is None else {**made, "dwelling.qpv": in_qpv}


@settings(max_examples=200, deadline=None)
@given(grids(), st.lists(demands, min_size=1, max_size=8), st.none() | st.booleans())
def test_columns_agree_with_the_slow_scorer(
    data: dict[str, Any], rows: list[dict[str, Any]], in_qpv: bool | None
) -> None:
    assert check(data, "grid") == []
    grid, n, facts = Grid.model_validate(data), len(rows), columns(rows, in_qpv)
    expected = [slow(data, {**row, "dwelling.qpv": in_qpv}) for row in rows]
    found = score(grid, facts, n)
    for name in ("total", "in_scope", "absolute_priority", "excluded"):
        assert getattr(found, name).tolist() == [one[name] for one in expected], name
    by_line = [(name, amounts.tolist()) for name, amounts in lines(grid, facts, n)]
    assert by_line == [
        (name, [one["lines"][position][1] for one in expected])
        for position, (name, _) in enumerate(expected[0]["lines"])
    ]
    lacking = missing(grid, facts, n)
    assert [{name for name in lacking if lacking[name][row]} for row in range(n)] == [
        one["missing"] for one in expected
    ]


@settings(max_examples=100, deadline=None)
@given(grids(), st.lists(demands, min_size=1, max_size=20))
def test_a_criterion_said_to_be_never_met_is_met_by_no_demand_drawn(
    data: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    grid, n, facts = Grid.model_validate(data), len(rows), columns(rows, None)
    doubts(grid)  # never a crash, whatever the grid
    by_line = dict(lines(grid, facts, n))
    for criterion in grid.criteria:
        if unreachable(grid, criterion) and criterion.effect is None:
            assert not by_line[criterion.id].any(), criterion.id


@settings(max_examples=100, deadline=None)
@given(grids(), st.lists(demands, min_size=1, max_size=8))
def test_points_counted_add_up_to_the_total_before_its_own_bounds(
    data: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    grid, n, facts = Grid.model_validate(data), len(rows), columns(rows, None)
    added = np.sum(list(counted(grid, lines(grid, facts, n)).values()), axis=0) + np.zeros(n)
    low = -np.inf if grid.total.floor is None else grid.total.floor
    high = np.inf if grid.total.cap is None else grid.total.cap
    found = score(grid, facts, n)
    bounded = np.maximum(np.minimum(added, high), low)
    assert np.allclose(np.where(found.in_scope, bounded, 0), found.total)


def test_blocks_of_demands_are_scored_as_one() -> None:
    """80,000 demands are scored in several blocks: each total is its own, whatever its place."""
    data = {"id": "a", "status": "synthetic", "complete": True}
    accrual = {"id": "c", "attr": "seniority_months", "per_unit": {"step": 1, "points": 1}}
    grid = Grid.model_validate({**data, "criteria": [accrual]})
    months = np.arange(80_000)
    assert np.array_equal(score(grid, {"seniority_months": months}, 80_000).total, months)


def test_points_beyond_two_and_four_bytes_stay_exact() -> None:
    """Sums are counted in the narrowest integers that hold them: 32,767, then 2,147,483,647."""
    head = {"id": "wide", "status": "synthetic", "complete": True}
    for count, points, cap in (
        (2, 30_000, None),
        (3000, 1_000_000, None),
        (2, -30_000, None),
        (2, 20_000, 39_999),
    ):
        criteria = [{"id": f"c{place}", "group": "g", "points": points} for place in range(count)]
        group = {"id": "g", "rule": "sum"} | ({} if cap is None else {"cap": cap})
        grid = Grid.model_validate(
            {**head, "id": f"wide-{count}-{points}", "groups": [group], "criteria": criteria}
        )
        assert score(grid, {}, 1).total.tolist() == [min(count * points, cap or count * points)]


def test_an_accrual_far_beyond_its_cap_or_without_one_stays_exact() -> None:
    head = {"status": "synthetic", "complete": True}
    for cap, expected in ((50, 50), (None, 700_000 * 900)):
        unit = {"step": 1, "points": 700_000 if cap is None else 7} | ({} if cap is None else {"cap": cap})
        criterion = {"id": "c", "attr": "seniority_months", "per_unit": unit}
        grid = Grid.model_validate({**head, "id": f"far-{cap}", "criteria": [criterion]})
        for dtype in (np.int64, np.float64):
            assert score(grid, {"seniority_months": np.array([900], dtype)}, 1).total.tolist() == [expected]
