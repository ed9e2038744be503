"""What does the stratégie de peuplement say of a residence: its type, the publics to be welcomed there?"""

from sim.rules.peuplement.observed import YEAR_DAYS, Observed, Offered, Tally, observe
from sim.rules.peuplement.perimeters import Places, target_families
from sim.rules.peuplement.qualified import Choice, Qualified, qualify
from sim.rules.peuplement.ruler import Ruler, fix, weights_of
from sim.rules.peuplement.sensitivity import Sensitivity, sensitivity
from sim.rules.peuplement.targets import Publication, Target, named, twins
from sim.rules.peuplement.vocabulary import (
    CAPACITIES,
    OF_INCOMES,
    PATRIMOINE,
    POPULATION,
    SEGMENTS,
    VOCABULARY,
)

__all__ = [
    "CAPACITIES",
    "OF_INCOMES",
    "PATRIMOINE",
    "POPULATION",
    "SEGMENTS",
    "VOCABULARY",
    "YEAR_DAYS",
    "Choice",
    "Observed",
    "Offered",
    "Places",
    "Publication",
    "Qualified",
    "Ruler",
    "Sensitivity",
    "Tally",
    "Target",
    "fix",
    "named",
    "observe",
    "qualify",
    "sensitivity",
    "target_families",
    "twins",
    "weights_of",
]
