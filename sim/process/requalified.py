"""Of which type is each residence on each 1 January of a run?

1. As the run begins the ruler is fixed on those who live there, and each residence is qualified from the type
   given or signed (sim/rules/peuplement). Its type at the start is that one, else the one its occupation has.
2. Each 1 January it is qualified again on the same ruler, from what was read of it the year before: a type
   changes when the interval of the score has left its band.
3. A type that the figures of the start do not bear out is not undone by them: it stays as many steps from
   what is read of the occupation, within the four.
4. Where the income of no occupant has been known yet, the residence reads as the EPCI's mean.

Left out on purpose: a type moved by the partners during the run. Targets, orientation, vacancies and leases
read the type at the start, as it was agreed; the reactions of households ([feedback]) that of the year.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.process.snapshot import counter, occupants
from sim.process.state import State
from sim.process.supply import ALWAYS
from sim.process.world import World
from sim.rules.peuplement import POPULATION, Observed, observe, qualify
from sim.rules.traits import traits_of
from sim.territory.columns import PEUPLEMENT_TYPES


def qualify_first(world: World, state: State) -> None:
    """Fix the ruler on the fixed threshold, and say of which type each residence is at the start."""
    given, stands = world.territory.residences.peuplement_type, world.plan.delivered_s == ALWAYS
    described = observe(world.territory, world.law, state.q1_fixed_eur, standing=stands)
    observed = observed_now(world, state, described)
    found = qualify(observed, world.scenario.qualification.choice(), given)
    mean = found.ruler.types(found.ruler.score(observed.population.x, observed.population.n))
    state.peuplement_type = np.where(given >= 0, given, np.where(found.known, found.statistical, mean))
    state.steps = np.where(found.type >= 0, state.peuplement_type - found.type, 0)
    state.reading, state.qualified = found, state.peuplement_type


def qualify_again(world: World, state: State) -> None:
    """Say of which type each residence is this 1 January."""
    before = state.reading
    assert before is not None
    observed = observed_now(world, state, before.observed)
    found = qualify(observed, before.choice, before.type, before.ruler)
    moved = np.clip(found.type + state.steps, 0, len(PEUPLEMENT_TYPES) - 1)
    state.qualified = np.where(found.type >= 0, moved, state.peuplement_type)
    state.reading = found


def observed_now(world: World, state: State, described: Observed) -> Observed:
    """Return what is observed of the residences: who lives there now, the rest as described before.

    Incomes are those of the occupants now, on the fixed ruler.
    """
    # Simplified: between two qualifications, only the incomes of its occupants move a residence's type.
    x, n = (counts.copy() for counts in (described.population.x, described.population.n))
    counted, here = counter(world), state.housing.occupied
    people = occupants(world, state, state.q1_fixed_eur)
    known = {"first_quartile": people.income_uc_eur > 0, "below_40_plus": ~np.isnan(people.rfr_eur)}
    traits = traits_of(people)
    for name, told in known.items():
        place = POPULATION.index(name)
        x[:, place], n[:, place] = counted(here & told & traits[name]), counted(here & told)
    return replace(described, households=counted(here), population=replace(described.population, x=x, n=n))
