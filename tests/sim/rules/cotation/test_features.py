"""A grid with most features of the schema, and each feature worked by hand."""

import tomllib
from datetime import date

import numpy as np
import pytest

from sim.rules.cotation import Grid, check_examples, facts_of_example, flags, lines, missing, score
from sim.rules.cotation.check import check

FEATURES = """
id = "synthetic-features"
status = "synthetic"
complete = true
scope = { not = { attr = "right_to_rehousing", op = "eq", value = true } }
total = { floor = 0, cap = 100 }
groups = [
  { id = "territory", rule = "sum", cap = 15 },
  { id = "housing", rule = "max" },
]

[[criteria]]
id = "work_here"
group = "territory"
when = { attr = "works_in_epci", op = "eq", value = true }
points = 10

[[criteria]]
id = "live_here"
group = "territory"
when = { attr = "lives_in_epci", op = "eq", value = true }
points = 10

[[criteria]]
id = "homeless"
group = "housing"
when = { attr = "housing_modes", op = "any_in", value = ["SD", "SQUAT"] }
points = 40

[[criteria]]
id = "eviction"
group = "housing"
when = { attr = "motives", op = "contains", value = "05" }
points = 30

[[criteria]]
id = "refusals"                  # the first refusal is free
family = "behaviour"
evidence = "verified"
attr = "unjustified_refusals_24m"
per_unit = { step = 1, start = 1, points = -10, cap = -20 }

[[criteria]]
id = "seniority"
applies_to = ["primo"]
attr = "seniority_months"
per_unit = { step = 12, points = 3, cap = 15 }

[[criteria]]
id = "residual_income"
attr = "residual_income"
bands = [ { to = 300, points = 8 }, { from = 300, to = 600, points = 3 }, { from = 900, points = -2 } ]

[[criteria]]
id = "underoccupied_transfer"
applies_to = ["mutation"]
when = { attr = "persons_per_room", op = "le", value = 0.5 }
points = 25

[[criteria]]
id = "fraud"
when = { attr = "false_statement", op = "eq", value = true }
effect = "exclude"

[[criteria]]
id = "protected"
when = { all = [
  { attr = "violence_proven", op = "eq", value = true },
  { not = { attr = "children", op = "eq", value = 0 } },
] }
effect = "absolute_priority"

[[criteria]]
id = "accessible_match"          # condition on the dwelling offered
when = { all = [
  { attr = "mobility", op = "eq", value = true },
  { attr = "dwelling.accessible", op = "eq", value = true },
] }
points = 30

[[examples]]                     # 10 + 10 capped at 15, minus 10 for the second refusal
facts = { works_in_epci = true, lives_in_epci = true, unjustified_refusals_24m = 2 }
expected = 5
[[examples]]                     # 10 - 20 (the cap of the malus), then the floor
facts = { works_in_epci = true, unjustified_refusals_24m = 5 }
expected = 0
[[examples]]
facts = { right_to_rehousing = true, works_in_epci = true }
flags = ["out_of_scope"]
[[examples]]
facts = { request_kind = "mutation", persons_per_room = 0.5 }
expected = 25
[[examples]]
facts = { request_kind = "primo", persons_per_room = 0.5 }
expected = 0
[[examples]]
facts = { mobility = true, "dwelling.accessible" = true }
expected = 30
[[examples]]
facts = { false_statement = true, works_in_epci = true }
expected = 10
flags = ["exclude"]
[[examples]]                     # children is missing, so `children = 0` is false, so `not` is true
facts = { violence_proven = true }
expected = 0
flags = ["absolute_priority"]
[[examples]]                     # best of 40 and 30
facts = { housing_modes = ["SD", "HOT"], motives = ["01", "05"] }
expected = 40
"""


def grid(text: str) -> Grid:
    data = tomllib.loads(text)
    assert check(data, "grid") == []
    return Grid.model_validate(data)


HEAD = 'id = "g"\nstatus = "synthetic"\ncomplete = true\n'


def points_of(one: Grid, **facts: object) -> float:
    encoded = facts_of_example({name.replace("__", "."): value for name, value in facts.items()})
    return score(one, encoded, 1).total[0].item()


