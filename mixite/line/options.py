"""Which options and arguments do several commands share, each declared once with its help and bounds?

What is bounded here is what no scenario bounds otherwise: a test holds these bounds to the scenario's own.
Left out on purpose: the options of one command, or of one room, which stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from mixite.line.command import Bounds
from sim.territory.files.faults import Fault, FaultsFound, shown

REPLICATIONS = Bounds(1, 10_000)
SCALE = Bounds(0, 1, above=True)
SEED = Bounds(0)
YEARS = Bounds(1, 30)

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="Fichier .toml du scénario.")]
TerritoryPath = Annotated[
    Path, typer.Argument(metavar="TERRITORY", help="Dossier de tables, ou territoire de synthèse .toml.")
]
Years = Annotated[int | None, typer.Option("--years", help="Nombre d'années simulées."), YEARS]
Scale = Annotated[float | None, typer.Option("--scale", help="Taille du territoire, de 0 à 1."), SCALE]
Seed = Annotated[int | None, typer.Option("--seed", help="Graine du hasard."), SEED]
Replications = Annotated[int, typer.Option("--replications", help="Nombre de répliques."), REPLICATIONS]
Workers = Annotated[
    int | None,
    typer.Option("--workers", help="Processus parallèles (défaut : un par cœur)."),
    Bounds(1),
]
Out = Annotated[Path | None, typer.Option("--out", help="Dossier des résultats.")]
Json = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON sur la sortie standard.")]


@dataclass(frozen=True)
class Changes:
    """What a command that plays may change of its scenario; None leaves it."""

    years: Years = None
    scale: Scale = None
    seed: Seed = None

    def by_key(self) -> dict[str, Any]:
        """Return the changes by dotted key of a scenario."""
        return {"time.years": self.years, "scale": self.scale, "runs.seed": self.seed}


@dataclass(frozen=True)
class Drawn:
    """How a synthetic territory is drawn; None for the whole of it, and for the seed 0."""

    scale: Scale = None
    seed: Seed = None

    @property
    def share(self) -> float:
        """Share of the territory, in (0, 1]."""
        return 1.0 if self.scale is None else self.scale


def day_of(text: str | None) -> date | None:
    """Return the day of `--on`, given as AAAA-MM-JJ; None where none is.

    Raises
    ------
    FaultsFound
        for any other text.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = "une date du calendrier est attendue, AAAA-MM-JJ"
        raise FaultsFound([Fault("--on", message, value=shown(text))]) from None
