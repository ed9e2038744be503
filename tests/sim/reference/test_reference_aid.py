"""The scale of housing aid in columns says what the articles say of one household, to the euro."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from reference_aid import ZONE_OF, aid
from reference_people import Household

from sim.rules.housing_aid import aid_resources_eur, aid_zone, housing_aid_eur
from sim.rules.law import Law

DAYS = (
    date(2022, 1, 1),
    date(2022, 9, 1),
    date(2023, 12, 1),
    date(2024, 6, 1),
    date(2025, 6, 1),
    date(2026, 12, 1),
)
DRAWN = 1_500


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("zone", ["autres_regions", "ile_de_france"])
def test_one_household_and_the_columns_agree(day: date, zone: str) -> None:
    law, drawn = Law.at(day, zone=zone), np.random.default_rng(DAYS.index(day))
    adults, children = drawn.integers(1, 4, DRAWN), drawn.integers(0, 10, DRAWN)
    income = np.round(drawn.uniform(0, 3_500, DRAWN), drawn.integers(0, 3))
    rent = np.round(drawn.uniform(50, 1_400, DRAWN), drawn.integers(0, 3))
    zones = np.array(list(ZONE_OF))[drawn.integers(0, len(ZONE_OF), DRAWN)]
    resources = aid_resources_eur(law, income)
    found = housing_aid_eur(law, adults, children, resources, rent, aid_zone(law, zones))
    for row in range(DRAWN):
        people = Household(int(adults[row]), int(children[row]), 0, 40, 0, float(income[row]), 0.0)
        expected = aid(law, people, float(rent[row]), str(zones[row]))
        assert found[row] == float(expected), (people, rent[row], zones[row])
    assert 0.2 < (found > 0).mean() < 0.9  # both sides of the end of the aid are drawn
