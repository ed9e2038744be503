"""Files that are no workbook, or one not to be read: each refused by its content, with the way out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from sim.territory.files import opening
from sim.territory.files.faults import FaultsFound
from sim.territory.files.opening import Source, content_of, opened

EMPTY = "un classeur à remplir est là"


def small(hidden: tuple[int, ...] = (), merged: str = "") -> bytes:
    """Return a workbook of one sheet « S », six rows of two cells, some rows hidden or cells merged."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet("S")
        for line in range(6):
            page.write_row(line, 0, [f"x{line}", line])
        for line in hidden:
            page.set_row(line, None, None, {"hidden": True})
        if merged:
            page.merge_range(merged, "ensemble")
    return held.getvalue()


def archive(**parts: bytes) -> bytes:
    """Return a small workbook with other parts: « __ » in a name stands for « / », « dot » for « . »."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small())) as source, zipfile.ZipFile(held, "w") as made:
        named = {name.replace("__", "/").replace("dot", "."): content for name, content in parts.items()}
        for part in source.namelist():
            made.writestr(part, named.pop(part, None) or source.read(part))
        for name, content in named.items():
            made.writestr(name, content)
    return held.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'

OTHERS = [
    ("commission.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xls"),
    (
        "commission.xlsx",
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") * 3,
        "mot de passe",
    ),
    ("commission.csv", "Numéro unique;Adultes\n12;2\n".encode("cp1252"), "CSV"),
    ("commission.csv", "Numéro unique\tAdultes\n".encode("utf-16"), "CSV"),
    ("commission.xlsx", b"", "fichier vide"),
    ("commission.xlsx", b"\n\n", "fichier vide"),
    ("commission.xlsx", b"%PDF-1.7 ...", "PDF"),
    ("commission.xlsx", b"\xef\xbb\xbf <!DOCTYPE html><html>", "HTML"),
    ("commission.xlsx", b"\x89PNG\r\n\x1a\n\0\0", "pas un classeur"),
    ("commission.xlsx", small()[:4000], "illisible"),
    ("commission.xlsx", archive(xl__vbaProjectdotbin=b"x"), "macros"),
    ("commission.xlsx", archive(xl__workbookdotbin=b"x"), ".xlsb"),
    ("commission.xlsx", archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), ".ods"),
    ("commission.xlsx", archive(docProps__appdotxml=BOMB), "entités"),
]


@pytest.mark.parametrize(("name", "content", "said"), OTHERS)
def test_a_file_that_is_no_workbook_is_refused_by_its_content(name: str, content: bytes, said: str) -> None:
    with pytest.raises(FaultsFound) as refused:
        opened(content, Source(name, EMPTY))
    (fault,) = refused.value.faults
    assert (fault.file, fault.sheet, fault.row, fault.column, fault.value) == (name, "", 0, "", "")
    assert said in fault.message
    assert fault.mend


def test_an_archive_that_unpacks_without_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGEST_UNPACKED", 1_000)
    with pytest.raises(FaultsFound, match="démesurée"):
        opened(small(), Source("c.xlsx", EMPTY))


def test_a_sheet_comes_with_its_cells_as_they_are_and_the_ranges_that_are_merged() -> None:
    (sheet,), notes = opened(small(merged="A2:B3"), Source("c.xlsx", EMPTY))
    assert (sheet.name, notes) == ("S", ())
    assert sheet.merged == ((1, 0, 2, 1),)
    assert list(sheet.rows[3]) == ["x3", 3.0]


def test_hidden_rows_are_read_and_said() -> None:
    (sheet,), notes = opened(small(hidden=(2, 4)), Source("c.xlsx", EMPTY))
    assert len(sheet.rows) == 6
    assert notes == ("c.xlsx : lignes masquées ou filtrées, lues comme les autres : 2",)


def test_a_file_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LARGEST_BYTES", 1_000)
    (tmp_path / "c.xlsx").write_bytes(b"x" * 1_001)
    with pytest.raises(FaultsFound, match=r"^c\.xlsx : fichier de plus de"):
        content_of(tmp_path / "c.xlsx", Source("c.xlsx", EMPTY))


def test_an_absent_file_is_said_with_its_path_and_the_nearest_or_how_to_get_one(tmp_path: Path) -> None:
    there = tmp_path / "comission.xlsx"
    with pytest.raises(FaultsFound, match=EMPTY):
        content_of(there, Source("comission.xlsx", EMPTY))
    (tmp_path / "commission.xlsx").write_bytes(small())
    with pytest.raises(FaultsFound, match=r"vouliez-vous dire « commission\.xlsx »") as refused:
        content_of(there, Source("comission.xlsx", EMPTY))
    assert refused.value.faults[0].file == str(there)
