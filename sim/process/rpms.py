"""Who is owed the next adapted dwelling outside the RPMS, after a refusal in one (R21)?

A commission may keep a household that meets the scenario's criterion out of a residence listed as RPMS. It
then owes it a debt: the first vacant dwelling outside the RPMS that fits it, of any bailleur of the
territory, is proposed to it first. The debt is paid when such a dwelling is proposed, whatever the answer.

No decree gives the criteria: without one in the scenario nobody is kept out, and with one the outputs say so.
Neutral households (DALO, relogement, protection from violence) are never kept out.

Source: CCH L.441-2-2, L.441-1-6 3° bis.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.policies.pool import Pool
from sim.process.register import CLOSED
from sim.process.state import State
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.rules.traits import mask, trait
from sim.scenario import Scenario
from sim.territory.columns import Bools, Ints

MOTIVE = "RPMS"
"""Motive of a non-attribution that opens a debt."""


def notes(scenario: Scenario) -> list[str]:
    """Return what every output must say where a scenario gives a criterion."""
    if scenario.rpms.refuses is None:
        return []
    return [
        "RPMS : aucun décret ne fixe les critères de l'article L. 441-2-2 ; le critère "
        f"« {trait(scenario.rpms.refuses).label_fr} » est une hypothèse du scénario, pour étude seulement."
    ]


def kept_out(
    world: World, state: State, demand: Ints, dwelling: Ints, vacancy_key: NDArray[np.uint64]
) -> Bools:
    """Tell which candidates the commission keeps out of an RPMS, (n,)."""
    choice, register = world.scenario.rpms, state.register
    out = np.zeros(len(demand), dtype=bool)
    if choice.refuses is None:
        return out
    signature = register.signature[demand]
    concerned = (signature & mask([choice.refuses]) != 0) & (signature & mask(["neutral"]) == 0)
    rows = np.flatnonzero(concerned & world.in_rpms[dwelling])
    if len(rows):
        drawn = world.chance.uniform("rpms-refusal", register.household[demand[rows]], vacancy_key[rows])
        out[rows] = drawn < choice.refusal_share
    return out


def owe(state: State, demand: int, refused_s: int) -> None:
    """Open a debt to a household kept out; one that is open already stays as old as it is."""
    state.rpms_debts.setdefault(demand, refused_s)


def proposed(world: World, state: State, demand: int, dwelling: int) -> None:
    """Pay the debt of a household to which a dwelling outside the RPMS is proposed."""
    if not world.in_rpms[dwelling]:
        state.rpms_debts.pop(demand, None)


def forget_closed(state: State) -> None:
    """Drop the debts to demands that have closed."""
    for demand in [row for row in state.rpms_debts if state.register.state[row] == CLOSED]:
        del state.rpms_debts[demand]


def oldest_first(state: State) -> list[int]:
    """Return the demands that are owed a dwelling, the oldest debt first, then by identity."""
    key = state.register.key
    return sorted(state.rpms_debts, key=lambda demand: (state.rpms_debts[demand], int(key[demand])))


def owed_first(
    world: World,
    state: State,
    vacancies: Sequence[Vacancy],
    position: Ints,
    eligible: Sequence[Pool],
    taken: Collection[int],
) -> Mapping[int, int]:
    """Return the position of the household that is first by its debt, by vacancy.

    The oldest debt takes the first vacancy outside the RPMS whose pool it is in, and so on; `taken` are the
    vacancies that the préfet has named a household for. `position`, `eligible` as in `pools.pools`.
    """
    owed: dict[int, int] = {}
    if not state.rpms_debts:
        return owed
    outside = [
        place
        for place, vacancy in enumerate(vacancies)
        if place not in taken and not world.in_rpms[vacancy.dwelling]
    ]
    for at in position[oldest_first(state)].tolist():
        place = next((place for place in outside if place not in owed and at in eligible[place]), None)
        if place is not None:
            owed[place] = at
    return owed
