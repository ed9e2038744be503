"""Which publics is a residence, a quartier, a commune or the EPCI asked to welcome, and where was it agreed?

A target is a floor on signed leases over a rolling window. What it may not be is refused when it is read,
each time with the way out. Left out on purpose: on which leases it bears (perimeters.py), and whether the
targets can be met together, and with the law (sim/objectives).

Source: design of the stratégie de peuplement, R.441-2-10 4° and L.441-1-6 CCH.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal, get_args

import numpy as np
from pydantic import Field, StringConstraints, field_validator, model_validator

from sim.rules.quotas import UNIT
from sim.rules.traits import TRAITS, usable
from sim.territory.columns import PEUPLEMENT_TYPES
from sim.territory.files.faults import FaultsFound, nearest
from sim.territory.files.toml import Model

PeuplementType = Literal["en_capacite", "en_equilibre", "en_vigilance", "a_conforter"]
Level = Literal["residence", "quartier", "commune", "epci"]

LEVELS: tuple[Level, ...] = get_args(Level)

BETTER_OFF = ("q2_q4",)
"""Publics whose floors are lawful in QPV and in listed RPMS alone (CCH L.441-1, L.441-2-2)."""

LOW_RESOURCES = ("first_quartile", "below_20_plus", "below_40_plus", "below_60_plus")
"""Publics that are welcomed where there is capacity: a floor for them names no type without it."""

WITHOUT_CAPACITY: tuple[PeuplementType, ...] = ("en_vigilance", "a_conforter")
"""Types whose capacity to welcome is limited or to rebuild (design of the stratégie, R.441-2-10 4° CCH)."""

PUBLICS = tuple(each.name for each in TRAITS if "target" in each.uses)
"""Publics that a target may welcome."""

SHORTEST, LONGEST = 24, 36
"""Months of the rolling window."""

_MAXIMUM = (
    "un objectif est un plancher : un maximum fermerait des logements à des ménages éligibles (L.441 CCH) ; "
    "écrire « floor », la part des baux pour un public à accueillir, là où il y a de la capacité"
)
_STOCK = (
    "un objectif porte sur les baux signés, jamais sur les ménages en place : retirer cette clé ; "
    "l'occupation du parc se suit par les indicateurs"
)
_ZERO = (
    "un plancher de zéro ne demande rien : retirer l'objectif, ou écrire la part des baux, par exemple 0.25"
)
_UNPUBLISHED = (
    'un objectif n\'est admis que publié : écrire published_in = { reference = "CIA, article…", '
    'on = 2026-01-01, perimeter = "…" } ; pour une étude, y nommer l\'hypothèse'
)
_PERSONS = (
    "ni la situation familiale, ni l'âge, ni le handicap n'entrent dans un objectif : retirer cette clé ; "
    "les publics se nomment par « public »"
)


_NEVER = {
    **dict.fromkeys(
        (
            *("needs_accessible", "single_parent", "under_30", "aged_65_plus"),
            *("size_1", "size_2", "size_3_4", "size_5_plus"),
        ),
        "ni situation familiale, ni âge, ni handicap dans un objectif",
    ),
    "dalo": "neutre, compté par la loi (R4) et dans aucun objectif",
    "relogement": "neutre, compté par la loi (R1) et dans aucun objectif",
    "violence": "neutre, dans aucun objectif",
    "neutral": "neutre, dans aucun objectif",
    "q2_q4_no_priority": "lu par les indicateurs ; un objectif se dit de « q2_q4 »",
}
"""Why a trait is the public of no target, where there is more to say than that it is not admitted."""


class Publication(Model):
    """Where a target was agreed: a CIA or PPGDID reference."""

    reference: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]
    on: date
    perimeter: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]


class Target(Model):
    """A floor on signed leases for a public to be welcomed, over a rolling window, in a perimeter.

    There is no maximum, no target on the stock and none of zero: such keys and values are refused.
    A Q2-Q4 floor outside QPV is accepted with `study = true` only, for simulation, under a banner; so is a
    floor for a public with low resources that names types without capacity.

    Attributes
    ----------
    level : a floor for each residence, each quartier, each commune, or one for the whole EPCI
    types, in_qpv, in_rpms, bailleurs, residences, quartiers, communes : which residences, all where not said;
        communes by INSEE code
    without : places of the level (residences, quartiers or communes) left out
    """

    public: str
    floor: float
    months: int = LONGEST
    level: Level = "residence"
    types: tuple[PeuplementType, ...] = Field(default=get_args(PeuplementType), min_length=1)
    in_qpv: bool | None = None
    in_rpms: bool | None = None
    bailleurs: tuple[str, ...] | None = Field(default=None, min_length=1)
    residences: tuple[str, ...] | None = Field(default=None, min_length=1)
    quartiers: tuple[str, ...] | None = Field(default=None, min_length=1)
    communes: tuple[str, ...] | None = Field(default=None, min_length=1)
    without: tuple[str, ...] = ()
    published_in: Publication
    study: bool = False

    refused: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("maximum", "max", "plafond", "ceiling", "cap", "at_most"), _MAXIMUM),
        **dict.fromkeys(("on", "base", "stock"), _STOCK),
        **dict.fromkeys(
            ("minimum", "min", "plancher", "share"), "un plancher s'écrit « floor », de 0,01 à 1"
        ),
        **dict.fromkeys(
            ("age", "family", "famille", "children", "single_parent", "disability", "handicap"), _PERSONS
        ),
    }
    absent: ClassVar[Mapping[str, str]] = {"published_in": _UNPUBLISHED}

    @field_validator("public")
    @classmethod
    def _admitted(cls, public: str) -> str:
        if all(public != each.name for each in TRAITS):
            raise ValueError(f"critère inconnu ; {nearest(public, PUBLICS)}")
        try:
            usable(public, "target")
        except FaultsFound as found:
            (fault,) = found.faults
            why = f" : {_NEVER[public]}" if public in _NEVER else ""
            raise ValueError(f"{fault.message}{why} ; {fault.mend}") from None
        return public

    @field_validator("floor")
    @classmethod
    def _a_share(cls, floor: float) -> float:
        if floor <= 0:
            raise ValueError(f"attendu > 0 ; {_ZERO}")
        if floor > 1:
            raise ValueError("attendu ≤ 1 ; un plancher est une part des baux, par exemple 0.35 pour 35 %")
        if not np.isclose(floor * UNIT, round(floor * UNIT)):
            raise ValueError("un plancher s'écrit en centièmes entiers, par exemple 0.35")
        return floor

    @field_validator("months")
    @classmethod
    def _a_window(cls, months: int) -> int:
        if months < SHORTEST:
            raise ValueError(
                f"attendu ≥ {SHORTEST} ; une résidence signe trop peu de baux pour une fenêtre plus courte : "
                f"écrire de {SHORTEST} à {LONGEST} mois"
            )
        if months > LONGEST:
            raise ValueError(f"attendu ≤ {LONGEST} ; écrire de {SHORTEST} à {LONGEST} mois")
        return months

    @model_validator(mode="after")
    def _lawful(self) -> Target:
        welcomed_there = self.in_qpv is True or self.in_rpms is True
        if self.public in BETTER_OFF and not welcomed_there and not self.study:
            raise ValueError(
                f"un plancher pour « {self.public} » n'est admis qu'en QPV (in_qpv = true) ou dans une RPMS "
                "de la liste (in_rpms = true) ; ailleurs, pour une simulation seulement, écrire study = true"
            )
        chosen = (
            set(self.types) & set(WITHOUT_CAPACITY) if len(set(self.types)) < len(PEUPLEMENT_TYPES) else ()
        )
        if self.public in LOW_RESOURCES and chosen and not self.study:
            raise ValueError(
                f"un plancher pour « {self.public} » ne nomme que des types où il y a de la capacité, "
                "en_capacite et en_equilibre ; ailleurs, pour une simulation seulement, écrire study = true"
            )
        if self.without and self.level == "epci":
            raise ValueError(
                "« without » nomme des lieux de « level », et l'EPCI n'en a qu'un ; choisir les résidences "
                "par communes, quartiers, types ou bailleurs"
            )
        return self

    @property
    def asks(self) -> tuple[object, ...]:
        """What is asked, whoever published it: equal for two targets that ask the same of the same leases."""
        named = (self.types, self.bailleurs, self.residences, self.quartiers, self.communes, self.without)
        where = (self.level, self.in_qpv, self.in_rpms)
        return (self.public, self.percent, self.months, *where, *map(_as_a_set, named))

    @property
    def percent(self) -> int:
        """The floor, in hundredths."""
        return round(self.floor * UNIT)

    def label(self) -> str:
        """Return the target in one French phrase."""
        where = {None: "", True: " en QPV", False: " hors QPV"}[self.in_qpv]
        where += {None: "", True: " en RPMS", False: " hors RPMS"}[self.in_rpms]
        kinds = "" if len(self.types) == len(PEUPLEMENT_TYPES) else f", types {', '.join(self.types)}"
        each = {
            "residence": "",
            "quartier": " par quartier",
            "commune": " par commune",
            "epci": " dans l'EPCI",
        }
        floor = f"{self.public} ≥ {self.percent} % des baux sur {self.months} mois"
        return f"{floor}{each[self.level]}{where}{kinds}{''.join(self._named())}"

    def _named(self) -> list[str]:
        told = (
            ("bailleurs", self.bailleurs),
            ("résidences", self.residences),
            ("quartiers", self.quartiers),
            ("communes", self.communes),
            ("sans", self.without),
        )
        few = 3
        return [
            f", {french} {', '.join(names) if len(names) <= few else f'({len(names)})'}"
            for french, names in told
            if names
        ]


def named(targets: Sequence[Target]) -> tuple[str, ...]:
    """Return how a fault calls each target: its place among the others, and where it is published."""
    return tuple(
        f"objectif {place}, « {target.published_in.reference} »"
        for place, target in enumerate(targets, start=1)
    )


def twins(targets: Sequence[Target]) -> Iterator[tuple[int, int]]:
    """Give the places of each target that asks what another one above asks: the other's, then its own."""
    first: dict[tuple[object, ...], int] = {}
    for place, target in enumerate(targets):
        above = first.setdefault(target.asks, place)
        if above != place:
            yield above, place


def _as_a_set(names: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
