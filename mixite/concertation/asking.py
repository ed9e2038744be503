"""What is asked of a concertation, in which order is it answered, and what is said of it?

1. Read the workbook and settle the types.
2. Refuse what would lose entries, before anything is written.
3. Keep what the level of diffusion may hold; write it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mixite.concertation.concerted import Concerted, concerted, overrides_of
from mixite.concertation.diffusion import Published, published
from mixite.diffusion import INTERNE, check_level
from mixite.playing import check_folder
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    from mixite.qualifying import Qualification


@dataclass(frozen=True)
class Asked:
    """Where entries come from, what is written, for whom."""

    overrides: Path | None = None
    out: Path | None = None
    sheets: Path | None = None
    diffusion: str = INTERNE


def check(asked: Asked) -> None:
    """Refuse a level of diffusion or a folder that cannot be.

    Raises
    ------
    FaultsFound
    """
    faults: list[Fault] = []
    for each in (lambda: check_level(asked.diffusion), lambda: asked.sheets and check_folder(asked.sheets)):
        try:
            each()
        except FaultsFound as found:
            faults += found.faults
    if faults:
        raise FaultsFound(faults)


def answer(found: Qualification, path: Path, asked: Asked) -> tuple[Concerted, Published]:
    """Return a qualification with its concertation, and what may be told of it; nothing is written yet.

    Parameters
    ----------
    path : the territory, whose territory.toml may name the workbook

    Raises
    ------
    FaultsFound
        with every fault of the workbook, or when entries would be lost.
    """
    from mixite.concertation.keeping import check_nothing_lost

    overrides = overrides_of(path, asked.overrides, asked.out)
    made = concerted(found, overrides)
    if asked.out is not None and asked.out.suffix.lower() == ".xlsx":
        check_nothing_lost(asked.out, overrides, made, asked.diffusion)
    return made, published(made, asked.diffusion)


def write(told: Published, asked: Asked) -> Iterator[str]:
    """Write what is asked for, and give a line for each file or folder."""
    from mixite.concertation import documents
    from sim.territory.files.saving import replacing, write_csv, write_text

    if asked.out is not None:
        kind = asked.out.suffix.lower()
        if kind == ".csv":
            write_csv(documents.table(told), asked.out)
        elif kind == ".json":
            write_text(documents.json_text(told), asked.out)
        else:
            from mixite.concertation.outside import outside_workbook
            from mixite.concertation.workbook import workbook

            content = workbook(told) if told.level == INTERNE else outside_workbook(told)
            with replacing(asked.out) as file:
                file.write(content)
        yield f"qualification écrite dans {asked.out} (diffusion {told.level})"
    if asked.sheets is not None:
        from mixite.concertation.sheets import write_sheets

        count = write_sheets(told, asked.sheets)
        yield f"{count} fiche(s) PDF écrite(s) dans {asked.sheets} (diffusion {told.level})"


def lines(made: Concerted, asked: Asked) -> Iterator[str]:
    """Give what is said of the entries read."""
    book = made.book
    yield from book.notes
    if not (book.entered or book.last):
        return
    yield (
        f"Concertation : {len(book.appraisals)} appréciation(s), {len(book.history)} décision(s) signée(s) "
        f"dont {book.fresh} nouvelle(s), {len(book.pending)} proposition(s) ouverte(s)."
    )
    if book.ruler is not None:
        yield "Les scores sont lus sur la règle de l'année de base, gardée dans le classeur."
    if book.pending:
        listed = ", ".join(sorted(each.residence_id for each in book.pending))
        yield f"Objectif inactif, type précédent gardé, tant qu'une proposition est ouverte : {listed}."
    kept = asked.diffusion == INTERNE and asked.out is not None and asked.out.suffix.lower() == ".xlsx"
    if book.fresh and not kept:
        yield "Décisions nouvelles dans aucun historique encore : écrire un classeur, --out SUIVANT.xlsx."
