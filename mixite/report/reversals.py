"""Which declared number would reverse a headline, and at which value, in the report of a comparison?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mixite.report import markup, numbers, words
from mixite.report.figures import indicator_label
from mixite.report.study import Study, records
from mixite.reversals import NO_EFFECT, NOT_SEARCHED
from sim.reversal import CHANGES, NEVER, NO_CONCLUSION, TOO_FEW, UNTOLD_AT_END

TITLE = "Ce qui renverse la conclusion"
HEADERS = ("Grandeur", "Unité", "Intervalle déclaré", "Valeur jouée", "Lecture")


def section(study: Study) -> str:
    """Return what reverses the headlines of the first pair, or that it was not measured and how to."""
    if study.reversals is None:
        how = (
            f"{TITLE} : non mesuré dans cette comparaison. Pour le mesurer, écrire dans le scénario "
            "[uncertainty], reversals = 10 : chaque hypothèse est portée aux deux bornes de son intervalle, "
            "sur dix répliques."
        )
        return markup.section(TITLE, markup.paragraph(how), anchor="renversements")
    said = (
        "Chaque hypothèse est portée seule aux deux bornes de son intervalle déclaré, les autres restant "
        f"celles du scénario, sur les {study.reversals.replications} mêmes répliques. Un écart change de "
        "signe quand il est distingué de zéro, en sens contraire, à une borne ; la valeur est alors cherchée "
        "entre le scénario et cette borne. Chaque intervalle à 95 % se lit seul : plus il y a d'hypothèses "
        "essayées, plus l'une d'elles peut paraître renverser un écart par hasard."
    )
    heads = _headlines(study)
    return markup.section(
        TITLE,
        markup.paragraph(said),
        markup.paragraph(sentence(study)),
        _first(heads),
        *(markup.folded(f"Toutes les hypothèses : {name}", [_table(name, rows)]) for name, rows in heads),
        *_others(study),
        anchor="renversements",
    )


def sentence(study: Study) -> str:
    """Say how many headlines a single declared number can reverse, and which."""
    heads = _headlines(study)
    tried = len({row["parameter"] for _, rows in heads for row in rows})
    verdicts = {name: {row["verdict"] for row in rows} for name, rows in heads}
    told = {name: found for name, found in verdicts.items() if found != {NO_CONCLUSION}}
    if not told:
        return f"{TITLE} : aucun écart de tête n'est distingué, il n'y a pas de conclusion à renverser."
    changing = [name for name, found in told.items() if CHANGES in found]
    unsure = [name for name, found in told.items() if found & {UNTOLD_AT_END, TOO_FEW}]
    unsure = [name for name in unsure if name not in changing]
    named = f" ({' ; '.join(changing)})" if changing else ""
    return (
        f"{TITLE} : {tried} hypothèse(s) essayée(s) une à une, {len(told)} écart(s) de tête distingué(s) ; "
        f"{len(changing)} change(nt) de signe{named}, {len(unsure)} ne se distingue(nt) pas de zéro à une "
        f"borne au moins, {len(told) - len(changing) - len(unsure)} garde(nt) leur signe dans tous les "
        "intervalles."
    )


def reading(row: Mapping[str, Any]) -> str:
    """Return what a number does to a headline, in words."""
    if row["verdict"] == NO_CONCLUSION:
        return "écart non distingué dans ce scénario : rien à renverser"
    if row["verdict"] == CHANGES:
        values = [row[name] for name in ("reversal_below", "reversal_above") if row[name] == row[name]]
        if not values:
            return "change de signe à une borne ; valeur non trouvée sur ces répliques"
        return "change de signe vers " + " et vers ".join(_plain(value) for value in values)
    if row["verdict"] == NEVER:
        return f"jamais dans l'intervalle {_range(row)}"
    if row["verdict"] == TOO_FEW:
        return f"{words.NOT_DISTINGUISHED}, comme à la valeur jouée : trop peu de répliques"
    ends = [_plain(row[end]) for end in ("low", "high") if not row[f"distinguished_{end}"]]
    at = f"à l'extrémité {ends[0]}" if len(ends) == 1 else f"aux extrémités {ends[0]} et {ends[1]}"
    return f"{words.NOT_DISTINGUISHED} {at}"


def as_json(study: Study) -> list[dict[str, Any]]:
    """Return the rows of renversements.csv for the JSON document."""
    import pandas as pd

    assert study.reversals is not None
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in records(study.reversals.table.astype(object))
    ]


def _headlines(study: Study) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return each headline's name and its rows, one a number searched, those with a conclusion first."""
    assert study.reversals is not None
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(study.reversals.table):
        if row["verdict"] not in (NO_EFFECT, NOT_SEARCHED):
            found.setdefault(indicator_label(row["indicator"], row["group"]), []).append(row)
    return sorted(found.items(), key=lambda head: head[1][0]["verdict"] == NO_CONCLUSION)


def _first(heads: list[tuple[str, list[dict[str, Any]]]]) -> str:
    """Return the table of what reverses, or may, a line a headline and number; a line where none does."""
    lines = []
    for name, rows in heads:
        if rows[0]["verdict"] == NO_CONCLUSION:
            continue
        kept = [row for verdict in (CHANGES, UNTOLD_AT_END) for row in rows if row["verdict"] == verdict]
        lines += [(name, *_cells(row)) for row in kept]
        few = sum(row["verdict"] == TOO_FEW for row in rows)
        if few:
            said = f"trop peu de répliques pour le dire de {few} hypothèse(s) sur {len(rows)}"
            lines.append((name, "les autres" if kept else "toutes", "", "", "", said))
        elif not kept:
            said = f"jamais dans l'intervalle, pour aucune des {len(rows)} hypothèses"
            lines.append((name, "toutes", "", "", "", said))
    return markup.table("Par écart de tête", ("Résultat", *HEADERS), lines)


def _table(name: str, rows: list[dict[str, Any]]) -> str:
    faint = [place for place, row in enumerate(rows) if row["verdict"] in (NEVER, NO_CONCLUSION)]
    return markup.table(name, HEADERS, [_cells(row) for row in rows], faint=faint)


def _cells(row: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    unit = row["unit"] if isinstance(row["unit"], str) else ""
    return row["label"], unit, _range(row), _plain(row["value"]), reading(row)


def _others(study: Study) -> list[str]:
    """Return the numbers that move nothing here, then those that were not tried, with the reason."""
    assert study.reversals is not None
    rows = records(study.reversals.table)
    parts = []
    for verdict, title in (
        (NO_EFFECT, "Hypothèses sans effet dans ce scénario"),
        (NOT_SEARCHED, "Hypothèses non essayées"),
    ):
        lines = [
            f"{row['label'] if isinstance(row['label'], str) else row['parameter']} : {row['reason']}"
            for row in rows
            if row["verdict"] == verdict
        ]
        if lines:
            parts.append(markup.folded(f"{title} ({len(lines)})", [markup.bullets(lines)]))
    return parts


def _range(row: Mapping[str, Any]) -> str:
    return f"[{_plain(row['low'])} ; {_plain(row['high'])}]"


def _plain(value: float) -> str:
    """Return a value with three significant figures, or all of a whole number's."""
    text = f"{value:.0f}" if float(value).is_integer() else f"{value:.3g}"
    return text.replace("-", numbers.MINUS).replace(".", ",")
