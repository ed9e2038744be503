"""Are the poorest housed less often, under the practice of today and under the cotation alone?

No policy is told to: whatever is found is a result, shown either way, with its interval. Brackets of income
are compared with the lowest one, within the same replications, and never with everybody: the income of some
is known only once they are heard, which makes the rates of all known brackets a little too high, together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixite.report import markup, numbers, words
from mixite.report.study import WHOLE_RUN, Study, group_label
from sim.comparison import compare
from sim.indicators.attribution import BRACKETS, RATE

if TYPE_CHECKING:
    import pandas as pd

ASKED = ("status_quo", "cotation_only")
LOWEST, *HIGHER = BRACKETS
HEADERS = (
    "Ressources",
    "Taux d'attribution",
    "Écart à la tranche la plus basse",
    "Intervalle à 95 %",
    "Lecture",
)


def section(study: Study) -> str:
    """Return the yearly attribution rates by income of the two policies; empty where none was played."""
    chosen = study.values[study.values["indicator"].eq(RATE.name) & study.values["year"].eq(WHOLE_RUN)]
    policies = [name for name in ASKED if name in set(chosen["policy"])]
    if not policies:
        return ""
    parts = []
    for policy in policies:
        table = against_the_lowest(chosen[chosen["policy"].eq(policy)])
        parts += [markup.paragraph(sentence(policy, table)), _table(policy, table)]
    said = (
        "Demandes satisfaites par un bail dans l'année, parmi celles qui ont été actives dans l'année, par "
        "tranche de ressources mensuelles et par unité de consommation. Aucune de ces politiques n'a de "
        "terme de ressources, sinon par les points de la grille : ce qui apparaît est un résultat, qui passe "
        "par les viviers, les souhaits, les typologies, les plafonds et les refus. Il ne dit pas pourquoi. "
        "Les ressources non déclarées ne sont connues qu'à l'examen des pièces : les taux de toutes les "
        "tranches en sont un peu trop hauts."
    )
    return markup.section(
        "Les ménages aux plus faibles ressources sont-ils moins logés ?",
        markup.paragraph(said),
        *parts,
        *_between(study),
        anchor="attribution",
    )


def against_the_lowest(values: pd.DataFrame) -> pd.DataFrame:
    """Compare each bracket with the lowest one, in pairs of the same replication.

    Parameters
    ----------
    values : attribution rates of one policy over the whole run, a row a replication and group

    Returns
    -------
    Columns of `sim.comparison.compare`, `policy_b` being the bracket.
    """
    known = set(values["group"])
    table = values.assign(policy=values["group"], group="all")
    return compare(table, [(LOWEST, name) for name in HIGHER if {LOWEST, name} <= known])


def sentence(policy: str, table: pd.DataFrame) -> str:
    """Say whether the lowest bracket is housed less often than each of the others, or that it is not told."""
    found: dict[str, list[str]] = {"more": [], "less": [], "untold": []}
    for bracket, difference, told in table[["policy_b", "difference", "distinguished"]].itertuples(
        index=False, name=None
    ):
        side = "untold" if not told else "less" if difference > 0 else "more"
        found[side].append(group_label(bracket))
    told_of = (
        ("less", "moins souvent logée que"),
        ("more", "plus souvent logée que"),
        ("untold", f"écart {words.NOT_DISTINGUISHED} avec"),
    )
    said = [f"{text} : {' ; '.join(found[side])}" for side, text in told_of if found[side]]
    label = group_label(LOWEST)
    name = words.sentence(words.policy(policy))
    return f"« {name} », tranche « {label} », {', '.join(said) or 'sans mesure'}."


def _table(policy: str, table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    rows = [(group_label(LOWEST), numbers.measure(table["mean_a"].iloc[0], RATE.unit), "", "", "")]
    faint = []
    names = ["policy_b", "mean_b", "difference", "ci_low", "ci_high", "distinguished"]
    for bracket, rate, difference, low, high, told in table[names].itertuples(index=False, name=None):
        if not told:
            faint.append(len(rows))
        rows.append(
            (
                group_label(bracket),
                numbers.measure(rate, RATE.unit),
                numbers.measure(difference, RATE.unit, difference=True),
                numbers.interval(low, high, RATE.unit),
                words.DISTINGUISHED if told else words.NOT_DISTINGUISHED,
            )
        )
    caption = f"{words.sentence(words.policy(policy))} : par an, moyenne de la période"
    return markup.table(caption, HEADERS, rows, numbers=(1, 2, 3), faint=faint)


def _between(study: Study) -> list[str]:
    """Return what the passage from one policy to the other changes, bracket by bracket."""
    rows, faint = [], []
    for bracket in BRACKETS:
        row = study.difference(RATE.name, bracket, ASKED, WHOLE_RUN)
        if row is None:
            continue
        if not row["distinguished"]:
            faint.append(len(rows))
        rows.append(
            (
                group_label(bracket),
                numbers.measure(row["difference"], RATE.unit, difference=True),
                numbers.interval(row["ci_low"], row["ci_high"], RATE.unit),
                words.DISTINGUISHED if row["distinguished"] else words.NOT_DISTINGUISHED,
            )
        )
    if not rows:
        return []
    headers = ("Ressources", "Écart du taux d'attribution", "Intervalle à 95 %", "Lecture")
    return [markup.table(words.step(*ASKED), headers, rows, numbers=(1, 2), faint=faint)]
