"""What does a commission see today, on a territory's own tables?

The same Sitting as a run's, built by the same code from what is known on one day: the territory's demands,
leases, offers, designations and vacancies. Nothing is drawn of the future: demands given are open, who is
recognised is who is said to be, declared statuses are what they are. Left out on purpose: the reading of the
tables, which is the front's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from sim.chance import identity
from sim.outcomes import DAY_S, YEAR_S
from sim.policies.parameters import Parameters
from sim.policies.sitting import Sitting
from sim.process import demand_traits
from sim.process.designation import on_lists
from sim.process.housing import NEVER
from sim.process.register import CLOSED, OFFERED
from sim.process.replication import initial_state, set_strategy
from sim.process.sittings import convene
from sim.process.state import Counted, Ledger, State
from sim.process.steering import NO_LEASE, period_start
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World, world_of
from sim.rules.cotation import Grid
from sim.rules.fit_codes import label_bit
from sim.scenario import Scenario
from sim.scenario.reading import changed
from sim.territory.columns import RESERVATAIRES, Dates, Floats, Ints, Territory, length

NAMED, DELEGATED, BY_BAILLEUR = MODES = ("named", "delegated", "bailleur")
"""Who forms the pool of a vacancy: the réservataire's list, its labels, or the bailleur."""

STILL: Mapping[str, float | bool] = {
    "supply.delivered": 0.0,
    "supply.demolished": 0.0,
    "supply.sold": 0.0,
    "household.active": False,
    "dalo.appeals_per_year": 0.0,
    "essential_workers.verified_share": 1.0,
}
"""What a run draws and a day knows: nothing comes, nobody changes, statuses are as declared."""


@dataclass(frozen=True)
class Vacant:
    """A dwelling to let."""

    dwelling: int  # row of the territory's dwellings
    available_on: date
    reservataire: int  # index into RESERVATAIRES
    mode: str  # of MODES


@dataclass(frozen=True)
class SignedLeases:
    """Leases already signed, (n,): what quotas and targets have counted so far."""

    dwelling: Ints
    signed_on: Dates
    reservataire: Ints
    signature: Ints  # mask of the traits declared


@dataclass(frozen=True)
class Since:
    """A lease that the tables do not hold, by the labels of the rows where it counts, and of those it serves.

    `signed_on` : None while the offer awaits its answer
    """

    signed_on: date | None
    rows: Sequence[str]
    served: Sequence[str]


@dataclass(frozen=True)
class Known:
    """What is known on the day, beside the territory; pairs are (row of dwelling, row of demand).

    Attributes
    ----------
    designated : candidates that a réservataire names
    in_flight : offers that await their answer
    proposed : candidates already proposed the vacancy of today
    locked, forbidden : pairs that a person puts first, or takes off
    owed : demands owed a dwelling since a refusal in an RPMS, with the day of it (R21)
    points : (demands,) given points that stand for the grid's, None where the grid counts
    counters : leases of the year by the label of their legal row, known by their number alone
    since : leases signed and offers made since the tables were written
    awaiting, closed : demands that have such an offer, and demands that are no longer open
    q1_threshold_eur : EUR a year and consumption unit, None to read it on the pending demands
    """

    vacant: Sequence[Vacant]
    leases: SignedLeases | None = None
    designated: Sequence[tuple[int, int]] = ()
    in_flight: Sequence[tuple[int, int]] = ()
    proposed: Sequence[tuple[int, int]] = ()
    owed: Mapping[int, date] = field(default_factory=dict)
    locked: Sequence[tuple[int, int]] = ()
    forbidden: Sequence[tuple[int, int]] = ()
    points: Floats | None = None
    counters: Mapping[str, Counted] = field(default_factory=dict)
    since: Sequence[Since] = ()
    awaiting: Sequence[int] = ()
    closed: Sequence[int] = ()
    q1_threshold_eur: float | None = None


@dataclass(frozen=True)
class Today:
    """The Sitting of a day, with the world and the state it was read from.

    `whole` is the sitting before a person locked or took off anybody.
    """

    world: World
    state: State
    vacancies: tuple[Vacancy, ...]
    sitting: Sitting
    whole: Sitting

    def chosen(self, known: Known) -> Today:
        """Return the same day with what a person locks or takes off in `known`; nothing else is read anew."""
        return replace(self, sitting=_chosen(self.whole, known))


def today(
    scenario: Scenario,
    territory: Territory,
    grid: Grid,
    on: date,
    known: Known,
    parameters: Parameters,
    mutation_grid: Grid | None = None,
) -> Today:
    """Build the Sitting of a day.

    1. Stand the territory at 1 January of the year, with dates as they are; move to the day.
    2. Demands given are open; points given stand for the grid's.
    3. Write the leases signed, the offers in flight, what was proposed and what is owed; whoever is housed or
       waits for an answer is in no pool.
    4. Convene over the vacancies; a dwelling designated by name keeps to its list.

    Parameters
    ----------
    on : day of the sitting
    """
    first = date(on.year, 1, 1)
    still = {"time.start": first, "time.years": 1, "time.burn_in_months": 0, "runs.seed": 0, **STILL}
    world = world_of(
        changed(scenario, still),
        replace(territory, as_of=first),  # dates are read against it: they fall where they are
        grid,
        0,
        mutation_grid,
    )
    state = _standing(world, on, known)
    vacancies = tuple(_vacancy(world, one, known) for one in known.vacant)
    sitting = convene(world, state, vacancies, None, parameters)
    sitting = on_lists(world, state, sitting, vacancies)
    return Today(world, state, vacancies, sitting, sitting).chosen(known)


