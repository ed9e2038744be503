"""What each réservataire got, against what the same shares everywhere would give."""

from __future__ import annotations

import pytest

from sim.indicators import reservation
from sim.outcomes import MONTH_S, YEAR_S

ETAT = "reservataire:etat"


def test_the_gap_is_what_was_oriented_less_a_quarter_of_each_vacancy(build, find):
    vacancies = [
        {"vacancy_id": "V1", "reservataire": "etat", "in_qpv": True, "rent_eur": 150.0, "rooms": 2},
        {"vacancy_id": "V2", "reservataire": "etat", "in_qpv": True, "rent_eur": 200.0, "rooms": 6},
        {"vacancy_id": "V3", "reservataire": "aucun", "in_qpv": True, "rent_eur": 450.0},
        {"vacancy_id": "V4", "reservataire": "aucun", "bailleur_id": "B", "peuplement_type": "a_conforter"},
        {"vacancy_id": "V5", "reservataire": "etat", "available_s": YEAR_S + MONTH_S},
        {"vacancy_id": "V6", "reservataire": "aucun", "flow": "withdrawn"},
        {"vacancy_id": "V7", "reservataire": "etat", "flow": "stock"},
    ]
    rows = reservation.compute(build(vacancies=vacancies))

    def gap(group, year=0):
        return find(rows, "oriented_gap", group, year)

    # Five vacancies in the flow, three of them the État's: 3 − 5/4; in 2027 two of four.
    assert find(rows, "oriented", ETAT) == 3
    assert gap(ETAT) == pytest.approx(1.75)
    assert (gap(ETAT, 2027), gap(ETAT, 2028)) == pytest.approx((1.0, 0.75))
    # QPV: two of three, 2 − 3/4; outside: one of two.
    assert gap(f"{ETAT}@qpv") == pytest.approx(1.25)
    assert gap(f"{ETAT}@hors_qpv") == pytest.approx(0.5)
    assert gap("reservataire:collectivite@qpv") == pytest.approx(-0.75)
    assert gap("reservataire:aucun@a_conforter") == pytest.approx(0.75)
    assert find(rows, "oriented", f"{ETAT}@t5_plus") == 1
    # A rent at a cut is of the quarter below: V1 and V2 are of the first, V3 of the last.
    assert find(rows, "oriented", f"{ETAT}@loyer_1") == 2
    assert gap("reservataire:aucun@loyer_4") == pytest.approx(0.75)
    # By bailleur: A has four, of which three the État's.
    assert gap("bailleur:A@etat") == pytest.approx(2.0)
    assert gap("bailleur:B@etat") == pytest.approx(-0.25)


def test_gaps_of_a_place_sum_to_nothing_over_the_reservataires(build):
    vacancies = [{"vacancy_id": f"V{n}", "reservataire": ["etat", "aucun"][n % 2]} for n in range(7)]
    rows = reservation.compute(build(vacancies=vacancies))
    gaps = [row.value for row in rows if row.indicator == "oriented_gap" and row.group.endswith("@t3")]
    assert len(gaps) == 5
    assert sum(gaps) == pytest.approx(0)


def test_leases_are_held_to_the_reservataire_s_part_of_all_of_them(build, find):
    vacancies = [{"vacancy_id": f"V{n}", "rent_eur": [100.0, 500.0][n // 2]} for n in range(4)]
    leases = [
        {"vacancy_id": "V0", "reservataire": "etat", "in_qpv": True},
        {"vacancy_id": "V1", "reservataire": "aucun", "in_qpv": True},
        {"vacancy_id": "V2", "reservataire": "aucun"},
        {"vacancy_id": "V3", "reservataire": "aucun", "signed_s": YEAR_S + MONTH_S},
    ]
    rows = reservation.compute(build(vacancies=vacancies, leases=leases))
    # The État has a quarter of the leases: 1 − 2/4 in QPV and at the lowest rents, 1 − 3/4 in 2027.
    assert find(rows, "reservataire_leases", ETAT) == 1
    assert find(rows, "reservataire_leases_gap", f"{ETAT}@qpv") == pytest.approx(0.5)
    assert find(rows, "reservataire_leases_gap", f"{ETAT}@loyer_1") == pytest.approx(0.5)
    assert find(rows, "reservataire_leases_gap", f"{ETAT}@hors_qpv") == pytest.approx(-0.5)
    assert find(rows, "reservataire_leases_gap", ETAT, 2027) == pytest.approx(0.25)
    assert find(rows, "reservataire_leases_gap", ETAT) == 0


def test_a_run_without_vacancies_has_no_gap(build, find):
    rows = reservation.compute(build())
    assert find(rows, "oriented", ETAT) == find(rows, "oriented_gap", ETAT) == 0
