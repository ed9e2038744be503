"""How does a draw depend on who it is about, and on nothing else?

Every uniform is philox4x32-10 with key = 8 bytes of BLAKE2b(seed, replication, purpose) and counter =
(entity, partner), two 64-bit identities. A draw is thus a function of identity, never of order: adding a
household changes no other household's draws. This is the lowest room of the house: the synthetic
territory and the process both draw from it, and nothing else in mixite makes a random number.

Source of philox: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011);
the tests hold the published known answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import compiled

if compiled.ON:
    from sim.compiled import philox as compiled_philox

Keys = NDArray[np.uint64]
Uniforms = NDArray[np.float64]

_MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], dtype=np.uint64)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)

_FEW = 6
"""Up to so many counters are faster one at a time."""


def identity(text: str) -> int:
    """Return the 64-bit identity of an entity: BLAKE2b-64 of its identity text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def identities(texts: Iterable[str]) -> Keys:
    """Return the identities of many texts, (n,) uint64.

    Raises
    ------
    ValueError
        when two texts share an identity: duplicates, or (probability n²/2⁶⁵) a collision.
    """
    listed = list(texts)
    if len(listed) == 1:
        return np.array([identity(listed[0])], dtype=np.uint64)
    digests = b"".join(blake2b(text.encode(), digest_size=8).digest() for text in listed)
    keys = np.frombuffer(digests, dtype="<u8").astype(np.uint64)
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if same.size:
        first, second = order[same[0]], order[same[0] + 1]
        raise ValueError(
            f"identités en double : « {listed[first]} » et « {listed[second]} » ; "
            "chaque identifiant doit être unique"
        )
    return keys


def philox(counter: NDArray[np.uint64], key: tuple[int, int]) -> NDArray[np.uint64]:
    """Return philox4x32-10 of counters (4, n) of 32-bit words under a key of two 32-bit words, (4, n).

    Words 0 and 2 are multiplied, words 1 and 3 mixed in: each pair is one (2, n) array.
    """
    multiplied, mixed = counter[0::2], counter[1::2]
    for round_key in _round_keys(key):
        product = _MULTIPLIERS * multiplied
        multiplied, mixed = (product >> _HALF)[::-1] ^ mixed ^ round_key, (product & _LOW)[::-1]
    return np.stack([multiplied[0], mixed[0], multiplied[1], mixed[1]])


@lru_cache(maxsize=4096)
def _round_keys(key: tuple[int, int]) -> tuple[NDArray[np.uint64], ...]:
    k0, k1 = key
    words = [((k0 + i * _W0) & 0xFFFFFFFF, (k1 + i * _W1) & 0xFFFFFFFF) for i in range(10)]
    return tuple(np.array(pair, dtype=np.uint64)[:, None] for pair in words)