def test_every_example_of_the_features_grid_holds() -> None:
    assert check_examples(grid(FEATURES)) == []


def test_a_wrong_example_is_a_fault_that_shows_the_points_and_the_lines() -> None:
    wrong = grid(FEATURES.replace("expected = 25", "expected = 26").replace('["exclude"]', "[]"))
    points, raised = sorted(check_examples(wrong, "g.toml"), key=lambda fault: fault.column)
    assert points.column == "examples[3].expected"
    assert points.value == "26"
    assert "25 points (underoccupied_transfer 25)" in points.message
    assert raised.column == "examples[6].flags"
    assert "exclude" in raised.message


@pytest.mark.parametrize(
    ("residual_income", "expected"),
    [(-50, 8), (299.99, 8), (300, 3), (599.99, 3), (600, 0), (899, 0), (900, 0), (5000, 0)],
)
def test_bands_hold_from_their_lower_bound_up_to_their_upper_bound_excluded(
    residual_income: float, expected: int
) -> None:
    # From 900, -2 points, then the floor of 0.
    assert points_of(grid(FEATURES), residual_income=residual_income) == expected


@pytest.mark.parametrize(
    ("months", "expected"), [(0, 0), (11, 0), (12, 3), (23, 3), (24, 6), (59, 12), (60, 15), (600, 15)]
)
def test_an_annual_accrual_counts_whole_years_up_to_its_cap(months: int, expected: int) -> None:
    assert points_of(grid(FEATURES), request_kind="primo", seniority_months=months) == expected


@pytest.mark.parametrize(("refusals", "expected"), [(0, 15), (1, 15), (2, 5), (3, 0), (9, 0)])
def test_a_malus_starts_after_the_free_refusal_and_stops_at_its_cap(refusals: int, expected: int) -> None:
    # 15 (capped territory) - 10 a refusal after the first, at most - 20, floor 0.
    facts = {"works_in_epci": True, "lives_in_epci": True, "unjustified_refusals_24m": refusals}
    assert points_of(grid(FEATURES), **facts) == expected


def test_an_accrual_gives_nothing_before_its_start_even_to_a_malus() -> None:
    bonus = grid(
        HEAD + '[[criteria]]\nid = "a"\nattr = "age"\nper_unit = { step = 5, start = 60, points = 2 }'
    )
    malus = grid(
        HEAD + '[[criteria]]\nid = "a"\nattr = "age"\nper_unit = { step = 5, start = 60, points = -2 }'
    )
    # age 71: floor(11 / 5) = 2 steps.
    assert [points_of(bonus, age=age) for age in (20, 60, 64, 65, 71)] == [0, 0, 0, 2, 4]
    assert [points_of(malus, age=age) for age in (20, 60, 64, 65, 71)] == [0, 0, 0, -2, -4]


def test_the_cap_of_the_total_comes_before_its_floor_and_after_the_groups() -> None:
    text = """
        total = { floor = 5, cap = 50 }
        groups = [{ id = "g", rule = "sum", cap = 30 }]
        [[criteria]]
        id = "a"
        group = "g"
        when = { attr = "pdalhpd", op = "eq", value = true }
        points = 40
        [[criteria]]
        id = "b"
        group = "g"
        when = { attr = "owner", op = "eq", value = true }
        points = -20
        [[criteria]]
        id = "c"
        when = { attr = "long_delay", op = "eq", value = true }
        points = 35
    """
    one = grid(HEAD + text)
    assert points_of(one, pdalhpd=True) == 30  # the group's cap
    assert points_of(one, pdalhpd=True, owner=True) == 20  # 40 - 20 = 20 in the group, under its cap
    assert points_of(one, pdalhpd=True, long_delay=True) == 50  # 30 + 35 = 65, capped
    assert points_of(one, owner=True) == 5  # -20, then the floor


