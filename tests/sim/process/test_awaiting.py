"""Vacancies that await a sitting stand in lines of those alike, the longest vacant first."""

from __future__ import annotations

from sim.process.awaiting import Awaiting
from sim.process.vacancy import Vacancy
from sim.process.world import World, world_of
from sim.stylised import Case, decode
from sim.territory.columns import RESERVATAIRES

NOBODY_S = RESERVATAIRES.index("aucun")


def world() -> World:
    """Three dwellings A (rows 0-2), alike to everybody, and two B (rows 3, 4) in another commune."""
    case = {
        "kind": "stylised",
        "horizon": 1.0,
        "household": [{"id": "1", "rate": 1.0, "accepts": ["A", "B"], "tenancy": {"mean": 1.0}}],
        "dwelling": [{"id": "A", "units": 3}, {"id": "B", "units": 2}],
    }
    return world_of(*decode(Case.model_validate(case)), 0)


def vacancy(dwelling: int, available_s: int, key: int, **more: object) -> Vacancy:
    found = Vacancy(key, f"V{key}", dwelling, "departure", 0, available_s, NOBODY_S, False)
    for name, value in more.items():
        setattr(found, name, value)
    return found


def test_the_longest_vacant_of_each_line_is_told() -> None:
    awaiting = Awaiting(world())
    for one in (vacancy(1, 50, 11), vacancy(0, 70, 12), vacancy(4, 90, 13), vacancy(2, 60, 14)):
        awaiting.add(one, f"story {one.key}")
    assert len(awaiting) == 4
    assert sorted(awaiting) == [11, 12, 13, 14]
    assert sorted(awaiting.longest_vacant()) == [11, 13]  # A since 50, B since 90


def test_of_those_vacant_since_one_second_the_first_by_name_leads() -> None:
    awaiting = Awaiting(world())
    for one in (vacancy(2, 50, 1), vacancy(0, 50, 3), vacancy(1, 50, 2)):
        awaiting.add(one, None)
    assert awaiting.longest_vacant() == [3]  # A/000000


def test_the_next_leads_when_the_first_is_given_a_list() -> None:
    awaiting = Awaiting(world())
    first, second = vacancy(1, 50, 11), vacancy(0, 70, 12)
    awaiting.add(second, "second's story")
    awaiting.add(first, "first's story")
    assert awaiting.pop(first) == "first's story"
    assert awaiting.longest_vacant() == [12]
    assert awaiting.pop(second) == "second's story"
    assert awaiting.longest_vacant() == []
    assert len(awaiting) == 0


def test_dwellings_oriented_or_tried_otherwise_stand_in_lines_of_their_own() -> None:
    awaiting = Awaiting(world())
    awaiting.add(vacancy(0, 10, 1), None)
    awaiting.add(vacancy(1, 20, 2, reservataire=0, designated=True), None)  # the State's list
    awaiting.add(vacancy(2, 30, 3, tried={5}), None)  # proposed to demand 5 before
    assert sorted(awaiting.longest_vacant()) == [1, 2, 3]


def test_a_vacancy_tried_since_it_was_added_leaves_its_own_line() -> None:
    awaiting = Awaiting(world())
    one, other = vacancy(0, 10, 1), vacancy(1, 20, 2)
    awaiting.add(one, "one's story")
    awaiting.add(other, "other's story")
    one.tried.add(5)  # while a list is given, before the story is woken
    assert awaiting.pop(one) == "one's story"
    assert awaiting.longest_vacant() == [2]
