"""From which size is a group shown, and what counts as much longer or often? Conventions, in one file.

They are no numbers of behaviour: no run reads them, no draw of uncertainty moves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.territory.figure import Figure
from sim.territory.files import toml

FILE = Path(__file__).with_name("conventions.toml")


@dataclass(frozen=True)
class Conventions:
    """The values of conventions.toml.

    Attributes
    ----------
    smallest_group : members, in a replication, under which a group has no figure
    much_longer : months
    looked_at : ratio of attribution rates under which a group is looked at closely
    often : times
    """

    smallest_group: float
    much_longer: float
    looked_at: float
    often: float


@cache
def figures() -> Mapping[str, Figure]:
    """Return the conventions with their sources, by name."""
    return {name: toml.decode(spec, Figure, f"{FILE.name} {name}") for name, spec in toml.read(FILE).items()}


@cache
def conventions() -> Conventions:
    """Return the conventions."""
    return Conventions(**{name: figure.value for name, figure in figures().items()})
