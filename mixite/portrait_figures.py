"""Which figures does a portrait hold? Drawn from the tables as they may be shown, never from what is masked.

`demande.png`: demands by band, what a demand of each could be offered, tension and wait by typology.
`tension.png`: tension by commune and typology, the communes most asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mixite.portrait_tables import ALL, OBSERVED
from mixite.portrait_words import source, vacancies_from
from mixite.report import drawing, numbers
from sim.portrait.pending import TYPOLOGIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from mixite.portrait import Drawn

MOST_COMMUNES = 15
BLUE, ORANGE = drawing.COLOURS[0], drawing.COLOURS[1]
MASKED = "moins de 11"
INSUFFICIENT = "effectif insuffisant"


def figures(drawn: Drawn) -> dict[str, bytes]:
    """Return the figures by file name, as PNG."""
    return {"demande": _overview(drawn), "tension": _map(drawn)}


def _overview(drawn: Drawn) -> bytes:
    bands, places = drawn.tables["tranches"], drawn.tables["tension"]
    by_size = places[places["commune"] == ALL]
    made, axes = drawing.sheet(2, 2, width=11.5, height=2.8 + 0.42 * (max(len(bands), 4) + 6))
    _bars(axes[0], bands["band"].tolist(), bands["demands"], ("demandes", MASKED))
    drawing.title(axes[0], "Demandes en instance, par tranche")
    _bars(
        axes[1], bands["band"].tolist(), bands["offerable_per_demand"], ("logements par demande", MASKED), 1
    )
    drawing.title(axes[1], "Logements de l'année proposables à une demande", 60)
    _spans(axes[2], by_size, "tension", "demandes en instance par logement libéré dans l'année")
    drawing.title(axes[2], "Tension, par typologie")
    _spans(axes[3], by_size, "wait", "mois")
    seen = bool((by_size["wait_method"] == OBSERVED).any())
    drawing.title(axes[3], "Attente des ménages logés" if seen else "Attente que les flux impliquent")
    axes[1].set_yticklabels([])
    said = "Trait : intervalle à 95 %, hasard d'une année seul. Non montré sous 11 demandes ou 20 baux."
    return drawing.png(made, f"{said} {vacancies_from(drawn)} {source(drawn)}")


def _bars(
    panel: Axes, labels: list[str], values: pd.Series[float], said: tuple[str, str], decimals: int = 0
) -> None:
    """Draw a bar a label, from the top, its number at its end; what is masked is said instead."""
    lengths = [0.0 if pd.isna(value) else float(value) for value in values]
    panel.barh(range(len(labels)), lengths, color=BLUE)
    for place, value in enumerate(values):
        text = said[1] if pd.isna(value) else numbers.number(float(value), decimals)
        panel.text(lengths[place], place, f" {text}", va="center", fontsize=8, color=drawing.GREY)
    panel.set_yticks(range(len(labels)), labels)
    panel.invert_yaxis()
    panel.set_xlim(0, max(lengths, default=0) * 1.18 or 1)
    drawing.french_axis(panel, "x")
    panel.set_xlabel(said[0], fontsize=9)


def _spans(panel: Axes, rows: pd.DataFrame, name: str, unit: str) -> None:
    """Draw a point and its interval a typology; an observed wait is a square, in orange."""
    middle = "wait_months" if name == "wait" else name
    known = {row["typology"]: row for _, row in rows.iterrows()}
    labels = (*TYPOLOGIES, ALL)
    for place, label in enumerate(labels):
        row = known.get(label)
        if row is None or pd.isna(row[middle]):
            panel.text(0.01, place, INSUFFICIENT, va="center", fontsize=8, color=drawing.GREY,
                       transform=panel.get_yaxis_transform())  # fmt: skip
            continue
        seen = name == "wait" and row["wait_method"] == OBSERVED
        colour = ORANGE if seen else BLUE
        panel.plot([row[f"{name}_low"], row[f"{name}_high"]], [place, place], color=colour, linewidth=2)
        panel.plot([row[middle]], [place], "s" if seen else "o", color=colour, markersize=7)
    panel.set_yticks(range(len(labels)), [*TYPOLOGIES, "ensemble"])
    panel.set_ylim(len(labels) - 0.5, -0.5)
    panel.set_xlim(0, None)
    panel.grid(axis="x", color="#e3e3e3")
    drawing.french_axis(panel, "x")
    panel.set_xlabel(unit, fontsize=9)


def _map(drawn: Drawn) -> bytes:
    """Draw the tension of each commune and typology as a shade and its number."""
    places = drawn.tables["tension"]
    whole = places[places["typology"] == ALL].sort_values("accepting", ascending=False)
    names = whole[["commune", "commune_name"]].head(MOST_COMMUNES + 1).to_numpy().tolist()
    columns = [*TYPOLOGIES, ALL]
    table = places.pivot(index="commune", columns="typology", values="tension").reindex(columns=columns)
    shown = table.reindex([code for code, _ in names]).to_numpy(dtype=float)
    made, (panel,) = drawing.sheet(1, 1, width=10, height=1.6 + 0.34 * len(names))
    logs = np.log10(np.clip(shown, 0.5, 50))
    panel.imshow(np.ma.masked_invalid(logs), cmap="Blues", aspect="auto", vmin=-0.5, vmax=1.7)
    for row, column in np.ndindex(shown.shape):
        value = float(shown[row, column])
        text = "—" if np.isnan(value) else numbers.number(value, 1)
        ink = "white" if not np.isnan(value) and logs[row, column] > 1.0 else "black"
        panel.text(column, row, text, ha="center", va="center", fontsize=9, color=ink)
    labels = ["ensemble des communes" if code == ALL else name for code, name in names]
    panel.set_yticks(range(len(labels)), labels)
    panel.set_xticks(range(len(columns)), [*TYPOLOGIES, "toutes"])
    panel.set_xlabel("plus petite typologie acceptée ; commune du premier souhait", fontsize=9)
    drawing.title(panel, "Demandes en instance par logement libéré dans l'année", 80)
    said = "Tiret : effectif insuffisant (11 demandes, 20 baux). Intervalles à 95 % : tension.csv."
    return drawing.png(made, f"{said} {vacancies_from(drawn)} {source(drawn)}")
