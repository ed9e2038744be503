"""How are the numbers of a portrait laid out for those it is shared with: tables and a JSON document?

Every count under eleven demands is masked here, and what rests on fewer than twenty leases is left empty: no
caller sees them. A synthetic territory carries its sentence in the column `notice`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mixite.notices import named, notices
from mixite.report import words
from sim.indicators import groups
from sim.portrait.bands import Band
from sim.portrait.cells import LEAST_DEMANDS
from sim.portrait.pending import TYPOLOGIES
from sim.rules.law import Law

if TYPE_CHECKING:
    from mixite.portrait import Drawn, Place
    from sim.portrait.portrait import Portrait
    from sim.territory.columns import Territory

ALL = "all"
OBSERVED, FLOW = "observed", "flow"
"""How a wait is known: median of those housed in the trailing year, or what the flows imply."""


def tables(place: Place, found: Portrait) -> dict[str, pd.DataFrame]:
    """Return the tables of a portrait by file name, as they may be shown."""
    made = {
        "demande": pd.DataFrame(cells(place, found)),
        "tension": pd.DataFrame(tension(place, found)),
        "tranches": pd.DataFrame(bands(found)),
    }
    if place.territory.synthetic:
        made = {name: table.assign(notice=words.SYNTHETIC_BANNER) for name, table in made.items()}
    return made


def cells(place: Place, found: Portrait) -> Iterator[dict[str, Any]]:
    """Give a row a cell of band × trait × commune × typology that holds a demand, totals as `all`."""
    named = [*found.banded.bands, Band(ALL)]
    for trait, counts in found.counts.items():
        masked = found.masked[trait]
        for at in np.argwhere(counts > 0).tolist():
            band, commune, typology = at
            hidden = bool(masked[band, commune, typology])
            yield {
                "band": named[band].label,
                "points_from": named[band].low,
                "points_to": named[band].high,
                "trait": trait,
                **_place(place.territory, commune, typology),
                "demands": pd.NA if hidden else int(counts[band, commune, typology]),
                "masked": hidden,
            }


def tension(place: Place, found: Portrait) -> Iterator[dict[str, Any]]:
    """Give a row a commune × typology: demands, vacancies of the year, tension, wait, and their intervals."""
    demands, masked = found.demands, found.masked[ALL][-1]
    for commune, typology in np.ndindex(demands.shape):
        at = (commune, typology)
        accepting, vacancies = int(found.accepting[at]), float(found.vacancies[at])
        if not (demands[at] or accepting or vacancies):
            continue
        hidden, enough = bool(masked[at]), bool(found.enough[at])
        # A handful of leases is a handful of households.
        told = enough or found.expected.source == "hypotheses"
        read = enough and not hidden and int(demands[at]) > 0
        few = 0 < accepting < LEAST_DEMANDS
        yield {
            **_place(place.territory, commune, typology),
            "demands": pd.NA if hidden else int(demands[at]),
            "masked": hidden,
            "accepting": pd.NA if few else accepting,
            "vacancies": _rounded(vacancies, told),
            "vacancies_low": _rounded(found.vacancies_low[at], told),
            "vacancies_high": _rounded(found.vacancies_high[at], told),
            "vacancies_source": found.expected.source,
            "tension": _ratio(demands[at], vacancies, read),
            "tension_low": _ratio(demands[at], found.vacancies_high[at], read),
            "tension_high": _ratio(demands[at], found.vacancies_low[at], read),
            "accepting_per_vacancy": _ratio(accepting, vacancies, enough and not few),
            "wait_months": _rounded(found.waits.months[at], read),
            "wait_low": _rounded(found.waits.low[at], read),
            "wait_high": _rounded(found.waits.high[at], read),
            "wait_method": OBSERVED if found.waits.observed[at] else FLOW,
            "insufficient": not read,
        }


def bands(found: Portrait) -> Iterator[dict[str, Any]]:
    """Give a row a band: its demands by trait, and what of the year's vacancies it could be offered."""
    total = found.offered.total
    for number, band in enumerate(found.banded.bands):
        hidden = bool(found.masked[ALL][number, -1, -1])
        mine = found.offered.of_demand[found.banded.of == number]
        none = int((mine == 0).sum())
        shown = not hidden and not 0 < none < LEAST_DEMANDS and not 0 < len(mine) - none < LEAST_DEMANDS
        yield {
            "band": band.label,
            "points_from": band.low,
            "points_to": band.high,
            **{
                f"demands_{trait}" if trait != ALL else "demands": pd.NA
                if found.masked[trait][number, -1, -1]
                else int(counts[number, -1, -1])
                for trait, counts in found.counts.items()
            },
            "masked": hidden,
            "offerable": _rounded(found.offered.of_band[number], not hidden),
            "offerable_share": _rounded(found.offered.of_band[number] / total if total else 0, not hidden, 3),
            "offerable_per_demand": _rounded(float(mine.mean()), not hidden),
            "none_offerable_share": _rounded(none / len(mine), shown, 3),
        }


def document(drawn: Drawn) -> dict[str, Any]:
    """Return the portrait as one JSON document; docs/demand.md names its keys."""
    place, found = drawn.place, drawn.portrait
    territory, expected, grid = place.territory, found.expected, place.grid
    return {
        "territory": named(territory),
        "on": territory.as_of.isoformat(),
        "grid": None if grid is None else {"id": grid.id, "status": grid.status, "label": grid.label},
        "ordered_by": "seniority" if grid is None else "points",
        "q1_threshold_eur": round(found.asked.q1_threshold_eur, 2),
        "q1_threshold_given": place.q1_threshold_eur is not None,
        "masked_under": LEAST_DEMANDS,
        "insufficient_under": Law.at(territory.as_of).small_number,
        "missing": {
            name: count if count >= LEAST_DEMANDS else None for name, count in found.asked.missing.items()
        },
        "vacancies": {
            "expected": round(float(found.vacancies[-1, -1]), 1),
            "low": round(float(found.vacancies_low[-1, -1]), 1),
            "high": round(float(found.vacancies_high[-1, -1]), 1),
            "source": expected.source,
            "leases": expected.leases,
            "days": expected.days,
        },
        "traits": {name: groups.label(name) for name in found.counts},
        "bands": records(drawn.tables["tranches"]),
        "tension": records(drawn.tables["tension"]),
        "demands": records(drawn.tables["demande"]),
        "notices": notices(territory),
    }


def json_text(drawn: Drawn) -> str:
    """Return the document as a file holds it."""
    return json.dumps(document(drawn), ensure_ascii=False, indent=1, allow_nan=False, default=float) + "\n"


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table without its notice; what is masked or unknown is null."""
    plain = table.drop(columns="notice", errors="ignore").astype(object)
    rows = plain.where(plain.notna(), None).to_dict(orient="records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _place(territory: Territory, commune: int, typology: int) -> dict[str, str]:
    whole = commune == len(territory.communes)
    return {
        "commune": ALL if whole else territory.communes[commune],
        "commune_name": ALL if whole else territory.commune_names[commune],
        "typology": ALL if typology == len(TYPOLOGIES) else TYPOLOGIES[typology],
    }


def _ratio(above: Any, below: Any, told: bool) -> float:
    return round(float(above) / float(below), 2) if told and below > 0 else float("nan")


def _rounded(value: Any, told: bool, decimals: int = 1) -> float:
    return round(float(value), decimals) if told and np.isfinite(value) else float("nan")
