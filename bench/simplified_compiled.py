"""How fast can the problem of simplified.py be played at all? Compiled, with nothing computed twice.

A bucket by typology and zone, as in numpy, of which each place holds in one whole number what orders the
list: score × n − number, n applicants being numbered in the order of filing. A score is never computed anew:
an anniversary adds to it. Those who reach their kth year do so in the order of filing, so that the next of
each k is all there is to remember. A lower limit, not a program anyone would extend.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from simplified import ANYWHERE, MOST_YEARS, NOBODY, POINTS_A_YEAR, TYPOLOGIES, YEAR_US, ZONES, Draws, Ints

BUCKETS = TYPOLOGIES * (ZONES + 1)


def compiled_buckets(draws: Draws) -> Ints:
    """Return who is housed in each vacancy, (m,)."""
    bucket = draws.typology * (ZONES + 1) + draws.zone
    order = np.empty((BUCKETS, np.bincount(bucket, minlength=BUCKETS).max()), dtype=np.int64)
    first = draws.vacant_typology * (ZONES + 1)
    asks = (draws.filed, draws.leaves, np.argsort(draws.leaves), bucket, draws.points)
    vacancies = (draws.vacant, first + draws.vacant_zone, first + ANYWHERE, draws.refuses)
    housed: Ints = _play(*asks, *vacancies, order, np.zeros(BUCKETS, dtype=np.int64))
    return housed


@njit
def _play(filed, leaves, leaving, bucket, points, vacant, own, anywhere, refuses, order, size):
    """Play the vacancies.

    1. Before each vacancy enter those who filed, add the anniversaries, take out those who left.
    2. Offer to the largest number of two buckets, then to the largest below it, until one accepts.
    """
    n = len(filed)
    place = np.full(n, NOBODY)
    housed = np.full(len(vacant), NOBODY)
    entering, left, next_of = 0, 0, np.zeros(MOST_YEARS + 1, dtype=np.int64)
    for vacancy in range(len(vacant)):
        now = vacant[vacancy]
        while entering < n and filed[entering] <= now:
            b = bucket[entering]
            order[b, size[b]] = points[entering] * n - entering
            place[entering] = size[b]
            size[b] += 1
            entering += 1
        for years in range(1, MOST_YEARS + 1):
            while next_of[years] < n and filed[next_of[years]] + years * YEAR_US <= now:
                row = next_of[years]
                if place[row] != NOBODY:
                    order[bucket[row], place[row]] += POINTS_A_YEAR * n
                next_of[years] += 1
        while left < n and leaves[leaving[left]] <= now:
            _leave(leaving[left], n, bucket, place, order, size)
            left += 1
        best = np.iinfo(np.int64).max
        for refused in refuses[vacancy]:
            below, best = best, -n  # below every number that orders the list
            for b in (own[vacancy], anywhere[vacancy]):
                best = _largest(order[b, : size[b]], best, below)
            if best == -n:
                break
            if not refused:
                housed[vacancy] = -best % n
                _leave(-best % n, n, bucket, place, order, size)
                break
    return housed


@njit
def _largest(order, above, below):
    """Return the largest number of a bucket between two, the lower where there is none."""
    best = above
    for one in order:
        if best < one < below:
            best = one
    return best


@njit
def _leave(row, n, bucket, place, order, size):
    """Take an applicant out of the bucket, if still there; the last one takes the place."""
    if place[row] == NOBODY:
        return
    b = bucket[row]
    size[b] -= 1
    last = order[b, size[b]]
    order[b, place[row]] = last
    place[-last % n] = place[row]
    place[row] = NOBODY
