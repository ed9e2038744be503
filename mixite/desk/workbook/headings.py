"""Which sheets and columns does the officer's workbook have, and what is lost without each of them?

The one description that the empty workbook, its drop-downs, its sheet « Aide » and the reader all follow.
Here are the optional sheets and the settings; the two required ones are in logements.py and candidatures.py.
"""

from __future__ import annotations

from mixite.desk.workbook import words
from mixite.desk.workbook.candidatures import CANDIDATURES
from mixite.desk.workbook.heading import Heading, Sheet
from mixite.desk.workbook.logements import (
    BAILLEUR,
    LOGEMENTS,
    QPV,
    QUARTIER,
    REFERENCE,
    RESERVATAIRE,
    RPMS,
    ZONE,
)

COMPTEURS = Sheet(
    "Compteurs",
    "les baux signés depuis le 1er janvier, un quota par ligne",
    (
        Heading(
            *("Quota", "quota", "choice"),
            "le quota compté",
            required=True,
            also=("ligne", "règle"),
            words=words.QUOTAS,
        ),
        Heading(
            *("Bailleur", "bailleur_id", "text"),
            "le bailleur compté ; vide pour l'EPCI entier",
            without="les baux comptent pour l'EPCI entier",
            also=("organisme",),
        ),
        Heading(
            *("Baux signés", "signed", "integer"),
            "les baux signés depuis le 1er janvier qui entrent dans ce quota",
            required=True,
            also=("baux", "baux comptés", "nombre baux", "total baux"),
        ),
        Heading(
            *("Dont au public", "to_public", "integer"),
            "parmi eux, ceux signés par le public du quota",
            required=True,
            also=("dont public", "au public", "dont premier quartile", "dont prioritaires"),
        ),
        Heading(
            *("Baux sur 12 mois", "yearly", "integer"),
            "les baux de ce quota signés sur les douze derniers mois",
            without="le rythme est lu sur les seuls baux depuis le 1er janvier",
            also=("baux 12 derniers mois", "baux douze mois"),
        ),
    ),
    without="sans compteurs : les quotas partent de zéro",
    also=("compteur", "quotas"),
)

RESIDENCES = Sheet(
    "Résidences",
    "les résidences des logements, une par ligne",
    (
        Heading(
            *("Résidence", "residence_id", "text"),
            "le même nom ou numéro que dans la feuille Logements",
            required=True,
            also=("nom résidence", "programme", "ensemble immobilier", "référence résidence"),
        ),
        Heading(
            *("Type", "peuplement_type", "choice"),
            "le peuplement actuel de la résidence, tel qu'il a été qualifié",
            without="un objectif écrit pour certaines résidences n'en concerne aucune",
            also=("type résidence", "peuplement actuel", "qualification"),
            words=words.TYPES,
        ),
        Heading(
            *("Cible", "peuplement_target", "choice"),
            "le peuplement visé",
            without="la cible n'est pas montrée",
            also=("peuplement cible", "cible peuplement"),
            words=words.TYPES,
        ),
        QPV,
        RPMS,
        QUARTIER,
        BAILLEUR,
        ZONE,
    ),
    without="sans feuille Résidences : ni type ni cible de peuplement",
    also=("résidence", "programmes"),
)

