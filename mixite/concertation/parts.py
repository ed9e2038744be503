"""Of which parts is the sheet of a residence made, in French, ready to be laid out?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mixite.concertation.outside import MASKED, PUBLIC_SAID
from mixite.concertation.phrases import CAPACITY, SEGMENT, disagreement, since
from mixite.report.numbers import number, percent
from mixite.report.words import day, sentence
from sim.rules.peuplement import PATRIMOINE, POPULATION, VOCABULARY
from sim.rules.peuplement.partners import (
    FACTS,
    FUNCTIONS,
    LEVELS,
    NO_OPINION,
    PARTNERS,
    REASONS,
    SOURCES,
    THEMES,
    TYPES,
)

if TYPE_CHECKING:
    from mixite.concertation.diffusion import Published

Part = dict[str, Any]

_LABELS = {each.name: each for each in VOCABULARY}
UNKNOWN = "non connu"
EPCI_MEAN = "EPCI, moyenne pondérée par les logements"


def table(
    title: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    numbers: Sequence[int] = (),
) -> Part:
    """Return a table; `widths` are parts of the page's width."""
    return {
        "kind": "table",
        "title": title,
        "headers": list(headers),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
        "numbers": list(numbers),
    }


def facts(row: Mapping[str, Any]) -> Part:
    """Return the types of a residence and what it is made of."""
    households = row["households"]
    told = [
        ("Peuplement actuel", _type(row["type"])),
        ("Peuplement cible", _type(row["target"])),
        ("Capacité d'accueil", CAPACITY.get(row["capacity"], "non établie")),
        ("Segment de patrimoine", SEGMENT.get(row["segment"], "non établi")),
        ("Type précédent", _type(row["type_before"])),
        ("Objectif de la résidence", "actif" if row["active"] else "inactif, proposition ouverte"),
        ("Logements", number(row["dwellings"])),
        ("Ménages", MASKED if households is None else number(households)),
    ]
    if "quartier" in row:
        told += [
            ("Construction", str(row["build_year"] or "non connue")),
            ("Quartier prioritaire", "oui" if row["in_qpv"] else "non"),
        ]
    return {"kind": "facts", "title": "", "rows": [list(each) for each in told]}


def decided(row: Mapping[str, Any]) -> list[Part]:
    """Return which decision rules and what is open."""
    said = since(row)
    return [{"kind": "lines", "title": "", "lines": [said]}] if said else []


def population(row: Mapping[str, Any], level: float) -> list[Part]:
    """Return the indicators of the occupation, with their interval (`level`, 0-1) and the EPCI's value."""
    inside = "score" in row
    more = (f"Intervalle à {percent(level, 0)}", "Sur", "EPCI")
    headers = ("Occupation", "Résidence", *(more if inside else ()))
    rows = []
    for name in POPULATION:
        figure = row["indicators"][name]
        cells = [_LABELS[name].label_fr, _value(name, figure["value"], inside)]
        if inside:
            between = (
                "—"
                if figure["low"] is None
                else f"{percent(figure['low'], 0)} à {percent(figure['high'], 0)}"
            )
            cells += [between, number(figure["of"] or 0), _value(name, figure["epci"], inside)]
        rows.append(cells)
    widths = (5, 2, 2.4, 1.2, 2.4) if inside else (5, 2)
    return [table("Indicateurs de population", headers, rows, widths, range(1, len(headers)))]


def building(row: Mapping[str, Any]) -> Part:
    """Return the facts of the buildings and the EPCI's value."""
    inside = "score" in row
    headers = ("Patrimoine", "Résidence", *((EPCI_MEAN,) if inside else ()))
    rows = []
    for name in PATRIMOINE:
        figure = row["indicators"][name]
        cells = [_LABELS[name].label_fr, _value(name, figure["value"], inside)]
        rows.append([*cells, _value(name, figure["epci"], inside)] if inside else cells)
    widths = (5, 2, 3.4) if inside else (5, 2)
    return table("Bâti et patrimoine", headers, rows, widths, range(1, len(headers)))


def absent(missing: Sequence[str]) -> list[Part]:
    """Return which indicators are observed nowhere, so that none of the figures reads them."""
    if not missing:
        return []
    labels = " ; ".join(_LABELS[name].label_fr for name in missing)
    return [{"kind": "lines", "title": "", "lines": [f"Non pris en compte, faute de données : {labels}."]}]


