"""What do a run's tables say to each other? Times as plain integers, and the row each name leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import NOWHERE, Outcomes, codes

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max
"""A time that is null in its table."""


@dataclass(frozen=True)
class Accounts:
    """The tables of a run as arrays, each one value a row of the table it is listed under.

    `…_s` are seconds, NEVER where null. `…_demand` and `…_vacancy` are the row of that name in its table, the
    first where several have it, NOWHERE where none has. Other integers are codes.
    """

    outcomes: Outcomes
    end_s: int
    # demands
    filed_s: Ints
    closed_s: Ints
    by_lease: Bools  # closed by a lease
    left: Bools  # closed otherwise
    same_demand: Ints
    # vacancies
    keys_s: Ints
    available_s: Ints
    search_s: Ints
    let_s: Ints
    lost: Bools
    withdrawn_s: Ints  # when it was known that the dwelling is let no more
    same_vacancy: Ints
    vacant_dwelling: Ints
    freed: Bools  # by a mutation lease
    freed_by: Ints  # the vacancy of that lease
    following_vacancy: Ints  # the next one of its dwelling
    # sittings
    held_s: Ints
    listed: Ints
    examined_vacancy: Ints
    list_name: Ints  # sitting and vacancy
    # offers
    offered_s: Ints
    answered_s: Ints
    accepted: Bools
    rank: Ints
    offered_vacancy: Ints
    offered_demand: Ints
    offered_list_name: Ints
    on_list: Ints  # row of `sittings`
    sitting_known: Bools
    # leases
    signed_s: Ints
    ended_s: Ints
    leased_vacancy: Ints
    leased_demand: Ints
    leased_dwelling: Ints  # the codes of `vacant_dwelling`
    household: Ints

    @property
    def made_s(self) -> Ints:
        """When each offer was made, or came to nothing."""
        return np.minimum(self.offered_s, self.answered_s)

    @property
    def following_keys_s(self) -> Ints:
        """When the next vacancy of each vacancy's dwelling begins."""
        return np.where(self.following_vacancy == NOWHERE, NEVER, self.keys_s[self.following_vacancy])


class Breach(NamedTuple):
    """A row of a table that breaks an invariant, and how; row NOWHERE for the table as a whole."""

    table: str
    row: int
    fault: str


def read_accounts(outcomes: Outcomes) -> Accounts:
    """Return the accounts of a run."""
    demands, vacancies, sittings = outcomes.demands, outcomes.vacancies, outcomes.sittings
    offers, leases = outcomes.offers, outcomes.leases
    dwelling, leased_dwelling = codes([vacancies["dwelling_id"], leases["dwelling_id"]])
    demand, vacancy = outcomes.demand_rows, outcomes.vacancy_rows
    sitting, offered_at = codes([sittings["sitting_id"], offers["sitting_id"]])
    list_name = sitting * len(vacancies) + vacancy["sittings"]
    offered_list_name = offered_at * len(vacancies) + vacancy["offers"]
    listed = sittings["listed"].to_numpy(dtype=np.int64)
    keys_s, lost = seconds(vacancies["keys_s"]), vacancies["lost"].to_numpy(dtype=bool)
    let_s, ended_s = seconds(vacancies["let_s"]), seconds(leases["ended_s"])
    by_lease = _is(demands["closed_by"], "lease")
    return Accounts(
        outcomes=outcomes,
        end_s=int(outcomes.context["end_s"]),
        filed_s=seconds(demands["filed_s"]),
        closed_s=seconds(demands["closed_s"]),
        by_lease=by_lease,
        left=demands["closed_by"].notna().to_numpy() & ~by_lease,
        same_demand=demand["demands"],
        keys_s=keys_s,
        available_s=seconds(vacancies["available_s"]),
        search_s=seconds(vacancies["search_s"]),
        let_s=let_s,
        lost=lost,
        withdrawn_s=seconds(vacancies["withdrawn_s"]),
        same_vacancy=vacancy["vacancies"],
        vacant_dwelling=dwelling,
        freed=vacancies["freed_by"].notna().to_numpy(dtype=bool),
        freed_by=vacancy["freed_by"],
        following_vacancy=_following(
            dwelling, keys_s, ~lost, let_s, _of_vacancy(ended_s, vacancy["leases"], len(lost))
        ),
        held_s=seconds(sittings["held_s"]),
        listed=listed,
        examined_vacancy=vacancy["sittings"],
        list_name=list_name,
        offered_s=seconds(offers["offered_s"]),
        answered_s=seconds(offers["answered_s"]),
        accepted=_is(offers["outcome"], "accepted"),
        rank=offers["rank"].to_numpy(dtype=np.int64),
        offered_vacancy=vacancy["offers"],
        offered_demand=demand["offers"],
        offered_list_name=offered_list_name,
        on_list=_list_rows(list_name, listed, offered_list_name),
        sitting_known=np.isin(offered_at, sitting),
        signed_s=seconds(leases["signed_s"]),
        ended_s=ended_s,
        leased_vacancy=vacancy["leases"],
        leased_demand=demand["leases"],
        leased_dwelling=leased_dwelling,
        household=codes([leases["household_id"]])[0],
    )


