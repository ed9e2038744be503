"""Which linear rows do law and targets make of a year's expected leases?

A cell is a part of the expected leases alike in everything: the rows it belongs to, the classes of households
it is affordable to. Left out on purpose: what is answered (optimizer/nearest.py), and in which words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.nearest import HUNDRED, LAW, Floors, Short
from sim.objectives.expected import Publics, Stock
from sim.rules.quotas import TARGET, Family
from sim.territory.columns import Bools, Floats, Ints

_LINES = ("base", "given", "percent", "objective", "public")

_ALIKE = 9
"""Decimals of the part of a residence's leases in a cell, by which residences are told alike."""


@dataclass(frozen=True)
class Rows:
    """The rows of a year: each is a member of a family, and stands in a row of the problem.

    Attributes
    ----------
    family, member : (rows,) which one
    of : (rows,) row of `floors`: residences alike stand in the same one
    leases : (rows,) leases a year that the floor is a share of; targets do not count neutral households
    affordable : (rows,) of these, those that some households of its public could take and pay for
    """

    floors: Floors
    family: Ints
    member: Ints
    of: Ints
    leases: Floats
    affordable: Floats


@dataclass(frozen=True)
class Row:
    """One row of law or of a target over a year.

    Attributes
    ----------
    objective : place of its target in the scenario, LAW where it is one of law
    place : residence, quartier, commune or EPCI; for law, the whole label
    leases, affordable : leases a year; those that some of its public could take and pay for
    short : leases a year missing at best
    percent, proposed : the floor, and the nearest that can be met, whole hundredths
    """

    objective: int
    place: str
    leases: float
    affordable: float
    short: float
    percent: int
    proposed: int

    @property
    def points(self) -> float:
        """What is missing, in points of the leases."""
        return HUNDRED * self.short / self.leases if self.leases > 0 else 0.0


@dataclass(frozen=True)
class _Parts:
    """The expected leases in their smallest parts: a group's held by one réservataire, (P,) each."""

    residence: Ints
    member: Ints  # (F, P)
    leases: Floats
    neutral: Floats  # (P, K) leases to each class of neutral households
    open: Bools  # (P, K) classes that can take the rest

    @property
    def free(self) -> Floats:
        """Leases that neutral households do not take, (P,)."""
        left: Floats = self.leases - self.neutral.sum(axis=1)
        return left


def rows_of(
    families: Sequence[Family], by_residence: Sequence[bool], stock: Stock, publics: Publics, least: int
) -> Rows:
    """Return the rows of law and of targets over a year's leases.

    1. Neutral households take the same part of the leases wherever some of them fit, as many as ask in a
       year, at most all. No target counts these leases; law does.
    2. Residences alike (the same other rows, the same part of their leases in each kind of cell) are one row
       of a target by residence: what one can do, each can.
    3. What is left stands in cells: alike in rows and in the classes it is affordable to. Those of one
       réservataire are parts of a cell, alike in all else.

    Parameters
    ----------
    by_residence : (F,) whether each member of the family is one residence
    least : demands of a public for which a dwelling is affordable to it
    """
    parts = _parts(families, stock, publics, least)
    single = np.array(by_residence, dtype=bool)
    held = np.array([family.holder is not None for family in families])
    merged = np.where(single[:, None] & (parts.member >= 0), _alike(parts, single), parts.member)
    first, cell = _kinds([*merged[~held], *parts.open.T])
    first_part, part = _kinds([cell, *merged[held]])
    kept = ~publics.neutral
    lines: dict[str, list[Any]] = {name: [] for name in (*_LINES, "row", "cell", "part_row", "part")}
    family_of, member_of, standing, leases, affordable = [], [], [], [], []
    size = targets = 0
    for number, family in enumerate(families):
        target = family.tier == TARGET
        counted = parts.free if target else parts.leases
        public = publics.holds[family.public]
        served = parts.neutral[:, public].sum(axis=1) * (not target)
        reach = parts.free * parts.open[:, public].any(axis=1) + served
        inside = np.flatnonzero(merged[number] >= 0)
        names, place = np.unique(merged[number][inside], return_inverse=True)
        where, row, of = (part, "part_row", "part") if held[number] else (cell, "row", "cell")
        one = _kinds([place, where[inside]])[0]
        lines[row].append(size + place[one])
        lines[of].append(where[inside][one])
        lines["base"].append(np.bincount(place, counted[inside], len(names)))
        lines["given"].append(np.bincount(place, served[inside], len(names)))
        lines["percent"].append(np.full(len(names), family.percent))
        lines["objective"].append(np.full(len(names), targets if target else LAW))
        lines["public"].append(np.tile(public[kept], (len(names), 1)))
        own, back, at = np.unique(parts.member[number][inside], return_index=True, return_inverse=True)
        family_of.append(np.full(len(own), number))
        member_of.append(own)
        standing.append(size + place[back])
        leases.append(np.bincount(at, counted[inside], len(own)))
        affordable.append(np.bincount(at, reach[inside], len(own)))
        size, targets = size + len(names), targets + target
    floors = Floors(
        supply=np.bincount(cell, parts.free, len(first)).astype(np.float64),
        demand=publics.demand[kept].astype(np.float64),
        open=parts.open[first][:, kept],
        row=_joined(lines["row"]),
        cell=_joined(lines["cell"]),
        public=_joined(lines["public"]),
        base=_joined(lines["base"]),
        given=_joined(lines["given"]),
        percent=_joined(lines["percent"]),
        objective=_joined(lines["objective"]),
        part_cell=cell[first_part].astype(np.int64),
        part_supply=np.bincount(part, parts.free, len(first_part)).astype(np.float64),
        part_row=_joined(lines["part_row"]),
        part=_joined(lines["part"]),
        part_public=_held_public(families, publics)[kept],
    )
    told = (np.concatenate(each) for each in (family_of, member_of, standing, leases, affordable))
    return Rows(floors, *told)


