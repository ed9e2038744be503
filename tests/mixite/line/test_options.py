"""What several commands are told."""

from __future__ import annotations

from datetime import date

import pytest

from mixite.line.options import Changes, Drawn, day_of
from sim.territory.files.faults import FaultsFound


def test_changes_stand_under_the_keys_of_a_scenario() -> None:
    assert Changes(years=3, scale=0.1, seed=7).by_key() == {"time.years": 3, "scale": 0.1, "runs.seed": 7}


def test_a_territory_is_drawn_whole_unless_told() -> None:
    assert (Drawn().share, Drawn(scale=0.2).share) == (1.0, 0.2)


def test_a_day_is_one_of_the_calendar() -> None:
    assert (day_of(None), day_of("2026-03-02")) == (None, date(2026, 3, 2))
    with pytest.raises(FaultsFound, match="--on : 2026-02-30 : une date du calendrier est attendue"):
        day_of("2026-02-30")
