"""The commands `mixite grid …`: what is typed, and what each answers.

Each imports what it needs when it runs, so that the help stays instant.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mixite import terminal

app = typer.Typer(
    help="Vérifier une grille de cotation, coter des demandes, comparer deux grilles.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

GridFile = Annotated[Path, typer.Argument(metavar="GRID", help="Grille de cotation .toml.")]
Json = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON sur la sortie standard.")]


@app.command("check")
def check(
    grid: GridFile,
    territory: Annotated[
        Path | None,
        typer.Option("--territory", help="Territoire ou demandes où peser les familles de critères."),
    ] = None,
    json: Json = False,
) -> None:
    """Vérifier une grille, recalculer ses exemples, dire ce qui mérite d'être relu."""
    from mixite.grids.checking import check_grid, sentences

    report = check_grid(grid, territory)
    if json:
        terminal.answer(report)
    (file,) = report["files"]
    for line in (*file["faults"], *file["warnings"]):
        terminal.say(line["text"])
    for sentence in sentences(report):
        terminal.say(sentence)
    counts = f"{len(file['faults'])} faute(s), {len(file['warnings'])} avertissement(s)"
    terminal.say(f"{file['file']} : {counts}")
    if file["faults"]:
        raise typer.Exit(terminal.INPUT_WRONG)
