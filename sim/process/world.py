"""What is given to a replication? Territory, law, grid, chance, drawn effects: a World never changes.

Left out on purpose: what changes while it is played (state.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, Keys, identities
from sim.outcomes import DAY_S, MONTH_S
from sim.process.flows import Flows, flows_of
from sim.process.hazards import ExitRates, exit_rates
from sim.process.laws import Laws, laws_of
from sim.process.supply import Plan, planned
from sim.rules.cotation import Grid, reads
from sim.rules.fit_codes import DwellingCodes, dwelling_codes
from sim.rules.housing_aid import aid_zone
from sim.rules.law import Law, departement
from sim.scenario import Scenario, Time
from sim.territory.columns import Bools, Floats, Ints, Territory


@dataclass(frozen=True)
class World:
    """One replication of one scenario, before anything happens.

    # Simplified: euros are constant, so the law of the scenario's start holds through burn-in and run.
    """

    scenario: Scenario
    territory: Territory
    grid: Grid
    mutation_grid: Grid | None  # of demands by tenants, where they have their own
    law: Law
    chance: Chance
    dwelling_key: Keys  # (D,)
    residence_effect: Floats  # (residences,) log-odds of accepting a dwelling there
    rent_due_eur: Floats  # (D,) rent and charges a month
    laws: Laws
    templates: NDArray[
        np.int64
    ]  # rows of the territory's demands by identity: what is drawn does not depend on rows
    codes: DwellingCodes  # what each dwelling reads of a demand
    alike: Ints  # (D,) dwellings of one number are alike to every demand
    bailleur: Ints  # (D,)
    commune: Ints  # (D,)
    in_qpv: Bools  # (D,)
    plan: Plan  # how the stock itself will change
    flows: Flows  # to whom freed dwellings are oriented

    @cached_property
    def of_tenants(self) -> NDArray[np.int64]:
        """Templates of the demands of tenants: those of the territory, or all where it has none."""
        tenants = self.templates[(self.territory.demands.mutation_of >= 0)[self.templates]]
        return tenants if len(tenants) else self.templates

    @cached_property
    def stock_by_bailleur(self) -> Ints:
        """Dwellings of each bailleur, (bailleurs,)."""
        return np.bincount(self.bailleur, minlength=len(self.territory.bailleurs))

    @cached_property
    def refusals_cost(self) -> bool:
        """Tell whether the grid takes refusals into account."""
        return "unjustified_refusals_24m" in reads(self.grid)

    @cached_property
    def aid_zone(self) -> Ints:
        """Zone of the housing aid of each dwelling, 1 to 3."""
        return aid_zone(self.law, self.territory.residences.zone)[self.territory.dwellings.residence]

    @cached_property
    def rank_by_name(self) -> list[int]:
        """Rank of each dwelling by dwelling_id, the first 0, (D,)."""
        order = np.argsort(self.territory.dwellings.dwelling_id, kind="stable")
        rank: list[int] = np.argsort(order).tolist()
        return rank

    @property
    def rooms(self) -> Ints:
        """Rooms of each dwelling, (D,)."""
        return self.territory.dwellings.rooms

    @cached_property
    def in_rpms(self) -> Bools:
        """Whether each dwelling is in a residence listed as RPMS, (D,)."""
        return self.territory.residences.is_rpms[self.territory.dwellings.residence]

    @cached_property
    def dalo_delay_s(self) -> Ints:
        """Legal delay for an offer under DALO by commune, in seconds; the last is for no commune.

        A commune's département is the head of its INSEE code; the territory's first one where it has none.
        """
        first = (*self.territory.departements, "")[0]
        codes = [departement(code) or first for code in self.territory.communes]
        return np.array([self.law.dalo_offer_months(code) for code in (*codes, first)]) * MONTH_S

    @cached_property
    def epoch_days(self) -> int:
        """Days from 1970-01-01 to the scenario's start."""
        return (self.scenario.time.start - date(1970, 1, 1)).days

    @cached_property
    def start_s(self) -> int:
        """Second at which the burn-in begins; the territory as given stands there."""
        return _start_s(self.scenario.time)

    @cached_property
    def exits(self) -> ExitRates:
        """By what the hazard of leaving a dwelling is multiplied."""
        return exit_rates(self.scenario, self.territory, self.law, self.chance)

    @property
    def end_s(self) -> int:
        """Second at which the run ends."""
        return _end_s(self.scenario.time)

    def january(self, year: int) -> int:
        """Return the second at which a calendar year begins."""
        return self.second(date(year, 1, 1))

    def second(self, day: date) -> int:
        """Return the second at which a day begins."""
        return (day - self.scenario.time.start).days * DAY_S

    def day(self, second: int) -> date:
        """Return the day in which a second falls."""
        return self.scenario.time.start + timedelta(days=second // DAY_S)


def world_of(
    scenario: Scenario, territory: Territory, grid: Grid, replication: int, mutation_grid: Grid | None = None
) -> World:
    """Return the world of a replication."""
    law = law_of(scenario)
    chance = Chance(scenario.runs.seed, replication)
    territory, plan = planned(scenario, territory, chance, _start_s(scenario.time), _end_s(scenario.time))
    dwellings, residences = territory.dwellings, territory.residences
    residence_key = identities(residences.residence_id.tolist())
    rent_due_eur = dwellings.rent_eur + dwellings.charges_eur
    codes = dwelling_codes(
        law, dwellings.rooms, dwellings.surface_m2, dwellings.financing, dwellings.accessible
    )
    commune = residences.commune[dwellings.residence]
    return World(
        scenario,
        territory,
        grid,
        mutation_grid,
        law,
        chance,
        identities(dwellings.dwelling_id.tolist()),
        scenario.acceptance.residence_sd * chance.normal("residence", residence_key),
        rent_due_eur,
        laws_of(scenario, territory),
        np.argsort(identities(territory.demands.demand_id.tolist())),
        codes,
        _alike(dwellings.rooms, commune, rent_due_eur, codes.reads, codes.wants, codes.sizes),
        residences.bailleur[dwellings.residence],
        commune,
        residences.in_qpv[dwellings.residence],
        plan,
        flows_of(scenario, territory, law),
    )


def law_of(scenario: Scenario) -> Law:
    """Return the law of a scenario's start with what it replaces; essential workers' share is the CIA's."""
    target = scenario.essential_workers.target
    local: Mapping[str, Any] = {"essential_worker_share": target} if target else {}
    return Law.at(scenario.time.start, {**scenario.law.overrides, **local})


def _start_s(time: Time) -> int:
    year, month = divmod(time.start.year * 12 + time.start.month - 1 - time.burn_in_months, 12)
    return (date(year, month + 1, 1) - time.start.replace(day=1)).days * DAY_S


def _end_s(time: Time) -> int:
    if time.length_s is not None:
        return time.length_s
    return (date(time.start.year + time.years, 1, 1) - time.start).days * DAY_S


def _alike(*columns: NDArray[Any]) -> Ints:
    """Return a number per row, the same for rows equal in every column."""
    order = np.lexsort(columns)
    new = np.zeros(len(order), dtype=bool)
    for column in columns:
        new[1:] |= column[order][1:] != column[order][:-1]
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(new)
    return number
