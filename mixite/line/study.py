"""The commands that play a scenario or a case of theory: `compare`, `run`, `theory`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from mixite import terminal
from mixite.diffusion import INTERNE
from mixite.line.command import Bounds
from mixite.line.options import REPLICATIONS, SEED, Changes, Json, Out, Replications, ScenarioFile, Workers


def compare(
    scenario: ScenarioFile,
    *,
    policy: Annotated[
        list[str] | None, typer.Option("--policy", help="Politique à jouer ; répétable.")
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option("--replications", help="Nombre de répliques ; avec --precision, leur maximum."),
        REPLICATIONS,
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(
            "--precision",
            help="Jouer jusqu'à ce que l'intervalle de chaque écart de tête distingué ait une demi-largeur "
            "d'au plus cette part de l'écart (0.1 : 10 %) ; 200 répliques au plus, sauf --replications.",
        ),
    ] = None,
    weights: Annotated[
        bool,
        typer.Option(
            "--weights",
            help="Rejouer les politiques conjointes avec les points par rang et par logarithme, et dire "
            "quels écarts de tête gardent leur signe ; près de trois fois plus long.",
        ),
    ] = False,
    diffusion: Annotated[
        str, typer.Option("--diffusion", help="Pour qui est le rapport : interne, cil ou public.")
    ] = INTERNE,
    changes: Changes,
    workers: Workers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Comparer des politiques sur le même territoire et les mêmes tirages ; écrire le rapport."""
    from mixite import comparing
    from mixite.report import words
    from mixite.report.differences import stopping_sentence
    from mixite.report.signs import sentence

    asked = changes.by_key() | {
        "runs.replications": comparing.most(replications, precision),
        "policies.compare": policy or None,
    }
    world = comparing.load(scenario, asked)
    found = comparing.compare(world, out, workers, precision, weights, diffusion)
    if json:
        terminal.answer(comparing.as_json(found))
    if found.study.stopping:
        terminal.say(stopping_sentence(found.study))
    if weights:
        terminal.say(sentence(found.study))
    terminal.say(f"rapport : {found.out / 'report.html'}")
    if diffusion != INTERNE:
        terminal.say(words.KEPT_INSIDE)


def run(
    scenario: ScenarioFile,
    *,
    policy: Annotated[str, typer.Option("--policy", help="Politique à jouer.")],
    replication: Annotated[
        int, typer.Option("--replication", help="Numéro de la réplique, à partir de 0."), Bounds(0)
    ] = 0,
    changes: Changes,
    out: Out = None,
    json: Json = False,
) -> None:
    """Jouer une réplique d'une politique et garder ses événements."""
    from mixite import comparing, playing

    world = comparing.load(scenario, changes.by_key() | {"policies.compare": [policy]})
    world = world.with_grid(world.grids[0])
    folder = out or Path("resultats") / world.name / f"{policy}_{replication}"
    manifest = playing.play_one(world, policy, replication, folder)
    if json:
        kept = ("policy", "replication", "digest", "events_sha256")
        terminal.answer({"out": str(folder), **{key: manifest[key] for key in kept}})
    terminal.say(f"événements gardés dans {folder}")


def theory(
    case: Annotated[
        list[Path], typer.Argument(metavar="CASE.toml...", help="Cas stylisé .toml ; répétable.")
    ],
    replications: Replications = 20,
    seed: Annotated[int, typer.Option("--seed", help="Graine du hasard."), SEED] = 0,
    workers: Workers = None,
    json: Json = False,
) -> None:
    """Jouer des files d'attente dont la théorie donne la réponse exacte, par le même moteur."""
    from mixite import theory as theories

    played = theories.play(theories.load(case), replications, seed, workers or os.cpu_count() or 1)
    if json:
        terminal.answer(theories.as_json(played))
    if not theories.show(played):
        raise typer.Exit(terminal.INPUT_WRONG)
