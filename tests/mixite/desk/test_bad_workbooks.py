"""Whatever is wrong in a workbook is said with its sheet, row, column, value and mend, all of it together."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy_workbook import TOY, toy, with_cell, with_column, written

from mixite.desk.options import Options
from mixite.desk.source import asked
from mixite.desk.workbook.commission import material_of
from mixite.desk.workbook.reading import read
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.sheets import book_of

Faults = Callable[..., list[tuple[str, int, str, str, str]]]
Answer = Callable[..., dict[str, Any]]

L, C = "Logements", "Candidatures"

WRONG_CELLS = [
    # sheet, row as Excel shows it, header, cell, value shown, what is said
    (C, 2, "Numéro unique", 123456789012345678.0, "", "Excel en a perdu les derniers chiffres"),
    (C, 2, "Numéro unique", "1,23457E+17", "", "arrondi par Excel"),
    (C, 2, "Numéro unique", "jean.petit@exemple.fr", "", "adresse électronique"),
    (C, 2, "Numéro unique", None, "", "valeur absente"),
    (C, 3, "Date de dépôt", "31/02/2025", "31/02/2025", "n'existe pas au calendrier"),
    (C, 3, "Date de dépôt", date(2026, 3, 1), "01/03/2026", "postérieure à la séance, 02/02/2026"),
    (C, 3, "Date de dépôt", date(1980, 1, 1), "01/01/1980", "hors bornes"),
    (C, 3, "Date de dépôt", "l'an dernier", "l'an dernier", "une date est attendue"),
    (C, 3, "Date de dépôt", 12, "12", "une date est attendue"),
    (C, 4, "Adultes", 0, "0", "hors bornes, attendu de 1 à 15"),
    (C, 4, "Adultes", 40, "40", "hors bornes, attendu de 1 à 15"),
    (C, 4, "Adultes", 2.5, "2,5", "un nombre entier est attendu"),
    (C, 4, "Adultes", True, "oui", "un nombre est attendu"),
    (C, 4, "Enfants", None, "", "valeur absente"),
    (C, 4, "Âges des enfants", "6", "6", "nombre d'âges : 1, attendu 2"),
    (C, 4, "Ressources mensuelles", -3, "-3", "hors bornes"),
    (C, 4, "Ressources mensuelles", 10**20, "1e+20", "hors bornes"),
    (C, 4, "RFR", "douze mille", "douze mille", "un nombre est attendu"),
    (C, 4, "RFR", "31.000", "31.000", "se lit en milliers ou en décimales"),
    (C, 4, "RFR", "9,000 €", "9,000 €", "se lit en milliers ou en décimales"),
    (C, 4, "Adultes", "1.000", "1.000", "se lit en milliers ou en décimales"),
    (L, 2, "Loyer", "-1.200", "-1.200", "se lit en milliers ou en décimales"),
    (C, 4, "RFR", "1.234,56", "1.234,56", "un nombre est attendu"),
    (C, 4, "RFR", "#VALEUR!", "#VALEUR!", "erreur de formule"),
    (C, 5, "Communes", "Paris", "Paris", "code INSEE"),
    (C, 5, "Communes", "Lille Roubaix", "Lille Roubaix", "code INSEE"),
    (C, 5, "Communes", "59000", "59000", "code postal"),
    (C, 5, "Communes", 59350.59512, "59350,59512", "plusieurs codes lus comme un seul nombre"),
    (C, 5, "Typologie min", "T12", "T12", "hors bornes, attendu de 1 à 9"),
    (C, 5, "Typologie min", "grand", "grand", "typologie attendue"),
    (C, 5, "Typologie max", "T2", "T2", "inférieur à « Typologie min » = 3"),
    (C, 5, "Besoin PMR", "peut-être", "peut-être", "oui ou non est attendu"),
    (C, 5, "Vivier réservataire", "Colectivité", "Colectivité", "mot inconnu de la liste"),
    (C, 5, "DALO reconnu le", "oui", "oui", "une date est attendue"),
    (C, 5, "Motif", "45", "45", "mot inconnu de la liste"),
    (L, 2, "Surface", 0, "0", "hors bornes, attendu de 5 à 500"),
    (L, 2, "Surface", 5000, "5000", "hors bornes, attendu de 5 à 500"),
    (L, 2, "Surface", -20, "-20", "hors bornes"),
    (L, 2, "Loyer", "gratuit", "gratuit", "un nombre est attendu"),
    (L, 2, "Charges", None, "", "valeur absente"),
    (L, 2, "Financement", "PLI", "PLI", "n'entre pas dans les attributions"),
    (L, 2, "Financement", "PTZ", "PTZ", "mot inconnu de la liste"),
    (L, 2, "Réservataire", None, "", "valeur absente"),
    (L, 2, "Commune (INSEE)", None, "", "valeur absente"),
    (L, 2, "Disponible le", "bientôt", "bientôt", "une date est attendue"),
    (L, 3, "Référence logement", "L3", "L3", "identifiant déjà donné ligne 2"),
]


@pytest.mark.parametrize(("sheet", "row", "header", "cell", "value", "said"), WRONG_CELLS)
def test_a_wrong_cell_is_said_with_its_place(
    faults: Faults, sheet: str, row: int, header: str, cell: Any, value: str, said: str
) -> None:
    (fault,) = faults(with_cell(sheet, row, header, cell))
    assert fault[:4] == (sheet, row, header, value)
    assert said in fault[4]


def with_errors(errors: dict[tuple[str, int, str], tuple[str, str]]) -> bytes:
    """Return the toy with formulas whose value is an error, by sheet, row and header."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, rows in toy().items():
            page = book.add_worksheet(title)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    formula = errors.get((title, line + 1, rows[0][place]))
                    if formula:
                        page.write_formula(line, place, formula[0], None, formula[1])
                    elif isinstance(cell, date):
                        page.write_datetime(line, place, cell, day)
                    elif cell is not None:
                        page.write(line, place, cell)
    return held.getvalue()


