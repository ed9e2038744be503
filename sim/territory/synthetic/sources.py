"""Where does each number of a synthetic territory come from?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.territory.figure import Figure
from sim.territory.files.layers import read_layers
from sim.territory.files.toml import Model
from sim.territory.synthetic.spec import SyntheticTerritory, load_spec
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
    rows = (
        row_of(key, given) if isinstance(given, Figure) else _row_of_table(key, given)
        for key, given in numbers(spec)
    )
    return [first, zone, *rows]


def page(paths: Sequence[Path]) -> str:
    """Return the page of the figures and assumptions of territories, in Markdown, for `docs/`.

    What they take from a base comes once, under the name of the base; then, for each, what its own file says.
    """
    shared: dict[Path, dict[str, Row]] = {}
    own: list[tuple[str, list[Row]]] = []
    order: dict[str, int] = {}
    for path in paths:
        spec, layers = load_spec(path), read_layers(path)
        said: list[Row] = []
        for row in figures(spec):
            order.setdefault(row.key, len(order))
            file = layers.file_of(row.key.split("."))
            if file == path:
                said.append(row)
            else:
                shared.setdefault(file, {})[row.key] = row
        own.append((f"{spec.name} ({path.name})", said))
    lines = [
        "# Hypothèses des territoires de synthèse",
        "",
        "Page générée à partir des fichiers des territoires ; ne pas la modifier à la main.",
        "Ce que plusieurs territoires partagent vient d'abord ; puis ce que le fichier de chacun dit en",
        "propre, qui l'emporte. Une hypothèse porte l'intervalle dans lequel elle peut se trouver ; pour un",
        "tableau, il est relatif à chaque valeur. Données de synthèse : aucun résultat ne décrit une",
        "résidence, un bailleur ou la politique de cet EPCI.",
    ]
    for file, rows in shared.items():
        lines += _section(f"Commun ({file.name})", sorted(rows.values(), key=lambda row: order[row.key]))
    for title, said in own:
        lines += _section(title, said)
    return "\n".join(lines) + "\n"


def _section(title: str, rows: list[Row]) -> list[str]:
    assumed = sum(row.origin == "hypothèse" for row in rows)
    count = f"{len(rows)} lignes : {len(rows) - assumed} chiffres publiés, {assumed} hypothèses nommées."
    return ["", f"## {title}", "", count, "", *table(rows)]


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


def numbers(spec: Model, key: str = "") -> Iterator[tuple[str, Figure | Table]]:
    """Give every number and table of numbers of a synthetic territory, by the dotted key of its file."""
    for name in type(spec).model_fields:
        value, place = getattr(spec, name), f"{key}.{name}" if key else name
        if isinstance(value, Figure | Table):
            yield place, value
        elif isinstance(value, Model):
            yield from numbers(value, place)


def _row_of_table(key: str, numbers: Table) -> Row:
    spread = "" if numbers.spread is None else f"{100 * numbers.spread:g} %"
    return Row(
        key,
        numbers.label,
        " / ".join(" ".join(f"{number:g}" for number in line) for line in np.atleast_2d(numbers.array)),
        numbers.unit,
        spread and "− " + spread,
        spread and "+ " + spread,
        "chiffre publié" if numbers.source else "hypothèse",
        numbers.source or numbers.hypothesis,
    )
