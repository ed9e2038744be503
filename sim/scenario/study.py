"""What is measured, and against what?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from sim.rules.peuplement import VOCABULARY, Choice
from sim.scenario.run import known_policy
from sim.territory.files.toml import Model

BASE = "base"
"""Name of the scenario itself among its variants."""

NOT_VARIED = (
    *("name", "territory.path", "runs", "policies.compare", "grid", "variant", "uncertainty"),
    "frontier",
)
"""What a variant does not set: it would no longer be the same study on the same replications."""


class QualificationChoice(Model):
    """[qualification]: weights of the indicators of a residence, by axis, and how small ones are read."""

    shrinkage: float = Field(ge=0)
    level: float = Field(gt=0, lt=1)
    vacant_months: float = Field(ge=0)
    weight_first_quartile: float = Field(ge=0)
    weight_below_40_plus: float = Field(ge=0)
    weight_housing_aid: float = Field(ge=0)
    weight_rotation: float = Field(ge=0)
    weight_vacancy: float = Field(ge=0)
    weight_refusals: float = Field(ge=0)
    weight_building_age: float = Field(ge=0)
    weight_size: float = Field(ge=0)
    weight_typology_gap: float = Field(ge=0)
    weight_very_social: float = Field(ge=0)
    weight_low_rent: float = Field(ge=0)
    weight_in_qpv: float = Field(ge=0)
    weight_energy_fg: float = Field(ge=0)

    def weights(self) -> dict[str, float]:
        """Return the weight of each indicator of the vocabulary, by its name."""
        return {each.name: float(getattr(self, f"weight_{each.name}")) for each in VOCABULARY}

    def choice(self) -> Choice:
        """Return the same as the rules read it."""
        return Choice(self.weights(), self.shrinkage, self.level)


class Control(Model):
    """[control]: what is held still from the scenario's start on, for study only.

    `entrants_like_leavers`: for the composition of the stock alone, who moves in counts as who moved out.
    """

    no_new_supply: bool = False
    frozen_incomes: bool = False
    entrants_like_leavers: bool = False


class FrontierChoice(Model):
    """[frontier]: at which strengths `mixite frontier` plays the targets, and how often.

    Attributes
    ----------
    points : strengths of each curve, from 0 (no targets) by 1 (those of the scenario) to `strongest`
    highest_floor : a floor is never raised beyond it
    acceptable_delay_months : the line that the CIL gives, where it gives one
    """

    points: int = Field(ge=3, le=60)
    strongest: float = Field(gt=1, le=10)
    highest_floor: float = Field(gt=0, le=1)
    replications: int = Field(ge=1, le=10_000)
    acceptable_delay_months: float | None = Field(default=None, gt=0)


class Variant(Model):
    """[[variant]]: the same scenario with other values under dotted keys, played on the same replications."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = Field(min_length=1, max_length=120)
    set: Mapping[str, Any] = Field(min_length=1)
    policies: tuple[str, ...] = ("cotation_only", "cotation_peuplement")

    @field_validator("name")
    @classmethod
    def _not_the_base(cls, name: str) -> str:
        if name == BASE:
            raise ValueError(f"« {BASE} » est le scénario lui-même, prendre un autre nom")
        return name

    @field_validator("set")
    @classmethod
    def _dotted(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the changes by dotted key; `{ section = { key = 1 } }` is the same as `section.key`."""
        found: dict[str, Any] = {}
        for key, value in given.items():
            inner = value if isinstance(value, Mapping) and "." not in key else None
            found |= {key: value} if inner is None else {f"{key}.{name}": v for name, v in inner.items()}
        for key in found:
            if any(key == kept or key.startswith(f"{kept}.") for kept in NOT_VARIED):
                raise ValueError(f"« {key} » ne change pas d'une variante à l'autre")
        return found

    @field_validator("policies")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len({known_policy(name) for name in names}) < 2:
            raise ValueError("deux politiques au moins sont attendues")
        return names


class Uncertainty(Model):
    """[uncertainty]: what is drawn anew beside chance, and what is searched for a reversal of sign.

    A parameter is named `section.name`, or `territory.section.name` for one of a synthetic territory; `fixed`
    and `reversals_of` may name a section, or any beginning that ends at a dot.
    """

    draws: int = Field(default=0, ge=0, le=10_000)
    territory: bool = True
    parameters: bool = True
    ranges: Mapping[str, tuple[float, float]] = Field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    reversals: int = Field(default=0, ge=0, le=10_000)
    reversals_of: tuple[str, ...] = ()
    reversal_steps: int = Field(default=3, ge=0, le=10)

    @field_validator("draws", "reversals")
    @classmethod
    def _enough_for_an_interval(cls, number: int) -> int:
        if number == 1:
            raise ValueError("0, ou 2 au moins : un intervalle se calcule sur deux valeurs")
        return number

    @field_validator("ranges")
    @classmethod
    def _ordered(cls, given: Mapping[str, tuple[float, float]]) -> Mapping[str, tuple[float, float]]:
        for name, (low, high) in given.items():
            if not low < high:
                raise ValueError(f"« {name} » : la première borne doit être sous la seconde")
        return given
