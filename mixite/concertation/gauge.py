"""Where does a residence's score stand among the four types, and does its type rest on the weights?

The bold band is the type retained; the one that the score alone gives is said under its name. Left out on
purpose: how a gauge looks (sheet.typ).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mixite.report.numbers import number, percent
from sim.rules.peuplement import VOCABULARY
from sim.rules.peuplement.partners import TYPES

_LABELS = {each.name: each.label_fr for each in VOCABULARY}
_REACH = 2.0
"""Spreads of the EPCI that a gauge shows on each side, at least."""

RETAINED, STATISTICAL = "type retenu", "type statistique"


def gauge(row: Mapping[str, Any], level: float) -> dict[str, Any]:
    """Return the four types on the scale of the score; without a score, the class alone.

    Parameters
    ----------
    level : of the interval, 0-1
    """
    if "score" not in row:
        quarters = [place / 4 for place in range(5)]
        title = "Classe du score de l'occupation"
        return {"kind": "gauge", "title": title, "bands": _bands(quarters, row), "marker": None}
    score, low, high = row["score"], row["score_low"], row["score_high"]
    known = score == score
    ends = (min(-_REACH, low), max(_REACH, high)) if known else (-_REACH, _REACH)
    reach = ends[1] - ends[0]
    edges = [0.0, *(min(max((cut - ends[0]) / reach, 0.0), 1.0) for cut in row["cuts"]), 1.0]
    marker = None
    if known:
        kinds = ", ".join(f"« {TYPES[name]} »" for name in row["types_in_interval"])
        marker = {
            "at": (score - ends[0]) / reach,
            "low": (low - ends[0]) / reach,
            "high": (high - ends[0]) / reach,
            "label": (
                f"Score {number(score, 2)} ; intervalle à {percent(level, 0)} de {number(low, 2)} à "
                f"{number(high, 2)}, qui rencontre {kinds}"
            ),
        }
    title = "Score de l'occupation, en écarts types de l'EPCI (0 : sa moyenne ; à droite, moins de capacité)"
    return {"kind": "gauge", "title": title, "bands": _bands(edges, row), "marker": marker}


def settings(row: Mapping[str, Any], varied: Sequence[str]) -> tuple[str, str]:
    """Return under how many settings of the weights the statistical type stays, and those that change it.

    Both are empty where the occupation is not known, or nothing was varied.
    """
    moved = row["sensitivity"]["moved_by"]
    if not varied or row["score_class"] is None:
        return "", ""
    return f"{len(varied) - len(moved)} sur {len(varied)}", " ; ".join(map(setting, moved))


def sensitivity(row: Mapping[str, Any], varied: Sequence[str]) -> list[dict[str, Any]]:
    """Return in one line whether the statistical type rests on the weights."""
    same, moved = settings(row, varied)
    if not same:
        return []
    said = f"Type statistique inchangé sous {same.replace(' sur ', ' réglages des poids sur ')}"
    said += f" ; changé par : {moved}." if moved else "."
    return [{"kind": "lines", "title": "", "lines": [said]}]


def setting(name: str) -> str:
    """Return the French name of a setting, « indicator=weight »."""
    indicator, _, weight = name.partition("=")
    value = float(weight)
    label = _LABELS[indicator][:1].lower() + _LABELS[indicator][1:]
    return f"{label}, poids {number(value, 2).rstrip('0').rstrip(',')}" if value else f"sans {label}"


def _bands(edges: Sequence[float], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "start": start,
            "end": end,
            "here": name == row["type"],
            "read": [
                said
                for said, kind in ((RETAINED, row["type"]), (STATISTICAL, row["score_class"]))
                if kind == name
            ],
        }
        for (name, label), start, end in zip(TYPES.items(), edges, edges[1:], strict=False)
    ]
