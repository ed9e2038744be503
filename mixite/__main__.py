"""The command line: what can be asked of mixite, a line a command, and how it ends.

The options and the answer of each stand in the room of its subject. Each imports what it needs when it runs,
so that `mixite --help` stays instant. With `--json` the answer is one JSON document on stdout; everything
else goes to stderr.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from mixite import __version__, terminal
from mixite.concertation import line as concertation
from mixite.desk import line as desk
from mixite.frontier import line as frontier
from mixite.grids import line as grids
from mixite.line import ending, program, study, territory
from mixite.line.command import command
from mixite.validation import line as validation

app = typer.Typer(
    name="mixite",
    help="Simuler et comparer des politiques d'attribution de logements sociaux : la cotation seule, "
    "la cotation et une stratégie de peuplement. Il suggère et explique ; les commissions décident.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

COMMANDS = (
    study.compare,
    frontier.frontier,
    study.run,
    study.theory,
    program.match,
    territory.synth,
    territory.check,
    territory.demand,
    concertation.qualify,
    validation.validate,
    program.doctor,
    desk.modele,
    desk.suggest,
    desk.why,
)

for each in COMMANDS:
    app.command()(command(each))
app.add_typer(grids.app, name="grid")


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
        code = ending.stopped(ending.STOPPED, json)
    except Exception as error:
        code = ending.failed(error, json)
    if code == 130:  # typer turns Ctrl-C into this code
        code = ending.stopped(ending.STOPPED, json)
    sys.exit(code if isinstance(code, int) else terminal.DONE)


if __name__ == "__main__":
    main()
