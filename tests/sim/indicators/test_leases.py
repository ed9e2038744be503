"""Counts of leases."""

import pytest

from sim.indicators import leases
from sim.outcomes import MONTH_S, YEAR_S


def test_leases_are_counted_net_of_mutations_and_by_group(build, find):
    signed = [
        {"signed_s": MONTH_S, "dalo": True},
        {"signed_s": MONTH_S, "mutation": True, "rooms": 5},
        {"signed_s": YEAR_S + MONTH_S, "dalo": True, "l441_1": True},
        {"signed_s": YEAR_S + MONTH_S},
    ]
    rows = leases.compute(build(leases=signed))
    assert find(rows, "leases_total", "all") == 4
    assert find(rows, "leases_total", "all", 2028) == 2
    assert find(rows, "net_new_households", "all", 2027) == 1
    assert find(rows, "net_new_households", "dalo") == 2
    assert find(rows, "net_new_households", "t5_plus") == 0  # the only one is a mutation
    assert find(rows, "leases_per_1000", "dalo") == pytest.approx(500)
    assert find(rows, "leases_of_group", "dalo") == 2
    assert find(rows, "leases_of_group", "mutation", 2028) == 0
    assert find(rows, "leases_per_1000", "l441_1", 2028) == pytest.approx(500)
    assert find(rows, "leases_per_1000", "t5_plus", 2027) == pytest.approx(500)


def test_events_of_the_last_half_day_belong_to_the_last_year(build, find):
    # 2027 has 365 days and the run 365.25: a lease of the last quarter of a day is not a lease of 2028.
    rows = leases.compute(build(years=1, leases=[{"signed_s": YEAR_S - 1}]))
    assert {row.year for row in rows} == {0, 2027}
    assert find(rows, "leases_total", "all", 2027) == 1
