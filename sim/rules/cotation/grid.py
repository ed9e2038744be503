"""What does a cotation grid say? The schema, version 1, of a TOML file per EPCI.

A grid is criteria grouped or not, each with one of four forms: fixed points, bands, accrual per unit,
or an effect outside the sum. It has deliberately no multiplicative weight and no formula: whoever reads the
PPGDID annex must recognise each line. Worked examples travel with the grid.

Source: CCH L.441-2-8 and R.441-2-10 11° (one grid for the territory, a specific one allowed for mutations).
"""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WrapValidator
from pydantic_core import PydanticCustomError

from sim.rules.cotation.check import check, too_deep
from sim.rules.cotation.reading import read_grid
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.toml import Model, decode

LARGEST = 1_000_000
"""Largest number of points, and largest threshold in absolute value: sums stay far inside int64."""


def _number(value: Any, _: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PydanticCustomError("number", "un nombre est attendu")
    if abs(value) > LARGEST:
        raise PydanticCustomError("number", "nombre trop grand, au plus un million")
    return int(value) if float(value).is_integer() else value


def _constant(value: Any, _: Any) -> Any:
    listed = tuple(value) if isinstance(value, list | tuple) else (value,)
    if not all(isinstance(item, bool | int | float | str | date) for item in listed):
        raise PydanticCustomError("constant", "une valeur simple ou une liste de valeurs est attendue")
    return listed if isinstance(value, list | tuple) else value


def _identifier(value: str) -> str:
    if not (value and value.isascii() and value.replace("_", "").replace("-", "").isalnum()):
        raise ValueError("un identifiant est fait de lettres sans accent, de chiffres, de - et de _")
    return value


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Number = Annotated[int | float, WrapValidator(_number)]
"""A number as written: an integer stays exact, 2.0 is 2."""

Constant = Annotated[Any, WrapValidator(_constant)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Family = Literal[
    "legal_priority",
    "seniority",
    "housing",
    "household",
    "resources",
    "employment",
    "territory",
    "health",
    "behaviour",
]
Population = Literal["primo", "mutation"]
Flag = Literal["absolute_priority", "exclude", "out_of_scope"]


class Condition(Model):
    """One of: `attr op value`, `all` of several, `any` of several, `not` another."""

    attr: str | None = None
    op: Literal["eq", "ne", "gt", "ge", "lt", "le", "in", "contains", "any_in"] | None = None
    value: Constant = None
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Field(default=None, alias="not")


class Band(Model):
    """Points of the values in [from, to), either end optional."""

    from_: Number | None = Field(default=None, alias="from")
    to: Number | None = None
    points: Number


class PerUnit(Model):
    """floor((value - start) / step) × points, nothing before start, bounded by cap.

    A malus has negative points and a negative cap.
    """

    step: Number
    start: Number = 0
    points: Number
    cap: Number | None = None


class Group(Model):
    """Close criteria: only the best counts (`max`, a criterion that gives nothing counts 0), or their sum."""

    id: Identifier
    rule: Literal["max", "sum"]
    cap: Number | None = None


class Bounds(Model):
    """Bounds of the total: the cap is applied first, the floor last."""

    floor: Number | None = None
    cap: Number | None = None


class Criterion(Model):
    """One line of the grid, in exactly one of four forms: points, bands, per_unit, effect."""

    id: Identifier
    label: str = ""
    family: Family | None = None
    applies_to: tuple[Population, ...] = ("primo", "mutation")
    evidence: Literal["declared", "verified", "social_worker"] = "declared"
    group: str | None = None
    when: Condition | None = None
    attr: str | None = None
    points: Number | None = None
    bands: tuple[Band, ...] | None = None
    per_unit: PerUnit | None = None
    effect: Literal["absolute_priority", "exclude"] | None = None


class Example(Model):
    """A worked example: facts as they are written in a grid, and the points expected."""

    facts: dict[str, Any]
    expected: Number | None = None
    flags: tuple[Flag, ...] = ()
    published: bool = False


class Grid(Model):
    """A whole grid. `complete` is false when part of the adopted grid is unknown."""

    id: Identifier
    label: str = ""
    status: Literal["adopted", "proposed", "repealed", "synthetic"]
    complete: bool
    source: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()
    valid_from: date | None = None
    tie_break: tuple[Literal["seniority_days", "seniority_months", "lottery"], ...] = ()
    scope: Condition | None = None
    total: Bounds = Bounds()
    groups: tuple[Group, ...] = ()
    criteria: tuple[Criterion, ...]
    examples: tuple[Example, ...] = ()

    def __hash__(self) -> int:
        """Hash by identifier, so that a grid is compiled once."""
        return hash(self.id)

    @property
    def whole(self) -> bool:
        """Tell whether every total is an integer."""
        numbers = [self.total.floor, self.total.cap, *(group.cap for group in self.groups)]
        for criterion in self.criteria:
            numbers += [criterion.points, *(band.points for band in criterion.bands or ())]
            if criterion.per_unit:
                numbers += [criterion.per_unit.points, criterion.per_unit.cap]
        return all(isinstance(number, int) for number in numbers if number is not None)


def load(path: Path, allow_partial: bool = False) -> Grid:
    """Read a grid and check it; its examples are checked by `check_examples`.

    Raises
    ------
    FaultsFound
        with every fault of the file, or when the grid is partial and `allow_partial` is false.
    """
    name = str(path)
    data, faults = read_grid(path)
    if too_deep(data):
        raise FaultsFound([Fault(name, "tables trop emboîtées", "écrire les conditions à plat")])
    try:
        grid = decode(data, Grid, name)
    except FaultsFound as found:
        meant = check(data, name)
        told = {fault.column for fault in meant}  # the fault of meaning says more than the fault of type
        faults += [fault for fault in found.faults if fault.column not in told]
    else:
        meant = check(data, name)
    faults += meant
    if data.get("complete") is False and not allow_partial:
        faults.append(
            Fault(
                name,
                "grille partielle : une partie des critères n'est pas connue, un classement serait trompeur",
                "compléter la grille, ou l'accepter telle quelle avec --allow-partial",
                column="complete",
                value="false",
            )
        )
    if faults:
        raise FaultsFound(faults)
    return grid
