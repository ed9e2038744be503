"""What does the file of a synthetic territory hold?

Published margins of the stock, and for every other number a figure with its source or a named assumption
with the range in which it may lie. Nothing here describes a real residence, bailleur or household.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from sim.territory.figure import Figure
from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.layers import decode_layers, read_layers
from sim.territory.files.toml import Model
from sim.territory.synthetic.tables import Numbers, Table, shaped

PERIODS = (
    "<=1948",
    "1949-1959",
    "1960-1969",
    "1970-1976",
    "1977-1989",
    "1990-1999",
    "2000-2009",
    "2010-2018",
)
"""Periods of construction of the published margins."""

FIRST_YEARS = (1920, 1949, 1960, 1970, 1977, 1990, 2000, 2010, 2019)
"""First year of each period, and the year after the last; the oldest starts in 1920 by convention."""

ROOM_CLASSES = 5  # 1, 2, 3, 4, "5 et plus"
AGE_EDGES = (18, 30, 40, 50, 60, 75, 95)
"""Edges of the six age bands of the reference person, in years."""

INCOME_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3)
"""Edges of the six income bands: tax income as a share of the PLUS ceiling of the household."""

Count = Annotated[int, Field(ge=0)]
Text = Annotated[str, StringConstraints(min_length=1)]


def _between(expected: str, low: float, high: float, ends: bool) -> AfterValidator:
    """Return the annotation of a Figure between two bounds, reached or not."""

    def check(figure: Figure) -> Figure:
        if not (low <= figure.value <= high) or (not ends and figure.value in (low, high)):
            raise ValueError(f"{expected} attendue")
        return figure

    return AfterValidator(check)


Share = Annotated[Figure, _between("une part de 0 à 1", 0.0, 1.0, True)]
Inside = Annotated[Figure, _between("une part strictement entre 0 et 1", 0.0, 1.0, False)]
Natural = Annotated[Figure, _between("une valeur ≥ 0", 0.0, float("inf"), True)]
Positive = Annotated[Figure, _between("une valeur > 0", 0.0, float("inf"), False)]


class StockCell(Model):
    """One published cell of the stock: rooms (5 is "5 et plus") × QPV × kind × period."""

    of_texts: ClassVar[bool] = True

    rooms: Annotated[int, Field(ge=1, le=ROOM_CLASSES)]
    in_qpv: bool
    kind: Literal["collectif", "individuel"]
    built: Literal[
        "<=1948", "1949-1959", "1960-1969", "1970-1976", "1977-1989", "1990-1999", "2000-2009", "2010-2018"
    ]
    dwellings: Count


class Commune(Model):
    """The published margins of one commune."""

    of_texts: ClassVar[bool] = True

    code: Text
    name: Text
    dwellings: Count
    in_qpv: Count
    houses: Count
    rooms_1: Count
    rooms_2: Count
    rooms_3: Count
    rooms_4: Count
    rooms_5: Count

    @model_validator(mode="after")
    def _adds_up(self) -> Commune:
        if sum(self.rooms) != self.dwellings or max(self.in_qpv, self.houses) > self.dwellings:
            raise ValueError(f"{self.name} : les marges ne s'accordent pas avec {self.dwellings} logements")
        return self

    @property
    def rooms(self) -> tuple[int, int, int, int, int]:
        """Dwellings by number of rooms."""
        return self.rooms_1, self.rooms_2, self.rooms_3, self.rooms_4, self.rooms_5


class Stock(Model):
    """Margins of the stock, by cells and by communes, of one source or one named assumption."""

    source: str = ""
    hypothesis: str = ""
    cells: Annotated[tuple[StockCell, ...], Field(min_length=1)]
    communes: Annotated[tuple[Commune, ...], Field(min_length=1)]
    zone: Literal["A", "B1", "B2", "C"]
    zone_hypothesis: Text
    financing: Annotated[Table, shaped(8, 3)]
    six_rooms: Share

    @model_validator(mode="after")
    def _margins_agree(self) -> Stock:
        if bool(self.source) == bool(self.hypothesis):
            raise ValueError("une source ou une hypothèse est attendue, l'une des deux")
        pairs = [
            (
                f"T{rooms}",
                sum(c.dwellings for c in self.cells if c.rooms == rooms),
                sum(c.rooms[rooms - 1] for c in self.communes),
            )
            for rooms in range(1, ROOM_CLASSES + 1)
        ]
        pairs.append(
            (
                "en QPV",
                sum(c.dwellings for c in self.cells if c.in_qpv),
                sum(c.in_qpv for c in self.communes),
            )
        )
        pairs.append(
            (
                "individuels",
                sum(c.dwellings for c in self.cells if c.kind == "individuel"),
                sum(c.houses for c in self.communes),
            )
        )
        wrong = [f"{name} : {a} par cases, {b} par communes" for name, a, b in pairs if a != b]
        codes = [c.code for c in self.communes]
        wrong += [f"commune {code} en double" for code in sorted({c for c in codes if codes.count(c) > 1})]
        if wrong:
            raise ValueError("marges en désaccord : " + " ; ".join(wrong))
        return self


class Residences(Model):
    """How dwellings are cut into residences and shared between bailleurs."""

    bailleurs: Table  # share of the dwellings, letters A, B, C... in this order
    flats: Annotated[Table, shaped(8, positive=True)]  # median dwellings of a residence of flats, by period
    houses: Annotated[Table, shaped(8, positive=True)]
    size_spread: Natural  # standard deviation of the logarithm of the size
    rpms_share: Share  # of the residences in QPV

    @model_validator(mode="after")
    def _letters(self) -> Residences:
        shares = self.bailleurs.array
        if shares.ndim != 1 or not 1 <= shares.size <= 26 or (shares <= 0).any():
            raise ValueError("bailleurs : de 1 à 26 parts positives sont attendues")
        return self


class Dwellings(Model):
    """Surfaces, rents, charges and access."""

    surface_m2: Annotated[Table, shaped(6, positive=True)]  # by rooms 1..6, before scaling to the mean
    mean_surface_m2: Positive
    surface_spread: Natural
    rent_financing: Annotated[Table, shaped(3)]  # relative
    rent_period: Annotated[Table, shaped(8)]  # relative
    rent_rooms: Annotated[Table, shaped(6)]  # relative
    rent_spread: Natural
    mean_rent_eur_m2: Positive
    charges_eur_m2: Annotated[Table, shaped(2)]  # a month, by kind
    accessible: Annotated[Table, shaped(8)]  # share by period


class Profile(Model):
    """Margins of a set of households: size × age × activity × income."""

    single_persons: Inside
    sizes: Annotated[Table, shaped(5)]  # of the others: 2, 3, 4, 5, 6 and more
    mean_persons: Figure | None = None
    ages: Annotated[Table, shaped(6)]
    median_age: Figure | None = None
    activity_income: Share  # households with an income from work
    reference_earner: Share  # of those, share whose reference person works
    other_activities: Annotated[Table, shaped(4)]  # unemployed, retired, student, other
    below_60: Share  # tax income below 60 % of the PLUS ceiling
    bands_below: Annotated[Table, shaped(3)]
    bands_above: Annotated[Table, shaped(3)]


class Households(Model):
    """What links the margins, and what a household of a cell is."""

    size_by_age: Annotated[Table, shaped(6, 6)]  # odds, age × size
    activity_by_age: Annotated[Table, shaped(6, 5)]  # odds, age × activity
    income_by_activity: Annotated[Table, shaped(5, 6)]  # odds, activity × income band
    six_and_more: Annotated[Table, shaped(3)]  # 6, 7, 8 persons
    single_parents: Share
    single_parents_by_size: Annotated[Table, shaped(5)]  # odds, 2..6 persons
    single_parents_by_age: Annotated[Table, shaped(6)]  # odds
    teens_by_age: Annotated[Table, shaped(6)]  # share of children of 14 and more, by age of the parent
    grown_children: Annotated[Table, shaped(6)]  # share of couples' families with one more adult, by age
    plus_ceilings_eur: Annotated[Table, shaped(6)]  # RFR a year by category
    plus_extra_eur: Positive
    declared_over_tax: Annotated[Table, shaped(5)]  # declared yearly resources over RFR, by activity
    minimum_eur_uc: Natural  # least monthly resources of a consumption unit
    child_benefit_eur: Natural  # a month and child
    declared_spread: Natural


class Placement(Model):
    """Who lives where at the start."""

    rooms_by_size: Annotated[Table, shaped(6, 6)]  # odds, size × rooms; zero forbids
    vacant_share: Share
    income_sorting: Share  # correlation of a household's income rank and its dwelling's rank
    weight_rent: Natural
    weight_outside_qpv: Natural
    weight_residence: Natural
    larger_with_age: Share
    survival_5_years: Inside
    survival_10_years: Inside

    @model_validator(mode="after")
    def _survival_falls(self) -> Placement:
        if not self.survival_10_years.value < self.survival_5_years.value:
            raise ValueError("moins de ménages après 10 ans qu'après 5 ans sont attendus")
        return self


class Demand(Model):
    """The requests pending on the territory's date."""

    requests: Positive
    mutations: Share
    pending_over_a_year: Inside
    crowded_odds: Natural
    spacious_odds: Natural
    profile: Profile  # of all requests for single persons, of first-time requests for the rest
    wishes: Annotated[Table, shaped(6)]  # requests that name 1, 2, ... 6 communes
    own_commune: Share
    rooms: Annotated[Table, shaped(7, 2)]  # least and most rooms by persons 1..7
    stated_max_rent: Share
    max_rent_effort: Share
    missing_income: Share
    zero_income: Share


