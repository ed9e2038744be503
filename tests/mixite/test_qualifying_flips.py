"""What may not act on a qualification does not: a thousand changes of it move no byte of the document.

What acts is in tests/sim/rules/peuplement/test_vocabulary.py. The persons of a household whose incomes are
known act by law, through consumption units, the category of its ceiling and the scale of its aid; here the
persons of those whose incomes are not known are changed too.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mixite import qualifying, qualifying_tables
from mixite.observing import Told
from mixite.qualifying import Qualification, Settings
from sim.outcomes import events_sha256
from sim.process.replication import replicate, territory_of
from sim.scenario import Scenario, load_scenario
from sim.territory.columns import Demands, Dwellings, Occupants, Residences, Territory
from sim.territory.synthetic.build import load_spec, synthesise

ROOT = Path(__file__).parents[2]
TOY = ROOT / "scenarios" / "territories" / "jouet"
FLIPS = 1_000

Flip = tuple[str, str, Callable[[np.random.Generator, np.ndarray], object]]


def whole(low: int, high: int) -> Callable[[np.random.Generator, np.ndarray], object]:
    return lambda draw, _: draw.integers(low, high)


def text(draw: np.random.Generator, _: np.ndarray) -> object:
    return f"x{draw.integers(10**6)}"


def other(_: np.random.Generator, value: object) -> object:
    return not value


def amount(draw: np.random.Generator, _: np.ndarray) -> object:
    return float(np.round(draw.uniform(0, 3000)))


OUTSIDE: tuple[Flip, ...] = (
    ("occupants", "age", whole(18, 99)),
    ("occupants", "activity", whole(0, 5)),
    ("occupants", "household_id", text),
    ("residences", "name", text),
    ("residences", "quartier", text),
    ("residences", "is_rpms", other),
    ("residences", "x", amount),
    ("residences", "y", amount),
    ("dwellings", "dwelling_id", text),
    ("dwellings", "accessible", other),
    ("dwellings", "kind", whole(0, 2)),
    ("dwellings", "reservataire", whole(-1, 5)),
    ("dwellings", "charges_eur", amount),
    ("demands", "age", whole(18, 99)),
    ("demands", "activity", whole(0, 5)),
    ("demands", "household_id", text),
    ("demands", "demand_id", text),
    ("demands", "rfr_eur", amount),
    ("demands", "rooms_min", whole(1, 5)),
    ("demands", "needs_accessible", other),
    ("demands", "mutation_of", whole(-1, 5)),
    ("demands", "labels", whole(0, 32)),
    ("demands", "max_rent_eur", amount),
)
"""Table, column and how a value of it is changed."""

PERSONS = (("adults", whole(1, 6)), ("children", whole(0, 8)))
"""Changed where no income is known: nothing then rests on them."""

TABLES = {"occupants": Occupants, "residences": Residences, "dwellings": Dwellings, "demands": Demands}


def changed(territory: Territory, table: str, column: str, row: int, value: object) -> Territory:
    columns = getattr(territory, table)
    values = getattr(columns, column)
    values = values.astype(object) if values.dtype.kind == "U" else values.copy()
    values[row] = value
    if values.dtype == object:
        values = values.astype(np.str_)
    return replace(territory, **{table: replace(columns, **{column: values})})


def other_attribute(territory: Territory, draw: np.random.Generator) -> tuple[str, Territory]:
    """Change an attribute of a demand that only a grid reads: family status, disability, motives."""
    demands = territory.demands
    name = str(draw.choice(sorted(demands.attributes)))
    values = demands.attributes[name].copy()
    values[draw.integers(len(values))] = 1
    attributes = {**demands.attributes, name: values}
    return name, replace(territory, demands=replace(demands, attributes=attributes))


def flips(territory: Territory, draw: np.random.Generator, number: int) -> Iterator[tuple[str, Territory]]:
    """Give so many territories, each the same but for one value outside the vocabulary."""
    unknown = np.flatnonzero(
        np.isnan(territory.occupants.monthly_income_eur) & np.isnan(territory.occupants.rfr_eur)
    )
    for _ in range(number):
        choice = int(draw.integers(len(OUTSIDE) + len(PERSONS) + 1))
        if choice == len(OUTSIDE) + len(PERSONS) and territory.demands.attributes:
            yield other_attribute(territory, draw)
        elif choice >= len(OUTSIDE) and len(unknown):
            column, drawn = PERSONS[choice % len(PERSONS)]
            row = int(draw.choice(unknown))
            yield column, changed(territory, "occupants", column, row, drawn(draw, row))
        else:
            table, column, drawn = OUTSIDE[choice % len(OUTSIDE)]
            values = getattr(getattr(territory, table), column)
            row = int(draw.integers(len(values)))
            yield column, changed(territory, table, column, row, drawn(draw, values[row]))


@pytest.fixture(scope="module")
def territory() -> Territory:
    """The tutorial's, a few of its incomes forgotten."""
    made = synthesise(load_spec(ROOT / "scenarios" / "territories" / "tutoriel.toml"), scale=1.0, seed=0)
    draw = np.random.default_rng(1)
    forgotten = draw.random(len(made.occupants.dwelling)) < 0.1
    income, rfr = (
        np.where(forgotten, np.nan, column)
        for column in (made.occupants.monthly_income_eur, made.occupants.rfr_eur)
    )
    return replace(made, occupants=replace(made.occupants, monthly_income_eur=income, rfr_eur=rfr))


