"""`mixite qualify` with a workbook, sheets and a level of diffusion, as people and scripts run it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from filled import APPRAISAL, PROPOSAL, SIGNATURES, TOY, fill, lines

from mixite import qualifying
from mixite.__main__ import main
from mixite.concertation import asking
from mixite.report import words

OTHER = {**APPRAISAL, "Partenaire": "Bailleur", "Capacité d'accueil": "forte"}
TUTORIAL = ("scenarios/territories/tutoriel.toml", "--seed", "1")

Mixite = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def mixite(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Mixite:
    """Run a command as from a shell in an empty folder, in this process: most of a command is its imports."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["mixite", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demander") / "concertation.xlsx"
    asked = asking.Asked(out=path)
    _, told = asking.answer(qualifying.qualification(Path(TUTORIAL[0]), seed=1), Path(TUTORIAL[0]), asked)
    assert list(asking.write(told, asked))
    return path


def test_from_a_workbook_to_signed_types(mixite: Mixite, empty: Path, tmp_path: Path) -> None:
    fill(
        empty,
        tmp_path / "c.xlsx",
        {"Appréciations": [APPRAISAL, OTHER], "Décisions": [{**PROPOSAL, **SIGNATURES}]},
    )
    found = mixite("qualify", *TUTORIAL, "--overrides", "c.xlsx", "--out", "s.xlsx", "--json")
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    (row,) = (row for row in told["residences"] if row["residence_id"] == "R0001")
    assert row["type"] == "a_conforter"
    assert row["decision"]["epci_function"] == "vice_presidence"
    assert {"theme": "bati", "first": "bailleur", "second": "commune", "steps": 3} in row["disagreements"]
    assert told["decisions"]["signed"][0]["to"] == "a_conforter"
    assert "1 décision(s) signée(s) dont 1 nouvelle(s)" in found.stderr
    assert len(lines(tmp_path / "s.xlsx", "Historique")) == 1
    assert not lines(tmp_path / "s.xlsx", "Décisions")
    assert not list(words.forbidden_words(found.stderr))


def test_faults_are_told_together_and_nothing_is_written(mixite: Mixite, empty: Path, tmp_path: Path) -> None:
    wrong = [{**APPRAISAL, "Remarque": "trop de familles"}, {**APPRAISAL, "Référence résidence": "R9999"}]
    fill(empty, tmp_path / "c.xlsx", {"Appréciations": wrong, "Décisions": [{**PROPOSAL, "Motif": "envie"}]})
    before = sorted(tmp_path.iterdir())
    found = mixite(
        *("qualify", *TUTORIAL, "--overrides", "c.xlsx", "--out", "s.xlsx", "--sheets", "f", "--json")
    )
    assert found.returncode == 2
    faults = json.loads(found.stdout)["faults"]
    assert [(each["sheet"], each["row"], each["column"]) for each in faults] == [
        ("Appréciations", 5, "Remarque"),
        ("Appréciations", 6, "Référence résidence"),
        ("Décisions", 5, "Motif"),
    ]
    assert all(each["mend"] for each in faults)
    assert sorted(tmp_path.iterdir()) == before


def test_a_workbook_with_entries_is_never_written_over_without_them(
    mixite: Mixite, empty: Path, tmp_path: Path
) -> None:
    own = tmp_path / "c.xlsx"
    fill(empty, own, {"Appréciations": [APPRAISAL]})
    content = own.read_bytes()
    for more in ((), ("--diffusion", "cil"), ("--diffusion", "public")):
        found = mixite("qualify", *TUTORIAL, "--out", "c.xlsx", *more)
        assert found.returncode == 2, more
        assert own.read_bytes() == content
    assert "--overrides c.xlsx" in mixite("qualify", *TUTORIAL, "--out", "c.xlsx").stderr
    found = mixite("qualify", *TUTORIAL, "--overrides", "c.xlsx", "--out", "c.xlsx")
    assert found.returncode == 0, found.stderr
    assert [row["Remarque"] for row in lines(own, "Appréciations")] == [APPRAISAL["Remarque"]]


def test_an_empty_workbook_is_written_over_and_what_is_somebody_s_own_is_not(
    mixite: Mixite, empty: Path, tmp_path: Path
) -> None:
    shutil.copy(empty, tmp_path / "vide.xlsx")
    assert mixite("qualify", *TUTORIAL, "--out", "vide.xlsx").returncode == 0
    fill(empty, tmp_path / "c.xlsx", {}, more=["Brouillon"])
    (tmp_path / "autre.xlsx").write_bytes(b"pas un classeur")
    for command in (
        ("--overrides", "c.xlsx", "--out", "c.xlsx"),
        ("--out", "c.xlsx"),
        ("--out", "autre.xlsx"),
    ):
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert mixite("qualify", *TUTORIAL, *command).returncode == 2, command
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_territory_toml_may_name_the_workbook(mixite: Mixite, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TOY, tmp_path / "jouet"))
    about = folder / "territory.toml"
    text = about.read_text(encoding="utf-8").replace(
        "synthetic = true", 'synthetic = true\noverrides = "c.xlsx"', 1
    )
    about.write_text(text, encoding="utf-8")
    absent = mixite("qualify", "jouet", "--json")
    assert absent.returncode == 2
    assert "classeur introuvable" in absent.stderr
    first = mixite("qualify", "jouet", "--out", "jouet/c.xlsx")  # it is the one to write
    assert first.returncode == 0, first.stderr
    row = {**PROPOSAL, "Référence résidence": "R3", "Type proposé": "en vigilance"}
    signed = {**row, **SIGNATURES, "Bailleur signataire": "B"}
    fill(folder / "c.xlsx", tmp_path / "rempli.xlsx", {"Décisions": [signed]})
    (tmp_path / "rempli.xlsx").replace(folder / "c.xlsx")
    found = mixite("qualify", "jouet", "--json")
    assert found.returncode == 0, found.stderr
    kinds = {each["residence_id"]: each["type"] for each in json.loads(found.stdout)["residences"]}
    assert kinds["R3"] == "en_vigilance"
    assert "écrire un classeur" in found.stderr
    checked = json.loads(mixite("check", "jouet", "--json").stdout)
    assert [each["kind"] for each in checked["files"]][-1] == "overrides"
    assert checked["files"][-1]["read"] == 1


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_the_level_public_writes_counts_by_commune_alone(mixite: Mixite, tmp_path: Path, form: str) -> None:
    found = mixite(
        *("qualify", *TUTORIAL, "--diffusion", "public", "--out", f"p.{form}", "--sheets", "f", "--json")
    )
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    assert told["residences"] == []
    assert told["communes"]
    assert "R0001" not in found.stdout + found.stderr
    assert [path.name for path in (tmp_path / "f").iterdir()] == ["peuplement_par_commune.pdf"]
    if form == "csv":
        table = pd.read_csv(tmp_path / "p.csv", dtype=str)
        assert list(table) == ["commune", "commune_name", "view", "type", "residences", "notice"]


def test_an_unknown_level_is_refused(mixite: Mixite, tmp_path: Path) -> None:
    found = mixite("qualify", *TUTORIAL, "--diffusion", "publique")
    assert found.returncode == 2
    assert "vouliez-vous dire « public » ?" in found.stderr
