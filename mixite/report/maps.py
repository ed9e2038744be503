"""Which residences are of which type, where, and which change of type over the run?

A residence's colour and shape are the type that most replications give it, and the part that is filled is
how many of them do. It is shown by itself in `interne` alone: elsewhere communes are, those of a few
households together. Left out on purpose: names of residences, and how a panel is laid out (ground.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from mixite.diffusion import FEWEST
from mixite.report import drawing, numbers, type_marks, words
from mixite.report.ground import ground, key, later_marks, marks, panels
from mixite.report.pictured import ABSENT, Lived, Sites
from mixite.report.study import Study
from mixite.report.type_marks import MOVES, TYPES, Mark

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_YEARS = 4


def draw_types(study: Study) -> SubFigure | None:
    """Draw the types, a line a policy, a column a year."""
    if study.pictured is None or not study.may.points:
        return None
    lived = study.pictured.lived
    policies = list(dict.fromkeys(study.first_pair))
    years = lived[policies[0]].years
    several = list(lived.values())
    place = ground(study.pictured.sites, most_dwellings(several), most_later(several))
    columns = shown_years(years)
    made, axes = panels(place, len(policies), len(columns))
    for line, policy in enumerate(policies):
        for column, year in enumerate(columns):
            panel = axes[line * len(columns) + column]
            here = lived[policy]
            kind, often = most_frequent(here.kind[:, year], len(TYPES))
            marks(panel, place, TYPES, kind, often, here.dwellings[:, year].max(axis=0))
            later = here.later[:, year].mean(axis=0)
            whole = later.sum(axis=1)
            colours = [TYPES[code].colour for code in later.argmax(axis=1)]
            later_marks(panel, place, colours, later.max(axis=1) / np.maximum(whole, 1e-9), whole)
            drawing.title(panel, f"{words.short_policy(policy)}, 1er janvier {years[year]}", 48)
    key(axes[0], place, most_dwellings(several))
    _legend(made, TYPES, "contour seul : autre type selon les répliques", bool(most_later(several).any()))
    return made


def draw_moves(study: Study) -> SubFigure | None:
    """Draw the moves of type from the start to the end, a column a policy."""
    if study.pictured is None or not study.may.points:
        return None
    lived = study.pictured.lived
    policies = list(dict.fromkeys(study.first_pair))
    several = list(lived.values())
    most, later = most_dwellings(several), most_later(several)
    place = ground(study.pictured.sites, most, later)
    made, axes = panels(place, 1, len(policies), head=0.09)
    for panel, policy in zip(axes, policies, strict=True):
        here = lived[policy]
        found = moves(here)
        kind, often = most_frequent(found, len(MOVES))
        marks(panel, place, MOVES, kind, often, here.dwellings[:, -1].max(axis=0))
        new = here.later[:, -1].mean(axis=0).sum(axis=1)
        later_marks(panel, place, [MOVES[type_marks.SAME].colour] * len(new), np.ones(len(new)), new)
        counts = [(found == move).sum(axis=1) for move in (type_marks.MORE, type_marks.LESS)]
        said = "\n".join(
            f"résidences passées à un type {towards} : {_spread(count)}"
            for towards, count in zip(("plus favorable", "moins favorable"), counts, strict=True)
        )
        drawing.title(panel, words.policy(policy), 60)
        panel.text(0, 1, said, transform=panel.transAxes, fontsize=8.5, va="top")
    key(axes[0], place, most)
    _legend(made, MOVES, "contour seul : autre réponse selon les répliques", bool(later.any()))
    return made


def draw_communes(study: Study) -> SubFigure | None:
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


def communes_said(study: Study) -> str:
    """Return the caption of the types by commune."""
    shown = (
        "Communes d'au moins 11 ménages ; les plus petites ensemble."
        if study.may.named
        else "Communes où chaque type réunit au moins 11 ménages, ou aucun ; les autres ensemble, ou non "
        "montrées."
    )
    return (
        "Types de peuplement par commune au dernier 1er janvier, en part des logements, moyenne des "
        f"répliques. {shown}"
    )


def types_said(study: Study) -> str:
    """Return the caption of the types."""
    return (
        "Résidences par type de peuplement, sur la règle fixe du départ. Surface : nombre de logements ; "
        f"couleur et forme : type. {filled(study)} {kind_of_plan(study)}"
    )


def moves_said(study: Study) -> str:
    """Return the caption of the moves of type."""
    return (
        "Changement de type de chaque résidence, de son premier 1er janvier au dernier. Surface : nombre de "
        f"logements. {filled(study)} Nombres : résidences montrées, moyenne et 95 % des répliques. "
        f"{kind_of_plan(study)}"
    )


def kind_of_plan(study: Study) -> str:
    """Return the sentence of a caption that says what the places are, and who may see them."""
    assert study.pictured is not None
    sites = study.pictured.sites
    later = max(float(lived.delivered.mean()) for lived in study.pictured.lived.values())
    parts = []
    if sites.located:
        lost = int(np.sum(~(np.isfinite(sites.x) & np.isfinite(sites.y))))
        parts.append("Carte à l'échelle, sans fond (Lambert-93).")
        parts += [f"{lost} résidence(s) sans coordonnées ne sont pas montrées."] if lost else []
    else:
        parts.append("Plan schématique : les positions ne sont pas géographiques.")
    if later:
        parts.append(
            "Étoile : résidences livrées depuis la date du territoire, ensemble "
            f"{'au milieu de' if sites.located else 'dans'} leur commune, moyenne des répliques."
        )
    if not study.synthetic:
        parts.append("Diffusion interne.")
    return " ".join(parts)


def filled(study: Study) -> str:
    """Return the sentence of a caption that says what is filled of a mark."""
    if study.replications == 1:
        return "Une seule réplique : le hasard n'est pas montré."
    return (
        f"Le plus fréquent des {study.replications} répliques ; la surface pleine est la part des répliques "
        "qui le donnent."
    )


def most_frequent(codes: Ints, count: int) -> tuple[Ints, Floats]:
    """Return the code that most replications give, and the share of all replications that do.

    Parameters
    ----------
    codes : (replications, n) from 0 to count − 1, ABSENT where there is none; the lowest code wins a tie

    Returns
    -------
    (n,) code, ABSENT where no replication has one; (n,) share
    """
    tally = np.array([(codes == code).sum(axis=0) for code in range(count)])
    code, most = tally.argmax(axis=0), tally.max(axis=0)
    return np.where(most > 0, code, ABSENT), most / len(codes)


def moves(lived: Lived) -> Ints:
    """Return each residence's move of type from its first 1 January to the last, by replication.

    Returns
    -------
    (replications, n) MORE, SAME or LESS (favourable); ABSENT where it is not there at the end
    """
    first = (lived.kind >= 0).argmax(axis=1)
    start = np.take_along_axis(lived.kind, first[:, None], axis=1)[:, 0]
    end = lived.kind[:, -1]
    return np.where(end >= 0, np.sign(end - start) + type_marks.SAME, ABSENT)


def shown_years(years: Ints) -> list[int]:
    """Return the places of the years shown: all where they are few, else start, middle and end."""
    last = len(years) - 1
    return list(range(last + 1)) if last < MOST_YEARS else [0, last // 2, last]


def most_dwellings(several: Sequence[Lived]) -> Floats:
    """Return the most dwellings each residence has, over policies, replications and years."""
    return np.max([lived.dwellings.max(axis=(0, 1)) for lived in several], axis=0).astype(float)


def most_later(several: Sequence[Lived]) -> Floats:
    """Return the most dwellings delivered since in each commune, mean over replications, (communes,)."""
    found: Floats = np.max([lived.later.mean(axis=0).sum(axis=2).max(axis=0) for lived in several], axis=0)
    return found


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
        name = "autres communes" if cells else "communes de moins de 11 ménages"
        found.append((name, dwellings[small].sum(axis=0)))
    return [(name, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)) for name, counts in found]


def _some_are_few(homes: Floats) -> NDArray[np.bool_]:
    """Tell where the residences of a type, the last axis but one being policies, hold a few households."""
    found: NDArray[np.bool_] = ((homes > 0) & (homes < FEWEST)).any(axis=-1)
    return found


def _legend(made: SubFigure, known: Sequence[Mark], hollow: str, later: bool) -> None:
    handles = type_marks.keys([*known, *([type_marks.DELIVERED] if later else [])], 10)
    alone = Line2D([], [], linestyle="", marker="o", markersize=10, fillstyle="none", color=type_marks.EDGE)
    alone.set_label(hollow)
    made.legend(
        handles=[*handles, alone],
        loc="outside lower center",
        ncols=3 if later else len(handles) + 1,
        frameon=False,
        fontsize=9,
    )


def _spread(count: Ints) -> str:
    """Return the mean and the middle 95 % of counts over replications."""
    mean = numbers.number(float(count.mean()), 1)
    if len(count) < 2:
        return mean
    low, high = np.quantile(count, [0.025, 0.975]).tolist()
    return f"{mean} [{numbers.number(low)} ; {numbers.number(high)}]"
