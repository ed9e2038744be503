"""`mixite suggest` from a workbook to the sitting's files, and back with the decisions."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filled_sitting import filled, saved, table_of
from test_past import GIVEN, REFUSED
from toy_workbook import toy, written

from mixite.__main__ import main

Mixite = Callable[..., tuple[int, str, str]]


@pytest.fixture
def mixite(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Mixite:
    """Run a command where the toy's workbook is; return its code, its answer and what it says."""
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "commission.xlsx", written(toy()))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mixite", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_a_sitting_is_written_filled_given_back_and_the_next_one_written(
    mixite: Mixite, tmp_path: Path
) -> None:
    code, _, said = mixite("suggest", "commission.xlsx", "--out", "fevrier.xlsx", "--pdf", "fevrier.pdf")
    assert code == 0
    assert said.count("calcul vérifié") == 2
    book = (tmp_path / "fevrier.xlsx").read_bytes()
    cells = {("L3", "D03"): {**GIVEN, "Bail signé le": date(2026, 2, 20)}, ("L6", "D09"): REFUSED}
    saved(tmp_path / "fevrier.xlsx", filled(book, cells))
    march = ("suggest", "commission.xlsx", "--on", "2026-03-02", "--state", "fevrier.xlsx")
    code, answer, said = mixite(*march, "--out", "mars.xlsx", "--json")
    assert code == 0
    assert "1 décision sur 2 suit l'ordre suggéré sans changement" in said
    assert [one["dwelling_id"] for one in json.loads(answer)["dwellings"]] == ["L6", "L9"]
    assert len(table_of((tmp_path / "mars.xlsx").read_bytes(), "Historique")) == 2


def test_what_is_absent_is_said_once_and_that_nothing_is_written(mixite: Mixite, tmp_path: Path) -> None:
    code, _, said = mixite("suggest", "commission.xlsx")
    assert code == 0
    assert said.count("à savoir : sans compteurs : les quotas partent de zéro\n") == 1
    assert said.splitlines()[-1].startswith("aucun fichier n'est écrit ; ")
    assert [path.name for path in tmp_path.iterdir()] == ["commission.xlsx"]


def test_a_pool_of_one_is_said_in_the_singular(mixite: Mixite) -> None:
    _, answer, _ = mixite("suggest", "commission.xlsx", "--forbid", "L3:D10", "--json")
    (alone,) = json.loads(answer)["dwellings"][0]["candidates"]
    assert alone["reasons"][0] == "vivier désigné par le réservataire : 1 demande"


def test_no_line_of_the_log_holds_a_number_of_a_demand(mixite: Mixite) -> None:
    _, _, said = mixite("suggest", "commission.xlsx", "--out", "s.xlsx", "--pdf", "s.pdf")
    assert not re.findall(r"D\d\d", said)


def test_a_file_is_never_written_over_and_both_faults_are_said_before_anything(
    mixite: Mixite, tmp_path: Path
) -> None:
    saved(tmp_path / "s.xlsx", b"filled by people")
    code, _, said = mixite("suggest", "commission.xlsx", "--out", "s.xlsx", "--pdf", "absent/s.pdf")
    assert code == 2
    assert "déjà" in said
    assert "dossier introuvable" in said
    assert (tmp_path / "s.xlsx").read_bytes() == b"filled by people"


def test_a_state_with_faults_writes_nothing(mixite: Mixite, tmp_path: Path) -> None:
    mixite("suggest", "commission.xlsx", "--out", "fevrier.xlsx")
    cells = {("L6", "D09"): {**REFUSED, "Motif légal": "mixité"}}
    saved(tmp_path / "fevrier.xlsx", filled((tmp_path / "fevrier.xlsx").read_bytes(), cells))
    march = ("suggest", "commission.xlsx", "--on", "2026-03-02", "--state", "fevrier.xlsx")
    code, _, said = mixite(*march, "--out", "mars.xlsx")
    assert code == 2
    assert "feuille Décision ligne 7, colonne Motif légal" in said
    assert not (tmp_path / "mars.xlsx").exists()
