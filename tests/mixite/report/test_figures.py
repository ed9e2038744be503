"""Figures are images that say their source, with labels people can read."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from mixite.diffusion import LEVELS
from mixite.report import curves, figures, gauges, maps, slopes
from mixite.report.study import Study

PNG = b"\x89PNG\r\n\x1a\n"


def test_each_figure_is_a_png_that_is_not_empty(study_of: Callable[..., Study]) -> None:
    drawn = figures.draw_all(study_of(pictured=True))
    assert [each.name for each in drawn] == [
        "ecarts",
        "etapes",
        "delais",
        "parc",
        "decomposition",
        "jauges",
        "destinations",
        "carte_types",
        "carte_changements",
        "pentes",
    ]
    assert all(each.png.startswith(PNG) and len(each.png) > 20_000 for each in drawn)


def test_source_names_scenario_territory_seed_and_banner(study_of: Callable[..., Study]) -> None:
    source = figures.source(study_of())
    for words in ("« exemple »", "10 répliques", "graine 0", "Données de synthèse : aucun résultat"):
        assert words in source


def test_tick_labels_of_a_panel_do_not_overlap(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    for name, _, _, make, _ in figures.FIGURES:
        if (drawing := make(study)) is None:
            continue
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
    kept = study.values[study.values["indicator"] != "stock_first_quartile"]
    names = [each.name for each in figures.draw_all(replace(study, values=kept))]
    assert names == ["ecarts", "etapes", "decomposition", "destinations"]


def test_stock_is_read_at_its_last_year_and_leases_over_the_run(study_of: Callable[..., Study]) -> None:
    study = study_of()
    assert study.reading_year("stock_first_quartile", "all") == 2029
    assert study.reading_year("r1_share", "all") == 0
    assert np.isnan(study.value("absent", "all", "cotation_only"))


def test_who_comes_in_and_where_stand_in_chapters_of_their_own(study_of: Callable[..., Study]) -> None:
    chapters = {entry.name: entry.chapter for entry in figures.FIGURES}
    assert {chapters[name] for name in ("delais", "parc", "decomposition")} == {figures.LEVEL}
    assert {chapters[name] for name in ("destinations", "carte_types", "pentes")} == {figures.PLACES}


def test_captions_say_units_interval_and_what_the_places_are(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    captions = {
        entry.name: entry.caption if isinstance(entry.caption, str) else entry.caption(study)
        for entry in figures.FIGURES
        if entry.name != "scores"
    }
    for name in ("carte_types", "carte_changements"):
        assert "Plan schématique : les positions ne sont pas géographiques." in captions[name]
        assert "Surface : nombre de logements" in captions[name]
    for name in ("delais", "pentes"):
        assert "intervalle à 95 %" in captions[name]
    assert "radiation" in captions["delais"]
    assert "baux signés" in captions["jauges"]


def test_what_is_public_holds_no_figure_of_single_residences(study_of: Callable[..., Study]) -> None:
    for level in ("cil", "public"):
        study = replace(study_of(pictured=True), diffusion=level)
        shown = {entry.name for entry in figures.FIGURES if entry.make(study) is not None}
        assert not shown & {"carte_types", "carte_changements", "scores"}
        assert "types_communes" in shown


def test_no_figure_writes_the_name_of_a_residence(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    assert study.pictured is not None
    for level in LEVELS:
        for entry in figures.FIGURES:
            if (made := entry.make(replace(study, diffusion=level))) is None:
                continue
            texts = " ".join(text.get_text() for text in made.findobj(Text))
            assert not [name for name in study.pictured.sites.residence_id if name in texts], entry.name


def test_a_real_territory_says_to_whom_its_points_may_go(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    real = replace(study, context={**study.context, "territory": {"name": "EPCI", "synthetic": False}})
    assert "Diffusion interne." in maps.kind_of_plan(real)
    assert "Diffusion" not in maps.kind_of_plan(study)


def test_the_documentation_lists_the_figures_in_their_order() -> None:
    text = Path("docs/outcomes.md").read_text(encoding="utf-8").split("## Figures of the report")[1]
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [entry.name for entry in figures.FIGURES]


@pytest.mark.parametrize("policies", [("cotation_only",), ("seniority", "lottery")])
def test_one_replication_and_any_policies_are_drawn(
    study_of: Callable[..., Study], policies: tuple[str, ...]
) -> None:
    study = study_of(policies=policies, replications=1, pictured=True)
    for make in (curves.draw, gauges.draw, maps.draw_types, maps.draw_moves, slopes.draw):
        assert make(study) is not None
    assert "le hasard n'est pas montré" in maps.types_said(study)


def test_where_leases_are_signed_differs_with_its_interval(study_of: Callable[..., Study]) -> None:
    study = study_of()
    lines = figures.where_differs(study, "dalo")
    assert lines[:2] == ["écart de « stratégie de peuplement »", "à « cotation seule », intervalle à 95 % :"]
    assert len(lines) == 2 + 4 + 1  # four types, and in QPV
    row = study.difference("in_qpv_share", "dalo", study.first_pair)
    assert row is not None
    low, high = (100 * row[name] for name in ("ci_low", "ci_high"))
    told = [float(text.replace(",", ".").replace("−", "-")) for text in re.findall(r"[+−][\d,]+", lines[-1])]
    assert told == pytest.approx([100 * row["difference"], low, high], abs=0.051)
    assert ("non distingué" in lines[-1]) != row["distinguished"]
    # in the picture itself, under each panel
    drawing = figures.where_housed(study)
    assert drawing is not None
    assert [panel.get_xlabel().count("[") for panel in drawing.axes] == [5, 5, 5]
    assert figures.where_differs(study_of(policies=("cotation_only", "cotation_only")), "dalo") == []
