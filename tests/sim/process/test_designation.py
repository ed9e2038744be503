"""Until when is a dwelling examined on its réservataire's list?"""

from __future__ import annotations

import pytest

from sim.outcomes import DAY_S
from sim.policies import POLICIES
from sim.policies.sitting import Shortlist, Sitting
from sim.process.engine import play
from sim.process.housing import NEVER
from sim.process.replication import initial_state, open_run
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.territory.columns import RESERVATAIRES

DELAY_S = 30 * DAY_S
"""Left to the réservataire (scenarios/hypotheses)."""

ETAT = RESERVATAIRES.index("etat")


def on_its_list(toy: World, available_s: int, until_s: int) -> dict[int, bool]:
    """Return, for each sitting over L9 up to a second, whether the État's list alone is examined."""
    state = initial_state(toy)
    open_run(toy, state)
    place = toy.territory.dwellings.dwelling_id.tolist().index("L9")
    state.freed = []
    state.vacancies = {1: Vacancy(1, "L9", place, "departure", 0, available_s, ETAT, True)}
    found: dict[int, bool] = {}

    def see(sitting: Sitting, _: Shortlist) -> None:
        if place in sitting.dwelling:
            found[sitting.held_s] = bool(sitting.designated[sitting.dwelling == place][0])

    play(toy, state, POLICIES["seniority"], until_s, see)
    return found


@pytest.mark.parametrize(("later_s", "designated"), [(-1, False), (0, False), (1, True)])
def test_a_dwelling_is_back_to_the_bailleur_when_the_delay_ends(
    toy: World, later_s: int, designated: bool
) -> None:
    """L9, a T1, asked on the État's list by nobody: examined at every sitting until others may have it."""
    # Monday 2 February 2026, second 32 × 86 400, is a sitting day. Available on 3 January at midnight, L9 has
    # been the État's to designate for 30 days to the second: it no more is.
    monday_s = 32 * DAY_S
    found = on_its_list(toy, monday_s - DELAY_S + later_s, monday_s + 1)
    assert found[monday_s] is designated, f"L9, available {later_s} s after 3 January: {found}"
    before = [held for second, held in found.items() if second < monday_s]
    assert before
    assert all(before), found


def test_the_delay_ends_though_nobody_waits(toy: World) -> None:
    """The same dwelling after its thirty days, in a town without any demand."""
    state = initial_state(toy)
    open_run(toy, state)
    state.freed, state.open_rows, state.arrivals, state.arrivals_s = [], *(state.open_rows[:0],) * 3
    state.housing.mutation_s[:] = NEVER
    place = toy.territory.dwellings.dwelling_id.tolist().index("L9")
    l9 = Vacancy(1, "L9", place, "departure", 0, 0, ETAT, True)
    state.vacancies = {1: l9}
    play(toy, state, POLICIES["seniority"], 26 * DAY_S)  # sat on Monday 26 January, second 25 × 86 400
    assert l9.designated
    play(toy, state, POLICIES["seniority"], 33 * DAY_S)  # and on 2 February
    assert not l9.designated
