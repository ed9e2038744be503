"""Which columns does the sheet of dwellings to let have?

Beside them, the headings that other sheets share: the dwelling, its réservataire, what is of its residence.
"""

from __future__ import annotations

from datetime import date

from mixite.desk.workbook import words
from mixite.desk.workbook.heading import Heading, Sheet

REFERENCE = Heading(
    *("Référence logement", "dwelling_id", "text"),
    "l'identifiant du logement, unique",
    required=True,
    also=("référence", "réf. logement", "n° logement", "numéro logement", "logement", "identifiant logement"),
    examples=("EXEMPLE-L1", "EXEMPLE-L2"),
)
RESERVATAIRE = Heading(
    *("Réservataire", "reservataire", "choice"),
    "à qui revient la désignation des candidats ; « Non réservé » pour le bailleur",
    required=True,
    also=("contingent", "réservation"),
    words=words.RESERVATAIRES,
    examples=("Non réservé", "Action Logement"),
)
QPV = Heading(
    *("QPV", "in_qpv", "flag"),
    "le logement est dans un quartier prioritaire de la politique de la ville",
    without="tout est compté hors QPV : le quota R2 ne compte rien",
    also=("en QPV", "quartier prioritaire"),
    examples=("non", "oui"),
)
RPMS = Heading(
    *("RPMS", "is_rpms", "flag"),
    "la résidence est sur la liste des résidences à enjeu prioritaire de mixité sociale de la CIA",
    without="aucune résidence n'est comptée comme RPMS",
    examples=("non", "non"),
)
ZONE = Heading(
    *("Zone", "zone", "choice"),
    "zone de tension du logement (A bis, A, B1, B2, C)",
    without="la zone de la feuille Méthode, sinon B2 : l'aide au logement est une estimation",
    also=("zonage", "zone ABC", "zone tension"),
    words=words.ZONES,
    examples=("B1", "B1"),
)
BAILLEUR = Heading(
    *("Bailleur", "bailleur_id", "text"),
    "le bailleur du logement",
    without="celui de la feuille Méthode, sinon « A »",
    also=("organisme", "propriétaire"),
)
QUARTIER = Heading(
    *("Quartier", "quartier", "free"),
    "le quartier de la résidence",
    without="rien n'est montré par quartier",
)

LOGEMENTS = Sheet(
    "Logements",
    "les logements à attribuer, un par ligne",
    (
        REFERENCE,
        Heading(
            *("Adresse", "address", "free"),
            "l'adresse, telle qu'elle sera imprimée",
            without="l'adresse n'est pas imprimée",
            examples=("1 rue de l'Exemple", "2 rue de l'Exemple"),
        ),
        Heading(
            *("Résidence", "residence_id", "text"),
            "le nom ou le numéro de la résidence",
            without="chaque adresse est prise pour une résidence",
            also=("nom résidence", "programme", "ensemble immobilier", "groupe"),
            examples=("EXEMPLE-R1", "EXEMPLE-R2"),
        ),
        Heading(
            *("Commune (INSEE)", "commune", "commune"),
            "le code INSEE de la commune, jamais le code postal ; un nom, s'il est connu du programme",
            required=True,
            also=("commune", "code INSEE", "INSEE", "code commune", "INSEE commune"),
            examples=("59350", "59350"),
        ),
        Heading(
            *("Typologie", "rooms", "rooms"),
            "le nombre de pièces principales",
            required=True,
            also=("type", "type logement", "nombre pièces", "pièces", "nb pièces"),
            examples=("T2", "T3"),
        ),
        Heading(
            *("Surface", "surface_m2", "number"),
            "la surface habitable, en m²",
            required=True,
            also=("surface habitable", "SHAB", "superficie"),
            examples=(45, 64.5),
        ),
        Heading(
            *("Étage", "floor", "integer"),
            "l'étage, 0 ou RDC pour le rez-de-chaussée",
            without="l'étage n'est pas imprimé",
            examples=(0, 3),
        ),
        Heading(
            *("Accessible", "accessible", "flag"),
            "le logement est accessible à une personne à mobilité réduite",
            without="aucun logement n'est compté comme accessible",
            also=("accessible PMR", "PMR", "logement adapté", "accessibilité"),
            examples=("oui", "non"),
        ),
        Heading(
            *("Financement", "financing", "choice"),
            "le financement, qui fixe le plafond de ressources",
            required=True,
            also=("type financement", "catégorie financement"),
            words=words.FINANCINGS,
            examples=("PLUS", "PLAI"),
        ),
        Heading(
            *("Loyer", "rent_eur", "number"),
            "le loyer par mois, sans les charges, en €",
            required=True,
            also=("loyer HC", "loyer hors charges", "loyer principal", "loyer mensuel", "loyer nu"),
            examples=(310.5, 398),
        ),
        Heading(
            *("Charges", "charges_eur", "number"),
            "les charges par mois, en € ; 0 s'il n'y en a pas",
            required=True,
            also=("charges locatives", "provision charges", "charges mensuelles"),
            examples=(62, 75),
        ),
        Heading(
            *("Chauffage", "heating_eur", "number"),
            "le chauffage par mois, en €, s'il n'est pas dans les charges",
            without="le taux d'effort est estimé sans le chauffage",
            also=("coût chauffage",),
        ),
        Heading(
            *("Disponible le", "available_on", "date"),
            "le premier jour d'un nouveau bail",
            required=True,
            also=("date disponibilité", "disponibilité", "libre le", "date libération", "disponible"),
            examples=(date(2026, 2, 1), date(2026, 2, 15)),
        ),
        RESERVATAIRE,
        Heading(
            *("Mode de désignation", "designation_mode", "choice"),
            "qui forme le vivier : une liste nominative, le vivier du réservataire, ou le bailleur",
            without="le vivier du réservataire pour un logement réservé, le bailleur pour les autres",
            also=("mode", "désignation"),
            words=words.MODES,
            examples=("Bailleur", "Vivier du réservataire"),
        ),
        Heading(
            *("Tour", "round", "integer"),
            "combien de fois le logement a été présenté, 1 la première",
            without="le tour n'est pas imprimé",
            also=("n° tour", "tour présentation"),
            examples=(1, 1),
        ),
        QPV,
        RPMS,
        QUARTIER,
        BAILLEUR,
        ZONE,
        Heading(
            *("Construction", "kind", "choice"),
            "collectif ou individuel",
            without="collectif",
            also=("type construction", "collectif individuel"),
            words=words.KINDS,
        ),
    ),
    required=True,
    also=("logement", "logements à attribuer", "logements vacants", "vacances", "vacants", "offre"),
)