def _joined(pieces: Sequence[Any]) -> Any:
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)


def _held_public(families: Sequence[Family], publics: Publics) -> Bools:
    """Return the public of the rows of one réservataire, all of one public (R4); nobody without any."""
    masks = {family.public for family in families if family.holder is not None}
    assert len(masks) <= 1, "les lignes d'un réservataire ont un seul public"
    return publics.holds[masks.pop()] if masks else np.zeros(len(publics.neutral), dtype=bool)


def told_of(
    families: Sequence[Family], legal: int, rows: Rows, found: Short, percent: Ints
) -> tuple[Row, ...]:
    """Return the rows with what each misses: that of residences alike is shared by their leases."""
    told = []
    columns = rows.family, rows.member, rows.of, rows.leases, rows.affordable
    for number, member, at, leases, affordable in zip(*(each.tolist() for each in columns), strict=True):
        family, base = families[number], float(rows.floors.base[at])
        target = family.tier == TARGET
        label = family.labels[member]
        told.append(
            Row(
                objective=number - legal if target else LAW,
                place=label.partition(", ")[2] if target else label,
                leases=leases,
                affordable=affordable,
                short=float(found.short[at]) * leases / base if base > 0 else 0.0,
                percent=family.percent,
                proposed=int(percent[at]),
            )
        )
    return tuple(told)


def _parts(families: Sequence[Family], stock: Stock, publics: Publics, least: int) -> _Parts:
    """Return the parts that hold some leases."""
    holders = stock.leases.shape[1]
    some = np.flatnonzero(stock.leases.ravel() > 0)
    group, reservataire = some // holders, some % holders
    leases = stock.leases.ravel()[some]
    dwelling = stock.first[group]
    # Simplified: neutral households are housed in proportion, and every réservataire follows the strategy.
    asking = np.where(publics.neutral, publics.pending, 0)
    part = min(1.0, float(publics.demand[publics.neutral].sum() / max(leases.sum(), 1e-300)))
    neutral = part * asking / np.maximum(asking.sum(axis=1, keepdims=True), 1)
    return _Parts(
        stock.residence[group],
        np.array([family.member(dwelling, reservataire) for family in families], dtype=np.int64),
        leases,
        neutral[group] * leases[:, None],
        (publics.affordable(least) & ~publics.neutral)[group],
    )


def _alike(parts: _Parts, single: Bools) -> Ints:
    """Return of each part the number of its residence's kind, (P,)."""
    kind = _kinds([*parts.member[~single], *parts.open.T])[1]
    first, at = _kinds([parts.residence, kind])
    whole = np.bincount(parts.residence, parts.free)
    volume = np.bincount(at, parts.free) / np.maximum(whole[parts.residence[first]], 1e-300)
    pairs = np.stack([parts.residence[first], kind[first]])
    share = np.round(volume, _ALIKE)
    told: dict[int, list[object]] = {}
    asked = parts.member[single] >= 0
    for place, residence in enumerate(parts.residence.tolist()):
        told.setdefault(residence, [tuple(asked[:, place].tolist())])
    for residence, one, part in zip(*pairs.tolist(), share.tolist(), strict=True):
        told[residence].append((one, part))
    numbers: dict[tuple[object, ...], int] = {}
    of = {residence: numbers.setdefault(tuple(said), len(numbers)) for residence, said in told.items()}
    return np.array([of[residence] for residence in parts.residence.tolist()], dtype=np.int64)


def _kinds(columns: Iterable[NDArray[Any]]) -> tuple[Ints, Ints]:
    """Return a place of each kind of row, and the kind of each, in the order of the columns' values."""
    kind: Ints | None = None
    for column in columns:
        value = np.unique(column, return_inverse=True)[1]
        both = value if kind is None else kind * (int(value.max(initial=0)) + 1) + value
        _, first, kind = np.unique(both, return_index=True, return_inverse=True)
    assert kind is not None
    return first, kind
