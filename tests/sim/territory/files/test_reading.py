"""A folder of canonical tables becomes a Territory, or one report of everything wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.territory.columns import ACTIVITIES, RESERVATAIRES
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.reading import read_territory


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(FaultsFound) as found:
        read_territory(folder)
    return found.value.faults


def only_fault_of(folder: Path) -> Fault:
    faults = faults_of(folder)
    assert len(faults) == 1, "\n".join(map(str, faults))
    return faults[0]


def test_toy_territory_reads_as_a_person_reads_it(toy):
    territory = read_territory(toy)
    assert territory.name == "Jouet de trois résidences (territoire de synthèse)"
    assert territory.synthetic
    assert territory.communes == ("59350", "59512")
    assert territory.commune_names == ("Lille", "Roubaix")
    assert territory.residences.bailleur.tolist() == [0, 0, 1]
    assert territory.residences.in_qpv.tolist() == [False, True, False]
    assert territory.dwellings.residence.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    vacant = set(range(9)) - set(territory.occupants.dwelling.tolist())
    assert territory.dwellings.dwelling_id[sorted(vacant)].tolist() == ["L3", "L6", "L9"]
    demands = territory.demands
    assert demands.first_commune[2] == 1  # D03 : « 59512;59350 »
    assert demands.wishes[2].all()
    assert demands.dalo_recognised_on[6] == np.datetime64("2025-09-15")
    assert demands.mutation_of.tolist() == [-1] * 9 + [3]
    assert demands.household_id[9] == "M4"  # the occupant of L4 asks to move
    assert demands.labels[1] == 1 << RESERVATAIRES.index("action_logement")
    assert np.isnan(demands.max_rent_eur[0])


def test_children_of_14_are_counted_from_their_ages(toy):
    # occupants : M2 has one of 15; M5 has 17, 14 and 9
    assert read_territory(toy).occupants.teens.tolist() == [0, 1, 0, 2, 0, 0]


def test_attributes_are_encoded_by_the_closed_list(toy):
    attributes = read_territory(toy).demands.attributes
    assert set(attributes) == {"housing_modes", "motives", "work_status"}
    assert attributes["motives"][0] == 1  # 01 is bit 0
    assert attributes["work_status"].dtype == np.int8
    assert attributes["work_status"][:2].tolist() == [3, 0]  # CHO, CDI


def test_flags_numbers_and_missing_attributes_are_kept_apart(toy, edit):
    edit("demands.csv", 2, "disability", "true")
    edit("demands.csv", 3, "disability", "false")
    edit("demands.csv", 2, "effort_rate", "0.35")
    edit("demands.csv", 2, "unjustified_refusals_24m", "2")
    edit("demands.csv", 4, "motives", "05;09")
    edit("demands.csv", 5, "motives", "")
    edit("demands.csv", 6, "motives", "aucun")
    attributes = read_territory(toy).demands.attributes
    assert attributes["disability"][:3].tolist() == [1, 0, -1]
    assert attributes["disability"].dtype == np.int8
    assert attributes["effort_rate"][0] == 0.35
    assert np.isnan(attributes["effort_rate"][1])
    assert attributes["unjustified_refusals_24m"][0] == 2.0
    assert attributes["motives"][2:5].tolist() == [(1 << 4) | (1 << 8), -1, 0]


def test_a_relogement_operation_gives_the_right_to_rehousing(toy, edit):
    edit("demands.csv", 4, "relogement_operation", "Canal 2027")
    assert read_territory(toy).demands.attributes["right_to_rehousing"].tolist() == [-1, -1, 1] + [-1] * 7


def test_activity_follows_the_work_status_where_it_is_not_given(toy, edit):
    for row in (2, 3):
        edit("demands.csv", row, "activity", "")
    edit("demands.csv", 3, "work_status", "")
    activity = read_territory(toy).demands.activity
    assert ACTIVITIES[activity[0]] == "unemployed"  # D01 is CHO
    assert ACTIVITIES[activity[1]] == "other"


def test_two_demands_that_leave_one_dwelling_are_two_households(toy, edit):
    edit("demands.csv", 2, "mutation_of", "L4")
    households = read_territory(toy).demands.household_id
    assert households[[0, 9]].tolist() == ["D01", "D10"]


def test_na_and_null_stay_text(toy, edit):
    edit("residences.csv", 2, "name", "NA")
    edit("residences.csv", 3, "name", "null")
    assert read_territory(toy).residences.name[:2].tolist() == ["NA", "null"]


def test_rpms_may_be_listed_in_territory_toml(toy):
    path = toy / "territory.toml"
    path.write_text('rpms = ["R2"]\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_territory(toy).residences.is_rpms.tolist() == [False, True, False]


def test_parquet_tables_read_like_csv(toy):
    expected = read_territory(toy)
    typed = {"adults_ages": str, "children_ages": str, "communes": str, "mutation_of": str}
    for name in ("residences", "dwellings", "occupants", "demands"):
        path = toy / f"{name}.csv"
        table = pd.read_csv(path, dtype={**typed, "commune": str, "motives": str})
        if name == "demands":
            table["filed_on"] = pd.to_datetime(table["filed_on"])
            table["communes"] = table["communes"].str.split(";")
        table.to_parquet(path.with_suffix(".parquet"))
        path.unlink()
    read = read_territory(toy)
    assert read.demands.filed_on.tolist() == expected.demands.filed_on.tolist()
    assert read.demands.wishes.tolist() == expected.demands.wishes.tolist()
    assert read.occupants.teens.tolist() == expected.occupants.teens.tolist()
    assert read.dwellings.rent_eur.tolist() == expected.dwellings.rent_eur.tolist()
    assert read.notes == expected.notes


def test_an_unreadable_parquet_is_one_fault(toy):
    (toy / "demands.csv").unlink()
    (toy / "demands.parquet").write_bytes(b"PAR1 and nothing more")
    assert only_fault_of(toy).message.startswith("Parquet illisible")


def test_absent_optional_tables_are_said_in_one_line_each(toy):
    for name in ("occupants.csv", "vacancies.csv"):
        (toy / name).unlink()
    demands = (toy / "demands.csv").read_text(encoding="utf-8").replace(",L4,", ",,")
    (toy / "demands.csv").write_text(demands, encoding="utf-8")
    territory = read_territory(toy)
    assert territory.occupants.dwelling.size == 0
    assert "sans occupation : pas d'effet sur la résidence" in territory.notes
    assert "sans baux de l'année : les quotas partent de zéro" in territory.notes


def test_optional_tables_without_a_row_are_read_and_said(toy):
    for name in ("occupants", "demands"):
        header = (toy / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (toy / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    territory = read_territory(toy)
    assert territory.demands.wishes.shape == (0, 2)
    assert "demands.csv : 0 ligne" in territory.notes


def test_ages_that_are_not_given_are_said(toy, edit):
    edit("occupants.csv", 3, "children_ages", "")  # M2 has one child
    edit("occupants.csv", 3, "adults_ages", "")
    territory = read_territory(toy)
    assert territory.occupants.age[1] == -1
    assert territory.occupants.teens[1] == 0
    said = "occupants.csv : âges des enfants absents, comptés comme ayant moins de 14 ans (ménages : 1)"
    assert said in territory.notes
    assert "occupants.csv : âge de la personne de référence absent (ménages : 1)" in territory.notes


def test_columns_without_a_place_in_the_territory_are_said(toy, edit):
    edit("demands.csv", 8, "rfr_n1_eur", "15000")
    note = "demands.csv : colonnes vérifiées, sans effet : rfr_n1_eur"
    assert note in read_territory(toy).notes


def test_a_deadline_is_read_and_one_without_a_recognition_is_said_to_have_no_effect(toy, edit):
    edit("demands.csv", 8, "dalo_deadline", "2026-03-15")  # D07, recognised
    territory = read_territory(toy)
    stated = territory.demands.dalo_deadline
    assert stated[6] == np.datetime64("2026-03-15")
    assert np.isnat(np.delete(stated, 6)).all()
    assert not any("dalo_deadline" in note for note in territory.notes)
    edit("demands.csv", 9, "dalo_deadline", "2026-03-15")
    note = "demands.csv : dalo_deadline sans dalo_recognised_on, sans effet : 1"
    assert note in read_territory(toy).notes


def test_a_priority_that_is_not_named_and_heating_are_read(toy, edit):
    edit("demands.csv", 2, "l441_1", "true")
    edit("dwellings.csv", 3, "heating_eur", "48.5")
    territory = read_territory(toy)
    assert territory.demands.l441_1.tolist() == [True] + [False] * 9
    heating = territory.dwellings.heating_eur
    assert heating[1] == 48.5
    assert np.isnan(np.delete(heating, 1)).all()


def test_residences_of_another_epci_are_said(toy, edit):
    edit("residences.csv", 4, "epci", "voisin")
    assert "résidences d'un autre EPCI, comptées avec « jouet » : 1" in read_territory(toy).notes


def test_extra_columns_are_ignored_and_listed_with_the_name_they_resemble(toy, edit):
    edit("demands.csv", 2, "rfr_eu", "1000")
    edit("demands.csv", 2, "observation", "à rappeler")
    notes = read_territory(toy).notes
    assert "demands.csv : colonnes ignorées : rfr_eu, observation" in notes  # rfr_eur is there already
    edit("dwellings.csv", 2, "heating_eu", "30")
    assert (
        "dwellings.csv : colonnes ignorées : heating_eu (proche de « heating_eur »)"
        in read_territory(toy).notes
    )


def test_forbidden_columns_are_dropped_and_counted(toy, edit):
    edit("demands.csv", 2, "Nationalité", "secret")
    edit("demands.csv", 2, "lieuNaissance", "secret")
    edit("residences.csv", 2, "sexe", "secret")
    notes = read_territory(toy).notes
    said = "demands.csv : 2 colonnes interdites écartées sans être lues : Nationalité, lieuNaissance"
    assert said in notes
    assert "residences.csv : 1 colonne interdite écartée sans être lue : sexe" in notes
    assert not any("secret" in note for note in notes)


def test_a_forbidden_column_changes_nothing(toy, edit):
    before = read_territory(toy)
    for row in range(2, 12):
        edit("demands.csv", row, "prenom", f"p{row}\0")
    after = read_territory(toy)
    assert [*after.demands.attributes] == [*before.demands.attributes]
    assert after.demands.demand_id.tolist() == before.demands.demand_id.tolist()


def test_faults_of_all_files_come_in_one_report(toy, edit):
    text = (toy / "territory.toml").read_text(encoding="utf-8").replace("synthetic = true", 'synthetic = "?"')
    (toy / "territory.toml").write_text(text, encoding="utf-8")
    edit("residences.csv", 3, "commune", "Roubaix")
    edit("dwellings.csv", 4, "rooms", "T3")
    edit("demands.csv", 5, "filed_on", "01/01/2021")
    files = [Path(fault.file).name for fault in faults_of(toy)]
    assert files == ["territory.toml", "residences.csv", "dwellings.csv", "demands.csv"]


def test_territory_toml_may_name_only_what_the_tables_know(toy):
    path = toy / "territory.toml"
    text = path.read_text(encoding="utf-8").replace("[orientation.B]", "[orientation.BB]")
    path.write_text('rpms = ["R9"]\n' + text, encoding="utf-8")
    rpms, orientation = faults_of(toy)
    assert (rpms.column, rpms.value) == ("rpms", "R9")
    assert rpms.message == "inconnu dans residences.csv, colonne residence_id"
    assert (orientation.column, orientation.value) == ("orientation", "BB")
    assert orientation.mend == "vouliez-vous dire « B » ?"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("aucun = 0.25", "aucun = 0.2", "les parts du bailleur « A » font 0.95, somme attendue 1"),
        ("aucun = 0.5", "aucun = 50", "attendu ≤ 1.0"),
        ("aucun = 0.5", "aucuns = 0.5", "réservataire inconnu « aucuns » ; vouliez-vous dire « aucun » ?"),
        ('departements = ["59"]', 'departements = ["Nord"]', "code de département attendu"),
    ],
)
def test_shares_and_codes_of_territory_toml_are_checked(toy, old, new, message):
    path = toy / "territory.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert only_fault_of(toy).message.startswith(message)


def test_an_absent_folder_and_an_absent_table_are_faults(toy, tmp_path):
    assert only_fault_of(tmp_path / "ailleurs").message == "dossier introuvable"
    shutil.move(toy / "residences.csv", toy / "residence.csv")
    fault = only_fault_of(toy)
    assert (fault.file, fault.message) == ("residences.csv", "table absente, elle est requise")
    assert fault.mend == "renommer « residence.csv » en residences.csv"


def test_a_table_given_twice_is_a_fault(toy):
    pd.read_csv(toy / "dwellings.csv", dtype=str).to_parquet(toy / "dwellings.parquet")
    assert only_fault_of(toy).message == "la table dwellings est donnée deux fois, en CSV et en Parquet"
