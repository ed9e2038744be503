"""The command line: what can be asked of mixite, and what is answered.

Each command imports what it needs when it runs, so that `mixite --help` stays instant. With `--json` the
answer is one JSON document on stdout; everything else goes to stderr.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer

from mixite import __version__, terminal
from mixite.desk import line as desk
from mixite.grids import line as grids

app = typer.Typer(
    name="mixite",
    help="Simuler et comparer des politiques d'attribution de logements sociaux : la cotation seule, "
    "la cotation et une stratégie de peuplement. Il suggère et explique ; les commissions décident.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(grids.app, name="grid")

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="Fichier .toml du scénario.")]
Years = Annotated[int | None, typer.Option("--years", help="Nombre d'années simulées.")]
Scale = Annotated[float | None, typer.Option("--scale", help="Taille du territoire, de 0 à 1.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Graine du hasard.")]
Workers = Annotated[
    int | None, typer.Option("--workers", help="Processus parallèles (défaut : un par cœur).")
]
Out = Annotated[Path | None, typer.Option("--out", help="Dossier des résultats.")]
Json = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON sur la sortie standard.")]


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"mixite {__version__}\n")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Afficher la version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Montrer le détail d'une erreur du programme.")
    ] = False,
) -> None:
    """Read the options that every command shares; `main` has already read --debug."""


@app.command()
def compare(
    scenario: ScenarioFile,
    policy: Annotated[
        list[str] | None, typer.Option("--policy", help="Politique à jouer ; répétable.")
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option("--replications", help="Nombre de répliques ; avec --precision, leur maximum."),
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
    ] = "interne",
    years: Years = None,
    scale: Scale = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Comparer des politiques sur le même territoire et les mêmes tirages ; écrire le rapport."""
    from mixite import comparing
    from mixite.report import words
    from mixite.report.differences import stopping_sentence
    from mixite.report.signs import sentence

    _at_least("--workers", 1 if workers is None else workers, 1)
    changes = _changes(years, scale, seed) | {
        "runs.replications": comparing.most(replications, precision),
        "policies.compare": policy or None,
    }
    world = comparing.load(scenario, changes)
    found = comparing.compare(world, out, workers, precision, weights, diffusion)
    if json:
        terminal.answer(comparing.as_json(found))
    if found.study.stopping:
        terminal.say(stopping_sentence(found.study))
    if weights:
        terminal.say(sentence(found.study))
    terminal.say(f"rapport : {found.out / 'report.html'}")
    if diffusion != "interne":
        terminal.say(words.KEPT_INSIDE)


