"""How far do the headlines move with the territory and the hypotheses, in the report of a comparison?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mixite.report import markup, numbers, words
from mixite.report.differences import headings
from mixite.report.figures import indicator_label, unit_of
from mixite.report.study import Study, records

READ = ("difference", "ci_low", "ci_high", "n", "distinguished", "same_sign")


def section(study: Study) -> str:
    """Return the headlines of the first pair under each kind of uncertainty, empty where none was drawn."""
    if study.drawn is None:
        return ""
    kinds = list(dict.fromkeys(study.drawn.rows["uncertainty"]))
    said = (
        f"{_draws(study)} tirages, chacun dans un monde à lui où les deux politiques jouent une réplique. "
        f"{_drawn(study, kinds)} L'intervalle est celui de l'écart attendu dans un monde pris au hasard, le "
        "hasard d'une seule réplique retiré : il ne se referme pas quand on ajoute des tirages. La part de "
        "même signe est celle des tirages dont l'écart a le signe de leur moyenne."
    )
    shown = _rows(study, kinds)
    rows = [_line(study, row) for row in shown]
    faint = [place for place, row in enumerate(shown) if not row["distinguished"]]
    headers = ("Résultat", "Incertitude", "Écart", "Intervalle à 95 %", "Tirages", "Même signe", "Lecture")
    left = [f"{name} : {reason}" for name, reason in study.drawn.left.items()]
    return markup.section(
        "Trois incertitudes",
        markup.paragraph(said),
        markup.table(
            "Écarts de tête", headers, rows, numbers=range(2, 6), faint=faint, headings=headings(shown)
        ),
        markup.folded(f"Non tirées ({len(left)})", [markup.bullets(left)]) if left else "",
        anchor="incertitudes",
    )


def by_uncertainty(study: Study, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a headline under each kind of uncertainty drawn, for the JSON document; none for other pairs."""
    assert study.drawn is not None
    key = ("indicator", "group", "policy_a", "policy_b")
    return {
        found["uncertainty"]: {name: found[name] for name in READ}
        for found in records(study.drawn.rows)
        if all(found[name] == row[name] for name in key)
    }


def label(study: Study, kind: str) -> str:
    """Return the French name of a kind of uncertainty; without the territory, that it stays as it is."""
    if kind == "parametres" and study.drawn is not None and not study.drawn.territory:
        return "aléa de simulation et hypothèses, territoire inchangé"
    return words.UNCERTAINTY[kind]


def _draws(study: Study) -> int:
    assert study.drawn is not None
    return int(study.drawn.each["draw"].nunique())


def _drawn(study: Study, kinds: list[str]) -> str:
    assert study.drawn is not None
    counts = study.drawn.values.groupby("uncertainty")["parameter"].nunique()
    sentences = []
    if "territoire" in kinds:
        sentences.append(
            "« Territoire » : une autre graine, et la dispersion initiale des revenus entre résidences "
            f"({counts.get('territoire', 0)} grandeurs)."
        )
    if "parametres" in kinds:
        held = "" if study.drawn.territory else ", celles du territoire exceptées"
        sentences.append(
            f"« Hypothèses » : toutes les valeurs qui ont un intervalle déclaré{held}, ensemble "
            f"({counts.get('parametres', 0)} nombres, uniformes dans leur intervalle, par tranches égales)."
        )
    return " ".join(sentences)


def _rows(study: Study, kinds: list[str]) -> list[Mapping[str, Any]]:
    """Return the rows of the headlines, each under chance alone, then under each kind of uncertainty."""
    assert study.drawn is not None
    a, b = study.first_pair
    heads = study.headlines[(study.headlines["policy_a"] == a) & (study.headlines["policy_b"] == b)]
    lines: list[Mapping[str, Any]] = []
    drawn = records(study.drawn.rows)
    for head in records(heads):
        same = [row for row in drawn if all(row[k] == head[k] for k in ("indicator", "group", "year"))]
        lines += [head, *sorted(same, key=lambda row: kinds.index(row["uncertainty"]))]
    return lines


def _line(study: Study, row: Mapping[str, Any]) -> tuple[str, ...]:
    unit, share = unit_of(row["indicator"]), row.get("same_sign", float("nan"))
    return (
        indicator_label(row["indicator"], row["group"]),
        label(study, row["uncertainty"]),
        numbers.measure(row["difference"], unit, difference=True),
        numbers.interval(row["ci_low"], row["ci_high"], unit),
        str(row["n"]),
        numbers.percent(share, 0),
        words.DISTINGUISHED if row["distinguished"] else words.NOT_DISTINGUISHED,
    )
