"""Does an engine written from the story alone give the same events, whatever the scenario and the policy?

Random small scenarios are played by both engines and every table is compared, row by row. Policies that
match jointly are compared with the solver's optimum found by trying every assignment, in both engines, each
from its own statement of the sitting; there the solver itself must find an optimum as good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from random_scenarios import random_scenario
from random_territories import ANY, SMALL, Size
from reference_engine import played
from reference_policies import Option, best_assignment
from reference_tables import tables
from reference_world import World

from optimizer import NO_HIGH, Answer, Problem, solve
from optimizer.verify import verify
from sim.outcomes import EVENT_TABLES, Outcomes, events_sha256
from sim.policies import JOINT, POLICIES, one_objective
from sim.process.replication import replicate
from sim.rules.cotation import Grid, load

ONE_BY_ONE = ("cotation_only", "cotation_oriented", "status_quo", "seniority", "lottery")

FEW, FEW_JOINT, ALL = 40, 10, 200


@pytest.fixture
def by_trying_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the real engine's joint policies find the optimum by trying every assignment."""
    monkeypatch.setattr(one_objective, "solve", solve_by_trying_all)


def test_every_policy_is_in_the_reference_engine() -> None:
    assert {*ONE_BY_ONE, *JOINT} == set(POLICIES)


@pytest.mark.parametrize("seed", range(FEW))
def test_both_engines_write_the_same_events(seed: int) -> None:
    compare(seed, replace(ANY, years=1, every_days=14), [ONE_BY_ONE[seed % len(ONE_BY_ONE)]])


@pytest.mark.usefixtures("by_trying_all")
@pytest.mark.parametrize("seed", range(FEW_JOINT))
def test_both_engines_match_alike(seed: int) -> None:
    compare(seed, replace(SMALL, years=1, every_days=14), [JOINT[seed % len(JOINT)]])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(ALL))
def test_both_engines_write_the_same_events_under_every_policy(seed: int) -> None:
    compare(seed, ANY, ONE_BY_ONE)


@pytest.mark.slow
@pytest.mark.usefixtures("by_trying_all")
@pytest.mark.parametrize("seed", range(ALL))
def test_both_engines_match_alike_under_every_policy(seed: int) -> None:
    compare(seed, SMALL, JOINT)


def compare(seed: int, size: Size, policies: tuple[str, ...] | list[str]) -> None:
    """Play a random scenario with both engines and hold their tables to each other."""
    scenario, territory = random_scenario(seed, size)
    own = scenario.grid.mutations
    world = World(scenario, territory, grid_named(scenario.grids[0]), 0, grid_named(own) if own else None)
    for policy, real in replicate(scenario, territory, policies, 0):
        town = played(world, policy)
        reference = tables(town)
        for name in (*EVENT_TABLES, "occupation"):
            found = first_difference(getattr(real, name), reference[name])
            assert found is None, f"scenario {seed} ({size}), {policy}, table {name}, {found}"
        told = {str(year): value for year, value in sorted(town.thresholds.items())}
        assert repr(real.context["q1_threshold_eur"]) == repr(told), f"scenario {seed}, {policy}: thresholds"
        assert events_sha256(real) == events_sha256(Outcomes(**reference)), f"scenario {seed}, {policy}"


@cache
def grid_named(file: str) -> Grid:
    """Return a shipped grid, always the same object: scoring compares it with those it has met."""
    return load(Path("scenarios") / file)


def first_difference(real: pd.DataFrame, reference: pd.DataFrame) -> str | None:
    """Say which row of two tables is the first to differ, and in what; None where they are equal."""
    if set(real.columns) != set(reference.columns):
        return f"columns {sorted(set(real.columns) ^ set(reference.columns))} in one of them alone"
    columns = list(real.columns)
    ours, theirs = (table[columns].astype(object).to_numpy() for table in (real, reference))
    for row in range(max(len(ours), len(theirs))):
        if row >= min(len(ours), len(theirs)):
            only, what = ("real", ours) if len(ours) > len(theirs) else ("reference", theirs)
            held = dict(zip(columns, what[row], strict=True))
            return f"row {row} of {len(ours)} (real) and {len(theirs)} (reference), {only} alone: {held}"
        if not all(same(one, other) for one, other in zip(ours[row], theirs[row], strict=True)):
            said = [
                f"{name}: real {one!r}, reference {other!r}"
                for name, one, other in zip(columns, ours[row], theirs[row], strict=True)
                if not same(one, other)
            ]
            held = dict(zip(columns, ours[row], strict=True)), dict(zip(columns, theirs[row], strict=True))
            return f"row {row}: {'; '.join(said)}\nreal      {held[0]}\nreference {held[1]}"
    return None


def same(one: object, other: object) -> bool:
    if pd.isna(one) or pd.isna(other):
        return bool(pd.isna(one) and pd.isna(other))
    return bool(one == other)


def solve_by_trying_all(
    problem: Problem, *, prices: Mapping[str, float], trusted: bool, gap: float
) -> Answer:
    """Stand for the solver: the best of all assignments of a problem, which the solver must equal."""
    solved = solve(problem, prices=prices, trusted=trusted, gap=0.0)
    table: Mapping[tuple[int, int, int], int] = {
        (int(row), int(kind), int(place)): int(value)
        for row, kind, place, value in zip(
            problem.coef_row, problem.coef_signature, problem.coef_class, problem.coef_value, strict=True
        )
    }
    floors, ceilings = np.arange(problem.rows), np.flatnonzero(problem.row_high < NO_HIGH)
    pairs = {
        (int(place), int(who)): pair
        for pair, (place, who) in enumerate(zip(problem.pair_class, problem.pair_applicant, strict=True))
    }
    options: list[list[Option]] = [[] for _ in range(problem.classes)]
    for (place, who), pair in sorted(pairs.items()):
        kind = int(problem.applicant_signature[who])
        adds = [table.get((row, kind, place), 0) for row in range(problem.rows)]
        adds += [-adds[row] for row in ceilings]  # a ceiling is the floor of the opposite sum
        number = int(problem.applicant_lottery[who])
        options[place].append(Option(who, int(problem.pair_weight[pair]), number, tuple(adds)))
    limits = [*problem.row_low.tolist(), *(-problem.row_high[ceilings]).tolist()]
    penalties = problem.row_penalty[np.concatenate([floors, ceilings])].tolist()
    leads = best_assignment(options, limits, penalties)
    chosen = [pairs[place, who] for place, who in enumerate(leads) if who is not None]
    found = replace_pairs(solved, problem, np.array(chosen, dtype=np.int64))
    assert (found.objective, found.fill) == (solved.objective, solved.fill), "the solver finds another"
    assert luck(problem, found.pair) == luck(problem, solved.pair), "the solver is not as low in the lottery"
    return found


def replace_pairs(solved: Answer, problem: Problem, pairs: np.ndarray) -> Answer:
    """Return an answer with other pairs, in class order, and what they are worth."""
    verified = verify(problem, pairs, solved.class_price, solved.row_price)
    assert not verified.violations, verified.violations
    return replace(
        solved,
        pair=pairs,
        objective=verified.objective,
        weight=verified.weight,
        fill=verified.fill,
        shortfall=verified.shortfall,
    )


def luck(problem: Problem, pairs: np.ndarray) -> int:
    return int(problem.applicant_lottery[problem.pair_applicant[pairs]].sum())
