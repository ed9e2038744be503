"""What does a study hold still, to see what moves the rest? From the start on, never in the burn-in.

`no_new_supply` is in supply.py: it is part of what is planned. The demands are left as they are: a control
bears on who counts as living in the stock.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.process.filing import HOUSEHOLD
from sim.process.housing import Housing
from sim.process.state import State
from sim.process.world import World

COMPOSITION = ("grown", *HOUSEHOLD)
"""What tells one household from another in the stock."""

INCOMES = ("monthly_income_eur", "rfr_eur")


def freeze_incomes(housing: Housing, before: Housing) -> None:
    """Give households back the incomes they had, where they are the same household as before."""
    same = housing.household == before.household
    for name in INCOMES:
        now = getattr(housing, name)
        now[same] = getattr(before, name)[same]


def composition(housing: Housing, dwelling: int) -> tuple[Any, ...]:
    """Return the columns of COMPOSITION of a dwelling, in their order."""
    return tuple(getattr(housing, name)[dwelling].item() for name in COMPOSITION)


def like_leaver(world: World, state: State, dwelling: int, demand: int) -> tuple[Any, ...] | None:
    """Return the composition that a household moving in counts as, None where there is nobody to be like.

    1. That of the household who lived there last: a vacant dwelling keeps its columns.
    2. Where nobody ever did, that of a household that left a dwelling of as many rooms, drawn.
    """
    housing = state.housing
    if housing.household[dwelling]:
        return composition(housing, dwelling)
    assert state.left is not None
    rooms = world.territory.dwellings.rooms
    left = [one.columns for one in state.left if rooms[one.dwelling] == rooms[dwelling]]
    if not left:
        return None
    household, place = state.register.household[demand], world.dwelling_key[dwelling]
    drawn = world.chance.one("control/leaver", int(household), int(np.uint64(place)))
    return left[int(drawn * len(left))]
