"""Which columns does the sheet of demands have?

First what a suggestion rests on, then what is shown to the commission, then the attributes that a grid may
read, under French headers for the closed list of the SNE. Left out on purpose: names, sex, nationality,
health: such a column is dropped unread (sim/territory/files/forbidden.py).
"""

from __future__ import annotations

from datetime import date

from mixite.desk.workbook import words
from mixite.desk.workbook.heading import Example, Heading, Kind, Sheet
from mixite.desk.workbook.words import Words

_GRID = "un critère de la grille qui lit cette colonne ne donne pas de point"


def _for_grid(
    title: str, column: str, kind: Kind, help_: str, also: tuple[str, ...] = (), of: Words | None = None
) -> Heading:
    return Heading(title, column, kind, help_, without=_GRID, also=also, words=of, for_grid=True)


def _needed(
    title: str, column: str, kind: Kind, help_: str, also: tuple[str, ...], examples: tuple[Example, Example]
) -> Heading:
    return Heading(title, column, kind, help_, required=True, also=also, examples=examples)


_DEMAND = (
    _needed(
        *("Numéro unique", "demand_id", "text"),
        "le numéro unique d'enregistrement, en texte : 18 chiffres ne tiennent pas dans un nombre",
        ("NUR", "NUD", "n° unique", "numéro demande", "numéro unique demande", "n° demande", "num unique"),
        ("EXEMPLE-1", "EXEMPLE-2"),
    ),
    _needed(
        *("Date de dépôt", "filed_on", "date"),
        "la date de dépôt de la demande, qui fait son ancienneté",
        ("déposée le", "date demande", "date création", "date première demande", "dépôt"),
        (date(2023, 5, 12), date(2019, 11, 4)),
    ),
    _needed(
        *("Adultes", "adults", "integer"),
        "les adultes du futur logement",
        ("nombre adultes", "nb adultes"),
        (2, 1),
    ),
    _needed(
        *("Enfants", "children", "integer"),
        "les enfants du futur logement ; 0 s'il n'y en a pas",
        ("nombre enfants", "nb enfants"),
        (1, 0),
    ),
    Heading(
        *("Ressources mensuelles", "monthly_income_eur", "number"),
        "les ressources déclarées du ménage, en € par mois",
        without="« à vérifier » : la demande n'est d'aucun quartile, elle n'est pas exclue",
        also=("ressources", "revenus mensuels", "ressources mensuelles déclarées"),
        examples=(1450, 890),
    ),
    Heading(
        *("RFR", "rfr_eur", "number"),
        "le revenu fiscal de référence de l'année N-2, en € par an",
        without="« à vérifier » : le plafond de ressources n'est pas contrôlé, la demande n'est pas exclue",
        also=("revenu fiscal de référence", "revenu fiscal", "RFR N-2"),
        examples=(15200, None),
    ),
    _needed(
        *("Communes", "communes", "communes"),
        "les communes souhaitées, le premier souhait d'abord",
        ("communes souhaitées", "commune souhaitée", "localisation souhaitée", "communes demandées"),
        ("59350;59512", "59350"),
    ),
    _needed(
        *("Typologie min", "rooms_min", "rooms"),
        "le plus petit logement souhaité",
        ("type min", "typologie minimum", "typologie minimale", "pièces min"),
        ("T2", "T1"),
    ),
    _needed(
        *("Typologie max", "rooms_max", "rooms"),
        "le plus grand logement souhaité",
        ("type max", "typologie maximum", "typologie maximale", "pièces max"),
        ("T3", "T2"),
    ),
    Heading(
        *("Points", "points", "integer"),
        "les points de cotation, si la grille est calculée ailleurs",
        without="les points de la grille (feuille Méthode ou --scenario), sinon l'ancienneté",
        also=("cotation", "points cotation", "nombre points", "score"),
    ),
    Heading(
        *("Âges des adultes", "adults_ages", "ages"),
        "l'âge de chaque adulte, le demandeur d'abord",
        without="les tranches d'âge ne sont pas imprimées",
        also=("âge adultes",),
        examples=("34;31", 52),
    ),
    Heading(
        *("Âges des enfants", "children_ages", "ages"),
        "l'âge de chaque enfant",
        without="chaque enfant est compté comme ayant moins de 14 ans",
        also=("âge enfants",),
        examples=("4", None),
    ),
    Heading(
        *("Loyer maximum", "max_rent_eur", "number"),
        "le loyer charges comprises que le demandeur s'est fixé",
        without="aucun loyer n'est au-dessus du souhait",
        also=("loyer max", "loyer souhaité"),
    ),
    Heading(
        *("Besoin PMR", "needs_accessible", "flag"),
        "le ménage a besoin d'un logement accessible",
        without="aucun besoin d'accessibilité n'est connu",
        also=("besoin accessible", "logement accessible", "accessibilité", "PMR"),
        examples=("non", "oui"),
    ),
    Heading(
        *("Vivier réservataire", "reservataire_labels", "choices"),
        "les réservataires qui peuvent désigner la demande",
        without="aucune demande n'est dans le vivier d'un réservataire, sauf DALO dans celui de l'État",
        also=("étiquettes", "labels", "réservataires", "contingents", "vivier"),
        words=words.RESERVATAIRES,
        examples=(None, "Action Logement"),
    ),
    Heading(
        *("DALO", "dalo", "flag"),
        "le ménage est reconnu prioritaire au titre du DALO",
        without="les ménages reconnus sont ceux qui ont une date de reconnaissance",
        also=("reconnu DALO", "prioritaire DALO"),
        examples=("non", "non"),
    ),
    Heading(
        *("DALO reconnu le", "dalo_recognised_on", "date"),
        "la date de la décision de la commission de médiation, dont court le délai légal",
        without="un ménage DALO est compté comme reconnu le jour de la séance",
        also=("date DALO", "décision DALO", "reconnaissance DALO", "DALO depuis"),
    ),
    Heading(
        *("Échéance DALO", "dalo_deadline", "date"),
        "la date avant laquelle un logement est dû à un ménage DALO ; elle vaut à la place du délai légal",
        without="l'échéance est celle du délai légal",
        also=("délai DALO",),
    ),
    Heading(
        *("Bailleur désigné DALO", "dalo_designated_bailleur", "text"),
        "le bailleur que le préfet a désigné",
        without="le préfet ne désigne seul aucun ménage",
        also=("bailleur DALO",),
    ),
    Heading(
        *("Prioritaire L.441-1", "l441_1", "flag"),
        "le ménage est d'un public prioritaire de l'article L. 441-1, jamais lequel ; aucune grille ne lit "
        "cette colonne",
        without="les publics prioritaires sont ceux des autres colonnes (DALO, PDALHPD, accord collectif)",
        also=("prioritaire", "public prioritaire", "priorité"),
        examples=("non", "oui"),
    ),
    Heading(
        *("PDALHPD", "pdalhpd", "flag"),
        "le ménage est reconnu au titre du plan départemental (PDALHPD) ; une grille peut lire cette colonne",
        without="aucun ménage n'est compté comme tel",
        also=("public PDALHPD", "labellisé PDALHPD"),
    ),
    Heading(
        *("Accord collectif", "accord_collectif", "flag"),
        "le ménage relève d'un accord collectif",
        without="aucun ménage n'en relève",
    ),
    Heading(
        *("Opération de relogement", "relogement_operation", "free"),
        "l'opération qui reloge le ménage (NPNRU, ORCOD)",
        without="aucun ménage n'est relogé",
        also=("relogement", "opération ANRU"),
    ),
    Heading(
        *("Travailleur essentiel", "essential_worker", "flag"),
        "statut vérifié par l'office, selon la liste de la convention",
        without="aucun ménage n'est compté comme tel",
        also=("travailleurs essentiels", "clé"),
    ),
)

