"""What are a territory's residences, dwellings, occupants and demands, as columns?

A row is one residence, dwelling, household or demand; a column is a read-only numpy array. Euros are
constant euros of the territory's date. There is deliberately no column for origin, nationality, name,
sex, religion or health diagnosis, anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FINANCINGS = ("PLAI", "PLUS", "PLS")
"""Financing families; a dwelling's `financing` is an index into this tuple (RPLS FINAN, grouped)."""

RESERVATAIRES = ("etat", "etat_fonctionnaires", "action_logement", "collectivite", "aucun")
"""Who may designate candidates (CCH R.441-5); `aucun` is the bailleur's own, non-reserved dwelling."""

ACTIVITIES = ("employed", "unemployed", "retired", "student", "other")
"""Activity of the reference person; a household's `activity` is an index into this tuple."""

KINDS = ("collectif", "individuel")

DPES = ("A", "B", "C", "D", "E", "F", "G")
"""Energy classes (diagnostic de performance énergétique)."""

PEUPLEMENT_TYPES = ("en_capacite", "en_equilibre", "en_vigilance", "a_conforter")
"""Four types of a residence, in the words of the product; -1 where a residence has none yet."""

Bools = NDArray[np.bool_]
Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]
Texts = NDArray[np.str_]
Dates = NDArray[np.datetime64]

Columns = TypeVar("Columns", "Residences", "Dwellings", "Occupants", "Demands")


@dataclass(frozen=True)
class Residences:
    """A residence is bailleur × commune × programme."""

    residence_id: Texts
    name: Texts
    bailleur: Ints  # index into Territory.bailleurs
    commune: Ints  # index into Territory.communes
    quartier: Texts  # "" where unknown
    zone: Texts  # tension zone: "A", "B1", "B2", "C"
    in_qpv: Bools
    is_rpms: Bools  # résidence à enjeu prioritaire de mixité sociale, listed in the CIA
    build_year: Ints  # 0 where unknown
    peuplement_type: Ints  # index into PEUPLEMENT_TYPES, -1 unknown
    peuplement_target: Ints  # index into PEUPLEMENT_TYPES, -1 none
    x: Floats  # Lambert-93 easting, m, NaN where unknown
    y: Floats  # Lambert-93 northing, m, NaN where unknown


@dataclass(frozen=True)
class Dwellings:
    """One social dwelling a row."""

    dwelling_id: Texts
    residence: Ints  # row of Residences
    rooms: Ints  # main rooms, 1..9
    surface_m2: Floats
    financing: Ints  # index into FINANCINGS
    rent_eur: Floats  # a month, without charges
    charges_eur: Floats  # a month
    heating_eur: Floats  # a month, where the charges do not hold it; NaN where unknown
    accessible: Bools
    kind: Ints  # index into KINDS
    reservataire: Ints  # index into RESERVATAIRES for stock reservations, -1 where in flow
    dpe: Ints  # index into DPES, -1 where unknown


@dataclass(frozen=True)
class Occupants:
    """One occupant household a row; a dwelling without a row is vacant."""

    dwelling: Ints  # row of Dwellings, each at most once
    household_id: Texts
    lease_on: Dates  # datetime64[D]
    adults: Ints  # at least 1
    children: Ints
    teens: Ints  # of the children, those of 14 and more (0.5 consumption unit)
    age: Ints  # years, reference person, at Territory.as_of
    activity: Ints  # index into ACTIVITIES
    monthly_income_eur: Floats  # declared monthly resources, NaN where missing
    rfr_eur: Floats  # tax income a year (RFR), NaN where missing


@dataclass(frozen=True)
class Demands:
    """One filed request a row: pending at Territory.as_of."""

    demand_id: Texts  # numéro unique, text
    household_id: Texts
    filed_on: Dates  # datetime64[D]
    adults: Ints
    children: Ints
    teens: Ints
    age: Ints  # years, reference person
    activity: Ints
    monthly_income_eur: Floats  # NaN where missing
    rfr_eur: Floats  # NaN where missing
    wishes: Bools  # (n, communes): accepts the commune
    first_commune: Ints  # first wish, index into Territory.communes
    rooms_min: Ints
    rooms_max: Ints
    max_rent_eur: Floats  # rent the applicant states as a maximum, NaN where none
    needs_accessible: Bools
    mutation_of: Ints  # row of Dwellings the household lives in, -1 for a first demand
    labels: Ints  # bit i: labelled by RESERVATAIRES[i] (it may be designated by it)
    l441_1: Bools  # said to be of a priority public of L.441-1, which one is not told
    dalo_recognised_on: Dates  # NaT where not recognised
    dalo_deadline: Dates  # by when an offer is owed under DALO, NaT where the legal delay says it
    dalo_bailleur: Ints  # the one the préfet has designated, index into Territory.bailleurs, -1 where unknown
    attributes: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """Grid attributes by the names of the closed list (see sim/rules/cotation/attributes.py).

    true/false as int8 (-1 missing), one code of a list as int8 index (-1 missing), several codes as int64
    bit mask (-1 missing), numbers as float64 (NaN missing). An absent name is missing for everybody.
    """


@dataclass(frozen=True)
class Territory:
    """Everything that exists on one date.

    `communes` are INSEE codes (text, leading zeros kept), `bailleurs` identifiers; columns index into them.
    """

    name: str
    epci: str
    departements: tuple[str, ...]
    as_of: date
    synthetic: bool
    communes: tuple[str, ...]
    commune_names: tuple[str, ...]
    bailleurs: tuple[str, ...]
    residences: Residences
    dwellings: Dwellings
    occupants: Occupants
    demands: Demands
    orientation: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Share of each réservataire by bailleur (0-1), where the territory gives its own."""
    operations: Mapping[str, str] = field(default_factory=dict)
    """Operation that rehouses the household of a demand, demand_id to its name, where one does."""
    unsettled: tuple[str, ...] = ()
    """Residences on whose type a proposal is open: their objectives are not active."""
    notes: tuple[str, ...] = ()
    """Sentences every output must carry (labels of synthetic data, missing tables)."""


def departement(commune: str) -> str:
    """Return the département of a commune by its INSEE code."""
    return commune[:3] if commune.startswith("97") else commune[:2]


def length(columns: Residences | Dwellings | Occupants | Demands) -> int:
    """Return the number of rows."""
    return len(getattr(columns, fields(columns)[0].name))


def frozen(columns: Columns) -> Columns:
    """Return the same columns with every array read-only."""
    for spec in fields(columns):
        value = getattr(columns, spec.name)
        arrays = value.values() if isinstance(value, Mapping) else (value,)
        for array in arrays:
            array.flags.writeable = False
    return columns


def take(columns: Columns, rows: NDArray[Any]) -> Columns:
    """Return the rows `rows` (positions or a mask), in that order."""
    picked: dict[str, Any] = {}
    for spec in fields(columns):
        value = getattr(columns, spec.name)
        picked[spec.name] = (
            {name: array[rows] for name, array in value.items()}
            if isinstance(value, Mapping)
            else value[rows]
        )
    return frozen(replace(columns, **picked))


def describe(columns: Residences | Dwellings | Occupants | Demands, row: int) -> dict[str, Any]:
    """Return one row as plain Python values, for people to read."""
    shown: dict[str, Any] = {}
    for spec in fields(columns):
        value = getattr(columns, spec.name)
        if isinstance(value, Mapping):
            shown.update({name: array[row].item() for name, array in value.items()})
        elif value.ndim == 2:
            shown[spec.name] = np.flatnonzero(value[row]).tolist()
        else:
            shown[spec.name] = value[row].item()
    return shown
