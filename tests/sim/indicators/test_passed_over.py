"""Better-scored demands on no list."""

import pytest

from sim.indicators import passed_over
from sim.outcomes import MONTH_S


def test_passed_over_is_summed_over_examinations_and_divided_by_leases(build, find):
    run = build(
        sittings=[
            {"vacancy_id": "V1", "passed_over": 0},
            {"vacancy_id": "V2", "passed_over": 4},
            {"vacancy_id": "V2", "passed_over": 1, "held_s": MONTH_S},  # the same vacancy, examined again
            {"vacancy_id": "V3", "passed_over": 0, "held_s": 20 * MONTH_S},
        ],
        leases=[{"signed_s": MONTH_S}, {"signed_s": MONTH_S}],
    )
    rows = passed_over.compute(run)
    assert find(rows, "passed_over_per_lease", "all") == pytest.approx(5 / 2)
    assert find(rows, "passed_over_share", "all") == pytest.approx(2 / 4)
    assert find(rows, "passed_over_share", "all", 2027) == pytest.approx(2 / 3)
    assert find(rows, "passed_over_share", "all", 2028) == 0
