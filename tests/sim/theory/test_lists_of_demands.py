"""Does the engine agree with theory on lists: vacancies of Poisson, lost when nobody waits?

Some are played shorter here than they are shipped, and held to a width so much larger; `slow` plays every one
at the length shipped, then at a length that makes the half width 1 %.
"""

from __future__ import annotations

import os
from math import inf

import pytest
from cases import WIDTH, faults, of_length, played, width_of

SHORTER = {"a1_liste": 5, "a9": 5, "a10": 1, "a11": 1, "a12": 6, "a14": 1}
"""Cases, and how many times shorter than shipped they are played here."""

LOADED: set[str] = set()

LONGER = 28
"""Times longer than shipped, in all, that make the half width 1 %."""


def width(name: str, shorter: float) -> float:
    return inf if name in LOADED else width_of(shorter)


@pytest.mark.parametrize("name", SHORTER)
def test_the_engine_plays_what_theory_says(name: str) -> None:
    found = played(of_length(name, 1 / SHORTER[name]), name)
    assert found.case.expected
    assert not list(faults(found, width(name, SHORTER[name])))


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORTER)
def test_the_engine_plays_what_theory_says_at_the_length_shipped(name: str) -> None:
    found = played(of_length(name, 1), name, workers=os.cpu_count() or 1)
    assert not list(faults(found, inf if name in LOADED else WIDTH))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SHORTER if name not in LOADED])
def test_the_engine_plays_what_theory_says_within_a_hundredth(name: str) -> None:
    found = played(of_length(name, LONGER / 5), name, replications=100, workers=os.cpu_count() or 1)
    assert not list(faults(found, 0.01, 0.02))
