"""Who is eligible for a vacancy, read only as far as somebody asks?

Dwellings alike but for their rent share who fits them. A pool knows how many it holds without being written
out, gives its foremost without the others, and is written out where the whole is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.territory.columns import Bools, Floats, Ints

PART = 64
"""Positions read at once by who goes through a pool from its head."""


class Fitting:
    """Who fits dwellings alike: positions, ascending, and the rent each states as a maximum, NaN where none.

    Both are (n,).
    """

    __slots__ = ("_stated_eur", "most_rent_eur", "position")

    def __init__(self, position: Ints, most_rent_eur: Floats) -> None:
        self.position, self.most_rent_eur = position, most_rent_eur
        self._stated_eur: Floats | None = None

    def __iter__(self) -> Iterator[int]:
        """Give the positions from the head, a part at a time."""
        for begin in range(0, len(self.position), PART):
            yield from self.position[begin : begin + PART].tolist()

    def under(self, due_eur: float) -> int:
        """Return how many state a maximum under a rent; from the second rent on, looked up in their order."""
        if not len(self.position):
            return 0
        if self._stated_eur is None:
            self._stated_eur = self.most_rent_eur[:0]
            return int(np.count_nonzero(self.most_rent_eur < due_eur))
        if not len(self._stated_eur):
            self._stated_eur = np.sort(self.most_rent_eur)  # those who state none come last
        return int(self._stated_eur.searchsorted(due_eur))


class Pool:
    """The eligible positions of one vacancy, ascending, hence in cotation order.

    Of who fits its dwelling, a pool leaves out who states a maximum rent under `due_eur`, and `others`.
    """

    __slots__ = ("_all", "_due_eur", "_fitting", "_length", "_others")

    def __init__(self, fitting: Fitting, due_eur: float, others: Sequence[int] = ()) -> None:
        self._fitting, self._due_eur = fitting, due_eur
        self._all: Ints | None = None
        self._length, self._others = len(fitting.position) - fitting.under(due_eur), set[int]()
        if others:
            self._others = {one for one in others if one in self}
            self._length -= len(self._others)

    @staticmethod
    def of(positions: Ints) -> Pool:
        """Return the pool of some positions, ascending."""
        return Pool(Fitting(positions, np.full(len(positions), np.nan)), 0.0)

    def __len__(self) -> int:
        return self._length

    def __contains__(self, position: int) -> bool:
        """Tell whether one position is in the pool."""
        own = self._fitting.position
        place = int(own.searchsorted(position))
        if place == len(own) or own.item(place) != position or position in self._others:
            return False
        return not self._fitting.most_rent_eur.item(place) < self._due_eur

    @property
    def fitting(self) -> Fitting:
        """Who fits its dwelling, whatever its rent."""
        return self._fitting

    def admits(self, place: int) -> bool:
        """Tell whether who stands at a place of `fitting` is in the pool."""
        if self._fitting.most_rent_eur.item(place) < self._due_eur:
            return False
        return not self._others or self._fitting.position.item(place) not in self._others

    def without(self, others: Sequence[int]) -> Pool:
        """Return the pool with some positions left out."""
        more = {one for one in others if one in self}
        left = Pool.__new__(Pool)
        left._fitting, left._due_eur, left._all = self._fitting, self._due_eur, None
        left._others, left._length = self._others | more, self._length - len(more)
        return left

    def all(self) -> Ints:
        """Return every position."""
        if self._all is None:
            self._all = self._kept(slice(None))
        return self._all

    def first(self, count: int) -> Ints:
        """Return so many of the foremost, or as many as there are."""
        end = count
        while True:
            found = self._kept(slice(end))
            if len(found) >= count or end >= len(self._fitting.position):
                return found[:count]
            end *= 2

    def before(self, position: int) -> Ints:
        """Return the positions before one."""
        return self._kept(slice(int(self._fitting.position.searchsorted(position))))

    def among(self, positions: Ints) -> Bools:
        """Tell which of some positions are in the pool, (n,)."""
        own = self._fitting.position
        if not len(own):
            return np.zeros(len(positions), dtype=bool)
        place = np.minimum(own.searchsorted(positions), len(own) - 1)
        found: Bools = (own[place] == positions) & ~(self._fitting.most_rent_eur[place] < self._due_eur)
        for one in self._others:
            found &= positions != one
        return found

    def _kept(self, part: slice) -> Ints:
        """Return who is in the pool of a part of who fits."""
        position = self._fitting.position[part]
        if not self._length:
            return position[:0]
        kept = ~(self._fitting.most_rent_eur[part] < self._due_eur)
        for one in self._others:
            kept &= position != one
        return position[kept]