class Situations(Model):
    """What requests say of the situation of the household."""

    first_precarious: Share
    first_rent: Share
    mutation_too_small: Share
    mutation_health: Share
    mutation_neighbours: Share
    first_motives: Annotated[Table, shaped(23)]  # odds of the other motives
    mutation_motives: Annotated[Table, shaped(23)]
    second_motive: Share
    crowding_noise: Natural
    housing_modes: Annotated[Table, shaped(2, 17)]  # motive 01, other motives
    work_status: Annotated[Table, shaped(5, 8)]  # by activity
    recognised: Share
    dalo_share: Share
    dalo_days: Positive
    accord_collectif: Share
    violence: Share
    disability: Annotated[Table, shaped(6)]  # by age
    accessible_need: Share
    essential_worker: Share
    works_in_epci: Share
    lives_in_epci: Share
    first_in_qpv: Share
    right_to_rehousing: Share
    m2_per_person: Annotated[Table, shaped(2)]  # medians: precarious housing, other
    m2_spread: Positive
    m2_per_room: Positive
    too_small_factor: Natural
    effort: Share
    effort_spread: Natural
    rent_motive_factor: Natural
    civil_servants: Share
    action_logement: Share
    collectivite: Share


class SyntheticTerritory(Model):
    """A synthetic territory: published margins and named assumptions."""

    name: Text
    epci: Text
    departements: Annotated[tuple[Text, ...], Field(min_length=1)]
    as_of: date
    seed: Count
    stock: Stock
    residences: Residences
    dwellings: Dwellings
    households: Households
    occupants: Profile
    placement: Placement
    demand: Demand
    situations: Situations

    @property
    def bailleurs(self) -> tuple[str, ...]:
        """Letters A, B, C…: no bailleur of a synthetic territory has a name."""
        return tuple(chr(ord("A") + i) for i in range(len(self.residences.bailleurs.values)))

    def commune_margin(self, column: str) -> Numbers:
        """Return one column of the communes, (communes,) or (communes, 5) for `rooms`."""
        return np.array([getattr(c, column) for c in self.stock.communes], dtype=np.float64)


