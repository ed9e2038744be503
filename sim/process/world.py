"""What is given to a replication, and what changes while it is played?

The World never changes: territory, law, grid, chance, drawn effects. The State is plain data at any moment
between two events, so that all compared policies branch from copies of one burnt-in state.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, Keys, identities
from sim.outcomes import DAY_S, MONTH_S
from sim.process.hazards import ExitRates, exit_rates
from sim.process.housing import NEVER, Housing
from sim.process.laws import Laws, laws_of
from sim.process.orientation import Account, Flows, flows_of
from sim.process.records import OfferRecord, Records, VacancyRecord
from sim.process.register import Register
from sim.process.supply import Plan, planned
from sim.rules.cotation import Grid, reads
from sim.rules.fit_codes import DwellingCodes, dwelling_codes
from sim.rules.housing_aid import aid_zone
from sim.rules.law import Law, departement
from sim.rules.peuplement import Qualification
from sim.rules.quotas import Family
from sim.scenario import Scenario, Time
from sim.territory.columns import RESERVATAIRES, Bools, Floats, Ints, Territory


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
    def refusals_cost(self) -> bool:
        """Tell whether the grid takes refusals into account."""
        return "unjustified_refusals_24m" in reads(self.grid)

    @cached_property
    def aid_zone(self) -> Ints:
        """Zone of the housing aid of each dwelling, 1 to 3."""
        return aid_zone(self.law, self.territory.residences.zone)[self.territory.dwellings.residence]

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
    law = Law.at(scenario.time.start, _overrides(scenario))
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


def _overrides(scenario: Scenario) -> Mapping[str, Any]:
    """Return the values of law that the scenario replaces; its share of essential workers is the CIA's."""
    target = scenario.essential_workers.target
    local = {"essential_worker_share": target} if target else {}
    return {**scenario.law.overrides, **local}


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


class Instruction(NamedTuple):
    """When a candidate passes the stages before the commission; NEVER where it does not."""

    contacted_s: int
    visited_s: int
    documents_s: int  # verified
    stops_s: int  # leaves the list


NO_INSTRUCTION = Instruction(NEVER, NEVER, NEVER, NEVER)


@dataclass
class Offer:
    """One candidate of a list, in its turn."""

    demand: int  # row of the register
    rank: int  # from 1
    points: int
    outcome: str  # what the household will answer if its turn comes
    motive: str
    wait_s: int  # from the offer to its answer, unless silent
    instruction: Instruction | None = None  # None: heard the day the list is made
    offered_s: int | None = None
    answer_s: int = 0


class Freed(NamedTuple):
    """A dwelling given notice of since the last sitting."""

    dwelling: int
    household_id: str
    lease_s: int
    notice_s: int
    cause: str
    freed_by: str = ""  # vacancy whose mutation lease freed it


class Left(NamedTuple):
    """The composition of a household that moved out, as columns of HOUSEHOLD in their order."""

    dwelling: int
    columns: tuple[Any, ...]


@dataclass
class Vacancy:
    """A dwelling between two tenancies; plain data, so that its story can be taken up anywhere."""

    key: int  # identity of (dwelling, ending tenancy)
    vacancy_id: str
    dwelling: int
    cause: str
    keys_s: int
    available_s: int
    reservataire: int  # it was oriented to
    designated: bool  # the réservataire's list alone is examined; else the dwelling is back to the bailleur
    search_s: int = 0  # from when candidates are sought
    sitting_id: str = ""
    offers: list[Offer] = field(default_factory=list)
    heard_s: int = 0  # when the commission hears the list
    heard: bool = True  # it has
    turn: int = 0  # index of the offer whose turn it is
    tried: set[int] = field(default_factory=set)  # demands already proposed this vacancy
    lost: bool = False  # nobody was eligible, and the dwelling does not wait
    freed_by: str = ""  # vacancy whose mutation lease freed the dwelling
    withdrawn_s: int = NEVER  # when it was known that the dwelling is let no more
    withdrawn_for: str = ""  # "demolition" or "sale"
    by_name: bool = False  # its réservataire's list is of names; else all whom it may designate
    flow: int = 0  # index into FLOWS (sim/process/orientation.py)
    leaning: float = 0.0  # its holder follows the strategy where its adherence is above
    named: frozenset[int] | None = None  # demands named, from the first sitting on

    @property
    def closed(self) -> bool:
        """Whether its story has ended without a lease."""
        return self.lost or self.withdrawn_s != NEVER

    @property
    def holder(self) -> int:
        """The réservataire on whose flow a lease counts: the bailleur where nobody designated in time."""
        return self.reservataire if self.designated else RESERVATAIRES.index("aucun")

    def let(self, let_s: int) -> VacancyRecord:
        """Return its record, let at a second (NEVER: not let)."""
        return VacancyRecord(
            self.vacancy_id,
            self.dwelling,
            self.cause,
            self.keys_s,
            self.available_s,
            self.search_s,
            self.reservataire,
            self.designated,
            let_s,
            self.lost,
            self.freed_by,
            self.withdrawn_s,
            self.withdrawn_for,
            self.by_name,
            self.flow,
        )

    def written(self, offer: Offer, outcome: str, answered_s: int, stage: str) -> OfferRecord:
        """Return the record of one of its offers, that ended at a stage."""
        return OfferRecord(
            self.sitting_id,
            self.vacancy_id,
            self.dwelling,
            offer.demand,
            offer.rank,
            offer.offered_s,
            answered_s,
            outcome,
            offer.motive,
            stage,
            *(offer.instruction or NO_INSTRUCTION)[:3],
        )

    def copy(self) -> Vacancy:
        """Return an independent copy."""
        return replace(self, offers=[replace(offer) for offer in self.offers], tried=set(self.tried))

    @property
    def pending(self) -> Offer | None:
        """The offer that awaits its answer, if any."""
        offer = self.offers[self.turn] if self.turn < len(self.offers) else None
        return offer if offer is not None and offer.offered_s is not None else None


