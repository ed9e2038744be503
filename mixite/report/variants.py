"""What are the headlines under each variant of the scenario, in the report of a comparison?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mixite.report import markup, numbers, words
from mixite.report.differences import headings
from mixite.report.figures import indicator_label, unit_of
from mixite.report.study import Study, records

READ = (
    *("variant", "label", "indicator", "group", "policy_a", "policy_b"),
    *("difference", "ci_low", "ci_high", "n", "distinguished"),
    *("change", "change_low", "change_high", "change_distinguished"),
)


def section(study: Study) -> str:
    """Return the headlines under each variant, the scenario's own first; empty where it has none."""
    if study.variants is None:
        return ""
    found = study.variants
    said = (
        "Le même scénario, quelques valeurs changées, sur les mêmes tirages : "
        f"{numbers.several(found.replications, 'réplique')} par variante (runs.variant_replications), "
        "les premières du scénario, qui est lui-même montré sur toutes les siennes. La dernière colonne dit "
        "ce que la variante change à l'écart, sur les répliques communes. Chaque intervalle à 95 % se lit "
        f"seul, {words.UNCERTAINTY['alea']}."
    )
    left = [f"Non jouée, deux de ses politiques n'étant pas comparées ici : {name}" for name in found.left]
    return markup.section(
        "Variantes du scénario",
        markup.paragraph(said),
        markup.bullets(left) if left else "",
        *(_table(study, pair) for pair in _pairs(study)),
        anchor="variantes",
    )


def as_json(study: Study) -> list[dict[str, Any]]:
    """Return the rows of variants.csv for the JSON document."""
    assert study.variants is not None
    return [{name: row[name] for name in READ} for row in records(study.variants.table)]


def _pairs(study: Study) -> list[tuple[str, str]]:
    assert study.variants is not None
    table = study.variants.table
    if table.empty:
        return []
    return list(table[["policy_a", "policy_b"]].drop_duplicates().itertuples(index=False, name=None))


def _table(study: Study, pair: tuple[str, str]) -> str:
    assert study.variants is not None
    rows = [row for row in records(study.variants.table) if (row["policy_a"], row["policy_b"]) == pair]
    order: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:  # a headline's lines together, in the order of the scenario and its variants
        order.setdefault((row["indicator"], row["group"]), []).append(row)
    lines = [row for together in order.values() for row in together]
    faint = [place for place, row in enumerate(lines) if not row["distinguished"]]
    a, b = (words.policy(name) for name in pair)
    headers = (
        "Résultat",
        "Variante",
        "Écart",
        "Intervalle à 95 %",
        "Répliques",
        "Lecture",
        "Changement",
    )
    caption = f"De « {a} » à « {b} »"
    cells = [_line(row) for row in lines]
    return markup.table(caption, headers, cells, numbers=(2, 3, 4), faint=faint, headings=headings(lines))


def _line(row: Mapping[str, Any]) -> tuple[str, ...]:
    unit = unit_of(row["indicator"])
    change = ""
    if row["change"] == row["change"]:
        told = "" if row["change_distinguished"] is True else f", {words.NOT_DISTINGUISHED}"
        middle = numbers.measure(row["change"], unit, difference=True)
        change = f"{middle} {numbers.interval(row['change_low'], row['change_high'], unit)}{told}"
    return (
        indicator_label(row["indicator"], row["group"]),
        row["label"],
        numbers.measure(row["difference"], unit, difference=True),
        numbers.interval(row["ci_low"], row["ci_high"], unit),
        str(row["n"]),
        words.DISTINGUISHED if row["distinguished"] else words.NOT_DISTINGUISHED,
        change,
    )
