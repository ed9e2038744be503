"""What was decided changes the next sitting: who is housed, who waits for an answer, what counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filled_sitting import saved
from test_past import BY, GIVEN, REFUSED
from toy_workbook import TOY, Sheets, toy, with_column, written

from mixite.desk.dossier import printed
from mixite.desk.dossier.carried import carried, debts, pending
from mixite.desk.dossier.past import Past, read_past
from mixite.desk.dossier.workbook import content
from mixite.desk.options import Options
from mixite.desk.request import Request
from mixite.desk.source import asked
from mixite.desk.suggesting import Suggestion, suggest
from mixite.desk.told import as_json
from sim.territory.files.faults import FaultsFound

NEXT = date(2026, 3, 2)
SIGNED = {**GIVEN, "Bail signé le": date(2026, 2, 20)}


@pytest.fixture
def next_(tmp_path: Path) -> Callable[..., Suggestion]:
    """Return what is suggested in March, after what was decided in February."""

    def ask(past: Past, sheets: Sheets | None = None, on: date = NEXT, **options: Any) -> Suggestion:
        path = saved(tmp_path / "mars.xlsx", written(sheets or toy()))
        return suggest(carried(asked(path, None, Options(on=on, **options)), past))

    return ask


def lists_of(found: Suggestion) -> dict[str, list[str]]:
    return {
        one["dwelling_id"]: [c["demand_id"] for c in one["candidates"]] for one in as_json(found)["dwellings"]
    }


def rows_of(found: Suggestion) -> dict[str, tuple[int, int]]:
    return {row.label: row.before for row in found.rows}


def test_a_lease_takes_the_dwelling_and_the_demand_out_of_the_next_sitting(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    lists = lists_of(next_(decided({("L6", "D07"): SIGNED})))
    assert "L6" not in lists
    assert not any("D07" in names for names in lists.values())


def test_a_signed_lease_counts_in_its_lines_and_no_other(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    # D03, first quartile, signs L3, outside QPV and the collectivité's: R1 1 of 1, R4 collectivités 0 of 1.
    past = decided({("L3", "D03"): SIGNED})
    after = rows_of(next_(past, with_mode("L9", "Collectivité")))
    assert after["R1 hors QPV, EPCI"] == (1, 1)
    assert after["R4 collectivités"] == (0, 1)
    assert after["R2 en QPV, EPCI"] == (0, 0)


def with_mode(dwelling: str, holder: str) -> dict[str, list[list[Any]]]:
    """Return the toy with a dwelling held by another réservataire."""
    sheets = toy()
    header = sheets["Logements"][0]
    for row in sheets["Logements"][1:]:
        if row[0] == dwelling:
            row[header.index("Réservataire")] = holder
    return sheets


def test_a_lease_of_last_year_counts_no_more_in_a_legal_line(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    past = decided({("L3", "D03"): SIGNED})
    assert rows_of(next_(past, on=date(2027, 1, 11)))["R1 hors QPV, EPCI"] == (0, 0)


def test_a_lease_to_be_signed_later_is_an_offer_in_flight(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    past = decided({("L3", "D03"): {**GIVEN, "Bail signé le": date(2026, 3, 15)}})
    found = next_(past)
    assert rows_of(found)["R1 hors QPV, EPCI"] == (0, 0)
    rows = found.sitting.rows
    at = rows.label.index("R1 hors QPV, EPCI")
    accepts = found.today.world.scenario.acceptance.accepts
    assert (rows.signed_due[at], rows.counted_due[at]) == pytest.approx((accepts, accepts))
    assert "L3" not in lists_of(found)
    assert not any("D03" in names for names in lists_of(found).values())


def test_after_a_refusal_the_next_rank_has_the_offer_then_the_dwelling_comes_back(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    refusal = {"Réponse du demandeur": "Refus justifié"}
    ranked = {**BY, "Décision": "Attribution avec rang"}
    one = {
        ("L3", "D03"): {**ranked, "Rang décidé": 1, **refusal},
        ("L3", "D10"): {**ranked, "Rang décidé": 2},
    }
    past = decided(one)
    assert [each.demand_id for each in pending(past.decided)] == ["D10"]
    assert "L3" not in lists_of(next_(past))
    one[("L3", "D10")] = {**one[("L3", "D10")], "Réponse du demandeur": "Sans réponse au délai"}
    past = decided(one)
    assert pending(past.decided) == []
    lists = lists_of(next_(past))
    assert lists["L3"] == []  # both of its pool were proposed it already


def test_who_was_not_given_a_dwelling_is_not_proposed_it_again(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    lists = lists_of(next_(decided({("L6", "D09"): REFUSED})))
    assert "D09" not in lists["L6"]
    assert lists["L6"]


def test_a_demand_rejected_as_inadmissible_is_no_longer_open(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    motive = "Ressources au-dessus des plafonds du logement social"
    cells = {**REFUSED, "Décision": "Rejet pour irrecevabilité", "Motif légal": motive}
    found = next_(decided({("L6", "D09"): cells}))
    assert len(found.sitting.demand) == 9


def test_an_unjustified_refusal_counts_and_the_files_own_column_stands(
    decided: Callable[..., Past], tmp_path: Path
) -> None:
    past = decided({("L3", "D03"): {**GIVEN, "Réponse du demandeur": "Refus non justifié"}})

    def refusals(request: Request) -> list[float]:
        held = request.territory.demands.attributes["unjustified_refusals_24m"]
        return dict(zip(request.territory.demands.demand_id.tolist(), held.tolist(), strict=True))  # type: ignore[return-value]

    commission = saved(tmp_path / "mars.xlsx", written(toy()))
    counted = refusals(carried(asked(commission, None, Options(on=NEXT)), past))
    assert counted["D03"] == 1
    assert sum(counted.values()) == 1
    saved(commission, written(with_column("Candidatures", "Refus antérieurs", None)))  # as in the empty one
    assert refusals(carried(asked(commission, None, Options(on=NEXT)), past)) == counted
    saved(commission, written(with_column("Candidatures", "Refus antérieurs", 2)))
    request = carried(asked(commission, None, Options(on=NEXT)), past)
    assert set(refusals(request).values()) == {2}  # type: ignore[attr-defined]
    assert any("ceux de la colonne du fichier valent" in note for note in request.notes)


def test_a_refusal_in_an_rpms_opens_a_debt_that_a_dwelling_elsewhere_pays(
    decided: Callable[..., Past],
) -> None:
    (one,) = decided({("L6", "D09"): REFUSED}).decided
    kept_out = replace(one, motives=("rpms",), rpms=True)
    assert debts([kept_out]) == {"D09": date(2026, 2, 2)}
    paid = replace(one, held_on=date(2026, 3, 2), decision="attribution", rank=1, motives=(), rpms=False)
    assert debts([kept_out, paid]) == {}
    assert debts([kept_out, replace(paid, rpms=True)]) == {
        "D09": date(2026, 2, 2)
    }  # another RPMS pays nothing
    assert debts([replace(paid, held_on=date(2026, 1, 5)), kept_out])  # what came before pays nothing


def test_who_is_owed_a_dwelling_is_first_at_the_next_sitting(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    past = decided({("L6", "D06"): REFUSED})
    (one,) = past.decided
    owed = replace(past, decided=(replace(one, dwelling_id="L99", motives=("rpms",), rpms=True),))
    assert lists_of(next_(replace(past, decided=())))["L6"][0] == "D07"
    assert lists_of(next_(owed))["L6"][0] == "D06"


def test_counters_given_by_the_file_are_not_added_to(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    past = decided({("L3", "D03"): SIGNED})
    counters = [["Quota", "Baux signés", "Dont au public"], ["R1 hors QPV", 12, 4]]
    found = next_(past, toy(Compteurs=counters))
    assert rows_of(found)["R1 hors QPV, EPCI"] == (4, 12)
    assert any("compteurs donnés par le classeur" in note for note in found.request.notes)


def test_counters_of_the_sitting_before_go_on_with_the_leases_signed_since(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    from sim.process.state import Counted

    past = replace(decided({("L3", "D03"): SIGNED}), given={"R1 hors QPV, EPCI": Counted(12, 4, 15)})
    assert rows_of(next_(past))["R1 hors QPV, EPCI"] == (5, 13)
    assert rows_of(next_(past, on=date(2027, 2, 1)))["R1 hors QPV, EPCI"] == (0, 0)  # another year


def test_a_dwelling_let_and_available_again_later_is_examined_as_another_vacancy(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    # L3, available on 1 February 2026, is let to D03 on the 20th; in 2028 it is available again.
    past = decided({("L3", "D03"): {**SIGNED, "Observations": "vu"}, ("L3", "D10"): REFUSED})
    sheets = toy()
    sheets["Logements"][1][sheets["Logements"][0].index("Disponible le")] = date(2028, 6, 1)
    found = next_(past, sheets, on=date(2028, 5, 2))
    assert lists_of(found)["L3"] == ["D10"]  # who was refused it then may be presented now; D03 is housed
    assert any(
        "L3 : bail signé le 20/02/2026, de nouveau disponible le 01/06/2028" in n for n in notes(found)
    )
    assert "L3" not in lists_of(next_(past))  # the same date: the same vacancy
    sheets["Logements"][1][sheets["Logements"][0].index("Disponible le")] = date(2026, 2, 15)
    assert "L3" not in lists_of(next_(past, sheets))  # a later date, before the lease: works, no new vacancy


def test_a_refusal_is_kept_while_the_dwelling_stays_vacant_whatever_its_date(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    past = decided({("L6", "D09"): REFUSED})
    sheets = toy()
    sheets["Logements"][2][sheets["Logements"][0].index("Disponible le")] = date(2026, 4, 1)
    assert "D09" not in lists_of(next_(past, sheets))["L6"]


def test_an_offer_without_answer_beyond_the_delay_is_said_and_is_no_dwelling_let(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    past = decided({("L3", "D03"): GIVEN})
    late = notes(next_(past, on=date(2026, 6, 15)))  # 133 days after 2 February
    assert "logements dont l'offre attend sa réponse, non examinés : 1 (L3)" in late
    assert any("L3 : offre sans réponse écrite 133 jours après la séance" in note for note in late)
    assert not any("déjà attribués" in note for note in late)
    assert not any("sans réponse écrite" in n for n in notes(next_(past, on=date(2026, 2, 12))))  # ten days
    with pytest.raises(FaultsFound, match="attend sa réponse"):
        next_(past, lock=("L3:D10",))
    accepted = decided({("L3", "D03"): {**GIVEN, "Réponse du demandeur": "Acceptée"}})
    assert not any("sans réponse écrite" in n for n in notes(next_(accepted, on=date(2026, 6, 15))))
    assert "logements déjà attribués, non examinés : 1 (L3)" in notes(next_(decided({("L3", "D03"): SIGNED})))


def notes(found: Suggestion) -> tuple[str, ...]:
    return found.request.notes


def test_a_choice_about_a_dwelling_that_is_let_is_refused(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    past = decided({("L3", "D03"): SIGNED})
    with pytest.raises(FaultsFound, match="logement déjà attribué"):
        next_(past, lock=("L3:D10",))


def test_a_state_of_a_later_day_is_refused(
    decided: Callable[..., Past], next_: Callable[..., Suggestion]
) -> None:
    with pytest.raises(FaultsFound, match="vérifier --on ou --state"):
        next_(decided({}), on=date(2026, 1, 12))


def test_the_faults_of_the_workbook_and_of_the_state_are_said_together(tmp_path: Path) -> None:
    sheets = {title: rows for title, rows in TOY.items() if title != "Candidatures"}
    path = saved(tmp_path / "commission.xlsx", written(sheets))
    state = saved(tmp_path / "seance.xlsx", written(toy()))
    with pytest.raises(FaultsFound) as found:
        asked(path, None, Options(state=state))
    assert {fault.file for fault in found.value.faults} == {"commission.xlsx", "seance.xlsx"}


def test_a_sitting_with_nothing_left_to_let_is_written_and_keeps_its_history(
    decided: Callable[..., Past], next_: Callable[..., Suggestion], tmp_path: Path
) -> None:
    past = decided({("L3", "D03"): SIGNED})
    sheets = toy(Logements=TOY["Logements"][:2])  # L3 alone
    found = next_(past, sheets)
    assert lists_of(found) == {}
    assert printed.content(found).startswith(b"%PDF")
    assert read_past(saved(tmp_path / "seance.xlsx", content(found))).decided == past.decided
