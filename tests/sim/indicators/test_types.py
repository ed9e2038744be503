"""Types of residences laid out by residence and year."""

import pytest

from sim.indicators import types


@pytest.fixture
def occupation(build):
    rows = [
        {"residence_id": "R2", "year": 2028, "peuplement_type": "en_capacite", "in_qpv": True},
        {"residence_id": "R1", "year": 2028, "peuplement_type": "a_conforter"},
        {"residence_id": "R1", "year": 2027, "peuplement_type": "en_equilibre"},
        {"residence_id": "R3", "year": 2027, "peuplement_type": ""},
    ]
    return build(occupation=rows).occupation


def test_types_stand_by_residence_and_year_whatever_the_order_of_the_rows(occupation):
    table, line, years = types.by_residence(occupation, types.ranks(occupation["peuplement_type"]))
    assert years.tolist() == [2027, 2028]
    assert table.tolist() == [[1, 3], [-1, 0], [-1, -1]]
    assert line.tolist() == [1, 0, 0, 2]


def test_a_residence_is_sorted_by_the_first_type_it_has(occupation):
    assert types.at_first(occupation).tolist() == [0, 1, 1, -1]
    perimeters = types.perimeters(occupation)
    assert perimeters["start:en_equilibre"].tolist() == [False, True, True, False]
    assert perimeters["start:a_conforter"].tolist() == [False] * 4
    assert perimeters["qpv"].tolist() == [True, False, False, False]
    assert sum(member.sum() for name, member in perimeters.items() if name.startswith("start:")) == 3


def test_a_run_without_occupation_has_no_type(build):
    empty = build(occupation=[]).occupation
    assert types.at_first(empty).tolist() == []
