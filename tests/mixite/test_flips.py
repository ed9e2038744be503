"""What no rule reads moves nothing that a command answers: all such columns at once, command by command.

The toy territory is written again with every value of these columns drawn anew, some 350 a time, and with
columns that no program may read. What does act is changed too, so that a test that nothing could move would
be seen. One change at a time: test_qualifying_flips.py, desk/test_order.py.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mixite import comparing, playing, qualifying, qualifying_tables
from mixite.desk.options import Options
from mixite.desk.source import asked
from mixite.desk.suggesting import suggest
from mixite.desk.told import as_json
from mixite.frontier import playing as frontier
from sim.comparison import compare, ladder_pairs
from sim.outcomes import events_sha256
from sim.process.replication import replicate, territory_of
from sim.scenario import Scenario, load_scenario

ROOT = Path(__file__).parents[2]
TOY = ROOT / "scenarios" / "territories" / "jouet"
VARIANTS = 2
MANY = {"qualify": 1_000, "suggest": 1_000, "run": 1_000, "compare": 100, "frontier": 100}
"""Variants of the slow test: a comparison and a trade-off play many runs each."""

Draw = Callable[[np.random.Generator], str]


def one_of(*values: str) -> Draw:
    return lambda draw: str(draw.choice(values))


def whole(low: int, high: int) -> Draw:
    return lambda draw: str(draw.integers(low, high))


FLAG, WORD = one_of("true", "false"), lambda draw: f"x{draw.integers(10**9)}"
UNREAD: Mapping[str, Draw] = dict.fromkeys(
    ("nationality", "origine", "sexe", "religion", "prenom", "pays_naissance", "diagnostic"), WORD
)
"""Columns that are dropped, their values unread: put into every table."""

PLACES: Mapping[str, Draw] = {
    "name": WORD,
    "quartier": WORD,
    "x": whole(0, 10**6),
    "y": whole(0, 10**6),
    "kind": one_of("collectif", "individuel"),
}
ATTRIBUTES: Mapping[str, Draw] = {
    **dict.fromkeys(("single_parent", "mobility", "owner", "social_assessment", "qpv_residence"), FLAG),
    **dict.fromkeys(("unborn", "custody_alternate", "custody_visit", "cotenants"), whole(0, 3)),
    "family_status": one_of("C", "D", "M", "P", "S", "V"),
    "work_status": one_of("CDI", "CDD", "CHO", "RET"),
}
"""Attributes of a demand that only a grid could read, and the toy's does not."""

PERSONS: Mapping[str, Draw] = {"age": whole(18, 99), "activity": one_of("employed", "unemployed", "retired")}

RUN = {
    "residences": PLACES,
    "dwellings": {"kind": one_of("collectif", "individuel"), "floor": whole(0, 9), "dpe": one_of(*"ABCDEFG")},
    "occupants": {},
    "demands": ATTRIBUTES,
}
"""What a run does not read. Ages and activity act there: households age, move and choose by them."""

SITTING = {**RUN, "occupants": PERSONS, "demands": {**ATTRIBUTES, **PERSONS}}
QUALIFICATION = {
    **SITTING,
    "dwellings": {"kind": one_of("collectif", "individuel"), "floor": whole(0, 9), "accessible": FLAG},
    "demands": {
        **SITTING["demands"],
        "needs_accessible": FLAG,
        "rooms_max": whole(3, 6),
        "rfr_eur": whole(0, 9000),
    },
}
ACTING = {
    "qualify": ("occupants", "monthly_income_eur", "1"),
    "suggest": ("demands", "filed_on", "2025-12-31"),
    "run": ("demands", "monthly_income_eur", "1"),
    "compare": ("demands", "monthly_income_eur", "1"),
    "frontier": ("demands", "monthly_income_eur", "1"),
}
"""A column that each command does read, and a value that every row is given."""

