"""Figures of a qualification: every residence lived in, bands at the ruler's cuts, `interne` alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection

from mixite import qualification_figures
from mixite.report.pictured import qualified_at, sites_of
from sim.process.replication import territory_of
from sim.rules.peuplement import Qualified
from sim.scenario import load_scenario
from sim.territory.columns import Territory


@pytest.fixture(scope="module")
def found() -> tuple[Territory, Qualified]:
    """Return the tutorial's territory and its residences, qualified."""
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={})
    territory = territory_of(scenario)
    qualified = qualified_at(scenario, territory)
    assert qualified is not None
    return territory, qualified


def test_every_residence_lived_in_has_its_score_and_interval(found: tuple[Territory, Qualified]) -> None:
    _, qualified = found
    panel = qualification_figures.scores(qualified).axes[0]
    (lines,) = (each for each in panel.collections if isinstance(each, LineCollection))
    drawn = np.array([path.vertices[:, 1] for path in lines.get_paths()])
    lived = qualified.observed.households > 0
    order = np.argsort(qualified.score[lived], kind="stable")
    np.testing.assert_allclose(drawn[:, 0], qualified.score_low[lived][order])
    np.testing.assert_allclose(drawn[:, 1], qualified.score_high[lived][order])
    points = [each for each in panel.collections if isinstance(each, PathCollection)]
    counts = [len(each.get_offsets()) for each in points]
    assert counts == np.bincount(qualified.type[lived], minlength=4).tolist()


def test_bands_meet_at_the_cuts_of_the_ruler(found: tuple[Territory, Qualified]) -> None:
    _, qualified = found
    panel = qualification_figures.scores(qualified).axes[0]
    cuts = sorted(line.get_ydata()[0] for line in panel.lines)
    assert cuts == pytest.approx(sorted(qualified.ruler.cuts))


def test_plan_shows_the_type_now_and_the_type_aimed_at(found: tuple[Territory, Qualified]) -> None:
    territory, qualified = found
    made = qualification_figures.plan(sites_of(territory), qualified)
    assert [panel.get_title(loc="left") for panel in made.axes] == ["Type actuel", "Type cible"]


def test_no_residence_is_drawn_outside_interne(found: tuple[Territory, Qualified]) -> None:
    territory, qualified = found
    assert qualification_figures.images(territory, qualified, "Source.", "cil") == {}
    assert qualification_figures.images(territory, qualified, "Source.", "public") == {}


def test_images_are_named_and_written(found: tuple[Territory, Qualified]) -> None:
    territory, qualified = found
    made = qualification_figures.images(territory, qualified, "Source.")
    assert sorted(made) == ["qualification_plan", "qualification_scores"]
    assert all(png.startswith(b"\x89PNG") for png in made.values())


def test_one_residence_may_be_pointed_at(found: tuple[Territory, Qualified]) -> None:
    _, qualified = found
    panel = qualification_figures.scores(qualified, residence=3).axes[0]
    assert "cette résidence" in [text.get_text() for text in panel.texts]
