"""By what are demands and dwellings told apart, and how is something summed over each group?

Demands: by trait (groups overlap), by typology asked (who asks for two is half of each), by first commune.
Dwellings: by typology, commune, bailleur, QPV and how candidates are found. QPV is of the dwelling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.indicators import groups
from sim.indicators.indicator import Floats, Ints
from sim.indicators.pressure import TYPOLOGIES, asked, typology
from sim.rules.traits import TRAITS, Use

ALL, TRAIT, ASKED, FIRST_COMMUNE = "all", "trait", "rooms_asked", "first_commune"
ROOMS, COMMUNE, BAILLEUR, QPV, POOL = "rooms", "commune", "bailleur", "qpv", "pool"

OF_DEMANDS = (ALL, TRAIT, ASKED, FIRST_COMMUNE)
OF_DWELLINGS = (ALL, ROOMS, COMMUNE, BAILLEUR, QPV, POOL)


@dataclass(frozen=True)
class Dimension:
    """Groups, and which of them each row of a table is of.

    `share` is the part of each row that is of each group, (n, g) float; or the one group of each, (n,) int.
    """

    name: str
    groups: tuple[str, ...]
    share: Floats | Ints

    def sums(self, weights: Floats) -> Floats:
        """Return the sum of each column of weights, (n, k), over each group: (g, k)."""
        if self.share.ndim == 2:
            summed: Floats = self.share.T @ weights
            return summed
        size = len(self.groups)
        by_column = [np.bincount(self.share, column, size) for column in weights.T]
        return np.stack(by_column, axis=1)


def traits_for(use: Use) -> tuple[str, ...]:
    """Return the traits admitted for a use, in the order of the vocabulary."""
    return tuple(trait.name for trait in TRAITS if use in trait.uses)


def of_demands(demands: pd.DataFrame, use: Use) -> list[Dimension]:
    """Return what demands are told apart by; of the traits, those admitted for a use.

    Traits are those of filing; `dalo` holds whoever was recognised while the demand was open.
    """
    names = traits_for(use)
    held = demands[list(names)].to_numpy(dtype=float, copy=True)
    held[:, names.index("dalo")] = groups.of_demands(demands)["dalo"]
    return [
        _everything(len(demands)),
        Dimension(TRAIT, names, held),
        Dimension(ASKED, TYPOLOGIES, asked(demands)),
        _by(FIRST_COMMUNE, demands["commune"]),
    ]


def of_vacancies(vacancies: pd.DataFrame) -> list[Dimension]:
    """Return what vacancies are told apart by."""
    return [
        _everything(len(vacancies)),
        Dimension(ROOMS, TYPOLOGIES, typology(vacancies["rooms"].to_numpy(dtype=np.int64))),
        _by(COMMUNE, vacancies["commune"]),
        _by(BAILLEUR, vacancies["bailleur_id"]),
        Dimension(QPV, ("hors_qpv", "qpv"), vacancies["in_qpv"].to_numpy(dtype=np.int64)),
        _by(POOL, vacancies["designation_mode"]),
    ]


def summed(dimensions: Sequence[Dimension], weights: Mapping[str, Any]) -> pd.DataFrame:
    """Return the sums of some columns over every group: dimension, group, then the columns."""
    matrix = np.stack([np.asarray(column, dtype=float) for column in weights.values()], axis=1)
    parts = []
    for one in dimensions:
        table = pd.DataFrame(one.sums(matrix), columns=list(weights))
        table.insert(0, "group", list(one.groups))
        table.insert(0, "dimension", one.name)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _everything(size: int) -> Dimension:
    return Dimension(ALL, ("all",), np.zeros(size, dtype=np.int64))


def _by(name: str, column: pd.Series[Any]) -> Dimension:
    code, names = pd.factorize(column, sort=True)
    return Dimension(name, tuple(str(one) for one in names), code.astype(np.int64))
