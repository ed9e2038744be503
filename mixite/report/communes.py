"""What are the types of the residences of each commune, where residences may not be drawn one by one?

Left out on purpose: residences delivered since the territory's date.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import SubFigure
from numpy.typing import NDArray

from mixite.diffusion import FEWEST, LESS
from mixite.report import drawing, type_marks, words
from mixite.report.pictured import Lived, Sites
from mixite.report.study import Study
from mixite.report.type_marks import TYPES

Floats = NDArray[np.float64]


def draw(study: Study) -> SubFigure | None:
    """Draw the types by commune, where residences may not be shown one by one."""
    if study.pictured is None or study.may.points:
        return None
    policies = list(dict.fromkeys(study.first_pair))
    several = [study.pictured.lived[policy] for policy in policies]
    rows = by_commune(study.pictured.sites, several, cells=not study.may.named)
    if not rows:
        return None
    made, axes = drawing.sheet(1, len(policies), width=11.5, height=1.4 + 0.3 * len(rows))
    for side, (panel, policy) in enumerate(zip(axes, policies, strict=True)):
        left = np.zeros(len(rows))
        for place, mark in enumerate(TYPES):
            share = np.array([shares[side, place] for _, shares in rows])
            panel.barh(
                range(len(rows)), share, left=left, color=mark.colour, edgecolor=mark.ink, hatch=mark.hatch,
                linewidth=0,
            )  # fmt: skip
            left += share
        panel.set_yticks(range(len(rows)), [name if side == 0 else "" for name, _ in rows])
        panel.set_ylim(len(rows) - 0.4, -0.6)
        panel.set_xlim(0, 1)
        drawing.french_axis(panel, "x", percent=True)
        panel.set_xlabel("part des logements de la commune, %", fontsize=9)
        drawing.title(panel, words.policy(policy))
    made.legend(
        handles=type_marks.patches(TYPES), loc="outside lower center", ncols=4, frameon=False, fontsize=9
    )
    return made


def said(study: Study) -> str:
    """Return the caption of the types by commune."""
    shown = (
        f"Communes d'au moins {FEWEST} ménages ; les plus petites ensemble."
        if study.may.named
        else f"Communes où chaque type réunit au moins {FEWEST} ménages, ou aucun ; les autres ensemble, ou "
        "non montrées."
    )
    return (
        "Types de peuplement par commune au dernier 1er janvier, en part des logements, moyenne des "
        f"répliques. {shown}"
    )


def by_commune(sites: Sites, several: Sequence[Lived], *, cells: bool = False) -> list[tuple[str, Floats]]:
    """Return the communes of at least 11 households at the end under every policy, the largest first.

    Smaller communes are put together; those too small together are left out. With `cells` a commune is also
    small when the residences of one of its types hold fewer, but for a type that none is of.

    Returns
    -------
    name, (policies, types) share of the dwellings
    """
    codes, place = np.unique(sites.commune, return_inverse=True)
    homes, dwellings = np.zeros((2, len(codes), len(several), len(TYPES)))
    for side, lived in enumerate(several):
        for kinds, counts, households in zip(
            lived.kind[:, -1], lived.dwellings[:, -1], lived.households[:, -1], strict=True
        ):
            there = kinds >= 0
            where = (place[there], side, kinds[there])
            np.add.at(dwellings, where, counts[there])
            np.add.at(homes, where, households[there] / len(lived.kind))
    least = homes.sum(axis=2).min(axis=1)
    small = least < FEWEST
    if cells:
        small |= _some_are_few(homes).any(axis=1)
    found = [
        (sites.names.get(str(codes[row]), str(codes[row])), dwellings[row])
        for row in np.lexsort((codes, -least))
        if not small[row]
    ]
    together = homes[small].sum(axis=0)
    if together.sum(axis=1).min() >= FEWEST and not (cells and _some_are_few(together).any()):
        name = "autres communes" if cells else f"communes de {LESS} ménages"
        found.append((name, dwellings[small].sum(axis=0)))
    return [(name, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)) for name, counts in found]


def _some_are_few(homes: Floats) -> NDArray[np.bool_]:
    """Tell where the residences of a type, the last axis but one being policies, hold a few households."""
    found: NDArray[np.bool_] = ((homes > 0) & (homes < FEWEST)).any(axis=-1)
    return found
