"""How is what a level of diffusion may hold laid out: one JSON document, one table?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mixite.diffusion import INTERNE
from mixite.terminal import finite
from sim.territory.files.cells import protected

if TYPE_CHECKING:
    import pandas as pd

    from mixite.concertation.diffusion import Published

_ASIDE = ("indicators", "cuts", "voices", "history", "decision", "proposal", "moved")


def document(told: Published) -> dict[str, Any]:
    """Return the answer of `qualify --json`; docs/peuplement.md and docs/concertation.md name its keys."""
    statistics = {row["residence_id"]: row for row in told.statistics.get("residences", ())}
    residences = [
        {
            **statistics.get(row["residence_id"], {}),
            **{name: value for name, value in row.items() if name not in ("cuts", "score_class")},
            **({} if told.level == INTERNE else {"score_class": row["score_class"]}),
            **_rounded(row),
            "indicators": statistics.get(row["residence_id"], {}).get(
                "indicators", {name: figure["value"] for name, figure in row["indicators"].items()}
            ),
        }
        for row in told.residences
    ]
    answer: dict[str, Any] = {
        **told.statistics,
        **told.about,
        "notices": told.statistics.get("notices", told.about["notices"]),
        "residences": residences,
        "indices": told.statistics.get("indices", {}),
        "method": told.method,
    }
    if told.level == "public":
        answer["communes"] = list(told.communes)
    if told.level == INTERNE:
        answer["appraisals"] = list(told.appraisals)
        answer["decisions"] = {
            "pending": list(told.pending),
            "closed": list(told.closed),
            "signed": list(told.history),
        }
    found: dict[str, Any] = finite(answer)
    return found


def json_text(told: Published) -> str:
    """Return the document as a file holds it."""
    return json.dumps(document(told), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def table(told: Published) -> pd.DataFrame:
    """Return one row a residence, or one row a commune, view and type at the level `public`."""
    import pandas as pd

    rows = list(told.communes) if told.level == "public" else list(map(_flat, document(told)["residences"]))
    made = pd.DataFrame([{name: _cell(value) for name, value in row.items()} for row in rows])
    synthetic = [each for each in told.about["notices"] if told.about["territory"]["synthetic"]]
    return made.assign(notice=synthetic[-1]) if synthetic and len(made) else made


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a residence in one line: counts, then indicators; what is a list of sentences is left out."""
    kept = {name: value for name, value in row.items() if name not in (*_ASIDE, "sensitivity", "appraisals")}
    moved = row.get("sensitivity")
    if moved:
        kept["sensitivity_same"], kept["moved_by"] = moved["same"], moved["moved_by"]
    kept |= {f"appraisals_{partner}": count for partner, count in row["appraisals"].items()}
    if "disagreements" in kept:
        kept["disagreements"] = len(kept["disagreements"])
    return {**kept, **row["indicators"]}


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = ";".join(map(str, value))
    return protected(value) if isinstance(value, str) else value


def _rounded(row: Mapping[str, Any]) -> dict[str, float]:
    names = [name for name in ("score", "score_low", "score_high") if name in row]
    return {name: round(row[name], 6) + 0.0 for name in names}
