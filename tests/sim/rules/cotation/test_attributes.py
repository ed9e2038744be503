"""The closed list of attributes, its codes and its wall."""

from datetime import date

import pytest

from sim.rules.cotation import ATTRIBUTES, NotEncodable, encode, forbidden
from sim.rules.cotation import codes as sne


def test_code_lists_stand_in_the_order_of_the_sne() -> None:
    assert len(sne.MOTIVES) == 23
    assert (sne.MOTIVES[0], sne.MOTIVES[4], sne.MOTIVES[-1]) == ("01", "05", "23")
    assert len(sne.HOUSING_MODES) == 17
    assert (sne.HOUSING_MODES[0], sne.HOUSING_MODES[-1]) == ("HLM", "SQUAT")
    assert sne.WORK_STATUS == ("CDI", "CDD", "ART", "CHO", "APP", "ETU", "RET", "AUT")
    assert sne.DALO_STATUS == ("NON", "ACTIF", "CADUC", "ACTREL")


def test_no_attribute_of_the_closed_list_holds_a_forbidden_word() -> None:
    assert [name for name in ATTRIBUTES if forbidden(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        *("nationality", "Nationalité", "family_name", "nom-usage", "prénom", "sexe", "head.sex"),
        *("religion", "ethnic_origin", "country_of_birth", "lieu de naissance", "medical_diagnosis"),
        *("titre_sejour", "langue", "photo"),
    ],
)
def test_a_ground_of_discrimination_is_forbidden_under_every_spelling(name: str) -> None:
    assert forbidden(name)


@pytest.mark.parametrize("name", ["seniority_month", "unborn", "dwelling.rent", "nominal", "sextant"])
def test_a_name_that_only_resembles_a_forbidden_word_is_not(name: str) -> None:
    assert not forbidden(name)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("pdalhpd", True, 1),
        ("work_status", "CHO", 3),
        ("motives", "05", 1 << 4),
        ("motives", ["01", "05", "05"], (1 << 0) + (1 << 4)),
        ("motives", [], 0),
        ("age", 65, 65),
        ("effort_rate", 0.35, 0.35),
        ("created_on", date(1970, 1, 11), 10),
        ("communes", ["59350", "62193"], "59350;62193"),
        ("dwelling.commune", "59350", "59350"),
    ],
)
def test_a_constant_is_encoded_as_the_facts_are(name: str, value: object, expected: object) -> None:
    assert encode(ATTRIBUTES[name], value) == expected


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("pdalhpd", 1, "true ou false"),
        ("age", True, "un nombre"),
        ("age", "65", "un nombre"),
        ("age", float("nan"), "un nombre"),
        ("created_on", 20, "une date"),
        ("motives", 5, "entre guillemets"),
        ("dwelling.commune", 59350, "entre guillemets"),
        ("communes", [59350], "entre guillemets"),
        ("dalo_status", "ACTIFF", "code inconnu"),
    ],
)
def test_a_constant_of_another_kind_is_refused(name: str, value: object, message: str) -> None:
    with pytest.raises(NotEncodable, match=message):
        encode(ATTRIBUTES[name], value)


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(NotEncodable) as refused:
        encode(ATTRIBUTES["dalo_status"], "ACTIFF")
    assert "« ACTIF »" in refused.value.mend
