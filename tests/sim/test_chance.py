"""A draw depends on whom it is about, and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim import chance as chance_module
from sim import compiled
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


@pytest.mark.parametrize("on", [True, False])
def test_one_entity_or_one_partner_stands_for_all(monkeypatch, on):
    if on and not compiled.ON:
        pytest.skip("numba is missing")
    monkeypatch.setattr(compiled, "ON", on)
    chance, many, one = Chance(1), np.arange(3, 40, dtype=np.uint64), np.uint64(2**63 + 5)
    each = [chance.one("answer", int(entity), int(one)) for entity in many]
    assert chance.uniform("answer", many, one).tolist() == each
    assert chance.uniform("answer", many, np.array([one])).tolist() == each
    turned = [chance.one("answer", int(one), int(partner)) for partner in many]
    assert chance.uniform("answer", one, many).tolist() == turned
    with pytest.raises(ValueError, match="broadcast"):
        chance.uniform("answer", many, many[:2])


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


# --- bit for bit, and never twice the same ----------------------------------------------------------------

EXTREMES = [0, 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**63 - 1, 2**63, 2**64 - 2, 2**64 - 1]


@pytest.mark.parametrize("chance", [Chance(0), Chance(2**63, 9_999), Chance(2**64 - 1, 2**31)])
def test_one_draw_is_the_vector_s_on_thousands_of_pairs_and_at_every_extreme(chance):
    drawn = np.random.default_rng(0).integers(0, 2**64, (2, 2_000), dtype=np.uint64)
    entity, partner = (np.concatenate([one.ravel(), row]) for one, row in zip(
        np.meshgrid(np.array(EXTREMES, dtype=np.uint64), np.array(EXTREMES, dtype=np.uint64)), drawn,
        strict=True,
    ))  # fmt: skip
    vector = chance.uniform("answer/1", entity, partner)
    pairs = zip(entity.tolist(), partner.tolist(), strict=True)
    assert [chance.one("answer/1", first, second) for first, second in pairs] == vector.tolist()
    assert 0.0 < vector.min() < vector.max() < 1.0
    for draw in (chance.uniforms, chance.quarters):
        several = np.stack(draw("answer/1", entity, partner))
        for place in range(0, len(entity), 7):
            for count in (1, 2, 6, 7):
                few = slice(place, place + count)
                alone = np.stack(draw("answer/1", entity[few], partner[few]))
                assert alone.tolist() == several[:, few].tolist()


@given(pairs=st.lists(st.tuples(WORDS | st.sampled_from(EXTREMES), WORDS | st.sampled_from(EXTREMES))))
@settings(max_examples=100, deadline=None)
def test_a_counter_says_its_entity_and_partner_back(pairs):
    """It has a left inverse, so no two pairs share a counter; and philox is one to one under a key."""
    seen = []

    def recorded(counter, key):
        seen.append(counter)
        return philox(counter, key)

    pairs = [*pairs, *((number, 0) for number in range(8))]  # a few pairs are drawn in plain Python
    entity, partner = np.array(pairs, dtype=np.uint64).reshape(-1, 2).T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chance_module, "philox", recorded)
        patch.setattr(compiled, "ON", False)
        words = Chance(0)._words("answer", entity, partner)
    (counter,) = seen
    assert (counter <= 0xFFFFFFFF).all()
    said = [(a | b << 32, c | d << 32) for a, b, c, d in counter.T.tolist()]
    assert said == list(zip(entity.tolist(), partner.tolist(), strict=True))
    assert len(set(map(tuple, words.T.tolist()))) == len(set(pairs))


def test_two_million_streams_are_all_distinct():
    """200 seeds of 10,000 consecutive ids, spread over replications and purposes: 100 %.

    Streams seeded by `seed * id`, the scheme this one replaces, collide: 2 × 3 is 3 × 2.
    """
    ids = np.arange(10_000, dtype=np.uint64)
    purposes = ("departure", "mutation", "renewal", "answer/1")
    drawn = [Chance(seed, seed % 5)._words(purposes[seed % 4], ids, 0) for seed in range(200)]
    # 64 of the 128 bits already tell them all apart
    half = np.sort(np.concatenate([words[0] << np.uint64(32) | words[1] for words in drawn]))
    assert half.size == 2_000_000
    assert (half[1:] != half[:-1]).all()
    products = np.multiply.outer(np.arange(1, 201), np.arange(1, 10_001))
    assert np.unique(products).size < 0.5 * products.size


# --- uniformity: a fixed seed, each check with a false alarm of 1e-4 at most ------------------------------

MILLION = np.arange(1_000_000, dtype=np.uint64)


@pytest.fixture(scope="module")
def million():
    return Chance(12).uniform("departure", MILLION)


def test_mean_and_variance_of_a_million_draws_are_those_of_uniforms(million):
    # Standard errors: mean √(1/12 / n) = 2.9e-4; variance √(1/180 / n) = 7.5e-5.
    assert abs(million.mean() - 0.5) <= 4 * np.sqrt(1 / 12 / million.size)
    assert abs(million.var() - 1 / 12) <= 4 * np.sqrt(1 / 180 / million.size)


def test_a_million_draws_fill_256_cells_alike_and_follow_the_diagonal(million):
    assert stats.chisquare(np.bincount((million * 256).astype(int), minlength=256)).pvalue > 1e-4
    # the last eight of the 52 bits as well as the first
    last = (million * 2.0**52).astype(np.uint64) & np.uint64(255)
    assert stats.chisquare(np.bincount(last.astype(int), minlength=256)).pvalue > 1e-4
    assert stats.kstest(million, "uniform").pvalue > 1e-4


def test_a_million_draws_are_correlated_neither_in_series_nor_across_keys(million):
    others = {
        "next": np.roll(million, -1),
        "a hundred further": np.roll(million, -100),
        "purpose": Chance(12).uniform("departures", MILLION),
        "replication": Chance(12, 1).uniform("departure", MILLION),
        "seed": Chance(13).uniform("departure", MILLION),
        "second": Chance(12).uniforms("departure", MILLION)[1],
        "partner": Chance(12).uniform("departure", MILLION, 1),
        "exchanged": Chance(12).uniform("departure", 0, MILLION),
    }
    for name, other in others.items():
        # |r| above 4/√n: 6e-5 each; MILLION[0] with itself is the one pair in common of "exchanged"
        assert abs(np.corrcoef(million, other)[0, 1]) <= 4 / np.sqrt(million.size), name
