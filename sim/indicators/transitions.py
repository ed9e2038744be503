"""From which type to which do residences go, and how many reach « à conforter »?

Formula, over residences that have a type on both 1 January, for each ordered pair of types
("en_equilibre@a_conforter"; a pair of the same type stays):
`type_transition_share` = residences that go from the first to the second / those that were of the first;
`type_transition_households` = the same, each residence counted by its households on the earlier 1 January.
Year y goes from 1 January y to the next, year 0 from the first 1 January of the run to the last.
`residences_reaching_a_conforter` = residences not « à conforter » on the first 1 January that have been on a
later one, by 1 January y (year 0: by the last) / residences not « à conforter » on the first.
Reference: T. Anderson, L. Goodman, Annals of Mathematical Statistics 28 (1957) 89-110 (transition shares as
maximum-likelihood estimates).
Known flaw: a type moves when the interval of the score has left its band: a small residence, or one that
changes slowly, keeps its type for years, then may pass over another. A residence delivered later or gone
before is not in the run's matrix.
"""

from __future__ import annotations

import numpy as np

from sim.indicators.indicator import WHOLE_RUN, Floats, Indicator, Ints, Row, ratio
from sim.indicators.types import A_CONFORTER, NONE, by_residence, ranks
from sim.outcomes import Outcomes
from sim.territory.columns import PEUPLEMENT_TYPES

RESIDENCES = Indicator(
    "type_transition_share",
    "Passage d'un type de résidence à un autre",
    "part (0-1)",
    "Résidences passées du premier type au second, parmi celles du premier.",
)
HOUSEHOLDS = Indicator(
    "type_transition_households",
    "Passage d'un type de résidence à un autre, en ménages",
    "part (0-1)",
    "Ménages des résidences passées du premier type au second, parmi ceux des résidences du premier.",
)
REACHING = Indicator(
    "residences_reaching_a_conforter",
    "Résidences passées par le type « à conforter »",
    "part (0-1)",
    "Résidences qui n'étaient pas « à conforter » au départ et l'ont été à un 1er janvier, parmi celles qui "
    "ne l'étaient pas.",
)
INDICATORS = (RESIDENCES, HOUSEHOLDS, REACHING)

KINDS = len(PEUPLEMENT_TYPES)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the matrices of transitions and the residences that reach « à conforter »."""
    occupation = outcomes.occupation
    types, _, years = by_residence(occupation, ranks(occupation["peuplement_type"]))
    households, _, _ = by_residence(occupation, occupation["households"].to_numpy(dtype=np.int64), 0)
    if years.size < 2:
        return []
    spans = {WHOLE_RUN: (0, years.size - 1)}
    spans |= {int(year): (place, place + 1) for place, year in enumerate(years[:-1])}
    weights = {RESIDENCES: np.ones_like(households), HOUSEHOLDS: households}
    rows: list[Row] = []
    for indicator, weight in weights.items():
        found = np.stack(
            [matrix(types[:, first], types[:, last], weight[:, first]) for first, last in spans.values()]
        )
        for source, earlier in enumerate(PEUPLEMENT_TYPES):
            for target, later in enumerate(PEUPLEMENT_TYPES):
                rows += indicator.rows(f"{earlier}@{later}", spans, found[:, source, target])
    reached = reaching(types)
    return rows + REACHING.rows("all", [WHOLE_RUN, *years[1:]], [reached[-1], *reached])


def matrix(earlier: Ints, later: Ints, weight: Ints) -> Floats:
    """Return the share of each earlier type that goes to each later one, (4, 4) float, NaN where none was.

    Parameters
    ----------
    earlier, later : (r,) int, places in PEUPLEMENT_TYPES, NONE where a residence has no type: left out
    weight : (r,) int, what a residence counts for
    """
    both = (earlier != NONE) & (later != NONE)
    moves = np.bincount(earlier[both] * KINDS + later[both], weight[both], KINDS**2).reshape(KINDS, KINDS)
    return ratio(moves, moves.sum(axis=1, keepdims=True))


def reaching(types: Ints) -> Floats:
    """Return the share of residences not « à conforter » at the start that have been since, (y − 1,) float.

    Parameters
    ----------
    types : (r, y) int, type of each residence on each 1 January
    """
    at_risk = types[(types[:, 0] != NONE) & (types[:, 0] != A_CONFORTER)]
    since = np.logical_or.accumulate(at_risk[:, 1:] == A_CONFORTER, axis=1)
    return ratio(since.sum(axis=0), len(at_risk))
