"""Every value of the law has an article, a source, an evidence mark and a date."""

from __future__ import annotations

import copy
from datetime import date
from fractions import Fraction

import pytest

from sim.rules.law import ZONES
from sim.rules.provisions import Provision, decoded, provisions, texts
from sim.territory.files.faults import FaultsFound

EVERY_VALUE = [(file, name) for file, tables in texts().items() for name in tables]


def test_the_eight_subjects_are_installed() -> None:
    assert list(texts()) == [
        "aide_logement.toml",
        "commission.toml",
        "dalo.toml",
        "demande.toml",
        "occupation.toml",
        "plafonds.toml",
        "quotas.toml",
        "sls.toml",
        "taille.toml",
        "unites_consommation.toml",
    ]


@pytest.mark.parametrize("key", ["article", "source", "mark", "label", "unit", "dated"])
@pytest.mark.parametrize(("file", "name"), EVERY_VALUE)
def test_a_value_without_its_article_or_source_is_refused(file: str, name: str, key: str) -> None:
    table = copy.deepcopy(texts()[file][name])
    del table[key]
    with pytest.raises(FaultsFound) as found:
        decoded({file: {name: table}})
    [fault] = found.value.faults
    assert (fault.file, fault.column, fault.message) == (
        file,
        f"{name}.{key}",
        "clé absente, elle est requise",
    )


@pytest.mark.parametrize("key", ["article", "source"])
def test_an_empty_article_or_source_is_refused(key: str) -> None:
    table = copy.deepcopy(texts()["commission.toml"]["answer_days"]) | {key: "  "}
    with pytest.raises(FaultsFound, match="un texte non vide est attendu"):
        decoded({"commission.toml": {"answer_days": table}})


def test_all_faults_of_all_files_are_reported_together() -> None:
    first = copy.deepcopy(texts()["commission.toml"]["answer_days"]) | {"mark": "X"}
    second = copy.deepcopy(texts()["demande.toml"]["demand_validity_days"]) | {"unit": "day"}
    with pytest.raises(FaultsFound) as found:
        decoded({"commission.toml": {"answer_days": first}, "demande.toml": {"demand_validity_days": second}})
    assert [fault.column for fault in found.value.faults] == [
        "answer_days.mark",
        "demand_validity_days.unit",
    ]


def test_a_name_given_by_two_texts_is_refused() -> None:
    table = texts()["commission.toml"]["answer_days"]
    with pytest.raises(FaultsFound, match="nom déjà donné par un autre texte"):
        decoded({"a.toml": {"answer_days": table}, "b.toml": {"answer_days": table}})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("q1_share_outside_qpv", 25, "attendu une part entre 0 et 1"),
        ("answer_days", "10", "attendu un entier ≥ 0"),
        ("answer_days", True, "attendu un entier ≥ 0"),
        ("quotas", 0, "attendu true ou false"),
        ("uc_child", 0, "attendu un nombre > 0"),
        ("ceilings_plus_autres_regions", [1, 2, 3, 4, 5, 6], "attendu sept montants"),
        ("rooms_matrix", [[1, 2, 3]], "attendu une liste de couples"),
        ("aid_rent_caps_eur", [[1, 2, 3, 4]], "attendu trois zones de quatre montants"),
        ("aid_zones_autres_regions", [1, 2, 3, 4, 1], "attendu cinq zones 1, 2 ou 3"),
        ("aid_family_rates", [0.02] * 8, "attendu neuf taux"),
        ("aid_cut_eur", -5, "attendu un montant ≥ 0"),
    ],
)
def test_a_value_that_is_not_of_its_unit_is_refused(name: str, value: object, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        provisions()[name].converted(value)


def test_dates_that_do_not_follow_each_other_are_refused() -> None:
    table = copy.deepcopy(texts()["commission.toml"]["answer_days"])
    table["dated"] = [{"from": date(2024, 1, 1), "value": 10}, {"from": date(2022, 1, 1), "value": 8}]
    with pytest.raises(FaultsFound, match="doivent se suivre"):
        decoded({"commission.toml": {"answer_days": table}})


def test_the_last_value_not_after_the_day_holds() -> None:
    provision = Provision.model_validate(
        {
            "label": "essai",
            "unit": "share",
            "article": "essai",
            "source": "essai",
            "mark": "P",
            "dated": [{"from": date(2022, 1, 1), "value": 0.1}, {"from": date(2024, 1, 1), "value": 0.3}],
        }
    )
    held = [provision.at(day) for day in (date(2021, 12, 31), date(2023, 12, 31), date(2024, 1, 1))]
    assert [each and each.value for each in held] == [None, 0.1, 0.3]
    # A share is exact: 0.1 is one tenth, not the nearest binary number.
    assert provision.converted(0.1) == Fraction(1, 10)


def test_what_is_a_proposal_of_the_project_is_marked_so() -> None:
    proposals = {name for name, provision in provisions().items() if provision.mark == "P"}
    zones = {f"aid_zones_{zone}" for zone in ZONES}
    assert proposals == {"rooms_matrix", "small_number"} | zones


def test_pls_ceilings_are_130_percent_of_plus_rounded_half_up() -> None:
    for zone in ("autres_regions", "ile_de_france", "paris_communes_limitrophes"):
        plus = provisions()[f"ceilings_plus_{zone}"].dated
        pls = provisions()[f"ceilings_pls_{zone}"].dated
        for base, derived in zip(plus, pls, strict=True):
            assert [(13 * amount + 5) // 10 for amount in base.value] == derived.value
