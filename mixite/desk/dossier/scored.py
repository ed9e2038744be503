"""Of which lines are the points of a demand made, and by what is each attested?

In the commission's copy, lines that would tell the letter of article L. 441-1, a health or a violence are
added up under one name. The lines still add up to the same points.
"""

from __future__ import annotations

import numpy as np

from mixite.desk.suggesting import Suggestion
from mixite.report.numbers import number
from sim.process.register import Rows
from sim.process.scores import facts_of
from sim.rules.cotation import Criterion, Grid, lines
from sim.rules.cotation.conditions import Condition, attributes_of

EVIDENCE = {"declared": "déclaré", "verified": "sur pièce", "social_worker": "évaluation sociale"}

CONFIDENTIAL_MOTIVES = frozenset(("06", "07", "08"))
"""Motives of violence, disability and health: only the instructor's copy shows them. Source: SNE."""

CONFIDENTIAL = frozenset(("violence_proven", "disability", "mobility", "social_assessment"))
"""Attributes whose line says by itself what the commission's copy leaves out."""

PRIORITY, KNOWN = "priorité de l'article L. 441-1", "critères connus de l'instructeur"


def score_lines(found: Suggestion, rows: Rows, instruction: bool) -> list[str | None]:
    """Return the lines of points of demands that give any, None where no grid counts them.

    rows : rows of the register
    """
    world = found.today.world
    told: list[str | None] = [None] * len(rows)
    if found.request.points != "grid" or not len(rows):
        return told
    tenants = found.today.state.register.of_tenants(rows)
    for grid, of in ((world.grid, ~tenants), (world.mutation_grid or world.grid, tenants)):
        said = _of_grid(found, grid, rows[of], instruction)
        for at, text in zip(np.flatnonzero(of).tolist(), said, strict=True):
            told[at] = text
    return told


def _of_grid(found: Suggestion, grid: Grid, rows: Rows, instruction: bool) -> list[str | None]:
    criteria = {criterion.id: criterion for criterion in grid.criteria}
    facts = facts_of(found.today.world, grid, found.today.state, rows)
    said: list[dict[str, float]] = [{} for _ in rows]
    for name, points in lines(grid, facts, len(rows)):
        label = _label(criteria[name], instruction)
        for at in np.flatnonzero(points).tolist():
            said[at][label] = said[at].get(label, 0.0) + float(points[at])
    return [" ; ".join(label.format(number(points)) for label, points in one.items()) or None for one in said]


def _label(criterion: Criterion, instruction: bool) -> str:
    """Return how a line is written, with a place for its points."""
    if not instruction and criterion.family == "legal_priority":
        return f"{PRIORITY} : {{}}"
    if not instruction and _tells(criterion):
        return f"{KNOWN} : {{}}"
    name = (criterion.label or criterion.id).replace("{", "(").replace("}", ")")
    return f"{name} : {{}} ({EVIDENCE[criterion.evidence]})"


def _tells(criterion: Criterion) -> bool:
    """Tell whether the line says by itself what is confidential."""
    read = {*attributes_of(criterion.when), *filter(None, [criterion.attr])}
    return bool(read & CONFIDENTIAL) or _of_motives(criterion.when)


def _of_motives(condition: Condition | None) -> bool:
    if condition is None:
        return False
    values = condition.value if isinstance(condition.value, list | tuple) else (condition.value,)
    own = condition.attr == "motives" and bool(CONFIDENTIAL_MOTIVES & set(map(str, values)))
    return own or any(map(_of_motives, (*(condition.all or ()), *(condition.any or ()), condition.not_)))
