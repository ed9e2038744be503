"""The law's shares, counted on signed leases, in whole leases."""

import numpy as np
import pytest

from sim.indicators import quotas
from sim.outcomes import MONTH_S, YEAR_S


def many(count, **columns):
    return [columns for _ in range(count)]


def test_r1_counts_first_quartile_and_relogement_outside_qpv(build, find):
    run = build(
        leases=[
            *many(3, first_quartile=True),
            *many(1, relogement=True),
            *many(1, first_quartile=True, relogement=True),  # counted once
            *many(17),
            *many(30, in_qpv=True, first_quartile=True),  # not outside QPV
            *many(4, bailleur_id="B", first_quartile=True),
        ]
    )
    rows = quotas.compute(run)
    # A: 5 of 22, ⌈0.25 × 22⌉ = 6 due, 1 missing. EPCI: 9 of 26, ⌈6.5⌉ = 7 due, none missing.
    assert find(rows, "r1_share", "bailleur:A", 2027) == pytest.approx(5 / 22)
    assert find(rows, "r1_shortfall", "bailleur:A", 2027) == 1
    assert find(rows, "r1_share", "all", 2027) == pytest.approx(9 / 26)
    assert find(rows, "r1_shortfall", "all", 2027) == 0
    # Whole run: the share of all its leases, the sum of the yearly shortfalls.
    assert find(rows, "r1_share", "all") == pytest.approx(9 / 26)
    assert find(rows, "r1_shortfall", "bailleur:A") == 1
    assert find(rows, "leases", "bailleur:A", 2027) == 52


def test_under_twenty_leases_there_is_no_share_but_a_flag(build, find):
    rows = quotas.compute(build(leases=[*many(20), *many(19, bailleur_id="B")]))
    assert find(rows, "r1_share", "bailleur:A", 2027) == 0
    assert find(rows, "r1_small", "bailleur:B", 2027) == 1
    assert find(rows, "r1_small", "bailleur:A", 2028) == 1
    for indicator, group, year in (
        ("r1_share", "bailleur:B", 2027),
        ("r1_shortfall", "bailleur:B", 2027),
        ("r1_small", "bailleur:A", 2027),
    ):
        with pytest.raises(KeyError):
            find(rows, indicator, group, year)
    assert {row.unit for row in rows if row.indicator == "r1_small"} == {"effectif insuffisant"}


def test_shortfall_of_the_run_sums_its_years(build, find):
    late = YEAR_S + MONTH_S
    leases = [*many(20), *many(20, signed_s=late, first_quartile=True)]
    rows = quotas.compute(build(leases=leases))
    # 2027: 0 of 20, 5 missing. 2028: 20 of 20. The good year does not repay the other.
    assert find(rows, "r1_shortfall", "all") == 5
    assert find(rows, "r1_share", "all") == pytest.approx(0.5)


def test_r2_counts_leases_in_qpv_to_other_quartiles(build, find):
    leases = [*many(9, in_qpv=True), *many(12, in_qpv=True, first_quartile=True), *many(50)]
    rows = quotas.compute(build(leases=leases))
    # 9 of 21, ⌈10.5⌉ = 11 due.
    assert find(rows, "r2_share", "all", 2027) == pytest.approx(9 / 21)
    assert find(rows, "r2_shortfall", "all", 2027) == 2


def test_r4_is_held_by_each_reservataire_and_not_by_the_state(build, find):
    leases = [
        *many(2, reservataire="action_logement", l441_1=True),
        *many(1, reservataire="action_logement", dalo=True),
        *many(18, reservataire="action_logement"),
        *many(20, reservataire="etat", l441_1=True),
    ]
    rows = quotas.compute(build(leases=leases))
    # 3 of 21, ⌈5.25⌉ = 6 due.
    assert find(rows, "r4_share", "reservataire:action_logement", 2027) == pytest.approx(3 / 21)
    assert find(rows, "r4_shortfall", "reservataire:action_logement", 2027) == 3
    assert find(rows, "r4_share", "reservataire:etat", 2027) == 1
    with pytest.raises(KeyError):
        find(rows, "r4_shortfall", "reservataire:etat", 2027)


def test_without_legal_shares_there_is_no_shortfall(build):
    rows = quotas.compute(build(law={}, leases=many(25)))
    assert not [row for row in rows if row.indicator.endswith("_shortfall")]


def test_a_whole_number_due_is_not_rounded_up_by_floats():
    # 0.1 × 30 is 3.0000000000000004 in floats: 3 leases are due.
    assert quotas.shortfall(0.1, np.array([30.0]), np.array([3.0])) == 0
    assert quotas.shortfall(0.25, np.array([21.0]), np.array([5.0])) == 1


def test_orientation_shares_the_vacancies_of_a_bailleur(build, find):
    vacancies = [
        {"vacancy_id": "V1", "reservataire": "etat"},
        {"vacancy_id": "V2", "reservataire": "aucun"},
        {"vacancy_id": "V3", "reservataire": "etat", "bailleur_id": "B"},
        {"vacancy_id": "V4", "reservataire": "etat", "bailleur_id": "B", "available_s": YEAR_S + MONTH_S},
    ]
    rows = quotas.compute(build(vacancies=vacancies))
    assert find(rows, "orientation_share", "reservataire:etat") == pytest.approx(3 / 4)
    assert find(rows, "orientation_share", "bailleur:A@etat", 2027) == pytest.approx(1 / 2)
    assert find(rows, "orientation_share", "bailleur:B@aucun", 2028) == 0
    assert np.isnan(find(rows, "orientation_share", "bailleur:A@etat", 2028))


def test_r22_counts_essential_workers_of_the_epci_and_owes_only_what_is_set(build, find):
    leases = [*many(4, essential_worker=True), *many(1, essential_worker=True, bailleur_id="B"), *many(20)]
    rows = quotas.compute(build(leases=leases, law={"R1": 0.25, "R22": 0.3}))
    assert find(rows, "r22_share", "all", 2027) == pytest.approx(5 / 25)
    assert find(rows, "r22_shortfall", "all", 2027) == 3  # ⌈0.3 × 25⌉ = 8 due, 5 signed
    without = quotas.compute(build(leases=leases, law={"R1": 0.25, "R22": 0.0}))
    assert find(without, "r22_share", "all", 2027) == pytest.approx(5 / 25)
    assert "r22_shortfall" not in {row.indicator for row in without}
