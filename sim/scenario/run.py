"""What territory is played, from when, how often, under which policies?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field, field_validator

from sim.policies import JOINT, POLICIES
from sim.policies.parameters import Parameters
from sim.territory.files.faults import nearest
from sim.territory.files.toml import Model


class Place(Model):
    """[territory]: a folder of canonical tables or a synthetic .toml, relative to the scenario.

    `values` replace numbers of a synthetic territory by dotted key, each within its declared range.
    """

    path: str
    scale: float = Field(default=1.0, gt=0, le=1)
    territory_seed: int = Field(default=0, ge=0)
    values: Mapping[str, Any] = Field(default_factory=dict)


class Time(Model):
    """[time]: a forecast runs whole civil years; `length_s` runs so many seconds and turns no year."""

    start: date
    years: int = Field(default=1, ge=1, le=30)
    length_s: int | None = Field(default=None, gt=0)
    burn_in_months: int = Field(default=24, ge=0, le=120)
    burn_in_policy: str = "seniority"

    @field_validator("start")
    @classmethod
    def _first_of_january(cls, start: date) -> date:
        if (start.month, start.day) != (1, 1):
            raise ValueError("les quotas se comptent par année civile : un 1er janvier est attendu")
        return start

    @field_validator("burn_in_policy")
    @classmethod
    def _known(cls, name: str) -> str:
        return known_policy(name)


class Runs(Model):
    """[runs]: `variant_replications` at most for each [[variant]], the first ones of the scenario's."""

    replications: int = Field(default=20, ge=1, le=10_000)
    variant_replications: int = Field(default=10, ge=1, le=10_000)
    seed: int = Field(default=0, ge=0)


LADDER = ("status_quo", "cotation_only", "cotation_matched", "cotation_quotas", "cotation_peuplement")
"""Each step adds one thing: points, joint treatment, the legal rows, the stratégie de peuplement."""


class Policies(Model):
    """[policies]: those to compare; `parameters` by name, of those that match jointly."""

    compare: tuple[str, ...] = LADDER
    parameters: Mapping[str, Parameters] = Field(default_factory=dict)

    def of(self, name: str) -> Parameters:
        """Return the parameters of a policy."""
        return self.parameters.get(name, Parameters())

    def only(self, *names: str) -> Policies:
        """Return what bears on some policies alone: their parameters written out, and none to compare."""
        parameters = {name: self.of(name) for name in names if name in JOINT}
        return self.model_copy(update={"compare": (), "parameters": parameters})

    @field_validator("parameters")
    @classmethod
    def _matching_jointly(cls, given: Mapping[str, Parameters]) -> Mapping[str, Parameters]:
        for name in given:
            if known_policy(name) not in JOINT:
                raise ValueError(f"« {name} » n'a pas de paramètres ; en ont : {', '.join(JOINT)}")
        return given

    @field_validator("compare")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            known_policy(name)
        if not names:
            raise ValueError("au moins une politique est attendue")
        return names


class GridChoice(Model):
    """[grid]: one file, or several to see whether a result depends on the grid; one of mutations' own.

    The points of `mutations` and of `file` are compared as they are on one list: the scenario's choice.
    Source: CCH R.441-2-10, 11° (« un système spécifique aux demandes de mutation »).
    """

    file: str | tuple[str, ...]
    mutations: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """Every grid file, one at least."""
        return (self.file,) if isinstance(self.file, str) else self.file


class LawChoice(Model):
    """[law]: values of law replaced for study, by the names of the law texts; `quotas = false` for no row."""

    overrides: Mapping[str, bool | int | float] = Field(default_factory=dict)


def known_policy(name: str) -> str:
    """Return the name of a policy.

    Raises
    ------
    ValueError
        in French, with the nearest and the known names.
    """
    if name not in POLICIES:
        raise ValueError(f"politique inconnue « {name} » ; {nearest(name, tuple(POLICIES))}")
    return name
