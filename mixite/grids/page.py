"""What does an applicant read about a score? A page in French, whole in one file, without script or network.

It holds what R.441-2-17 owes: the data used, the points of each criterion, the rank, the distribution of
similar demands, the observed wait. A distribution of fewer than `FEWEST` demands or leases is not told: it
would tell about somebody. Left out on purpose: what would raise the score, which is advice and not a right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mixite.grids.attributes_fr import attribute_label, shown_value
from mixite.grids.scoring import Scored, rank_of
from mixite.grids.similar import FEWEST, Kind
from mixite.report.markup import banner, bullets, page, paragraph, section, table
from mixite.report.numbers import number
from mixite.report.words import day
from sim.rules.cotation import ATTRIBUTES, Criterion, flags, reads
from sim.rules.cotation.attributes import decoded
from sim.rules.cotation.codes import REQUEST_KINDS

AID = (
    "La cotation est une aide à la décision : elle classe les demandes selon des critères publics, "
    "et la commission d'attribution décide (CCH R.441-2-10)."
)
RIGHTS = (
    "Vous pouvez demander comment ces points ont été calculés, faire corriger une donnée inexacte "
    "et compléter votre demande (CCH R.441-2-17 ; RGPD, articles 15 et 16)."
)
EVIDENCE = {
    "declared": "sur déclaration",
    "verified": "sur justificatif",
    "social_worker": "sur évaluation sociale",
}
FLAGS = {
    "absolute_priority": "Priorité absolue : votre demande est présentée avant celles qui n'en ont pas.",
    "exclude": "Un critère de la grille retire votre demande du classement.",
    "out_of_scope": "Votre demande n'entre pas dans le champ de cette grille : elle n'est pas cotée.",
}


def applicant_page(found: Scored, rows: Sequence[int]) -> str:
    """Return the page of some demands, one a section; print each apart."""
    title = "Votre demande et sa cotation" if len(rows) == 1 else "Cotation des demandes"
    body = [f"<h1>{title}</h1>", *(banner(text, "study") for text in found.banners)]
    body += [f'<div style="break-before: page">{_demand(found, row)}</div>' for row in rows]
    return page(title, body)


def _demand(found: Scored, row: int) -> str:
    demand = found.pending.demand_id[row].item()
    out_of_scope = not bool(found.points.in_scope[row])
    parts = [
        paragraph(f"Au {day(found.pending.on.isoformat())}, grille « {found.grid.label or found.grid.id} »."),
        *(paragraph(FLAGS[name]) for name in flags(found.points, row)),
    ]
    if not out_of_scope:
        parts += [_total(found, row), _points(found, row), _place(found, row)]
    parts += [_missing(found, row), _data(found, row), paragraph(AID), paragraph(RIGHTS)]
    return section(f"Demande n° {demand}", *parts)


def _total(found: Scored, row: int) -> str:
    total, verified = found.points.total[row].item(), found.verified_total[row].item()
    said = f"Votre demande a {_amount(total)}."
    if verified != total:
        said += f" Sans les critères dont la pièce manque encore, elle en a {_amount(verified)}."
    return paragraph(said)


def _points(found: Scored, row: int) -> str:
    """Return the table of the criteria of the demand's population; in a group, what counts in the total."""
    by_id = {one.id: one for one in found.grid.criteria}
    told = [
        (by_id[name], amounts[row].item(), found.counted[name][row].item())
        for name, amounts in found.lines
        if _concerns(found, by_id[name], row)
    ]
    given = [one for one in told if one[1] or one[2]]
    rows = [
        (one.label or one.id, number(points, _decimals(points)), _count(points, kept), EVIDENCE[one.evidence])
        for one, points, kept in given
    ]
    headers = ("Critère", "Points", "Comptés", "Condition")
    parts = [
        table("Points de votre demande, critère par critère", headers, rows, numbers=(1, 2))
        if rows
        else paragraph("Aucun critère de la grille ne donne de points à votre demande aujourd'hui.")
    ]
    before = sum(kept for _, _, kept in told)
    total = found.points.total[row].item()
    if abs(before - total) > 1e-6:
        bounds = "Le total est borné par la grille"
        parts.append(paragraph(f"{bounds} : {_amount(before)} avant, {_amount(total)} après."))
    if any(points != kept for _, points, kept in given):
        parts.append(
            paragraph("Certains critères proches ne s'ajoutent pas : seuls les points comptés valent.")
        )
    others = [f"{one.label or one.id} : {_weight(one)}" for one, points, kept in told if not (points or kept)]
    if others:
        parts += [paragraph("Critères de la grille qui ne vous donnent pas de points :"), bullets(others)]
    return "\n".join(parts)


