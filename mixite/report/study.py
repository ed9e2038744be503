"""What a report is made of: one comparison, its runs' indicators, and what they were played with."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mixite.diffusion import INTERNE, MAY, May
from mixite.report.setting import Setting
from sim.comparison import ladder_pairs
from sim.indicators import groups

if TYPE_CHECKING:
    import pandas as pd

    from mixite.drawn import Drawn
    from mixite.report.pictured import Pictured
    from mixite.residences import Residences
    from mixite.reversals import Reversals
    from mixite.stopping import Stopping
    from mixite.variants import Variants
    from sim.objectives import Coherence

WHOLE_RUN = 0
"""Year of a value that covers the whole run."""

VALUE_KEY = ["indicator", "group", "policy", "year"]


@dataclass(frozen=True)
class Study:
    """A finished comparison.

    Attributes
    ----------
    scenario : the scenario after overrides, as plain data
    policies : those compared, in the order asked
    values : one row a run and indicator (policy, replication, indicator, group, year, value, unit)
    comparison, headlines : paired statistics, columns of comparison.csv; Holm's for the headlines
    context : what the runs were (see sim/outcomes.py)
    manifest : of one run: digests, versions, seed
    setting : on which data and which machine it was played
    hypotheses : named assumptions (section, name, value, unit, text, low, high)
    other_grids : `comparison` under each further grid, by grid file
    stopping : how the number of replications was set, when a precision was asked
    signs : the headlines under the three weights of points, where they were asked (sim/signs.py)
    objectives : whether the targets can be met, None without any (sim/objectives)
    variants, drawn, reversals : what was measured beside, None where it was not asked (mixite/beside.py)
    residences : how often each residence becomes « à conforter » (sim/residences.py)
    concerned : rows of concerned.csv, who is concerned by each pair (sim/concerned)
    pictured : what maps, curves and gauges read of the runs, None where no run was read
    diffusion : to whom the report may go, one of mixite.diffusion.LEVELS
    """

    scenario: Mapping[str, Any]
    policies: tuple[str, ...]
    values: pd.DataFrame
    comparison: pd.DataFrame
    headlines: pd.DataFrame
    context: Mapping[str, Any]
    manifest: Mapping[str, Any]
    setting: Setting
    hypotheses: tuple[Mapping[str, Any], ...] = ()
    other_grids: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    stopping: Stopping | None = None
    signs: pd.DataFrame | None = None
    variants: Variants | None = None
    drawn: Drawn | None = None
    reversals: Reversals | None = None
    residences: Residences | None = None
    concerned: pd.DataFrame | None = None
    pictured: Pictured | None = None
    diffusion: str = INTERNE
    objectives: Coherence | None = None

    @property
    def may(self) -> May:
        """What the report may hold."""
        return MAY[self.diffusion]

    @property
    def replications(self) -> int:
        """Number of replications played."""
        return int(self.values["replication"].nunique())

    @property
    def grids(self) -> tuple[str, ...]:
        """The grid files played, the first one at the head."""
        file = self.scenario["grid"]["file"]
        return (file,) if isinstance(file, str) else tuple(file)

    @property
    def synthetic(self) -> bool:
        """Tell whether the territory is synthetic: every page then says so."""
        return bool(self.context["territory"]["synthetic"])

    @property
    def targets(self) -> list[Mapping[str, Any]]:
        """The targets of the scenario, as plain data."""
        return list(self.scenario.get("target", ()))

    @property
    def territory(self) -> str:
        """Name of the territory."""
        return str(self.context["territory"]["name"])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The pairs compared, the one shown first at the head."""
        return ladder_pairs(self.policies)

    @property
    def first_pair(self) -> tuple[str, str]:
        """The pair shown first; a policy played alone stands beside itself."""
        return self.pairs[0] if self.pairs else (self.policies[0], self.policies[0])

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The other pairs: the steps of the ladder, then the policies beside it."""
        return self.pairs[1:]

    def means(self, indicator: str, group: str) -> pd.DataFrame:
        """Return mean, low and high over replications by policy (rows) and year, columns of the same name.

        low and high bound the middle 95 % of the replications.
        """
        rows = self.values
        chosen = rows[(rows["indicator"] == indicator) & (rows["group"] == group)]
        by = chosen.groupby(["policy", "year"], sort=True)["value"]
        found = by.mean().to_frame("mean")
        found["low"], found["high"] = by.quantile(0.025), by.quantile(0.975)
        return found.reset_index()

    def reading_year(self, indicator: str, group: str) -> int:
        """Return the year at which an indicator is read: the whole run, else the last year it has."""
        years = self._years.get((indicator, group), (WHOLE_RUN,))
        return WHOLE_RUN if WHOLE_RUN in years else max(years)

    def value(self, indicator: str, group: str, policy: str, year: int | None = None) -> float:
        """Return the mean over replications of one value at its reading year, NaN where there is none."""
        year = self.reading_year(indicator, group) if year is None else year
        return self._means.get((indicator, group, policy, year), math.nan)

    def known(self, indicator: str, group: str, policy: str, year: int) -> int:
        """Return in how many replications a value is known."""
        return self._known.get((indicator, group, policy, year), 0)

    def difference(
        self, indicator: str, group: str, pair: tuple[str, str], year: int | None = None
    ) -> Mapping[str, Any] | None:
        """Return the row of comparison.csv of a pair at the reading year, None where there is none."""
        year = self.reading_year(indicator, group) if year is None else year
        return self._differences.get((indicator, group, year, *pair))

    @cached_property
    def _means(self) -> Mapping[tuple[Any, ...], float]:
        means = self.values.groupby(VALUE_KEY)["value"].mean().reset_index()
        return {(*key,): value for *key, value in means.itertuples(index=False, name=None)}

    @cached_property
    def _known(self) -> Mapping[tuple[Any, ...], int]:
        known = self.values.groupby(VALUE_KEY)["value"].count().reset_index()
        return {(*key,): count for *key, count in known.itertuples(index=False, name=None)}

    @cached_property
    def _years(self) -> Mapping[tuple[str, str], set[int]]:
        years: dict[tuple[str, str], set[int]] = defaultdict(set)
        for indicator, group, _, year in self._means:
            years[indicator, group].add(year)
        return years

    def depends_on_grid(self, indicator: str, group: str, pair: tuple[str, str]) -> bool:
        """Tell whether a difference is positive under one grid and negative under another."""
        key = (indicator, group, self.reading_year(indicator, group), *pair)
        found = [rows[key]["difference"] for rows in (self._differences, *self._elsewhere) if key in rows]
        found = [difference for difference in found if not math.isnan(difference)]
        return min(found, default=0) < 0 < max(found, default=0)

    @cached_property
    def _differences(self) -> Mapping[tuple[Any, ...], Mapping[str, Any]]:
        return _by_key(self.comparison)

    @cached_property
    def _elsewhere(self) -> list[Mapping[tuple[Any, ...], Mapping[str, Any]]]:
        return [_by_key(comparison) for comparison in self.other_grids.values()]


def _by_key(comparison: pd.DataFrame) -> Mapping[tuple[Any, ...], Mapping[str, Any]]:
    names = ("indicator", "group", "year", "policy_a", "policy_b")
    return {tuple(row[name] for name in names): row for row in records(comparison)}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, column name to value."""
    names = [str(name) for name in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def group_label(name: str) -> str:
    """Return the French name of a public."""
    return groups.label(name)
