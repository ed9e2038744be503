"""Does the engine agree with theory on dwellings: freed when a tenancy ends?

Most are played shorter here than they are shipped, and held to a width so much larger; `slow` plays every one
at the length shipped, then at a length that makes the half width 1 %.
"""

from __future__ import annotations

import os
from math import inf

import pytest
from cases import WIDTH, faults, of_length, played, width_of

SHORTER = {"a1_logement": 8, "a3": 15, "a6_3": 2, "a6_100": 1, "a7_md1": 5, "a7_mg1": 6, "a8": 13}
"""Cases, and how many times shorter than shipped they are played here."""

LOADED = {"a5", "a6_3", "a6_100"}
"""Cases held to |z| alone: their load is high for the time they are played."""

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
@pytest.mark.parametrize("name", [*SHORTER, "a5"])  # a5: a thousand dwellings, minutes
def test_the_engine_plays_what_theory_says_at_the_length_shipped(name: str) -> None:
    found = played(of_length(name, 1), name, workers=os.cpu_count() or 1)
    assert not list(faults(found, inf if name in LOADED else WIDTH))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SHORTER if name not in LOADED])
def test_the_engine_plays_what_theory_says_within_a_hundredth(name: str) -> None:
    found = played(of_length(name, LONGER / 5), name, replications=100, workers=os.cpu_count() or 1)
    assert not list(faults(found, 0.01, 0.02))
