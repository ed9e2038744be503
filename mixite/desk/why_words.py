"""In which words is an applicant told where a demand stands (CCH R. 441-2-17)?

A French sentence a fact of why.py, of this demand alone, in words that can be handed over as they are. Left
out on purpose: any decision, which is the commission's, and any motive of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mixite.desk.dossier.labels import spoken
from mixite.desk.told import POOLS, points, reasons
from mixite.desk.why import Bar, Standing, Why
from sim.policies.match_rows import DUE
from sim.rules.quotas import LEGAL, TARGET
from sim.rules.traits import mask

RESERVATAIRE = {
    "etat": "l'État",
    "etat_fonctionnaires": "l'État pour ses agents",
    "action_logement": "Action Logement",
    "collectivite": "la collectivité",
    "aucun": "le bailleur",
}

BARS = {
    "filed_after": "la demande est déposée le {filed}, après la séance",
    "closed": "la demande n'est plus active : logement attribué ou demande close",
    "in_flight": "un logement est déjà proposé à ce ménage ; sa réponse est attendue",
    "excluded": "la grille de cotation ne retient pas cette demande pour la séance",
    "ceiling": (
        "plafond de ressources {financing} dépassé de {over_eur} : revenu fiscal de référence de {rfr_eur}, "
        "plafond de {ceiling_eur} (R. 441-1)"
    ),
    "surface": (
        "logement trop petit : {surface_m2} m² admettent {most} personnes au plus, le ménage en compte "
        "{persons} (L. 822-10, suroccupation)"
    ),
    "rooms": (
        "logement trop grand : un T{rooms} demande {least} personnes au moins, le ménage en compte {persons} "
        "(L. 621-2, sous-occupation)"
    ),
    "accessible": "la demande a besoin d'un logement accessible ; celui-ci ne l'est pas",
    "typology": "typologie non demandée : T{rooms}, la demande va du T{rooms_min} au T{rooms_max}",
    "commune": "commune non souhaitée par la demande : {commune}",
    "rent": (
        "loyer et charges de {due_eur} par mois : {over_eur} de plus que le maximum de {stated_eur} indiqué "
        "dans la demande"
    ),
    "labels": "logement réservé : la demande n'est pas dans le vivier désigné par {reservataire}",
    "not_named": "logement réservé : la demande n'est pas sur la liste nominative donnée par {reservataire}",
    "named_here": "logement présenté à un seul ménage, désigné par le préfet (DALO)",
    "named_elsewhere": "le préfet désigne ce ménage seul (DALO) pour le logement {dwelling_id}",
    "proposed": "ce logement a déjà été proposé à ce ménage",
    "forbidden": "l'instructeur a demandé que la demande ne soit pas présentée ici",
}
"""What each rule says that keeps a demand out of a dwelling's pool."""

CHECKS = {
    "income_missing": "à vérifier : ressources mensuelles non renseignées",
    "income_implausible": "à vérifier : ressources mensuelles nulles ou négatives",
    "rfr_missing": "à vérifier : revenu fiscal de référence non renseigné, le plafond n'est pas contrôlé",
    "not_renewed": "à vérifier : dernier renouvellement le {last}, la demande se renouvelle chaque année",
}
"""Data to be checked; nobody is left out for them."""

STANDINGS = {
    "outside": "hors du vivier de ce logement",
    "listed": "présentée au rang {rank}",
    "passed": "dans le vivier, mieux cotée que le premier nom, et non présentée : {sentence}",
    "lists": "dans le vivier ; figure déjà sur autant de listes qu'il est permis",
    "first_by_law": "dans le vivier ; le premier nom vient de la loi ou d'un choix de l'instructeur",
    "points": "dans le vivier ; il manque {missing} à la demande pour atteindre la dernière présentée",
    "seniority": "dans le vivier ; à points égaux, l'ancienneté de la demande puis le tirage commun décident",
    "public": "dans le vivier ; les rangs suivants vont d'abord au même public que le premier nom",
}
"""Where a demand stands for a dwelling."""

CONFIRMED = {
    True: " (confirmé par un nouveau calcul sans cette ligne)",
    False: "",
}


DUE_TO_IT = "un logement dû à une échéance légale"
"""What a household is told of the row of those owed a dwelling, when it is one of them."""

ANOTHER = {
    LEGAL: "un autre ménage passe d'abord pour une obligation légale",
    TARGET: "un autre ménage passe d'abord pour un objectif d'accueil publié",
}
"""What is told of a row whose label would tell the situation of the one first name, by tier."""

SITUATIONS = mask(["dalo", "l441_1", "neutral"])
"""Publics that are a household's own situation."""


def as_json(why: Why) -> dict[str, Any]:
    """Return the answer of `why --json`."""
    found, register = why.found, why.found.today.state.register
    position = int(found.sitting.position[why.demand])
    counted = None if position < 0 else points(found, int(found.sitting.points[position]))
    return {
        "demand_id": str(register.demand_id[why.demand]),
        "sitting": found.request.on.isoformat(),
        "policy": found.request.policy,
        "points": counted,
        "filed_on": _filed_on(why).isoformat(),
        "deadline": None if why.deadline is None else why.deadline.isoformat(),
        "rehoused": why.rehoused,
        "checks": [_said(CHECKS, check) for check in why.checks],
        "dwellings": [_dwelling(why, standing) for standing in why.standings],
        "notes": list(found.request.notes),
        "dropped_columns": list(found.request.dropped_columns),
    }


