"""What did people decide since the last workbook of the sitting, and is every decision complete?

The workbook that `suggest --out` wrote, filled by people: its sheets « Décision » and « Historique » are
read, every fault of both said at once. Left out on purpose: what follows for the next sitting (carried.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from mixite.desk.dossier.complete import check
from mixite.desk.dossier.decided import CODED, DECISION, HISTORY, Decided, chained, only_added
from mixite.desk.dossier.titles import (
    DEMAND,
    DWELLING,
    GIVEN,
    GIVEN_SERVED,
    GIVEN_YEARLY,
    HEAD,
    HELD_ON,
    IN_RPMS,
    RANK,
    ROW,
    ROWS,
    SERVED,
)
from mixite.desk.dossier.trace import AVAILABLE, TRACE, Kept, Key, day, several, traces
from mixite.desk.workbook.heading import MODELE, Heading, Sheet
from mixite.desk.workbook.reading import Lines, lines_of
from sim.process.state import Counted
from sim.rules.caleol import GIVING
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.opening import Opened
from sim.territory.files.sheets import plain, read_workbook

_CANDIDATES = Sheet(
    "Candidatures",
    "",
    (
        Heading(DWELLING, "dwelling_id", "text", "", required=True),
        Heading(DEMAND, "demand_id", "text", "", required=True),
        Heading(RANK, "suggested", "integer", ""),
        Heading(ROWS, "rows", "free", ""),
        Heading(SERVED, "served", "free", ""),
    ),
    required=True,
)
_DWELLINGS = Sheet(
    "Logements",
    "",
    (
        Heading(DWELLING, "dwelling_id", "text", "", required=True),
        Heading(IN_RPMS, "rpms", "flag", ""),
        Heading(AVAILABLE, "available_on", "date", ""),
    ),
    required=True,
)
_COUNTERS = Sheet(
    "Compteurs",
    "",
    (
        Heading(ROW, "label", "free", "", required=True),
        Heading(GIVEN, "signed", "integer", ""),
        Heading(GIVEN_SERVED, "to_public", "integer", ""),
        Heading(GIVEN_YEARLY, "yearly", "integer", ""),
    ),
)


@dataclass(frozen=True)
class Past:
    """What people decided, the oldest sitting first.

    Attributes
    ----------
    held_on : day of the last sitting
    given : leases counted before any of these decisions, by line, as the first workbook gave them
    waiting : candidates of the last sitting without a decision
    """

    held_on: date
    decided: tuple[Decided, ...]
    given: Mapping[str, Counted] = field(default_factory=dict)
    waiting: int = 0
    digests: Mapping[str, str] = field(default_factory=dict)


def read_past(path: Path) -> Past:
    """Read the workbook of a sitting that people have filled.

    Raises
    ------
    FaultsFound
        when it is no workbook of a sitting, or with every fault of its decisions.
    """
    book = read_workbook(path, path.name, MODELE)
    sheets = {plain(one.name): one for one in book.opened()}
    needed = (DECISION, _CANDIDATES, _DWELLINGS)
    absent = [sheet.title for sheet in needed if plain(sheet.title) not in sheets]
    held_on = _setting(sheets, HELD_ON)
    if absent or not isinstance(held_on, date):
        lacking = (
            f"feuilles absentes : {', '.join(absent)}"
            if absent
            else f"« {HELD_ON} » illisible, feuille Méthode"
        )
        mend = "donner à --state le classeur que « mixite suggest --out » a écrit"
        raise FaultsFound([Fault(book.file, f"ce n'est pas un classeur de séance ({lacking})", mend)])
    held_on = date(held_on.year, held_on.month, held_on.day)
    read = {sheet.title: lines_of(sheets[plain(sheet.title)], sheet, book.file) for sheet in needed}
    decision, history = read[DECISION.title], _optional(sheets, HISTORY, book.file)
    trace = _optional(sheets, TRACE, book.file)
    candidates = read[_CANDIDATES.title]
    if (
        plain(TRACE.title) not in sheets
        and len(candidates)
        and not {"rows", "served"} & candidates.texts.keys()
    ):
        mend = "reprendre le classeur tel que le programme l'a écrit, feuilles masquées comprises"
        message = f"feuille {TRACE.title} absente : les lignes où comptent les baux sont perdues"
        decision.faults.append(Fault(book.file, message, mend))
    kept = traces(trace) or _pairs(held_on, candidates, read[_DWELLINGS.title])
    decided, waiting = _decided(decision, held_on, kept)
    before = _history(history, kept)
    if not history.faults:
        _check_chain(history, before, str(_setting(sheets, HEAD) or ""))
    faults = [fault for lines in (*read.values(), history, trace) for fault in lines.faults]
    if faults:
        raise FaultsFound(sorted(dict.fromkeys(faults), key=lambda fault: (fault.sheet, fault.row)))
    return Past(
        held_on,
        (*before, *decided),
        _given(_optional(sheets, _COUNTERS, book.file)),
        waiting,
        {path.name: sha256(path.read_bytes()).hexdigest()},
    )


def _pairs(held_on: date, candidates: Lines, dwellings: Lines) -> dict[Key, Kept]:
    """Return what an older workbook, without a sheet of the trace, wrote of each candidate."""
    homes = {
        name: (rpms == "true", day(available))
        for name, rpms, available in zip(
            *(dwellings.of(name) for name in ("dwelling_id", "rpms", "available_on")), strict=True
        )
    }
    columns = (candidates.of(name) for name in ("dwelling_id", "demand_id", "suggested", "rows", "served"))
    found = {}
    for dwelling, demand, suggested, rows, served in zip(*columns, strict=True):
        rpms, available = homes.get(dwelling, (False, None))
        found[held_on, dwelling, demand] = Kept(
            int(suggested or 0), available, rpms, several(rows), several(served)
        )
    return found


def _decided(lines: Lines, held_on: date, pairs: Mapping[Key, Kept]) -> tuple[list[Decided], int]:
    """Return the decisions of the sitting, and how many candidates have none."""
    decided: list[Decided] = []
    at_of: list[int] = []
    waiting = 0
    for at in range(len(lines)):
        text = {heading.column: lines.of(heading.column)[at] for heading in lines.sheet.headings}
        if not any(text[name] for name in text if name not in ("dwelling_id", "demand_id", "suggested")):
            waiting += 1
            continue
        pair = pairs.get((held_on, text["dwelling_id"], text["demand_id"]))
        if pair is None:
            message = "cette demande n'est pas parmi les candidatures de ce logement"
            lines.refuse(at, "demand_id", message, "la mettre sur la liste par --lock, puis décider")
        one = _line(lines, at, text, held_on)
        if pair is not None:
            if one.suggested and one.suggested != pair.suggested:
                message = f"rang suggéré modifié : le programme avait écrit {pair.suggested}"
                mend = f"remettre {pair.suggested} ; la commission écrit son rang sous « Rang décidé »"
                lines.refuse(at, "suggested", message, mend, str(one.suggested))
            one = replace(
                one,
                suggested=pair.suggested,
                rpms=pair.rpms,
                rows=pair.rows,
                served=pair.served,
                available_on=pair.available_on,
            )
        decided.append(one)
        at_of.append(at)
    check(lines, at_of, decided)
    return decided, waiting


def _line(lines: Lines, at: int, text: Mapping[str, str], held_on: date) -> Decided:
    """Return a line; a word that is in no list is a fault, and counts as none."""
    code = {name: _code(lines, at, name, text[name]) for name in CODED}
    gives = code["decision"] in GIVING
    return Decided(
        held_on=held_on,
        dwelling_id=text["dwelling_id"],
        demand_id=text["demand_id"],
        suggested=int(text["suggested"] or 0),
        decision=code["decision"],
        rank=int(text["rank"] or gives),
        condition=text["condition"],
        document=text["document"],
        motives=tuple(dict.fromkeys(filter(None, (code["motive"], code["motive_2"])))),
        measure=text["measure"],
        remarks=text["remarks"],
        by=code["by"],
        answer=code["answer"],
        answered_on=day(text["answered_on"]),
        signed_on=day(text["signed_on"]),
    )


def _code(lines: Lines, at: int, column: str, text: str) -> str:
    if not text:
        return ""
    words = CODED[column]
    code = words.code.get(plain(text), "")
    if code:
        return code
    if column.startswith("motive") and "mixite" in plain(text):
        message = "ce mot seul n'est pas un motif légal (L. 441-2-2)"
        mend = "choisir un motif de la liste et écrire le constat ; en RPMS, celui de l'article L. 441-2-2"
    else:
        message = "hors de la liste fermée"
        mend = f"choisir : {', '.join(words.shown)}"
        if column == "by":
            mend += " ; jamais un nom"
    lines.refuse(at, column, message, mend, "" if column == "by" else text)
    return ""


def _history(lines: Lines, kept: Mapping[Key, Kept]) -> list[Decided]:
    """Return the decisions of the sittings before; older workbooks have their lines on their own sheet."""
    found = []
    for at in range(len(lines)):
        text = {heading.column: lines.of(heading.column)[at] for heading in lines.sheet.headings}
        held_on = day(text["held_on"])
        if held_on is None:
            lines.refuse(at, "held_on", "date absente", "reprendre le classeur tel qu'il a été écrit")
            continue
        one = _line(lines, at, text, held_on)
        of_it = kept.get((held_on, one.dwelling_id, one.demand_id))
        rows = several(text["rows"]) if of_it is None else of_it.rows
        served = several(text["served"]) if of_it is None else of_it.served
        available, rpms = day(text["available_on"]), text["rpms"] == "true"
        found.append(replace(one, rpms=rpms, rows=rows, served=served, available_on=available))
    check(lines, list(range(len(found))), found)
    return found


def _check_chain(lines: Lines, before: list[Decided], head: str) -> None:
    """Refuse a decision of a past sitting that was changed, moved or taken off, or an answer that was.

    An answer or a signature may still come. Workbooks from before answers had a digest have none to hold.
    """
    mend = "reprendre le classeur tel que le programme l'a écrit ; seules réponse et signature s'y ajoutent"
    expected = chained(before)
    for at, (digest, written) in enumerate(zip(expected, lines.of("digest"), strict=True)):
        if digest != written:
            message = "une décision passée a été modifiée, déplacée ou retirée, ici ou plus haut"
            lines.refuse(at, "digest", message, mend)
            return
    seals = lines.of("after")
    for at, (one, digest) in enumerate(zip(before, expected, strict=True)):
        if seals[at] and not only_added(one, digest, seals[at]):
            message = "une réponse ou une signature déjà écrite, ou le logement, a été modifié ou retiré"
            lines.refuse(at, "after", message, mend)
    if (expected[-1] if expected else "") != head:
        lines.faults.append(Fault(lines.file, "des décisions passées manquent à la fin", mend, lines.name))


def _given(lines: Lines) -> dict[str, Counted]:
    columns = (lines.of(name) for name in ("label", "signed", "to_public", "yearly"))
    return {
        label: Counted(int(signed), int(to_public or 0), int(yearly or signed))
        for label, signed, to_public, yearly in zip(*columns, strict=True)
        if signed
    }


def _optional(sheets: Mapping[str, Opened], sheet: Sheet, file: str) -> Lines:
    given = sheets.get(plain(sheet.title))
    if given is None:
        return Lines(sheet, file, sheet.title)
    return lines_of(given, sheet, file)


def _setting(sheets: Mapping[str, Opened], name: str) -> object:
    """Return the value of a setting of the sheet « Méthode », None where it has none."""
    methode = sheets.get("methode")
    for row in methode.rows if methode else ():
        if len(row) > 1 and isinstance(row[0], str) and row[0] == name:
            return row[1]
    return None
