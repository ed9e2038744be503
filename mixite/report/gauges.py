"""Are the legal shares and the floors of the stratégie reached, holder by holder, and by how many leases?

A gauge is a bar on a scale of 0 to 100 %, its floor marked, its leases written as « 7 sur 31 »; under twenty
leases a share says nothing and the fraction alone is written. Left out on purpose: the steering of the
month, and the yearly shortfalls, which the table of legal obligations counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mixite.report import drawing, numbers, words
from mixite.report.study import FEWEST_HOUSEHOLDS, Study, group_label
from sim.indicators import groups
from sim.indicators.quotas import BOUND_BY_R4, SMALLEST_BASE

if TYPE_CHECKING:
    import pandas as pd

RULES = {
    "R1": "R1 : premier quartile et relogés, hors QPV",
    "R2": "R2 : deuxième à quatrième quartiles, en QPV",
    "R4": "R4 : DALO et publics prioritaires",
}
TARGET = "cible"
MOST_HOLDERS = 12
FLOOR_WIDTH = 2.6
READ = ("types", "in_qpv", "in_rpms", "bailleurs", "residences", "communes", "public", "floor", "months",
        "published_in", "study", "level")  # fmt: skip
"""What is read of a target; one that names its places otherwise has no gauge."""

NAMED_BY = {
    "types": "peuplement_type",
    "bailleurs": "bailleur_id",
    "residences": "residence_id",
    "communes": "commune",
}


ON_LEASES = (
    *NAMED_BY.values(),
    *("in_qpv", "first_quartile", "relogement", "dalo", "l441_1", "neutral", "reservataire"),
)
"""Columns of leases that are counted on, beside the publics of the targets."""


@dataclass(frozen=True)
class Gauge:
    """One bar: leases that count, of how many, means over replications, whole run.

    Attributes
    ----------
    share : mean of the replications' shares, NaN where one of them has under twenty leases
    low, high : the middle 95 % of the replications
    """

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
        fraction = f"{numbers.number(self.reached)} sur {numbers.number(self.base)}"
        return fraction if self.small else f"{numbers.percent(self.share, 0)} ({fraction})"


def counted(
    leases: pd.DataFrame, targets: Sequence[Mapping[str, Any]], rpms: Collection[str]
) -> pd.DataFrame:
    """Count the leases of a run that each rule counts and those that it is counted of, by holder.

    Parameters
    ----------
    targets : of the scenario, as plain data
    rpms : residences listed as RPMS

    Returns
    -------
    columns rule, holder, reached, base; the holder of a target is its place in `targets`
    """
    import pandas as pd

    flag = {name: leases[name].to_numpy(dtype=bool) for name in ("in_qpv", "first_quartile", "relogement")}
    priority = leases["dalo"].to_numpy(dtype=bool) | leases["l441_1"].to_numpy(dtype=bool)
    holders = {"all": np.ones(len(leases), dtype=bool), **groups.of_bailleurs(leases["bailleur_id"])}
    reservataires = groups.of_reservataires(leases["reservataire"])
    rows = []
    for holder, held in holders.items():
        outside, inside = held & ~flag["in_qpv"], held & flag["in_qpv"]
        rows.append(("R1", holder, outside & (flag["first_quartile"] | flag["relogement"]), outside))
        rows.append(("R2", holder, inside & ~flag["first_quartile"], inside))
    rows += [
        ("R4", holder, reservataires[holder] & priority, reservataires[holder]) for holder in BOUND_BY_R4
    ]
    for place, target in enumerate(targets):
        if (base := _concerned(leases, target, rpms)) is not None:
            rows.append((TARGET, str(place), base & leases[target["public"]].to_numpy(dtype=bool), base))
    table = [(rule, holder, int(reached.sum()), int(base.sum())) for rule, holder, reached, base in rows]
    return pd.DataFrame(table, columns=["rule", "holder", "reached", "base"])


def gauges(study: Study, rule: str) -> list[Gauge]:
    """Return the gauges of a rule, the EPCI first, then the holders with the most leases, by policy.

    In `public`, holders stay unnamed: the EPCI alone is shown, and nothing counted on a few leases.
    """
    assert study.pictured is not None
    counts = study.pictured.counts
    counts = counts[(counts["rule"] == rule) & (counts["base"] > 0)]
    by_holder = counts.groupby("holder")["base"].sum()
    order = sorted(by_holder.index, key=lambda holder: (holder != "all", -by_holder[holder], holder))
    if rule == TARGET:
        order = sorted(by_holder.index, key=int)
    elif study.diffusion == "public":
        order = [holder for holder in order if holder == "all"]
    found = []
    for holder in order[: MOST_HOLDERS + 1]:
        for policy in dict.fromkeys(study.first_pair):
            rows = counts[(counts["holder"] == holder) & (counts["policy"] == policy)]
            few = study.diffusion == "public" and rows["base"].mean() < FEWEST_HOUSEHOLDS
            if len(rows) and not few:
                found.append(_gauge(_label(study, rule, holder), policy, rows))
    return found


def _gauge(label: str, policy: str, rows: pd.DataFrame) -> Gauge:
    reached, base = rows["reached"].to_numpy(float), rows["base"].to_numpy(float)
    shares = reached / base
    share = float(shares.mean()) if base.min() >= SMALLEST_BASE else np.nan
    low, high = np.quantile(shares, [0.025, 0.975]).tolist()
    return Gauge(label, policy, float(reached.mean()), float(base.mean()), share, low, high)


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
        drawing.title(panel, RULES.get(rule, "Planchers de la stratégie, ensemble des lieux visés"), 90)
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
    untold = len(study.targets) - counts.loc[counts["rule"] == TARGET, "holder"].nunique()
    lacking = (
        f" Objectifs sans jauge, leurs lieux ne se lisant pas dans les baux : {untold}." if untold else ""
    )
    if counts.groupby("rule")["holder"].nunique().max() > MOST_HOLDERS + 1:
        lacking += f" Les {MOST_HOLDERS} titulaires qui signent le plus de baux."
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
    floors = {_label(study, TARGET, str(place)): t["floor"] for place, t in enumerate(study.targets)}
    return [float(floors[gauge.label]) for gauge in found]


def _label(study: Study, rule: str, holder: str) -> str:
    if rule == TARGET:
        target = study.targets[int(holder)]
        where = {None: "", True: ", en QPV", False: ", hors QPV"}[target.get("in_qpv")]
        number = f"{int(holder) + 1}. " if len(study.targets) > 1 else ""
        return f"{number}{words.sentence(group_label(target['public']))}{where}"
    return "EPCI" if holder == "all" else words.sentence(group_label(holder))


def _concerned(leases: pd.DataFrame, target: Mapping[str, Any], rpms: Collection[str]) -> np.ndarray | None:
    """Return the leases that a target is counted of, None where it names its places in another way."""
    if any(value for key, value in target.items() if key not in READ):
        return None
    concerned = ~leases["neutral"].to_numpy(dtype=bool)
    for key, column in NAMED_BY.items():
        if target.get(key):
            concerned &= leases[column].isin(list(target[key])).to_numpy()
    if target.get("in_qpv") is not None:
        concerned &= leases["in_qpv"].to_numpy(dtype=bool) == target["in_qpv"]
    if target.get("in_rpms") is not None:
        concerned &= leases["residence_id"].isin(list(rpms)).to_numpy() == target["in_rpms"]
    return concerned
