"""Is every demand accounted for, and every second of its wait?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.invariants.accounts import Accounts, Bools, Breach
from sim.outcomes import NOWHERE


def arrivals_are_housed_left_or_waiting(run: Accounts) -> Iterator[Breach]:
    """In each group, who waited at the start or filed is who signed a lease, left, or still waits."""
    waits = ~(run.by_lease | run.left)
    for group, member in _groups(run):
        arrived, housed = int(member.sum()), int(member[run.leased_demand].sum())
        left, waiting = int((member & run.left).sum()), int((member & waits).sum())
        if arrived != housed + left + waiting:
            sums = f"{arrived} arrived, {housed} housed + {left} left + {waiting} waiting"
            yield Breach("demands", NOWHERE, f"{group}: {sums}")


def waits_add_up_to_the_number_waiting(run: Accounts) -> Iterator[Breach]:
    """In each group, the number waiting integrated over the run is the sum of waits (Little), in seconds.

    1. A filing adds one; a lease, and any other closing, takes one off: a step function of time.
    2. Its integral from 0 to the end is compared with the waits that the demands tell.
    """
    left = np.flatnonzero(run.left)
    when = np.concatenate([np.maximum(run.filed_s, 0), run.signed_s, run.closed_s[left]])
    who = np.concatenate([np.arange(len(run.filed_s)), run.leased_demand, left])
    order = np.argsort(when, kind="stable")
    when, who, step = when[order], who[order], np.where(order < len(run.filed_s), 1, -1)
    wait_s = np.minimum(run.closed_s, run.end_s) - np.maximum(run.filed_s, 0)
    for group, member in _groups(run):
        events = np.flatnonzero(member[who])
        lasts_s = np.diff(when[events], append=run.end_s)
        integral, total = int(np.cumsum(step[events]) @ lasts_s), int(wait_s[member].sum())
        if integral != total:
            yield Breach("demands", NOWHERE, f"{group}: {integral} s integrated, {total} s of waits")


def _groups(run: Accounts) -> Iterator[tuple[str, Bools]]:
    """Give every demand, then those of each trait at filing."""
    demands = run.outcomes.demands
    yield "all", np.ones(len(demands), dtype=bool)
    for trait, member in demands.select_dtypes("bool").items():
        yield str(trait), member.to_numpy(dtype=bool)
