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
from sim.policies.pool import Fitting, Pool
from sim.process.register import Register
from sim.process.state import State
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.rules.fit_codes import MOST_ROOMS, ROOMS, label_bit, rooms_bit
from sim.territory.columns import Floats, Ints


class Asking(NamedTuple):
    """Who asks for one place, in cotation order: position, and code of what each fits."""

    position: Ints
    code: Ints


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
) -> list[Pool]:
    """Return who is eligible for each vacancy; whom it was proposed to is so no more.

    Parameters
    ----------
    waiting : (N,) rows of the register in cotation order
    position : (register.size,) their inverse, NOBODY for the others
    """
    fitting = read(state.register, places, waiting)
    found = []
    for vacancy, fits, due_eur in zip(vacancies, fitting, places.due_eur.tolist(), strict=True):
        tried = position[list(vacancy.tried)].tolist() if vacancy.tried else ()
        found.append(Pool(fits, due_eur, tried))
    return found


def read(register: Register, places: Offered, waiting: Ints) -> list[Fitting]:
    """Return who fits each vacancy, whatever its rent; shared between those alike.

    1. Tell apart the dwellings that read a demand differently.
    2. Lay out who asks for each commune, then for each typology there.
    3. Of who asks for a place, keep those who fit: ceiling, size, accessibility, réservataire's labels.
    """
    alike: dict[tuple[int, ...], int] = {}
    kind = [
        alike.setdefault(key, len(alike))
        for key in zip(*(column.tolist() for column in places[:-1]), strict=True)
    ]
    kinds = [np.array(column) for column in zip(*alike, strict=True)] or [waiting[:0]] * len(places[:-1])
    one_by_one = _read_compiled if compiled.ON else _read
    most_rent_eur = register.max_rent_eur[waiting]
    fitting = [Fitting(fits, most_rent_eur[fits]) for fits in one_by_one(register, waiting, *kinds)]
    return [fitting[one] for one in kind]


def _read(
    register: Register, waiting: Ints, rooms: Ints, commune: Ints, reads: Ints, wants: Ints, sizes: Ints
) -> list[Ints]:
    """Return who fits dwellings of each kind, positions, ascending."""
    asking = _asking(register, rooms, commune, waiting)
    found = []
    for *place, reading, wanting, size in zip(
        *(column.tolist() for column in (rooms, commune, reads, wants, sizes)), strict=True
    ):
        there = asking[place[0], place[1]]
        fits = there.code & reading == wanting
        fits &= there.code & size != 0
        found.append(there.position[fits.nonzero()[0]])
    return found


def _read_compiled(
    register: Register, waiting: Ints, rooms: Ints, commune: Ints, reads: Ints, wants: Ints, sizes: Ints
) -> list[Ints]:
    """Return what `_read` does, by a compiled loop."""
    from sim.compiled.pools import pools as compiled_pools

    position, start = compiled_pools(
        register.fit[waiting],
        register.wishes_from[waiting],
        register.wishes_count[waiting],
        register.wished,
        rooms,
        commune,
        reads,
        wants,
        sizes,
        64 * register.wishes.shape[1],
        MOST_ROOMS,
        ROOMS,
    )
    return [position[begin:end] for begin, end in pairwise(start.tolist())]


def _asking(register: Register, rooms: Ints, commune: Ints, waiting: Ints) -> dict[tuple[int, int], Asking]:
    """Return who asks for the typology and commune of each of some dwellings, by (rooms, commune)."""
    position, wished = _wishes(register, waiting)
    code = register.fit[waiting][position]
    asking = {}
    for size in np.unique(rooms).tolist():
        rows = (code & rooms_bit(size)).nonzero()[0]
        there, codes, at = position[rows], code[rows], wished[rows]
        asked = np.unique(commune[rooms == size])
        first, last = at.searchsorted(asked), at.searchsorted(asked, side="right")
        for place, start, end in zip(asked.tolist(), first.tolist(), last.tolist(), strict=True):
            asking[size, place] = Asking(there[start:end], codes[start:end])
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
