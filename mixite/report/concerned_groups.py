"""Who welcomes the first quartile, which better scored demands are not presented, how is each group housed?

Three parts of the section « Qui est concerné ? »; the last puts each group beside all the other demands. A
ratio under the line is to be looked at; it is no verdict, and says nothing of why.
"""

from __future__ import annotations

from collections.abc import Sequence

from mixite.report import markup, numbers, words
from mixite.report.concerned_cells import (
    DIMENSIONS,
    TOO_FEW,
    Changes,
    change,
    gathered,
    is_told,
    level,
    name_of,
    spread,
    value,
)
from mixite.report.study import Study
from sim.concerned import REFERENCE, conventions

MOST = 10
"""Groups shown first, of those most often passed over."""

FIRST = (
    *("size_1", "size_2", "size_3_4", "size_5_plus", "single_parent", "under_30", "aged_65_plus"),
    *("needs_accessible", "first_quartile", "below_20_plus", "mutation"),
)
"""Traits of the equity report shown first; the others, among them whom law puts first, open on a title."""

REASONS = {
    "first_by_law": "une autre demande passe d'abord par la loi (désignation du préfet, dette RPMS)",
    "priority": "une autre demande a la priorité de la grille, avant tout point",
    "target": "objectif de la stratégie de peuplement",
    "joint": "traitement conjoint des logements, sans ligne qui l'explique",
    "order": "la politique ne suit pas les seuls points",
}


def burden(study: Study, changes: Changes, pair: tuple[str, str]) -> list[str]:
    """Return the leases of the first quartile for the vacancies of each bailleur and commune."""
    tables = [_burden(changes, pair, dimension) for dimension in ("bailleur", "commune")]
    said = (
        "Baux signés par des ménages du premier quartile, rapportés aux logements libérés. Rapport à "
        "l'EPCI : 1 est la part que la moyenne du territoire porterait ; au-dessus, plus que sa part ; "
        "non distingué si son intervalle contient 1. Il dépend aussi de ce qui se libère (typologies, "
        "loyers, filières) : ce n'est pas un jugement sur un bailleur."
    )
    return [
        markup.subtitle("Premier quartile : qui accueille, pour ce qui se libère"),
        markup.paragraph(said),
        tables[0],
        markup.folded("Par commune", tables[1:]),
    ]


def _burden(changes: Changes, pair: tuple[str, str], dimension: str) -> str:
    rows: list[tuple[str, ...]] = []
    for of, group in [("all", "all"), *((dimension, one) for one in changes.groups(dimension, "dwellings"))]:
        found = changes.row(pair, "q1_per_vacancy", of, group, "dwellings")
        shares = [
            changes.row((REFERENCE, policy), "q1_ratio", of, group, "dwellings") if of != "all" else None
            for policy in pair
        ]
        if found is None:
            continue
        name = "EPCI" if of == "all" else name_of(of, group)
        levels = (value(found, "mean_a"), value(found), change(found))
        rows.append((name, *levels, *(spread(share) if share else "" for share in shares)))
    a, b = (words.sentence(words.short_policy(name)) for name in pair)
    headers = ("Groupe", a, b, "Écart", f"Rapport à l'EPCI, {a.lower()}", f"Rapport à l'EPCI, {b.lower()}")
    caption = f"Baux du premier quartile par logement libéré, {DIMENSIONS[dimension]}"
    shown = gathered(rows)
    faint = [line for line, row in enumerate(shown) if not is_told(row[3])]
    return markup.table(caption, headers, shown, numbers=range(1, 6), faint=faint)


def not_presented(study: Study, changes: Changes, pair: tuple[str, str]) -> list[str]:
    """Return how often better scored demands were on no list, by which row, and of which groups."""
    policies = list(dict.fromkeys(study.policies))
    reasons = changes.groups("reason")
    title = markup.subtitle("Demandes mieux cotées non présentées")
    if not reasons:
        return [title, markup.paragraph("Aucune, sous aucune de ces politiques.")]
    said = (
        "Une demande éligible à un logement, qui a plus de points que la première de sa liste et n'est sur "
        "aucune liste de la séance. Elle compte à chaque logement et à chaque séance. La ligne nommée est "
        "lue dans les prix de la séance, sans nouvelle résolution : elle est une indication. Qui ne convient "
        "pas au logement, ou n'est pas dans le vivier de son réservataire, n'est pas compté ici."
    )
    rows = [(_reason(reason), *_by_policy(study, changes, reason)) for reason in reasons]
    headers = ("Ce qui l'explique", *(words.sentence(words.short_policy(name)) for name in policies))
    caption = "Pour 100 baux"
    told = [title, markup.paragraph(said), markup.table(caption, headers, rows, numbers=range(1, 99))]
    return told + _kinds(changes, pair)


def _reason(reason: str) -> str:
    return words.sentence(REASONS.get(reason, f"obligation légale {reason}"))


def _by_policy(study: Study, changes: Changes, reason: str) -> list[str]:
    """Return how often, under each policy, from the pairs it is in."""
    found = []
    for policy in dict.fromkeys(study.policies):
        cells = [
            value(changes.row(pair, "passed_per_100_leases", "reason", reason), side)
            for pair in study.pairs or [study.first_pair]
            for side, name in zip(("mean_a", "mean_b"), pair, strict=True)
            if name == policy
        ]
        found.append(next((cell for cell in cells if cell != numbers.ABSENT), numbers.ABSENT))
    return found


