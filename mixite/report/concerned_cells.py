"""How is a row of concerned.csv found, and how is it written in a cell of the report?

A change that chance may explain is written « non distingué » beside its interval; one that is still told once
all the rows of its pair are counted has a mark; a group that is too small has no figure at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mixite.report import numbers, words
from mixite.report.numbers import GAP, SHARE, YEARLY
from mixite.report.study import group_label, records
from sim.rules.traits import NAMES, trait

if TYPE_CHECKING:
    import pandas as pd

TOO_FEW = "effectif insuffisant"
RATIO = "rapport"
COUNTED = " †"
"""Mark of what is told even once the rows of its pair are counted (Holm)."""

UNITS = {
    "leases": "baux",
    "attribution_rate": YEARLY,
    "wait_housed_months": "mois",
    "age_pending_months": "mois",
    "passed_share": SHARE,
    "passed_often_share": SHARE,
    "housed_share_beside": SHARE,
    "housed_gap": GAP,
    "qpv_gap": GAP,
    "q1_per_vacancy": SHARE,
    **dict.fromkeys(("q1_ratio", "passed_ratio", "rate_ratio", "wait_ratio"), RATIO),
}
"""Units of the measures; numbers of demands or of times have none."""

DIMENSIONS = {
    "trait": "par public",
    "rooms_asked": "par typologie demandée",
    "first_commune": "par première commune souhaitée",
    "rooms": "par typologie du logement",
    "commune": "par commune du logement",
    "bailleur": "par bailleur",
    "qpv": "en QPV et hors QPV",
    "pool": "par vivier",
}

PLACES = ("first_commune", "commune", "bailleur")

NAMED = 3
"""So many groups without a figure are named; more are counted."""

POOLS = {
    "named": "candidats désignés par le réservataire",
    "delegated": "vivier du réservataire",
    "bailleur": "vivier du bailleur",
}


class Changes:
    """The rows of concerned.csv, by what they are of."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table

    @cached_property
    def _rows(self) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        names = ("policy_a", "policy_b", "measure", "side", "dimension", "group")
        told = self.table["distinguished_holm"].fillna(False).astype(bool)
        table = self.table.assign(distinguished_holm=told)
        return {tuple(row[name] for name in names): row for row in records(table)}

    def row(
        self, pair: tuple[str, str], measure: str, dimension: str, group: str, side: str = "demands"
    ) -> Mapping[str, Any] | None:
        """Return the row of a pair, measure and group, None where there is none."""
        return self._rows.get((*pair, measure, side, dimension, group))

    def family(self, pair: tuple[str, str]) -> int:
        """Return how many rows of a pair are counted together by Holm's rule."""
        table = self.table
        rows = table.loc[table["policy_a"].eq(pair[0]) & table["policy_b"].eq(pair[1]), "family"]
        return int(rows.max()) if len(rows) else 0

    def groups(self, dimension: str, side: str = "demands") -> list[str]:
        """Return the groups of a dimension: places by name, others in their own order."""
        chosen = self.table[self.table["dimension"].eq(dimension) & self.table["side"].eq(side)]
        found = list(dict.fromkeys(chosen["group"]))
        return sorted(found) if dimension in PLACES else found


def name_of(dimension: str, group: str) -> str:
    """Return the French name of a group."""
    if dimension == "trait":
        return trait(group).label_fr if group in NAMES else group
    if dimension == "pool":
        return POOLS.get(group, group)
    prefix = {"bailleur": "bailleur:", "commune": "commune ", "first_commune": "commune "}.get(dimension, "")
    return words.sentence(group_label(f"{prefix}{group}"))


def gathered(rows: Sequence[tuple[str, ...]], plain: int = 0) -> list[tuple[str, ...]]:
    """Return the rows of a table, those without any figure told together in one last row.

    `plain` cells after the first hold no figure of the group.
    """
    few = [row for row in rows if set(row[1 + plain :]) <= {TOO_FEW, numbers.ABSENT, ""}]
    if not few:
        return list(rows)
    named = " ; ".join(row[0] for row in few) if len(few) <= NAMED else f"{len(few)} autres groupes"
    last = (named, *("",) * plain, *few[0][1 + plain :])
    return [*(row for row in rows if row not in few), last]


def value(row: Mapping[str, Any] | None, side: str = "mean_b") -> str:
    """Return a level: the mean of a policy, the first (`mean_a`) or the second."""
    if row is None:
        return numbers.ABSENT
    return TOO_FEW if row["small"] else level(row[side], row["measure"])


def level(number: float, measure: str) -> str:
    """Return a number in the unit of its measure."""
    unit = UNITS.get(measure, "")
    if unit == RATIO:
        return numbers.number(number, 2)
    return numbers.measure(number, unit) if unit and unit != "baux" else numbers.number(number, 1)


def change(row: Mapping[str, Any] | None) -> str:
    """Return a difference with its interval, or that chance may explain it."""
    if row is None:
        return numbers.ABSENT
    if row["small"]:
        return TOO_FEW
    unit = UNITS.get(row["measure"], "")
    bounds = interval(row["ci_low"], row["ci_high"], row["measure"])
    if not row["distinguished"]:
        return words.NOT_DISTINGUISHED if bounds == numbers.ABSENT else f"{words.NOT_DISTINGUISHED} {bounds}"
    if unit == RATIO:
        middle = numbers.signed(row["difference"], 2)
    elif unit in ("", "baux"):
        middle = numbers.signed(row["difference"], 1)
    else:
        middle = numbers.measure(row["difference"], unit, difference=True)
    return f"{middle} {bounds}{counted(row)}"


def counted(row: Mapping[str, Any]) -> str:
    """Return the mark of a row that is told even once those of its pair are counted."""
    return COUNTED if row["distinguished_holm"] else ""


def is_told(cell: str) -> bool:
    """Tell whether a cell holds a change that is distinguished."""
    return bool(cell) and not cell.startswith((words.NOT_DISTINGUISHED, TOO_FEW, numbers.ABSENT))


def spread(row: Mapping[str, Any] | None) -> str:
    """Return the level of a policy with its interval, where its first is 0 or an even value."""
    if row is None or row["small"]:
        return value(row)
    low, high = (row["mean_a"] + row[side] for side in ("ci_low", "ci_high"))
    places = 2 if UNITS.get(row["measure"]) == RATIO else 1
    found = numbers.number(row["mean_b"], places)
    if low != low:
        return found
    mark = counted(row) if UNITS.get(row["measure"]) == RATIO else ""  # a number of demands is above 0
    return f"{found} [{numbers.number(low, places)} ; {numbers.number(high, places)}]{mark}"


def interval(low: float, high: float, measure: str) -> str:
    """Return the interval of a difference in the unit of its measure."""
    unit = UNITS.get(measure, "")
    if unit == RATIO and low == low:
        return f"[{numbers.signed(low, 2)} ; {numbers.signed(high, 2)}]"
    return numbers.interval(low, high, unit or "demandes")
