"""Stages per lease, and why candidates leave."""

import numpy as np
import pytest

from sim.indicators import funnel, vacancy

DAY = 86_400
MONTH = 2_629_800


def test_stages_per_lease_worked_by_hand(build, find):
    run = build(
        demands=[{"demand_id": "D1"}, {"demand_id": "D2"}, {"demand_id": "D3"}],
        vacancies=[{"vacancy_id": "V1"}],
        sittings=[{"vacancy_id": "V1", "held_s": 0}, {"vacancy_id": "V1", "held_s": 7 * DAY}],
        offers=[
            # Never reached; joined and visited, then no; joined, visited, documents, yes.
            {"demand_id": "D1", "outcome": "silent", "offered_s": None, "answered_s": DAY},
            {
                "demand_id": "D2",
                "outcome": "refused",
                "motive": "secteur",
                "offered_s": None,
                "answered_s": 9 * DAY,
                "contacted_s": 8 * DAY,
                "visited_s": 9 * DAY,
            },
            {
                "demand_id": "D3",
                "outcome": "accepted",
                "answered_s": 20 * DAY,
                "contacted_s": 8 * DAY,
                "visited_s": 9 * DAY,
                "documents_s": 10 * DAY,
            },
        ],
        leases=[{"vacancy_id": "V1", "demand_id": "D3", "signed_s": 20 * DAY}],
    )
    rows = funnel.compute(run)
    assert find(rows, "candidates_per_lease", "all") == 3
    assert find(rows, "contacts_per_lease", "all") == 2
    assert find(rows, "visits_per_lease", "all") == 2
    assert find(rows, "sittings_per_lease", "all") == 2
    assert find(rows, "ends_per_lease", "refused:secteur") == 1
    assert find(rows, "ends_per_lease", "silent") == 1


def test_rent_lost_runs_from_the_keys_to_the_lease_each_year_its_months(build, find):
    run = build(
        demands=[{}],
        vacancies=[
            # Two months before the start to two months after it: two months lost in the run, 500 each.
            {
                "vacancy_id": "V1",
                "keys_s": -2 * MONTH,
                "let_s": 2 * MONTH,
                "rent_eur": 400,
                "charges_eur": 100,
            },
            # From the eleventh month of the first year to the end of the second: never let.
            {"vacancy_id": "V2", "keys_s": 11 * MONTH, "let_s": None, "rent_eur": 300, "charges_eur": 0},
        ],
    )
    rows = vacancy.compute(run)
    end_s = run.context["end_s"]
    assert find(rows, "rent_lost_eur", "all") == pytest.approx(1000 + (end_s / MONTH - 11) * 300)
    first = find(rows, "rent_lost_eur", "all", run.start.year)
    assert first == pytest.approx(1000 + 300, rel=0.02)  # a civil year is 12 months but for hours
    assert np.isfinite(find(rows, "rent_lost_eur", "qpv"))
