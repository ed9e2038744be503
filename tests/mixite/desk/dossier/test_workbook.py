"""The workbook of a sitting, opened as a person's program opens it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filled_sitting import HEAD, saved, sheets_of, table_of
from python_calamine import CalamineWorkbook, SheetVisibleEnum
from toy_workbook import toy, with_cell, with_column

from mixite.desk.dossier.printed import data
from mixite.desk.dossier.workbook import content, plain_text
from mixite.desk.suggesting import Suggestion
from mixite.report.words import SYNTHETIC_BANNER, forbidden_words
from sim.rules.traits import has

SHEETS = [
    "Logements",
    "Candidatures",
    "Décision",
    "Compteurs",
    "Écarts au rang suggéré",
    "Présence et voix",
    "Méthode",
    "Listes",
    "Suivi",
]


def method_of(book: bytes) -> list[tuple[str, object]]:
    return [(row[0], row[1]) for row in sheets_of(book)["Méthode"][HEAD + 1 :]]


def test_every_sheet_is_there_under_its_banner_of_synthetic_data(workbook: bytes) -> None:
    sheets = sheets_of(workbook)
    assert list(sheets) == SHEETS
    for title in SHEETS[:-2]:  # the last two are hidden: the drop-downs' closed lists, and what is read back
        assert sheets[title][1][0] == SYNTHETIC_BANNER, title
        assert "2026" in sheets[title][0][0]


def test_the_candidates_stand_in_the_suggested_order_with_what_the_file_and_the_law_say(
    workbook: bytes,
) -> None:
    rows = table_of(workbook, "Candidatures")
    assert [(row["Référence logement"], row["Rang suggéré"], row["Numéro unique"]) for row in rows] == [
        ("L3", 1, "D03"),
        ("L3", 2, "D10"),
        ("L6", 1, "D07"),
        ("L6", 2, "D09"),
        ("L6", 3, "D06"),  # nobody of the State's pool fits L9: its list stays empty
    ]
    first = rows[0]
    assert first["Désignée par"] == "Collectivité"
    assert first["Déposée le"] == date(2023, 7, 1)
    assert first["Personnes"] == 4
    assert first["Tranches d'âge"] == "2 adultes de 25 à 39, 2 enfants de 3 à 10"  # 30;29 and 6;4
    assert first["UC"] == pytest.approx(1 + 0.5 + 2 * 0.3)
    assert first["Ressources mensuelles"] == 1260
    assert first["Plafond du logement"] == 45_374  # PLUS 2026, category 4


def test_effort_and_residual_income_are_estimates_that_agree(workbook: bytes) -> None:
    # cost = effort × 1,260; residual = (1,260 − cost) / 2.1 units / 30 days
    first = table_of(workbook, "Candidatures")[0]
    cost = first["Taux d'effort (estimation)"] * 1260
    assert 0 < cost < 480  # under rent and charges: an aid is estimated
    left = (1260 - cost) / 2.1 / 30
    assert first["Reste à vivre, €/jour/UC (estimation)"] == pytest.approx(left)


def test_heating_given_is_part_of_the_effort(sitting: Callable[..., Suggestion]) -> None:
    without, with_ = (
        table_of(content(sitting(sheets)), "Candidatures")[0]
        for sheets in (toy(), with_column("Logements", "Chauffage", 63))
    )
    income, effort = without["Ressources mensuelles"], "Taux d'effort (estimation)"
    assert with_[effort] - without[effort] == pytest.approx(63 / income)


def test_no_cell_of_a_decision_is_prefilled(workbook: bytes) -> None:
    for row in table_of(workbook, "Décision"):
        assert [name for name, cell in row.items() if cell is not None] == [
            "Référence logement",
            "Rang suggéré",
            "Numéro unique",
        ]
    for row in table_of(workbook, "Présence et voix"):
        assert [name for name, cell in row.items() if cell is not None] == ["Fonction"]


def test_the_five_decisions_and_the_motives_are_closed_lists(workbook: bytes) -> None:
    lists = sheets_of(workbook)["Listes"]
    assert [row[0] for row in lists if row[0]] == [
        "Décision",
        "Attribution",
        "Attribution avec rang",
        "Attribution sous condition suspensive",
        "Non-attribution",
        "Rejet pour irrecevabilité",
    ]
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        sheet = archive.read("xl/worksheets/sheet3.xml").decode()
    assert sheet.count('type="list"') == 5  # decision, two motives, function, answer
    assert 'errorStyle="information"' not in sheet
    assert 'errorStyle="warning"' not in sheet


def test_missing_incomes_are_to_be_verified_and_exclude_nobody(sitting: Callable[..., Suggestion]) -> None:
    sheets = with_cell("Candidatures", 4, "Ressources mensuelles", None)  # D03
    rows = table_of(content(sitting(sheets)), "Candidatures")
    row = next(one for one in rows if one["Numéro unique"] == "D03")
    assert row["Ressources mensuelles"] == "à vérifier"
    assert row["Taux d'effort (estimation)"] == "à vérifier"


def test_columns_without_data_are_left_out_and_said(workbook: bytes) -> None:
    assert "Adresse" not in sheets_of(workbook)["Logements"][HEAD]
    said = " ".join(str(value) for name, value in method_of(workbook) if name.startswith("Colonnes laissées"))
    assert "Adresse" in said
    assert "Commune de travail" in said


def test_what_the_file_says_is_shown_as_it_was_written(sitting: Callable[..., Suggestion]) -> None:
    sheets = with_column("Candidatures", "Pièces manquantes", None, None, None, "avis d'imposition", None)
    rows = table_of(content(sitting(sheets)), "Candidatures")
    shown = {row["Numéro unique"]: row.get("Pièces manquantes") for row in rows}
    assert shown["D03"] is None
    sheets = with_column("Candidatures", "Pièces manquantes", "avis d'imposition")
    rows = table_of(content(sitting(sheets)), "Candidatures")
    assert {row["Pièces manquantes"] for row in rows} == {"avis d'imposition"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_begins_like_a_formula_is_never_one(
    sitting: Callable[..., Suggestion], start: str
) -> None:
    assert plain_text(f"{start}cmd|x") == f"'{start}cmd|x"
    sheets = with_column("Candidatures", "Pièces manquantes", f"{start}HYPERLINK(1)")
    book = content(sitting(sheets))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert not any("<f>" in page or "<f " in page for page in pages)
    assert not re.findall(r"<t[^>]*>[=+@\-\t\r]", texts)


def test_few_leases_are_fractions_and_many_have_their_share(sitting: Callable[..., Suggestion]) -> None:
    counters = [
        ["Quota", "Baux signés", "Dont au public", "Baux sur 12 mois"],
        ["R1 hors QPV", 31, 7, 40],
        ["R2 en QPV", 3, 1, 5],
    ]
    rows = {row["Ligne"]: row for row in table_of(content(sitting(toy(Compteurs=counters))), "Compteurs")}
    assert rows["R1 hors QPV, EPCI"]["Avant la séance"] == "22,6\u202f% (7 sur 31)"  # 7/31 = 0.2258
    assert rows["R2 en QPV, EPCI"]["Avant la séance"] == "1 sur 3"
    assert rows["R2 en QPV, EPCI"]["Effectif"] == "effectif insuffisant"
    assert rows["R1 hors QPV, EPCI"]["Baux donnés"] == 31


def test_under_twenty_leases_signed_a_fraction_stands_alone_however_many_a_year(
    sitting: Callable[..., Suggestion],
) -> None:
    # 60 leases in twelve months, so that many are expected; 3 signed this year, 19, then 20 if L3 is signed.
    for signed, before, after in ((3, "1 sur 3", "1 sur 4"), (19, "1 sur 19", "10,0\u202f% (2 sur 20)")):
        counters: list[list[object]] = [["Quota", "Baux signés", "Dont au public", "Baux sur 12 mois"]]
        counters.append(["R1 hors QPV", signed, 1, 60])
        rows = {row["Ligne"]: row for row in table_of(content(sitting(toy(Compteurs=counters))), "Compteurs")}
        row = rows["R1 hors QPV, EPCI"]
        assert (row["Avant la séance"], row["Si signé"], row.get("Effectif")) == (before, after, None)


def test_no_sheet_that_people_read_tells_which_publics_a_household_is_of(workbook: bytes) -> None:
    told = {title for title, rows in sheets_of(workbook).items() if "Dont au public de" in rows[HEAD]}
    assert told == {"Suivi"}
    states = {
        sheet.name: sheet.visible
        for sheet in CalamineWorkbook.from_filelike(io.BytesIO(workbook)).sheets_metadata
    }
    assert states["Suivi"] == SheetVisibleEnum.VeryHidden
    assert states["Listes"] == SheetVisibleEnum.Hidden
    assert {title for title, state in states.items() if state == SheetVisibleEnum.Visible} == set(SHEETS[:-2])


def test_what_a_target_may_override_is_printed(workbook: bytes, sitting: Callable[..., Suggestion]) -> None:
    most = sitting().sitting.max_points_forgone
    said = f"{most:g} au plus par logement"
    assert dict(method_of(workbook))["Points qu'un objectif peut dépasser"] == said
    assert said in dict(data(sitting(), instruction=False)["summary"]).values()


def test_the_letter_of_the_priority_is_in_the_instructors_copy_alone(
    sitting: Callable[..., Suggestion],
) -> None:
    found = sitting()
    common, own = content(found), content(found, instruction=True)
    row = next(one for one in table_of(common, "Candidatures") if one["Numéro unique"] == "D07")
    assert row["Priorité"] == "prioritaire L.441-1"
    assert row["Motif de la demande"] == "motif connu de l'instructeur"  # 06, violence
    texts = str(sheets_of(common))
    assert "Violences familiales" not in texts
    assert "lettre g" not in texts
    row = next(one for one in table_of(own, "Candidatures") if one["Numéro unique"] == "D07")
    assert row["Priorité"] == "prioritaire L.441-1 : DALO"
    assert row["Motif de la demande"] == "Violences familiales"


def test_a_priority_that_is_not_named_is_a_priority_and_nothing_more(
    sitting: Callable[..., Suggestion],
) -> None:
    said = {}
    for header in ("Prioritaire L.441-1", "PDALHPD"):
        found = sitting(with_column("Candidatures", header, None, None, "oui", None))
        register = found.today.state.register
        third = register.demand_id.tolist().index("D03")
        assert has(register.signature[third], "l441_1")
        named = "pdalhpd" in register.attributes and register.attribute("pdalhpd")[third] == 1
        people = table_of(content(found, instruction=True), "Candidatures")
        said[header] = named, next(one["Priorité"] for one in people if one["Numéro unique"] == "D03")
    assert (
        said
        == {  # a grid that reads PDALHPD reads it of who is said to be of that public, and of no other
            "Prioritaire L.441-1": (False, "prioritaire L.441-1"),
            "PDALHPD": (True, "prioritaire L.441-1 : PDALHPD"),
        }
    )


def test_the_deadline_stated_is_printed_as_a_date(sitting: Callable[..., Suggestion]) -> None:
    stated = with_column("Candidatures", "Échéance DALO", *[None] * 6, "2026-02-20", None)
    people = table_of(content(sitting(stated)), "Candidatures")
    assert {one["Échéance DALO"] for one in people if one["Numéro unique"] == "D07"} == {date(2026, 2, 20)}


def test_the_method_says_what_was_computed_on_what_and_what_is_not_done(workbook: bytes) -> None:
    lines = method_of(workbook)
    names = [name for name, _ in lines]
    assert dict(lines)["Séance du"] == date(2026, 2, 2)
    assert str(dict(lines)["Contrôle"]).startswith("calcul vérifié")
    assert re.fullmatch("[0-9a-f]{64}", str(dict(lines)["Empreinte SHA-256 de commission.xlsx"]))
    assert names.count("Ce que le programme ne fait pas") >= 5
    assert "la commission décide" in str(lines).lower()


def test_gaps_name_the_rank_and_the_line_and_nothing_of_the_household(workbook: bytes) -> None:
    # D01, of 2024-01-01, is older than D07, of 2024-07-01, whom a DALO deadline puts first.
    assert table_of(workbook, "Écarts au rang suggéré") == [
        {
            "Référence logement": "L6",
            "Numéro unique": "D01",
            "Rang par la cotation": 3,
            "Ligne": "relogement et DALO, par échéance",
            "Raison": "serait présentée sans la ligne « relogement et DALO, par échéance »",
            "Confirmé par un nouveau calcul": "oui",
        }
    ]


def test_no_sheet_holds_a_word_of_the_list(workbook: bytes) -> None:
    texts = " | ".join(
        str(cell) for rows in sheets_of(workbook).values() for row in rows for cell in row if cell
    )
    assert not list(forbidden_words(texts))


def test_the_same_sitting_gives_the_same_cells(sitting: Callable[..., Suggestion]) -> None:
    assert sheets_of(content(sitting())) == sheets_of(content(sitting()))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook(tmp_path: Path, workbook: bytes) -> None:
    path = saved(tmp_path / "seance.xlsx", workbook)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    made = (tmp_path / "seance.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert len(made) > 10_000
