"""Which files of a sitting are written, and what is said of them?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mixite.desk.dossier import printed, workbook
from mixite.desk.dossier.method import CHECKED
from mixite.desk.dossier.saving import refused
from mixite.desk.suggesting import Suggestion
from sim.territory.files.faults import FaultsFound


def refuse(out: Path | None, pdf: Path | None) -> None:
    """Refuse files that cannot be written, before anything is computed.

    Raises
    ------
    FaultsFound
        for another suffix, a file that exists, a folder that does not.
    """
    asked = ((out, "--out", ".xlsx"), (pdf, "--pdf", ".pdf"))
    faults = [refused(path, option, suffix) for path, option, suffix in asked if path is not None]
    if found := [fault for fault in faults if fault is not None]:
        raise FaultsFound(found)


def write(found: Suggestion, out: Path | None, pdf: Path | None, *, instruction: bool) -> Iterator[str]:
    """Write what is asked of a sitting; give what a person should know of it, without a name."""
    for note in dict.fromkeys(found.request.notes):
        yield f"à savoir : {note}"
    if out is not None:
        workbook.write(out, found, instruction=instruction)
        yield f"classeur de la séance : {out} ({CHECKED}) ; une fois rempli, le rendre par --state {out}"
    if pdf is not None:
        printed.write(pdf, found, instruction=instruction)
        yield f"dossier de la séance : {pdf} ({CHECKED})"
    if out is None and pdf is None:
        yield "aucun fichier n'est écrit ; pour la commission : --out seance.xlsx --pdf dossier.pdf"
