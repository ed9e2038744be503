"""How unevenly is a public spread between residences?

Formula, with x_i of n_i households of residence i in the public, X and N their sums, P = X / N:
dissimilarity D = ½ Σ |x_i/X − (n_i−x_i)/(N−X)|; isolation I = Σ (x_i/X)(x_i/n_i);
theil_h H = Σ n_i (E − E_i) / (N E), E the entropy of the public's share.
`_corrected` = (V − V*)/(1 − V*), V* the value expected if the same households were spread at random over the
same residences. x_i is then hypergeometric, so V* is exact and needs no draw: 0 is the mean under chance, 1
complete separation, below 0 more even than chance makes it.
Reference: O. Duncan, B. Duncan, American Sociological Review 20 (1955) 210-217 (D); D. Massey, N. Denton,
Social Forces 67 (1988) 281-315 (I, H); W. Carrington, K. Troske, Journal of Business & Economic Statistics 15
(1997) 402-409 (correction for small units, here with the expectation computed exactly). Where V < V* they
divide by V*, so that −1 is perfectly even: the mean under chance is then below 0, and a difference between
two policies on either side of chance is inflated. Here it is one line on both sides.
Known flaw: raw values grow as residences get smaller or the public rarer, so compare them only on one
territory; the corrected ones do not see how far apart two residences are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import entr, gammaln

from sim.indicators.indicator import Floats, Indicator, Ints, Row, ratio
from sim.outcomes import Outcomes

PUBLICS = {
    "first_quartile": "first_quartile_fixed",
    "below_20_plus": "below_20_plus",
    "below_40_plus": "below_40_plus",
}
"""Publics and their columns of `occupation`, on the fixed ruler."""

REACH = 5.0
"""How far from their mean numbers are summed, in square roots of a residence's size."""

_SHOWN = {
    "dissimilarity": (
        "Dissimilarité entre résidences",
        "Part du public qui devrait changer de résidence pour que toutes aient la même part",
    ),
    "isolation": ("Isolement", "Part moyenne du public dans la résidence d'un ménage du public"),
    "theil_h": (
        "Indice d'entropie de Theil (H)",
        "Écart entre la diversité du parc et celle de ses résidences",
    ),
}
RAW = {name: Indicator(name, label, "indice (0-1)", f"{text}.") for name, (label, text) in _SHOWN.items()}
CORRECTED = {
    name: Indicator(
        f"{name}_corrected",
        f"{label}, hors effet du hasard",
        "indice",
        f"{text}, rapporté à ce que donnerait en moyenne une répartition au hasard dans les mêmes résidences "
        "(0 ; 1 : séparation entière ; sous 0 : plus égale que le hasard).",
    )
    for name, (label, text) in _SHOWN.items()
}
INDICATORS = (*RAW.values(), *CORRECTED.values())


@dataclass(frozen=True)
class Indices:
    """The three indices of one public over the residences."""

    dissimilarity: float
    isolation: float
    theil_h: float


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the raw and corrected indices of each public on 1 January of each year."""
    occupation = outcomes.occupation
    years, place = np.unique(occupation["year"].to_numpy(), return_inverse=True)
    households = occupation["households"].to_numpy(dtype=np.int64)
    rows: list[Row] = []
    for public, column in PUBLICS.items():
        members = occupation[column].to_numpy(dtype=np.int64)
        for index, year in enumerate(years):
            of_year = place == index
            raw = indices(members[of_year], households[of_year])
            chance = expected_at_random(int(members[of_year].sum()), households[of_year])
            for name in RAW:
                value, expected = getattr(raw, name), getattr(chance, name)
                rows += RAW[name].rows(public, [year], [value])
                rows += CORRECTED[name].rows(public, [year], [corrected(value, expected)])
    return rows


def indices(members: Ints, households: Ints) -> Indices:
    """Return the raw indices of a public.

    Parameters
    ----------
    members : (r,) int, households of the public in each residence
    households : (r,) int, households in each residence; empty residences change nothing

    Returns
    -------
    NaN where the public is nobody or everybody.
    """
    x, n = members[households > 0].astype(float), households[households > 0].astype(float)
    public, total = x.sum(), n.sum()
    if public in (0, total):
        return Indices(np.nan, np.nan, np.nan)
    dissimilarity = np.abs(x / public - (n - x) / (total - public)).sum() / 2
    isolation = (x / public * x / n).sum()
    theil_h = 1 - (n * _entropy(x / n)).sum() / (total * _entropy(public / total))
    return Indices(float(dissimilarity), float(isolation), float(theil_h))


def expected_at_random(public: int, households: Ints) -> Indices:
    """Return the mean indices if `public` households were spread at random over the residences.

    1. The number in a residence of size n is hypergeometric(N, public, n); one law per distinct size.
    2. Only numbers within 5 √n of their mean are summed: the others have a chance under 2 exp(−50), 4e-22
       (W. Hoeffding, Journal of the American Statistical Association 58 (1963) 13-30), less than rounding.
    3. Each index is a sum over residences once X and N are fixed: its mean is the sum of their means.
    """
    sizes, residences = np.unique(households[households > 0], return_counts=True)
    total = int((sizes * residences).sum())
    if public in (0, total):
        return Indices(np.nan, np.nan, np.nan)
    share, reach = public / total, REACH * np.sqrt(sizes)
    lowest = np.maximum(np.floor(sizes * share - reach), 0).astype(np.int64)
    numbers = np.minimum(np.ceil(sizes * share + reach), sizes).astype(np.int64) - lowest + 1
    starts = np.concatenate([[0], np.cumsum(numbers)[:-1]])
    n = np.repeat(sizes, numbers).astype(float)
    x = (np.arange(n.size) - np.repeat(starts - lowest, numbers)).astype(float)
    chance = np.exp(
        _log_choose(public, x) + _log_choose(total - public, n - x) - _log_choose(float(total), n)
    )

    def mean(value: Floats) -> float:
        """Sum over residences of the mean of a value of (x, n)."""
        return float((np.add.reduceat(chance * value, starts) * residences).sum())

    dissimilarity = mean(np.abs(x - n * share)) / (2 * total * share * (1 - share))
    isolation = mean(x * x / n) / public
    theil_h = 1 - mean(n * _entropy(x / n)) / (total * float(_entropy(share)))
    return Indices(dissimilarity, isolation, theil_h)


def corrected(value: float, expected: float) -> float:
    """Return a value corrected for chance: 0 on average under chance, 1 complete separation."""
    return float(ratio(value - expected, 1 - expected))


def _entropy(share: Floats | float) -> Floats:
    entropy: Floats = entr(share) + entr(1 - np.asarray(share))
    return entropy


def _log_choose(size: float, chosen: Floats) -> Floats:
    """Return log C(size, chosen), −inf where chosen is not in 0..size."""
    log: Floats = gammaln(size + 1.0) - gammaln(chosen + 1.0) - gammaln(size - chosen + 1.0)
    return log