@app.command()
def frontier(
    scenario: ScenarioFile,
    points: Annotated[
        int | None,
        typer.Option("--points", help="Forces des objectifs sur chaque courbe, de 0 à la plus grande."),
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", help="Nombre de répliques de chaque point.")
    ] = None,
    years: Years = None,
    scale: Scale = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Jouer les objectifs de la force nulle à la plus grande : délais contre répartition."""
    from mixite import comparing
    from mixite.frontier import playing, telling

    _at_least("--workers", 1 if workers is None else workers, 1)
    changes = _changes(years, scale, seed) | {
        "frontier.points": points,
        "frontier.replications": replications,
    }
    world = comparing.load(scenario, changes)
    found = playing.play(world, out or Path("resultats") / f"{world.name}_arbitrage", workers)
    telling.write(found)
    if json:
        terminal.answer(telling.as_json(found))
    terminal.say(f"arbitrage : {found.out / telling.PAGE}")


@app.command()
def run(
    scenario: ScenarioFile,
    policy: Annotated[str, typer.Option("--policy", help="Politique à jouer.")],
    replication: Annotated[
        int, typer.Option("--replication", help="Numéro de la réplique, à partir de 0.")
    ] = 0,
    years: Years = None,
    scale: Scale = None,
    seed: Seed = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Jouer une réplique d'une politique et garder ses événements."""
    from mixite import comparing, playing

    _at_least("--replication", replication, 0)
    world = comparing.load(scenario, _changes(years, scale, seed) | {"policies.compare": [policy]})
    world = world.with_grid(world.grids[0])
    folder = out or Path("resultats") / world.name / f"{policy}_{replication}"
    manifest = playing.play_one(world, policy, replication, folder)
    if json:
        kept = ("policy", "replication", "digest", "events_sha256")
        terminal.answer({"out": str(folder), **{key: manifest[key] for key in kept}})
    terminal.say(f"événements gardés dans {folder}")


@app.command()
def theory(
    case: Annotated[
        list[Path], typer.Argument(metavar="CASE.toml...", help="Cas stylisé .toml ; répétable.")
    ],
    replications: Annotated[int, typer.Option("--replications", help="Nombre de répliques.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Graine du hasard.")] = 0,
    workers: Workers = None,
    json: Json = False,
) -> None:
    """Jouer des files d'attente dont la théorie donne la réponse exacte, par le même moteur."""
    from mixite import theory as theories

    _at_least("--replications", replications, 1)
    _at_least("--seed", seed, 0)
    _at_least("--workers", 1 if workers is None else workers, 1)
    played = theories.play(theories.load(case), replications, seed, workers or os.cpu_count() or 1)
    if json:
        terminal.answer(theories.as_json(played))
    if not theories.show(played):
        raise typer.Exit(terminal.INPUT_WRONG)


@app.command()
def match(
    problem: Annotated[Path, typer.Argument(metavar="PROBLEM.npz", help="Problème, voir docs/match.md.")],
    lexicographic: Annotated[
        bool,
        typer.Option(
            "--lexicographic",
            help="Par étapes : places pourvues, obligations légales, cibles, points, tirage au sort.",
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


@app.command()
def synth(
    territory: Annotated[Path, typer.Argument(metavar="TERRITORY.toml", help="Territoire de synthèse.")],
    out: Annotated[Path, typer.Option("--out", help="Dossier des tables à écrire.")],
    scale: Scale = None,
    seed: Seed = None,
) -> None:
    """Écrire les tables d'un territoire de synthèse."""
    from mixite.playing import check_folder
    from sim.scenario import find
    from sim.territory.files.writing import write_territory
    from sim.territory.synthetic.build import load_spec, synthesise

    spec = load_spec(find(territory))
    check_folder(out)
    write_territory(synthesise(spec, scale=1.0 if scale is None else scale, seed=seed or 0), out)
    terminal.say(f"territoire de synthèse écrit dans {out}")


@app.command()
def check(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Dossier de tables, scénario ou territoire .toml.")
    ],
    kind: Annotated[str | None, typer.Option("--as", help="Table canonique que le fichier contient.")] = None,
    json: Json = False,
) -> None:
    """Vérifier des tables, un scénario ou un territoire, sans rien écrire."""
    from mixite.checking import check_path

    _shown_files(check_path(path, kind), json)


@app.command()
def demand(
    territory: Annotated[
        Path,
        typer.Argument(metavar="TERRITORY", help="Dossier de tables, ou territoire de synthèse .toml."),
    ],
    grid: Annotated[
        Path | None,
        typer.Option("--grid", help="Grille de cotation .toml (défaut : celle du territoire, sinon aucune)."),
    ] = None,
    scale: Scale = None,
    seed: Seed = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Dresser le portrait de la demande : tranches de points, tension, attente, offre de l'année."""
    from mixite import portrait
    from mixite.portrait_words import summary

    drawn = portrait.draw(territory, grid, out, 1.0 if scale is None else scale, seed)
    if json:
        terminal.answer(portrait.as_json(drawn))
    for line in summary(drawn):
        terminal.say(line)
    terminal.say(f"tableaux, figures et document écrits dans {drawn.out}")


@app.command()
def qualify(
    territory: Annotated[
        Path,
        typer.Argument(metavar="TERRITORY", help="Dossier de tables, ou territoire de synthèse .toml."),
    ],
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", help="Scénario dont [qualification] est prise (défaut : les hypothèses)."),
    ] = None,
    scale: Scale = None,
    seed: Seed = None,
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
    ] = "interne",
    json: Json = False,
) -> None:
    """Qualifier les résidences : segments, capacité d'accueil, peuplement actuel et cible, concertation."""
    from mixite import qualifying
    from mixite.concertation import asking, documents
    from mixite.qualifying_words import summary

    asked = asking.Asked(overrides, out, sheets, diffusion)
    asking.check(asked)
    found = qualifying.qualification(territory, scenario, 1.0 if scale is None else scale, seed, out)
    made, told = asking.answer(found, territory, asked)
    files = list(asking.write(told, asked))
    if json:
        terminal.answer(documents.document(told))
    if diffusion == "interne":
        for line in summary(made.as_settled):
            terminal.say(line)
    for line in (*asking.lines(made, asked), *files):
        terminal.say(line)


@app.command()
def validate(
    territory: Annotated[
        list[str] | None,
        typer.Option(
            "--territory",
            help="Territoire : nom (mel, arras…), .toml de synthèse ou dossier de tables ; répétable "
            "(défaut : tous ceux qui ont des chiffres publiés).",
        ),
    ] = None,
    replications: Annotated[int, typer.Option("--replications", help="Nombre de répliques.")] = 200,
    full_replications: Annotated[
        int,
        typer.Option(
            "--full-replications",
            help="Répliques de plus à taille réelle, pour les territoires joués à une taille moindre.",
        ),
    ] = 0,
    years: Years = None,
    scale: Scale = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Comparer ce qui est simulé aux chiffres publiés, jamais ajustés ; écrire la page."""
    from mixite import validation
    from mixite.validation.validating import Asked, lines

    _at_least("--replications", replications, 1)
    _at_least("--full-replications", full_replications, 0)
    _at_least("--workers", 1 if workers is None else workers, 1)
    asked = Asked(tuple(territory or ()), replications, full_replications, scale, years, seed)
    found = validation.validate(asked, out, workers)
    if json:
        terminal.answer(validation.as_json(found))
    for line in lines(found):
        terminal.say(line)


@app.command()
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


def _changes(years: int | None, scale: float | None, seed: int | None) -> dict[str, Any]:
    return {"time.years": years, "scale": scale, "runs.seed": seed}


def _at_least(option: str, value: int, lowest: int) -> None:
    from sim.territory.files.faults import Fault, FaultsFound

    if value < lowest:
        raise FaultsFound([Fault(option, f"attendu ≥ {lowest}", value=str(value))])


def _shown_files(report: dict[str, Any], json: bool) -> None:
    """Show what a check found; exit 2 when there is a fault."""
    if json:
        terminal.answer(report)
    for file in report["files"]:
        for line in (*file["faults"], *file["warnings"]):
            terminal.say(line["text"])
        if "objectives" in file:
            terminal.say(file["objectives"]["told"])
        if proposal := file.get("objectives", {}).get("proposal"):
            terminal.say(f"planchers tenables les plus proches, à copier dans {file['file']} :\n\n{proposal}")
        terminal.say(_summary(file))
    if any(file["faults"] for file in report["files"]):
        raise typer.Exit(terminal.INPUT_WRONG)


def _summary(file: dict[str, Any]) -> str:
    """Return the last line about a checked file: what was read, refused and doubted."""
    counts = f"{len(file['faults'])} faute(s), {len(file['warnings'])} avertissement(s)"
    return f"{file['file']} : {file['read']} lu(s), {file['accepted']} accepté(s), {counts}"


desk.add_to(app)


def main() -> None:
    """Run the command line and exit: 0 done, 2 wrong input, 3 stopped early, 1 a fault of ours."""
    arguments = sys.argv[1:]
    json = "--json" in arguments
    if "--debug" in arguments:  # accepted anywhere
        os.environ["MIXITE_DEBUG"] = "1"
        arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        code = app(arguments, prog_name="mixite", standalone_mode=False)
    except KeyboardInterrupt:
        code = _stopped("arrêté avant la fin ; ce qui est terminé est gardé", json)
    except Exception as error:
        code = _failed(error, json)
    if code == 130:  # typer turns Ctrl-C into this code
        code = _stopped("arrêté avant la fin ; ce qui est terminé est gardé", json)
    sys.exit(code if isinstance(code, int) else terminal.DONE)


def _stopped(message: str, json: bool) -> int:
    terminal.say(message)
    if json:
        terminal.answer({"stopped": message})
    return terminal.STOPPED_EARLY


def _failed(error: Exception, json: bool) -> int:
    """Say what went wrong in French and return the exit code."""
    from mixite.usage import is_usage_error, usage_fault
    from sim.territory.files.faults import FaultsFound

    if isinstance(error, terminal.StoppedEarly) or type(error).__name__ == "Abort":
        return _stopped(str(error) or "arrêté avant la fin ; ce qui est terminé est gardé", json)
    if type(error).__name__ == "NoArgsIsHelpError":
        terminal.say(str(getattr(error, "message", error)))
        return terminal.INPUT_WRONG
    faults = (
        error.faults
        if isinstance(error, FaultsFound)
        else (usage_fault(error),)
        if is_usage_error(error)
        else ()
    )
    if faults:
        for fault in faults:
            terminal.say(str(fault))
        if json:
            terminal.answer({"faults": [terminal.fault_entry(fault) for fault in faults]})
        return terminal.INPUT_WRONG
    sentence = f"le programme a échoué : {type(error).__name__} : {error} (--debug montre le détail)"
    terminal.say(" ".join(sentence.split()))
    if os.environ.get("MIXITE_DEBUG"):
        terminal.say("".join(traceback.format_exception(error)))
    if json:
        terminal.answer({"error": sentence})
    return terminal.OUR_FAULT


if __name__ == "__main__":
    main()
