"""What people decided is read again: every decision complete, every fault said, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filled_sitting import HEAD, filled, saved, sheets_of, table_of
from toy_workbook import toy, written

from mixite.desk.dossier.carried import carried
from mixite.desk.dossier.decided import Decided, chained, followed, follows
from mixite.desk.dossier.past import Past, read_past
from mixite.desk.dossier.workbook import content
from mixite.desk.options import Options
from mixite.desk.source import asked
from mixite.desk.suggesting import suggest
from sim.territory.files.faults import FaultsFound

BY = {"Décidé par (fonction)": "Présidence de la commission"}
GIVEN = {"Décision": "Attribution", **BY}
REFUSED = {
    "Décision": "Non-attribution",
    "Motif légal": "Taux d'effort ou reste à vivre, après examen du dossier",
    "Constat": "taux d'effort 41 %, reste à vivre 9 €",
    **BY,
}
Faults = Callable[..., list[tuple[str, int, str, str]]]


def test_a_decision_is_read_with_its_motive_and_the_function_behind_it(decided: Callable[..., Past]) -> None:
    past = decided({("L3", "D03"): {**GIVEN, "Bail signé le": date(2026, 2, 20)}, ("L6", "D09"): REFUSED})
    assert past.held_on == date(2026, 2, 2)
    first, second = past.decided
    assert (first.dwelling_id, first.demand_id, first.decision, first.rank) == ("L3", "D03", "attribution", 1)
    assert first.by == "presidence"
    assert first.signed_on == date(2026, 2, 20)
    assert first.rows == ("R1 hors QPV, EPCI", "R4 collectivités")
    assert first.served == ("R1 hors QPV, EPCI",)
    assert (second.decision, second.motives, second.rank) == ("non_attribution", ("effort",), 0)
    assert past.waiting == 3  # five candidates, two decided


def test_words_are_read_without_accents_or_case(decided: Callable[..., Past]) -> None:
    given = {"Décision": "ATTRIBUTION SOUS CONDITION suspensive", "Pièce attendue": "avis d'imposition", **BY}
    (one,) = decided({("L3", "D03"): given}).decided
    assert one.decision == "condition"
    assert one.document == "avis d'imposition"


def test_an_empty_workbook_of_a_sitting_decides_nothing(decided: Callable[..., Past]) -> None:
    assert decided({}).decided == ()
    assert decided({}).waiting == 5


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"Décision": "Attribution"}, "Décidé par (fonction)", "fonction absente"),
        ({**GIVEN, "Décidé par (fonction)": "Mme Martin"}, "Décidé par (fonction)", "liste fermée"),
        ({**BY, "Observations": "vu"}, "Décision", "décision absente"),
        ({**GIVEN, "Décision": "Attribué"}, "Décision", "liste fermée"),
        ({**GIVEN, "Décision": "Attribution avec rang"}, "Rang décidé", "rang absent"),
        ({**GIVEN, "Décision": "Attribution sous condition suspensive"}, "Pièce attendue", "absente"),
        ({**GIVEN, "Motif légal": REFUSED["Motif légal"]}, "Motif légal", "pas de motif"),
        ({"Décision": "Non-attribution", **BY}, "Motif légal", "motif légal absent"),
        ({**REFUSED, "Motif légal": "mixité"}, "Motif légal", "n'est pas un motif légal"),
        ({**REFUSED, "Motif légal": "Mixité sociale"}, "Motif légal", "n'est pas un motif légal"),
        ({**REFUSED, "Motif légal": "trop de demandes"}, "Motif légal", "liste fermée"),
        ({**REFUSED, "Motif légal": "Absence de lien avec la commune"}, "Motif légal", "à lui seul"),
        ({**REFUSED, "Constat": None}, "Constat", "constat absent"),
        ({**REFUSED, "Rang décidé": 2}, "Rang décidé", "pas de rang"),
        ({**REFUSED, "Bail signé le": date(2026, 2, 20)}, "Bail signé le", "rien n'a été attribué"),
        ({**REFUSED, "Décision": "Rejet pour irrecevabilité"}, "Motif légal", "n'est pas celui"),
        (
            {**REFUSED, "Motif légal": "Résidence à enjeu prioritaire de mixité sociale (RPMS)"},
            "Motif légal",
            "n'est pas dans une RPMS",
        ),
        ({**GIVEN, "Bail signé le": date(2026, 1, 20)}, "Bail signé le", "avant la séance"),
        (
            {**GIVEN, "Bail signé le": date(2026, 2, 20), "Réponse du demandeur": "Refus justifié"},
            "Bail signé le",
            "un bail signé et un refus",
        ),
    ],
)
def test_a_decision_that_is_not_complete_is_refused_at_its_cell(
    refused: Faults, cells: dict[str, Any], column: str, said: str
) -> None:
    ((sheet, row, at, message),) = refused({("L3", "D03"): cells})
    assert (sheet, row, at) == ("Décision", HEAD + 2, column)
    assert said in message


def test_the_absence_of_a_link_stands_with_another_motive(decided: Callable[..., Past]) -> None:
    cells = {**REFUSED, "Autre motif légal": "Absence de lien avec la commune"}
    (one,) = decided({("L6", "D09"): cells}).decided
    assert one.motives == ("effort", "no_link")


def test_every_fault_is_said_at_once(refused: Faults) -> None:
    found = refused({("L3", "D03"): {"Décision": "Attribution"}, ("L6", "D09"): {**REFUSED, "Constat": None}})
    assert [(row, column) for _, row, column, _ in found] == [
        (HEAD + 2, "Décidé par (fonction)"),
        (HEAD + 5, "Constat"),
    ]


def test_two_attributions_of_a_dwelling_need_two_ranks(refused: Faults) -> None:
    found = refused({("L3", "D03"): GIVEN, ("L3", "D10"): GIVEN})
    assert any(
        column == "Rang décidé" and "deux attributions au rang 1" in said for _, _, column, said in found
    )


def test_another_order_needs_a_reason(refused: Faults, decided: Callable[..., Past]) -> None:
    # R18: the second name of the list is given the dwelling, the first one is not decided.
    ((_, _, column, message),) = refused({("L3", "D10"): GIVEN})
    assert column == "Observations"
    assert "raison absente" in message
    assert decided({("L3", "D10"): {**GIVEN, "Observations": "visite faite, dossier complet"}}).decided


def test_a_demand_that_was_not_a_candidate_is_refused(tmp_path: Path, workbook: bytes) -> None:
    sheets = sheets_of(workbook)
    sheets["Décision"].append(
        ["L3", None, "D01", "Attribution", None, *[None] * 6, BY["Décidé par (fonction)"]]
    )
    with pytest.raises(FaultsFound, match="n'est pas parmi les candidatures"):
        read_past(saved(tmp_path / "seance.xlsx", written(sheets)))


def test_another_workbook_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(FaultsFound, match=r"ce n'est pas un classeur de séance.*--state"):
        read_past(saved(tmp_path / "commission.xlsx", written(toy())))


def _decided(sitting: int, dwelling: str, suggested: int, rank: int = 1, decision: str = "rank") -> Decided:
    held_on = date(2026, 1, sitting)
    nothing = {
        "condition": "",
        "document": "",
        "motives": (),
        "measure": "",
        "remarks": "",
        "by": "presidence",
    }
    return Decided(held_on, dwelling, f"D{suggested}", suggested, decision, rank, **nothing)  # type: ignore[arg-type]


def test_an_order_is_followed_when_names_are_given_the_dwelling_as_suggested() -> None:
    assert follows([_decided(1, "L", 1), _decided(1, "L", 2, 2)])
    assert not follows([_decided(1, "L", 2), _decided(1, "L", 1, 2)])  # the other way round
    assert not follows([_decided(1, "L", 2)])  # the first name passed over
    assert not follows([_decided(1, "L", 1, 0, "non_attribution")])  # nobody is given it


def test_the_share_followed_is_said_from_twenty_decisions_on_and_aloud_above_95_percent() -> None:
    same = [_decided(1, f"L{place}", 1) for place in range(24)]
    assert followed([]) == ""
    assert followed(same[:19]).startswith(
        "19 décisions sur 19 suivent l'ordre suggéré sans changement ; moins"
    )
    assert "plus de 95 %" in followed(same[:20])
    other = [_decided(1, "M1", 2), _decided(1, "M2", 2)]
    assert followed([*same[:19], other[0]]) == (  # 19 of 20 is 95 %, not above
        "19 décisions sur 20 suivent l'ordre suggéré sans changement"
    )
    assert "plus de" not in followed([*same, *other])  # 24 of 26 is 92 %
    assert followed([_decided(1, "L", 1)]).startswith("1 décision sur 1 suit ")


def test_the_next_workbook_carries_the_history_and_reads_it_back(
    tmp_path: Path, decided: Callable[..., Past]
) -> None:
    cells = {**REFUSED, "Constat": "=1+1"}
    past = decided({("L3", "D03"): GIVEN, ("L6", "D09"): cells})
    commission = saved(tmp_path / "commission.xlsx", written(toy()))
    request = carried(asked(commission, None, Options(on=date(2026, 3, 2))), past)
    book = content(suggest(request))
    again = read_past(saved(tmp_path / "mars.xlsx", book))
    assert again.decided == past.decided
    signed = filled(book, {("L3", "D03"): {"Bail signé le": date(2026, 3, 10)}}, "Historique")
    later = read_past(saved(tmp_path / "mars2.xlsx", signed))
    assert later.decided == (replace(past.decided[0], signed_on=date(2026, 3, 10)), past.decided[1])


@pytest.mark.parametrize(
    "cells",
    [
        {"Observations": "une autre raison"},
        {"Décision": "Attribution avec rang", "Rang décidé": 1},
        {"Décidé par (fonction)": "Maire ou son représentant"},
    ],
)
def test_a_decision_of_the_past_is_not_changed(
    tmp_path: Path, decided: Callable[..., Past], cells: dict[str, Any]
) -> None:
    past = decided({("L3", "D03"): GIVEN, ("L6", "D09"): REFUSED})
    commission = saved(tmp_path / "commission.xlsx", written(toy()))
    book = content(suggest(carried(asked(commission, None, Options(on=date(2026, 3, 2))), past)))
    changed = filled(book, {("L3", "D03"): cells}, "Historique")
    with pytest.raises(FaultsFound, match="une décision passée a été modifiée"):
        read_past(saved(tmp_path / "mars.xlsx", changed))


@pytest.fixture
def march(tmp_path: Path, decided: Callable[..., Past]) -> bytes:
    """Return the workbook of March, whose history has a lease signed and an answer."""
    answered = {"Réponse du demandeur": "Acceptée", "Répondu le": date(2026, 2, 9)}
    past = decided({("L3", "D03"): {**GIVEN, **answered, "Bail signé le": date(2026, 2, 20)}})
    commission = saved(tmp_path / "commission.xlsx", written(toy()))
    return content(suggest(carried(asked(commission, None, Options(on=date(2026, 3, 2))), past)))


def test_the_lines_in_which_a_lease_of_the_past_counts_are_not_changed(tmp_path: Path, march: bytes) -> None:
    changed = filled(march, {("L3", "D03"): {"Compte dans": "R2 en QPV, EPCI"}}, "Suivi")
    with pytest.raises(FaultsFound, match="une décision passée a été modifiée"):
        read_past(saved(tmp_path / "mars.xlsx", changed))


@pytest.mark.parametrize(
    "cells",
    [
        {"Bail signé le": None},
        {"Bail signé le": date(2026, 2, 21)},
        {"Réponse du demandeur": None},
        {"Réponse du demandeur": "Refus justifié", "Bail signé le": None},
        {"Répondu le": date(2026, 2, 10)},
        {"RPMS": "oui"},
        {"Disponible le": date(2026, 2, 5)},
    ],
)
def test_what_came_after_a_decision_of_the_past_is_not_changed(
    tmp_path: Path, march: bytes, cells: dict[str, Any]
) -> None:
    changed = filled(march, {("L3", "D03"): cells}, "Historique")
    with pytest.raises(FaultsFound, match="une réponse ou une signature déjà écrite, ou le logement"):
        read_past(saved(tmp_path / "mars.xlsx", changed))


def test_a_workbook_from_before_the_trace_is_still_read(tmp_path: Path, march: bytes) -> None:
    # Then the lines stood in Historique and in Candidatures, and answers had no digest.
    new = read_past(saved(tmp_path / "mars.xlsx", march))
    sheets = sheets_of(march)
    known = {tuple(row[:3]): row for row in sheets.pop("Suivi")[HEAD + 1 :]}
    later = [sheets["Historique"][HEAD].index(title) for title in ("Disponible le", "Empreinte des réponses")]
    for row in sheets["Historique"][HEAD:]:
        for at in later:
            row[at] = None
    for title, key in (("Historique", (0, 1, 3)), ("Candidatures", (None, 0, 2))):
        rows = sheets[title]
        rows[HEAD] += ["Compte dans", "Dont au public de"]
        for row in rows[HEAD + 1 :]:
            row += known[tuple(date(2026, 3, 2) if at is None else row[at] for at in key)][6:8]
    old = read_past(saved(tmp_path / "ancien.xlsx", written(sheets)))
    assert old.decided == tuple(replace(one, available_on=None) for one in new.decided)
    assert old.decided[0].rows == ("R1 hors QPV, EPCI", "R4 collectivités")


def test_a_workbook_whose_hidden_sheet_was_taken_off_is_refused(tmp_path: Path, march: bytes) -> None:
    sheets = {title: rows for title, rows in sheets_of(march).items() if title != "Suivi"}
    with pytest.raises(FaultsFound, match="feuille Suivi absente"):
        read_past(saved(tmp_path / "mars.xlsx", written(sheets)))


def test_the_suggested_rank_is_the_one_that_the_program_wrote(
    refused: Faults, decided: Callable[..., Past]
) -> None:
    ((_, row, column, message),) = refused({("L3", "D03"): {**GIVEN, "Rang suggéré": 2}})
    assert (row, column) == (HEAD + 2, "Rang suggéré")
    assert "le programme avait écrit 1" in message
    (one,) = decided({("L3", "D03"): {**GIVEN, "Rang suggéré": None}}).decided
    assert one.suggested == 1


@pytest.mark.parametrize(
    ("answer", "day", "said"),
    [
        ("Acceptée", date(2026, 2, 1), "répondu avant la séance"),
        ("Sans réponse au délai", date(2025, 12, 1), "répondu avant la séance"),
        ("Sans réponse au délai", date(2026, 2, 11), "pas passé avant le 12/02/2026"),  # 2 February + 10 days
    ],
)
def test_an_answer_comes_after_the_sitting_and_silence_after_the_delay(
    refused: Faults, answer: str, day: date, said: str
) -> None:
    cells = {**GIVEN, "Réponse du demandeur": answer, "Répondu le": day}
    ((_, _, column, message),) = refused({("L3", "D03"): cells})
    assert column == "Répondu le"
    assert said in message


def test_silence_on_the_last_day_of_the_delay_is_read(decided: Callable[..., Past]) -> None:
    silent = {"Réponse du demandeur": "Sans réponse au délai", "Répondu le": date(2026, 2, 12)}
    (one,) = decided({("L3", "D03"): {**GIVEN, **silent}}).decided
    assert one.refused


def test_a_decision_of_the_past_is_not_taken_off(tmp_path: Path, decided: Callable[..., Past]) -> None:
    past = decided({("L3", "D03"): GIVEN, ("L6", "D09"): REFUSED})
    commission = saved(tmp_path / "commission.xlsx", written(toy()))
    sheets = sheets_of(content(suggest(carried(asked(commission, None, Options(on=date(2026, 3, 2))), past))))
    assert len(table_of(written(sheets), "Historique")) == 2
    for taken in (HEAD + 1, HEAD + 2):
        rows = [row for at, row in enumerate(sheets["Historique"]) if at != taken]
        with pytest.raises(FaultsFound, match="passée"):
            read_past(saved(tmp_path / "mars.xlsx", written({**sheets, "Historique": rows})))


def test_each_digest_holds_those_before() -> None:
    one, two = _decided(1, "L", 1), _decided(2, "L", 1)
    assert chained([one, two])[0] == chained([one])[0]
    assert chained([two])[0] != chained([one, two])[1]
