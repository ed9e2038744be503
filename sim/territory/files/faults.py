"""What is wrong in a user's file: where, what was found, what is expected, and the way out?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Fault:
    """One fault, in French, ready to be shown or put in JSON."""

    file: str
    message: str  # what is wrong and what is expected
    mend: str = ""  # the way out
    sheet: str = ""
    row: int = 0  # as a spreadsheet shows it, 0 where it has no meaning
    column: str = ""  # column of a table or key of a TOML file ("sittings.max_lists")
    value: str = ""  # as found, at most 40 characters

    def __str__(self) -> str:
        where = self.file
        if self.sheet:
            where += f" feuille {self.sheet}"
        if self.row:
            where += f" ligne {self.row}"
        if self.column:
            where += f", {'colonne' if self.row else 'clé'} {self.column}"
        found = f" : {self.value}" if self.value else ""
        mend = f" ; {self.mend}" if self.mend else ""
        return f"{where}{found} : {self.message}{mend}"


class FaultsFound(ValueError):  # noqa: N818
    """Raised with every fault of an input at once; nothing has been written.

    Attributes
    ----------
    faults : tuple of Fault
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


MOST_SHOWN = 40
"""Characters of a value in a fault."""


def shown(value: object) -> str:
    """Return a value as a fault shows it: at most 40 characters, cut between two words where it has any."""
    text = "vrai" if value is True else "faux" if value is False else str(value)
    if len(text) <= MOST_SHOWN:
        return text
    room = MOST_SHOWN - 1
    between = text.rfind(" ", 0, room + 1)
    return text[: between if between > room // 2 else room].rstrip() + "…"


def nearest(name: str, known: Sequence[str]) -> str:
    """Return a way out that names the nearest known name, then the known names."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    listed = ", ".join(known) if len(known) <= 12 else ", ".join(list(known)[:12]) + ", …"
    return f"vouliez-vous dire « {close[0]} » ? connus : {listed}" if close else f"connus : {listed}"
