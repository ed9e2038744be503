"""What does the program keep in the workbook of a sitting to read it back, and no reader of it needs?

By sitting, dwelling and demand: the suggested rank, from when the dwelling is available, and the lines where
a lease counts and whose public the household is of. Which of those a household is of may tell by itself under
which letter of article L. 441-1 it has priority: the sheet is very hidden, no print shows it, and no sheet
that people read holds these lines. Left out on purpose: what people write (past.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mixite.desk.dossier.labels import spoken, unspoken
from mixite.desk.dossier.titles import DEMAND, DWELLING, HELD_ON, IN_RPMS, RANK, ROWS, SERVED, SEVERAL
from mixite.desk.suggesting import Suggestion
from mixite.desk.workbook.heading import Heading, Sheet
from mixite.desk.workbook.reading import Lines
from sim.policies.reasons import Suggested

AVAILABLE = "Disponible le"

TRACE = Sheet(
    "Suivi",
    "ce que le programme relit, sans être à remplir",
    (
        Heading(HELD_ON, "held_on", "date", "", required=True),
        Heading(DWELLING, "dwelling_id", "text", "", required=True),
        Heading(DEMAND, "demand_id", "text", "", required=True),
        Heading(RANK, "suggested", "integer", ""),
        Heading(AVAILABLE, "available_on", "date", ""),
        Heading(IN_RPMS, "rpms", "flag", ""),
        Heading(ROWS, "rows", "free", ""),
        Heading(SERVED, "served", "free", ""),
    ),
)

Key = tuple[date, str, str]


@dataclass(frozen=True)
class Kept:
    """What is kept of a candidate at a sitting; `suggested` is 0 where no rank is known."""

    suggested: int
    available_on: date | None
    rpms: bool
    rows: tuple[str, ...]
    served: tuple[str, ...]


def kept(found: Suggestion) -> dict[Key, Kept]:
    """Return what is kept of each candidate of a suggestion, by dwelling then suggested rank."""
    world = found.today.world
    names, home = world.territory.dwellings.dwelling_id, world.territory.dwellings.residence
    ids = found.today.state.register.demand_id
    told: dict[Key, Kept] = {}
    for one in sorted(found.suggested, key=lambda one: (one.vacancy, one.rank)):
        dwelling = found.sitting.dwelling[one.vacancy]
        key = found.request.on, str(names[dwelling]), str(ids[found.sitting.demand[one.demand]])
        told[key] = Kept(
            one.rank,
            found.request.known.vacant[one.vacancy].available_on,
            bool(world.territory.residences.is_rpms[home[dwelling]]),
            counts(found, one, served=False),
            counts(found, one, served=True),
        )
    return told


def counts(found: Suggestion, one: Suggested, *, served: bool) -> tuple[str, ...]:
    """Return the rows in which a lease would count, or of these those whose public the household is of."""
    rows, signature = found.sitting.rows, int(found.sitting.signature[one.demand])
    told = rows.scope[:, one.vacancy] & (signature & rows.excluded == 0)
    if served:
        told = told & (signature & rows.public != 0)
    return tuple(rows.label[row] for row in told.nonzero()[0].tolist())


def cells(traces: Mapping[Key, Kept]) -> Iterable[tuple[str | int | date | None, ...]]:
    """Give the line of each candidate, under the headings of TRACE."""
    for (held_on, dwelling, demand), one in traces.items():
        rows, served = (SEVERAL.join(map(spoken, labels)) for labels in (one.rows, one.served))
        yield (
            *(held_on, dwelling, demand, one.suggested or None, one.available_on),
            *("oui" if one.rpms else "non", rows, served),
        )


def traces(lines: Lines) -> dict[Key, Kept]:
    """Return what a workbook kept of its candidates; nothing where it has no such sheet."""
    columns = (lines.of(heading.column) for heading in TRACE.headings)
    return {
        (date.fromisoformat(held_on), dwelling, demand): Kept(
            int(suggested or 0), day(available_on), rpms == "true", several(rows), several(served)
        )
        for held_on, dwelling, demand, suggested, available_on, rpms, rows, served in zip(
            *columns, strict=True
        )
        if held_on
    }


def several(text: str) -> tuple[str, ...]:
    """Return the labels of a cell."""
    return tuple(map(unspoken, text.split(SEVERAL))) if text else ()


def day(text: str) -> date | None:
    """Return the day of a cell, None where it is empty."""
    return date.fromisoformat(text) if text else None
