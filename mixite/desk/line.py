"""The officer's commands: what is asked on the line, and what is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mixite import terminal

Json = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON sur la sortie standard.")]
Lock = Annotated[
    list[str] | None, typer.Option("--lock", help="LOGEMENT:DEMANDE mise en premier ; répétable.")
]
Forbid = Annotated[
    list[str] | None, typer.Option("--forbid", help="LOGEMENT:DEMANDE à ne pas présenter ; répétable.")
]

Source = Annotated[
    Path, typer.Argument(metavar="COMMISSION.xlsx | TERRITORY", help="Classeur, ou dossier de tables.")
]
Vacancies = Annotated[
    Path | None, typer.Option("--vacancies", help="Table des logements à attribuer, pour un dossier.")
]
Policy = Annotated[str, typer.Option("--policy", help="Politique suivie.")]
On = Annotated[str | None, typer.Option("--on", help="Jour de la séance, AAAA-MM-JJ.")]
Bailleur = Annotated[str, typer.Option("--bailleur", help="Logements de ce seul bailleur.")]
Role = Annotated[
    str,
    typer.Option("--role", help="bailleur, reservataire ou epci (défaut : celui du classeur, bailleur)."),
]
Rules = Annotated[Path | None, typer.Option("--scenario", help="Scénario : grille, objectifs, règles.")]

State = Annotated[Path | None, typer.Option("--state", help="Classeur de la séance précédente, rempli.")]


def add_to(app: typer.Typer) -> None:
    """Add the officer's commands to the program."""
    app.command()(modele)
    app.command()(suggest)
    app.command()(why)


def modele(
    out: Annotated[Path, typer.Option("--out", help="Classeur à écrire, en .xlsx.")] = Path(
        "commission.xlsx"
    ),
) -> None:
    """Écrire un classeur vide à remplir avant une commission : listes, exemples, aide."""
    from mixite.desk.workbook.modele import write

    write(out)
    then = f"mixite suggest {out} --out seance.xlsx --pdf dossier.pdf"
    terminal.say(f"classeur à remplir : {out} ; ensuite : {then}")


def suggest(
    source: Source,
    vacancies: Vacancies = None,
    policy: Policy = "cotation_peuplement",
    on: On = None,
    bailleur: Bailleur = "",
    role: Role = "",
    scenario: Rules = None,
    lock: Lock = None,
    forbid: Forbid = None,
    state: State = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Classeur de la séance à écrire, en .xlsx.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Dossier imprimé à écrire, en .pdf.")] = None,
    instruction: Annotated[
        bool, typer.Option("--instruction", help="Exemplaire de l'instructeur, avec ce qui est confidentiel.")
    ] = False,
    json: Json = False,
) -> None:
    """Suggérer un ordre de présentation pour chaque logement d'une commission ; elle décide."""
    from mixite.desk.dossier.writing import refuse, write
    from mixite.desk.options import Options, day_of
    from mixite.desk.source import asked
    from mixite.desk.suggesting import suggest as suggested
    from mixite.desk.told import as_json

    options = Options(
        policy=policy,
        on=day_of(on),
        bailleur=bailleur,
        role=role,
        scenario=scenario,
        state=state,
        lock=tuple(lock or ()),
        forbid=tuple(forbid or ()),
    )
    refuse(out, pdf)
    found = suggested(asked(source, vacancies, options))
    for said in write(found, out, pdf, instruction=instruction):
        terminal.say(said)
    if json:
        terminal.answer(as_json(found))


def why(
    source: Source,
    demand: Annotated[str, typer.Option("--demand", help="Numéro unique de la demande.")],
    dwelling: Annotated[
        str | None, typer.Option("--dwelling", help="Ce seul logement ; sans cela, tous ceux de la séance.")
    ] = None,
    vacancies: Vacancies = None,
    policy: Policy = "cotation_peuplement",
    on: On = None,
    bailleur: Bailleur = "",
    role: Role = "",
    scenario: Rules = None,
    lock: Lock = None,
    forbid: Forbid = None,
    state: State = None,
    json: Json = False,
) -> None:
    """Dire pourquoi une demande est, ou non, sur la liste d'un logement : de quoi répondre au ménage."""
    from mixite.desk.options import Options, day_of
    from mixite.desk.source import asked
    from mixite.desk.why import why as reason
    from mixite.desk.why_words import as_json, lines

    options = Options(
        policy=policy,
        on=day_of(on),
        bailleur=bailleur,
        role=role,
        scenario=scenario,
        state=state,
        lock=tuple(lock or ()),
        forbid=tuple(forbid or ()),
    )
    found = reason(asked(source, vacancies, options), demand, dwelling)
    if json:
        terminal.answer(as_json(found))
        return
    for line in lines(found):
        terminal.say(line)
