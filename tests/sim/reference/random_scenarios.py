"""Which small scenarios may the engines be played on? Any, drawn from a seed: territory and choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from random_territories import ANY, Size, random_territory

from sim.scenario import Scenario, hypotheses
from sim.territory.columns import RESERVATAIRES, Territory

GRIDS = ("synthetic-seniority-capped", "synthetic-seniority-uncapped", "synthetic-urgency-tiered")
EVERY_DAYS, SHARES = (5, 7, 14, 21, 28), (0.05, 0.3, 0.25, 0.2, 0.2)
LEVELS = (0.01, 0.3, 0.9)  # of intervals that a few households leave at once, in time, or hardly ever
PUBLICS = ("first_quartile", "l441_1", "below_40_plus", "essential_worker")
PUBLISHED = {"reference": "Hypothèse d'étude", "on": date(2025, 1, 1), "perimeter": "EPCI"}


def random_scenario(seed: int, size: Size = ANY) -> tuple[Scenario, Territory]:
    """Return a scenario of one or two years and its territory, the same for the same seed and size."""
    draw = np.random.default_rng([seed, size.dwellings])
    start = date(int(draw.integers(2026, 2029)), 1, 1)
    scenario = random_choices(draw, size, start)
    level = scenario.qualification.model_copy(update={"level": LEVELS[seed % len(LEVELS)]})
    return scenario.model_copy(update={"qualification": level}), random_territory(draw, size, start)


def random_choices(draw: np.random.Generator, size: Size, start: date) -> Scenario:
    """Return a scenario whose every number is drawn; its territory is given apart."""
    behaviour = _behaviour(draw, size)
    grid = str(draw.choice(GRIDS))
    scenario = Scenario.model_validate(
        {
            "name": "tirage",
            "territory": {"path": "."},
            "time": {
                "start": start,
                "years": min(int(draw.choice([1, 2], p=[0.7, 0.3])), size.years),
                "burn_in_months": int(draw.integers(0, 7)),
                "burn_in_policy": str(draw.choice(["seniority", "cotation_only", "lottery"])),
            },
            "runs": {"replications": 1, "seed": int(draw.integers(1_000_000))},
            "grid": {"file": f"grids/{grid}.toml", "mutations": _own_grid(draw)},
            "law": {"overrides": _law(draw)},
            "sittings": {
                "weekday": int(draw.integers(7)),
                "every_days": max(size.every_days, int(draw.choice(EVERY_DAYS, p=SHARES))),
                "max_lists": int(draw.integers(1, 4)),
                "list_length": int(draw.integers(3, 6)),
                "max_points_forgone": int(draw.choice([0, 10, 40, 200])),
                "weight": str(draw.choice(["points", "rank", "log"])),
            },
            "target": tuple(_target(draw) for _ in range(int(draw.integers(0, 3)))),
            **behaviour,
        }
    )
    return scenario.model_copy(update={"folder": Path("scenarios")})


def _behaviour(draw: np.random.Generator, size: Size) -> dict[str, dict[str, Any]]:
    """Return how households, réservataires and commissions behave; what is not drawn is as usual."""

    def between(low: float, high: float) -> float:
        return float(draw.uniform(low, high))

    def part() -> float | dict[str, float]:
        """Return a part of all réservataires, at times nothing or all, or a part for each."""
        if draw.random() < 0.3:
            return {name: between(0, 1) for name in RESERVATAIRES}
        return float(draw.choice([0.0, between(0, 1), 1.0]))

    given: dict[str, dict[str, Any]] = {
        "departures": {
            "weibull_shape": between(0.5, 1.5),
            "weibull_scale_years": between(0.3, 1.0) * size.life_years,
            "outside_share": float(draw.choice([0.0, 0.3, 0.7, 1.0], p=[0.05, 0.25, 0.4, 0.3])),
            "t1_over_t5": between(0.5, 3),
            "short_notice_share": between(0, 1),
            "works_days": float(draw.choice([0.0, 5.0, 30.0])),
            "abis_over_c": between(0.3, 1.5),
            "commune_tension": float(draw.choice([0.0, -0.5, 0.3])),
            "income_effect": float(draw.choice([0.0, 0.5, 2.0])),
            "residence_sd": float(draw.choice([0.0, 0.4])),
        },
        "household": {
            "active": bool(draw.random() < 0.8),
            "demands": bool(draw.random() < 0.8),
            "separation": between(0, 0.5),
            "couple_formed": between(0, 0.3),
            "split_files_demand": between(0, 1),
            "leaves_home": between(0, 0.5),
            "birth_30_34": between(0, 0.5),
            "death_at_80": between(0, 0.3),
        },
        "ageing": {"job_loss": between(0, 0.5), "job_found": between(0, 0.8)},
        "demand": {
            "mutation_share": between(0, 0.6),
            "renewal": float(draw.choice([0.0, 0.5, 0.9])),
            "new_per_year": between(0.3, 1) * size.yearly,
        },
        "mutations": {
            "review": bool(draw.random() < 0.8),
            "review_files_unserved": between(0, 1),
            "review_files_spare": between(0, 1),
            "review_adapted_need": between(0, 0.3),
            "review_adapted_left": between(0, 0.3),
            "chain_aware": bool(draw.random() < 0.5),
            "chain_bonus_points": float(draw.choice([0.0, 7.5, 40.0, 500.0])),
        },
        "designation": {
            "designated_share": between(0, 1),
            "days": float(draw.choice([0, 7, 30])),
            "named_share": part(),
            "named_count": float(draw.integers(1, 5)),
            "practice": str(draw.choice(["lottery", "seniority"])),
            "adherence": part(),
        },
        "supply": {"delivered": 0.0, "demolished": 0.0, "sold": 0.0},  # not in the reference engine
        "acceptance": {
            "accepts": between(0.1, 0.9),
            "dalo_accepts": between(0.1, 0.9),
            "silent_share": between(0, 0.6),
            "not_attributed": float(draw.choice([0.0, 0.1, 0.3])),
            "effort": between(0, 10),
            "effort_threshold": between(0.1, 0.5),
            "commission_effort": float(draw.choice([0.0, 0.1, 0.4])),
            "commission_effort_threshold": between(0.1, 0.5),
            "commission_residual_eur": between(0, 20),
            "residence_sd": between(0, 1),
        },
        "funnel": {
            "stages": bool(draw.random() < 0.6),
            "search_lead_days": float(draw.choice([0.0, 30.0, 90.0])),
            "contact_days": float(draw.choice([0.0, 4.0])),
            "visit_days": float(draw.choice([0.0, 6.0])),
            "documents_days": float(draw.choice([0.0, 6.0])),
            "silent_at_contact": between(0, 1),
            "refused_at_visit": between(0, 1),
            "documents_missing": between(0, 0.3),
            "income_differs": between(0, 0.5),
            "income_difference": between(0, 0.5),
            "household_differs": between(0, 0.3),
        },
        "feedback": {"superset": between(1, 1.5)},
        "dalo": {
            "presented_alone": bool(draw.random() < 0.7),
            "appeals_per_year": float(draw.choice([0.0, 0.5, 3.0])),
            "abnormal_delay_months": float(draw.choice([12.0, 24.0])),
            "warned_share": float(draw.choice([0.0, 0.5, 1.0])),
        },
        "essential_workers": {"verified_share": between(0, 1)},
        "orientation": {
            **_shares(draw),
            "bailleurs": {"A": _shares(draw)} if draw.random() < 0.3 else {},
            "withdrawn_share": float(draw.choice([0.0, between(0, 1), 1.0], p=[0.3, 0.6, 0.1])),
        },
    }
    for section, names in hypotheses().items():
        given[section] = {name: figure.value for name, figure in names.items()} | given.get(section, {})
    return given


def _own_grid(draw: np.random.Generator) -> str | None:
    """Return a grid of mutations' own, now and then."""
    return f"grids/{draw.choice(GRIDS)}.toml" if draw.random() < 0.3 else None


