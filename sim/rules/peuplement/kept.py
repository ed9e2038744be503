"""What did a workbook say when it was written, and is it still as written?

The statistics of the last time, the history of decisions and the ruler of the base year are read back under
seals: a line changed or removed by hand is a fault, never a way to change a type. A seal guards against a
slip of the hand, not against somebody who means to forge a workbook.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.rules.peuplement import forms
from sim.rules.peuplement.decisions import Decision, Measured, Signature, seals
from sim.rules.peuplement.entries import Known, Reader
from sim.rules.peuplement.partners import FUNCTIONS, REASONS, TYPES
from sim.rules.peuplement.ruler import Ruler
from sim.rules.peuplement.vocabulary import POPULATION
from sim.territory.files.faults import Fault
from sim.territory.files.opening import Cell
from sim.territory.files.sheets import Row, Sheet, Workbook, as_date, as_text, code_named, plain

INTERNAL = "interne"
"""The only level of diffusion whose workbook is read back: others do not hold everything."""


@dataclass(frozen=True)
class Last:
    """What a workbook said of a residence when it was written: types, indices, and the score."""

    kept: int
    target: int
    measured: Measured | None


class Method:
    """The sheet of the method: level of diffusion, date of the data, seal of the history, ruler."""

    def __init__(self, book: Workbook) -> None:
        self.faults: list[Fault] = []
        name = book.named(forms.METHOD)
        self.present = name is not None
        self.lines: dict[str, tuple[int, Sequence[Cell]]] = {}
        for number, line in enumerate(book.sheets[name] if name else (), start=1):
            if line and as_text(line[0]):
                self.lines.setdefault(plain(as_text(line[0])), (number, line[1:]))
        self.data_on = as_date(self._cell(forms.DATA_KEY))
        self.seal = as_text(self._cell(forms.SEAL_KEY))
        level = as_text(self._cell(forms.LEVEL_KEY))
        if level and level != INTERNAL:
            message = f"classeur de niveau « {level} » : il ne porte pas tout ce qui a été saisi"
            self.faults.append(
                Fault(book.file, message, "reprendre le classeur de niveau interne", name or "")
            )
        self.ruler = self._ruler(book.file, name or "") if self.present else None

    def _cell(self, key: str) -> Cell:
        _, cells = self.lines.get(plain(key), (0, ()))
        return cells[0] if cells else ""

    def _ruler(self, file: str, sheet: str) -> Ruler | None:
        """Return the ruler of the base year; one that reads other indicators than ours is none."""
        if any(plain(each) not in self.lines for each in (*POPULATION, forms.CUTS_KEY, forms.SHRINKAGE_KEY)):
            return None
        number = 0
        try:
            rows = []
            for each in POPULATION:
                number, cells = self.lines[plain(each)]
                rows.append([float(as_text(cell)) for cell in cells[:3]])
            number, cells = self.lines[plain(forms.CUTS_KEY)]
            cuts = [float(as_text(cell)) for cell in cells[:3]]
            number, cells = self.lines[plain(forms.SHRINKAGE_KEY)]
            shrinkage = float(as_text(cells[0]))
            mean, spread, weights = np.array(rows).T
        except (ValueError, IndexError):
            message = "la règle de l'année de base n'est plus lisible"
            self.faults.append(Fault(file, message, "reprendre le classeur d'origine", sheet, number))
            return None
        return Ruler(mean, spread, weights, shrinkage, np.array(cuts))


def read_last(
    book: Workbook, sheet: Sheet | None, data_on: date | None, faults: list[Fault]
) -> dict[str, Last]:
    """Return what the workbook said of each residence; a line that is no more as written is a fault."""
    found: dict[str, Last] = {}
    if sheet is None:
        return found
    reader = Reader(book.file, sheet, forms.RESIDENCE_COLUMNS, Known({}))
    kinds = list(TYPES)
    for row in reader.rows():
        name, kept, target = (row.text(column) for column in ("residence_id", "kept", "target"))
        scores = [reader.number(column) for column in ("score", "low", "high")]
        if not name:
            continue
        if row.text("seal") != row_seal(name, kept, target, *scores):
            message = "ligne changée à la main : un type ne change que par une décision signée"
            reader.fault("kept", message, "rétablir la ligne, et écrire une ligne sur la feuille Décisions")
            continue
        now, aimed = (
            kinds.index(code) if (code := code_named(text, TYPES)) else -1 for text in (kept, target)
        )
        found[name] = Last(now, aimed, _measured(scores, data_on))
    faults += reader.faults
    return found


def read_history(
    book: Workbook, sheet: Sheet | None, known: Known, method: Method, faults: list[Fault]
) -> tuple[Decision, ...]:
    """Return the decisions signed before, each found as it was sealed."""
    found: list[Decision] = []
    written: list[str] = []
    reader = None
    if sheet is not None:
        reader = Reader(book.file, sheet, forms.HISTORY_COLUMNS, known)
        for row in reader.rows():
            each = _kept(reader)
            before = written[-1] if written else ""
            if each is None or seals((each,), before)[0] != row.text("seal"):
                message = "ligne de l'historique changée, ajoutée ou déplacée à la main"
                mend = "reprendre le classeur d'origine ; une décision est suivie d'une autre, jamais effacée"
                reader.fault("seal", message, mend)
                faults += reader.faults
                return ()
            found.append(each)
            written.append(row.text("seal"))
    if method.seal != (written[-1] if written else "") and method.present:
        message = "l'historique n'est plus entier : des lignes manquent à la fin"
        mend = "reprendre le classeur d'origine"
        faults.append(Fault(book.file, message, mend, sheet.name if sheet else forms.HISTORY))
    return tuple(found)


def _kept(reader: Reader) -> Decision | None:
    """Return one line of the history, None where a cell is not what was written."""
    row, kinds = reader.row, list(TYPES)
    named = [row.text(name) for name in ("before", "to", "target")]
    types = [code_named(text, TYPES) if text else "" for text in named]
    proposed, effect, ends, data_on = (
        as_date(row.cells.get(name, "")) for name in ("proposed_on", "effect_on", "ends_on", "data_on")
    )
    bailleur, epci = _signed(row, "bailleur", row.text("bailleur")), _signed(row, "epci", "epci")
    reason = code_named(row.text("reason"), REASONS)
    if None in types or not (proposed and bailleur and epci and reason):
        return None
    before, to, target = (kinds.index(code) if code else -1 for code in types)
    scores = [reader.number(name) for name in ("score", "low", "high")]
    return Decision(
        residence_id=row.text("residence_id"),
        proposed_on=proposed,
        before=before,
        to=to,
        target=target,
        reason=reason,
        argument=row.text("argument"),
        bailleur=bailleur,
        epci=epci,
        effect_on=effect,
        ends_on=ends,
        measured=_measured(scores, data_on),
    )


def _signed(row: Row, who: str, party: str) -> Signature | None:
    function = code_named(row.text(f"{who}_function"), FUNCTIONS)
    on = as_date(row.cells.get(f"{who}_on", ""))
    return Signature(party, function, on) if function and on else None


def _measured(scores: Sequence[float], data_on: date | None) -> Measured | None:
    score, low, high = scores
    return None if data_on is None or math.isnan(score) else Measured(score, low, high, data_on)


def row_seal(residence_id: str, kept: str, target: str, *scores: float) -> str:
    """Return the seal of a line of the residences: its types are changed by decisions alone."""
    text = json.dumps([residence_id, kept, target, *(_six(score) for score in scores)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[: forms.SEAL_LENGTH]


def rounded(value: float) -> float:
    """Return a score as a workbook keeps it, so that it is the same when read back."""
    return round(float(value), 6)


def _six(value: float) -> str:
    return "" if math.isnan(value) else f"{value + 0.0:.6f}"