def seconds(column: pd.Series[Any]) -> Ints:
    """Return times as plain integers, NEVER where null."""
    return np.asarray(column.astype("Int64").to_numpy(dtype=np.int64, na_value=NEVER), dtype=np.int64)


def first(table: str, broken: Bools, fault: str, of: Ints | None = None) -> Iterator[Breach]:
    """Give the first row broken; `of` holds rows of the table where `broken` is about some of them."""
    for row in np.flatnonzero(broken)[:1].tolist():
        yield Breach(table, row if of is None else int(of[row]), fault)


def again(values: Ints) -> Bools:
    """Return which values have come before."""
    return pd.Series(values).duplicated().to_numpy(dtype=bool)


def differ(one: pd.Series[Any], other: pd.Series[Any], row: Ints) -> Bools:
    """Return where texts differ from those in the rows named of another column."""
    different: Bools = one.to_numpy() != other.take(row).to_numpy()
    return different


def successive(of: Ints, *times: Ints) -> tuple[Ints, Ints]:
    """Return the rows that follow one another in time for one holder: before, after."""
    order = np.lexsort((*reversed(times), of))
    same = of[order][1:] == of[order][:-1]
    return order[:-1][same], order[1:][same]


def _is(texts: pd.Series[Any], text: str) -> Bools:
    return (texts == text).to_numpy(dtype=bool)


def _list_rows(names: Ints, listed: Ints, wanted: Ints) -> Ints:
    """Return the row of `sittings` of each list wanted; a sitting that listed nobody made no list."""
    lists = np.flatnonzero(listed)
    unique, first_of = np.unique(names[lists], return_index=True)
    if not len(unique):
        return np.full(len(wanted), NOWHERE)
    at = np.minimum(np.searchsorted(unique, wanted), len(unique) - 1)
    return np.where(unique[at] == wanted, lists[first_of[at]], NOWHERE)


def _of_vacancy(ended_s: Ints, vacancy: Ints, count: int) -> Ints:
    """Return when the lease of each vacancy ended, NEVER where it has none."""
    known, ended = vacancy != NOWHERE, np.full(count, NEVER)
    ended[vacancy[known]] = ended_s[known]
    return ended


def _following(dwelling: Ints, keys_s: Ints, kept: Bools, let_s: Ints, ended_s: Ints) -> Ints:
    """Return the next vacancy of each vacancy's dwelling.

    Of those of one second, one lost comes first, then the first to be let, then the first freed again.
    """
    before, after = successive(dwelling, keys_s, kept.astype(np.int64), let_s, ended_s)
    following = np.full(len(dwelling), NOWHERE)
    following[before] = after
    return following
