"""A workbook is read as a person wrote it, and answered as the canonical tables of the same facts."""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook
from toy_workbook import TOY, toy, with_cell, with_column, written

from mixite.desk.options import Options
from mixite.desk.source import asked
from mixite.desk.suggesting import suggest
from mixite.desk.tables import from_territory
from mixite.desk.told import as_json
from mixite.desk.workbook import modele
from mixite.desk.workbook.heading import EXAMPLE
from sim.rules.traits import NAMES
from sim.territory.files.faults import FaultsFound
from sim.territory.files.sheets import plain

Answer = Callable[..., dict[str, Any]]
Faults = Callable[..., list[tuple[str, int, str, str, str]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The toy's folder without occupants, with the dwellings to let alone: what a workbook can know."""
    found = tmp_path / "jouet"
    shutil.copytree("scenarios/territories/jouet", found)
    (found / "occupants.csv").unlink()
    for name, keep in (("dwellings", ("L3", "L6", "L9")), ("demands", ())):
        path = found / f"{name}.csv"
        head, *rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        if name == "demands":
            place = head.index("mutation_of")
            rows = [row[:place] + row[place + 1 :] for row in rows]
            head.remove("mutation_of")
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([head, *(row for row in rows if not keep or row[0] in keep)])
    return found


@pytest.mark.parametrize("scenario", [None, Path("scenarios/jouet.toml")])
def test_a_workbook_is_answered_as_the_tables_of_the_same_facts(
    folder: Path, answer: Answer, scenario: Path | None
) -> None:
    options = Options(on=date(2026, 2, 2), scenario=scenario)
    theirs = as_json(suggest(from_territory(folder, folder / "vacancies.csv", options)))
    ours = answer(toy(), scenario=scenario)
    assert ours["dwellings"] == theirs["dwellings"]
    assert ours["rows"] == theirs["rows"]
    assert ours["not_presented"] == theirs["not_presented"]
    assert sum(len(one["candidates"]) for one in ours["dwellings"]) >= 5


def mangled(header: str, some: random.Random) -> str:
    """Return a header as somebody else writes it: no accent, other case, a line break, more spaces."""
    return some.choice(
        [
            header.upper(),
            header.lower().replace(" ", "  "),
            header.replace(" ", "\n"),
            header.replace("é", "e").replace("É", "E").replace("Â", "a"),
            f"  {header} ",
            {"Numéro unique": "NUR", "Loyer": "Loyer HC", "Surface": "SHAB"}.get(header, header),
        ]
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_modele_filled_by_a_person_is_answered_as_the_toy(
    answer: Answer, tmp_path: Path, seed: int
) -> None:
    modele.write(tmp_path / "modele.xlsx")
    some, sheets = random.Random(seed), {}
    for name in CalamineWorkbook.from_path(tmp_path / "modele.xlsx").sheet_names:
        rows = CalamineWorkbook.from_path(tmp_path / "modele.xlsx").get_sheet_by_name(name).to_python()
        given = TOY.get(name)
        if name in ("Logements", "Candidatures") and given:
            headers = [cell for cell in rows[0] if cell]
            some.shuffle(headers)
            filled = [dict(zip(given[0], row, strict=True)) for row in given[1:]]
            some.shuffle(filled)
            examples = [dict(zip(rows[0], row, strict=True)) for row in rows[1:3]]
            assert all(str(next(iter(row.values()))).startswith(EXAMPLE) for row in examples)
            lines = [[row.get(header) for header in headers] for row in (*examples, *filled)]
            rows = [["Commission de février"], [], [mangled(header, some) for header in headers], *lines]
            rows = [[None if cell == "" else cell for cell in row] for row in rows]
        elif given:
            rows = given
        sheets[mangled(name, some) if name != "Aide" else name] = rows
    order = list(sheets)
    some.shuffle(order)
    found = answer({name: sheets[name] for name in order})
    theirs = answer(toy())
    for key in ("sitting", "dwellings", "rows", "not_presented", "dropped_columns"):
        assert found[key] == theirs[key]
    assert sum("lignes d'exemple, non lues : 2" in note for note in found["notes"]) == 2
    assert [note for note in found["notes"] if "ignorées" in note] == []


@pytest.mark.parametrize(
    ("sheet", "header", "ways"),
    [
        ("Candidatures", "Date de dépôt", ["01/07/2023", "1/7/2023", "2023-07-01", "01.07.2023", 45108]),
        ("Candidatures", "Ressources mensuelles", ["1 260,00 €", "1\u00a0260", "1\u202f260,0", "1260.0"]),
        ("Candidatures", "RFR", [9000, 9000.0, "9 000", "9000.00", "9000,000", "9\u202f000,5"]),
        ("Candidatures", "Communes", ["59512, 59350", "59512 ; 59350", "59512\n59350", "59512/59350;59512"]),
        ("Candidatures", "Typologie min", [3, "3", "t3", "F3", "Type 3", "T3 bis", "3 pièces", 3.0]),
        ("Candidatures", "Besoin PMR", ["NON", "n", "Faux", 0, False, None]),
        ("Candidatures", "Vivier réservataire", ["collectivite", "Commune", "MAIRIE ", "EPCI;commune"]),
        ("Candidatures", "Logement actuel", ["Locataire du parc privé", "parc prive", "LP - parc privé"]),
        ("Candidatures", "Motif", [13, "13", "13 - Logement trop petit", "logement trop petit"]),
        ("Candidatures", "Âges des enfants", ["6, 4", "6 ans ; 4 ans", "6/4"]),
    ],
)
def test_a_cell_is_understood_however_a_person_writes_it(
    answer: Answer, sheet: str, header: str, ways: list[Any]
) -> None:
    expected = answer(toy(), scenario=Path("scenarios/jouet.toml"))
    for cell in ways:
        found = answer(with_cell(sheet, 4, header, cell), scenario=Path("scenarios/jouet.toml"))
        assert found["dwellings"] == expected["dwellings"], cell


def test_a_commune_that_lost_its_zero_gets_it_back_and_it_is_said(tmp_path: Path) -> None:
    request = read_(tmp_path, with_cell("Candidatures", 2, "Communes", 2691))
    assert "02691" in request.territory.communes
    assert "feuille Candidatures : codes INSEE complétés de leur zéro initial : 1" in request.notes


def test_a_numero_unique_of_eighteen_digits_is_kept_as_text(tmp_path: Path) -> None:
    number = "059001234567890123"
    request = read_(tmp_path, with_cell("Candidatures", 2, "Numéro unique", number))
    assert request.territory.demands.demand_id[0] == number
    assert request.written["Candidatures"]["Numéro unique"][0] == number


def test_forbidden_columns_are_dropped_and_counted_and_change_nothing(answer: Answer) -> None:
    expected = answer(toy())
    sheets = toy()
    for at, row in enumerate(sheets["Candidatures"]):
        head = ("Nom", "Nationalité", "Sexe du demandeur", "Pays de naissance")
        row[3:3] = head if at == 0 else (f"=CMD{at}", ("FR", "DZ")[at % 2], "FM"[at % 2], at)
    found = answer(sheets)
    assert found["dropped_columns"] == ["Nom", "Nationalité", "Sexe du demandeur", "Pays de naissance"]
    assert found["dwellings"] == expected["dwellings"]
    assert "CMD" not in json.dumps(found)


def test_unknown_columns_and_sheets_are_ignored_and_said(answer: Answer) -> None:
    sheets = with_column("Candidatures", "Observations", "=1+1")
    sheets["Feuil3"] = [["x"]]
    notes = answer(sheets)["notes"]
    assert "feuille Candidatures : colonnes ignorées : Observations" in notes
    assert "commission.xlsx : feuilles ignorées : Feuil3" in notes


def test_a_missing_income_is_to_verify_and_excludes_nobody(answer: Answer) -> None:
    eligible = answer(toy())["dwellings"][1]["eligible"]
    found = answer(with_cell("Candidatures", 6, "RFR", 10**6))  # D05, over every ceiling
    assert found["dwellings"][1]["eligible"] == eligible - 1
    found = answer(with_cell("Candidatures", 6, "RFR", None))
    assert found["dwellings"][1]["eligible"] == eligible
    assert "RFR absent, « à vérifier », sans exclusion : 1 demande(s)" in found["notes"]


@pytest.mark.parametrize(
    ("sheet", "header", "said"),
    [
        ("Candidatures", "RFR", "sans colonne « RFR »"),
        ("Candidatures", "Ressources mensuelles", "sans colonne « Ressources mensuelles »"),
        ("Candidatures", "Besoin PMR", "sans colonne « Besoin PMR »"),
        ("Candidatures", "Vivier réservataire", "le vivier d'un réservataire est vide"),
        ("Logements", "QPV", "sans colonne « QPV »"),
        ("Logements", "Accessible", "sans colonne « Accessible »"),
        ("Logements", "Mode de désignation", "sans colonne « Mode de désignation »"),
        ("Candidatures", "Motif", "colonnes facultatives absentes"),
    ],
)
def test_an_optional_column_that_is_absent_is_said_and_nothing_fails(
    answer: Answer, sheet: str, header: str, said: str
) -> None:
    sheets = toy()
    at = sheets[sheet][0].index(header)
    sheets[sheet] = [row[:at] + row[at + 1 :] for row in sheets[sheet]]
    assert any(said in note for note in answer(sheets)["notes"])


def test_only_the_required_columns_are_enough(answer: Answer) -> None:
    sheets = toy()
    kept = {
        "Logements": ["Référence logement", "Commune (INSEE)", "Typologie", "Surface", "Financement"],
        "Candidatures": ["Numéro unique", "Date de dépôt", "Adultes", "Enfants", "Communes"],
    }
    kept["Logements"] += ["Loyer", "Charges", "Disponible le", "Réservataire"]
    kept["Candidatures"] += ["Typologie min", "Typologie max"]
    bare = {
        sheet: [[row[sheets[sheet][0].index(header)] for header in headers] for row in sheets[sheet]]
        for sheet, headers in kept.items()
    }
    found = answer(bare, on=date(2026, 2, 2))
    names = [[one["demand_id"] for one in dwelling["candidates"]] for dwelling in found["dwellings"]]
    # L6, a T2 of Roubaix. Without incomes nobody is Q1, without DALO nobody priority: seniority alone. D09 of
    # 2019 may have L6 and no other, so the first place is its; D06 of 2020 and D01 of 2024 may have L9 too.
    assert names[1][0] == "D09"
    assert "sans compteurs : les quotas partent de zéro" in found["notes"]
    assert "sans scénario ni objectifs : pas d'objectif de la stratégie de peuplement" in found["notes"]
    assert "sans grille ni points : l'ordre suit l'ancienneté de la demande" in found["notes"]


def test_points_given_make_the_order(answer: Answer) -> None:
    points = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    found = answer(with_column("Candidatures", "Points", *points), policy="cotation_only")
    # L3, of the collectivité's pool: D10 with 100 points comes before D03 with 30.
    assert [(one["demand_id"], one["points"]) for one in found["dwellings"][0]["candidates"]] == [
        ("D10", 100),
        ("D03", 30),
    ]
    assert "points donnés dans le fichier" in found["notes"]


def test_the_grid_named_on_methode_scores_as_that_of_a_scenario(answer: Answer) -> None:
    sheets = toy()
    sheets["Méthode"].append(["Grille", "scenarios/grids/synthetic-seniority-uncapped.toml"])
    by_scenario = answer(toy(), scenario=Path("scenarios/jouet.toml"))
    found = answer(sheets)
    points = {one["demand_id"]: one["points"] for home in found["dwellings"] for one in home["candidates"]}
    assert points == {
        one["demand_id"]: one["points"] for home in by_scenario["dwellings"] for one in home["candidates"]
    }
    assert any(points.values())


def test_a_designated_list_is_ordered_and_never_completed(answer: Answer) -> None:
    head = ["Référence logement", "Numéro unique", "Réservataire", "Désigné le"]
    rows = [["L6", name, "Non réservé", date(2026, 1, 15)] for name in ("D01", "D06")]
    found = answer(toy(Désignations=[head, *rows]))["dwellings"][1]
    assert found["designation_mode"] == "named"
    assert {one["demand_id"] for one in found["candidates"]} == {"D01", "D06"}


def test_quotas_start_from_the_counters(answer: Answer) -> None:
    head = ["Quota", "Bailleur", "Baux signés", "Dont au public", "Baux sur 12 mois"]
    counters = [
        ["R1 hors QPV", "A", 31, 7, 40],
        ["R2 en QPV", "A", 5, 1, 9],
        ["R4 non réservé", None, 12, 2, None],
        ["R4 collectivités", None, 4, 1, None],
    ]
    found = answer(toy(Compteurs=[head, *counters]))
    before = {row["label"]: row["before"] for row in found["rows"]}
    assert before["R1 hors QPV, bailleur A"] == [7, 31]  # 40 leases a year: a row of its own
    assert before["R1 hors QPV, EPCI"] == [7, 31]  # not given: the sum of the bailleurs
    assert before["R2 en QPV, EPCI"] == [1, 5]
    assert "R2 en QPV, bailleur A" not in before  # 9 leases a year: too few
    assert before["R4 non réservé, EPCI"] == [2, 12]
    assert before["R4 collectivités"] == [1, 4]
    assert any("effectif insuffisant (9 baux par an)" in note for note in found["notes"])
    assert "sans compteurs : les quotas partent de zéro" not in found["notes"]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (["R1", "A", 3, 9, None], "Dont au public", "plus de baux au public que de baux signés (3)"),
        (["R1", "A", 9, 3, 5], "Baux sur 12 mois", "moins de baux sur 12 mois"),
        (["R1", "B", 9, 3, None], "Bailleur", "bailleur inconnu"),
        (["R4 Action Logement", "A", 9, 3, None], "Bailleur", "n'est d'aucun bailleur"),
        (["R3", None, 9, 3, None], "Quota", "mot inconnu"),
        (["R2", None, 10, 3, None], "Quota", "déjà compté"),
        (["R1", None, None, 3, None], "Baux signés", "valeur absente"),
        (["R1", None, -1, 3, None], "Baux signés", "hors bornes"),
    ],
)
def test_a_wrong_counter_is_said(faults: Faults, row: list[Any], column: str, said: str) -> None:
    head = ["Quota", "Bailleur", "Baux signés", "Dont au public", "Baux sur 12 mois"]
    found = faults(toy(Compteurs=[head, ["R2", None, 9, 3, None], row]))
    assert found[0][:3] == ("Compteurs", 3, column)
    assert said in found[0][4]


AGREED = ["CIA 2022-2028", date(2022, 11, 28), "Métropole"]
OBJECTIVE = ["Premier quartile", "30 %", 36, "non", *AGREED, None]
OBJECTIVES = ["Public à accueillir", "Plancher", "Mois", "En QPV", "Publié dans", "Publié le", "Périmètre"]


def test_a_published_objective_is_a_row_of_the_sitting(answer: Answer) -> None:
    found = answer(toy(Objectifs=[[*OBJECTIVES, "Étude"], OBJECTIVE]))
    label = "Premier quartile ≥ 30 % à accueillir dans la résidence R1"  # the words of the printed dossier
    (row,) = [one for one in found["rows"] if one["label"] == label]
    assert row["percent"] == 30
    assert not any("sans objectifs" in note or "pas d'objectif" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("place", "cell", "column", "said"),
    [
        (0, "Q2-Q4", "Public à accueillir", "n'est admis qu'en QPV"),
        (0, "familles", "Public à accueillir", "mot inconnu"),
        (1, 30, "Plancher", "30 se lit 30 % ou 30 fois le tout"),
        (1, "33,3 %", "Plancher", "pour cent entiers"),
        (1, 0, "Plancher", "attendu > 0"),
        (2, 12, "Mois", "attendu ≥ 24"),
        (4, None, "Publié dans", "valeur absente"),
        (5, None, "Publié le", "valeur absente"),
        (5, date(2050, 1, 1), "Publié le", "publié après la séance du"),
        (7, "oui", "Étude", "objectif à l'étude"),
    ],
)
def test_an_objective_that_may_not_be_followed_is_refused(
    faults: Faults, place: int, cell: Any, column: str, said: str
) -> None:
    row = [*OBJECTIVE]
    row[place] = cell
    (fault,) = faults(toy(Objectifs=[[*OBJECTIVES, "Étude"], row]))
    assert fault[:3] == ("Objectifs", 2, column)
    assert said in fault[4]


def test_residences_carry_their_type_and_their_rpms_to_the_territory(tmp_path: Path) -> None:
    rows = [
        ["Résidence", "Type", "Cible", "RPMS", "Quartier"],
        ["R1", "en capacite", "En équilibre", "non", "Centre"],
        ["R2", "À conforter", None, "oui", None],
        ["R3", None, None, None, None],
    ]
    found = read_(tmp_path, toy(Résidences=rows)).territory.residences
    assert found.residence_id.tolist() == ["R1", "R2", "R3"]
    assert found.peuplement_type.tolist() == [0, 3, -1]
    assert found.peuplement_target.tolist() == [1, -1, -1]
    assert found.is_rpms.tolist() == [False, True, False]
    assert found.in_qpv.tolist() == [False, True, False]
    assert found.quartier.tolist() == ["Centre", "", ""]


def test_without_a_residence_each_address_is_one(tmp_path: Path) -> None:
    sheets = toy()
    sheets["Logements"][0][1] = "Adresse"
    for row, address in zip(sheets["Logements"][1:], ("1 rue A", "1 rue A", None), strict=True):
        row[1] = address
    found = read_(tmp_path, sheets).territory.residences
    assert found.residence_id.tolist() == ["1 rue A 59350", "1 rue A 59512", "L9"]


def test_dalo_without_a_date_counts_from_the_sitting(tmp_path: Path) -> None:
    request = read_(tmp_path, with_column("Candidatures", "DALO", "non", "oui", "non", "non", None))
    recognised = request.territory.demands.dalo_recognised_on
    assert recognised[1] == np.datetime64("2026-02-02")
    assert recognised[6] == np.datetime64("2025-09-15")  # D07 has its own
    assert any("DALO sans date" in note for note in request.notes)


def test_a_tenant_elsewhere_is_a_mutation_and_declared_refusals_count(tmp_path: Path) -> None:
    sheets = with_column("Candidatures", "Refus antérieurs", 2, None, 0)
    found = suggest(read_options(tmp_path, sheets, Options()))
    register = found.today.state.register
    mutation = register.signature >> NAMES.index("mutation") & 1
    assert register.refusals.tolist()[:3] == [2, 0, 0]
    assert mutation.tolist()[:10] == [0] * 9 + [1]  # D10 is housed by a bailleur


def test_what_was_written_is_kept_for_the_sheets_of_the_sitting(tmp_path: Path) -> None:
    sheets = with_column("Logements", "Étage", "RDC", 3, None)
    shown = read_(tmp_path, sheets).written
    assert shown["Logements"]["Étage"] == ("RDC", "3", "")
    assert shown["Candidatures"]["Motif"][1] == "Logement trop cher"
    assert shown["Candidatures"]["Date de dépôt"][0] == "01/01/2024"


def reasons_of(found: dict[str, Any], demand: str) -> list[str]:
    """Return the reasons of a demand for the first dwelling where it is presented."""
    names = (one for home in found["dwellings"] for one in home["candidates"])
    return next(one["reasons"] for one in names if one["demand_id"] == demand)


def test_a_rehoused_household_is_first_by_its_operation_and_at_no_date(answer: Answer) -> None:
    found = answer(with_column("Candidatures", "Opération de relogement", "Op. du Canal", None))
    said = reasons_of(found, "D01")
    assert "opération de relogement" in said
    assert not [one for one in said if one.startswith("échéance")]  # it has none, and not its filing date


def test_the_deadline_stated_is_the_one_that_is_said(answer: Answer) -> None:
    # D07, recognised on 15 September 2025 in the Nord: six months of 30.44 days by law, to 16 March.
    assert "échéance du 16/03/2026" in reasons_of(answer(toy()), "D07")
    stated = with_column("Candidatures", "Échéance DALO", *[None] * 6, date(2026, 2, 20), None)
    said = [one for one in reasons_of(answer(stated), "D07") if one.startswith("échéance")]
    assert said == ["échéance du 20/02/2026"]


def test_a_household_rehoused_and_under_dalo_has_both(answer: Answer) -> None:
    sheets = with_column("Candidatures", "Opération de relogement", *[None] * 6, "Op. du Canal", None)
    said = reasons_of(answer(sheets), "D07")
    assert {"opération de relogement", "échéance du 16/03/2026"} <= set(said)


def test_a_deadline_of_a_household_that_is_not_recognised_is_refused(faults: Faults) -> None:
    stated = with_column("Candidatures", "Échéance DALO", date(2026, 2, 20), None)
    ((sheet, row, column, value, message),) = faults(stated)
    assert (sheet, row, column, value) == ("Candidatures", 2, "Échéance DALO", "20/02/2026")
    assert "n'est pas dit reconnu DALO" in message


def designated(holder: str, *demands: str) -> dict[str, list[list[Any]]]:
    """Return the toy with demands that a réservataire designates for L3, the collectivité's."""
    head = ["Référence logement", "Numéro unique", "Réservataire", "Désigné le"]
    return toy(Désignations=[head, *(["L3", demand, holder, date(2026, 1, 20)] for demand in demands)])


def test_a_designation_by_another_reservataire_than_the_dwelling_s_is_a_fault(faults: Faults) -> None:
    ((sheet, row, column, value, message),) = faults(designated("Action Logement", "D03"))
    assert (sheet, row, column, value) == ("Désignations", 2, "Réservataire", "Action Logement")
    assert message == "ce logement est à un autre réservataire (la feuille Logements ligne 2)"


def test_a_designation_by_another_reservataire_is_a_fault_of_tables_too(folder: Path) -> None:
    rows = ["dwelling_id,demand_id,reservataire,designated_on", "L3,D03,action_logement,2025-12-20"]
    (folder / "designations.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(FaultsFound, match=r"designations.csv ligne 2.*à un autre réservataire"):
        asked(folder, None, Options(on=date(2026, 2, 2)))


def test_a_designated_demand_that_the_law_keeps_off_the_list_is_counted_aloud(answer: Answer) -> None:
    # L3 is a T3; D02, alone, asks for a T1 or a T2.
    found = answer(designated("Collectivité", "D03", "D02"))
    (said,) = [note for note in found["notes"] if "hors du vivier" in note]
    assert said.startswith(
        "logement L3 : désignées, mais hors du vivier (plafond, taille, souhait, offre) : 1 "
    )
    assert not any("hors du vivier" in one for one in answer(designated("Collectivité", "D03"))["notes"])


def test_a_commune_that_nobody_wishes_is_the_reason_of_an_empty_list(answer: Answer) -> None:
    found = answer(with_cell("Logements", 4, "Commune (INSEE)", "59999"))
    home = found["dwellings"][2]
    assert (home["candidates"], home["short_reason"]) == ([], "aucune demande ne souhaite cette commune")
    said = "logement L9 : aucune demande ne souhaite la commune 59999 ; vérifier le code INSEE"
    assert said in found["notes"]


def test_numbers_that_differ_by_their_first_zeros_are_said_by_their_lines(answer: Answer) -> None:
    sheets = toy()
    sheets["Candidatures"][1][0], sheets["Candidatures"][4][0] = "0590000000001", 590000000001
    (said,) = [note for note in answer(sheets)["notes"] if "zéros de tête" in note]
    assert said.startswith("feuille Candidatures, lignes 2, 5 : ")
    assert "5900000" not in said
    assert not any("zéros de tête" in note for note in answer(toy())["notes"])


def test_the_day_given_beside_the_file_is_not_said_to_be_missing(answer: Answer) -> None:
    sheets = toy()
    del sheets["Méthode"][1]
    missing = "feuille Méthode, Date de la séance non donnée : le jour même"
    assert missing in answer(sheets)["notes"]
    assert missing not in answer(sheets, on=date(2026, 2, 2))["notes"]


def test_no_objective_is_said_once_and_not_where_a_scenario_gives_them(answer: Answer) -> None:
    said = [note for note in answer(toy())["notes"] if "objectif" in note]
    assert said == ["sans scénario ni objectifs : pas d'objectif de la stratégie de peuplement"]
    assert not [n for n in answer(toy(), scenario=Path("scenarios/jouet.toml"))["notes"] if "objectif" in n]


def test_an_unknown_policy_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "commission.xlsx"
    path.write_bytes(written(toy()))
    with pytest.raises(FaultsFound, match=r"cotation_quota.*politique inconnue.*« cotation_quotas »"):
        asked(path, None, Options(policy="cotation_quota"))


def test_a_pair_put_first_and_taken_off_is_refused_with_both_choices_named(answer: Answer) -> None:
    with pytest.raises(FaultsFound, match=r"--lock.*L3:D03.*--forbid"):
        answer(toy(), lock=("L3:D03", "L6:D01"), forbid=("L3:D03",))
    answer(toy(), lock=("L3:D03",), forbid=("L3:D10",))


def test_the_numero_unique_is_in_the_answer_and_in_no_message(tmp_path: Path) -> None:
    number = "059001234567890123"
    path = tmp_path / "commission.xlsx"
    path.write_bytes(written(with_cell("Candidatures", 7, "Numéro unique", number)))
    ran = run("suggest", str(path), "--json")
    assert ran.returncode == 0
    assert number in ran.stdout
    assert number not in ran.stderr
    wrong = with_cell("Candidatures", 2, "Numéro unique", number)
    wrong["Candidatures"][2][0] = number  # twice the same
    wrong["Candidatures"][3][2] = 0
    path.write_bytes(written(wrong))
    ran = run("suggest", str(path), "--json")
    assert ran.returncode == 2
    assert number not in ran.stdout + ran.stderr
    assert {(one["sheet"], one["row"], one["column"]) for one in json.loads(ran.stdout)["faults"]} == {
        ("Candidatures", 3, "Numéro unique"),
        ("Candidatures", 4, "Adultes"),
    }


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mixite", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def read_(folder: Path, sheets: Any) -> Any:
    return read_options(folder, sheets, Options())


def read_options(folder: Path, sheets: Any, options: Options) -> Any:
    path = folder / "commission.xlsx"
    path.write_bytes(written(sheets))
    return asked(path, None, options)


def test_headers_are_compared_without_accents_case_plural_or_unit() -> None:
    assert plain("Références  logement\n") == plain("REFERENCE LOGEMENT") == "reference logement"
    assert plain("Surface (m²)") == plain("surface")
    assert plain("Loyer en euros") == plain("Loyer (€)") == "loyer"
