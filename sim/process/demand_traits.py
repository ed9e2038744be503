"""What is a demand as things stand today: its traits, what it fits, its place among those that wait?

Read when it is filed, and again when its situation, the law's threshold or a recognition has changed. Left
out on purpose: the changes themselves (changes.py, documents.py), and points, which the grid gives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.chance import Keys
from sim.process import dalo
from sim.process.register import Register, Rows
from sim.process.scores import stale
from sim.process.state import State
from sim.process.world import World
from sim.rules.eligibility import income_uc_eur, plus_ceiling_eur
from sim.rules.fit_codes import demand_codes
from sim.rules.traits import People, mask, signature

FITS = ("needs_accessible", "labels", "rfr_eur", "ranked", "persons", "rooms_min", "rooms_max")
"""What a demand fits follows from these."""


def read_traits(world: World, state: State, rows: Rows, *, at_filing: bool = True) -> None:
    """Compute the traits of demands and draw their lottery number of the year."""
    register = state.register
    reread(world, state, rows)
    register.lottery[rows] = world.chance.uniform(
        f"lottery/{world.day(state.now_s).year}", register.key[rows]
    )
    if at_filing:
        register.signature_filed[rows] = register.signature[rows]


def _people(world: World, state: State, rows: Rows) -> People:
    register = state.register
    flags = {
        name: register.attribute(name)[rows] == 1
        if name in register.attributes
        else np.zeros(len(rows), bool)
        for name in (
            "pdalhpd",
            "accord_collectif",
            "violence_proven",
            "right_to_rehousing",
            "essential_worker",
        )
    }
    return People(
        adults=register.adults[rows],
        children=register.children[rows],
        teens=register.teens[rows],
        age=register.age[rows],
        activity=register.activity[rows],
        income_uc_eur=register.income_uc_eur[rows],
        rfr_eur=register.rfr_eur[rows],
        mutation=register.of_tenants(rows),
        dalo=register.under_dalo(rows, np.maximum(state.now_s, register.filed_s[rows])),
        recognised=register.l441_1[rows] | flags["pdalhpd"] | flags["accord_collectif"],
        violence=flags["violence_proven"],
        relogement=flags["right_to_rehousing"],
        essential_worker=_verified(world, register.household[rows], flags["essential_worker"]),
        needs_accessible=register.needs_accessible[rows],
        q1_threshold_eur=state.q1_threshold_eur,
        plus_ceiling_eur=plus_ceiling_eur(world.law, register.persons[rows], _single_parent(register, rows)),
    )


def _single_parent(register: Register, rows: Rows) -> NDArray[np.bool_]:
    return register.ranked[rows] > register.persons[rows]


def _verified(world: World, household: Keys, declared: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which declared statuses of essential worker a household's documents confirm (R22)."""
    rows, verified = np.flatnonzero(declared), declared.copy()
    if len(rows):
        drawn = world.chance.uniform("essential-documents", household[rows])
        verified[rows] = drawn < world.scenario.essential_workers.verified_share
    return verified


def restate(world: World, state: State, rows: Rows) -> None:
    """Read again what follows from the columns of demands, once these have changed."""
    register = state.register
    household = register.adults[rows], register.children[rows]
    register.persons[rows] = sum(household)
    register.ranked[rows] = register.persons[rows] + ((household[0] == 1) & (household[1] > 0))
    register.income_uc_eur[rows] = income_uc_eur(
        world.law, register.monthly_income_eur[rows], *household, register.teens[rows]
    )
    asked = tuple(getattr(register, name)[rows] for name in FITS)
    register.fit[rows] = demand_codes(world.law, *asked)
    reread(world, state, rows)


def reread(world: World, state: State, rows: Rows) -> None:
    """Compute anew the traits of demands whose situation has changed, and have their points counted again."""
    state.register.signature[rows] = signature(_people(world, state, rows))
    stale(state.register, rows)


def recognise(world: World, state: State, rows: Rows) -> None:
    """Give the DALO trait and the State's label to demands whose recognition has come."""
    register = state.register
    due = rows[register.dalo_s[rows] <= state.now_s]
    due = due[register.under_dalo(due, state.now_s)]
    if len(due):
        dalo.label(state, due)
        reread(world, state, due[register.signature[due] & mask(["dalo"]) == 0])


def oldest_first(register: Register, rows: Rows) -> Rows:
    """Return rows by filing, then by lottery number, then by identity."""
    if len(rows) < 2:
        return rows
    return rows[np.lexsort((register.key[rows], register.lottery[rows], register.filed_s[rows]))]
