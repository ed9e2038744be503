"""Are the legal shares and the floors of the stratégie reached, holder by holder, and by how many leases?

A gauge is a bar on a scale of 0 to 100 %, its floor marked, its leases written as « 7 sur 31 »; under twenty
leases a share says nothing and the fraction alone is written. A target by quartier or commune has a gauge of
all its places, then one a place; one by residence, of all its places alone. Left out on purpose: the steering
of the month, and the yearly shortfalls, which the table of legal obligations counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mixite.diffusion import LESS
from mixite.report import drawing, numbers, words
from mixite.report.floors import TARGET, place_of
from mixite.report.study import Study, group_label
from sim.indicators.quotas import SMALLEST_BASE

if TYPE_CHECKING:
    import pandas as pd

RULES = {
    "R1": "R1 : premier quartile et relogés, hors QPV",
    "R2": "R2 : deuxième à quatrième quartiles, en QPV",
    "R4": "R4 : DALO et publics prioritaires",
}
TARGETS = "Planchers de la stratégie : lieux visés ensemble, puis quartiers ou communes"
MOST_HOLDERS = 12
FLOOR_WIDTH = 2.6


@dataclass(frozen=True)
class Gauge:
    """One bar: leases that count, of how many, means over replications, whole run.

    Attributes
    ----------
    share : mean of the replications' shares, NaN where one of them has under twenty leases
    low, high : the middle 95 % of the replications
    """

    holder: str
    label: str
    policy: str
    reached: float
    base: float
    share: float
    low: float
    high: float

    @property
    def small(self) -> bool:
        """Tell whether the share says nothing."""
        return self.share != self.share

    @property
    def text(self) -> str:
        """What is written at the end of the bar."""
        fraction = f"{_mean(self.reached)} sur {_mean(self.base)}"
        return fraction if self.small else f"{numbers.percent(self.share, 0)} ({fraction})"


def _mean(leases: float) -> str:
    """Return a mean number of leases: half a lease is not none."""
    return numbers.number(leases, 0 if round(leases, 1).is_integer() else 1)


def gauges(study: Study, rule: str) -> list[Gauge]:
    """Return the gauges of a rule, the EPCI first, then the holders with the most leases, by policy.

    Those of the targets stand in their order, each whole before its places with the most leases.
    """
    assert study.pictured is not None
    counts = study.pictured.counts
    counts = counts[(counts["rule"] == rule) & (counts["base"] > 0)]
    by_holder = counts.groupby("holder")["base"].sum()
    order = sorted(by_holder.index, key=lambda holder: (holder != "all", -by_holder[holder], holder))
    shown = order[: MOST_HOLDERS + 1]
    if rule == TARGET:
        wholes: dict[str, list[str]] = {}
        for holder in order:
            wholes.setdefault(place_of(holder)[0], []).append(holder)
        shown = [
            holder
            for whole in sorted(wholes, key=int)
            for holder in sorted(wholes[whole], key=lambda name: place_of(name)[1] != "")[: MOST_HOLDERS + 1]
        ]
    found = []
    for holder in shown:
        for policy in dict.fromkeys(study.first_pair):
            rows = counts[(counts["holder"] == holder) & (counts["policy"] == policy)]
            if len(rows):
                found.append(_gauge(study, rule, holder, policy, rows))
    return found


def _gauge(study: Study, rule: str, holder: str, policy: str, rows: pd.DataFrame) -> Gauge:
    """Return a gauge; a replication without a lease there has no row."""
    reached, base = rows["reached"].to_numpy(float), rows["base"].to_numpy(float)
    shares = reached / base
    enough = len(rows) == study.replications and base.min() >= SMALLEST_BASE
    share = float(shares.mean()) if enough else np.nan
    low, high = np.quantile(shares, [0.025, 0.975]).tolist()
    means = (float(counts.sum() / study.replications) for counts in (reached, base))
    return Gauge(holder, _label(study, rule, holder), policy, *means, share, low, high)


def draw(study: Study) -> SubFigure | None:
    """Draw the gauges, a panel a rule, a bar a holder and policy."""
    if study.pictured is None:
        return None
    law = study.context.get("law_shares", {})
    asked = [*(rule for rule in RULES if law.get(rule)), TARGET]
    shown = {rule: found for rule in asked if (found := gauges(study, rule))}
    if not shown:
        return None
    heights = [0.8 + 0.3 * len(found) for found in shown.values()]
    made, axes = drawing.stacked_sheet(heights, width=10.5)
    for panel, (rule, found) in zip(axes, shown.items(), strict=True):
        floors = [float(law[rule])] * len(found) if rule in RULES else _floors(study, found)
        _bars(panel, study, found, floors)
        drawing.title(panel, RULES.get(rule, TARGETS), 90)
    axes[-1].set_xlabel("part des baux signés sur la période, %", fontsize=9)
    bars = [
        Patch(
            facecolor=drawing.TINTS[side], edgecolor=drawing.COLOURS[side], hatch=drawing.HATCHES[side],
            label=words.policy(policy),
        )
        for side, policy in enumerate(dict.fromkeys(study.first_pair))
    ]  # fmt: skip
    floor = Line2D([], [], color="black", linewidth=FLOOR_WIDTH, label="plancher")
    made.legend(handles=[*bars, floor], loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    return made


def said(study: Study) -> str:
    """Return the caption."""
    assert study.pictured is not None
    counts = study.pictured.counts
    lacking = ""
    if not study.may.few:
        lacking += f" Ce qui repose sur {LESS} baux n'est pas montré, ni ce dont on le tirerait."
    whole = counts["holder"].map(lambda holder: place_of(holder)[0]).where(counts["rule"] == TARGET, "")
    if counts["holder"].groupby([counts["rule"], whole]).nunique().max() > MOST_HOLDERS + 1:
        lacking += f" Les {MOST_HOLDERS} titulaires ou lieux qui signent le plus de baux."
    return (
        "Parts de baux que la loi et la stratégie demandent, par titulaire : baux qui comptent sur baux "
        "signés de toute la période, moyennes des répliques. Trait noir horizontal : 95 % des répliques ; "
        "trait vertical : plancher. Barre vide : moins de vingt baux dans une réplique, la fraction seule "
        "est donnée. Les ménages neutres (DALO, relogements…) ne comptent dans aucun plancher de la "
        f"stratégie.{lacking}"
    )


def _bars(panel: Axes, study: Study, found: Sequence[Gauge], floors: Sequence[float]) -> None:
    pair = list(dict.fromkeys(study.first_pair))
    labels = list(dict.fromkeys(gauge.label for gauge in found))
    for gauge, floor in zip(found, floors, strict=True):
        side = pair.index(gauge.policy)
        place = labels.index(gauge.label) + (0.4 * (side - (len(pair) - 1) / 2))
        length = gauge.reached / gauge.base if gauge.small else gauge.share
        panel.barh(
            place, length, height=0.34, edgecolor=drawing.COLOURS[side], linewidth=1,
            facecolor="white" if gauge.small else drawing.TINTS[side], hatch=drawing.HATCHES[side],
        )  # fmt: skip
        panel.plot([gauge.low, gauge.high], [place, place], color="black", linewidth=1.4)
        end = max(length, gauge.high, floor) + 0.012
        text = panel.text(end, place, gauge.text, va="center", fontsize=8, color="black")
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.5})
        panel.plot([floor, floor], [place - 0.2, place + 0.2], color="black", linewidth=FLOOR_WIDTH)
    panel.set_yticks(range(len(labels)), labels)
    panel.set_ylim(len(labels) - 0.45, -0.55)
    panel.set_xlim(0, 1.12)
    panel.set_xticks(np.arange(0, 1.01, 0.25))
    drawing.french_axis(panel, "x", percent=True)


def _floors(study: Study, found: Sequence[Gauge]) -> list[float]:
    """Return the floor of the target of each gauge."""
    return [float(study.targets[int(place_of(gauge.holder)[0])]["floor"]) for gauge in found]


def _label(study: Study, rule: str, holder: str) -> str:
    if rule == TARGET:
        whole, place = place_of(holder)
        target = study.targets[int(whole)]
        number = f"{int(whole) + 1}. " if len(study.targets) > 1 else ""
        if place:
            return f"{number}{_named(study, place)}"
        where = {None: "", True: ", en QPV", False: ", hors QPV"}[target.get("in_qpv")]
        return f"{number}{words.sentence(group_label(target['public']))}{where}"
    return "EPCI" if holder == "all" else words.sentence(group_label(holder))


def _named(study: Study, place: str) -> str:
    """Return the French name of a quartier or a commune: a quartier is that of its commune."""
    assert study.pictured is not None
    kind, _, name = place.partition(":")
    code, _, quartier = name.partition("/")
    commune = study.pictured.sites.names.get(code, code)
    return f"{quartier} ({commune})" if kind == "quartier" else commune
