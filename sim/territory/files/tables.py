"""What does one canonical table hold, and what is wrong in it?

A file, CSV or Parquet, becomes columns of text, then typed columns, with every fault of every row. What
needs another table is in `links.py`. Foreign files (spreadsheets, RPLS, SNE) are not read here: canonical
tables are strict.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.territory.columns import Bools
from sim.territory.files.canonical import CanonicalTable
from sim.territory.files.cells import explained, typed, visible
from sim.territory.files.forbidden import is_forbidden
from sim.territory.files.plain import read_plain
from sim.territory.files.rows import check_rows
from sim.territory.files.schema import LAST_DATE, Column, Table

__all__ = ["CanonicalTable", "check", "read_table"]

Records = Iterator[tuple[int, list[str]]]  # row as a spreadsheet shows it, cells

_CHUNK = 50_000  # rows held as Python lists at once
_IMPORT = "ou passer par « mixite import »"
_FOREIGN = {
    b"PK\x03\x04": "un classeur ou une archive",
    b"\xd0\xcf\x11\xe0": "un classeur .xls",
    b"%PDF": "un PDF",
}


def read_table(path: Path, table: Table, as_of: date = LAST_DATE) -> CanonicalTable:
    """Read one canonical table with all its faults; nothing is raised for a fault of the file.

    path : a `.csv` or `.parquet` file. as_of : no date of the past may be later.
    """
    result = CanonicalTable(table, path.name)
    malformed = _read_parquet(path, result) if path.suffix == ".parquet" else _read_csv(path, result)
    check(result, as_of, malformed)
    if result.extra_columns:
        listed = ", ".join(_resembling(name, table, result) for name in result.extra_columns)
        result.notes.append(f"{result.file} : colonnes ignorées : {listed}")
    if result.dropped_columns:
        names = ", ".join(visible(name) for name in result.dropped_columns)
        count = len(result.dropped_columns)
        said = (
            "colonnes interdites écartées sans être lues"
            if count > 1
            else "colonne interdite écartée sans être lue"
        )
        result.notes.append(f"{result.file} : {count} {said} : {names}")
    return result


def check(result: CanonicalTable, as_of: date = LAST_DATE, malformed: Bools | None = None) -> None:
    """Type the texts of a table, with every fault of its cells and between its rows.

    malformed : (n,) rows whose cells are not looked at, none where not given.
    """
    malformed = np.zeros(result.read, dtype=np.bool_) if malformed is None else malformed
    result.faulty = malformed.copy()
    for column in result.table.columns:
        if column.name in result.texts:
            _type(result, column, malformed, as_of)
    check_rows(result)
    result.faults.sort(key=lambda fault: fault.row)


def _type(result: CanonicalTable, column: Column, malformed: Bools, as_of: date) -> None:
    texts = result.texts[column.name]
    result.values[column.name], bad = typed(texts, column, as_of)
    for at in np.flatnonzero(bad & ~malformed).tolist():
        text = texts[at].as_py()
        message, mend = explained(text, column, as_of)
        result.refuse(at, message, mend, column.name, text)


def _resembling(name: str, table: Table, result: CanonicalTable) -> str:
    absent = [column.name for column in table.columns if column.name not in result.texts]
    close = get_close_matches(name.lower(), absent, n=1, cutoff=0.8)
    return f"{visible(name)} (proche de « {close[0]} »)" if close else visible(name)


def _read_csv(path: Path, result: CanonicalTable) -> Bools:
    """Fill the texts of a CSV file; return the mask of rows that are too short or too long."""
    data, text = _decoded(path, result)
    records = _records(text, result)
    _, header = next(records, (1, []))
    if not any(header):
        if not result.faults:
            _refuse_empty(result)
        return np.zeros(0, dtype=np.bool_)
    separator = next((mark for mark in ";\t|" if len(header) == 1 and mark in header[0]), "")
    if separator:
        said = "tabulation" if separator == "\t" else f"« {separator} »"
        mend = f"réenregistrer avec des virgules, {_IMPORT}"
        result.refuse_file(f"séparateur {said}, virgule attendue", mend, 1)
        return np.zeros(0, dtype=np.bool_)
    places = _places(header, result)
    plain = read_plain(data, places, len(header))
    if plain is None:
        return _read_rows(records, places, len(header), result)
    result.texts = {name: _joined([texts]) for name, texts in plain.items()}
    result.rows = np.arange(len(next(iter(plain.values()))), dtype=np.int64) + 2
    return np.zeros(result.read, dtype=np.bool_)


def _read_rows(records: Records, places: dict[str, int], width: int, result: CanonicalTable) -> Bools:
    """Fill the texts of the records under the header; return the mask of those of another width."""
    numbers: list[int] = []
    malformed: list[bool] = []
    chunks: dict[str, list[pa.Array]] = {name: [] for name in places}
    blank = 0
    for chunk in _chunks(records):
        cells = []
        for number, record in chunk:
            if not any(record):
                blank += 1
                continue
            wrong = len(record) != width
            numbers.append(number)
            malformed.append(wrong)
            cells.append(_cut(record, number, width, result) if wrong else record)
        columns = list(zip(*cells, strict=True))
        for name, place in places.items():
            chunks[name].append(pa.array(columns[place] if columns else [], pa.string()))
    if blank:
        said = "lignes vides ignorées" if blank > 1 else "ligne vide ignorée"
        result.notes.append(f"{result.file} : {blank} {said}")
    result.rows = np.array(numbers, dtype=np.int64)
    result.texts = {name: _joined(arrays) for name, arrays in chunks.items()}
    _say_if_no_row(result)
    return np.array(malformed, dtype=np.bool_)


def _decoded(path: Path, result: CanonicalTable) -> tuple[bytes, str]:
    """Return a file in UTF-8 and its text, empty where it is none; a Windows text is refused, but read on."""
    try:
        data = path.read_bytes()
    except OSError as error:
        result.refuse_file(f"lecture impossible : {error.strerror}")
        return b"", ""
    for mark, name in _FOREIGN.items():
        if data.startswith(mark):
            result.refuse_file(f"ceci est {name}, pas un CSV", f"enregistrer en CSV UTF-8, {_IMPORT}")
            return b"", ""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        result.refuse_file("encodage UTF-16, UTF-8 attendu", f"réenregistrer en « CSV UTF-8 », {_IMPORT}")
        return b"", ""
    try:
        return data, data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        result.refuse_file("ce n'est pas un texte UTF-8", f"réenregistrer en « CSV UTF-8 », {_IMPORT}", row)
        return b"", ""
    mend = f"réenregistrer en « CSV UTF-8 », {_IMPORT}"
    result.refuse_file("encodage Windows (cp1252), UTF-8 attendu", mend, row)
    return text.encode(), text


def _records(text: str, result: CanonicalTable) -> Records:
    """Yield each record with the row a spreadsheet shows it on (a cell may hold line breaks)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            yield number, record
    except csv.Error as error:
        said = "cellule trop longue" if "limit" in str(error) else "guillemets mal placés ou non refermés"
        result.refuse_file(f"{said}, la suite du fichier n'est pas lue", "corriger cette ligne", number + 1)


