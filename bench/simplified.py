"""What does housing a scored waiting list come to, reduced to what any program can play?

The problem, whole. 60,000 applicants wait at the start; they filed over the five years before, evenly. 14,000
more file each year, evenly. Each asks for one of 5 typologies, in one of 20 zones or, 30 % of them, in any
zone, and leaves the list by itself at a hazard of 1/15 a year. 10,000 vacancies a year, evenly, are each of a
typology and a zone. A vacancy is offered to the applicants it suits, highest score first, the earlier filed
first among equals; 30 % of offers are refused, and a refusal costs nothing; after 50 offers, or when nobody
is left, the vacancy is lost. The score is 0 to 79 points and 5 a year waited, whole years, ten at most. Ten
years are played.

All draws are made beforehand (`drawn`): refusals belong to the nth offer of a vacancy. Every program that
plays them right houses the same applicant in each vacancy, and `checksum` tells so. Times are whole
microseconds, so that no two events fall together. Two programs here: SimPy as it is written first, and numpy;
a compiled one is in simplified_compiled.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import simpy
from numpy.typing import NDArray

Ints = NDArray[np.int64]

YEAR_US = 31_557_600 * 1_000_000
TYPOLOGIES, ZONES = 5, 20
ANYWHERE = ZONES  # the zone of those who accept any
ANYWHERE_SHARE, REFUSAL_SHARE = 0.3, 0.3
PATIENCE_YEARS, FILED_BEFORE_YEARS = 15.0, 5.0
POINTS, POINTS_A_YEAR, MOST_YEARS = 80, 5, 10
MOST_OFFERS = 50
NOBODY = -1


@dataclass(frozen=True)
class Size:
    """How many wait at the start, file a year, fall vacant a year, and for how long."""

    waiting: int = 60_000
    arrivals_a_year: int = 14_000
    vacancies_a_year: int = 10_000
    years: int = 10

    def times(self, factor: float) -> Size:
        """Return a list so many times as long, with as many times the arrivals and vacancies."""
        counts = (self.waiting, self.arrivals_a_year, self.vacancies_a_year)
        return Size(*(round(factor * count) for count in counts), self.years)


@dataclass(frozen=True)
class Draws:
    """Everything that chance decides.

    Attributes
    ----------
    filed, leaves : (n,) of each applicant, in the order of filing, microseconds since the start
    typology, zone, points : (n,) what is asked for, ANYWHERE for any zone; points without seniority
    vacant, vacant_typology, vacant_zone : (m,) of each vacancy, in the order of time, microseconds
    refuses : (m, 50) bool, whether the nth offer of a vacancy is refused
    """

    filed: Ints
    leaves: Ints
    typology: Ints
    zone: Ints
    points: Ints
    vacant: Ints
    vacant_typology: Ints
    vacant_zone: Ints
    refuses: NDArray[np.bool_]


def drawn(size: Size, seed: int = 1) -> Draws:
    """Draw an instance of the problem."""
    draw = np.random.default_rng(seed)
    end = size.years * YEAR_US
    arriving, vacancies = size.arrivals_a_year * size.years, size.vacancies_a_year * size.years
    n = size.waiting + arriving
    before = draw.integers(-int(FILED_BEFORE_YEARS * YEAR_US), 0, size.waiting)
    filed = np.sort(np.concatenate([before, draw.integers(1, end, arriving)]))
    patience = (draw.exponential(PATIENCE_YEARS, n) * YEAR_US).astype(np.int64)
    return Draws(
        filed=filed,
        leaves=np.maximum(filed, 0) + patience,
        typology=draw.integers(0, TYPOLOGIES, n),
        zone=np.where(draw.random(n) < ANYWHERE_SHARE, ANYWHERE, draw.integers(0, ZONES, n)),
        points=draw.integers(0, POINTS, n),
        vacant=np.sort(draw.integers(1, end, vacancies)),
        vacant_typology=draw.integers(0, TYPOLOGIES, vacancies),
        vacant_zone=draw.integers(0, ZONES, vacancies),
        refuses=draw.random((vacancies, MOST_OFFERS), dtype=np.float32) < REFUSAL_SHARE,
    )


def checksum(housed: Ints) -> str:
    """Return the digest of who is housed, vacancy after vacancy, NOBODY where it is lost."""
    return hashlib.sha256(np.asarray(housed, dtype="<i8").tobytes()).hexdigest()[:16]


# --- SimPy, as it is written first: a process an applicant, the list filtered then sorted at each vacancy.


@dataclass(frozen=True, slots=True)
class Applicant:
    """One applicant, as an object."""

    number: int
    filed: int
    leaves: int
    typology: int
    zone: int
    points: int

    def score(self, now: int) -> int:
        """Return the points at a time."""
        return self.points + POINTS_A_YEAR * min((now - self.filed) // YEAR_US, MOST_YEARS)


def simpy_model(draws: Draws) -> tuple[simpy.Environment, list[int]]:
    """Return the model, which its caller runs, and the list it fills: who is housed, by vacancy."""
    env, waiting, housed = simpy.Environment(), {}, []
    columns = (draws.filed, draws.leaves, draws.typology, draws.zone, draws.points)

    def live(one: Applicant) -> Iterator[simpy.Event]:
        waiting[one.number] = one
        yield env.timeout(one.leaves - env.now)
        waiting.pop(one.number, None)

    def file() -> Iterator[simpy.Event]:
        for number, values in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            one = Applicant(number, *values)
            if one.filed > env.now:
                yield env.timeout(one.filed - env.now)
            env.process(live(one))

    def let() -> Iterator[simpy.Event]:
        vacancies = zip(draws.vacant, draws.vacant_typology, draws.vacant_zone, draws.refuses, strict=True)
        for vacant, typology, zone, refuses in vacancies:
            yield env.timeout(int(vacant) - env.now)
            typology, zone = int(typology), int(zone)
            suited = [
                one
                for one in waiting.values()
                if one.typology == typology and (one.zone == zone or one.zone == ANYWHERE)
            ]
            suited.sort(key=lambda one: (-one.score(env.now), one.number))
            offers = zip(suited, refuses.tolist(), strict=False)
            taker = next((one.number for one, refused in offers if not refused), NOBODY)
            waiting.pop(taker, None)
            housed.append(taker)

    env.process(file())
    env.process(let())
    return env, housed


# --- numpy: a bucket of rows by typology and zone; a vacancy computes the scores of two buckets anew.


class Buckets:
    """Rows of those who wait, by typology and zone, unordered: the last takes the place of one who left."""

    def __init__(self, draws: Draws) -> None:
        bucket = draws.typology * (ZONES + 1) + draws.zone
        count = TYPOLOGIES * (ZONES + 1)
        self.bucket = bucket.tolist()
        self.rows = np.zeros((count, np.bincount(bucket, minlength=count).max()), dtype=np.int64)
        self.size = [0] * count
        self.place = [NOBODY] * len(bucket)

    def enter(self, row: int) -> None:
        """Put a row at the end of its bucket."""
        bucket = self.bucket[row]
        self.rows[bucket, self.size[bucket]] = row
        self.place[row] = self.size[bucket]
        self.size[bucket] += 1

    def leave(self, row: int) -> None:
        """Take a row out of its bucket, if it is still there."""
        place, bucket = self.place[row], self.bucket[row]
        if place == NOBODY:
            return
        self.size[bucket] -= 1
        last = int(self.rows[bucket, self.size[bucket]])
        self.rows[bucket, place], self.place[last] = last, place
        self.place[row] = NOBODY

    def suited(self, typology: int, zone: int) -> Ints:
        """Return the rows that a vacancy suits."""
        first = typology * (ZONES + 1)
        return np.concatenate([self.rows[b, : self.size[b]] for b in (first + zone, first + ANYWHERE)])


def numpy_buckets(draws: Draws) -> Ints:
    """Return who is housed in each vacancy, (m,).

    1. Before each vacancy enter those who filed, and take out those who left, since the one before.
    2. Score those it suits; one whole number a row holds score, then filing, so that the largest comes first.
    3. Offer to the largest until one accepts.
    """
    n, buckets = len(draws.filed), Buckets(draws)
    housed = np.full(len(draws.vacant), NOBODY)
    arriving, leaving = iter(enumerate(draws.filed.tolist())), iter(np.argsort(draws.leaves).tolist())
    entering, left = next(arriving, None), next(leaving, None)
    vacancies = zip(
        draws.vacant.tolist(), draws.vacant_typology.tolist(), draws.vacant_zone.tolist(), strict=True
    )
    for vacancy, (now, typology, zone) in enumerate(vacancies):
        while entering is not None and entering[1] <= now:
            buckets.enter(entering[0])
            entering = next(arriving, None)
        while left is not None and draws.leaves[left] <= now:
            buckets.leave(left)
            left = next(leaving, None)
        rows = buckets.suited(typology, zone)
        years = np.minimum((now - draws.filed[rows]) // YEAR_US, MOST_YEARS)
        order = (draws.points[rows] + POINTS_A_YEAR * years) * n - rows
        for refused in draws.refuses[vacancy, : len(rows)].tolist():
            best = order.argmax()
            if not refused:
                housed[vacancy] = rows[best]
                buckets.leave(int(rows[best]))
                break
            order[best] = -n
    return housed
