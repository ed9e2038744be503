"""The commands about a territory's files: `synth`, `check`, `demand`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mixite import terminal
from mixite.line.options import Drawn, Json, Out, TerritoryPath


def synth(
    territory: Annotated[Path, typer.Argument(metavar="TERRITORY.toml", help="Territoire de synthèse.")],
    out: Annotated[Path, typer.Option("--out", help="Dossier des tables à écrire.")],
    drawn: Drawn,
) -> None:
    """Écrire les tables d'un territoire de synthèse."""
    from mixite.playing import check_folder
    from sim.scenario import find
    from sim.territory.files.writing import write_territory
    from sim.territory.synthetic.build import load_spec, synthesise

    spec = load_spec(find(territory))
    check_folder(out)
    write_territory(synthesise(spec, scale=drawn.share, seed=drawn.seed or 0), out)
    terminal.say(f"territoire de synthèse écrit dans {out}")


def check(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Dossier de tables, scénario ou territoire .toml.")
    ],
    kind: Annotated[str | None, typer.Option("--as", help="Table canonique que le fichier contient.")] = None,
    json: Json = False,
) -> None:
    """Vérifier des tables, un scénario ou un territoire, sans rien écrire."""
    from mixite.checking import check_path

    report = check_path(path, kind)
    if json:
        terminal.answer(report)
    for file in report["files"]:
        _say(file)
    if any(file["faults"] for file in report["files"]):
        raise typer.Exit(terminal.INPUT_WRONG)


def demand(
    territory: TerritoryPath,
    *,
    grid: Annotated[
        Path | None,
        typer.Option("--grid", help="Grille de cotation .toml (défaut : celle du territoire, sinon aucune)."),
    ] = None,
    drawn: Drawn,
    out: Out = None,
    json: Json = False,
) -> None:
    """Dresser le portrait de la demande : tranches de points, tension, attente, offre de l'année."""
    from mixite import portrait
    from mixite.portrait_words import summary

    found = portrait.draw(territory, grid, out, drawn.share, drawn.seed)
    if json:
        terminal.answer(portrait.as_json(found))
    for line in summary(found):
        terminal.say(line)
    terminal.say(f"tableaux, figures et document écrits dans {found.out}")


def _say(file: dict[str, Any]) -> None:
    """Say what a check found in a file, then what was read, refused and doubted."""
    for line in (*file["faults"], *file["warnings"]):
        terminal.say(line["text"])
    if "objectives" in file:
        terminal.say(file["objectives"]["told"])
    if proposal := file.get("objectives", {}).get("proposal"):
        terminal.say(f"planchers tenables les plus proches, à copier dans {file['file']} :\n\n{proposal}")
    counts = f"{len(file['faults'])} faute(s), {len(file['warnings'])} avertissement(s)"
    terminal.say(f"{file['file']} : {file['read']} lu(s), {file['accepted']} accepté(s), {counts}")
