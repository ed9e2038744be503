"""What was counted since 1 January, and what does the strategy ask: counters and objectives of the workbook?

A counter is a legal row's, by its rule and its holder. An objective is a floor, with the agreement it is
published in; one of study, or published after the sitting, is refused: a suggestion may not follow it.
"""

from __future__ import annotations

import re
from datetime import date

from mixite.desk.workbook.checked import bounded, required
from mixite.desk.workbook.reading import Lines
from mixite.desk.workbook.words import PUBLICS
from mixite.report.words import day
from sim.process.state import Counted
from sim.rules.law import Law
from sim.rules.peuplement import Target
from sim.rules.quotas import R4_HOLDERS, UNIT, row_label
from sim.territory.files import toml
from sim.territory.files.faults import FaultsFound, nearest

MOST = 1_000_000
EXACT = 1e-6

_OF_HOLDER = {f"R4_{code}": label for label, code in R4_HOLDERS}

_COLUMNS = {
    "published_in.reference": "reference",
    "published_in.on": "published_on",
    "published_in.perimeter": "perimeter",
}


def counters(lines: Lines, bailleurs: list[str], on: date) -> tuple[dict[str, Counted], list[str]]:
    """Return the leases counted by the label of their row, and what is to be said of them.

    1. A line is a rule's row, of a bailleur or of the EPCI; the same row twice is a fault.
    2. An EPCI without a line counts the leases of the bailleurs that have one.
    3. A bailleur of fewer leases a year than the law's small number has no row of its own.
    """
    for column in ("signed", "to_public", "yearly"):
        bounded(lines, column, 0, MOST)
    required(lines)
    columns = (lines.of(name) for name in ("quota", "bailleur_id", "signed", "to_public", "yearly"))
    found: dict[str, Counted] = {}
    summed: dict[str, list[Counted]] = {}
    for at, (quota, bailleur, signed, to_public, yearly) in enumerate(zip(*columns, strict=True)):
        if not (quota and signed and to_public):
            continue
        leases = Counted(int(signed), int(to_public), int(yearly or signed))
        if leases.to_public > leases.signed:
            message = f"plus de baux au public que de baux signés ({signed})"
            lines.refuse(at, "to_public", message, "corriger l'un des deux", to_public)
        if leases.yearly < leases.signed:
            message = f"moins de baux sur 12 mois que depuis le 1er janvier ({signed})"
            lines.refuse(at, "yearly", message, "corriger l'un des deux", yearly)
        if bailleur and (bailleur not in bailleurs or quota not in ("R1", "R2", "R4")):
            mend = nearest(bailleur, bailleurs) if bailleur not in bailleurs else "laisser vide"
            message = "bailleur inconnu" if bailleur not in bailleurs else "ce quota n'est d'aucun bailleur"
            lines.refuse(at, "bailleur_id", message, mend, bailleur)
        elif (label := _label(quota, bailleur)) in found:
            lines.refuse(at, "quota", "quota déjà compté plus haut", "n'en garder qu'une ligne", label)
        else:
            found[label] = leases
            if bailleur:
                summed.setdefault(quota, []).append(leases)
    return found, _summed(found, summed) + _small(found, bailleurs, on)


def _label(quota: str, bailleur: str) -> str:
    return _OF_HOLDER[quota] if quota in _OF_HOLDER else row_label(quota, bailleur)


def _summed(found: dict[str, Counted], summed: dict[str, list[Counted]]) -> list[str]:
    """Count for the EPCI, where it has no line, the leases of the bailleurs that have one."""
    notes = []
    for quota, leases in summed.items():
        whole = row_label(quota)
        if whole not in found:
            found[whole] = Counted(*(sum(column) for column in zip(*leases, strict=True)))
            notes.append(f"compteur « {whole} » non donné : somme des bailleurs donnés")
    return notes


def _small(found: dict[str, Counted], bailleurs: list[str], on: date) -> list[str]:
    fewest = Law.at(on).small_number
    return [
        f"compteur « {label} » : effectif insuffisant ({leases.yearly} baux par an), compté dans l'EPCI seul"
        for bailleur in bailleurs
        for rule in ("R1", "R2", "R4")
        if (leases := found.get(label := row_label(rule, bailleur))) and leases.yearly < fewest
    ]


def objectives(lines: Lines, on: date) -> tuple[Target, ...]:
    """Return the objectives in force on the day of the sitting, each with where it is published."""
    required(lines)
    found = []
    for at in range(len(lines)):
        text = {heading.column: lines.of(heading.column)[at] for heading in lines.sheet.headings}
        if text["study"] == "true":
            mend = "retirer cette ligne, ou l'étudier par « mixite compare »"
            lines.refuse(
                at, "study", "objectif à l'étude : une suggestion ne peut pas le suivre", mend, "oui"
            )
        share = float(text["floor"] or 0) * UNIT
        if abs(share - round(share)) > EXACT:
            mend = f"écrire par exemple {round(share)} %"
            lines.refuse(
                at, "floor", "un plancher s'écrit en pour cent entiers", mend, lines.cells["floor"][at]
            )
        if any(row == lines.rows[at] for row, _ in lines.refused):
            continue
        try:
            target = toml.decode(_data(text), Target, lines.file)
        except FaultsFound as faults:
            for fault in faults.faults:
                key = fault.column.split("[")[0]
                column = _COLUMNS.get(key, key) or "public"
                cells = lines.cells.get(column)
                help_ = next(one.help for one in lines.sheet.headings if one.column == column)
                mend = fault.mend or help_
                lines.refuse(at, column, _without_toml(fault.message), mend, cells[at] if cells else "")
            continue
        if target.published_in.on > on:
            sits, mend = day(on.isoformat()), "corriger la date, ou retirer cette ligne"
            message = f"publié après la séance du {sits} : une suggestion ne peut pas le suivre"
            lines.refuse(at, "published_on", message, mend, lines.cells["published_on"][at])
        found.append(target)
    return tuple(found)


def _data(text: dict[str, str]) -> dict[str, object]:
    """Return an objective as a scenario writes it, without what the line leaves empty."""
    data: dict[str, object] = {
        "public": text["public"],
        "floor": float(text["floor"]),
        "published_in": {
            "reference": text["reference"],
            "on": text["published_on"],
            "perimeter": text["perimeter"],
        },
    }
    if text["months"]:
        data["months"] = int(text["months"])
    if text["types"]:
        data["types"] = text["types"].split(";")
    return data | {name: text[name] == "true" for name in ("in_qpv", "in_rpms") if text[name]}


def _without_toml(message: str) -> str:
    """Return what a target's own check says, in the words of the sheet."""
    head = message.split(" ; ailleurs")[0]
    head = re.sub(r"« (\w+) »", lambda found: f"« {PUBLICS.word(found.group(1))} »", head)
    return head.replace("in_qpv = true", "En QPV : oui").replace("in_rpms = true", "En RPMS : oui")
