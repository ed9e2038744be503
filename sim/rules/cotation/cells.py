"""Which few values of an attribute are enough to see everything a criterion does with it?

A criterion compares numbers with a few constants and codes with a few lists: between two constants nothing
changes. One value in each cell, and "missing", is then enough, and the combinations of a criterion's
attributes can be gone through, all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.attributes import ATTRIBUTES, Attribute, encode
from sim.rules.cotation.codes import HOUSING_MODES
from sim.rules.cotation.grid import Condition, Criterion
from sim.territory.files.schema import DEMANDS, DWELLINGS, Column

MOST = 300_000
"""Most combinations gone through for one criterion."""

_COLUMNS: Mapping[str, Column] = {
    **{column.name: column for column in DEMANDS.columns},
    "dwelling.rent": DWELLINGS.column("rent_eur"),
}
_HLM = 1 << HOUSING_MODES.index("HLM")


def bounds(name: str) -> tuple[float, float]:
    """Return the lowest and highest number a demands file admits, infinite where it has no bound."""
    column = _COLUMNS.get(name)
    if column is None or not isinstance(column.low, int | float) or not isinstance(column.high, int | float):
        return -math.inf, math.inf
    return float(column.low), float(column.high)


def whole(name: str) -> bool:
    """Tell whether a number is a whole one."""
    column = _COLUMNS.get(name)
    return ATTRIBUTES[name].unit == "date" or (column is not None and column.kind == "integer")


def atoms(condition: Condition | None) -> Iterator[Condition]:
    """Give the comparisons of a condition."""
    if condition is None:
        return
    if condition.attr is not None:
        yield condition
    for inner in (*(condition.all or ()), *(condition.any or ()), condition.not_):
        yield from atoms(inner)


def constants(criterion: Criterion, scope: Condition | None = None) -> dict[str, list[Any]]:
    """Return, by attribute, what a criterion and a scope compare it with (lists of lists for codes)."""
    found: dict[str, list[Any]] = {}
    for atom in (*atoms(scope), *atoms(criterion.when)):
        value = atom.value if isinstance(atom.value, tuple) else (atom.value,)
        found.setdefault(str(atom.attr), []).append(value)
    if criterion.attr is not None:
        edges = [edge for band in criterion.bands or () for edge in (band.from_, band.to)]
        if criterion.per_unit:
            edges += [criterion.per_unit.start, criterion.per_unit.start + criterion.per_unit.step]
        found.setdefault(criterion.attr, []).append(tuple(edge for edge in edges if edge is not None))
    return found


def cells(name: str, compared: Iterable[tuple[Any, ...]], bounded: bool = True) -> NDArray[Any]:
    """Return one encoded value of each cell of an attribute, and the missing one.

    Parameters
    ----------
    compared : what each comparison compares the attribute with
    bounded : keep the numbers that a demands file admits, else all of them
    """
    attribute = ATTRIBUTES[name]
    if attribute.kind == "flag":
        return np.array([-1, 0, 1], np.int8)
    if attribute.kind == "number":
        return _numbers(
            attribute, sorted({float(encode(attribute, v)) for c in compared for v in c}), bounded
        )
    listed = [{str(code) for code in values} for values in compared]
    if attribute.kind == "code":
        mentioned = sorted(set().union(*listed))
        if attribute.open_list:
            return np.array(["", "00000", *mentioned])
        others = [code for code in attribute.codes if code not in mentioned][:1]
        return np.array([-1, *(attribute.codes.index(code) for code in (*mentioned, *others))], np.int8)
    return _subsets(attribute, listed)


def _numbers(attribute: Attribute, edges: list[float], bounded: bool) -> NDArray[np.float64]:
    low, high = bounds(attribute.name) if bounded else (-math.inf, math.inf)
    inside = [edge for edge in edges if low <= edge <= high]
    points = sorted({*inside, *(bound for bound in (low, high) if math.isfinite(bound))}) or [0.0]
    values = [*points, *((a + b) / 2 for a, b in pairwise(points)), points[0] - 1, points[-1] + 1]
    if whole(attribute.name):
        values = [near for value in values for near in (math.floor(value), math.ceil(value))]
        values += [near for value in inside for near in (value - 1, value + 1)]
    kept = sorted({value for value in values if low <= value <= high})
    return np.array([math.nan, *kept])


def _subsets(attribute: Attribute, listed: list[set[str]]) -> NDArray[Any]:
    """Return a set of codes for each combination of comparisons it can answer."""
    alike: dict[tuple[bool, ...], str] = {}
    for code in sorted(set().union(*listed)):
        alike.setdefault(tuple(code in codes for codes in listed), code)
    kept = list(alike.values())[:12]
    chosen = [subset for size in range(len(kept) + 1) for subset in combinations(kept, size)]
    if attribute.open_list:
        return np.array(["", "00000", *(";".join(codes) for codes in chosen if codes)])
    return np.array([-1, *(encode(attribute, list(codes)) for codes in chosen)], np.int64)


def crossed(values: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]] | None:
    """Return every combination of values, as facts of so many demands; none beyond MOST."""
    if not values:
        return {}
    if math.prod(len(one) for one in values.values()) > MOST:
        return None
    places = np.indices([len(one) for one in values.values()]).reshape(len(values), -1)
    facts = {name: one[place] for (name, one), place in zip(values.items(), places, strict=True)}
    kept = possible(facts)
    return {name: one[kept] for name, one in facts.items()} if kept is not None else facts


def possible(facts: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_] | None:
    """Tell which combinations agree with how attributes derive from each other; none where all do.

    A mutation is the demand of a household in an HLM; `dalo` is the status ACTIF.
    """
    kept = None
    if {"request_kind", "housing_modes"} <= facts.keys():
        kind, modes = facts["request_kind"], facts["housing_modes"]
        kept = (kind < 0) | (modes < 0) | ((modes & _HLM > 0) == (kind == 1))
    if {"dalo", "dalo_status"} <= facts.keys():
        dalo, status = facts["dalo"], facts["dalo_status"]
        agree = (dalo < 0) | (status < 0) | ((dalo == 1) == (status == 1))
        kept = agree if kept is None else kept & agree
    return kept
