"""Does a grid give its own worked examples the points they announce?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.attributes import ATTRIBUTES, encode
from sim.rules.cotation.grid import Grid
from sim.rules.cotation.score import Points, lines, score
from sim.territory.files.faults import Fault, shown

_DTYPES = {"flag": np.int8, "code": np.int8, "codes": np.int64, "number": np.float64}


def facts_of_example(facts: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return facts written as in a grid (true, "ACTIF", ["01", "05"], 30), encoded as arrays of length 1.

    Raises
    ------
    KeyError
        when a name is not in the closed list.
    NotEncodable
        when a value is not of its attribute's kind.
    """
    encoded: dict[str, NDArray[Any]] = {}
    for name, value in facts.items():
        attribute = ATTRIBUTES[name]
        dtype = None if attribute.open_list else _DTYPES[attribute.kind]
        encoded[name] = np.array([encode(attribute, value)], dtype=dtype)
    return encoded


def check_examples(grid: Grid, file: str = "") -> list[Fault]:
    """Return one fault per example whose points or flags are not those announced."""
    faults = []
    for position, example in enumerate(grid.examples):
        facts = facts_of_example(example.facts)
        points = score(grid, facts, 1)
        found = flags(points, 0)
        if set(found) != set(example.flags):
            faults.append(
                Fault(
                    file,
                    f"les drapeaux calculés sont {list(found)}",
                    "corriger l'exemple ou la grille",
                    column=f"examples[{position}].flags",
                    value=shown(list(example.flags)),
                )
            )
        total = points.total[0].item()
        if example.expected is not None and points.in_scope[0] and total != example.expected:
            parts = [f"{name} {amount[0]}" for name, amount in lines(grid, facts, 1) if amount[0]]
            faults.append(
                Fault(
                    file,
                    f"la grille donne {total} points ({', '.join(parts) or 'aucun critère'})",
                    "corriger l'exemple ou la grille",
                    column=f"examples[{position}].expected",
                    value=shown(example.expected),
                )
            )
    return faults


def flags(points: Points, row: int) -> tuple[str, ...]:
    """Return the flags of one demand, by the names they have in a grid."""
    raised = {
        "absolute_priority": points.absolute_priority[row],
        "exclude": points.excluded[row],
        "out_of_scope": not points.in_scope[row],
    }
    return tuple(name for name, up in raised.items() if up)
