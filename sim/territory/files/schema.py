"""Which canonical tables describe a territory, and what may each of their columns hold?

One line a column: name, kind, bounds, meaning. The reader, the writer and docs/territory.md all follow
this description. What must never be a column is in `forbidden.py`; rules across rows are in `links.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sim.territory.columns import ACTIVITIES, DPES, FINANCINGS, KINDS, PEUPLEMENT_TYPES, RESERVATAIRES

Kind = Literal["text", "insee", "integer", "number", "flag", "date", "choice"]

ZONES = ("Abis", "A", "B1", "B2", "C")
DESIGNATION_MODES = ("named", "delegated", "bailleur")
OUTCOMES = ("accepted", "refused", "silent", "superseded", "withdrawn", "non_attribution")

NONE_OF_THEM = "aucun"
"""What a `;`-list of codes holds when it is known to be empty (an empty cell is missing)."""

MAX_TEXT = 200
"""Longest text of a cell, in characters."""

LAST_DATE = date(2100, 12, 31)


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    `low` and `high` bound an integer, number or date, both included; `past` bounds a date by the
    territory's date. `refers` names the table and column that must hold the value. `free` is a text people
    write (a name), which a spreadsheet could take for a formula.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    many: bool = False  # a `;`-list of such values
    low: float | date | None = None
    high: float | date | None = None
    past: bool = False
    choices: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()  # values we know and refuse
    refusal: str = ""  # the way out for them
    refers: str = ""  # "dwellings.dwelling_id"
    free: bool = False


@dataclass(frozen=True)
class Table:
    """One canonical table: its columns, its key, and what is said (in French) when it is absent."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: str = ""  # no two rows share it
    required: bool = False
    absent: str = ""

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


def _text(name: str, meaning: str, required: bool = False, refers: str = "", free: bool = False) -> Column:
    return Column(name, "text", meaning, required, refers=refers, free=free)


def _flag(name: str, meaning: str, required: bool = False) -> Column:
    return Column(name, "flag", meaning, required)


def _integer(name: str, low: int, high: int, meaning: str, required: bool = False) -> Column:
    return Column(name, "integer", meaning, required, low=low, high=high)


def _number(name: str, low: float, high: float, meaning: str, required: bool = False) -> Column:
    return Column(name, "number", meaning, required, low=low, high=high)


def _past(name: str, since: int, meaning: str, required: bool = False) -> Column:
    return Column(name, "date", meaning, required, low=date(since, 1, 1), high=LAST_DATE, past=True)


def _date(name: str, since: int, meaning: str, required: bool = False) -> Column:
    return Column(name, "date", meaning, required, low=date(since, 1, 1), high=LAST_DATE)


def _choice(name: str, choices: tuple[str, ...], meaning: str, required: bool = False) -> Column:
    return Column(name, "choice", meaning, required, choices=choices)


def _choices(name: str, choices: tuple[str, ...], meaning: str) -> Column:
    return Column(name, "choice", meaning, many=True, choices=choices)


def _ages(name: str, low: int, high: int, meaning: str) -> Column:
    return Column(name, "integer", meaning, many=True, low=low, high=high)


_PLI = "retirer ce logement de la table : la CALEOL n'attribue pas le logement intermédiaire"

RESIDENCES = Table(
    "residences",
    "one residence a row: bailleur × commune × programme",
    (
        _text("residence_id", "identifier, unique", required=True),
        _text("name", "name of the residence", required=True, free=True),
        _text("bailleur_id", "identifier of the bailleur", required=True),
        _text("epci", "identifier of the EPCI", required=True),
        Column("commune", "insee", "INSEE code of the commune", required=True),
        _choice("zone", ZONES, "tension zone", required=True),
        _text("quartier", "neighbourhood", free=True),
        _flag("in_qpv", "in a quartier prioritaire de la politique de la ville", required=True),
        _flag("is_rpms", "listed as RPMS in the CIA", required=True),
        _integer("build_year", 1700, 2100, "year of completion"),
        _choice("kind", KINDS, "type of construction"),
        _choice("peuplement_type", PEUPLEMENT_TYPES, "present type of the residence"),
        _choice("peuplement_target", PEUPLEMENT_TYPES, "type aimed at"),
        _number("x", -1e7, 1e7, "Lambert-93 easting, m"),
        _number("y", -1e7, 1e7, "Lambert-93 northing, m"),
    ),
    key="residence_id",
    required=True,
)

