"""Which residences are of which type, where, and which change of type over the run?

A residence's colour and shape are the type that most replications give it, and the part that is filled is
how many of them do. It is shown by itself in `interne` alone: elsewhere communes are (communes.py). Those
delivered since the territory's date are other ones in each replication: they stand together, by commune.
Left out on purpose: names of residences, and how a panel is laid out (ground.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from mixite.report import drawing, numbers, type_marks, words
from mixite.report.ground import ground, key, later_marks, marks, panels
from mixite.report.pictured import ABSENT, Lived
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
