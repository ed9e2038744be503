"""What do the outcomes of a run mean? One file a family of indicators, each reading outcomes alone."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd

from sim.indicators import (
    attribution,
    between,
    chains,
    dalo,
    decomposition,
    exposure,
    funnel,
    housed,
    household_waits,
    incomes,
    leases,
    matching,
    offers,
    passed_over,
    pressure,
    quotas,
    relogement,
    reservation,
    residualisation,
    rotation,
    rpms,
    segregation,
    slope,
    tenure,
    transitions,
    vacancy,
    waiting,
    where,
)
from sim.indicators.indicator import Indicator, Row
from sim.outcomes import Outcomes

__all__ = ["CATALOGUE", "FAMILIES", "Indicator", "Row", "compute_all"]

FAMILIES = (
    housed,
    waiting,
    household_waits,
    attribution,
    pressure,
    offers,
    funnel,
    quotas,
    dalo,
    rpms,
    reservation,
    vacancy,
    rotation,
    leases,
    chains,
    where,
    passed_over,
    residualisation,
    segregation,
    exposure,
    between,
    slope,
    incomes,
    transitions,
    decomposition,
    relogement,
    matching,
    tenure,
)

CATALOGUE = MappingProxyType(
    {indicator.name: indicator for family in FAMILIES for indicator in family.INDICATORS}
)
"""Every indicator by its name, in the order of the report."""


def compute_all(outcomes: Outcomes) -> pd.DataFrame:
    """Return every indicator of a run in long form: indicator, group, year (0 = whole run), value, unit."""
    rows = [row for family in FAMILIES for row in family.compute(outcomes)]
    return pd.DataFrame.from_records(rows, columns=list(Row._fields))
