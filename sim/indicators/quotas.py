"""Are the law's shares of leases reached, by whom, and by how many leases are they missed?

Formula, over the leases signed in a calendar year:
`r1_share` = (first quartile or relogement) / leases outside QPV;
`r2_share` = not first quartile / leases in QPV;
`r4_share` = (DALO or priority of L.441-1) / leases of a réservataire;
`r22_share` = essential workers whose status is verified / leases of the EPCI;
`…_shortfall` = max(0, ⌈share × n⌉ − q), in leases.
R1 and R2 are held by the EPCI ("all") and each bailleur, R4 by Action Logement, the collectivités and the
bailleurs' non-reserved dwellings. Under 20 leases there is no share: a row `…_small` says so.
Year 0 is the share over the whole run and the sum of the yearly shortfalls.
Reference: CCH L.441-1 (R1, R2, R4, R22), R.441-5 (orientation of the flow).
Known flaw: a household without a valid income counts as not of the first quartile, as the letter of R2 has
it; orientation leaves out the vacancies withdrawn from the flow (R7), which are drawn, not those that own
mutations really took.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Bools, Floats, Indicator, Ints, Row, ratio
from sim.outcomes import Outcomes

SMALLEST_BASE = 20
"""Leases a year under which a share says nothing (a choice of the project; design of quotas)."""

BOUND_BY_R4 = ("reservataire:action_logement", "reservataire:collectivite", "reservataire:aucun")

LEASES = Indicator(
    "leases", "Baux signés, par titulaire", "baux", "Nombre de baux signés, par bailleur ou par réservataire."
)
ORIENTATION = Indicator(
    "orientation_share",
    "Part des logements libérés orientés vers un réservataire",
    "part (0-1)",
    "Logements devenus disponibles orientés vers le réservataire, parmi ceux du bailleur ou de l'EPCI, hors "
    "logements retirés du flux.",
)


@dataclass(frozen=True)
class Quota:
    """A share of leases set by law, and its three indicators."""

    law: str
    share: Indicator
    small: Indicator
    shortfall: Indicator


def _quota(law: str, label: str, explanation: str) -> Quota:
    code = law.lower()
    return Quota(
        law,
        Indicator(f"{code}_share", label, "part (0-1)", explanation),
        Indicator(
            f"{code}_small",
            f"{label} : effectif insuffisant",
            "effectif insuffisant",
            f"Moins de {SMALLEST_BASE} baux dans l'année : la part n'est pas calculée.",
        ),
        Indicator(
            f"{code}_shortfall",
            f"{label} : baux manquants",
            "baux",
            "Nombre de baux qui séparent le nombre signé du nombre prévu par la loi, jamais négatif.",
        ),
    )


R1 = _quota(
    "R1",
    "Premier quartile et relogements hors QPV",
    "Baux signés hors QPV par des ménages du premier quartile ou relogés (L. 441-1).",
)
R2 = _quota(
    "R2",
    "Deuxième à quatrième quartiles en QPV",
    "Baux signés en QPV par des ménages qui ne relèvent pas du premier quartile (L. 441-1).",
)
R4 = _quota(
    "R4",
    "DALO et publics prioritaires par réservataire",
    "Baux signés par des ménages DALO ou prioritaires, parmi ceux du réservataire (L. 441-1).",
)
R22 = _quota(
    "R22",
    "Travailleurs essentiels",
    "Baux signés par des travailleurs essentiels, statut confirmé par les pièces (L. 441-1, 35e alinéa).",
)
INDICATORS = (
    LEASES,
    ORIENTATION,
    *(shown for quota in (R1, R2, R4, R22) for shown in (quota.share, quota.small, quota.shortfall)),
)


def compute(outcomes: Outcomes) -> list[Row]:
    """Return leases, legal shares, shortfalls and orientation by holder."""
    calendar = Calendar.of(outcomes)
    leases = outcomes.leases
    year = calendar.place(seconds(leases["signed_s"]))
    flag = {name: leases[name].to_numpy(dtype=bool) for name in ("in_qpv", "first_quartile", "relogement")}
    priority = leases["dalo"].to_numpy(dtype=bool) | leases["l441_1"].to_numpy(dtype=bool)
    law = outcomes.context["law_shares"]
    everything = {"all": np.ones(len(leases), dtype=bool)}
    holders = everything | groups.of_bailleurs(leases["bailleur_id"])
    reservataires = groups.of_reservataires(leases["reservataire"])

    rows: list[Row] = []
    for group, held in (holders | reservataires).items():
        rows += LEASES.rows(group, calendar.labels, calendar.tally(year[held]))
    for group, held in holders.items():
        outside, inside = held & ~flag["in_qpv"], held & flag["in_qpv"]
        counted = flag["first_quartile"] | flag["relogement"]
        rows += _rows(R1, group, calendar, year, outside, counted, law.get("R1"))
        rows += _rows(R2, group, calendar, year, inside, ~flag["first_quartile"], law.get("R2"))
    for group, held in reservataires.items():
        bound = law.get("R4") if group in BOUND_BY_R4 else None
        rows += _rows(R4, group, calendar, year, held, priority, bound)
    essential = leases["essential_worker"].to_numpy(dtype=bool)
    held = everything["all"]
    rows += _rows(R22, "all", calendar, year, held, essential, law.get("R22") or None)
    return rows + _orientation(outcomes, calendar)


def shortfall(share: float, base: Floats, reached: Floats) -> Floats:
    """Return how many leases are missing to a share: max(0, ⌈share × base⌉ − reached), whole numbers."""
    due = np.ceil(share * base - 1e-9)  # 0.1 × 30 is 3.0000000000000004 in floats, and asks for 3
    missing: Floats = np.maximum(0, due - reached)
    return missing


def _rows(
    quota: Quota, group: str, calendar: Calendar, year: Ints, base: Bools, counted: Bools, law: float | None
) -> list[Row]:
    """Return the rows of one quota and holder; `base` and `counted` are (n leases,) bool."""
    signed = calendar.tally(year[base])
    reached = calendar.tally(year[base & counted])
    labels = np.array(calendar.labels)
    enough = signed >= SMALLEST_BASE
    rows = quota.share.rows(group, labels[enough], ratio(reached, signed)[enough])
    rows += quota.small.rows(group, labels[~enough], np.ones((~enough).sum()))
    if law is not None and enough[1:].any():
        missing = np.where(enough[1:], shortfall(law, signed[1:], reached[1:]), 0)
        rows += quota.shortfall.rows(group, [0], [missing.sum()])
        rows += quota.shortfall.rows(group, labels[1:][enough[1:]], missing[enough[1:]])
    return rows


def _orientation(outcomes: Outcomes, calendar: Calendar) -> list[Row]:
    """Return the share oriented to each réservataire: "reservataire:etat", "bailleur:A@etat"."""
    vacancies = outcomes.vacancies
    vacancies = vacancies[vacancies["available_s"].notna() & vacancies["flow"].ne("withdrawn")]
    year = calendar.place(seconds(vacancies["available_s"]))
    oriented: Mapping[str, Bools] = groups.of_reservataires(vacancies["reservataire"])
    holders = {"": np.ones(len(vacancies), dtype=bool)} | groups.of_bailleurs(vacancies["bailleur_id"])
    rows: list[Row] = []
    for holder, held in holders.items():
        released = calendar.tally(year[held])
        for reservataire, mask in oriented.items():
            name = reservataire.removeprefix("reservataire:")
            group = f"{holder}@{name}" if holder else reservataire
            shares = ratio(calendar.tally(year[held & mask]), released)
            rows += ORIENTATION.rows(group, calendar.labels, shares)
    return rows
