"""Which of the waiting demands may each vacancy examined be proposed to?

Read once a sitting, over all its vacancies: demands are laid out by the typology and the commune they ask
for, and dwellings alike to every demand but for their rent share one reading. Left out on purpose: who among
them comes first by law (dalo.py, rpms.py), and the lists of names of réservataires (designation.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim import compiled
from sim.policies.sitting import NOBODY
from sim.process.register import Register
from sim.process.state import State
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.rules.fit_codes import label_bit, rooms_bit
from sim.territory.columns import Bools, Floats, Ints


class Asking(NamedTuple):
    """Who asks for one place, in cotation order: position, and code of what each fits."""

    position: Ints
    code: Ints


class Fitting(NamedTuple):
    """Who of them fits dwellings alike: position, rent stated as a maximum, and the least of these."""

    position: Ints
    most_rent_eur: Floats
    least_eur: float


class Offered(NamedTuple):
    """What each vacancy examined is to the demands, (V,): place, what it reads of their code, rent due."""

    rooms: Ints
    commune: Ints
    reads: Ints
    wants: Ints
    sizes: Ints
    due_eur: Floats

    def fits(self, register: Register, demand: int) -> list[int]:
        """Return which vacancies a demand asks for and fits."""
        word, bit = register.wishes[demand][self.commune // 64], (self.commune % 64).astype(np.uint64)
        code = register.fit.item(demand)
        fits = (word >> bit & np.uint64(1) == 1) & (code & self.reads == self.wants)
        fits &= (code & self.sizes != 0) & ~(register.max_rent_eur[demand] < self.due_eur)
        found: list[int] = fits.nonzero()[0].tolist()
        return found


def offered(world: World, vacancies: Sequence[Vacancy]) -> Offered:
    """Return what vacancies are to the demands, with the labels of the réservataires that hold them."""
    dwelling = np.array([vacancy.dwelling for vacancy in vacancies], dtype=np.int64)
    label = np.array([label_bit(one.reservataire) if one.designated else 0 for one in vacancies], np.int32)
    reads, wants, sizes = (column[dwelling] for column in world.codes)
    place = world.rooms[dwelling], world.commune[dwelling]
    return Offered(*place, reads | label, wants | label, sizes, world.rent_due_eur[dwelling])


def pools(
    state: State, vacancies: Sequence[Vacancy], places: Offered, waiting: Ints, position: Ints
) -> list[Ints]:
    """Return the positions of the demands eligible for each vacancy, ascending.

    Whom a vacancy was proposed to is in its pool no more.

    Parameters
    ----------
    waiting : (N,) rows of the register in cotation order
    position : (register.size,) their inverse, NOBODY for the others
    """
    read = _read_compiled if compiled.ON else _read
    return [
        without(pool, position[list(vacancy.tried)].tolist()) if vacancy.tried else pool
        for vacancy, pool in zip(vacancies, read(state.register, places, waiting), strict=True)
    ]


def _read(register: Register, places: Offered, waiting: Ints) -> list[Ints]:
    """Return who fits each of some vacancies, as in `pools`; shared between those alike.

    1. Lay out who asks for each commune, then for each typology there.
    2. Of who asks for a place, keep those who fit: ceiling, size, accessibility, réservataire's labels.
    3. For each vacancy, leave out whose stated maximum rent is under its own.
    """
    asking, most_rent_eur = _asking(register, places, waiting), register.max_rent_eur[waiting]
    fitting: dict[tuple[int, ...], Fitting] = {}
    found = []
    for *alike, due_eur in zip(*(column.tolist() for column in places), strict=True):
        key = tuple(alike)
        if key not in fitting:
            fitting[key] = _fitting(asking, most_rent_eur, *key)
        pool, stated, least_eur = fitting[key]
        found.append(pool[~(stated < due_eur)] if least_eur < due_eur else pool)
    return found


def _read_compiled(register: Register, places: Offered, waiting: Ints) -> list[Ints]:
    """Return what `_read` does, by a compiled loop."""
    from sim.compiled.pools import pools as compiled_pools

    pool, start = compiled_pools(
        register.fit[waiting],
        register.max_rent_eur[waiting],
        register.wishes_from[waiting],
        register.wishes_count[waiting],
        register.wished,
        *places,
        64 * register.wishes.shape[1],
    )
    return [pool[begin:end] for begin, end in pairwise(start.tolist())]


def _fitting(
    places: dict[tuple[int, int], Asking],
    most_rent_eur: Floats,
    rooms: int,
    commune: int,
    reads: int,
    wants: int,
    sizes: int,
) -> Fitting:
    """Return who fits the dwellings of one place that are alike but for their rent."""
    asking = places[rooms, commune]
    fits = asking.code & reads == wants
    fits &= asking.code & sizes != 0
    position = asking.position[fits.nonzero()[0]]
    stated = most_rent_eur[position]
    return Fitting(position, stated, float(np.fmin.reduce(stated, initial=np.inf)))


def _asking(register: Register, places: Offered, waiting: Ints) -> dict[tuple[int, int], Asking]:
    """Return who asks for the typology and commune of each of some vacancies, by (rooms, commune)."""
    position, commune = _wishes(register, waiting)
    code = register.fit[waiting][position]
    asking = {}
    for rooms in np.unique(places.rooms).tolist():
        rows = (code & rooms_bit(rooms)).nonzero()[0]
        there, codes, wished = position[rows], code[rows], commune[rows]
        asked = np.unique(places.commune[places.rooms == rooms])
        first, last = wished.searchsorted(asked), wished.searchsorted(asked, side="right")
        for place, start, end in zip(asked.tolist(), first.tolist(), last.tolist(), strict=True):
            asking[rooms, place] = Asking(there[start:end], codes[start:end])
    return asking


def _wishes(register: Register, waiting: Ints) -> tuple[Ints, Ints]:
    """Return every wish of the waiting demands, by commune then by position, as (position, commune)."""
    count = register.wishes_count[waiting]
    position = np.arange(len(waiting), dtype=np.int32).repeat(count)
    ends = count.cumsum(dtype=np.int64)
    start = register.wishes_from[waiting] - (ends - count)
    commune = register.wished[start.repeat(count) + np.arange(len(position))]
    order = commune.argsort(kind="stable")  # numpy sorts 16-bit integers by radix
    return position[order], commune[order]


def without(pool: Ints, positions: Sequence[int]) -> Ints:
    """Return a pool without some positions."""
    for one in positions:
        place = place_of(pool, one)
        if place != NOBODY:
            pool = np.concatenate([pool[:place], pool[place + 1 :]])
    return pool


def among(pool: Ints, positions: Ints) -> Bools:
    """Tell which positions are in a pool, (n,)."""
    if not len(pool):
        return np.zeros(len(positions), dtype=bool)
    found: Bools = pool[np.minimum(pool.searchsorted(positions), len(pool) - 1)] == positions
    return found


def place_of(pool: Ints, position: int) -> int:
    """Return where a position stands in a pool, NOBODY where it is not in it."""
    place = int(pool.searchsorted(position))
    return place if place < len(pool) and pool[place] == position else NOBODY