def _chosen(sitting: Sitting, known: Known) -> Sitting:
    """Return the sitting with what a person locked or took off; a pair out of its pool stays out."""
    place = {dwelling: vacancy for vacancy, dwelling in enumerate(sitting.dwelling.tolist())}

    def pairs(given: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        found = [(place[dwelling], int(sitting.position[demand])) for dwelling, demand in given]
        return [(vacancy, who) for vacancy, who in found if who in sitting.pools[vacancy]]

    pools = list(sitting.pools)
    for vacancy, who in pairs(known.forbidden):
        pools[vacancy] = pools[vacancy].without([who])
    return replace(sitting, pools=pools, locked=dict(pairs(known.locked)))


def _standing(world: World, on: date, known: Known) -> State:
    """Return the state of the day."""
    state = initial_state(world)
    register, rows = state.register, np.arange(state.register.size)
    register.leaves_s[:] = NEVER
    designated = world.territory.demands.dalo_bailleur[register.template]
    register.dalo_bailleur[:] = designated  # by the préfet, or nobody: none is drawn
    state.now_s = world.second(on)
    if known.q1_threshold_eur is not None:
        state.q1_threshold_eur = known.q1_threshold_eur
    state.q1_fixed_eur = state.q1_threshold_eur
    for dwelling, demand in known.designated:  # whom a réservataire names is of its pool
        for one in known.vacant:
            if one.dwelling == dwelling:
                register.labels[demand] |= 1 << one.reservataire
                register.fit[demand] |= label_bit(one.reservataire)
    demand_traits.read_traits(world, state, rows)
    demand_traits.recognise(world, state, rows)
    register.state[list(known.awaiting)] = OFFERED
    register.state[list(known.closed)] = CLOSED
    given = rows[: length(world.territory.demands)]  # those after are a run's own arrivals
    waiting = given[(register.filed_s[given] <= state.now_s) & (register.state[given] != CLOSED)]
    state.open_rows = demand_traits.oldest_first(register, waiting)
    state.given_points = known.points
    state.counted = known.counters
    refusals = world.territory.demands.attributes.get("unjustified_refusals_24m")
    if refusals is not None:  # as declared: a run counts its own
        register.refusals[:] = np.nan_to_num(refusals)[register.template]
    if known.leases is not None:
        state.ledger = _ledger(world, known.leases)
    for dwelling, demand in known.in_flight:
        vacancy = _vacancy(world, Vacant(dwelling, on, RESERVATAIRES.index("aucun"), BY_BAILLEUR), known)
        vacancy.offers = [Offer(demand, 1, 0, "", "", 0, offered_s=state.now_s)]
        state.vacancies[vacancy.key] = vacancy
        register.state[demand] = OFFERED
    state.rpms_debts = {demand: world.second(day) for demand, day in known.owed.items()}
    set_strategy(world, state)
    _count_since(world, state, known.since)
    return state


def _count_since(world: World, state: State, since: Sequence[Since]) -> None:
    """Add to each row the leases signed in its period, and the offers made, that the tables do not hold."""
    start_s = {label: period_start(world, state, one) for one in state.families for label in one.labels}
    counted, due = dict(state.counted), dict[str, tuple[int, int]]()
    for lease in since:
        for label in lease.rows:
            served = int(label in lease.served)
            if lease.signed_on is None:
                made, made_served = due.get(label, (0, 0))
                due[label] = made + 1, made_served + served
            elif label in start_s:
                signed_s = world.second(lease.signed_on)
                here = int(start_s[label] <= signed_s <= state.now_s)
                year = int(state.now_s - YEAR_S <= signed_s <= state.now_s)
                held = counted.get(label, NO_LEASE)
                counted[label] = Counted(
                    held.signed + here, held.to_public + here * served, held.yearly + year
                )
    state.counted, state.due = counted, due


def _vacancy(world: World, one: Vacant, known: Known) -> Vacancy:
    """Return a dwelling to let as the commission examines it."""
    name = str(world.territory.dwellings.dwelling_id[one.dwelling])
    available_s = world.second(one.available_on)
    named = frozenset(demand for dwelling, demand in known.designated if dwelling == one.dwelling)
    by_name = one.mode == NAMED or bool(named)
    return Vacancy(
        key=identity(f"vacancy|{name}|{one.available_on.isoformat()}"),
        vacancy_id=name,
        dwelling=one.dwelling,
        cause="table",
        keys_s=available_s,
        available_s=available_s,
        reservataire=one.reservataire,
        designated=by_name or one.mode == DELEGATED,
        tried={demand for dwelling, demand in known.proposed if dwelling == one.dwelling},
        by_name=by_name,
        named=named if by_name else None,
    )


def _ledger(world: World, leases: SignedLeases) -> Ledger:
    first = np.datetime64(world.scenario.time.start, "D")
    signed_s = (leases.signed_on - first).astype("timedelta64[D]").astype(np.int64) * DAY_S
    order = np.argsort(signed_s, kind="stable")
    columns = (signed_s, leases.dwelling, leases.reservataire, leases.signature)
    return Ledger(*(column[order].astype(np.int64) for column in columns))
