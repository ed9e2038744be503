"""From which type to which residences go."""

import numpy as np
import pytest

from sim.indicators import transitions

PATHS = {
    "R1": ("en_equilibre", "a_conforter", "en_equilibre"),
    "R2": ("en_equilibre", "en_equilibre", "en_equilibre"),
    "R3": ("en_equilibre", "en_equilibre", "en_vigilance"),
    "R4": ("a_conforter", "en_vigilance", "a_conforter"),
    "R5": (None, "en_capacite", "a_conforter"),  # delivered in 2027: in no row of the whole run
    "R6": ("en_vigilance", "a_conforter", None),  # demolished in 2028, and has been « à conforter »
}
HOUSEHOLDS = {"R1": 30, "R2": 10, "R3": 20, "R4": 50, "R5": 5, "R6": 8}


@pytest.fixture
def rows(build):
    occupation = [
        {"residence_id": name, "year": year, "peuplement_type": kind, "households": HOUSEHOLDS[name]}
        for name, kinds in PATHS.items()
        for year, kind in zip((2027, 2028, 2029), kinds, strict=True)
        if kind
    ]
    return transitions.compute(build(occupation=occupation))


def test_shares_of_residences_worked_by_hand(rows, find):
    # Of the three « en équilibre » at the start, in 2027 one went to « à conforter » and two stayed.
    assert find(rows, "type_transition_share", "en_equilibre@a_conforter", 2027) == pytest.approx(1 / 3)
    assert find(rows, "type_transition_share", "en_equilibre@en_equilibre", 2027) == pytest.approx(2 / 3)
    # In 2028 R2 stayed and R3 went to « en vigilance »; R1 came back from « à conforter ».
    assert find(rows, "type_transition_share", "en_equilibre@en_vigilance", 2028) == pytest.approx(1 / 2)
    assert find(rows, "type_transition_share", "a_conforter@en_equilibre", 2028) == 1  # R6 is gone
    assert find(rows, "type_transition_share", "en_capacite@a_conforter", 2028) == 1
    # Over the run R1 is where it was, R2 too, R3 has moved.
    assert find(rows, "type_transition_share", "en_equilibre@en_equilibre") == pytest.approx(2 / 3)
    assert find(rows, "type_transition_share", "a_conforter@a_conforter") == 1
    assert np.isnan(find(rows, "type_transition_share", "en_capacite@a_conforter"))


def test_shares_of_households_worked_by_hand(rows, find):
    assert find(rows, "type_transition_households", "en_equilibre@a_conforter", 2027) == pytest.approx(
        30 / 60
    )
    assert find(rows, "type_transition_households", "en_equilibre@en_vigilance") == pytest.approx(20 / 60)


def test_residences_that_reach_a_conforter_are_kept_once_they_have(rows, find):
    # Not « à conforter » at the start: R1, R2, R3, R6. R1 and R6 are by 2028; R1 comes back and still counts.
    assert find(rows, "residences_reaching_a_conforter", "all", 2028) == pytest.approx(2 / 4)
    assert find(rows, "residences_reaching_a_conforter", "all", 2029) == pytest.approx(2 / 4)
    assert find(rows, "residences_reaching_a_conforter", "all") == pytest.approx(2 / 4)


def test_rows_of_a_matrix_sum_to_one(random_run, find):
    found = transitions.compute(random_run(demands=10, leases=5, offers=5))
    kinds = transitions.PEUPLEMENT_TYPES
    for year in (0, 2027, 2028, 2029):
        for name in ("type_transition_share", "type_transition_households"):
            for earlier in kinds:
                row = [find(found, name, f"{earlier}@{later}", year) for later in kinds]
                assert sum(row) == pytest.approx(1)


def test_a_single_1_january_has_no_transition(build):
    assert transitions.compute(build(occupation=[{"year": 2027}])) == []
