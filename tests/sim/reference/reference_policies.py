"""Who is proposed under each policy? The policies of the reference engine, over lists of demands.

Joint matchings are found by trying every assignment: sittings must be small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from every_assignment import Option, best_assignment
from reference_people import Demand
from reference_rows import HUNDRED, Row

from sim.rules.traits import mask
from sim.scenario import Sittings

Lists = list[list[Demand]]

MUTATION = mask(["mutation"])


@dataclass
class Sitting:
    """What a policy may know: who is eligible for each vacancy, in cotation order, and the rows."""

    pools: Lists
    points: dict[Demand, int]
    first: set[Demand]  # whom the grid puts before any points
    rows: list[Row]
    chosen: Sittings
    usual: Callable[[int, Demand], float]  # what the usual order makes of a demand for a vacancy
    named: dict[int, Demand]  # presented alone by the préfet: the pool of the vacancy holds nobody else
    bonus: float = 0.0  # points that a mutation weighs more in a joint matching


# --- one dwelling after another ---------------------------------------------------------------------------


def in_turn(sitting: Sitting, key: Callable[[int, Demand], Any]) -> Lists:
    """Fill rank 1 of every list, then rank 2 …, with the first demand of each vacancy's order that may be.

    A demand is first once at most, on `max_lists` lists at most, and once on a list.
    """
    lists: Lists = [[] for _ in sitting.pools]
    times: Counter[Demand] = Counter()
    for rank in range(sitting.chosen.list_length):
        for place, pool in enumerate(sitting.pools):
            listed, leads = lists[place], {other[0] for other in lists if other}
            barred = leads if rank == 0 else set(listed)
            free = [d for d in pool if d not in barred and times[d] < sitting.chosen.max_lists]
            if free and len(listed) == rank:
                best = min(free, key=lambda demand: key(place, demand))
                listed.append(best)
                times[best] += 1
    return lists


def cotation_only(sitting: Sitting) -> Lists:
    return in_turn(sitting, lambda place, demand: sitting.pools[place].index(demand))


def cotation_oriented(sitting: Sitting) -> Lists:
    """The publics the targets ask each dwelling to welcome, then everybody else, each by points."""
    welcome = [0] * len(sitting.pools)
    for row in sitting.rows:
        for place in row.scope if row.target else ():
            welcome[place] |= row.public
    return in_turn(
        sitting,
        lambda place, demand: (not demand.traits & welcome[place], sitting.pools[place].index(demand)),
    )


def status_quo(sitting: Sitting) -> Lists:
    """The usual order: what was said of the demand and of the dwelling, and the commission's own part."""

    def key(place: int, demand: Demand) -> tuple[float, int, float, int]:
        return -sitting.usual(place, demand), demand.filed_s, demand.lottery, demand.key

    return in_turn(sitting, key)


def seniority(sitting: Sitting) -> Lists:
    return in_turn(sitting, lambda place, demand: (demand.filed_s, demand.lottery, demand.key))


def lottery(sitting: Sitting) -> Lists:
    return in_turn(sitting, lambda place, demand: demand.lottery)


# --- all dwellings together -------------------------------------------------------------------------------


def matched(sitting: Sitting, rows: Iterable[Row], kept: Lists | None = None, groups: int = 0) -> Lists:
    """Give each dwelling at most one first candidate, the best for all together, then complete the lists.

    1. Fill as many dwellings as can be.
    2. Of these assignments, the one of greatest worth of its pairs, less what rows are short.

    With `kept`, as many are first of each group (those alike in the traits `groups`) as in these lists, and a
    legal row needs no more than they gave it.
    """
    places = [place for place, pool in enumerate(sitting.pools) if pool]
    at = {place: number for number, place in enumerate(places)}
    rows = [replace(row, scope=[at[p] for p in row.scope if p in at]) for row in rows]
    rows = [row for row in rows if row.scope]
    worth, penalties = worths(sitting, rows)
    number = lottery_numbers(sitting)
    needs = [row.need(len(row.scope)) for row in rows]
    volumes: Counter[int] = Counter()
    if kept is not None:
        heads = {at[place]: listed[0].traits for place, listed in enumerate(kept) if listed}
        for n, row in enumerate(rows):
            if not row.target:
                given = sum(row.adds(heads[place]) for place in row.scope if place in heads)
                needs[n] = min(needs[n], given)
        volumes = Counter(traits & groups for traits in heads.values())
        for demand in {demand for pool in sitting.pools for demand in pool}:
            volumes[demand.traits & groups] += 0
    held = sorted(volumes)

    def adds(place: int, demand: Demand) -> tuple[int, ...]:
        """What somebody in a place adds to each row, then to each group from below and from above."""
        own = [row.adds(demand.traits) * (at[place] in row.scope) for row in rows]
        groups_of = [HUNDRED * (demand.traits & groups == group) for group in held]
        return (*own, *groups_of, *(-one for one in groups_of))

    options = [
        [Option(d, worth[d], number[d], adds(place, d)) for d in sitting.pools[place]] for place in places
    ]
    exact = [HUNDRED * volumes[group] for group in held]
    dearest = 2 * legal_penalty(sitting)
    leads = best_assignment(
        options,
        [*needs, *exact, *(-one for one in exact)],
        [*penalties, *[dearest] * 2 * len(held)],
    )
    lists: Lists = [[] for _ in sitting.pools]
    for place, lead in zip(places, leads, strict=True):
        if lead is not None:
            lists[place].append(lead)
    read = groups
    for row in rows:
        read |= row.public | row.excluded

    def net(place: int, demand: Demand) -> int:
        """Worth of a pair, less what it leaves short in the rows of this dwelling alone."""
        alone = [
            penalty * max(0, need - row.adds(demand.traits))
            for row, need, penalty in zip(rows, needs, penalties, strict=True)
            if row.scope == [at[place]]
        ]
        return worth[demand] - sum(alone)

    return completed(sitting, lists, lambda place, d: (-net(place, d), number[d]), read)


