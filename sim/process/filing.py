"""What does the register hold of a demand from the day it is filed?

Its household, what it asks and its attributes are a template's, but for what is known; what follows from
them is read, when it will lapse or be recognised is drawn. Left out on purpose: who files, and when
(demand_flow.py); traits (demand_traits.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance import Keys, identities, identity
from sim.outcomes import DAY_S
from sim.process import dalo
from sim.process.closing import lapse_times
from sim.process.household_life import grown_children
from sim.process.housing import NEVER
from sim.process.register import CAUSES, Register, Rows, wish_words
from sim.process.world import World
from sim.rules.eligibility import income_uc_eur
from sim.rules.fit_codes import demand_codes
from sim.territory.columns import Demands, Ints, take

HOUSEHOLD = ("adults", "children", "teens", "age", "activity", "monthly_income_eur", "rfr_eur")
ASKED = ("first_commune", "rooms_min", "rooms_max", "max_rent_eur", "needs_accessible", "labels", "l441_1")

REHOUSED = "right_to_rehousing"
"""The attribute of who is rehoused by an operation."""


class Ids(NamedTuple):
    """Who files: (n,) names of demands and households, objects, and their identities."""

    demand_id: NDArray[Any]
    household_id: NDArray[Any]
    key: Keys
    household: Keys


def file(
    world: World,
    register: Register,
    ids: Ids,
    filed_s: Ints,
    template: Rows,
    open_s: Ints | int | None = None,
    **known: NDArray[Any],
) -> Rows:
    """Add demands to the register and return their rows.

    Parameters
    ----------
    filed_s : (n,)
    template : (n,) row of the territory's demands each is, or is drawn from
    open_s : when they are known to be open, if later than their filing
    known : columns that are not the template's
    """
    drawn = take(world.territory.demands, template)
    own = {name: known.get(name, getattr(drawn, name)) for name in HOUSEHOLD}
    asked = {name: known.get(name, getattr(drawn, name)) for name in ASKED}
    persons, count = own["adults"] + own["children"], len(filed_s)
    mutation_of = known.get("mutation_of", np.full(count, -1))
    ranked = persons + ((own["adults"] == 1) & (own["children"] > 0))
    income = own["monthly_income_eur"], own["adults"], own["children"], own["teens"]
    open_from = filed_s if open_s is None else open_s
    columns = {
        "mutation_of": mutation_of,
        "cause": np.where(mutation_of >= 0, CAUSES.index("mutation"), 0),
        "grown": grown_children(own["adults"]),
        "operation": np.full(count, -1),
        **known,
        **own,
        **asked,
        **ids._asdict(),
        "template": template,
        "filed_s": filed_s,
        "leaves_s": lapse_times(world, ids.key, template, filed_s, open_from),
        "dalo_s": dalo.recognitions(world, ids.key, filed_s, open_from, _recognition(drawn, filed_s)),
        "dalo_due_s": np.full(count, NEVER) if open_s is None else _stated(drawn, filed_s),
        "dalo_bailleur": dalo.designated_bailleurs(
            world, ids.key, -1 if open_s is None else drawn.dalo_bailleur
        ),
        "income_uc_eur": income_uc_eur(world.law, *income),
        "persons": persons,
        "ranked": ranked,
        "fit": demand_codes(
            world.law,
            asked["needs_accessible"],
            asked["labels"],
            own["rfr_eur"],
            ranked,
            persons,
            asked["rooms_min"],
            asked["rooms_max"],
        ),
        "attribute:unjustified_refusals_24m": drawn.attributes.get(
            "unjustified_refusals_24m", np.zeros(count)
        ),
    }
    for name, column in drawn.attributes.items():
        columns.setdefault(f"attribute:{name}", column)
    if REHOUSED in register.attributes:
        columns.setdefault(f"attribute:{REHOUSED}", np.full(count, -1))
    return register.append(columns, wish_words(drawn.wishes))


def owe(register: Register, rows: Rows, operation: Ints) -> None:
    """Let an operation rehouse the households of demands: a right that no anniversary ends."""
    register.operation[rows] = operation
    register.attribute(REHOUSED)[rows] = 1
    register.leaves_s[rows] = NEVER


def household_keys(household_ids: NDArray[Any]) -> Keys:
    """Return the identities of households, the same whether they wait or are housed."""
    return np.array([identity(f"household|{text}") for text in household_ids.tolist()], dtype=np.uint64)


def demand_keys(demand_ids: NDArray[Any]) -> Keys:
    """Return the identities of demands."""
    return identities(f"demand|{text}" for text in demand_ids.tolist())


def _recognition(demands: Demands, filed_s: Ints) -> Ints:
    """Return when each demand is recognised under DALO, at the delay of its own recognition after filing."""
    recognised = ~np.isnat(demands.dalo_recognised_on)
    delay = (demands.dalo_recognised_on - demands.filed_on).astype("timedelta64[D]").astype(np.int64)
    return np.where(recognised, filed_s + np.maximum(np.where(recognised, delay, 0), 0) * DAY_S, NEVER)


def _stated(demands: Demands, filed_s: Ints) -> Ints:
    """Return by when an offer is owed to each demand as its territory states it, NEVER where it does not."""
    stated = ~np.isnat(demands.dalo_deadline)
    days = (demands.dalo_deadline - demands.filed_on).astype("timedelta64[D]").astype(np.int64)
    return np.where(stated, filed_s + np.where(stated, days, 0) * DAY_S, NEVER)
