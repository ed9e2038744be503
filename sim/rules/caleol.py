"""Which decisions may a commission take on a candidate, and by which legal motives?

A motive is chosen by people from a closed list, with what was measured; the program never proposes one.
Left out on purpose: what the simulated commission answers (sim/process/commission.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sim.territory.figure import Figure
from sim.territory.files import toml
from sim.territory.files.toml import Model

FILE = Path(__file__).with_name("caleol.toml")

GIVING = ("attribution", "rank", "condition")
"""Decisions that give the dwelling, were the ranks before to refuse it."""

RPMS = "rpms"
"""The motive by which a first adapted dwelling elsewhere is owed (R21)."""


class Decision(Model):
    """One of the five decisions. Source: R10, CCH R.441-3."""

    label: str
    article: str
    mark: str


class Motive(Model):
    """One motive of the closed list. Source: R25, R26, CCH L.441, L.441-2-2.

    Attributes
    ----------
    measure : what is to be measured and written with it
    decisions : those it may be the motive of
    alone : whether it is enough by itself
    """

    label: str
    measure: str
    decisions: tuple[str, ...]
    article: str
    mark: str
    alone: bool = True


@cache
def decisions() -> Mapping[str, Decision]:
    """Return the five decisions by code, in the order of the article."""
    return {code: toml.decode(spec, Decision, _place(code)) for code, spec in _read()["decision"].items()}


@cache
def motives() -> Mapping[str, Motive]:
    """Return the motives of the closed list by code."""
    return {code: toml.decode(spec, Motive, _place(code)) for code, spec in _read()["motive"].items()}


@cache
def figure(name: str) -> Figure:
    """Return a convention of reading: `few` or `followed_share`."""
    return toml.decode(_read()[name], Figure, _place(name))


def _place(name: str) -> str:
    return f"{FILE.name} {name}"


@cache
def _read() -> Mapping[str, Any]:
    return toml.read(FILE)