def qualified(territory: Territory) -> Qualification:
    settings = Settings(qualifying.choice_of(None), "", *qualifying.threshold_of(territory, None))
    return qualifying.qualified_of(territory, settings, Told())


def test_a_thousand_changes_outside_the_vocabulary_move_no_byte(territory: Territory) -> None:
    base = qualifying_tables.json_text(qualified(territory))
    seen = set()
    for column, flipped in flips(territory, np.random.default_rng(2), FLIPS):
        assert qualifying_tables.json_text(qualified(flipped)) == base, column
        seen.add(column)
    assert {column for _, column, _ in OUTSIDE} | {"adults", "children"} <= seen


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("occupants", "monthly_income_eur", 1.0),
        ("occupants", "rfr_eur", 1.0),
        ("occupants", "lease_on", np.datetime64("2023-12-31")),
        (
            "occupants",
            "adults",
            9,
        ),  # the law counts incomes by persons
        ("residences", "in_qpv", True),
        ("residences", "build_year", 1900),
        ("dwellings", "rent_eur", 1.0),
        ("dwellings", "rooms", 6),
        ("dwellings", "dpe", 6),
    ],
)
def test_what_is_in_the_vocabulary_does_act(
    territory: Territory, table: str, column: str, value: object
) -> None:
    """A test of flips that nothing could move would say nothing."""
    base = qualifying_tables.json_text(qualified(territory))
    count = min(60, len(getattr(getattr(territory, table), column)))
    moved = (changed(territory, table, column, row, value) for row in range(count))
    assert any(qualifying_tables.json_text(qualified(each)) != base for each in moved)


def test_forbidden_columns_are_dropped_and_counted_and_move_nothing(tmp_path: Path) -> None:
    folder = shutil.copytree(TOY, tmp_path / "colonnes")
    draw = np.random.default_rng(3)
    for table in ("occupants", "demands", "residences"):
        file = folder / f"{table}.csv"
        with file.open(encoding="utf-8") as opened:
            rows = list(csv.DictReader(opened))
        for row in rows:
            row |= {name: str(draw.choice(["x", "y", "z"])) for name in ("nationality", "origine", "sexe")}
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    base, found = (qualifying_tables.document(qualifying.qualification(path)) for path in (TOY, folder))
    notices = [note for note in found.pop("notices") if note not in base["notices"]]
    del base["notices"]
    assert found == base
    assert len(notices) == 3  # one a table: how many columns were dropped unread


QUIET = (("residences", "name", text), ("residences", "quartier", text), ("residences", "x", amount),
         ("residences", "y", amount), ("dwellings", "dpe", whole(-1, 7)))  # fmt: skip
"""What a run reads nowhere. Age and activity do act there: households age, move and choose by them."""


def played(scenario: Scenario, territory: Territory) -> tuple[str, list[str]]:
    ((_, outcomes),) = replicate(scenario, territory, ("cotation_peuplement",), 0)
    return events_sha256(outcomes), outcomes.occupation["peuplement_type"].tolist()


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(
        ROOT / "scenarios" / "tutorial.toml", changes={"time.years": 1, "time.burn_in_months": 0}
    )


def test_what_a_run_may_not_read_moves_no_event(scenario: Scenario) -> None:
    territory, draw = territory_of(scenario), np.random.default_rng(4)
    base, flipped = played(scenario, territory), territory
    for table, column, drawn in QUIET:
        values = getattr(getattr(territory, table), column)
        for row in range(0, len(values), 3):
            flipped = changed(flipped, table, column, row, drawn(draw, values[row]))
    assert played(scenario, flipped) == base


def test_age_and_activity_move_no_type_as_a_run_begins(scenario: Scenario) -> None:
    territory, draw = territory_of(scenario), np.random.default_rng(5)
    count = len(territory.occupants.age)
    other_people = replace(
        territory.occupants, age=draw.integers(18, 99, count), activity=draw.integers(0, 5, count)
    )
    first = len(territory.residences.residence_id)
    base, found = (
        played(scenario, each)[1][:first] for each in (territory, replace(territory, occupants=other_people))
    )
    assert found == base
