"""Offers per lease and the share declined."""

import numpy as np
import pytest

from sim.indicators import offers

M = 2_629_800


def test_offers_per_lease_and_refusals_worked_by_hand(build, find):
    run = build(
        demands=[{"demand_id": "D1", "first_quartile": True}, {"demand_id": "D2"}],
        vacancies=[{"vacancy_id": "V1", "reservataire": "etat"}, {"vacancy_id": "V2"}],
        offers=[
            {"vacancy_id": "V1", "demand_id": "D1", "outcome": "refused"},
            {"vacancy_id": "V1", "demand_id": "D2", "outcome": "silent"},
            {"vacancy_id": "V1", "demand_id": "D1", "outcome": "accepted"},
            {"vacancy_id": "V2", "demand_id": "D2", "outcome": "accepted"},
            {"vacancy_id": "V2", "demand_id": "D1", "outcome": "withdrawn"},  # made, never answered
            {"vacancy_id": "V2", "demand_id": "D1", "outcome": "superseded", "offered_s": None},  # never made
        ],
        leases=[
            {"vacancy_id": "V1", "demand_id": "D1", "signed_s": M, "reservataire": "etat"},
            {"vacancy_id": "V2", "demand_id": "D2", "signed_s": M},
        ],
    )
    rows = offers.compute(run)
    assert find(rows, "offers_per_lease", "all") == pytest.approx(5 / 2)
    assert find(rows, "refusal_share", "all") == pytest.approx(2 / 4)
    assert find(rows, "offers_per_lease", "first_quartile") == pytest.approx(3)
    assert find(rows, "refusal_share", "first_quartile") == pytest.approx(1 / 2)
    assert find(rows, "offers_per_lease", "reservataire:etat", 2027) == pytest.approx(3)
    assert find(rows, "refusal_share", "reservataire:etat") == pytest.approx(2 / 3)
    assert find(rows, "refusal_share", "reservataire:aucun") == 0
    assert np.isnan(find(rows, "offers_per_lease", "reservataire:collectivite"))


def test_offer_before_recognition_is_not_an_offer_to_a_dalo_household(build, find):
    run = build(
        demands=[{"demand_id": "D1", "filed_s": 0, "dalo_recognised_s": 5 * M}],
        vacancies=[{"vacancy_id": "V1"}],
        offers=[
            {"demand_id": "D1", "offered_s": 2 * M, "outcome": "refused"},
            {"demand_id": "D1", "offered_s": 6 * M, "outcome": "accepted"},
        ],
        leases=[{"vacancy_id": "V1", "demand_id": "D1", "signed_s": 7 * M}],
    )
    rows = offers.compute(run)
    assert find(rows, "offers_per_lease", "dalo") == 1
    assert find(rows, "offers_per_lease", "all") == 2


def test_offer_to_an_unknown_demand_is_named(build):
    run = build(demands=[{"demand_id": "D1"}], vacancies=[{}], offers=[{"demand_id": "D9"}])
    with pytest.raises(ValueError, match="demand_id « D9 » absent"):
        offers.compute(run)
