"""Curves of waiting: their bands, what they say beside, and the policies beside the pair."""

from collections.abc import Callable

import numpy as np
from matplotlib.text import Text

from mixite.report import curves
from mixite.report.study import Study


def test_band_is_the_middle_of_the_replications_that_know() -> None:
    shares = np.array([[0.0, 0.1, np.nan], [0.0, 0.3, np.nan], [0.0, 0.2, np.nan]])
    mean, low, high = curves.band(shares)
    assert np.allclose(mean[:2], [0, 0.2])
    # 2.5 % of the way from 0.1 to 0.3 by steps of one replication: 0.1 + 0.05 × 0.1.
    assert np.allclose([low[1], high[1]], [0.105, 0.295])
    assert np.isnan([mean[2], low[2], high[2]]).all()


def test_panels_say_the_difference_its_interval_and_the_exits_that_compete(
    study_of: Callable[..., Study],
) -> None:
    made = curves.draw(study_of(pictured=True))
    assert made is not None
    for panel in made.axes:
        said = " ".join(text.get_text() for text in panel.findobj(Text))
        assert "Écart à 12 mois : " in said
        assert "Sorties sans bail à 12 mois : 24\u202f%" in said  # 0.02 a month in the made-up runs


def test_policies_beside_the_pair_are_points(study_of: Callable[..., Study]) -> None:
    made = curves.draw(study_of(pictured=True))
    assert made is not None
    labels = [line.get_label() for line in made.axes[1].lines]
    assert "cotation et obligations légales" in labels
    points = next(
        line for line in made.axes[1].lines if line.get_label() == "cotation et obligations légales"
    )
    assert points.get_xdata().tolist() == [6, 12, 24]
