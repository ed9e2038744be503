"""Rehousing by operations: who is owed, housed, and how soon against the phasing."""

import dataclasses

import pytest

from sim.indicators import relogement
from sim.outcomes import MONTH_S


def test_an_operation_worked_by_hand(build, find):
    def demand(name, filed, closed=None, by=None, operation="Canal"):
        times = {"filed_s": filed * MONTH_S, "closed_s": None if closed is None else closed * MONTH_S}
        return {"demand_id": name, **times, "closed_by": by, "operation": operation}

    run = build(
        demands=[
            demand("D1", 0, 6, "lease"),
            demand("D2", 4, 14, "lease"),
            demand("D3", 2, 24, "withdrawn"),
            demand("D4", 3),
            demand("D5", 0, 3, "lease", operation="Démolition R1"),
            demand("D6", 0, 3, "lease", operation=""),
        ]
    )
    drawn = {"name": "Démolition R1", "deadline_s": None, "named": False}
    told = [{"name": "Canal", "deadline_s": 24 * MONTH_S, "named": True}, drawn]
    rows = relogement.compute(dataclasses.replace(run, context={**run.context, "operations": told}))
    canal = {name: find(rows, f"relogement_{name}", "operation:Canal") for name in ("owed", "housed", "late")}
    assert canal == {"owed": 4, "housed": 2, "late": 1}
    assert find(rows, "relogement_wait_months", "operation:Canal") == pytest.approx(8)  # 6 and 10
    # 6 of the 24 months that were left, 10 of the 20: (0.25 + 0.5) / 2.
    assert find(rows, "relogement_phasing", "operation:Canal") == pytest.approx(0.375)
    assert find(rows, "relogement_owed", "relogement") == 5
    assert find(rows, "relogement_wait_months", "relogement") == pytest.approx(19 / 3)  # 6, 10 and 3
    assert find(rows, "relogement_phasing", "relogement") == pytest.approx(0.375)  # the other has no deadline
    assert {row.group for row in rows} == {"relogement", "operation:Canal"}