@dataclass(frozen=True)
class Ledger:
    """Signed leases that a row may still count, oldest first, (n,)."""

    signed_s: Ints
    dwelling: Ints
    reservataire: Ints
    signature: Ints

    def since(self, second: int) -> Ledger:
        """Return the leases signed at or after a second."""
        return self.rows(slice(np.searchsorted(self.signed_s, second), None))

    def rows(self, rows: Any) -> Ledger:
        """Return some rows."""
        return Ledger(self.signed_s[rows], self.dwelling[rows], self.reservataire[rows], self.signature[rows])

    def plus(self, signed: list[tuple[int, int, int, int]]) -> Ledger:
        """Return the ledger with further leases."""
        if not signed:
            return self
        new = np.array(signed, dtype=np.int64)
        return Ledger(
            np.concatenate([self.signed_s, new[:, 0]]),
            np.concatenate([self.dwelling, new[:, 1]]),
            np.concatenate([self.reservataire, new[:, 2]]),
            np.concatenate([self.signature, new[:, 3]]),
        )


@dataclass
class State:
    """Everything that changes. `now_s` is the second up to which events have been played."""

    now_s: int
    housing: Housing
    register: Register
    open_rows: NDArray[np.int64]  # filed and not closed, oldest first, then by lottery
    arrivals: NDArray[np.int64]  # rows of exogenous demands not filed yet, by filing
    arrivals_s: Ints  # when they will be
    vacancies: dict[int, Vacancy]  # not let, by key
    ledger: Ledger
    q1_threshold_eur: float  # legal, of the current year
    year: int = 0  # the last 1 January played
    held_s: int = -(2**62)  # the last sitting held
    proposed: dict[tuple[int, int], int] = field(default_factory=dict)  # offers made by (dwelling, household)
    filed: dict[int, int] = field(default_factory=dict)  # mutation demands filed, by household on the move
    refused: deque[tuple[int, int]] = field(default_factory=deque)  # (second, demand) of refusals that count
    rpms_debts: dict[int, int] = field(default_factory=dict)  # second of the refusal, by demand still owed
    moved_in: list[tuple[int, int]] = field(default_factory=list)  # (dwelling, demand) since the last sitting
    freed: list[Freed] = field(default_factory=list)  # dwellings whose vacancy is to be drawn
    keys_back_s: dict[int, int] = field(default_factory=dict)  # last keys given back, by operation
    left: list[Left] | None = None  # who moved out since the start, where the control asks for it
    families: tuple[Family, ...] = ()
    oriented: Account = field(default_factory=dict)  # dwellings oriented by capacity, by year and flow
    peuplement_type: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))  # at the start
    ruler: Qualification | None = None  # fixed at the start
    qualified: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))  # last 1 January
    waits_s: Floats = field(default_factory=lambda: np.empty(0))  # mean of last year's housed, by rooms
    waits_at_start_s: Floats = field(default_factory=lambda: np.empty(0))
    q1_fixed_eur: float = np.nan  # the start's threshold, common to all policies
    previous_threshold_eur: float = np.nan  # last year's legal threshold
    stock_s: int = -(2**62)  # the 1 January of the last snapshot
    last_year: Mapping[str, NDArray[Any]] = field(default_factory=dict)  # snapshot of 1 January
    records: Records = field(default_factory=Records)

    def await_filing(self, rows: NDArray[np.int64]) -> None:
        """Set the demands that are yet to be filed, given by filing."""
        self.arrivals, self.arrivals_s = rows, self.register.filed_s[rows]

    def filings(self) -> tuple[list[int], list[int]]:
        """Return when demands will be filed, and their identities."""
        return self.arrivals_s.tolist(), self.register.key[self.arrivals].tolist()

    def copy(self) -> State:
        """Return an independent copy, to branch another policy from."""
        return replace(
            self,
            housing=self.housing.copy(),
            register=self.register.copy(),
            open_rows=self.open_rows.copy(),
            vacancies={key: vacancy.copy() for key, vacancy in self.vacancies.items()},
            proposed=self.proposed.copy(),
            filed=self.filed.copy(),
            refused=self.refused.copy(),
            rpms_debts=self.rpms_debts.copy(),
            moved_in=self.moved_in.copy(),
            freed=self.freed.copy(),
            keys_back_s=self.keys_back_s.copy(),
            left=None if self.left is None else self.left.copy(),
            oriented={flow: counts.copy() for flow, counts in self.oriented.items()},
            records=self.records.copy(),
        )
