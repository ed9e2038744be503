"""Who signs, for what and where: is each demand, vacancy, dwelling and household let once at a time?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.invariants.accounts import (
    NEVER,
    Accounts,
    Breach,
    again,
    differ,
    first,
    seconds,
    successive,
)
from sim.outcomes import NOWHERE

MOVES = ("mutation", "relogement")
"""Causes of a vacancy by which a household of the stock has moved within it."""


def a_demand_is_housed_by_one_lease(run: Accounts) -> Iterator[Breach]:
    """A demand closed by a lease signed exactly one, on closing, for its household; another demand none."""
    demands, leases, own = run.outcomes.demands, run.outcomes.leases, run.leased_demand
    yield from first("leases", again(own), "the demand has signed another lease")
    signed = np.bincount(own, minlength=len(demands)) > 0
    yield from first("demands", run.by_lease & ~signed, "closed by a lease that does not exist")
    yield from first("leases", ~run.by_lease[own], "the demand was not closed by a lease")
    yield from first("leases", run.closed_s[own] != run.signed_s, "not signed when the demand was closed")
    yield from first("leases", run.filed_s[own] != seconds(leases["filed_s"]), "not the filing of the demand")
    stranger = differ(leases["household_id"], demands["household_id"], own)
    yield from first("leases", stranger, "not the household of the demand")


def a_vacancy_is_let_by_one_lease(run: Accounts) -> Iterator[Breach]:
    """A vacancy let has exactly one lease, of its dwelling, at the second it is let; a lost one has none."""
    own = run.leased_vacancy
    yield from first("leases", again(own), "the vacancy is let by another lease")
    signed = np.bincount(own, minlength=len(run.let_s)) > 0
    yield from first("vacancies", run.lost & (signed | (run.let_s != NEVER)), "lost, and let")
    gone = run.withdrawn_s != NEVER
    yield from first(
        "vacancies", gone & (signed | run.lost | (run.let_s != NEVER)), "withdrawn, and let or lost"
    )
    yield from first("vacancies", ~signed & (run.let_s != NEVER), "let without a lease")
    yield from first("leases", run.let_s[own] != run.signed_s, "not signed when the vacancy was let")
    yield from first("leases", run.vacant_dwelling[own] != run.leased_dwelling, "not the vacancy's dwelling")


def a_lease_is_one_accepted_offer(run: Accounts) -> Iterator[Breach]:
    """A lease is the one accepted offer of its vacancy: same demand, rank, dwelling and second."""
    offers, leases, accepted = run.outcomes.offers, run.outcomes.leases, np.flatnonzero(run.accepted)
    vacancy = run.offered_vacancy[accepted]
    yield from first("offers", again(vacancy), "the vacancy has another accepted offer", accepted)
    yield from first("offers", run.accepted & (run.offered_s == NEVER), "accepted, and never made")
    signed = np.bincount(run.leased_vacancy, minlength=len(run.let_s)) > 0
    yield from first("offers", ~signed[vacancy], "accepted without a lease", accepted)
    of_vacancy = np.full(len(run.let_s), NOWHERE)
    of_vacancy[vacancy] = accepted
    own = of_vacancy[run.leased_vacancy]
    yield from first("leases", own == NOWHERE, "no offer was accepted")
    lease = np.flatnonzero(own != NOWHERE)
    own = own[lease]
    other = run.offered_demand[own] != run.leased_demand[lease]
    yield from first("leases", other, "the offer accepted was another demand's", lease)
    due_s = np.maximum(run.answered_s[own], run.available_s[run.leased_vacancy[lease]])
    late = due_s != run.signed_s[lease]
    yield from first("leases", late, "not signed on acceptance, nor when the works end", lease)
    ranks = leases["rank"].to_numpy()
    yield from first("leases", run.rank[own] != ranks[lease], "not the rank of the offer accepted", lease)
    other = differ(leases["dwelling_id"].take(lease), offers["dwelling_id"], own)
    yield from first("leases", other, "the offer accepted was of another dwelling", lease)


def a_dwelling_has_one_tenancy_at_a_time(run: Accounts) -> Iterator[Breach]:
    """A dwelling's next lease is signed once the last has ended, and its next vacancy begins on that day."""
    before, after = successive(run.leased_dwelling, run.signed_s, run.ended_s)
    early = run.signed_s[after] < run.ended_s[before]
    yield from first("leases", early, "the last lease of the dwelling has not ended", after)
    begins_s = run.following_keys_s[run.leased_vacancy]
    early = begins_s < np.minimum(run.ended_s, run.end_s)
    yield from first("leases", early, "the dwelling is vacant before the lease ends")
    late = (run.ended_s != NEVER) & (begins_s != run.ended_s)
    yield from first("leases", late, "ended, and the dwelling is not vacant then")


def a_dwelling_is_vacant_once_at_a_time(run: Accounts) -> Iterator[Breach]:
    """A dwelling's next vacancy begins once the last is let or, when it is lost, was available."""
    ends_s = np.where(run.lost, run.available_s, run.let_s)
    follows = run.following_vacancy != NOWHERE
    overlap = follows & (run.following_keys_s < ends_s)
    gone = follows & (run.withdrawn_s != NEVER)
    yield from first("vacancies", gone, "withdrawn, and vacant again")
    yield from first("vacancies", overlap, "the next vacancy of the dwelling begins before it is let")


def a_mutation_frees_one_dwelling(run: Accounts) -> Iterator[Breach]:
    """A dwelling freed by a mutation names the one lease that freed it: leases are entries and mutations.

    The lease of a chain that began before the start is not in the tables.
    """
    by_move = run.outcomes.vacancies["cause"].isin(MOVES).to_numpy(dtype=bool)
    yield from first("vacancies", by_move != run.freed, "freed by a mutation, or not, and says otherwise")
    rows = np.flatnonzero(run.freed & (run.freed_by != NOWHERE))
    freeing = run.freed_by[rows]
    yield from first("vacancies", again(freeing), "the lease frees another dwelling", rows)
    moves = np.zeros(len(run.let_s), dtype=bool)
    moves[run.leased_vacancy] = run.outcomes.leases["mutation"].to_numpy(dtype=bool)
    yield from first("vacancies", ~moves[freeing], "no mutation lease was signed where the tenant went", rows)
    early = run.keys_s[rows] < run.let_s[freeing]
    yield from first("vacancies", early, "freed before the lease that frees it", rows)
    same = run.vacant_dwelling[rows] == run.vacant_dwelling[freeing]
    yield from first("vacancies", same, "the tenant moves to the dwelling it frees", rows)


def a_household_has_one_lease_at_a_time(run: Accounts) -> Iterator[Breach]:
    """A household signs again once its lease has ended, or by the mutation that frees its dwelling.

    A dwelling freed after the last sitting of the run has no vacancy to show for it.
    """
    before, after = successive(run.household, run.signed_s)
    both = run.signed_s[after] < run.ended_s[before]
    before, after = before[both], after[both]
    freed, moved_s = run.following_vacancy[run.leased_vacancy[before]], run.signed_s[after]
    told = freed != NOWHERE
    by_move = run.outcomes.vacancies["cause"].isin(MOVES).to_numpy(dtype=bool)[freed]
    frees = told & by_move & (run.keys_s[freed] >= moved_s)
    frees |= ~told & (run.ended_s[before] == NEVER) & (moved_s >= run.held_s.max(initial=0))
    asked = run.outcomes.demands["mutation"].to_numpy(dtype=bool)[run.leased_demand[after]]
    yield from first("leases", ~(asked & frees), "the household keeps another lease", after)
