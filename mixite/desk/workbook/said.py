"""What does each sheet, column or cell that is absent cost, in one sentence?"""

from __future__ import annotations

from collections.abc import Iterator

from mixite.desk.workbook.headings import (
    CANDIDATURES,
    COMPTEURS,
    DESIGNATIONS,
    LOGEMENTS,
    METHODE,
    RESIDENCES,
)
from mixite.desk.workbook.reading import Lines, Read

EACH_SAID = frozenset(
    (
        *("accessible", "designation_mode", "monthly_income_eur", "rfr_eur", "needs_accessible"),
        *("reservataire_labels", "dalo", "children_ages"),
    )
)
"""Columns whose absence changes the order suggested; of the others one line says all."""

TO_VERIFY = {"monthly_income_eur": "Ressources mensuelles", "rfr_eur": "RFR"}


def said(read: Read, dated: bool) -> Iterator[str]:
    """Give a sentence for what is absent, but for objectives, which a scenario may give.

    dated : whether the day of the sitting is chosen beside the file
    """
    for sheet in (COMPTEURS, RESIDENCES, DESIGNATIONS):
        if sheet.title not in read.lines:
            yield sheet.without
    for sheet in (LOGEMENTS, CANDIDATURES):
        yield from _of_columns(read.lines[sheet.title])
    yield from _of_places(read)
    yield from _of_pools(read.lines[LOGEMENTS.title], read.lines[CANDIDATURES.title])
    yield from _of_dalo(read.lines[CANDIDATURES.title])
    yield from _of_zeros(read.lines[CANDIDATURES.title])
    candidates = read.lines[CANDIDATURES.title]
    for column, title in TO_VERIFY.items():
        empty = candidates.of(column).count("")
        if column in candidates.texts and empty:
            yield f"{title} absent, « à vérifier », sans exclusion : {empty} demande(s)"
    unsaid = {"on": not dated, "bailleur": not _has(read, "bailleur_id")}
    for column, title in (("on", "Date de la séance non donnée"), ("bailleur", "Bailleur non donné")):
        if unsaid[column] and column not in read.settings:
            heading = next(one for one in METHODE.headings if one.column == column)
            yield f"feuille Méthode, {title} : {heading.without}"


def _of_columns(lines: Lines) -> Iterator[str]:
    absent = [one for one in lines.sheet.headings if not one.required and one.column not in lines.texts]
    for heading in absent:
        if heading.column in EACH_SAID and not (heading.column == "dalo" and lines.has("dalo_recognised_on")):
            yield f"sans colonne « {heading.title} » ({lines.name}) : {heading.without}"
    others = [one.title for one in absent if one.column not in EACH_SAID and not one.for_grid]
    others = [title for title in others if title not in ("QPV", "RPMS", "Bailleur", "Zone", "Points")]
    if others:
        listed = ", ".join(others)
        yield f"feuille {lines.name}, colonnes facultatives absentes (voir la feuille Aide) : {listed}"


def _of_places(read: Read) -> Iterator[str]:
    for column in ("in_qpv", "is_rpms", "zone"):
        heading = next(one for one in LOGEMENTS.headings if one.column == column)
        if not _has(read, column) and column not in read.settings:
            yield f"sans colonne « {heading.title} » : {heading.without}"


def _has(read: Read, column: str) -> bool:
    given = (read.lines.get(sheet.title) for sheet in (LOGEMENTS, RESIDENCES))
    return any(lines.has(column) for lines in given if lines is not None)


def _of_dalo(demands: Lines) -> Iterator[str]:
    """Say how many recognised households have neither date nor deadline."""
    told = zip(*(demands.of(name) for name in ("dalo", "dalo_recognised_on", "dalo_deadline")), strict=True)
    undated = sum(dalo == "true" and not day and not due for dalo, day, due in told)
    if undated:
        counted = "DALO sans date de reconnaissance : le délai légal court du jour de la séance"
        yield f"{counted} ({undated} demande(s))"


def _of_zeros(demands: Lines) -> Iterator[str]:
    """Say which lines bear numbers that differ by their first zeros alone, as Excel takes them off."""
    alike: dict[str, list[int]] = {}
    for row, number in zip(demands.rows, demands.of("demand_id"), strict=True):
        alike.setdefault(number.lstrip("0"), []).append(row)
    for rows in alike.values():
        if len(rows) > 1:
            listed = ", ".join(map(str, rows))
            said = "numéros uniques qui ne diffèrent que par leurs zéros de tête, sans doute un seul ménage"
            yield f"feuille {demands.name}, lignes {listed} : {said} ; n'en garder qu'une"


def _of_pools(dwellings: Lines, demands: Lines) -> Iterator[str]:
    """Say what the absence of réservataires' pools costs."""
    if demands.has("reservataire_labels"):
        return
    asked = dwellings.of("designation_mode").count("delegated")
    reserved = sum(
        holder != "aucun" and not mode
        for holder, mode in zip(dwellings.of("reservataire"), dwellings.of("designation_mode"), strict=True)
    )
    if asked:
        yield (
            "sans « Vivier réservataire », le vivier d'un réservataire est vide (celui de l'État a les "
            f"ménages DALO) : {asked} logement(s) ; remplir la colonne, ou écrire « Bailleur » en mode"
        )
    if reserved:
        yield f"logements réservés sans mode ni vivier connu, traités en mode Bailleur : {reserved}"
