"""How are appraisals, decisions and indicators told as plain data, codes kept, days as texts?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.rules.peuplement import CAPACITIES, POPULATION, VOCABULARY
from sim.rules.peuplement.forms import period_text
from sim.shares import wilson
from sim.territory.columns import PEUPLEMENT_TYPES

if TYPE_CHECKING:
    from sim.rules.peuplement import Qualified
    from sim.rules.peuplement.appraisals import Appraisal, Disagreement
    from sim.rules.peuplement.decisions import Decision


def appraisal(each: Appraisal) -> dict[str, Any]:
    """Return an appraisal; `level` is None without opinion."""
    return {
        "residence_id": each.residence_id,
        "partner": each.partner,
        "theme": each.theme,
        "fact": each.fact,
        "period": period_text(each.first, each.last),
        "source": each.source,
        "level": CAPACITIES[each.level] if each.level >= 0 else None,
        "on": each.on.isoformat(),
        "remark": each.remark,
    }


def by_residence(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return rows by the residence they are about."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["residence_id"], []).append(row)
    return found


def disagreement(each: Disagreement) -> dict[str, Any]:
    """Return a disagreement."""
    return {"theme": each.theme, "first": each.first, "second": each.second, "steps": each.steps}


def decision(each: Decision) -> dict[str, Any]:
    """Return a decision or a proposal."""
    return {
        "residence_id": each.residence_id,
        "state": each.state,
        "proposed_on": each.proposed_on.isoformat(),
        "before": _kind(each.before),
        "to": _kind(each.to),
        "target": _kind(each.target),
        "reason": each.reason,
        "argument": each.argument,
        "bailleur": each.bailleur.party if each.bailleur else None,
        "bailleur_function": each.bailleur.function if each.bailleur else None,
        "bailleur_on": each.bailleur.on.isoformat() if each.bailleur else None,
        "epci_function": each.epci.function if each.epci else None,
        "epci_on": each.epci.on.isoformat() if each.epci else None,
        "contested_by": list(each.contested_by),
        "signed_on": each.signed_on.isoformat() if each.state == "signee" else None,
        "effect_on": _day(each.effect_on),
        "effect": each.effect.isoformat() if each.state == "signee" else None,
        "ends_on": _day(each.ends_on),
        "score": each.measured.score if each.measured else None,
        "low": each.measured.low if each.measured else None,
        "high": each.measured.high if each.measured else None,
        "data_on": each.measured.data_on.isoformat() if each.measured else None,
    }


def moved(each: Decision | None, found: Qualified, row: int, on: date, as_of: date) -> dict[str, Any] | None:
    """Return by how much the score has moved since a type was signed, None where that is not known.

    `met` : whether the interval of the score met the band of the type signed, on the day of its signature;
    `still_met` : whether it does now; `same_data` : nothing is measured since, so that nothing can move.
    """
    if each is None or each.measured is None or not found.known[row]:
        return None
    then = (np.array([end]) for end in (each.measured.low, each.measured.high))
    return {
        "signed_on": each.signed_on.isoformat(),
        "by": round(float(found.score[row]) - each.measured.score, 6) + 0.0,
        "met": bool(found.ruler.meets(*then)[0, each.to]),
        "still_met": bool(found.in_interval()[row, each.to]),
        "same_data": each.measured.data_on == as_of,
        "ended": each.ended(on),
    }


AGAINST_THE_EPCI = ("low_rent",)
"""Facts told against the figure of the EPCI: 0 for the EPCI itself, whatever the mean of its residences."""


def figures(found: Qualified) -> dict[str, list[dict[str, Any]]]:
    """Return each indicator of each residence: its value, interval, of how many, and the EPCI's value.

    `of` is None for a fact of the building; the EPCI's value is then the mean of residences, weighted by
    dwellings, and 0 for what is told against the EPCI. The interval of what is counted is Wilson's, at the
    level of the qualification.
    """
    weights = np.maximum(found.observed.dwellings, 0).astype(float)
    told: dict[str, list[dict[str, Any]]] = {}
    for each in VOCABULARY:
        values = found.observed.value(each.name)
        if each.name in POPULATION:
            place = POPULATION.index(each.name)
            x, n = found.observed.population.x[:, place], found.observed.population.n[:, place]
            whole = float(x.sum() / n.sum()) if n.sum() else None
            low, high = (map(_some, bound.tolist()) for bound in wilson(x, n, found.choice.level))
            ends = list(zip(low, high, strict=True))
        else:
            known = ~np.isnan(values)
            n, ends = np.full(len(values), np.nan), [(None, None)] * len(values)
            heavy = weights[known].sum()
            whole = float((values[known] * weights[known]).sum() / heavy) if heavy else None
            if each.name in AGAINST_THE_EPCI and known.any():
                whole = 0.0
        told[each.name] = [
            {"value": _some(value), "low": low, "high": high, "of": _some(of), "epci": whole}
            for value, (low, high), of in zip(values.tolist(), ends, n.tolist(), strict=True)
        ]
    return told


def _some(value: float) -> float | None:
    return value if value == value else None


def _kind(place: int) -> str | None:
    return PEUPLEMENT_TYPES[place] if place >= 0 else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
