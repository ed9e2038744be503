"""The empty workbook: its headers, its lists, its help; what LibreOffice makes of it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from mixite.desk.options import Options
from mixite.desk.source import asked
from mixite.desk.workbook import modele, words
from mixite.desk.workbook.heading import FORMATS, Sheet
from mixite.desk.workbook.headings import CANDIDATURES, METHODE, SHEETS
from mixite.desk.workbook.words import Words
from mixite.report.words import forbidden_words
from sim.process.today import MODES
from sim.rules.cotation import codes
from sim.rules.cotation.attributes import forbidden
from sim.rules.traits import TRAITS
from sim.territory import columns
from sim.territory.files import schema
from sim.territory.files.faults import FaultsFound
from sim.territory.files.sheets import plain

REQUIRED = {
    "Logements": "Référence logement, Commune (INSEE), Typologie, Surface, Financement, Loyer, Charges, "
    "Disponible le, Réservataire, Mode de désignation",
    "Candidatures": "Numéro unique, Date de dépôt, Adultes, Enfants, Ressources mensuelles, RFR, Communes, "
    "Typologie min, Typologie max",
    "Désignations": "Référence logement, Numéro unique, Réservataire, Désigné le",
}
"""Headers that others rely on."""

ALL = (*SHEETS, METHODE)


@pytest.fixture(scope="module")
def book() -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(modele.content()))


def test_the_sheets_and_headers_that_others_rely_on_are_there(book: CalamineWorkbook) -> None:
    titles = ["Logements", "Candidatures", "Compteurs", "Résidences", "Objectifs", "Désignations"]
    assert book.sheet_names == [*titles, "Méthode", "Aide"]
    for title, headers in REQUIRED.items():
        assert set(headers.split(", ")) <= set(book.get_sheet_by_name(title).to_python()[0])


def test_two_example_lines_show_how_to_fill_and_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "commission.xlsx"
    modele.write(path)
    with pytest.raises(FaultsFound) as found:
        asked(path, None, Options())
    assert [(one.sheet, one.message) for one in found.value.faults] == [
        ("Logements", "aucune ligne à lire"),
        ("Candidatures", "aucune ligne à lire"),
    ]


def test_the_example_lines_would_be_read_without_a_fault(tmp_path: Path) -> None:
    from toy_workbook import written

    sheets = {}
    for sheet in SHEETS[:2]:
        lines = [[heading.examples[place] for heading in sheet.headings] for place in (0, 1)]
        for line in lines:
            line[0] = str(line[0]).replace("EXEMPLE", "X")
        sheets[sheet.title] = [[heading.title for heading in sheet.headings], *lines]
    path = tmp_path / "commission.xlsx"
    path.write_bytes(written({**sheets, "Méthode": [["Date de la séance", "02/02/2026"]]}))
    assert asked(path, None, Options()).territory.demands.demand_id.tolist() == ["X-1", "X-2"]


def test_a_file_that_exists_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "commission.xlsx"
    path.write_text("le mien", encoding="utf-8")
    with pytest.raises(FaultsFound, match="existe déjà"):
        modele.write(path)
    assert path.read_text(encoding="utf-8") == "le mien"


@pytest.mark.parametrize("name", ["commission.xls", "absent/commission.xlsx"])
def test_a_file_that_cannot_be_written_is_said_with_the_way_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(FaultsFound) as found:
        modele.write(tmp_path / name)
    assert found.value.faults[0].mend


def test_every_column_is_explained_in_the_sheet_aide(book: CalamineWorkbook) -> None:
    rows = book.get_sheet_by_name("Aide").to_python()
    told = {(row[0], row[1]): row for row in rows}
    for sheet in ALL:
        for heading in sheet.headings:
            row = told[(sheet.title, heading.title)]
            assert row[3] == heading.help
            assert FORMATS[heading.kind] in row[4]
            assert bool(row[5]) != heading.required  # what is lost without it
    assert not list(forbidden_words(" ".join(str(cell) for row in rows for cell in row)))


def test_drop_downs_come_from_the_closed_lists() -> None:
    with zipfile.ZipFile(io.BytesIO(modele.content())) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    lists = re.findall(r"<formula1>\"(.*?)\"</formula1>", page)
    assert "PLAI,PLUS,PLS" in lists
    assert "État,État (agents publics),Action Logement,Collectivité,Non réservé" in lists
    assert "Liste nominative,Vivier du réservataire,Bailleur" in lists
    assert "T1,T2,T3,T4,T5,T6,T7,T8,T9" in lists
    messages = re.findall(r' prompt="(.*?)"', page)
    assert len(messages) == len(SHEETS[0].headings)
    assert all(len(message) <= 255 for message in messages)


@pytest.mark.parametrize("sheet", ALL, ids=lambda sheet: sheet.title)
def test_no_header_stands_for_two_columns_and_none_is_forbidden(sheet: Sheet) -> None:
    names = Counter(
        name for one in sheet.headings for name in {plain(text) for text in (one.title, *one.also)}
    )
    assert [name for name, times in names.items() if times > 1] == []
    assert "" not in names
    assert [one.title for one in sheet.headings if forbidden(one.title)] == []


@pytest.mark.parametrize(
    "header",
    ["Nom", "Prénom", "Nationalité", "Sexe", "Civilité", "Lieu de naissance", "Religion", "Pays", "E-mail"],
)
def test_a_forbidden_header_is_no_heading_under_any_name(header: str) -> None:
    assert all(plain(header) not in sheet.recognised for sheet in ALL)


@pytest.mark.parametrize(
    ("list_", "closed"),
    [
        (words.RESERVATAIRES, columns.RESERVATAIRES),
        (words.MODES, MODES),
        (words.ZONES, schema.ZONES),
        (words.KINDS, columns.KINDS),
        (words.TYPES, columns.PEUPLEMENT_TYPES),
        (words.MOTIVES, codes.MOTIVES),
        (words.HOUSING_MODES, codes.HOUSING_MODES),
        (words.REQUEST_KINDS, codes.REQUEST_KINDS),
        (words.FAMILY_STATUS, codes.FAMILY_STATUS),
        (words.WORK_STATUSES, codes.WORK_STATUS),
        (words.DWELLING_TYPES, codes.DWELLING_TYPES),
        (words.FINANCINGS, (*columns.FINANCINGS, "PLI", "LLI")),
        (words.PUBLICS, [trait.name for trait in TRAITS if "target" in trait.uses]),
    ],
)
def test_each_list_of_words_is_the_closed_list(list_: Words, closed: tuple[str, ...]) -> None:
    assert {code for code, _ in list_.of} == set(closed)
    named = Counter(word for code, said in list_.of for word in {plain(text) for text in (code, *said)})
    assert [word for word, times in named.items() if times > 1] == []


def test_every_attribute_of_a_grid_has_a_column() -> None:
    derived = {"seniority_months", "dalo_status"}  # from the date of filing, from DALO
    assert {column.name for column in schema.ATTRIBUTES} - derived <= {
        heading.column for heading in CANDIDATURES.headings
    }


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_modele_and_keeps_what_it_says(tmp_path: Path) -> None:
    modele.write(tmp_path / "commission.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for kind in ("pdf", "ods"):
        command = ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(tmp_path)]
        subprocess.run([*command, str(tmp_path / "commission.xlsx")], check=True, capture_output=True)
    assert (tmp_path / "commission.pdf").read_bytes().startswith(b"%PDF")
    again = CalamineWorkbook.from_path(tmp_path / "commission.ods")
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(modele.content()))
    assert again.sheet_names == theirs.sheet_names
    for name in again.sheet_names[:6]:
        assert again.get_sheet_by_name(name).to_python()[0] == theirs.get_sheet_by_name(name).to_python()[0]