def completed(sitting: Sitting, lists: Lists, key: Callable[[int, Demand], Any], read: int) -> Lists:
    """Complete ranks 2 and after: the first one's publics before others, then the worth, then the lottery."""
    times = Counter(demand for listed in lists for demand in listed)
    for rank in range(1, sitting.chosen.list_length):
        for place, listed in enumerate(lists):
            free = [
                d
                for d in sitting.pools[place]
                if d not in listed and times[d] < sitting.chosen.max_lists and len(listed) == rank
            ]
            if free:
                public = listed[0].traits & read
                best = min(free, key=lambda d: (d.traits & read != public, key(place, d)))
                listed.append(best)
                times[best] += 1
    return lists


def lottery_numbers(sitting: Sitting) -> dict[Demand, int]:
    """The place of each candidate in the lottery of the candidates of this sitting."""
    candidates = {demand for pool in sitting.pools for demand in pool}
    return {demand: n for n, demand in enumerate(sorted(candidates, key=lambda d: d.lottery))}


def worths(sitting: Sitting, rows: list[Row]) -> tuple[dict[Demand, int], list[int]]:
    """The worth of each candidate, and what a hundredth of a lease short costs in each row.

    1. Points in the scenario's form; whom the grid puts first is above any points.
    2. A hundredth of a point is a whole number, and finer still: the lottery weighs less than a point.
    3. A quarter of a lease short in a legal row outweighs all points and targets; all targets of a dwelling
       together outweigh `max_points_forgone` points.
    """
    candidates = sorted({demand for pool in sitting.pools for demand in pool}, key=lambda d: d.key)
    if not candidates:
        return {}, [0 for _ in rows]
    weight, a_point = weighed(sitting, candidates)
    spread = max(*weight, 1)
    finer = max(1, min(32, 2**24 // (64 * HUNDRED * (2 * spread + 1))))
    filled = sum(1 for pool in sitting.pools if pool)
    luck = finer * HUNDRED // (filled + 1)
    number = lottery_numbers(sitting)
    worth = {
        demand: finer * HUNDRED * (weight[n] + (spread + 1) * (demand in sitting.first))
        + (len(candidates) - 1 - number[demand]) * luck // len(candidates)
        for n, demand in enumerate(candidates)
    }
    forgone = sitting.chosen.max_points_forgone * a_point
    legal = legal_penalty(sitting)
    targets = Counter(place for row in rows if row.target for place in row.scope)
    target = int(finer * forgone / max(1, *targets.values(), 1))
    return worth, [target if row.target else legal for row in rows]


def legal_penalty(sitting: Sitting) -> int:
    """What a hundredth of a lease short costs in a legal row."""
    candidates = {demand for pool in sitting.pools for demand in pool}
    if not candidates:
        return 0
    weight, a_point = weighed(sitting, candidates)
    spread = max(*weight, 1)
    finer = max(1, min(32, 2**24 // (64 * HUNDRED * (2 * spread + 1))))
    return int(finer * 4 * (2 * spread + sitting.chosen.max_points_forgone * a_point))


def weighed(sitting: Sitting, candidates: Iterable[Demand]) -> tuple[list[int], float]:
    """The weight of each candidate, a mutation's with its bonus, and what a point is worth in it."""
    candidates = list(candidates)
    found, a_point = weights([sitting.points[demand] for demand in candidates], sitting.chosen.weight)
    more = round(sitting.bonus * a_point)
    return [one + more * bool(d.traits & MUTATION) for one, d in zip(found, candidates, strict=True)], a_point


def iso(sitting: Sitting) -> Lists:
    """Targets pursued with as many first places a group as the legal rows alone give."""
    first = matched(sitting, [row for row in sitting.rows if not row.target])
    publics = [row.public for row in sitting.rows if row.target]
    if not publics:
        return first
    groups = mask(["first_quartile", "l441_1", "neutral"])
    for public in publics:
        groups |= public
    return matched(sitting, sitting.rows, first, groups)


def weights(points: list[int], form: str) -> tuple[list[int], float]:
    """Points in a form, from 0, and what a point is worth in it."""
    above = [one - min(points) for one in points]
    spread = max(*above, 1)
    if form == "points":
        return above, 1.0
    if form == "rank":
        levels = sorted(set(above))
        return [levels.index(one) * 1000 // max(len(levels) - 1, 1) for one in above], 1000 / spread
    return [int(np.round(1000 * np.log1p(one) / np.log1p(spread))) for one in above], 1000 / spread


POLICIES: dict[str, Callable[[Sitting], Lists]] = {
    "cotation_only": cotation_only,
    "cotation_matched": lambda sitting: matched(sitting, []),
    "cotation_quotas": lambda sitting: matched(sitting, [row for row in sitting.rows if not row.target]),
    "cotation_peuplement": lambda sitting: matched(sitting, sitting.rows),
    "cotation_peuplement_iso": iso,
    "cotation_oriented": cotation_oriented,
    "seniority": seniority,
    "status_quo": status_quo,
    "lottery": lottery,
}
