"""Which of the waiting demands may each vacancy examined be proposed to?

Read once a sitting, over all its vacancies: demands are laid out by the typology and the commune they ask for,
and dwellings alike to every demand but for their rent share one reading. Left out on purpose: who among them
comes first by law (dalo.py, rpms.py), and the lists of names of réservataires (designation.py).
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
from sim.territory.columns import Floats, Ints


class Asking(NamedTuple):
    """Who asks for one place, in cotation order: position, and code of what each fits."""

    position: Ints
    code: Ints


class Fitting(NamedTuple):
    """Who of them fits dwellings alike: position, rent stated as a maximum, and the least of these."""

    position: Ints
    most_rent_eur: Floats
    least_eur: float


def pools(
    world: World, state: State, vacancies: Sequence[Vacancy], waiting: Ints, position: Ints
) -> Sequence[Ints]:
    """Return the positions of the demands eligible for each vacancy, ascending; shared between vacancies.

    Whom a vacancy was proposed to is in its pool no more.

    Parameters
    ----------
    waiting : (N,) rows of the register in cotation order
    position : (register.size,) their inverse, NOBODY for the others
    """
    dwelling = np.array([vacancy.dwelling for vacancy in vacancies], dtype=np.int64)
    labels = [label_bit(one.reservataire) if one.designated else 0 for one in vacancies]
    found = read(world, state.register, dwelling, np.array(labels, dtype=np.int32), waiting)
    return [
        without(pool, position[list(vacancy.tried)].tolist()) if vacancy.tried else pool
        for vacancy, pool in zip(vacancies, found, strict=True)
    ]


def read(world: World, register: Register, dwelling: Ints, label: Ints, waiting: Ints) -> list[Ints]:
    """Return who fits each of some dwellings, with a réservataire's label or none (0), as in `pools`.

    1. Lay out who asks for each commune, then for each typology there.
    2. Of who asks for a place, keep those who fit: ceiling, size, accessibility, réservataire's labels.
    3. For each dwelling, leave out whose stated maximum rent is under its own.
    """
    if compiled.ON:
        return _read_compiled(world, register, dwelling, label, waiting)
    places = _places(world, register, dwelling, waiting)
    most_rent_eur = register.max_rent_eur[waiting]
    columns = (column[dwelling] for column in (world.rooms, world.commune, *world.codes))
    alike = zip(label.tolist(), *(column.tolist() for column in columns), strict=True)
    fitting: dict[tuple[int, ...], Fitting] = {}
    found = []
    for key, due_eur in zip(alike, world.rent_due_eur[dwelling].tolist(), strict=True):
        if key not in fitting:
            fitting[key] = _fitting(places, most_rent_eur, *key)
        pool, stated, least_eur = fitting[key]
        found.append(pool[~(stated < due_eur)] if least_eur < due_eur else pool)
    return found


def _read_compiled(
    world: World, register: Register, dwelling: Ints, label: Ints, waiting: Ints
) -> list[Ints]:
    from sim.compiled.pools import pools as compiled_pools  # noqa: PLC0415

    reads, wants, sizes = (column[dwelling] for column in world.codes)
    pool, start = compiled_pools(
        *(getattr(register, name)[waiting] for name in ("fit", "max_rent_eur", "wishes_from", "wishes_count")),
        register.wished,
        world.rooms[dwelling],
        world.commune[dwelling],
        reads | label,
        wants | label,
        sizes,
        world.rent_due_eur[dwelling],
        len(world.territory.communes),
    )
    return [pool[begin:end] for begin, end in pairwise(start.tolist())]


def _fitting(
    places: dict[tuple[int, int], Asking],
    most_rent_eur: Floats,
    label: int,
    rooms: int,
    commune: int,
    reads: int,
    wants: int,
    sizes: int,
) -> Fitting:
    """Return who fits the dwellings of one place that are alike but for their rent."""
    asking = places[rooms, commune]
    fits = asking.code & (reads | label) == wants | label
    fits &= asking.code & sizes != 0
    position = asking.position[fits.nonzero()[0]]
    stated = most_rent_eur[position]
    return Fitting(position, stated, float(np.fmin.reduce(stated, initial=np.inf)))


def _places(world: World, register: Register, dwelling: Ints, waiting: Ints) -> dict[tuple[int, int], Asking]:
    """Return who asks for the typology and commune of each of some dwellings, by (rooms, commune)."""
    position, commune = _wishes(register, waiting)
    code = register.fit[waiting][position]
    of_rooms, of_commune = world.rooms[dwelling], world.commune[dwelling]
    places = {}
    for rooms in np.unique(of_rooms).tolist():
        rows = (code & rooms_bit(rooms)).nonzero()[0]
        there, codes, wished = position[rows], code[rows], commune[rows]
        asked = np.unique(of_commune[of_rooms == rooms])
        first, last = wished.searchsorted(asked), wished.searchsorted(asked, side="right")
        for place, start, end in zip(asked.tolist(), first.tolist(), last.tolist(), strict=True):
            places[rooms, place] = Asking(there[start:end], codes[start:end])
    return places


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


def place_of(pool: Ints, position: int) -> int:
    """Return where a position stands in a pool, NOBODY where it is not in it."""
    place = int(pool.searchsorted(position))
    return place if place < len(pool) and pool[place] == position else NOBODY
