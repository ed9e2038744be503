"""What does the model look like? The path of a vacancy and of a demand, drawn for the form.

Lanes differ by colour (Okabe and Ito's palette), by outline (plain for the dwelling, dashed for the demand,
thick where both meet) and by place, so that no reader needs the colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

DWELLING, DEMAND, BOTH, OUT = "#0072B2", "#D55E00", "#1b1b1b", "#5b5b5b"
DASHES = {DEMAND: "6 3", OUT: "2 3"}
WIDTH, HEIGHT = 980, 500
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

Point = tuple[float, float]


def rhythm(scenario: Mapping[str, Any]) -> str:
    """Return when sittings are held, in French."""
    every, weekday = scenario["sittings"]["every_days"], WEEKDAYS[scenario["sittings"]["weekday"]]
    if every == 7:
        return f"chaque {weekday}"
    return f"tous les {every} jours" if every > 1 else "tous les jours"


def alternative(scenario: Mapping[str, Any]) -> list[str]:
    """Return what the drawing shows, in words."""
    names = scenario["sittings"]["list_length"]
    return [
        "Le logement : occupé ; préavis donné ; clés rendues puis travaux ; orienté vers un réservataire ; "
        "il attend une séance.",
        "La demande : déposée (nouvelle, ou mutation d'un locataire) ; elle attend dans le registre ; non "
        "renouvelée à son anniversaire, elle est radiée.",
        f"La séance, {rhythm(scenario)} : la politique suggère un ordre, une liste de {names} noms au plus "
        "par logement, contrôlée.",
        f"{' : '.join((_hearing(scenario)[0], ' '.join(_hearing(scenario)[1:])))} ; la commission attribue "
        "ou non à chaque candidat.",
        "Les propositions, une à la fois, par rang : un refus ou un silence passe au nom suivant, et la "
        "demande reste en attente ; une liste épuisée ramène le logement à la séance suivante.",
        "Le bail, une fois les travaux finis : la demande est close, le ménage occupe le logement ; une "
        "mutation libère l'ancien.",
    ]


def svg(scenario: Mapping[str, Any]) -> str:
    """Return the drawing as one SVG element, with its title and its text alternative."""
    days = f"{scenario['departures']['works_days']:g}".replace(".", ",")
    names = scenario["sittings"]["list_length"]
    described = " ".join(alternative(scenario))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="schema-titre schema-texte" font-family="Arial, sans-serif" font-size="13">',
        "<title id=\"schema-titre\">Le chemin d'un logement libéré et celui d'une demande</title>",
        f'<desc id="schema-texte">{escape(described)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text((195, 60), "LE LOGEMENT", DWELLING, weight="bold"),
        _text((195, 366), "LA DEMANDE", DEMAND, weight="bold"),
        _box((20, 70), 125, ("Occupé", "par un ménage"), DWELLING),
        _box((195, 70), 125, ("Préavis", "1 ou 3 mois, clés"), DWELLING),
        _box((370, 70), 125, ("Travaux", f"{days} j en moyenne"), DWELLING),
        _box((545, 70), 140, ("Orienté, attend", "une séance"), DWELLING),
        _box((20, 350), 125, ("Déposée", "nouvelle, mutation"), DEMAND),
        _box((545, 350), 140, ("Dans le registre,", "attend une séance"), DEMAND),
        _box((545, 440), 140, ("Radiée", "non renouvelée"), OUT),
        _box((500, 195), 155, ("Séance", f"{rhythm(scenario)} :", "ordre suggéré, contrôle"), BOTH, 74),
        _box((680, 195), 120, _hearing(scenario), BOTH, 74),
        _box((825, 195), 92, ("Propositions", "une à la fois,", f"{names} noms au plus"), BOTH, 74),
        _box((926, 195), 48, ("Bail", "signé"), BOTH, 74),
        _arrow(((145, 97), (195, 97)), DWELLING),
        _arrow(((320, 97), (370, 97)), DWELLING),
        _arrow(((495, 97), (545, 97)), DWELLING),
        _arrow(((615, 124), (615, 195)), DWELLING),
        _arrow(((145, 377), (545, 377)), DEMAND),
        _arrow(((615, 350), (615, 269)), DEMAND),
        _arrow(((615, 404), (615, 440)), OUT),
        _arrow(((655, 232), (680, 232)), BOTH),
        _arrow(((800, 232), (825, 232)), BOTH),
        _arrow(((917, 232), (926, 232)), BOTH),
        _text((900, 290), "accepte", BOTH, size=11),
        _arrow(((871, 195), (871, 97), (685, 97)), DWELLING),
        _text((700, 88), "liste épuisée", BOTH, size=11),
        _arrow(((860, 269), (860, 377), (685, 377)), DEMAND),
        _text((695, 394), "refus, silence", BOTH, size=11),
        _arrow(((950, 195), (950, 30), (82, 30), (82, 70)), DWELLING),
        _text((400, 24), "le ménage emménage", BOTH, size=11),
        _arrow(((950, 269), (950, 350)), OUT),
        _box((880, 350), 92, ("Demande", "close"), OUT),
        _arrow(((82, 124), (82, 350)), DEMAND),
        _text((90, 225), "le locataire demande", BOTH, size=11),
        _text((90, 240), "une mutation ; son bail", BOTH, size=11),
        _text((90, 255), "suivant libère le logement", BOTH, size=11),
        _arrow(((82, 460), (82, 404)), DEMAND),
        _text((90, 450), "demandes nouvelles", BOTH, size=11),
        _arrow(((257, 124), (257, 165)), OUT),
        _text((265, 160), "le ménage quitte le parc", BOTH, size=11),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _hearing(scenario: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what stands between a list and its offers."""
    if scenario["funnel"]["stages"]:
        return "Instruction", "contact, visite,", "pièces, commission"
    return "Commission", "le jour même"


