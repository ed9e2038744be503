"""Which points of a demand are proven, and which only declared?

A demand is scored as declared at registration, and as verified before the commission. A criterion whose
evidence is `declared` counts in both. Another counts as verified when it still holds on the facts that are
proven: those an authority or the register gives by itself, those the column `verified` names, and, for a
criterion of a social worker, those of a demand with a social assessment.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.amounts import Amounts
from sim.rules.cotation.attributes import ATTRIBUTES, missing_value
from sim.rules.cotation.conditions import Facts
from sim.rules.cotation.grid import Grid
from sim.rules.cotation.score import lines, reads
from sim.territory.files.schema import PROVABLE

PROVEN_BY_ORIGIN = frozenset(
    (
        *("created_on", "seniority_months", "long_delay", "request_kind"),  # the register counts them
        *("dalo", "dalo_status", "pdalhpd", "accord_collectif"),  # an authority recognised them
        *("unjustified_refusals_24m", "violence_proven", "social_assessment", "false_statement"),
        *("essential_worker", "right_to_rehousing", "qpv_residence", "income_quartile"),  # entered on proof
    )
)
"""Attributes that are facts of a service, never a statement of the applicant alone."""


def verified_lines(
    grid: Grid, facts: Facts, n: int, verified: NDArray[np.int64] | None = None
) -> tuple[tuple[str, Amounts], ...]:
    """Return the points of each criterion that are proven, as `score.lines` returns those declared.

    Parameters
    ----------
    verified : (n,) bit mask over PROVABLE, -1 where not given; None where no demand has one
    """
    declared, proven = lines(grid, facts, n), lines(grid, proven_facts(grid, facts, n, verified), n)
    assessed = np.broadcast_to(np.asarray(facts.get("social_assessment", np.int8(-1))) == 1, (n,))
    evidence = {criterion.id: criterion.evidence for criterion in grid.criteria}
    return tuple(
        (
            name,
            told
            if evidence[name] == "declared"
            else np.where(assessed, told, held)
            if evidence[name] == "social_worker"
            else held,
        )
        for (name, told), (_, held) in zip(declared, proven, strict=True)
    )


def proven_facts(grid: Grid, facts: Facts, n: int, verified: NDArray[np.int64] | None) -> dict[str, Any]:
    """Return the facts a grid reads with what is not proven made missing; the scope is left as declared."""
    kept = dict(facts)
    in_scope_reads = reads(grid.model_copy(update={"id": f"{grid.id}-scope", "criteria": (), "groups": ()}))
    for name in reads(grid) - in_scope_reads:
        if name in facts and not (name in PROVEN_BY_ORIGIN or name.startswith("dwelling.")):
            proven = _proven(name, n, verified)
            kept[name] = np.where(proven, facts[name], missing_value(ATTRIBUTES[name]))
    return kept


def _proven(name: str, n: int, verified: NDArray[np.int64] | None) -> NDArray[np.bool_]:
    if verified is None or name not in PROVABLE:
        return np.zeros(n, np.bool_)
    proven: NDArray[np.bool_] = (verified >= 0) & (verified >> PROVABLE.index(name) & 1 == 1)
    return proven
