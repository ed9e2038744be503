"""Variants, drawn worlds and reversals of a tiny comparison: who plays what, and what is written and said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mixite import comparing, run_folder
from mixite.arms import Stage
from mixite.comparing import Compared
from mixite.playing import loaded
from mixite.report import words
from sim.comparison import KEY, compare
from sim.draws import PARAMETRES, TERRITOIRE
from sim.scenario import Scenario, changed
from sim.territory.files.faults import FaultsFound

TINY = Path("scenarios/tutorial_incertitude.toml")
PAIR = ("cotation_only", "cotation_peuplement")


def scenario(**changes: Any) -> Scenario:
    return comparing.load(TINY, {name.replace("__", "."): value for name, value in changes.items()})


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    return comparing.compare(scenario(), tmp_path_factory.mktemp("tout"), workers=2)


def manifests(out: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(out.glob("*/manifest.json"))]


def page(found: Compared) -> str:
    return (found.out / "report.html").read_text(encoding="utf-8")


def test_a_draw_plays_both_policies_in_one_territory_of_its_own(measured: Compared) -> None:
    drawn = [run for run in manifests(measured.out) if run["scenario"]["territory"]["territory_seed"] != 0]
    assert len(drawn) == 2 * 2 * 2  # two draws, two kinds, two policies
    worlds: dict[str, list[str]] = {}
    for run in drawn:
        worlds.setdefault(run["data_digest"], []).append(run["policy"])
    assert sorted(map(sorted, worlds.values())) == [list(PAIR)] * 4  # type: ignore[type-var]
    for run in drawn:  # the same seed and number under both kinds
        seeds = {
            r["scenario"]["territory"]["territory_seed"]
            for r in drawn
            if r["replication"] == run["replication"]
        }
        assert len(seeds) == 1


def test_variants_and_what_is_drawn_rename_no_run_of_the_scenario_itself(measured: Compared) -> None:
    plain = scenario(variant=[], uncertainty={})
    stage = Stage(plain, loaded(plain), 1, measured.out)
    arm = stage.arm(plain, PAIR, range(4))
    assert all(
        (stage.folder(arm, policy, n) / "manifest.json").is_file() for policy in PAIR for n in range(4)
    )


def test_comparison_has_the_headlines_under_each_uncertainty(measured: Compared) -> None:
    table = pd.read_csv(measured.out / "comparison.csv")
    rows = {kind: table[table["uncertainty"] == kind] for kind in ("alea", TERRITOIRE, PARAMETRES)}
    heads = measured.study.headlines
    for kind in (TERRITOIRE, PARAMETRES):
        keys = set(rows[kind][KEY].itertuples(index=False, name=None))
        assert keys <= set(heads[KEY].itertuples(index=False, name=None))
        assert rows[kind]["n"].max() == 2
    assert len(rows["alea"]) == len(measured.study.comparison)
    assert list(table.columns[-4:]) == ["p_value", "correlation", "p_holm", "distinguished_holm"]


def test_rows_of_the_draws_are_those_of_their_runs(measured: Compared) -> None:
    """Mean of the two differences, read from the folders themselves."""
    runs = [run for run in manifests(measured.out) if run["scenario"]["territory"]["territory_seed"] != 0]
    wide = [run for run in runs if run["scenario"]["designation"]["days"] != 30.0]
    assert len(wide) == 4  # behaviour is drawn under `parametres` alone
    values = pd.concat(
        run_folder.read_indicators(measured.out / run["digest"]).assign(
            policy=run["policy"], replication=run["replication"]
        )
        for run in wide
    )
    expected = compare(values, [PAIR]).set_index(KEY)["difference"]
    assert measured.study.drawn is not None
    found = measured.study.drawn.rows.set_index([*KEY, "uncertainty"])["difference"].xs(PARAMETRES, level=3)
    assert len(found) > 5
    for key, difference in found.items():
        assert difference == pytest.approx(expected[key], nan_ok=True), key


def test_every_value_drawn_is_written(measured: Compared) -> None:
    values = pd.read_csv(measured.out / "draws_values.csv")
    days = values[values["parameter"] == "designation.days"].sort_values("draw")
    # Declared from 15 to 60, two draws: one in each half.
    slices = np.floor((days["value"].to_numpy() - 15) / 45 * 2)
    assert sorted(slices.tolist()) == [0, 1]
    draws = pd.read_csv(measured.out / "draws.csv")
    assert draws.groupby("draw")["territory_seed"].nunique().tolist() == [1, 1]
    assert set(draws["uncertainty"]) == {TERRITOIRE, PARAMETRES}


def test_variant_is_played_on_the_first_replications_alone(measured: Compared) -> None:
    rare = [run for run in manifests(measured.out) if run["scenario"]["acceptance"]["accepts"] == 0.33]
    assert sorted((run["policy"], run["replication"]) for run in rare) == [
        (p, n) for p in PAIR for n in (0, 1)
    ]
    table = pd.read_csv(measured.out / "variants.csv")
    assert list(dict.fromkeys(table["variant"])) == ["base", "acceptation_rare"]
    assert table[table["variant"] == "base"]["n"].max() == 4
    assert table[table["variant"] == "acceptation_rare"]["n"].max() == 2


def test_reversals_name_every_number_asked_and_what_has_no_effect(measured: Compared) -> None:
    table = pd.read_csv(measured.out / "renversements.csv")
    asked = {"acceptance.accepts", "acceptance.effort_threshold", "territory.placement.income_sorting"}
    assert set(table["parameter"]) == asked
    searched = table[~table["verdict"].isin(["no_effect", "not_searched"])]
    assert "acceptance.accepts" in set(searched["parameter"])
    assert len(searched) == searched["parameter"].nunique() * len(measured.study.headlines)
    accepts = searched[searched["parameter"] == "acceptance.accepts"]
    assert set(accepts[["low", "value", "high"]].itertuples(index=False, name=None)) == {(0.4, 0.54, 0.7)}


def test_an_end_of_a_range_is_played_on_the_same_replications_and_territory(measured: Compared) -> None:
    ends = [run for run in manifests(measured.out) if run["scenario"]["acceptance"]["accepts"] in (0.4, 0.7)]
    assert sorted((run["policy"], run["replication"]) for run in ends) == [
        (p, n) for p in PAIR for n in (0, 0, 1, 1)
    ]
    own = {
        run["data_digest"]
        for run in manifests(measured.out)
        if run["scenario"]["acceptance"]["accepts"] == 0.54
    }
    assert {run["data_digest"] for run in ends} <= own


def test_the_report_says_what_reverses_the_conclusion_before_any_headline(measured: Compared) -> None:
    text = page(measured)
    places = [
        text.index(f'id="{anchor}"')
        for anchor in ("renversements", "note", "ecarts", "incertitudes", "variantes")
    ]
    assert places == sorted(places)
    for kind in words.UNCERTAINTY.values():
        assert kind in text
    assert "Ce qui renverse la conclusion :" in text
    assert "non mesuré" not in text
    assert "Une proposition ordinaire sur trois est acceptée" in text
    assert "2 répliques par variante" in text
    assert not list(words.forbidden_words(text))
    assert "Ce qui renverse la conclusion" in (measured.out / "note.md").read_text(encoding="utf-8")


def test_the_json_answer_keeps_its_shape_and_gains_keys(measured: Compared) -> None:
    answer = comparing.as_json(measured)
    assert {"out", "first_line", "headlines", "variants", "reversals"} == set(answer)
    first = answer["headlines"][0]
    assert {
        "indicator",
        "group",
        "policy_a",
        "policy_b",
        "difference",
        "ci_low",
        "ci_high",
        "distinguished",
    } <= set(first)
    assert any(set(row["by_uncertainty"]) == {TERRITOIRE, PARAMETRES} for row in answer["headlines"])
    assert {row["variant"] for row in answer["variants"]} == {"base", "acceptation_rare"}
    json.dumps(answer["reversals"])


def test_the_same_command_plays_nothing_again_whatever_the_workers(measured: Compared) -> None:
    before = {path: path.stat().st_mtime_ns for path in measured.out.glob("*/manifest.json")}
    tables = {path.name: path.read_bytes() for path in measured.out.glob("*.csv")}
    comparing.compare(scenario(), measured.out, workers=1)
    assert {path: path.stat().st_mtime_ns for path in measured.out.glob("*/manifest.json")} == before
    assert {path.name: path.read_bytes() for path in measured.out.glob("*.csv")} == tables


def test_one_worker_plays_the_same_draws(measured: Compared, tmp_path: Path) -> None:
    alone = comparing.compare(scenario(uncertainty__reversals=0, variant=[]), tmp_path, workers=1)
    kept = {run["digest"]: run["events_sha256"] for run in manifests(measured.out)}
    again = {run["digest"]: run["events_sha256"] for run in manifests(tmp_path)}
    assert len(again) == 4 * 2 + 8
    assert again.items() <= kept.items()
    assert (tmp_path / "draws.csv").read_bytes() == (measured.out / "draws.csv").read_bytes()
    assert alone.study.reversals is None
    assert "Ce qui renverse la conclusion : non mesuré dans cette comparaison" in page(alone)


def test_what_is_no_longer_asked_is_no_longer_said(measured: Compared, tmp_path: Path) -> None:
    (tmp_path / "draws.csv").write_text("ancien", encoding="utf-8")
    plain = comparing.compare(scenario(uncertainty={}, variant=[], runs__replications=2), tmp_path, workers=1)
    names = {path.name for path in tmp_path.glob("*.csv")}
    assert names == {"comparison.csv", "concerned.csv", "residences.csv", "residences_differences.csv"}
    assert set(pd.read_csv(tmp_path / "comparison.csv")["uncertainty"]) == {"alea"}
    assert set(comparing.as_json(plain)) == {"out", "first_line", "headlines"}
    assert "Trois incertitudes" not in page(plain)
    assert "Variantes du scénario" not in page(plain)


def test_variants_need_two_of_their_policies_among_those_compared(tmp_path: Path) -> None:
    other = scenario(policies__compare=["seniority", "lottery"], uncertainty={}, runs__replications=2)
    found = comparing.compare(other, tmp_path, workers=1)
    assert len(manifests(tmp_path)) == 4
    assert "Non jouée, deux de ses politiques n'étant pas comparées ici" in page(found).replace("&#x27;", "'")


def test_a_folder_of_tables_draws_behaviour_alone(tmp_path: Path) -> None:
    changes = {
        "uncertainty": {"draws": 2, "reversals": 2, "reversals_of": ["departures.works_days"]},
        "policies.compare": ["cotation_only", "seniority"],
        "runs.replications": 2,
    }
    found = comparing.compare(comparing.load(Path("scenarios/jouet.toml"), changes), tmp_path, workers=1)
    assert found.study.drawn is not None
    assert set(found.study.drawn.rows["uncertainty"]) == {PARAMETRES}
    assert len({run["data_digest"] for run in manifests(tmp_path)}) == 1
    assert "territoire inchangé" in page(found)


def test_a_territory_that_cannot_be_built_is_a_fault_that_says_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = scenario(uncertainty={}, variant=[], runs__replications=2)
    stage = Stage(plain, loaded(plain), 1, tmp_path)
    other = changed(plain, {"territory.values": {"placement.income_sorting": 0.5}})

    def refuse(*_: object, **__: object) -> None:
        raise ValueError("aucun logement de cette taille")

    monkeypatch.setattr("sim.process.replication.synthesise", refuse)
    with pytest.raises(FaultsFound, match=r"aucun logement de cette taille ; resserrer leur intervalle"):
        stage.play([stage.arm(other, PAIR, [0])], "essai")
    assert not list(tmp_path.glob("*/manifest.json"))


def test_numbers_of_a_folder_of_tables_are_not_replaced(tmp_path: Path) -> None:
    plain = comparing.load(Path("scenarios/jouet.toml"), {})
    stage = Stage(plain, loaded(plain), 1, tmp_path)
    other = changed(plain, {"territory.values": {"placement.income_sorting": 0.5}})
    with pytest.raises(FaultsFound, match="seul un territoire de synthèse"):
        stage.arm(other, PAIR, [0])
    with pytest.raises(FaultsFound, match="seul un territoire de synthèse"):
        loaded(other)
