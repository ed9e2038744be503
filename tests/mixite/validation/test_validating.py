"""`mixite validate` at a tiny size: what it keeps, writes, resumes and refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mixite import playing
from mixite.terminal import StoppedEarly
from mixite.validation import measuring
from mixite.validation.page import page
from mixite.validation.targets import of_territory
from mixite.validation.validating import COLUMNS, Asked, Validated, as_json, lines, read_table, validate
from sim.territory.files.faults import FaultsFound

HOUSE = Path(__file__).parents[3]
TINY = Asked(("arras", "mel"), replications=2, scale=0.01, years=1)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Validated:
    return validate(TINY, tmp_path_factory.mktemp("validation"), workers=1)


def stamps(out: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in (out / "runs").glob("*.json")}


def test_a_row_stands_for_each_figure_of_the_territories(tiny: Validated) -> None:
    assert list(tiny.table.columns) == list(COLUMNS)
    expected = [*of_territory("mel"), *of_territory("arras")]
    assert sorted(tiny.table["figure"]) == sorted(expected)
    assert list(tiny.table["target"]) == sorted(tiny.table["target"])
    assert set(tiny.table["scale"]) == {0.01}
    assert set(tiny.table["policy"]) == {measuring.policy_played()}


def test_the_mean_is_that_of_the_replications_kept(tiny: Validated) -> None:
    kept = [json.loads(file.read_text(encoding="utf-8")) for file in (tiny.out / "runs").glob("*.json")]
    (row,) = tiny.table[tiny.table["figure"] == "STK_HDF22_mob"].to_dict("records")
    (arras,) = tiny.table[tiny.table["figure"] == "STK_CUA_mob"].to_dict("records")
    assert (len(kept), row["replications"]) == (4, 2)
    values = [100 * run["values"]["relet_share|all|run"] for run in kept]
    assert 2 * (row["mean"] + arras["mean"]) == pytest.approx(sum(values))
    assert row["low"] <= row["mean"] <= row["high"]
    assert {run["run"]["replication"] for run in kept} == {0, 1}


def test_the_page_is_made_of_the_table_alone(tiny: Validated) -> None:
    written = (tiny.out / "validation.md").read_text(encoding="utf-8")
    assert written == page(read_table(tiny.out / "validation.csv"))
    assert "| VT4 | dwellings let again in the year" in written
    assert "arras at scale 0.01 (2 replications)" in written
    for row in tiny.table.to_dict("records"):
        told = f"- {row['target']} `{row['figure']}`, {row['territory']}, {row['outcome']}: "
        assert (told in written) == (row["outcome"] != "inside")


def test_the_same_command_plays_nothing_again_and_a_longer_one_only_what_is_missing(tiny: Validated) -> None:
    before = stamps(tiny.out)
    again = validate(TINY, tiny.out, workers=1)
    assert stamps(tiny.out) == before
    assert read_table(tiny.out / "validation.csv").equals(read_table(again.out / "validation.csv"))
    one = next(iter(before))
    (tiny.out / "runs" / one).unlink()
    validate(TINY, tiny.out, workers=1)
    after = stamps(tiny.out)
    assert {name for name in after if after[name] != before[name]} == {one}


def test_an_interruption_keeps_what_is_finished_and_the_same_command_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(("arras",), replications=2, scale=0.01, years=1)
    write = measuring.keep_values

    def interrupt(job: playing.Job, *others: object) -> None:
        if job.replication:
            raise KeyboardInterrupt
        write(job, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(measuring, "keep_values", interrupt)
    with pytest.raises(StoppedEarly, match="la même commande reprend"):
        validate(asked, tmp_path, workers=1)
    assert not (tmp_path / "validation.csv").exists()
    kept = stamps(tmp_path)
    assert len(kept) == 1
    monkeypatch.undo()
    validate(asked, tmp_path, workers=1)
    assert stamps(tmp_path).items() > kept.items()


def test_full_scale_stands_beside_where_the_territory_is_played_smaller(tmp_path: Path) -> None:
    small = str(HOUSE / "scenarios" / "territories" / "tutoriel.toml")
    found = validate(
        Asked((small,), replications=1, full_replications=1, scale=0.2, years=1), tmp_path, workers=1
    )
    (row,) = found.table[found.table["figure"] == "STK_HDF22_mob"].to_dict("records")
    assert (row["replications"], row["full_replications"]) == (1, 1)
    written = (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert "(1 replications, and 1 at full scale)" in written
    assert written == page(read_table(tmp_path / "validation.csv"))
    assert len(stamps(tmp_path)) == 2


def test_a_folder_of_tables_is_a_territory_compared_with_wider_figures(tmp_path: Path) -> None:
    found = validate(Asked((str(HOUSE / "scenarios" / "territories" / "jouet"),), 1, years=1), tmp_path)
    assert set(found.table["scale"]) == {1.0}
    assert set(found.table["scope"]) == {"France", "Hauts-de-France"}


def test_an_unknown_territory_is_named_before_anything_is_played(tmp_path: Path) -> None:
    with pytest.raises(FaultsFound, match=r"--territory : aras : territoire inconnu.*arras"):
        validate(Asked(("mel", "aras"), 1), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("asked", [Asked(("arras",), 1, years=0), Asked(("arras",), 1, scale=0.0)])
def test_no_year_and_no_dwelling_are_faults(asked: Asked, tmp_path: Path) -> None:
    with pytest.raises(FaultsFound):
        validate(asked, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_territory_named_twice_is_played_once(tmp_path: Path) -> None:
    twice = ("arras", str(HOUSE / "scenarios" / "territories" / "arras.toml"))
    found = validate(Asked(twice, 1, scale=0.01, years=1), tmp_path, workers=1)
    assert list(found.table["figure"]) == ["STK_CUA_mob"]


def test_the_terminal_tells_each_figure_in_french(tiny: Validated) -> None:
    told = list(lines(tiny))
    assert len(told) == len(tiny.table) + 2
    assert "publié 15,7 mois (± 3,0), simulé (mel)" in next(line for line in told if "MEL 2020" in line)


def test_json_holds_the_figures_and_the_reason(tiny: Validated) -> None:
    answer = as_json(tiny)
    assert answer["out"] == str(tiny.out)
    assert {row["outcome"] for row in answer["figures"]} <= {
        *("inside", "outside", "not distinguished", "not measured")
    }
    assert all("reason" in row for row in answer["figures"])


def test_the_command_answers_json_and_refuses_no_replication(tmp_path: Path) -> None:
    path = os.pathsep.join([str(HOUSE), os.environ.get("PYTHONPATH", "")])

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mixite", "validate", *arguments, "--json"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    options = ("--territory", "arras", "--scale", "0.01", "--years", "1", "--workers", "1", "--out", "here")
    found = run("--replications", "1", *options)
    assert found.returncode == 0, found.stderr
    (figure,) = json.loads(found.stdout)["figures"]
    assert (figure["figure"], figure["value"], figure["replications"]) == ("STK_CUA_mob", 10.96, 1)
    assert run("--replications", "0", *options).returncode == 2
