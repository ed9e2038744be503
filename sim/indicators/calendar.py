"""In which calendar year of the run does an event fall?

The run's own year has 365.25 days: a tail of less than a day beyond 31 December belongs to the year
before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.indicator import WHOLE_RUN, Bools, Floats, Ints
from sim.outcomes import DAY_S, Outcomes


@dataclass(frozen=True)
class Calendar:
    """The calendar years of a run.

    Attributes
    ----------
    years : (y,) int, calendar years that the run covers, the first and last perhaps in part
    ends_s : (y,) float, seconds since the start at the end of each year; the last is the end of the run
    """

    years: Ints
    ends_s: Floats

    @classmethod
    def of(cls, outcomes: Outcomes) -> Calendar:
        """Return the calendar of a run."""
        start, end_s = outcomes.start, int(outcomes.context["end_s"])
        first_instant = datetime(start.year, start.month, start.day)
        last_year = (first_instant + timedelta(seconds=max(end_s - DAY_S, 0))).year
        years = np.arange(start.year, last_year + 1)
        ends_s = [(date(int(year) + 1, 1, 1) - start).days * DAY_S for year in years[:-1]]
        return cls(years, np.array([*ends_s, end_s], dtype=float))

    @property
    def labels(self) -> list[int]:
        """Return 0 for the whole run, then the years."""
        return [WHOLE_RUN, *self.years.tolist()]

    def place(self, seconds: Floats) -> Ints:
        """Return the index of the year of each time, (n,) int; times are never NaN."""
        return np.searchsorted(self.ends_s[:-1], seconds, side="right")

    def tally(self, places: Ints, weights: Floats | None = None) -> Floats:
        """Return the number (or summed weight) of events: whole run, then each year, (1 + y,) float."""
        counted = np.bincount(places, weights=weights, minlength=self.years.size).astype(float)
        return np.concatenate([[counted.sum()], counted])


def yearly(table: pd.DataFrame, names: Sequence[str], among: Bools | None = None) -> tuple[Ints, Floats]:
    """Sum columns of counts by the calendar year of a table's rows.

    Parameters
    ----------
    names : columns of whole numbers, c of them
    among : (n,) rows summed, all where not given

    Returns
    -------
    (y,) years of the rows summed, in order, and (c, y) float, exact below 2⁵³
    """
    rows = slice(None) if among is None else among
    years, place = np.unique(table["year"].to_numpy()[rows], return_inverse=True)
    sums: Floats = np.zeros((len(names), years.size))
    for line, name in enumerate(names):
        sums[line] = np.bincount(place, table[name].to_numpy()[rows], years.size)
    return years, sums


def seconds(column: pd.Series[Any]) -> Floats:
    """Return a `*_s` column as floats, NaN where the thing did not happen."""
    return column.to_numpy(dtype=np.float64, na_value=np.nan)
