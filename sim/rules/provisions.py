"""What does each dated text say: which value, from which day, under which article, from which source?

A provision is one named value of `texts/*.toml`. It leaves out how a value is used: that is `law.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, TypeAdapter, ValidationError, field_validator, model_validator

from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.toml import Model, decode

Count = Annotated[int, Strict(), Field(ge=0)]
Measure = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Strict(), Field(ge=0, le=1)]
Ceilings = Annotated[tuple[Measure, ...], Field(min_length=7, max_length=7)]
Ranges = Annotated[tuple[tuple[Count, Count], ...], Field(min_length=1)]
Amount = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
Rate = Annotated[float, Strict(), Field(ge=-1, le=1)]
Bands = Annotated[tuple[tuple[Share, Rate], ...], Field(min_length=1)]
ByFamily = Annotated[tuple[Measure, ...], Field(min_length=9, max_length=9)]
RatesByFamily = Annotated[tuple[Rate, ...], Field(min_length=9, max_length=9)]
AidZone = Annotated[int, Strict(), Field(ge=1, le=3)]
Caps = tuple[Measure, Measure, Measure, Measure]

_COUNT = (TypeAdapter[Any](Count), "un entier ≥ 0")
_MEASURE = (TypeAdapter[Any](Measure), "un nombre > 0")
_TEXTS = TypeAdapter[Any](tuple[str, ...])

UNITS: Mapping[str, tuple[TypeAdapter[Any], str]] = {
    "share": (TypeAdapter(Share), "une part entre 0 et 1"),
    "EUR/year": (TypeAdapter(Ceilings), "sept montants > 0 : six catégories, puis la personne en plus"),
    "rooms from, to": (TypeAdapter(Ranges), "une liste de couples [pièces min, pièces max]"),
    "departements": (_TEXTS, "une liste de départements entre guillemets"),
    "tension zones": (_TEXTS, "une liste de zones de tension entre guillemets"),
    "EUR": (TypeAdapter(Amount), "un montant ≥ 0"),
    "EUR/month, dependant": (
        TypeAdapter(tuple[Measure, Measure]),
        "deux montants > 0 : sans, puis par personne à charge",
    ),
    "EUR/month by zone": (
        TypeAdapter(tuple[Caps, Caps, Caps]),
        "trois zones de quatre montants > 0 : seul, couple, une personne à charge, par personne en plus",
    ),
    "EUR/year by family": (
        TypeAdapter(ByFamily),
        "neuf montants > 0 : seul, couple, une à six personnes à charge, par personne en plus",
    ),
    "rates by family": (
        TypeAdapter(RatesByFamily),
        "neuf taux entre -1 et 1 : seul, couple, une à six personnes à charge, par personne en plus",
    ),
    "from, rate": (TypeAdapter(Bands), "une liste de couples [à partir de, taux], parts entre 0 et 1"),
    "multiples by zone": (
        TypeAdapter(tuple[tuple[Measure, Measure], tuple[Measure, Measure], tuple[Measure, Measure]]),
        "trois zones de deux multiples > 0",
    ),
    "aid zones": (
        TypeAdapter(tuple[AidZone, AidZone, AidZone, AidZone, AidZone]),
        "cinq zones 1, 2 ou 3, celles de Abis, A, B1, B2, C",
    ),
    "switch": (TypeAdapter(Annotated[bool, Strict()]), "true ou false"),
    "m2": _MEASURE,
    "UC": _MEASURE,
    "coefficient": _MEASURE,
    "EUR/m2": _MEASURE,
    "percent": _COUNT,
    "years in a row": _COUNT,
    "rooms": _COUNT,
    "years of age": _COUNT,
    "leases": _COUNT,
    "demands": _COUNT,
    "offers": _COUNT,
    "days": _COUNT,
    "months": _COUNT,
}
"""What a value of each unit looks like, and how a fault says it."""


class Dated(Model):
    """A value and the first day it holds; `source` and `mark` where they differ from the provision's."""

    since: date = Field(alias="from")
    value: Any
    source: str | None = None
    mark: Literal["T", "S", "U", "P"] | None = None

    @field_validator("source")
    @classmethod
    def _sourced(cls, text: str | None) -> str | None:
        return None if text is None else _written(text)


class Provision(Model):
    """One value of the law or of a local agreement, with its article, its source and its dates.

    `mark` is the evidence: T text of the law read, S secondary or official source, U unverified,
    P proposal of the project, not law.
    """

    label: str
    unit: str
    article: str
    source: str
    mark: Literal["T", "S", "U", "P"]
    dated: Annotated[tuple[Dated, ...], Field(min_length=1)]

    @field_validator("label", "article", "source")
    @classmethod
    def _said(cls, text: str) -> str:
        return _written(text)

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str) -> str:
        if unit not in UNITS:
            raise ValueError(f"unité inconnue ; {nearest(unit, list(UNITS))}")
        return unit

    @model_validator(mode="after")
    def _in_order_and_in_unit(self) -> Provision:
        days = [each.since for each in self.dated]
        if days != sorted(set(days)):
            raise ValueError("les dates `from` doivent se suivre, chacune une fois")
        for each in self.dated:
            try:
                self.converted(each.value)
            except ValueError as error:
                raise ValueError(f"valeur du {each.since} : {error}") from None
        return self

    def converted(self, value: Any) -> Any:
        """Return a value in the type of the provision's unit; a share is an exact Fraction.

        Raises
        ------
        ValueError
            in French, with what is expected.
        """
        adapter, expected = UNITS[self.unit]
        try:
            found = adapter.validate_python(value)
        except ValidationError:
            raise ValueError(f"attendu {expected}") from None
        return Fraction(str(found)) if self.unit == "share" else found

    def at(self, day: date) -> Dated | None:
        """Return what holds on a day: the last dated value not after it, None before the first."""
        held = [each for each in self.dated if each.since <= day]
        return held[-1] if held else None


def decoded(texts: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Provision]:
    """Decode texts given as file name -> plain TOML data; the table's key is the provision's name.

    Raises
    ------
    FaultsFound
        with every fault of every file: missing article or source, wrong unit, a name given twice.
    """
    provisions: dict[str, Provision] = {}
    faults: list[Fault] = []
    for file, tables in texts.items():
        for name, table in tables.items():
            if name in provisions:
                faults.append(Fault(file, "nom déjà donné par un autre texte", column=name))
            try:
                provisions[name] = decode(table, Provision, file)
            except FaultsFound as found:
                faults += [replace(each, column=f"{name}.{each.column}".rstrip(".")) for each in found.faults]
    if faults:
        raise FaultsFound(faults)
    return MappingProxyType(provisions)


def texts() -> dict[str, dict[str, Any]]:
    """Return the installed texts, file name -> plain TOML data."""
    folder = files("sim.rules") / "texts"
    entries = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name
    )
    return {entry.name: tomllib.loads(entry.read_text(encoding="utf-8")) for entry in entries}


@cache
def provisions() -> Mapping[str, Provision]:
    """Return every provision of the installed texts by its name."""
    return decoded(texts())


def _written(text: str) -> str:
    if not text.strip():
        raise ValueError("un texte non vide est attendu")
    return text
