"""Which leases of a run does each legal share and each floor of the stratégie count, holder by holder?

Left out on purpose: how they are drawn (gauges.py), and whether a residence whose type is not settled counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.indicators import groups
from sim.indicators.quotas import BOUND_BY_R4

if TYPE_CHECKING:
    import pandas as pd

Bools = NDArray[np.bool_]

TARGET = "cible"

NAMED_BY = {
    "types": "peuplement_type",
    "bailleurs": "bailleur_id",
    "residences": "residence_id",
    "quartiers": "quartier",
    "communes": "commune",
}
"""Keys of a target that name where it bears, and the column of leases each reads."""

PLACE_OF = {"residence": "residence_id", "quartier": "quartier", "commune": "commune"}
"""Column of leases that holds the place of each level, but for the whole EPCI."""

ON_LEASES = (
    *("peuplement_type", "bailleur_id", "residence_id", "commune"),
    *("in_qpv", "first_quartile", "relogement", "dalo", "l441_1", "neutral", "reservataire"),
)
"""Columns of leases that are counted on, beside the publics of the targets and the quartier."""


def counted(
    leases: pd.DataFrame, targets: Sequence[Mapping[str, Any]], rpms: Collection[str]
) -> pd.DataFrame:
    """Count the leases of a run that each rule counts and those that it is counted of, by holder.

    Parameters
    ----------
    leases : with the quartier of each residence, "" where unknown
    targets : of the scenario, as plain data
    rpms : residences listed as RPMS

    Returns
    -------
    columns rule, holder, reached, base; the holder of a target is its place in `targets`, followed by that of
    the quartier or commune: "0", "0@commune:59350", "0@quartier:59350/Centre"
    """
    import pandas as pd

    flag = {name: leases[name].to_numpy(dtype=bool) for name in ("in_qpv", "first_quartile", "relogement")}
    priority = leases["dalo"].to_numpy(dtype=bool) | leases["l441_1"].to_numpy(dtype=bool)
    holders = {"all": np.ones(len(leases), dtype=bool), **groups.of_bailleurs(leases["bailleur_id"])}
    reservataires = groups.of_reservataires(leases["reservataire"])
    rows = []
    for holder, held in holders.items():
        outside, inside = held & ~flag["in_qpv"], held & flag["in_qpv"]
        rows.append(("R1", holder, outside & (flag["first_quartile"] | flag["relogement"]), outside))
        rows.append(("R2", holder, inside & ~flag["first_quartile"], inside))
    rows += [
        ("R4", holder, reservataires[holder] & priority, reservataires[holder]) for holder in BOUND_BY_R4
    ]
    for place, target in enumerate(targets):
        base, member = _concerned(leases, target, rpms), leases[target["public"]].to_numpy(dtype=bool)
        rows.append((TARGET, str(place), base & member, base))
        for name, there in _places(leases[base], target.get("level", "residence")).items():
            own = base.copy()
            own[base] = there
            rows.append((TARGET, f"{place}@{name}", own & member, own))
    table = [(rule, holder, int(reached.sum()), int(base.sum())) for rule, holder, reached, base in rows]
    return pd.DataFrame(table, columns=["rule", "holder", "reached", "base"])


def place_of(holder: str) -> tuple[str, str]:
    """Return the holder as a whole, and the place it is of, nothing where it is the whole itself."""
    whole, _, place = holder.partition("@")
    return whole, place


def _places(leases: pd.DataFrame, level: str) -> dict[str, Bools]:
    """Return the quartiers or communes of a level, by name, and the leases signed there, (n,) bool each."""
    if level not in ("quartier", "commune"):
        return {}
    names = f"{level}:" + leases["commune"].astype(str)
    if level == "quartier":
        names += "/" + leases["quartier"].astype(str)
    return {name: names.eq(name).to_numpy(dtype=bool) for name in sorted(names.unique())}


def _concerned(leases: pd.DataFrame, target: Mapping[str, Any], rpms: Collection[str]) -> Bools:
    """Return the leases that a target is counted of, (n,) bool (sim/rules/peuplement/perimeters.py)."""
    concerned = ~leases["neutral"].to_numpy(dtype=bool)
    level = target.get("level", "residence")
    if target.get("without"):
        concerned &= ~leases[PLACE_OF[level]].isin(list(target["without"])).to_numpy()
    if level == "quartier":
        concerned &= leases["quartier"].ne("").to_numpy()  # a residence of no known quartier is in no row
    for key, column in NAMED_BY.items():
        if target.get(key):
            concerned &= leases[column].isin(list(target[key])).to_numpy()
    if target.get("in_qpv") is not None:
        concerned &= leases["in_qpv"].to_numpy(dtype=bool) == target["in_qpv"]
    if target.get("in_rpms") is not None:
        concerned &= leases["residence_id"].isin(list(rpms)).to_numpy() == target["in_rpms"]
    return concerned
