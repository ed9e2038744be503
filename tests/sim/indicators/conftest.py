"""Small runs made by hand, and random ones: outcomes without any engine."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.outcomes import DAY_S, YEAR_S, Outcomes
from sim.territory.columns import PEUPLEMENT_TYPES

sys.path.append(str(Path(__file__).parent))  # golden_tables.py, under --import-mode=importlib

TRAITS = [
    "dalo",
    "l441_1",
    "first_quartile",
    "q2_q4",
    "q2_q4_no_priority",
    "below_20_plus",
    "below_40_plus",
    "below_60_plus",
    "mutation",
    "essential_worker",
    "relogement",
    "violence",
    "neutral",
    "needs_accessible",
    "in_work",
    "size_1",
    "size_2",
    "size_3_4",
    "size_5_plus",
    "single_parent",
]
RULERS = ["fixed", "legal_old", "below_40_plus"]
FLOWS = [
    *(
        name
        for flow in ("entrants", "leavers", "new", "demolished", "sold")
        for name in (flow, *(f"{flow}_{ruler}" for ruler in RULERS))
    ),
    *(f"in_place_{ruler}" for ruler in RULERS),
    "drift_legal",
]
INCOMES = [
    *("incomes_known", "income_uc_sum_eur"),
    *("entrants_incomes_known", "entrants_income_uc_sum_eur"),
]
COUNTS = [
    *["first_quartile_fixed", "first_quartile_legal", "below_20_plus", "below_40_plus", "below_60_plus"],
    *FLOWS,
    *INCOMES,
]
PLACE = {"residence_id": "R1", "bailleur_id": "A", "commune": "59350", "in_qpv": False}
DWELLING = {"dwelling_id": "L1", "rooms": 3, **PLACE}
DEFAULTS: dict[str, dict[str, Any]] = {
    "demands": {
        "demand_id": "D1",
        "filed_s": 0,
        "closed_s": None,
        "closed_by": None,
        "adults": 1,
        "children": 0,
        "income_uc_eur": 9000.0,
        "rooms_min": 2,
        "rooms_max": 3,
        "dalo_recognised_s": None,
        "dalo_deadline_s": None,
        "dalo_lost_s": None,
        "operation": "",
        **dict.fromkeys(TRAITS, False),
    },
    "vacancies": {
        "vacancy_id": "V1",
        **DWELLING,
        "cause": "departure",
        "keys_s": 0,
        "available_s": 0,
        "search_s": 0,
        "rent_eur": 400.0,
        "charges_eur": 100.0,
        "reservataire": "aucun",
        "flow": "flow",
        "peuplement_type": "en_equilibre",
        "let_s": None,
        "lost": False,
        "freed_by": None,
        "in_rpms": False,
        "withdrawn_s": None,
    },
    "sittings": {"sitting_id": "S1", "held_s": 0, "vacancy_id": "V1", "passed_over": 0, "short_reason": ""},
    "offers": {
        "sitting_id": "S1",
        "vacancy_id": "V1",
        "demand_id": "D1",
        "offered_s": 0,
        "answered_s": 0,
        "outcome": "accepted",
        "motive": "",
        "stage": "offer",
        "contacted_s": None,
        "visited_s": None,
        "documents_s": None,
    },
    "leases": {
        "vacancy_id": "V1",
        **DWELLING,
        "demand_id": "D1",
        "filed_s": 0,
        "signed_s": 0,
        "reservataire": "aucun",
        "peuplement_type": "en_equilibre",
        "own_bailleur": False,
        **dict.fromkeys(TRAITS, False),
    },
    "occupation": {
        **PLACE,
        "quartier": "",
        "year": 2027,
        "households": 10,
        "peuplement_type": "en_equilibre",
        **dict.fromkeys(COUNTS, 0),
    },
}

AGREED = dict.fromkeys(("etat", "action_logement", "collectivite", "aucun"), 0.25)
ORIENTATION = {
    "shares": [
        {"bailleur_id": name, "departement": "59", "etat_fonctionnaires": 0.0} | AGREED for name in "ABCDE"
    ],
    "rent_cuts_eur": [200.0, 300.0, 400.0],
}
"""A quarter of every bailleur's flow to each of four."""

Build = Callable[..., Outcomes]
Find = Callable[..., float]


@pytest.fixture
def build() -> Build:
    """Return a maker of outcomes: tables as lists of rows, columns left out at their defaults."""

    def make(
        years: int = 2, law: dict[str, float] | None = None, **tables: Sequence[dict[str, Any]]
    ) -> Outcomes:
        shares = {"R1": 0.25, "R2": 0.5, "R4": 0.25} if law is None else law
        context = {"start": "2027-01-01", "years": years, "end_s": years * YEAR_S, "law_shares": shares}
        context["orientation"] = ORIENTATION
        return Outcomes(**{name: _table(name, tables.get(name, [])) for name in DEFAULTS}, context=context)

    return make


