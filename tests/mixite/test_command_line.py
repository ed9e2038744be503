"""The commands as people and scripts run them: answers, exit codes, nothing written on a fault."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

SMALL = ("scenarios/tutorial.toml", "--policy", "cotation_only", "--policy", "seniority", "--years", "1")


def mixite(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "mixite", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd or root,
        env={**os.environ, "PYTHONPATH": path},
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], str]:
    """The tutorial, two policies, two replications, one year; run from an empty folder."""
    place = tmp_path_factory.mktemp("ici")
    found = mixite("compare", *SMALL, "--replications", "2", "--workers", "2", "--json", cwd=place)
    assert found.returncode == 0, found.stderr
    return place, json.loads(found.stdout), found.stderr


def test_version_is_the_distribution_s() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    version = mixite("--version").stdout.split()[1]
    assert f'version = "{version}"' in text


def test_doctor_answers_with_versions_cores_and_memory() -> None:
    found = json.loads(mixite("doctor", "--json").stdout)
    assert found["cores"] >= 1
    assert {"numpy", "ortools", "simpy"} <= set(found["libraries"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "x.toml", "--polices", "a"), "option inconnue ; vouliez-vous dire « --policy » ?"),
        (("comparer",), "commande inconnue ; vouliez-vous dire « compare » ?"),
        (("compare",), "SCENARIO est requis"),
        (("compare", "x.toml", "--years", "trois"), "valeur refusée pour --years"),
        (("compare", "x.toml", "--seed"), "l'option --seed attend une valeur"),
        (("compare", "absent.toml"), "fichier introuvable"),
        (("compare", *SMALL, "--workers", "0"), "attendu ≥ 1"),
        (("compare", *SMALL, "--replications", "0"), "attendu ≥ 1"),
        (("compare", *SMALL, "--precision", "0"), "attendu entre 0 et 1"),
        (("compare", *SMALL, "--precision", "10"), "attendu entre 0 et 1"),
        (("compare", *SMALL, "--precision", "dix"), "valeur refusée pour --precision"),
        (
            ("compare", "scenarios/jouet.toml", "--policy", "lottery", "--precision", "0.1"),
            "une seule politique, aucun écart à mesurer",
        ),
        (("compare", *SMALL, "--scale", "-1"), "--scale : -1.0 : attendu > 0 et ≤ 1"),
        (("demand", "scenarios/territories/tutoriel.toml", "--scale", "0"), "--scale : 0.0 : attendu > 0"),
        (("run", "scenarios/tutorial.toml", "--policy", "senority"), "vouliez-vous dire « seniority » ?"),
        (("check", "absent.toml"), "fichier introuvable"),
    ],
)
def test_wrong_input_is_said_in_french_and_exits_2(arguments: tuple[str, ...], said: str) -> None:
    found = mixite(*arguments)
    assert found.returncode == 2
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_unknown_policies_are_all_named_and_nothing_is_written(tmp_path: Path) -> None:
    found = mixite(
        "compare",
        "scenarios/tutorial.toml",
        "--policy",
        "cotaton_only",
        "--policy",
        "zzz",
        "--json",
        cwd=tmp_path,
    )
    assert found.returncode == 2
    faults = json.loads(found.stdout)["faults"]
    assert [fault["value"] for fault in faults] == ["cotaton_only", "zzz"]
    assert "vouliez-vous dire « cotation_only » ?" in faults[0]["mend"]
    assert not list(tmp_path.iterdir())


def test_unknown_keys_of_a_scenario_are_all_named_and_nothing_is_written(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "scenarios" / "tutorial.toml").read_text(encoding="utf-8")
    text = text.replace("\nyears =", "\nyeers =").replace("max_points_forgone", "max_point_forgone")
    (tmp_path / "mien.toml").write_text(text, encoding="utf-8")
    found = mixite("compare", "mien.toml", "--out", "sortie", cwd=tmp_path)
    assert found.returncode == 2
    for words in ("time.yeers", "« years »", "sittings.max_point_forgone", "« max_points_forgone »"):
        assert words in found.stderr
    assert not (tmp_path / "sortie").exists()


def test_output_folder_that_is_a_file_is_refused_before_anything_is_played(tmp_path: Path) -> None:
    (tmp_path / "sortie").write_text("garder", encoding="utf-8")
    found = mixite("compare", *SMALL, "--out", "sortie", cwd=tmp_path)
    assert found.returncode == 2
    assert "est un fichier, un dossier est attendu" in found.stderr
    assert (tmp_path / "sortie").read_text(encoding="utf-8") == "garder"


def test_comparison_goes_to_resultats_and_answers_with_its_headlines(
    compared: tuple[Path, dict[str, object], str],
) -> None:
    place, answer, said = compared
    assert answer["out"] == "resultats/tutoriel"
    first = answer["headlines"][0]  # type: ignore[index]
    assert {"indicator", "group", "policy_a", "policy_b", "difference", "ci_low", "ci_high"} <= set(first)
    assert "report.html" in said
    out = place / "resultats" / "tutoriel"
    assert {"comparison.csv", "report.html", "note.md", "parc.png"} <= {path.name for path in out.iterdir()}


def test_headlines_answer_with_their_number_half_width_correlation_and_holm(
    compared: tuple[Path, dict[str, object], str],
) -> None:
    _, answer, _ = compared
    assert "precision" not in answer
    for row in answer["headlines"]:  # type: ignore[attr-defined]
        assert {"n", "half_width", "correlation", "p_value", "p_holm", "distinguished_holm"} <= set(row)
        assert row["distinguished"] or not row["distinguished_holm"]
        if row["ci_low"] is not None:
            assert row["half_width"] == pytest.approx((row["ci_high"] - row["ci_low"]) / 2)


def test_columns_added_to_the_comparison_come_after_those_of_the_contract(
    compared: tuple[Path, dict[str, object], str],
) -> None:
    place, answer, _ = compared
    text = (place / "resultats" / "tutoriel" / "comparison.csv").read_text(encoding="utf-8")
    header, *lines = (line.split(",") for line in text.splitlines())
    assert header[:3] + header[-8:] == [
        *("indicator", "group", "year"),
        *("ci_high", "n", "uncertainty", "distinguished"),
        *("p_value", "correlation", "p_holm", "distinguished_holm"),
    ]
    filled = [line for line in lines if line[-1]]
    assert len(filled) == len(answer["headlines"])  # type: ignore[arg-type]
    assert {line[-1] for line in filled} <= {"True", "False"}


def test_residences_that_become_a_conforter_are_counted_from_the_tables_of_the_runs(
    compared: tuple[Path, dict[str, object], str], tmp_path: Path
) -> None:
    out = tmp_path / "resultats" / "tutoriel"
    shutil.copytree(compared[0] / "resultats" / "tutoriel", out)
    for manifest in out.glob("*/manifest.json"):  # in a year no interval leaves its band: some types are set
        played = json.loads(manifest.read_text(encoding="utf-8"))
        if played["replication"] == 0 or played["policy"] == "seniority":
            occupation = pd.read_parquet(manifest.parent / "occupation.parquet")
            some = (occupation["year"] == 2027) & occupation["residence_id"].isin(["R0001", "R0002", "R0012"])
            occupation.loc[some, "peuplement_type"] = "a_conforter"
            occupation.to_parquet(manifest.parent / "occupation.parquet", index=False)
    found = mixite("compare", *SMALL, "--replications", "2", "--workers", "1", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    table = pd.read_csv(out / "residences.csv").set_index(["policy", "residence_id"])
    followed, moved = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for manifest in out.glob("*/manifest.json"):
        policy = json.loads(manifest.read_text(encoding="utf-8"))["policy"]
        occupation = pd.read_parquet(manifest.parent / "occupation.parquet")
        for residence, rows in occupation.groupby("residence_id"):
            begun, *later = rows.sort_values("year")["peuplement_type"]
            if rows["year"].min() == 2026 and begun != "a_conforter":
                followed[policy, str(residence)] += 1
                moved[policy, str(residence)] += "a_conforter" in later
    assert {moved["cotation_only", "R0001"], moved["seniority", "R0001"]} == {1, 2}
    for key, row in table.iterrows():
        assert row["n"] == followed[key], key
        assert row["n"] == 0 or row["chance"] == moved[key] / followed[key], key
    differences = pd.read_csv(out / "residences_differences.csv")
    assert set(differences["residence_id"]) == {residence for _, residence in followed}


def test_precision_asked_under_the_fewest_replications_is_said_not_reached(tmp_path: Path) -> None:
    found = mixite(
        "compare", "scenarios/jouet.toml", "--policy", "lottery", "--policy", "seniority", "--years", "1",
        "--precision", "0.1", "--replications", "2", "--workers", "1", "--out", "sortie", "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    answer = json.loads(found.stdout)
    asked = {"asked": 0.1, "reached": False, "replications": 2, "maximum": 2}
    assert asked.items() <= answer["precision"].items()
    assert "Précision non atteinte après 2 répliques : la règle en demande au moins 24." in found.stderr
    assert "règle séquentielle" in (tmp_path / "sortie" / "report.html").read_text(encoding="utf-8")


def test_each_run_folder_is_named_by_its_digest_and_holds_the_contract(
    compared: tuple[Path, dict[str, object], str],
) -> None:
    folders = [path for path in (compared[0] / "resultats" / "tutoriel").iterdir() if path.is_dir()]
    assert len(folders) == 4
    for folder in folders:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["digest"] == folder.name
        assert {
            "scenario",
            "data_digest",
            "code_version",
            "libraries",
            "seed",
            "policy",
            "events_sha256",
        } <= set(manifest)
        assert {"seconds", "load_seconds", "peak_mb", "host"} <= set(
            json.loads((folder / "timing.json").read_text(encoding="utf-8"))
        )
        names = {path.name for path in folder.iterdir()}
        tables = ("leases", "offers", "demands", "vacancies", "sittings", "occupation")
        assert {f"{name}.parquet" for name in tables} | {"indicators.csv"} <= names
        assert not [name for name in names if name.startswith(".")]  # no temporary file is left


def test_the_same_command_resumes_and_plays_only_what_is_missing(
    compared: tuple[Path, dict[str, object], str], tmp_path: Path
) -> None:
    out = tmp_path / "resultats" / "tutoriel"
    shutil.copytree(compared[0] / "resultats" / "tutoriel", out)
    folders = sorted(path for path in out.iterdir() if path.is_dir())
    before = {path.name: (path / "manifest.json").stat().st_mtime_ns for path in folders}
    lost = folders[0].name
    (folders[0] / "manifest.json").unlink()
    found = mixite("compare", *SMALL, "--replications", "2", "--workers", "1", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    after = {name: (out / name / "manifest.json").stat().st_mtime_ns for name in before}
    assert {name for name in before if before[name] != after[name]} == {lost}
    assert json.loads(found.stdout)["headlines"] == compared[1]["headlines"]


def test_run_plays_the_same_events_as_the_comparison(
    compared: tuple[Path, dict[str, object], str], tmp_path: Path
) -> None:
    found = mixite(
        "run", "scenarios/tutorial.toml", "--policy", "seniority", "--years", "1", "--replication", "1",
        "--out", str(tmp_path / "seul"), "--json",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    answer = json.loads(found.stdout)
    kept = compared[0] / "resultats" / "tutoriel" / answer["digest"] / "manifest.json"
    assert json.loads(kept.read_text(encoding="utf-8"))["events_sha256"] == answer["events_sha256"]


def test_synthetic_territory_is_written_then_checked(tmp_path: Path) -> None:
    out = tmp_path / "territoire"
    assert mixite("synth", "scenarios/territories/tutoriel.toml", "--out", str(out)).returncode == 0
    found = mixite("check", str(out), "--json")
    assert found.returncode == 0, found.stderr
    files = json.loads(found.stdout)["files"]
    assert {file["kind"] for file in files} >= {
        "territory",
        "residences",
        "dwellings",
        "occupants",
        "demands",
    }
    assert all(file["accepted"] == file["read"] and not file["faults"] for file in files)


def test_check_names_the_row_of_a_fault_and_exits_2(tmp_path: Path) -> None:
    out = tmp_path / "territoire"
    shutil.copytree(Path(__file__).parents[2] / "scenarios" / "territories" / "jouet", out)
    table = out / "dwellings.csv"
    header, first, *others = table.read_text(encoding="utf-8").splitlines()
    cells = dict(zip(header.split(","), first.split(","), strict=True)) | {"rooms": "0"}
    table.write_text("\n".join([header, ",".join(cells.values()), *others]) + "\n", encoding="utf-8")
    found = mixite("check", str(out), "--json")
    assert found.returncode == 2
    (file,) = (file for file in json.loads(found.stdout)["files"] if file["kind"] == "dwellings")
    assert file["rejected"] == 1
    assert [(fault["row"], fault["column"], fault["value"]) for fault in file["faults"]] == [
        (2, "rooms", "0")
    ]


@pytest.mark.parametrize(
    "name", ["tutorial.toml", "territories/tutoriel.toml", "grids/synthetic-urgency-tiered.toml"]
)
def test_what_is_shipped_is_sound(name: str, tmp_path: Path) -> None:
    found = mixite("check", f"scenarios/{name}", cwd=tmp_path)  # looked up in the package
    assert found.returncode == 0, found.stderr


def test_grid_whose_example_fails_exits_2(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "scenarios" / "grids" / "synthetic-seniority-capped.toml"
    text = shipped.read_text(encoding="utf-8")
    text += "\n[[examples]]\nfacts = { seniority_months = 0 }\nexpected = 12345\n"
    (tmp_path / "grille.toml").write_text(text, encoding="utf-8")
    found = mixite("grid", "check", str(tmp_path / "grille.toml"), "--json")
    assert found.returncode == 2
    (file,) = json.loads(found.stdout)["files"]
    assert file["kind"] == "grid"
    assert "12345" in file["faults"][0]["value"]
    assert mixite("grid", "check", str(shipped)).returncode == 0
