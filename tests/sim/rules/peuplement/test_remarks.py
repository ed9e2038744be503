"""Which remarks may be kept: buildings, services and management, never anybody."""

from __future__ import annotations

import pytest

from sim.rules.peuplement.remarks import PERSONS, unfit


@pytest.mark.parametrize(
    "remark",
    [
        "",
        "Façades reprises en 2024, ascenseur neuf",
        "Voile béton fissuré au pignon nord, chaufferie de 1974",
        "Équipement public fermé depuis mars ; espaces publics refaits",
        "Dépôts d'encombrants dans les caves, moisissures noires au 3e étage",
        "Compteurs individuels posés, garage fermé, mairie annexe à 300 m",
        "Travaux du 12/01/2025 au 03/03/2025, lot 4 : 1 250 000 euros",
        "Résidentialisation achevée, halls A, B, C et D repris",
    ],
)
def test_what_is_said_of_buildings_and_services_is_kept(remark: str) -> None:
    assert unfit(remark) == ()


@pytest.mark.parametrize(
    ("remark", "ground"),
    [
        ("trop d'étrangers", "origine ou nationalité"),
        ("Immigration récente", "origine ou nationalité"),
        ("des Algériennes", "origine ou nationalité"),
        ("les gens du voyage", "origine ou nationalité"),
        ("NATIONALITÉS diverses", "origine ou nationalité"),
        ("menuiseries d'origine", "origine ou nationalité"),
        ("une mosquée à côté", "religion ou opinion"),
        ("Musulmanes", "religion ou opinion"),
        ("familles monoparentales", "situation familiale"),
        ("beaucoup d'enfants", "situation familiale"),
        ("couples séparés", "situation familiale"),
        ("personnes âgées", "âge"),
        ("les jeunes du hall", "âge"),
        ("alcoolisme", "santé ou handicap"),
        ("troubles psychiatriques", "santé ou handicap"),
        ("handicapée", "santé ou handicap"),
        ("femmes seules", "sexe ou orientation"),
        ("les locataires se plaignent", "personne"),
        ("public précaire", "personne"),
        ("mauvais payeurs", "personne"),
        ("des marginaux", "personne"),
        ("M. Dupont", "personne"),
        ("voir 06 12 34 56 78", "personne"),
        ("écrire à a.b@exemple.fr", "personne"),
        ("un Ghetto", "expression"),
        ("Menage à Risque", "expression"),
        ("au nom de la mixite", "expression"),
    ],
)
def test_what_is_said_of_anybody_is_refused_with_its_ground(remark: str, ground: str) -> None:
    assert ground in {each.ground for each in unfit(remark)}


@pytest.mark.parametrize(
    "remark",
    [
        "ÉTRANGERS",
        "e\u0301trangers",  # accent written apart
        "étran\u00adgers",  # a soft hyphen inside
        "é t r a n g e r s",
        "é.t.r.a.n.g.e.r.s",
        "ﬁlles",  # a ligature
    ],
)
def test_writing_it_otherwise_changes_nothing(remark: str) -> None:
    assert unfit(remark)


def test_every_word_of_the_list_is_caught_alone_and_in_a_sentence() -> None:
    for ground, words in PERSONS.items():
        for word in words:
            text = word.replace("*", "")
            assert ground in {each.ground for each in unfit(f"Vu : {text.upper()}, hier.")}, word


def test_every_expression_never_used_is_refused_without_its_accents() -> None:
    for said in ("menage lourd", "bon candidat", "profil", "seuil de tolerance", "attribution automatique"):
        assert [each.ground for each in unfit(said)][:1] == ["expression"]
