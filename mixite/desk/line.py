"""The officer's commands: what is asked on the line, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mixite import terminal
from mixite.line.options import Json, day_of

if TYPE_CHECKING:
    from mixite.desk.request import Request


@dataclass(frozen=True)
class Prepared:
    """Which sitting is prepared, and by which rules: what `suggest` and `why` are both told."""

    source: Annotated[
        Path, typer.Argument(metavar="COMMISSION.xlsx | TERRITORY", help="Classeur, ou dossier de tables.")
    ]
    vacancies: Annotated[
        Path | None, typer.Option("--vacancies", help="Table des logements à attribuer, pour un dossier.")
    ] = None
    policy: Annotated[str, typer.Option("--policy", help="Politique suivie.")] = "cotation_peuplement"
    on: Annotated[str | None, typer.Option("--on", help="Jour de la séance, AAAA-MM-JJ.")] = None
    bailleur: Annotated[str, typer.Option("--bailleur", help="Logements de ce seul bailleur.")] = ""
    role: Annotated[
        str,
        typer.Option("--role", help="bailleur, reservataire ou epci (défaut : celui du classeur, bailleur)."),
    ] = ""
    scenario: Annotated[
        Path | None, typer.Option("--scenario", help="Scénario : grille, objectifs, règles.")
    ] = None
    lock: Annotated[
        list[str] | None, typer.Option("--lock", help="LOGEMENT:DEMANDE mise en premier ; répétable.")
    ] = None
    forbid: Annotated[
        list[str] | None, typer.Option("--forbid", help="LOGEMENT:DEMANDE à ne pas présenter ; répétable.")
    ] = None
    state: Annotated[
        Path | None, typer.Option("--state", help="Classeur de la séance précédente, rempli.")
    ] = None

    def request(self) -> Request:
        """Read what is asked.

        Raises
        ------
        FaultsFound
            with every fault of what is given.
        """
        from mixite.desk.options import Options
        from mixite.desk.source import asked

        options = Options(
            policy=self.policy,
            on=day_of(self.on),
            bailleur=self.bailleur,
            role=self.role,
            scenario=self.scenario,
            state=self.state,
            lock=tuple(self.lock or ()),
            forbid=tuple(self.forbid or ()),
        )
        return asked(self.source, self.vacancies, options)


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
    prepared: Prepared,
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
    from mixite.desk.suggesting import suggest as suggested
    from mixite.desk.told import as_json

    refuse(out, pdf)
    found = suggested(prepared.request())
    for said in write(found, out, pdf, instruction=instruction):
        terminal.say(said)
    if json:
        terminal.answer(as_json(found))


def why(
    *,
    demand: Annotated[str, typer.Option("--demand", help="Numéro unique de la demande.")],
    dwelling: Annotated[
        str | None, typer.Option("--dwelling", help="Ce seul logement ; sans cela, tous ceux de la séance.")
    ] = None,
    prepared: Prepared,
    json: Json = False,
) -> None:
    """Dire pourquoi une demande est, ou non, sur la liste d'un logement : de quoi répondre au ménage."""
    from mixite.desk.why import why as reason
    from mixite.desk.why_words import as_json, lines

    found = reason(prepared.request(), demand, dwelling)
    if json:
        terminal.answer(as_json(found))
        return
    for line in lines(found):
        terminal.say(line)