def test_a_missing_attribute_gives_nothing_and_is_listed_for_whoever_lacks_it() -> None:
    facts = {
        "works_in_epci": np.array([1, -1, 0], np.int8),
        "residual_income": np.array([100.0, np.nan, 900.0]),
        "request_kind": np.array([0, 1, 0], np.int8),
        "motives": np.array([16, -1, 0]),
        "right_to_rehousing": np.array([False, False, False]),
    }
    one = grid(FEATURES)
    # 10 + 8 + 30 (motive 05 is bit 4); nothing; -2 then the floor.
    assert score(one, facts, 3).total.tolist() == [48, 0, 0]
    lacking = missing(one, facts, 3)
    assert lacking["works_in_epci"].tolist() == [False, True, False]
    assert lacking["residual_income"].tolist() == [False, True, False]
    assert lacking["motives"].tolist() == [False, True, False]
    assert lacking["lives_in_epci"].all()
    assert lacking["seniority_months"].tolist() == [True, False, True]  # read for first demands only
    assert lacking["persons_per_room"].tolist() == [False, True, False]  # read for mutations only
    assert not {"right_to_rehousing", "request_kind"} & set(lacking)


@pytest.mark.parametrize(
    ("attribute", "op", "value"),
    [
        ("pdalhpd", "ne", "true"),
        ("work_status", "ne", '"CDI"'),
        ("age", "ne", "30"),
        ("created_on", "ne", "2020-01-01"),
        ("dwelling.commune", "ne", '"59350"'),
    ],
)
def test_a_missing_attribute_is_not_different_from_a_value(attribute: str, op: str, value: str) -> None:
    one = grid(
        f'{HEAD}[[criteria]]\nid = "a"\npoints = 1\n'
        f'when = {{ attr = "{attribute}", op = "{op}", value = {value} }}'
    )
    empty = {
        "pdalhpd": np.array([-1], np.int8),
        "work_status": np.array([-1], np.int8),
        "age": np.array([np.nan]),
        "created_on": np.array([np.nan]),
        "dwelling.commune": np.array([""]),
    }
    for facts in ({}, {attribute: empty[attribute]}):
        assert score(one, facts, 1).total.tolist() == [0]
        assert list(missing(one, facts, 1)) == [attribute]


def test_a_demand_out_of_scope_has_no_points_no_line_and_no_flag() -> None:
    facts = facts_of_example({"right_to_rehousing": True, "works_in_epci": True, "false_statement": True})
    points = score(grid(FEATURES), facts, 1)
    assert flags(points, 0) == ("out_of_scope",)
    assert points.total.tolist() == [0]
    assert all(amount[0] == 0 for _, amount in lines(grid(FEATURES), facts, 1))


def test_two_populations_are_scored_by_their_own_criteria() -> None:
    facts = {
        "request_kind": np.array([0, 1, -1], np.int8),
        "seniority_months": np.array([24, 24, 24]),
        "persons_per_room": np.array([0.4, 0.4, 0.4]),
    }
    # Two years at 3 points for the first demand; 25 for the mutation; an unknown kind belongs to neither.
    assert score(grid(FEATURES), facts, 3).total.tolist() == [6, 25, 0]


def test_a_fact_of_the_dwelling_offered_is_one_value_for_every_demand() -> None:
    facts = {"mobility": np.array([1, 0, -1], np.int8)}
    one = grid(FEATURES)
    for accessible, expected in ((True, [30, 0, 0]), (False, [0, 0, 0]), (np.int8(1), [30, 0, 0])):
        assert score(one, {**facts, "dwelling.accessible": accessible}, 3).total.tolist() == expected


def test_bands_and_accruals_on_the_rent_of_the_dwelling_offered_hold_for_every_demand() -> None:
    one = grid(
        HEAD + '[[criteria]]\nid = "a"\nattr = "dwelling.rent"\nbands = [{ to = 300, points = 2 }]\n'
        '[[criteria]]\nid = "b"\nattr = "dwelling.rent"\nper_unit = { step = 100, points = 1 }'
    )
    assert score(one, {"dwelling.rent": 299.0}, 2).total.tolist() == [4, 4]  # 2 + floor(2.99)
    assert score(one, {"dwelling.rent": np.array([300.0, np.nan])}, 2).total.tolist() == [3, 0]