def load_spec(path: Path | str, values: Mapping[str, Any] | None = None) -> SyntheticTerritory:
    """Read a synthetic territory and the CSV margins that lie beside it.

    `base` names a TOML file of what it shares with other territories (`read_layers`). `stock.cells` and
    `stock.communes` are names of CSV files beside the TOML file that gives them, or arrays of tables.

    Parameters
    ----------
    values : numbers, or tables of them, that replace those of the file, by dotted key
        (`placement.income_sorting`); each stays within its declared range

    Raises
    ------
    FaultsFound
        with every fault of the file and its base, or every fault of the CSV files.
    """
    layers = read_layers(Path(path))
    _replace(layers.data, values or {}, str(path))
    stock = layers.data.get("stock")
    if isinstance(stock, dict):
        faults: list[Fault] = []
        for key in ("cells", "communes"):
            if isinstance(stock.get(key), str):
                stock[key] = _rows(layers.file_of(("stock", key)), f"stock.{key}", stock[key], faults)
        if faults:
            raise FaultsFound(faults)
    return decode_layers(layers, SyntheticTerritory)


def _replace(data: dict[str, Any], values: Mapping[str, Any], file: str) -> None:
    """Put other values in a territory's data; sources and ranges stay."""
    places = dict(_numbers("", data))
    unknown = [name for name in values if name not in places]
    if unknown:
        raise FaultsFound(
            Fault(file, "grandeur inconnue du territoire", nearest(name, tuple(places)), column=name)
            for name in unknown
        )
    for name, value in values.items():
        places[name]["value" if "value" in places[name] else "values"] = value


def _numbers(key: str, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every number or table of numbers of a territory's data, by dotted key."""
    for name, value in data.items():
        place = f"{key}.{name}" if key else name
        if isinstance(value, dict):
            if "value" in value or "values" in value:
                yield place, value
            else:
                yield from _numbers(place, value)


def _rows(path: Path, key: str, name: str, faults: list[Fault]) -> list[dict[str, Any]]:
    try:
        with (path.parent / name).open(encoding="utf-8-sig", newline="") as file:
            return [dict(row) for row in csv.DictReader(line for line in file if not line.startswith("#"))]
    except (OSError, UnicodeDecodeError, csv.Error):
        mend = f"placer un CSV UTF-8 à {path.parent / name}"
        faults.append(Fault(str(path), "marges illisibles", mend, column=key, value=name))
        return []
