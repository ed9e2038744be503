"""What did the partners enter in a workbook, and what is wrong in it?

Every fault of every sheet is told together, by sheet, row and column, with the way out. Nothing is guessed: a
cell is what its column expects or it is a fault. Left out on purpose: what follows from the entries
(appraisals.py, decisions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sim.rules.peuplement import forms
from sim.rules.peuplement.appraisals import Appraisal
from sim.rules.peuplement.decisions import SIGNED, Decision, Signature, still_open
from sim.rules.peuplement.partners import (
    FACTS,
    FUNCTIONS,
    LEVELS,
    NO_OPINION,
    PARTNERS,
    REASONS,
    SOURCES,
    TYPES,
)
from sim.rules.peuplement.remarks import MOST_CHARACTERS, unfit
from sim.territory.files.error_cells import ERRORS
from sim.territory.files.faults import Fault, nearest, shown
from sim.territory.files.sheets import Row, Sheet, as_date, as_text, code_named, not_listed

_MENDS = {
    "expression": "le dire autrement : cette expression n'est jamais employée",
    "personne": "décrire le bâti, un service ou la gestion, jamais quelqu'un",
}
_LEVELS = {**LEVELS, "": NO_OPINION}


@dataclass(frozen=True)
class Known:
    """What entries may name: the bailleur of each residence, those of the workbook's own list included."""

    bailleur: Mapping[str, str]
    gone: frozenset[str] = frozenset()  # in the workbook's own list, no more in the territory


