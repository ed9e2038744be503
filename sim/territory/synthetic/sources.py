"""Where does each number of a synthetic territory come from?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sim.territory.figure import Figure
from sim.territory.files.toml import Model
from sim.territory.synthetic.spec import SyntheticTerritory
from sim.territory.synthetic.tables import Table


@dataclass(frozen=True)
class Row:
    """One number, or one table of numbers, with where it comes from."""

    key: str  # dotted key of the TOML file
    label: str
    value: str
    unit: str
    low: str
    high: str
    origin: str  # "chiffre publié" or "hypothèse"
    source: str  # source, or the text of the assumption


def figures(spec: SyntheticTerritory) -> list[Row]:
    """Return every number of a synthetic territory with its source or its assumption."""
    stock = spec.stock
    first = Row(
        "stock",
        f"marges du parc : {len(stock.cells)} cases, {len(stock.communes)} communes",
        str(sum(commune.dwellings for commune in stock.communes)),
        "logements",
        "",
        "",
        "chiffre publié" if stock.source else "hypothèse",
        stock.source or stock.hypothesis,
    )
    zone = Row("stock.zone", "zone de tension", stock.zone, "", "", "", "hypothèse", stock.zone_hypothesis)
    return [first, zone, *_rows("", spec)]


def page(spec: SyntheticTerritory) -> str:
    """Return the page of a territory's figures and assumptions, in Markdown, for `docs/`."""
    rows = figures(spec)
    assumed = sum(row.origin == "hypothèse" for row in rows)
    lines = [
        f"# Hypothèses du territoire de synthèse : {spec.name}",
        "",
        "Page générée à partir du fichier du territoire ; ne pas la modifier à la main.",
        f"{len(rows)} lignes : {len(rows) - assumed} chiffres publiés, {assumed} hypothèses nommées.",
        "Une hypothèse porte l'intervalle dans lequel elle peut se trouver ; pour un tableau, il est relatif",
        "à chaque valeur. Données de synthèse : aucun résultat ne décrit une résidence, un bailleur ou la",
        "politique de cet EPCI.",
        "",
        *table(rows),
    ]
    return "\n".join(lines) + "\n"


def table(rows: Iterable[Row]) -> list[str]:
    """Return the lines of a Markdown table of numbers."""
    lines = [
        "| clé | libellé | valeur | unité | de | à | origine | source ou hypothèse |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (row.key, row.label, row.value, row.unit, row.low, row.high, row.origin, row.source)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines


def row_of(key: str, figure: Figure) -> Row:
    """Return the line of one figure under its dotted key."""
    low, high = ("" if bound is None else f"{bound:g}" for bound in (figure.low, figure.high))
    return Row(
        key,
        figure.label,
        f"{figure.value:g}",
        figure.unit,
        low,
        high,
        "chiffre publié" if figure.source else "hypothèse",
        figure.source or figure.hypothesis,
    )


def _rows(key: str, model: Model) -> Iterator[Row]:
    for name in type(model).model_fields:
        value, place = getattr(model, name), f"{key}.{name}" if key else name
        if isinstance(value, Figure):
            yield row_of(place, value)
        elif isinstance(value, Table):
            spread = "" if value.spread is None else f"{100 * value.spread:g} %"
            yield Row(
                place,
                value.label,
                " / ".join(" ".join(f"{number:g}" for number in line) for line in np.atleast_2d(value.array)),
                value.unit,
                spread and "− " + spread,
                spread and "+ " + spread,
                "chiffre publié" if value.source else "hypothèse",
                value.source or value.hypothesis,
            )
        elif isinstance(value, Model):
            yield from _rows(place, value)
