"""To whom is a freed dwelling oriented, and who designates?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.bounds import Share
from sim.territory.columns import RESERVATAIRES
from sim.territory.files.toml import Model


class Orientation(Model):
    """[orientation]: rule and share of each réservataire; `uniform` is the same in every arm."""

    rule: Literal["uniform"] = "uniform"
    etat: float = Share
    etat_fonctionnaires: float = Share
    action_logement: float = Share
    collectivite: float = Share
    aucun: float = Share

    @model_validator(mode="after")
    def _whole(self) -> Orientation:
        total = sum(self.shares)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"la somme des parts est {total:.4g}, attendue 1")
        return self

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of each réservataire, in the order of RESERVATAIRES."""
        return tuple(getattr(self, name) for name in RESERVATAIRES)


class Designation(Model):
    """[designation]"""

    designated_share: float = Share
    days: float = Field(ge=0)
