"""Which figures does a report hold, and what does each show?

Every figure carries its units, its interval, its source and its scenario; synthetic data are said so on the
image itself. A figure whose indicators a comparison lacks is left out, and the page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import SubFigure

from mixite.report import communes, curves, drawing, gauges, maps, numbers, scored, slopes, words
from mixite.report.study import Study, group_label, records
from mixite.report.type_marks import TYPES
from sim.comparison import subject
from sim.indicators import CATALOGUE

LADDER_HEADLINES = (
    ("leases_per_1000", "l441_1"),
    ("housed_12m", "first_quartile"),
    ("r1_share", "all"),
    ("dissimilarity_corrected", "first_quartile"),
)
"""Four results whose steps are shown: who is housed, when, where, and the residences."""

WHERE_PUBLICS = ("dalo", "l441_1", "first_quartile")
CHANGE_TERMS = ("change_entrants", "change_leavers", "change_in_place", "change_stock", "change_drift")
INTERVAL = "Trait : intervalle à 95 % sur les répliques appariées ; point creux : non distingué de zéro."


@dataclass(frozen=True)
class Drawn:
    """A figure of the report: its file, its image, what it says to those who cannot see it, its caption."""

    name: str
    chapter: str
    png: bytes
    alternative: str
    caption: str


def draw_all(study: Study) -> list[Drawn]:
    """Return the figures that the comparison allows, in the order of the report."""
    drawn = []
    for entry in FIGURES:
        made = entry.make(study)
        if made is not None:
            caption = entry.caption if isinstance(entry.caption, str) else entry.caption(study)
            image = drawing.png(made, f"{entry.on_image(study)} {source(study)}".strip())
            drawn.append(Drawn(entry.name, entry.chapter, image, caption, f"{caption} {source(study)}"))
    return drawn


def source(study: Study) -> str:
    """Return the source line of every figure: who computed it, on what, and the banner."""
    many = "répliques" if study.replications > 1 else "réplique"
    line = (
        f"Source : simulation mixite, scénario « {study.scenario['name']} », territoire « {study.territory} "
        f"», {study.replications} {many}, graine {study.scenario['runs']['seed']}."
    )
    return f"{line} {words.SYNTHETIC_BANNER}." if study.synthetic else line


def headline_differences(study: Study) -> SubFigure | None:
    """Draw the headline differences of the first pair, one panel a subject and unit."""
    pair = study.first_pair
    rows = study.headlines
    rows = rows[(rows["policy_a"] == pair[0]) & (rows["policy_b"] == pair[1])].dropna(subset=["difference"])
    if rows.empty:
        return None
    parts: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in records(rows):
        parts.setdefault((subject(row["indicator"], row["group"]), _unit(row["indicator"])), []).append(row)
    made, axes = drawing.stacked_sheet([0.95 + 0.36 * len(several) for several in parts.values()])
    for panel, ((about, unit), several) in zip(axes, parts.items(), strict=True):
        labels = [indicator_label(row["indicator"], row["group"]) for row in several]
        colours = [drawing.COLOURS[0]] * len(several)
        drawing.intervals(panel, labels, several, colours, 100 if unit == "points" else 1)
        drawing.french_axis(panel, "x", sign=True)
        panel.set_xlabel(f"écart, {unit}", fontsize=9)
        drawing.title(panel, words.SUBJECTS.get(about, ""), 52)
    title = f"Écart de « {words.policy(pair[1])} » à « {words.policy(pair[0])} »"
    made.suptitle(title, fontsize=10, x=0.01, ha="left", fontweight="bold")
    return made


def ladder_steps(study: Study) -> SubFigure | None:
    """Draw, for four results, the difference that each step of the ladder makes, then all steps together."""
    pairs = [*study.steps, study.first_pair]
    shown = [
        (indicator, group, found)
        for indicator, group in LADDER_HEADLINES
        if len(found := [(pair, row) for pair in pairs if (row := study.difference(indicator, group, pair))])
        > 1
    ]
    if not shown:
        return None
    lines = (len(shown) + 1) // 2
    made, axes = drawing.sheet(lines, 2, width=11, height=lines * (1.1 + 0.42 * len(pairs)))
    for panel in axes[len(shown) :]:
        panel.set_visible(False)
    for place, (panel, (indicator, group, found)) in enumerate(zip(axes, shown, strict=False)):
        unit = _unit(indicator)
        names = [
            words.short_step(*pair, pair == study.first_pair) if place % 2 == 0 else "" for pair, _ in found
        ]
        colours = [drawing.COLOURS[1 if pair == study.first_pair else 0] for pair, _ in found]
        rows = [row for _, row in found]
        drawing.intervals(panel, names, rows, colours, 100 if unit == "points" else 1)
        drawing.french_axis(panel, "x", sign=True)
        drawing.title(panel, indicator_label(indicator, group))
        panel.set_xlabel(f"écart, {unit}", fontsize=9)
    return made


def stock_over_years(study: Study) -> SubFigure | None:
    """Draw the share of the first quartile in the occupied stock on each 1 January, by policy."""
    means = study.means("stock_first_quartile", "all")
    if means.empty:
        return None
    made, (panel,) = drawing.sheet(1, 1, height=4.6)
    for place, policy in enumerate(dict.fromkeys(study.policies)):
        rows = means[means["policy"] == policy]
        colour = drawing.COLOURS[place % len(drawing.COLOURS)]
        panel.plot(
            rows["year"],
            rows["mean"],
            color=colour,
            marker=drawing.MARKERS[place % len(drawing.MARKERS)],
            linestyle=drawing.LINES[place % len(drawing.LINES)],
            label=words.policy(policy),
        )
        panel.fill_between(rows["year"], rows["low"], rows["high"], color=colour, alpha=0.12, linewidth=0)
    drawing.whole_years(panel, sorted(means["year"].unique()))
    drawing.french_axis(panel, "y", percent=True)
    panel.set_ylabel("part des ménages en place, %", fontsize=9)
    panel.set_xlabel("situation au 1er janvier", fontsize=9)
    panel.grid(axis="y", color="#e3e3e3")
    drawing.title(panel, "Premier quartile dans le parc occupé, seuil de l'année de base", 80)
    drawing.common_legend(made, panel)
    return made


def yearly_decomposition(study: Study) -> SubFigure | None:
    """Draw what moved the share of the first quartile in the stock each year, for the first pair."""
    years = sorted(set(study.means("change_total", "first_quartile")["year"]) - {0})
    if not years:
        return None
    policies = list(dict.fromkeys(study.first_pair))
    made, axes = drawing.sheet(1, len(policies), width=11, height=4.6)
    for panel, policy in zip(axes, policies, strict=True):
        up, down = np.zeros(len(years)), np.zeros(len(years))
        for place, term in enumerate(CHANGE_TERMS):
            values = 100 * np.array([study.value(term, "first_quartile", policy, year) for year in years])
            if not np.nan_to_num(values).any():
                continue
            bottom = np.where(values >= 0, up, down)
            label = CATALOGUE[term].label.removeprefix("dont ")
            panel.bar(
                years, values, bottom=bottom, width=0.65, label=label, color=drawing.COLOURS[place],
                hatch=("", "//", "..", "xx", "\\\\")[place], edgecolor="white",
            )  # fmt: skip
            up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
        total = [100 * study.value("change_total", "first_quartile", policy, year) for year in years]
        panel.plot(years, total, "D", color="black", markersize=5, linestyle="", label="variation totale")
        panel.axhline(0, color=drawing.GREY, linewidth=1)
        drawing.whole_years(panel, years)
        drawing.french_axis(panel, "y", sign=True)
        drawing.title(panel, words.policy(policy))
        panel.set_ylabel("points de part du premier quartile", fontsize=9)
    limits = [panel.get_ylim() for panel in axes]
    for panel in axes:
        panel.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
    drawing.common_legend(made, axes[0], 6)
    return made


def where_housed(study: Study) -> SubFigure | None:
    """Draw, for each public and policy, the types of residence of its leases and their share in QPV.

    Under each panel stand the paired differences of the first pair, with their interval.
    """
    policies = list(dict.fromkeys(study.policies))
    publics = [p for p in WHERE_PUBLICS if not np.isnan(study.value("in_qpv_share", p, policies[0]))]
    if not publics:
        return None
    made, axes = drawing.sheet(1, len(publics), width=12, height=2.8 + 0.45 * len(policies))
    heights = np.arange(len(policies))
    for place, (panel, public) in enumerate(zip(axes, publics, strict=True)):
        left = np.zeros(len(policies))
        for mark in TYPES:
            shares = np.array(
                [study.value("in_type_share", f"{public}@{mark.name}", policy) for policy in policies]
            )
            shares = np.nan_to_num(shares)
            panel.barh(
                heights, shares, left=left, color=mark.colour, edgecolor=mark.ink, hatch=mark.hatch,
                linewidth=0, label=group_label(mark.name),
            )  # fmt: skip
            left += shares
        qpv = [study.value("in_qpv_share", public, policy) for policy in policies]
        panel.plot(
            qpv,
            heights,
            "v",
            color="white",
            markersize=9,
            markeredgecolor="black",
            markeredgewidth=1.5,
            label="signés en QPV",
        )
        panel.set_yticks(heights, [words.short_policy(policy) if place == 0 else "" for policy in policies])
        panel.invert_yaxis()
        panel.set_xlim(0, 1)
        drawing.french_axis(panel, "x", percent=True)
        under = ["part des baux du public, %", *where_differs(study, public)]
        panel.set_xlabel("\n".join(under), fontsize=8)
        drawing.title(panel, group_label(public), 34)
    drawing.common_legend(made, axes[0], 5)
    return made


def where_differs(study: Study, public: str) -> list[str]:
    """Return, a line a type and one for the QPV, how the first pair differs in where a public signs.

    Paired differences, in points, with their interval; « non distingué » where chance may do as much. Empty
    where the pair is one policy twice, or nothing is known.
    """
    pair = study.first_pair
    shown = [("in_type_share", f"{public}@{mark.name}", mark.label) for mark in TYPES]
    shown.append(("in_qpv_share", public, "en QPV"))
    lines: list[str] = []
    for indicator, group, label in shown:
        row = study.difference(indicator, group, pair)
        if row is not None and row["difference"] == row["difference"] and pair[0] != pair[1]:
            gap = numbers.measure(row["difference"], numbers.SHARE, difference=True)
            told = "" if row["distinguished"] else f", {words.NOT_DISTINGUISHED}"
            between = numbers.interval(row["ci_low"], row["ci_high"], numbers.SHARE)
            lines.append(f"{label} : {gap} {between}{told if between != numbers.ABSENT else ''}")
    names = [words.short_policy(policy) for policy in pair]
    head = [f"écart de « {names[1]} »", f"à « {names[0]} », intervalle à 95 % :"]
    return [*head, *lines] if lines else []


def indicator_label(indicator: str, group: str) -> str:
    """Return the French name of an indicator and its public."""
    known = CATALOGUE.get(indicator)
    label = known.label if known else indicator.replace("_", " ")
    public = group_label(group)
    return label if group == "all" or public in label.lower() else f"{label} : {public}"


def unit_of(indicator: str) -> str:
    """Return the unit of an indicator as it stands in indicators.csv."""
    known = CATALOGUE.get(indicator)
    return known.unit if known else ""


def _unit(indicator: str) -> str:
    return numbers.shown_unit(unit_of(indicator))


LEVEL, LAW, PLACES = "Niveau : qui entre, en combien de temps", "Obligations et planchers", "Répartition : où"
GAPS = "Écarts entre politiques"


def _nothing(_: Study) -> str:
    return ""


class Entry(NamedTuple):
    """A figure: its file, its chapter, its caption, how it is drawn, what the image alone must say."""

    name: str
    chapter: str
    caption: str | Callable[[Study], str]
    make: Callable[[Study], SubFigure | None]
    on_image: Callable[[Study], str] = _nothing


FIGURES = (
    Entry(
        "ecarts",
        GAPS,
        f"Écarts entre les deux politiques comparées en premier. {INTERVAL}",
        headline_differences,
    ),
    Entry(
        "etapes",
        GAPS,
        f"Écart apporté par chaque étape, puis par toutes ensemble (orange). {INTERVAL}",
        ladder_steps,
    ),
    Entry("delais", LEVEL, curves.said, curves.draw),
    Entry(
        "parc",
        LEVEL,
        "Part des ménages du premier quartile dans le parc occupé, par politique. Bande : 95 % des "
        "répliques.",
        stock_over_years,
    ),
    Entry(
        "decomposition",
        LEVEL,
        "Ce qui fait varier chaque année la part du premier quartile dans le parc, seuil de l'année de base "
        ": les termes ont pour somme la variation totale. Moyenne des répliques.",
        yearly_decomposition,
    ),
    Entry("jauges", LAW, gauges.said, gauges.draw),
    Entry(
        "destinations",
        PLACES,
        "Types de résidence où sont signés les baux de chaque public, et part signée en QPV. Moyenne des "
        "répliques. Dessous : écart entre les deux politiques comparées en premier, et son intervalle à 95 % "
        "sur les répliques appariées.",
        where_housed,
    ),
    Entry("scores", PLACES, scored.said, scored.draw, scored.restricted),
    Entry("carte_types", PLACES, maps.types_said, maps.draw_types, maps.kind_of_plan),
    Entry("carte_changements", PLACES, maps.moves_said, maps.draw_moves, maps.kind_of_plan),
    Entry("types_communes", PLACES, communes.said, communes.draw),
    Entry("pentes", PLACES, slopes.SAID, slopes.draw),
)
