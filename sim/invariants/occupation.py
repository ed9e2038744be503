"""Does each residence's stock follow from the year before, household by household?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.invariants.accounts import Accounts, Breach, first

ADDS, TAKES = ("entrants", "new"), ("leavers", "demolished", "sold")
COUNTS = (
    ("households", "", ()),
    ("first_quartile_fixed", "_fixed", ("in_place_fixed",)),
    ("first_quartile_legal", "_legal_old", ("in_place_legal_old", "drift_legal")),
    ("below_40_plus", "_below_40_plus", ("in_place_below_40_plus",)),
)
"""Each count, what its flows are named after, and what changes it without anybody moving."""


def a_year_changes_the_stock_by_its_flows(run: Accounts) -> Iterator[Breach]:
    """In each residence a count is the last year's and its flows; a residence that was not there had none."""
    table = run.outcomes.occupation
    if not len(table):
        return
    residence, year = table["residence_id"].to_numpy(), table["year"].to_numpy()
    order = np.lexsort((year, residence))
    follows = (residence[order][1:] == residence[order][:-1]) & (year[order][1:] == year[order][:-1] + 1)
    previous = np.full(len(table), -1)
    previous[order[1:][follows]] = order[:-1][follows]
    later = year > year.min()
    for count, suffix, still in COUNTS:
        values = table[count].to_numpy()
        before = np.where(previous >= 0, values[previous], 0)
        adds = table[[*(f"{name}{suffix}" for name in ADDS), *still]].to_numpy().sum(axis=1)
        takes = table[[f"{name}{suffix}" for name in TAKES]].to_numpy().sum(axis=1)
        wrong = later & (values != before + adds - takes)
        yield from first("occupation", wrong, f"{count} does not follow from the year before")
    crowded = (table["households"] > table["dwellings"]).to_numpy()
    yield from first("occupation", crowded, "more households than dwellings")
