"""May a workbook be written where one stands already? Never if something people entered would be lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mixite.diffusion import INTERNE
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    from mixite.concertation.concerted import Concerted
    from sim.rules.peuplement.concertation import Concertation


def check_nothing_lost(out: Path, overrides: Path | None, found: Concerted, level: str) -> None:
    """Refuse to write over a workbook whose entries the new one would not hold.

    Raises
    ------
    FaultsFound
    """
    if not out.exists():
        return
    same = overrides is not None and out.resolve() == overrides.resolve()
    if level != INTERNE:
        if same or _is_ours(out):
            message = f"un classeur de la concertation est là, celui du niveau {level} ne le remplace pas"
            raise FaultsFound([Fault(str(out), message, "nommer un autre fichier")])
        return
    held = found.book if same else _held(out, found)
    if held.unread:
        message = (
            f"ce classeur a des colonnes ou des feuilles qui seraient perdues : {'; '.join(held.unread)}"
        )
        raise FaultsFound([Fault(str(out), message, "nommer un autre fichier")])
    if not same and not _within(held, found.book):
        message = "ce classeur porte des saisies, elles seraient perdues"
        mend = f"les reprendre avec --overrides {out.name}, ou nommer un autre fichier"
        raise FaultsFound([Fault(str(out), message, mend)])


def _held(out: Path, found: Concerted) -> Concertation:
    """Return what a workbook holds; one that cannot be read back is not written over.

    Raises
    ------
    FaultsFound
    """
    from sim.rules.peuplement.concertation import read
    from sim.territory.files.sheets import read_workbook

    try:
        return read(read_workbook(out), found.qualification.territory)
    except FaultsFound as faults:
        message = f"un fichier est là, qui ne se relit pas sans faute ({faults.faults[0].message})"
        mend = "le corriger, ou nommer un autre fichier"
        raise FaultsFound([Fault(str(out), message, mend)]) from None


def _within(held: Concertation, new: Concertation) -> bool:
    """Tell whether everything entered in a workbook is in another."""
    return set(held.appraisals) <= set(new.appraisals) and {
        (*_entered(each),) for each in (*held.pending, *held.closed, *held.history)
    } <= {(*_entered(each),) for each in (*new.pending, *new.closed, *new.history)}


def _entered(each: object) -> tuple[object, ...]:
    """Return what people entered of a decision: without what stood beside it."""
    from dataclasses import astuple

    from sim.rules.peuplement.decisions import Decision
    from sim.rules.peuplement.entries import entered

    assert isinstance(each, Decision)
    return astuple(entered(each))


def _is_ours(out: Path) -> bool:
    """Tell whether a file is a workbook of the level `interne`, or cannot be known not to be."""
    from sim.rules.peuplement import forms
    from sim.territory.files.sheets import read_workbook

    try:
        book = read_workbook(out)
    except FaultsFound:
        return False
    return any(book.named(name) for name in (forms.APPRAISALS, forms.DECISIONS, forms.HISTORY))
