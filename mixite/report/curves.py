"""Within how many months of filing is a demand housed, month by month, while others leave the register?

Aalen-Johansen curves of sim/indicators/housed.py at every month: demands filed before the start enter at
their age on that day, those still open at the end are censored, and a lapse is an exit that competes with
housing. The value at 12 months is that of `housed_12m`. Left out on purpose: a forecast for one demand.
"""

from __future__ import annotations

import warnings

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from numpy.typing import NDArray

from mixite.report import drawing, numbers, words
from mixite.report.pictured import CURVE_GROUPS, CURVE_MONTHS
from mixite.report.study import Study, group_label

HORIZONS = (6, 12, 24)
READ_AT = 12
Floats = NDArray[np.float64]


def band(shares: Floats) -> Floats:
    """Return mean, low and high (the middle 95 %) of shares (replications, months), NaN where unknown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a month that no replication knows
        low, high = np.nanquantile(shares, [0.025, 0.975], axis=0)
        return np.array([np.nanmean(shares, axis=0), low, high])


def draw(study: Study) -> SubFigure | None:
    """Draw the curves of the first pair, one panel a public; other policies are points at 6, 12 and 24."""
    if study.pictured is None:
        return None
    curves, policies = study.pictured.curves, list(dict.fromkeys(study.first_pair))
    groups = [group for group in CURVE_GROUPS if np.isfinite(curves[policies[0], group].housed[:, 1:]).any()]
    if not groups:
        return None
    lines = (len(groups) + 2) // 3
    made, axes = drawing.sheet(lines, 3, width=11.5, height=3.4 * lines + 0.6)
    for panel in axes[len(groups) :]:
        panel.set_visible(False)
    for panel, group in zip(axes, groups, strict=False):
        for place, policy in enumerate(policies):
            mean, low, high = band(curves[policy, group].housed)
            colour = drawing.COLOURS[place]
            panel.plot(
                CURVE_MONTHS, mean, color=colour, linestyle=drawing.LINES[place], linewidth=1.8,
                marker=drawing.MARKERS[place], markevery=list(HORIZONS), label=words.policy(policy),
            )  # fmt: skip
            panel.fill_between(CURVE_MONTHS, low, high, color=colour, alpha=0.14, linewidth=0)
        _others(panel, study, group)
        panel.set_xticks((0, *HORIZONS))
        ticks = [tick for tick in panel.get_yticks() if 0 <= tick <= min(panel.get_ylim()[1], 1 + 1e-9)]
        panel.set_yticks(ticks)
        panel.set_ylim(0, min(panel.get_ylim()[1], 1) * 1.35)  # room for what is written
        panel.text(
            0.03, 0.97, _told(study, group), transform=panel.transAxes, va="top", fontsize=8, linespacing=1.3
        )
        drawing.french_axis(panel, "y", percent=True)
        panel.grid(axis="y", color="#e3e3e3")
        drawing.title(panel, group_label(group), 34)
        since = "mois depuis la reconnaissance" if group == "dalo" else "mois depuis le dépôt"
        panel.set_xlabel(since, fontsize=9)
        panel.set_ylabel("part logée, %", fontsize=9)
    drawing.common_legend(made, axes[0])
    return made


def said(study: Study) -> str:
    """Return the caption."""
    others = "" if len(set(study.policies)) <= 2 else " Points creux : les autres politiques."
    return (
        "Part des demandes logées selon les mois écoulés depuis le dépôt (la reconnaissance pour le DALO), "
        "par public : courbes d'Aalen-Johansen, moyenne des répliques ; bande : 95 % des répliques. Une "
        "radiation ou un renoncement est une sortie sans bail, après laquelle cette demande n'est plus "
        "logée ; une demande déposée avant le départ entre dans le calcul à son ancienneté de ce jour-là. "
        f"Écart : intervalle à 95 % sur les répliques appariées.{others}"
    )


def left_without(study: Study, group: str, policy: str) -> float:
    """Return the mean share that has left the register without a lease at 12 months."""
    assert study.pictured is not None
    mean: Floats = band(study.pictured.curves[policy, group].left)[0]
    return float(mean[READ_AT])


def _told(study: Study, group: str) -> str:
    """Return the difference at 12 months, with its interval, and the exits that compete."""
    a, b = study.first_pair
    lines = []
    row = study.difference("housed_12m", group, (a, b))
    if row is not None and row["difference"] == row["difference"] and a != b:
        interval = numbers.interval(row["ci_low"], row["ci_high"], numbers.SHARE).strip(numbers.ABSENT)
        gap = numbers.measure(row["difference"], numbers.SHARE, difference=True)
        lines.append(f"Écart à 12 mois : {gap} {interval}".strip())
    gone = [numbers.percent(left_without(study, group, policy), 0) for policy in dict.fromkeys((a, b))]
    lines.append(f"Sorties sans bail à 12 mois : {' → '.join(dict.fromkeys(gone))}")
    return "\n".join(lines)


def _others(panel: Axes, study: Study, group: str) -> None:
    """Mark the policies beside the pair at 6, 12 and 24 months."""
    pair = dict.fromkeys(study.first_pair)
    others = [policy for policy in dict.fromkeys(study.policies) if policy not in pair]
    for place, policy in enumerate(others, start=len(pair)):
        shares = [study.value(f"housed_{months}m", group, policy) for months in HORIZONS]
        panel.plot(
            HORIZONS, shares, drawing.MARKERS[place % len(drawing.MARKERS)], color=drawing.GREY,
            markersize=5, markerfacecolor="none", label=words.policy(policy),
        )  # fmt: skip
