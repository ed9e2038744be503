"""How are the attributes of a demand, and their codes, called in French for an applicant?

Labels are ours; codes are those of the national form of demand (SNE).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mixite.report.numbers import number
from mixite.report.words import day

LABELS = {
    "created_on": "Date de dépôt de la demande",
    "seniority_months": "Ancienneté de la demande, en mois",
    "long_delay": "Délai anormalement long dépassé",
    "dalo": "Ménage reconnu prioritaire au titre du DALO",
    "dalo_status": "Situation au regard du DALO",
    "pdalhpd": "Public du PDALHPD",
    "accord_collectif": "Public de l'accord collectif",
    "request_kind": "Nature de la demande",
    "housing_modes": "Logement actuel",
    "housed_since": "Logé ainsi depuis",
    "occupants": "Personnes dans le logement actuel",
    "rooms": "Pièces du logement actuel",
    "surface": "Surface du logement actuel, en m²",
    "persons_per_room": "Personnes par pièce du logement actuel",
    "m2_per_person": "Surface par personne du logement actuel, en m²",
    "rent": "Loyer actuel, en euros par mois",
    "apl": "Aide au logement, en euros par mois",
    "owner": "Propriétaire d'un logement",
    "motives": "Motifs de la demande",
    "adults": "Adultes du ménage",
    "cotenants": "Cotitulaires de la demande",
    "family_status": "Situation familiale",
    "children": "Enfants du ménage",
    "other_dependants": "Autres personnes à charge",
    "unborn": "Enfants à naître",
    "custody_alternate": "Enfants en garde alternée",
    "custody_visit": "Enfants en droit de visite",
    "single_parent": "Famille monoparentale",
    "age": "Âge de la personne de référence",
    "work_status": "Situation professionnelle",
    "works_in_epci": "Travaille dans l'intercommunalité",
    "lives_in_epci": "Habite dans l'intercommunalité",
    "essential_worker": "Travailleur essentiel",
    "qpv_residence": "Adresse en quartier prioritaire",
    "monthly_received": "Ressources reçues, en euros par mois",
    "monthly_paid": "Pensions versées, en euros par mois",
    "rfr": "Revenu fiscal de référence, en euros par an",
    "effort_rate": "Part du loyer, aide déduite, dans les ressources",
    "residual_income": "Ressources après loyer, en euros par mois et unité de consommation",
    "income_quartile": "Quartile de ressources",
    "disability": "Handicap déclaré d'une personne du ménage",
    "mobility": "Mobilité réduite d'une personne du ménage",
    "wished_types": "Types de logement demandés",
    "communes": "Communes demandées",
    "max_rent": "Loyer maximum souhaité, en euros par mois",
    "wide": "Recherche élargie acceptée",
    "right_to_rehousing": "Droit au relogement",
    "unjustified_refusals_24m": "Refus sans motif d'un logement adapté, sur 24 mois",
    "violence_proven": "Violences attestées",
    "social_assessment": "Évaluation sociale jointe",
    "false_statement": "Fausse déclaration établie",
    "dwelling.type": "Type du logement proposé",
    "dwelling.accessible": "Logement proposé accessible",
    "dwelling.qpv": "Logement proposé en quartier prioritaire",
    "dwelling.commune": "Commune du logement proposé",
    "dwelling.rent": "Loyer du logement proposé, en euros par mois",
}

_MOTIVES = (
    *(
        "sans logement ou hébergé",
        "démolition",
        "logement non décent ou insalubre",
        "logement repris ou vendu",
    ),
    *("procédure d'expulsion", "violences familiales", "handicap", "raisons de santé", "logement trop cher"),
    *("logement trop grand", "divorce ou séparation", "décohabitation", "logement trop petit", "mariage"),
    *("regroupement familial", "assistant maternel ou familial", "environnement ou voisinage"),
    *("mutation professionnelle", "rapprochement du travail", "rapprochement des équipements"),
    *("rapprochement de la famille", "accédant en difficulté", "autre motif"),
)

CODES: dict[str, dict[str, str]] = {
    "request_kind": {"primo": "première demande", "mutation": "mutation dans le parc social"},
    "dalo_status": {"NON": "non", "ACTIF": "reconnu", "CADUC": "caduc", "ACTREL": "reconnu et relogé"},
    "motives": {f"{place:02d}": text for place, text in enumerate(_MOTIVES, start=1)},
    "housing_modes": {
        "HLM": "logement social",
        "LP": "location privée",
        "RS": "résidence sociale ou pension de famille",
        "RHVS": "résidence hôtelière à vocation sociale",
        "RE": "résidence étudiante",
        "SLHT": "sous-location ou hébergement temporaire",
        "SH": "structure d'hébergement",
        "CDEFCM": "centre départemental de l'enfance ou centre maternel",
        "CPE": "chez ses parents ou enfants",
        "CP": "chez un particulier",
        "LTG": "logé à titre gratuit",
        "FONC": "logement de fonction",
        "POCC": "propriétaire occupant",
        "CAMCAR": "camping, caravaning",
        "HOT": "hôtel",
        "SD": "sans abri ou abri de fortune",
        "SQUAT": "squat",
    },
    "family_status": {
        "C": "célibataire",
        "M": "marié",
        "D": "divorcé",
        "S": "séparé",
        "P": "pacsé",
        "U": "union libre",
        "V": "veuf",
    },
    "work_status": {
        "CDI": "CDI ou fonctionnaire",
        "CDD": "CDD, stage ou intérim",
        "ART": "artisan ou profession libérale",
        "CHO": "chômage",
        "APP": "apprentissage",
        "ETU": "études",
        "RET": "retraite",
        "AUT": "autre situation",
    },
}


def attribute_label(name: str) -> str:
    """Return the French name of an attribute."""
    return LABELS[name]


def shown_value(name: str, value: Any) -> str:
    """Return a decoded value of an attribute as an applicant reads it."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return day(value.isoformat())
    if isinstance(value, int | float):
        return number(value, 0 if float(value).is_integer() else 2)
    known = CODES.get(name, {})
    listed = value if isinstance(value, list) else [value]
    return ", ".join(known.get(str(code), str(code)) for code in listed) or "aucun"
