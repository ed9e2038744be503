"""Is this file a workbook that can be read, and what do its sheets hold?

A file that is something else, is protected, has macros or defines entities is refused by its content, never
by its name. Nothing in it is run, and nothing outside it is read. Left out on purpose: under which headers
the cells stand, and what they mean (sheets.py).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sim.territory.files.error_cells import errors_of, with_errors
from sim.territory.files.faults import Fault, FaultsFound, nearest

Cell = str | int | float | bool | date | datetime | time | timedelta
"""A cell as calamine gives it; an empty one is ""."""

LARGEST_BYTES = 100_000_000
LARGEST_UNPACKED = 2_000_000_000
LAST_ROW = 1_048_576
"""Rows of a sheet in Excel: one that has them all was probably cut."""

_SAVE = "l'ouvrir dans Excel et « Enregistrer sous » un classeur .xlsx"
_WITHOUT = "l'enregistrer sans mot de passe d'ouverture"
_OTHERS = (
    (b"%PDF", "ceci est un PDF", ""),
    (b"PAR1", "ceci est un fichier Parquet", "donner le dossier des tables, avec --vacancies"),
    (b"<!DOCTYPE", "ceci est une page HTML", _SAVE),
    (b"<html", "ceci est une page HTML", _SAVE),
)


@dataclass(frozen=True)
class Opened:
    """One sheet as it is: rows of cells from the first row of the sheet, and the ranges that are merged.

    `merged` : (first row, first column, last row, last column), from 0.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Source:
    """A file as its faults call it, and how to get an empty one to fill, for whom it is no workbook."""

    name: str
    empty: str

    def refused(self, message: str, mend: str = "") -> FaultsFound:
        """Return what is wrong with the file; without a way out of its own, an empty one to fill."""
        return FaultsFound([Fault(self.name, message, mend or self.empty)])


def opened(content: bytes, source: Source) -> tuple[tuple[Opened, ...], tuple[str, ...]]:
    """Return every sheet of a workbook, and what is to be said of it.

    Raises
    ------
    FaultsFound
        when it is no workbook that can be read, with the way out.
    """
    _refuse_other_kinds(content, source)
    hidden = _parts(content, source)
    said = f"{source.name} : lignes masquées ou filtrées, lues comme les autres : {hidden}"
    return _sheets(content, source), (said,) if hidden else ()


def content_of(path: Path, source: Source) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    FaultsFound
        when it is absent, with the nearest there is, too large or cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            message = f"fichier de plus de {LARGEST_BYTES // 1_000_000} Mo"
            raise source.refused(message, "n'y garder que les feuilles utiles")
        return path.read_bytes()
    except FileNotFoundError:
        beside = [each.name for each in sorted(path.parent.glob("*.xlsx"))] if path.parent.is_dir() else []
        mend = nearest(path.name, beside) if beside else f"vérifier le chemin ; {source.empty}"
        raise FaultsFound([Fault(str(path), "classeur introuvable", mend)]) from None
    except OSError as error:
        mend = "fermer le fichier dans Excel, ou le copier ailleurs"
        raise source.refused(f"lecture impossible : {error.strerror}", mend) from None


def _sheets(content: bytes, source: Source) -> tuple[Opened, ...]:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            found, errors = [], errors_of(content)
            for title in book.sheet_names:
                sheet = book.get_sheet_by_name(title)
                merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
                rows = with_errors(sheet.to_python(skip_empty_area=False), errors.get(title, {}))
                found.append(Opened(title, rows, merged))
            return tuple(found)
    except PasswordError:
        raise source.refused("classeur protégé par un mot de passe", _WITHOUT) from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # the library raises what it likes on a damaged file, panics among it
        raise _damaged(source) from None


def _refuse_other_kinds(content: bytes, source: Source) -> None:
    """Refuse what is no zip archive, by what it begins with."""
    if content.startswith(b"PK\x03\x04"):
        return
    if not content.strip():
        raise source.refused("fichier vide")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise source.refused("classeur protégé par un mot de passe", _WITHOUT)
        raise source.refused("classeur .xls, un .xlsx est attendu", _SAVE)
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower()
    for mark, message, mend in _OTHERS:
        if start.startswith(mark.lower()):
            raise source.refused(f"{message}, un classeur .xlsx est attendu", mend)
    if source.name.lower().endswith((".csv", ".txt", ".tsv")) or _is_text(content[:4000]):
        mend = f"{_SAVE} ; {source.empty}"
        raise source.refused("ceci est un fichier texte ou CSV, un classeur .xlsx est attendu", mend)
    raise source.refused("ce n'est pas un classeur Excel")


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in start and sum(byte < 32 and byte not in b"\t\r\n" for byte in start) == 0


def _parts(content: bytes, source: Source) -> int:
    """Refuse an archive that is no plain .xlsx; return how many rows are hidden."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
            _refuse_other_archives(archive, parts, source)
            return sum(
                _read_part(archive, part, source) for part in parts if part.endswith((".xml", ".rels"))
            )
    except FaultsFound:
        raise
    except Exception:  # zipfile raises many kinds on a damaged archive
        raise _damaged(source) from None


def _refuse_other_archives(archive: zipfile.ZipFile, parts: dict[str, int], source: Source) -> None:
    if sum(parts.values()) > LARGEST_UNPACKED:
        raise source.refused("archive démesurée une fois ouverte", "n'y garder que les feuilles utiles")
    if "xl/workbook.bin" in parts:
        raise source.refused("classeur .xlsb, un .xlsx est attendu", _SAVE)
    if any(part.endswith("vbaProject.bin") for part in parts):
        raise source.refused("classeur à macros, elles ne sont jamais exécutées", _SAVE)
    if "mimetype" in parts and b"opendocument" in archive.read("mimetype")[:200]:
        raise source.refused("classeur OpenDocument (.ods), un .xlsx est attendu", _SAVE)
    if "xl/workbook.xml" not in parts:
        raise source.refused("cette archive n'est pas un classeur .xlsx", _SAVE)


def _read_part(archive: zipfile.ZipFile, part: str, source: Source) -> int:
    """Refuse a part that defines entities; return how many rows it hides."""
    hidden, last = 0, b""
    with archive.open(part) as stream:
        while block := stream.read(1_000_000):
            seen = last + block
            if re.search(rb"<!\s*(DOCTYPE|ENTITY)", seen, re.IGNORECASE):
                raise source.refused("définitions XML (entités) dans le classeur, refusées", _SAVE)
            if part.startswith("xl/worksheets/"):
                end = seen.rfind(b"<")
                hidden += len(re.findall(rb'<row\b[^>]*\shidden="(?:1|true)"', seen[:end]))
                last = seen[end:][-4000:]
            else:
                last = block[-20:]
    return hidden


def _damaged(source: Source) -> FaultsFound:
    return source.refused("classeur illisible, il est sans doute abîmé", f"{_SAVE} ; {source.empty}")
