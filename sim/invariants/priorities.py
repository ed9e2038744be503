"""Does a DALO priority end as the law has it, and is nobody presented alone or kept out without ground?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.invariants.accounts import NEVER, Accounts, Bools, Breach, Ints, differ, first, seconds
from sim.outcomes import NOWHERE

REFUSED = ("refused", "silent")


def a_priority_ends_by_a_refusal(run: Accounts) -> Iterator[Breach]:
    """A DALO priority ends when an offer made under it is refused; where all are warned, at the first one."""
    offers = run.outcomes.offers
    recognised_s, lost_s = _dalo(run)
    lost = np.flatnonzero((lost_s >= 0) & (lost_s != NEVER))
    yield from first("demands", recognised_s[lost] > lost_s[lost], "lost without a recognition", lost)
    of = run.offered_demand
    under = offers["outcome"].isin(REFUSED).to_numpy(dtype=bool) & (run.offered_s != NEVER)
    under &= recognised_s[of] <= run.offered_s
    ends = np.unique(of[under & (run.answered_s == lost_s[of])])
    yield from first("demands", ~np.isin(lost, ends), "the priority was lost without a refusal", lost)
    chosen = run.outcomes.context.get("dalo", {})
    if chosen.get("offers") == 1 and chosen.get("warned_share") == 1:
        kept = under & (lost_s[of] > run.answered_s)
        yield from first("offers", kept, "refused under DALO, and the priority goes on")
    yield from _leases_under_dalo(run, recognised_s, lost_s)


def _leases_under_dalo(run: Accounts, recognised_s: Ints, lost_s: Ints) -> Iterator[Breach]:
    """A lease signed under DALO is after its recognition and not after its loss."""
    under, of = run.outcomes.leases["dalo"].to_numpy(dtype=bool), run.leased_demand
    yield from first("leases", under & (recognised_s[of] > run.signed_s), "signed before its recognition")
    yield from first("leases", under & (lost_s[of] <= run.signed_s), "signed under a priority that was lost")


def who_is_presented_alone_is_designated(run: Accounts) -> Iterator[Breach]:
    """A list of the préfet holds one household, recognised, of the bailleur designated, for the State."""
    sittings, vacancies = run.outcomes.sittings, run.outcomes.vacancies
    alone = sittings["short_reason"].eq("prefet").to_numpy(dtype=bool)
    yield from first("sittings", alone & (run.listed != 1), "the préfet's list holds one name")
    etat = vacancies["reservataire"].eq("etat").to_numpy(dtype=bool)
    yield from first("sittings", alone & ~etat[run.examined_vacancy], "the vacancy is not the State's")
    offered = np.flatnonzero(run.on_list != NOWHERE)
    offered = offered[alone[run.on_list[offered]]]
    demand, vacancy = run.offered_demand[offered], run.offered_vacancy[offered]
    recognised_s, lost_s = _dalo(run)
    held_s = run.held_s[run.on_list[offered]]
    lawful = (recognised_s[demand] <= held_s) & (held_s < lost_s[demand])
    yield from first("offers", ~lawful, "presented alone without a recognition", offered)
    owner, designated = vacancies["bailleur_id"].iloc[vacancy], run.outcomes.demands["dalo_bailleur_id"]
    yield from first("offers", differ(owner, designated, demand), "the bailleur is not designated", offered)


def who_is_kept_out_is_so_in_an_rpms(run: Accounts) -> Iterator[Breach]:
    """A household is kept out by the commission alone, of a residence listed as RPMS, and not under DALO."""
    offers = run.outcomes.offers
    out = offers["motive"].eq("RPMS").to_numpy(dtype=bool)
    attributed = out & ~offers["outcome"].eq("non_attribution").to_numpy(dtype=bool)
    yield from first("offers", attributed, "kept out of an RPMS, and attributed to")
    listed: Bools = run.outcomes.vacancies["in_rpms"].to_numpy(dtype=bool)
    yield from first("offers", out & ~listed[run.offered_vacancy], "the residence is no RPMS")
    recognised_s, lost_s = _dalo(run)
    listed_in_run = np.flatnonzero(out & (run.on_list != NOWHERE))
    of, held_s = run.offered_demand[listed_in_run], run.held_s[run.on_list[listed_in_run]]
    under = (recognised_s[of] <= held_s) & (held_s < lost_s[of])
    yield from first("offers", under, "kept out of an RPMS, and under DALO", listed_in_run)


def _dalo(run: Accounts) -> tuple[Ints, Ints]:
    """Return when each demand is recognised, and when it loses the priority, NEVER where not."""
    demands = run.outcomes.demands
    return seconds(demands["dalo_recognised_s"]), seconds(demands["dalo_lost_s"])
