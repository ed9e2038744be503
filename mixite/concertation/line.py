"""The command `qualify`: what is asked on the line, and what is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mixite import terminal
from mixite.diffusion import INTERNE
from mixite.line.options import Drawn, Json, TerritoryPath


def qualify(
    territory: TerritoryPath,
    *,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", help="Scénario dont [qualification] est prise (défaut : les hypothèses)."),
    ] = None,
    drawn: Drawn,
    overrides: Annotated[
        Path | None,
        typer.Option("--overrides", help="Classeur de la concertation à relire (défaut : territory.toml)."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Fichier à écrire : .csv, .json, ou .xlsx à remplir en concertation."),
    ] = None,
    sheets: Annotated[
        Path | None, typer.Option("--sheets", help="Dossier des fiches de résidence, en PDF.")
    ] = None,
    diffusion: Annotated[
        str, typer.Option("--diffusion", help="Pour qui : interne, cil ou public.")
    ] = INTERNE,
    json: Json = False,
) -> None:
    """Qualifier les résidences : segments, capacité d'accueil, peuplement actuel et cible, concertation."""
    from mixite import qualifying
    from mixite.concertation import asking, documents
    from mixite.qualifying_words import summary

    asked = asking.Asked(overrides, out, sheets, diffusion)
    asking.check(asked)
    found = qualifying.qualification(territory, scenario, drawn.share, drawn.seed, out)
    made, told = asking.answer(found, territory, asked)
    files = list(asking.write(told, asked))
    if json:
        terminal.answer(documents.document(told))
    if diffusion == INTERNE:
        for line in summary(made.as_settled):
            terminal.say(line)
    for line in (*asking.lines(made, asked), *files):
        terminal.say(line)
