"""Can the targets of a scenario be met together, and with the law, on the leases a year should bring?

Checked on the territory as given, before anything is played. A contradiction whatever becomes vacant is a
fault; floors out of reach are told with what each row misses and the nearest floors that can be met, so that
a study can still be played. Left out on purpose: what a policy does of them, and what changes over the years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from optimizer.nearest import LAW, TOLERANCE, margin, nearest, shortfall
from sim.objectives.contradictions import contradictions
from sim.objectives.expected import Publics, Stock, publics_of, stock_of, types_of
from sim.objectives.proposal import proposed
from sim.objectives.rows import Row, Rows, rows_of, told_of
from sim.portrait.pending import people_of
from sim.portrait.vacancies import Expected
from sim.process.flows import flows_of
from sim.process.orientation import BAILLEUR, held
from sim.process.world import law_of
from sim.rules.law import Law
from sim.rules.peuplement import Places, Target, concertation, named, target_families
from sim.rules.peuplement.perimeters import selected
from sim.rules.peuplement.targets import LOW_RESOURCES, WITHOUT_CAPACITY
from sim.rules.quotas import Family, legal_families
from sim.rules.traits import People
from sim.scenario import Scenario
from sim.territory.columns import PEUPLEMENT_TYPES, Bools, Ints, Territory
from sim.territory.files.faults import FaultsFound

MONTHS_A_YEAR = 12

_UNTOLD = 1e-3
"""Leases a year under which nothing is told missing of a row of the proposal solved again."""


@dataclass(frozen=True)
class Coherence:
    """What was found of a scenario's targets.

    Attributes
    ----------
    leases : expected in a year; `neutral` of them go to households that no target counts
    source : "leases" or "hypotheses", where the level of the leases comes from
    rows : law first, then targets; rows without any lease are left out
    conflict : rows that cannot be met together though each could alone; `scarce` where pending demands bound
    margin : whole points by which every target could rise together; 0 where some row is short
    few : by target, rows that expect less than `small` leases over their window
    nowhere : by target, residences it would choose that are in no quartier
    uncapable : by target of a public with low resources, rows whose residences are all of a type without
        capacity to welcome it
    late : places of the targets published after the scenario's start
    start : the scenario's
    proposal : targets that can be met, verified; the scenario's own where all can
    """

    targets: tuple[Target, ...]
    leases: float
    neutral: float
    source: str
    rows: tuple[Row, ...]
    conflict: tuple[Row, ...]
    scarce: bool
    margin: int
    few: tuple[int, ...]
    small: int
    nowhere: tuple[int, ...]
    uncapable: tuple[int, ...]
    late: tuple[int, ...]
    start: date
    proposal: tuple[Target, ...]

    @property
    def short(self) -> tuple[Row, ...]:
        """The rows that are short."""
        return tuple(row for row in self.rows if row.short > 0)

    @property
    def met(self) -> bool:
        """Whether every target can be met."""
        return not any(row.objective != LAW for row in self.short)

    def of(self, objective: int) -> tuple[Row, ...]:
        """Return the rows of a target."""
        return tuple(row for row in self.rows if row.objective == objective)


@dataclass(frozen=True)
class _Setting:
    """What the rows of any targets are made of, on one territory."""

    scenario: Scenario
    territory: Territory
    law: Law
    places: Places
    types: Ints
    active: Bools  # (residences,)
    legal: tuple[Family, ...]
    stock: Stock
    people: People

    def families(self, targets: Sequence[Target]) -> tuple[Family, ...]:
        """Return the families of the law and of these targets."""
        return self.legal + target_families(
            targets, self.places, self.types, self.active, self.scenario.called
        )

    def publics(self, families: Sequence[Family]) -> Publics:
        """Return who could take what, as these families tell households apart."""
        return publics_of(self.scenario, self.territory, self.law, families, self.stock, self.people)

    def rows(self, targets: Sequence[Target], families: Sequence[Family], publics: Publics) -> Rows:
        """Return the rows of the law and of these targets."""
        single = [False] * len(self.legal) + [target.level == "residence" for target in targets]
        return rows_of(families, single, self.stock, publics, self.law.min_candidates)


def coherence(scenario: Scenario, territory: Territory, observed: Expected | None = None) -> Coherence | None:
    """Return whether the targets of a scenario can be met, and what is nearest; None with nothing to check.

    1. Refuse names the territory does not know, and floors that contradict each other or the law.
    2. Lay the year's expected leases and the pending demands in rows; find what each misses at best.
    3. Where some target is short, lower the floors as little as can be, and check the new targets again.

    Parameters
    ----------
    observed : leases of the trailing year, where the territory has enough of them

    Raises
    ------
    FaultsFound
        with every unknown name, or every contradiction.
    """
    if not scenario.target or not len(territory.demands.demand_id) or not len(territory.dwellings.rooms):
        return None
    setting = _setting(scenario, territory, observed)
    families = setting.families(scenario.target)
    faults = list(
        contradictions(families, territory.dwellings.residence, named(scenario.target), scenario.called)
    )
    if faults:
        raise FaultsFound(faults)
    publics = setting.publics(families)
    rows = setting.rows(scenario.target, families, publics)
    floors, found = rows.floors, shortfall(rows.floors)
    met = bool(found.met[~floors.law].all())
    told = told_of(
        families, len(setting.legal), rows, found, floors.percent if met else nearest(floors).percent
    )
    proposal = scenario.target
    if not met:
        proposal = proposed(scenario.target, told)
        again = setting.rows(proposal, setting.families(proposal), publics).floors
        if shortfall(again).short[~again.law].max(initial=0.0) > _UNTOLD:
            raise RuntimeError("les objectifs proposés ne sont pas tenus")
    collective = found.short - np.maximum(floors.need - floors.ceiling, 0.0) > TOLERANCE
    shared = bool((collective & ~floors.law).any())
    priced = shared & (found.price > TOLERANCE) & (floors.need <= floors.ceiling + TOLERANCE)
    start = scenario.time.start
    small, months = setting.law.small_number, [target.months for target in scenario.target]
    window = [row.leases * months[row.objective] / MONTHS_A_YEAR for row in told if row.objective != LAW]
    which = [row.objective for row in told if row.objective != LAW]
    few = np.bincount(which, np.array(window) < small, len(months)).astype(int)
    return Coherence(
        targets=scenario.target,
        leases=float(setting.stock.leases.sum()),
        neutral=float(setting.stock.leases.sum() - floors.supply.sum()),
        source="hypotheses" if observed is None else observed.source,
        rows=told,
        conflict=tuple(row for row, at in zip(told, rows.of.tolist(), strict=True) if priced[at]),
        scarce=shared and bool((found.class_price > TOLERANCE).any()),
        margin=margin(floors) if met else 0,
        few=tuple(few.tolist()),
        small=small,
        nowhere=tuple(_nowhere(target, setting) for target in scenario.target),
        uncapable=tuple(
            _uncapable(target, family, setting)
            for target, family in zip(scenario.target, families[len(setting.legal) :], strict=True)
        ),
        late=tuple(place for place, target in enumerate(scenario.target) if target.published_in.on > start),
        start=start,
        proposal=proposal,
    )


def _setting(scenario: Scenario, territory: Territory, observed: Expected | None) -> _Setting:
    law = law_of(scenario)
    people = people_of(territory, law)
    bailleur = territory.residences.bailleur[territory.dwellings.residence]
    count = np.bincount(bailleur, minlength=len(territory.bailleurs))
    own = held(scenario, flows_of(scenario, territory, law))[:, BAILLEUR]
    legal = legal_families(
        law,
        territory.bailleurs,
        bailleur,
        territory.residences.in_qpv[territory.dwellings.residence],
        scenario.departures.yearly_turnover,
        np.bincount(bailleur, own, len(count)) / np.maximum(count, 1),
    )
    types = types_of(scenario, territory, law, people.q1_threshold_eur)
    stock = stock_of(scenario, territory, law, observed)
    settled = concertation.active_residences(territory)
    return _Setting(scenario, territory, law, Places.of(territory), types, settled, legal, stock, people)


def _nowhere(target: Target, setting: _Setting) -> int:
    """Return how many residences a target by quartier would choose that have no quartier."""
    if target.level != "quartier":
        return 0
    chosen = selected(target, setting.places, setting.types, setting.active)
    return int((chosen & (setting.places.quartier == "")).sum())


def _uncapable(target: Target, family: Family, setting: _Setting) -> int:
    """Return how many rows of a public with low resources have no residence with capacity to welcome it."""
    if target.public not in LOW_RESOURCES:
        return 0
    lacks = np.isin(setting.types, [PEUPLEMENT_TYPES.index(name) for name in WITHOUT_CAPACITY])
    lacking, counted = lacks[setting.territory.dwellings.residence], family.by_dwelling >= 0
    without, some = (np.unique(family.by_dwelling[counted & each]) for each in (lacking, ~lacking))
    return len(np.setdiff1d(without, some))
