"""In which French words are policies, publics and results named, and which words are never used?

Officials read these words. A program suggests and compares; commissions decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mixite.diffusion import LESS
from sim.rules.words import forbidden_words as forbidden_words

POLICIES = {
    "status_quo": "pratique actuelle, estimation",
    "cotation_only": "cotation seule",
    "cotation_matched": "cotation, traitement conjoint",
    "cotation_quotas": "cotation et obligations légales",
    "cotation_peuplement": "cotation et stratégie de peuplement",
    "cotation_peuplement_iso": "stratégie de peuplement à volumes constants",
    "cotation_oriented": "orientation par résidence puis cotation",
    "seniority": "ancienneté",
    "lottery": "tirage au sort",
}

EXPLANATIONS = {
    "status_quo": (
        "Volumes observés : filières, souhaits, ancienneté, part de discrétion ; aucun terme de ressources."
    ),
    "cotation_only": "Logement par logement : le plus de points, puis la demande la plus ancienne.",
    "cotation_matched": "Mêmes points, tous les logements d'une séance traités ensemble.",
    "cotation_quotas": "Traitement conjoint, et les parts de baux que la loi demande.",
    "cotation_peuplement": (
        "Traitement conjoint, obligations légales, et les planchers de la stratégie de peuplement."
    ),
    "cotation_peuplement_iso": (
        "Mêmes planchers, autant de baux par public qu'avec les seules obligations légales."
    ),
    "cotation_oriented": "Le type de la résidence choisit le public à accueillir, puis les points.",
    "seniority": "La demande la plus ancienne, sans points.",
    "lottery": "Un numéro tiré au sort par demande et par période.",
}

SHORT_POLICIES = {
    "cotation_matched": "traitement conjoint",
    "cotation_quotas": "obligations légales",
    "cotation_peuplement": "stratégie de peuplement",
    "cotation_peuplement_iso": "stratégie, volumes constants",
    "cotation_oriented": "orientation par résidence",
}

STEPS = {
    ("cotation_only", "cotation_matched"): "Traitement conjoint des logements d'une séance",
    ("cotation_matched", "cotation_quotas"): "Obligations légales",
    ("cotation_quotas", "cotation_peuplement"): "Stratégie de peuplement",
    ("cotation_quotas", "cotation_peuplement_iso"): "Stratégie de peuplement, volumes constants",
    ("status_quo", "cotation_only"): "Passage à la cotation",
}
"""What a pair of policies isolates: the step of the ladder."""

SHORT_STEPS = {
    ("cotation_only", "cotation_matched"): "Traitement conjoint",
    ("cotation_matched", "cotation_quotas"): "Obligations légales",
    ("cotation_quotas", "cotation_peuplement"): "Stratégie",
    ("cotation_quotas", "cotation_peuplement_iso"): "Stratégie, volumes constants",
    ("status_quo", "cotation_only"): "Passage à la cotation",
}

DELAYS, LEVEL, SPREAD = "Délais et publics prioritaires", "Niveau (qui entre)", "Répartition (où)"
SUBJECTS = {
    "delays": DELAYS,
    "law": "Obligations légales",
    "level": LEVEL,
    "spread": SPREAD,
    "costs": "Vacance et ordre de la cotation",
}
"""Headings of the headlines, by what they are about (sim/comparison.py)."""

UNCERTAINTY = {
    "alea": "aléa de simulation seul",
    "territoire": "aléa de simulation et territoire",
    "parametres": "aléa de simulation, territoire et hypothèses",
}

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

SYNTHETIC_BANNER = (
    "Données de synthèse : aucun résultat ne décrit une résidence, un bailleur ou la politique de cet EPCI"
)
STUDY_BANNER = (
    "Simulation d'étude : un objectif de ce scénario (study = true) ne peut pas être suivi en commission"
)
DIFFUSIONS = {
    "cil": "Diffusion : Conférence intercommunale du logement. Ni carte ni liste des résidences une à une, "
    f"aucun nombre compté sur {LESS} ménages.",
    "public": "Diffusion publique. Ni résidence, ni bailleur, ni opération par leur nom, aucun nombre compté "
    f"sur {LESS} ménages.",
}
KEPT_INSIDE = (
    "à transmettre : report.html, note.md, stress-des.md, stress-des.svg et les images ; les autres fichiers "
    "et dossiers restent internes"
)
DISTINGUISHED = "écart distingué"
NOT_DISTINGUISHED = "non distingué"
NO_INTERVAL = "une seule réplique, sans intervalle"
COUNTED = "en tenant compte du nombre d'indicateurs lus"
EVEN_COUNTED = f"même {COUNTED}"
DEPENDS_ON_GRID = "dépend de la grille"
DECISION = (
    "Ce document compare des ordres de présentation suggérés. Il n'attribue rien : les commissions décident."
)


def reading(row: Mapping[str, Any]) -> str:
    """Say whether a difference is told from zero, or that a few replications all give the same one."""
    if row["distinguished"]:
        return DISTINGUISHED
    agreeing = row["n"] > 1 and row["difference"] and row["ci_low"] != row["ci_low"]
    return agreed(int(row["n"])) if agreeing else NOT_DISTINGUISHED


def agreed(n: int) -> str:
    """Say that so few replications give one difference, of which no interval is known."""
    return f"même écart dans {n} répliques"


def day(iso: str) -> str:
    """Return a date (2026-01-01) as French readers write it: 1er janvier 2026."""
    year, month, number = (int(part) for part in str(iso).split("-"))
    return f"{number}{'er' if number == 1 else ''} {MONTHS[month - 1]} {year}"


def policy(name: str) -> str:
    """Return the French name of a policy."""
    return POLICIES.get(name, name.replace("_", " "))


def step(policy_a: str, policy_b: str) -> str:
    """Return what the passage from one policy to another isolates."""
    return STEPS.get((policy_a, policy_b), f"{policy(policy_a)} → {policy(policy_b)}")


def short_policy(name: str) -> str:
    """Return the French name of a policy, short enough for an axis."""
    return SHORT_POLICIES.get(name, policy(name))


def short_step(policy_a: str, policy_b: str, whole: bool) -> str:
    """Return a step's name for an axis; `whole` is the passage from the first policy to the last."""
    if whole:
        return "Ensemble"
    return SHORT_STEPS.get((policy_a, policy_b), f"{short_policy(policy_a)}\n→ {short_policy(policy_b)}")


def sentence(text: str) -> str:
    """Return a text with a capital first letter; acronyms inside keep theirs."""
    return text[:1].upper() + text[1:]