@dataclass
class Reader:
    """Reads the cells of one row, and keeps the faults found on the way."""

    file: str
    sheet: Sheet
    columns: Mapping[str, str]
    known: Known
    row: Row = field(init=False)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Give each row in turn; cells are then read of it."""
        for row in self.sheet.rows:
            self.row = row
            yield row

    def fault(self, name: str, message: str, mend: str = "") -> None:
        """Keep a fault of the present row."""
        value = shown(self.row.text(name))
        label = self.columns[name]
        self.faults.append(Fault(self.file, message, mend, self.sheet.name, self.row.number, label, value))

    def note(self, said: str) -> None:
        """Keep what is to be said of the present row."""
        self.notes.append(f"{self.file} feuille {self.sheet.name} ligne {self.row.number} : {said}")

    def needed(self, name: str) -> str:
        """Return a text that must be there."""
        text = self.row.text(name)
        if not text:
            self.fault(name, "valeur absente, elle est requise", "la remplir, ou vider la ligne")
        return text

    def residence(self) -> str:
        """Return the residence a row is about."""
        text = self.needed("residence_id")
        if text and text not in self.known.bailleur and text not in self.known.gone:
            mend = nearest(text, list(self.known.bailleur))
            self.fault("residence_id", "résidence inconnue du territoire", mend)
        return text

    def choice(self, name: str, choices: Mapping[str, str], required: bool = True) -> str:
        """Return the code of a closed list, "" where empty or wrong."""
        text = self.needed(name) if required else self.row.text(name)
        code = code_named(text, choices) if text else ""
        if code is None:
            self.fault(name, *not_listed(text, choices))
        return code or ""

    def day(self, name: str, required: bool = False) -> date | None:
        """Return a day, None where empty or wrong."""
        text = self.needed(name) if required else self.row.text(name)
        if not text:
            return None
        found = as_date(self.row.cells.get(name, ""))
        if found is None or not 1990 <= found.year < 2100:
            self.fault(name, "une date est attendue", "l'écrire 2026-03-12 ou 12/03/2026")
            return None
        return found

    def remark(self, name: str, required: bool = False) -> str:
        """Return a remark that may be kept."""
        text = self.needed(name) if required else self.row.text(name)
        if text.upper() in ERRORS:
            self.fault(name, "erreur de formule", "corriger la formule, ou écrire la remarque")
        if len(text) > MOST_CHARACTERS:
            self.fault(name, f"{len(text)} caractères, au plus {MOST_CHARACTERS}", "la raccourcir")
        for each in unfit(text):
            mend = _MENDS.get(each.ground, "décrire le bâti, un service ou la gestion")
            message = f"« {each.words} » n'a pas sa place dans une remarque ({each.ground})"
            self.fault(name, message, mend)
        return text

    def number(self, name: str) -> float:
        """Return a number, NaN where empty or wrong."""
        text = self.row.text(name)
        try:
            return float(text.replace(",", ".")) if text else float("nan")
        except ValueError:
            self.fault(name, "un nombre est attendu")
            return float("nan")


def read_appraisals(reader: Reader) -> tuple[Appraisal, ...]:
    """Return the appraisals of a sheet."""
    found: list[Appraisal] = []
    seen: dict[tuple[str, str, str, date], int] = {}
    for row in reader.rows():
        before = len(reader.faults)
        residence, partner = reader.residence(), reader.choice("partner", PARTNERS)
        fact, source = reader.choice("fact", FACTS), reader.choice("source", SOURCES)
        level = _level(reader)
        on, remark = reader.day("on", required=True), reader.remark("remark")
        span = forms.period(row.cells.get("period", "")) if reader.needed("period") else None
        if row.text("period") and span is None:
            reader.fault("period", "une période est attendue", "l'écrire 2025, 2025-03 ou 2024 à 2025")
        if span and on and span[0] > on:
            reader.fault("period", f"elle commence après la date de l'appréciation, {on}", "corriger l'une")
        if len(reader.faults) > before or span is None or on is None:
            continue
        each = Appraisal(residence, partner, fact, *span, source, level, on, remark)
        twin = seen.setdefault((residence, partner, fact, on), row.number)
        if twin != row.number:
            message = f"déjà apprécié par ce partenaire le même jour, ligne {twin}"
            reader.fault("fact", message, "n'en garder qu'une, ou changer la date")
            continue
        found.append(each)
    return tuple(found)


def read_decisions(reader: Reader, history: Sequence[Decision] = ()) -> tuple[Decision, ...]:
    """Return the proposals of a sheet, signed or not, `before` left at -1.

    A decision signed already, in the history or above, is read past and said; one that contradicts another of
    its residence, signed the same day for the same day of effect, is a fault: neither comes after the other.
    """
    found: list[tuple[Row, Decision]] = []
    signed = {_same_day(each): (entered(each), "dans l'historique") for each in history}
    for row in reader.rows():
        before = len(reader.faults)
        each = _decision(reader)
        if len(reader.faults) > before or each is None:
            continue
        if each.state == SIGNED:
            here = f"ligne {row.number}"
            other, where = signed.setdefault(_same_day(each), (each, here))
            if other != each:
                message = f"une autre décision, {where}, est signée et prend effet aux mêmes dates"
                reader.fault(
                    "residence_id", message, "n'en garder qu'une, ou dater son effet d'un autre jour"
                )
                continue
            if where != here:
                reader.note(f"décision déjà signée ({where}), lue une seule fois")
                continue
        found.append((row, each))
    decisions = tuple(each for _, each in found)
    _one_open(reader, found, (*history, *decisions))
    return decisions


def _one_open(reader: Reader, found: Sequence[tuple[Row, Decision]], signed: Sequence[Decision]) -> None:
    """Keep a fault for each residence with more than one proposal that no decision has closed."""
    opened: dict[str, int] = {}
    for row, each in found:
        if each.state != SIGNED and still_open([each], signed)[0]:
            twin = opened.setdefault(each.residence_id, row.number)
            if twin != row.number:
                reader.row = row
                message = f"cette résidence a déjà une proposition ouverte, ligne {twin}"
                reader.fault("residence_id", message, "n'en garder qu'une")


def entered(each: Decision) -> Decision:
    """Return a decision as people entered it, without what stood beside it."""
    return replace(each, before=-1, measured=None)


def _same_day(each: Decision) -> tuple[str, date, date]:
    """Return what two decisions cannot share: nothing would say which of them rules."""
    return each.residence_id, each.effect, each.signed_on


def _level(reader: Reader) -> int:
    text = reader.needed("level")
    code = code_named(text, _LEVELS) if text else None
    if text and code is None:
        reader.fault("level", *not_listed(text, _LEVELS))
    return list(LEVELS).index(code) if code else -1


def _decision(reader: Reader) -> Decision | None:
    row = reader.row
    residence = reader.residence()
    to, target = reader.choice("to", TYPES), reader.choice("target", TYPES, required=False)
    reason, argument = reader.choice("reason", REASONS), reader.remark("argument", required=True)
    proposed = reader.day("proposed_on", required=True)
    effect, ends = reader.day("effect_on"), reader.day("ends_on")
    owner = reader.known.bailleur.get(residence, "")
    party = row.text("bailleur")
    allowed = [owner] if owner else sorted(set(reader.known.bailleur.values()))
    if party and party not in allowed:
        message = "seul le bailleur de la résidence signe pour elle"
        reader.fault("bailleur", message, f"bailleur attendu : {' ou '.join(allowed)}")
    bailleur = _signature(reader, party, "bailleur")
    epci = _signature(reader, "epci", "epci")
    contested = tuple(_contested(reader))
    if proposed is None:
        return None
    kinds = list(TYPES)
    each = Decision(
        residence,
        proposed,
        -1,
        kinds.index(to) if to else -1,
        kinds.index(target) if target else -1,
        reason,
        argument,
        bailleur,
        epci,
        contested,
        effect,
        ends,
    )
    for name, signature in (("bailleur_on", bailleur), ("epci_on", epci)):
        if signature and signature.on < proposed:
            reader.fault(name, f"signée avant d'être proposée, le {proposed}", "corriger l'une des dates")
    if effect and each.bailleur and each.epci and effect < each.signed_on:
        message = f"elle prendrait effet avant sa dernière signature, le {each.signed_on}"
        reader.fault("effect_on", message, "laisser vide, ou écrire une date égale ou postérieure")
    if ends and ends <= each.effect:
        reader.fault("ends_on", f"elle finirait avant de prendre effet, le {each.effect}", "corriger la date")
    return each


def _signature(reader: Reader, party: str, name: str) -> Signature | None:
    """Return a whole signature; one without its function or its date is none."""
    function = reader.choice(f"{name}_function", FUNCTIONS, required=False)
    on = reader.day(f"{name}_on")
    return Signature(party, function, on) if party and function and on else None


def half_written(row: Row) -> str:
    """Return which signature of a row is begun and not whole, "" where none is."""
    own = [bool(row.text(name)) for name in ("bailleur", "bailleur_function", "bailleur_on")]
    epci = [bool(row.text(name)) for name in ("epci_function", "epci_on")]
    begun = [who for who, cells in (("bailleur", own), ("EPCI", epci)) if any(cells) and not all(cells)]
    return " et ".join(begun)


def _contested(reader: Reader) -> Iterator[str]:
    for text in as_text(reader.row.cells.get("contested_by", "")).replace(",", ";").split(";"):
        if not text.strip():
            continue
        code = code_named(text, PARTNERS)
        if code is None:
            reader.fault("contested_by", *not_listed(text.strip(), PARTNERS))
        else:
            yield code
