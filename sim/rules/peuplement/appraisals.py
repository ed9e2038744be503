"""What do the partners say of a residence beside the statistics, and where do they not say the same?

An appraisal is one fact of a closed list, over a period, from a source, and the capacité d'accueil that one
partner reads in it. Disagreement is computed and shown, never averaged:

1. The last appraisal that a partner made of a fact stands for it.
2. A partner's appraisals of a theme span an interval of the scale.
3. Two partners disagree on a theme where their intervals do not meet, by as many steps as lie between them.
4. A partner and the statistics disagree likewise; the statistics span the capacities that the interval of
   the score allows.

Left out on purpose: any number that would stand for them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import NamedTuple

from sim.rules.peuplement.partners import PARTNERS, THEME_OF, THEMES
from sim.rules.peuplement.qualified import CAPACITY, Qualified

STATISTICS = "statistique"


@dataclass(frozen=True)
class Appraisal:
    """One fact of a residence as one partner appraises it.

    Attributes
    ----------
    partner, fact, source : codes of PARTNERS, FACTS, SOURCES
    first, last : days between which the fact was noted
    level : capacité d'accueil that the partner reads in it, an index into CAPACITIES, -1 without opinion
    on : day of the appraisal
    """

    residence_id: str
    partner: str
    fact: str
    first: date
    last: date
    source: str
    level: int
    on: date
    remark: str = ""

    @property
    def theme(self) -> str:
        """Theme of the fact, a code of THEMES."""
        return THEME_OF[self.fact]


class Span(NamedTuple):
    """The lowest and the highest index into CAPACITIES of some appraisals."""

    low: int
    high: int


Spans = Mapping[str, Mapping[str, Span]]
"""Of one residence: theme -> partner -> span."""


@dataclass(frozen=True)
class Disagreement:
    """Two voices on one theme of one residence whose intervals do not meet.

    `steps` are those from the first to the second: above 0 where the second reads less capacity.
    """

    theme: str
    first: str  # a partner, or STATISTICS
    second: str
    steps: int


def current(appraisals: Iterable[Appraisal]) -> tuple[Appraisal, ...]:
    """Return the last appraisal of each fact of a residence by each partner, in the order first written."""
    last: dict[tuple[str, str, str], Appraisal] = {}
    for each in appraisals:
        key = (each.residence_id, each.partner, each.fact)
        if key not in last or each.on >= last[key].on:
            last[key] = each
    return tuple(last.values())


def spans(appraisals: Iterable[Appraisal]) -> Mapping[str, Spans]:
    """Return what each partner says of each theme, by residence; who has no opinion says nothing."""
    found: dict[str, dict[str, dict[str, Span]]] = {}
    for each in current(appraisals):
        if each.level < 0:
            continue
        said = found.setdefault(each.residence_id, {}).setdefault(each.theme, {})
        before = said.get(each.partner, Span(each.level, each.level))
        said[each.partner] = Span(min(before.low, each.level), max(before.high, each.level))
    return found


def disagreements(said: Spans, statistics: Span | None) -> tuple[Disagreement, ...]:
    """Return every disagreement on a residence by theme: with the statistics, then between partners.

    Parameters
    ----------
    statistics : None where the statistics say nothing
    """
    found: list[Disagreement] = []
    for theme in THEMES:
        voices = [(name, said[theme][name]) for name in PARTNERS if name in said.get(theme, {})]
        own = [(STATISTICS, statistics)] if statistics else []
        for (first, one), (second, other) in (*product(own, voices), *combinations(voices, 2)):
            steps = apart(one, other)
            if steps:
                found.append(Disagreement(theme, first, second, steps))
    return tuple(found)


def apart(one: Span, other: Span) -> int:
    """Return the steps from an interval to another, 0 where they meet, below 0 towards more capacity."""
    return max(other.low - one.high, 0) - max(one.low - other.high, 0)


def statistical_spans(found: Qualified) -> tuple[Span | None, ...]:
    """Return which capacities the interval of the score of each residence allows, None without a score."""
    met = found.in_interval()
    some = [bool(each.any()) for each in met]
    low, high = met.argmax(axis=1), met.shape[1] - 1 - met[:, ::-1].argmax(axis=1)
    ends = zip(CAPACITY[found.segment, low].tolist(), CAPACITY[found.segment, high].tolist(), strict=True)
    return tuple(Span(*end) if scored else None for end, scored in zip(ends, some, strict=True))
