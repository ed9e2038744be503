"""Does the engine agree with theory on lists: vacancies of Poisson, lost when nobody waits?

Some are played shorter here than they are shipped, and held to a width so much larger; `slow` plays every one
at the length shipped, then at a length that makes the half width 1 %.
"""

from __future__ import annotations

import pytest
from cases import CORES, disagreements, disagreements_within_a_hundredth

SHORTER = {"a1_liste": 5, "a9": 5, "a10": 1, "a11": 1, "a12": 6, "a14": 1}
"""Cases, and how many times shorter than shipped they are played here."""


@pytest.mark.parametrize("name", SHORTER)
def test_the_engine_plays_what_theory_says(name: str) -> None:
    assert not disagreements(name, SHORTER[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORTER)
def test_the_engine_plays_what_theory_says_at_the_length_shipped(name: str) -> None:
    assert not disagreements(name, workers=CORES)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORTER)
def test_the_engine_plays_what_theory_says_within_a_hundredth(name: str) -> None:
    assert not disagreements_within_a_hundredth(name)
