"""Sittings made by hand: pools, points and rows, without any territory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.policies.parameters import UsualOrder
from sim.policies.pool import Pool
from sim.policies.sitting import NO_DEADLINE, Sitting
from sim.rules.quotas import Rows

sys.path.append(str(Path(__file__).parent))  # drawn_sittings.py, under --import-mode=importlib


def rows_of(vacancies: int, rows: Sequence[dict[str, Any]]) -> Rows:
    """Return rows given as {tier, percent, public, excluded, scope, signed, counted}, the rest zero."""

    def column(name: str, default: int = 0) -> np.ndarray:
        return np.array([row.get(name, default) for row in rows], dtype=np.int64)

    none = np.zeros(len(rows))
    scope = np.array([row.get("scope", [True] * vacancies) for row in rows], dtype=bool)
    return Rows(
        tuple(f"row {place}" for place in range(len(rows))),
        tuple(f"{'cible' if row.get('tier') else 'R1'}" for row in rows),
        tier=column("tier"),
        percent=column("percent"),
        public=column("public"),
        excluded=column("excluded"),
        scope=scope.reshape(len(rows), vacancies),
        signed=column("signed"),
        counted=column("counted"),
        signed_due=none,
        counted_due=none,
        month_flow=none,
        remaining=none + np.inf,
    )


USUAL = UsualOrder(
    seniority=0.6,
    most_years=5.0,
    first_commune=1.0,
    typology=0.7,
    affordable=0.7,
    affordable_share=0.85,
    discretion=1.0,
)


def build(
    pools: Sequence[Sequence[int]],
    points: Sequence[int],
    *,
    rows: Sequence[dict[str, Any]] = (),
    seniority: Sequence[int] | None = None,
    lottery: Sequence[float] | None = None,
    signature: Sequence[int] | None = None,
    flagged: Sequence[bool] | None = None,
    deadline_s: Sequence[int] | None = None,
    first_commune: Sequence[int] | None = None,
    rooms_min: Sequence[int] | None = None,
    max_rent_eur: Sequence[float] | None = None,
    drawn: Callable[[int, Any], Any] | None = None,
    **choices: Any,
) -> Sitting:
    """Return a read-only Sitting: `pools` of positions, `points` of the demands, highest first."""
    count, vacancies = len(points), len(pools)
    assert list(points) == sorted(points, reverse=True)
    places = np.arange(vacancies)
    sitting = Sitting(
        held_on=date(2026, 2, 2),
        held_s=32 * 86_400,
        dwelling=places,
        reservataire=0 * places + 4,
        designated=places < 0,
        tried=[set()] * vacancies,
        demand=np.arange(count) + 1000,
        absolute_priority=np.zeros(count, bool) if flagged is None else np.array(flagged),
        points=np.array(points, dtype=np.int64),
        pools=[Pool.of(np.array(sorted(pool), dtype=np.int64)) for pool in pools],
        look_up={
            "bailleur": 0 * places,
            "residence": places,
            "in_qpv": places < 0,
            "rooms": 0 * places + 3,
            "commune": places,
            "rent_due_eur": 0.0 * places + 400.0,
            "first_commune": np.full(count, -1) if first_commune is None else np.array(first_commune),
            "rooms_min": np.full(count, 2) if rooms_min is None else np.array(rooms_min),
            "max_rent_eur": np.full(count, np.nan) if max_rent_eur is None else np.array(max_rent_eur),
            "peuplement_type": 0 * places,
            "filed_s": np.arange(count),
            "seniority": np.arange(count) if seniority is None else np.array(seniority),
            "lottery": np.linspace(0.1, 0.9, count) if lottery is None else np.array(lottery),
            "signature": np.zeros(count, dtype=np.int64) if signature is None else np.array(signature),
            "deadline_s": np.full(count, NO_DEADLINE) if deadline_s is None else np.array(deadline_s),
        }.__getitem__,
        discretion=drawn or (lambda vacancy, positions: np.full(len(positions), 0.5)),
        usual=choices.pop("usual", USUAL),
        standing=lambda: rows_of(vacancies, rows),
        min_candidates=3,
        **{"list_length": 3, "max_lists": 2, "max_points_forgone": 40, "weight": "points"} | choices,
    )
    for value in vars(sitting).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return sitting


@pytest.fixture(scope="session")
def sitting_of() -> Callable[..., Sitting]:
    return build
