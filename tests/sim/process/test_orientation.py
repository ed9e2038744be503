"""To whom a freed dwelling is oriented, in which shares, and what the law says of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.process.flows import flows_of
from sim.process.orientation import WITHDRAWN, furthest_behind, unreserved
from sim.process.replication import grid_of, initial_state, replicate, territory_of
from sim.process.tenancies import vacancies
from sim.process.vacancy import Freed
from sim.process.world import World, world_of
from sim.scenario import Scenario, load_scenario
from sim.territory.columns import PEUPLEMENT_TYPES, RESERVATAIRES
from sim.territory.files.faults import FaultsFound

ETAT, CIVIL, AL, COLLECTIVITE, AUCUN = range(len(RESERVATAIRES))
L1, L2, L4 = 0, 1, 3  # L1, L2 in R1 (bailleur A, outside QPV); L4 in R2 (A, in QPV)
MANY = 6000


def world_with(**orientation: Any) -> World:
    """Return the toy's world under another [orientation]."""
    changes = {f"orientation.{name}": value for name, value in orientation.items()}
    scenario = load_scenario(Path("scenarios/jouet.toml"), changes=changes)
    return world_of(scenario, territory_of(scenario), grid_of(scenario), 0)


def freed(dwelling: int, count: int = MANY) -> list[Freed]:
    return [Freed(dwelling, f"H{number}", 0, 1000 + number, "departure") for number in range(count)]


def shares_found(world: World, dwelling: int) -> list[float]:
    """Return the share of each réservataire among the releases of a dwelling that stay in the flow."""
    found = [v.reservataire for v in vacancies(world, freed(dwelling)) if v.flow != WITHDRAWN]
    return [found.count(place) / len(found) for place in range(len(RESERVATAIRES))]


def near(found: list[float], expected: list[float]) -> bool:
    """Tell whether shares are within four standard errors, at most 4 × 0.5 / √(6000 × 0.85) = 0.028."""
    return bool(np.all(np.abs(np.array(found) - expected) < 0.028))


# --- whose shares ------------------------------------------------------------------------------------------


def test_a_bailleur_s_own_shares_come_before_the_territory_s_and_the_scenario_s() -> None:
    # territory.toml of the toy gives A a quarter each but for civil servants, and no share of its own to C.
    assert near(shares_found(world_with(), L1), [0.25, 0.0, 0.25, 0.25, 0.25])
    own = {"A": {"etat": 0.1, "aucun": 0.9}}
    assert near(shares_found(world_with(bailleurs=own), L1), [0.1, 0, 0, 0, 0.9])
    there = own | {"A@59": {"etat": 0.2, "collectivite": 0.8}}
    assert near(shares_found(world_with(bailleurs=there), L1), [0.2, 0, 0, 0.8, 0])


def test_without_any_of_its_own_a_bailleur_has_the_scenario_s_shares() -> None:
    world = world_with()
    plain = replace(world.territory, orientation={})
    flows = flows_of(world.scenario, plain, world.law)
    assert flows.agreed.tolist() == [[0.25, 0.05, 0.18, 0.2, 0.32]] * 2
    assert flows.keys == (("A", "59"), ("B", "59"))


def test_a_bailleur_over_two_departements_has_two_flows() -> None:
    world = world_with()
    split = replace(world.territory, communes=("59350", "62041"))
    flows = flows_of(world.scenario, split, world.law)
    assert len(set(flows.keys)) > 2
    assert {code for _, code in flows.keys} == {"59", "62"}


# --- the law -----------------------------------------------------------------------------------------------


def faults(**orientation: Any) -> list[str]:
    with pytest.raises(FaultsFound) as refused:
        world_with(**orientation)
    return [str(fault) for fault in refused.value.faults]


def test_every_share_of_the_etat_above_the_law_s_is_named_at_once() -> None:
    # 30 % for the État, of which 5 % for civil servants (R.441-5-2 I).
    found = faults(
        etat=0.3,
        aucun=0.27,  # 0.3 + 0.05 + 0.18 + 0.2 + 0.27 = 1
        bailleurs={
            "A": {"etat": 0.2, "etat_fonctionnaires": 0.1, "aucun": 0.7},
            "B": {"etat": 0.31, "aucun": 0.69},
        },
    )
    assert len(found) == 3
    assert "clé orientation : l'État a 0.35 du flux, fonctionnaires compris ; au plus 0.3" in found[0]
    assert "clé orientation.bailleurs.A : les fonctionnaires ont 0.1 du flux ; au plus 0.05" in found[1]
    assert "clé orientation.bailleurs.B : l'État a 0.31 du flux" in found[2]


