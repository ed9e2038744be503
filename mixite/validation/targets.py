"""What is each figure kept for validation compared with: which territory, indicator, tolerance?

Read from targets.toml, a table a figure. Left out on purpose: the figures themselves (sim/figures.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from sim.figures import PublishedFigure, for_validation
from sim.territory.files import toml
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.toml import Model

FILE = Path(__file__).with_name("targets.toml")


class Counterpart(Model):
    """What a figure is compared with: see the head of targets.toml."""

    label: str = Field(min_length=1)
    counterpart: str = Field(min_length=1)
    indicator: str
    group: str
    when: Literal["run", "last"]
    factor: float = Field(gt=0)
    tolerance: float = Field(gt=0)
    territory: str
    wider: bool = False
    reason: str = ""

    @property
    def key(self) -> str:
        """Return the name of the simulated value: two figures may share it."""
        return f"{self.indicator}|{self.group}|{self.when}"


@dataclass(frozen=True)
class Target:
    """A published figure and what it is compared with."""

    figure: PublishedFigure
    simulated: Counterpart


@cache
def targets() -> Mapping[str, Target]:
    """Return the targets by the name of their figure, from VT1 to VT8.

    Raises
    ------
    FaultsFound
        when a figure kept for validation has no counterpart, or a counterpart no such figure.
    """
    given = {
        name: toml.decode(spec, Counterpart, f"{FILE.name} {name}") for name, spec in toml.read(FILE).items()
    }
    figures = {figure.id: figure for figure in for_validation()}
    if given.keys() != figures.keys():
        differing = sorted(given.keys() ^ figures.keys())
        raise FaultsFound(
            Fault(FILE.name, "un chiffre de validation et une table par nom sont attendus", value=name)
            for name in differing
        )
    return {name: Target(figures[name], simulated) for name, simulated in given.items()}


def of_territory(name: str) -> dict[str, Target]:
    """Return the targets of a territory: its own, or where it has none those of a region or of France."""
    own = {key: target for key, target in targets().items() if target.simulated.territory == name}
    return own or {key: target for key, target in targets().items() if target.simulated.wider}


def territories() -> tuple[str, ...]:
    """Return the territories that have figures of their own, in the order of the targets."""
    return tuple(dict.fromkeys(target.simulated.territory for target in targets().values()))
