"""From the start to the end, does the share of the first quartile rise or fall, and where?

The same residences, grouped by their type at the start or by commune, under both policies of the first pair
and on the fixed ruler. Left out on purpose: residences delivered since the territory's date, and the years
between.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from numpy.typing import NDArray

from mixite.diffusion import FEWEST
from mixite.report import drawing, numbers, type_marks, words
from mixite.report.pictured import Lived
from mixite.report.study import Study, records

if TYPE_CHECKING:
    import pandas as pd

MOST_COMMUNES = 8
SLOPE = "slope"

SAID = (
    "Part du premier quartile parmi les ménages en place, au premier et au dernier 1er janvier, seuil de "
    "l'année de base, mêmes résidences : par type du départ, puis pour les plus grandes communes. Moyenne "
    "des répliques ; écart au dernier 1er janvier et son intervalle à 95 % sur les répliques appariées. "
    "Des résidences choisies pour leur part élevée ou basse reviennent d'elles-mêmes vers la moyenne, sous "
    "toute politique : seul l'écart entre politiques se lit."
)
"""The caption."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def shares(lived: Lived, group: Ints, count: int) -> tuple[Floats, Floats]:
    """Return the share of the first quartile by group on the first and the last 1 January.

    Parameters
    ----------
    group : (replications, residences) from 0 to count − 1; below 0 where a residence is of none

    Returns
    -------
    (replications, count) at the start and at the end, NaN where nobody is
    """
    start_to_end = []
    held = (lived.kind[:, 0] >= 0) & (group >= 0)
    for year in (0, -1):
        sums = np.zeros((2, len(group), count))
        for place, column in enumerate((lived.first_quartile, lived.households)):
            for replication, (rows, of) in enumerate(zip(held, group, strict=True)):
                weights = column[replication, year][rows]
                sums[place, replication] = np.bincount(of[rows], weights=weights, minlength=count)
        start_to_end.append(
            np.divide(sums[0], sums[1], out=np.full(sums[0].shape, np.nan), where=sums[1] > 0)
        )
    return start_to_end[0], start_to_end[1]


def differences(ends: Mapping[str, Floats], pair: tuple[str, str]) -> list[Mapping[str, Any]]:
    """Return the paired difference of the shares at the end, one row a group, in the groups' order."""
    import pandas as pd

    from sim.comparison import compare

    table: pd.DataFrame = pd.concat(
        pd.DataFrame(found).rename_axis(index="replication", columns="group").stack().rename("value")
        .reset_index().assign(policy=policy, indicator=SLOPE, year=0)
        for policy, found in ends.items()
    )  # fmt: skip
    compared = {row["group"]: row for row in records(compare(table, [pair]))}
    return [compared.get(place, {}) for place in range(next(iter(ends.values())).shape[1])]


def by_type(study: Study) -> tuple[list[str], dict[str, tuple[Floats, Floats]]]:
    """Return the names of the types and, by policy, the shares of their residences (start, end).

    Outside `interne`, those of a type whose residences hold a few households stay unknown.
    """
    assert study.pictured is not None
    labels = [words.sentence(mark.label.strip("« »")) for mark in type_marks.TYPES]
    found = {}
    for policy in dict.fromkeys(study.first_pair):
        lived = study.pictured.lived[policy]
        found[policy] = shares(lived, lived.kind[:, 0], len(labels))
        if not study.may.few:
            homes = [
                (lived.households[:, 0] * (lived.kind[:, 0] == kind)).sum(axis=1).mean()
                for kind in range(len(labels))
            ]
            for side in found[policy]:
                side[:, np.array(homes) < FEWEST] = np.nan
    return labels, found


def by_commune(study: Study) -> tuple[list[str], dict[str, tuple[Floats, Floats]]]:
    """Return the names of the largest communes and, by policy, their shares; none of a few households."""
    assert study.pictured is not None
    sites, lived = study.pictured.sites, study.pictured.lived
    codes, place = np.unique(sites.commune, return_inverse=True)
    first = lived[study.first_pair[0]]
    homes = np.bincount(place, first.households[:, 0].mean(axis=0), len(codes))
    order = [row for row in np.lexsort((codes, -homes)) if homes[row] >= FEWEST][:MOST_COMMUNES]
    rank = np.full(len(codes), -1)
    rank[order] = np.arange(len(order))
    found = {}
    for policy in dict.fromkeys(study.first_pair):
        group = np.broadcast_to(rank[place], lived[policy].kind[:, 0].shape)
        found[policy] = shares(lived[policy], group, len(order))
    return [sites.names.get(str(codes[row]), str(codes[row])) for row in order], found


def draw(study: Study) -> SubFigure | None:
    """Draw the slopes, types above, communes below."""
    if study.pictured is None:
        return None
    shown = [by_type(study), by_commune(study)]
    counts = [len(labels) for labels, _ in shown]
    if not counts[0]:
        return None
    lines = 1 + -(-counts[1] // 4)
    made, axes = drawing.sheet(lines, 4, width=11.5, height=2.7 * lines + 0.3)
    for panel in axes[4 + counts[1] :]:
        panel.set_visible(False)
    limits = _limits([found for _, found in shown])
    for first, (labels, found) in zip((0, 4), shown, strict=True):
        pair = study.first_pair
        gaps = differences({policy: end for policy, (_, end) in found.items()}, pair) if labels else []
        for place, label in enumerate(labels):
            panel = axes[first + place]
            _slope(panel, study, found, place)
            panel.set_ylim(*limits)
            drawing.title(panel, label, 30)
            _gap(panel, gaps[place] if pair[0] != pair[1] else {})
            if place % 4 == 0:
                panel.set_ylabel("premier quartile, %", fontsize=9)
            else:
                panel.tick_params(labelleft=False)
    drawing.common_legend(made, axes[0])
    return made


def _slope(panel: Axes, study: Study, found: Mapping[str, tuple[Floats, Floats]], place: int) -> None:
    assert study.pictured is not None
    years = study.pictured.lived[study.first_pair[0]].years
    for side, (policy, (start, end)) in enumerate(found.items()):
        ends = [_mean(start[:, place]), _mean(end[:, place])]
        colour = drawing.COLOURS[side]
        panel.plot(
            [0, 1], ends, color=colour, linestyle=drawing.LINES[side], marker=drawing.MARKERS[side],
            markersize=6, label=words.policy(policy),
        )  # fmt: skip
    panel.set_xticks([0, 1], [str(years[0]), str(years[-1])])
    panel.set_xlim(-0.25, 1.25)
    drawing.french_axis(panel, "y", percent=True)
    panel.grid(axis="y", color="#e3e3e3")


def _gap(panel: Axes, row: Mapping[str, Any]) -> None:
    """Write the difference at the end, with its interval."""
    if not row or row["difference"] != row["difference"]:
        return
    gap = numbers.measure(row["difference"], numbers.SHARE, difference=True)
    text = f"écart {gap}\n{numbers.interval(row['ci_low'], row['ci_high'], numbers.SHARE)}"
    panel.text(0.5, 0.97, text, transform=panel.transAxes, ha="center", va="top", fontsize=8)


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _limits(shown: list[dict[str, tuple[Floats, Floats]]]) -> tuple[float, float]:
    """Return the scale common to every panel, with room above for what is written."""
    means = [
        _mean(side[:, place])
        for found in shown
        for ends in found.values()
        for side in ends
        for place in range(side.shape[1])
    ]
    low, high = min(m for m in means if m == m), max(m for m in means if m == m)
    room = max(high - low, 0.02)
    return max(low - 0.1 * room, 0.0), high + 0.45 * room
