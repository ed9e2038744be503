"""What a report is made of: one comparison, its runs' indicators, and what they were played with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.comparison import ladder_pairs
from sim.indicators import groups

if TYPE_CHECKING:
    import pandas as pd

WHOLE_RUN = 0
"""Year of a value that covers the whole run."""


@dataclass(frozen=True)
class Study:
    """A finished comparison.

    Attributes
    ----------
    scenario : the scenario after overrides, as plain data
    policies : those compared, in the order asked
    values : one row a run and indicator (policy, replication, indicator, group, year, value, unit)
    comparison, headlines : paired statistics, columns of comparison.csv
    context : what the runs were (see sim/outcomes.py)
    manifest : of one run: digests, versions, seed
    hypotheses : named assumptions (section, name, value, unit, text, low, high)
    other_grids : headlines under each further grid, by grid file
    """

    scenario: Mapping[str, Any]
    policies: tuple[str, ...]
    values: pd.DataFrame
    comparison: pd.DataFrame
    headlines: pd.DataFrame
    context: Mapping[str, Any]
    manifest: Mapping[str, Any]
    hypotheses: tuple[Mapping[str, Any], ...] = ()
    other_grids: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def replications(self) -> int:
        """Number of replications played."""
        return int(self.values["replication"].nunique())

    @property
    def synthetic(self) -> bool:
        """Tell whether the territory is synthetic: every page then says so."""
        return bool(self.context["territory"]["synthetic"])

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
        rows = self.values
        years = rows.loc[(rows["indicator"] == indicator) & (rows["group"] == group), "year"]
        return WHOLE_RUN if years.empty or (years == WHOLE_RUN).any() else int(years.max())

    def value(self, indicator: str, group: str, policy: str, year: int | None = None) -> float:
        """Return the mean over replications of one value at its reading year, NaN where there is none."""
        rows = self.values
        year = self.reading_year(indicator, group) if year is None else year
        chosen = rows[
            (rows["indicator"] == indicator)
            & (rows["group"] == group)
            & (rows["policy"] == policy)
            & (rows["year"] == year)
        ]["value"]
        return float(chosen.mean())

    def difference(
        self, indicator: str, group: str, pair: tuple[str, str], year: int | None = None
    ) -> Mapping[str, Any] | None:
        """Return the row of comparison.csv of a pair at the reading year, None where there is none."""
        rows = self.comparison
        year = self.reading_year(indicator, group) if year is None else year
        chosen = rows[
            (rows["indicator"] == indicator)
            & (rows["group"] == group)
            & (rows["year"] == year)
            & (rows["policy_a"] == pair[0])
            & (rows["policy_b"] == pair[1])
        ]
        return None if chosen.empty else chosen.iloc[0].to_dict()

    def depends_on_grid(self, indicator: str, group: str, pair: tuple[str, str]) -> bool:
        """Tell whether the sign of a headline difference changes with the grid."""
        signs = {_sign(self.headlines, indicator, group, pair)}
        signs |= {_sign(found, indicator, group, pair) for found in self.other_grids.values()}
        return len(signs - {None}) > 1


def _sign(headlines: pd.DataFrame, indicator: str, group: str, pair: tuple[str, str]) -> int | None:
    chosen = headlines[
        (headlines["indicator"] == indicator)
        & (headlines["group"] == group)
        & (headlines["policy_a"] == pair[0])
        & (headlines["policy_b"] == pair[1])
    ]["difference"].dropna()
    if chosen.empty:
        return None
    first = float(chosen.iloc[0])
    return (first > 0) - (first < 0)


def group_label(name: str) -> str:
    """Return the French name of a public."""
    return groups.label(name)
