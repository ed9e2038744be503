"""What does a portrait say to those who read a few lines: the summary, the source, what is masked?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from mixite.portrait_tables import ALL, OBSERVED
from mixite.report import numbers, words
from sim.indicators import groups
from sim.portrait.cells import LEAST_DEMANDS
from sim.portrait.vacancies import YEAR_DAYS
from sim.rules.law import Law

if TYPE_CHECKING:
    from mixite.portrait import Drawn

INSUFFICIENT = "effectif insuffisant"
MOST_TENSE = 3


def source(drawn: Drawn) -> str:
    """Return the source line of every figure: territory, date, grid, and the sentence of synthetic data."""
    territory, grid = drawn.place.territory, drawn.place.grid
    order = "ordre d'ancienneté, aucune grille" if grid is None else f"grille « {grid.id} »"
    line = (
        f"Source : portrait de la demande mixite, territoire « {territory.name} », "
        f"{words.day(territory.as_of.isoformat())}, {order}."
    )
    return f"{line} {words.SYNTHETIC_BANNER}." if territory.synthetic else line


def vacancies_from(drawn: Drawn) -> str:
    """Say where the expected vacancies come from."""
    expected = drawn.portrait.expected
    if expected.source == "hypotheses":
        return "Logements libérés : hypothèses de départ du modèle, non des baux observés."
    told = f"Logements libérés : {numbers.number(expected.leases)} baux signés sur {expected.days} jours"
    return f"{told}." if expected.days == YEAR_DAYS else f"{told}, ramenés à un an."


def summary(drawn: Drawn) -> Iterator[str]:
    """Give the lines an analyst reads on the terminal."""
    found, place = drawn.portrait, drawn.place
    whole = _row(drawn, ALL, ALL)
    shown = (
        place.territory.name
        if not place.territory.synthetic
        else f"{place.territory.name}. {words.SYNTHETIC_BANNER}"
    )
    yield f"Portrait de la demande : {shown}."
    count = INSUFFICIENT if whole is None or pd.isna(whole["demands"]) else _n(whole["demands"])
    order = "sans grille, par mois d'ancienneté" if place.grid is None else f"grille « {place.grid.id} »"
    day = words.day(place.territory.as_of.isoformat())
    yield f"Demandes en instance au {day} : {count} ; tranches : {order}."
    yield from (f"  {line}" for line in _bands(drawn))
    yield _publics(drawn)
    low, high = (numbers.number(float(each[-1, -1])) for each in (found.vacancies_low, found.vacancies_high))
    expected = numbers.number(float(found.vacancies[-1, -1]))
    yield f"Logements libérés attendus dans l'année : {expected} [{low} ; {high}]. {vacancies_from(drawn)}"
    yield from _tension(drawn)
    missing = [name for name, lacks in found.asked.missing.items() if lacks]
    if missing:
        yield f"Attributs absents de demandes, qui ne donnent alors aucun point : {', '.join(missing)}."
    small = Law.at(place.territory.as_of).small_number
    yield (
        f"Sous {LEAST_DEMANDS} demandes un nombre est masqué, et d'autres avec lui si un total le trahit ; "
        f"sous {small} baux une tension ou une attente est « {INSUFFICIENT} »."
    )


def _bands(drawn: Drawn) -> Iterator[str]:
    for _, row in drawn.tables["tranches"].iterrows():
        if row["masked"]:
            yield f"{row['band']} : moins de {LEAST_DEMANDS} demandes ou nombre masqué"
            continue
        yield (
            f"{row['band']} : {_n(row['demands'])} demandes ; pourraient être proposés à l'une au moins "
            f"{_n(row['offerable'])} logements de l'année, {numbers.number(row['offerable_per_demand'], 1)} "
            "en moyenne par demande"
        )


def _publics(drawn: Drawn) -> str:
    found = drawn.portrait
    told = []
    for name, counts in found.counts.items():
        if name != ALL:
            hidden = found.masked[name][-1, -1, -1]
            told.append(f"{groups.label(name)} {'masqué' if hidden else _n(counts[-1, -1, -1])}")
    return f"Publics : {' ; '.join(told)}."


def _tension(drawn: Drawn) -> Iterator[str]:
    whole = _row(drawn, ALL, ALL)
    if whole is None or whole["insufficient"]:
        yield f"Tension et attente : {INSUFFICIENT}."
        return
    yield (
        f"Tension : {numbers.number(whole['tension'], 1)} demandes par logement libéré dans l'année "
        f"[{numbers.number(whole['tension_low'], 1)} ; {numbers.number(whole['tension_high'], 1)}]. "
        f"{_wait(whole)}"
    )
    places = drawn.tables["tension"]
    inside = places[(places["commune"] != ALL) & (places["typology"] != ALL) & ~places["insufficient"]]
    tense = inside.sort_values("tension", ascending=False).head(MOST_TENSE)
    named = [
        f"{row['typology']} à {row['commune_name']} ({numbers.number(row['tension'], 1)})"
        for _, row in tense.iterrows()
    ]
    if named:
        yield f"Les plus demandés : {' ; '.join(named)}."


def _wait(row: pd.Series) -> str:
    span = (
        f"{numbers.number(row['wait_months'])} mois [{numbers.number(row['wait_low'])} ; "
        f"{numbers.number(row['wait_high'])}]"
    )
    if row["wait_method"] == OBSERVED:
        return f"Attente médiane des ménages logés dans l'année : {span}."
    return (
        f"Attente que les flux impliquent pour qui renouvelle jusqu'au bail : {span} "
        "(file stationnaire, par ancienneté, renoncements compris)."
    )


def _row(drawn: Drawn, commune: str, typology: str) -> pd.Series | None:
    places = drawn.tables["tension"]
    rows = places[(places["commune"] == commune) & (places["typology"] == typology)]
    return None if rows.empty else rows.iloc[0]


def _n(value: object) -> str:
    return numbers.number(float(value))  # type: ignore[arg-type]
