"""What has been written down so far, in the order it happened?

Rows of the event tables as plain tuples; they become tables once, at the end (see telling.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sim.territory.columns import Ints


class VacancyRecord(NamedTuple):
    """A vacancy that was let, or lost; those that wait at the end are told from the state."""

    vacancy_id: str
    dwelling: int
    cause: str
    keys_s: int
    available_s: int
    search_s: int
    reservataire: int
    designated: bool
    let_s: int
    lost: bool
    freed_by: str  # vacancy whose mutation lease freed the dwelling, "" where none did
    withdrawn_s: int
    withdrawn_for: str
    by_name: bool
    flow: int

    @property
    def closed_s(self) -> int:
        """When it was let, withdrawn, or lost: the second it appeared."""
        return self.available_s if self.lost else min(self.let_s, self.withdrawn_s)


class SittingRecord(NamedTuple):
    """One vacancy examined at one sitting."""

    sitting_id: str
    held_s: int
    vacancy_id: str
    eligible: int
    listed: int
    short_reason: str
    passed_over: int


class MatchingRecord(NamedTuple):
    """How the vacancies of one sitting were matched jointly: its name and second, then as in `Matching`."""

    sitting_id: str
    held_s: int
    vacancies: int
    pairs: int
    rows: int
    rounds: int
    gap: float
    proved_by: str
    legal_shortfall: float
    target_shortfall: float


class OfferRecord(NamedTuple):
    """One candidate of one list, with what came of it."""

    sitting_id: str
    vacancy_id: str
    dwelling: int
    demand: int  # row of the register
    rank: int
    offered_s: int | None
    answered_s: int
    outcome: str
    motive: str
    stage: str  # the last one reached
    contacted_s: int
    visited_s: int
    documents_s: int


class LeaseRecord(NamedTuple):
    """A signed lease, with the household's traits at signature."""

    vacancy_id: str
    dwelling: int
    demand: int  # row of the register
    signed_s: int
    rank: int
    points: int
    reservataire: int
    signature: int


class ExitRecord(NamedTuple):
    """A tenancy of the last 1 January that has ended: year, whole years it had lasted then, how it ended."""

    year: int
    tenure: int
    dwelling: int
    cause: str


@dataclass
class Records:
    """Everything written down since the state was made."""

    vacancies: list[VacancyRecord] = field(default_factory=list)
    sittings: list[SittingRecord] = field(default_factory=list)
    matchings: list[MatchingRecord] = field(default_factory=list)
    offers: list[OfferRecord] = field(default_factory=list)
    leases: list[LeaseRecord] = field(default_factory=list)
    exits: list[ExitRecord] = field(default_factory=list)
    passed: defaultdict[str, list[Ints]] = field(default_factory=lambda: defaultdict(list))  # see passing.py
    tenures: list[dict[str, Any]] = field(default_factory=list)  # households by tenure and rooms, one a year
    ended: dict[tuple[int, int, str], int] = field(default_factory=dict)  # tenancy -> keys given back
    occupation: list[dict[str, Any]] = field(default_factory=list)  # columns by residence, one dict a year
    thresholds: dict[int, float] = field(default_factory=dict)  # legal Q1 threshold by year

    def end(self, freed: Any, keys_s: int) -> None:
        """Write when the keys of a freed dwelling are given back."""
        self.ended[freed.dwelling, freed.lease_s, str(freed.household_id)] = keys_s

    def copy(self) -> Records:
        """Return an independent copy."""
        return replace(
            self,
            vacancies=self.vacancies.copy(),
            sittings=self.sittings.copy(),
            matchings=self.matchings.copy(),
            offers=self.offers.copy(),
            leases=self.leases.copy(),
            exits=self.exits.copy(),
            passed=defaultdict(list, {reason: parts.copy() for reason, parts in self.passed.items()}),
            tenures=self.tenures.copy(),
            ended=self.ended.copy(),
            occupation=self.occupation.copy(),
            thresholds=self.thresholds.copy(),
        )