_SHOWN = (
    Heading(
        *("Motif", "motives", "choices"),
        "les motifs de la demande",
        without="le motif n'est pas imprimé",
        also=("motifs", "motif demande", "motifs demande"),
        words=words.MOTIVES,
        examples=("Logement trop petit", "09"),
    ),
    Heading(
        *("Logement actuel", "housing_modes", "choices"),
        "comment le ménage est logé",
        without="la situation actuelle n'est pas imprimée",
        also=("situation actuelle", "mode logement", "situation logement"),
        words=words.HOUSING_MODES,
        examples=("Locataire du parc privé", "Logement HLM"),
    ),
    Heading(
        *("Commune de travail", "work_commune", "commune"),
        "le code INSEE de la commune de travail",
        without="elle n'est pas imprimée",
        also=("lieu travail",),
    ),
    Heading(
        *("Refus antérieurs", "unjustified_refusals_24m", "integer"),
        "les refus non justifiés d'un logement adapté, sur 24 mois",
        without="aucun refus n'est connu",
        also=("refus", "nombre refus"),
    ),
    Heading(
        *("Autres listes", "other_lists", "free"),
        "les autres commissions où la demande est présentée",
        without="elles ne sont pas imprimées",
    ),
    Heading(
        *("Pièces manquantes", "missing_documents", "free"),
        "les pièces que le dossier attend encore",
        without="elles ne sont pas imprimées",
        also=("pièces à fournir", "dossier incomplet"),
    ),
)

