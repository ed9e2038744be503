"""An error of a spreadsheet is found where it stands, however the sheet is written."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from sim.territory.files.error_cells import errors_of, with_errors

RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId7" Type="t" Target="{target}"/></Relationships>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Caf&#233; &amp; co" sheetId="1" r:id="rId7"/></sheets></workbook>'
)
SHEET = '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</x:worksheet>'


def book(sheet: str, target: str = "worksheets/sheet1.xml") -> bytes:
    """Return the parts of a workbook that are read, with one sheet written by hand."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELS.format(target=target))
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(sheet))
    return held.getvalue()


def test_errors_are_found_by_sheet_and_place_in_a_file_as_it_is_written() -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as written:
        for title in ("Sans", "Avec"):
            page = written.add_worksheet(title)
            page.write_row(0, 0, ["#N/A", 't="e"', 3, True])  # texts, not errors
            page.write_formula(1, 1, '=IF(TRUE,"e","")', None, "e")
        page.write_formula(4, 27, "=NA()", None, "#N/A")  # AB5
        page.write_formula(6, 0, "=1/0", None, "#DIV/0!")
    assert errors_of(held.getvalue()) == {"Avec": {(4, 27): "#N/A", (6, 0): "#DIV/0!"}}


@pytest.mark.parametrize("target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"])
def test_cells_without_a_reference_follow_each_other(target: str) -> None:
    sheet = (
        "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c t='e'><x:v>#REF!</x:v></x:c></x:row>"
        '<x:row r="5"><x:c r="C5"><x:v>2</x:v></x:c><x:c t = "e"><x:f>A0</x:f><x:v>#NUM!</x:v></x:c></x:row>'
        '<x:row><x:c t="e"/></x:row></x:sheetData>'
    )
    assert errors_of(book(sheet, target)) == {
        "Café & co": {(0, 1): "#REF!", (4, 3): "#NUM!", (5, 0): "#N/A"},
    }


def test_a_mark_cut_between_two_blocks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.territory.files.error_cells._BLOCK", 7)
    sheet = '<x:sheetData><x:row r="2"><x:c r="B2" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData>'
    assert errors_of(book(sheet)) == {"Café & co": {(1, 1): "#N/A"}}


def test_errors_stand_in_their_places_and_rows_are_made_for_them() -> None:
    assert with_errors([["a", 1], ["b", ""]], {(1, 1): "#N/A", (3, 2): "#REF!"}) == [
        ["a", 1, ""],
        ["b", "#N/A", ""],
        ["", "", ""],
        ["", "", "#REF!"],
    ]
    assert with_errors([["a"]], {}) == [["a"]]
    assert with_errors([], {}) == []
    assert with_errors([], {(0, 1): "#N/A"}) == [["", "#N/A"]]
