"""The leases of a year and who could take them, on the toy, pair by pair and by hand."""

from __future__ import annotations

from dataclasses import replace
from math import gamma

import numpy as np
import pytest

from sim.objectives import expected
from sim.objectives.expected import payable, publics_of, stock_of, types_of
from sim.portrait.pending import people_of
from sim.portrait.vacancies import Expected
from sim.process.affordability import affordability, strained
from sim.process.replication import grid_of, initial_state
from sim.process.world import law_of, world_of
from sim.rules.eligibility import fits
from sim.rules.quotas import LEGAL, Family
from sim.rules.traits import mask
from sim.scenario import Scenario
from sim.territory.columns import PEUPLEMENT_TYPES, Territory, take

Toy = tuple[Scenario, Territory]


def test_a_dwelling_brings_a_lease_each_mean_tenancy_more_where_it_is_small(toy: Toy) -> None:
    scenario, territory = toy
    found = stock_of(scenario, territory, law_of(scenario), None)
    assert found.leases.sum(axis=1)[found.group[:2]] == pytest.approx(
        # A T1 (L1), then two T3 alike of R1 (L2, L3); a T1 moves twice as much as a T5.
        np.array([2**0.5, 2.0]) / (8.68 * gamma(1 + 1 / 0.664))
    )
    assert found.group[1] == found.group[2] != found.group[3]
    # Bailleur A: 25 % of what is not withdrawn for each of etat, action_logement, collectivite and aucun.
    flow = 1 - scenario.orientation.withdrawn_share
    share = found.leases[found.group[0]] / found.leases[found.group[0]].sum()
    assert share == pytest.approx([flow / 4, 0.0, flow / 4, flow / 4, 1 - 3 * flow / 4])


def test_the_level_is_that_of_the_leases_signed_where_they_are_known(toy: Toy) -> None:
    scenario, territory = toy
    law = law_of(scenario)
    own = stock_of(scenario, territory, law, None).leases
    told = Expected(np.array([0.0, 0, 5, 1, 0, 0, 0, 0, 0]), "leases", 6, 365)
    found = stock_of(scenario, territory, law, told).leases
    assert found.sum() == pytest.approx(6.0)
    assert found / found.sum() == pytest.approx(own / own.sum())  # where they were signed is chance


def test_who_can_take_a_group_is_who_wishes_it_fits_it_and_is_not_strained(toy: Toy) -> None:
    """Against the rules pair by pair and the affordability the commission reads in a run."""
    scenario, territory = toy
    law = law_of(scenario)
    stock = stock_of(scenario, territory, law, None)
    people, rows = people_of(territory, law), np.arange(10)
    found = {
        (int(one), int(who))
        for pairs in payable(scenario, territory, law, people, stock, rows)
        for at, who in zip(*pairs, strict=True)
        for one in np.flatnonzero(stock.group == at)
    }
    world = world_of(scenario, territory, grid_of(scenario), 0)
    state = initial_state(world)
    asks, stands = territory.demands, territory.dwellings
    by_pairs = set()
    for dwelling in range(len(stands.rooms)):
        home = stands.residence[dwelling]
        for who in range(len(asks.adults)):
            row = np.array([state.register.demand_id.tolist().index(asks.demand_id[who])])
            money = affordability(world, state, row, np.array([dwelling]))
            cost = stands.rent_eur[dwelling] + stands.charges_eur[dwelling]
            if (
                asks.wishes[who, territory.residences.commune[home]]
                and asks.rooms_min[who] <= stands.rooms[dwelling] <= asks.rooms_max[who]
                and (stands.accessible[dwelling] or not asks.needs_accessible[who])
                and fits(
                    law,
                    asks.adults[who] + asks.children[who],
                    asks.rfr_eur[who],
                    stands.rooms[dwelling],
                    stands.surface_m2[dwelling],
                    stands.financing[dwelling],
                    asks.adults[who] == 1 and asks.children[who] > 0,
                )
                and not strained(world, money)[0]
                and not cost > asks.max_rent_eur[who]
            ):
                by_pairs.add((dwelling, who))
    assert found == by_pairs
    assert 0 < len(found) < len(stands.rooms) * len(asks.adults)


def test_classes_are_what_rows_tell_apart_and_ask_in_a_year_by_their_part_of_the_pending(toy: Toy) -> None:
    scenario, territory = toy
    law = law_of(scenario)
    everywhere = np.zeros(9, dtype=np.int64)
    families = [
        Family("R1", LEGAL, ("R1",), 25, mask(["first_quartile"]), 0, 0, everywhere),
        Family("cible", 1, ("q",), 50, mask(["q2_q4"]), mask(["neutral"]), 36, everywhere),
    ]
    stock = stock_of(scenario, territory, law, None)
    found = publics_of(scenario, territory, law, families, stock, people_of(territory, law, 9600.0))
    first, others = found.holds[mask(["first_quartile"])], found.holds[mask(["q2_q4"])]
    # Of the ten: D01, D03, D05, D09 of Q1, D07 of Q1 and DALO (neutral), five others; 0.65 a year for each.
    assert found.demand[first & ~found.neutral].sum() == pytest.approx(0.65 * 4)
    assert found.demand[found.neutral].sum() == pytest.approx(0.65 * 1)
    assert found.demand[others].sum() == pytest.approx(0.65 * 5)


def test_of_many_demands_one_in_so_many_is_read_whatever_their_rows(
    tutorial: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario, territory = tutorial
    law = law_of(scenario)
    stock = stock_of(scenario, territory, law, None)
    families = [Family("R1", LEGAL, ("R1",), 25, mask(["first_quartile"]), 0, 0, np.zeros(426, dtype=int))]

    def read(of: Territory) -> np.ndarray:
        return publics_of(scenario, of, law, families, stock).pending

    whole = read(territory)
    monkeypatch.setattr(expected, "MOST_READ", 100)
    fewer = read(territory)
    assert (fewer % 3 == 0).all()  # one in three of 250, rounded up, and each stands for three
    assert fewer.sum() == pytest.approx(whole.sum(), rel=0.25)
    turned = replace(territory, demands=take(territory.demands, np.arange(250)[::-1]))
    assert (read(turned) == fewer).all()


def test_a_given_type_is_kept_and_a_missing_one_is_read_on_the_ruler(toy: Toy, tutorial: Toy) -> None:
    scenario, territory = toy
    told = types_of(scenario, territory, law_of(scenario), 9600.0)
    assert [PEUPLEMENT_TYPES[kind] for kind in told] == ["en_capacite", "a_conforter", "en_equilibre"]
    scenario, territory = tutorial
    assert set(types_of(scenario, territory, law_of(scenario), 9600.0).tolist()) == {0, 1, 2, 3}
