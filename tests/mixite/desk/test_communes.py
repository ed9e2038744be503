"""Communes that an officer writes by their name: which are read, which are refused, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from toy_workbook import toy, with_cell

from mixite.desk.workbook import communes
from mixite.desk.workbook.communes import code_of, codes_wanted

C, L = "Candidatures", "Logements"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Lille", "59350"),
        ("LILLE ", "59350"),
        ("villeneuve d’ascq", "59009"),  # Villeneuve-d'Ascq in the table of the MEL
        ("La Bassee", "59051"),
        ("Bassée", None),  # not the whole name
        ("Paris", None),
        ("Lieu de synthèse 1", None),  # a place that exists nowhere
        ("", None),
    ],
)
def test_the_whole_name_of_a_commune_gives_its_code_accents_and_case_aside(
    name: str, code: str | None
) -> None:
    assert code_of(name) == code


def test_a_name_that_two_communes_share_gives_no_code_but_both_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = {"saint martin": (("59001", "Saint-Martin"), ("62001", "Saint-Martin"))}
    monkeypatch.setattr(communes, "known", lambda: shared)
    assert code_of("Saint-Martin") is None
    assert codes_wanted("St-Martin") == "écrire le code INSEE de la commune : " + (
        "59001 pour Saint-Martin ou 62001 pour Saint-Martin ?"
    )


def test_the_way_out_gives_the_code_wanted_or_an_example() -> None:
    assert codes_wanted("Tourcoin") == "écrire le code INSEE de la commune : 59599 pour Tourcoing ?"
    assert codes_wanted("Paris") == "écrire le code INSEE de la commune, par exemple 59350 pour Lille"


def test_communes_by_name_are_read_as_by_code_and_said(answer: Callable[..., dict[str, Any]]) -> None:
    named = with_cell(C, 2, "Communes", "Lille, Saint-André-lez-Lille / 59512")
    coded = with_cell(C, 2, "Communes", "59350;59527;59512")
    found, expected = answer(named), answer(coded)
    assert found["dwellings"] == expected["dwellings"]
    assert [note for note in found["notes"] if note not in expected["notes"]] == [
        f"feuille {C} : commune « Lille » lue 59350 : 1",
        f"feuille {C} : commune « Saint-André-lez-Lille » lue 59527 : 1",
    ]
    assert answer(with_cell(L, 2, "Commune (INSEE)", "Lille"))["dwellings"] == answer(toy())["dwellings"]


def test_a_name_that_is_not_known_is_refused_with_the_code_wanted(
    faults: Callable[..., list[tuple[str, int, str, str, str]]],
) -> None:
    (fault,) = faults(with_cell(L, 2, "Commune (INSEE)", "Lile"))
    assert fault == (L, 2, "Commune (INSEE)", "Lile", "code INSEE de commune attendu, 5 caractères")
