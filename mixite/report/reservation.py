"""Which dwellings went to each réservataire, the largest gap to uniform shares first?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixite.report import markup, numbers, words
from mixite.report.study import WHOLE_RUN, Study, group_label
from sim.indicators.reservation import LEASES_GAP, ORIENTED, ORIENTED_GAP, SMALLEST_BASE

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 15
TOO_FEW = "effectif insuffisant"
HEADERS = (
    "Réservataire, et où",
    "Logements orientés",
    "À parts uniformes",
    "Écart",
    "Intervalle des répliques",
    "Écart des baux",
)
RULES = {
    "uniform": "les mêmes parts partout, tirées logement par logement",
    "observed": "des parts selon le QPV et la typologie",
    "by_capacity": "le type de la résidence, chaque réservataire gardant sa part de l'année",
}


@dataclass(frozen=True)
class Gap:
    """What one réservataire got in one place or year, over the replications; `leases` is NaN for a year."""

    label: str
    oriented: float
    gap: float
    low: float
    high: float
    leases: float

    @property
    def expected(self) -> float:
        """What its share would have given, the same everywhere."""
        return self.oriented - self.gap

    @property
    def enough(self) -> bool:
        """Tell whether so much was expected that the gap says something."""
        return self.expected >= SMALLEST_BASE


def section(study: Study) -> str:
    """Return the gaps of the policy shown, the largest first; empty where runs do not tell of orientation."""
    policy = study.first_pair[1]
    found = gaps(study, policy)
    if not found:
        return ""
    told = study.context.get("orientation", {})
    rule = RULES.get(told.get("rule", ""), "")
    said = (
        f"Politique « {words.policy(policy)} ». Règle d'orientation : {rule}. Chaque ligne compare, sur "
        "toute la période ou une année, les logements du flux orientés vers un réservataire à ceux que lui "
        "donnerait sa part si elle était partout la même ; à droite, le même écart pour les baux signés sur "
        "son flux. Moyennes des répliques ; l'intervalle en tient 95 sur 100. Sous "
        f"{SMALLEST_BASE} logements attendus : {TOO_FEW}."
    )
    rows = [row_of(one) for one in found]
    return markup.section(
        "Logements orientés vers chaque réservataire : plus grands écarts d'abord",
        markup.paragraph(said),
        markup.bullets(told["warnings"]) if told.get("warnings") else "",
        _table(rows[:SHOWN]),
        markup.folded("Les autres lignes", [_table(rows[SHOWN:])]) if rows[SHOWN:] else "",
        anchor="reservataires",
    )


def gaps(study: Study, policy: str) -> list[Gap]:
    """Return the gaps of a policy, those that say something first, then the largest first."""
    names = (ORIENTED.name, ORIENTED_GAP.name, LEASES_GAP.name)
    values = study.values
    mine = values[values["indicator"].isin(names) & values["policy"].eq(policy)]
    mine = mine[mine["group"].str.startswith("reservataire:")]
    by = mine.groupby(["indicator", "group", "year"], sort=False)["value"]
    mean, low, high = by.mean(), by.quantile(0.025), by.quantile(0.975)
    found = []
    for group, year in _keys(mine):
        if year == WHOLE_RUN and "@" not in group:
            continue  # its whole flow: what a gap by place or year is made of
        at = (ORIENTED_GAP.name, group, year)
        leases = float(mean.get((LEASES_GAP.name, group, year), float("nan")))
        oriented = float(mean[ORIENTED.name, group, year])
        label = group_label(group) if year == WHOLE_RUN else f"{group_label(group)}, {year}"
        found.append(Gap(label, oriented, float(mean[at]), float(low[at]), float(high[at]), leases))
    return sorted(found, key=lambda one: (not one.enough, -abs(one.gap), one.label))


def row_of(one: Gap) -> tuple[str, ...]:
    """Return a line of the table."""
    counts = numbers.number(one.oriented, 1), numbers.number(one.expected, 1)
    if not one.enough:
        return words.sentence(one.label), *counts, TOO_FEW, "", ""
    between = numbers.interval(one.low, one.high, ORIENTED_GAP.unit)
    return (
        words.sentence(one.label),
        *counts,
        numbers.signed(one.gap, 1),
        between,
        numbers.signed(one.leases, 1),
    )


def _keys(values: pd.DataFrame) -> list[tuple[str, int]]:
    oriented = values[values["indicator"].eq(ORIENTED_GAP.name)]
    return list(dict.fromkeys(zip(oriented["group"], oriented["year"].tolist(), strict=True)))


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    return markup.table("En logements et en baux", HEADERS, rows, numbers=range(1, len(HEADERS)))