@dataclass(frozen=True)
class Chance:
    """The chance of one replication of one seed.

    `purpose` names a kind of draw ("departure", "answer/2"); two purposes are independent streams.
    """

    seed: int
    replication: int = 0

    def uniform(self, purpose: str, entity: Any, partner: Any = 0) -> Uniforms:
        """Return one uniform in (0, 1) per (entity, partner), (n,) float64 with 52 bits, never 0 or 1."""
        if compiled.ON:
            return compiled_philox.uniform(*_counters(entity, partner), *self._key(purpose))
        words = self._words(purpose, entity, partner)
        return _unit(words[0], words[1])

    def uniforms(self, purpose: str, entity: Any, partner: Any = 0) -> tuple[Uniforms, Uniforms]:
        """Return two independent uniforms in (0, 1) per (entity, partner)."""
        words = self._words(purpose, entity, partner)
        return _unit(words[0], words[1]), _unit(words[2], words[3])

    def _words(self, purpose: str, entity: Any, partner: Any) -> NDArray[np.uint64]:
        """Return the four words of each (entity, partner), (4, n)."""
        if compiled.ON:
            return compiled_philox.words(*_counters(entity, partner), *self._key(purpose))
        key = _key(self.seed, self.replication, purpose)
        first, second = np.asarray(entity, dtype=np.uint64), np.asarray(partner, dtype=np.uint64)
        shape = np.broadcast_shapes(first.shape, second.shape)
        count = math.prod(shape)
        if 0 < count <= _FEW:
            return _words_of_few(key, first, second, count)
        counter = np.empty((4, count), dtype=np.uint64)
        counter[0], counter[1] = first & _LOW, first >> _HALF
        counter[2], counter[3] = second & _LOW, second >> _HALF
        return philox(counter, key)

    def _key(self, purpose: str) -> tuple[np.uint64, np.uint64]:
        k0, k1 = _key(self.seed, self.replication, purpose)
        return np.uint64(k0), np.uint64(k1)

    def quarters(self, purpose: str, entity: Any, partner: Any = 0) -> tuple[Uniforms, ...]:
        """Return four independent uniforms in (0, 1) of 32 bits per (entity, partner)."""
        return tuple(
            (word.astype(np.float64) + 0.5) * 2.0**-32 for word in self._words(purpose, entity, partner)
        )

    def one(self, purpose: str, entity: int, partner: int = 0) -> float:
        """Return the same uniform as `uniform`, for a single pair, in plain Python (no array)."""
        return _one(_key(self.seed, self.replication, purpose), entity, partner)

    def normal(self, purpose: str, entity: Any, partner: Any = 0) -> Uniforms:
        """Return one standard normal per (entity, partner), by the inverse distribution function."""
        drawn: Uniforms = ndtri(self.uniform(purpose, entity, partner))
        return drawn

    def exponential(self, purpose: str, entity: Any, partner: Any = 0) -> Uniforms:
        """Return one exponential of mean 1 per (entity, partner)."""
        return -np.log(self.uniform(purpose, entity, partner))

    def order(self, purpose: str, entity: Any, partner: Any = 0) -> NDArray[np.int64]:
        """Return a lottery number per entity: the rank (0 first) of its uniform, ties by identity."""
        entity = np.asarray(entity, dtype=np.uint64)
        drawn = self.uniform(purpose, entity, partner)
        ranks = np.empty(entity.size, dtype=np.int64)
        ranks[np.lexsort((entity, drawn))] = np.arange(entity.size)
        return ranks


def _unit(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> Uniforms:
    bits = (high << np.uint64(20)) ^ (low >> np.uint64(12))
    return (bits.astype(np.float64) + 0.5) * 2.0**-52


@lru_cache(maxsize=4096)
def _key(seed: int, replication: int, purpose: str) -> tuple[int, int]:
    text = f"{seed}\x1f{replication}\x1f{purpose}"
    word = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
    return word & 0xFFFFFFFF, word >> 32


def _one(key: tuple[int, int], entity: int, partner: int) -> float:
    c0, c1, _, _ = _words_of_one(key, entity, partner)
    return (float((c0 << 20) ^ (c1 >> 12)) + 0.5) * 2.0**-52


def _counters(entity: Any, partner: Any) -> tuple[Keys, Keys]:
    """Return entities and partners, (n,) each: one stands for all of the other."""
    first, second = (
        np.atleast_1d(np.asarray(entity, np.uint64)),
        np.atleast_1d(np.asarray(partner, np.uint64)),
    )
    if len(first) == len(second):
        return first, second
    if len(second) == 1:
        return first.copy(), np.full(len(first), second[0])
    return np.broadcast_to(first, len(second)).copy(), second.copy()


def _words_of_few(key: tuple[int, int], first: Keys, second: Keys, count: int) -> NDArray[np.uint64]:
    """Return what `philox` does, (4, count), one counter at a time: arrays cost more for a few."""
    entities, partners = np.broadcast_to(first, count).tolist(), np.broadcast_to(second, count).tolist()
    words = [_words_of_one(key, *pair) for pair in zip(entities, partners, strict=True)]
    return np.array(words, dtype=np.uint64).T


def _words_of_one(key: tuple[int, int], entity: int, partner: int) -> tuple[int, int, int, int]:
    c0, c1 = entity & 0xFFFFFFFF, entity >> 32
    c2, c3 = partner & 0xFFFFFFFF, partner >> 32
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ c3 ^ k1, p0 & 0xFFFFFFFF
        k0, k1 = (k0 + _W0) & 0xFFFFFFFF, (k1 + _W1) & 0xFFFFFFFF
    return c0, c1, c2, c3
