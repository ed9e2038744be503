"""`mixite demand` as people and scripts run it: its folder and document, what it refuses, what it hides."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from mixite.report import words

ROOT = Path(__file__).parents[2]
GRID = "scenarios/grids/synthetic-seniority-capped.toml"
TUTORIAL = "scenarios/territories/tutoriel.toml"
TOY = ROOT / "scenarios" / "territories" / "jouet"


def mixite(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "mixite", "demand", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, str]:
    place = tmp_path_factory.mktemp("portrait")
    found = mixite(TUTORIAL, "--grid", GRID, "--out", place / "ici", "--json", cwd=place)
    assert found.returncode == 0, found.stderr
    return place / "ici", json.loads(found.stdout), found.stderr


def test_the_folder_holds_what_the_document_names(tutorial: tuple[Path, dict, str]) -> None:
    folder, document, _ = tutorial
    assert sorted(path.name for path in folder.iterdir()) == sorted(document["files"])
    kept = json.loads((folder / "demande.json").read_text(encoding="utf-8"))
    assert kept == {key: value for key, value in document.items() if key not in ("out", "files")}
    for name in ("demande.png", "tension.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


def test_the_tutorial_s_250_demands_are_in_its_bands(tutorial: tuple[Path, dict, str]) -> None:
    _, document, _ = tutorial
    assert sum(band["demands"] for band in document["bands"]) == 250
    assert document["vacancies"]["source"] == "hypotheses"
    assert document["ordered_by"] == "points"
    whole = next(row for row in document["tension"] if row["commune"] == row["typology"] == "all")
    assert whole["demands"] == whole["accepting"] == 250
    assert whole["tension"] == pytest.approx(250 / document["vacancies"]["expected"], abs=0.02)
    assert whole["wait_low"] < whole["wait_months"] < whole["wait_high"]


def test_no_count_under_eleven_and_no_household_leaves(tutorial: tuple[Path, dict, str]) -> None:
    folder, document, _ = tutorial
    table = pd.read_csv(folder / "demande.csv")
    assert table["demands"].dropna().ge(11).all()
    assert table["masked"].eq(table["demands"].isna()).all()
    for row in document["tension"]:
        assert row["accepting"] is None or row["accepting"] == 0 or row["accepting"] >= 11
        assert row["tension"] is None or row["vacancies"] >= 19.95
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.[cj]s*"))
    assert "demand_id" not in text
    assert "household_id" not in text


def test_synthetic_data_are_said_so_on_every_table_and_line(tutorial: tuple[Path, dict, str]) -> None:
    folder, document, said = tutorial
    for path in folder.glob("*.csv"):
        assert pd.read_csv(path)["notice"].eq(words.SYNTHETIC_BANNER).all()
    assert words.SYNTHETIC_BANNER in document["notices"]
    assert words.SYNTHETIC_BANNER in said
    assert "hypothèses de départ du modèle" in said
    assert not list(words.forbidden_words(said))


def test_the_same_portrait_twice_is_the_same_bytes(tutorial: tuple[Path, dict, str], tmp_path: Path) -> None:
    folder, *_ = tutorial
    again = mixite(TUTORIAL, "--grid", GRID, "--out", tmp_path / "encore", cwd=tmp_path)
    assert again.returncode == 0
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "encore" / path.name).read_bytes(), path.name


def test_the_toy_is_too_small_for_anything_to_be_shown(tmp_path: Path) -> None:
    found = mixite(TOY, "--grid", GRID, "--out", tmp_path / "jouet", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    document = json.loads(found.stdout)
    assert document["q1_threshold_given"]
    assert all(row["demands"] is None for row in document["demands"])
    assert all(row["insufficient"] for row in document["tension"])
    assert "effectif insuffisant" in found.stderr


def test_without_a_grid_the_order_is_by_seniority_and_it_is_said(tmp_path: Path) -> None:
    found = mixite(TUTORIAL, "--out", tmp_path / "ici", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["ordered_by"] == "seniority"
    assert "sans grille, par mois d'ancienneté" in found.stderr


def test_leases_of_the_folder_are_read_and_said(tmp_path: Path) -> None:
    folder = tmp_path / "territoire"
    shutil.copytree(TOY, folder)
    # Thirty leases of L1 (T1 in Lille) in 2025, each filed on 1 January 2024; one older.
    days = ["2024-06-01", *(f"2025-{month:02d}-{day:02d}" for month in range(1, 11) for day in (5, 15, 25))]
    lines = [f"L1,X{n},{day},2024-01-01,aucun" for n, day in enumerate(days)]
    header = "dwelling_id,demand_id,signed_on,filed_on,reservataire"
    (folder / "leases.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    found = mixite(folder, "--grid", GRID, "--out", tmp_path / "ici", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    document = json.loads(found.stdout)
    assert document["vacancies"] | {"low": 0, "high": 0} == {
        "expected": 30, "low": 0, "high": 0, "source": "leases", "leases": 30, "days": 365,
    }  # fmt: skip
    assert "30 baux signés sur 365 jours" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((TUTORIAL, "--grid", "scenarios/grids/absente.toml"), "fichier introuvable"),
        ((TUTORIAL, "--grid", "partielle.toml"), "grille partielle"),
        (("vide",), "aucune demande en instance"),
        (("absent",), "absent"),
        ((TUTORIAL, "--grid", GRID, "--out", "partielle.toml"), "est un fichier, un dossier est attendu"),
    ],
)
def test_wrong_input_is_said_in_french_and_nothing_is_written(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    grid = (ROOT / GRID).read_text(encoding="utf-8").replace("complete = true", "complete = false")
    (tmp_path / "partielle.toml").write_text(grid, encoding="utf-8")
    shutil.copytree(TOY, tmp_path / "vide")
    header = (TOY / "demands.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "vide" / "demands.csv").write_text(header + "\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    found = mixite(*arguments, cwd=tmp_path)
    assert found.returncode == 2, found.stderr
    assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_faults_of_territory_and_grid_are_said_together(tmp_path: Path) -> None:
    (tmp_path / "rien").mkdir()
    found = mixite("rien", "--grid", "absente.toml", cwd=tmp_path)
    assert found.returncode == 2
    assert "absente.toml" in found.stderr
    assert "dwellings.csv" in found.stderr
