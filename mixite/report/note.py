"""What are the eight lines of a comparison, per 1,000 leases, and the sentence that bounds them?

The lines are always the same eight, whatever they show; increases and decreases stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

from mixite.report import differences, numbers, opening, reversals, signs, words
from mixite.report.study import Study

UP, DOWN, FLAT = "En hausse", "En baisse", "Sans écart distingué"

LINES = (
    ("leases_per_1000", "dalo", 1, "Sur 1 000 baux, {} sont signés par des ménages reconnus DALO"),
    (
        "leases_per_1000",
        "l441_1",
        1,
        "Sur 1 000 baux, {} sont signés par des publics prioritaires (L. 441-1)",
    ),
    (
        "leases_per_1000",
        "first_quartile",
        1,
        "Sur 1 000 baux, {} sont signés par des ménages du premier quartile",
    ),
    (
        "leases_per_1000",
        "q2_q4_no_priority",
        1,
        "Sur 1 000 baux, {} sont signés par des ménages des deuxième à quatrième quartiles sans priorité",
    ),
    ("leases_per_1000", "mutation", 1, "Sur 1 000 baux, {} sont des mutations"),
    (
        "r1_share",
        "all",
        1000,
        "Sur 1 000 baux signés hors QPV, {} le sont par des ménages du premier quartile ou relogés",
    ),
    (
        "r2_share",
        "all",
        1000,
        "Sur 1 000 baux signés en QPV, {} le sont par des ménages des deuxième à quatrième quartiles",
    ),
    (
        "passed_over_per_lease",
        "all",
        1000,
        "Sur 1 000 baux, {} demandes mieux cotées ne sont pas présentées à une séance",
    ),
)
"""Indicator, group, factor to 1,000 leases, sentence: five on who is housed, two on the law, one on order."""


@dataclass(frozen=True)
class Line:
    """One line of the note and the side it stands on: UP, DOWN or FLAT."""

    text: str
    side: str


def lines(study: Study) -> list[Line]:
    """Return the eight lines about the first pair; a line whose values are absent says so."""
    return [_line(study, *spec) for spec in LINES]


def limits(study: Study) -> str:
    """Return the sentence that bounds the note."""
    data = "données de synthèse" if study.synthetic else "données transmises"
    intervals = words.UNCERTAINTY["alea"]
    many = (
        f"{study.replications} répliques"
        if study.replications > 1
        else "une seule réplique, donc sans intervalle"
    )
    return (
        f"Limites : {data}, {many}, intervalles à 95 % ({intervals}), réactions des ménages posées en "
        f"hypothèses, livraisons et démolitions aussi. {words.DECISION}"
    )


def markdown(study: Study) -> str:
    """Return the note as one page of Markdown."""
    a, b = (words.policy(name) for name in study.first_pair)
    parts = [f"# Note en huit lignes : {b}, au lieu de : {a}", ""]
    if said := opening.first_line(study):
        parts += [f"**{said}**", ""]
    if study.synthetic:
        parts += [f"**{words.SYNTHETIC_BANNER}.**", ""]
    parts += [f"Scénario « {study.scenario['name']} », territoire « {study.territory} ».", ""]
    found = lines(study)
    for side in (UP, DOWN, FLAT):
        texts = [f"- {line.text}" for line in found if line.side == side]
        if texts:
            parts += [f"## {side}", "", *texts, ""]
    parts += [differences.kept_sentence(study), ""]
    if study.signs is not None:
        parts += [signs.sentence(study), ""]
    if study.reversals is not None:
        parts += [reversals.sentence(study), ""]
    if study.stopping:
        parts += [differences.stopping_sentence(study), ""]
    return "\n".join([*parts, limits(study), ""])


def _line(study: Study, indicator: str, group: str, factor: int, sentence: str) -> Line:
    a, b = study.first_pair
    row = study.difference(indicator, group, (a, b))
    if row is None or row["difference"] != row["difference"]:
        return Line(f"{sentence.format(numbers.ABSENT)} : effectif insuffisant pour le dire.", FLAT)
    before, after = (numbers.number(row[key] * factor) for key in ("mean_a", "mean_b"))
    count = f"{after} au lieu de {before}"
    text = f"{sentence.format(count)} : {numbers.signed(row['difference'] * factor)}"
    low, high = (numbers.signed(row[key] * factor) for key in ("ci_low", "ci_high"))
    text += f" [{low} ; {high}]" if row["ci_low"] == row["ci_low"] else ""
    if study.depends_on_grid(indicator, group, (a, b)):
        return Line(f"{text}, {words.DEPENDS_ON_GRID}.", FLAT)
    if not row["distinguished"]:
        return Line(f"{text}, {words.reading(row)}.", FLAT)
    return Line(f"{text}.", UP if row["difference"] > 0 else DOWN)
