"""`mixite theory`: the shape of its answer, its exit codes, and what its intervals are."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from mixite import theory
from sim.stylised import load_case

HOUSE = Path(__file__).parents[2]

STREAMS = """
kind = "stylised"
label = "essai [rouge]"
horizon = 40.0
warm_up = 4.0
[[household]]
id = "1"
rate = 2.0
accepts = ["A"]
abandonment_rate = 0.5
[[household]]
id = "[/2]"
rate = 1.0
accepts = ["A", "B"]
[[dwelling]]
id = "A"
vacancy_rate = 2.0
[[dwelling]]
id = "B"
vacancy_rate = 2.0
"""

UNITS = """
kind = "stylised"
horizon = 40.0
[[household]]
id = "1"
rate = 2.0
accepts = ["A"]
tenancy = { law = "exponential", mean = 1.0 }
[[dwelling]]
id = "A"
units = 3
"""

EXPECTED = '\n[[expected]]\nmeasure = "housed_share"\nof = "1"\nvalue = {}\nformula = "x"\n'


def mixite(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(HOUSE), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "mixite", "theory", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        timeout=240,
        check=False,
    )


def asked(folder: Path, *arguments: str) -> str:
    """Return the JSON answer on both cases."""
    (folder / "flux.toml").write_text(STREAMS, encoding="utf-8")
    (folder / "parc.toml").write_text(UNITS, encoding="utf-8")
    found = mixite("flux.toml", "parc.toml", "--json", *arguments, cwd=folder)
    assert found.returncode == 0, found.stderr
    assert "répliques" in found.stderr  # the table is for people
    return found.stdout


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> str:
    return asked(tmp_path_factory.mktemp("ici"), "--replications", "4", "--workers", "1")


def is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(math.isfinite(one) for one in value)


def test_the_answer_has_the_shape_of_the_contract(answer: str) -> None:
    streams, units = json.loads(answer)
    assert [streams["case"], units["case"]] == ["flux", "parc"]
    assert streams["replications"] == units["replications"] == 4
    assert {name: sorted(one) for name, one in streams["households"].items()} == {
        key: ["housed_share", "wait_mean", "waiting_mean"] for key in ("1", "[/2]")
    }
    for case in (streams, units):
        assert all(is_pair(value) for one in case["households"].values() for value in one.values())
    assert {name: list(one) for name, one in streams["dwellings"].items()} == {
        "A": ["lost_share"],
        "B": ["lost_share"],
    }
    assert all(is_pair(one["lost_share"]) for one in streams["dwellings"].values())
    assert streams["delay_probability"] is None  # no units
    assert units["dwellings"] == {"A": {"lost_share": None}}  # no stream
    assert is_pair(units["delay_probability"])


def test_the_answer_is_the_same_for_any_number_of_workers(answer: str, tmp_path: Path) -> None:
    assert asked(tmp_path, "--replications", "4", "--workers", "2") == answer


def test_another_seed_gives_another_answer(answer: str, tmp_path: Path) -> None:
    assert asked(tmp_path, "--replications", "4", "--workers", "1", "--seed", "1") != answer


def test_one_replication_has_no_half_width_and_is_held_against_nothing(tmp_path: Path) -> None:
    (tmp_path / "cas.toml").write_text(UNITS + EXPECTED.format(0.5), encoding="utf-8")
    found = mixite("cas.toml", "--replications", "1", "--json", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    (case,) = json.loads(found.stdout)
    for mean, half_width in (*case["households"]["1"].values(), case["delay_probability"]):
        assert math.isfinite(mean)
        assert half_width is None
    assert "1 mesure(s) sans erreur type connue, non confrontée(s) à la théorie" in found.stderr


def test_faults_of_every_file_are_said_at_once_and_nothing_is_played(tmp_path: Path) -> None:
    (tmp_path / "un.toml").write_text(STREAMS.replace("rate = 1.0", "rate = -1.0"), encoding="utf-8")
    (tmp_path / "deux.toml").write_text(UNITS.replace('["A"]', '["Z"]'), encoding="utf-8")
    (tmp_path / "bon.toml").write_text(UNITS, encoding="utf-8")
    found = mixite("un.toml", "bon.toml", "deux.toml", "absent.toml", "--json", cwd=tmp_path)
    assert found.returncode == 2
    told = [fault["text"] for fault in json.loads(found.stdout)["faults"]]
    assert [text.split(",")[0].split(" : ")[0] for text in told] == ["un.toml", "deux.toml", "absent.toml"]
    assert all(text in found.stderr for text in told)
    assert "répliques" not in found.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "CASE.toml... est requis"),
        (("cas.toml", "--replications", "0"), "attendu ≥ 1"),
        (("cas.toml", "--workers", "0"), "attendu ≥ 1"),
        (("cas.toml", "--seed", "-1"), "attendu ≥ 0"),
    ],
)
def test_a_wrong_command_is_said_in_french(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "cas.toml").write_text(UNITS, encoding="utf-8")
    found = mixite(*arguments, cwd=tmp_path)
    assert found.returncode == 2
    assert said in found.stderr


# All are patient and nothing is near saturation: the share of those closed who are housed is 1. With patience
# (type 1 of the streams) it is some 0.8, half of which is as far as can be.
@pytest.mark.parametrize(("value", "code"), [(1.0, 0), (0.4, 2)])
def test_a_measure_far_from_what_theory_says_exits_2(tmp_path: Path, value: float, code: int) -> None:
    text = UNITS if value == 1.0 else STREAMS
    (tmp_path / "cas.toml").write_text(text + EXPECTED.format(value), encoding="utf-8")
    found = mixite("cas.toml", "--replications", "8", "--json", cwd=tmp_path)
    assert found.returncode == code, found.stderr
    (row,) = json.loads(found.stdout)[0]["expected"]
    assert (row["measure"], row["of"], row["value"]) == ("housed_share", "1", value)
    assert ("loin de la théorie : |z| > 4" in found.stderr) == (code == 2)
    assert (abs(row["z"]) > 4) == (code == 2)


# --- intervals ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> theory.Played:
    path = tmp_path_factory.mktemp("cas") / "flux.toml"
    path.write_text(STREAMS, encoding="utf-8")
    return theory.play([("flux", load_case(path))], replications=6)[0]


@pytest.mark.parametrize(
    ("measure", "of", "place"),
    [
        ("waiting_mean", "1", 0),
        ("wait_mean", "[/2]", 1),
        ("housed_share", "1", 0),
        ("lost_share", "B", 1),
    ],
)
def test_half_widths_are_those_of_student_s_interval(
    played: theory.Played, measure: str, of: str, place: int
) -> None:
    values = [getattr(run, measure)[place] for run in played.runs]
    assert len(set(values)) == 6
    low, high = stats.t.interval(0.95, 5, loc=sum(values) / 6, scale=stats.sem(values))
    found = played.estimate(measure, of)
    assert [found.mean - found.half_width, found.mean + found.half_width] == pytest.approx([low, high])
    theirs = {one["case"]: one for one in theory.as_json([played])}["flux"]
    section = "dwellings" if measure == "lost_share" else "households"
    assert theirs[section][of][measure] == [found.mean, found.half_width]


def test_z_is_as_unlikely_as_the_student_deviation_of_the_mean() -> None:
    values = [1.0, 2.0, 3.0, 6.0]
    estimate = theory._estimate(values)
    for expected in (0.0, 2.9, 10.0):
        p_value = stats.ttest_1samp(values, expected).pvalue
        assert 2 * stats.norm.sf(abs(estimate.z(expected))) == pytest.approx(p_value)
    assert estimate.z(0.0) > 0 > estimate.z(10.0)


@pytest.mark.parametrize(
    ("values", "expected", "z"),
    [([2.0, 2.0], 2.0, 0.0), ([2.0, 2.0], 1.0, math.inf), ([2.0], 1.0, math.nan), ([], 1.0, math.nan)],
)
def test_z_without_spread_is_none_or_without_bound_and_unknown_of_one(
    values: list[float], expected: float, z: float
) -> None:
    assert theory._estimate(values).z(expected) == pytest.approx(z, nan_ok=True)


def test_a_replication_where_nothing_is_known_of_a_measure_counts_for_nothing(played: theory.Played) -> None:
    assert theory._estimate([1.0, 3.0]).mean == 2.0
    blind = [run if n else blinded(run) for n, run in enumerate(played.runs)]
    found = theory.Played("flux", played.case, tuple(blind)).estimate("wait_mean", "1")
    assert found.degrees == 4  # five replications of six
    assert found.mean == pytest.approx(sum(run.wait_mean[0] for run in played.runs[1:]) / 5)


def blinded(run: Any) -> Any:
    from dataclasses import replace

    return replace(run, wait_mean=(math.nan, math.nan))