def voices(row: Mapping[str, Any]) -> list[Part]:
    """Return the partners' appraisals side by side, what was noted, and where they disagree."""
    told = row["voices"]
    if not told:
        return [{"kind": "lines", "title": "Appréciations des partenaires", "lines": ["Aucune saisie."]}]
    partners = [name for name in PARTNERS if any(each["partner"] == name for each in told)]
    side = []
    for theme, label in THEMES.items():
        cells = [_levels(told, theme, partner) for partner in partners]
        if any(cells):
            side.append([label, *(cell or "—" for cell in cells)])
    title = "Capacité d'accueil lue par les partenaires"
    parts = [
        table(title, ("Thème", *(PARTNERS[name] for name in partners)), side, (1.4, *[1.5] * len(partners)))
    ]
    apart = [disagreement(each) for each in row["disagreements"]]
    lines = [f"• {each}" for each in apart] or ["Aucun désaccord entre ceux qui se sont exprimés."]
    parts.append({"kind": "lines", "title": "Désaccords, montrés et jamais moyennés", "lines": lines})
    noted = [
        (
            FACTS[each["fact"]],
            PARTNERS[each["partner"]],
            f"{each['period']}, {SOURCES[each['source']]}",
            _level(each["level"]),
            each["remark"],
        )
        for each in told
    ]
    headers = ("Constat", "Partenaire", "Période, source", "Capacité lue", "Remarque")
    return [*parts, table("Constats", headers, noted, (3, 1.5, 2.4, 1.4, 3.4))]


def appraised(row: Mapping[str, Any]) -> list[Part]:
    """Return the history of the decisions on a residence."""
    if not row["history"]:
        return []
    rows = [
        (
            day(each["signed_on"]),
            f"{_type(each['before'])} → {_type(each['to'])}",
            sentence(REASONS[each["reason"]]),
            each["argument"],
            f"{each['bailleur']} ({FUNCTIONS[each['bailleur_function']]}) ; "
            f"EPCI ({FUNCTIONS[each['epci_function']]})",
            f"du {day(each['effect'])}" + (f" au {day(each['ends_on'])}" if each["ends_on"] else ""),
        )
        for each in row["history"]
    ]
    headers = ("Signée le", "Type", "Motif", "Argument", "Signataires", "Effet")
    return [table("Historique des décisions", headers, rows, (1.5, 2.2, 1.8, 3, 2.8, 1.7))]


def counted(row: Mapping[str, Any]) -> Part:
    """Return how many appraisals each partner made."""
    rows = [[PARTNERS[name], number(count)] for name, count in row["appraisals"].items()]
    return table("Appréciations saisies", ("Partenaire", "Constats"), rows, (5, 2), (1,))


def by_commune(told: Published) -> list[Part]:
    """Return the table of residences by commune and type, a view each."""
    parts: list[Part] = [{"kind": "lines", "title": "", "lines": [PUBLIC_SAID]}]
    for view in dict.fromkeys(row["view"] for row in told.communes):
        communes: dict[str, dict[str, str]] = {}
        for row in told.communes:
            if row["view"] == view:
                label = f"{row['commune_name']} ({row['commune']})"
                communes.setdefault(label, {})[row["type"]] = str(row["residences"])
        rows = [[label, *(cells.get(kind, "—") for kind in TYPES)] for label, cells in communes.items()]
        headers = ("Commune", *(sentence(label) for label in TYPES.values()))
        parts.append(table(sentence(view), headers, rows, (3, *[2] * len(TYPES)), range(1, 5)))
    return parts


def _levels(told: Sequence[Mapping[str, Any]], theme: str, partner: str) -> str:
    """Return every capacity a partner reads in a theme, from the most to the least."""
    own = [each["level"] for each in told if each["theme"] == theme and each["partner"] == partner]
    if not own:
        return ""
    return " ; ".join(label for name, label in LEVELS.items() if name in own) or NO_OPINION


def _level(name: str | None) -> str:
    return LEVELS[name] if name else NO_OPINION


def _type(name: str | None) -> str:
    return f"« {TYPES[name]} »" if name else "non établi"


def _value(name: str, value: float | None, inside: bool) -> str:
    """Return a figure; what is absent is not known by the partners, and not told outside."""
    if value is None:
        return UNKNOWN if inside else MASKED
    unit = _LABELS[name].unit
    if unit == "part":
        return percent(value, 0)
    if name == "in_qpv" and value in (0, 1):
        return "oui" if value else "non"
    if name == "in_qpv":
        return percent(value, 0)
    return f"{number(value, 0)} {unit}"
