"""Which dwellings does each réservataire get, against what the same shares everywhere would give?

Formula, over the vacancies of the flow (neither withdrawn from it nor reserved in stock):
`oriented` = those oriented to the réservataire; `oriented_gap` = oriented − Σ of its share of each, as agreed
for the vacancy's bailleur and département. `reservataire_leases` = leases on its flow; `…_leases_gap` = those
less what it would have with the same part of the leases everywhere as of all.
Groups: the réservataire, by year; a bailleur and a réservataire, by year; a réservataire and a kind of place,
over the whole run: QPV, type of residence, rooms, quarter of rents (cut at the quartiles of the stock's).
Reference: CCH R.441-5 (flow by bailleur and département, directional balance over the year).
Known flaw: a vacancy not designated in time is oriented to a réservataire and let on the bailleur's flow; a
gap of a few dwellings is the chance of independent draws. Under 20 expected, too few to say.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import WHOLE_RUN, Bools, Floats, Indicator, Row, ratio
from sim.outcomes import Outcomes
from sim.territory.columns import RESERVATAIRES, departement

SMALLEST_BASE = 20
"""Dwellings expected under which a gap says nothing (a choice of the project, as for quotas)."""

ORIENTED = Indicator(
    "oriented",
    "Logements orientés vers un réservataire",
    "logements",
    "Logements du flux devenus disponibles et orientés vers le réservataire.",
)
ORIENTED_GAP = Indicator(
    "oriented_gap",
    "Logements orientés : écart à des parts uniformes",
    "logements",
    "Logements orientés vers le réservataire, moins ce que sa part donnerait si elle était partout la même.",
)
LEASES = Indicator(
    "reservataire_leases",
    "Baux signés sur le flux d'un réservataire",
    "baux",
    "Baux signés sur des logements désignés à temps par le réservataire, ou revenus au bailleur.",
)
LEASES_GAP = Indicator(
    "reservataire_leases_gap",
    "Baux d'un réservataire : écart à une part uniforme",
    "baux",
    "Baux signés sur le flux du réservataire, moins ce que donnerait partout sa part de tous les baux.",
)
INDICATORS = (ORIENTED, ORIENTED_GAP, LEASES, LEASES_GAP)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return, for each réservataire and place, what it got and the gap to uniform shares."""
    calendar = Calendar.of(outcomes)
    told = outcomes.context["orientation"]
    vacancies = outcomes.vacancies
    vacancies = vacancies[vacancies["flow"].eq("flow") & vacancies["available_s"].notna()]
    rent = np.append(outcomes.vacancies["rent_eur"].to_numpy(dtype=float), np.nan)  # NOWHERE is the last
    leases = outcomes.leases.assign(rent_eur=rent[outcomes.vacancy_rows["leases"]])
    expected = _expected(vacancies, told["shares"])
    given = [
        (ORIENTED, ORIENTED_GAP, vacancies, "available_s", expected),
        (LEASES, LEASES_GAP, leases, "signed_s", _same_part(leases)),
    ]
    rows: list[Row] = []
    for count, gap, table, when, due in given:
        year = calendar.place(seconds(table[when]))
        places = _places(table, told["rent_cuts_eur"])
        for who, (group, mine) in enumerate(groups.of_reservataires(table["reservataire"]).items()):
            had, owed = calendar.tally(year[mine]), calendar.tally(year, due[:, who])
            rows += count.rows(group, calendar.labels, had) + gap.rows(group, calendar.labels, had - owed)
            for place, there in places.items():
                got = float((mine & there).sum())
                name = f"{group}@{place}"
                rows += count.rows(name, [WHOLE_RUN], [got])
                rows += gap.rows(name, [WHOLE_RUN], [got - due[there, who].sum()])
    year = calendar.place(seconds(vacancies["available_s"]))
    oriented = groups.of_reservataires(vacancies["reservataire"])
    for bailleur, held in groups.of_bailleurs(vacancies["bailleur_id"]).items():
        for who, (group, mine) in enumerate(oriented.items()):
            name = f"{bailleur}@{group.removeprefix('reservataire:')}"
            owed = calendar.tally(year[held], expected[held, who])
            rows += ORIENTED_GAP.rows(name, calendar.labels, calendar.tally(year[held & mine]) - owed)
    return rows


def _expected(vacancies: pd.DataFrame, agreed: list[Mapping[str, object]]) -> Floats:
    """Return the share of each réservataire in each vacancy's flow, (n, réservataires)."""
    shares = {
        (str(one["bailleur_id"]), str(one["departement"])): [one[name] for name in RESERVATAIRES]
        for one in agreed
    }
    bailleur, bailleurs = pd.factorize(vacancies["bailleur_id"])
    commune, communes = pd.factorize(vacancies["commune"])
    pairs, pair = np.unique(bailleur * len(communes) + commune, return_inverse=True)
    places = (divmod(one, len(communes)) for one in pairs.tolist())
    rows = [shares[str(bailleurs[one]), departement(str(communes[at]))] for one, at in places]
    found: Floats = np.array(rows, dtype=np.float64).reshape(-1, len(RESERVATAIRES))[pair]
    return found


def _same_part(leases: pd.DataFrame) -> Floats:
    """Return the part of each réservataire in all leases, for each lease, (n, réservataires)."""
    held = groups.of_reservataires(leases["reservataire"]).values()
    part = ratio([mine.sum() for mine in held], len(leases))
    return np.broadcast_to(part, (len(leases), len(RESERVATAIRES)))


def _places(table: pd.DataFrame, rent_cuts_eur: list[float]) -> dict[str, Bools]:
    """Return the members of each kind of place among vacancies or leases, name to (n,) bool."""
    in_qpv, rooms = table["in_qpv"].to_numpy(dtype=bool), table["rooms"].to_numpy()
    quarter = np.searchsorted(rent_cuts_eur, table["rent_eur"].to_numpy(dtype=np.float64), side="left")
    found = {"qpv": in_qpv, "hors_qpv": ~in_qpv, **groups.of_types(table["peuplement_type"])}
    found |= {f"t{number}": rooms == number for number in range(1, 5)} | {"t5_plus": rooms >= 5}
    return found | {f"loyer_{number + 1}": quarter == number for number in range(4)}