OBJECTIFS = Sheet(
    "Objectifs",
    "les objectifs publiés de la stratégie de peuplement, un par ligne : un plancher, jamais un maximum",
    (
        Heading(
            *("Public à accueillir", "public", "choice"),
            "le public que la résidence accueille",
            required=True,
            also=("public",),
            words=words.PUBLICS,
        ),
        Heading(
            *("Plancher", "floor", "share"),
            "la part au moins des baux signés",
            required=True,
            also=("objectif", "part", "minimum"),
        ),
        Heading(
            *("Mois", "months", "integer"),
            "la durée sur laquelle il se compte, 24 à 36 mois",
            without="36 mois",
            also=("durée", "fenêtre", "durée mois"),
        ),
        Heading(
            *("Résidences concernées", "types", "choices"),
            "les types de résidences concernés",
            without="toutes les résidences",
            also=("type résidence", "types"),
            words=words.TYPES,
        ),
        Heading(
            *("En QPV", "in_qpv", "flag"),
            "oui : les seules résidences en QPV ; non : les autres ; vide : toutes",
            without="en QPV et ailleurs",
            also=("QPV",),
        ),
        Heading(
            *("En RPMS", "in_rpms", "flag"),
            "oui : les seules RPMS de la liste ; non : les autres ; vide : toutes",
            without="en RPMS et ailleurs",
            also=("RPMS",),
        ),
        Heading(
            *("Publié dans", "reference", "free"),
            "la convention intercommunale d'attribution ou le plan partenarial qui le fixe",
            required=True,
            also=("référence", "publication", "référence publication"),
        ),
        Heading(
            *("Publié le", "published_on", "date"),
            "la date de cette convention ou de ce plan",
            required=True,
            also=("date publication",),
        ),
        Heading(
            *("Périmètre", "perimeter", "free"),
            "le territoire où il vaut",
            required=True,
            also=("territoire",),
        ),
        Heading(
            *("Étude", "study", "flag"),
            "oui pour un objectif à l'étude : une suggestion ne le suit jamais",
            without="l'objectif est en vigueur",
            also=("à l'étude",),
        ),
    ),
    without="sans objectifs : pas d'objectif de la stratégie de peuplement",
    also=("objectif", "cibles"),
)

DESIGNATIONS = Sheet(
    "Désignations",
    "les candidats désignés nommément par un réservataire ; la liste n'est ni complétée ni réduite",
    (
        REFERENCE,
        Heading(
            *("Numéro unique", "demand_id", "text"),
            "le numéro unique de la demande désignée",
            required=True,
            also=("NUR", "NUD", "n° unique", "numéro demande", "numéro unique demande", "n° demande"),
        ),
        RESERVATAIRE,
        Heading(
            *("Désigné le", "designated_on", "date"),
            "la date de la désignation",
            required=True,
            also=("date désignation",),
        ),
    ),
    without="sans désignations : aucune liste nominative de réservataire",
    also=("désignation", "listes nominatives"),
)

METHODE = Sheet(
    "Méthode",
    "ce que la séance suit : une ligne par réglage, sa valeur à droite",
    (
        Heading(
            *("Date de la séance", "on", "date"),
            "le jour de la commission",
            without="le jour même",
            also=("séance", "date", "date commission", "date CALEOL"),
        ),
        Heading(
            *("Bailleur", "bailleur", "text"),
            "le bailleur des logements sans autre bailleur",
            without="« A »",
            also=("organisme",),
        ),
        Heading(*("EPCI", "epci", "text"), "l'intercommunalité", without="« EPCI »"),
        Heading(
            *("Rôle", "role", "choice"),
            "qui prépare la séance",
            without="bailleur",
            words=words.ROLES,
        ),
        Heading(
            *("Grille", "grid", "text"),
            "le fichier .toml de la grille de cotation, à côté du classeur ou par son chemin",
            without="les points de la colonne Points, sinon l'ancienneté de la demande",
            also=("grille cotation", "fichier grille"),
        ),
        Heading(
            *("Seuil du premier quartile", "q1_threshold_eur", "number"),
            "le seuil de l'arrêté de l'année pour l'EPCI, en € par an et unité de consommation",
            without="il est estimé sur les candidatures reçues",
            also=("seuil premier quartile (€ par an et UC)", "seuil Q1", "seuil 1er quartile"),
        ),
        Heading(
            *("Zone", "zone", "choice"),
            "la zone de tension des logements sans autre zone",
            without="B2 : l'aide au logement est une estimation",
            words=words.ZONES,
        ),
        Heading(
            *("Données de synthèse", "synthetic", "flag"),
            "oui si rien ne décrit un logement ou un ménage réel : chaque page le dira",
            without="les données sont réelles",
        ),
    ),
    also=("paramètres", "réglages"),
)

SHEETS = (LOGEMENTS, CANDIDATURES, COMPTEURS, RESIDENCES, OBJECTIFS, DESIGNATIONS)
"""The sheets that are tables; METHODE is one thing a line."""