def _box(place: Point, width: float, lines: Sequence[str], colour: str, height: float = 54) -> str:
    (x, y), thick = place, 3 if colour == BOTH else 1.8
    dashed = f' stroke-dasharray="{DASHES[colour]}"' if colour in DASHES else ""
    first = y + height / 2 + 5 - 8.5 * (len(lines) - 1)
    shape = (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{12 if colour == DEMAND else 3}" '
        f'fill="#ffffff" stroke="{colour}" stroke-width="{thick}"{dashed}/>'
    )
    texts = [
        _text(
            (x + width / 2, first + 17 * rank), line, "#1b1b1b", "middle", "normal" if rank else "bold", 12.5
        )
        for rank, line in enumerate(lines)
    ]
    return "\n".join([shape, *texts])


def _text(
    place: Point, text: str, colour: str, anchor: str = "start", weight: str = "normal", size: float = 13
) -> str:
    return (
        f'<text x="{place[0]:g}" y="{place[1]:g}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}" font-size="{size:g}">{escape(text)}</text>'
    )


def _arrow(points: Sequence[Point], colour: str) -> str:
    """Return a broken line whose last point bears a head."""
    (x0, y0), (x, y) = points[-2:]
    along_x, along_y = ((x > x0) - (x < x0)), ((y > y0) - (y < y0))
    back_x, back_y = x - 9 * along_x, y - 9 * along_y
    head = (
        (x, y),
        (back_x + 5 * along_y, back_y + 5 * along_x),
        (back_x - 5 * along_y, back_y - 5 * along_x),
    )
    dashed = f' stroke-dasharray="{DASHES[colour]}"' if colour in DASHES else ""
    line = " ".join(f"{px:g},{py:g}" for px, py in (*points[:-1], (back_x, back_y)))
    shape = " ".join(f"{px:g},{py:g}" for px, py in head)
    return (
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.8"{dashed}/>\n'
        f'<polygon points="{shape}" fill="{colour}"/>'
    )
