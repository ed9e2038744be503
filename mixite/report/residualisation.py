"""What are the four numbers of residualisation, and what stands behind them?

Two questions, always apart: the level (who enters) and the spread (where). The four numbers are never summed.
Left out on purpose: why the level moved (the decomposition, page.py), and residence by residence
(residences.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from mixite.report import markup, numbers, words
from mixite.report.differences import reading
from mixite.report.figures import indicator_label, unit_of
from mixite.report.study import Study
from mixite.report.words import LEVEL, SPREAD
from sim.indicators.groups import LABELS
from sim.territory.columns import PEUPLEMENT_TYPES

LEAD = {
    LEVEL: (
        ("1. ", "stock_first_quartile", "all"),
        ("2. ", "entrants_minus_stock", "first_quartile"),
    ),
    SPREAD: (
        ("3. ", "dissimilarity_corrected", "first_quartile"),
        ("4. ", "residences_changing_type", "all"),
        ("dont : ", "residences_less_favourable", "all"),
        ("dont : ", "residences_more_favourable", "all"),
    ),
}
"""The four numbers under their two headings; the last has its two directions, which are not netted."""

PLACES = ("qpv", "hors_qpv", *(f"start:{name}" for name in PEUPLEMENT_TYPES))
BEHIND = {
    f"{LEVEL} : pente et ressources": (
        ("stock_first_quartile_slope", "all"),
        ("income_uc_mean", "all"),
        ("entrants_income_ratio", "all"),
    ),
    f"{SPREAD} : pente et ressources, lieu par lieu": tuple(
        (indicator, place)
        for indicator in ("stock_first_quartile_slope", "income_ratio", "entrants_income_ratio")
        for place in PLACES
    ),
    f"{SPREAD} : indices du premier quartile": (
        ("dissimilarity", "first_quartile"),
        ("dissimilarity_corrected_slope", "first_quartile"),
        ("isolation_corrected", "first_quartile"),
        ("exposure", "first_quartile@q2_q4"),
        ("exposure_corrected", "first_quartile@q2_q4"),
        ("theil_h_corrected", "first_quartile"),
        *(
            (f"theil_h_{part}_corrected", f"first_quartile@{grouping}")
            for grouping in ("quartier", "bailleur")
            for part in ("between", "within")
        ),
    ),
    f"{SPREAD} : passages d'un type à l'autre, du premier au dernier 1er janvier": tuple(
        ("type_transition_share", f"{earlier}@{later}")
        for earlier in PEUPLEMENT_TYPES
        for later in PEUPLEMENT_TYPES
    ),
}
"""What stands behind the four numbers: caption, then (indicator, group)."""


def section(study: Study) -> str:
    """Return the four numbers of the first pair, those of each step, then what stands behind them."""
    said = (
        "Le niveau dit qui entre dans le parc et qui y vit ; la répartition dit où. Les quatre nombres ne "
        "s'additionnent pas, car ils peuvent aller en sens contraire. Les seuils sont ceux de l'année de "
        "base, communs à toutes les politiques ; les valeurs sont celles de la fin de la période, ou de "
        "toute la période pour les entrants. Intervalles à 95 %."
    )
    return markup.section(
        "Résidualisation : quatre lectures",
        markup.paragraph(said),
        *_four(study, study.first_pair),
        *(markup.folded(words.step(*pair), _four(study, pair)) for pair in study.steps),
        *_behind(study),
        anchor="residualisation",
    )


def _four(study: Study, pair: tuple[str, str]) -> list[str]:
    """Return the two headings of a pair, each with its numbers."""
    parts = []
    for heading, asked in LEAD.items():
        rows, faint = [], []
        for number, indicator, group in asked:
            unit, row = unit_of(indicator), study.difference(indicator, group, pair)
            name = f"{number}{indicator_label(indicator, group)}"
            if row is None:
                values = [numbers.measure(study.value(indicator, group, policy), unit) for policy in pair]
                rows.append((name, *values, numbers.ABSENT, numbers.ABSENT, ""))
                continue
            verdict = reading(study, row, pair)
            if verdict != words.DISTINGUISHED:
                faint.append(len(rows))
            rows.append(
                (
                    name,
                    numbers.measure(row["mean_a"], unit),
                    numbers.measure(row["mean_b"], unit),
                    numbers.measure(row["difference"], unit, difference=True),
                    numbers.interval(row["ci_low"], row["ci_high"], unit),
                    verdict,
                )
            )
        a, b = (words.sentence(words.policy(policy)) for policy in pair)
        headers = ("Nombre", a, b, "Écart", "Intervalle à 95 %", "Lecture")
        table = markup.table(
            f"{heading} : {words.step(*pair)}", headers, rows, numbers=range(1, 5), faint=faint
        )
        parts += [markup.subtitle(heading), table]
    return parts


def _behind(study: Study) -> list[str]:
    """Return what stands behind the four numbers, folded: means over replications, by policy."""
    policies = list(dict.fromkeys(study.policies))
    headers = ("Lecture", *(words.sentence(words.policy(policy)) for policy in policies))
    tables = []
    for caption, asked in BEHIND.items():
        rows = [
            (_label(indicator, group), *(numbers.measure(value, unit_of(indicator)) for value in values))
            for indicator, group in asked
            if (values := _values(study, indicator, group, policies))
        ]
        if rows:
            tables.append(markup.table(caption, headers, rows, numbers=range(1, len(headers))))
    if not tables:
        return []
    said = (
        "Moyennes des répliques ; leurs écarts et intervalles sont dans comparison.csv. « Au départ » : les "
        "mêmes résidences sous toutes les politiques, rangées par leur type du premier 1er janvier."
    )
    return [markup.folded("Ce que recouvrent ces quatre nombres", [markup.paragraph(said), *tables])]


def _values(study: Study, indicator: str, group: str, policies: Sequence[str]) -> list[float]:
    """Return the means of a value by policy; empty where no policy has one."""
    values = [study.value(indicator, group, policy) for policy in policies]
    return values if any(value == value for value in values) else []


def _label(indicator: str, group: str) -> str:
    if indicator == "type_transition_share":
        earlier, later = (LABELS[name].removeprefix("résidences ") for name in group.split("@"))
        return f"{earlier} → {later}"
    return indicator_label(indicator, group)
