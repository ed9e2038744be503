"""How is a Territory written as a folder of canonical tables that reads back to the same Territory?

The writer holds only what a Territory holds: `vacancies`, `leases` and the other tables of a real
territory stay the user's own files.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.territory.columns import (
    ACTIVITIES,
    DPES,
    FINANCINGS,
    KINDS,
    PEUPLEMENT_TYPES,
    RESERVATAIRES,
    Bools,
    Ints,
    Territory,
)
from sim.territory.files.about import FILE
from sim.territory.files.cells import protected
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.saving import replacing
from sim.territory.files.schema import DEMANDS, DWELLINGS, NONE_OF_THEM, OCCUPANTS, RESIDENCES, TABLES, Table

Cells = Sequence[Any]


def write_territory(territory: Territory, folder: Path) -> None:
    """Write territory.toml and the CSV tables of a territory; all files appear together, whole.

    Raises
    ------
    FaultsFound
        when the folder already holds one of the tables as Parquet: it would then be there twice.
    """
    tables: Mapping[str, tuple[Table, Mapping[str, Cells]]] = {
        "residences.csv": (RESIDENCES, _residences(territory)),
        "dwellings.csv": (DWELLINGS, _dwellings(territory)),
        "occupants.csv": (OCCUPANTS, _occupants(territory)),
        "demands.csv": (DEMANDS, _demands(territory)),
    }
    twins = [path for file in tables if (path := (folder / file).with_suffix(".parquet")).exists()]
    if twins:
        message = "la table serait donnée deux fois, en CSV et en Parquet"
        raise FaultsFound(Fault(str(path), message, "choisir un dossier vide") for path in twins)
    with ExitStack() as files:
        files.enter_context(replacing(folder / FILE)).write(_about(territory).encode())
        for file, (table, columns) in tables.items():
            files.enter_context(replacing(folder / file)).write(_csv(table, columns).encode())


def _residences(territory: Territory) -> dict[str, Cells]:
    columns = territory.residences
    return {
        "residence_id": columns.residence_id.tolist(),
        "name": [protected(name) for name in columns.name.tolist()],
        "bailleur_id": _names(columns.bailleur, territory.bailleurs),
        "epci": [territory.epci] * len(columns.name),
        "commune": _names(columns.commune, territory.communes),
        "zone": columns.zone.tolist(),
        "quartier": [protected(name) for name in columns.quartier.tolist()],
        "in_qpv": _flags(columns.in_qpv),
        "is_rpms": _flags(columns.is_rpms),
        "build_year": _known(columns.build_year, columns.build_year > 0),
        "peuplement_type": _names(columns.peuplement_type, PEUPLEMENT_TYPES),
        "peuplement_target": _names(columns.peuplement_target, PEUPLEMENT_TYPES),
        "x": _numbers(columns.x),
        "y": _numbers(columns.y),
    }


def _dwellings(territory: Territory) -> dict[str, Cells]:
    columns = territory.dwellings
    return {
        "dwelling_id": columns.dwelling_id.tolist(),
        "residence_id": territory.residences.residence_id[columns.residence].tolist(),
        "rooms": columns.rooms.tolist(),
        "surface_m2": columns.surface_m2.tolist(),
        "financing": _names(columns.financing, FINANCINGS),
        "rent_eur": columns.rent_eur.tolist(),
        "charges_eur": columns.charges_eur.tolist(),
        **({} if np.isnan(columns.heating_eur).all() else {"heating_eur": _numbers(columns.heating_eur)}),
        "accessible": _flags(columns.accessible),
        "kind": _names(columns.kind, KINDS),
        "dpe": _names(columns.dpe, DPES),
        "reservataire": _names(columns.reservataire, RESERVATAIRES),
    }


def _occupants(territory: Territory) -> dict[str, Cells]:
    columns = territory.occupants
    return {
        "dwelling_id": territory.dwellings.dwelling_id[columns.dwelling].tolist(),
        "household_id": columns.household_id.tolist(),
        "lease_on": np.datetime_as_string(columns.lease_on, "D").tolist(),
        "adults": columns.adults.tolist(),
        "children": columns.children.tolist(),
        "age": _known(columns.age, columns.age >= 0),
        "teens": columns.teens.tolist(),
        "activity": _names(columns.activity, ACTIVITIES),
        "monthly_income_eur": _numbers(columns.monthly_income_eur),
        "rfr_eur": _numbers(columns.rfr_eur),
    }


def _demands(territory: Territory) -> dict[str, Cells]:
    columns = territory.demands
    dwelling_ids = territory.dwellings.dwelling_id
    recognised = np.datetime_as_string(columns.dalo_recognised_on, "D")
    due = np.datetime_as_string(columns.dalo_deadline, "D")
    stated = ~np.isnat(columns.dalo_deadline)
    operations = [territory.operations.get(text, "") for text in columns.demand_id.tolist()]
    return {
        "demand_id": columns.demand_id.tolist(),
        "household_id": columns.household_id.tolist(),
        "filed_on": np.datetime_as_string(columns.filed_on, "D").tolist(),
        "adults": columns.adults.tolist(),
        "children": columns.children.tolist(),
        "age": _known(columns.age, columns.age >= 0),
        "teens": columns.teens.tolist(),
        "activity": _names(columns.activity, ACTIVITIES),
        "monthly_income_eur": _numbers(columns.monthly_income_eur),
        "rfr_eur": _numbers(columns.rfr_eur),
        "communes": _wishes(columns.wishes, columns.first_commune, territory.communes),
        "rooms_min": columns.rooms_min.tolist(),
        "rooms_max": columns.rooms_max.tolist(),
        "max_rent_eur": _numbers(columns.max_rent_eur),
        "needs_accessible": _flags(columns.needs_accessible),
        **({"relogement_operation": operations} if any(operations) else {}),
        "mutation_of": [dwelling_ids[row].item() if row >= 0 else "" for row in columns.mutation_of.tolist()],
        "reservataire_labels": _codes(np.where(columns.labels == 0, -1, columns.labels), RESERVATAIRES),
        **({"l441_1": _flags(columns.l441_1)} if columns.l441_1.any() else {}),
        "dalo_recognised_on": _known(recognised, ~np.isnat(columns.dalo_recognised_on)),
        **({"dalo_deadline": _known(due, stated)} if stated.any() else {}),
        "dalo_designated_bailleur": [
            territory.bailleurs[row] if row >= 0 else "" for row in columns.dalo_bailleur.tolist()
        ],
        **{name: _attribute(name, values) for name, values in columns.attributes.items()},
    }


def _attribute(name: str, values: NDArray[Any]) -> Cells:
    """Return the cells of an attribute; its column in the schema says what its values mean."""
    column = DEMANDS.column(name)
    if column.kind == "flag":
        return _names(values, ("false", "true"))
    if column.kind == "choice":
        return _codes(values, column.choices) if column.many else _names(values, column.choices)
    if column.kind == "integer":
        return [int(value) if value == value else "" for value in values.tolist()]
    if column.kind == "date":
        return [str(np.datetime64(int(value), "D")) if value == value else "" for value in values.tolist()]
    return _numbers(values)


def _names(indices: Ints, names: Sequence[str]) -> list[str]:
    """Return the name of each index, "" for -1."""
    return np.array([*names, ""], dtype=object)[indices].tolist()  # type: ignore[no-any-return]


def _codes(masks: Ints, codes: Sequence[str]) -> list[str]:
    """Return the `;`-list of each bit mask, "" for -1 (missing), `aucun` for 0."""
    unique, inverse = np.unique(masks, return_inverse=True)
    listed = [
        ""
        if mask < 0
        else ";".join(code for bit, code in enumerate(codes) if mask >> bit & 1) or NONE_OF_THEM
        for mask in unique.tolist()
    ]
    return _names(inverse, listed)


def _flags(values: Bools) -> list[str]:
    return _names(values.astype(np.int8), ("false", "true"))


def _numbers(values: NDArray[np.floating[Any]]) -> Cells:
    """Return numbers as Python writes them (shortest text that reads back the same), "" for NaN."""
    return ["" if value != value else value for value in values.tolist()]


def _known(values: NDArray[Any], known: Bools) -> Cells:
    return [value if told else "" for value, told in zip(values.tolist(), known.tolist(), strict=True)]


def _wishes(wishes: Bools, first: Ints, communes: tuple[str, ...]) -> list[str]:
    """Return the communes wished by each demand, the first wish first."""
    others = wishes.copy()
    others[np.arange(len(first)), first] = False
    row, commune = np.nonzero(others)
    ends = np.searchsorted(row, np.arange(1, len(first)))
    return (
        [
            ";".join(communes[index] for index in (leading, *rest.tolist()))
            for leading, rest in zip(first.tolist(), np.split(commune, ends), strict=True)
        ]
        if len(first)
        else []
    )


def _csv(table: Table, columns: Mapping[str, Cells]) -> str:
    """Return a canonical CSV, columns in the order of the schema.

    Lines end in CR LF (RFC 4180): csv then quotes a cell that holds either, which Python before 3.13 does
    not do for a lone CR otherwise.
    """
    held = [column.name for column in table.columns if column.name in columns]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(held)
    writer.writerows(zip(*(columns[name] for name in held), strict=True))
    return text.getvalue()


def _about(territory: Territory) -> str:
    """Return territory.toml. Notes the reader adds by itself for an absent table are left out."""
    notes = [note for note in territory.notes if note not in {table.absent for table in TABLES}]
    lines = [
        f"name = {_quoted(territory.name)}",
        f"epci = {_quoted(territory.epci)}",
        f"departements = {_list(territory.departements)}",
        f"as_of = {territory.as_of.isoformat()}",
        f"synthetic = {'true' if territory.synthetic else 'false'}",
        f"bailleurs = {_list(territory.bailleurs)}",
        f"notes = {_list(notes)}",
    ]
    for bailleur, shares in territory.orientation.items():
        lines += ["", f"[orientation.{_quoted(bailleur)}]"]
        lines += [f"{name} = {float(share)!r}" for name, share in shares.items()]
    for code, name in zip(territory.communes, territory.commune_names, strict=True):
        lines += ["", "[[commune]]", f"code = {_quoted(code)}", f"name = {_quoted(name)}"]
    return "\n".join(lines) + "\n"


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _quoted(text: str) -> str:
    """Return a TOML basic string (JSON's escapes, and DEL, which JSON leaves)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
