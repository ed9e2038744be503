"""Which leases count for which row, and what a sitting owes each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.law import Law
from sim.rules.quotas import LEGAL, UNIT, Family, Rows, legal_families, needed
from sim.rules.traits import mask
from sim.territory.columns import RESERVATAIRES

LAW = Law.at(date(2026, 1, 1))
ETAT, ETAT_F, ACTION, COLLECTIVITE, AUCUN = range(len(RESERVATAIRES))


def row(
    percent: int,
    here: int,
    signed: float = 0,
    counted: float = 0,
    month_flow: float = 0,
    due: float = 0,
    remaining: float = np.inf,
) -> Rows:
    """Return one row in whose scope stand `here` vacancies; `due` leases in flight, none of them counted."""
    one = np.ones(1, dtype=np.int64)
    return Rows(
        ("R",),
        ("R1",),
        tier=LEGAL * one,
        percent=percent * one,
        public=one,
        excluded=0 * one,
        scope=np.ones((1, here), dtype=bool),
        signed=signed * one,
        counted=counted * one,
        signed_due=due * one.astype(float),
        counted_due=0.0 * one,
        month_flow=month_flow * one.astype(float),
        remaining=remaining * one.astype(float),
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Nothing signed, 4 vacancies at 25 %: one lease to the public, 1 × 75 − 3 × 25 = 0.
        (row(25, here=4), 0),
        # 5 vacancies: 1.25 lease, raised to 2: 2 × 75 − 3 × 25 = 75.
        (row(25, here=5), 75),
        # 2 of 4 signed to the public: a surplus of 200 − 100 = 100 hundredths, spent at once.
        # Owed 2 × 25 − 100 = −50, raised to 0 lease: 0 × 75 − 2 × 25 = −50.
        (row(25, here=2, signed=4, counted=2), -50),
        # None of 8 to the public: 200 missing; 2 vacancies of 10 a month: a fifth of it, 40.
        # Owed 40 + 50 = 90 hundredths, raised to 1 lease: 75 − 25 = 50.
        (row(25, here=2, signed=8, month_flow=10), 50),
        # The same when 2 leases come a month: the whole 200, 250 with this sitting, 3 leases of 2 vacancies.
        (row(25, here=2, signed=8, month_flow=2), 250),
        # More vacancies than a month's flow: the deficit is asked once, not 4 / 2 times.
        (row(25, here=4, signed=4, month_flow=2), 100),
        # A flow under one a month counts as one: never a part above the whole.
        (row(25, here=1, signed=4, month_flow=0.1), 175),
        # 3 leases are left of the year, of 10 a month: 2 vacancies catch up two thirds of the 200 missing,
        # 133.3; with this sitting 183.3, 2 leases of 2 vacancies: 150.
        (row(25, here=2, signed=8, month_flow=10, remaining=3), 150),
        # A year far from its end leaves the month's path as it is.
        (row(25, here=2, signed=8, month_flow=10, remaining=60), 50),
        # Nothing more is expected before 31 December: the whole deficit is asked of this sitting.
        (row(25, here=1, signed=4, month_flow=10, remaining=0.1), 175),
        # 2 leases expected in flight, none to the public: 2 × 25 missing already; 50 + 25 = 75, one lease.
        (row(25, here=1, due=2, month_flow=1), 75),
        # 6 in flight: 150 missing already, 175 with this sitting, 2 leases of 1 vacancy: 2 × 100 − 25.
        (row(25, here=1, due=6, month_flow=1), 175),
    ],
)
def test_a_row_asks_what_it_is_owed(rows: Rows, expected: int) -> None:
    assert needed(rows).tolist() == [expected]


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 99),
    st.integers(1, 12),
    st.integers(0, 60),
    st.floats(0, 1),
    st.floats(0, 30),
)
def test_what_is_asked_is_met_by_whole_leases_and_no_fewer(
    percent: int, here: int, signed: int, share: float, flow: float
) -> None:
    counted = int(share * signed)
    asked = int(needed(row(percent, here, signed, counted, flow))[0])
    leases, rest = divmod(asked + percent * here, UNIT)
    assert rest == 0
    deficit = percent * signed - UNIT * counted
    owed = (deficit * min(1, here / max(flow, 1)) if deficit > 0 else deficit) + percent * here
    assert leases * UNIT >= owed - 1e-6
    assert (leases - 1) * UNIT < owed


# Bailleur A: 200 dwellings outside QPV, 40 in; B: 100 outside, none in. A tenth is let a year:
# A 20 and 4, B 10 and 0, against the law file's small number of 20.
BAILLEUR = np.repeat([0, 1], [240, 100])
IN_QPV = np.repeat([False, True, False], [200, 40, 100])


def families(law: Law = LAW) -> dict[tuple[str, int], Family]:
    """Return the families by rule and number of rows."""
    found = legal_families(law, ("A", "B"), BAILLEUR, IN_QPV, 0.1, 0.3)
    return {(family.rule, len(family.labels)): family for family in found}


def test_a_small_bailleur_counts_in_the_epci_alone() -> None:
    assert LAW.small_number == 20
    by_bailleur, epci = families()["R1", 2], families()["R1", 1]
    assert np.unique(by_bailleur.by_dwelling[:200]).tolist() == [0]
    assert np.unique(by_bailleur.by_dwelling[200:]).tolist() == [-1]  # A in QPV, B too small
    assert np.unique(epci.by_dwelling[~IN_QPV]).tolist() == [0]
    assert np.unique(epci.by_dwelling[IN_QPV]).tolist() == [-1]


def test_leases_counted_stand_for_the_turnover_expected_of_a_bailleur() -> None:
    # B is expected 10 leases a year: 20 counted make it large enough. A is expected 20: 19 make it too small.
    counted = {"R1 hors QPV, bailleur B": 20, "R1 hors QPV, bailleur A": 19}
    found = legal_families(LAW, ("A", "B"), BAILLEUR, IN_QPV, 0.1, 0.3, counted)
    (by_bailleur,) = [one for one in found if one.rule == "R1" and len(one.labels) == 2]
    assert np.unique(by_bailleur.by_dwelling[:240]).tolist() == [-1]
    assert np.unique(by_bailleur.by_dwelling[240:]).tolist() == [1]


def test_in_qpv_no_bailleur_is_large_enough_and_the_epci_is_one_row() -> None:
    assert np.unique(families()["R2", 2].by_dwelling).tolist() == [-1]
    assert np.unique(families()["R2", 1].by_dwelling[IN_QPV]).tolist() == [0]
    assert np.unique(families()["R2", 1].by_dwelling[~IN_QPV]).tolist() == [-1]


def test_publics_and_shares_are_those_of_the_law() -> None:
    found = families()
    assert {key: (family.percent, family.public, family.months) for key, family in found.items()} == {
        ("R1", 2): (25, mask(["first_quartile", "relogement"]), 0),
        ("R1", 1): (25, mask(["first_quartile", "relogement"]), 0),
        ("R2", 2): (50, mask(["q2_q4"]), 0),
        ("R2", 1): (50, mask(["q2_q4"]), 0),
        ("R4", 2): (25, mask(["l441_1"]), 0),
        ("R4", 1): (25, mask(["l441_1"]), 0),
    }
    assert all(family.excluded == 0 and family.tier == LEGAL for family in found.values())


def quarter(label: str) -> Family:
    """Return the R4 family that has a row."""
    found = legal_families(LAW, ("A", "B"), BAILLEUR, IN_QPV, 0.1, 0.9)
    return next(family for family in found if label in family.labels)


def test_the_quarter_is_owed_by_each_holder_but_the_etat() -> None:
    place, holders = np.zeros(5, dtype=np.int64), np.array([ETAT, ETAT_F, ACTION, COLLECTIVITE, AUCUN])
    assert quarter("R4 Action Logement").member(place, holders).tolist() == [-1, -1, 0, -1, -1]
    assert quarter("R4 collectivités").member(place, holders).tolist() == [-1, -1, -1, 0, -1]
    assert quarter("R4 non réservé, EPCI").member(place, holders).tolist() == [-1, -1, -1, -1, 0]


def test_each_bailleur_owes_the_quarter_of_its_own_unreserved_leases() -> None:
    # A: 240 dwellings, 24 leases a year, 0.9 of them unreserved: 21.6, above 20; B: 9, counted in the EPCI's.
    own = quarter("R4 non réservé, bailleur A")
    assert own.member(np.array([0, 230, 250]), np.full(3, AUCUN)).tolist() == [0, 0, -1]
    assert own.member(np.array([0]), np.array([ACTION])).tolist() == [-1]


def test_essential_workers_have_a_row_once_the_cia_sets_a_share() -> None:
    assert ("R22", 1) not in families()
    set_by_cia = families(replace(LAW, essential_worker_share=Fraction(1, 10)))["R22", 1]
    assert (set_by_cia.percent, set_by_cia.public) == (10, mask(["essential_worker"]))
    assert set(set_by_cia.by_dwelling.tolist()) == {0}


def test_quotas_switched_off_leave_no_row() -> None:
    assert legal_families(replace(LAW, quotas=False), ("A", "B"), BAILLEUR, IN_QPV, 0.1, 0.3) == ()
