"""A type changes by the bailleur's and the EPCI's signatures, from a date, until an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from made_residences import told

from sim.rules.peuplement import Choice, qualify
from sim.rules.peuplement.decisions import (
    CONTESTED,
    HALF_SIGNED,
    SIGNED,
    UNSIGNED,
    Decision,
    Measured,
    Signature,
    active,
    as_of,
    decided,
    last_in_effect,
    ruling,
    seals,
    settle,
    still_open,
)
from sim.rules.peuplement.qualified import AIMED, CAPACITY

CAPACITE, EQUILIBRE, VIGILANCE, CONFORTER = range(4)
OWN = Signature("A", "direction_generale", date(2026, 2, 10))
EPCI = Signature("epci", "vice_presidence", date(2026, 2, 20))
PROPOSAL = Decision("R1", date(2026, 2, 1), VIGILANCE, EQUILIBRE, -1, "travaux", "Façades reprises")
WHOLE = replace(PROPOSAL, bailleur=OWN, epci=EPCI)
NAMES = ["R1", "R2"]


@pytest.mark.parametrize(
    ("each", "state"),
    [
        (PROPOSAL, UNSIGNED),
        (replace(PROPOSAL, bailleur=OWN), HALF_SIGNED),
        (replace(PROPOSAL, epci=EPCI), HALF_SIGNED),
        (WHOLE, SIGNED),
        (replace(WHOLE, contested_by=("commune",)), CONTESTED),
    ],
)
def test_only_both_signatures_and_no_contest_make_a_decision(each: Decision, state: str) -> None:
    assert each.state == state
    day = date(2027, 1, 1)
    assert (ruling([each], day) == {"R1": each}) == (state == SIGNED)
    left, _ = still_open([each], [])
    assert [one.state for one in left] == [state]


def test_an_objective_is_active_where_no_proposal_is_open() -> None:
    assert active(NAMES, ["R2", "R9"]).tolist() == [True, False]
    assert active(NAMES, []).tolist() == [True, True]


def test_a_proposal_is_closed_by_the_decision_signed_after_its_last_signature() -> None:
    # the decision is signed on 20 February 2026
    half = replace(PROPOSAL, bailleur=replace(OWN, on=date(2026, 2, 19)))
    same_day = replace(PROPOSAL, bailleur=replace(OWN, on=date(2026, 2, 20)))
    contested = replace(WHOLE, epci=replace(EPCI, on=date(2026, 2, 15)), contested_by=("commune",))
    later = replace(PROPOSAL, proposed_on=date(2026, 3, 1))
    elsewhere = replace(half, residence_id="R2")
    left, closed = still_open([half, same_day, contested, later, elsewhere], [WHOLE])
    assert left == (same_day, later, elsewhere)
    assert closed == ((half, WHOLE.signed_on), (contested, WHOLE.signed_on))


def test_a_decision_rules_from_its_effect_until_the_day_of_its_end() -> None:
    each = replace(WHOLE, effect_on=date(2026, 4, 1), ends_on=date(2029, 4, 1))
    for day, rules in (
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2029, 3, 31), True),
        (date(2029, 4, 1), False),
    ):
        assert bool(ruling([each], day)) == rules, day


def test_without_a_date_of_effect_it_rules_from_the_last_signature() -> None:
    assert WHOLE.effect == date(2026, 2, 20)


def test_the_last_to_take_effect_rules_and_its_end_revives_none_before_it() -> None:
    later = replace(
        WHOLE, to=CONFORTER, effect_on=date(2027, 1, 1), ends_on=date(2028, 1, 1), before=EQUILIBRE
    )
    for history in ([WHOLE, later], [later, WHOLE]):  # whatever the order of the sheet
        assert ruling(history, date(2026, 12, 31))["R1"] is WHOLE
        assert ruling(history, date(2027, 6, 1))["R1"] is later
        assert ruling(history, date(2028, 1, 1)) == {}
        assert last_in_effect(history, date(2028, 1, 1))["R1"] is later


def test_decisions_are_read_on_the_data_s_date_or_that_of_the_last_signature() -> None:
    assert as_of(date(2026, 1, 1), []) == date(2026, 1, 1)
    assert as_of(date(2026, 1, 1), [WHOLE]) == date(2026, 2, 20)
    assert as_of(date(2027, 1, 1), [WHOLE]) == date(2027, 1, 1)
    assert as_of(date(2026, 1, 1), [replace(WHOLE, epci=None)]) == date(2026, 1, 1)


def test_types_decided_stand_in_place_of_the_statistics_and_open_ones_leave_what_was() -> None:
    observed = told({"first_quartile": ([0, 10], [20, 20])}, building_age=[10, 10])
    found = qualify(observed, Choice({"first_quartile": 1.0, "building_age": 1.0}, 0.0))
    open_on_r2 = replace(PROPOSAL, residence_id="R2", before=VIGILANCE, to=CAPACITE, epci=EPCI)
    settled = settle(found, NAMES, [WHOLE], [open_on_r2], date(2027, 1, 1))
    assert settled.type.tolist() == [EQUILIBRE, VIGILANCE]
    assert settled.active.tolist() == [True, False]
    assert settled.decision == (WHOLE, None)
    segment = found.segment
    assert settled.target.tolist() == [AIMED[segment[0], EQUILIBRE], AIMED[segment[1], VIGILANCE]]
    assert settled.capacity.tolist() == [CAPACITY[segment[0], EQUILIBRE], CAPACITY[segment[1], VIGILANCE]]
    chosen = settle(found, NAMES, [replace(WHOLE, target=CONFORTER)], [], date(2027, 1, 1))
    assert chosen.target[0] == CONFORTER
    assert chosen.type[1] == found.type[1]  # nothing decided: the statistics


def test_a_territory_s_own_types_stay_where_nothing_is_decided() -> None:
    given, aimed = np.array([CONFORTER, CAPACITE]), np.array([VIGILANCE, -1])
    kind, target = decided([WHOLE], [], NAMES, given, aimed, date(2027, 1, 1))
    assert kind.tolist() == [EQUILIBRE, CAPACITE]
    assert target.tolist() == [VIGILANCE, -1]
    assert given.tolist() == [CONFORTER, CAPACITE]  # what was given is not written over


def test_a_seal_holds_the_decision_and_all_before_it() -> None:
    second = replace(WHOLE, residence_id="R2", measured=Measured(0.25, -0.5, 1.0, date(2026, 1, 1)))
    first, last = seals([WHOLE, second])
    assert seals([WHOLE, second]) == (first, last)
    assert seals([second], first) == (last,)
    others = [seals([WHOLE]), seals([second, WHOLE]), seals([replace(WHOLE, argument="Autre"), second])]
    for change in (
        {"to": CONFORTER},
        {"target": 0},
        {"reason": "projet"},
        {"ends_on": date(2029, 1, 1)},
        {"measured": Measured(0.25, -0.5, 1.000001, date(2026, 1, 1))},
    ):
        others.append(seals([WHOLE, replace(second, **change)]))
    assert last not in {each[-1] for each in others}
