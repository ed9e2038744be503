"""Each fault of a canonical table names its row, column and value, and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

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


INTEGER = "un entier est attendu, de 1 à 9"
RENT = "un nombre à point décimal est attendu, de 0 à 5000"
ISO = "une date ISO est attendue (AAAA-MM-JJ)"
INSEE = "code INSEE de commune de 5 caractères attendu"

CELLS = [
    # integers
    ("dwellings.csv", 4, "rooms", "T3", INTEGER, ""),
    ("dwellings.csv", 4, "rooms", "3.0", INTEGER, "écrire 3"),
    ("dwellings.csv", 4, "rooms", "2,5", INTEGER, ""),
    ("dwellings.csv", 4, "rooms", "12", "hors bornes, attendu de 1 à 9", ""),
    ("dwellings.csv", 4, "rooms", "9223372036854775808", "hors bornes, attendu de 1 à 9", ""),
    ("dwellings.csv", 4, "rooms", "", "valeur absente, elle est requise", ""),
    ("occupants.csv", 2, "adults", "40", "hors bornes, attendu de 1 à 15", ""),
    ("occupants.csv", 2, "adults", "0", "hors bornes, attendu de 1 à 15", ""),
    # numbers
    ("dwellings.csv", 2, "rent_eur", "-200", "hors bornes, attendu de 0 à 5000", ""),
    ("dwellings.csv", 2, "rent_eur", "512,37", RENT, "écrire 512.37"),
    ("dwellings.csv", 2, "rent_eur", "1\u202f234,56 €", RENT, "écrire 1234.56"),
    ("dwellings.csv", 2, "rent_eur", "#REF!", RENT, ""),
    ("dwellings.csv", 2, "rent_eur", "nan", RENT, ""),
    ("dwellings.csv", 2, "rent_eur", "1e999", "hors bornes, attendu de 0 à 5000", ""),
    ("dwellings.csv", 2, "rent_eur", " 200", "espaces autour de la valeur", "écrire « 200 »"),
    ("dwellings.csv", 2, "surface_m2", "0", "hors bornes, attendu de 5 à 500", ""),
    ("dwellings.csv", 2, "surface_m2", "5000", "hors bornes, attendu de 5 à 500", ""),
    ("demands.csv", 3, "monthly_income_eur", "-1", "hors bornes, attendu de 0 à 1000000", ""),
    # dates
    ("demands.csv", 5, "filed_on", "03/04/2025", ISO, "écrire 2025-04-03"),
    ("demands.csv", 5, "filed_on", "45750", ISO, "écrire 2025-04-03"),
    ("demands.csv", 5, "filed_on", "2025-04-03 00:00:00", ISO, "écrire 2025-04-03"),
    ("demands.csv", 5, "filed_on", "04/13/2025", ISO, ""),
    ("demands.csv", 5, "filed_on", "2025-02-31", "cette date n'existe pas au calendrier", ""),
    ("demands.csv", 5, "filed_on", "2026-01-02", "date postérieure à celle du territoire, 2026-01-01", ""),
    ("demands.csv", 5, "filed_on", "1890-01-01", "hors bornes, attendu de 1985-01-01 à 2026-01-01", ""),
    # true or false
    ("demands.csv", 5, "needs_accessible", "oui", "true ou false est attendu", "écrire true"),
    ("demands.csv", 5, "needs_accessible", "FAUX", "true ou false est attendu", "écrire false"),
    ("demands.csv", 5, "needs_accessible", "peut-être", "true ou false est attendu", ""),
    # choices
    (
        "dwellings.csv", 3, "financing", "PLUSS", "valeur inconnue",
        "vouliez-vous dire « PLUS » ? connus : PLAI, PLUS, PLS",
    ),
    (
        "dwellings.csv", 3, "financing", "PLI", "PLI n'entre pas dans les attributions",
        "retirer ce logement de la table : la CALEOL n'attribue pas le logement intermédiaire",
    ),
    ("vacancies.csv", 2, "designation_mode", "?", "valeur inconnue", "connus : named, delegated, bailleur"),
    # INSEE codes
    ("residences.csv", 2, "commune", "2691", f"{INSEE}, le zéro initial est perdu", "écrire 02691"),
    ("residences.csv", 2, "commune", "59350.0", INSEE, "écrire 59350"),
    ("residences.csv", 2, "commune", "Lille", INSEE, "par exemple 59350, jamais un nom"),
    # lists
    (
        "demands.csv", 4, "communes", "59512;2691",
        f"dans la liste, « 2691 » : {INSEE}, le zéro initial est perdu", "écrire 02691",
    ),
    ("demands.csv", 4, "communes", "59512;", "élément vide dans la liste", "effacer le « ; » de trop"),
    (
        "demands.csv", 4, "children_ages", "6;quatre",
        "dans la liste, « quatre » : un entier est attendu, de 0 à 30", "",
    ),
    # texts
    ("residences.csv", 2, "name", " Les Tilleuls", "espaces autour de la valeur", "écrire « Les Tilleuls »"),
    ("residences.csv", 2, "name", "", "valeur absente, elle est requise", ""),
    # references
    (
        "dwellings.csv", 6, "residence_id", "R22", "inconnu dans residences.csv, colonne residence_id",
        "vouliez-vous dire « R2 » ? sinon ajouter la ligne à residences.csv ou corriger l'identifiant",
    ),
    (
        "occupants.csv", 2, "dwelling_id", "X", "inconnu dans dwellings.csv, colonne dwelling_id",
        "ajouter la ligne à dwellings.csv ou corriger l'identifiant",
    ),
    (
        "demands.csv", 11, "mutation_of", "L44", "inconnu dans dwellings.csv, colonne dwelling_id",
        "vouliez-vous dire « L4 » ? sinon ajouter la ligne à dwellings.csv ou corriger l'identifiant",
    ),
    # two rows at odds
    (
        "demands.csv", 9, "demand_id", "D03", "identifiant déjà donné ligne 4",
        "garder une seule des lignes 4 et 9",
    ),
    (
        "occupants.csv", 5, "dwelling_id", "L1", "logement déjà occupé par le ménage de la ligne 2",
        "garder une seule des lignes 2 et 5",
    ),
    (
        "occupants.csv", 5, "household_id", "M1", "identifiant déjà donné ligne 2",
        "garder une seule des lignes 2 et 5",
    ),
    # columns at odds
    (
        "demands.csv", 4, "children_ages", "6;4;2", "nombre d'âges : 3, attendu 2 (children)",
        "donner un âge par personne, ou laisser vide",
    ),
    (
        "demands.csv", 4, "adults_ages", "30", "nombre d'âges : 1, attendu 2 (adults)",
        "donner un âge par personne, ou laisser vide",
    ),
    ("demands.csv", 4, "rooms_max", "2", "inférieur à rooms_min = 3", "les échanger ou en corriger un"),
    ("demands.csv", 4, "age", "31", "adults_ages commence par 30", "corriger l'un des deux"),
    (
        "occupants.csv", 3, "teens", "0", "enfants de 14 ans et plus d'après children_ages : 1",
        "corriger l'un des deux",
    ),
    (
        "demands.csv", 2, "teens", "1", "plus d'enfants de 14 ans et plus que d'enfants (0)",
        "corriger l'un des deux",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "column", "value", "message", "mend"), CELLS)
def test_a_faulty_cell_is_named(toy, edit, file, row, column, value, message, mend):
    edit(file, row, column, value)
    assert only_fault_of(toy) == Fault(file, message, mend, row=row, column=column, value=value)


def test_a_long_text_is_refused_and_shown_short(toy, edit):
    edit("residences.csv", 2, "name", "x" * 10_000)
    fault = only_fault_of(toy)
    assert fault.message == "texte de 10000 caractères, au plus 200 attendus"
    assert len(fault.value) == 40


def test_a_nul_byte_is_named_and_drawn(toy, edit):
    edit("demands.csv", 6, "demand_id", "D\x0005")
    fault = only_fault_of(toy)
    assert (fault.row, fault.column, fault.value) == (6, "demand_id", "D␀05")
    assert fault.message == "caractère NUL dans la cellule"


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_missing_header_names_the_nearest_one(toy):
    spoil(toy / "dwellings.csv", "rooms", "Roms")
    fault = only_fault_of(toy)
    assert (fault.row, fault.column) == (1, "rooms")
    assert fault.message == "colonne absente, elle est requise"
    assert fault.mend == "renommer la colonne « Roms » en « rooms »"


def test_a_missing_header_that_resembles_nothing_is_to_be_added(toy):
    spoil(toy / "dwellings.csv", "surface_m2", "zzz")
    assert only_fault_of(toy).mend == "ajouter cette colonne"


def test_a_header_given_twice_is_refused(toy):
    spoil(toy / "dwellings.csv", "surface_m2", "rooms")
    messages = [(fault.column, fault.message) for fault in faults_of(toy)]
    assert messages == [
        ("rooms", "colonne donnée deux fois"),
        ("surface_m2", "colonne absente, elle est requise"),
    ]


def test_a_short_row_is_refused_and_its_key_still_known(toy):
    spoil(toy / "dwellings.csv", "L2,R1,3,60,PLUS,400,80,false,collectif", "L2,R1,3,60")
    fault = only_fault_of(toy)  # the occupant of L2 is not at fault
    assert (fault.row, fault.message) == (3, "4 cellules, 9 attendues")
    assert fault.mend == "compléter la ligne, une virgule par cellule vide"


def test_an_over_long_first_row_is_refused_and_nothing_shifts(toy):
    spoil(toy / "dwellings.csv", "L1,R1,1,30,PLAI,200,", "L1,R1,1,30,PLAI,200,50,")
    fault = only_fault_of(toy)
    assert (fault.row, fault.message) == (2, "10 cellules, 9 attendues")
    assert "virgule" in fault.mend


def test_a_line_break_in_a_cell_keeps_the_row_of_the_spreadsheet(toy, edit):
    edit("residences.csv", 2, "name", "Résidence\nR1")
    edit("residences.csv", 3, "zone", "Z")
    assert only_fault_of(toy).row == 3
    edit("residences.csv", 3, "zone", "A")
    assert read_territory(toy).residences.name[0] == "Résidence\nR1"


def test_blank_rows_are_ignored_counted_and_keep_the_row_of_the_spreadsheet(toy):
    spoil(toy / "residences.csv", "R2,", "\n,,,,,,,,,,,\nR2,")
    assert "residences.csv : 2 lignes vides ignorées" in read_territory(toy).notes
    spoil(
        toy / "residences.csv",
        "R3,Résidence de synthèse R3,B,jouet,59350,A",
        "R3,Résidence de synthèse R3,B,jouet,59350,Z",
    )
    assert only_fault_of(toy).row == 6


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_a_fault(toy, content):
    (toy / "residences.csv").write_bytes(content)
    fault = faults_of(toy)[0]
    assert (fault.file, fault.message) == ("residences.csv", "fichier vide")
    assert fault.mend.startswith("la première ligne porte les noms de colonnes : residence_id, name")


def test_a_required_table_with_a_header_only_is_a_fault(toy):
    path = toy / "residences.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    assert faults_of(toy)[0].message == "aucune ligne sous l'en-tête"


def test_a_windows_text_is_recognised_and_said(toy, edit):
    path = toy / "residences.csv"
    edit("residences.csv", 2, "name", "Les Tilleuls")
    edit("residences.csv", 3, "name", "Le Château")  # the first accent of the file
    edit("residences.csv", 4, "zone", "Z")
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    encoding, zone = faults_of(toy)  # the rest is read on, so that the next fault is known too
    assert (encoding.row, encoding.message) == (3, "encodage Windows (cp1252), UTF-8 attendu")
    assert encoding.mend == "réenregistrer en « CSV UTF-8 », ou passer par « mixite import »"
    assert (zone.row, zone.column) == (4, "zone")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfer\x00", "encodage UTF-16, UTF-8 attendu"),
        (b"a,b\n\x81\x8d,\xff\n", "ce n'est pas un texte UTF-8"),
        (b"PK\x03\x04rest", "ceci est un classeur ou une archive, pas un CSV"),
        (b"%PDF-1.7", "ceci est un PDF, pas un CSV"),
        (b"residence_id;name\nR1;x\n", "séparateur « ; », virgule attendue"),
        (b"residence_id\tname\nR1\tx\n", "séparateur tabulation, virgule attendue"),
    ],
)
def test_a_file_that_is_no_canonical_csv_is_one_fault(toy, content, message):
    (toy / "residences.csv").write_bytes(content)
    assert [fault.message for fault in faults_of(toy) if fault.file == "residences.csv"] == [message]


def test_an_unclosed_quote_is_named(toy):
    spoil(toy / "dwellings.csv", "L5,", '"L5,')
    fault = faults_of(toy)[0]
    assert fault.row == 6
    assert fault.message == "guillemets mal placés ou non refermés, la suite du fichier n'est pas lue"


def test_a_byte_order_mark_is_not_part_of_the_header(toy):
    path = toy / "residences.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_territory(toy).residences.residence_id[0] == "R1"


def test_designations_need_their_demands(toy):
    lines = "dwelling_id,demand_id,reservataire,designated_on\nL3,D99,collectivite,2025-12-01\n"
    (toy / "designations.csv").write_text(lines, encoding="utf-8")
    fault = only_fault_of(toy)
    assert (fault.row, fault.column, fault.value) == (2, "demand_id", "D99")
    (toy / "demands.csv").unlink()
    fault = only_fault_of(toy)
    assert (fault.column, fault.message) == ("demand_id", "la table demands est absente")


def test_a_designation_by_another_reservataire_than_the_vacancy_s_is_a_fault(toy):
    lines = "dwelling_id,demand_id,reservataire,designated_on\nL3,D03,etat,2025-12-01\n"
    (toy / "designations.csv").write_text(lines, encoding="utf-8")
    fault = only_fault_of(toy)
    assert (fault.row, fault.column, fault.value) == (2, "reservataire", "etat")
    assert fault.message == "ce logement est à un autre réservataire (vacancies.csv ligne 2)"


def test_a_vacancies_file_without_its_reservataire_is_said_once_beside_designations(toy):
    lines = "dwelling_id,demand_id,reservataire,designated_on\nL3,D03,etat,2025-12-01\n"
    (toy / "designations.csv").write_text(lines, encoding="utf-8")
    file = toy / "vacancies.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("reservataire,", "holder,", 1), encoding="utf-8")
    assert "vacancies.csv" in only_fault_of(toy).file


def test_200_faults_are_200_faults(toy):
    header = (toy / "demands.csv").read_text(encoding="utf-8").splitlines()[0]
    row = "{},01/02/2020,1,0,30,,employed,1000,9000,59350,1,2,,false,,,,LP,09,CDI"
    rows = [row.format(f"N{number}") for number in range(200)]
    (toy / "demands.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    faults = faults_of(toy)
    assert len(faults) == 200
    assert [fault.row for fault in faults] == list(range(2, 202))
    assert {fault.mend for fault in faults} == {"écrire 2020-02-01"}
