"""A draw depends on whom it is about, and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.chance import Chance, _unit, identities, identity, philox

WORDS = st.integers(0, 2**64 - 1)

# Random123 kat_vectors, philox4x32 10: counter, key, expected.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox_gives_the_published_known_answers(counter, key, expected):
    first, second = words(key)
    drawn = philox(np.array([words(counter)], dtype=np.uint64).T, (first, second))
    assert drawn.T.tolist() == [words(expected)]


def test_philox_of_many_counters_is_philox_of_each():
    counters = np.array([words(counter) for counter, _, _ in KNOWN], dtype=np.uint64)
    together = philox(counters.T, (1, 2)).T
    for row, counter in zip(together, counters, strict=True):
        assert row.tolist() == philox(counter[:, None], (1, 2))[:, 0].tolist()


@given(seed=st.integers(0, 2**32), replication=st.integers(0, 999), entity=WORDS, partner=WORDS)
@settings(max_examples=200, deadline=None)
def test_one_draw_equals_the_vector_bit_for_bit(seed, replication, entity, partner):
    chance = Chance(seed, replication)
    entities = np.array([entity, 7], dtype=np.uint64)
    vector = chance.uniform("answer", entities, np.uint64(partner))
    assert chance.one("answer", entity, partner) == vector[0]
    assert 0.0 < vector[0] < 1.0


def test_extreme_words_stay_inside_0_and_1():
    extremes = np.array([0, 0xFFFFFFFF], dtype=np.uint64)
    low, high = _unit(extremes, extremes)
    assert low == 2.0**-53
    assert high == 1.0 - 2.0**-53


ENTITIES = identities(f"household-{number}" for number in range(200_000))


@pytest.mark.parametrize(
    ("other", "purpose"),
    [
        (Chance(1, 0), "answer"),
        (Chance(0, 1), "answer"),
        (Chance(0, 0), "answer/2"),
        (Chance(0, 0), "departure"),
    ],
)
def test_seeds_replications_and_purposes_are_independent_streams(other, purpose):
    drawn = Chance(0, 0).uniform("answer", ENTITIES)
    different = other.uniform(purpose, ENTITIES)
    assert not np.any(drawn == different)
    # |r| of independent draws exceeds 4.5/√n once in 150,000
    assert abs(np.corrcoef(drawn, different)[0, 1]) < 4.5 / np.sqrt(ENTITIES.size)


def test_seed_and_replication_do_not_run_together():
    # "1" and "11" against "11" and "1": the separator keeps them apart
    assert Chance(1, 11).one("p", 1) != Chance(11, 1).one("p", 1)


@pytest.mark.parametrize("column", [0, 1])
def test_draws_are_uniform(column):
    drawn = Chance(0).uniforms("departure", ENTITIES)[column]
    assert stats.kstest(drawn, "uniform").pvalue > 1e-4
    assert np.bincount((drawn * 16).astype(int), minlength=16).min() > 0


def test_draws_of_consecutive_integers_are_uniform_and_uncorrelated():
    drawn = Chance(0).uniform("departure", np.arange(200_000, dtype=np.uint64))
    assert stats.kstest(drawn, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 4.5 / np.sqrt(drawn.size)


def test_the_two_draws_of_a_pair_are_uncorrelated():
    first, second = Chance(0).uniforms("departure", ENTITIES)
    assert abs(np.corrcoef(first, second)[0, 1]) < 4.5 / np.sqrt(first.size)


def test_normals_and_exponentials_have_their_laws():
    chance = Chance(0)
    assert stats.kstest(chance.normal("income", ENTITIES), "norm").pvalue > 1e-4
    assert stats.kstest(chance.exponential("patience", ENTITIES), "expon").pvalue > 1e-4


@given(order=st.permutations(range(20)))
@settings(max_examples=50, deadline=None)
def test_a_draw_does_not_depend_on_the_order_of_the_others(order):
    some = ENTITIES[:20]
    drawn = Chance(0).uniform("answer", some, 5)
    assert Chance(0).uniform("answer", some[order], 5).tolist() == drawn[order].tolist()


def test_adding_a_household_changes_no_other_draw():
    fewer = Chance(0).uniform("answer", ENTITIES[:10])
    assert Chance(0).uniform("answer", ENTITIES[:11])[:10].tolist() == fewer.tolist()


def test_entity_and_partner_are_not_exchangeable():
    assert Chance(0).one("answer", 1, 2) != Chance(0).one("answer", 2, 1)


def test_a_lottery_is_a_permutation_that_follows_the_entities():
    ranks = Chance(0).order("lottery", ENTITIES[:100])
    assert sorted(ranks.tolist()) == list(range(100))
    backwards = Chance(0).order("lottery", ENTITIES[:100][::-1])
    assert backwards[::-1].tolist() == ranks.tolist()


def test_an_identity_is_that_of_its_text_for_ever():
    # blake2b(b"household-0", digest_size=8).digest(), little-endian
    assert identity("household-0") == 0x4ACE3338FA0A8975
    assert identities(["household-0"])[0] == identity("household-0")


def test_duplicate_identities_are_refused_and_named():
    with pytest.raises(ValueError, match="identités en double : « b » et « b »"):
        identities(["a", "b", "c", "b"])


def test_no_identities_of_nobody():
    assert identities([]).size == 0
    assert Chance(0).uniform("answer", identities([])).size == 0
