"""What becomes of households recognised under DALO."""

import pytest

from sim.indicators import dalo
from sim.outcomes import MONTH_S, YEAR_S

M = MONTH_S


def recognised(name: str, at: float, **more):
    """A demand recognised `at` months after the start, owed an offer six months later."""
    at_s, more = round(at * M), {"closed_s": None} | more
    return {"demand_id": name, "dalo_recognised_s": at_s, "dalo_deadline_s": at_s + 6 * M, **more}


def offer(name: str, at: float, outcome: str = "refused"):
    return {"demand_id": name, "offered_s": round(at * M), "answered_s": round(at * M), "outcome": outcome}


def test_offers_are_in_time_up_to_the_deadline(build, find):
    # Deadlines at 7, 8, 9, 10, 11 months. A is offered at 7, the last second; B at 9, late; C never, and
    # waits; D lapsed before its deadline without an offer: not counted. E was offered before its recognition
    # only: as C. So 1 of A, B, C, E.
    demands = [
        recognised("A", 1),
        recognised("B", 2),
        recognised("C", 3),
        recognised("D", 4, closed_s=9 * M, closed_by="lapse"),
        recognised("E", 5),
    ]
    offers = [offer("A", 7), offer("B", 9), offer("B", 10), offer("E", 4)]
    rows = dalo.compute(build(demands=demands, offers=offers, vacancies=[{}]))
    assert find(rows, "dalo_offered_in_time", "dalo") == pytest.approx(1 / 4)
    assert find(rows, "dalo_recognised", "dalo", 2027) == 5
    # first offers: A 7 - 1 = 6 months, B 9 - 2 = 7 months
    assert find(rows, "dalo_offer_wait_months", "dalo", 2027) == pytest.approx(6.5)


def test_a_deadline_after_the_end_is_not_counted(build, find):
    rows = dalo.compute(build(years=1, demands=[recognised("A", 7)]))  # owed by month 13
    assert str(find(rows, "dalo_offered_in_time", "dalo")) == "nan"


def test_waits_of_leases_run_from_recognition_even_before_the_start(build, find):
    demands = [recognised("A", -3, closed_s=5 * M, closed_by="lease")]
    leases = [{"demand_id": "A", "signed_s": 5 * M, "dalo": True}, {"demand_id": "A", "signed_s": 9 * M}]
    rows = dalo.compute(build(demands=demands, leases=leases))
    assert find(rows, "dalo_lease_wait_months", "dalo", 2027) == pytest.approx(8)
    assert find(rows, "dalo_recognised", "dalo") == 0  # before the start


def test_priorities_lost_and_names_alone_are_counted_by_year(build, find):
    demands = [recognised("A", 1, dalo_lost_s=3 * M), recognised("B", 1, dalo_lost_s=YEAR_S + M)]
    sittings = [{"short_reason": "prefet", "held_s": 2 * M}, {"short_reason": "vivier", "held_s": 2 * M}]
    rows = dalo.compute(build(demands=demands, sittings=sittings))
    assert find(rows, "dalo_lost", "dalo", 2027) == 1
    assert find(rows, "dalo_lost", "dalo") == 2
    assert find(rows, "dalo_presented_alone", "dalo", 2027) == 1
