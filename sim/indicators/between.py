"""Are residences uneven because quartiers, or bailleurs, differ, or within each of them?

Formula, with residences i in groups g (quartiers, or bailleurs), E the entropy of the public's share in the
stock, E_g in a group of N_g households, E_i in a residence of n_i:
`theil_h_between` = Σ_g N_g (E − E_g) / (N E), H of the groups as if each were one residence;
`theil_h_within` = Σ_i n_i (E_g(i) − E_i) / (N E), the mean H of the groups weighted by N_g E_g / (N E).
They sum to `theil_h` exactly. `_corrected`: each part less its mean under random allocation, over the room
that corrects `theil_h` (segregation.py): the two sum to `theil_h_corrected`. Without the correction the part
within is mostly that of small numbers: residences are smaller than quartiers.
Groups are "first_quartile@quartier" (the commune where no quartier is known) and "first_quartile@bailleur".
Reference: H. Theil, "Statistical Decomposition Analysis" (1972); S. Reardon, G. Firebaugh, Sociological
Methodology 32 (2002) 33-67 (which indices of segregation decompose so).
Known flaw: the part between grows with the number of groups and says nothing of what they are; quartiers of
two territories are not the same kind of place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.indicators import segregation
from sim.indicators.indicator import Indicator, Ints, Row, ratio
from sim.indicators.segregation import PUBLICS
from sim.outcomes import Outcomes

_PARTS = {
    "between": ("entre", "Part de l'indice d'entropie qui tient aux écarts entre groupes de résidences"),
    "within": ("dans", "Part de l'indice d'entropie qui tient aux écarts entre résidences d'un même groupe"),
}
RAW = {
    part: Indicator(
        f"theil_h_{part}",
        f"Indice d'entropie de Theil, part {word} les groupes",
        "indice (0-1)",
        f"{text}.",
    )
    for part, (word, text) in _PARTS.items()
}
CORRECTED = {
    part: Indicator(
        f"theil_h_{part}_corrected",
        f"Indice d'entropie de Theil, part {word} les groupes, hors effet du hasard",
        "indice",
        f"{text}, rapportée à ce que donnerait une répartition au hasard dans les mêmes résidences (0).",
    )
    for part, (word, text) in _PARTS.items()
}
INDICATORS = (*RAW.values(), *CORRECTED.values())


@dataclass(frozen=True)
class Parts:
    """Theil's H parted between groups of residences and within them."""

    between: float
    within: float


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the parts between and within, raw and corrected, of each public on 1 January of each year."""
    occupation = outcomes.occupation
    years, place = np.unique(occupation["year"].to_numpy(), return_inverse=True)
    households = occupation["households"].to_numpy(dtype=np.int64)
    groupings = {"quartier": quartiers(occupation), "bailleur": pd.factorize(occupation["bailleur_id"])[0]}
    rows: list[Row] = []
    for public, column in PUBLICS.items():
        members = occupation[column].to_numpy(dtype=np.int64)
        for index, year in enumerate(years):
            of_year = place == index
            x, n = members[of_year], households[of_year]
            for grouping, group in groupings.items():
                raw = parts(x, n, group[of_year])
                told = corrected(raw, expected_at_random(int(x.sum()), n, group[of_year]))
                for part in _PARTS:
                    rows += RAW[part].rows(f"{public}@{grouping}", [year], [getattr(raw, part)])
                    rows += CORRECTED[part].rows(f"{public}@{grouping}", [year], [getattr(told, part)])
    return rows


def quartiers(occupation: pd.DataFrame) -> Ints:
    """Return the quartier of each row as a number, (n,) int: the commune where none is known.

    Quartiers of the same name in two communes are two; the residences of a commune without a known quartier
    are one more.
    """
    commune = pd.factorize(occupation["commune"])[0].astype(np.int64)
    name, names = pd.factorize(occupation["quartier"])
    return commune * (len(names) + 1) + name


def parts(members: Ints, households: Ints, group: Ints) -> Parts:
    """Return Theil's H between groups of residences and within them.

    Parameters
    ----------
    members, households : (r,) int, households of the public and in all, in each residence
    group : (r,) int, the group of each residence, any numbers
    """
    between = segregation.indices(_by_group(members, group), _by_group(households, group)).theil_h
    return Parts(between, segregation.indices(members, households).theil_h - between)


def expected_at_random(public: int, households: Ints, group: Ints) -> Parts:
    """Return the mean parts if `public` households were spread at random over the residences."""
    between = segregation.expected_at_random(public, _by_group(households, group)).theil_h
    return Parts(between, segregation.expected_at_random(public, households).theil_h - between)


def corrected(raw: Parts, expected: Parts) -> Parts:
    """Return the parts corrected for chance; they sum to H corrected."""
    room = 1 - (expected.between + expected.within)
    between, within = ratio([raw.between - expected.between, raw.within - expected.within], room)
    return Parts(float(between), float(within))


def _by_group(counts: Ints, group: Ints) -> Ints:
    return np.bincount(np.unique(group, return_inverse=True)[1], counts).astype(np.int64)
