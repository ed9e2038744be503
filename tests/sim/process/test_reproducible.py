"""Same question, same bytes: whatever the order things are made in, who plays them, and where.

Left out on purpose: the order of a territory's rows, which is in test_metamorphic.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy

from mixite import comparing, playing, run_folder
from sim.outcomes import DAY_S, YEAR_S, Outcomes, events_sha256
from sim.policies import POLICIES
from sim.process import engine
from sim.process.replication import grid_of, initial_state, open_run, replicate, territory_of
from sim.process.state import State
from sim.process.telling import tell
from sim.process.world import World, world_of
from sim.scenario import Scenario, load_scenario

HOUSE = Path(__file__).parents[3]
TINY = {"time.years": 1, "time.burn_in_months": 2, "scale": 0.5, "sittings.every_days": 14}


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return load_scenario(Path("scenarios/tutorial.toml"), changes=TINY)


# --- order of insertion -----------------------------------------------------------------------------------

ORDERS = {
    "last made, first played": lambda: count(0, -1),
    "drawn": lambda: iter(np.random.default_rng(1).permutation(200_000).tolist()),
}


@pytest.mark.parametrize("order", list(ORDERS))
def test_order_in_which_events_are_made_is_of_no_effect(
    tiny: Scenario, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SimPy alone orders events of one time and priority by insertion: here, otherwise."""
    territory, policies = territory_of(tiny), ("cotation_only", "cotation_peuplement")
    plain = [events_sha256(run) for _, run in replicate(tiny, territory, policies, 0)]

    class Reordered(simpy.Environment):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._eid = ORDERS[order]()  # type: ignore[assignment]

    monkeypatch.setattr(engine.simpy, "Environment", Reordered)
    assert [events_sha256(run) for _, run in replicate(tiny, territory, policies, 0)] == plain


def turned(state: State) -> State:
    """Return a copy whose dictionaries and lists without meaning of order are in the other order."""
    other = state.copy()
    other.vacancies = dict(reversed(other.vacancies.items()))
    other.proposed = dict(reversed(other.proposed.items()))
    other.filed = dict(reversed(other.filed.items()))
    other.records.ended = dict(reversed(other.records.ended.items()))
    other.freed.reverse()
    other.moved_in.reverse()
    return other


def played_on(world: World, state: State, policy: str) -> Outcomes:
    engine.play(world, state, POLICIES[policy], world.end_s)
    return tell(world, state)


