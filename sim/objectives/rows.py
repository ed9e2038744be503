"""Which linear rows do law and targets make of a year's expected leases?

A cell is a part of the expected leases alike in everything: the rows it belongs to, the classes of households
it is affordable to. Left out on purpose: what is answered (optimizer/nearest.py), and in which words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.nearest import LAW, Floors
from sim.objectives.expected import Publics, Stock
from sim.rules.quotas import TARGET, Family
from sim.territory.columns import Bools, Floats, Ints


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
    3. What is left stands in cells: alike in rows and in the classes it is affordable to.

    Parameters
    ----------
    by_residence : (F,) whether each member of the family is one residence
    least : demands of a public for which a dwelling is affordable to it
    """
    parts = _parts(families, stock, publics, least)
    single = np.array(by_residence, dtype=bool)
    merged = np.where(single[:, None] & (parts.member >= 0), _alike(parts, single), parts.member)
    keys = np.concatenate([merged, parts.open.T.astype(np.int64)])
    _, first, cell = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    cell = cell.reshape(-1)
    kept = ~publics.neutral
    row, cells, base, given, percent, objective, public = [], [], [], [], [], [], []
    family_of, member_of, standing, leases, affordable = [], [], [], [], []
    size = targets = 0
    for number, family in enumerate(families):
        target = family.tier == TARGET
        counted = parts.free if target else parts.leases
        held = publics.holds[family.public]
        served = parts.neutral[:, held].sum(axis=1) * (not target)
        reach = parts.free * parts.open[:, held].any(axis=1) + served
        inside = np.flatnonzero(merged[number] >= 0)
        names, place = np.unique(merged[number][inside], return_inverse=True)
        pairs = np.unique(np.stack([place, cell[inside]]), axis=1)
        row.append(size + pairs[0])
        cells.append(pairs[1])
        base.append(np.bincount(place, counted[inside], len(names)))
        given.append(np.bincount(place, served[inside], len(names)))
        percent.append(np.full(len(names), family.percent))
        objective.append(np.full(len(names), targets if target else LAW))
        public.append(np.tile(held[kept], (len(names), 1)))
        own, back, where = np.unique(parts.member[number][inside], return_index=True, return_inverse=True)
        family_of.append(np.full(len(own), number))
        member_of.append(own)
        standing.append(size + place[back])
        leases.append(np.bincount(where, counted[inside], len(own)))
        affordable.append(np.bincount(where, reach[inside], len(own)))
        size, targets = size + len(names), targets + target
    floors = Floors(
        supply=np.bincount(cell, parts.free, len(first)).astype(np.float64),
        demand=publics.demand[kept].astype(np.float64),
        open=parts.open[first][:, kept],
        row=np.concatenate(row),
        cell=np.concatenate(cells),
        public=np.concatenate(public),
        base=np.concatenate(base),
        given=np.concatenate(given),
        percent=np.concatenate(percent),
        objective=np.concatenate(objective),
    )
    told = (np.concatenate(each) for each in (family_of, member_of, standing, leases, affordable))
    return Rows(floors, *told)


def _parts(families: Sequence[Family], stock: Stock, publics: Publics, least: int) -> _Parts:
    """Return the parts that hold some leases."""
    holders = stock.leases.shape[1]
    some = np.flatnonzero(stock.leases.ravel() > 0)
    group, reservataire = some // holders, some % holders
    leases = stock.leases.ravel()[some]
    dwelling = stock.first[group]
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
    wide = np.concatenate([parts.member[~single], parts.open.T.astype(np.int64)])
    kind = np.unique(wide, axis=1, return_inverse=True)[1].reshape(-1)
    pairs, at = np.unique(np.stack([parts.residence, kind]), axis=1, return_inverse=True)
    volume = np.bincount(at.reshape(-1), parts.free, pairs.shape[1])
    whole = np.bincount(parts.residence, parts.free)
    share = np.round(volume / np.maximum(whole[pairs[0]], 1e-300), 9)
    told: dict[int, list[object]] = {}
    asked = parts.member[single] >= 0
    for place, residence in enumerate(parts.residence.tolist()):
        told.setdefault(residence, [tuple(asked[:, place].tolist())])
    for residence, one, part in zip(*pairs.tolist(), share.tolist(), strict=True):
        told[residence].append((one, part))
    numbers: dict[tuple[object, ...], int] = {}
    of = {residence: numbers.setdefault(tuple(said), len(numbers)) for residence, said in told.items()}
    return np.array([of[residence] for residence in parts.residence.tolist()], dtype=np.int64)
