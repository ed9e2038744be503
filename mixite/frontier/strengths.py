"""At which strengths are the targets played, and which policies stand beside?

A strength multiplies two things together: each floor, and the points that the targets of a dwelling may
override. At 0 there is no target at all, which is `cotation_quotas`; at 1 those of the scenario; beyond,
floors stop at `frontier.highest_floor`. A floor is a whole number of hundredths, and one that rounds to
nothing is no target. One number moves every target in proportion, while a CIL may well strengthen one and not
another. Left out on purpose: which strength to choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.rules.quotas import UNIT
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    from sim.scenario import Scenario

FREE, ISO = "free", "iso"
CURVES: Mapping[str, str] = {FREE: "cotation_peuplement", ISO: "cotation_peuplement_iso"}
"""The two curves, and the policy that each plays."""

WITHOUT_TARGETS = "cotation_quotas"
"""The policy of strength 0 on both curves: the same law, the same matching, no target."""

READ_TARGETS = ("cotation_peuplement", "cotation_peuplement_iso", "cotation_oriented")
"""Named policies that stand at strength 1; the others read no target and stand at 0."""

APART = (
    ("Orientation", "cotation_only", "cotation_oriented"),
    ("Traitement conjoint", "cotation_only", "cotation_matched"),
    ("Appariement sous objectifs", WITHOUT_TARGETS, "cotation_peuplement"),
)
"""What each way of following the targets adds, and to which policy."""

PLACED = ("cotation_only", WITHOUT_TARGETS, "cotation_peuplement", "cotation_oriented")
"""Named policies placed beside the curves whatever the scenario compares."""


@dataclass(frozen=True)
class Point:
    """A point of the trade-off: on a curve at a strength, or a named policy; and how it is played."""

    variant: str
    value: float
    policy: str
    scenario: Scenario

    @property
    def name(self) -> str:
        """What the point is called in tables."""
        return f"{self.variant} {self.value:g}"


def points_of(scenario: Scenario) -> tuple[Point, ...]:
    """Return every point: the free curve, the curve at constant volumes, the named policies.

    Raises
    ------
    FaultsFound
        when the scenario has no target, or takes them out of its own policies' reach.
    """
    if not scenario.target:
        message = "aucun objectif : rien à mettre en balance avec les délais"
        raise FaultsFound([Fault(scenario.name, message, "écrire au moins une [[target]]", column="target")])
    asked = scenario.frontier
    assert asked is not None, "a scenario that is read has this section"
    values = strengths(asked.points, asked.strongest)
    curves = [
        Point(variant, value, policy, at_strength(scenario, value))
        if value
        else Point(variant, value, WITHOUT_TARGETS, scenario)
        for variant, policy in CURVES.items()
        for value in values
    ]
    named = [
        Point(name, float(name in READ_TARGETS), name, scenario)
        for name in dict.fromkeys((*scenario.policies.compare, *PLACED))
    ]
    return (*curves, *named)


def strengths(points: int, strongest: float) -> tuple[float, ...]:
    """Return so many strengths from 0 by 1 to the strongest, evenly spaced on both sides of 1."""
    below = min(max(round((points - 1) / strongest), 1), points - 2)
    up, beyond = np.linspace(0, 1, below + 1), np.linspace(1, strongest, points - below)
    return tuple(round(float(value), 4) for value in (*up, *beyond[1:]))


def at_strength(scenario: Scenario, value: float) -> Scenario:
    """Return a scenario whose targets have another strength; at 1 it is the scenario itself.

    A floor that nobody agreed is marked for study.
    """
    if value == 1:
        return scenario
    targets = [
        target.model_copy(update={"floor": percent / UNIT, "study": True})
        for target, percent in zip(scenario.target, floors(scenario, value), strict=True)
        if percent
    ]
    sittings = scenario.sittings.model_copy(update={"max_points_forgone": points_forgone(scenario, value)})
    return scenario.model_copy(update={"target": tuple(targets), "sittings": sittings})


def floors(scenario: Scenario, value: float) -> tuple[int, ...]:
    """Return the floor of each target at a strength, in hundredths; 0 where it is no target."""
    assert scenario.frontier is not None
    highest = scenario.frontier.highest_floor
    raised = [min(value * target.floor, max(highest, target.floor)) for target in scenario.target]
    return tuple(_whole(UNIT * floor) for floor in raised)


def points_forgone(scenario: Scenario, value: float) -> int:
    """Return the points that the targets of a dwelling may override at a strength."""
    return _whole(value * scenario.sittings.max_points_forgone)


def _whole(number: float) -> int:
    """Return the nearest whole number, a half going up; a hair of rounding below a half is a half."""
    return int(np.floor(round(number, 6) + 0.5))
