"""Days vacant and the stock vacant at the end."""

import numpy as np
import pytest

from sim.indicators import vacancy
from sim.outcomes import DAY_S


def test_vacancy_runs_from_keys_to_letting(build, find):
    vacancies = [
        {"vacancy_id": "V1", "keys_s": 10 * DAY_S, "let_s": 40 * DAY_S, "rooms": 2},
        {
            "vacancy_id": "V2",
            "keys_s": 360 * DAY_S,
            "let_s": 450 * DAY_S,
            "rooms": 6,
            "in_qpv": True,
        },  # let in 2028
        {"vacancy_id": "V3", "keys_s": 100 * DAY_S, "rooms": 2},  # still vacant
        {"vacancy_id": "V4", "keys_s": 100 * DAY_S, "lost": True},  # lost: neither let nor vacant
        {"vacancy_id": "V5", "keys_s": None, "let_s": 5 * DAY_S},  # keys unknown: no duration
    ]
    rows = vacancy.compute(build(vacancies=vacancies))
    assert find(rows, "days_vacant", "all") == pytest.approx(60)
    assert find(rows, "days_vacant", "all", 2027) == pytest.approx(30)
    assert find(rows, "days_vacant", "t5_plus", 2028) == pytest.approx(90)
    assert find(rows, "days_vacant", "qpv") == pytest.approx(90)
    assert np.isnan(find(rows, "days_vacant", "t3", 2027))
    assert find(rows, "vacant_end", "all") == 1
    assert find(rows, "vacant_end", "t2") == 1
