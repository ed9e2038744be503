"""Whom does a réservataire name for a dwelling, and does the commission keep to its list?

A dwelling designated by name is examined on the list alone, from its first sitting until the delay ends; a
policy may order the list, and never completes it. Whom the law puts first (DALO, an RPMS debt) comes before
it. A list is drawn once, whatever the policy: a réservataire that follows the strategy names its best scored,
so that what the targets change is the order alone; another follows its own practice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.policies.pool import Pool
from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.process.legality import ShortlistRefused
from sim.process.state import State
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.territory.columns import Bools, Ints


def follows(world: World, vacancies: Sequence[Vacancy]) -> Bools:
    """Return for which vacancies whoever holds them today follows the strategy, (V,)."""
    leaning = np.array([vacancy.leaning for vacancy in vacancies])
    holder = np.array([vacancy.holder for vacancy in vacancies], dtype=np.int64)
    agreed: Bools = leaning < world.flows.adherence[holder]
    return agreed


def on_lists(world: World, state: State, sitting: Sitting, examined: Sequence[Vacancy]) -> Sitting:
    """Return the sitting with the pools of dwellings designated by name cut to their lists.

    1. A dwelling for which the préfet names a household alone (DALO) is that household's.
    2. Else, at the first sitting that examines the dwelling, its réservataire names candidates of its pool.
    3. At every sitting the pool is what remains of the list, and whoever an RPMS debt puts first there; a
       short list stays short.
    """
    if not any(vacancy.by_name and vacancy.designated for vacancy in examined):
        return sitting
    agrees, pools = follows(world, examined), list(sitting.pools)
    for place, vacancy in enumerate(examined):
        if not (vacancy.by_name and vacancy.designated) or place in sitting.named:
            continue
        pool = pools[place]
        if vacancy.named is None:
            chosen = named(world, state, sitting, vacancy.key, pool, bool(agrees[place]))
            vacancy.named = frozenset(sitting.demand[chosen].tolist())
        listed = {*sitting.position[list(vacancy.named)].tolist(), sitting.owed.get(place, NOBODY)}
        pools[place] = Pool.of(np.array(sorted(one for one in listed if one in pool), dtype=np.int32))
    return replace(sitting, pools=pools)


def named(world: World, state: State, sitting: Sitting, key: int, pool: Pool, follows_strategy: bool) -> Ints:
    """Return whom a réservataire names among the eligible of its pool, as positions of the sitting."""
    choice = world.scenario.designation
    count = round(choice.named_count)
    if follows_strategy or len(pool) <= count:
        return pool.first(count)  # in cotation order
    eligible = pool.all()
    if choice.practice == "seniority":
        order = np.argsort(sitting.seniority[eligible], kind="stable")
    else:
        who = state.register.key[sitting.demand[eligible]]
        order = np.argsort(world.chance.uniform("designation", who, key), kind="stable")
    chosen: Ints = np.sort(eligible[order[:count]])
    return chosen


def hold_named(
    world: World,
    state: State,
    policy: str,
    sitting: Sitting,
    examined: Sequence[Vacancy],
    shortlist: Shortlist,
) -> None:
    """Check that nobody is listed for a dwelling designated by name whom its réservataire did not name.

    Raises
    ------
    ShortlistRefused
        naming the sitting, the dwelling and the demand.
    """
    for place, vacancy in enumerate(examined):
        if not (vacancy.by_name and vacancy.designated):
            continue
        by_law = NOBODY, sitting.named.get(place, NOBODY), sitting.owed.get(place, NOBODY)
        for position in shortlist.rows[place].tolist():
            if position in by_law:
                continue
            demand = int(sitting.demand[position])
            if demand not in (vacancy.named or ()):
                dwelling = str(world.territory.dwellings.dwelling_id[vacancy.dwelling])
                who = str(state.register.demand_id[demand])
                rule = "not on the list of its réservataire"
                raise ShortlistRefused(policy, sitting.held_on, dwelling, who, rule)
