"""What a sound grid is warned about, each doubt planted alone; a grid without doubt is left in peace."""

import tomllib
from pathlib import Path

import pytest

from sim.rules.cotation import Grid, load
from sim.rules.cotation.check import check
from sim.rules.cotation.dalo import outranked
from sim.rules.cotation.doubts import doubts, unrewarded

GRIDS = Path(__file__).parents[4] / "scenarios" / "grids"
HEAD = 'id = "g"\nstatus = "synthetic"\ncomplete = true\n'


def when(attr: str, op: str, value: str) -> str:
    """Return a condition as it is written in a grid."""
    return f'when = {{ attr = "{attr}", op = "{op}", value = {value} }}\n'


DALO = '[[criteria]]\nid = "dalo"\npoints = 50\nwhen = { attr = "dalo", op = "eq", value = true }\n'


def grid(text: str) -> Grid:
    data = tomllib.loads(HEAD + text)
    assert check(data, "grid") == []
    return Grid.model_validate(data)


def said(text: str) -> list[str]:
    """Return the doubts of a grid as "place: message", without the priorities and DALO."""
    return [f"{d.column}: {d.message}" for d in doubts(grid(text)) if d.column != "criteria"]


def test_a_hole_between_two_bands_is_said_with_its_bounds() -> None:
    text = '[[criteria]]\nid = "a"\nattr = "residual_income"\nbands = [{ to = 300, points = 8 }, '
    (told,) = said(text + "{ from = 400, points = 3 }]")
    assert told.startswith("criteria[0].bands: trou entre deux tranches : de 300 à 400 exclu")
    assert said(text + "{ from = 300, points = 3 }]") == []


def test_a_gap_that_holds_no_whole_number_is_no_hole_for_persons() -> None:
    # [0, 2.5[ then [3, …[: no number of children stands in [2.5, 3[; but 2 stands in [2, 3[.
    text = '[[criteria]]\nid = "a"\nattr = "children"\n'
    text += "bands = [{ to = %s, points = 1 }, { from = 3, points = 2 }]"
    assert said(text % "2.5") == []
    assert len(said(text % "2")) == 1


@pytest.mark.parametrize(
    ("criterion", "reason"),
    [
        (
            'when = { all = [{ attr = "children", op = "ge", value = 3 }, '
            '{ attr = "children", op = "lt", value = 2 }] }',
            "se contredit",
        ),
        (  # no whole number stands strictly between 1 and 2
            'when = { all = [{ attr = "children", op = "gt", value = 1 }, '
            '{ attr = "children", op = "lt", value = 2 }] }',
            "se contredit",
        ),
        (
            'when = { all = [{ attr = "motives", op = "contains", value = "05" }, '
            '{ not = { attr = "motives", op = "any_in", value = ["05", "06"] } }] }',
            "se contredit",
        ),
        ('when = { attr = "age", op = "gt", value = 150 }', "hors des valeurs"),
        (
            'applies_to = ["primo"]\nwhen = { attr = "housing_modes", op = "contains", value = "HLM" }',
            "population vide",
        ),
        ('when = { attr = "right_to_rehousing", op = "eq", value = true }', "champ (scope)"),
    ],
)
def test_a_criterion_nobody_can_meet_says_what_stands_in_the_way(criterion: str, reason: str) -> None:
    scope = 'scope = { not = { attr = "right_to_rehousing", op = "eq", value = true } }\n'
    (told,) = said(f'{scope}[[criteria]]\nid = "a"\npoints = 1\n{criterion}')
    assert told.startswith("criteria[0]: critère jamais rempli")
    assert reason in told


@pytest.mark.parametrize(
    "criterion",
    [
        'when = { attr = "children", op = "ge", value = 20 }',  # the highest a demands file admits
        'when = { not = { attr = "work_status", op = "eq", value = "CDI" } }',
        'applies_to = ["mutation"]\nwhen = { attr = "housing_modes", op = "contains", value = "HLM" }',
        'when = { attr = "communes", op = "contains", value = "59350" }',
    ],
)
def test_a_criterion_somebody_meets_is_left_in_peace(criterion: str) -> None:
    assert said(f'[[criteria]]\nid = "a"\npoints = 1\n{criterion}') == []


