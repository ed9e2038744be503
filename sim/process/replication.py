"""What does one replication play? A burn-in, then each policy from the same state."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim import invariants
from sim.outcomes import DAY_S, Outcomes
from sim.policies import JOINT, POLICIES
from sim.process import demand_flow, demand_traits, filing
from sim.process.admission import admit, new_year
from sim.process.ageing import income_levels
from sim.process.changes import first_deaths
from sim.process.commission import Watcher
from sim.process.engine import play
from sim.process.feedback import read_waits
from sim.process.household_life import grown_children
from sim.process.housing import NEVER, Housing
from sim.process.moves import draw_tenancies, set_clocks
from sim.process.orientation import unreserved
from sim.process.requalified import qualify_first
from sim.process.review import review_times
from sim.process.snapshot import take_stock
from sim.process.state import Ledger, State
from sim.process.supply import ALWAYS
from sim.process.telling import tell
from sim.process.tenancies import LONG_NOTICE_S, mutation_times, notice_times, reread_exits
from sim.process.vacancy import Freed
from sim.process.world import World, world_of
from sim.rules.cotation import Grid, check_examples
from sim.rules.cotation import load as load_grid
from sim.rules.eligibility import first_quartile_threshold
from sim.rules.peuplement import Places, concertation, target_families
from sim.rules.quotas import Family, legal_families
from sim.scenario import Scenario
from sim.territory.columns import Territory
from sim.territory.files.about import read_about
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.reading import read_territory
from sim.territory.files.sheets import read_workbook
from sim.territory.synthetic.build import load_spec, synthesise


def territory_of(scenario: Scenario) -> Territory:
    """Return the territory of a scenario: read from its folder, or synthesised from its .toml.

    Raises
    ------
    FaultsFound
        with every fault of the files, or when values are replaced in a folder of tables.
    """
    path, values = scenario.path(scenario.territory.path), scenario.territory.values
    if path.is_dir():
        if values:
            message = "seul un territoire de synthèse a des valeurs à remplacer"
            raise FaultsFound([Fault(scenario.name, message, column="territory.values")])
        return decided_territory(path)
    spec = load_spec(path, values)
    return synthesise(spec, scale=scenario.scale, seed=scenario.territory.territory_seed)


def decided_territory(folder: Path) -> Territory:
    """Return the territory of a folder, with the types that its partners have signed.

    Raises
    ------
    FaultsFound
        with every fault of the tables, or of the workbook that territory.toml names (`overrides`).
    """
    return with_signed(read_territory(folder), folder)


def with_signed(territory: Territory, folder: Path, on: date | None = None) -> Territory:
    """Return a territory read from a folder, with the types that its partners have signed.

    Parameters
    ----------
    on : day on which the decisions are read, see `concertation.with_decisions`

    Raises
    ------
    FaultsFound
        with every fault of the workbook that territory.toml names (`overrides`).
    """
    overrides = read_about(folder).overrides
    if overrides is None:
        return territory
    book = concertation.read(read_workbook(folder / overrides), territory)
    return concertation.with_decisions(territory, book, on)


def grid_of(scenario: Scenario) -> Grid:
    """Return the scenario's (first) grid, its worked examples checked.

    Raises
    ------
    FaultsFound
        for a grid that is partial, malformed, or whose own examples fail.
    """
    return _checked(scenario.path(scenario.grids[0]))


def mutation_grid_of(scenario: Scenario) -> Grid | None:
    """Return the grid of mutations' own, checked as `grid_of` does; None where the scenario has none."""
    file = scenario.grid.mutations
    return None if file is None else _checked(scenario.path(file))


def _checked(path: Path) -> Grid:
    if not path.is_file():
        load_grid(path)  # says what is missing
    written = path.stat()
    return _read(path, written.st_mtime_ns, written.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, _written_ns: int, _size: int) -> Grid:
    """Read and check a grid once for all the replications of a process, while its file stays as it is."""
    grid = load_grid(path)
    faults = check_examples(grid, path.name)
    if faults:
        raise FaultsFound(faults)
    return grid


def replicate(
    scenario: Scenario,
    territory: Territory,
    policies: Sequence[str],
    replication: int,
    watch: Watcher | None = None,
    grid: Grid | None = None,
) -> Iterator[tuple[str, Outcomes]]:
    """Play a replication: the burn-in once, then each policy from a copy of the state it leaves.

    `grid` stands for the scenario's where given.

    Yields
    ------
    (policy, outcomes), in the order of `policies`; the same policy may be named twice.

    Raises
    ------
    InvariantBroken
        when a run contradicts itself: a fault of ours (sim/invariants).
    """
    world, state = _burnt_in(scenario, territory, replication, grid)
    for place, name in enumerate(policies, start=1):
        branch = state if place == len(policies) else state.copy()  # the last one needs no copy
        yield name, _run(world, branch, name, watch)


