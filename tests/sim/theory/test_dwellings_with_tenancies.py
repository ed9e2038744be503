"""Does the engine agree with theory on dwellings: freed when a tenancy ends?

Most are played shorter here than they are shipped, and held to a width so much larger; `slow` plays every one
at the length shipped, then at a length that makes the half width 1 %.
"""

from __future__ import annotations

import pytest
from cases import CORES, HELD_TO_Z, disagreements, disagreements_within_a_hundredth

SHORTER = {"a1_logement": 8, "a3": 15, "a6_3": 2, "a6_100": 1, "a7_md1": 5, "a7_mg1": 6, "a8": 13}
"""Cases, and how many times shorter than shipped they are played here."""


@pytest.mark.parametrize("name", SHORTER)
def test_the_engine_plays_what_theory_says(name: str) -> None:
    assert not disagreements(name, SHORTER[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SHORTER, "a5"])  # a5: a thousand dwellings, minutes
def test_the_engine_plays_what_theory_says_at_the_length_shipped(name: str) -> None:
    assert not disagreements(name, workers=CORES)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SHORTER if name not in HELD_TO_Z])
def test_the_engine_plays_what_theory_says_within_a_hundredth(name: str) -> None:
    assert not disagreements_within_a_hundredth(name)