def _shares(draw: np.random.Generator) -> dict[str, float]:
    shares = np.round(draw.dirichlet(np.full(len(RESERVATAIRES), 1.5)), 3)
    shares[-1] = 1 - shares[:-1].sum()
    return {name: float(share) for name, share in zip(RESERVATAIRES, shares, strict=True)}


def _law(draw: np.random.Generator) -> dict[str, Any]:
    overrides: dict[str, Any] = {
        "small_number": int(draw.integers(0, 4)),
        "min_candidates": int(draw.integers(1, 4)),
        "answer_days": int(draw.integers(2, 15)),
        "demand_validity_days": int(draw.choice([90, 365])),
        "essential_worker_share": float(draw.choice([0.0, 0.1])),
        "quotas": bool(draw.random() < 0.8),
        "right_to_stay_percent": int(draw.choice([20, 40])),
        "right_to_stay_months": int(draw.choice([1, 2, 6])),
        "right_to_stay_years": int(draw.choice([1, 1, 2])),
        "review_months": int(draw.integers(2, 13)),
    }
    return {name: value for name, value in overrides.items() if draw.random() < 0.6}


def _target(draw: np.random.Generator) -> Mapping[str, Any]:
    """Return a lawful target: better-off publics in QPV alone, some types or all of them, at any level."""
    level = str(draw.choice(["residence", "residence", "commune", "epci"]))
    floor = int(draw.integers(10, 80)) / 100
    published: dict[str, Any] = {"published_in": PUBLISHED, "floor": floor, "level": level}
    if draw.random() < 0.5:
        return published | {"public": "q2_q4", "in_qpv": True, "months": 24}
    if draw.random() < 0.5:
        published["types"] = ("en_capacite", "en_equilibre")
    return published | {"public": str(draw.choice(PUBLICS)), "in_qpv": [None, False][int(draw.integers(2))]}
