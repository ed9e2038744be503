"""`mixite compare --weights` on a tiny run: who is played again, from where, and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mixite import comparing, playing, weighing
from mixite.comparing import Compared
from mixite.report.signs import VERDICTS
from sim.scenario import Scenario

TUTORIAL = Path("scenarios/tutorial.toml")
PLAYED = ("cotation_only", "cotation_matched", "cotation_quotas")


def scenario(**changes: object) -> Scenario:
    given = {"time.years": 1, "runs.replications": 2, "policies.compare": PLAYED, **changes}
    return comparing.load(TUTORIAL, given)


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    out = tmp_path_factory.mktemp("poids")
    return comparing.compare(scenario(), out, workers=2, weights=True)


def runs(out: Path) -> dict[str, float]:
    return {path.parent.name: path.stat().st_mtime for path in out.glob("*/manifest.json")}


def test_only_policies_that_read_weights_are_played_again(weighed: Compared) -> None:
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in weighed.out.glob("*/manifest.json")]
    found = sorted((run["policy"], run["scenario"]["sittings"]["weight"], run["replication"]) for run in kept)
    expected = [("cotation_only", "points", n) for n in range(2)]
    expected += [(p, w, n) for p in PLAYED[1:] for w in ("points", "rank", "log") for n in range(2)]
    assert found == sorted(expected)


def test_every_headline_has_its_three_readings(weighed: Compared) -> None:
    table = pd.read_csv(weighed.out / "signs.csv")
    assert len(table) == len(weighed.study.headlines) > 0
    assert set(table["sign"]) <= set(VERDICTS)
    assert table["reads_weights"].all()
    # Under the scenario's own weight the reading is the headline itself.
    assert table["difference_points"].tolist() == pytest.approx(
        weighed.study.headlines["difference"].tolist(), nan_ok=True
    )
    for row in comparing.as_json(weighed)["headlines"]:
        assert list(row["by_weight"]) == ["points", "rank", "log"]
        told = row["by_weight"]["points"]
        assert told["difference"] == pytest.approx(row["difference"], nan_ok=True)
        assert told["distinguished"] == row["distinguished"]


def test_the_report_and_the_note_say_it(weighed: Compared) -> None:
    page = (weighed.out / "report.html").read_text(encoding="utf-8")
    assert "Le poids des points" in page
    assert "Sous les trois poids des points, signe conservé pour" in page
    assert "Sous les trois poids" in (weighed.out / "note.md").read_text(encoding="utf-8")


def test_the_same_command_plays_nothing_again_and_without_it_nothing_is_said(weighed: Compared) -> None:
    before = runs(weighed.out)
    again = comparing.compare(scenario(), weighed.out, workers=2, weights=True)
    assert runs(weighed.out) == before
    assert again.study.signs is not None
    plain = comparing.compare(scenario(), weighed.out, workers=2)
    assert runs(weighed.out) == before
    assert plain.study.signs is None
    assert not (weighed.out / "signs.csv").exists()
    assert "Le poids des points" not in (weighed.out / "report.html").read_text(encoding="utf-8")
    assert all("sign" not in row for row in comparing.as_json(plain)["headlines"])


def test_policies_that_read_no_weight_play_nothing_more(tmp_path: Path) -> None:
    alone = scenario(**{"policies.compare": ("cotation_only", "lottery"), "runs.replications": 1})
    found = comparing.compare(alone, tmp_path, workers=1, weights=True)
    assert len(runs(tmp_path)) == 2
    assert found.study.signs is not None
    assert not found.study.signs["reads_weights"].any()


def test_a_burn_in_that_reads_weights_has_every_policy_played_again() -> None:
    assert weighing.readers(scenario()) == PLAYED[1:]
    assert weighing.readers(scenario(**{"time.burn_in_policy": "cotation_quotas"})) == PLAYED
    none = {"time.burn_in_policy": "cotation_quotas", "time.burn_in_months": 0}
    assert weighing.readers(scenario(**none)) == PLAYED[1:]


def test_a_weight_names_other_runs_of_the_same_territory(tmp_path: Path) -> None:
    one = scenario()
    place = playing.loaded(one)
    folders = {
        playing.folder(weighing.weighed(one, weight), place, "cotation_quotas", 0, tmp_path)
        for weight in ("points", "rank", "log")
    }
    assert len(folders) == 3
    assert playing.folder(one, place, "cotation_quotas", 0, tmp_path) in folders