def _dwelling(why: Why, standing: Standing) -> dict[str, Any]:
    found, passed, suggested = why.found, standing.passed, standing.suggested
    vacancy = found.today.vacancies[standing.vacancy]
    return {
        "dwelling_id": str(found.request.territory.dwellings.dwelling_id[vacancy.dwelling]),
        "in_pool": not standing.bars,
        "eligible": standing.eligible,
        "kind": standing.kind,
        "rank": None if suggested is None else suggested.rank,
        "better_scored": standing.before,
        "points_missing": standing.points_missing,
        "row": None if passed is None else " et ".join(passed.rows) or None,
        "confirmed": None if passed is None else passed.confirmed,
        "bars": [
            {"kind": bar.kind, **_plain(bar.values), "sentence": _said(BARS, bar)} for bar in standing.bars
        ],
        "sentences": sentences(why, standing),
    }


def lines(why: Why) -> list[str]:
    """Return what is said of a demand, a line each: of itself, then dwelling by dwelling."""
    told = as_json(why)
    counted = "" if told["points"] is None or not _by_points(why) else f", {told['points']} points"
    said = [f"demande {told['demand_id']}, déposée le {_day(_filed_on(why))}{counted}"]
    if why.rehoused:
        said.append("un logement lui est dû : opération de relogement")
    if why.deadline is not None:
        said.append(f"un logement lui est dû d'ici le {_day(why.deadline)}")
    said += told["checks"]
    for dwelling in told["dwellings"]:
        said.append(f"logement {dwelling['dwelling_id']} :")
        said += [f"  - {sentence}" for sentence in dwelling["sentences"]]
    return said


def _filed_on(why: Why) -> date:
    day: date = why.found.request.territory.demands.filed_on[why.demand].astype("datetime64[D]").item()
    return day


def _by_points(why: Why) -> bool:
    """Tell whether points order the demands of the sitting."""
    return why.found.request.points != "seniority"


def sentences(why: Why, standing: Standing) -> list[str]:
    """Return what is said of a demand for one dwelling, a French sentence each."""
    mode = POOLS[why.found.request.known.vacant[standing.vacancy].mode]
    private = _private(why)
    said = [_stands(standing, private)]
    said += [_said(BARS, bar) for bar in standing.bars]
    if standing.suggested is not None:
        said += reasons(why.found, standing.suggested)
        said += dict.fromkeys(
            private.get(label) or f"un nom moins coté vient avant : il sert « {label} »"
            for label in standing.suggested.before_it
        )
    elif not standing.bars:
        said.append(
            f"{mode} : {_many(standing.eligible, 'demande')}, dont {standing.before} avant elle "
            "dans l'ordre de cotation"
        )
    if standing.kind not in ("outside", "listed"):
        said += [f"présentée au rang {rank} pour le logement {name}" for name, rank in standing.elsewhere]
    if standing.usual_rooms is not None:
        fewest, most = standing.usual_rooms
        usual = f"T{fewest}" if fewest == most else f"T{fewest} à T{most}"
        said.append(f"taille à regarder : {usual} proposé d'habitude à ce ménage, repère et non règle")
    return [spoken(sentence).replace(DUE, DUE_TO_IT) for sentence in said]


def _private(why: Why) -> dict[str, str]:
    """Return what is said in place of the rows whose label would tell the situation of another household."""
    rows = why.found.sitting.rows
    mine = zip(rows.label, rows.public.tolist(), rows.tier.tolist(), strict=True)
    return {
        DUE: ANOTHER[LEGAL],
        **{label: ANOTHER[tier] for label, public, tier in mine if public & SITUATIONS},
    }


def _stands(standing: Standing, private: Mapping[str, str]) -> str:
    passed, text = standing.passed, STANDINGS[standing.kind]
    if standing.suggested is not None:
        return text.format(rank=standing.suggested.rank)
    if passed is not None:
        by_row = passed.kind in ("row", "rows")
        if passed.kind == "absolute":
            return text.format(sentence=ANOTHER[LEGAL])
        if told := dict.fromkeys(private[label] for label in passed.rows if label in private):
            return text.format(sentence=" ; ".join(told))
        return text.format(sentence=passed.sentence + CONFIRMED[by_row])
    return text.format(missing=_many(standing.points_missing or 0, "point"))


def _said(texts: Mapping[str, str], bar: Bar) -> str:
    """Return a fact in words; amounts, days and names as they are read."""
    return texts[bar.kind].format(**{name: _shown(name, value) for name, value in bar.values.items()})


def _shown(name: str, value: Any) -> str:
    if name.endswith("_eur"):
        return f"{value:,.0f} €".replace(",", " ")
    if name == "reservataire":
        return RESERVATAIRE[value]
    if isinstance(value, date):
        return _day(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"
