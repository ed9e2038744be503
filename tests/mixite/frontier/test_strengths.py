"""What a strength is, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixite.frontier.strengths import at_strength, floors, points_forgone, points_of, strengths
from sim.scenario import Scenario, load_scenario
from sim.territory.files.faults import FaultsFound


@pytest.fixture(scope="module")
def tutorial() -> Scenario:
    """Floors of 0.35 and 0.65, 40 points."""
    return load_scenario(Path("scenarios/tutorial.toml"))


@pytest.mark.parametrize(
    ("points", "strongest", "expected"),
    [
        (3, 2.0, (0, 1, 2)),
        (5, 2.0, (0, 0.5, 1, 1.5, 2)),
        (4, 1.5, (0, 0.5, 1, 1.5)),  # three steps over 1.5: two of them up to 1
        (5, 4.0, (0, 1, 2, 3, 4)),
    ],
)
def test_strengths_go_from_none_by_the_scenario_s_own(
    points: int, strongest: float, expected: tuple[float, ...]
) -> None:
    assert strengths(points, strongest) == expected


@given(points=st.integers(3, 60), strongest=st.floats(1.01, 10))
def test_strengths_are_as_many_as_asked_and_grow(points: int, strongest: float) -> None:
    found = strengths(points, strongest)
    assert len(found) == points
    assert found[0] == 0
    assert 1 in found
    assert found[-1] == pytest.approx(strongest, abs=1e-4)
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize(
    ("value", "percents", "points"),
    [
        (0.01, (0, 1), 0),  # 0.35 and 0.65 of a hundredth
        (0.5, (18, 33), 20),  # 17.5 and 32.5: a half goes up
        (1, (35, 65), 40),
        (1.5, (53, 95), 60),  # 52.5; 97.5 is beyond the highest floor
        (2, (70, 95), 80),
    ],
)
def test_floors_and_points_grow_together(
    tutorial: Scenario, value: float, percents: tuple[int, ...], points: int
) -> None:
    assert floors(tutorial, value) == percents
    assert points_forgone(tutorial, value) == points


def test_a_floor_the_scenario_sets_higher_is_not_lowered(tutorial: Scenario) -> None:
    first, second = tutorial.target
    high = tutorial.model_copy(update={"target": (first.model_copy(update={"floor": 0.98}), second)})
    assert floors(high, 1)[0] == floors(high, 2)[0] == 98


def test_at_strength_one_it_is_the_scenario_itself(tutorial: Scenario) -> None:
    assert at_strength(tutorial, 1) is tutorial


def test_another_strength_changes_floors_and_points_alone_and_is_for_study(tutorial: Scenario) -> None:
    found = at_strength(tutorial, 2)
    assert [target.floor for target in found.target] == [0.70, 0.95]
    assert found.sittings.max_points_forgone == 80
    assert all(target.study for target in found.target)
    kept = [target.model_copy(update={"floor": 0.5, "study": False}) for target in found.target]
    assert kept == [target.model_copy(update={"floor": 0.5}) for target in tutorial.target]
    assert (
        Scenario.model_validate(found.model_dump() | {"folder": tutorial.folder, "file": tutorial.file})
        == found
    )


def test_a_floor_that_rounds_to_nothing_is_no_target(tutorial: Scenario) -> None:
    assert [target.public for target in at_strength(tutorial, 0.01).target] == ["q2_q4"]


def test_points_are_two_curves_and_the_named_policies(tutorial: Scenario) -> None:
    found = points_of(tutorial)
    assert [point.name for point in found if point.variant == "free"][:2] == ["free 0", "free 0.1667"]
    assert sum(point.variant == "iso" for point in found) == 12
    assert {point.variant: point.value for point in found if point.variant == point.policy} == {
        "status_quo": 0,
        "cotation_only": 0,
        "cotation_matched": 0,
        "cotation_quotas": 0,
        "cotation_peuplement": 1,
        "cotation_oriented": 1,
    }


def test_a_scenario_without_targets_has_no_trade_off(tutorial: Scenario) -> None:
    with pytest.raises(FaultsFound, match="aucun objectif"):
        points_of(tutorial.model_copy(update={"target": ()}))
