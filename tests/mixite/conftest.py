"""A small made-up comparison: ten replications of the ladder, numbers drawn once, nothing simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mixite.comparing import hypotheses
from mixite.report.pictured import CURVE_GROUPS, CURVE_MONTHS, Incidence, Lived, Pictured, Sites
from mixite.report.setting import Setting
from mixite.report.study import Study
from sim.comparison import compare, headlines, ladder_pairs
from sim.indicators import CATALOGUE
from sim.indicators.groups import TRAIT_GROUPS
from sim.scenario import load_scenario
from sim.territory.columns import PEUPLEMENT_TYPES

LADDER = ("cotation_only", "cotation_matched", "cotation_quotas", "cotation_peuplement")
YEARS = range(2026, 2029)

MIDDLE = {
    "part (0-1)": 0.3,
    "écart de parts": 0.02,
    "indice (0-1)": 0.25,
    "indice": 0.1,
    "mois": 18.0,
    "jours": 60.0,
    "pour 1 000 baux": 200.0,
    "ménages": 90.0,
}
"""A plausible middle for each unit; 3 for any other."""


SETTING = Setting(
    territory_file="exemple.toml",
    as_of="2024-01-01",
    counts={
        "residences": 37,
        "dwellings": 426,
        "dwellings_in_qpv": 188,
        "occupants": 420,
        "vacant": 6,
        "pending": 250,
        "bailleurs": 3,
        "communes": 4,
    },
    sources=("SDES, RPLS au 1er janvier 2019",),
    published=24,
    assumed=84,
    machine={"platform": "Linux-6.1-x86_64", "python": "3.11.7", "cores": 2, "memory_gb": 23.5},
    runs=40,
    seconds=123.4,
    longest=4.2,
    load_seconds=0.1,
    peak_mb=210.0,
    hosts=1,
    here=True,
)
"""Where a made-up comparison was played."""


def _rows() -> Iterator[tuple[str, str, int]]:
    """Give every (indicator, group, year) that the report reads."""
    for months in (6, 12, 24):
        yield from ((f"housed_{months}m", group, 0) for group in ("all", *TRAIT_GROUPS))
    yield from (("leases_per_1000", group, 0) for group in TRAIT_GROUPS)
    for name in ("net_new_households", "leases_of_group"):
        yield from ((name, group, 0) for group in ("first_quartile", "l441_1"))
    for code in ("r1", "r2"):
        yield from ((f"{code}_share", group, 0) for group in ("all", "bailleur:A", "bailleur:B"))
        yield f"{code}_shortfall", "all", 0
    yield "r4_share", "reservataire:aucun", 0
    yield "r4_small", "reservataire:etat_fonctionnaires", 0
    for name in ("passed_over_per_lease", "days_vacant"):
        yield name, "all", 0
    yield "entrants_minus_stock", "first_quartile", 0
    for year in (*YEARS, YEARS[-1] + 1):
        yield "stock_first_quartile", "all", year
        yield "residences_changing_type", "all", year
        yield "dissimilarity", "first_quartile", year
        yield "dissimilarity_corrected", "first_quartile", year
        yield "residences_less_favourable", "all", year
        yield "residences_more_favourable", "all", year
        yield "income_ratio", "start:a_conforter", year
    yield "residences_reaching_a_conforter", "all", 0
    yield "stock_first_quartile_slope", "all", 0
    yield "type_transition_share", "en_equilibre@a_conforter", 0
    for public in ("dalo", "l441_1", "first_quartile"):
        yield "in_qpv_share", public, 0
        yield from (("in_type_share", f"{public}@{kind}", 0) for kind in PEUPLEMENT_TYPES)
    for term in ("entrants", "leavers", "in_place", "stock", "drift", "total"):
        for group in ("first_quartile", "first_quartile_legal"):
            yield from ((f"change_{term}", group, year) for year in (0, *YEARS))


def _values(policies: tuple[str, ...], replications: int) -> pd.DataFrame:
    draws = np.random.default_rng(1)
    rows = []
    for indicator, group, year in _rows():
        unit = CATALOGUE[indicator].unit
        middle = MIDDLE.get(unit, 3.0)
        shares = 0.25 if indicator == "in_type_share" else middle
        grows = 1 + (0.3 if indicator.startswith("housed_12") else 0.5 if indicator == "housed_24m" else 0)
        chance = draws.normal(0, 0.02 * middle, replications)
        effect = draws.normal(0, 0.05 * middle)
        for place, policy in enumerate(policies):
            own = draws.normal(0, 0.01 * middle, replications)
            for replication in range(replications):
                value = shares * grows + chance[replication] + place * effect + own[replication]
                rows.append((policy, replication, indicator, group, year, value, unit))
    columns = ["policy", "replication", "indicator", "group", "year", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


def _sites() -> Sites:
    """Return twelve residences of three communes, without coordinates."""
    names = np.array([f"R{place:04d}" for place in range(1, 13)])
    commune = np.array(["00001"] * 6 + ["00002"] * 4 + ["00003"] * 2)
    nowhere = np.full(12, np.nan)
    return Sites(names, commune, nowhere, nowhere, {"00001": "Aubel", "00002": "Berck", "00003": "Caudry"})


def _pictured(pair: tuple[str, str], replications: int) -> Pictured:
    """Return what figures read of made-up runs of twelve residences."""
    draws = np.random.default_rng(2)
    shape = (replications, len(YEARS) + 1, 12)
    dwellings = np.broadcast_to(np.array([60, 40, 30, 20, 10, 5, 25, 15, 10, 5, 4, 3]), shape)
    lived, curves, counts = {}, {}, []
    for policy in dict.fromkeys(pair):
        kind = np.clip(np.arange(12) % 4 + (draws.random(shape) < 0.2) * draws.choice([-1, 1], shape), 0, 3)
        poor = draws.binomial(dwellings, 0.2)
        years, none = np.arange(YEARS[0], YEARS[-1] + 2), np.zeros(replications, dtype=np.int64)
        later = np.zeros((*shape[:2], 3, 4), dtype=np.int64)
        lived[policy] = Lived(years, kind, dwellings, dwellings, poor, none, later)
        for group in CURVE_GROUPS:
            speed = draws.uniform(0.01, 0.03, (replications, 1))
            curves[policy, group] = Incidence(
                1 - np.exp(-speed * CURVE_MONTHS), 0.02 * CURVE_MONTHS + 0 * speed
            )
        for replication in range(replications):
            for rule, holder, reached, base in _COUNTS:
                counts.append((policy, replication, rule, holder, reached + replication % 2, base))
    table = pd.DataFrame(counts, columns=["policy", "replication", "rule", "holder", "reached", "base"])
    return Pictured(_sites(), lived, curves, table)


_COUNTS = (
    ("R1", "all", 20, 90),
    ("R1", "bailleur:A", 12, 59),
    ("R1", "bailleur:B", 7, 31),
    ("R2", "all", 30, 50),
    ("R4", "reservataire:aucun", 3, 12),
    ("cible", "0", 6, 18),
)
"""Leases that count, of how many, in even replications; one more in odd ones."""


@pytest.fixture(scope="session")
def study_of() -> Callable[..., Study]:
    """Return a function that makes a study; `pictured` adds what maps, curves and gauges read of runs."""

    def make(
        name: str = "exemple",
        policies: tuple[str, ...] = LADDER,
        replications: int = 10,
        study: bool = False,
        pictured: bool = False,
    ) -> Study:
        values = _values(tuple(dict.fromkeys(policies)), replications)
        comparison = compare(values, ladder_pairs(policies))
        target = {
            "public": "first_quartile",
            "floor": 0.35,
            "months": 36,
            "types": ["en_capacite", "en_equilibre"],
            "in_qpv": False,
            "in_rpms": None,
            "published_in": {"reference": "CIA 2025, article 4", "on": "2025-06-01", "perimeter": "EPCI"},
            "study": study,
        }
        context = {
            "start": "2026-01-01",
            "years": 3,
            "scale": 0.1,
            "territory": {
                "name": "Territoire de synthèse, marges publiées",
                "synthetic": True,
                "notes": ["Sans baux de l'année : les parts légales partent de zéro"],
            },
            "law_shares": {"R1": 0.25, "R2": 0.5, "R4": 0.25},
            "max_points_forgone": 40,
            "q1_fixed_eur": 8016.0,
            "grid": {"id": "synthetic-seniority-capped", "status": "synthetic"},
        }
        scenario = load_scenario(
            Path("scenarios/tutorial.toml"),
            changes={"time.years": 3, "runs.replications": replications, "territory.scale": 0.1},
        ).model_dump(mode="json")
        pair = (ladder_pairs(policies) or [(policies[0], policies[0])])[0]
        return Study(
            scenario={**scenario, "name": name, "target": [target]},
            policies=policies,
            values=values,
            comparison=comparison,
            headlines=headlines(comparison),
            context=context,
            manifest={
                "scenario_digest": "ab12",
                "data_digest": "cd34",
                "code_version": "0.1.0+ef56",
                "events_sha256": "0123abcd",
                "python": "3.11.7",
                "library_versions": {"simpy": "4.1.2", "numpy": "2.4.6"},
            },
            setting=SETTING,
            hypotheses=hypotheses(),
            pictured=_pictured(pair, replications) if pictured else None,
        )

    return make