def _place(found: Scored, row: int) -> str:
    rank, kind = rank_of(found, row), found.similar.of(row)
    said = []
    if rank is not None:
        ranked = int((found.rank > 0).sum())
        said.append(f"Rang de votre demande : {rank} sur {ranked} demandes cotées.")
        rooms = f"{kind.rooms_min} à {kind.rooms_max} pièces"
        if kind.rooms_min == kind.rooms_max:
            rooms = f"{kind.rooms_min} pièce" + ("s" if kind.rooms_min > 1 else "")
        alike = f"({rooms}, commune {kind.commune})"
        if kind.ranked == 1:
            said.append(f"Aucune autre demande n'est comparable à la vôtre {alike}.")
        else:
            own = int(found.similar.rank[row])
            said.append(f"Parmi les {kind.ranked} demandes comparables {alike} : rang {own}.")
            said.append(_distribution(kind))
    said.append(_wait(kind))
    return bullets(said)


def _distribution(kind: Kind) -> str:
    if kind.ranked < FEWEST:
        return f"Moins de {FEWEST} demandes comparables : la répartition de leurs points n'est pas montrée."
    low, first, median, third, high = (number(value, _decimals(value)) for value in kind.points)
    return (
        f"Leurs points vont de {low} à {high} ; la moitié a plus de {median}, "
        f"un quart moins de {first}, un quart plus de {third}."
    )


def _wait(kind: Kind) -> str:
    if not kind.leases:
        return (
            "Délai d'attente observé des demandes comparables : inconnu, aucun bail récent dans les données."
        )
    if kind.leases < FEWEST:
        return f"Délai d'attente observé : moins de {FEWEST} baux comparables, il n'est pas montré."
    first, median, third = (number(months) for months in kind.months)
    return (
        f"Délai observé pour {kind.leases} baux comparables : {median} mois pour la moitié "
        f"(un quart en moins de {first} mois, un quart en plus de {third}). "
        "Les demandes encore en attente n'y sont pas comptées."
    )


def _missing(found: Scored, row: int) -> str:
    names = [name for name, lacks in found.lacking.items() if lacks[row] and not name.startswith("dwelling.")]
    if not names:
        return ""
    said = "Données qui manquent ; un critère qui les lit ne donne rien tant qu'elles manquent :"
    return paragraph(said) + bullets(attribute_label(name) for name in names)


def _data(found: Scored, row: int) -> str:
    values = ((name, _value(found, name, row)) for name in sorted(reads(found.grid)))
    rows = [(attribute_label(name), shown_value(name, value)) for name, value in values if value is not None]
    return table("Données de votre demande que la grille lit", ("Donnée", "Valeur"), rows) if rows else ""


def _value(found: Scored, name: str, row: int) -> Any:
    if name not in found.pending.facts:
        return None
    return decoded(ATTRIBUTES[name], found.pending.facts[name][row].item())


def _concerns(found: Scored, criterion: Criterion, row: int) -> bool:
    kinds = found.pending.facts.get("request_kind")
    code = -1 if kinds is None else int(kinds[row])
    return code < 0 or REQUEST_KINDS[code] in criterion.applies_to


def _weight(criterion: Criterion) -> str:
    """Return what a criterion may give, as the grid weighs it."""
    if criterion.per_unit is not None:
        unit = criterion.per_unit
        most = "" if unit.cap is None else f", au plus {_amount(unit.cap)}"
        return f"{_amount(unit.points)} par tranche de {number(unit.step, _decimals(unit.step))}{most}"
    if criterion.bands:
        points = [band.points for band in criterion.bands]
        return f"de {number(min(points), _decimals(min(points)))} à {_amount(max(points))} selon la valeur"
    return _amount(criterion.points or 0)


def _count(points: float, kept: float) -> str:
    return number(kept, _decimals(kept)) if points != kept else number(points, _decimals(points))


def _amount(points: float) -> str:
    return f"{number(points, _decimals(points))} point{'s' if abs(points) >= 2 else ''}"


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else 1


def in_order(found: Scored, rows: Sequence[int]) -> list[int]:
    """Return rows of demands in the order of their ranks, those without a rank last."""
    ranks = found.rank.tolist()
    return sorted(rows, key=lambda row: (ranks[row] == 0, ranks[row]))