def test_a_formula_whose_value_is_an_error_is_no_empty_cell(faults: Faults) -> None:
    given = {
        (L, 2, "Loyer"): ("=1/0", "#DIV/0!"),
        (C, 2, "RFR"): ("=NA()", "#N/A"),  # empty, it would be « à vérifier »
        (C, 3, "Vivier réservataire"): ("=X", "#NAME?"),  # empty, the demand would leave the pool unsaid
        (C, 8, "DALO reconnu le"): ("=A0", "#REF!"),
        (C, 11, "Situation professionnelle"): ("=A0", "#VALUE!"),  # the last cell of the sheet
    }
    found = faults(with_errors(given))
    assert {fault[:4] for fault in found} == {(*place, text) for place, (_, text) in given.items()}
    assert {fault[4] for fault in found} == {"erreur de formule"}


def test_all_faults_come_together(faults: Faults) -> None:
    sheets = toy()
    wrong = [case for case in WRONG_CELLS if case[0] == C and case[2] in ("Adultes", "RFR", "Communes")]
    for place in range(200):  # 200 more demands, a fault in each
        row = list(sheets[C][2])
        _, _, header, cell, _, _ = wrong[place % len(wrong)]
        row[0], row[TOY[C][0].index(header)] = f"N{place}", cell
        sheets[C].append(row)
    assert len(faults(sheets)) == 200


def test_the_same_demand_twice_at_odds_names_both_rows(faults: Faults) -> None:
    sheets = toy()
    sheets[C].append([*sheets[C][3][:2], 9, *sheets[C][3][3:]])
    (fault,) = [one for one in faults(sheets) if one[2] == "Numéro unique"]
    assert fault[:4] == (C, 12, "Numéro unique", "")
    assert "ligne 4" in fault[4]


def test_the_same_line_twice_is_read_once_and_said(answer: Answer) -> None:
    sheets = toy()
    sheets[C].append(sheets[C][3])
    found = answer(sheets)
    assert found["dwellings"] == answer(toy())["dwellings"]
    assert f"feuille {C} : lignes identiques à une autre, lues une seule fois : 1" in found["notes"]


@pytest.mark.parametrize("header", ["Adultes", "Communes", "Numéro unique"])
def test_a_required_column_that_is_absent_is_one_fault(faults: Faults, header: str) -> None:
    sheets = toy()
    at = sheets[C][0].index(header)
    sheets[C] = [row[:at] + row[at + 1 :] for row in sheets[C]]
    (fault,) = [one for one in faults(sheets) if one[4].startswith("colonne absente")]
    assert fault[:3] == (C, 1, header)
    assert "Date de dépôt |" in fault[4]  # a picture of what was read


def test_two_residences_of_one_name_in_two_communes_are_a_fault(faults: Faults) -> None:
    found = faults(with_cell(L, 3, "Résidence", "R1"))
    assert [fault[:4] for fault in found] == [(L, 3, "Commune (INSEE)", "59512"), (L, 3, "QPV", "oui")]


def test_a_dwelling_of_a_residence_that_has_no_line_is_a_fault(faults: Faults) -> None:
    sheets = toy(Résidences=[["Résidence", "Type"], ["R1", "En capacité"], ["R2", "À conforter"]])
    assert [fault[:4] for fault in faults(sheets)] == [(L, 4, "Résidence", "R3")]


