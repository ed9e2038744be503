"""How does a territory's grid (cotation) score the demands? Attributes, grid, score, worked examples."""

from sim.rules.cotation.attributes import ATTRIBUTES, Attribute, NotEncodable, encode, forbidden
from sim.rules.cotation.conditions import Facts
from sim.rules.cotation.examples import check_examples, facts_of_example, flags
from sim.rules.cotation.facts import derived, seniority_months
from sim.rules.cotation.grid import Criterion, Example, Grid, Group, load
from sim.rules.cotation.score import Points, lines, missing, reads, score

__all__ = [
    "ATTRIBUTES",
    "Attribute",
    "Criterion",
    "Example",
    "Facts",
    "Grid",
    "Group",
    "NotEncodable",
    "Points",
    "check_examples",
    "derived",
    "encode",
    "facts_of_example",
    "flags",
    "forbidden",
    "lines",
    "load",
    "missing",
    "reads",
    "score",
    "seniority_months",
]
