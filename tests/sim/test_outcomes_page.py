"""docs/outcomes.md holds the tables and columns that a run writes, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from sim.comparison import ADDED, COLUMNS, HOLM
from sim.indicators import (
    Row,
    between,
    exposure,
    incomes,
    residualisation,
    segregation,
    slope,
    transitions,
)
from sim.invariants import STAGES
from sim.outcomes import TABLES, Outcomes, load, save
from sim.process.replication import replicate, territory_of
from sim.residences import CHANCES, DIFFERENCES
from sim.rules.traits import NAMES
from sim.scenario import load_scenario

PAGE = (Path(__file__).parents[2] / "docs" / "outcomes.md").read_text(encoding="utf-8")
HOLDS = {
    "text": pd.api.types.is_string_dtype,
    "text or null": pd.api.types.is_string_dtype,
    "boolean": pd.api.types.is_bool_dtype,
    "number": pd.api.types.is_float_dtype,
    "integer": pd.api.types.is_integer_dtype,
    "seconds": pd.api.types.is_integer_dtype,
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """One year of the tutorial, as read back from its folder."""
    scenario = load_scenario(
        Path("scenarios/tutorial.toml"), changes={"time.years": 1, "time.burn_in_months": 6}
    )
    ((_, outcomes),) = replicate(scenario, territory_of(scenario), ("cotation_only",), 0)
    folder = tmp_path_factory.mktemp("run")
    save(outcomes, folder)
    return load(folder)


def section(title: str) -> str:
    """Return the text of a section of the page."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_the_traits_are_those_of_the_vocabulary() -> None:
    assert first_cells(section("Traits")) == list(NAMES)


@pytest.mark.parametrize("name", TABLES)
def test_the_columns_of_a_table_are_those_of_a_run(written: Outcomes, name: str) -> None:
    text = section(f"`{name}`")
    traits = list(NAMES) if "[traits](#traits)" in text else []
    assert first_cells(text) + traits == list(getattr(written, name).columns)


@pytest.mark.parametrize("name", TABLES)
def test_a_column_holds_what_the_page_says(written: Outcomes, name: str) -> None:
    table: pd.DataFrame = getattr(written, name)
    for column, kind in re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|", section(f"`{name}`"), re.MULTILINE):
        assert HOLDS[kind](table[column].dropna()), (name, column, kind, table[column].dtype)
        assert kind in ("seconds", "text or null", "number") or table[column].notna().all(), (name, column)
        assert column.endswith("_s") == (kind == "seconds")


def test_the_keys_of_the_context_are_those_of_a_run(written: Outcomes) -> None:
    assert sorted(first_cells(section("`context.json`"))) == sorted(written.context)


def test_the_invariants_are_those_checked() -> None:
    assert first_cells(section("Invariants")) == [rule.__name__ for stage in STAGES for rule in stage]


def test_the_columns_of_indicators_and_comparison_are_named() -> None:
    text = section("Indicators and comparison")
    named = (*Row._fields, *COLUMNS, *ADDED, *HOLM, *CHANCES, *DIFFERENCES)
    assert all(f"`{column}`" in text for column in named)


def test_the_indicators_of_residualisation_are_all_named_and_in_their_file() -> None:
    table = section("Indicators and comparison").partition("### Residualisation")[2].partition("### ")[0]
    families = (residualisation, segregation, exposure, between, slope, incomes, transitions)
    named: dict[str, set[str]] = {family.__name__.split(".")[-1]: set() for family in families}
    for names, file, meaning in re.findall(r"^\| (`.*?) \| .*?(\w+)\.py.*? \| (.*) \|$", table, re.MULTILINE):
        named[file] |= set(re.findall(r"`(\w+)`", f"{names} {meaning}"))
    for family in families:
        for indicator in family.INDICATORS:
            name = (
                indicator.name.removesuffix("_corrected")
                if family in (segregation, between)
                else indicator.name
            )
            assert name in named[family.__name__.split(".")[-1]], indicator.name
