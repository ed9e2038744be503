"""How are floors found row by row written as targets again?

Left out on purpose: how they are found (optimizer/nearest.py), and the words and the TOML of a proposal.
"""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.nearest import HUNDRED
from sim.objectives.rows import Row
from sim.rules.peuplement import Target

PLACES = {"residence": "residences", "quartier": "quartiers", "commune": "communes"}
"""The key of a target that names the places of a level."""


def proposed(targets: Sequence[Target], rows: Sequence[Row]) -> tuple[Target, ...]:
    """Return targets whose floors are those proposed of their rows.

    A target keeps the floor of most of its leases and names the places that cannot have it; these have
    targets of their own, one a floor, or none where nothing can be asked. Quartiers of one name share the
    lowest. What differs from the targets given was published nowhere: it is marked for study.
    """
    found: list[Target] = []
    for number, target in enumerate(targets):
        own = [row for row in rows if row.objective == number]
        floor: dict[str, int] = {}
        weight: dict[int, float] = {}
        for row in own:
            name = _named(target, row.place)
            floor[name] = min(row.proposed, floor.get(name, HUNDRED))
        for row in own:
            percent = floor[_named(target, row.place)]
            weight[percent] = weight.get(percent, 0.0) + row.leases
        if not own:
            found.append(target)
            continue
        main = max(weight, key=lambda percent: (weight[percent], percent))
        apart = tuple(name for name, percent in floor.items() if percent != main)
        if main:
            changes: dict[str, object] = {"floor": main / HUNDRED}
            if apart:
                changes["without"] = (*target.without, *apart)
            found.append(target.model_copy(update=changes))
        for percent in sorted({floor[name] for name in apart} - {0}, reverse=True):
            names = tuple(name for name in apart if floor[name] == percent)
            found.append(target.model_copy(update={PLACES[target.level]: names, "floor": percent / HUNDRED}))
    return tuple(each if each in targets else each.model_copy(update={"study": True}) for each in found)


def _named(target: Target, place: str) -> str:
    """Return what a target calls one of its places: a residence, a quartier, an INSEE code."""
    if target.level == "quartier":
        return place.removeprefix("quartier ").rpartition(" (")[0]
    return place.removeprefix("commune ")
