"""Which of the priority publics of the law does a demand belong to, as far as its attributes tell?

Left out on purpose: the categories no attribute of the closed list tells (return to work after long
unemployment, coordination thérapeutique, prostitution, trafficking, child welfare); they reach a grid through
`pdalhpd`, `accord_collectif` or `social_assessment`, which a réservataire or a social worker gives.

Source: CCH L.441-1, a to m, and L.441-2-3 (DALO).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sim.rules.cotation.conditions import Test, compiled, some
from sim.rules.cotation.grid import Condition


@dataclass(frozen=True)
class Priority:
    """A priority public that attributes tell, and a demand that belongs to it without doubt."""

    name: str
    label_fr: str
    article: str
    when: Condition
    facts: Mapping[str, Any]
    """Facts as written in a grid: all the ways in which a demand may declare this public."""
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Facts that go with them and are of no priority by themselves."""


def _atom(attr: str, op: str, value: Any) -> Condition:
    return Condition(attr=attr, op=op, value=value)


def _either(*conditions: Condition) -> Condition:
    return Condition(any=conditions)


def _flag(name: str) -> Condition:
    return _atom(name, "eq", True)


_HOMELESS = ("SD", "SQUAT", "CAMCAR")
_TEMPORARY = ("HOT", "SH", "CDEFCM", "RHVS")
# Simplified: 9 m² a person stands for the whole scale of over-occupation (R13).
_CROWDED = Condition(
    all=(
        _atom("children", "ge", 1),
        _either(
            _atom("m2_per_person", "lt", 9),
            _atom("persons_per_room", "gt", 2),
            _atom("motives", "contains", "13"),
        ),
    )
)

PRIORITIES = (
    Priority(
        "dalo",
        "ménages reconnus au titre du DALO",
        "CCH L.441-2-3",
        _either(_flag("dalo"), _atom("dalo_status", "eq", "ACTIF")),
        {"dalo": True, "dalo_status": "ACTIF"},
    ),
    Priority(
        "disability",
        "personnes en situation de handicap",
        "CCH L.441-1 a",
        _either(_flag("disability"), _flag("mobility"), _atom("motives", "contains", "07")),
        {"disability": True, "mobility": True, "motives": ["07"]},
    ),
    Priority(
        "badly_housed",
        "personnes mal logées ou défavorisées (PDALHPD, accord collectif)",
        "CCH L.441-1 c",
        _either(_flag("pdalhpd"), _flag("accord_collectif")),
        {"pdalhpd": True, "accord_collectif": True, "social_assessment": True},
    ),
    Priority(
        "temporary_housing",
        "personnes hébergées ou logées temporairement",
        "CCH L.441-1 d",
        _atom("housing_modes", "any_in", _TEMPORARY),
        {"housing_modes": list(_TEMPORARY), "motives": ["01"]},
    ),
    Priority(
        "unfit",
        "personnes en habitat indigne",
        "CCH L.441-1 f",
        _atom("motives", "contains", "03"),
        {"motives": ["03"]},
    ),
    Priority(
        "violence",
        "victimes de violences au sein du couple ou de la famille",
        "CCH L.441-1 g",
        _either(_flag("violence_proven"), _atom("motives", "contains", "06")),
        {"violence_proven": True, "motives": ["06"]},
    ),
    Priority(
        "overcrowded_with_child",
        "familles avec un enfant mineur en logement suroccupé ou non décent",
        "CCH L.441-1 j",
        _CROWDED,
        {"m2_per_person": 5.0, "persons_per_room": 4.0, "motives": ["03", "13"], "occupants": 4, "rooms": 1},
        {"children": 1},
    ),
    Priority(
        "without_housing",
        "personnes dépourvues de logement",
        "CCH L.441-1 k",
        _either(_atom("housing_modes", "any_in", _HOMELESS), _atom("motives", "contains", "01")),
        {"housing_modes": list(_HOMELESS), "motives": ["01"]},
    ),
    Priority(
        "eviction",
        "personnes menacées d'expulsion sans relogement",
        "CCH L.441-1 l",
        _atom("motives", "contains", "05"),
        {"motives": ["05"]},
    ),
)


@lru_cache(maxsize=1)
def priority() -> Test:
    """Return the test of belonging to at least one of the priority publics."""
    return some([compiled(one.when) for one in PRIORITIES])
