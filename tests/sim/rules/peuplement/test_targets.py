"""The targets that are read, those that are refused, and the rows they give."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.rules.peuplement import Places, Target, target_families, twins
from sim.rules.quotas import TARGET
from sim.rules.traits import mask
from sim.territory.columns import PEUPLEMENT_TYPES
from sim.territory.files.faults import FaultsFound
from sim.territory.files.toml import decode

LAWFUL: dict[str, Any] = {
    "public": "first_quartile",
    "floor": 0.35,
    "published_in": {"reference": "CIA de synthèse", "on": date(2026, 1, 1), "perimeter": "EPCI"},
}


@pytest.mark.parametrize(
    ("change", "key", "message"),
    [
        ({"floor": 0}, "floor", "attendu > 0 ; un plancher de zéro ne demande rien : retirer l'objectif"),
        ({"floor": -0.1}, "floor", "attendu > 0"),
        ({"floor": 1.2}, "floor", "attendu ≤ 1 ; un plancher est une part des baux"),
        ({"floor": 0.355}, "floor", "centièmes entiers"),
        ({"floor": True}, "floor", "un nombre est attendu"),  # true would be read as 100 %
        ({"floor": "0.3"}, "floor", "un nombre est attendu ; l'écrire sans guillemets"),
        ({"months": "36"}, "months", "un entier est attendu"),
        ({"study": 1}, "study", "true ou false est attendu"),
        ({"maximum": 0.5}, "maximum", "un objectif est un plancher : un maximum fermerait des logements"),
        ({"max": 0.5}, "max", "écrire « floor »"),
        ({"plafond": 0.5}, "plafond", "un maximum fermerait"),
        ({"on": "stock"}, "on", "porte sur les baux signés, jamais sur les ménages en place : retirer"),
        ({"base": "stock"}, "base", "l'occupation du parc se suit par les indicateurs"),
        ({"age": 65}, "age", "ni la situation familiale, ni l'âge, ni le handicap"),
        ({"floors": 0.5}, "floors", "clé inconnue ; vouliez-vous dire « floor »"),
        ({"months": 12}, "months", "attendu ≥ 24"),
        ({"months": 48}, "months", "attendu ≤ 36 ; écrire de 24 à 36 mois"),
        ({"level": "ilot"}, "level", "connus : residence, quartier, commune, epci"),
        ({"types": []}, "types", "au moins 1 attendu"),
        ({"types": ["fragile"]}, "types[0]", "en_capacite"),
        ({"communes": []}, "communes", "au moins 1 attendu"),
        ({"level": "epci", "without": ["59350"]}, "", "« without » nomme des lieux de « level »"),
        ({"published_in": None}, "published_in", "un objectif n'est admis que publié : écrire published_in"),
        (
            {"published_in": {"reference": "   ", "on": date(2026, 1, 1), "perimeter": "EPCI"}},
            "published_in.reference",
            "un texte plus long est attendu",
        ),
        (
            {"published_in": {"reference": "CIA", "on": date(2026, 1, 1), "perimeter": "  "}},
            "published_in.perimeter",
            "un texte plus long est attendu",
        ),
        ({"public": "q2_q4"}, "", "n'est admis qu'en QPV"),
        ({"types": ["a_conforter"]}, "", "ne nomme que des types où il y a de la capacité"),
        ({"public": "below_40_plus", "types": ["en_capacite", "en_vigilance"]}, "", "study = true"),
        ({"public": "q2_q4", "in_qpv": False}, "", "study = true"),
        ({"public": "single_parent"}, "public", "« Familles monoparentales » (CCH L.442-5"),
        (
            {"public": "aged_65_plus"},
            "public",
            "ni situation familiale, ni âge, ni handicap dans un objectif",
        ),
        ({"public": "needs_accessible"}, "public", "n'est pas admis pour l'usage « target »"),
        ({"public": "dalo"}, "public", "neutre, compté par la loi (R4) et dans aucun objectif"),
        ({"public": "relogement"}, "public", "neutre, compté par la loi (R1) et dans aucun objectif"),
        ({"public": "q2_q4_no_priority"}, "public", "un objectif se dit de « q2_q4 »"),
        ({"public": "mutation"}, "public", "n'est pas admis pour l'usage « target » ; critères admis"),
        (
            {"public": "size_5_plus"},
            "public",
            "critères admis pour cet usage : l441_1, first_quartile, q2_q4",
        ),
        ({"public": "origine"}, "public", "critère inconnu ; connus : l441_1, first_quartile, q2_q4"),
    ],
)
def test_an_unlawful_target_is_refused(change: dict[str, Any], key: str, message: str) -> None:
    spec = {name: value for name, value in (LAWFUL | change).items() if value is not None}
    with pytest.raises(FaultsFound) as refused:
        decode(spec, Target, "scenario.toml")
    fault = refused.value.faults[0]
    assert fault.column == key
    assert message in str(fault)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"public": "q2_q4", "in_qpv": True},
        {"public": "q2_q4", "in_qpv": False, "study": True},
        {"types": ["en_capacite", "en_equilibre"]},
        {"types": ["en_vigilance"], "study": True},
        {"public": "l441_1", "types": ["a_conforter"]},  # the law's own public has no condition of capacity
        {"public": "q2_q4", "in_qpv": True, "types": ["a_conforter"]},
        {"floor": 1},  # a whole number is one
    ],
)
def test_a_lawful_target_is_read(change: dict[str, Any]) -> None:
    assert decode(LAWFUL | change, Target, "scenario.toml").months == 36


@pytest.mark.parametrize("public", ["dalo", "relogement", "q2_q4_no_priority", "mutation", "in_work"])
def test_family_age_and_disability_are_said_of_the_traits_that_tell_them_alone(public: str) -> None:
    with pytest.raises(FaultsFound) as refused:
        decode(LAWFUL | {"public": public}, Target, "scenario.toml")
    assert "situation familiale" not in str(refused.value)


def test_a_publication_is_kept_without_the_spaces_around_it() -> None:
    place = {"reference": " CIA 2026 ", "on": date(2026, 1, 1), "perimeter": " EPCI "}
    found = decode(LAWFUL | {"published_in": place}, Target, "scenario.toml").published_in
    assert (found.reference, found.perimeter) == ("CIA 2026", "EPCI")


def test_a_target_says_itself_in_french() -> None:
    target = Target(**LAWFUL, types=("en_capacite",), in_qpv=False)
    assert target.label() == "first_quartile ≥ 35 % des baux sur 36 mois hors QPV, types en_capacite"


def places(**columns: Any) -> Places:
    """Return three residences of two, one and two dwellings; the first two are in commune 59350."""
    three = {
        "residence_id": np.array(["R1", "R2", "R3"]),
        "bailleur": np.array(["A", "B", "A"]),
        "commune": np.array(["59350", "59350", "59512"]),
        "quartier": np.array(["Centre", "", "Centre"]),
        "in_qpv": np.array([False, True, False]),
        "is_rpms": np.array([True, False, True]),
        "residence_of": np.array([0, 0, 1, 2, 2]),
    }
    return Places(**three | columns)


KINDS = np.array([PEUPLEMENT_TYPES.index(name) for name in ("en_capacite", "en_capacite", "a_conforter")])


def test_a_target_has_a_row_for_each_residence_it_concerns() -> None:
    outside = Target(**LAWFUL, types=("en_capacite", "en_equilibre"), in_qpv=False)
    anywhere = Target(**LAWFUL, months=24)
    first, second, rpms = target_families(
        (outside, anywhere, Target(**LAWFUL, in_rpms=True)), places(), KINDS
    )
    assert first.by_dwelling.tolist() == [0, 0, -1, -1, -1]
    assert second.by_dwelling.tolist() == [0, 0, 1, 2, 2]
    assert (first.months, second.months) == (36, 24)
    assert (first.tier, first.percent, first.public) == (TARGET, 35, mask(["first_quartile"]))
    assert first.excluded == mask(["neutral"])  # DALO, relogement, violence: in no target row
    assert first.labels[0] == "first_quartile ≥ 35 % à accueillir, R1"
    assert rpms.by_dwelling.tolist() == [0, 0, -1, 2, 2]


@pytest.mark.parametrize(
    ("change", "rows", "labels"),
    [
        ({"level": "commune"}, [0, 0, 0, 1, 1], ["commune 59350", "commune 59512"]),
        ({"level": "epci"}, [0, 0, 0, 0, 0], ["EPCI"]),
        # Two quartiers of one name in two communes are two; R2 has none and is in no row.
        (
            {"level": "quartier"},
            [1, 1, -1, 2, 2],
            ["quartier  (59350)", "quartier Centre (59350)", "quartier Centre (59512)"],
        ),
        ({"level": "quartier", "without": ("Centre",)}, [-1, -1, -1, -1, -1], None),
        ({"level": "commune", "in_qpv": False}, [0, 0, -1, 1, 1], None),
        ({"level": "commune", "types": ("a_conforter",), "study": True}, [-1, -1, -1, 1, 1], None),
        ({"level": "epci", "communes": ("59350",)}, [0, 0, 0, -1, -1], None),
        ({"level": "epci", "bailleurs": ("B",)}, [-1, -1, 0, -1, -1], None),
        ({"residences": ("R3", "R1")}, [0, 0, -1, 2, 2], None),
        ({"without": ("R1",)}, [-1, -1, 1, 2, 2], None),
        ({"quartiers": ("Centre",), "communes": ("59512",)}, [-1, -1, -1, 2, 2], None),
    ],
)
def test_a_target_bears_on_the_perimeter_it_says(
    change: dict[str, Any], rows: list[int], labels: list[str] | None
) -> None:
    (family,) = target_families([Target(**LAWFUL | change)], places(), KINDS)
    assert family.by_dwelling.tolist() == rows
    if labels is not None:
        assert family.labels == tuple(f"first_quartile ≥ 35 % à accueillir, {name}" for name in labels)


def test_a_residence_whose_type_is_not_settled_has_no_objective_of_its_own_nor_one_chosen_by_types() -> None:
    settled = np.array([False, True, True])
    own = Target(**LAWFUL)
    by_types = Target(**LAWFUL, level="commune", types=("en_capacite",))
    wide = Target(**LAWFUL, level="commune")
    families = target_families([own, by_types, wide], places(), KINDS, settled)
    assert [family.by_dwelling.tolist() for family in families] == [
        [-1, -1, 1, 2, 2],
        [-1, -1, 0, -1, -1],
        [0, 0, 0, 1, 1],
    ]


def test_every_name_the_territory_does_not_know_is_said_at_once_with_the_nearest() -> None:
    target = Target(
        **LAWFUL,
        bailleurs=("A", "Z"),
        residences=("R11",),
        communes=("59340",),
        quartiers=("Center",),
        without=("R9",),
    )
    with pytest.raises(FaultsFound) as refused:
        target_families([Target(**LAWFUL), target], places(), KINDS, file="essai.toml")
    who = ", objectif 2, « CIA de synthèse »"
    assert [str(fault) for fault in refused.value.faults] == [
        f"essai.toml, clé target[1].bailleurs[1] : Z : bailleur inconnu{who} ; connus : A, B",
        f"essai.toml, clé target[1].residences[0] : R11 : résidence inconnue{who} ; "
        "vouliez-vous dire « R1 » ? connus : R1, R2, R3",
        f"essai.toml, clé target[1].quartiers[0] : Center : quartier inconnu{who} ; "
        "vouliez-vous dire « Centre » ? connus : Centre",
        f"essai.toml, clé target[1].communes[0] : 59340 : commune inconnue (code INSEE){who} ; "
        "vouliez-vous dire « 59350 » ? connus : 59350, 59512",
        f"essai.toml, clé target[1].without[0] : R9 : résidence inconnue{who} ; connus : R1, R2, R3",
    ]


def test_a_quartier_named_in_a_territory_that_has_none_is_said() -> None:
    target = Target(**LAWFUL, level="quartier", quartiers=("Centre",))
    with pytest.raises(FaultsFound, match="le territoire n'a aucun nom de quartier"):
        target_families([target], places(quartier=np.array(["", "", ""])), KINDS)


def test_rows_stand_by_the_name_of_a_residence_whatever_the_order_of_the_table() -> None:
    # The first dwelling is of R10, the second of R2, the third of R1: in the order of names R1, R2, R10.
    for names, lives in ((["R10", "R2", "R1"], [0, 1, 2]), (["R1", "R2", "R10"], [2, 1, 0])):
        stock = places(residence_id=np.array(names), residence_of=np.array(lives))
        (rows,) = target_families([Target(**LAWFUL)], stock, KINDS)
        assert [label.rsplit(" ", 1)[1] for label in rows.labels] == ["R1", "R2", "R10"]
        assert rows.by_dwelling.tolist() == [2, 1, 0]


def test_two_targets_are_twins_when_they_ask_the_same_of_the_same_leases_whoever_published_them() -> None:
    elsewhere = {"published_in": {"reference": "PPGDID", "on": date(2025, 1, 1), "perimeter": "EPCI"}}
    wide = Target(**LAWFUL, communes=("59350", "59512"))
    targets = [
        Target(**LAWFUL),
        wide,
        Target(**LAWFUL | elsewhere, study=True),  # asks what the first one does
        Target(**LAWFUL, communes=("59512", "59350")),  # the same communes in another order
        Target(**LAWFUL, communes=("59350",)),
        Target(**LAWFUL | {"floor": 0.36}),
        Target(**LAWFUL, months=24),
        Target(**LAWFUL, level="epci"),
        Target(**LAWFUL, in_qpv=True),
        wide,
    ]
    assert list(twins(targets)) == [(0, 2), (1, 3), (1, 9)]
