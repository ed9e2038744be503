"""Do the canonical tables agree with each other: does every reference exist?"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.territory.files.canonical import CanonicalTable
from sim.territory.files.schema import TABLES

_SEARCHED = 2000  # with more known identifiers than this, the nearest one is not looked for


def check_links(tables: Mapping[str, CanonicalTable]) -> None:
    """Add to each table the faults of its references to the others."""
    for table in tables.values():
        _check_references(table, tables)


def check_designations(tables: Mapping[str, CanonicalTable]) -> None:
    """Add the faults of designations by another réservataire than the one who holds the dwelling to let."""
    vacancies, designations = tables.get("vacancies"), tables.get("designations")
    needed = {"dwelling_id", "reservataire"}
    if not (vacancies and designations and needed <= vacancies.texts.keys() & designations.texts.keys()):
        return  # absent, or without a column: said already
    named = vacancies.texts["dwelling_id"].to_pylist()
    held = {name: at for at, name in enumerate(named)}
    holder, by = vacancies.array("reservataire"), designations.array("reservataire")
    for at, name in enumerate(designations.texts["dwelling_id"].to_pylist()):
        place = held.get(name)
        if place is None or by[at] < 0 or holder[place] < 0 or by[at] == holder[place]:
            continue  # unknown or empty: said already
        where = f"{vacancies.file} ligne {int(vacancies.rows[place])}"
        value = designations.texts["reservataire"][at].as_py()
        message = f"ce logement est à un autre réservataire ({where})"
        designations.refuse(at, message, "corriger l'un des deux", "reservataire", value)


def _check_references(table: CanonicalTable, tables: Mapping[str, CanonicalTable]) -> None:
    required = {known.name: known.required for known in TABLES}
    for column in table.table.columns:
        if not column.refers or column.name not in table.texts:
            continue
        name, key = column.refers.split(".")
        target = tables.get(name)
        if target is None and not required[name]:
            table.refuse_file(f"la table {name} est absente", "la joindre au dossier", column=column.name)
        if target is None or key not in target.texts:
            continue  # the target's own fault says it
        known = target.texts[key]
        found = np.asarray(pc.is_in(table.texts[column.name], value_set=known), dtype=np.bool_)
        for at in np.flatnonzero(~found & ~table.empty(column.name)).tolist():
            value = table.texts[column.name][at].as_py()
            message = f"inconnu dans {target.file}, colonne {key}"
            table.refuse(at, message, _way_out(value, known, target), column.name, value)


def _way_out(value: str, known: pa.Array, target: CanonicalTable) -> str:
    close = get_close_matches(value, known.to_pylist(), n=1, cutoff=0.6) if len(known) <= _SEARCHED else []
    mend = f"ajouter la ligne à {target.file} ou corriger l'identifiant"
    return f"vouliez-vous dire « {close[0]} » ? sinon {mend}" if close else mend
