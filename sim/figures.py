"""Which published figures does the project stand on, and which of them may a model be fitted to?

Each row of `scenarios/figures.csv` has a role. `calibration`: the model may be fitted to it. `validation`: it
is compared after the fact and never fitted; only the validation report asks for it (docs/validation.md).
Left out on purpose: a default of the model is written in its TOML beside its source, not read from here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from sim.territory.files.faults import Fault, FaultsFound, nearest

FILE = "scenarios/figures.csv"
CALIBRATION, VALIDATION = "calibration", "validation"


class ReservedForValidation(ValueError):  # noqa: N818
    """Raised when a fit asks for a figure that the model is compared with."""


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure.

    Attributes
    ----------
    id : its name in the project
    topic, scope, year : what it is about, where, when (a year, a date, or a span, as published)
    value, unit : the number and what it counts; shares are in %
    definition : what is counted, in our words
    source : page, file or arithmetic it comes from
    confidence : `read` in the source, or `derived` by arithmetic
    role : `calibration` or `validation`
    target : the validation target it belongs to, `VT1` to `VT8`; empty for a calibration figure
    """

    id: str
    topic: str
    scope: str
    year: str
    value: float
    unit: str
    definition: str
    source: str
    confidence: str
    role: str
    target: str


def for_fit(name: str) -> PublishedFigure:
    """Return a figure that the model may be fitted to.

    Raises
    ------
    ReservedForValidation
        when it is one that the model is compared with.
    FaultsFound
        when there is none of that name.
    """
    figure = _named(name)
    if figure.role != CALIBRATION:
        raise ReservedForValidation(
            f"{FILE} : {name} est réservé à la validation ({figure.target}), aucun ajustement ne peut le lire"
        )
    return figure


def for_validation() -> tuple[PublishedFigure, ...]:
    """Return the figures the model is compared with, in the order of the file."""
    return tuple(figure for figure in _published().values() if figure.role == VALIDATION)


def _named(name: str) -> PublishedFigure:
    published = _published()
    if name not in published:
        raise FaultsFound([Fault(FILE, "chiffre inconnu", nearest(name, tuple(published)), value=name)])
    return published[name]


@cache
def _published() -> Mapping[str, PublishedFigure]:
    """Return every figure by its name; a value that is no number, or a role unknown, is a fault."""
    path = Path(str(resources.files("scenarios"))) / "figures.csv"
    figures: dict[str, PublishedFigure] = {}
    faults = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                value = float(row.pop("value"))
            except ValueError:
                faults.append(Fault(FILE, "un nombre est attendu", row=line, column="value"))
                continue
            if row["role"] not in (CALIBRATION, VALIDATION):
                faults.append(Fault(FILE, "rôle inconnu", row=line, column="role", value=row["role"]))
            if bool(row["target"]) != (row["role"] == VALIDATION):
                faults.append(Fault(FILE, "une cible est attendue pour la validation seule", row=line))
            if row["id"] in figures:
                faults.append(Fault(FILE, "chiffre donné deux fois", row=line, value=row["id"]))
            figures[row["id"]] = PublishedFigure(value=value, **row)
    if faults:
        raise FaultsFound(faults)
    return MappingProxyType(figures)
