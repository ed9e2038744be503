"""Dwellings let again and dwellings vacant, worked by hand."""

import numpy as np
import pytest

from sim.indicators import rotation
from sim.outcomes import DAY_S

NEW_YEAR = 365 * DAY_S
"""1 January 2028, seen from 1 January 2027."""


def test_what_is_let_again_is_read_on_what_is_offered_on_the_first_of_january(build, find):
    vacancies = [
        {"vacancy_id": "V1", "keys_s": -10 * DAY_S, "let_s": 20 * DAY_S},  # vacant on 1 January 2027
        {"vacancy_id": "V2", "keys_s": 100 * DAY_S, "let_s": 130 * DAY_S},
        {"vacancy_id": "V3", "keys_s": 0, "let_s": 50 * DAY_S, "cause": "delivery"},  # vacant then as well
        {"vacancy_id": "V4", "keys_s": NEW_YEAR + DAY_S, "let_s": NEW_YEAR + 9 * DAY_S},
    ]
    leases = [{"vacancy_id": f"V{n}", "signed_s": row["let_s"]} for n, row in enumerate(vacancies, 1)]
    occupation = [{"year": year, "households": h} for year, h in ((2027, 8), (2028, 9), (2029, 9))]
    rows = rotation.compute(build(vacancies=vacancies, leases=leases, occupation=occupation))
    # 2027: two leases, the first letting left out, of 8 households + V1 and V3 vacant = 10 dwellings.
    assert find(rows, "relet_share", "all", 2027) == pytest.approx(2 / 10)
    # 2028: one lease of 9 households and nothing vacant.
    assert find(rows, "relet_share", "all", 2028) == pytest.approx(1 / 9)
    assert find(rows, "relet_share", "all") == pytest.approx(3 / 19)


def test_a_dwelling_is_vacant_from_the_keys_to_the_lease_and_a_lost_one_never(build, find):
    vacancies = [
        {"vacancy_id": "V1", "keys_s": NEW_YEAR - 200 * DAY_S},  # vacant on the 1 January 2028 and 2029
        {"vacancy_id": "V2", "keys_s": NEW_YEAR - 10 * DAY_S, "let_s": NEW_YEAR + 5 * DAY_S},
        {"vacancy_id": "V3", "keys_s": NEW_YEAR - 95 * DAY_S, "lost": True},
        {"vacancy_id": "V4", "keys_s": NEW_YEAR - 95 * DAY_S, "let_s": NEW_YEAR - DAY_S},  # let before
        {"vacancy_id": "V5", "keys_s": NEW_YEAR + DAY_S},  # keys the day after
    ]
    occupation = [{"year": year, "households": h} for year, h in ((2027, 40), (2028, 48), (2029, 48))]
    rows = rotation.compute(build(vacancies=vacancies, occupation=occupation))
    assert find(rows, "vacant_share", "all", 2027) == 0
    assert find(rows, "vacant_share", "all", 2028) == pytest.approx(2 / 50)  # V1 and V2
    assert find(rows, "vacant_share", "over_3_months", 2028) == pytest.approx(1 / 50)  # V1 alone
    assert find(rows, "vacant_share", "all", 2029) == pytest.approx(2 / 50)  # V1 and V5
    assert find(rows, "vacant_share", "all") == pytest.approx(4 / 100)  # the first 1 January is given


def test_without_occupation_nothing_is_said(build):
    assert rotation.compute(build()) == []


def test_a_year_without_an_occupation_is_unknown(build, find):
    rows = rotation.compute(build(occupation=[{"year": 2027}]))
    assert np.isnan(find(rows, "relet_share", "all", 2028))
    assert np.isnan(find(rows, "relet_share", "all"))
