"""The commands about the program itself: its solver alone, `match`, and the machine it runs on, `doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mixite import terminal
from mixite.line.options import Json


def match(
    problem: Annotated[Path, typer.Argument(metavar="PROBLEM.npz", help="Problème, voir docs/match.md.")],
    lexicographic: Annotated[
        bool,
        typer.Option(
            "--lexicographic",
            help="Par étapes : places pourvues, obligations légales, objectifs, points, tirage au sort.",
        ),
    ] = False,
    gap: Annotated[
        float, typer.Option("--gap", help="Écart relatif à la meilleure réponse possible qui suffit.")
    ] = 0.0,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Durée, en secondes, après laquelle s'arrêter.")
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option("--prices", help="Prix de départ : un document de match --json, ou {libellé: prix}."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Fichier .csv des listes.")] = None,
    json: Json = False,
) -> None:
    """Répondre à un problème d'appariement sous contraintes, par un calcul vérifié."""
    from mixite import match as matching
    from mixite.match_request import Asked

    asked = Asked(problem, lexicographic, gap, time_limit, prices, out)
    found = matching.match(asked)
    if json:
        terminal.answer(matching.as_json(found))
    matching.show(found, asked)


def doctor(json: Json = False) -> None:
    """Montrer les versions, les cœurs et la mémoire."""
    from mixite.versions import machine

    found = machine()
    if json:
        terminal.answer(found)
        return
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{library} {number}" for library, number in value.items())
        terminal.say(f"{name} : {value}")
