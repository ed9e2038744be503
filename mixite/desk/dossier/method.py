"""By which rules was the order sought, on which data, and what does the program not do?"""

from __future__ import annotations

from collections.abc import Sequence

from mixite.desk.dossier.decided import chained
from mixite.desk.dossier.table import Cell, Table
from mixite.desk.dossier.titles import HEAD, HELD_ON
from mixite.desk.suggesting import MATCHED, Suggestion
from mixite.report.numbers import number
from mixite.report.words import POLICIES, SYNTHETIC_BANNER
from mixite.versions import code_version, library_versions
from sim.rules.provisions import provisions

DECIDES = "La commission décide. Le programme suggère un ordre de présentation et dit ses raisons."

CHECKED = "calcul vérifié"
PROVED = "calcul vérifié : règles légales tenues, chaque étape prouvée par un contrôle indépendant"
HELD = "calcul vérifié : règles légales tenues"

LIMITS = (
    "il n'attribue aucun logement, n'écrit ni ne coche aucune décision et n'en motive aucune",
    "il ne prédit la réponse d'aucun ménage : une même part d'acceptation vaut pour tous",
    "taux d'effort et reste à vivre sont des estimations, ils n'ordonnent ni n'excluent personne",
    "ressources ou RFR absents : « à vérifier », jamais une exclusion",
    "il ne connaît ni nom, ni origine, ni santé ; l'office joint les noms à l'impression",
    "une liste nominative n'est jamais complétée d'ailleurs ; une liste courte reste courte",
)

FORGONE = "Points qu'un objectif peut dépasser"

POINTS = {
    "given": "donnés dans le fichier",
    "seniority": "aucun : l'ordre suit l'ancienneté de la demande",
}

MOTIVES_COPY = (
    "exemplaire de la commission : la lettre de l'article L. 441-1 et les motifs de santé, de handicap ou de "
    "violences n'y sont pas écrits ; « --instruction » écrit celui de l'instructeur"
)
INSTRUCTION_COPY = "exemplaire de l'instructeur : à ne pas diffuser à la commission"


def banner(found: Suggestion) -> str:
    """Return what every page says of data that describe nobody, nothing where they are real."""
    return SYNTHETIC_BANNER if found.request.territory.synthetic else ""


def method(found: Suggestion, tables: Sequence[Table], instruction: bool) -> list[tuple[str, Cell]]:
    """Return the lines of the sheet « Méthode »: a name, its value."""
    request, world = found.request, found.today.world
    left_out = [f"{one.title} : {', '.join(one.left_out)}" for one in tables if one.left_out]
    libraries = library_versions(("ortools", "numpy", "scipy", "xlsxwriter", "typst"))
    chain = chained(request.past)
    lines: list[tuple[str, Cell]] = [
        (HELD_ON, request.on),
        ("Nature de ce document", DECIDES),
        *([("Données", banner(found))] if banner(found) else []),
        ("Bailleur", request.bailleur or ", ".join(request.territory.bailleurs)),
        ("EPCI", request.territory.epci),
        ("Préparé par (rôle)", request.role),
        ("Politique suivie", POLICIES.get(request.policy, request.policy)),
        ("Points", POINTS.get(request.points) or grid_said(found)),
        (FORGONE, forgone(found)),
        (
            "Droit appliqué",
            f"au {world.law.on:%d/%m/%Y} ; dernier texte daté du {_last_text(found):%d/%m/%Y}",
        ),
        ("Seuil du premier quartile", f"{found.today.state.q1_threshold_eur:.0f} € par an et UC"),
        ("Contrôle", PROVED if request.policy in MATCHED else HELD),
        ("Logements", len(found.sitting)),
        ("Demandes ouvertes", len(found.sitting.demand)),
        ("Programme", f"mixite {code_version()}"),
        ("Bibliothèques", ", ".join(f"{name} {version}" for name, version in libraries.items())),
        *((f"Empreinte SHA-256 de {name}", digest) for name, digest in sorted(request.digests.items())),
        ("Confidentialité", INSTRUCTION_COPY if instruction else MOTIVES_COPY),
        *(("Colonnes laissées de côté, sans donnée", said) for said in left_out),
        *(("Colonne interdite, jamais lue", name) for name in dict.fromkeys(request.dropped_columns)),
        *(("À savoir", note) for note in dict.fromkeys(request.notes)),
        *(("Ce que le programme ne fait pas", said) for said in LIMITS),
        ("Décisions des séances passées", len(request.past)),
        (HEAD, chain[-1] if chain else ""),
    ]
    return lines


def forgone(found: Suggestion) -> str:
    """Return how many points the targets may override of whom the legal rows alone would put first."""
    most = number(float(found.sitting.max_points_forgone))
    return f"{most} au plus par logement"


def grid_said(found: Suggestion) -> str:
    grid = found.request.grid
    since = f", en vigueur depuis le {grid.valid_from:%d/%m/%Y}" if grid.valid_from else ""
    return f"grille « {grid.label or grid.id} » ({grid.id}{since})"


def _last_text(found: Suggestion) -> object:
    """Return the day of the latest text that was in force."""
    on = found.today.world.law.on
    return max(one.since for text in provisions().values() for one in text.dated if one.since <= on)
