"""The command `validate`: what is asked on the line, and what is answered."""

from __future__ import annotations

from typing import Annotated

import typer

from mixite import terminal
from mixite.line.command import Bounds
from mixite.line.options import REPLICATIONS, Changes, Json, Out, Replications, Workers


def validate(
    *,
    territory: Annotated[
        list[str] | None,
        typer.Option(
            "--territory",
            help="Territoire : nom (mel, arras…), .toml de synthèse ou dossier de tables ; répétable "
            "(défaut : tous ceux qui ont des chiffres publiés).",
        ),
    ] = None,
    replications: Replications = 200,
    full_replications: Annotated[
        int,
        typer.Option(
            "--full-replications",
            help="Répliques de plus à taille réelle, pour les territoires joués à une taille moindre.",
        ),
        Bounds(0, REPLICATIONS.highest),
    ] = 0,
    changes: Changes,
    workers: Workers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Comparer ce qui est simulé aux chiffres publiés, jamais ajustés ; écrire la page."""
    from mixite.validation import validating

    asked = validating.Asked(
        tuple(territory or ()), replications, full_replications, changes.scale, changes.years, changes.seed
    )
    found = validating.validate(asked, out, workers)
    if json:
        terminal.answer(validating.as_json(found))
    for line in validating.lines(found):
        terminal.say(line)
