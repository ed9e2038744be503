"""Who speaks of a residence in the concertation, of what, and with which closed words?

Partners appraise facts of the building, the services, the management and the tranquillité, each with a period
and a source. Left out on purpose, for good: whatever is said of a tenant.

Source: R.441-2-10 4° CCH asks for a qualification of the supply by published means; the lists are a proposal
of the project, to be agreed on by the conférence intercommunale du logement.
"""

from __future__ import annotations

from collections.abc import Mapping

BAILLEUR, EPCI = "bailleur", "epci"

PARTNERS: Mapping[str, str] = {
    BAILLEUR: "Bailleur",
    "autre_bailleur": "Autre bailleur",
    "commune": "Commune",
    EPCI: "EPCI",
    "etat": "État (préfet)",
    "departement": "Département",
    "action_logement": "Action Logement",
}
"""Who appraises, code to label: `bailleur` is the residence's own, `commune` the one it stands in."""

THEMES: Mapping[str, str] = {
    "bati": "Bâti",
    "services": "Services",
    "gestion": "Gestion",
    "tranquillite": "Tranquillité",
}

_FACTS = {
    "bati": {
        "rehabilitation": "réhabilitation achevée",
        "travaux": "travaux programmés",
        "desordres": "désordres du bâti constatés",
        "ascenseur": "pannes d'ascenseur répétées",
        "acces": "accès de plain-pied ou par ascenseur",
        "parties_communes": "parties communes reprises",
        "parties_communes_usees": "parties communes à reprendre",
        "energie": "chauffage ou isolation à reprendre",
    },
    "services": {
        "transport": "transport en commun à proximité",
        "transport_eloigne": "transport en commun éloigné",
        "commerces": "commerces de proximité ouverts",
        "commerces_fermes": "commerces de proximité fermés",
        "equipements": "école et équipements publics à proximité",
        "equipement_ferme": "équipement public fermé",
        "soins": "offre de soins à proximité",
        "accompagnement": "point d'accueil ou d'accompagnement à proximité",
    },
    "gestion": {
        "gardien": "gardien ou employé d'immeuble présent",
        "gardien_absent": "poste de gardien vacant ou supprimé",
        "permanence": "permanence du bailleur à proximité",
        "entretien": "entretien renforcé",
        "depots": "dépôts d'encombrants constatés",
        "charges": "charges en forte hausse",
        "reponses": "délais de réponse allongés",
    },
    "tranquillite": {
        "presence": "médiation ou présence de soirée",
        "eclairage": "éclairage et accès aux halls repris",
        "acces_hors_service": "contrôle d'accès hors service",
        "degradations": "dégradations d'équipements communs constatées",
        "stationnement": "stationnement ou circulation difficiles",
        "bruit": "bruit d'une voie ou d'une activité voisine",
    },
}

FACTS: Mapping[str, str] = {
    f"{theme}_{code}": f"{THEMES[theme]} : {label}"
    for theme, facts in _FACTS.items()
    for code, label in facts.items()
}
"""What may be noted of a residence, code to label; the code begins with its theme."""

THEME_OF: Mapping[str, str] = {f"{theme}_{code}": theme for theme, facts in _FACTS.items() for code in facts}

SOURCES: Mapping[str, str] = {
    "visite": "visite sur place",
    "reunion": "compte rendu de réunion",
    "enquete": "enquête de satisfaction",
    "gestion": "données de gestion du bailleur",
    "commune": "données de la commune",
    "etat": "données de l'État",
    "technique": "diagnostic technique du bâti",
    "convention": "convention ou étude publiée",
}

LEVELS: Mapping[str, str] = {
    "forte": "forte",
    "moyenne": "moyenne",
    "limitee": "limitée",
    "a_reconstituer": "à reconstituer",
}
"""Capacité d'accueil in the eyes of a partner, in the words and the order of CAPACITIES."""

NO_OPINION = "sans avis"

REASONS: Mapping[str, str] = {
    "travaux": "travaux ou réhabilitation",
    "services": "évolution des services",
    "gestion": "évolution de la gestion",
    "tranquillite": "évolution de la tranquillité",
    "donnees": "données incomplètes ou anciennes",
    "effectif": "effectif trop petit pour la statistique",
    "projet": "projet urbain ou convention publiée",
    "maintien": "maintien du type après examen",
}
"""Why a type is proposed, code to label."""

FUNCTIONS: Mapping[str, str] = {
    "presidence": "présidence",
    "vice_presidence": "vice-présidence déléguée à l'habitat",
    "direction_generale": "direction générale",
    "direction_habitat": "direction de l'habitat",
    "direction_clientele": "direction de la clientèle ou de la gestion locative",
    "direction_territoriale": "direction territoriale ou d'agence",
}
"""In which capacity somebody signs: a function, never a person's name."""

TYPES: Mapping[str, str] = {
    "en_capacite": "en capacité",
    "en_equilibre": "en équilibre",
    "en_vigilance": "en vigilance",
    "a_conforter": "à conforter",
}
"""The four types in the officers' words, in the order of PEUPLEMENT_TYPES."""