DWELLINGS = Table(
    "dwellings",
    "one social dwelling a row",
    (
        _text("dwelling_id", "identifier, unique", required=True),
        _text("residence_id", "residence of the dwelling", required=True, refers="residences.residence_id"),
        _integer("rooms", 1, 9, "main rooms", required=True),
        _number("surface_m2", 5, 500, "floor area, m²", required=True),
        Column(
            "financing",
            "choice",
            "financing family, which sets the income ceiling",
            required=True,
            choices=FINANCINGS,
            refused=("PLI", "LLI"),
            refusal=_PLI,
        ),
        _number("rent_eur", 0, 5000, "rent without charges, EUR a month", required=True),
        _number("charges_eur", 0, 2000, "charges, EUR a month", required=True),
        _number("heating_eur", 0, 2000, "heating, EUR a month"),
        _flag("accessible", "accessible to a person with reduced mobility", required=True),
        _choice("kind", KINDS, "type of construction", required=True),
        _choice("dpe", DPES, "energy class"),
        _integer("floor", -5, 60, "floor, 0 for the ground"),
        _choice("reservataire", RESERVATAIRES, "holder of a reservation in stock; empty in flow"),
    ),
    key="dwelling_id",
    required=True,
)

_HOUSEHOLD = (
    _integer("adults", 1, 15, "adults", required=True),
    _integer("children", 0, 20, "children", required=True),
    _ages("adults_ages", 15, 120, "age of each adult, the reference person first, years"),
    _ages("children_ages", 0, 30, "age of each child, years"),
    _integer("age", 15, 120, "age of the reference person, years; else the first of adults_ages"),
    _integer("teens", 0, 20, "children of 14 and more; else counted from children_ages"),
)

_INCOMES = (
    _number("monthly_income_eur", 0, 1e6, "declared resources of the household, EUR a month"),
    _number("rfr_eur", 0, 1e7, "revenu fiscal de référence of year N-2, EUR a year"),
)

OCCUPANTS = Table(
    "occupants",
    "one occupant household a row; a dwelling without a row is vacant",
    (
        _text("dwelling_id", "dwelling occupied, once", required=True, refers="dwellings.dwelling_id"),
        _text("household_id", "identifier of the household", required=True),
        _past("lease_on", 1900, "start of the lease", required=True),
        *_HOUSEHOLD,
        _choice("activity", ACTIVITIES, "activity of the reference person", required=True),
        *_INCOMES,
    ),
    key="dwelling_id",
    absent="sans occupation : pas d'effet sur la résidence",
)

WORK_STATUSES = ("CDI", "CDD", "ART", "CHO", "APP", "ETU", "RET", "AUT")
MOTIVES = tuple(f"{code:02d}" for code in range(1, 24))
DWELLING_TYPES = ("C", "T1", "T2", "T3", "T4", "T5", "T6P")
HOUSING_MODES = (
    "HLM", "LP", "RS", "RHVS", "RE", "SLHT", "SH", "CDEFCM", "CPE",
    "CP", "LTG", "FONC", "POCC", "CAMCAR", "HOT", "SD", "SQUAT",
)  # fmt: skip

