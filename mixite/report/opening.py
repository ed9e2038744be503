"""Does the strategy house fewer households of the first quartile, or fewer priority households?

The first line of a report, whatever the answer: households a year who come into the stock, those who move
within it apart. A household is counted at the signature of its lease; the two publics overlap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mixite.report import markup, numbers, words
from mixite.report.study import Study

PUBLICS = {
    "first_quartile": ("ménages du premier quartile", "du premier quartile"),
    "l441_1": ("ménages prioritaires (L. 441-1)", "prioritaires"),
}
"""Group: how it is named in full, then after « ménages »."""

ONE = {"first_quartile": "ménage du premier quartile", "l441_1": "ménage prioritaire (L. 441-1)"}
"""The same of fewer than two."""

STRATEGY = "cotation_peuplement"
FROM = {
    "cotation_quotas": "par rapport à la cotation avec les obligations légales (l'effet de la stratégie)",
    "cotation_only": "par rapport à la cotation seule (toutes les étapes)",
}
"""Whom the strategy is held against: its own step first, then the whole."""

COUNTED, SIGNED = "net_new_households", "leases_of_group"


@dataclass(frozen=True)
class Housed:
    """How many more households of a public a year, with the interval; `moves` more leases by tenants.

    Over `n` replications; `fewer` and `more` when that is told from chance; both false where it is not.
    """

    public: str
    a_year: float
    low: float
    high: float
    distinguished: bool
    moves: float
    depends_on_grid: bool = False
    n: int = 1

    @property
    def fewer(self) -> bool:
        return self.distinguished and not self.depends_on_grid and self.a_year < 0

    @property
    def more(self) -> bool:
        return self.distinguished and not self.depends_on_grid and self.a_year > 0


def paragraph(study: Study) -> str:
    """Return the first line as it stands under the title of the page."""
    said = first_line(study)
    return markup.paragraph(said, "opening") if said else ""


def first_line(study: Study) -> str:
    """Return the first line of a comparison's report; empty where the strategy is held against nothing."""
    years = int(study.context["years"])
    steps = {}
    for policy, held in FROM.items():
        pair = (policy, STRATEGY)
        found = []
        for public in PUBLICS:
            counted = study.difference(COUNTED, public, pair)
            if counted is not None and counted["difference"] == counted["difference"]:
                signed = study.difference(SIGNED, public, pair)
                depends = study.depends_on_grid(COUNTED, public, pair)
                found.append(housed(public, counted, signed, years, depends))
        if found:
            steps[held] = found
    return line(steps, float(study.context.get("scale", 1.0)))


def housed(
    public: str,
    counted: Mapping[str, Any],
    signed: Mapping[str, Any] | None,
    years: int,
    depends: bool = False,
) -> Housed:
    """Return a public's households a year from the differences over a run of so many years.

    Parameters
    ----------
    counted, signed : rows of the households who come in, and of all the leases of the public
    """
    a_year, low, high = (counted[name] / years for name in ("difference", "ci_low", "ci_high"))
    moves = (signed["difference"] - counted["difference"]) / years if signed else float("nan")
    return Housed(
        public, a_year, low, high, bool(counted["distinguished"]), moves, depends, int(counted["n"])
    )


def line(steps: Mapping[str, Sequence[Housed]], scale: float) -> str:
    """Return the sentence about the strategy, held against each of `steps`; empty where there is none."""
    if not steps:
        return ""
    told = [f"{words.sentence(held)} : {', '.join(map(_count, found))}." for held, found in steps.items()]
    part = [] if scale == 1 else [f"Nombres du territoire réduit à {numbers.percent(scale, 0)}."]
    return " ".join([_head([each for found in steps.values() for each in found]), *told, *part])


def _head(found: Sequence[Housed]) -> str:
    """Say the worst that is told from chance; that there are not fewer, where every count says so."""
    fewer = [PUBLICS[name][1] for name in PUBLICS if any(each.fewer for each in found if each.public == name)]
    if fewer:
        return f"La stratégie de peuplement loge moins de ménages {' et de ménages '.join(fewer)}."
    if all(each.more for each in found):
        return "La stratégie de peuplement ne loge pas moins de ménages du premier quartile, ni prioritaires."
    if all(each.low != each.low and each.n < 2 for each in found):
        return (
            "Stratégie de peuplement : une seule réplique, on ne peut distinguer ni baisse ni hausse du "
            "nombre de ménages logés, du premier quartile ou prioritaires."
        )
    return (
        "Stratégie de peuplement : aucune baisse distinguée du nombre de ménages logés, du premier quartile "
        "ou prioritaires."
    )


def interval(each: Housed) -> str:
    """Return the interval of the difference a year, a dash where there is none."""
    if each.low != each.low:
        return numbers.ABSENT
    return f"[{numbers.signed(each.low, 1)} ; {numbers.signed(each.high, 1)}]"


def verdict(each: Housed) -> str:
    """Say whether the difference is told from chance."""
    if each.low != each.low:
        return words.NO_INTERVAL if each.n < 2 else words.agreed(each.n)
    if each.depends_on_grid:
        return words.DEPENDS_ON_GRID
    return words.DISTINGUISHED if each.distinguished else words.NOT_DISTINGUISHED


def _count(each: Housed) -> str:
    moves = f" ; mutations à part : {numbers.signed(each.moves, 1)}" if each.moves == each.moves else ""
    name = ONE[each.public] if abs(each.a_year) < 2 else PUBLICS[each.public][0]
    told = f"{numbers.signed(each.a_year, 1)} {name} par an"
    return f"{told} ({interval(each)}, {verdict(each)}{moves})"
