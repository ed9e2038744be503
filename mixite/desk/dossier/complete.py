"""Is every decision complete, and does it hold to the law?

A decision has a function behind it; a non-attribution has a motive of the closed list with what was measured;
an order other than the suggested one has its reason. Everything is said at once, with sheet, row and column.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mixite.desk.dossier.decided import MOTIVES, Decided, follows, of_each_dwelling, silent_from
from mixite.desk.workbook.reading import Lines
from sim.rules.caleol import RPMS, motives

_LATER = "vider cette cellule, ou corriger la décision"


def check(lines: Lines, at_of: Sequence[int], decided: Sequence[Decided]) -> None:
    """Add to `lines` the faults of decisions, `at_of` being their places in the lines."""
    place = {id(one): at for one, at in zip(decided, at_of, strict=True)}
    for one in decided:
        at = place[id(one)]
        _of_decision(lines, at, one)
        _of_motives(lines, at, one)
        _of_answer(lines, at, one)
    for together in of_each_dwelling(decided):
        _of_dwelling(lines, place, together)


def _refused(lines: Lines, at: int, column: str) -> bool:
    """Tell whether a cell is already said to be wrong."""
    return (lines.rows[at], column) in lines.refused


def _of_decision(lines: Lines, at: int, one: Decided) -> None:
    if not one.decision and not _refused(lines, at, "decision"):
        lines.refuse(at, "decision", "décision absente", "choisir l'une des cinq, ou vider la ligne")
    if not one.by and not _refused(lines, at, "by"):
        message = "une décision a toujours une personne derrière elle : fonction absente"
        lines.refuse(at, "by", message, "choisir une fonction de la liste, jamais un nom")
    if one.decision == "rank" and not lines.of("rank")[at]:
        lines.refuse(at, "rank", "rang absent", "écrire le rang que la commission donne")
    if one.rank < 0 or (one.gives and one.rank < 1):
        lines.refuse(at, "rank", "attendu ≥ 1", "écrire le rang que la commission donne", str(one.rank))
    if one.decision and not one.gives and one.rank:
        lines.refuse(at, "rank", "pas de rang sans attribution", _LATER, str(one.rank))
    if one.decision == "condition" and not one.document:
        lines.refuse(at, "document", "pièce attendue absente", "écrire la pièce dont le bail dépend")


def _of_motives(lines: Lines, at: int, one: Decided) -> None:
    """Hold motives to the closed list (R25, R26)."""
    if any(_refused(lines, at, column) for column in ("decision", "motive", "motive_2")):
        return
    known = motives()
    if one.gives:
        if one.motives:
            lines.refuse(at, "motive", "pas de motif de non-attribution pour une attribution", _LATER)
        return
    if not one.decision:
        return
    if not one.motives:
        message = "motif légal absent (L. 441-2-2)"
        lines.refuse(at, "motive", message, f"choisir : {', '.join(MOTIVES.shown)}")
        return
    for code in one.motives:
        if one.decision not in known[code].decisions:
            allowed = [word for code_, word in _words() if one.decision in known[code_].decisions]
            message, mend = "ce motif n'est pas celui de cette décision", f"choisir : {', '.join(allowed)}"
            lines.refuse(at, "motive", message, mend, known[code].label)
    if not any(known[code].alone for code in one.motives):
        message = "ne peut constituer à lui seul le motif (L. 441)"
        mend = "écrire l'autre motif légal, ou revoir la décision"
        lines.refuse(at, "motive", message, mend, known[one.motives[0]].label)
    if RPMS in one.motives and not one.rpms:
        message = "le logement n'est pas dans une RPMS de la convention (L. 441-2-2)"
        lines.refuse(at, "motive", message, "choisir un autre motif de la liste")
    if not one.measure:
        wanted = " ; ".join(known[code].measure for code in one.motives)
        lines.refuse(at, "measure", "constat absent", f"écrire {wanted}")


def _words() -> list[tuple[str, str]]:
    return [(code, words[0]) for code, words in MOTIVES.of]


def _of_answer(lines: Lines, at: int, one: Decided) -> None:
    if one.decision and not one.gives:
        for column, said in (("answer", one.answer), ("signed_on", one.signed_on)):
            if said:
                lines.refuse(at, column, "rien n'a été attribué", _LATER)
        return
    if one.answered_on and one.answered_on < one.held_on:
        said = f"{one.answered_on:%d/%m/%Y}"
        lines.refuse(at, "answered_on", "répondu avant la séance", "corriger la date", said)
    elif one.answered_on and one.answer == "silent":
        last = silent_from(one.held_on)
        if one.answered_on < last:
            message = f"le délai de réponse n'est pas passé avant le {last:%d/%m/%Y} (R. 441-10)"
            mend = "corriger la date, ou attendre la réponse"
            lines.refuse(at, "answered_on", message, mend, f"{one.answered_on:%d/%m/%Y}")
    if one.signed_on and one.refused:
        lines.refuse(at, "signed_on", "un bail signé et un refus", "corriger l'un des deux")
    if one.signed_on and one.signed_on < one.held_on:
        lines.refuse(
            at, "signed_on", "bail signé avant la séance", "corriger la date", f"{one.signed_on:%d/%m/%Y}"
        )


def _of_dwelling(lines: Lines, place: dict[int, int], together: Sequence[Decided]) -> None:
    """Hold the decisions of a dwelling to each other: a rank each, one lease, a reason to reorder."""
    given = sorted((one for one in together if one.gives), key=lambda one: (one.rank, place[id(one)]))
    for before, one in pairwise(given):
        if one.rank == before.rank:
            at = place[id(one)]
            message = f"deux attributions au rang {one.rank} pour {one.dwelling_id}"
            lines.refuse(at, "rank", message, "une attribution, ou un rang pour chacune")
    signed = [one for one in given if one.signed_on]
    for one in signed[1:]:
        message = f"deux baux signés pour {one.dwelling_id}"
        lines.refuse(place[id(one)], "signed_on", message, "n'en garder qu'un")
    if follows(together) or not given:
        return
    moved = [one for one in given if one.rank != one.suggested]
    if moved and not any(one.remarks or one.motives for one in together):
        message = "l'ordre décidé n'est pas l'ordre suggéré : raison absente"
        lines.refuse(place[id(moved[0])], "remarks", message, "écrire la raison de la commission")
