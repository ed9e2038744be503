"""Which numbers have a declared range, what is left still and why, and what worlds are drawn."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.draws import BETWEEN_RESIDENCES, PARAMETRES, TERRITOIRE, Draw, draws
from sim.process.replication import territory_of
from sim.scenario import Scenario, hypotheses, load_scenario
from sim.territory.files.faults import FaultsFound
from sim.uncertainty import FIXED, SET, Declared, Parameter, declared, searched, with_values

TUTORIAL = Path("scenarios/tutorial.toml")


def scenario(path: Path = TUTORIAL, **changes: Any) -> Scenario:
    given = {f"uncertainty.{name}": value for name, value in changes.items() if "." not in name}
    return load_scenario(path, changes=given | {name: v for name, v in changes.items() if "." in name})


@pytest.fixture(scope="module")
def ranges() -> Declared:
    return declared(scenario())


def by_name(ranges: Declared) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in ranges.parameters}


def test_every_hypothesis_with_a_range_is_drawn_or_left_with_a_reason(ranges: Declared) -> None:
    known = {
        f"{section}.{name}"
        for section, figures in hypotheses().items()
        for name, figure in figures.items()
        if figure.low is not None and figure.low != figure.high
    }
    assert known <= set(by_name(ranges)) | set(ranges.left)
    assert all(ranges.left.values())
    days = by_name(ranges)["designation.days"]
    assert (days.low, days.value, days.high) == (15.0, 30.0, 60.0)


def test_what_spreads_incomes_between_residences_is_among_them(ranges: Declared) -> None:
    assert set(BETWEEN_RESIDENCES) <= set(by_name(ranges))


def test_tables_are_drawn_value_by_value_save_whole_numbers_and_scales_of_law(ranges: Declared) -> None:
    assert "territory.placement.rooms_by_size" in ranges.tables
    assert {"territory.demand.rooms", "territory.households.plus_ceilings_eur"} <= set(ranges.left)


def test_a_folder_of_tables_has_its_behaviour_alone() -> None:
    found = declared(scenario(Path("scenarios/jouet.toml")))
    assert not found.tables
    assert not [name for name in by_name(found) if name.startswith("territory.")]


def test_a_number_the_scenario_sets_is_left_unless_it_says_in_which_range() -> None:
    still = declared(scenario(**{"acceptance.effort": 2.0}))
    assert still.left["acceptance.effort"] == SET
    ranged = scenario(**{"acceptance.effort": 2.0}, ranges={"acceptance.effort": [1.5, 2.5]})
    effort = by_name(declared(ranged))["acceptance.effort"]
    assert (effort.low, effort.value, effort.high) == (1.5, 2.0, 2.5)


def test_a_published_number_may_be_given_a_range() -> None:
    found = by_name(declared(scenario(ranges={"acceptance.accepts": [0.4, 0.7]})))
    assert (found["acceptance.accepts"].low, found["acceptance.accepts"].value) == (0.4, 0.54)


def test_what_is_fixed_is_left_by_name_or_by_section() -> None:
    found = declared(scenario(fixed=["territory.placement", "acceptance.effort"]))
    assert found.left["acceptance.effort"] == FIXED
    assert found.left["territory.placement.rooms_by_size"] == FIXED
    assert "acceptance.residence_sd" in by_name(found)  # a beginning ends at a dot
    assert not [name for name in by_name(found) if name.startswith("territory.placement.")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fixed": ["acceptence"]}, "uncertainty.fixed : acceptence : grandeur inconnue"),
        ({"reversals_of": ["acceptance.effot"]}, "« acceptance.effort »"),
        ({"ranges": {"acceptance.x": [0, 1]}}, "uncertainty.ranges : acceptance.x"),
        ({"ranges": {"acceptance.accepts": [0.6, 0.7]}}, "doit être un nombre de 0.6 à 0.7"),
        ({"ranges": {"acceptance.accepts": [0.5, 1.5]}}, "attendu < 1"),
    ],
)
def test_wrong_names_and_ranges_are_faults(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FaultsFound) as found:
        declared(scenario(**changes))
    assert said in str(found.value)


def test_only_what_is_asked_is_searched() -> None:
    world = scenario(reversals=2, reversals_of=["designation", "territory.placement.income_sorting"])
    names = [parameter.name for parameter in searched(world, declared(world))]
    asked = ("designated_share", "days", "named_share", "named_count", "adherence")
    assert set(names) == {*(f"designation.{name}" for name in asked), "territory.placement.income_sorting"}


def test_a_share_moves_its_complement_so_that_the_sum_stays_one() -> None:
    # 0.25 + 0.05 + 0.12 + 0.2 = 0.62 are reserved, 0.38 are not.
    moved = with_values(scenario(), {"orientation.action_logement": 0.12}).orientation
    assert moved.action_logement == 0.12
    assert moved.aucun == pytest.approx(0.38)
    assert with_values(scenario(), {"designation.days": 20}).orientation == scenario().orientation


def test_whole_numbers_are_as_often_each_of_their_values() -> None:
    parameter = Parameter("a.b", "", "", 2, 3, 4, whole=True)
    assert [parameter.at(u) for u in (0.01, 0.32, 0.34, 0.65, 0.67, 0.999)] == [2, 2, 3, 3, 4, 4]


@pytest.fixture(scope="module")
def drawn(ranges: Declared) -> dict[str, list[Draw]]:
    world = scenario(draws=8)
    return {source: draws(world, ranges, source) for source in (TERRITOIRE, PARAMETRES)}


def test_each_range_is_covered_slice_by_slice(drawn: dict[str, list[Draw]], ranges: Declared) -> None:
    for parameter in ranges.parameters:
        values = np.array([draw.values[parameter.name] for draw in drawn[PARAMETRES]])
        share = (values - parameter.low) / (parameter.high - parameter.low)
        assert sorted(np.floor(share * 8).astype(int).tolist()) == list(range(8)), parameter.name


def test_a_draw_is_the_same_territory_under_both_kinds(drawn: dict[str, list[Draw]]) -> None:
    for one, other in zip(drawn[TERRITOIRE], drawn[PARAMETRES], strict=True):
        assert one.number == other.number
        assert one.scenario.territory.territory_seed == other.scenario.territory.territory_seed
        assert set(one.values) == set(BETWEEN_RESIDENCES)
        assert {name: other.values[name] for name in one.values} == one.values
    assert len({draw.scenario.territory.territory_seed for draw in drawn[TERRITOIRE]}) == 8


def test_values_drawn_are_those_of_the_scenario_that_is_played(drawn: dict[str, list[Draw]]) -> None:
    world = drawn[PARAMETRES][3]
    assert world.scenario.acceptance.effort == world.values["acceptance.effort"]
    name = "territory.placement.income_sorting"
    assert world.scenario.territory.values[name.removeprefix("territory.")] == world.values[name]
    orientation = world.scenario.orientation
    assert sum(orientation.shares) == pytest.approx(1)
    territory_of(world.scenario)  # the values are accepted together


def test_tables_keep_their_zeros_and_shares_stay_shares(
    drawn: dict[str, list[Draw]], ranges: Declared
) -> None:
    for name, table in ranges.tables.items():
        values = np.array([draw.values[name] for draw in drawn[PARAMETRES]])
        assert ((values == 0) == (table.array == 0)).all(), name
        assert (np.abs(values - table.array) <= table.array * table.spread + 1e-9).all(), name
        if table.unit == "part":
            assert values.max() <= 1, name


def test_neither_order_nor_other_ranges_change_a_draw(drawn: dict[str, list[Draw]], ranges: Declared) -> None:
    fewer = Declared(tuple(reversed(ranges.parameters[:20])))
    for one, other in zip(drawn[PARAMETRES], draws(scenario(draws=8), fewer, PARAMETRES), strict=True):
        assert {name: one.values[name] for name in other.values} == other.values


def test_without_the_territory_behaviour_alone_is_drawn(ranges: Declared) -> None:
    (first, *_) = draws(scenario(draws=2, territory=False), ranges, PARAMETRES)
    assert first.scenario.territory == scenario().territory
    assert "acceptance.effort" in first.values
    assert not [name for name in first.values if name.startswith("territory.")]
