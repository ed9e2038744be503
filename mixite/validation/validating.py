"""What does `mixite validate` do: play each territory, compare, write the table and the page?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite import playing
from mixite.report import numbers
from mixite.validation import judging
from mixite.validation.measuring import Played, play, played, policy_played
from mixite.validation.page import page
from mixite.validation.targets import Target, of_territory, targets, territories
from mixite.versions import code_version
from sim.territory.files.saving import write_csv, write_text

if TYPE_CHECKING:
    import pandas as pd

REPLICATIONS = 200
WHOLE = 1.0
VERDICT = ("mean", "low", "high", "replications", "outcome")
COLUMNS = (
    *("target", "figure", "scope", "year", "value", "unit", "tolerance", "territory"),
    *("scale", *VERDICT),
    *(f"full_{name}" for name in VERDICT),
    *("policy", "years", "burn_in_months", "seed", "code_version"),
)
"""Columns of validation.csv; `full_…` is the territory at full scale, empty where it was not played apart."""

WORDS = {
    judging.INSIDE: "dans la tolérance",
    judging.OUTSIDE: "hors de la tolérance",
    judging.NOT_DISTINGUISHED: "écart non distingué du hasard",
    judging.NOT_MEASURED: "non mesuré",
}


@dataclass(frozen=True)
class Asked:
    """What a validation plays.

    Attributes
    ----------
    territories : names or paths; all those with figures of their own when empty
    replications, full_replications : at the scale of the scenario, and at full scale where it is smaller
    scale, years, seed : instead of those of the scenario, and of the three years played; None keeps them
    """

    territories: tuple[str, ...] = ()
    replications: int = REPLICATIONS
    full_replications: int = 0
    scale: float | None = None
    years: int | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Validated:
    """The folder of a validation and its table, columns `COLUMNS`."""

    out: Path
    table: pd.DataFrame


def validate(asked: Asked, out: Path | None = None, workers: int | None = None) -> Validated:
    """Play the territories, compare each published figure with what they give, write validation.csv and .md.

    1. Read every scenario before anything is played.
    2. Play the replications that are not kept yet, territory by territory, in parallel.
    3. Judge each figure of each territory; write the table, then the page made of it.

    Raises
    ------
    FaultsFound
        when a territory is unknown or wrong, or the output folder is; nothing has been written.
    StoppedEarly
        when the user interrupts; finished replications are kept.
    """
    import pandas as pd

    out = out or Path("resultats") / "validation"
    playing.check_folder(out)
    workers = workers or os.cpu_count() or 1
    named = [
        played(name, asked.scale, asked.years, asked.seed) for name in asked.territories or territories()
    ]
    rows: list[dict[str, Any]] = []
    for here in {one.name: one for one in named}.values():
        values, full = play(here, asked.replications, workers, out), []
        if asked.full_replications and here.scenario.scale < WHOLE:
            whole = played(here.name, WHOLE, asked.years, asked.seed)
            full = play(whole, asked.full_replications, workers, out)
        rows += _rows(here, values, full)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = list(targets())
    table = table.sort_values("figure", key=lambda names: names.map(order.index), kind="stable")
    write_csv(table, out / "validation.csv")
    write_text(page(table), out / "validation.md")
    return Validated(out, table.reset_index(drop=True))


def _rows(
    here: Played, values: Sequence[Mapping[str, float | None]], full: Sequence[Mapping[str, float | None]]
) -> Iterator[dict[str, Any]]:
    """Give one row a figure of a territory."""
    scenario = here.scenario
    for name, target in of_territory(here.name).items():
        figure, simulated = target.figure, target.simulated
        small, large = (asdict(_judged(target, kept)) for kept in (values, full))
        yield {
            "target": figure.target,
            "figure": name,
            "scope": figure.scope,
            "year": figure.year,
            "value": figure.value,
            "unit": figure.unit,
            "tolerance": simulated.tolerance,
            "territory": here.name,
            "scale": scenario.scale,
            **small,
            **({f"full_{key}": value for key, value in large.items()} if full else {}),
            "policy": policy_played(),
            "years": scenario.time.years,
            "burn_in_months": scenario.time.burn_in_months,
            "seed": scenario.runs.seed,
            "code_version": code_version(),
        }


def _judged(target: Target, kept: Sequence[Mapping[str, float | None]]) -> judging.Verdict:
    """Compare the values kept of the replications, taken to the unit of the figure."""
    simulated = target.simulated
    known = [row[simulated.key] for row in kept]
    values = [None if value is None else simulated.factor * value for value in known]
    return judging.judge(target.figure.value, simulated.tolerance, values)


def read_table(path: Path) -> pd.DataFrame:
    """Read what `validate` wrote as validation.csv; a year stays as it was published."""
    import pandas as pd

    return pd.read_csv(path, dtype={"year": str, "code_version": str})


def lines(found: Validated) -> Iterator[str]:
    """Give the lines shown on the terminal: one a figure, then how many are inside."""
    for row in found.table.to_dict("records"):
        simulated = targets()[row["figure"]].simulated
        places = 2 if row["tolerance"] < 1 else 1
        value, tolerance, mean, low, high = (
            numbers.number(row[key], places) for key in ("value", "tolerance", "mean", "low", "high")
        )
        unit = row["unit"].replace("months", "mois").replace("/yr", " par an")
        yield (
            f"{row['target']} {simulated.label}, {row['scope']} {row['year']} : publié {value} {unit} "
            f"(± {tolerance}), simulé ({row['territory']}) {mean} [{low} ; {high}] : {WORDS[row['outcome']]}"
        )
    inside = int((found.table["outcome"] == judging.INSIDE).sum())
    yield f"{inside} chiffre(s) sur {len(found.table)} dans la tolérance"
    yield f"page : {found.out / 'validation.md'}"


def as_json(found: Validated) -> dict[str, Any]:
    """Return the answer of `validate --json`: the rows of the table, each with the reason in words."""
    figures = [
        row | {"reason": targets()[row["figure"]].simulated.reason} for row in found.table.to_dict("records")
    ]
    return {"out": str(found.out), "figures": figures}