ATTRIBUTES = (
    _choice("dalo_status", ("NON", "ACTIF", "CADUC", "ACTREL"), "DALO status in the register"),
    _flag("dalo", "recognised under DALO; else from dalo_recognised_on"),
    _flag("pdalhpd", "public of the PDALHPD"),
    _flag("accord_collectif", "public of an accord collectif"),
    _integer("seniority_months", 0, 1200, "full months since filing; else from filed_on"),
    _flag("long_delay", "waiting longer than the abnormal delay"),
    _choice("request_kind", ("primo", "mutation"), "first demand or transfer; else from mutation_of"),
    _choices("housing_modes", HOUSING_MODES, "present housing, SNE codes"),
    _integer("occupants", 1, 40, "persons in the present dwelling"),
    _integer("rooms", 0, 20, "rooms of the present dwelling"),
    _number("surface", 1, 1000, "surface of the present dwelling, m²"),
    _number("persons_per_room", 0, 40, "persons a room in the present dwelling"),
    _number("m2_per_person", 0, 1000, "m² a person in the present dwelling"),
    _number("rent", 0, 9999, "present rent, EUR a month"),
    _number("apl", 0, 9999, "present housing benefit, EUR a month"),
    _flag("owner", "owns a dwelling"),
    _past("housed_since", 1900, "in the present dwelling since"),
    _choices("motives", MOTIVES, "motives of the demand, SNE codes"),
    _integer("cotenants", 0, 15, "co-holders of the demand"),
    _choice("family_status", tuple("CMDSPUV"), "situation familiale, SNE codes"),
    _integer("other_dependants", 0, 20, "dependants other than children"),
    _integer("unborn", 0, 9, "children to be born"),
    _integer("custody_alternate", 0, 20, "children in alternating custody"),
    _integer("custody_visit", 0, 20, "children with visiting rights"),
    _flag("single_parent", "one adult with children"),
    _choice("work_status", WORK_STATUSES, "contract or status, SNE codes"),
    _flag("works_in_epci", "works in the EPCI"),
    _flag("lives_in_epci", "lives in the EPCI"),
    _flag("essential_worker", "essential worker, as verified"),
    _number("monthly_received", 0, 1e6, "resources received, EUR a month"),
    _number("monthly_paid", 0, 1e6, "resources paid out (alimony), EUR a month"),
    _number("rfr", 0, 1e7, "revenu fiscal de référence read by the grid, EUR a year"),
    _number("effort_rate", -10, 100, "present (rent − APL) / resources, ratio"),
    _number("residual_income", -1e5, 1e6, "resources after rent, EUR a month and consumption unit"),
    _integer("income_quartile", 1, 4, "quartile of the demand's income, 1 the lowest"),
    _flag("disability", "disability recognised (cotation only)"),
    _flag("mobility", "reduced mobility"),
    _choices("wished_types", DWELLING_TYPES, "types wished, SNE codes"),
    _number("max_rent", 0, 1e5, "highest rent wished as the grid reads it, EUR a month"),
    _flag("wide", "accepts a wider search"),
    _flag("right_to_rehousing", "rehousing owed (ANRU, demolition)"),
    _flag("qpv_residence", "lives in a QPV"),
    _integer("unjustified_refusals_24m", 0, 100, "unjustified refusals in the last 24 months"),
    _flag("violence_proven", "protection from violence, proven"),
    _flag("social_assessment", "social assessment joined"),
    _flag("false_statement", "false statement established"),
)
"""Attributes a grid may read, by their names in the SNE closed list. An empty cell is missing, never 0."""

PROVABLE = ("adults", "children", "age", "communes", *(column.name for column in ATTRIBUTES))
"""Attributes a document may prove; their order is that of the bits of `verified`."""

DEMANDS = Table(
    "demands",
    "one pending demand a row",
    (
        _text("demand_id", "numéro unique, as text", required=True),
        _text("household_id", "identifier of the household; else the occupant's (mutation) or demand_id"),
        _past("filed_on", 1985, "date of filing", required=True),
        _past("renewed_on", 1985, "last renewal"),
        *_HOUSEHOLD,
        _integer("dependants", 0, 20, "dependants for the income ceilings"),
        _choice("activity", ACTIVITIES, "activity of the reference person; else from work_status"),
        *_INCOMES,
        _number("rfr_n1_eur", 0, 1e7, "revenu fiscal de référence of year N-1, EUR a year"),
        Column("communes", "insee", "communes wished, INSEE codes, the first wish first", True, many=True),
        _integer("rooms_min", 1, 9, "fewest rooms wished", required=True),
        _integer("rooms_max", 1, 9, "most rooms wished", required=True),
        _number("max_rent_eur", 0, 1e5, "highest rent wished, EUR a month"),
        _flag("needs_accessible", "needs an accessible dwelling", required=True),
        _text("mutation_of", "dwelling the household leaves", refers="dwellings.dwelling_id"),
        _choices("reservataire_labels", RESERVATAIRES, "réservataires that may designate the demand"),
        _flag("l441_1", "priority public of L.441-1, where the file does not say which"),
        _past("dalo_recognised_on", 2007, "recognition under DALO"),
        _date("dalo_deadline", 2007, "date by which a DALO household must be offered a dwelling"),
        _text(
            "dalo_designated_bailleur",
            "bailleur designated by the préfet",
            refers="residences.bailleur_id",
        ),
        _flag("dalo_offer_made", "an adapted offer was made under DALO"),
        _text("relogement_operation", "operation that rehouses the household; gives right_to_rehousing"),
        *ATTRIBUTES,
        _choices("verified", PROVABLE, "attributes proven on documents; `aucun` where none is"),
    ),
    key="demand_id",
    absent="sans demandes : aucune liste d'attente",
)

