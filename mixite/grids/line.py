"""The commands `mixite grid …`: what is typed, and what each answers.

Each imports what it needs when it runs, so that the help stays instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mixite import terminal
from mixite.line.command import command
from mixite.line.options import SEED, Json, day_of

if TYPE_CHECKING:
    from mixite.grids.scoring import Scored

app = typer.Typer(
    help="Vérifier une grille de cotation, coter des demandes, comparer deux grilles.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

GridFile = Annotated[Path, typer.Argument(metavar="GRID", help="Grille de cotation .toml.")]


@app.command("check")
@command
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


@dataclass(frozen=True)
class Cotation:
    """Which demands get points, on what day, and what else `score` and `compare` are both told."""

    demands: Annotated[
        Path,
        typer.Option(
            "--demands", help="Table demands .csv ou .parquet, dossier de tables, ou territoire .toml."
        ),
    ]
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="DATE", help="Jour des points, AAAA-MM-JJ (défaut : celui des données)."
        ),
    ] = None
    allow_partial: Annotated[
        bool, typer.Option("--allow-partial", help="Accepter une grille partielle, sous un bandeau.")
    ] = False
    seed: Annotated[int, typer.Option("--seed", help="Graine du tirage au sort qui départage."), SEED] = 0

    def given(self) -> tuple[Path, date | None, bool, int]:
        """Return the same, the day read.

        Raises
        ------
        FaultsFound
            when the day is none of the calendar.
        """
        return self.demands, day_of(self.on), self.allow_partial, self.seed


@app.command("score")
@command
def score(
    grid: GridFile,
    cotation: Cotation,
    demand: Annotated[
        list[str] | None,
        typer.Option("--demand", help="Numéro unique à montrer ; répétable (défaut : tous)."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Fichier .csv, .xlsx, ou .html (page du demandeur).")
    ] = None,
    json: Json = False,
) -> None:
    """Coter des demandes : points ligne par ligne, rang, demandes comparables, délai observé."""
    from mixite.grids.scoring import row_of, score_file
    from mixite.grids.telling import as_json, write, written
    from sim.territory.files.faults import Fault, FaultsFound

    given = cotation.given()
    written(out)
    found = score_file(grid, *given)
    rows = [row_of(found, name) for name in demand] if demand else None
    if out is not None:
        try:
            write(found, out, rows)
        except OSError as error:
            raise FaultsFound([Fault(str(out), f"écriture impossible : {error.strerror}")]) from None
    if json:
        terminal.answer(as_json(found, rows))
    _say(found, out)


@app.command("compare")
@command
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="Première grille .toml.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Seconde grille .toml.")],
    cotation: Cotation,
    json: Json = False,
) -> None:
    """Comparer l'ordre que deux grilles donnent aux mêmes demandes : qui se déplace, et de combien."""
    from mixite.grids.differing import as_json, compare_files, sentences

    found = compare_files(a, b, *cotation.given())
    if json:
        terminal.answer(as_json(found))
    for sentence in sentences(found):
        terminal.say(sentence)


def _say(found: Scored, out: Path | None) -> None:
    """Say how many demands were scored and what is missing, without any demand's data."""
    for text in (*found.banners, *(note for note in found.pending.notes if note not in found.banners)):
        terminal.say(text)
    n = found.pending.n
    for name, lacks in found.lacking.items():
        terminal.say(f"attribut manquant : {name}, {int(lacks.sum())} demande(s) sur {n}")
    if not found.pending.leases:
        terminal.say("sans baux : délai observé des demandes comparables inconnu")
    terminal.say(f"{n} demande(s) cotée(s) au {found.pending.on.isoformat()}, grille {found.grid.id}")
    if out is not None:
        terminal.say(f"écrit : {out}")
