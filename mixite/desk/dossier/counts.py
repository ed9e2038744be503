"""Where do the quotas and the objectives stand, and which better scored demands are not presented?

Small counts are fractions, never percentages alone. Left out on purpose: anything of a household; a gap names
the line that explains it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mixite.desk.dossier.labels import spoken
from mixite.desk.dossier.table import Cell, Column, Table, table
from mixite.desk.dossier.titles import DEMAND, DWELLING, GIVEN, GIVEN_SERVED, GIVEN_YEARLY, ROW
from mixite.desk.suggesting import Suggestion
from mixite.desk.told import demand_id, points
from mixite.report.numbers import percent
from sim.rules.quotas import TARGET
from sim.rules.traits import mask

BEFORE, IF_SIGNED = "Avant la séance", "Si signé"
TIERS = ("obligation légale", "stratégie de peuplement")
UNTOUCHED = "sans logement à cette séance"


def counters(found: Suggestion) -> Table:
    """Return where each line stands before the sitting, and if every first name signed."""
    rows, given = found.rows, found.request.known.counters
    few = [_few(found, at) for at in range(len(rows))]
    others = [label for label in given if label not in {row.label for row in rows}]
    labels = [*(row.label for row in rows), *others]

    def of_rows(cells: Sequence[Cell], other: Cell = None) -> list[Cell]:
        return [*cells, *(other for _ in others)]

    def of_file(at: int) -> list[Cell]:
        return [given[label][at] if label in given else None for label in labels]

    least = found.today.world.law.small_number
    before = [counted(row.before, least) for row in rows]
    after = [counted(row.if_signed, least) for row in rows]
    return table(
        "Compteurs",
        [
            (Column(ROW, "wrap", 44), [spoken(label) for label in labels]),
            (Column("Nature", width=24), of_rows([TIERS[row.tier] for row in rows], UNTOUCHED)),
            (Column("Au moins", width=10), of_rows([percent(row.percent / 100, 0) for row in rows])),
            (Column(BEFORE, width=22), of_rows(before)),
            (Column(IF_SIGNED, width=22), of_rows(after)),
            (
                Column("Effectif", width=22),
                of_rows(["effectif insuffisant" if small else None for small in few]),
            ),
            (Column(GIVEN, "integer", 12), of_file(0)),
            (Column(GIVEN_SERVED, "integer", 12), of_file(1)),
            (Column(GIVEN_YEARLY, "integer", 12), of_file(2)),
        ],
    )


def counted(leases: tuple[int, int], least: int) -> str:
    """Return leases to the public over leases signed: « 7 sur 31 », with a percentage from so many on."""
    served, signed = leases
    fraction = f"{served} sur {signed}"
    return fraction if signed < least else f"{percent(served / signed)} ({fraction})"


def _few(found: Suggestion, at: int) -> bool:
    """Tell whether a line has too few leases, signed and expected to the end of its period."""
    row, sought = found.rows[at], found.sitting.rows
    ahead = float(sought.remaining[at])
    expected = row.before[1] + (ahead if math.isfinite(ahead) else 0.0)
    return expected < found.today.world.law.small_number


def gaps(found: Suggestion) -> Table:
    """Return the demands of more points than the first of a list, eligible and not on it: rank and line."""
    names = found.today.world.territory.dwellings.dwelling_id
    passed = sorted(found.not_presented, key=lambda one: (one.vacancy, one.demand))
    unscored = found.request.points == "seniority"
    ranks = [int(found.sitting.eligible(one.vacancy).searchsorted(one.demand)) + 1 for one in passed]
    return table(
        "Écarts au rang suggéré",
        [
            (Column(DWELLING, width=16), [str(names[found.sitting.dwelling[one.vacancy]]) for one in passed]),
            (Column(DEMAND, width=20), [demand_id(found, one.demand) for one in passed]),
            (Column("Rang par la cotation", "integer", 10), ranks),
            (
                Column("Points", "integer", 8),
                [None if unscored else points(found, one.points) for one in passed],
            ),
            (Column("Ligne", "wrap", 44), [spoken(" et ".join(one.rows)) or None for one in passed]),
            (Column("Raison", "wrap", 60), [spoken(one.sentence) for one in passed]),
            (
                Column("Confirmé par un nouveau calcul", width=14),
                ["oui" if one.confirmed else "non" for one in passed],
            ),
        ],
    )


@dataclass(frozen=True)
class Overtaken:
    """A neutral or priority household whom a line of the strategy passes before, at a dwelling.

    `listed` : it is on the list, after a name of fewer points
    """

    vacancy: int
    rows: tuple[str, ...]
    listed: bool


def overtaken(found: Suggestion) -> list[Overtaken]:
    """Return the neutral or priority households that a line of the strategy puts after one scored less."""
    targets = {row.label for row in found.rows if row.tier == TARGET}
    spared = mask(["neutral", "l441_1"])
    passed = [
        *((one.demand, Overtaken(one.vacancy, one.rows, False)) for one in found.not_presented),
        *((one.demand, Overtaken(one.vacancy, one.before_it, True)) for one in found.suggested),
    ]
    return [
        one
        for demand, one in passed
        if targets & set(one.rows) and int(found.sitting.signature[demand]) & spared
    ]
