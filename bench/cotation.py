"""How fast are demands scored? A grid of 25 criteria on 60,000 demands and on 3 million.

    python bench/cotation.py [--repeats N] [--sizes 60000 3000000]

Asked: 2 ms on 60,000 demands, 0.5 s on 3 million. Beside the score, in the same run: the same grid applied by
a naive loop (one demand after another, on a part of them, its time brought to the whole), and one pass over
the columns the grid reads (their sum), under which no scoring can go. Medians of several runs; the machine is
shared, so the ratios say more than the seconds. The loop's totals are held to the columns' before anything is
timed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sim.rules.cotation import ATTRIBUTES, Grid, reads, score  # noqa: E402

Facts = dict[str, NDArray[Any]]

LOOPED = 2_000
"""Demands the naive loop scores."""


def _atom(attr: str, op: str, value: Any) -> dict[str, Any]:
    return {"attr": attr, "op": op, "value": value}


def _fixed(name: str, points: int, when: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name, "points": points, "when": when, **more}


def grid() -> Grid:
    """Return a grid of 25 criteria with every form, groups and two populations."""
    situation = {"group": "situation"}
    child = _atom("children", "ge", 1)
    crowded = {"any": [_atom("m2_per_person", "lt", 9), _atom("persons_per_room", "gt", 2)]}
    criteria = [
        _fixed("dalo", 200, _atom("dalo_status", "eq", "ACTIF"), **situation),
        _fixed("violence", 130, _atom("violence_proven", "eq", True), **situation),
        _fixed("pdalhpd", 120, _atom("pdalhpd", "eq", True), **situation),
        _fixed("accord", 120, _atom("accord_collectif", "eq", True), **situation),
        _fixed("homeless", 110, _atom("housing_modes", "any_in", ["SD", "SQUAT", "CAMCAR"]), **situation),
        _fixed("temporary", 90, _atom("housing_modes", "any_in", ["HOT", "SH", "RHVS"]), **situation),
        _fixed("eviction", 100, _atom("motives", "contains", "05"), **situation),
        _fixed("unfit", 90, _atom("motives", "contains", "03"), **situation),
        _fixed("crowded", 80, {"all": [child, crowded]}, **situation),
        _fixed("disability", 80, _atom("disability", "eq", True), **situation),
        _fixed("too_large", 50, _atom("motives", "any_in", ["10", "13"]), applies_to=["mutation"]),
        _fixed("separated", 15, {"all": [_atom("motives", "contains", "11"), child]}),
        _fixed("work_here", 10, _atom("works_in_epci", "eq", True), group="territory"),
        _fixed("live_here", 10, _atom("lives_in_epci", "eq", True), group="territory"),
        _fixed("essential", 15, _atom("essential_worker", "eq", True)),
        _fixed("in_work", 8, _atom("work_status", "in", ["CDI", "CDD", "APP"])),
        _fixed("old", 10, _atom("age", "ge", 65)),
        _fixed("alone", 10, _atom("single_parent", "eq", True)),
        _fixed("late", 20, _atom("long_delay", "eq", True)),
        {
            "id": "seniority",
            "applies_to": ["primo"],
            "attr": "seniority_months",
            "per_unit": {"step": 12, "points": 12, "cap": 60},
        },
        {
            "id": "seniority_transfer",
            "applies_to": ["mutation"],
            "attr": "seniority_months",
            "per_unit": {"step": 12, "points": 8, "cap": 40},
        },
        {
            "id": "refusals",
            "when": {"not": _atom("dalo_status", "eq", "ACTIF")},
            "attr": "unjustified_refusals_24m",
            "per_unit": {"step": 1, "start": 1, "points": -10, "cap": -20},
        },
        {
            "id": "residual",
            "group": "resources",
            "attr": "residual_income",
            "bands": [
                {"to": 300, "points": 25},
                {"from": 300, "to": 500, "points": 15},
                {"from": 500, "to": 700, "points": 5},
            ],
        },
        {
            "id": "effort",
            "group": "resources",
            "attr": "effort_rate",
            "bands": [{"from": 0.3, "to": 0.4, "points": 10}, {"from": 0.4, "points": 20}],
        },
        {"id": "rehousing", "when": _atom("right_to_rehousing", "eq", True), "effect": "absolute_priority"},
    ]
    groups = [
        {"id": "situation", "rule": "max"},
        {"id": "resources", "rule": "max"},
        {"id": "territory", "rule": "sum", "cap": 15},
    ]
    head = {"id": "bench", "status": "synthetic", "complete": True, "total": {"floor": 0}}
    return Grid.model_validate({**head, "groups": groups, "criteria": criteria})


def demands(one: Grid, n: int) -> Facts:
    """Return n demands drawn for every attribute the grid reads, one in ten missing."""
    chance = np.random.default_rng(7)
    facts: Facts = {}
    for name in sorted(reads(one)):
        attribute = ATTRIBUTES[name]
        if attribute.kind == "flag":
            facts[name] = chance.integers(-1, 2, n).astype(np.int8)
        elif attribute.kind == "code":
            facts[name] = chance.integers(-1, len(attribute.codes), n).astype(np.int8)
        elif attribute.kind == "codes":
            mask = chance.integers(0, 1 << len(attribute.codes), n) & chance.integers(0, 1 << 23, n)
            facts[name] = np.where(chance.random(n) < 0.1, -1, mask)
        elif name == "seniority_months":
            facts[name] = chance.integers(0, 150, n)
        else:
            high = {"effort_rate": 1.0, "residual_income": 1500.0, "age": 90.0}.get(name, 8.0)
            values = chance.random(n) * high
            whole = name in ("children", "age", "unjustified_refusals_24m")
            facts[name] = np.where(chance.random(n) < 0.1, np.nan, np.floor(values) if whole else values)
    facts["dalo"] = (facts["dalo_status"] == 1).astype(np.int8)  # spared by any malus of refusal
    return facts


def naive(one: Grid, facts: Facts, n: int) -> list[int]:
    """Return the totals of the first n demands, one demand after another."""
    columns = {name: values[:n].tolist() for name, values in facts.items()}
    return [_one(one, {name: column[row] for name, column in columns.items()}) for row in range(n)]


def _one(one: Grid, row: dict[str, Any]) -> int:
    total, groups = 0, {group.id: [] for group in one.groups}
    for criterion in one.criteria:
        if criterion.effect is not None:
            continue
        kind = ("primo", "mutation")[row["request_kind"]] if row["request_kind"] >= 0 else None
        points = 0
        met = len(criterion.applies_to) == 2 or kind in criterion.applies_to
        if met and (criterion.when is None or _holds(criterion.when, row)):
            points = _amount(criterion, row)
        if criterion.group is None:
            total += points
        else:
            groups[criterion.group].append(points)
    for group in one.groups:
        amount = max(groups[group.id]) if group.rule == "max" else sum(groups[group.id])
        total += amount if group.cap is None else min(amount, group.cap)
    return max(total, one.total.floor or 0)


def _amount(criterion: Any, row: dict[str, Any]) -> int:
    if criterion.points is not None:
        return criterion.points
    value = row[criterion.attr]
    if value != value:
        return 0
    if criterion.bands:
        for band in criterion.bands:
            if (band.from_ is None or value >= band.from_) and (band.to is None or value < band.to):
                return band.points
        return 0
    unit = criterion.per_unit
    points = max(int((value - unit.start) // unit.step), 0) * unit.points
    return min(points, unit.cap) if unit.points > 0 else max(points, unit.cap)


def _holds(condition: Any, row: dict[str, Any]) -> bool:
    if condition.all is not None:
        return all(_holds(inner, row) for inner in condition.all)
    if condition.any is not None:
        return any(_holds(inner, row) for inner in condition.any)
    if condition.not_ is not None:
        return not _holds(condition.not_, row)
    value, attribute = row[condition.attr], ATTRIBUTES[condition.attr]
    if value != value or (attribute.kind != "number" and value < 0):
        return False
    if attribute.kind == "codes":
        codes = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        return any(value >> attribute.codes.index(code) & 1 for code in codes)
    if attribute.kind == "code":
        codes = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        return attribute.codes[value] in codes
    if attribute.kind == "flag":
        return bool(value) == condition.value
    return {"ge": value >= condition.value, "lt": value < condition.value, "gt": value > condition.value}[
        condition.op
    ]


def one_pass(facts: Facts) -> None:
    """Read every column once."""
    for values in facts.values():
        values.sum()


def median_s(work: Callable[[], object], repeats: int) -> float:
    """Return the median seconds of some runs, after one that is not counted."""
    work()
    spent = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--repeats", type=int, default=31)
    parser.add_argument("--sizes", type=int, nargs="+", default=[60_000, 3_000_000])
    asked = parser.parse_args()
    one = grid()
    print(f"{len(one.criteria)} criteria, {len(reads(one))} columns\n")
    print("| demands | score ms | naive loop / score | score / one pass over the columns |")
    print("|---|---|---|---|")
    for n in asked.sizes:
        facts = demands(one, n)
        few = min(n, LOOPED)
        if naive(one, facts, few) != score(one, facts, n).total[:few].tolist():
            raise SystemExit("the naive loop and the columns disagree")
        repeats = asked.repeats if n < 1_000_000 else max(asked.repeats // 4, 3)
        scored = median_s(lambda facts=facts, n=n: score(one, facts, n), repeats)
        looped = median_s(lambda facts=facts, few=few: naive(one, facts, few), 3) * n / few
        read = median_s(lambda facts=facts: one_pass(facts), repeats)
        print(f"| {n:,} | {scored * 1000:.2f} | {looped / scored:,.0f} | {scored / read:.1f} |")


if __name__ == "__main__":
    main()
