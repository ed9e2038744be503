"""How do sound canonical tables become the columns of a Territory?

What is missing without being a fault (no occupants, no leases, ages not given) takes a stated default
and is said in `Territory.notes`, one French line each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.territory.columns import (
    ACTIVITIES,
    Demands,
    Dwellings,
    Ints,
    Occupants,
    Residences,
    Territory,
    Texts,
    frozen,
)
from sim.territory.files.about import TerritoryFile
from sim.territory.files.canonical import CanonicalTable
from sim.territory.files.rows import children_of_14, reference_age
from sim.territory.files.schema import ATTRIBUTES, TABLES, WORK_STATUSES, ZONES, Column

Tables = Mapping[str, CanonicalTable]

_ACTIVITY_OF_STATUS = {
    "CDI": "employed",
    "CDD": "employed",
    "ART": "employed",
    "APP": "employed",
    "CHO": "unemployed",
    "ETU": "student",
    "RET": "retired",
    "AUT": "other",
}

_UNUSED = {
    "residences": ("kind", "x", "y"),
    "dwellings": ("dpe", "floor"),
    "demands": (
        "renewed_on",
        "dependants",
        "rfr_n1_eur",
        "dalo_offer_made",
        "verified",
    ),
}
"""Columns checked, but that a Territory has no place for."""


def built(about: TerritoryFile, tables: Tables) -> Territory:
    """Return the Territory of tables without faults; an absent table has no row."""
    read = {table.name: tables.get(table.name, CanonicalTable(table, "")) for table in TABLES}
    names = {commune.code: commune.name for commune in about.commune}
    wished = read["demands"].lists("communes").values
    communes = _known(names, read["residences"].array("commune"), wished)
    bailleurs = _known(about.bailleurs, read["residences"].array("bailleur_id"))
    occupants = _occupants(read)
    return Territory(
        name=about.name,
        epci=about.epci,
        departements=about.departements,
        as_of=about.as_of,
        synthetic=about.synthetic,
        communes=communes,
        commune_names=tuple(names.get(code, code) for code in communes),
        bailleurs=bailleurs,
        residences=_residences(read["residences"], communes, bailleurs, about.rpms),
        dwellings=_dwellings(read),
        occupants=occupants,
        demands=_demands(read, communes, bailleurs, occupants),
        orientation=about.orientation,
        operations=_operations(read["demands"]),
        notes=tuple(dict.fromkeys([*about.notes, *_notes(about, tables)])),
    )


def _residences(
    table: CanonicalTable, communes: tuple[str, ...], bailleurs: tuple[str, ...], rpms: tuple[str, ...]
) -> Residences:
    ids = table.array("residence_id")
    return frozen(
        Residences(
            residence_id=ids,
            name=table.array("name"),
            bailleur=_index(table.array("bailleur_id"), bailleurs),
            commune=_index(table.array("commune"), communes),
            quartier=table.array("quartier"),
            zone=np.array(ZONES, dtype=np.str_)[table.array("zone")],
            in_qpv=table.array("in_qpv") == 1,
            is_rpms=(table.array("is_rpms") == 1) | np.isin(ids, rpms),
            build_year=np.maximum(table.array("build_year"), 0),
            peuplement_type=table.array("peuplement_type"),
            peuplement_target=table.array("peuplement_target"),
            x=table.array("x"),
            y=table.array("y"),
        )
    )


def _dwellings(read: Tables) -> Dwellings:
    table = read["dwellings"]
    return frozen(
        Dwellings(
            dwelling_id=table.array("dwelling_id"),
            residence=_index(table.array("residence_id"), read["residences"].array("residence_id")),
            rooms=table.array("rooms"),
            surface_m2=table.array("surface_m2"),
            financing=table.array("financing"),
            rent_eur=table.array("rent_eur"),
            charges_eur=table.array("charges_eur"),
            heating_eur=table.array("heating_eur"),
            accessible=table.array("accessible") == 1,
            kind=table.array("kind"),
            reservataire=table.array("reservataire"),
            dpe=table.array("dpe"),
        )
    )


def _occupants(read: Tables) -> Occupants:
    table = read["occupants"]
    return frozen(
        Occupants(
            dwelling=_index(table.array("dwelling_id"), read["dwellings"].array("dwelling_id")),
            household_id=table.array("household_id"),
            lease_on=table.array("lease_on"),
            adults=table.array("adults"),
            children=table.array("children"),
            teens=np.maximum(children_of_14(table), 0),
            age=reference_age(table),
            activity=table.array("activity"),
            monthly_income_eur=table.array("monthly_income_eur"),
            rfr_eur=table.array("rfr_eur"),
        )
    )


def _operations(table: CanonicalTable) -> dict[str, str]:
    """Return the operation that rehouses the household of a demand, where one does."""
    pairs = zip(table.array("demand_id").tolist(), table.array("relogement_operation").tolist(), strict=True)
    return {demand: operation for demand, operation in pairs if operation}


def _demands(
    read: Tables, communes: tuple[str, ...], bailleurs: tuple[str, ...], occupants: Occupants
) -> Demands:
    table = read["demands"]
    wished = table.lists("communes")
    commune = _index(wished.values, communes)
    wishes = np.zeros((table.read, len(communes)), dtype=np.bool_)
    wishes[wished.row, commune] = True
    _, first = np.unique(wished.row, return_index=True)
    mutation_of = _index(table.array("mutation_of"), read["dwellings"].array("dwelling_id"))
    attributes = {
        column.name: attribute(table, column) for column in ATTRIBUTES if column.name in table.values
    }
    rehoused = table.array("relogement_operation") != ""
    if rehoused.any():
        declared = attributes.get("right_to_rehousing", np.full(table.read, -1, dtype=np.int8))
        attributes["right_to_rehousing"] = np.where(rehoused & (declared < 0), np.int8(1), declared)
    return frozen(
        Demands(
            demand_id=table.array("demand_id"),
            household_id=_households(table, mutation_of, occupants),
            filed_on=table.array("filed_on"),
            adults=table.array("adults"),
            children=table.array("children"),
            teens=np.maximum(children_of_14(table), 0),
            age=reference_age(table),
            activity=activity_of(table),
            monthly_income_eur=table.array("monthly_income_eur"),
            rfr_eur=table.array("rfr_eur"),
            wishes=wishes,
            first_commune=commune[first],
            rooms_min=table.array("rooms_min"),
            rooms_max=table.array("rooms_max"),
            max_rent_eur=table.array("max_rent_eur"),
            needs_accessible=table.array("needs_accessible") == 1,
            mutation_of=mutation_of,
            labels=np.maximum(table.array("reservataire_labels"), 0),
            l441_1=table.array("l441_1") == 1,
            dalo_recognised_on=table.array("dalo_recognised_on"),
            dalo_deadline=table.array("dalo_deadline"),
            dalo_bailleur=_index(table.array("dalo_designated_bailleur"), bailleurs),
            attributes=attributes,
        )
    )


def attribute(table: CanonicalTable, column: Column) -> NDArray[Any]:
    """Return an attribute as `Demands.attributes` holds it."""
    values = table.array(column.name)
    if column.kind == "choice" and not column.many:
        return values.astype(np.int8)
    if column.kind == "integer":
        return np.where(values < 0, np.nan, values)
    if column.kind == "date":
        return np.where(np.isnat(values), np.nan, values.astype(np.int64))
    return values


def _households(table: CanonicalTable, mutation_of: Ints, occupants: Occupants) -> Texts:
    """Return the household of each demand: as given, else the occupant who leaves, else the demand itself.

    When several demands leave one dwelling (a household splits), none of them is the occupant's.
    """
    given, own = table.array("household_id"), table.array("demand_id")
    leaving, demands = np.unique(mutation_of, return_counts=True)
    alone = np.isin(mutation_of, leaving[(leaving >= 0) & (demands == 1)])
    occupant = dict(zip(occupants.dwelling.tolist(), occupants.household_id.tolist(), strict=True))
    named = zip(given.tolist(), mutation_of.tolist(), alone.tolist(), own.tolist(), strict=True)
    return np.array(
        [told or (occupant.get(left, demand) if only else demand) for told, left, only, demand in named],
        dtype=np.str_,
    )


def activity_of(table: CanonicalTable) -> Ints:
    """Return the activity as given, else that of the work status, else `other`."""
    of_status = [ACTIVITIES.index(_ACTIVITY_OF_STATUS[status]) for status in WORK_STATUSES]
    default = np.array([*of_status, ACTIVITIES.index("other")])[table.array("work_status")]
    activity = table.array("activity")
    return np.where(activity < 0, default, activity)


def _known(declared: Iterable[str], *found: Texts) -> tuple[str, ...]:
    """Return the declared names, then those found in the tables, sorted."""
    first = tuple(dict.fromkeys(declared))
    others = {name for names in found for name in np.unique(names).tolist()}
    return (*first, *sorted(others - set(first)))


def _index(names: Texts, known: Iterable[str]) -> Ints:
    """Return the position of each name among the known ones, -1 where empty."""
    listed = known.tolist() if isinstance(known, np.ndarray) else list(known)
    places = pc.index_in(pa.array(names.tolist(), pa.string()), value_set=pa.array(listed, pa.string()))
    return np.asarray(pc.fill_null(places, -1), dtype=np.int64)


def _notes(about: TerritoryFile, tables: Tables) -> list[str]:
    notes = [note for read in tables.values() for note in read.notes]
    epcis = tables["residences"].array("epci")
    elsewhere = int((epcis != about.epci).sum())
    if elsewhere:
        notes.append(f"résidences d'un autre EPCI, comptées avec « {about.epci} » : {elsewhere}")
    for name in ("occupants", "demands"):
        if name in tables:
            notes.extend(_notes_of_ages(tables[name]))
    if "demands" in tables:
        notes.extend(_notes_of_dalo(tables["demands"]))
    for name, columns in _UNUSED.items():
        if name in tables:
            held = [column for column in columns if _holds(tables[name], column)]
            if held:
                notes.append(f"{tables[name].file} : colonnes vérifiées, sans effet : {', '.join(held)}")
    return [*notes, *(table.absent for table in TABLES if table.absent and table.name not in tables)]


def _holds(table: CanonicalTable, column: str) -> bool:
    """Tell whether a column has at least one value."""
    return column in table.texts and not bool(table.empty(column).all())


def _notes_of_dalo(table: CanonicalTable) -> list[str]:
    stated, recognised = (~np.isnat(table.array(name)) for name in ("dalo_deadline", "dalo_recognised_on"))
    alone = int((stated & ~recognised).sum())
    return [f"{table.file} : dalo_deadline sans dalo_recognised_on, sans effet : {alone}"] if alone else []


def _notes_of_ages(table: CanonicalTable) -> list[str]:
    notes = []
    unaged = int(((children_of_14(table) < 0) & (table.array("children") > 0)).sum())
    if unaged:
        said = "comptés comme ayant moins de 14 ans"
        notes.append(f"{table.file} : âges des enfants absents, {said} (ménages : {unaged})")
    ageless = int((reference_age(table) < 0).sum())
    if ageless:
        notes.append(f"{table.file} : âge de la personne de référence absent (ménages : {ageless})")
    return notes