def _kinds(changes: Changes, pair: tuple[str, str]) -> list[str]:
    """Return the groups most often passed over under the second policy, all groups on demand."""
    policy = pair[1]
    everybody = changes.row(pair, "passed_per_100", "all", "all")
    if everybody is None or not everybody["mean_b"] > 0:
        return []
    measures = ("passed_per_100", "passed_legal_per_100", "passed_target_per_100")
    found = []
    for dimension in ("trait", "rooms_asked", "first_commune"):
        for group in changes.groups(dimension):
            ratio = changes.row((REFERENCE, policy), "passed_ratio", dimension, group)
            if ratio is None or ratio["small"]:
                continue
            cells = [value(changes.row(pair, name, dimension, group)) for name in measures]
            share = value(changes.row(pair, "passed_share", dimension, group))
            of = "" if dimension == "trait" else f", {DIMENSIONS[dimension].removeprefix('par ')}"
            name = name_of(dimension, group) + of
            found.append((ratio["mean_b"], (name, *cells, spread(ratio), share)))
    found.sort(key=lambda one: -one[0])
    rows = [row for _, row in found]
    headers = (
        *("Groupe", "Fois, pour 100 demandes", "dont obligations légales", "dont objectifs"),
        *("Rapport à l'ensemble", "Part des demandes, au moins une fois"),
    )
    name = words.sentence(words.policy(policy))
    first = markup.table(f"{name} : les plus souvent", headers, rows[:MOST], numbers=range(1, 6))
    whole = markup.table(f"{name} : tous les groupes", headers, rows, numbers=range(1, 6))
    return [first, markup.folded("Tous les groupes", [whole])]


def beside_others(study: Study, changes: Changes, pair: tuple[str, str]) -> list[str]:
    """Return how often each group is housed beside everybody else, under each policy; what a step changes."""
    line = conventions().looked_at
    told = numbers.number(line, 1)
    said = (
        "Rapport du taux d'attribution d'un groupe à celui de toutes les autres demandes. Sous "
        f"{told} (la ligne des quatre cinquièmes), ou au-dessus de {numbers.number(1 / line, 2)} : à "
        "regarder de près (*). C'est une ligne, non un verdict : les groupes diffèrent par plus d'un trait, "
        "et la loi elle-même place certains publics avant. Âge, situation de famille et handicap n'entrent "
        "dans aucun objectif, aucun type, aucune fragilité : ils sont lus ici, après coup."
    )
    if study.synthetic:
        said += " Par groupe protégé, c'est une simulation sur données de synthèse, et rien d'observé."
    else:
        said += " C'est une simulation : elle ne constate rien des attributions réelles."
    traits = changes.groups("trait")
    others = [name for name in traits if name not in FIRST]
    policies = list(dict.fromkeys(study.policies))
    parts = [_ratios(changes, policies, [name for name in FIRST if name in traits], line)]
    folded = [_ratios(changes, policies, others, line), _steps(study, changes, traits)]
    folded += [_gaps(changes, policy, traits) for policy in dict.fromkeys(pair)]
    title = "Autres publics, effet de chaque marche, part logée, attente, QPV"
    return [
        markup.subtitle("Les groupes, à côté de toutes les autres demandes"),
        markup.paragraph(said),
        *parts,
        markup.folded(title, folded),
    ]


def _ratios(changes: Changes, policies: Sequence[str], traits: Sequence[str], line: float) -> str:
    rows = []
    for group in traits:
        found = [changes.row((REFERENCE, name), "rate_ratio", "trait", group) for name in policies]
        cells = [
            spread(row) + (" *" if row and not row["small"] and not line <= row["mean_b"] <= 1 / line else "")
            for row in found
        ]
        rows.append((name_of("trait", group), *cells))
    headers = ("Groupe", *(words.sentence(words.short_policy(name)) for name in policies))
    return markup.table("Rapport des taux d'attribution", headers, rows, numbers=range(1, len(headers)))


def _steps(study: Study, changes: Changes, traits: Sequence[str]) -> str:
    rows = [
        (
            name_of("trait", group),
            *(change(changes.row(pair, "rate_ratio", "trait", group)) for pair in study.pairs),
        )
        for group in traits
    ]
    headers = ("Groupe", *(words.step(*pair) for pair in study.pairs))
    caption = "Ce que chaque passage change à ce rapport : cotation, loi, stratégie"
    return markup.table(caption, headers, rows, numbers=range(1, len(headers)))


def _gaps(changes: Changes, policy: str, traits: Sequence[str]) -> str:
    """Return share housed with Wilson's interval, waits and QPV of each group beside the others."""
    rows = []
    for group in traits:
        housed = changes.row((policy, policy), "housed_share_beside", "trait", group)
        if housed is None:
            continue
        shares = (value(housed), value(housed, "mean_a"), change(housed))
        wait, qpv = (
            changes.row((REFERENCE, policy), measure, "trait", group) for measure in ("wait_ratio", "qpv_gap")
        )
        where = TOO_FEW if qpv is None or qpv["small"] else level(qpv["mean_b"], "qpv_gap")
        rows.append((name_of("trait", group), *shares, spread(wait), where))
    headers = (
        *("Groupe", "Part logée", "Toutes les autres", "Écart, intervalle de Wilson"),
        *("Rapport des attentes des logés", "Écart de la part des baux en QPV"),
    )
    name = words.sentence(words.policy(policy))
    return markup.table(f"{name} : demandes d'une réplique", headers, rows, numbers=range(1, 6))
