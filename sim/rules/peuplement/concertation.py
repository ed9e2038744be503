"""What does a workbook of the concertation hold, whole: entries, history, the base year's ruler?

Left out on purpose: how a workbook is written (mixite/concertation), and what guards what it said (kept.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sim.rules.peuplement import forms
from sim.rules.peuplement.appraisals import Appraisal
from sim.rules.peuplement.decisions import (
    SIGNED,
    Decision,
    active,
    as_of,
    decided,
    last_in_effect,
    still_open,
)
from sim.rules.peuplement.entries import Known, Reader, half_written, read_appraisals, read_decisions
from sim.rules.peuplement.kept import Last, Method, read_history, read_last
from sim.rules.peuplement.ruler import Ruler
from sim.territory.columns import Bools, Ints, Territory
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.sheets import Sheet, Workbook, plain


@dataclass(frozen=True)
class Concertation:
    """Everything that the partners have entered, and what was beside it.

    Attributes
    ----------
    pending : proposals not signed by both, or contested
    closed : such proposals that a decision signed later has settled: they leave no objective inactive
    history : signed decisions, in the order they were appended; the last `fresh` come from this reading
    ruler : of the base year, None where the workbook holds none
    last : by residence, what the workbook said of it
    notes : what was read past, or counts as nothing, in French
    unread : columns and sheets that are none of ours: a new workbook would not hold them
    """

    appraisals: tuple[Appraisal, ...] = ()
    pending: tuple[Decision, ...] = ()
    closed: tuple[Decision, ...] = ()
    history: tuple[Decision, ...] = ()
    fresh: int = 0
    ruler: Ruler | None = None
    last: Mapping[str, Last] | None = None
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def entered(self) -> bool:
        """Tell whether anybody has written anything."""
        return bool(self.appraisals or self.pending or self.closed or self.history)

    def before(self, residence_id: Sequence[str], given: Ints, on: date) -> Ints:
        """Return the type set before in each residence, -1 where none: decided, else the last, else given."""
        decisions, last = last_in_effect(self.history, on), self.last or {}
        return np.array(
            [
                decisions[name].to if name in decisions else last[name].kept if name in last else int(kind)
                for name, kind in zip(residence_id, given, strict=True)
            ],
            dtype=np.int64,
        )

    def completed(self, now: Mapping[str, Last]) -> Concertation:
        """Return the same, what the statistics say now beside the entries that no workbook says it of."""
        old = len(self.history) - self.fresh
        return replace(
            self,
            history=(*self.history[:old], *(_beside(each, now) for each in self.history[old:])),
            pending=tuple(_beside(each, now) for each in self.pending),
            closed=tuple(_beside(each, now) for each in self.closed),
        )


OPTIONAL: Mapping[str, tuple[str, ...]] = {
    forms.APPRAISALS: ("remark",),
    forms.DECISIONS: ("now", "state", "target", "contested_by", "effect_on", "ends_on"),
    forms.HISTORY: ("target", "effect_on", "ends_on"),
    forms.RESIDENCES: tuple(
        name for name in forms.RESIDENCE_COLUMNS if name not in ("residence_id", "kept", "seal")
    ),
}
"""Columns that a sheet may lack."""

_SHEETS = (
    *(forms.RESIDENCES, forms.APPRAISALS, forms.DECISIONS, forms.HISTORY),
    *(forms.METHOD, forms.HELP, forms.LISTS),
)


def read(book: Workbook, territory: Territory) -> Concertation:
    """Return what a workbook holds.

    Raises
    ------
    FaultsFound
        with every fault of every sheet.
    """
    names = territory.residences.residence_id.tolist()
    bailleurs = [territory.bailleurs[row] for row in territory.residences.bailleur.tolist()]
    owners = dict(zip(names, bailleurs, strict=True))
    tables = {
        name: table
        for name, columns in forms.COLUMNS.items()
        if (table := book.table(name, columns)) is not None
    }
    faults = list(_missing(book, tables))
    whole = {name: table for name, table in tables.items() if not _lacks(name, table)}
    method = Method(book)
    faults += method.faults
    last = read_last(book, whole.get(forms.RESIDENCES), method.data_on, faults)
    known = Known(owners, frozenset(last) - frozenset(owners))
    history = read_history(book, whole.get(forms.HISTORY), known, method, faults)
    appraisals: tuple[Appraisal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    said: list[str] = []
    if forms.APPRAISALS in whole:
        reader = Reader(book.file, whole[forms.APPRAISALS], forms.APPRAISAL_COLUMNS, known)
        appraisals = read_appraisals(reader)
        faults += reader.faults
    if forms.DECISIONS in whole:
        reader = Reader(book.file, whole[forms.DECISIONS], forms.DECISION_COLUMNS, known)
        decisions = read_decisions(reader, history)
        faults += reader.faults
        said = reader.notes
    if faults:
        raise FaultsFound(faults)
    told = [_beside(each, last) for each in decisions]
    signed = sorted((each for each in told if each.state == SIGNED), key=lambda each: each.signed_on)
    named = {each.residence_id for each in appraisals} | {each.residence_id for each in (*history, *told)}
    gone = sorted(named - set(owners))
    pending, closed = still_open([each for each in told if each.state != SIGNED], (*history, *signed))
    notes, unread = _past(book, tables)
    notes += said
    notes += [
        f"proposition du {each.proposed_on:%d/%m/%Y} sur {each.residence_id} : close par la décision signée "
        f"le {by:%d/%m/%Y}, elle ne rend plus l'objectif inactif"
        for each, by in closed
    ]
    if gone:
        notes.append(f"résidences sorties du territoire, saisies gardées : {', '.join(gone)}")
    return Concertation(
        appraisals=appraisals,
        pending=pending,
        closed=tuple(each for each, _ in closed),
        history=(*history, *signed),
        fresh=len(signed),
        ruler=method.ruler,
        last=last,
        notes=tuple(notes),
        unread=tuple(unread),
    )


def with_decisions(territory: Territory, book: Concertation, on: date | None = None) -> Territory:
    """Return a territory whose types are those decided, the residences with an open proposal named.

    Parameters
    ----------
    on : the day of a sitting; None for the territory's date, or that of the last signature if later

    # Simplified: types are read once, on the territory's date or that of the last signature if later; an end
    that comes during a run is not played.
    """
    residences, names = territory.residences, territory.residences.residence_id.tolist()
    on = on or as_of(territory.as_of, book.history)
    given = residences.peuplement_type, residences.peuplement_target
    kind, target = decided(book.history, book.pending, names, *given, on)
    kind.flags.writeable = target.flags.writeable = False
    unsettled = tuple(sorted({each.residence_id for each in book.pending} & set(names)))
    said = f"Objectif inactif, proposition de type ouverte : {len(unsettled)} résidence(s)"
    return replace(
        territory,
        residences=replace(residences, peuplement_type=kind, peuplement_target=target),
        unsettled=unsettled,
        notes=(*territory.notes, said) if unsettled else territory.notes,
    )


def active_residences(territory: Territory) -> Bools:
    """Tell of each residence whether its objective is active: no proposal is open on it, (residences,)."""
    return active(territory.residences.residence_id.tolist(), territory.unsettled)


def _beside(each: Decision, last: Mapping[str, Last]) -> Decision:
    """Return a decision with the type and the statistics that stood beside it, where it has none yet."""
    seen = last.get(each.residence_id)
    if seen is None:
        return each
    before = seen.kept if each.before < 0 else each.before
    return replace(each, before=before, measured=each.measured or seen.measured)


def _lacks(name: str, table: Sheet) -> list[str]:
    """Return the headers that a sheet with lines needs and lacks."""
    needed = [label for column, label in forms.COLUMNS[name].items() if column not in OPTIONAL[name]]
    return [label for label in needed if label in table.missing] if table.rows else []


def _missing(book: Workbook, tables: Mapping[str, Sheet]) -> list[Fault]:
    entered = (forms.APPRAISALS, forms.DECISIONS, forms.HISTORY)
    if not set(entered) & set(tables):
        message = f"aucune des feuilles {', '.join(entered)}"
        return [Fault(book.file, message, "partir du classeur écrit par « mixite qualify --out »")]
    message, mend = "colonne absente, elle est requise", "reprendre les en-têtes du classeur d'origine"
    return [
        Fault(book.file, message, mend, table.name, column=label)
        for name, table in tables.items()
        for label in _lacks(name, table)
    ]


def _past(book: Workbook, tables: Mapping[str, Sheet]) -> tuple[list[str], list[str]]:
    """Return what is said of a workbook beside its entries, and what of it is not read."""
    notes, unread = [], []
    for table in tables.values():
        if table.unknown:
            listed = ", ".join(f"« {label} »" for label in table.unknown)
            notes.append(f"{book.file} feuille {table.name} : colonnes inconnues, ignorées : {listed}")
            unread += [f"{table.name}, {label}" for label in table.unknown]
    others = [name for name in book.sheets if plain(name) not in {plain(each) for each in _SHEETS}]
    if others:
        listed = ", ".join(f"« {name} »" for name in others)
        notes.append(f"{book.file} : feuilles inconnues, ignorées : {listed}")
        unread += others
    decisions = tables.get(forms.DECISIONS)
    for row in decisions.rows if decisions else ():
        begun = half_written(row)
        if begun:
            notes.append(
                f"{book.file} feuille {forms.DECISIONS} ligne {row.number} : signature incomplète ({begun}), "
                "elle compte comme absente ; donner la fonction et la date"
            )
    return notes, unread
