"""Which numbers of behaviour does the model play, and where does each come from? One page, generated.

The numbers of a synthetic territory have their own page (sim/territory/synthetic/sources.py), and those of
law their own files (sim/rules/texts).
"""

from __future__ import annotations

from sim.scenario import hypotheses
from sim.territory.synthetic.sources import row_of, table


def page() -> str:
    """Return the page of `scenarios/hypotheses/*.toml`, in Markdown, for `docs/hypotheses.md`."""
    rows = [
        row_of(f"{section}.{name}", figure)
        for section, figures in hypotheses().items()
        for name, figure in figures.items()
    ]
    assumed = sum(row.origin == "hypothèse" for row in rows)
    lines = [
        "# Hypothèses de comportement",
        "",
        "Page générée à partir de `scenarios/hypotheses/*.toml` ; ne pas la modifier à la main.",
        f"{len(rows)} lignes : {len(rows) - assumed} chiffres publiés ou calculés sur eux, "
        f"{assumed} hypothèses nommées.",
        "Un scénario remplace une valeur sous la même clé, par exemple `accepts = 0.6` sous `[acceptance]`.",
        "Une hypothèse porte l'intervalle dans lequel elle peut se trouver.",
        "",
        *table(rows),
    ]
    return "\n".join(lines) + "\n"