@dataclass(frozen=True)
class Branch:
    """A policy to play from a burnt-in state, and the scenario that holds from second 0 on."""

    policy: str
    scenario: Scenario


def before_start(scenario: Scenario) -> Scenario:
    """Return a scenario without what a run reads from second 0 on alone: its targets and what these override.

    Scenarios equal but for that leave the burn-in in the same state. A joint matching reads
    `max_points_forgone` where there is no target too: it stays where one plays the burn-in.
    """
    alone = {"target": (), "policies": scenario.policies.model_copy(update={"compare": ()})}
    if scenario.time.burn_in_policy not in JOINT:
        alone["sittings"] = scenario.sittings.model_copy(update={"max_points_forgone": 0})
    return scenario.model_copy(update=alone)


def replicate_branches(
    branches: Sequence[Branch], territory: Territory, replication: int
) -> Iterator[tuple[Branch, Outcomes]]:
    """Play one burn-in, then each branch from a copy of the state it leaves.

    The events of a branch are those that `replicate` gives under its scenario.

    Raises
    ------
    ValueError
        when the scenarios differ in what the burn-in reads.
    """
    if any(before_start(one.scenario) != before_start(branches[0].scenario) for one in branches[1:]):
        raise ValueError("ces scénarios n'ont pas la même mise en route : les jouer séparément")
    shared, state = _burnt_in(branches[0].scenario, territory, replication)
    for place, branch in enumerate(branches, start=1):
        own = state if place == len(branches) else state.copy()
        world = replace(shared, scenario=branch.scenario)
        own.families = _families(world, own)
        yield branch, _run(world, own, branch.policy, None)


def _burnt_in(
    scenario: Scenario, territory: Territory, replication: int, grid: Grid | None = None
) -> tuple[World, State]:
    """Return the world of a replication, and its state at second 0."""
    grid = grid or grid_of(scenario)
    world = world_of(scenario, territory, grid, replication, mutation_grid_of(scenario))
    with _no_collection():
        state = initial_state(world)
        if state.now_s < 0:
            before = scenario.time.burn_in_policy
            play(world, state, POLICIES[before], 0, parameters=scenario.policies.of(before))
        open_run(world, state)
    return world, state


def _run(world: World, state: State, policy: str, watch: Watcher | None) -> Outcomes:
    """Play the compared run under a policy from a state; return what happened, checked."""
    with _no_collection():
        play(world, state, POLICIES[policy], world.end_s, watch, world.scenario.policies.of(policy))
        close_run(world, state)
        outcomes = tell(world, state)
        invariants.check(outcomes)
    return outcomes


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of cycles from looking, again and again, at a run's many small objects.

    They leave no cycles behind: what a run holds is the same with the collector as without.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def initial_state(world: World) -> State:
    """Return the territory as given, standing at the first second of the burn-in."""
    register = demand_flow.pending_register(world)
    state = State(
        now_s=world.start_s,
        housing=_housed(world),
        register=register,
        open_rows=np.arange(register.size),
        arrivals=np.zeros(0, dtype=np.int64),
        arrivals_s=np.zeros(0, dtype=np.int64),
        vacancies={},
        ledger=Ledger(*(np.zeros(0, dtype=np.int64) for _ in range(4))),
        q1_threshold_eur=first_quartile_threshold(register.income_uc_eur),
        year=world.day(world.start_s).year,
        families=_legal_families(world),
    )
    first_deaths(world, state)
    tenants = register.mutation_of
    waiting = np.flatnonzero(tenants >= 0)
    state.housing.demand[tenants[waiting]] = waiting
    state.housing.mutation_s[tenants[waiting]] = NEVER
    waiting = waiting[register.operation[waiting] < 0]
    place, hazard = tenants[waiting], demand_flow.mutation_hazard(world)
    state.housing.mutation_s[place] = mutation_times(
        world, hazard, register.household[waiting], state.housing.mutations[place], register.leaves_s[waiting]
    )
    demand_traits.read_traits(world, state, state.open_rows)
    state.open_rows = demand_traits.oldest_first(register, state.open_rows)
    if world.laws.rules_demand:
        state.await_filing(demand_flow.arrivals_by_law(world, state))
    else:
        state.await_filing(demand_flow.arrivals(world, state, state.year))
    vacant = np.flatnonzero(state.housing.exists & ~state.housing.occupied & ~world.laws.stream).tolist()
    notice_s = world.start_s - LONG_NOTICE_S
    state.freed = [Freed(dwelling, "initial", notice_s, notice_s, "initial") for dwelling in vacant]
    return state


