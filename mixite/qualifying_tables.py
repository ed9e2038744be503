"""How are qualified residences laid out: one document?

It describes every residence, small ones too: what others than the partners may read of it is decided in
concertation/diffusion.py. A synthetic territory carries its sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from mixite.notices import named, notices
from mixite.terminal import finite
from sim.indicators.segregation import indices
from sim.rules.peuplement import CAPACITIES, POPULATION, SEGMENTS
from sim.territory.columns import PEUPLEMENT_TYPES

if TYPE_CHECKING:
    from mixite.qualifying import Qualification

PUBLICS = ("first_quartile", "below_40_plus")
"""Publics whose spread between residences is measured."""

DECIMALS = 6


def document(found: Qualification) -> dict[str, Any]:
    """Return a qualification as one JSON document; docs/peuplement.md names its keys."""
    territory, settings, ruler = found.territory, found.settings, found.qualified.ruler
    choice = found.qualified.choice
    told: dict[str, Any] = finite(
        {
            "territory": named(territory),
            "on": territory.as_of.isoformat(),
            "q1_threshold_eur": round(settings.q1_threshold_eur, 2),
            "q1_threshold_given": settings.q1_threshold_given,
            "settings": {
                "scenario": settings.scenario or None,
                "weights": dict(choice.weights),
                "shrinkage": choice.shrinkage,
                "level": choice.level,
                "vacant_months": settings.chosen.vacant_months,
            },
            "read_from": read_from(found),
            "missing": list(found.qualified.missing),
            "ruler": {
                "mean": _by_name(ruler.mean),
                "spread": _by_name(ruler.spread),
                "weights": _by_name(ruler.weights),
                "cuts": _rounded(ruler.cuts),
            },
            "varied": list(found.sensitivity.settings),
            "residences": list(residences(found)),
            "indices": spread_of(found),
            "notices": notices(territory),
        }
    )
    return told


def residences(found: Qualification) -> Iterator[dict[str, Any]]:
    """Give what is said of each residence, in the order of the territory; null where it is not known."""
    qualified, set_before = found.qualified, found.territory.residences
    shown = {name: _rounded(values) for name, values in qualified.indicators().items()}
    columns = {
        "residence_id": set_before.residence_id.tolist(),
        "dwellings": qualified.observed.dwellings.tolist(),
        "households": qualified.observed.households.tolist(),
        "type": names_at(qualified.type, PEUPLEMENT_TYPES),
        "target": names_at(qualified.target, PEUPLEMENT_TYPES),
        "capacity": names_at(qualified.capacity, CAPACITIES),
        "segment_patrimoine": names_at(qualified.segment, SEGMENTS),
        "score": _rounded(qualified.score),
        "score_low": _rounded(qualified.score_low),
        "score_high": _rounded(qualified.score_high),
        "score_patrimoine": _rounded(qualified.patrimoine),
        "statistical_type": names_at(qualified.statistical, PEUPLEMENT_TYPES),
        "type_before": names_at(set_before.peuplement_type, PEUPLEMENT_TYPES),
        "target_before": names_at(set_before.peuplement_target, PEUPLEMENT_TYPES),
        "kept": qualified.kept.tolist(),
    }
    met, rested = qualified.in_interval().tolist(), rested_on_weights(found)
    for row, values in enumerate(zip(*columns.values(), strict=True)):
        yield {
            **dict(zip(columns, values, strict=True)),
            "types_in_interval": [
                name for name, here in zip(PEUPLEMENT_TYPES, met[row], strict=True) if here
            ],
            "sensitivity": rested[row],
            "indicators": {name: values[row] for name, values in shown.items()},
        }


def rested_on_weights(found: Qualification) -> list[dict[str, Any]]:
    """Return, by residence, the share of the settings that leave its statistical type, and the others."""
    told, statistical = found.sensitivity, found.qualified.statistical.tolist()
    return [
        {"same": same, "moved_by": list(told.moved_by(row, kind))}
        for row, (same, kind) in enumerate(zip(_rounded(told.same), statistical, strict=True))
    ]


def spread_of(found: Qualification) -> dict[str, dict[str, float]]:
    """Return the raw indices of each public over the residences, of the households whose income is known."""
    tally = found.qualified.observed.population
    measured = {}
    for public in PUBLICS:
        place = POPULATION.index(public)
        members, known = (counts[:, place].astype(np.int64) for counts in (tally.x, tally.n))
        raw = indices(members, known)
        measured[public] = {
            name: round(float(getattr(raw, name)), DECIMALS)
            for name in ("dissimilarity", "isolation", "theil_h")
        }
    return measured


def read_from(found: Qualification) -> dict[str, str | None]:
    """Return the table from which rotation, vacancy and refusals are read, None where there is none."""
    told = found.told
    lived_in = "occupants" if found.qualified.observed.households.any() else None
    return {
        "rotation": "leases" if told.let is not None else lived_in,
        "vacancy": "vacancies" if told.vacant is not None else lived_in,
        "refusals": "offers" if told.offers is not None else None,
    }


def json_text(found: Qualification) -> str:
    """Return the document as a file holds it."""
    return json.dumps(document(found), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def names_at(places: np.ndarray, names: tuple[str, ...]) -> list[str | None]:
    """Return the name at each place, None at -1."""
    told: list[str | None] = [*names, None]
    return [told[place] for place in places.tolist()]


def _by_name(values: np.ndarray) -> dict[str, float]:
    return dict(zip(POPULATION, _rounded(values), strict=True))


def _rounded(values: np.ndarray) -> list[float]:
    return (np.round(values, DECIMALS) + 0.0).tolist()  # never −0.0
