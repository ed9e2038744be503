"""What is measured beside the comparison itself: variants, drawn worlds, what reverses the conclusion?

All three are off until the scenario asks for them, and are about the first pair of policies under the first
grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mixite.arms import Stage
from mixite.drawn import Drawn, play_draws
from mixite.reversals import Reversals, play_reversals
from mixite.terminal import say
from mixite.variants import Variants, play_variants
from sim.territory.files.saving import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.uncertainty import Declared


@dataclass(frozen=True)
class Beside:
    """What was measured beside a comparison; None where it was not asked."""

    variants: Variants | None = None
    drawn: Drawn | None = None
    reversals: Reversals | None = None


def ranges_of(scenario: Scenario) -> Declared | None:
    """Return the declared ranges of a scenario that asks to draw them or to search them, else None.

    Raises
    ------
    FaultsFound
        when `[uncertainty]` names what does not exist, or gives a range that is refused.
    """
    from sim.uncertainty import declared

    asked = scenario.uncertainty
    return declared(scenario) if asked.draws or asked.reversals else None


def play_beside(stage: Stage, ranges: Declared | None, values: pd.DataFrame) -> Beside:
    """Play what the scenario asks beside its comparison.

    Parameters
    ----------
    ranges : what `ranges_of` returned
    values : the indicators of the scenario's own runs

    Raises
    ------
    FaultsFound
        when a world that is drawn is refused.
    """
    from sim.comparison import compare, headlines, ladder_pairs

    variants = play_variants(stage, values)
    if ranges is None:
        return Beside(variants)
    pairs = ladder_pairs(stage.scenario.policies.compare)
    if not pairs:
        say("une seule politique : ni incertitude ni renversement à mesurer")
        return Beside(variants)
    alea = headlines(compare(values, pairs[:1]))
    drawn = play_draws(stage, ranges, alea, pairs[0])
    return Beside(variants, drawn, play_reversals(stage, ranges, alea, pairs[0]))


def write_beside(beside: Beside, out: Path) -> None:
    """Write the tables of what was measured; those of an older comparison are removed."""
    tables = {
        "variants.csv": beside.variants and beside.variants.table,
        "draws.csv": beside.drawn and beside.drawn.each,
        "draws_values.csv": beside.drawn and beside.drawn.values,
        "renversements.csv": beside.reversals and beside.reversals.table,
    }
    for name, table in tables.items():
        if table is None:
            (out / name).unlink(missing_ok=True)
        else:
            write_csv(table, out / name)


def with_drawn_rows(comparison: pd.DataFrame, drawn: Drawn | None) -> pd.DataFrame:
    """Return the rows of comparison.csv: those of chance alone, then those of the drawn worlds."""
    if drawn is None:
        return comparison
    import pandas as pd

    rows = drawn.rows.reindex(columns=comparison.columns)
    rows = rows.astype({"p_value": float, "p_holm": float, "distinguished_holm": "boolean"})
    return pd.concat([comparison, rows], ignore_index=True)
