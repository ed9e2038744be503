"""What becomes of the offers of one list, rank by rank? One list of L6, worked by hand."""

from __future__ import annotations

import pytest

from sim.outcomes import DAY_S
from sim.policies import POLICIES
from sim.process.engine import play
from sim.process.housing import NEVER
from sim.process.register import CLOSED, OFFERED, OPEN
from sim.process.replication import initial_state, open_run
from sim.process.state import State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World
from sim.territory.columns import RESERVATAIRES

Told = list[tuple[str, str, int | None, int]]
"""Demand, outcome, second of the offer and of its end."""


def listed(toy: World, second_leaves_s: int, second_is: int) -> State:
    """Return the state after three days and a half of a list of L6: D09, who refuses, D06, D01.

    Given on Thursday 1 January 2026, it is played before the first sitting, on Monday. D09 refuses after two
    days; D06 and D01 accept after a day. `second_is` is what D06 is by then.
    """
    state = initial_state(toy)
    open_run(toy, state)
    rows = {name: row for row, name in enumerate(state.register.demand_id.tolist())}
    state.register.leaves_s[:] = NEVER
    state.register.leaves_s[rows["D06"]], state.register.state[rows["D06"]] = second_leaves_s, second_is
    offers = [
        Offer(rows["D09"], 1, 0, "refused", "secteur", 2 * DAY_S),
        Offer(rows["D06"], 2, 0, "accepted", "", DAY_S),
        Offer(rows["D01"], 3, 0, "accepted", "", DAY_S),
    ]
    return played(toy, state, offers)


def played(toy: World, state: State, offers: list[Offer]) -> State:
    place = toy.territory.dwellings.dwelling_id.tolist().index("L6")
    nobody = RESERVATAIRES.index("aucun")
    state.freed = []
    state.vacancies = {
        1: Vacancy(1, "L6", place, "departure", 0, 0, nobody, False, sitting_id="S1", offers=offers)
    }
    play(toy, state, POLICIES["seniority"], 3 * DAY_S + DAY_S // 2)
    return state


def told(state: State) -> Told:
    names = state.register.demand_id
    return [(str(names[o.demand]), o.outcome, o.offered_s, o.answered_s) for o in state.records.offers]


REFUSED = ("D09", "refused", 0, 2 * DAY_S)
BY_SECOND = [REFUSED, ("D06", "accepted", 2 * DAY_S, 3 * DAY_S)]
BY_THIRD = ("D01", "accepted", 2 * DAY_S, 3 * DAY_S)


def test_a_refusal_opens_the_next_rank_at_once(toy: World) -> None:
    state = listed(toy, 2 * DAY_S + 1, OPEN)
    assert told(state) == BY_SECOND
    assert [(lease.rank, lease.signed_s) for lease in state.records.leases] == [(2, 3 * DAY_S)]
    assert state.register.state[state.records.offers[0].demand] == OPEN, "D09 may be offered another"
    assert not state.vacancies


@pytest.mark.parametrize(
    ("leaves_s", "state_then", "outcome"),
    [
        (2 * DAY_S, OPEN, "withdrawn"),  # not renewed, the second its turn comes
        (DAY_S, OPEN, "withdrawn"),
        (NEVER, CLOSED, "withdrawn"),
        (NEVER, OFFERED, "superseded"),  # by another dwelling's list
    ],
)
def test_who_waits_no_more_is_passed_for_the_next_rank(
    toy: World, leaves_s: int, state_then: int, outcome: str
) -> None:
    state = listed(toy, leaves_s, state_then)
    assert told(state) == [REFUSED, ("D06", outcome, None, 2 * DAY_S), BY_THIRD]
    assert [lease.rank for lease in state.records.leases] == [3]


def test_who_refuses_after_the_term_of_the_demand_lapses_on_answering(toy: World) -> None:
    """An offer keeps its demand alive until its answer: D06 refuses a day after its term."""
    state = initial_state(toy)
    open_run(toy, state)
    who = state.register.demand_id.tolist().index("D06")
    state.register.leaves_s[:] = NEVER
    state.register.leaves_s[who] = DAY_S
    played(toy, state, [Offer(who, 1, 0, "refused", "secteur", 2 * DAY_S)])
    assert told(state) == [("D06", "refused", 0, 2 * DAY_S)]
    assert (state.register.state[who], state.register.closed_s[who]) == (CLOSED, 2 * DAY_S)
