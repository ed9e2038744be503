"""Where rows stand, counted by hand on six leases."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.outcomes import DAY_S, MONTH_S
from sim.process.replication import initial_state
from sim.process.state import Counted, Ledger, State
from sim.process.steering import rows_for
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World
from sim.rules.quotas import LEGAL, TARGET, Family, needed
from sim.rules.traits import mask
from sim.territory.columns import RESERVATAIRES

POOR, NEUTRAL = mask(["first_quartile"]), mask(["neutral"])
AL, AUCUN = RESERVATAIRES.index("action_logement"), RESERVATAIRES.index("aucun")
R1, R2, R3 = 1, 4, 7  # a dwelling of each residence of the toy
EVERYWHERE = np.zeros(9, dtype=np.int64)
BY_RESIDENCE = np.repeat([0, 1, 2], 3)


def family(months: int = 0, **changes: object) -> Family:
    """Return a quarter to the first quartile, in each residence."""
    given = {
        "rule": "R",
        "tier": LEGAL,
        "labels": ("R1", "R2", "R3"),
        "percent": 25,
        "public": POOR,
        "excluded": 0,
        "months": months,
        "by_dwelling": BY_RESIDENCE,
    }
    return Family(**(given | changes))


# On 15 March 2026 (day 73 of the scenario). Signed: one in December 2023 (29 months before is October 2023),
# one on 31 December 2025, one on 1 January 2026 and three since. Three in R1, two in R2, one in R3.
SIGNED = [
    (date(2023, 12, 1), R1, AUCUN, POOR),
    (date(2025, 12, 31), R1, AL, POOR),
    (date(2026, 1, 1), R1, AL, 0),
    (date(2026, 2, 1), R2, AUCUN, POOR),
    (date(2026, 2, 20), R2, AL, POOR | NEUTRAL),
    (date(2026, 3, 14), R3, AUCUN, 0),
]


@pytest.fixture
def state(toy: World) -> State:
    state = initial_state(toy)
    state.now_s = toy.second(date(2026, 3, 15))
    columns = [(toy.second(day), *rest) for day, *rest in SIGNED]
    state.ledger = Ledger(*np.array(columns, dtype=np.int64).T)
    return state


def standing(
    toy: World, state: State, given: Family, dwellings: list[int], holders: list[int]
) -> list[tuple]:
    """Return (label, signed, counted) of the rows touched."""
    state.families = (given,)
    rows = rows_for(toy, state, np.array(dwellings), np.array(holders))
    return list(zip(rows.label, rows.signed.tolist(), rows.counted.tolist(), strict=True))


ONE_EACH = ([R1, R2, R3], [AUCUN] * 3)


def test_a_calendar_year_begins_on_the_first_of_january(toy: World, state: State) -> None:
    # R1 in 2026: the lease of 1 January alone, to nobody of the public.
    assert standing(toy, state, family(), *ONE_EACH) == [("R1", 1, 0), ("R2", 2, 2), ("R3", 1, 0)]


def test_leases_known_by_their_number_add_to_those_of_the_ledger(toy: World, state: State) -> None:
    # R1 of 2026 has one lease, none to the public; two in the
    # trailing year. The counter says 31 more, of which 7, and 48 in twelve months; R2 and R3 have none.
    state.counted = {"R1": Counted(31, 7, 48), "another row": Counted(5, 5, 5)}
    assert standing(toy, state, family(), *ONE_EACH) == [("R1", 32, 7), ("R2", 2, 2), ("R3", 1, 0)]
    rows = rows_for(toy, state, np.array([R1, R2, R3]), np.array([AUCUN] * 3))
    assert rows.month_flow.tolist() == [(2 + 48) / 12, 2 / 12, 1 / 12]


def test_a_rolling_window_looks_back_its_months(toy: World, state: State) -> None:
    # 24 months back from 15 March 2026: 31 December 2025 counts, December 2023 does not; 36 months: both.
    assert standing(toy, state, family(24), *ONE_EACH)[0] == ("R1", 2, 1)
    assert standing(toy, state, family(36), *ONE_EACH)[0] == ("R1", 3, 2)


def test_a_window_s_first_second_counts(toy: World, state: State) -> None:
    state.ledger.signed_s[0] = state.now_s - 24 * MONTH_S
    assert standing(toy, state, family(24), *ONE_EACH)[0] == ("R1", 3, 2)
    state.ledger.signed_s[0] -= 1
    assert standing(toy, state, family(24), *ONE_EACH)[0] == ("R1", 2, 1)


def test_an_excluded_lease_is_in_no_count(toy: World, state: State) -> None:
    assert standing(toy, state, family(excluded=NEUTRAL), *ONE_EACH)[1] == ("R2", 1, 1)


def test_a_holder_counts_its_own_flow(toy: World, state: State) -> None:
    given = family(labels=("AL",), by_dwelling=EVERYWHERE, holder=AL)
    # 2026: Action Logement signed 1 January and 20 February (the public).
    assert standing(toy, state, given, [R1, R1], [AL, AUCUN]) == [("AL", 2, 1)]
    assert standing(toy, state, given, [R1], [0]) == []  # the État is no member


def test_only_rows_touched_stand_with_their_vacancies(toy: World, state: State) -> None:
    state.families = (family(), family(24, tier=TARGET, percent=35))
    rows = rows_for(toy, state, np.array([R3, R1, R3]), np.array([AUCUN] * 3))
    assert rows.label == ("R1", "R3", "R1", "R3")
    assert rows.scope.tolist() == [[False, True, False], [True, False, True]] * 2
    assert (rows.tier.tolist(), rows.percent.tolist()) == ([LEGAL, LEGAL, TARGET, TARGET], [25, 25, 35, 35])


def test_the_flow_is_the_trailing_year_s_and_what_is_left_of_this_one(toy: World, state: State) -> None:
    state.families = (family(labels=("EPCI",), by_dwelling=EVERYWHERE),)
    rows = rows_for(toy, state, np.array([R1]), np.array([AUCUN]))
    # Since 15 March 2025: five leases; 292 days to 1 January 2027.
    assert rows.month_flow.tolist() == [pytest.approx(5 / 12)]
    assert rows.remaining.tolist() == [pytest.approx(5 * 292 / 365.25)]


def test_a_rolling_window_has_no_year_s_end(toy: World, state: State) -> None:
    state.families = (family(24, labels=("EPCI",), by_dwelling=EVERYWHERE),)
    rows = rows_for(toy, state, np.array([R1]), np.array([AUCUN]))
    assert rows.month_flow.tolist() == [pytest.approx(5 / 12)]
    assert rows.remaining.tolist() == [np.inf]


def test_a_deficit_is_caught_up_before_the_year_ends(toy: World, state: State) -> None:
    """Sixty leases a year, five a month; none of those of 2026 to the public, of which a quarter is owed."""
    state.families = (family(labels=("EPCI",), by_dwelling=EVERYWHERE),)
    days = [date(2026, 1, 1 + n % 28) for n in range(60)]
    columns = [(toy.second(day), R1, AUCUN, 0) for day in sorted(days)]
    state.ledger = Ledger(*np.array(columns, dtype=np.int64).T)
    asked = []
    for day in (date(2026, 6, 1), date(2026, 12, 14), date(2026, 12, 28)):
        state.now_s = toy.second(day)
        asked.append(needed(rows_for(toy, state, np.array([R1]), np.array([AUCUN]))).tolist())
    # 1,500 hundredths are missing, and one vacancy is examined.
    # 1 June: a fifth of the month's flow, 300; with its own 25, 325: 4 leases, 400 − 25.
    # 14 December: 18 days are left, 60 × 18 / 365.25 = 2.96 leases: a third of it, 507; 532: 6 leases.
    # 28 December: 4 days, less than a lease: the whole; 1,525: 16 leases.
    assert asked == [[375], [575], [1575]]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 8), st.booleans(), st.booleans()), max_size=12),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 8), st.booleans()), max_size=6),
    st.booleans(),
)
def test_leases_and_offers_to_neutral_households_change_no_target_row(
    toy: World,
    leases: list[tuple[int, int, bool, bool]],
    neutral: list[tuple[int, int, bool]],
    in_flight: bool,
) -> None:
    state = initial_state(toy)
    state.now_s = toy.second(date(2027, 3, 15))
    state.families = (family(36, tier=TARGET, percent=35, excluded=NEUTRAL),)

    def rows_with(signed: list[tuple[int, int, int, int]]) -> list[list[float]]:
        state.ledger = Ledger(*np.array(sorted(signed), dtype=np.int64).reshape(-1, 4).T)
        rows = rows_for(toy, state, np.array(ONE_EACH[0]), np.array([AUCUN] * 3))
        arrays = ("signed", "counted", "signed_due", "counted_due", "month_flow", "remaining")
        return [getattr(rows, name).tolist() for name in arrays] + [needed(rows).tolist()]

    plain = [(day * DAY_S, place, AUCUN, POOR * poor | NEUTRAL * apart) for day, place, poor, apart in leases]
    before = rows_with([lease for lease in plain if not lease[3] & NEUTRAL])
    assert rows_with(plain) == before
    more = [(day * DAY_S, place, AUCUN, POOR * poor | NEUTRAL) for day, place, poor in neutral]
    if in_flight:
        state.register.signature[0] = POOR | NEUTRAL
        state.vacancies = {1: offered(R1, [0], 0, 0)}
    assert rows_with([*plain, *more]) == before


def test_no_family_is_no_row(toy: World, state: State) -> None:
    state.families = ()
    assert rows_for(toy, state, np.array([R1, R2]), np.array([AUCUN] * 2)).scope.shape == (0, 2)


def offered(place: int, demands: list[int], turn: int, offered_s: int | None) -> Vacancy:
    """Return a vacancy of Action Logement whose turn is at one of its offers."""
    offers = [Offer(demand, rank, 0, "refused", "", DAY_S) for rank, demand in enumerate(demands, 1)]
    offers[turn].offered_s = offered_s
    return Vacancy(place, f"V{place}", place, "departure", 0, 0, AL, True, offers=offers, turn=turn)


def test_an_offer_awaiting_its_answer_counts_for_its_chance_of_a_lease(toy: World, state: State) -> None:
    signature = state.register.signature
    signature[:3] = [POOR, 0, POOR | NEUTRAL]
    state.vacancies = {
        1: offered(R1, [0, 1], 0, 0),  # the public is asked
        2: offered(R1 + 1, [0, 1], 1, 0),  # rank 2 is asked, of no public
        3: offered(R2, [2], 0, 0),  # neutral
        4: offered(R3, [0], 0, None),  # listed, not asked yet
    }
    state.families = (family(), family(excluded=NEUTRAL))
    rows = rows_for(toy, state, np.array(ONE_EACH[0]), np.array([AUCUN] * 3))
    chance = toy.scenario.acceptance.accepts
    assert chance == 0.54
    expected = [(2, 1), (1, 1), (0, 0), (2, 1), (0, 0), (0, 0)]
    assert rows.signed_due.tolist() == pytest.approx([chance * signed for signed, _ in expected])
    assert rows.counted_due.tolist() == pytest.approx([chance * counted for _, counted in expected])
