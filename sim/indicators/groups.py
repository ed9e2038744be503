"""Who is counted under each group's name?

A group is a trait, a size of dwelling, or a holder ("bailleur:A", "reservataire:etat"). Groups overlap:
their values are compared, never summed. The traits of a demand are those at its filing or at the start of
the run, those of a lease at its signature. `dalo` alone is joined on the way, at recognition.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.calendar import seconds
from sim.indicators.indicator import Bools, Floats, Ints
from sim.outcomes import NOWHERE, Outcomes
from sim.territory.columns import PEUPLEMENT_TYPES, RESERVATAIRES

TRAIT_GROUPS = (
    "dalo",
    "l441_1",
    "first_quartile",
    "q2_q4",
    "q2_q4_no_priority",
    "mutation",
    "essential_worker",
    "below_20_plus",
    "size_1",
    "size_2",
    "size_3_4",
    "size_5_plus",
)

LABELS = {
    "all": "ensemble",
    "dalo": "ménages reconnus DALO",
    "l441_1": "publics prioritaires (L. 441-1)",
    "first_quartile": "premier quartile",
    "first_quartile_legal": "premier quartile (seuil légal de l'année)",
    "q2_q4": "deuxième à quatrième quartiles",
    "q2_q4_no_priority": "deuxième à quatrième quartiles, sans priorité",
    "mutation": "demandes de mutation",
    "relogement": "ménages à reloger",
    "essential_worker": "travailleurs essentiels",
    "below_20_plus": "sous 20 % du plafond PLUS",
    "below_40_plus": "sous 40 % du plafond PLUS",
    "below_60_plus": "sous 60 % du plafond PLUS",
    "size_1": "une personne",
    "size_2": "deux personnes",
    "size_3_4": "trois ou quatre personnes",
    "size_5_plus": "cinq personnes et plus",
    "t1": "T1",
    "t2": "T2",
    "t3": "T3",
    "t4": "T4",
    "t5_plus": "T5 et plus",
    "qpv": "en QPV",
    "hors_qpv": "hors QPV",
    "person_alone": "personnes seules",
    "single_parent": "familles monoparentales",
    "adults_only": "plusieurs adultes sans enfant",
    "adults_children": "plusieurs adultes avec enfants",
    "uc_0_499": "moins de 500 € par mois et UC",
    "uc_500_999": "500 à 999 € par mois et UC",
    "uc_1000_1499": "1 000 à 1 499 € par mois et UC",
    "uc_1500_1999": "1 500 à 1 999 € par mois et UC",
    "uc_2000_plus": "2 000 € et plus par mois et UC",
    "uc_unknown": "ressources inconnues",
    "over_3_months": "vacants depuis plus de trois mois",
    "loyer_1": "loyers du premier quart, les plus bas",
    "loyer_2": "loyers du deuxième quart",
    "loyer_3": "loyers du troisième quart",
    "loyer_4": "loyers du dernier quart, les plus hauts",
    "etat": "État",
    "etat_fonctionnaires": "État (fonctionnaires)",
    "action_logement": "Action Logement",
    "collectivite": "collectivités",
    "aucun": "bailleur, non réservé",
    "own_bailleur": "chez le même bailleur",
    "other_bailleur": "chez un autre bailleur",
    "en_capacite": "résidences « en capacité »",
    "en_equilibre": "résidences « en équilibre »",
    "en_vigilance": "résidences « en vigilance »",
    "a_conforter": "résidences « à conforter »",
    "start:en_capacite": "résidences « en capacité » au départ",
    "start:en_equilibre": "résidences « en équilibre » au départ",
    "start:en_vigilance": "résidences « en vigilance » au départ",
    "start:a_conforter": "résidences « à conforter » au départ",
    "quartier": "par quartier",
    "bailleur": "par bailleur",
    "others": "tous les autres ménages",
}


def label(group: str) -> str:
    """Return a group's French name: "bailleur:A@etat" is "bailleur A, État"."""
    parts = (
        part.removeprefix("reservataire:")
        .replace("bailleur:", "bailleur ")
        .replace("operation:", "opération ")
        for part in group.split("@")
    )
    return ", ".join(LABELS.get(part, part) for part in parts)


