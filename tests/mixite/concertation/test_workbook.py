"""The workbook of the concertation: written, filled in a meeting, read back, nothing lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from filled import APPRAISAL, PROPOSAL, SIGNATURES, TOY, TUTORIAL, fill, lines
from python_calamine import CalamineWorkbook

from mixite import qualifying
from mixite.concertation.concerted import Concerted, concerted
from mixite.concertation.diffusion import published
from mixite.concertation.phrases import since
from mixite.concertation.workbook import workbook
from mixite.report import words
from sim.rules.peuplement.decisions import SIGNED, ruling
from sim.rules.peuplement.entries import entered
from sim.rules.peuplement.partners import TYPES
from sim.territory.columns import PEUPLEMENT_TYPES
from sim.territory.files.faults import FaultsFound

SIGNED_ROW = {**PROPOSAL, **SIGNATURES}


@pytest.fixture(scope="module")
def statistics() -> qualifying.Qualification:
    return qualifying.qualification(TUTORIAL, seed=1)


@pytest.fixture(scope="module")
def empty(statistics: qualifying.Qualification, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("concertation") / "concertation.xlsx"
    path.write_bytes(workbook(published(concerted(statistics), "interne")))
    return path


def written(found: Concerted, path: Path) -> Path:
    path.write_bytes(workbook(published(found, "interne")))
    return path


def test_the_workbook_has_its_sheets_lists_and_frozen_headers(empty: Path) -> None:
    with zipfile.ZipFile(empty) as whole:
        book = whole.read("xl/workbook.xml").decode()
        names = re.findall(r'<sheet name="([^"]+)"', book)
        assert names == [
            "Résidences", "Appréciations", "Décisions", "Historique", "Méthode", "Aide", "Listes",
        ]  # fmt: skip
        assert 'name="Listes" sheetId="7" state="hidden"' in book
        appraisals, decisions = (whole.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (2, 3))
    assert appraisals.count('type="list"') == 5
    assert decisions.count('type="list"') == 8
    assert decisions.count('type="date"') == 5
    assert 'state="frozen"' in appraisals
    assert "<sheetProtection" in decisions
    assert "<sheetProtection" not in appraisals


def test_every_sheet_carries_the_banner_and_none_a_word_never_used(empty: Path) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(empty)
    for name in book.sheet_names[:-1]:
        cells = [str(cell) for line in book.get_sheet_by_name(name).to_python() for cell in line]
        assert any(words.SYNTHETIC_BANNER in cell for cell in cells), name
        assert not list(words.forbidden_words("\n".join(cells)))


def test_the_same_workbook_twice_is_the_same_bytes(statistics: qualifying.Qualification, empty: Path) -> None:
    assert workbook(published(concerted(statistics), "interne")) == empty.read_bytes()


def test_an_empty_workbook_changes_nothing_and_keeps_the_ruler_to_the_last_bit(
    statistics: qualifying.Qualification, empty: Path
) -> None:
    before, after = concerted(statistics), concerted(statistics, empty)
    assert not after.book.entered
    assert after.book.notes == ()
    ruler, own = after.book.ruler, statistics.qualified.ruler
    assert ruler is not None
    for name in ("mean", "spread", "weights", "cuts"):
        assert getattr(ruler, name).tolist() == getattr(own, name).tolist()
    assert after.settled.type.tolist() == before.settled.type.tolist()
    assert after.qualification.qualified.score.tolist() == statistics.qualified.score.tolist()


def test_the_sensitivity_of_each_type_is_in_the_workbook(
    statistics: qualifying.Qualification, empty: Path
) -> None:
    told = statistics.sensitivity
    found = lines(empty, "Résidences")
    for row, line in enumerate(found):
        moved = told.moved_by(row, int(statistics.qualified.statistical[row]))
        same = f"{len(told.settings) - len(moved)} sur {len(told.settings)}"
        assert line["Réglages des poids sans effet sur le type statistique"] == same
        assert line["Type statistique changé par"].count(" ; ") == max(len(moved) - 1, 0)
    assert any(line["Type statistique changé par"] for line in found)
    top = CalamineWorkbook.from_path(empty).get_sheet_by_name("Résidences").to_python()[2][0]
    assert top.endswith("Score en écarts types de l'EPCI, bornes de son intervalle à 90\u202f%.")


def test_a_signed_type_is_read_back_and_the_history_stays_through_two_workbooks(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "rempli.xlsx"
    half = {**PROPOSAL, "Référence résidence": "R0002", "Signée le (EPCI)": date(2024, 2, 12)}
    fill(empty, filled, {"Appréciations": [APPRAISAL], "Décisions": [SIGNED_ROW, half]})
    first = concerted(statistics, filled)
    row, other = first.names.index("R0001"), first.names.index("R0002")
    assert PEUPLEMENT_TYPES[first.settled.type[row]] == "a_conforter"
    assert first.settled.type[other] == statistics.qualified.type[other]
    assert first.settled.active[[row, other]].tolist() == [True, False]
    assert first.book.history[0].before == statistics.qualified.type[row]
    assert "signature incomplète (EPCI)" in first.book.notes[0]

    second = concerted(statistics, written(first, tmp_path / "suivant.xlsx"))
    third = concerted(statistics, written(second, tmp_path / "encore.xlsx"))
    for each in (second, third):
        assert each.book.history == first.book.history
        assert each.book.appraisals == first.book.appraisals
        assert each.book.fresh == 0
    assert third.book.pending == second.book.pending
    assert first.book.pending[0].state == third.book.pending[0].state == "non_signee"
    assert (tmp_path / "suivant.xlsx").read_bytes() == (tmp_path / "encore.xlsx").read_bytes()
    assert second.book.appraisals[0].remark == "=Infiltrations au pignon nord"
    (kept,) = lines(tmp_path / "suivant.xlsx", "Appréciations")
    assert kept["Remarque"] == "=Infiltrations au pignon nord"
    with zipfile.ZipFile(tmp_path / "suivant.xlsx") as whole:
        assert "<f>Infiltrations" not in whole.read("xl/worksheets/sheet2.xml").decode()


def test_the_next_year_reads_on_the_base_year_s_ruler_and_says_by_how_much_the_score_moved(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "rempli.xlsx"
    fill(empty, filled, {"Décisions": [{**SIGNED_ROW, "Prend fin le": date(2027, 2, 12)}]})
    first = concerted(statistics, filled)
    kept = written(first, tmp_path / "2024.xlsx")
    # a year later every household of R0001 is poor
    territory = statistics.territory
    row = first.names.index("R0001")
    there = territory.dwellings.residence[territory.occupants.dwelling] == row
    income, rfr = territory.occupants.monthly_income_eur.copy(), territory.occupants.rfr_eur.copy()
    income[there], rfr[there] = 300.0, 3000.0
    occupants = replace(territory.occupants, monthly_income_eur=income, rfr_eur=rfr)
    later = replace(territory, occupants=occupants, as_of=date(2025, 1, 1))
    again = qualifying.qualified_of(later, statistics.settings, statistics.told)
    second = concerted(again, kept)
    assert second.qualification.qualified.ruler.cuts.tolist() == statistics.qualified.ruler.cuts.tolist()
    assert again.qualified.ruler.cuts.tolist() != statistics.qualified.ruler.cuts.tolist()
    assert second.book.history == first.book.history
    told = next(each for each in published(second, "interne").residences if each["residence_id"] == "R0001")
    moved = second.qualification.qualified.score[row] - statistics.qualified.score[row]
    assert told["moved"]["by"] == pytest.approx(moved, abs=2e-6)
    assert told["moved"]["by"] > 1
    assert told["type"] == "a_conforter"
    sentence = {each["Référence résidence"]: each for each in lines(
        written(second, tmp_path / "2025.xlsx"), "Résidences"
    )}["R0001"]["Décision en vigueur"]  # fmt: skip
    assert sentence.startswith(
        "Type signé le 12 février 2024, jusqu'au 12 février 2027. Depuis, le score a bougé"
    )
    assert told["moved"]["same_data"] is False


def told_of(found: Concerted, name: str) -> dict[str, object]:
    """Return what is published of a residence to the partners."""
    return dict(next(each for each in published(found, "interne").residences if each["residence_id"] == name))


def test_the_type_before_is_that_before_the_decision_not_the_one_just_signed(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "rempli.xlsx"
    fill(empty, filled, {"Décisions": [SIGNED_ROW]})
    first = concerted(statistics, filled)
    stood = PEUPLEMENT_TYPES[statistics.qualified.type[first.names.index("R0001")]]
    assert stood != "a_conforter"
    again = concerted(statistics, written(first, tmp_path / "suivant.xlsx"))
    for found in (first, again):  # as it is signed, and once it is in the history
        told = told_of(found, "R0001")
        assert (told["type"], told["type_before"]) == ("a_conforter", stood)
        assert told["history"][0]["before"] == stood
    line = next(each for each in lines(tmp_path / "suivant.xlsx", "Résidences")
                if each["Référence résidence"] == "R0001")  # fmt: skip
    assert (line["Type précédent"], line["Type retenu"]) == (TYPES[stood], TYPES["a_conforter"])


@pytest.mark.parametrize(
    ("met", "still_met", "said"),
    [
        (True, True, "rencontre encore la plage du type signé."),
        (True, False, "ne rencontre plus la plage du type signé."),
        (False, True, "rencontre maintenant la plage du type signé."),
        (
            False,
            False,
            "ne rencontre pas la plage du type signé ; il ne la rencontrait déjà pas à la signature.",
        ),
    ],
)
def test_an_interval_is_said_beside_what_it_was_at_the_signature(
    met: bool, still_met: bool, said: str
) -> None:
    moved = {"signed_on": "2024-02-12", "by": 0.5, "met": met, "still_met": still_met, "ended": False}
    row = {"decision": None, "proposal": None, "moved": {**moved, "same_data": False}}
    assert since(row) == f"Depuis, le score a bougé de +0,50 ; son intervalle {said}"
    same = since({**row, "moved": {**moved, "by": 0.0, "same_data": True}})
    verb = "rencontrait" if met else "ne rencontrait pas"
    assert same == f"À la signature, l'intervalle du score {verb} la plage du type signé."


@pytest.mark.parametrize("kind", ["à conforter", "en capacité"])
def test_on_the_data_of_the_signature_no_score_is_said_to_have_moved(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path, kind: str
) -> None:
    filled = tmp_path / "rempli.xlsx"
    fill(empty, filled, {"Décisions": [{**SIGNED_ROW, "Type proposé": kind}]})
    found = concerted(statistics, filled)
    told = told_of(found, "R0001")
    code = PEUPLEMENT_TYPES[found.settled.type[found.names.index("R0001")]]
    assert told["moved"]["met"] == told["moved"]["still_met"] == (code in told["types_in_interval"])
    assert "a bougé" not in since(told)


def test_a_closed_proposal_keeps_its_line_and_a_decision_written_again_is_not_appended_twice(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "rempli.xlsx"
    half = {**SIGNED_ROW, "Proposée le": date(2024, 1, 5), "Signée le (bailleur)": date(2024, 1, 6),
            "Signée le (EPCI)": "", "Fonction (EPCI)": ""}  # fmt: skip
    fill(empty, filled, {"Décisions": [half, SIGNED_ROW]})
    first = concerted(statistics, filled)
    assert first.settled.active[first.names.index("R0001")]
    kept = written(first, tmp_path / "suivant.xlsx")
    (line,) = lines(kept, "Décisions")
    assert (line["Proposée le"], line["État"]) == (date(2024, 1, 5), "signée par une partie seulement")
    fill(kept, filled, {"Décisions": [SIGNED_ROW]})  # the same decision, written again a year later
    second = concerted(statistics, filled)
    assert (second.book.history, second.book.fresh) == (first.book.history, 0)
    assert [entered(each) for each in second.book.closed] == [entered(each) for each in first.book.closed]
    assert any("décision déjà signée (dans l'historique)" in note for note in second.book.notes)


def test_after_its_end_a_decision_leaves_the_type_to_the_evidence(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "rempli.xlsx"
    fill(empty, filled, {"Décisions": [{**SIGNED_ROW, "Prend fin le": date(2025, 2, 12)}]})
    kept = written(concerted(statistics, filled), tmp_path / "2024.xlsx")
    later = replace(statistics.territory, as_of=date(2026, 1, 1))
    found = concerted(qualifying.qualified_of(later, statistics.settings, statistics.told), kept)
    assert found.settled.decision == (None,) * len(found.names)
    row = found.names.index("R0001")
    assert found.settled.type[row] == found.qualification.qualified.type[row]
    told = next(each for each in published(found, "interne").residences if each["residence_id"] == "R0001")
    assert told["moved"]["ended"]
    assert len(told["history"]) == 1  # ended, never erased


def test_a_type_written_over_by_hand_is_refused(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "change.xlsx"
    (kind,) = {
        row["Type retenu"] for row in lines(empty, "Résidences") if row["Référence résidence"] == "R0001"
    }
    other = "à conforter" if kind != "à conforter" else "en capacité"
    fill(empty, filled, {}, {("Résidences", "R0001", "Type retenu"): other})
    with pytest.raises(FaultsFound, match="un type ne change que par une décision signée"):
        concerted(statistics, filled)


def test_a_folder_s_own_types_stay_while_the_evidence_has_not_moved(tmp_path: Path) -> None:
    found = concerted(qualifying.qualification(TOY))
    kept = written(found, tmp_path / "jouet.xlsx")
    again = concerted(qualifying.qualification(TOY), kept)
    assert again.before.tolist() == found.settled.type.tolist()
    assert again.settled.type.tolist() == found.settled.type.tolist()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_saved_again_by_libreoffice_it_reads_the_same(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "rempli.xlsx"
    half = {**PROPOSAL, "Référence résidence": "R0002"}
    fill(empty, filled, {"Appréciations": [APPRAISAL], "Décisions": [SIGNED_ROW, half]})
    kept = written(concerted(statistics, filled), tmp_path / "suivant.xlsx")
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "lo"),
        str(kept),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    first, second = (concerted(statistics, path).book for path in (kept, tmp_path / "lo" / "suivant.xlsx"))
    for name in ("appraisals", "pending", "history", "notes", "last"):
        assert getattr(first, name) == getattr(second, name), name
    states = [row["État"] for row in lines(tmp_path / "lo" / "suivant.xlsx", "Décisions")]
    assert states == ["non signée"]


def test_a_decision_in_force_is_that_of_the_day(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "rempli.xlsx"
    fill(empty, filled, {"Décisions": [{**SIGNED_ROW, "Prend effet le": date(2024, 7, 1)}]})
    found = concerted(statistics, filled)
    assert found.on == date(2024, 2, 12)
    assert found.book.history[0].state == SIGNED
    assert not ruling(found.book.history, found.on)
    assert np.array_equal(found.settled.type, statistics.qualified.type)


def test_without_its_sheet_of_method_a_workbook_gives_its_entries_and_no_ruler(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    fill(empty, tmp_path / "rempli.xlsx", {"Appréciations": [APPRAISAL], "Décisions": [SIGNED_ROW]})
    kept = written(concerted(statistics, tmp_path / "rempli.xlsx"), tmp_path / "suivant.xlsx")
    fill(kept, tmp_path / "sans.xlsx", {}, less=["Méthode"])
    whole, without = concerted(statistics, kept), concerted(statistics, tmp_path / "sans.xlsx")
    assert whole.book.ruler is not None
    assert without.book.ruler is None
    assert without.book.history == whole.book.history
    assert without.settled.type.tolist() == whole.settled.type.tolist()


def test_a_signed_decision_keeps_the_type_before_it_without_the_sheet_of_residences(
    statistics: qualifying.Qualification, empty: Path, tmp_path: Path
) -> None:
    # docs/concertation.md reads back such a workbook: nothing in it says which type R0001 had
    filled = tmp_path / "rempli.xlsx"
    fill(empty, filled, {"Décisions": [SIGNED_ROW]}, less=("Résidences",))
    found = concerted(statistics, filled)
    row = statistics.territory.residences.residence_id.tolist().index("R0001")
    (decision,) = found.book.history
    before = int(statistics.qualified.type[row])
    assert PEUPLEMENT_TYPES[decision.to] == "a_conforter"
    assert (decision.before, before != decision.to) == (before, True)
    assert decision.measured is not None
