"""What does the page of the trade-off say, in which order?

Banner, whether the strategy houses fewer of the least well-off, what was played, the strengths, the figures,
orientation and matching apart, every mean, every difference with strength 0, what the curves do not say. One
file, no script, nothing external.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from mixite.frontier import words as said
from mixite.frontier.measures import MEASURES, row
from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import CURVES, FREE, WITHOUT_TARGETS, Point, points_forgone
from mixite.report import markup, numbers, opening, words
from mixite.report.figures import Drawn, unit_of

SHOWN = (
    ("wait_housed_months", "l441_1"),
    ("wait_housed_months", "first_quartile"),
    ("housed_12m", "l441_1"),
    ("r1_share", "all"),
    ("r2_share", "all"),
    ("entrants_minus_stock", "first_quartile"),
    ("dissimilarity_corrected", "first_quartile"),
    ("residences_less_favourable", "all"),
)
"""The measures of the table of means: delays, law, who enters, where."""

APART = (
    ("Orientation", "cotation_only", "cotation_oriented"),
    ("Traitement conjoint", "cotation_only", "cotation_matched"),
    ("Appariement sous objectifs", WITHOUT_TARGETS, "cotation_peuplement"),
)
"""What each way of following the targets adds, and to which policy."""


def page(frontier: Frontier, drawn: Sequence[Drawn]) -> str:
    """Return the whole page as one self-contained HTML document."""
    body = [
        *banners(frontier),
        f"<h1>{escape(said.TITLE)} : {escape(frontier.scenario.name)}</h1>",
        markup.paragraph(first_line(frontier), "opening"),
        markup.paragraph(words.DECISION, "lead"),
        played(frontier),
        strengths(frontier),
        markup.section(
            "Figures",
            markup.paragraph(said.CURVES_SAID),
            *(markup.figure(each.png, each.alternative, each.caption) for each in drawn),
            anchor="figures",
        ),
        apart(frontier),
        means(frontier),
        differences(frontier),
        markup.section("Ce que la courbe ne dit pas", markup.bullets(limits(frontier)), anchor="limites"),
    ]
    return markup.page(f"{said.TITLE} : {frontier.scenario.name}", body)


def banners(frontier: Frontier) -> Iterator[str]:
    """Give the banners: synthetic data, targets for study only."""
    if frontier.context["territory"]["synthetic"]:
        yield markup.banner(words.SYNTHETIC_BANNER)
    if any(target.study for target in frontier.scenario.target):
        yield markup.banner(words.STUDY_BANNER, "study")


def first_line(frontier: Frontier) -> str:
    """Say whether the scenario's own targets house fewer of the least well-off, each policy by strength 0."""
    found = []
    for public in opening.PUBLICS:
        counted = difference(frontier, "cotation_peuplement", 1, opening.COUNTED, public)
        if counted is not None:
            signed = difference(frontier, "cotation_peuplement", 1, opening.SIGNED, public)
            found.append(opening.housed(public, counted, signed, frontier.years))
    steps = {opening.FROM[WITHOUT_TARGETS]: found} if found else {}
    return opening.line(steps, frontier.scenario.scale)


def played(frontier: Frontier) -> str:
    """Say what was played, where, how long."""
    scenario = frontier.scenario
    part = "" if scenario.scale == 1 else f", réduit à {numbers.percent(scenario.scale, 0)} de ses résidences"
    many = "s" if frontier.replications > 1 else ""
    lines = [
        f"Territoire : {frontier.context['territory']['name']}{part}.",
        f"Période : {frontier.years} an{'s' if frontier.years > 1 else ''} à partir du "
        f"{words.day(frontier.context['start'])}.",
        f"{frontier.replications} réplique{many} par point : les mêmes départs, demandes et réponses à tous "
        "les points, depuis un même état de départ.",
        f"Intervalles à 95 % : {words.UNCERTAINTY['alea']}.",
        said.CURVES_SAID,
    ]
    return markup.section("Ce qui est joué", markup.bullets(lines), anchor="joue")


def strengths(frontier: Frontier) -> str:
    """Return what each strength is, and how many households a year it houses more or fewer than none."""
    rows = []
    for value in sorted({point.value for point in frontier.points if point.variant in CURVES}):
        counts = [
            _a_year(frontier, variant, value, public) for public in opening.PUBLICS for variant in CURVES
        ]
        forgone = numbers.number(points_forgone(frontier.scenario, value))
        rows.append((said.strength(value), said.targets_at(frontier.scenario, value), forgone, *counts))
    headers = (
        "Force",
        "Planchers",
        "Points primés",
        *(
            f"{words.sentence(opening.PUBLICS[public][0])} par an, {said.VARIANTS[variant]}"
            for public in opening.PUBLICS
            for variant in CURVES
        ),
    )
    return markup.section(
        "La force des objectifs",
        markup.paragraph(said.law_of_strength(frontier.scenario)),
        markup.table(
            "À chaque force, ménages logés par an de plus ou de moins qu'à la force 0, mutations à part",
            headers,
            rows,
            numbers=(0, 2, 3, 4, 5, 6),
        ),
        anchor="forces",
    )