SCENARIO = """
name = "jouet"
[territory]
path = "territoire"
[time]
start = 2026-01-01
years = 1
burn_in_months = 0
[runs]
replications = 1
[grid]
file = "GRID"
[funnel]
stages = false
[supply]
delivered = 0.0
demolished = 0.0
sold = 0.0
[frontier]
points = 3
replications = 1
[[target]]
public = "first_quartile"
floor = 0.35
months = 36
in_qpv = false
published_in = { reference = "CIA 2025, article 4", on = 2025-06-01, perimeter = "EPCI" }
""".replace("GRID", str(ROOT / "scenarios" / "grids" / "synthetic-seniority-uncapped.toml"))


def qualified(place: Path) -> str:
    document = qualifying_tables.document(qualifying.qualification(place / "territoire"))
    return json.dumps({**document, "notices": None}, ensure_ascii=False)


def suggested(place: Path) -> str:
    options = Options(scenario=place / "scenario.toml", on=date(2026, 2, 2))
    answer = as_json(suggest(asked(place / "territoire", None, options)))
    return json.dumps({**answer, "notes": None, "dropped_columns": None}, ensure_ascii=False)


def scenario_of(place: Path) -> Scenario:
    return load_scenario(place / "scenario.toml")


def played(place: Path) -> str:
    scenario = scenario_of(place)
    ((_, outcomes),) = replicate(scenario, territory_of(scenario), ("cotation_peuplement",), 0)
    return events_sha256(outcomes)


def compared(place: Path) -> str:
    scenario, out = scenario_of(place), place / "comparaison"
    there, numbers, policies = playing.loaded(scenario), range(1), scenario.policies.compare
    comparing.play([scenario], there, numbers, 1, out)
    values = comparing.kept_values(scenario, there, out, policies, numbers)
    return str(compare(values, ladder_pairs(policies)).to_csv(index=False))


def traded_off(place: Path) -> str:
    found = frontier.play(scenario_of(place), place / "arbitrage", workers=1)
    return found.means.to_csv(index=False) + found.from_zero.to_csv(index=False)


COMMANDS: Mapping[str, tuple[Callable[[Path], str], Mapping[str, Mapping[str, Draw]]]] = {
    "qualify": (qualified, QUALIFICATION),
    "suggest": (suggested, SITTING),
    "run": (played, RUN),
    "compare": (compared, RUN),
    "frontier": (traded_off, RUN),
}


def written(place: Path, change: Callable[[str, list[dict[str, Any]]], None]) -> Path:
    """Write the toy and its scenario in a folder, every table changed; return the folder."""
    folder = shutil.copytree(TOY, place / "territoire")
    (place / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    for table in ("residences", "dwellings", "occupants", "demands"):
        file = folder / f"{table}.csv"
        with file.open(encoding="utf-8", newline="") as opened:
            rows: list[dict[str, Any]] = list(csv.DictReader(opened))
        change(table, rows)
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return place


def flipped(place: Path, columns: Mapping[str, Mapping[str, Draw]], draw: np.random.Generator) -> Path:
    """Write the toy with every value of some columns drawn anew."""

    def change(table: str, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row |= {name: drawn(draw) for name, drawn in {**columns[table], **UNREAD}.items()}
            if "age" in columns[table]:
                row["adults_ages"] = ""  # the age of the one who asks is then `age`

    return written(place, change)


@pytest.fixture(scope="module", params=COMMANDS)
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A command, and what it answers of the toy as it is."""
    answer, _ = COMMANDS[request.param]
    return request.param, answer(written(tmp_path_factory.mktemp("jouet"), lambda *_: None))


@pytest.mark.parametrize("many", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_what_no_rule_reads_moves_no_byte_of_an_answer(
    command: tuple[str, str], many: bool, tmp_path: Path
) -> None:
    name, expected = command
    answer, columns = COMMANDS[name]
    draw = np.random.default_rng(9)
    for variant in range(MANY[name] if many else VARIANTS):
        place = tmp_path / str(variant)
        assert answer(flipped(place, columns, draw)) == expected
        shutil.rmtree(place)


def test_what_a_rule_reads_does_move_it(command: tuple[str, str], tmp_path: Path) -> None:
    name, expected = command
    table, column, value = ACTING[name]

    def change(of: str, rows: list[dict[str, Any]]) -> None:
        for row in rows if of == table else ():
            row[column] = value

    assert COMMANDS[name][0](written(tmp_path / "autre", change)) != expected
