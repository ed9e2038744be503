"""How are commissions held, and how do households answer?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from sim.scenario.bounds import Share
from sim.territory.files.toml import Model

LEAST_NAMES = 3
"""Names on a list, at least, unless sittings are immediate: what R9 asks of a commission."""


class Sittings(Model):
    """[sittings]: by the calendar, or `immediate`: when a vacancy appears, or a demand is filed."""

    rule: Literal["calendar", "immediate"] = "calendar"
    weekday: int = Field(default=0, ge=0, le=6)
    every_days: int = Field(default=7, ge=1, le=31)
    max_lists: int = Field(default=2, ge=1, le=10)
    list_length: int = Field(default=3, ge=1, le=10)
    max_points_forgone: int = Field(default=40, ge=0, le=10_000)
    weight: Literal["points", "rank", "log"] = "points"

    @field_validator("list_length")
    @classmethod
    def _three_by_the_calendar(cls, length: int, given: ValidationInfo) -> int:
        if given.data.get("rule") == "calendar" and length < LEAST_NAMES:
            raise ValueError(f"attendu ≥ {LEAST_NAMES}")
        return length


class Acceptance(Model):
    """[acceptance]: `certain` means at once, always, without a draw."""

    certain: bool = False
    accepts: float = Field(gt=0, lt=1)
    dalo_accepts: float = Field(gt=0, lt=1)
    silent_share: float = Share
    not_attributed: float = Share
    first_commune: float
    effort: float = Field(ge=0)
    effort_threshold: float = Share
    commission_effort: float = Share
    commission_effort_threshold: float = Share
    commission_residual_eur: float = Field(ge=0)
    residence_sd: float = Field(ge=0)
