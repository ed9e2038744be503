"""Maps show the type most replications give, moves of type, surfaces, communes that are large enough."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from mixite.report import maps
from mixite.report.ground import ground, round_length, sizes
from mixite.report.pictured import ABSENT, Lived, Sites
from mixite.report.study import Study
from mixite.report.type_marks import LESS, MORE, SAME


def lived(kind: list[list[list[int]]], dwellings: list[int], households: list[int] | None = None) -> Lived:
    """Return residences whose types are kind[replication][year][residence]."""
    codes = np.array(kind)
    homes, there = (
        np.broadcast_to(dwellings, codes.shape),
        np.broadcast_to(households or dwellings, codes.shape),
    )
    years, later = np.arange(2026, 2026 + codes.shape[1]), np.zeros((*codes.shape[:2], 1, 4), int)
    return Lived(years, codes, homes, there, 0 * there, np.zeros(len(codes), int), later)


def test_most_frequent_type_and_how_many_replications_give_it() -> None:
    codes = np.array([[0, 3, ABSENT], [1, 3, ABSENT], [1, 2, ABSENT], [0, 3, 2]])
    kind, often = maps.most_frequent(codes, 4)
    # First residence: two of four say 0, two say 1, the lowest code wins. Third: one of four knows it.
    assert kind.tolist() == [0, 3, 2]
    assert often.tolist() == [0.5, 0.75, 0.25]
    assert maps.most_frequent(np.full((2, 1), ABSENT), 4)[0].tolist() == [ABSENT]


def test_a_move_goes_from_the_first_year_that_stands_to_the_last() -> None:
    years = [[1, 1, ABSENT, 3, 2], [0, 2, 2, 3, 2], [0, 2, 1, ABSENT, 2]]
    run = lived([years], [1, 1, 1, 1, 1])
    # 1 to 0 is more favourable, 1 to 2 less; the third stands from its second year; the fourth is gone.
    assert maps.moves(run).tolist() == [[MORE, LESS, MORE, ABSENT, SAME]]


def test_years_are_all_shown_when_few_else_start_middle_and_end() -> None:
    assert maps.shown_years(np.arange(2026, 2030)) == [0, 1, 2, 3]
    assert maps.shown_years(np.arange(2026, 2037)) == [0, 5, 10]


def _area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return float(abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2)


def test_surfaces_drawn_are_the_dwellings_and_what_is_filled_the_replications(
    study_of: Callable[..., Study],
) -> None:
    study = study_of(pictured=True)
    assert study.pictured is not None
    made = maps.draw_types(study)
    assert made is not None
    drawn_marks = [each for each in made.axes[0].collections if isinstance(each, PolyCollection)]
    outlines, cores = drawn_marks[:2]  # then the key of sizes
    here = study.pictured.lived["cotation_only"]
    _, often = maps.most_frequent(here.kind[:, 0], 4)
    order = np.lexsort((np.arange(12), -here.dwellings[0, 0]))
    drawn = [_area(path.vertices[:-1]) for path in outlines.get_paths()]
    filled = [_area(path.vertices[:-1]) for path in cores.get_paths()]
    assert np.allclose(np.array(drawn) / drawn[0], here.dwellings[0, 0][order] / 60)
    assert np.allclose(np.array(filled) / np.array(drawn), often[order])


def test_marks_of_a_plan_stay_apart_whatever_the_type() -> None:
    nowhere = np.full(30, np.nan)
    names = np.array([f"R{place}" for place in range(30)])
    dwellings = np.arange(1.0, 31.0)
    found = ground(Sites(names, np.array(["00001"] * 30), nowhere, nowhere, {}), dwellings)
    reach = found.unit * np.sqrt(dwellings) * np.sqrt(np.pi / 2)
    a, b = np.triu_indices(30, 1)
    assert (np.hypot(found.x[a] - found.x[b], found.y[a] - found.y[b]) > reach[a] + reach[b]).all()
    assert not found.metres


def test_located_residences_stand_where_they_are_and_the_others_are_left_out() -> None:
    x, y = np.array([700_000.0, 702_000.0, np.nan]), np.array([7_060_000.0, 7_061_000.0, np.nan])
    sites = Sites(np.array(["a", "b", "c"]), np.array(["1", "1", "1"]), x, y, {"1": "Lille"})
    found = ground(sites, np.array([10.0, 20.0, 30.0]))
    assert found.metres
    np.testing.assert_array_equal(found.x, x)
    np.testing.assert_array_equal(found.y, y)


def test_located_territory_says_how_many_residences_are_not_shown(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    assert study.pictured is not None
    sites = study.pictured.sites
    x = np.where(np.arange(12) < 9, 700_000.0 + 100 * np.arange(12), np.nan)
    placed = replace(study, pictured=replace(study.pictured, sites=replace(sites, x=x, y=x)))
    said = maps.kind_of_plan(placed)
    assert said.startswith("Carte à l'échelle")
    assert "3 résidence(s) sans coordonnées" in said
    assert "schématique" not in said


@pytest.mark.parametrize(("most", "found"), [(1, 1), (4.9, 2), (5, 5), (73, 50), (20_000, 20_000)])
def test_round_lengths(most: float, found: float) -> None:
    assert round_length(most) == found


def test_key_of_sizes_never_shows_less_than_one_dwelling() -> None:
    assert sizes(3) == (1, 2)
    assert sizes(1) == (1,)
    assert sizes(64) == (10, 50)


def test_residences_delivered_since_stand_by_commune_with_a_mark_of_their_own(
    study_of: Callable[..., Study],
) -> None:
    study = study_of(pictured=True)
    assert study.pictured is not None
    assert "Étoile" not in maps.kind_of_plan(study)
    lived = {}
    for policy, run in study.pictured.lived.items():
        later = run.later.copy()
        later[:, -1, 1, 3], later[0, -1, 1, 0] = 8, 20  # eight everywhere; twenty more in one of ten
        lived[policy] = replace(run, later=later, delivered=run.delivered + 1)
    study = replace(study, pictured=replace(study.pictured, lived=lived))
    assert "Étoile : résidences livrées depuis la date du territoire" in maps.kind_of_plan(study)
    for make in (maps.draw_types, maps.draw_moves):
        made = make(study)
        assert made is not None
        panel = made.axes[3 if make is maps.draw_types else 0]  # the last 1 January
        outlines, cores = (
            [path.vertices[:-1] for path in each.get_paths()]
            for each in panel.collections
            if isinstance(each, PolyCollection) and each.get_zorder() == 3
        )
        # One star, of 8 + 20 / 10 = 10 dwellings, beside residences where the largest has 60.
        whole = next(each for each in panel.collections if isinstance(each, PolyCollection))
        largest = max(_area(path.vertices[:-1]) for path in whole.get_paths())
        assert len(outlines) == len(cores) == 1
        assert _area(outlines[0]) / largest == pytest.approx(10 / 60)
        if make is maps.draw_types:  # eight of ten « à conforter »
            assert _area(cores[0]) / _area(outlines[0]) == pytest.approx(0.8)
    first = maps.draw_types(study)
    assert first is not None
    assert not [each for each in first.axes[0].collections if each.get_zorder() == 3 and each.get_paths()]


def test_on_a_map_they_stand_in_the_middle_of_their_commune() -> None:
    x, y = np.array([0.0, 1000.0, 500.0]), np.array([0.0, 1000.0, 4000.0])
    sites = Sites(np.array(["a", "b", "c"]), np.array(["1", "1", "2"]), x, y, {})
    found = ground(sites, np.array([10.0, 30.0, 20.0]), np.array([5.0, 0.0]))
    # Weighted by dwellings: (0 × 10 + 1000 × 30) / 40.
    assert found.later.tolist()[0] == [750.0, 750.0]
    assert np.isnan(found.later[1]).all()
