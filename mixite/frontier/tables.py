"""What does each point of the trade-off give, and how far is it from no targets?

Three tables: what orientation and matching each add, every mean, every difference with strength 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mixite.frontier import words as said
from mixite.frontier.measures import LAW, MEASURES, rows
from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import APART, CURVES, Point
from mixite.report import markup, numbers, words
from mixite.report.figures import unit_of

SHOWN = (
    ("wait_housed_months", "l441_1"),
    ("wait_housed_months", "first_quartile"),
    ("housed_12m", "l441_1"),
    ("r1_share", "all"),
    ("r2_share", "all"),
    ("entrants_minus_stock", "first_quartile"),
    ("dissimilarity_corrected", "first_quartile"),
    ("residences_reaching_a_conforter", "all"),
)
"""The measures of the table of means: delays, law, who enters, where."""


def apart(frontier: Frontier) -> str:
    """Return what the orientation and the matching each add, to the policy that lacks only that."""
    played = {point.variant for point in frontier.points}
    shown = [(title, a, b) for title, a, b in APART if {a, b} <= played]
    headers = (
        "Mesure",
        *(f"{title} : de « {words.policy(a)} » à « {words.policy(b)} »" for title, a, b in shown),
    )
    rows = [
        (said.label(*measure), *(_added(frontier, a, b, measure) for _, a, b in shown)) for measure in SHOWN
    ]
    caption = "Écart apparié qu'apporte chacune, et son intervalle à 95 %"
    return markup.section(
        "Orientation et appariement",
        markup.paragraph(said.MATCHING),
        markup.table(caption, headers, rows, numbers=range(1, len(headers))),
        anchor="orientation",
    )


def _added(frontier: Frontier, a: str, b: str, measure: tuple[str, str]) -> str:
    """Return the paired difference between two named policies."""
    of_pair = frontier.apart[(frontier.apart["from_variant"] == a) & (frontier.apart["variant"] == b)]
    (value,) = {point.value for point in frontier.points if point.variant == b}
    found, unit = rows(of_pair).get((b, value, *measure)), unit_of(measure[0])
    if found is None or found["difference"] != found["difference"]:
        return _absent(measure)
    told = "" if found["distinguished"] else f", {reading(found)}"
    middle = numbers.measure(found["difference"], unit, difference=True)
    return f"{middle} {numbers.interval(found['ci_low'], found['ci_high'], unit)}{told}"


def means(frontier: Frontier) -> str:
    """Return the mean of each measure at each point, with its interval."""
    rows = [
        (_named(point), *(_mean(frontier, point, measure) for measure in SHOWN)) for point in frontier.points
    ]
    headers = ("Point", *(said.label(*measure) for measure in SHOWN))
    return markup.section(
        "Les points",
        markup.table(
            "Moyenne des répliques et intervalle à 95 %", headers, rows, numbers=range(1, len(headers))
        ),
        markup.paragraph("Toutes les mesures, avec leur intervalle, sont dans frontier.csv."),
        anchor="points",
    )


def differences(frontier: Frontier) -> str:
    """Return the paired difference of each point with strength 0, a table a measure, folded."""
    tables, untold = [], []
    for measure in MEASURES:
        rows, faint = [], []
        for point in frontier.points:
            found = frontier.from_zero_at.get((point.variant, point.value, *measure))
            if found is None or found["difference"] != found["difference"]:
                continue
            if not found["distinguished"]:
                faint.append(len(rows))
            unit = unit_of(measure[0])
            rows.append(
                (
                    _named(point),
                    numbers.measure(found["difference"], unit, difference=True),
                    numbers.interval(found["ci_low"], found["ci_high"], unit),
                    str(found["n"]),
                    reading(found),
                )
            )
        if rows:
            title = said.label(*measure)
            headers = ("Point", "Écart à la force 0", "Intervalle à 95 %", "Répliques", "Lecture")
            table = markup.table(title, headers, rows, numbers=(1, 2, 3), faint=faint)
            tables.append(markup.folded(title, [table]))
        else:
            untold.append(said.label(*measure))
    text = (
        "Écarts appariés, réplique par réplique, avec la force 0 (la cotation et les obligations légales). "
        f"Un écart dont l'intervalle contient zéro est « {words.NOT_DISTINGUISHED} ». Chaque ligne se lit "
        "seule : sur vingt écarts nuls, un intervalle exclut zéro par hasard."
    )
    if untold:
        text += f" Sans aucune valeur à comparer : {' ; '.join(untold)}."
    return markup.section("Écarts à la force 0", markup.paragraph(text), *tables, anchor="ecarts")


def reading(found: Mapping[str, Any]) -> str:
    """Say whether a difference is told from chance; a single replication tells nothing of it."""
    if found["n"] < 2:
        return words.NO_INTERVAL
    return words.reading(found)


def _named(point: Point) -> str:
    if point.variant in CURVES:
        return f"{words.sentence(said.variant(point.variant))}, force {said.strength(point.value)}"
    return words.sentence(said.variant(point.variant))


def _absent(measure: tuple[str, str]) -> str:
    """Say why a cell has no value, a dash where there is nothing to say."""
    return said.TOO_FEW if measure in LAW else numbers.ABSENT


def _mean(frontier: Frontier, point: Point, measure: tuple[str, str]) -> str:
    found, unit = frontier.mean_at.get((point.variant, point.value, *measure)), unit_of(measure[0])
    if found is None or found["mean"] != found["mean"]:
        return _absent(measure)
    half = numbers.half_width(found["ci_low"], found["ci_high"], unit)
    return f"{numbers.measure(found['mean'], unit)}{'' if half == numbers.ABSENT else f' {half}'}"
