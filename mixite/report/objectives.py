"""Can the objectives of the comparison be met together, with the law and with what becomes vacant?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixite.objectives_words import conflict_sentence, fragment, title
from mixite.report import markup, numbers
from mixite.report.study import Study

if TYPE_CHECKING:
    from sim.objectives import Coherence

TITLE = "Objectifs : cohérence avec la loi et les logements attendus"
HEADERS = (
    "Objectif",
    "Lieux",
    "Baux attendus par an",
    "À la portée du public",
    "Lieux hors d'atteinte",
    "Baux manquants par an",
    "En points",
)


def coherence(study: Study) -> str:
    """Return what was found before anything was played; empty without any objective.

    Nothing names a residence or a bailleur outside the diffusion « interne »; « public » has no table.
    """
    found = study.objectives
    if found is None:
        return ""
    parts = [markup.subtitle(TITLE), markup.paragraph(basis(found))]
    if study.may.named:
        caption = "Ce que chaque objectif peut atteindre au mieux"
        parts.append(markup.table(caption, HEADERS, rows(found), numbers=range(1, 7)))
    parts.append(markup.paragraph(verdict(found)))
    if study.may.points and found.conflict:
        parts.append(markup.paragraph(f"Ces planchers {conflict_sentence(found)}."))
    if study.may.points and not found.met:
        proposed = [markup.paragraph(line) for line in fragment(found).splitlines() if line]
        parts.append(
            markup.folded("Planchers tenables les plus proches, à copier dans le scénario", proposed)
        )
    return "".join(parts)


def basis(found: Coherence) -> str:
    """Say on which expected leases the objectives were read."""
    level = (
        "leur niveau est celui des baux de l'année écoulée"
        if found.source == "leases"
        else "d'après la durée d'occupation (hypothèses)"
    )
    leases, neutral = numbers.number(found.leases), numbers.number(found.neutral)
    return (
        f"Sur {leases} baux attendus par an sur le territoire tel qu'il est donné, {level} ; {neutral} vont "
        "à des ménages que les objectifs ne comptent pas. Un logement est à la portée d'un public quand "
        "assez de ses demandes en attente, pour une liste de trois, y souhaitent la commune et y sont "
        "éligibles, avec un taux d'effort et un reste à vivre dans les bornes des commissions. C'est une "
        "espérance : le hasard d'une année n'y est pas."
    )


def rows(found: Coherence) -> list[tuple[str, ...]]:
    """Return a line an objective, then a line a legal row out of reach without any of them."""
    told = []
    for place, target in enumerate(found.targets):
        own = found.of(place)
        leases, short = sum(row.leases for row in own), sum(row.short for row in own)
        cells = (leases, sum(row.affordable for row in own))
        told.append(
            (
                title(target),
                numbers.number(len(own)),
                *(numbers.number(value, 1) for value in cells),
                numbers.number(sum(row.short > 0 for row in own)),
                numbers.number(short, 1),
                numbers.number(100 * short / leases, 1) if leases else numbers.ABSENT,
            )
        )
    for row in found.short:
        if row.objective < 0:
            values = (row.leases, row.affordable)
            told.append(
                (
                    f"{row.place.partition(',')[0]} (loi)",
                    "1",
                    *(numbers.number(value, 1) for value in values),
                    "1",
                    numbers.number(row.short, 1),
                    numbers.number(row.points, 1),
                )
            )
    return told


def verdict(found: Coherence) -> str:
    """Say in a sentence whether the objectives can be met, and with what margin."""
    if found.met:
        return (
            "Les objectifs peuvent être tenus ensemble et avec la loi ; chacun pourrait monter de "
            f"{found.margin} points en même temps que les autres."
        )
    short = sum(row.objective >= 0 for row in found.short)
    return (
        f"Lieux où le plancher est hors d'atteinte : {short}. La simulation s'en approche sans le tenir. Les "
        "planchers tenables les plus proches baissent chaque objectif du moins de points, jamais la loi."
    )
