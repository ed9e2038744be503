"""Why were better scored demands on no list of a sitting?

Read in what the policy followed and in the prices it found, at every sitting of a run; nothing is solved
again, so that a row named here is a candidate. What a row did to one demand of one sitting is confirmed by
sim/policies/reasons.py, for whoever prepares that sitting. Left out on purpose: who is not eligible for the
dwelling (typology, commune, ceiling, réservataire's pool); nobody is passed over for a dwelling that is not
open to him.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.outcomes import PASSED_BY
from sim.policies.match_rows import adds
from sim.policies.sitting import Shortlist, Sitting
from sim.rules.quotas import TARGET, Rows
from sim.territory.columns import Ints

FIRST_BY_LAW, PRIORITY, BY_TARGET, JOINT, ORDER = PASSED_BY


def reasons(sitting: Sitting, shortlist: Shortlist, better: Sequence[Ints]) -> dict[str, Ints]:
    """Return the demands passed over by reason, positions of the sitting, once for each vacancy.

    1. Whoever law puts first, or the grid before any points, passes before points.
    2. Under rows, one takes from a demand its price times what a lease to the first of the list adds to it
       more than a lease to the demand would; name the row that takes most.
    3. Of the others it is the policy's own order, or how it treats dwellings together.

    Parameters
    ----------
    better : (V,) arrays of positions, what `sittings.passed_over` returned for these lists
    """
    if not any(map(len, better)):
        return {}
    found: defaultdict[str, list[Ints]] = defaultdict(list)
    by_law = sitting.first_by_law
    toll = _Toll(sitting, shortlist.evidence, better, shortlist.rows[:, 0]) if _rows(shortlist) else None
    for vacancy, passed in enumerate(better):
        if not len(passed):
            continue
        lead = int(shortlist.rows[vacancy, 0])
        if vacancy in by_law:
            found[FIRST_BY_LAW].append(passed)
            continue
        if sitting.absolute_priority[lead]:
            flagged = sitting.absolute_priority[passed]
            found[PRIORITY].append(passed[~flagged])
            passed = passed[flagged]
        if toll is None:
            found[JOINT if "rows" in shortlist.evidence else ORDER].append(passed)
            continue
        rules = toll.dearest(vacancy, lead, passed)
        for rule in np.unique(rules).tolist():
            found[rule].append(passed[rules == rule])
    joined = {reason: np.concatenate(parts) for reason, parts in found.items()}
    return {reason: positions for reason, positions in joined.items() if len(positions)}


def _rows(shortlist: Shortlist) -> int:
    followed: Rows | None = shortlist.evidence.get("followed")
    return 0 if followed is None else len(followed)


class _Toll:
    """What the rows of a sitting take from those passed over, for those who are first."""

    def __init__(
        self, sitting: Sitting, evidence: Mapping[str, Any], better: Sequence[Ints], lead: Ints
    ) -> None:
        self.rows, self.price = evidence["followed"], evidence["pressing"]
        self.signature = sitting.signature
        who = np.concatenate([lead[lead >= 0], *better])
        self.known = np.unique(self.signature[who]).astype(np.int64)
        self.table = adds(self.rows, self.known)
        of_rows = zip(self.rows.rule, self.rows.tier.tolist(), strict=True)
        self.rule = np.array([*(BY_TARGET if tier == TARGET else rule for rule, tier in of_rows), JOINT])

    def dearest(self, vacancy: int, lead: int, passed: Ints) -> Any:
        """Return the reason of the row that takes most from each demand, JOINT where none does, (n,)."""
        here = np.flatnonzero(self.rows.scope[:, vacancy] & (self.price > 0))
        if not len(here):
            return np.full(len(passed), JOINT)
        kind = self.known.searchsorted(self.signature[passed])
        first = self.known.searchsorted(self.signature[lead])
        more = self.table[here, first][:, None] - self.table[here][:, kind]
        taken = self.price[here][:, None] * more
        row = here[taken.argmax(axis=0)]
        return self.rule[np.where(taken.max(axis=0) > 0, row, len(self.rule) - 1)]
