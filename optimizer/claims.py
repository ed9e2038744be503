"""Who would have which place, if every class asked the applicants it values most, one after another?

A deferred acceptance: quick, near the best where rows bind little, and no more than a start for the search.
It tells which pairs to begin with, and how far down each class has to look.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.columns import best_first
from optimizer.problem import Ints
from optimizer.relaxation import Programme

CROWDED, MOST = 100, 1_000_000
"""From so many places on, and up to so many pairs, it is worth the while."""

_FEW, _FURTHER = 10, 4
"""Pairs of a class in the first pool for each of its places, and beyond the last it asked."""


@dataclass(frozen=True)
class Claims:
    """Pairs that a class and an applicant both hold to, and a pool that reaches further than these."""

    chosen: Ints
    pool: Ints


def crowded(programme: Programme) -> bool:
    """Tell whether a search had better begin from claims."""
    return programme.places >= CROWDED and programme.applicant.size <= MOST


def claims(programme: Programme) -> Claims:
    """Return the pairs held when no class is refused any more, and a pool to begin with.

    1. Each place of a class asks the applicant of its best pair not asked yet, the lowest in the lottery
       among equals.
    2. An applicant holds to the pair that is worth most; the place refused asks the next.
    3. In the pool are a class's best few pairs for each place, and a few beyond the last it asked.
    """
    order = best_first(programme, programme.value)
    applicant, value = programme.applicant[order].tolist(), programme.value[order].tolist()
    group, end = programme.group[order].tolist(), programme.start[1:].tolist()
    following = programme.start[:-1].tolist()
    held: dict[int, int] = {}
    places = np.minimum(programme.capacity, programme.sizes).astype(np.int64)
    asking = np.repeat(np.arange(places.size), places).tolist()
    while asking:
        one = asking.pop()
        while following[one] < end[one]:
            at = following[one]
            following[one] += 1
            before = held.get(applicant[at])
            if before is None:
                held[applicant[at]] = at
                break
            if (value[at], -group[at]) > (value[before], -group[before]):
                held[applicant[at]] = at
                one = group[before]
    asked = np.array(following) - programme.start[:-1]
    wanted = np.maximum(_FEW * places, asked + _FURTHER)
    rank = np.arange(order.size) - np.repeat(programme.start[:-1], programme.sizes)
    return Claims(order[sorted(held.values())], order[rank < wanted[programme.group]])
