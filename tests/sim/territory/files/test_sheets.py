"""Cells of a workbook under headers people may have moved."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from sim.rules.peuplement import forms
from sim.territory.files.faults import FaultsFound
from sim.territory.files.sheets import (
    Workbook,
    as_date,
    as_text,
    code_named,
    headers_of,
    plain,
    read_workbook,
    written_date,
)

COLUMNS = {"name": "Référence", "on": "Signée le", "note": "Remarque"}


def test_a_table_is_found_wherever_its_headers_stand() -> None:
    there = [
        ["Titre"],
        ["", ""],
        ["SIGNEE LE", "autre", "référence"],
        ["2026-01-02", "z", 12.0],
        ["", "y", ""],
    ]
    found = Workbook("a.xlsx", {"Feuille É": there}).table("feuille e", COLUMNS)
    assert found is not None
    (row,) = found.rows  # the line with an unknown column alone is none
    assert (row.number, row.text("name"), row.text("on"), row.text("note")) == (4, "12", "2026-01-02", "")
    assert found.missing == ("Remarque",)
    assert found.unknown == ("autre",)


def test_cells_are_read_as_a_person_meant_them() -> None:
    assert [as_text(each) for each in (59350.0, 1.5, True, None, " a\xa0b ", date(2026, 1, 2))] == [
        "59350", "1.5", "oui", "", "a b", "2026-01-02",
    ]  # fmt: skip
    assert (
        as_date(datetime(2026, 1, 2, 23))
        == as_date("02/01/2026")
        == as_date("2026-01-02")
        == date(2026, 1, 2)
    )
    assert as_date("2 janvier") is None
    assert as_date("2.1.2026 09:30") == as_date("2026/1/2") == date(2026, 1, 2)
    assert as_date("31/02/2026") is None
    assert code_named("  A CONFORTER ", {"a_conforter": "à conforter"}) == "a_conforter"
    assert code_named("a_conforter", {"a_conforter": "à conforter"}) == "a_conforter"
    assert code_named("conforter", {"a_conforter": "à conforter"}) is None


def test_a_file_is_read_with_the_row_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(4, 1, list(COLUMNS.values()))  # B5
        sheet.write_string(6, 1, "=1+1")
    found = read_workbook(path).table("S", COLUMNS)
    assert found is not None
    assert [(row.number, row.text("name")) for row in found.rows] == [(7, "=1+1")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "fichier vide ; « mixite qualify --out » écrit un classeur à remplir"),
        (b"bonjour", "un classeur .xlsx est attendu"),
        (b"PK\x03\x04broken", "classeur illisible"),
    ],
)
def test_what_is_no_workbook_is_a_fault(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(FaultsFound, match=said):
        read_workbook(path)


def test_an_absent_workbook_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "concertation.xlsx").write_bytes(b"")
    with pytest.raises(FaultsFound, match=r"vouliez-vous dire « concertation\.xlsx »"):
        read_workbook(tmp_path / "concertatoin.xlsx")


def test_headers_are_the_first_line_that_has_most_of_them_plurals_and_units_aside() -> None:
    known = {plain(label): name for name, label in COLUMNS.items()}
    there = [["Remarques"], ["", "RÉFÉRENCES", "Signées le (€)", "autre", "référence"], ["Référence", "x"]]
    found = headers_of(there, known)
    assert found.row == 1
    assert found.cells == (
        (1, "RÉFÉRENCES", "name"),
        (2, "Signées le (€)", "on"),
        (3, "autre", ""),
        (4, "référence", "name"),
    )
    assert found.places == {"name": 1, "on": 2}  # given twice: the first one
    assert headers_of([["x"], []], known).row == -1


def test_only_the_first_lines_may_hold_headers() -> None:
    known = {plain(label): name for name, label in COLUMNS.items()}
    assert headers_of([[""]] * 19 + [["Remarque"]], known).row == 19
    assert headers_of([[""]] * 20 + [["Remarque"]], known).row == -1


def test_a_date_that_the_calendar_has_not_is_no_other_text() -> None:
    assert written_date("3 mars") is None
    with pytest.raises(ValueError, match="day is out of range"):
        written_date("31/02/2025")


@pytest.mark.parametrize("columns", forms.COLUMNS.values(), ids=list(forms.COLUMNS))
def test_no_two_headers_of_a_sheet_of_the_concertation_are_read_as_one(columns: dict[str, str]) -> None:
    assert len({plain(label) for label in columns.values()}) == len(columns)
