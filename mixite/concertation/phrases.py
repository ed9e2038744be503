"""In which French words are the types, the partners' appraisals and the decisions told?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mixite.diffusion import LESS
from mixite.report.numbers import signed
from mixite.report.words import day
from sim.rules.peuplement.appraisals import STATISTICS
from sim.rules.peuplement.decisions import STATES
from sim.rules.peuplement.partners import LEVELS, PARTNERS, THEMES, TYPES

if TYPE_CHECKING:
    from mixite.concertation.diffusion import Published

CAPACITY = LEVELS
SEGMENT = {"porteur": "porteur", "courant": "courant", "contraint": "contraint"}

WHOM = {
    "interne": "Diffusion interne : réservé aux partenaires qui qualifient les résidences.",
    "cil": f"Diffusion CIL : sans remarque ni chiffre des résidences de {LESS} ménages.",
    "public": "Diffusion publique : types seuls, comptés par commune.",
}
"""What a level of diffusion says of itself."""

HELP = (
    "1. Résidences : les statistiques, le type statistique et son intervalle, le type retenu. Rien à y "
    "écrire.",
    "2. Appréciations : chaque partenaire note des faits de la liste fermée (bâti, services, gestion, "
    "tranquillité), avec leur période et leur source, et la capacité d'accueil qu'il y lit. Rien n'est "
    "dit des personnes qui habitent là : une remarque qui en parle est refusée.",
    "3. Les appréciations ne sont jamais moyennées : les désaccords entre partenaires, ou avec la "
    "statistique, sont comptés en crans et montrés.",
    "4. Décisions : une proposition de type, son motif, son argument. Elle change le type une fois signée"
    " par le bailleur de la résidence et par l'EPCI (fonction et date, jamais un nom).",
    "5. Non signée, signée par une partie seulement ou contestée, elle laisse le type précédent, et "
    "l'objectif de la résidence est inactif. Pour clore un désaccord sans changer le type : proposer le "
    "même type, motif « maintien du type après examen », et le signer.",
    "6. Relire le classeur : mixite qualify TERRITOIRE --overrides CE_FICHIER.xlsx --out SUIVANT.xlsx. "
    "Les décisions signées passent dans Historique, à la suite ; les fautes sont dites ensemble et rien "
    "n'est écrit.",
    "7. L'année suivante, la même commande sur les nouvelles données lit les résidences sur la règle de "
    "l'année de base, gardée dans Méthode : un type bouge parce que la résidence a changé.",
    "Période : 2025, 2025-03, 2024 à 2025, ou une date. Date : 12/03/2026 ou 2026-03-12.",
    "Aucune résidence n'est fermée à personne : un type dit quels publics y accueillir en plus.",
)
"""The sheet of help, a line each."""


def banner(told: Published) -> str:
    """Return the sentence that every sheet carries."""
    return " ".join(f"{each.rstrip('.')}." for each in (WHOM[told.level], *told.about["notices"]))


def disagreements(row: Mapping[str, Any]) -> str:
    """Return the disagreements on a residence, in one line a disagreement."""
    return "\n".join(map(disagreement, row["disagreements"]))


def disagreement(each: Mapping[str, Any]) -> str:
    """Return one disagreement as a sentence: « Bâti : Commune, 2 crans sous Bailleur »."""
    first, second = (voice(each[name]) for name in ("first", "second"))
    steps = abs(each["steps"])
    side = "sous" if each["steps"] > 0 else "au-dessus de"
    return f"{THEMES[each['theme']]} : {second}, {steps} cran{'s' if steps > 1 else ''} {side} {first}"


def voice(name: str) -> str:
    """Return who speaks."""
    return "la statistique" if name == STATISTICS else PARTNERS[name]


def since(row: Mapping[str, Any]) -> str:
    """Return which decision rules a residence, how the score has moved since, and what is open."""
    said = []
    rules, moved, proposal = row["decision"], row["moved"], row["proposal"]
    if rules is not None:
        until = f", jusqu'au {day(rules['ends_on'])}" if rules["ends_on"] else ""
        said.append(f"Type signé le {day(rules['signed_on'])}{until}.")
    elif moved is not None and moved["ended"]:
        said.append(f"Type signé le {day(moved['signed_on'])}, décision échue.")
    if moved is not None:
        said.append(_moved(moved))
    if proposal is not None:
        said.append(
            f"Proposition du {day(proposal['proposed_on'])} vers « {TYPES[proposal['to']]} », "
            f"{STATES[proposal['state']]} : type précédent gardé, objectif inactif."
        )
    return " ".join(said)


_MET = {
    (True, True): "rencontre encore la plage du type signé",
    (True, False): "ne rencontre plus la plage du type signé",
    (False, True): "rencontre maintenant la plage du type signé",
    (False, False): "ne rencontre pas la plage du type signé ; il ne la rencontrait déjà pas à la signature",
}
"""Whether the interval of a score meets the band of the type signed, by whether it did, and does."""


def _moved(moved: Mapping[str, Any]) -> str:
    """Return how a score stands beside the type signed; on the data of the signature it cannot have moved."""
    if moved["same_data"]:
        met = "rencontrait" if moved["met"] else "ne rencontrait pas"
        return f"À la signature, l'intervalle du score {met} la plage du type signé."
    met = _MET[moved["met"], moved["still_met"]]
    return f"Depuis, le score a bougé de {signed(moved['by'], 2)} ; son intervalle {met}."