def test_an_unknown_bailleur_is_named() -> None:
    (found,) = faults(bailleurs={"C": {"aucun": 1.0}, "A@59": {"aucun": 1.0}})
    assert "C : bailleur inconnu" in found


def test_less_than_the_floor_outside_qpv_is_said_unless_agreed() -> None:
    # A has 25 % for the État, under 30 %; so has B, whose residence R3 is outside QPV too.
    said = world_with().flows.warnings
    assert len(said) == 2
    assert said[0].startswith("bailleur A, département 59 : hors QPV l'État a 0.25 du flux, sous 0.3")
    assert world_with(agreed_outside_qpv=True).flows.warnings == ()


# --- R7 ----------------------------------------------------------------------------------------------------


def test_the_expected_share_is_withdrawn_from_the_flow_and_stays_the_bailleur_s() -> None:
    found = vacancies(world_with(withdrawn_share=0.2), freed(L1))
    withdrawn = [v for v in found if v.flow == WITHDRAWN]
    assert abs(len(withdrawn) / MANY - 0.2) < 4 * 0.4 / np.sqrt(MANY)
    assert {v.reservataire for v in withdrawn} == {AUCUN}
    assert not any(v.designated for v in withdrawn)
    assert {v.flow for v in vacancies(world_with(withdrawn_share=0.0), freed(L1))} == {0}
    assert {v.flow for v in vacancies(world_with(withdrawn_share=1.0), freed(L1, 50))} == {WITHDRAWN}


def test_what_a_bailleur_keeps_is_withdrawn_or_its_own_share() -> None:
    # A keeps 20 % + 80 % × 25 % = 40 %, B 20 % + 80 % × 50 % = 60 %.
    assert unreserved(world_with(withdrawn_share=0.2)).tolist() == pytest.approx([0.4, 0.6])


# --- observed ----------------------------------------------------------------------------------------------


def test_observed_orients_more_of_the_qpv_to_the_etat_and_keeps_its_share_of_all() -> None:
    world = world_with(rule="observed", etat_qpv_odds=3.0)
    inside, outside = (world.flows.shares[world.flows.cell[place]] for place in (L4, L1))
    # Odds of 1/3 become 1: half the dwellings in QPV.
    assert inside[ETAT] == pytest.approx(0.5)
    mine = world.bailleur == 0
    mean = world.flows.shares[world.flows.cell[mine]].mean(axis=0)
    assert mean.tolist() == pytest.approx([0.25, 0.0, 0.25, 0.25, 0.25])
    assert outside[ETAT] < 0.25
    assert near(shares_found(world, L4), inside.tolist())


def test_with_odds_of_one_observed_is_uniform() -> None:
    plain, same = world_with(), world_with(rule="observed", etat_qpv_odds=1.0)
    assert vacancies(plain, freed(L4, 500)) == vacancies(same, freed(L4, 500))


def test_a_table_of_the_scenario_says_what_is_observed() -> None:
    table = [{"in_qpv": False, "rooms_max": 1, "shares": {"action_logement": 1.0}}]
    world = world_with(rule="observed", observed=table)
    assert shares_found(world, L1) == [0, 0, 1, 0, 0]  # a T1 outside QPV
    assert shares_found(world, L2)[AL] < 0.5  # a T3


def test_what_the_territory_says_of_reserved_dwellings_is_observed() -> None:
    world = world_with(rule="observed")
    count, many = len(world.territory.dwellings.rooms), 25
    rows = np.concatenate([np.arange(count), np.full(many, L2)])  # 25 more T3 like L2, reserved in stock
    held = np.full(count + many, -1)
    held[count:] = [COLLECTIVITE] * 20 + [AL] * 5
    dwellings = replace(
        world.territory.dwellings,
        residence=world.territory.dwellings.residence[rows],
        rooms=world.territory.dwellings.rooms[rows],
        reservataire=held,
    )
    flows = flows_of(world.scenario, replace(world.territory, dwellings=dwellings), world.law)
    assert flows.shares[flows.cell[L2]].tolist() == pytest.approx([0, 0, 0.2, 0.8, 0])


