"""What is a column of the officer's workbook, and what is a sheet?

What a cell may hold is bounded by the canonical column it becomes (sim/territory/files/schema.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from mixite.desk.workbook.words import Words
from sim.territory.files.sheets import plain

Kind = Literal[
    "text",
    "free",
    "commune",
    "communes",
    "rooms",
    "integer",
    "number",
    "share",
    "ratio",
    "flag",
    "date",
    "choice",
    "choices",
    "ages",
]
Example = str | int | float | date | None

FORMATS: dict[Kind, str] = {
    "text": "texte",
    "free": "texte libre",
    "commune": "code INSEE, 5 caractères, en texte, ou nom d'une commune connue",
    "communes": "codes INSEE, ou noms connus, séparés par « ; », le premier souhait d'abord",
    "rooms": "T1 à T9",
    "integer": "nombre entier",
    "number": "nombre",
    "share": "pourcentage, par exemple 30 %",
    "ratio": "part, par exemple 30 % ou 0,30",
    "flag": "oui ou non",
    "date": "date, jj/mm/aaaa",
    "choice": "un mot de la liste",
    "choices": "mots ou codes de la liste, séparés par « ; »",
    "ages": "âges en années, séparés par « ; »",
}


@dataclass(frozen=True)
class Heading:
    """One column of the workbook.

    Attributes
    ----------
    column : name of what it becomes, a canonical column where there is one
    help : what is written there
    without : what is lost where it is absent; empty for a required one
    also : other headers that are recognised
    examples : cells of the two example lines
    """

    title: str
    column: str
    kind: Kind
    help: str
    required: bool = False
    without: str = ""
    also: tuple[str, ...] = ()
    words: Words | None = None
    examples: tuple[Example, Example] = (None, None)
    for_grid: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook: a line is one thing, its first heading names it.

    `without` : what is said where the sheet is absent or empty.
    """

    title: str
    help: str
    headings: tuple[Heading, ...]
    required: bool = False
    without: str = ""
    also: tuple[str, ...] = ()

    @cached_property
    def recognised(self) -> dict[str, Heading]:
        """Return each heading by the headers that stand for it, as `plain` compares them."""
        return {plain(name): one for one in self.headings for name in (one.title, *one.also)}

    @property
    def key(self) -> Heading:
        """Return the heading that names a line."""
        return self.headings[0]

    def title_of(self, column: str) -> str:
        """Return the header of what a column becomes, the name itself where there is none."""
        return next((one.title for one in self.headings if one.column == column), column)


MODELE = "« mixite modele » écrit un classeur à remplir"
"""How to get an empty one."""

EXAMPLE = "EXEMPLE"
"""How the key of an example line begins: it is not read."""
