"""Which floors cannot be met together whatever becomes vacant and whoever asks?

Floors over the same leases: those of a row, and those that hold over a division of these leases. Two floors
on publics that exclude each other may not add up to more than all the leases; no more may a floor and what
the law owes to the others. Neutral households, that no target counts, are left out on purpose, and so are the
rows of one réservataire, whose leases are nowhere all those of a target.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import ceil

import numpy as np

from optimizer.nearest import LAW, TOLERANCE, Floors, shortfall
from sim.rules.quotas import TARGET, UNIT, Family
from sim.rules.traits import mask
from sim.territory.columns import Ints
from sim.territory.files.faults import Fault

_INCOMES = ((), ("first_quartile",), ("q2_q4",))
_BRACKETS = (
    (),
    ("below_60_plus",),
    ("below_60_plus", "below_40_plus"),
    ("below_60_plus", "below_40_plus", "below_20_plus"),
)
_OTHERS = ("l441_1", "essential_worker")

HOUSEHOLDS = np.array(
    [
        mask([*income, *bracket, *(name for name, held in zip(_OTHERS, flags, strict=True) if held)])
        for income, bracket, flags in product(
            _INCOMES, _BRACKETS, product((False, True), repeat=len(_OTHERS))
        )
    ]
)
"""Signatures of every household there can be, as targets tell them apart, none of them neutral."""


def contradictions(
    families: Sequence[Family], residence_of: Ints, calls: Sequence[str], file: str
) -> Iterator[Fault]:
    """Give a fault for each set of floors that no leases meet together, none of which could be left out.

    Parameters
    ----------
    residence_of : (dwellings,) residence of each dwelling; no row without a réservataire divides a residence
    calls : how a fault calls each target, in the order of their families
    file : that the targets are written in, as faults call it
    """
    whole = [family for family in families if family.holder is None]
    residences, first = np.unique(residence_of, return_index=True)
    if not len(residences) or not whole:
        return
    members = np.array([family.by_dwelling[first] for family in whole])
    tried: set[frozenset[int]] = set()
    told: set[tuple[int, ...]] = set()
    targets = [place for place, family in enumerate(whole) if family.tier == TARGET]
    rows = [(number, row) for number, own in enumerate(members) for row in np.unique(own[own >= 0]).tolist()]
    for number, row in rows:
        over = _over(members, number, row)
        if over in tried or not over & set(targets):
            continue
        tried.add(over)
        together = _irreducible(whole, sorted(over, key=lambda each: (each in targets, each)))
        if together and together not in told:
            told.add(together)
            called = dict(zip(targets, calls, strict=True))
            yield _fault(whole, together, called, whole[number].labels[row], file)


def _over(members: Ints, number: int, row: int) -> frozenset[int]:
    """Return the families whose rows divide the leases of a row, itself included."""
    inside = members[number] == row
    found = []
    for other, member in enumerate(members):
        own = member[inside]
        if (own >= 0).all() and not np.isin(member[~inside], own).any():
            found.append(other)
    return frozenset(found)


def _irreducible(families: Sequence[Family], over: Sequence[int]) -> tuple[int, ...]:
    """Return floors of `over` that cannot be met together, none of which can be left out; none if all can."""
    kept = list(over)
    if _missing([families[each] for each in kept]) <= TOLERANCE:
        return ()
    for each in list(kept):
        without = [other for other in kept if other != each]
        if without and _missing([families[other] for other in without]) > TOLERANCE:
            kept = without
    return tuple(kept)


def _missing(families: Sequence[Family]) -> float:
    """Return the least part of the leases that floors over all of them miss, 0 where they can be met."""
    count = len(families)
    every = np.ones(count)
    floors = Floors(
        supply=np.ones(1),
        demand=np.ones(len(HOUSEHOLDS)),
        open=np.ones((1, len(HOUSEHOLDS)), dtype=bool),
        row=np.arange(count),
        cell=np.zeros(count, dtype=np.int64),
        public=np.array([(HOUSEHOLDS & family.public) != 0 for family in families]),
        base=every,
        given=np.zeros(count),
        percent=np.array([family.percent for family in families]),
        objective=np.full(count, LAW + 1),
    )
    return float(shortfall(floors).short.sum())


def _fault(
    families: Sequence[Family], together: Sequence[int], called: Mapping[int, str], where: str, file: str
) -> Fault:
    floors = [families[each] for each in together]
    names = [
        f"{called.get(each) or _of_law(family)} ({family.percent} %)"
        for each, family in zip(together, floors, strict=True)
    ]
    too_much = ceil(round(_missing(floors) * UNIT, 6))
    message = (
        "des planchers sur les mêmes baux ne peuvent être tenus ensemble, quels que soient les logements et "
        f"les demandes : {', '.join(names)}"
    )
    first = min(list(called).index(each) for each in together if each in called)
    mend = f"en abaisser un ou plusieurs de {too_much} centième(s) en tout ; lieu : {where}"
    return Fault(file, message, mend, column=f"target[{first}].floor")


def _of_law(family: Family) -> str:
    """Return how a fault calls a legal row: by its own name where it is the only one of its rule."""
    return family.labels[0] if len(family.labels) == 1 else family.rule
