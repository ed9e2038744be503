"""How long does a territory take to live, and how does the cost grow with its size?

    python bench/engine.py [--years N] [--scales 0.1 0.3 1] [--policies cotation_only ...]

Each scale is played in a process of its own, so that the peak of memory is its own: building the territory, a
burn-in of six months, then the policies. In the same process, as peer and as lower limit, the same number of
vacancies is served from the same waiting list by
- a naive loop: for each vacancy, filter the whole list in plain Python objects, then sort it (extrapolated
  from a few vacancies);
- a scan alone: for each vacancy, one vectorised mask over the columns and one look at the best, with no
  offer, no refusal, no household that moves.
Seconds are of processor time. Ratios are to the naive loop and to the scan.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def measure(scale: float, years: int, policies: list[str]) -> dict[str, float]:
    """Play one scale and return its figures."""
    from sim.policies import POLICIES
    from sim.process import replication as rep
    from sim.process.engine import play
    from sim.process.world import world_of
    from sim.scenario import load_scenario

    changes = {"scale": scale, "time.years": years, "time.burn_in_months": 6}
    scenario = load_scenario(ROOT / "scenarios" / "mel.toml", changes=changes)
    began = time.process_time()
    territory = rep.territory_of(scenario)
    figures = {"scale": scale, "territory": time.process_time() - began}
    figures["territory_mb"] = _peak_mb()
    world = world_of(scenario, territory, rep.grid_of(scenario), 0)
    state = rep.initial_state(world)
    play(world, state, POLICIES["seniority"], 0)
    rep.open_run(world, state)
    for name in policies:
        branch = state.copy()
        before = len(branch.records.leases)
        began = time.process_time()
        play(world, branch, POLICIES[name], world.end_s)
        figures[name] = time.process_time() - began
        figures["leases"] = len(branch.records.leases) - before
        figures["examined"] = len(branch.records.sittings)
    figures["peak_mb"] = _peak_mb()
    figures |= _peers(world, state, int(figures["examined"]))
    return figures


def _peers(world: object, state: object, vacancies: int) -> dict[str, float]:
    """Return the time of the naive loop and of the scan for a number of vacancies, on the same list."""
    register, rows = state.register, state.open_rows
    rooms = world.territory.dwellings.rooms[np.arange(vacancies) % len(world.dwelling_key)]
    commune = world.commune[np.arange(vacancies) % len(world.dwelling_key)]
    columns = (
        register.rooms_min[rows],
        register.rooms_max[rows],
        register.wishes[rows],
        register.filed_s[rows],
    )
    began = time.process_time()
    for room, place in zip(rooms.tolist(), commune.tolist(), strict=True):
        wished = columns[2][:, place // 64] >> np.uint64(place % 64) & np.uint64(1) != 0
        fits = np.flatnonzero((columns[0] <= room) & (columns[1] >= room) & wished)
        if len(fits):
            columns[3][fits].argmin()
    scan = time.process_time() - began
    people = [
        SimpleNamespace(
            low=low, high=high, wishes=sum(int(w) << 64 * i for i, w in enumerate(words)), filed=filed
        )
        for low, high, words, filed in zip(*(column.tolist() for column in columns), strict=True)
    ]
    tried = 20
    began = time.process_time()
    for room, place in zip(rooms[:tried].tolist(), commune[:tried].tolist(), strict=True):
        fitting = [one for one in people if one.low <= room <= one.high and one.wishes >> place & 1]
        sorted(fitting, key=lambda one: one.filed)
    naive = (time.process_time() - began) / tried * vacancies
    return {"scan": scan, "naive": naive}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure every scale, each in its own process, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--scales", type=float, nargs="+", default=[0.1, 0.3, 1.0])
    parser.add_argument("--policies", nargs="+", default=["cotation_only"])
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one, given.years, given.policies)))
        return
    print(f"{given.years} years a policy; seconds of processor time a simulated year")
    titles = (
        "scale",
        "territory s",
        "MB",
        *given.policies,
        "peak MB",
        "leases/yr",
        "naive/first",
        "first/scan",
    )
    print(" | ".join(titles))
    for scale in given.scales:
        command = [sys.executable, __file__, "--one", str(scale), "--years", str(given.years)]
        done = subprocess.run(
            [*command, "--policies", *given.policies], capture_output=True, text=True, check=True
        )
        found = json.loads(done.stdout)
        first = found[given.policies[0]]
        cells = [
            f"{scale:g}",
            f"{found['territory']:.1f}",
            f"{found['territory_mb']:.0f}",
            *(f"{found[name] / given.years:.2f}" for name in given.policies),
            f"{found['peak_mb']:.0f}",
            f"{found['leases'] / given.years:.0f}",
            f"{found['naive'] / first:.1f}",
            f"{first / found['scan']:.1f}",
        ]
        print(" | ".join(cells))


if __name__ == "__main__":
    main()
