"""What does the page of the trade-off say, in which order?

Banner, whether the strategy houses fewer of the least well-off, what was played, the strengths, the figures,
orientation and matching apart, every mean, every difference with strength 0, what the curves do not say. One
file, no script, nothing external.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from mixite.frontier import figures, tables
from mixite.frontier import words as said
from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import CURVES, FREE, WITHOUT_TARGETS, points_forgone
from mixite.report import markup, numbers, opening, words
from mixite.report.figures import Drawn


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
            *map(markup.paragraph, figures.absent(frontier)),
            anchor="figures",
        ),
        tables.apart(frontier),
        tables.means(frontier),
        tables.differences(frontier),
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
    """Say whether the scenario's own targets house fewer of the least well-off, then which strengths do."""
    own = [_housed(frontier, FREE, 1, public) for public in opening.PUBLICS]
    counted = [each for each in own if each is not None]
    steps = {opening.FROM[WITHOUT_TARGETS]: counted} if counted else {}
    return f"{opening.line(steps, frontier.scenario.scale)} {_fewer_at(frontier)}".lstrip()


def _fewer_at(frontier: Frontier) -> str:
    """Say at which strengths fewer households of a public come in, where that is told from chance."""
    found = [
        f"{opening.PUBLICS[public][0]}, {said.VARIANTS[variant]}, force {said.strength(point.value)} "
        f"({numbers.signed(each.a_year, 1)} par an)"
        for public in opening.PUBLICS
        for variant in CURVES
        for point in frontier.points
        if point.variant == variant and (each := _housed(frontier, variant, point.value, public))
        if each.fewer
    ]
    return f"Baisses distinguées, toutes forces : {' ; '.join(found) or 'aucune'}."


def _housed(frontier: Frontier, variant: str, value: float, public: str) -> opening.Housed | None:
    """Return a public's households a year at a point less those at strength 0, None at strength 0 itself."""
    counted, signed = (
        frontier.from_zero_at.get((variant, value, name, public))
        for name in (opening.COUNTED, opening.SIGNED)
    )
    return None if counted is None else opening.housed(public, counted, signed, frontier.years)


def played(frontier: Frontier) -> str:
    """Say what was played, where, how long."""
    scenario = frontier.scenario
    part = "" if scenario.scale == 1 else f", réduit à {numbers.percent(scenario.scale, 0)} de ses résidences"
    lines = [
        f"Territoire : {frontier.context['territory']['name']}{part}.",
        f"Période : {frontier.years} an{'s' if frontier.years > 1 else ''} à partir du "
        f"{words.day(frontier.context['start'])}.",
        f"{numbers.several(frontier.replications, 'réplique')} par point : les mêmes départs, demandes et "
        "réponses à tous les points, depuis un même état de départ.",
        f"Intervalles à 95 % : {words.UNCERTAINTY['alea']}.",
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
        markup.paragraph(
            said.law_of_strength(frontier.scenario, bool(frontier.context["territory"]["synthetic"]))
        ),
        markup.table(
            "À chaque force, ménages logés par an de plus ou de moins qu'à la force 0, mutations à part",
            headers,
            rows,
            numbers=(0, 2, 3, 4, 5, 6),
        ),
        anchor="forces",
    )


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
            f"{numbers.several(frontier.replications, 'réplique')} par point seulement : les intervalles "
            "sont larges ou absents."
        )
    return [*found, *(f"{note.rstrip('.')}." for note in frontier.context["territory"]["notes"])]


def _a_year(frontier: Frontier, variant: str, value: float, public: str) -> str:
    if not value:
        at_zero = frontier.mean_at.get((FREE, 0, opening.COUNTED, public))
        total = numbers.ABSENT if at_zero is None else numbers.number(at_zero["mean"] / frontier.years, 1)
        return f"{total} en tout"
    each = _housed(frontier, variant, value, public)
    return numbers.ABSENT if each is None else _told(each)


def _told(each: opening.Housed) -> str:
    return f"{numbers.signed(each.a_year, 1)} {opening.interval(each)}, {opening.verdict(each)}"