_OFFERED = _text("dwelling_id", "dwelling", required=True, refers="dwellings.dwelling_id")
_PENDING = _text("demand_id", "demand", required=True, refers="demands.demand_id")
_RESERVATAIRE = _choice("reservataire", RESERVATAIRES, "réservataire, `aucun` for the bailleur", True)

VACANCIES = Table(
    "vacancies",
    "one dwelling to let a row; it may keep its occupant until available_on",
    (
        _OFFERED,
        _date("available_on", 2000, "first day of a new lease", required=True),
        _RESERVATAIRE,
        _choice("designation_mode", DESIGNATION_MODES, "who forms the pool"),
    ),
    key="dwelling_id",
    absent="sans vacances : les logements libres sont ceux sans occupant",
)

DESIGNATIONS = Table(
    "designations",
    "one candidate designated by a réservataire for a dwelling a row",
    (_OFFERED, _PENDING, _RESERVATAIRE, _past("designated_on", 2000, "date of designation", True)),
    absent="sans désignations : aucune liste nominative de réservataire",
)

LEASES = Table(
    "leases",
    "one lease signed in the year a row, for the quotas",
    (
        _OFFERED,
        _text("demand_id", "demand housed", required=True),
        _past("signed_on", 2000, "signature", required=True),
        _past("filed_on", 1985, "date of filing of the demand", required=True),
        _RESERVATAIRE,
        _flag("first_quartile", "declared in the first quartile"),
        _flag("relogement", "declared relogé (ANRU)"),
        _flag("dalo", "declared DALO"),
        _flag("l441_1", "declared priority of L.441-1"),
        _flag("essential_worker", "declared essential worker"),
        _flag("mutation", "declared transfer"),
    ),
    absent="sans baux de l'année : les quotas partent de zéro",
)

OFFERS = Table(
    "offers",
    "one ranked offer a row",
    (
        _OFFERED,
        _text("demand_id", "demand ranked", required=True),
        _integer("rank", 1, 50, "rank on the list", required=True),
        _past("offered_on", 2000, "date of the offer", required=True),
        _choice("outcome", OUTCOMES, "answer; empty while in flight"),
    ),
    absent="sans offres : aucune offre en cours au départ",
)

TABLES = (RESIDENCES, DWELLINGS, OCCUPANTS, DEMANDS, VACANCIES, DESIGNATIONS, LEASES, OFFERS)

_KINDS = {
    "text": "text",
    "insee": "INSEE code (text, leading zero kept)",
    "integer": "integer",
    "number": "number",
    "flag": "`true` or `false`",
    "date": "ISO date",
    "choice": "one of",
}


def expected(column: Column) -> str:
    """Return in words what a column holds, for the documentation."""
    said = _KINDS[column.kind]
    if column.choices:
        said = ("codes among" if column.many else said) + " " + ", ".join(f"`{c}`" for c in column.choices)
    elif column.kind in ("integer", "number"):
        said += f" {column.low:.0f} to {column.high:.0f}"
    elif column.kind == "date":
        said += f" from {column.low}" + (", not after `as_of`" if column.past else "")
    if column.refers:
        said += f" in `{column.refers}`"
    return f"`;`-list: {said}" if column.many else said


def schema_table() -> str:
    """Return the canonical tables as Markdown, for docs/territory.md."""
    parts = []
    for table in TABLES:
        need = "required" if table.required else f"optional (« {table.absent} »)"
        rows = "\n".join(
            f"| `{column.name}`{'' if column.required else ' ?'} | {expected(column)} | {column.meaning} |"
            for column in table.columns
        )
        parts.append(
            f"### `{table.name}`\n\n{table.meaning[0].upper()}{table.meaning[1:]}; {need}.\n\n"
            f"| column | holds | meaning |\n|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)