def test_a_band_no_value_reaches_is_said() -> None:
    bands = "bands = [{ to = 150, points = 1 }, { from = 150, points = 2 }]"
    (told,) = said(f'[[criteria]]\nid = "a"\nattr = "age"\n{bands}')
    assert told == "criteria[0].bands[1]: tranche jamais atteinte : age va de 15 à 120"


def test_points_that_are_all_zero_never_give_a_point() -> None:
    (told,) = said('[[criteria]]\nid = "a"\npoints = 0')
    assert "ne donne jamais de point" in told


def test_what_no_sne_file_carries_is_named_with_where_it_comes_from() -> None:
    found = doubts(grid(DALO.replace('"dalo", op', '"pdalhpd", op')))
    assert [d.mend for d in found if d.value == "pdalhpd"] == [
        "à compléter par le réservataire (labellisation)"
    ]


def test_the_publics_of_the_law_that_gain_nothing_are_named_with_their_article() -> None:
    one = grid(
        DALO
        + '[[criteria]]\nid = "b"\npoints = 9\nwhen = { attr = "motives", op = "contains", value = "05" }'
    )
    assert set(unrewarded(one)) == {
        *("disability", "badly_housed", "temporary_housing", "unfit", "violence"),
        *("overcrowded_with_child", "without_housing"),
    }
    messages = [d.message for d in doubts(one) if d.value == "violence"]
    assert "CCH L.441-1 g" in messages[0]


@pytest.mark.parametrize("path", sorted(GRIDS.glob("synthetic-*.toml")), ids=lambda path: path.stem)
def test_the_shipped_archetypes_reward_every_public_and_have_no_dead_criterion(path: Path) -> None:
    one = load(path)
    assert unrewarded(one) == []
    assert [d for d in doubts(one) if "critères" not in d.column and "jamais" in d.message] == []


def test_points_for_children_alone_do_not_stand_for_overcrowding() -> None:
    one = grid('[[criteria]]\nid = "a"\npoints = 5\nwhen = { attr = "children", op = "ge", value = 1 }')
    assert "overcrowded_with_child" in unrewarded(one)


def test_waiting_alone_passes_a_fresh_dalo_household_at_the_month_worked_by_hand() -> None:
    # 1 point a month + 20 beyond 36 months: at 37 months 57 > 50; at 36, 36.
    ageing = (
        '[[criteria]]\nid = "s"\nfamily = "seniority"\nattr = "seniority_months"\n'
        "per_unit = { step = 1, points = 1 }\n"
        '[[criteria]]\nid = "l"\nfamily = "seniority"\npoints = 20\n'
        'when = { attr = "seniority_months", op = "gt", value = 36 }\n'
    )
    found = outranked(grid(DALO + ageing))
    assert (found.dalo_points, found.ageing.months, found.ageing.points_then) == (50, 37, 57)


def test_the_best_demand_without_priority_adds_what_the_other_criteria_give() -> None:
    text = (
        '[[groups]]\nid = "t"\nrule = "max"\n' + DALO + '[[criteria]]\nid = "s"\nfamily = "seniority"\n'
        'attr = "seniority_months"\nper_unit = { step = 12, points = 6 }\n'
        '[[criteria]]\nid = "w"\ngroup = "t"\npoints = 10\n'
        + when("works_in_epci", "eq", "true")
        + '[[criteria]]\nid = "v"\ngroup = "t"\npoints = 8\n'
        + when("lives_in_epci", "eq", "true")
        + '[[criteria]]\nid = "h"\nfamily = "housing"\npoints = 99\n'
        + when("motives", "contains", '"05"')
    )
    found = outranked(grid(text))
    # Eviction is a priority of the law: left out. max(10, 8) = 10; 10 + 6 k > 50 from k = 7 years, 84 months.
    assert found.best.points == 10
    assert (found.best.months, found.best.points_then) == (84, 52)
    # Alone, 6 k > 50 from k = 9 years, 108 months.
    assert found.ageing.months == 108


def test_a_cap_under_the_dalo_block_is_never_passed_and_a_flag_neither() -> None:
    capped = (
        '[[criteria]]\nid = "s"\nattr = "seniority_months"\nper_unit = { step = 12, points = 10, cap = 40 }\n'
    )
    assert outranked(grid(DALO + capped)).ageing.months is None
    flagged = DALO.replace("points = 50", 'effect = "absolute_priority"')
    found = outranked(grid(flagged + capped))
    assert found.dalo_first
    assert found.ageing.months is None