def open_run(world: World, state: State) -> None:
    """Begin the compared run at second 0: turn the year, fix the rulers, qualify, set the targets.

    Without a burn-in there is no year to turn: the territory stands as given on that 1 January.
    """
    state.now_s = 0
    if state.year < world.day(0).year:
        draw_tenancies(world, state, demand_flow.mutation_hazard(world))
        new_year(world, state, income_levels(world), world.day(0).year)
    state.records.thresholds[state.year] = state.q1_threshold_eur
    state.q1_fixed_eur = state.q1_threshold_eur
    set_strategy(world, state)
    read_waits(world, state)
    state.waits_at_start_s = state.waits_s
    if world.scenario.control.entrants_like_leavers:
        state.left = []
    state.register.signature_filed[state.open_rows] = state.register.signature[state.open_rows]
    take_stock(world, state)
    reread_exits(world, state, 0)  # households react to the residences qualified


def set_strategy(world: World, state: State) -> None:
    """Fix the ruler on the fixed threshold, qualify the residences, set the legal rows and the targets."""
    qualify_first(world, state)
    state.families = _families(world, state)


def close_run(world: World, state: State) -> None:
    """End the compared run: what demands did by themselves since the last sitting, and the year's turn."""
    hazard = demand_flow.mutation_hazard(world)
    draw_tenancies(world, state, hazard)
    state.now_s = world.end_s - 1
    admit(world, state, hazard)
    state.now_s = world.end_s
    if world.scenario.time.length_s is None:
        new_year(world, state, income_levels(world), world.day(world.end_s).year)


def _families(world: World, state: State) -> tuple[Family, ...]:
    """Return what the law and the scenario's targets ask, the residences being qualified."""
    active = concertation.active_residences(world.territory)  # a type that is open asks for nothing
    yearly = {label: leases.yearly for label, leases in state.counted.items()}
    return _legal_families(world, yearly) + target_families(
        world.scenario.target,
        Places.of(world.territory),
        state.peuplement_type,
        active,
        world.scenario.called,
    )


def _legal_families(world: World, counted_a_year: Mapping[str, int] | None = None) -> tuple[Family, ...]:
    turnover = world.scenario.departures.yearly_turnover
    return legal_families(
        world.law,
        world.territory.bailleurs,
        world.bailleur,
        world.in_qpv,
        turnover,
        unreserved(world),
        counted_a_year or {},
    )


def _housed(world: World) -> Housing:
    """Return the occupants by dwelling, with their next notice and mutation drawn."""
    occupants, count = world.territory.occupants, len(world.dwelling_key)
    place = occupants.dwelling
    housing = Housing(
        occupied=np.zeros(count, dtype=bool),
        household=np.zeros(count, dtype=np.uint64),
        household_id=np.full(count, "", dtype=object),
        lease_s=np.zeros(count, dtype=np.int64),
        adults=np.ones(count, dtype=np.int64),
        grown=np.zeros(count, dtype=np.int64),
        children=np.zeros(count, dtype=np.int64),
        teens=np.zeros(count, dtype=np.int64),
        age=np.zeros(count, dtype=np.int64),
        activity=np.zeros(count, dtype=np.int64),
        monthly_income_eur=np.full(count, np.nan),
        rfr_eur=np.full(count, np.nan),
        notice_s=np.full(count, NEVER),
        exit_left=np.zeros(count),
        exit_rate=np.ones(count),
        exit_read_s=np.zeros(count, dtype=np.int64),
        ends_s=np.full(count, NEVER),
        ends_by=np.zeros(count, dtype=np.int64),
        years_above=np.zeros(count, dtype=np.int64),
        mutation_s=np.full(count, NEVER),
        review_s=np.full(count, NEVER),
        mutations=np.zeros(count, dtype=np.int64),
        demand=np.full(count, -1),
        exists=world.plan.delivered_s == ALWAYS,
        fresh=np.zeros(count, dtype=bool),
    )
    for name in ("adults", "children", "teens", "age", "activity", "monthly_income_eur", "rfr_eur"):
        getattr(housing, name)[place] = getattr(occupants, name)
    housing.grown[place] = grown_children(occupants.adults)
    housing.occupied[place] = True
    housing.household_id[place] = occupants.household_id.astype(object)
    housing.household[place] = filing.household_keys(occupants.household_id)
    days = demand_flow.days_before(world.territory.as_of, occupants.lease_on)
    housing.lease_s[place] = world.start_s - days * DAY_S
    key, lease_s = housing.household[place], housing.lease_s[place]
    rate = set_clocks(world, housing, place, world.start_s)
    housing.notice_s[place] = notice_times(world, key, place, lease_s, world.start_s, rate=rate)
    hazard = demand_flow.mutation_hazard(world)
    housing.mutation_s[place] = mutation_times(world, hazard, key, housing.mutations[place], world.start_s)
    housing.review_s[place] = review_times(world, place, lease_s, world.start_s)
    return housing