def test_a_designation_of_somebody_unknown_is_a_fault_that_shows_no_number(faults: Faults) -> None:
    head = ["Référence logement", "Numéro unique", "Réservataire", "Désigné le"]
    sheets = toy(Désignations=[head, ["L66", "D099", "Collectivité", date(2026, 1, 5)]])
    found = faults(sheets)
    assert [fault[:4] for fault in found] == [
        ("Désignations", 2, "Référence logement", "L66"),
        ("Désignations", 2, "Numéro unique", ""),
    ]
    assert "D0" not in str(found)


def test_a_personal_number_in_a_free_column_is_refused_and_not_shown(faults: Faults) -> None:
    for secret in ("1 84 12 59 350 123 45", "184125935012345", "jean.petit@exemple.fr"):
        found = faults(with_column(C, "Pièces manquantes", None, f"voir {secret}", None))
        assert [fault[:4] for fault in found] == [(C, 3, "Pièces manquantes", "")]
        assert secret not in str(found)


def test_a_line_of_totals_is_refused(faults: Faults) -> None:
    sheets = toy()
    sheets[L].append(["TOTAL", None, None, None, 135])
    assert [fault[:3] for fault in faults(sheets)] == [(L, 5, "")]


def test_merged_cells_are_refused_by_their_range(faults: Faults) -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, rows in TOY.items():
            page = book.add_worksheet(title)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell is not None:
                        page.write(line, place, cell, day if isinstance(cell, date) else None)
            if title == C:
                page.merge_range(3, 2, 4, 2, 2)  # C4:C5
    (fault,) = [one for one in faults(held.getvalue()) if "fusion" in one[4]]
    assert fault[:2] == (C, 4)
    assert "C4:C5" in fault[4]


def test_a_merged_header_over_two_columns_is_refused(faults: Faults) -> None:
    sheets = toy()
    sheets[C][0] = [*sheets[C][0][:2], "Ménage", None, *sheets[C][0][4:]]
    sheets[C].insert(1, [None, None, "Adultes", "Enfants"])
    found = [fault for fault in faults(sheets) if fault[1] == 1]
    assert [fault[2] for fault in found] == ["Adultes", "Enfants"]
    assert "Ménage | (vide)" in found[0][4]


@pytest.mark.parametrize(
    ("sheets", "place", "said"),
    [
        (toy() | {C: []}, C, "feuille vide"),
        (toy() | {C: TOY[C][:1]}, C, "aucune ligne à lire"),
        (toy() | {C: [["bonjour"], [1, 2]]}, C, "pas d'en-tête"),
        ({name: rows for name, rows in TOY.items() if name != L}, L, "feuille absente"),
        (toy(candidats=TOY[C]), "candidats", "donnée deux fois"),
        (with_column(C, " rfr", 12), C, "colonne donnée deux fois, aussi en colonne H"),
        (with_column(C, "Points", -1), C, "hors bornes"),
        (with_column(C, "Points", 1.5), C, "un nombre entier est attendu"),
    ],
)
def test_a_wrong_sheet_is_said(faults: Faults, sheets: Any, place: str, said: str) -> None:
    found = faults(sheets)
    assert found[0][0] == place
    assert said in found[0][4]


def test_a_file_that_is_no_workbook_is_refused_with_how_to_get_one(tmp_path: Path, faults: Faults) -> None:
    (fault,) = faults(b"Num\xe9ro unique;Adultes\n12;2\n", "commission.csv")
    assert fault[:4] == ("", 0, "", "")
    assert "CSV" in fault[4]
    (tmp_path / "commission.xlsx").write_bytes(written(TOY)[:4000])
    with pytest.raises(
        FaultsFound, match=r"classeur illisible.*« mixite modele » écrit un classeur à remplir"
    ):
        asked(tmp_path / "commission.xlsx", None, Options())


def survives(content: bytes) -> None:
    """Read a file of any content: it is read, or refused; nothing else may happen."""
    refused: tuple[Fault, ...] = ()
    try:
        material_of(read(book_of(content, "commission.xlsx")), Path(), Options(on=date(2026, 2, 2)))
    except FaultsFound as found:
        refused = found.faults
    assert all(fault.file == "commission.xlsx" and fault.message and fault.mend for fault in refused)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda some: b"PK\x03\x04" + some))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    survives(content)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_no_damage_to_a_workbook_crashes_the_reader(seed: int, hits: int) -> None:
    some, content = random.Random(seed), bytearray(written(TOY))
    for _ in range(hits):
        content[some.randrange(len(content))] = some.randrange(256)
    survives(bytes(content))


CELLS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12) | st.floats(
    allow_nan=False, allow_infinity=False
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(TOY)), st.integers(0, 10), st.integers(0, 20), CELLS)
def test_no_cell_crashes_the_reader(sheet: str, row: int, column: int, cell: Any) -> None:
    sheets = toy()
    line = sheets[sheet][row % len(sheets[sheet])]
    line[column % len(line)] = cell
    survives(written(sheets))
