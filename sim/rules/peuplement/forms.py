"""Under which sheets and headers does a concertation stand in a workbook?

Read in any order, accents and case aside; written in this order. Left out on purpose: the look of the sheets
(mixite/concertation), and what the cells must hold (entries.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from sim.rules.peuplement.vocabulary import VOCABULARY
from sim.territory.files.opening import Cell
from sim.territory.files.sheets import as_date, as_text

RESIDENCES, APPRAISALS, DECISIONS, HISTORY = "Résidences", "Appréciations", "Décisions", "Historique"
METHOD, HELP, LISTS = "Méthode", "Aide", "Listes"

RESIDENCE_COLUMNS: Mapping[str, str] = {
    "residence_id": "Référence résidence",
    "name": "Nom",
    "bailleur": "Bailleur",
    "commune": "Commune (INSEE)",
    "commune_name": "Commune",
    "quartier": "Quartier",
    "in_qpv": "QPV",
    "build_year": "Année de construction",
    "dwellings": "Logements",
    "households": "Ménages",
    "segment": "Segment de patrimoine",
    "statistical": "Type statistique",
    "score": "Score",
    "low": "Score, borne basse",
    "high": "Score, borne haute",
    "same": "Réglages des poids sans effet sur le type statistique",
    "moved_by": "Type statistique changé par",
    "before": "Type précédent",
    "kept": "Type retenu",
    "target": "Peuplement cible",
    "capacity": "Capacité d'accueil",
    "active": "Objectif actif",
    "since": "Décision en vigueur",
    "appraised": "Appréciations saisies",
    "disagreements": "Désaccords",
    **{each.name: f"{each.label_fr} ({each.unit})" for each in VOCABULARY if each.name != "in_qpv"},
    "seal": "Empreinte",
}

APPRAISAL_COLUMNS: Mapping[str, str] = {
    "residence_id": "Référence résidence",
    "partner": "Partenaire",
    "fact": "Constat",
    "period": "Période",
    "source": "Source",
    "level": "Capacité d'accueil",
    "on": "Date",
    "remark": "Remarque",
}

DECISION_COLUMNS: Mapping[str, str] = {
    "residence_id": "Référence résidence",
    "now": "Type actuel",
    "to": "Type proposé",
    "target": "Peuplement cible proposé",
    "reason": "Motif",
    "argument": "Argument",
    "proposed_on": "Proposée le",
    "bailleur": "Bailleur signataire",
    "bailleur_function": "Fonction (bailleur)",
    "bailleur_on": "Signée le (bailleur)",
    "epci_function": "Fonction (EPCI)",
    "epci_on": "Signée le (EPCI)",
    "contested_by": "Contestée par",
    "effect_on": "Prend effet le",
    "ends_on": "Prend fin le",
    "state": "État",
}
"""`now` and `state` are formulas: shown, never read."""

HISTORY_COLUMNS: Mapping[str, str] = {
    **{
        name: label
        for name, label in DECISION_COLUMNS.items()
        if name not in ("now", "state", "contested_by")
    },
    "before": "Type précédent",
    "to": "Type décidé",
    "target": "Peuplement cible décidé",
    "score": "Score à la signature",
    "low": "Score, borne basse",
    "high": "Score, borne haute",
    "data_on": "Données au",
    "seal": "Empreinte",
}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    RESIDENCES: RESIDENCE_COLUMNS,
    APPRAISALS: APPRAISAL_COLUMNS,
    DECISIONS: DECISION_COLUMNS,
    HISTORY: HISTORY_COLUMNS,
}
"""The sheets read under headers."""

LEVEL_KEY, DATA_KEY, SEAL_KEY, SHRINKAGE_KEY, CUTS_KEY, INDICATOR_KEY = (
    "Niveau de diffusion",
    "Données au",
    "Empreinte de l'historique",
    "Ménages prêtés à la moyenne de l'EPCI",
    "Bornes des types",
    "Indicateur",
)
"""Lines of the sheet of the method that are read back."""

SEAL_LENGTH = 16

_PART = r"(\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}|\d{4}-\d{2}|\d{2}/\d{4}|\d{4})"
_PERIOD = re.compile(rf"{_PART}(?:\s*(?:a|au|-|–|/)\s*{_PART})?")


def period(cell: Cell) -> tuple[date, date] | None:
    """Return the first and last day of a period: 2025, 2025-03, 2024 à 2025, a day, else None."""
    if not isinstance(cell, str) and (day := as_date(cell)):
        return day, day
    text = as_text(cell).casefold().replace("à", "a")
    found = _PERIOD.fullmatch(text)
    if not found:
        return None
    first, last = _days(found[1]), _days(found[2] or found[1])
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def period_text(first: date, last: date) -> str:
    """Return a period as it is written: 2025, 2025-03, 2024 à 2025, 2025-01-15 à 2025-02-01."""
    for cut in (4, 7):
        start, end = first.isoformat()[:cut], last.isoformat()[:cut]
        if period(f"{start} à {end}") == (first, last):
            return start if start == end else f"{start} à {end}"
    return f"{first.isoformat()} à {last.isoformat()}"


def _days(text: str) -> tuple[date, date] | None:
    """Return the days that a year, a month or a day spans, None where the calendar has none such."""
    if re.fullmatch(r"\d{2}/\d{4}", text):
        text = f"{text[3:]}-{text[:2]}"
    try:
        if len(text) == 4:
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if len(text) == 7:
            year, month = int(text[:4]), int(text[5:])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        day = as_date(text)
        return (day, day) if day else None
    except ValueError:
        return None