@pytest.fixture
def find() -> Find:
    """Return a reader of rows: the one value of an indicator, group and year, or a KeyError."""

    def one(rows: Sequence[Any], indicator: str, group: str, year: int = 0) -> float:
        values = {(row.indicator, row.group, row.year): row.value for row in rows}
        assert len(values) == len(rows), "an indicator, group and year is given twice"
        return values[indicator, group, year]

    return one


def _table(name: str, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    unknown = {column for row in rows for column in row} - set(DEFAULTS[name])
    assert not unknown, f"{name} : {unknown}"
    table = pd.DataFrame([{**DEFAULTS[name], **row} for row in rows], columns=list(DEFAULTS[name]))
    times = {column: "Int64" for column in table if column.endswith("_s")}
    kinds = {bool: "bool", int: "int64", str: "str"}
    plain = {column: kinds[type(value)] for column, value in DEFAULTS[name].items() if type(value) in kinds}
    return table.astype(plain | times)


@pytest.fixture
def random_run() -> Build:
    """Return a maker of random outcomes of a given size; flows of `occupation` account for its stocks."""
    return _random_run


def _random_run(
    demands: int = 3000,
    leases: int = 500,
    offers: int = 1500,
    residences: int = 60,
    years: int = 3,
    seed: int = 0,
) -> Outcomes:
    rng = np.random.default_rng(seed)
    end = years * YEAR_S

    def traits(n: int) -> dict[str, Any]:
        return {name: rng.random(n) < 0.3 for name in TRAITS}

    def times(values: Any, known: Any = True) -> Any:
        return pd.Series(values, dtype="Int64").where(np.broadcast_to(known, values.shape))

    filed = rng.integers(-4 * YEAR_S, end, demands)
    closed = np.maximum(filed, 0) + (rng.exponential(2 * YEAR_S, demands)).astype(int)
    is_open = closed >= end
    housed = ~is_open & (rng.random(demands) < 0.3)
    recognised = filed + rng.integers(0, YEAR_S, demands)
    demand_id = np.array([f"D{row:07d}" for row in range(demands)])
    demand = pd.DataFrame(
        {
            "demand_id": demand_id,
            "filed_s": times(filed),
            "closed_s": times(closed, ~is_open),
            "closed_by": np.where(is_open, None, np.where(housed, "lease", "lapse")),
            "adults": rng.integers(1, 3, demands),
            "children": rng.integers(0, 3, demands),
            "income_uc_eur": np.where(rng.random(demands) < 0.1, np.nan, rng.uniform(0, 30_000, demands)),
            "rooms_min": rng.integers(1, 6, demands),
            "rooms_max": rng.integers(1, 7, demands),
            "dalo_recognised_s": times(
                recognised, (rng.random(demands) < 0.1) & (recognised < np.minimum(closed, end))
            ),
            "dalo_deadline_s": times(recognised + YEAR_S // 4, False),
            "dalo_lost_s": times(recognised, False),
            "operation": np.where(rng.random(demands) < 0.05, "Canal", ""),
            **traits(demands),
        }
    )
    demand["dalo"] &= demand["dalo_recognised_s"].notna().to_numpy()

    residence = rng.integers(0, residences, leases)
    vacancy_id = np.array([f"V{row:07d}" for row in range(leases)])
    keys = rng.integers(0, end - 90 * DAY_S, leases)
    let = keys + rng.integers(0, 90 * DAY_S, leases)
    dwelling = {
        "vacancy_id": vacancy_id,
        "residence_id": np.char.add("R", residence.astype(str)),
        "bailleur_id": np.array(list("ABCDE"))[residence % 5],
        "commune": "59350",
        "in_qpv": residence % 3 == 0,
        "rooms": rng.integers(1, 6, leases),
        "reservataire": rng.choice(["etat", "action_logement", "collectivite", "aucun"], leases),
    }
    vacancy = pd.DataFrame(
        {
            **dwelling,
            "cause": "departure",
            "keys_s": times(keys),
            "available_s": times(keys),
            "search_s": times(keys),
            "rent_eur": rng.uniform(200, 700, leases),
            "charges_eur": rng.uniform(20, 100, leases),
            "flow": rng.choice(["flow", "withdrawn", "stock"], leases),
            "peuplement_type": np.array(PEUPLEMENT_TYPES)[residence % 4],
            "let_s": times(let, rng.random(leases) < 0.95),
            "lost": rng.random(leases) < 0.01,
            "freed_by": np.where(rng.random(leases) < 0.2, np.roll(vacancy_id, 1), None),
            "in_rpms": residence % 7 == 0,
            "withdrawn_s": times(keys, rng.random(leases) < 0.01),
        }
    )
    chosen = rng.choice(demands, leases, replace=False)
    types = np.array(PEUPLEMENT_TYPES)
    lease = pd.DataFrame(
        {
            **dwelling,
            "demand_id": demand_id[chosen],
            "filed_s": times(np.minimum(filed[chosen], let)),
            "signed_s": times(let),
            "peuplement_type": types[residence % 4],
            "own_bailleur": rng.random(leases) < 0.1,
            **traits(leases),
        }
    )
    sitting = pd.DataFrame(
        {
            "sitting_id": "S1",
            "held_s": times(keys),
            "vacancy_id": vacancy_id,
            "passed_over": rng.integers(0, 4, leases),
            "short_reason": "",
        }
    )
    offered = rng.integers(0, end, offers)
    offer = pd.DataFrame(
        {
            "sitting_id": "S1",
            "vacancy_id": rng.choice(vacancy_id, offers),
            "demand_id": rng.choice(demand_id, offers),
            "offered_s": times(offered, rng.random(offers) < 0.8),
            "answered_s": times(offered),
            "outcome": rng.choice(["accepted", "refused", "silent", "withdrawn"], offers),
            "motive": rng.choice(["", "secteur"], offers),
            "stage": "offer",
            "contacted_s": times(offered, rng.random(offers) < 0.7),
            "visited_s": times(offered, rng.random(offers) < 0.5),
            "documents_s": times(offered, rng.random(offers) < 0.4),
        }
    )
    context = {
        "start": "2027-01-01",
        "years": years,
        "end_s": end,
        "law_shares": {"R1": 0.25, "R2": 0.5, "R4": 0.25},
        "orientation": ORIENTATION,
    }
    occupation = _random_occupation(rng, residences, years)
    return Outcomes(demand, vacancy, sitting, offer, lease, occupation, context)


def _random_occupation(rng: np.random.Generator, residences: int, years: int) -> pd.DataFrame:
    number = np.arange(residences)
    types = np.array(PEUPLEMENT_TYPES)
    households = rng.integers(20, 200, residences)
    fixed = rng.binomial(households, 0.25)
    known = np.maximum(fixed, households - 2)
    legal, below = fixed.copy(), np.minimum(2 * fixed, households)
    flows = dict.fromkeys([*FLOWS, *INCOMES[2:]], np.zeros(residences, int))
    situations = []
    for year in range(2027, 2027 + years + 1):
        situations.append(
            pd.DataFrame(
                {
                    "residence_id": np.char.add("R", number.astype(str)),
                    "bailleur_id": np.array(list("ABC"))[number % 3],
                    "commune": np.where(number % 2, "59350", "59009"),
                    "quartier": np.array(["", "nord", "sud"])[number % 5 % 3],
                    "in_qpv": number % 3 == 0,
                    "year": year,
                    "households": households,
                    "first_quartile_fixed": fixed,
                    "first_quartile_legal": legal,
                    "below_20_plus": fixed // 2,
                    "below_40_plus": below,
                    "below_60_plus": households,
                    "incomes_known": known,
                    "income_uc_sum_eur": known * rng.integers(8_000, 20_000, residences),
                    "peuplement_type": types[rng.integers(0, 4, residences)],
                    **flows,
                }
            )
        )
        entrants, leavers = rng.integers(0, 10, residences), rng.integers(0, 10, residences)
        new, demolished, sold = (rng.integers(0, 4, residences) for _ in range(3))
        flows = {"entrants": entrants, "leavers": leavers}
        flows |= {"new": new, "demolished": demolished, "sold": sold}
        for ruler, share in (("fixed", 0.3), ("legal_old", 0.28), ("below_40_plus", 0.5)):
            flows |= {
                f"{flow}_{ruler}": rng.binomial(flows[flow], share)
                for flow in ("entrants", "leavers", "new", "demolished", "sold")
            }
            flows[f"in_place_{ruler}"] = rng.integers(-2, 3, residences)
        flows["drift_legal"] = rng.integers(0, 3, residences)
        flows["entrants_incomes_known"] = entrants
        flows["entrants_income_uc_sum_eur"] = entrants * rng.integers(8_000, 20_000, residences)
        households = households + entrants - leavers + new - demolished - sold
        fixed, legal, below = (
            now
            + sum(flows[f"{flow}_{ruler}"] for flow in ("entrants", "new"))
            - sum(flows[f"{flow}_{ruler}"] for flow in ("leavers", "demolished", "sold"))
            + flows[f"in_place_{ruler}"]
            for now, ruler in ((fixed, "fixed"), (legal, "legal_old"), (below, "below_40_plus"))
        )
        legal = legal + flows["drift_legal"]
        # Clamp to feasible counts, the clamped households counted as those who stayed.
        for ruler, now in (("fixed", fixed), ("legal_old", legal), ("below_40_plus", below)):
            flows[f"in_place_{ruler}"] = flows[f"in_place_{ruler}"] + np.clip(now, 0, households) - now
        fixed, legal, below = (np.clip(now, 0, households) for now in (fixed, legal, below))
        known = np.maximum(fixed, households - 2)
    return pd.concat(situations, ignore_index=True)