@pytest.mark.parametrize("policy", ["cotation_only", "cotation_peuplement"])
def test_a_state_taken_up_in_another_order_goes_on_the_same(
    tiny: Scenario, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monthly = tiny.sittings.model_copy(update={"every_days": 28})
    whole = tiny.territory.model_copy(update={"scale": 1.0})
    scenario = tiny.model_copy(update={"sittings": monthly, "territory": whole})
    world = world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
    state = initial_state(world)
    open_run(world, state)
    while len(state.vacancies) < 2 or max(len(state.freed), len(state.moved_in)) < 2:
        assert state.now_s < 0.9 * YEAR_S, "nothing to turn"
        engine.play(world, state, POLICIES[policy], state.now_s + 3 * DAY_S)
    plain = events_sha256(played_on(world, state.copy(), policy))
    assert events_sha256(played_on(world, turned(state), policy)) == plain

    def drawn(items: Iterable[Any], **named: Any) -> list[Any]:
        """Sort where an order is asked by a key; else, where processes are made, shuffle."""
        found = sorted(items, **named)
        places = np.random.default_rng(2).permutation(len(found)).tolist()
        return found if named else [found[place] for place in places]

    monkeypatch.setattr(engine, "sorted", drawn, raising=False)
    assert events_sha256(played_on(world, turned(state), policy)) == plain


def test_dwellings_freed_and_awaited_in_another_order_are_let_alike(
    tiny: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    territory = territory_of(tiny)
    ((_, plain),) = replicate(tiny, territory, ("cotation_only",), 0)
    opened, held = engine._Engine.open_vacancies, engine._Engine.hold_sitting

    def open_backwards(self: Any) -> None:
        self.state.freed.reverse()
        opened(self)

    def hold_backwards(self: Any, vacancies: list[Any]) -> None:
        held(self, vacancies[::-1])

    monkeypatch.setattr(engine._Engine, "open_vacancies", open_backwards)
    monkeypatch.setattr(engine._Engine, "hold_sitting", hold_backwards)
    ((_, other),) = replicate(tiny, territory, ("cotation_only",), 0)
    assert events_sha256(other) == events_sha256(plain)


# --- who plays, in which order, in how many times ---------------------------------------------------------


@pytest.fixture
def three(tiny: Scenario) -> Scenario:
    """Three replications of two policies, small."""
    compared = ("cotation_only", "cotation_peuplement")
    return tiny.model_copy(
        update={
            "runs": tiny.runs.model_copy(update={"replications": 3}),
            "policies": tiny.policies.model_copy(update={"compare": compared}),
            "territory": tiny.territory.model_copy(update={"scale": 0.3}),
            "sittings": tiny.sittings.model_copy(update={"every_days": 28}),
        }
    )


def kept(out: Path) -> dict[str, str]:
    """Return the identity of the events of each run of a comparison's folder, and of how it was matched."""
    folders = [path.parent for path in out.glob("*/manifest.json")]
    matched = {folder: sha256((folder / "matchings.parquet").read_bytes()).hexdigest() for folder in folders}
    return {
        folder.name: f"{run_folder.read_manifest(folder)['events_sha256']} {matched[folder]}"
        for folder in folders
    }


def test_order_of_jobs_and_resuming_change_no_event(three: Scenario, tmp_path: Path) -> None:
    place = playing.loaded(three)

    def jobs(out: Path) -> list[playing.Job]:
        return [playing.job(three, place, number, out) for number in range(3)]

    onwards, backwards = tmp_path / "onwards", tmp_path / "backwards"
    playing.play_all(jobs(onwards), place, 1, onwards)
    playing.play_all([jobs(backwards)[number] for number in (2, 0, 1)], place, 1, backwards)
    plain = kept(onwards)
    assert len(plain) == 6
    assert len(set(plain.values())) == 6
    assert kept(backwards) == plain
    for folder in sorted(onwards.iterdir())[::2]:  # half of the runs, some with a sister that is kept
        shutil.rmtree(folder)
    assert len(kept(onwards)) == 3
    playing.play_all(jobs(onwards), place, 1, onwards)
    assert kept(onwards) == plain


@pytest.mark.slow
def test_comparisons_by_1_2_and_8_workers_keep_the_same_events(three: Scenario, tmp_path: Path) -> None:
    found = []
    for workers in (1, 2, 8):
        out = tmp_path / str(workers)
        comparing.compare(three, out, workers)
        found.append((kept(out), (out / "comparison.csv").read_bytes()))
    assert len(found[0][0]) == 6
    assert found[0] == found[1] == found[2]


# --- another process, another interpreter -----------------------------------------------------------------

DIGESTS = """
import sys
from pathlib import Path
from sim.outcomes import events_sha256
from sim.process.replication import replicate, territory_of
from sim.scenario import load_scenario
scenario = load_scenario(Path("scenarios/jouet.toml"), changes={"time.years": 1})
runs = replicate(scenario, territory_of(scenario), sys.argv[1].split(","), 0)
print(*(events_sha256(run) for _, run in runs), any(name.split(".")[0] == "ortools" for name in sys.modules))
"""


def answers(interpreter: str, policies: Iterable[str], hash_seed: str = "0", fast: str = "1") -> list[str]:
    """Return the digests of the toy under policies in a process of its own, then whether it had ortools."""
    done = subprocess.run(
        [interpreter, "-c", DIGESTS, ",".join(policies)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(HOUSE), "MIXITE_FAST": fast},
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def here(policies: Iterable[str]) -> list[str]:
    toy = load_scenario(Path("scenarios/jouet.toml"), changes={"time.years": 1})
    return [events_sha256(run) for _, run in replicate(toy, territory_of(toy), tuple(policies), 0)]


@pytest.mark.parametrize("hash_seed", ["0", "random"])
def test_hash_seeds_change_no_event_and_one_by_one_no_optimiser_is_needed(hash_seed: str) -> None:
    one_by_one = ("cotation_only", "lottery")
    assert answers(sys.executable, one_by_one, hash_seed) == [*here(one_by_one), "False"]


def test_compiled_loops_change_no_event() -> None:
    plain = answers(sys.executable, POLICIES, fast="0")
    assert plain == answers(sys.executable, POLICIES, fast="1")
    assert plain[:-1] == here(POLICIES)


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_hash_seeds_change_no_event_of_any_policy(hash_seed: str) -> None:
    assert answers(sys.executable, POLICIES, hash_seed) == [*here(POLICIES), "True"]


NEEDED = "numpy, scipy, simpy, pandas, pydantic, pyarrow"


def interpreters(version: str) -> Iterator[str]:
    """Yield the interpreters of a version that hold what a run without the optimiser imports."""
    found = shutil.which(f"python{version}")
    check = f"import sys, {NEEDED}; assert sys.version_info[:2] == {tuple(map(int, version.split('.')))}"
    if found and not subprocess.run([found, "-c", check], capture_output=True, check=False).returncode:
        yield found


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_other_pythons_give_the_same_events(version: str) -> None:
    able = list(interpreters(version))
    if not able:
        pytest.skip(f"no python{version} here that can import {NEEDED}")
    assert answers(able[0], ["cotation_only"])[:-1] == here(["cotation_only"])
