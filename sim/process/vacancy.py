"""What is a dwelling between two tenancies: freed, vacant, offered to the candidates of a list?

Plain data, with the records they become. Left out on purpose: how any of it comes to change (engine.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sim.process.housing import NEVER
from sim.process.records import OfferRecord, VacancyRecord
from sim.territory.columns import RESERVATAIRES


class Freed(NamedTuple):
    """A dwelling given notice of since the last sitting."""

    dwelling: int
    household_id: str
    lease_s: int
    notice_s: int
    cause: str
    freed_by: str = ""  # vacancy whose mutation lease freed it


class Instruction(NamedTuple):
    """When a candidate passes the stages before the commission; NEVER where it does not."""

    contacted_s: int
    visited_s: int
    documents_s: int  # verified
    stops_s: int  # leaves the list


NO_INSTRUCTION = Instruction(NEVER, NEVER, NEVER, NEVER)


@dataclass(slots=True)
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


@dataclass(slots=True)
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
