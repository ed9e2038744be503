"""Chains of vacancies, worked by hand."""

import numpy as np
import pytest

from sim.indicators import chains
from sim.outcomes import MONTH_S, YEAR_S


def vacancy(name, freed_by=None, keys_s=0, let_s=None):
    return {"vacancy_id": name, "freed_by": freed_by, "keys_s": keys_s, "let_s": let_s}


def lease(name, signed_s, **more):
    return {"vacancy_id": name, "signed_s": signed_s, **more}


@pytest.fixture
def run(build):
    """V1, freed by a departure, goes to a tenant: V2 is freed, and goes to a tenant: V3, to an entry.

    V4, freed by a departure, goes to an entry. V5, freed by a departure in the second year, is not let. V6
    was freed by a lease of before the start, and goes to an entry.
    """
    vacancies = [
        vacancy("V1", let_s=MONTH_S),
        vacancy("V2", "V1", 2 * MONTH_S, 3 * MONTH_S),
        vacancy("V3", "V2", 4 * MONTH_S, 14 * MONTH_S),
        vacancy("V4", keys_s=MONTH_S, let_s=2 * MONTH_S),
        vacancy("V5", keys_s=YEAR_S + MONTH_S),
        vacancy("V6", "before", MONTH_S, 5 * MONTH_S),
    ]
    leases = [
        lease("V1", MONTH_S, mutation=True, own_bailleur=True),
        lease("V4", 2 * MONTH_S),
        lease("V2", 3 * MONTH_S, mutation=True),
        lease("V6", 5 * MONTH_S),
        lease("V3", 14 * MONTH_S),
    ]
    return build(vacancies=vacancies, leases=leases)


def test_a_chain_is_as_long_as_its_leases(run, find):
    rows = chains.compute(run)
    # Ended in 2027: V4, one lease; in 2028: V1-V2-V3, three. V6 began before the start: it has no length.
    assert find(rows, "chain_length", "all", 2027) == 1
    assert find(rows, "chain_length", "all", 2028) == 3
    assert find(rows, "chain_length", "all") == 2


def test_leases_are_entries_and_mutations(run, find):
    rows = chains.compute(run)
    assert find(rows, "net_new_share", "all") == pytest.approx(3 / 5)  # V3, V4, V6
    assert find(rows, "mutation_leases", "all") == 2
    assert find(rows, "mutation_leases", "own_bailleur", 2027) == 1
    assert find(rows, "mutation_leases", "other_bailleur", 2027) == 1
    assert find(rows, "mutation_leases", "all", 2028) == 0


def test_a_vacancy_brings_in_one_household_once_its_chain_has_ended(run, find):
    rows = chains.compute(run)
    # Begun in 2027: V1 and V4, both ended; in 2028: V5, not let.
    assert find(rows, "net_new_per_vacancy", "all", 2027) == 1
    assert find(rows, "net_new_per_vacancy", "all", 2028) == 0
    assert find(rows, "net_new_per_vacancy", "all") == pytest.approx(2 / 3)


def test_the_first_vacancy_and_the_moves_between_are_found_for_each(run):
    root, depth = chains.chains(run)
    assert root.tolist() == [0, 0, 0, 3, 4, chains.NONE]
    assert depth[:5].tolist() == [0, 1, 2, 0, 0]


def test_a_run_without_a_lease_has_no_length_and_no_share(build, find):
    rows = chains.compute(build())
    assert np.isnan(find(rows, "chain_length", "all"))
    assert np.isnan(find(rows, "net_new_share", "all"))
    assert np.isnan(find(rows, "net_new_per_vacancy", "all"))
    assert find(rows, "mutation_leases", "all") == 0
