"""Whose wait grows or shrinks by over a year: each way it may go, by hand; then demand by demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from sim.concerned import tally_waits
from sim.concerned.waits import KINDS, READ, kinds
from sim.outcomes import MONTH_S, Outcomes

RowsOf = Callable[..., pd.DataFrame]
END = 36


def demand(name: str, closed: int | None, by: str | None = "lease", **more: Any) -> dict[str, Any]:
    """Return a demand filed at 0, closed after some months."""
    closed_s = None if closed is None else closed * MONTH_S
    return {"demand_id": name, "closed_s": closed_s, "closed_by": None if closed is None else by, **more}


CASES = (
    # demand, months to closing and how under a, the same under b, kind
    ("later", (6, "lease"), (19, "lease"), "longer"),  # 13 months more
    ("a year later", (6, "lease"), (18, "lease"), ""),  # 12, not over 12
    ("sooner", (30, "lease"), (10, "lease"), "shorter"),
    ("not in time", (6, "lease"), (None, None), "longer"),  # still waiting at 36: at least 30 more
    ("not known", (30, "lease"), (None, None), "open"),  # at least 6 more: not known
    ("gave up late", (3, "lease"), (24, "lapse"), "longer"),  # waited 21 more, then left
    ("gave up soon", (3, "lease"), (12, "lapse"), "left"),
    ("housed instead", (12, "lapse"), (3, "lease"), "left_before"),
    ("housed late", (None, None), (30, "lease"), "open_before"),
    ("never", (12, "lapse"), (30, "lapse"), ""),  # no dwelling under either: no wait to compare
    ("same", (5, "lease"), (5, "lease"), ""),
)


@pytest.mark.parametrize(("name", "a", "b", "kind"), CASES, ids=lambda case: str(case)[:20])
def test_each_way_a_wait_may_change(rows_of: RowsOf, name: str, a: Any, b: Any, kind: str) -> None:
    found, told = kinds(
        rows_of("demands", [demand(name, *a)]), rows_of("demands", [demand(name, *b)]), END * MONTH_S
    )
    assert found.all()
    assert [one for one in KINDS if told[one][0]] == [kind] * bool(kind)


def test_a_demand_of_one_policy_alone_is_not_compared(rows_of: RowsOf) -> None:
    a = rows_of("demands", [demand("D1", 2), demand("D2", 2), demand("M1", 2)])
    b = rows_of("demands", [demand("M1", None, filed_s=5), demand("D2", None)])
    found, told = kinds(a, b, END * MONTH_S)
    # D1 is not in b, and M1 was filed later there; D2 waits on under b.
    assert found.tolist() == [False, True, False]
    assert told["longer"].tolist() == [False, True, False]
    summed = tally_waits(a, b, END * MONTH_S).set_index(["dimension", "group"])
    assert summed.loc[("all", "all"), ["alone", "longer"]].tolist() == [2, 1]


def test_groups_are_of_traits_admitted_for_indicators(rows_of: RowsOf) -> None:
    a = rows_of("demands", [demand("D1", 2, size_1=True, under_30=True, rooms_max=3)])
    b = rows_of("demands", [demand("D1", 30, size_1=True, under_30=True, rooms_max=3)])
    summed = tally_waits(a, b, END * MONTH_S).set_index(["dimension", "group"])["longer"]
    assert summed["trait", "size_1"] == 1
    assert ("trait", "under_30") not in summed.index
    assert (summed["rooms_asked", "t2"], summed["rooms_asked", "t3"]) == (0.5, 0.5)
    assert not {"under_30", "aged_65_plus", "single_parent", "needs_accessible", "violence"} & set(READ)


def test_a_policy_against_itself_changes_no_wait(played: dict[str, Outcomes]) -> None:
    run = played["cotation_only"]
    summed = tally_waits(run.demands, run.demands, run.context["end_s"])
    assert summed[["alone", *KINDS]].to_numpy().sum() == 0


def test_a_year_of_the_tutorial_read_demand_by_demand(played: dict[str, Outcomes], monkeypatch: Any) -> None:
    from sim.concerned import waits
    from sim.concerned.conventions import conventions

    few = type(conventions())(smallest_group=30, much_longer=3, looked_at=0.8, often=10)
    monkeypatch.setattr(waits, "conventions", lambda: few)  # three months: a year is short
    a, b = played["status_quo"], played["cotation_only"]
    end_s = a.context["end_s"]
    theirs = {(row.demand_id, row.filed_s): row for row in b.demands.itertuples()}
    expected = dict.fromkeys((*KINDS, "alone"), 0)
    for mine in a.demands.itertuples():
        other = theirs.get((mine.demand_id, mine.filed_s))
        if other is None:
            expected["alone"] += 1
            continue
        for first, second, names in (
            (mine, other, ("longer", "left", "open")),
            (other, mine, ("shorter", "left_before", "open_before")),
        ):
            if first.closed_by != "lease":
                continue
            until = end_s if second.closed_s is pd.NA else second.closed_s
            if until - first.closed_s > 3 * MONTH_S:
                expected[names[0]] += 1
            elif second.closed_s is pd.NA:
                expected[names[2]] += 1
            elif second.closed_by != "lease":
                expected[names[1]] += 1
    summed = tally_waits(a.demands, b.demands, end_s).set_index(["dimension", "group"]).loc[("all", "all")]
    assert summed.astype(int).to_dict() == {name: expected[name] for name in summed.index}
    assert min(expected["longer"], expected["shorter"], expected["open"]) > 0
