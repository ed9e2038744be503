"""How are the residences of a territory qualified, drawn: scores with their intervals, types on a plan?

For `mixite qualify`, its sheets and the report of a comparison. A caller gives the line of source and the
level of diffusion: outside `interne` no residence is shown by itself. Left out on purpose: what the partners
say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import SubFigure
from numpy.typing import NDArray

from mixite.diffusion import INTERNE
from mixite.report import drawing, type_marks
from mixite.report.ground import ground, key, marks, panels
from mixite.report.pictured import Sites, sites_of
from mixite.report.type_marks import TYPES

if TYPE_CHECKING:
    from sim.rules.peuplement import Qualified
    from sim.territory.columns import Territory

POSITIONS = "Plan schématique : les positions ne sont pas géographiques."
TO_SCALE = "Carte à l'échelle, sans fond (Lambert-93)."
Floats = NDArray[np.float64]


def images(
    territory: Territory, qualified: Qualified, source: str, diffusion: str = INTERNE
) -> dict[str, bytes]:
    """Return the figures of a qualification by file name, as PNG; none of a residence outside `interne`.

    Parameters
    ----------
    source : what is written under each: source, territory, banner of synthetic data
    """
    if diffusion != INTERNE:
        return {}
    sites = sites_of(territory)
    level = f"{round(qualified.choice.level * 100)} %"
    restricted = "" if territory.synthetic else " Diffusion interne."
    where = TO_SCALE if sites.located else POSITIONS
    return {
        "qualification_scores": drawing.png(
            scores(qualified), f"Trait : intervalle à {level} du score.{restricted} {source}"
        ),
        "qualification_plan": drawing.png(
            plan(sites, qualified), f"Surface : nombre de logements. {where}{restricted} {source}"
        ),
    }


def scores(qualified: Qualified, residence: int | None = None) -> SubFigure:
    """Draw the score of every residence and its interval, over the bands of the four types.

    Parameters
    ----------
    residence : row of one that is pointed at, for its own sheet
    """
    made, (panel,) = drawing.sheet(1, 1, width=11, height=5)
    lived = np.flatnonzero(qualified.observed.households > 0)
    order = lived[np.lexsort((lived, qualified.score[lived]))]
    low, high = qualified.score_low[order], qualified.score_high[order]
    places = np.arange(len(order), dtype=float)
    edges = _bands(panel, qualified.ruler.cuts, float(low.min()), float(high.max()))
    lines = np.stack([np.column_stack([places, low]), np.column_stack([places, high])], axis=1)
    many = len(order) > 150
    lines_style = (
        {"colors": "#b5b5b5", "linewidths": 0.4} if many else {"colors": type_marks.EDGE, "linewidths": 1.4}
    )
    panel.add_collection(LineCollection(list(lines), zorder=2, **lines_style))
    for place, mark in enumerate(TYPES):
        of = qualified.type[order] == place
        panel.scatter(
            places[of], qualified.score[order][of], s=12 if many else 50, marker=mark.marker,
            color=mark.colour, edgecolors="none" if many else type_marks.EDGE, linewidths=0.6, zorder=3,
        )  # fmt: skip
    if residence is not None and residence in order:
        at = float(np.flatnonzero(order == residence)[0])
        panel.annotate(
            "cette résidence", (at, qualified.score[residence]), (at, edges[1]), ha="center", fontsize=9,
            arrowprops={"arrowstyle": "->"},
        )  # fmt: skip
    panel.set_xlim(-1, len(order))
    panel.set_ylim(*edges)
    panel.set_xticks([])
    panel.set_xlabel("résidences, de la plus à la moins en capacité d'accueillir", fontsize=9)
    panel.set_ylabel("score d'occupation, en écarts-types de l'EPCI", fontsize=9)
    drawing.french_axis(panel, "y", sign=True)
    made.legend(
        handles=type_marks.keys(TYPES), loc="outside lower center", ncols=4, frameon=False, fontsize=9,
        title="type actuel", title_fontsize=9,
    )  # fmt: skip
    return made


def plan(sites: Sites, qualified: Qualified) -> SubFigure:
    """Draw the residences by type now and by type aimed at."""
    dwellings = qualified.observed.dwellings.astype(float)
    place = ground(sites, dwellings)
    made, axes = panels(place, 1, 2)
    once = np.ones(len(dwellings))
    for panel, kind, name in zip(
        axes, (qualified.type, qualified.target), ("Type actuel", "Type cible"), strict=True
    ):
        marks(panel, place, TYPES, kind, once, dwellings)
        drawing.title(panel, name)
    key(axes[0], place, dwellings)
    made.legend(
        handles=type_marks.keys(TYPES, 10), loc="outside lower center", ncols=4, frameon=False, fontsize=9
    )
    return made


def _bands(panel: Axes, cuts: Floats, low: float, high: float) -> tuple[float, float]:
    """Shade the band of each type, name it on the right, and return the limits of the scale."""
    room = 0.06 * (high - low)
    edges = [low - room, *cuts.tolist(), high + room]
    for mark, under, over in zip(TYPES, edges, edges[1:], strict=False):
        panel.axhspan(under, over, facecolor=mark.colour, alpha=0.16, linewidth=0)
        panel.text(
            1.005,
            (under + over) / 2,
            mark.label,
            transform=panel.get_yaxis_transform(),
            fontsize=8.5,
            va="center",
        )
    for cut in cuts:
        panel.axhline(cut, color=drawing.GREY, linewidth=0.8, linestyle="--")
    return edges[0], edges[-1]
