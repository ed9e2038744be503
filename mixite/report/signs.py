"""Which headlines keep their sign when points weigh otherwise, in the report of a comparison?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mixite.report import markup, numbers, words
from mixite.report.differences import headings
from mixite.report.figures import indicator_label, unit_of
from mixite.report.study import Study, records
from sim.signs import CHANGES, KEPT, UNTOLD, WEIGHTS

VERDICTS = {KEPT: "signe conservé", CHANGES: "change de signe", UNTOLD: words.NOT_DISTINGUISHED}
NAMES = {"points": "Points", "rank": "Rangs", "log": "Logarithme"}


def section(study: Study) -> str:
    """Return the headlines of the first pair under the three weights, then those of the steps, folded."""
    if study.signs is None:
        return ""
    tables = [
        markup.folded(words.step(*pair), [_table(study, pair)]) for pair in study.steps if _rows(study, pair)
    ]
    said = (
        "Une grille dit qui passe avant qui, non de combien. Les politiques de traitement conjoint sont donc "
        "rejouées, sur les mêmes répliques, avec les points tels quels, par rang et par logarithme. « Signe "
        "conservé » : écart distingué de zéro et de même sens sous les trois poids. « Change de signe » : "
        "distingué dans un sens sous un poids, dans l'autre sous un autre. Chaque intervalle se lit seul."
    )
    return markup.section(
        "Le poids des points",
        markup.paragraph(said),
        markup.paragraph(sentence(study)),
        _table(study, study.first_pair),
        *tables,
        anchor="poids",
    )


def sentence(study: Study) -> str:
    """Say how many headlines of the first pair keep their sign under the three weights."""
    if study.signs is None:
        return ""
    rows = _rows(study, study.first_pair)
    counts = {verdict: sum(row["sign"] == verdict for row in rows) for verdict in VERDICTS}
    changing = [indicator_label(row["indicator"], row["group"]) for row in rows if row["sign"] == CHANGES]
    named = f" : {' ; '.join(changing)}" if changing else ""
    told = (
        f"Sous les trois poids des points, signe conservé pour {counts[KEPT]} écart(s) de tête sur "
        f"{len(rows)}, changé pour {counts[CHANGES]}{named}, non distingué sous l'un au moins pour "
        f"{counts[UNTOLD]}."
    )
    if rows and not any(row["reads_weights"] for row in rows):
        told += " Aucune des deux politiques ne lit les poids : les trois lectures sont la même."
    return told


def by_weight(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a headline's sign and its difference under each weight, for the JSON document."""
    read = ("difference", "ci_low", "ci_high", "distinguished")
    return {
        "sign": row["sign"],
        "reads_weights": bool(row["reads_weights"]),
        "by_weight": {weight: {name: row[f"{name}_{weight}"] for name in read} for weight in WEIGHTS},
    }


def _rows(study: Study, pair: tuple[str, str]) -> list[dict[str, Any]]:
    assert study.signs is not None
    return [row for row in records(study.signs) if (row["policy_a"], row["policy_b"]) == pair]


def _table(study: Study, pair: tuple[str, str]) -> str:
    rows = _rows(study, pair)
    cells = [
        (
            indicator_label(row["indicator"], row["group"]),
            *(_read(row, weight) for weight in WEIGHTS),
            VERDICTS[row["sign"]],
        )
        for row in rows
    ]
    faint = [place for place, row in enumerate(rows) if row["sign"] != KEPT]
    caption = f"Écart et intervalle à 95 % sous chaque poids : {words.step(*pair)}"
    headers = ("Résultat", *(NAMES[weight] for weight in WEIGHTS), "Lecture")
    numbered = range(1, 1 + len(WEIGHTS))
    return markup.table(caption, headers, cells, numbers=numbered, faint=faint, headings=headings(rows))


def _read(row: Mapping[str, Any], weight: str) -> str:
    unit = unit_of(row["indicator"])
    middle = numbers.measure(row[f"difference_{weight}"], unit, difference=True)
    return f"{middle} {numbers.interval(row[f'ci_low_{weight}'], row[f'ci_high_{weight}'], unit)}"
