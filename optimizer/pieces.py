"""How is a large programme cut in parts that are programmes too?

Classes that narrow rows bind stay together; rows that reach beyond any part are wide, and what of their
limits a part sees is its user's business (`shards.py`, `turns.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from optimizer.problem import Ints
from optimizer.relaxation import Bools, Floats, Programme

_FEW = 8  # a row over so few classes is narrow whatever the parts


@dataclass(frozen=True)
class Cut:
    """The part of each class, and which rows are wide."""

    parts: int
    part_of: Ints  # (C,)
    wide: Bools  # (R,)
    share: Floats  # (parts,) of all places


@dataclass(frozen=True)
class Piece:
    """A part of a programme, and where its pairs, classes and rows stand in the whole."""

    programme: Programme
    pairs: Ints
    classes: Ints
    rows: Ints


def cut(programme: Programme, parts: int) -> Cut:
    """Cut the classes in parts with about as many places each."""
    classes, rows = programme.capacity.size, programme.row_low.size
    touches = programme.effects.tocoo()
    where = csr_matrix((np.ones(touches.nnz), (touches.row % classes, touches.col)), shape=(classes, rows))
    reach = np.diff(where.tocsc().indptr)
    wide = reach > max(classes / (4 * parts), _FEW)
    narrow = where[:, np.flatnonzero(~wide)]
    _, together = connected_components(narrow @ narrow.T, directed=False)
    places = np.bincount(together, weights=programme.capacity)
    part_of_set, load = np.empty(places.size, dtype=np.int64), np.zeros(parts)
    for each in np.argsort(-places, kind="stable").tolist():
        part = int(load.argmin())
        part_of_set[each] = part
        load[part] += places[each]
    return Cut(parts, part_of_set[together], wide, load / max(load.sum(), 1.0))


def piece(
    programme: Programme,
    whole: Cut,
    part: int,
    pairs: Ints,
    row_low: Floats,
    row_high: Floats,
    value: NDArray[np.float64] | None = None,
) -> Piece:
    """Return one part with some of the pairs of its classes, in their order.

    Parameters
    ----------
    row_low, row_high : (R,) limits that this part is held to
    value : (pairs,) what they are worth here; None: what they are worth
    """
    size = programme.capacity.size
    classes = np.flatnonzero(whole.part_of == part)
    number = np.zeros(size, dtype=np.int32)
    number[classes] = np.arange(classes.size)
    lines = programme.effects.shape[0] // size
    effects = programme.effects[(np.arange(lines)[:, None] * size + classes).ravel()]
    rows = np.flatnonzero(np.diff(effects.tocsc().indptr))
    group = number[programme.group[pairs]]
    line = programme.cell[pairs] // np.int32(size)
    who, applicant = np.unique(programme.applicant[pairs], return_inverse=True)
    part_programme = replace(
        programme,
        applicant=applicant.astype(np.int32),
        group=group,
        cell=line * np.int32(classes.size) + group,
        value=programme.value[pairs] if value is None else value,
        must=np.zeros(who.size, dtype=bool),
        capacity_low=programme.capacity_low[classes],
        capacity=programme.capacity[classes],
        effects=effects[:, rows],
        row_low=row_low[rows],
        row_high=row_high[rows],
        row_penalty=programme.row_penalty[rows],
    )
    return Piece(part_programme, pairs, classes, rows)
