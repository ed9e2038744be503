"""How long does an officer wait for an order, and for its reasons, over a metropolis' whole list?

    python bench/desk.py [--vacancies 200] [--scale 1.0] [--repeats 3]

Asked, for 200 vacancies over 60,000 demands: 1 s for an order in one objective, 8 s for one proved stage by
stage with its reasons, before printing. The vacancies are dwellings of the MEL of synthesis taken at random,
the leases signed before drawn alike; the day's Sitting is read anew each time. Beside them, in the same run:
`cotation_only` over the same pools, each vacancy to the best scored who is left, no row, proof or reason:
the lower limit, as no order of any policy is had for less. A person's lock is tried without reading the day
again. Last, a workbook in which many households are owed a dwelling (owed.py): few fit, nearly every reason
is a legal row's, and a problem without that row is far from the one solved. Seconds of processor time,
medians; the machine is shared, so the ratios say more.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from owed import workbook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mixite.desk.options import Options  # noqa: E402
from mixite.desk.request import Request  # noqa: E402
from mixite.desk.source import asked  # noqa: E402
from mixite.desk.suggesting import Suggestion, again, suggest  # noqa: E402
from sim.policies import POLICIES  # noqa: E402
from sim.policies.parameters import Parameters  # noqa: E402
from sim.policies.sitting import NOBODY  # noqa: E402
from sim.process.legality import hold  # noqa: E402
from sim.process.replication import grid_of  # noqa: E402
from sim.process.today import BY_BAILLEUR, DELEGATED, Known, SignedLeases, Today, Vacant, today  # noqa: E402
from sim.rules.traits import mask  # noqa: E402
from sim.scenario import load_scenario  # noqa: E402
from sim.territory.columns import RESERVATAIRES  # noqa: E402
from sim.territory.synthetic.build import load_spec, synthesise  # noqa: E402

SHARES = {"etat": 0.25, "action_logement": 0.25, "collectivite": 0.1, "aucun": 0.4}
"""Of the vacancies drawn, by réservataire: about those of law."""

LEASES, FIRST_QUARTILE = 3_000, 0.2
"""Leases signed before the day, over the three years that targets look at, and their share to the public."""


OWED = 1_000, 20, 0.05
"""Candidates and dwellings of the workbook, and the share of its candidates under DALO."""


def request_of(vacancies: int, scale: float) -> Request:
    """Return a sitting of the MEL of synthesis: the same for the same numbers."""
    territory = synthesise(load_spec(ROOT / "scenarios/territories/mel.toml"), scale=scale, seed=0)
    scenario = load_scenario(ROOT / "scenarios/mel.toml")
    draw = np.random.default_rng(0)
    stock = len(territory.dwellings.dwelling_id)
    holders = [RESERVATAIRES.index(name) for name in SHARES]
    day = territory.as_of + timedelta(days=60)
    vacant = tuple(
        Vacant(row, day, holder, BY_BAILLEUR if RESERVATAIRES[holder] == "aucun" else DELEGATED)
        for row, holder in zip(
            np.sort(draw.choice(stock, vacancies, replace=False)).tolist(),
            draw.choice(holders, vacancies, p=list(SHARES.values())).tolist(),
            strict=True,
        )
    )
    first = mask(["first_quartile"]), mask(["q2_q4"])
    leases = SignedLeases(
        draw.integers(0, stock, LEASES),
        np.datetime64(territory.as_of) - draw.integers(0, 900, LEASES),
        draw.choice(holders, LEASES),
        np.where(draw.random(LEASES) < FIRST_QUARTILE, *first),
    )
    on = day + timedelta(days=1)
    return Request(territory, Known(vacant, leases=leases), on, scenario, grid_of(scenario))


def many_due() -> Request:
    """Return the sitting of a workbook in which many are owed a dwelling."""
    with TemporaryDirectory() as folder:
        return asked(workbook(Path(folder) / "commission.xlsx", *OWED), None, Options())


def day_of(request: Request, parameters: Parameters) -> Today:
    """Return the day's Sitting."""
    found = today(request.scenario, request.territory, request.grid, request.on, request.known, parameters)
    _ = found.sitting.rows, found.sitting.pool  # read when first asked for
    return found


def ordered(request: Request, policy: str) -> None:
    """Suggest an order in one objective, checked against the law."""
    found = day_of(request, Parameters())
    hold(found.world, found.state, policy, found.sitting, POLICIES[policy](found.sitting))


def seconds(work: Callable[[], Any], repeats: int) -> float:
    """Return the median processor time of some work."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def other_first(found: Suggestion) -> list[tuple[int, int]]:
    """Return a pair to lock: whom the first list of three has second, first instead."""
    vacancy = int(np.flatnonzero(found.shortlist.rows[:, 1] != NOBODY)[0])
    sitting = found.sitting
    return [(int(sitting.dwelling[vacancy]), int(sitting.demand[found.shortlist.rows[vacancy, 1]]))]


def main() -> None:
    """Measure, and print one line a figure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--vacancies", type=int, default=200)
    options.add_argument("--scale", type=float, default=1.0)
    options.add_argument("--repeats", type=int, default=3)
    asked = options.parse_args()
    request = request_of(asked.vacancies, asked.scale)
    proved = suggest(request)  # everything is loaded once
    confirmed = sum(one.confirmed for one in proved.not_presented)
    counted = sum(sum(many.values()) for many in proved.explained.counts.values()) if proved.explained else 0
    print(
        f"{asked.vacancies} vacancies, {len(request.territory.demands.demand_id)} demands, "
        f"{len(proved.sitting.pool)} pairs, {len(proved.sitting.rows)} rows; {counted} better scored and not "
        f"presented, {len(proved.not_presented)} told one by one, {confirmed} of them confirmed"
    )
    locked = replace(proved, request=request)
    owed = many_due()
    greedy = seconds(lambda: ordered(request, "cotation_only"), asked.repeats)
    for name, limit, work in (
        ("the day's Sitting alone", None, lambda: day_of(request, Parameters())),
        ("cotation_only, the lower limit", None, lambda: ordered(request, "cotation_only")),
        ("one objective", 1.0, lambda: ordered(request, "cotation_peuplement")),
        ("in stages, with reasons", 8.0, lambda: suggest(request)),
        ("again, with a lock", None, lambda: again(locked, locked=other_first(locked))),
        (f"{OWED[1]} vacancies, {OWED[0]} candidates, many due", 8.0, lambda: suggest(owed)),
    ):
        took = seconds(work, asked.repeats)
        said = "" if limit is None else f", {limit:g} s asked"
        print(f"{name}: {took:.2f} s, {took / greedy:.1f} times the lower limit{said}")


if __name__ == "__main__":
    main()
