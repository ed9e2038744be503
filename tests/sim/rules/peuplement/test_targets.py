"""The targets that are read, those that are refused, and the rows they give."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.rules.peuplement import Target, target_families
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
        ({"floor": 0}, "floor", "attendu > 0"),
        ({"floor": 1.2}, "floor", "attendu ≤ 1"),
        ({"floor": 0.355}, "", "centièmes entiers"),
        ({"maximum": 0.5}, "maximum", "clé inconnue"),
        ({"months": 12}, "months", "attendu ≥ 24"),
        ({"types": []}, "types", "au moins 1 attendu"),
        ({"types": ["fragile"]}, "types[0]", "en_capacite"),
        ({"published_in": None}, "published_in", "clé absente"),
        ({"public": "q2_q4"}, "", "n'est admis qu'en QPV"),
        ({"public": "q2_q4", "in_qpv": False}, "", "study = true"),
        ({"public": "single_parent"}, "", "« Familles monoparentales » (CCH L.442-5"),
        ({"public": "aged_65_plus"}, "", "n'est pas admis pour l'usage « target »"),
        ({"public": "size_5_plus"}, "", "critères admis pour cet usage : l441_1, first_quartile, q2_q4"),
        ({"public": "origine"}, "", "critère inconnu"),
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
    "change", [{}, {"public": "q2_q4", "in_qpv": True}, {"public": "q2_q4", "in_qpv": False, "study": True}]
)
def test_a_lawful_target_is_read(change: dict[str, Any]) -> None:
    assert decode(LAWFUL | change, Target, "scenario.toml").months == 36


def test_a_target_says_itself_in_french() -> None:
    target = Target(**LAWFUL, types=("en_capacite",), in_qpv=False)
    assert target.label() == "first_quartile ≥ 35 % des baux sur 36 mois hors QPV, types en_capacite"


def test_a_target_has_a_row_for_each_residence_it_concerns() -> None:
    kinds = np.array([PEUPLEMENT_TYPES.index(name) for name in ("en_capacite", "en_capacite", "a_conforter")])
    in_qpv = np.array([False, True, False])
    dwellings = np.array([0, 0, 1, 2, 2])
    outside = Target(**LAWFUL, types=("en_capacite", "en_equilibre"), in_qpv=False)
    anywhere = Target(**LAWFUL, months=24)
    first, second, rpms = target_families(
        (outside, anywhere, Target(**LAWFUL, in_rpms=True)),
        ["R1", "R2", "R3"],
        kinds,
        in_qpv,
        ~in_qpv,
        dwellings,
    )
    assert first.by_dwelling.tolist() == [0, 0, -1, -1, -1]
    assert second.by_dwelling.tolist() == [0, 0, 1, 2, 2]
    assert (first.months, second.months) == (36, 24)
    assert (first.tier, first.percent, first.public) == (TARGET, 35, mask(["first_quartile"]))
    assert first.excluded == mask(["neutral"])  # DALO, relogement, violence: in no target row
    assert first.labels[0] == "first_quartile ≥ 35 % à accueillir, R1"
    assert rpms.by_dwelling.tolist() == [0, 0, -1, 2, 2]
