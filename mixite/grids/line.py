"""The commands `mixite grid …`: what is typed, and what each answers.

Each imports what it needs when it runs, so that the help stays instant.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mixite import terminal

if TYPE_CHECKING:
    from mixite.grids.scoring import Scored

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


Demands = Annotated[
    Path,
    typer.Option("--demands", help="Table demands .csv ou .parquet, dossier de tables, ou territoire .toml."),
]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="Jour des points, AAAA-MM-JJ (défaut : celui des données)."),
]
AllowPartial = Annotated[
    bool, typer.Option("--allow-partial", help="Accepter une grille partielle, sous un bandeau.")
]
Seed = Annotated[int, typer.Option("--seed", help="Graine du tirage au sort qui départage.")]


@app.command("score")
def score(
    grid: GridFile,
    demands: Demands,
    on: On = None,
    allow_partial: AllowPartial = False,
    seed: Seed = 0,
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

    day = _day(on)
    written(out)
    found = score_file(grid, demands, day, allow_partial, seed)
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
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="Première grille .toml.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Seconde grille .toml.")],
    demands: Demands,
    on: On = None,
    allow_partial: AllowPartial = False,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Comparer l'ordre que deux grilles donnent aux mêmes demandes : qui se déplace, et de combien."""
    from mixite.grids.differing import as_json, compare_files, sentences

    found = compare_files(a, b, demands, _day(on), allow_partial, seed)
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


def _day(text: str | None) -> date | None:
    from sim.territory.files.faults import Fault, FaultsFound

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        told = Fault("--on", "une date du calendrier est attendue, AAAA-MM-JJ", value=text[:40])
        raise FaultsFound([told]) from None
