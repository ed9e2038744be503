"""How long does each part of a study take? One function a part, each meant for a process of its own.

`seconds` are of the processor. What a part stands on (a run to read, a folder of tables) is made in another
process, so that its memory is not the part's. `simplified` plays one of the programs of simplified.py. What a
part needs is loaded by it, so that whoever calls it holds little.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apart import apart

ROOT = Path(__file__).resolve().parent.parent
Figures = dict[str, Any]


def simplified(program: str, factor: float, years: int, spanned: float) -> Figures:
    """Play the simplified problem, `factor` times its size: "simpy", "numpy" or "numba".

    SimPy plays only the years `spanned`, after the start of everyone who waits; its `seconds` are those of
    the start and, in proportion, of all the years. `whole` and `early` are the checksums of whom it housed,
    in all and in those years.
    """
    import numpy as np
    import simplified as problem

    draws = problem.drawn(problem.Size(years=years).times(factor))
    if program == "simpy":
        env, taken = problem.simpy_model(draws)
        start = _seconds(lambda: env.run(until=1))
        played = _seconds(lambda: env.run(until=round(spanned * problem.YEAR_US)))
        seconds, housed = start + played * years / spanned, np.array(taken)
    elif program == "numpy":
        began = time.process_time()
        housed = problem.numpy_buckets(draws)
        seconds = time.process_time() - began
    else:
        from simplified_compiled import compiled_buckets

        compiled_buckets(problem.drawn(problem.Size(100, 10, 10, 1)))
        began = time.process_time()
        housed = compiled_buckets(draws)
        seconds = time.process_time() - began
    early = int((draws.vacant < round(spanned * problem.YEAR_US)).sum())
    whole = problem.checksum(housed)
    return {"seconds": seconds, "years": years, "whole": whole, "early": problem.checksum(housed[:early])}


def play(
    scenario: str, changes: dict[str, Any], policy: str, compiled: bool, kept: Path | None = None
) -> Figures:
    """Play a replication as `mixite run` does: `seconds` are of the policy alone, up to its checked outcomes.

    `compiled` as by default, else as with MIXITE_FAST=0. The outcomes are written to `kept` where given.
    """
    os.environ["MIXITE_FAST"] = "1" if compiled else "0"
    from sim.outcomes import events_sha256, save
    from sim.process.replication import replicate, territory_of
    from sim.scenario import load_scenario

    world = load_scenario(ROOT / "scenarios" / scenario, changes=changes)
    began = time.process_time()
    territory = territory_of(world)
    built = time.process_time()
    burnt_in = []

    class Asked(list[str]):
        def __iter__(self) -> Iterator[str]:
            burnt_in.append(time.process_time())  # policies are asked for once the burn-in is over
            return super().__iter__()

    ((_, outcomes),) = replicate(world, territory, Asked([policy]), 0)
    seconds = time.process_time() - burnt_in[0]
    if kept is not None:
        save(outcomes, kept)
    return {
        "territory": built - began,
        "burn_in": burnt_in[0] - built,
        "seconds": seconds,
        "years": world.time.years,
        "waiting": int((outcomes.demands["filed_s"] < 0).sum()),
        "leases": len(outcomes.leases) / world.time.years,
        "events_sha256": events_sha256(outcomes),
    }


def indicators(scenario: str, changes: dict[str, Any], kept: Path) -> Figures:
    """Compute every indicator of a run, kept or to be played and kept first."""
    if not (kept / "context.json").is_file():
        apart(play, scenario, changes, "cotation_only", True, kept)
    from sim.indicators import compute_all
    from sim.outcomes import load

    outcomes = load(kept)
    return {
        "seconds": _seconds(lambda: compute_all(outcomes)),
        "years": outcomes.years,
        "waiting": int((outcomes.demands["filed_s"] < 0).sum()),
        "leases": len(outcomes.leases) / outcomes.years,
    }


def reading(territory: str, scale: float) -> Figures:
    """Read the tables that `mixite synth` writes of a territory; `made` are the seconds of its synthesis."""
    with tempfile.TemporaryDirectory() as folder:
        made = apart(_write_territory, territory, scale, Path(folder)).value
        from sim.territory.files.reading import read_territory

        found: list[Any] = []
        seconds = _seconds(lambda: found.append(read_territory(Path(folder))))
    return {"seconds": seconds, "made": made, "waiting": len(found[0].demands.demand_id)}


def report(scenario: str, changes: dict[str, Any]) -> Figures:
    """Ask again for a comparison that is already played: statistics, figures, report; `runs` is how many."""
    with tempfile.TemporaryDirectory() as folder:
        apart(_compare, scenario, changes, Path(folder))
        seconds = _seconds(lambda: _compare(scenario, changes, Path(folder)))
        runs = sum(1 for _ in Path(folder).rglob("manifest.json"))
    return {"seconds": seconds, "runs": runs}


def _write_territory(territory: str, scale: float, folder: Path) -> float:
    from sim.territory.files.writing import write_territory
    from sim.territory.synthetic.build import load_spec, synthesise

    found: list[Any] = []
    spec = ROOT / "scenarios" / "territories" / territory
    made = _seconds(lambda: found.append(synthesise(load_spec(spec), scale=scale)))
    write_territory(found[0], folder)
    return made


def _compare(scenario: str, changes: dict[str, Any], folder: Path) -> bool:
    from mixite import comparing

    comparing.compare(comparing.load(ROOT / "scenarios" / scenario, changes), folder, workers=1)
    return True


def _seconds(work: Any) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
