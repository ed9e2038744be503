"""Are sittings held on what is vacant, and offers made from their lists to who waits, one at a time?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.invariants.accounts import NEVER, Accounts, Breach, again, first, successive
from sim.outcomes import NOWHERE


def a_sitting_examines_what_is_vacant(run: Accounts) -> Iterator[Breach]:
    """A vacancy is examined once candidates are sought, and until it is let."""
    vacancy = run.examined_vacancy
    yield from first("sittings", run.held_s < run.search_s[vacancy], "nobody is sought for it yet")
    yield from first("sittings", run.held_s > run.let_s[vacancy], "the vacancy is let")
    yield from first("sittings", run.held_s > run.withdrawn_s[vacancy], "the dwelling is let no more")


def a_list_holds_its_offers(run: Accounts) -> Iterator[Breach]:
    """An offer stands on a list made before it, at a rank of its own; a list has no more than it says.

    A list of the burn-in is absent: its vacancy was sought for then, and is examined again later.
    """
    of_run = np.flatnonzero(run.on_list != NOWHERE)
    own, absent = run.on_list[of_run], run.on_list == NOWHERE
    yield from first("offers", absent & run.sitting_known, "the sitting made no list for this vacancy")
    next_s = np.full(len(run.let_s), NEVER)
    np.minimum.at(next_s, run.examined_vacancy, run.held_s)
    vacancy = run.offered_vacancy
    stray = absent & ((run.search_s[vacancy] >= 0) | (run.answered_s > next_s[vacancy]))
    yield from first("offers", stray, "there was no such sitting")
    yield from first("offers", run.made_s[of_run] < run.held_s[own], "made before its sitting", of_run)
    yield from first("offers", run.rank < 1, "ranks begin at 1")
    yield from first("offers", run.rank[of_run] > run.listed[own], "its rank is beyond the list", of_run)
    many = np.bincount(own, minlength=len(run.listed)) > run.listed
    yield from first("sittings", many, "more offers than demands listed")
    ranks = run.offered_list_name * (run.rank.max(initial=0) + 1) + run.rank
    yield from first("offers", again(ranks), "another demand has this rank")
    names = run.offered_list_name * len(run.filed_s) + run.offered_demand
    yield from first("offers", again(names), "the demand is twice on the list")


def a_demand_is_offered_while_it_waits(run: Accounts) -> Iterator[Breach]:
    """An offer is made and answered between filing and closing; one withdrawn from may end after."""
    closed_s = run.closed_s[run.offered_demand]
    early = run.made_s < run.filed_s[run.offered_demand]
    yield from first("offers", early, "the demand was not filed yet")
    late = (run.offered_s != NEVER) & (run.offered_s > closed_s)
    yield from first("offers", late, "the demand was closed")
    withdrawn = (run.outcomes.offers["outcome"] == "withdrawn").to_numpy(dtype=bool)
    yield from first("offers", ~withdrawn & (run.answered_s > closed_s), "answered by a closed demand")


def offers_come_one_at_a_time(run: Accounts) -> Iterator[Breach]:
    """A demand considers one offer at a time, and a vacancy is offered to one demand at a time."""
    made = np.flatnonzero(run.offered_s != NEVER)
    offered_s, answered_s = run.offered_s[made], run.answered_s[made]
    for thing, of in (("demand", run.offered_demand), ("vacancy", run.offered_vacancy)):
        before, after = successive(of[made], offered_s, answered_s)
        live = offered_s[after] < answered_s[before]
        yield from first("offers", live, f"the {thing} has another offer to answer", made[after])
