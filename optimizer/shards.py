"""Which pairs and prices to start from, when there are very many?

The problem is cut in parts alike: classes that narrow rows bind stay together, applicants are dealt out by
lottery number, rows that reach everywhere have their share of the limits in each part. What the parts find
is a start for the whole, and proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from optimizer.clock import Clock
from optimizer.columns import Prices, first_pool, price_out, prices
from optimizer.problem import Ints
from optimizer.relaxation import Floats, Programme

PLACES, PARTS = 400, 8
"""At least so many vacancies a part, at most so many parts."""

_GAP = 2e-4
_NEAR = 3  # pairs a place, beside those of the mix, that go from a part into the whole


def parts_of(programme: Programme) -> int:
    """Return in how many parts a programme is cut to start from; 1: it is not."""
    return max(1, min(PARTS, int(programme.capacity.sum()) // PLACES))


def start_from_parts(programme: Programme, parts: int, clock: Clock) -> tuple[Ints, Prices]:
    """Return the pairs that the mixes of the parts use or that lose least to their prices, and these.

    1. Cut the classes in parts with about as many places each, and the applicants with them.
    2. Price each part; note its prices of classes and narrow rows, and its share of each wide row's price.
    3. With all these prices, keep of each class the pairs that are worth most to the whole.
    """
    rows = programme.row_low.size
    wide, part_of = _cut(programme, parts)
    class_price, row_price = np.zeros(programme.capacity.size), np.zeros(rows)
    used = []
    for part in range(parts):
        if clock.over:
            break
        piece = _piece(programme, part_of, wide, part, parts)
        priced = price_out(piece.programme, first_pool(piece.programme), gap=_GAP, exact=False, clock=clock)
        if priced is None:
            continue
        used.append(piece.pairs[priced.pool[priced.mix.share > 0]])
        class_price[piece.classes] = priced.prices.class_price
        share = np.where(wide[piece.rows], 1.0 / parts, 1.0)
        row_price[piece.rows] += share * priced.prices.row_price
    known = prices(programme, class_price, row_price)
    near = _cheapest(programme, known.loss(programme))
    return np.unique(np.concatenate([*used, near])), known


@dataclass(frozen=True)
class _Piece:
    """A part of a programme, and where its pairs, classes and rows stand in the whole."""

    programme: Programme
    pairs: Ints
    classes: Ints
    rows: Ints


def _cut(programme: Programme, parts: int) -> tuple[np.ndarray, Ints]:
    """Return which rows reach beyond any part, and the part of each class."""
    classes, rows = programme.capacity.size, programme.row_low.size
    touches = programme.effects.tocoo()
    where = csr_matrix((np.ones(touches.nnz), (touches.row % classes, touches.col)), shape=(classes, rows))
    where.data[:] = 1.0
    reach = np.asarray((where > 0).sum(axis=0)).ravel()
    wide = reach > max(classes / (4 * parts), 8)
    narrow = where[:, np.flatnonzero(~wide)]
    _, together = connected_components(narrow @ narrow.T, directed=False)
    places = np.bincount(together, weights=programme.capacity)
    order = np.argsort(-places, kind="stable")
    part_of_set, load = np.empty(places.size, dtype=np.int64), np.zeros(parts)
    for each in order.tolist():
        part = int(load.argmin())
        part_of_set[each] = part
        load[part] += places[each]
    return wide, part_of_set[together]


def _piece(programme: Programme, part_of: Ints, wide: np.ndarray, part: int, parts: int) -> _Piece:
    """Return one part: its classes, the applicants dealt to it, its rows and its share of the wide ones."""
    classes = np.flatnonzero(part_of == part)
    pairs = np.flatnonzero((part_of[programme.group] == part) & (programme.applicant % parts == part))
    number = np.zeros(programme.capacity.size, dtype=np.int32)
    number[classes] = np.arange(classes.size)
    lines = programme.effects.shape[0] // programme.capacity.size
    cells = (np.arange(lines)[:, None] * programme.capacity.size + classes).ravel()
    effects = programme.effects[cells]
    rows = np.flatnonzero(np.diff(effects.tocsc().indptr))
    group = number[programme.group[pairs]]
    line = programme.cell[pairs] // np.int32(programme.capacity.size)
    share: Floats = np.where(wide[rows], 1.0 / parts, 1.0)
    piece = replace(
        programme,
        applicant=programme.applicant[pairs] // np.int32(parts),
        group=group,
        cell=line * np.int32(classes.size) + group,
        value=programme.value[pairs],
        must=np.zeros(-(-programme.must.size // parts), dtype=bool),
        capacity_low=programme.capacity_low[classes],
        capacity=programme.capacity[classes],
        effects=effects[:, rows],
        row_low=programme.row_low[rows] * share,
        row_high=programme.row_high[rows] * share,
        row_penalty=programme.row_penalty[rows],
    )
    return _Piece(piece, pairs, classes, rows)


def _cheapest(programme: Programme, loss: Floats) -> Ints:
    """Return, of each class, the pairs of least loss, a few a place."""
    kept = []
    start, wanted = programme.start, (_NEAR * programme.capacity).astype(np.int64)
    for begin, end, many in zip(start[:-1].tolist(), start[1:].tolist(), wanted.tolist(), strict=True):
        if many >= end - begin:
            kept.append(np.arange(begin, end))
        elif many:
            kept.append(begin + np.argpartition(loss[begin:end], many - 1)[:many])
    return np.concatenate(kept) if kept else np.empty(0, dtype=np.int64)
