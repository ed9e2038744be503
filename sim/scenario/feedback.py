"""Which reactions of households and commissions are played, and how strong?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.bounds import Share
from sim.territory.files.toml import Model

Strength = Literal["off", "central", "strong"]
REACTIONS = ("exit", "sls", "reputation", "deterrence", "malus", "drift")


class Feedback(Model):
    """[feedback]: each reaction off, central or strong; `all` sets those the scenario does not name."""

    all: Strength = "off"
    exit: Strength | None = None
    sls: Strength | None = None
    reputation: Strength | None = None
    deterrence: Strength | None = None
    malus: Strength | None = None
    drift: Strength | None = None
    superset: float = Field(ge=1)
    exit_central: float = Field(ge=0)
    exit_strong: float = Field(ge=0)
    sls_central: float = Field(ge=0)
    sls_strong: float = Field(ge=0)
    reputation_central: float = Field(ge=0)
    reputation_strong: float = Field(ge=0)
    alternatives: float = Field(ge=0)
    deterrence_central: float = Field(ge=0)
    deterrence_strong: float = Field(ge=0)
    malus_central: float = Field(ge=0)
    malus_strong: float = Field(ge=0)
    drift_central: float = Share
    drift_strong: float = Share

    def of(self, reaction: str) -> float:
        """Return how strong a reaction is, 0 where it is off."""
        chosen = getattr(self, reaction) or self.all
        strength: float = 0.0 if chosen == "off" else getattr(self, f"{reaction}_{chosen}")
        return strength
