"""Which of the waiting demands may each vacancy examined be proposed to?

Read once a sitting, over all its vacancies: demands are laid out by the typology and the commune they ask for,
and dwellings alike to every demand but for their rent share one reading. Left out on purpose: who among them
comes first by law (dalo.py, rpms.py), and the lists of names of réservataires (designation.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.policies.sitting import NOBODY
from sim.process.register import Register
from sim.process.state import State
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.rules.fit_codes import label_bit, rooms_bit
from sim.territory.columns import Floats, Ints


class Asking(NamedTuple):
    """Some waiting demands in cotation order: position, code of what each fits, rent stated as a maximum."""

    position: Ints
    code: Ints
    most_rent_eur: Floats

    def take(self, rows: Ints | slice) -> Asking:
        """Return some of them."""
        return Asking(self.position[rows], self.code[rows], self.most_rent_eur[rows])


def pools(
    world: World, state: State, vacancies: Sequence[Vacancy], waiting: Ints, position: Ints
) -> Sequence[Ints]:
    """Return the positions of the demands eligible for each vacancy, ascending; shared between vacancies.

    1. Lay out who asks for each commune, then for each typology there.
    2. Of who asks for a place, keep those who fit: ceiling, size, accessibility, réservataire's labels.
    3. For each vacancy, leave out whose stated maximum rent is under its own, and whom it was proposed to.

    Parameters
    ----------
    waiting : (N,) rows of the register in cotation order
    position : (register.size,) their inverse, NOBODY for the others
    """
    codes = world.codes
    places = _places(world, state, vacancies, waiting)
    fitting: dict[tuple[int, ...], tuple[Asking, float]] = {}
    found = []
    for vacancy in vacancies:
        dwelling = vacancy.dwelling
        label = label_bit(vacancy.reservataire) if vacancy.designated else 0
        reads, wants = codes.reads.item(dwelling) | label, codes.wants.item(dwelling) | label
        place = world.territory.dwellings.rooms.item(dwelling), world.commune.item(dwelling)
        alike = (*place, reads, wants, codes.sizes.item(dwelling))
        if alike not in fitting:
            asking = places[place]
            fits = asking.code & reads == wants
            fits &= asking.code & alike[-1] != 0
            asking = asking.take(fits.nonzero()[0])
            fitting[alike] = asking, float(np.fmin.reduce(asking.most_rent_eur, initial=np.inf))
        asking, least_eur = fitting[alike]
        pool, due_eur = asking.position, world.rent_due_eur.item(dwelling)
        if least_eur < due_eur:
            pool = pool[~(asking.most_rent_eur < due_eur)]
        if vacancy.tried:
            pool = without(pool, position[list(vacancy.tried)].tolist())
        found.append(pool)
    return found


def _places(
    world: World, state: State, vacancies: Sequence[Vacancy], waiting: Ints
) -> dict[tuple[int, int], Asking]:
    """Return who asks for each typology and commune of some vacancies, by (rooms, commune)."""
    register = state.register
    position, commune = _wishes(register, waiting)
    asking = Asking(position, register.fit[waiting][position], register.max_rent_eur[waiting][position])
    dwelling = np.array([vacancy.dwelling for vacancy in vacancies], dtype=np.int64)
    of_rooms, of_commune = world.territory.dwellings.rooms[dwelling], world.commune[dwelling]
    places = {}
    for rooms in np.unique(of_rooms).tolist():
        rows = (asking.code & rooms_bit(rooms)).nonzero()[0]
        there, wished = asking.take(rows), commune[rows]
        asked = np.unique(of_commune[of_rooms == rooms])
        first, last = wished.searchsorted(asked), wished.searchsorted(asked, side="right")
        for place, start, end in zip(asked.tolist(), first.tolist(), last.tolist(), strict=True):
            places[rooms, place] = there.take(slice(start, end))
    return places


def _wishes(register: Register, waiting: Ints) -> tuple[Ints, Ints]:
    """Return every wish of the waiting demands, by commune then by position, as (position, commune)."""
    count = register.wishes_count[waiting]
    position = np.repeat(np.arange(len(waiting), dtype=np.int32), count)
    ends = np.cumsum(count, dtype=np.int64)
    start = register.wishes_from[waiting] - (ends - count)
    commune = register.wished[np.repeat(start, count) + np.arange(len(position))]
    order = commune.argsort(kind="stable")  # numpy sorts 16-bit integers by radix
    return position[order], commune[order]


def without(pool: Ints, positions: Sequence[int]) -> Ints:
    """Return a pool without some positions."""
    at = [place for one in positions if (place := place_of(pool, one)) != NOBODY]
    return np.delete(pool, at) if at else pool


def place_of(pool: Ints, position: int) -> int:
    """Return where a position stands in a pool, NOBODY where it is not in it."""
    place = int(pool.searchsorted(position))
    return place if place < len(pool) and pool[place] == position else NOBODY
