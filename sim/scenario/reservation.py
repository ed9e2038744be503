"""To whom is a freed dwelling oriented, who designates for it, and who follows the strategy?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag, model_validator

from sim.scenario.bounds import Share
from sim.territory.columns import RESERVATAIRES
from sim.territory.files.toml import Model


class Shares(Model):
    """[orientation.bailleurs.A], or "A@59" in one département: a réservataire left out has none; sum 1."""

    etat: float = Field(default=0.0, ge=0, le=1)
    etat_fonctionnaires: float = Field(default=0.0, ge=0, le=1)
    action_logement: float = Field(default=0.0, ge=0, le=1)
    collectivite: float = Field(default=0.0, ge=0, le=1)
    aucun: float = Field(default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _whole(self) -> Shares:
        _sum_to_one(self.shares)
        return self

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of each réservataire, in the order of RESERVATAIRES."""
        return in_order(self)


class Observed(Model):
    """[[orientation.observed]]: shares of one kind of dwellings, whoever the bailleur; the first fits."""

    in_qpv: bool | None = None
    rooms_min: int = Field(default=1, ge=1)
    rooms_max: int = Field(default=9, ge=1)
    shares: Shares


class Orientation(Model):
    """[orientation]: rule and share of each réservataire; `uniform` is the same in every arm.

    Attributes
    ----------
    rule : `uniform`, the same shares whatever the dwelling; `observed`, shares by QPV and typology;
        `by_capacity`, the type of the residence picks, each keeping its yearly share
    bailleurs : shares of a bailleur ("A"), or of a bailleur in a département ("A@59"), in place of the others
    observed : shares by kind of dwelling, read by the rule `observed`
    withdrawn_share : expected part of the released dwellings that is withdrawn from the flow (R7)
    etat_qpv_odds : under `observed`, odds that a dwelling in QPV is the État's, over the same outside
    agreed_outside_qpv : the convention agrees on less than the État's floor outside QPV (R5)
    """

    rule: Literal["uniform", "observed", "by_capacity"] = "uniform"
    etat: float = Share
    etat_fonctionnaires: float = Share
    action_logement: float = Share
    collectivite: float = Share
    aucun: float = Share
    bailleurs: Mapping[str, Shares] = Field(default_factory=dict)
    observed: tuple[Observed, ...] = ()
    withdrawn_share: float = Share
    etat_qpv_odds: float = Field(gt=0)
    agreed_outside_qpv: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Orientation:
        _sum_to_one(self.shares)
        return self

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of each réservataire, in the order of RESERVATAIRES."""
        return in_order(self)


class ByReservataire(Model):
    """A part for each réservataire, the bailleur's own dwellings (`aucun`) included."""

    etat: float = Share
    etat_fonctionnaires: float = Share
    action_logement: float = Share
    collectivite: float = Share
    aucun: float = Share


def _form(given: Any) -> str:
    return "table" if isinstance(given, Mapping | BaseModel) else "nombre"


EachOrAll = Annotated[
    Annotated[float, Share, Tag("nombre")] | Annotated[ByReservataire, Tag("table")], Discriminator(_form)
]
"""One part for all réservataires, or a table with a part for each."""


class Designation(Model):
    """[designation]

    Attributes
    ----------
    designated_share : part of the reserved dwellings for which the réservataire designates in time
    days : from availability; a dwelling then returns to the bailleur
    named_share : part of the dwellings designated in time for which the réservataire names its candidates
    named_count : candidates it names, where so many are eligible
    practice : how it chooses them where it does not follow the strategy
    adherence : part of the dwellings, of each réservataire, proposed following the strategy
    """

    designated_share: float = Share
    days: float = Field(ge=0)
    named_share: EachOrAll
    named_count: float = Field(ge=1)
    practice: Literal["lottery", "seniority"] = "lottery"
    adherence: EachOrAll


def each(part: float | ByReservataire) -> tuple[float, ...]:
    """Return the part of each réservataire, in the order of RESERVATAIRES."""
    return in_order(part) if isinstance(part, ByReservataire) else (part,) * len(RESERVATAIRES)


def in_order(table: BaseModel) -> tuple[float, ...]:
    """Return the values by réservataire of a table, in the order of RESERVATAIRES."""
    return tuple(getattr(table, name) for name in RESERVATAIRES)


def _sum_to_one(shares: tuple[float, ...]) -> None:
    total = sum(shares)
    if abs(total - 1) > 1e-9:
        raise ValueError(f"la somme des parts est {total:.4g}, attendue 1")
