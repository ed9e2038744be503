"""Which French words may a cell of the workbook hold, and which code does each stand for?

Words are compared as headers are, without accents, case, plural or punctuation. The first word of a code is
the one that is written and shown; the others are recognised. Left out on purpose: headers (headings.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sim.territory.files.sheets import plain


@dataclass(frozen=True)
class Words:
    """A closed list: of each code, the word that is shown, then those recognised."""

    of: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the word of each code."""
        return tuple(words[0] for _, words in self.of)

    @cached_property
    def code(self) -> dict[str, str]:
        """Return the code of each word, compared as `plain` does; a code stands for itself."""
        return {plain(word): code for code, words in self.of for word in (code, *words)}

    def word(self, code: str) -> str:
        """Return the word shown for a code, the code itself where it is not of the list."""
        return next((words[0] for one, words in self.of if one == code), code)


def _words(**of: str) -> Words:
    """Return a list of words, those of a code written « a | b | c »."""
    return Words(tuple((code, tuple(text.split(" | "))) for code, text in of.items()))


RESERVATAIRES = _words(
    etat="État | préfet | préfecture | contingent préfectoral | État mal-logés | État prioritaires",
    etat_fonctionnaires="État (agents publics) | fonctionnaires | État fonctionnaires | agents de l'État",
    action_logement="Action Logement | AL | ALS | 1 % | 1 % logement | CIL",
    collectivite="Collectivité | commune | mairie | ville | EPCI | département | région | métropole",
    aucun="Non réservé | aucun | bailleur | sans réservataire | néant",
)

MODES = _words(
    named="Liste nominative | nominative | nominatif | désignation nominative",
    delegated="Vivier du réservataire | vivier | délégué | gestion déléguée | délégation | étiquette",
    bailleur="Bailleur | aucun | remis au bailleur | non désigné",
)

FINANCINGS = _words(
    PLAI="PLAI | PLA-I | PLA d'intégration | PLA LM | PLATS | PLA insertion | LLTS",
    PLUS="PLUS | PLA | PLA ordinaire | LLS | HLM/O | HLMO | HBM | PLR | PSR | ILM | ILN",
    PLS="PLS | PPLS | PLA CFF",
    PLI="PLI | PCL",
    LLI="LLI",
)
"""Families by the initial financing of a dwelling (RPLS FINAN, grouped); the last two are refused."""

ZONES = _words(Abis="A bis | Abis", A="A", B1="B1", B2="B2", C="C")

KINDS = _words(collectif="Collectif | appartement", individuel="Individuel | maison | pavillon")

TYPES = _words(
    en_capacite="En capacité",
    en_equilibre="En équilibre",
    en_vigilance="En vigilance",
    a_conforter="À conforter",
)

ROLES = _words(
    bailleur="Bailleur", reservataire="Réservataire", epci="EPCI | collectivité | intercommunalité"
)

QUOTAS = _words(
    R1="R1 hors QPV | R1 | premier quartile hors QPV",
    R2="R2 en QPV | R2 | autres quartiles en QPV",
    R4="R4 non réservé | R4 | publics prioritaires, non réservé | R4 bailleur",
    R4_action_logement="R4 Action Logement | publics prioritaires, Action Logement",
    R4_collectivite="R4 collectivités | publics prioritaires, collectivités",
    R22="R22 travailleurs essentiels | R22",
)

PUBLICS = _words(
    first_quartile="Premier quartile | Q1 | 1er quartile",
    q2_q4="Deuxième au quatrième quartile | Q2-Q4 | autres quartiles",
    l441_1="Prioritaires L.441-1 | publics prioritaires | prioritaires",
    essential_worker="Travailleurs essentiels",
    below_20_plus="Sous 20 % du plafond PLUS",
    below_40_plus="Sous 40 % du plafond PLUS",
    below_60_plus="Sous 60 % du plafond PLUS",
)

MOTIVES = _words(
    **{
        "01": "Sans logement, hébergé ou en logement temporaire | sans logement | hébergé",
        "02": "Démolition",
        "03": "Logement non décent, insalubre ou dangereux | logement non décent | insalubre",
        "04": "Logement repris ou mis en vente par son propriétaire | logement repris",
        "05": "Procédure d'expulsion | en procédure d'expulsion | expulsion",
        "06": "Violences familiales",
        "07": "Handicap",
        "08": "Raisons de santé | santé",
        "09": "Logement trop cher",
        "10": "Logement trop grand",
        "11": "Divorce, séparation | divorce | séparation",
        "12": "Décohabitation",
        "13": "Logement trop petit",
        "14": "Futur mariage, concubinage, PACS | mariage | concubinage | PACS",
        "15": "Regroupement familial",
        "16": "Assistant maternel ou familial | assistante maternelle",
        "17": "Problèmes d'environnement ou de voisinage | environnement | voisinage",
        "18": "Mutation professionnelle",
        "19": "Rapprochement du lieu de travail | rapprochement du travail",
        "20": "Rapprochement des équipements et services",
        "21": "Rapprochement de la famille",
        "22": "Accédant à la propriété en difficulté",
        "23": "Autre motif | autre motif particulier",
    }
)
"""Motives of a demand. Source: SNE, ListeMotifDemande."""

HOUSING_MODES = _words(
    HLM="Logement HLM | locataire HLM | parc social | locataire parc social",
    LP="Locataire du parc privé | parc privé | locataire parc privé",
    RS="Résidence sociale, foyer ou pension de famille | résidence sociale | foyer | pension de famille",
    RHVS="Résidence hôtelière à vocation sociale",
    RE="Résidence étudiante | résidence étudiant",
    SLHT="Sous-locataire ou hébergé à titre temporaire | sous-locataire",
    SH="Structure d'hébergement | hébergement | CHRS",
    CDEFCM="Centre de l'enfance et de la famille ou centre maternel | centre maternel",
    CPE="Chez les parents ou les enfants | chez ses parents | chez vos parents ou vos enfants",
    CP="Chez un particulier | hébergé par un tiers",
    LTG="Logé à titre gratuit",
    FONC="Logement de fonction",
    POCC="Propriétaire occupant | propriétaire",
    CAMCAR="Camping ou caravane | camping | caravane | camping, caravaning",
    HOT="Hôtel | logé dans un hôtel",
    SD="Sans abri ou abri de fortune | sans abri",
    SQUAT="Squat | dans un squat",
)
"""Present housing. Source: SNE, ListeModeleLogement."""

REQUEST_KINDS = _words(
    primo="Première demande | primo | primo-demandeur", mutation="Mutation | demande de mutation"
)

FAMILY_STATUS = _words(
    C="Célibataire",
    M="Marié | mariée",
    D="Divorcé | divorcée",
    S="Séparé | séparée",
    P="Pacsé | pacsée",
    U="Concubin | concubine | union libre",
    V="Veuf | veuve",
)

WORK_STATUSES = _words(
    CDI="CDI | CDI ou fonctionnaire | fonctionnaire",
    CDD="CDD | CDD, stage, intérim | intérim",
    ART="Artisan, commerçant, profession libérale | artisan | commerçant | indépendant",
    CHO="Chômage | chômeur | demandeur d'emploi",
    APP="Apprenti | apprentissage",
    ETU="Étudiant",
    RET="Retraité | retraite",
    AUT="Autre",
)

DWELLING_TYPES = _words(C="Chambre", T1="T1", T2="T2", T3="T3", T4="T4", T5="T5", T6P="T6 et plus | T6+ | T6")

YES = frozenset(("oui", "o", "vrai", "x", "1", "yes", "y", "true"))
NO = frozenset(("non", "n", "faux", "0", "no", "false"))
