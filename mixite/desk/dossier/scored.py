"""Of which lines are the points of a demand made, and by what is each attested?"""

from __future__ import annotations

import numpy as np

from mixite.desk.suggesting import Suggestion
from mixite.report.numbers import number
from sim.process.register import Rows
from sim.process.scores import facts_of
from sim.rules.cotation import Grid, lines

EVIDENCE = {"declared": "déclaré", "verified": "sur pièce", "social_worker": "évaluation sociale"}


def score_lines(found: Suggestion, rows: Rows) -> list[str | None]:
    """Return the lines of points of demands that give any, None where no grid counts them.

    rows : rows of the register
    """
    world = found.today.world
    told: list[str | None] = [None] * len(rows)
    if found.request.points != "grid" or not len(rows):
        return told
    tenants = found.today.state.register.of_tenants(rows)
    for grid, of in ((world.grid, ~tenants), (world.mutation_grid or world.grid, tenants)):
        for at, text in zip(np.flatnonzero(of).tolist(), _of_grid(found, grid, rows[of]), strict=True):
            told[at] = text
    return told


def _of_grid(found: Suggestion, grid: Grid, rows: Rows) -> list[str | None]:
    criteria = {criterion.id: criterion for criterion in grid.criteria}
    given = lines(grid, facts_of(found.today.world, grid, found.today.state, rows), len(rows))
    said: list[list[str]] = [[] for _ in rows]
    for name, points in given:
        criterion = criteria[name]
        for at in np.flatnonzero(points).tolist():
            said[at].append(
                f"{criterion.label or name} : {number(float(points[at]))} ({EVIDENCE[criterion.evidence]})"
            )
    return [" ; ".join(parts) or None for parts in said]
