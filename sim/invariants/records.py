"""Can the tables be read together: do names lead somewhere, do causes come first?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.invariants.accounts import NEVER, Accounts, Bools, Breach, Ints, again, first
from sim.outcomes import NOWHERE


def names_are_unique(run: Accounts) -> Iterator[Breach]:
    """No two demands, no two vacancies, no two lists of one sitting for one vacancy have one name."""
    for table, own in (("demands", run.same_demand), ("vacancies", run.same_vacancy)):
        yield from first(table, own != np.arange(len(own)), "this name is another row's")
    lists = np.flatnonzero(run.listed)
    yield from first("sittings", again(run.list_name[lists]), "this sitting has another list for it", lists)


def names_lead_somewhere(run: Accounts) -> Iterator[Breach]:
    """The demand and the vacancy that a sitting, an offer or a lease names are in their tables."""
    yield from first("sittings", run.examined_vacancy == NOWHERE, "no such vacancy")
    yield from first("offers", run.offered_vacancy == NOWHERE, "no such vacancy")
    yield from first("offers", run.offered_demand == NOWHERE, "no such demand")
    yield from first("leases", run.leased_vacancy == NOWHERE, "no such vacancy")
    yield from first("leases", run.leased_demand == NOWHERE, "no such demand")


def times_are_ordered(run: Accounts) -> Iterator[Breach]:
    """Causes come before effects, and effects are within the run."""
    closed, offered = run.closed_s != NEVER, run.offered_s != NEVER
    yield from first("demands", closed != (run.by_lease | run.left), "a time and a reason go together")
    yield from first("demands", run.filed_s > run.closed_s, "closed before it was filed")
    yield from first("demands", run.filed_s >= run.end_s, "filed after the end")
    yield from first("demands", closed & _outside(run, run.closed_s), "closed outside the run")
    yield from first("vacancies", run.keys_s > run.available_s, "available before its keys")
    yield from first("vacancies", run.available_s > run.let_s, "let before it was available")
    yield from first("sittings", _outside(run, run.held_s), "held outside the run")
    yield from first("offers", offered & (run.offered_s > run.answered_s), "answered before it was made")
    yield from first("offers", run.answered_s >= run.end_s, "answered after the end")
    yield from first("leases", _outside(run, run.signed_s), "signed outside the run")
    yield from first("leases", run.signed_s > run.ended_s, "ended before it was signed")


def _outside(run: Accounts, second: Ints) -> Bools:
    return (second < 0) | (second >= run.end_s)