# --- by capacity -------------------------------------------------------------------------------------------


def test_the_residence_says_whether_the_etat_comes_first_or_last() -> None:
    shares = (0.25, 0.0, 0.25, 0.0, 0.5)
    kinds = {name: place for place, name in enumerate(PEUPLEMENT_TYPES)}
    # The first of the year: everybody is behind, the bailleur most (0.5).
    none = (0, 0, 0, 0, 0)
    assert furthest_behind(shares, none, kinds["en_capacite"]) == ETAT
    assert furthest_behind(shares, none, kinds["en_vigilance"]) == AUCUN
    # Fifth, after 0 + 1 + 3: behind by 1.25, 0.25, −0.5: the État, but in a residence « à conforter ».
    after = (0, 0, 1, 0, 3)
    assert furthest_behind(shares, after, kinds["en_vigilance"]) == ETAT
    assert furthest_behind(shares, after, kinds["a_conforter"]) == AL
    # Ninth, after 0 + 3 + 5: 2.25, −0.75 and −0.5: nobody else is behind.
    assert furthest_behind(shares, (0, 0, 3, 0, 5), kinds["a_conforter"]) == ETAT


@pytest.mark.parametrize("seed", range(5))
def test_each_keeps_its_yearly_share_whatever_the_residences(seed: int) -> None:
    draw = np.random.default_rng(seed)
    shares, counts = draw.dirichlet(np.ones(5)), [0] * 5
    for total in range(1, 400):
        counts[furthest_behind(shares.tolist(), counts, int(draw.choice([-1, 0, 1, 2, 3, 3, 3])))] += 1
        gap = np.array(counts) - shares * total
        assert gap.max() < 1
        assert gap.min() > -4


def test_by_capacity_the_account_goes_on_from_one_sitting_to_the_next_and_begins_anew_each_year() -> None:
    world = world_with(rule="by_capacity", withdrawn_share=0.0)
    state = initial_state(world)
    batch = freed(L1, 40)
    together = [v.reservataire for v in vacancies(world, batch, state.copy())]
    split = [*vacancies(world, batch[:17], state), *vacancies(world, batch[17:], state)]
    assert [v.reservataire for v in split] == together
    # A quarter each of 40 to four of them, R1 being « en capacité »: at most one away.
    counts = Counter(together)
    assert all(abs(counts[who] - 10) <= 1 for who in (ETAT, AL, COLLECTIVITE, AUCUN))
    assert together[0] == ETAT
    assert list(state.oriented) == [(2026, 0)]
    later = [one._replace(notice_s=one.notice_s + 366 * 86_400) for one in batch]
    vacancies(world, later, state)
    assert list(state.oriented) == [(2026, 0), (2027, 0)]


def test_by_capacity_does_not_read_the_order_of_the_list() -> None:
    world = world_with(rule="by_capacity")
    batch = freed(L1, 60)
    one = {v.key: v.reservataire for v in vacancies(world, batch)}
    other = {v.key: v.reservataire for v in vacancies(world, batch[::-1])}
    assert one == other


def test_a_branch_has_an_account_of_its_own() -> None:
    world = world_with(rule="by_capacity", withdrawn_share=0.0)
    state = initial_state(world)
    vacancies(world, freed(L1, 3), state)
    branch = state.copy()
    vacancies(world, freed(L1, 8)[3:], branch)
    assert sum(sum(counts) for counts in state.oriented.values()) == 3
    assert sum(sum(counts) for counts in branch.oriented.values()) == 8


# --- the same in every arm ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def short() -> Scenario:
    changes = {"time.years": 1, "time.burn_in_months": 2, "orientation.rule": "observed"}
    return load_scenario(Path("scenarios/tutorial.toml"), changes=changes)


def test_the_same_vacancy_is_oriented_the_same_under_two_policies(short: Scenario) -> None:
    runs = dict(replicate(short, territory_of(short), ("seniority", "lottery"), 0))
    columns = ["vacancy_id", "reservataire", "flow"]
    first, second = (run.vacancies[columns] for run in runs.values())
    both = first.merge(second, on="vacancy_id")
    assert len(both) > 25
    assert (both["reservataire_x"] == both["reservataire_y"]).all()
    assert (both["flow_x"] == both["flow_y"]).all()
    assert len(both) < max(len(first), len(second))  # and the policies did not do the same
