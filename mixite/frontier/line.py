"""The command `frontier`: what is asked on the line, and what is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mixite import terminal
from mixite.line.command import Bounds
from mixite.line.options import REPLICATIONS, Changes, Json, Out, ScenarioFile, Workers

POINTS = Bounds(3, 60)


def frontier(
    scenario: ScenarioFile,
    *,
    points: Annotated[
        int | None,
        typer.Option("--points", help="Forces des objectifs sur chaque courbe, de 0 à la plus grande."),
        POINTS,
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option("--replications", help="Nombre de répliques de chaque point."),
        REPLICATIONS,
    ] = None,
    changes: Changes,
    workers: Workers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Jouer les objectifs de la force nulle à la plus grande : délais contre répartition."""
    from mixite import comparing
    from mixite.frontier import playing, telling

    asked = {"frontier.points": points, "frontier.replications": replications}
    world = comparing.load(scenario, changes.by_key() | asked)
    found = playing.play(world, out or Path("resultats") / f"{world.name}_arbitrage", workers)
    telling.write(found)
    if json:
        terminal.answer(telling.as_json(found))
    terminal.say(f"arbitrage : {found.out / telling.PAGE}")
