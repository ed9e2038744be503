"""In which words is an objective told: its title, what a row misses, a conflict, a proposal to copy?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mixite.report.numbers import number
from sim.indicators.groups import label as public_label

if TYPE_CHECKING:
    from sim.objectives import Coherence, Row
    from sim.rules.peuplement import Target

_LEVELS = {
    "residence": "par résidence",
    "quartier": "par quartier",
    "commune": "par commune",
    "epci": "dans l'EPCI",
}


def title(target: Target) -> str:
    """Return an objective in a few words."""
    return f"{public_label(target.public)} ≥ {target.percent} % {_LEVELS[target.level]}"


def baux(count: float, decimals: int = 0) -> str:
    """Return a number of leases with its noun, plural from two on."""
    return f"{number(count, decimals)} {'bail' if round(count, decimals) < 2 else 'baux'}"


def lieux(count: int) -> str:
    """Return a number of residences, quartiers or communes with its noun."""
    return f"{number(count)} {'lieu' if count < 2 else 'lieux'}"


def row_sentence(row: Row) -> str:
    """Return what a row misses, in leases a year and in points."""
    return (
        f"{row.place} : il manque {baux(row.short, 2)} par an ({number(row.points, 1)} points) ; "
        f"{number(row.leases, 1)} attendus, dont {number(row.affordable, 1)} à la portée du public"
    )


def conflict_sentence(found: Coherence) -> str:
    """Return which rows cannot be met together, though each could alone."""
    law = [row.place for row in found.conflict if row.objective < 0]
    named = []
    for place, target in enumerate(found.targets):
        own = [row for row in found.conflict if row.objective == place]
        if len(own) == 1:
            where = "" if target.level == "epci" else f", {own[0].place}"
            named.append(f"objectif {place + 1} ({title(target)}{where})")
        elif own:
            named.append(f"objectif {place + 1} ({title(target)}, {len(own)} lieux)")
    scarce = " ; les demandes en attente d'un public n'y suffisent pas" if found.scarce else ""
    return (
        f"ne peuvent être tenus ensemble, alors que chacun le peut seul : {', '.join((*named, *law))}{scarce}"
    )


def fragment(found: Coherence) -> str:
    """Return the objectives that can be met, as TOML to copy in place of the scenario's."""
    return "\n".join(_table(target, found.targets) for target in found.proposal)


def _table(target: Target, asked: Sequence[Target]) -> str:
    lines = (
        []
        if target in asked
        else ["# plancher tenable, proposé par le calcul : à publier, puis retirer study et citer où"]
    )
    lines += ["[[target]]", f"public = {_text(target.public)}", f"floor = {target.floor:.2f}"]
    given = target.model_dump(exclude_defaults=True)
    for key in ("months", "level", "types", "in_qpv", "in_rpms"):
        if key in given:
            lines.append(f"{key} = {_text(given[key])}")
    for key in ("bailleurs", "residences", "quartiers", "communes", "without"):
        if given.get(key):
            lines.append(f"{key} = {_text(given[key])}")
    place = target.published_in
    lines.append(
        f"published_in = {{ reference = {_text(place.reference)}, on = {place.on.isoformat()}, "
        f"perimeter = {_text(place.perimeter)} }}"
    )
    if target.study:
        lines.append("study = true")
    return "\n".join(lines) + "\n"


def _text(value: object) -> str:
    """Return a value as TOML writes it: JSON's texts, lists, numbers and booleans are TOML's."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
