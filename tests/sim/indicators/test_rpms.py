"""What is owed to households kept out of an RPMS."""

import pytest

from sim.indicators import rpms
from sim.outcomes import DAY_S, YEAR_S

VACANCIES = [{"vacancy_id": "in", "in_rpms": True}, {"vacancy_id": "out"}]


def kept_out(name: str, day: int):
    at = {"demand_id": name, "vacancy_id": "in", "answered_s": day * DAY_S, "offered_s": None}
    return {**at, "outcome": "non_attribution", "motive": "RPMS"}


def offered(name: str, vacancy: str, day: int):
    return {"demand_id": name, "vacancy_id": vacancy, "offered_s": day * DAY_S, "answered_s": day * DAY_S}


def test_a_debt_is_paid_by_the_first_offer_outside_the_rpms(build, find):
    # A: kept out on days 10 and 12, one debt; offered in an RPMS on day 15, which pays nothing, outside on
    # day 30: 20 days. Kept out again on day 40, never paid. B: kept out on day 5, lapses on day 50.
    # C: kept out on day 100, paid on day 100 + 365, in the second year: 365 days.
    demands = [
        {"demand_id": "A"},
        {"demand_id": "B", "closed_s": 50 * DAY_S, "closed_by": "lapse"},
        {"demand_id": "C"},
    ]
    offers = [
        *[kept_out("A", 10), kept_out("A", 12), offered("A", "in", 15), offered("A", "out", 30)],
        *[kept_out("A", 40), kept_out("B", 5), kept_out("C", 100), offered("C", "out", 465)],
    ]
    rows = rpms.compute(build(demands=demands, vacancies=VACANCIES, offers=offers))
    assert find(rows, "rpms_debts_opened", "all") == 4
    assert find(rows, "rpms_debts_opened", "all", 2028) == 0
    assert find(rows, "rpms_debts_paid", "all", 2027) == 1
    assert find(rows, "rpms_debts_paid", "all", 2028) == 1
    assert find(rows, "rpms_debts_open", "all", 2027) == 2  # A again, and C
    assert find(rows, "rpms_debts_open", "all") == 1  # A
    assert find(rows, "rpms_debt_days", "all", 2027) == pytest.approx(20)
    assert find(rows, "rpms_debt_days", "all") == pytest.approx((20 + 365) / 2)


def test_a_household_that_declines_at_the_visit_was_proposed_the_dwelling(build, find):
    # Kept out on day 10, it declines at a visit on day 18: paid in 8 days. Documents that do not come on day
    # 15, elsewhere, were no proposal.
    none = {"offered_s": None, "vacancy_id": "out", "demand_id": "A"}
    visit = {**none, "answered_s": 18 * DAY_S, "outcome": "refused", "stage": "visit"}
    documents = {**none, "answered_s": 15 * DAY_S, "outcome": "withdrawn", "stage": "documents"}
    demands = [{"demand_id": "A"}]
    offers = [kept_out("A", 10), documents, visit]
    rows = rpms.compute(build(demands=demands, vacancies=VACANCIES, offers=offers))
    assert find(rows, "rpms_debt_days", "all") == pytest.approx(8)


def test_without_anybody_kept_out_there_is_no_row(build):
    offers = [offered("A", "out", 3)]
    demands = [{"demand_id": "A", "closed_s": YEAR_S}]
    assert rpms.compute(build(demands=demands, vacancies=VACANCIES, offers=offers)) == []
