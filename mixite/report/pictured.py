"""What of the runs themselves do the maps, the curves and the gauges show?

Read from the kept runs of the pair of policies shown first, the columns needed alone: an indicator is a mean
over residences, a map needs each of them. Left out on purpose: how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mixite import run_folder

if TYPE_CHECKING:
    import pandas as pd

    from sim.rules.peuplement import Qualified
    from sim.scenario import Scenario
    from sim.territory.columns import Territory

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[np.str_]

CURVE_GROUPS = ("dalo", "l441_1", "first_quartile", "q2_q4", "mutation", "all")
CURVE_MONTHS = np.arange(25)
ABSENT = -1

OCCUPATION = ("residence_id", "year", "dwellings", "households", "first_quartile_fixed", "peuplement_type")
PLACES = ("commune", "quartier")
TIMES = ("filed_s", "closed_s", "closed_by", "dalo_recognised_s", "rooms_min", "rooms_max")


@dataclass(frozen=True)
class Sites:
    """The residences of the territory, (n,) each.

    Attributes
    ----------
    commune : INSEE code; x, y : Lambert-93, m, NaN where unknown
    names : name of each commune by its code
    """

    residence_id: Texts
    commune: Texts
    x: Floats
    y: Floats
    names: Mapping[str, str]

    @property
    def communes(self) -> Texts:
        """The communes where residences are, in order."""
        return np.unique(self.commune)

    @property
    def located(self) -> bool:
        """Tell whether any residence has coordinates."""
        return bool((np.isfinite(self.x) & np.isfinite(self.y)).any())


@dataclass(frozen=True)
class Lived:
    """The residences under one policy on each 1 January, over replications.

    Attributes
    ----------
    years : (y,)
    kind : (replications, y, n) index into PEUPLEMENT_TYPES, ABSENT where the residence is not there
    dwellings, households, first_quartile : (replications, y, n); the fixed ruler
    delivered : (replications,) residences that are not in the territory: delivered since
    later : (replications, y, communes, types) their dwellings; other ones in each replication, so by commune
    """

    years: Ints
    kind: Ints
    dwellings: Ints
    households: Ints
    first_quartile: Ints
    delivered: Ints
    later: Ints


@dataclass(frozen=True)
class Incidence:
    """Shares housed and shares gone without a lease, (replications, months) each, NaN where unknown."""

    housed: Floats
    left: Floats


@dataclass(frozen=True)
class Pictured:
    """What the figures read of the runs.

    Attributes
    ----------
    lived : by policy
    curves : by policy and group, at CURVE_MONTHS
    counts : one row a policy, replication, rule and holder: `reached` of `base` leases (gauges.py)
    qualified : the residences on the territory's date, None where they are not qualified
    """

    sites: Sites
    lived: Mapping[str, Lived]
    curves: Mapping[tuple[str, str], Incidence]
    counts: pd.DataFrame
    qualified: Qualified | None = None


def pictured(scenario: Scenario, territory: Territory, folders: Mapping[str, list[Path]]) -> Pictured:
    """Read what the figures show.

    Parameters
    ----------
    folders : the runs of each policy of the first pair, in the order of the replications
    """
    import pandas as pd

    from mixite.report.floors import ON_LEASES, counted

    residences, sites = territory.residences, sites_of(territory)
    rpms = frozenset(residences.residence_id[residences.is_rpms].tolist())
    targets = scenario.model_dump(mode="json")["target"]
    publics = sorted({target["public"] for target in targets} - set(ON_LEASES))
    lived, curves, counts = {}, {}, []
    for policy, runs in folders.items():
        occupied = [_read(run, "occupation", (*OCCUPATION, *PLACES)) for run in runs]
        lived[policy] = lived_in(occupied, sites)
        found = [_incidence(run) for run in runs]
        for group in CURVE_GROUPS:
            housed, left = (np.array([each[side][group] for each in found]) for side in (0, 1))
            curves[policy, group] = Incidence(housed, left)
        for replication, run in enumerate(runs):
            quartiers = occupied[replication].drop_duplicates("residence_id").set_index("residence_id")
            leases = _read(run, "leases", (*ON_LEASES, *publics))
            leases["quartier"] = leases["residence_id"].map(quartiers["quartier"]).fillna("")
            counts.append(counted(leases, targets, rpms).assign(policy=policy, replication=replication))
    return Pictured(
        sites, lived, curves, pd.concat(counts, ignore_index=True), qualified_at(scenario, territory)
    )


def sites_of(territory: Territory) -> Sites:
    """Return where the residences of a territory are."""
    residences, codes = territory.residences, np.array(territory.communes)
    return Sites(
        residences.residence_id,
        codes[residences.commune],
        residences.x,
        residences.y,
        dict(zip(territory.communes, territory.commune_names, strict=True)),
    )


def lived_in(tables: list[pd.DataFrame], sites: Sites) -> Lived:
    """Return the tables `occupation` of several runs as arrays; rows may come in any order."""
    import pandas as pd

    from sim.territory.columns import PEUPLEMENT_TYPES

    years = np.unique(np.concatenate([table["year"].to_numpy() for table in tables]))
    rows, types = pd.Index(sites.residence_id), pd.Index(PEUPLEMENT_TYPES)
    communes = pd.Index(sites.communes)
    shape = (len(tables), len(years), len(rows))
    kind = np.full(shape, ABSENT)
    numbers = {name: np.zeros(shape, dtype=np.int64) for name in OCCUPATION[2:5]}
    delivered = np.zeros(len(tables), dtype=np.int64)
    later = np.zeros((*shape[:2], len(communes), len(types)), dtype=np.int64)
    for place, whole in enumerate(tables):
        known = rows.get_indexer(whole["residence_id"]) >= 0
        new = whole[~known]
        delivered[place] = new["residence_id"].nunique()
        where = (
            np.searchsorted(years, new["year"].to_numpy()),
            communes.get_indexer(new["commune"]),
            types.get_indexer(new["peuplement_type"]),
        )
        np.add.at(later[place], where, new["dwellings"].to_numpy())
        table = whole[known]
        year = np.searchsorted(years, table["year"].to_numpy())
        row = rows.get_indexer(table["residence_id"])
        type_now = types.get_indexer(table["peuplement_type"])
        kind[place, year, row] = np.where(table["dwellings"].to_numpy() > 0, type_now, ABSENT)
        for name, column in numbers.items():
            column[place, year, row] = table[name].to_numpy()
    return Lived(years, kind, *numbers.values(), delivered, later)


def _incidence(run: Path) -> tuple[Mapping[str, Floats], Mapping[str, Floats]]:
    """Return the shares housed, then gone without a lease, of each group at each month of a run."""
    from sim.indicators import groups, housed
    from sim.outcomes import MONTH_S

    demands = _read(run, "demands", (*TIMES, *groups.TRAIT_GROUPS))
    everyone = groups.of_demands(demands)
    members = {group: everyone[group] for group in CURVE_GROUPS}
    end_s = float(run_folder.read_context(run)["end_s"])
    ages = CURVE_MONTHS * MONTH_S
    shares = [housed.by_group(demands, end_s, members, ages, of) for of in (housed.HOUSED, housed.LEFT)]
    return shares[0], shares[1]


def qualified_at(scenario: Scenario, territory: Territory) -> Qualified | None:
    """Qualify the residences on the territory's date; None where nobody lives there."""
    from sim.rules.eligibility import first_quartile_threshold, income_uc_eur
    from sim.rules.law import Law
    from sim.rules.peuplement import Choice, observe, qualify

    if not len(territory.occupants.household_id):
        return None
    law, asking = Law.at(scenario.time.start, scenario.law.overrides), territory.demands
    income = income_uc_eur(law, asking.monthly_income_eur, asking.adults, asking.children, asking.teens)
    observed = observe(territory, law, first_quartile_threshold(income))
    choice = scenario.qualification
    return qualify(observed, Choice(choice.weights(), choice.shrinkage, choice.level))


def _read(run: Path, table: str, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(run / f"{table}.parquet", columns=list(columns))
