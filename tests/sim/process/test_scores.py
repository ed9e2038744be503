"""Scores evolve in the simulation: at every sitting they are those of the facts of that day.

The simulation keeps points from one sitting to the next, and counts again those alone whose facts have
changed. A score is thus compared here with that of one demand alone, its facts read anew from the register
and the calendar.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from sim.outcomes import DAY_S, YEAR_S
from sim.policies import POLICIES
from sim.policies.sitting import Shortlist, Sitting
from sim.process.admission import _forget_refusals
from sim.process.engine import play
from sim.process.replication import grid_of, initial_state, territory_of
from sim.process.world import World, world_of
from sim.rules.cotation import ATTRIBUTES, Grid, facts_of_example, reads, score
from sim.rules.cotation.attributes import decoded
from sim.scenario import load_scenario

GRID = "grids/synthetic-seniority-uncapped.toml"
CHANGES = {"time.years": 1, "time.burn_in_months": 0, "grid.file": GRID, "sittings.every_days": 28}
FEW = 40


def world() -> World:
    changes = {**CHANGES, "funnel.stages": False}  # refusals come sooner
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
    return world_of(scenario, territory_of(scenario), grid_of(scenario), 0)


def full_months(filed: date, on: date) -> int:
    return max(0, (on.year - filed.year) * 12 + on.month - filed.month - (on.day < filed.day))


def facts_today(here: World, state: object, row: int) -> dict[str, object]:
    """Return the facts of one demand, as they would be written in a grid."""
    register, today = state.register, here.day(state.now_s)  # type: ignore[attr-defined]
    filed = here.day(0) + timedelta(days=int(register.filed_s[row]) // DAY_S)
    facts: dict[str, object] = {
        name: decoded(ATTRIBUTES[name], np.asarray(register.attribute(name))[row].item())
        for name in register.attributes
        if name in reads(here.grid)
    }
    recognised = bool(register.dalo_s[row] <= state.now_s)  # type: ignore[attr-defined]
    facts |= {
        "seniority_months": full_months(filed, today),
        "unjustified_refusals_24m": int(register.refusals[row]),
        "dalo_status": "ACTIF" if recognised else "NON",
        "request_kind": "mutation" if register.mutation_of[row] >= 0 else "primo",
        "children": int(register.children[row]),
    }
    return {name: value for name, value in facts.items() if value is not None}


def alone(grid: Grid, facts: dict[str, object]) -> int:
    return int(score(grid, facts_of_example(facts), 1).total[0])


def test_the_score_of_a_sitting_is_that_of_the_facts_of_its_day() -> None:
    here = world()
    state = initial_state(here)
    seen: dict[int, list[tuple[int, int, int, bool]]] = {}

    def watch(sitting: Sitting, _: Shortlist) -> None:
        told = dict(zip(sitting.demand.tolist(), sitting.points.tolist(), strict=True))
        refused = [row for row in told if state.register.refusals[row] > 0]
        for row in [*refused, *list(told)[:: max(len(told) // FEW, 1)]]:
            facts = facts_today(here, state, row)
            assert told[row] == alone(here.grid, facts), f"sitting {sitting.held_on}, row {row}: {facts}"
            dalo = facts["dalo_status"] == "ACTIF"
            kept = (told[row], int(state.register.refusals[row]), int(str(facts["seniority_months"])), dalo)
            seen.setdefault(row, []).append(kept)

    play(here, state, POLICIES["cotation_only"], YEAR_S, watch)
    often = [told for told in seen.values() if len(told) > 1]
    # What was seen did evolve: by waiting, by a malus of refusal, by a recognition.
    assert any(last[2] > first[2] and last[0] > first[0] for first, *_, last in often)
    assert any(told[1] >= 2 for rows in seen.values() for told in rows)
    assert len({told[3] for rows in seen.values() for told in rows}) == 2


def test_a_refusal_counts_for_24_months() -> None:
    here = world()
    state = initial_state(here)
    first, second = int(state.open_rows[0]), int(state.open_rows[1])
    state.register.refusals[[first, second]] += 1
    state.refused.extend([(0, first), (DAY_S, second)])
    for months, counted in (
        (24, [0, 1]),
        (25, [0, 0]),
    ):  # to the second: the first is forgotten, not the other
        state.now_s = months * YEAR_S // 12
        _forget_refusals(state)
        assert state.register.refusals[[first, second]].tolist() == counted
    assert not state.refused


def test_what_is_forgotten_in_a_branch_is_kept_in_the_other() -> None:
    here = world()
    state = initial_state(here)
    row = int(state.open_rows[0])
    state.register.refusals[row] += 1
    state.refused.append((0, row))
    branch = state.copy()
    branch.now_s = 3 * YEAR_S
    _forget_refusals(branch)
    assert (branch.register.refusals[row], state.register.refusals[row]) == (0, 1)
    assert list(state.refused) == [(0, row)]