def _chunks(records: Records) -> Iterator[list[tuple[int, list[str]]]]:
    chunk = []
    for item in records:
        chunk.append(item)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _cut(record: list[str], number: int, width: int, result: CanonicalTable) -> list[str]:
    """Refuse a row that is too short or too long; return it at the right width, its key kept."""
    if len(record) < width:
        mend = "compléter la ligne, une virgule par cellule vide"
    else:
        mend = "écrire les nombres avec un point, mettre entre guillemets une valeur qui contient une virgule"
    result.refuse_file(f"{len(record)} cellules, {width} attendues", mend, number)
    return (record + [""] * width)[:width]


def _places(header: Sequence[str], result: CanonicalTable) -> dict[str, int]:
    """Return the position of each canonical column, and sort out the other headers."""
    table = result.table
    known = {column.name for column in table.columns}
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        if name in places:
            result.refuse_file("colonne donnée deux fois", "n'en garder qu'une", 1, name)
        elif name in known:
            places[name] = place
        elif is_forbidden(name):
            result.dropped_columns.append(name)
        else:
            result.extra_columns.append(name or "(sans nom)")
    candidates = {name.strip().lower(): name for name in result.extra_columns}
    for column in table.columns:
        if column.required and column.name not in places:
            close = get_close_matches(column.name, list(candidates), n=1, cutoff=0.6)
            found = visible(candidates[close[0]]) if close else ""
            mend = (
                f"renommer la colonne « {found} » en « {column.name} »" if close else "ajouter cette colonne"
            )
            result.refuse_file("colonne absente, elle est requise", mend, 1, column.name)
    return places


def _read_parquet(path: Path, result: CanonicalTable) -> Bools:
    """Fill the texts of a Parquet file, reading only canonical columns."""
    try:
        header = pq.read_schema(path).names
        places = _places(header, result)
        read = pq.read_table(path, columns=list(places), partitioning=None)
    except (pa.ArrowException, OSError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        result.refuse_file(f"Parquet illisible : {visible(first)}", "réécrire le fichier")
        return np.zeros(0, dtype=np.bool_)
    for name in places:
        try:
            result.texts[name] = _as_text(read.column(name).combine_chunks())
        except pa.ArrowException:
            kind = str(read.schema.field(name).type)
            result.refuse_file(f"type {kind} non reconnu", "écrire cette colonne en texte", 1, name)
    result.rows = np.arange(read.num_rows, dtype=np.int64) + 2
    _say_if_no_row(result)
    return np.zeros(read.num_rows, dtype=np.bool_)


def _as_text(values: Any) -> pa.Array:
    """Return a Parquet column as the text a canonical CSV would hold."""
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        values = pc.binary_join(values.cast(pa.list_(pa.string())), ";")
    elif pa.types.is_timestamp(values.type):
        values = values.cast(pa.date32())
    elif pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), None, values)
    return _joined([pc.fill_null(values.cast(pa.string()), "")])


def _joined(arrays: list[Any]) -> pa.Array:
    flat = [
        part for array in arrays for part in (array.chunks if isinstance(array, pa.ChunkedArray) else [array])
    ]
    return pa.concat_arrays(flat) if flat else pa.array([], pa.string())


def _refuse_empty(result: CanonicalTable) -> None:
    names = ", ".join(column.name for column in result.table.columns if column.required)
    result.refuse_file("fichier vide", f"la première ligne porte les noms de colonnes : {names}", 1)


def _say_if_no_row(result: CanonicalTable) -> None:
    if len(result.rows):
        return
    if result.table.required:
        result.refuse_file("aucune ligne sous l'en-tête", "ajouter au moins une ligne", 1)
    else:
        result.notes.append(f"{result.file} : 0 ligne")
