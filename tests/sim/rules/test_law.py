"""The law of a day, its overrides and its refusals."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from sim.rules.law import Law
from sim.rules.provisions import provisions
from sim.territory.files.faults import FaultsFound

DAY = date(2026, 3, 2)


def test_every_provision_is_a_field_and_every_field_a_provision() -> None:
    assembled = {"on", "zone", "ceilings_eur", "ceiling_extra_eur", "aid_zones"}
    provided = {name for name in provisions() if not name.startswith(("ceilings_", "aid_zones_"))}
    assert {spec.name for spec in fields(Law)} - assembled == provided


def test_the_law_of_a_day_is_read_once() -> None:
    assert Law.at(DAY) is Law.at(DAY)


def test_shares_are_exact_fractions() -> None:
    law = Law.at(DAY)
    assert (law.q1_share_outside_qpv, law.q2_q4_share_in_qpv, law.priority_share) == (
        Fraction(1, 4),
        Fraction(1, 2),
        Fraction(1, 4),
    )
    assert (law.etat_share_max, law.etat_fonctionnaires_share_max) == (Fraction(3, 10), Fraction(1, 20))


def test_commission_demand_and_dalo_values() -> None:
    law = Law.at(DAY)
    assert (law.min_candidates, law.answer_days, law.demand_validity_days) == (3, 10, 365)
    assert (law.dalo_adapted_offers, law.small_number, law.quotas) == (1, 20, True)


def test_after_the_last_text_the_law_stays() -> None:
    np.testing.assert_array_equal(Law.at(date(2041, 1, 1)).ceilings_eur, Law.at(DAY).ceilings_eur)


def test_before_the_first_text_there_is_no_law_to_apply() -> None:
    with pytest.raises(FaultsFound, match="choisir une date à partir du 2022-01-01") as found:
        Law.at(date(2021, 12, 31))
    [fault] = found.value.faults
    assert fault.value == "2021-12-31"


def test_an_override_replaces_a_value_and_nothing_else() -> None:
    law = Law.at(DAY, {"q1_share_outside_qpv": 0.3, "quotas": False})
    assert (law.q1_share_outside_qpv, law.quotas, law.priority_share) == (
        Fraction(3, 10),
        False,
        Fraction(1, 4),
    )
    assert Law.at(DAY).q1_share_outside_qpv == Fraction(1, 4)


def test_a_ceiling_table_may_be_overridden() -> None:
    law = Law.at(DAY, {"ceilings_plus_autres_regions": [1, 2, 3, 4, 5, 6, 7]})
    np.testing.assert_array_equal(law.ceilings_eur[1], [1, 2, 3, 4, 5, 6])
    assert law.ceiling_extra_eur[1] == 7


def test_every_fault_of_the_overrides_is_told_with_the_way_out() -> None:
    with pytest.raises(FaultsFound) as found:
        Law.at(DAY, {"quota": False, "answer_days": "dix", "etat_share_max": 1.3})
    said = {fault.column: f"{fault.message} ; {fault.mend}" for fault in found.value.faults}
    assert "vouliez-vous dire « quotas »" in said["quota"]
    assert said["answer_days"] == "attendu un entier ≥ 0 ; voir CCH R.441-10"
    assert said["etat_share_max"] == "attendu une part entre 0 et 1 ; voir CCH R.441-5-2 I"


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(FaultsFound, match="zone inconnue"):
        Law.at(DAY, zone="autres_region")


def test_the_law_cannot_be_changed_in_place() -> None:
    law = Law.at(DAY)
    with pytest.raises(FrozenInstanceError):
        law.quotas = False  # type: ignore[misc]
    for array in (law.ceilings_eur, law.ceiling_extra_eur, law.rooms_matrix):
        assert not array.flags.writeable