_FOR_GRID = (
    _for_grid(
        *("Nature de la demande", "request_kind", "choice"),
        "première demande ou mutation d'un locataire HLM",
        ("type demande", "primo ou mutation"),
        words.REQUEST_KINDS,
    ),
    _for_grid("Délai anormalement long", "long_delay", "flag", "la demande dépasse le délai anormal"),
    _for_grid("Occupants du logement actuel", "occupants", "integer", "les personnes du logement actuel"),
    _for_grid("Pièces du logement actuel", "rooms", "integer", "les pièces du logement actuel"),
    _for_grid("Surface du logement actuel", "surface", "number", "en m²", ("surface actuelle",)),
    _for_grid("Personnes par pièce", "persons_per_room", "number", "sinon calculé des deux colonnes"),
    _for_grid("Surface par personne", "m2_per_person", "number", "en m², sinon calculé"),
    _for_grid("Loyer actuel", "rent", "number", "en € par mois"),
    _for_grid("APL", "apl", "number", "l'aide au logement actuelle, en € par mois", ("aide logement",)),
    _for_grid("Propriétaire d'un logement", "owner", "flag", "le ménage possède un logement"),
    _for_grid("Dans le logement depuis", "housed_since", "date", "la date d'entrée", ("hébergé depuis",)),
    _for_grid("Cotitulaires", "cotenants", "integer", "les cotitulaires de la demande"),
    _for_grid(
        *("Situation familiale", "family_status", "choice"),
        "pour la seule cotation",
        (),
        words.FAMILY_STATUS,
    ),
    _for_grid("Autres personnes à charge", "other_dependants", "integer", "hors enfants"),
    _for_grid("Enfants à naître", "unborn", "integer", "les enfants à naître"),
    _for_grid("Garde alternée", "custody_alternate", "integer", "les enfants en garde alternée"),
    _for_grid("Droit de visite", "custody_visit", "integer", "les enfants en droit de visite"),
    _for_grid("Famille monoparentale", "single_parent", "flag", "un adulte seul avec enfants"),
    _for_grid(
        *("Situation professionnelle", "work_status", "choice"),
        "du demandeur",
        ("contrat travail", "type contrat"),
        words.WORK_STATUSES,
    ),
    _for_grid("Travaille dans l'EPCI", "works_in_epci", "flag", "un adulte y travaille"),
    _for_grid("Habite dans l'EPCI", "lives_in_epci", "flag", "le ménage y habite"),
    _for_grid("Ressources perçues", "monthly_received", "number", "en € par mois"),
    _for_grid("Pensions versées", "monthly_paid", "number", "en € par mois"),
    _for_grid("RFR lu par la grille", "rfr", "number", "en € par an, si la grille en lit un autre"),
    _for_grid("Taux d'effort actuel", "effort_rate", "ratio", "(loyer − APL) / ressources, sinon calculé"),
    _for_grid("Reste à vivre", "residual_income", "number", "en € par mois et UC, sinon calculé"),
    _for_grid("Quartile de ressources", "income_quartile", "integer", "1 le plus bas, à 4"),
    _for_grid("Handicap reconnu", "disability", "flag", "oui ou non, jamais lequel ; cotation seulement"),
    _for_grid("Mobilité réduite", "mobility", "flag", "oui ou non"),
    _for_grid(
        *("Types souhaités", "wished_types", "choices"),
        "les types souhaités",
        ("typologies souhaitées",),
        words.DWELLING_TYPES,
    ),
    _for_grid("Loyer souhaité lu par la grille", "max_rent", "number", "en € par mois"),
    _for_grid("Demande élargie", "wide", "flag", "le demandeur accepte d'autres secteurs"),
    _for_grid("Droit au relogement", "right_to_rehousing", "flag", "ANRU, démolition"),
    _for_grid("Habite en QPV", "qpv_residence", "flag", "adresse actuelle en QPV"),
    _for_grid("Violences attestées", "violence_proven", "flag", "mise en protection attestée"),
    _for_grid("Évaluation sociale", "social_assessment", "flag", "une évaluation sociale est jointe"),
    _for_grid("Fausse déclaration", "false_statement", "flag", "établie, pour la grille seulement"),
)

CANDIDATURES = Sheet(
    "Candidatures",
    "les demandes que la commission peut examiner, une par ligne ; ni nom, ni nationalité, ni sexe",
    (*_DEMAND, *_SHOWN, *_FOR_GRID),
    required=True,
    also=("candidature", "candidats", "demandes", "demandeurs", "demande"),
)
