"""What are the headlines of a comparison when some keys of its scenario change?

Each [[variant]] is played for those of its policies that are compared, on the first replications of the
scenario: its difference is paired within itself, and its distance to the scenario's own over the same
replications. Left out on purpose: further grids, under which no variant is played.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixite.arms import Arm, Stage

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Variant


@dataclass(frozen=True)
class Variants:
    """The headlines of the first pair of each variant, the scenario's own first.

    Attributes
    ----------
    table : columns of variants.csv
    replications : of each variant, at most
    left : labels of the variants not played: fewer than two of their policies are compared
    """

    table: pd.DataFrame
    replications: int
    left: tuple[str, ...]


def play_variants(stage: Stage, base: pd.DataFrame) -> Variants | None:
    """Play the variants of a scenario and return their headlines; None where it has none.

    Parameters
    ----------
    base : the indicators of the scenario's own runs
    """
    scenario = stage.scenario
    if not scenario.variant:
        return None
    from sim.scenario import changed

    number = min(scenario.runs.variant_replications, int(base["replication"].nunique()))
    arms: list[tuple[Variant, Arm]] = []
    for variant in scenario.variant:
        policies = [name for name in variant.policies if name in scenario.policies.compare]
        if len(set(policies)) > 1:
            arms.append((variant, stage.arm(changed(scenario, variant.set), policies, range(number))))
    stage.play([arm for _, arm in arms], "variantes")
    values = [(variant.name, variant.label, stage.values(arm)) for variant, arm in arms]
    played = [variant.name for variant, _ in arms]
    left = tuple(variant.label for variant in scenario.variant if variant.name not in played)
    return Variants(table_of(base, values), number, left)


def table_of(base: pd.DataFrame, variants: Sequence[tuple[str, str, pd.DataFrame]]) -> pd.DataFrame:
    """Return the headlines of each variant, those of the scenario over all its replications first.

    `change`, with its interval, is the variant's difference minus the scenario's own over the replications
    of the variant: paired, and empty for the scenario itself.

    Parameters
    ----------
    base : the indicators of the scenario's own runs
    variants : name, label and indicators of each

    Returns
    -------
    variant, label, then the columns of a comparison, `change`, `change_low`, `change_high`,
    `change_distinguished`.
    """
    import pandas as pd

    from sim.comparison import compare, headlines, ladder_pairs
    from sim.scenario import BASE

    pairs = dict.fromkeys(ladder_pairs(list(values["policy"].unique()))[0] for _, _, values in variants)
    tables = [
        headlines(compare(base, [pair])).assign(variant=BASE, label="le scénario lui-même") for pair in pairs
    ]
    for name, label, values in variants:
        pair = ladder_pairs(list(values["policy"].unique()))[0]
        shown = headlines(compare(values, [pair])).assign(variant=name, label=label)
        tables.append(shown.merge(_changes(base, values, pair), how="left"))
    if not tables:
        return pd.DataFrame(columns=["variant", "label"])
    kept = [table.drop(columns=["p_holm", "distinguished_holm"]) for table in tables]
    table = pd.concat(kept, ignore_index=True)
    return table[["variant", "label", *(name for name in table if name not in ("variant", "label"))]]


def _changes(base: pd.DataFrame, values: pd.DataFrame, pair: tuple[str, str]) -> pd.DataFrame:
    """Return the change of each difference from the scenario to a variant, with its paired interval."""
    import pandas as pd

    from sim.comparison import KEY, compare
    from sim.spread import differences

    rows = values[KEY].drop_duplicates()
    shared = set(base["replication"].unique()) & set(values["replication"].unique())
    both = [
        differences(table[table["replication"].isin(shared)], pair, rows)
        .rename(columns={"difference": "value"})
        .assign(policy=name)[["policy", "replication", *KEY, "value"]]
        for name, table in (("base", base), ("variant", values))
    ]
    found = compare(pd.concat(both, ignore_index=True), [("base", "variant")])
    names = {
        "difference": "change",
        "ci_low": "change_low",
        "ci_high": "change_high",
        "distinguished": "change_distinguished",
    }
    return found[[*KEY, *names]].rename(columns=names)