def of_demands(demands: pd.DataFrame) -> dict[str, Bools]:
    """Return the members of each group among the demands, group name to (n,) bool.

    `dalo` holds every demand recognised before it closed or the run ended; `t1` asks for nothing larger
    than one room, `t5_plus` for nothing smaller than five.
    """
    members = _by_trait(demands)
    while_open = seconds(demands["dalo_recognised_s"]) <= np.nan_to_num(
        seconds(demands["closed_s"]), nan=np.inf
    )
    members["dalo"] = members["dalo"] | while_open
    members["t1"] = demands["rooms_max"].to_numpy() == 1
    members["t5_plus"] = demands["rooms_min"].to_numpy() >= 5
    return members


def joined_s(demands: pd.DataFrame, group: str) -> Floats:
    """Return when each demand joins a group: its filing, or its recognition for `dalo`, (n,) float."""
    filed = seconds(demands["filed_s"])
    return np.fmax(filed, seconds(demands["dalo_recognised_s"])) if group == "dalo" else filed


def of_leases(leases: pd.DataFrame) -> dict[str, Bools]:
    """Return the members of each group among the leases, group name to (n,) bool."""
    rooms = leases["rooms"].to_numpy()
    return {**_by_trait(leases), "t1": rooms == 1, "t5_plus": rooms >= 5}


def of_events(demands: pd.DataFrame, demand_rows: Ints, at_s: Floats) -> dict[str, Bools]:
    """Return the members of each group among events of demands (offers, leases), by the demand's traits.

    After the refusal that ended its priority a household is of `dalo` no longer.
    """
    members = {group: mask[demand_rows] for group, mask in of_demands(demands).items()}
    members["dalo"] &= at_s >= joined_s(demands, "dalo")[demand_rows]
    members["dalo"] &= ~(at_s > seconds(demands["dalo_lost_s"])[demand_rows])
    return members


def of_reservataires(column: pd.Series[Any]) -> dict[str, Bools]:
    """Return "reservataire:…" to (n,) bool, the five always present and in the order of the domain."""
    return {f"reservataire:{name}": column.eq(name).to_numpy(dtype=bool) for name in RESERVATAIRES}


def of_bailleurs(column: pd.Series[Any]) -> dict[str, Bools]:
    """Return "bailleur:…" to (n,) bool, in the order of the names."""
    return {f"bailleur:{name}": column.eq(name).to_numpy(dtype=bool) for name in sorted(column.unique())}


def of_types(column: pd.Series[Any]) -> dict[str, Bools]:
    """Return each type of peuplement to (n,) bool, from the most to the least favourable."""
    return {name: column.eq(name).to_numpy(dtype=bool) for name in PEUPLEMENT_TYPES}


def demand_rows(outcomes: Outcomes, table: str) -> Ints:
    """Return the row in `demands` of the demand of each row of a table (offers, leases), (n,) int.

    Raises
    ------
    ValueError
        when a demand is not in the table.
    """
    return _known(outcomes, table, "demand_id", outcomes.demand_rows[table])


def vacancy_rows(outcomes: Outcomes, table: str) -> Ints:
    """Return the row in `vacancies` of the vacancy of each row of sittings, offers or leases, (n,) int.

    Raises
    ------
    ValueError
        when a vacancy is not in the table.
    """
    return _known(outcomes, table, "vacancy_id", outcomes.vacancy_rows[table])


def _known(outcomes: Outcomes, table: str, name: str, rows: Ints) -> Ints:
    unknown = np.flatnonzero(rows == NOWHERE)
    if unknown.size:
        found = getattr(outcomes, table)[name].iloc[unknown[0]]
        raise ValueError(f"{name} « {found} » absent de la table qui définit {name}")
    return rows


def _by_trait(table: pd.DataFrame) -> dict[str, Bools]:
    everyone = np.ones(len(table), dtype=bool)
    return {"all": everyone, **{name: table[name].to_numpy(dtype=bool) for name in TRAIT_GROUPS}}
