"""Declared against verified points, worked by hand."""

import numpy as np

from sim.rules.cotation import Grid, facts_of_example
from sim.rules.cotation.evidence import verified_lines
from sim.territory.files.schema import PROVABLE

GRID = Grid.model_validate(
    {
        "id": "evidence",
        "status": "synthetic",
        "complete": True,
        "criteria": [
            {"id": "told", "points": 1, "when": {"attr": "wide", "op": "eq", "value": True}},
            {
                "id": "proof",
                "points": 2,
                "evidence": "verified",
                "when": {
                    "any": [
                        {"attr": "motives", "op": "contains", "value": "05"},
                        {"attr": "owner", "op": "eq", "value": True},
                    ]
                },
            },
            {
                "id": "worker",
                "points": 4,
                "evidence": "social_worker",
                "when": {"attr": "motives", "op": "contains", "value": "05"},
            },
            {
                "id": "act",
                "points": 8,
                "evidence": "verified",
                "when": {"attr": "pdalhpd", "op": "eq", "value": True},
            },
        ],
    }
)
TOLD = {"wide": True, "motives": ["05"], "owner": True, "pdalhpd": True}


def bits(*names: str) -> np.ndarray:
    return np.array([sum(1 << PROVABLE.index(name) for name in names)])


def given(verified: np.ndarray | None, **more: object) -> dict[str, int]:
    facts = facts_of_example({**TOLD, **more})
    return {name: int(points[0]) for name, points in verified_lines(GRID, facts, 1, verified)}


def test_without_any_proof_only_declarations_and_acts_of_an_authority_count() -> None:
    assert given(None) == {"told": 1, "proof": 0, "worker": 0, "act": 8}
    assert given(np.array([-1])) == {"told": 1, "proof": 0, "worker": 0, "act": 8}


def test_one_proven_alternative_is_enough() -> None:
    assert given(bits("owner")) == {"told": 1, "proof": 2, "worker": 0, "act": 8}
    assert given(bits("motives")) == {"told": 1, "proof": 2, "worker": 4, "act": 8}
    assert given(bits("children")) == {"told": 1, "proof": 0, "worker": 0, "act": 8}


def test_a_social_assessment_stands_for_proof_where_the_grid_asks_for_one() -> None:
    assert given(None, social_assessment=True) == {"told": 1, "proof": 0, "worker": 4, "act": 8}
