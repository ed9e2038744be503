"""Figures are images that say their source, with labels people can read."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from mixite.report import figures
from mixite.report.study import Study

PNG = b"\x89PNG\r\n\x1a\n"


def test_each_figure_is_a_png_that_is_not_empty(study_of: Callable[..., Study]) -> None:
    drawn = figures.draw_all(study_of())
    assert [each.name for each in drawn] == [
        "ecarts",
        "etapes",
        "parc",
        "delais",
        "decomposition",
        "destinations",
    ]
    assert all(each.png.startswith(PNG) and len(each.png) > 20_000 for each in drawn)


def test_source_names_scenario_territory_seed_and_banner(study_of: Callable[..., Study]) -> None:
    source = figures.source(study_of())
    for words in ("« exemple »", "10 répliques", "graine 0", "Données de synthèse : aucun résultat"):
        assert words in source


def test_tick_labels_of_a_panel_do_not_overlap(study_of: Callable[..., Study]) -> None:
    for name, _, make in figures.FIGURES:
        drawing = make(study_of())
        assert drawing is not None
        whole = drawing.figure
        canvas = FigureCanvasAgg(whole)
        canvas.draw()
        for panel in drawing.axes:
            for axis, side in ((panel.xaxis, "x"), (panel.yaxis, "y")):
                boxes = [text.get_window_extent() for text in axis.get_ticklabels() if text.get_text()]
                ends = [(box.x0, box.x1) if side == "x" else (box.y0, box.y1) for box in boxes]
                ordered = sorted(ends)
                gaps = [after[0] - before[1] for before, after in pairwise(ordered)]
                assert not gaps or min(gaps) > 0, f"{name} : étiquettes {side} superposées"


def test_figure_without_its_indicators_is_left_out(study_of: Callable[..., Study]) -> None:
    study = study_of()
    kept = study.values[~study.values["indicator"].str.startswith("housed_")]
    names = [each.name for each in figures.draw_all(replace(study, values=kept))]
    assert "delais" not in names
    assert "parc" in names


def test_stock_is_read_at_its_last_year_and_leases_over_the_run(study_of: Callable[..., Study]) -> None:
    study = study_of()
    assert study.reading_year("stock_first_quartile", "all") == 2029
    assert study.reading_year("r1_share", "all") == 0
    assert np.isnan(study.value("absent", "all", "cotation_only"))
