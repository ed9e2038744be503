"""Who and what lives in the reference engine: households, demands, dwellings, vacancies, offers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sim.chance import identity
from sim.territory.columns import RESERVATAIRES

DAY_S = 86_400
YEAR_S = 31_557_600  # 365.25 days
MONTH_S = YEAR_S // 12
NEVER = 2**63 - 1
AUCUN = RESERVATAIRES.index("aucun")


@dataclass(frozen=True)
class Household:
    """Who lives together, and on what."""

    adults: int
    children: int
    teens: int
    age: int
    activity: int
    income_eur: float  # a month, NaN where missing
    rfr_eur: float  # a year, NaN where missing
    grown: int = 0  # of the adults, grown children of the household

    @property
    def persons(self) -> int:
        return self.adults + self.children

    @property
    def single_parent(self) -> bool:
        return self.adults == 1 and self.children > 0

    def older(self, years: int) -> Household:
        return replace(self, age=self.age + years)


@dataclass(eq=False)
class Demand:
    """A filed request, from its filing to its closing."""

    demand_id: str
    household_id: str
    people: Household
    template: int  # row of the territory's demands that has its wishes and its attributes
    filed_s: int
    leaves_s: int  # it lapses then if nothing happens before
    dalo_s: int
    bailleur: int  # whom the préfet designates, were the household recognised
    rooms: tuple[int, int]  # fewest and most it asks for
    pending: bool  # at the start: it is its template
    lives_in: Dwelling | None = None  # of a mutation demand
    cause: str = ""  # "mutation", "review"
    adapted: bool = False  # it needs an adapted dwelling, as its review found
    state: str = "open"  # "open", "offered", "closed"
    closed_s: int = NEVER
    closed_by: str | None = None
    traits: int = 0
    traits_filed: int = 0
    lottery: float = 0.0
    in_hand: int = 0  # lists being instructed that it stands on
    verified: bool = False
    facts: dict[str, float] = field(
        default_factory=dict
    )  # attributes that are not the template's: its home's, its documents'
    refused_s: list[int] = field(default_factory=list)
    of_the_state: bool = False  # labelled by the State since its recognition
    dalo_lost_s: int = NEVER

    def under_dalo(self, second: int) -> bool:
        return self.dalo_s <= second and self.dalo_lost_s == NEVER

    @cached_property
    def key(self) -> int:
        return identity(f"demand|{self.demand_id}")

    @cached_property
    def household(self) -> int:
        return key_of_household(self.household_id)


@dataclass(eq=False)
class Tenancy:
    """A household in a dwelling, with what it will do by itself if nothing happens before."""

    household: int
    household_id: str
    people: Household
    lease_s: int
    notice_s: int = NEVER
    left: float = 0.0  # of the clock of its departure, at `read_s`
    rate: float = 1.0  # by what it multiplied the hazard then
    read_s: int = 0
    ends_s: int = NEVER  # when a death or the loss of the right to stay ends it
    ends_by: str = ""
    years_above: int = 0  # in a row, above what the right to stay admits
    asks_s: int = NEVER  # when it files its next mutation demand
    demand: Demand | None = None  # its open mutation demand
    advised: bool = False  # by the commission, after a review: its next demand follows
    adapted: bool = False  # a need that the review found


@dataclass(eq=False)
class Dwelling:
    """One dwelling, and who lives in it."""

    row: int
    dwelling_id: str
    tenant: Tenancy | None = None


@dataclass
class Offer:
    """A candidate of a list, with the answer it will get."""

    demand: Demand
    rank: int
    points: int
    outcome: str
    motive: str
    wait_s: int
    offered_s: int | None = None
    answer_s: int = 0
    seen_s: tuple[int, int, int] = (NEVER, NEVER, NEVER)  # contacted, visited, documents
    stops_s: int = NEVER  # leaves the list before the commission
    instructed: bool = False


@dataclass(eq=False)
class Vacancy:
    """A dwelling between two tenancies."""

    vacancy_id: str
    dwelling: Dwelling
    cause: str
    lease_s: int  # of the tenancy that ends
    notice_s: int
    keys_s: int
    available_s: int
    reservataire: int
    designated: bool
    search_s: int
    by_name: bool
    flow: str  # "flow", "withdrawn", "stock"
    leaning: float  # its holder follows the strategy where its adherence is above
    freed_by: str | None = None  # the vacancy its tenant moved to
    let_s: int = NEVER
    sitting_id: str = ""
    offers: list[Offer] = field(default_factory=list)  # those whose turn is not over
    tried: set[Demand] = field(default_factory=set)
    named: list[Demand] | None = None

    @cached_property
    def key(self) -> int:
        return identity(self.vacancy_id)

    @property
    def holder(self) -> int:
        return self.reservataire if self.designated else AUCUN


def one(values: np.ndarray) -> float:
    """Return the value of an array of one."""
    return float(np.asarray(values).reshape(-1)[0])


def key_of_household(household_id: str) -> int:
    """Return the identity of a household, the same whether it waits or is housed."""
    return identity(f"household|{household_id}")


def columns(*values: float) -> list[np.ndarray]:
    """Return each value as a column of one."""
    return [np.array([value]) for value in values]


def household_of(table: object, row: int) -> Household:
    """Return the household of a row of occupants or demands."""
    names = ("adults", "children", "teens", "age", "activity", "monthly_income_eur", "rfr_eur")
    found = Household(*(getattr(table, name)[row].item() for name in names))
    return replace(found, grown=max(found.adults - 2, 0))
