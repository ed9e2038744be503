"""What is read of a workbook's cells: every fault at once, nothing guessed, nothing changed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.rules.peuplement import forms
from sim.rules.peuplement.concertation import Concertation, active_residences, read, with_decisions
from sim.rules.peuplement.decisions import Decision, Measured, Signature, seals
from sim.rules.peuplement.kept import Last, row_seal
from sim.scenario import find
from sim.territory.columns import Territory
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.reading import read_territory
from sim.territory.files.sheets import Workbook

APPRAISAL = {
    "Référence résidence": "R1",
    "Partenaire": "Commune",
    "Constat": "Services : commerces de proximité ouverts",
    "Période": "2025",
    "Source": "données de la commune",
    "Capacité d'accueil": "moyenne",
    "Date": date(2026, 2, 1),
    "Remarque": "Marché rouvert",
}
PROPOSAL = {
    "Référence résidence": "R1",
    "Type proposé": "en équilibre",
    "Motif": "travaux ou réhabilitation",
    "Argument": "Façades reprises",
    "Proposée le": date(2026, 2, 1),
    "Bailleur signataire": "",
    "Fonction (bailleur)": "",
    "Signée le (bailleur)": "",
    "Fonction (EPCI)": "",
    "Signée le (EPCI)": "",
}
SIGNATURES = {
    "Bailleur signataire": "A",
    "Fonction (bailleur)": "direction générale",
    "Signée le (bailleur)": date(2026, 2, 10),
    "Fonction (EPCI)": "présidence",
    "Signée le (EPCI)": date(2026, 2, 20),
}
SIGNED = {**PROPOSAL, **SIGNATURES}


@pytest.fixture(scope="module")
def toy() -> Territory:
    return read_territory(find(Path("scenarios/territories/jouet")))


def sheet(rows: Sequence[dict[str, Any]], above: int = 0) -> list[list[Any]]:
    labels = list(dict.fromkeys(label for row in rows for label in row))
    return [[""]] * above + [labels, *([row.get(label, "") for label in labels] for row in rows)]


def book(**sheets: Sequence[dict[str, Any]]) -> Workbook:
    names = {"a": forms.APPRAISALS, "d": forms.DECISIONS, "h": forms.HISTORY, "r": forms.RESIDENCES}
    return Workbook("c.xlsx", {names[key]: sheet(rows) for key, rows in sheets.items()})


def faults(toy: Territory, workbook: Workbook) -> tuple[Fault, ...]:
    with pytest.raises(FaultsFound) as found:
        read(workbook, toy)
    return found.value.faults


def test_entries_are_read_whole(toy: Territory) -> None:
    found = read(book(a=[APPRAISAL], d=[SIGNED, {**PROPOSAL, "Référence résidence": "R3"}]), toy)
    (each,) = found.appraisals
    assert (each.residence_id, each.partner, each.fact) == ("R1", "commune", "services_commerces")
    assert (each.first, each.last, each.level) == (date(2025, 1, 1), date(2025, 12, 31), 1)
    assert each.remark == "Marché rouvert"
    (signed,) = found.history
    assert signed.bailleur == Signature("A", "direction_generale", date(2026, 2, 10))
    assert signed.epci == Signature("epci", "presidence", date(2026, 2, 20))
    assert (signed.to, signed.effect, found.fresh) == (1, date(2026, 2, 20), 1)
    assert [each.residence_id for each in found.pending] == ["R3"]
    assert found.notes == ()


def test_headers_are_recognised_in_any_order_accents_and_case_aside(toy: Territory) -> None:
    turned = {label.upper().replace("É", "E"): value for label, value in reversed(APPRAISAL.items())}
    there = Workbook("c.xlsx", {"appreciations": sheet([turned], above=3)})
    assert read(there, toy).appraisals == read(book(a=[APPRAISAL]), toy).appraisals


@pytest.mark.parametrize("day", ["2026-02-01", "01/02/2026", datetime(2026, 2, 1, 9)])
def test_a_day_may_be_written_as_people_do(toy: Territory, day: object) -> None:
    (each,) = read(book(a=[{**APPRAISAL, "Date": day}]), toy).appraisals
    assert each.on == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        (2025.0, date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-2025", date(2024, 1, 1), date(2025, 12, 31)),
        ("2024 à 2025", date(2024, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("02/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-01 à 2025-03", date(2025, 1, 1), date(2025, 3, 31)),
        ("15/01/2025 au 01/02/2025", date(2025, 1, 15), date(2025, 2, 1)),
        (date(2025, 5, 4), date(2025, 5, 4), date(2025, 5, 4)),
    ],
)
def test_a_period_is_read_and_written_back_the_same(written: object, first: date, last: date) -> None:
    assert forms.period(written) == (first, last)
    assert forms.period(forms.period_text(first, last)) == (first, last)


@pytest.mark.parametrize("written", ["", "bientôt", "2025-13", "2025 à 2024", "31/02/2025", "25"])
def test_what_is_no_period_is_none(written: str) -> None:
    assert forms.period(written) is None


def test_a_remark_whose_cell_is_an_error_is_refused_and_not_kept_as_a_text(toy: Territory) -> None:
    (fault,) = faults(toy, book(a=[{**APPRAISAL, "Remarque": "#N/A"}]))
    assert (fault.row, fault.column, fault.value, fault.message) == (
        2,
        "Remarque",
        "#N/A",
        "erreur de formule",
    )


def test_every_fault_of_every_sheet_is_told_together_with_its_place_and_way_out(toy: Territory) -> None:
    wrong = {
        **APPRAISAL,
        "Référence résidence": "R9",
        "Partenaire": "Voisins",
        "Période": "bientôt",
        "Capacité d'accueil": "bof",
        "Date": "hier",
        "Remarque": "trop d'étrangers",
    }
    late = {**SIGNED, "Proposée le": date(2026, 2, 15), "Prend effet le": date(2026, 1, 1)}
    found = faults(toy, book(a=[APPRAISAL, wrong], d=[late, {**PROPOSAL, "Argument": "x" * 201}]))
    told = {(each.sheet, each.row, each.column) for each in found}
    assert told == {
        ("Appréciations", 3, "Référence résidence"),
        ("Appréciations", 3, "Partenaire"),
        ("Appréciations", 3, "Période"),
        ("Appréciations", 3, "Capacité d'accueil"),
        ("Appréciations", 3, "Date"),
        ("Appréciations", 3, "Remarque"),
        ("Décisions", 2, "Signée le (bailleur)"),
        ("Décisions", 2, "Prend effet le"),
        ("Décisions", 3, "Argument"),
    }
    assert all(each.file == "c.xlsx" and each.mend for each in found)
    (remark,) = (each for each in found if each.column == "Remarque")
    assert remark.message == "« etrangers » n'a pas sa place dans une remarque (origine ou nationalité)"


def test_only_the_residence_s_own_bailleur_signs_for_it(toy: Territory) -> None:
    (fault,) = faults(toy, book(d=[{**SIGNED, "Bailleur signataire": "B"}]))
    assert (fault.column, fault.value, fault.mend) == ("Bailleur signataire", "B", "bailleur attendu : A")


def test_a_decision_is_argued_and_dated(toy: Territory) -> None:
    found = faults(toy, book(d=[{**SIGNED, "Motif": "", "Argument": "", "Proposée le": ""}]))
    assert {each.column for each in found} == {"Motif", "Argument", "Proposée le"}


@pytest.mark.parametrize("lacks", list(SIGNATURES))
def test_an_incomplete_signature_is_none_and_this_is_said(toy: Territory, lacks: str) -> None:
    found = read(book(d=[{**SIGNED, lacks: ""}]), toy)
    assert not found.history
    assert found.pending[0].state == "signee_a_moitie"
    assert "ligne 2 : signature incomplète" in found.notes[0]


def test_a_contested_decision_stays_open(toy: Territory) -> None:
    found = read(book(d=[{**SIGNED, "Contestée par": "Commune ; État (préfet)"}]), toy)
    assert found.pending[0].contested_by == ("commune", "etat")
    assert not found.history


def test_a_residence_has_one_open_proposal(toy: Territory) -> None:
    (fault,) = faults(toy, book(d=[PROPOSAL, {**PROPOSAL, "Type proposé": "à conforter"}]))
    assert (fault.row, fault.column) == (3, "Référence résidence")


def test_two_decisions_signed_for_the_same_days_that_say_otherwise_are_a_fault(toy: Territory) -> None:
    other = {**SIGNED, "Type proposé": "à conforter"}
    (fault,) = faults(toy, book(d=[SIGNED, other]))
    assert (fault.row, fault.column) == (3, "Référence résidence")
    assert "une autre décision, ligne 2, est signée et prend effet aux mêmes dates" in fault.message
    # dated otherwise, the last to take effect rules
    later = {**other, "Prend effet le": date(2026, 4, 1)}
    assert len(read(book(d=[SIGNED, later]), toy).history) == 2


def test_a_decision_written_twice_is_read_once_and_said(toy: Territory) -> None:
    once = read(book(d=[SIGNED]), toy)
    twice = read(book(d=[SIGNED, {**SIGNED}]), toy)
    assert (twice.history, twice.fresh) == (once.history, 1)
    assert twice.notes == (
        "c.xlsx feuille Décisions ligne 3 : décision déjà signée (ligne 2), lue une seule fois",
    )


def test_a_proposal_older_than_the_decision_signed_is_closed_and_said(toy: Territory) -> None:
    # half signed on 5 January, then another type signed by both in February
    half = {**SIGNED, "Proposée le": date(2026, 1, 5), "Signée le (bailleur)": date(2026, 1, 5),
            "Type proposé": "à conforter", "Fonction (EPCI)": "", "Signée le (EPCI)": ""}  # fmt: skip
    found = read(book(d=[half, SIGNED]), toy)
    assert (found.pending, [each.to for each in found.closed]) == ((), [3])
    assert found.notes == (
        "proposition du 05/01/2026 sur R1 : close par la décision signée le 20/02/2026, elle ne rend plus "
        "l'objectif inactif",
    )
    assert active_residences(with_decisions(toy, found)).all()
    # a new proposal may then be open beside it
    again = read(book(d=[half, SIGNED, {**PROPOSAL, "Proposée le": date(2026, 3, 1)}]), toy)
    assert (len(again.pending), len(again.closed)) == (1, 1)


def test_a_fact_is_appraised_once_a_day_by_a_partner(toy: Territory) -> None:
    (fault,) = faults(toy, book(a=[APPRAISAL, {**APPRAISAL, "Capacité d'accueil": "forte"}]))
    assert (fault.row, fault.column) == (3, "Constat")


def test_unknown_columns_and_sheets_are_read_past_and_said(toy: Territory) -> None:
    there = book(a=[{**APPRAISAL, "Avis du gardien": "secret"}])
    found = read(Workbook("c.xlsx", {**there.sheets, "Brouillon": [["x"]]}), toy)
    assert len(found.appraisals) == 1
    assert found.unread == ("Appréciations, Avis du gardien", "Brouillon")
    assert "secret" not in repr(found)
    assert len(found.notes) == 2


def test_a_missing_column_is_a_fault_and_an_empty_sheet_is_none(toy: Territory) -> None:
    (fault,) = faults(toy, book(a=[{k: v for k, v in APPRAISAL.items() if k != "Source"}]))
    assert fault.column == "Source"
    assert read(Workbook("c.xlsx", {forms.APPRAISALS: [], forms.DECISIONS: [[]]}), toy) == read(
        book(a=[], d=[]), toy
    )


def test_a_workbook_of_something_else_is_refused(toy: Territory) -> None:
    (fault,) = faults(toy, Workbook("c.xlsx", {"Feuille 1": [["bonjour"]]}))
    assert "aucune des feuilles" in fault.message


def test_a_workbook_of_another_level_of_diffusion_is_refused(toy: Territory) -> None:
    there = {**book(a=[]).sheets, forms.METHOD: [["Méthode"], [forms.LEVEL_KEY, "cil"]]}
    (fault,) = faults(toy, Workbook("c.xlsx", there))
    assert "niveau « cil »" in fault.message


# --- what stands under a seal ---


def residence_line(kept: str = "en vigilance", seal_of: str = "en vigilance") -> dict[str, Any]:
    return {
        "Référence résidence": "R1",
        "Type retenu": kept,
        "Peuplement cible": "en équilibre",
        "Score": 0.25,
        "Score, borne basse": -0.5,
        "Score, borne haute": 1.0,
        "Empreinte": row_seal("R1", seal_of, "en équilibre", 0.25, -0.5, 1.0),
    }


def test_what_stood_beside_a_decision_is_kept_with_it(toy: Territory) -> None:
    there = book(r=[residence_line()], d=[SIGNED])
    method = [["Méthode"], [forms.DATA_KEY, "2026-01-01"], [forms.SEAL_KEY, ""]]
    found = read(Workbook("c.xlsx", {**there.sheets, forms.METHOD: method}), toy)
    assert found.history[0].before == 2
    assert found.history[0].measured == Measured(0.25, -0.5, 1.0, date(2026, 1, 1))
    later = found.completed({"R1": Last(0, 0, Measured(9.0, 8.0, 10.0, date(2027, 1, 1)))})
    assert later.history == found.history  # a later qualification changes nothing of it


def test_a_type_changed_by_hand_is_a_fault(toy: Territory) -> None:
    (fault,) = faults(toy, book(r=[residence_line(kept="en capacité")], d=[]))
    assert (fault.sheet, fault.row, fault.column) == ("Résidences", 2, "Type retenu")
    assert fault.value == "en capacité"


HISTORY = (
    Decision(
        "R1", date(2025, 2, 1), 3, 2, -1, "travaux", "Halls repris",
        Signature("A", "direction_generale", date(2025, 2, 2)),
        Signature("epci", "presidence", date(2025, 2, 3)),
    ),
    Decision(
        "R3", date(2025, 3, 1), -1, 0, 0, "maintien", "Rien de neuf",
        Signature("B", "direction_generale", date(2025, 3, 2)),
        Signature("epci", "presidence", date(2025, 3, 3)),
        measured=Measured(0.1, 0.0, 0.2, date(2025, 1, 1)),
    ),
)  # fmt: skip
KINDS = ("en capacité", "en équilibre", "en vigilance", "à conforter", "")


def history_lines() -> list[dict[str, Any]]:
    labels = forms.HISTORY_COLUMNS
    rows = []
    for each, seal in zip(HISTORY, seals(HISTORY), strict=True):
        assert each.bailleur
        assert each.epci
        cells = {
            "residence_id": each.residence_id,
            "to": KINDS[each.to],
            "target": KINDS[each.target],
            "reason": {"travaux": "travaux ou réhabilitation", "maintien": "maintien du type après examen"}[
                each.reason
            ],
            "argument": each.argument,
            "proposed_on": each.proposed_on,
            "bailleur": each.bailleur.party,
            "bailleur_function": "direction générale",
            "bailleur_on": each.bailleur.on,
            "epci_function": "présidence",
            "epci_on": each.epci.on,
            "before": KINDS[each.before],
            "score": each.measured.score if each.measured else "",
            "low": each.measured.low if each.measured else "",
            "high": each.measured.high if each.measured else "",
            "data_on": each.measured.data_on if each.measured else "",
            "seal": seal,
        }
        rows.append({labels[name]: cells.get(name, "") for name in labels})
    return rows


def with_method(rows: list[dict[str, Any]], seal: str) -> Workbook:
    there = book(h=rows).sheets
    return Workbook("c.xlsx", {**there, forms.METHOD: [["Méthode"], [forms.SEAL_KEY, seal]]})


def test_the_history_is_read_back_the_same(toy: Territory) -> None:
    found = read(with_method(history_lines(), seals(HISTORY)[-1]), toy)
    assert found.history == HISTORY
    assert found.fresh == 0


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Type décidé", "en capacité"),
        ("Argument", "Autre chose"),
        ("Signée le (EPCI)", date(2025, 2, 4)),
        ("Empreinte", "0" * 16),
        ("Référence résidence", "R2"),
    ],
)
def test_a_line_of_the_history_changed_by_hand_is_a_fault(toy: Territory, label: str, value: object) -> None:
    rows = history_lines()
    rows[0][label] = value
    (fault,) = faults(toy, with_method(rows, seals(HISTORY)[-1]))
    assert (fault.sheet, fault.row, fault.column) == ("Historique", 2, "Empreinte")


def test_lines_of_the_history_swapped_or_removed_are_a_fault(toy: Territory) -> None:
    rows, seal = history_lines(), seals(HISTORY)[-1]
    for kept in (rows[::-1], rows[1:], rows[:1], []):
        assert faults(toy, with_method(kept, seal))
    there = Workbook("c.xlsx", {forms.APPRAISALS: [], forms.METHOD: [["M"], [forms.SEAL_KEY, seal]]})
    assert faults(toy, there)  # the whole sheet removed


def test_a_residence_gone_from_the_territory_keeps_its_history(toy: Territory) -> None:
    there = with_method(history_lines(), seals(HISTORY)[-1])
    residences = replace(toy.residences, residence_id=np.array(["R1", "R2", "R4"]))
    found = read(there, replace(toy, residences=residences))
    assert found.history == HISTORY
    assert "R3" in found.notes[0]


# --- what a territory becomes ---


def test_signed_types_are_a_territory_s_and_open_ones_are_named(toy: Territory) -> None:
    # the toy: R1 en capacité aimed at en équilibre, R2 à conforter, R3 en équilibre
    found = read(
        book(
            d=[
                {**SIGNED, "Type proposé": "en vigilance", "Peuplement cible proposé": "en capacité"},
                {**PROPOSAL, "Référence résidence": "R2"},
            ]
        ),
        toy,
    )
    told = with_decisions(toy, found)
    assert told.residences.peuplement_type.tolist() == [2, 3, 1]
    assert told.residences.peuplement_target.tolist()[0] == 0
    assert told.unsettled == ("R2",)
    assert active_residences(told).tolist() == [True, False, True]
    assert "1 résidence(s)" in told.notes[-1]
    assert toy.residences.peuplement_type.tolist() == [0, 3, 1]


def test_without_entries_a_territory_is_as_it_was(toy: Territory) -> None:
    told = with_decisions(toy, Concertation())
    assert told.residences.peuplement_type.tolist() == toy.residences.peuplement_type.tolist()
    assert (told.unsettled, told.notes) == ((), toy.notes)
    assert active_residences(told).all()
