"""Whom a household lives beside: by hand, against PySAL, and over every spread."""

from itertools import permutations

import golden_tables
import numpy as np
import pytest

from sim.indicators import exposure, segregation


def test_exposure_of_three_publics_worked_by_hand():
    x, y, n = np.array([1, 3]), np.array([2, 1]), np.array([4, 5])
    # A household of x lives in the first residence once in four (2/4 of y), else in the second (1/5).
    assert exposure.exposure(x, y, n) == pytest.approx(1 / 4 * 2 / 4 + 3 / 4 * 1 / 5)
    # Seen by the other: 2/3 of y beside 1/4 of x, 1/3 beside 3/5. It is the first × X/Y = 4/3.
    assert exposure.exposure(y, x, n) == pytest.approx(2 / 3 * 1 / 4 + 1 / 3 * 3 / 5)
    assert exposure.exposure(y, x, n) == pytest.approx(exposure.exposure(x, y, n) * 4 / 3)


def test_expected_exposure_is_the_mean_over_every_spread():
    households = np.array([1, 2, 3])
    home = np.repeat(np.arange(3), households)
    spreads = set(permutations("xxyyyz"))  # 60, equally likely; one household is of neither public
    assert len(spreads) == 60
    values = []
    for spread in spreads:
        at = np.array(spread)
        x, y = (np.bincount(home[at == public], minlength=3) for public in "xy")
        values.append(exposure.exposure(x, y, households))
    # Y (N − r) / (N (N − 1)) = 3 × 3 / 30
    assert exposure.expected_at_random(3, households) == pytest.approx(0.3)
    assert np.mean(values) == pytest.approx(0.3)


@pytest.mark.parametrize("table", golden_tables.tables(), ids=lambda table: f"{len(table.members)}_places")
def test_exposure_to_all_others_and_its_expectation_are_pysal_s(table):
    others = table.households - table.members
    found = exposure.exposure(table.members, others, table.households)
    assert found == pytest.approx(table.found["interaction"], abs=1e-11)
    chance = exposure.expected_at_random(int(others.sum()), table.households)
    assert abs(chance - table.found["interaction_at_random"]) < 4 * table.found["interaction_error"]
    isolation = segregation.expected_at_random(int(table.members.sum()), table.households).isolation
    assert chance == pytest.approx(1 - isolation)


def test_nobody_has_no_exposure_and_empty_residences_change_nothing():
    none = np.array([0, 0])
    assert np.isnan(exposure.exposure(none, np.array([1, 1]), np.array([2, 2])))
    assert np.isnan(exposure.exposure(np.array([1, 1]), none, np.array([2, 2])))
    assert np.isnan(exposure.expected_at_random(1, np.array([1, 0])))
    with_empty = exposure.exposure(np.array([1, 0, 1]), np.array([1, 0, 2]), np.array([2, 0, 4]))
    assert with_empty == exposure.exposure(np.array([1, 1]), np.array([1, 2]), np.array([2, 4]))


def test_rows_leave_unknown_incomes_in_neither_quartile(build, find):
    occupation = [
        {"residence_id": name, "households": n, "incomes_known": known, "first_quartile_fixed": first}
        for name, n, known, first in (("R1", 4, 3, 1), ("R2", 5, 4, 3))
    ]
    rows = exposure.compute(build(occupation=occupation))
    # The second to fourth quartiles are 2 of 4 and 1 of 5, as worked by hand above; the others 3 and 2.
    assert find(rows, "exposure", "first_quartile@q2_q4", 2027) == pytest.approx(0.275)
    assert find(rows, "exposure", "first_quartile@others", 2027) == pytest.approx(
        1 / 4 * 3 / 4 + 3 / 4 * 2 / 5
    )
    # V* = 3 × 7 / 72; the correction is the same seen from either public.
    for group in ("first_quartile@q2_q4", "q2_q4@first_quartile"):
        assert find(rows, "exposure_corrected", group, 2027) == pytest.approx(0.275 / (3 * 7 / 72) - 1)


def test_two_publics_that_never_meet_are_at_minus_one(build, find):
    occupation = [
        {"residence_id": name, "households": 4, "incomes_known": 4, "first_quartile_fixed": first}
        for name, first in (("R1", 4), ("R2", 0))
    ]
    rows = exposure.compute(build(occupation=occupation))
    assert find(rows, "exposure_corrected", "q2_q4@first_quartile", 2027) == -1


def test_less_isolation_corrected_is_exposure_corrected_to_all_others(random_run, find):
    run = random_run(demands=10, leases=5, offers=5)
    isolation = segregation.compute(run)
    beside = exposure.compute(run)
    for year in (2027, 2028, 2029, 2030):
        isolated = find(isolation, "isolation_corrected", "first_quartile", year)
        exposed = find(beside, "exposure_corrected", "first_quartile@others", year)
        assert exposed == pytest.approx(-isolated)  # above chance and below
