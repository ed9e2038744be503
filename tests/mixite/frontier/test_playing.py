"""The points are played from one burn-in, each once; they are what each scenario gives alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mixite import playing as runs
from mixite import run_folder
from mixite.frontier import playing
from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import Point, at_strength, points_of
from mixite.terminal import StoppedEarly
from sim.outcomes import events_sha256
from sim.policies.cotation_peuplement_iso import ALWAYS
from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.process.replication import Branch, replicate, replicate_branches, territory_of
from sim.rules.traits import mask
from sim.scenario import Scenario, changed

CURVES = ("cotation_peuplement", "cotation_peuplement_iso")


def folders(frontier: Frontier, point: Point) -> list[Path]:
    place = runs.loaded(point.scenario)
    return [
        runs.folder(point.scenario, place, point.policy, number, frontier.out)
        for number in range(frontier.replications)
    ]


def events(frontier: Frontier, point: Point) -> list[str]:
    return [run_folder.read_manifest(folder)["events_sha256"] for folder in folders(frontier, point)]


def test_without_targets_both_curves_give_the_events_of_the_legal_matching(scenario: Scenario) -> None:
    """Strength 0 is played as `cotation_quotas` under the scenario, whose targets it does not read."""
    none = scenario.model_copy(update={"target": ()})
    branches = [Branch("cotation_quotas", scenario), *(Branch(policy, none) for policy in CURVES)]
    first, *others = [
        events_sha256(run) for _, run in replicate_branches(branches, territory_of(scenario), 0)
    ]
    assert others == [first, first]


def test_a_branch_gives_the_events_of_its_scenario_alone(scenario: Scenario) -> None:
    territory = territory_of(scenario)
    worlds = [at_strength(scenario, value) for value in (2.0, 1.0, 0.5)]
    branches = [Branch(policy, world) for world in worlds for policy in CURVES]
    together = [events_sha256(run) for _, run in replicate_branches(branches, territory, 1)]
    alone = [
        events_sha256(run) for world in worlds for _, run in replicate(world, territory, list(CURVES), 1)
    ]
    assert together == alone
    assert len(set(together)) > 2, "strengths differ, or this test says nothing"


def test_scenarios_of_different_burn_ins_share_none(scenario: Scenario) -> None:
    other = changed(scenario, {"acceptance.accepts": 0.5})
    branches = [Branch("cotation_only", scenario), Branch("cotation_only", other)]
    with pytest.raises(ValueError, match="mise en route"):
        next(replicate_branches(branches, territory_of(scenario), 0))


@pytest.mark.parametrize(("burn_in", "expected"), [("seniority", 1), ("cotation_quotas", 3)])
def test_a_joint_burn_in_is_shared_at_equal_points_alone(
    scenario: Scenario, tmp_path: Path, burn_in: str, expected: int
) -> None:
    """A joint matching reads the points that a target may override: here 20, 40 and 80."""
    world = changed(scenario, {"time.burn_in_policy": burn_in, "frontier.points": 4})
    found = list(playing.jobs(points_of(world), runs.loaded(world), [0], tmp_path))
    assert len(found) == expected
    played = [name for job in found for name in job.folders]
    assert len(played) == len(set(played)) == 3 + 3 + 5


def test_equal_runs_are_played_once_and_are_those_of_a_comparison(played: Frontier) -> None:
    kept = {path.name for path in played.out.iterdir() if path.is_dir()}
    # Strengths 1 and 2 of two curves, five policies beside: cotation_peuplement is strength 1 itself.
    assert len(kept) == 2 * (2 + 2 + 5)
    by_name = {point.name: point for point in played.points}
    own = folders(played, by_name["cotation_peuplement 1"])
    assert own == folders(played, by_name["free 1"])
    assert folders(played, by_name["free 0"]) == folders(played, by_name["cotation_quotas 0"])
    place = runs.loaded(played.scenario)
    asked = runs.job(played.scenario, place, 0, played.out)
    assert not asked.folders, "the ladder is already there for a comparison of the same scenario"


def test_a_manifest_says_the_scenario_its_run_was_played_under(played: Frontier) -> None:
    point = next(point for point in played.points if point.name == "iso 2")
    for folder in folders(played, point):
        manifest = run_folder.read_manifest(folder)
        assert manifest["policy"] == "cotation_peuplement_iso"
        assert [target["floor"] for target in manifest["scenario"]["target"]] == [0.70, 0.95]
        assert run_folder.read_context(folder)["max_points_forgone"] == 80


def test_the_same_command_plays_what_is_missing_and_nothing_else(
    played: Frontier, scenario: Scenario, tmp_path: Path
) -> None:
    import shutil

    out = tmp_path / "again"
    shutil.copytree(played.out, out)
    lost, *_ = folders(played, next(point for point in played.points if point.name == "iso 2"))
    (out / lost.name / "manifest.json").unlink()
    before = {file: file.stat().st_mtime_ns for file in out.glob("*/manifest.json")}
    found = playing.play(scenario, out, workers=1)
    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert (out / lost.name / "manifest.json").is_file()
    assert found.means.equals(played.means)
    assert found.from_zero.equals(played.from_zero)


def test_an_interruption_keeps_what_is_finished(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    write = run_folder.write_run

    def interrupt(folder: Path, *arguments: object, **named: object) -> object:
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(folder)
        return write(folder, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(run_folder, "write_run", interrupt)
    with pytest.raises(StoppedEarly, match=r"2 simulation\(s\) terminée\(s\) sur 18"):
        playing.play(scenario, tmp_path, workers=1)
    assert sorted(path.parent for path in tmp_path.glob("*/manifest.json")) == sorted(kept)


def test_at_constant_volumes_each_sitting_keeps_its_first_places_by_group(scenario: Scenario) -> None:
    """As many first places a group as the legal matching alone gives on the same sitting, at strength 2."""
    world = at_strength(scenario, 2)
    read = ALWAYS | mask([target.public for target in world.target])
    seen = []

    def watch(sitting: Sitting, shortlist: Shortlist) -> None:
        if shortlist.carry is None:
            return  # of the burn-in
        from sim.policies import POLICIES

        def groups(rows: np.ndarray) -> list[int]:
            first = rows[:, 0]
            return sorted((sitting.signature[first[first != NOBODY]] & read).tolist())

        seen.append((groups(shortlist.rows), groups(POLICIES["cotation_quotas"](sitting).rows)))

    list(replicate(world, territory_of(world), ["cotation_peuplement_iso"], 0, watch))
    assert len(seen) > 10
    assert all(kept == asked for kept, asked in seen)