def test_communes_are_an_open_list_written_as_in_the_demands_file() -> None:
    one = grid(
        HEAD + 'scope = { attr = "communes", op = "any_in", value = ["59350", "59512"] }\n'
        '[[criteria]]\nid = "a"\npoints = 1\nwhen = { attr = "communes", op = "contains", value = "59512" }'
    )
    points = score(one, {"communes": np.array(["59350;62001", "59512", "62001", ""])}, 4)
    assert points.in_scope.tolist() == [True, True, False, False]
    assert points.total.tolist() == [0, 1, 0, 0]
    assert points_of(one, communes=["62001", "59512"]) == 1


def test_a_date_is_compared_as_a_date() -> None:
    one = grid(
        HEAD + '[[criteria]]\nid = "a"\npoints = 1\n'
        'when = { attr = "housed_since", op = "lt", value = 2020-01-01 }'
    )
    assert points_of(one, housed_since=date(2019, 12, 31)) == 1
    assert points_of(one, housed_since=date(2020, 1, 1)) == 0


def test_totals_are_exact_integers_unless_the_grid_has_points_that_are_not_whole() -> None:
    decimal = grid(
        HEAD + '[[criteria]]\nid = "a"\npoints = 0.1\n[[criteria]]\nid = "b"\npoints = 0.2\n'
        '[[criteria]]\nid = "c"\npoints = 2.0'
    )
    whole = grid(HEAD + '[[criteria]]\nid = "c"\npoints = 2.0')
    assert score(grid(FEATURES), {}, 1).total.dtype == np.int64
    assert score(whole, {}, 1).total.dtype == np.int64
    assert score(decimal, {}, 1).total.tolist() == [2.3]


def test_the_total_is_recomputed_by_hand_from_the_lines() -> None:
    facts = facts_of_example(
        {
            "works_in_epci": True,
            "lives_in_epci": True,
            "housing_modes": ["SQUAT"],
            "motives": ["05"],
            "request_kind": "primo",
            "seniority_months": 30,
            "unjustified_refusals_24m": 2,
        }
    )
    by_line = {name: amount[0].item() for name, amount in lines(grid(FEATURES), facts, 1)}
    assert by_line == {
        "work_here": 10,
        "live_here": 10,
        "homeless": 40,
        "eviction": 30,
        "refusals": -10,
        "seniority": 6,
        "residual_income": 0,
        "underoccupied_transfer": 0,
        "accessible_match": 0,
    }
    # min(10 + 10, 15) + max(40, 30) - 10 + 6
    assert score(grid(FEATURES), facts, 1).total.tolist() == [51]


def test_facts_of_another_length_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"motives a la forme \(2,\), attendu \(3,\)"):
        score(grid(FEATURES), {"motives": np.array([1, 2])}, 3)


def test_nobody_is_scored_without_a_fault() -> None:
    assert score(grid(FEATURES), {"age": np.zeros(0)}, 0).total.tolist() == []


@pytest.mark.parametrize(
    "malus",
    [
        'attr = "unjustified_refusals_24m"\nper_unit = { step = 1, points = -5 }',
        'attr = "unjustified_refusals_24m"\nbands = [{ from = 1, points = -5 }]',
        'points = -5\nwhen = { attr = "unjustified_refusals_24m", op = "ge", value = 1 }',
    ],
)
def test_a_malus_of_refusal_never_reaches_a_dalo_household_whatever_the_grid_writes(malus: str) -> None:
    one = grid(f'{HEAD}[[criteria]]\nid = "a"\npoints = 20\n[[criteria]]\nid = "r"\n{malus}')
    assert points_of(one, unjustified_refusals_24m=1) == 15
    assert points_of(one, unjustified_refusals_24m=1, dalo=True) == 20
    assert points_of(one, unjustified_refusals_24m=1, dalo_status="ACTIF") == 20
    assert points_of(one, unjustified_refusals_24m=1, dalo_status="CADUC") == 15  # the priority is lost
    # `dalo` is read to spare, not asked for by the grid: it is not said to be missing.
    assert list(missing(one, facts_of_example({"unjustified_refusals_24m": 1}), 1)) == []


def test_points_given_for_refusals_or_taken_for_another_reason_are_as_written() -> None:
    text = '[[criteria]]\nid = "a"\npoints = -5\nwhen = { attr = "owner", op = "eq", value = true }'
    assert points_of(grid(HEAD + text), owner=True, dalo=True) == -5
