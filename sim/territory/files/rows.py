"""Do the rows of one canonical table agree with themselves and with each other?

Identifiers are unique, a dwelling has one occupant, ages agree with counts. When two rows are at odds,
both are named.
"""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from sim.territory.columns import Bools, Ints
from sim.territory.files.canonical import CanonicalTable


def check_rows(table: CanonicalTable) -> None:
    """Add the faults that appear only between the columns or the rows of one table."""
    _check_duplicates(table)
    if {"adults", "children"} <= table.values.keys():
        _check_household(table)
    if {"rooms_min", "rooms_max"} <= table.values.keys():
        _check_rooms(table)


def children_of_14(table: CanonicalTable) -> Ints:
    """Return the children of 14 and more of each household, (n,), -1 where not given."""
    ages = table.lists("children_ages")
    counted = np.zeros(table.read, dtype=np.int64)
    np.add.at(counted, ages.row, ages.values >= 14)
    return np.where(_count(table, "children_ages") > 0, counted, table.array("teens"))


def reference_age(table: CanonicalTable) -> Ints:
    """Return the age of the reference person, (n,) years, -1 where it is not given."""
    age = table.array("age").copy()
    ages = table.lists("adults_ages")
    row, first = np.unique(ages.row, return_index=True)
    age[row] = ages.values[first]
    return age


def _count(table: CanonicalTable, column: str) -> Ints:
    """Return how many elements each cell of a list has."""
    return np.bincount(table.lists(column).row, minlength=table.read)


def _check_duplicates(table: CanonicalTable) -> None:
    household = "household_id" if "household_id" in table.texts else ""
    for column in dict.fromkeys((table.table.key, household)):
        if column not in table.texts:
            continue
        codes = np.asarray(pc.dictionary_encode(table.texts[column]).indices)
        unique, first = np.unique(codes, return_index=True)
        firsts = first[np.searchsorted(unique, codes)]
        again = (firsts != np.arange(table.read)) & ~table.empty(column)
        for at in np.flatnonzero(again).tolist():
            here, there = int(table.rows[at]), int(table.rows[firsts[at]])
            occupied = table.table.name == "occupants" and column == "dwelling_id"
            said = "logement déjà occupé par le ménage de la" if occupied else "identifiant déjà donné"
            table.refuse(
                at,
                f"{said} ligne {there}",
                f"garder une seule des lignes {there} et {here}",
                column,
                table.texts[column][at].as_py(),
            )


def _check_household(table: CanonicalTable) -> None:
    """Refuse ages and counts that contradict each other, where each is well written."""
    for column, counted in (("adults_ages", "adults"), ("children_ages", "children")):
        number, total = _count(table, column), table.array(counted)
        for at in _rows(table, (number > 0) & (number != total), column, counted):
            message = f"nombre d'âges : {int(number[at])}, attendu {int(total[at])} ({counted})"
            _refuse(table, at, column, message, "donner un âge par personne, ou laisser vide")
    age, first = table.array("age"), reference_age(table)
    for at in _rows(table, age != first, "age", "adults_ages"):
        if age[at] >= 0:
            _refuse(table, at, "age", f"adults_ages commence par {int(first[at])}", "corriger l'un des deux")
    teens, children, counted_teens = table.array("teens"), table.array("children"), children_of_14(table)
    for at in _rows(table, (teens >= 0) & (teens != counted_teens), "teens", "children_ages"):
        message = f"enfants de 14 ans et plus d'après children_ages : {int(counted_teens[at])}"
        _refuse(table, at, "teens", message, "corriger l'un des deux")
    for at in _rows(table, teens > children, "teens", "children"):
        message = f"plus d'enfants de 14 ans et plus que d'enfants ({int(children[at])})"
        _refuse(table, at, "teens", message, "corriger l'un des deux")


def _check_rooms(table: CanonicalTable) -> None:
    fewest, most = table.array("rooms_min"), table.array("rooms_max")
    for at in _rows(table, fewest > most, "rooms_min", "rooms_max"):
        message = f"inférieur à rooms_min = {int(fewest[at])}"
        _refuse(table, at, "rooms_max", message, "les échanger ou en corriger un")


def _rows(table: CanonicalTable, chosen: Bools, *columns: str) -> list[int]:
    """Return the chosen rows where none of these columns has a fault already."""
    if not chosen.any():
        return []
    faulty = {fault.row for fault in table.faults if fault.column in (*columns, "")}
    return [at for at in np.flatnonzero(chosen).tolist() if int(table.rows[at]) not in faulty]


def _refuse(table: CanonicalTable, at: int, column: str, message: str, mend: str) -> None:
    table.refuse(at, message, mend, column, table.texts[column][at].as_py())