def apart(frontier: Frontier) -> str:
    """Return what the orientation and the matching each add, to the policy that lacks only that."""
    names = {point.variant for point in frontier.points}
    shown = [(title, a, b) for title, a, b in APART if {a, b} <= names]
    headers = (
        "Mesure",
        *(f"{title} : de « {words.policy(a)} » à « {words.policy(b)} »" for title, a, b in shown),
    )
    values = {point.variant: point.value for point in frontier.points}
    rows = []
    for measure in SHOWN:
        unit = unit_of(measure[0])
        cells = []
        for _, a, b in shown:
            before, after = (row(frontier.means, name, values[name], *measure) for name in (a, b))
            cells.append(
                numbers.ABSENT
                if before is None or after is None
                else f"{numbers.measure(before['mean'], unit)} → {numbers.measure(after['mean'], unit)}"
            )
        rows.append((said.label(*measure), *cells))
    return markup.section(
        "Orientation et appariement",
        markup.paragraph(said.MATCHING),
        markup.table("Moyennes des répliques, sans puis avec", headers, rows, numbers=range(1, len(headers))),
        anchor="orientation",
    )


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
    tables = []
    for measure in MEASURES:
        rows, faint = [], []
        for point in frontier.points:
            found = difference(frontier, point.variant, point.value, *measure)
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
                    words.DISTINGUISHED if found["distinguished"] else words.NOT_DISTINGUISHED,
                )
            )
        if rows:
            title = said.label(*measure)
            headers = ("Point", "Écart à la force 0", "Intervalle à 95 %", "Répliques", "Lecture")
            table = markup.table(title, headers, rows, numbers=(1, 2, 3), faint=faint)
            tables.append(markup.folded(title, [table]))
    text = (
        "Écarts appariés, réplique par réplique, avec la force 0 (la cotation et les obligations légales). "
        f"Un écart dont l'intervalle contient zéro est « {words.NOT_DISTINGUISHED} ». Chaque ligne se lit "
        "seule : sur vingt écarts nuls, un intervalle exclut zéro par hasard."
    )
    return markup.section("Écarts à la force 0", markup.paragraph(text), *tables, anchor="ecarts")


def limits(frontier: Frontier) -> list[str]:
    """Return what the curves cannot say, the most important first."""
    found = [
        "Aucun point n'est recommandé : le choix d'une force, et de ce qu'elle coûte en délais, appartient "
        "aux partenaires.",
        "L'intervalle couvre le seul hasard de la simulation : ni la construction du territoire ni les "
        "hypothèses n'y sont. Les intervalles de deux points se recouvrent parfois quand leur écart apparié "
        "est distingué : lire les écarts.",
        "Une même force s'applique à tous les objectifs ; des partenaires peuvent en renforcer un seul.",
        "À volumes constants, ce sont les premiers rangs d'une séance qui sont constants par public, non les "
        "baux : les ménages acceptent ou refusent.",
        "L'attente est celle des ménages logés : elle se lit avec la part logée, car ceux qui attendent "
        "encore n'y sont pas.",
        "Niveau (qui entre) et répartition (où) sont deux lectures : elles ne s'additionnent pas.",
    ]
    if frontier.context["territory"]["synthetic"]:
        found.insert(
            0, "Le territoire est de synthèse : ses résidences, ses bailleurs et ses ménages sont inventés."
        )
    if frontier.scenario.scale < 1:
        found.append(
            f"Le territoire est réduit à {numbers.percent(frontier.scenario.scale, 0)} : les nombres de "
            "ménages, de baux et de résidences sont ceux du territoire réduit."
        )
    if frontier.replications < 10:
        found.append(
            f"{frontier.replications} réplique(s) par point seulement : les intervalles sont larges ou "
            "absents."
        )
    return found


def difference(
    frontier: Frontier, variant: str, value: float, indicator: str, group: str
) -> Mapping[str, Any] | None:
    """Return the paired difference of a point with strength 0, None for strength 0 itself."""
    return row(frontier.from_zero, variant, value, indicator, group)


def _a_year(frontier: Frontier, variant: str, value: float, public: str) -> str:
    if not value:
        at_zero = row(frontier.means, FREE, 0, opening.COUNTED, public)
        return (
            numbers.ABSENT
            if at_zero is None
            else f"{numbers.number(at_zero['mean'] / frontier.years, 1)} en tout"
        )
    found = difference(frontier, variant, value, opening.COUNTED, public)
    if found is None:
        return numbers.ABSENT
    each = opening.housed(public, found, None, frontier.years)
    verdict = "" if each.distinguished else f", {words.NOT_DISTINGUISHED}"
    interval = (
        f" [{numbers.signed(each.low, 1)} ; {numbers.signed(each.high, 1)}]" if each.low == each.low else ""
    )
    return f"{numbers.signed(each.a_year, 1)}{interval}{verdict}"


def _named(point: Point) -> str:
    if point.variant in CURVES:
        return f"{words.sentence(said.variant(point.variant))}, force {said.strength(point.value)}"
    return words.sentence(said.variant(point.variant))


def _mean(frontier: Frontier, point: Point, measure: tuple[str, str]) -> str:
    found, unit = row(frontier.means, point.variant, point.value, *measure), unit_of(measure[0])
    if found is None or found["mean"] != found["mean"]:
        return numbers.ABSENT
    half = numbers.half_width(found["ci_low"], found["ci_high"], unit)
    return f"{numbers.measure(found['mean'], unit)}{'' if half == numbers.ABSENT else f' {half}'}"
