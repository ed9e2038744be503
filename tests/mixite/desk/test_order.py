"""What may not act on a suggested order does not: no prediction of a household, no column outside the rules.

What a household would answer is drawn in a run and never looked at here: permuting all that feeds it leaves
the document as it is, byte for byte. So do a thousand changes of what no rule reads, columns that no program
may read, and the order of the rows of every table.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from mixite.desk.options import Options
from mixite.desk.request import Request
from mixite.desk.source import asked
from mixite.desk.suggesting import suggest
from mixite.desk.told import as_json
from mixite.desk.why import why
from mixite.desk.why_words import as_json as why_json
from sim.process import acceptance, affordability, feedback, funnel, today
from sim.process.acceptance import accepts_probability
from sim.process.today import Today
from sim.process.world import World
from sim.rules.traits import mask
from sim.scenario import load_scenario
from sim.territory.columns import ACTIVITIES, Demands, Dwellings, Occupants, Residences, Territory
from sim.territory.files.writing import write_territory
from sim.territory.synthetic.build import load_spec, synthesise

ROOT = Path(__file__).parents[3]
JOUET = ROOT / "scenarios" / "territories" / "jouet"
TUTORIAL = Options(scenario=ROOT / "scenarios" / "tutorial.toml", on=date(2024, 2, 12))
TABLES = ("residences", "dwellings", "occupants", "demands", "vacancies", "designations", "leases", "offers")


def answer(request: Request) -> bytes:
    """Return the document that `suggest --json` answers."""
    return json.dumps(as_json(suggest(request)), ensure_ascii=False).encode()


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tutorial's tables, with vacancies of every way of a pool, a list of names, leases and offers."""
    spec = ROOT / "scenarios" / "territories" / "tutoriel.toml"
    territory, folder = synthesise(load_spec(spec)), tmp_path_factory.mktemp("tutoriel")
    write_territory(replace(territory, as_of=date(2024, 2, 10)), folder)
    draw = np.random.default_rng(6)
    dwellings = draw.choice(territory.dwellings.dwelling_id, 16, replace=False).tolist()
    demands = draw.choice(territory.demands.demand_id, 90, replace=False).tolist()
    ways = (
        *(("aucun", "bailleur"), ("collectivite", "delegated")),
        *(("etat", "delegated"), ("collectivite", "named")),
    )
    write(
        folder / "vacancies.csv",
        [
            {"dwelling_id": name, "available_on": f"2024-02-{1 + at % 9:02}", "reservataire": way[0],
             "designation_mode": way[1]}
            for at, (name, way) in enumerate(zip(dwellings, ways * 4, strict=True))
        ],
    )  # fmt: skip
    write(
        folder / "designations.csv",
        [
            {"dwelling_id": dwellings[3 + 4 * (at % 4)], "demand_id": name, "reservataire": "collectivite",
             "designated_on": "2024-02-05"}
            for at, name in enumerate(demands[:60])
        ],
    )  # fmt: skip
    write(
        folder / "offers.csv",
        [
            {"dwelling_id": dwellings[at % 16], "demand_id": name, "rank": 1, "offered_on": "2024-02-02",
             "outcome": "refused" if at % 3 else ""}
            for at, name in enumerate(demands[60:90])
        ],
    )  # fmt: skip
    leased = draw.choice(territory.dwellings.dwelling_id, 40, replace=False).tolist()
    write(
        folder / "leases.csv",
        [
            {"dwelling_id": name, "demand_id": f"ancienne-{at}", "signed_on": f"2024-01-{2 + at % 27:02}",
             "filed_on": "2021-05-01", "reservataire": "aucun", "first_quartile": str(at % 5 == 0).lower()}
            for at, name in enumerate(leased)
        ],
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def request_of_tutorial(folder: Path) -> Request:
    return asked(folder, None, TUTORIAL)


def test_what_a_household_would_answer_is_never_computed(
    request_of_tutorial: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = answer(request_of_tutorial)

    def asked_of_a_household(*given: object, **named: object) -> None:
        raise AssertionError("a household's answer was predicted")

    for room, name in (
        (acceptance, "accepts_probability"),
        (acceptance, "answers"),
        (acceptance, "attributions"),
        (affordability, "affordability"),
        (acceptance, "affordability"),
        (feedback, "willingness"),
        (funnel, "stages"),
    ):
        monkeypatch.setattr(room, name, asked_of_a_household)
    assert answer(request_of_tutorial) == expected


def among_alike(found: Today, draw: np.random.Generator) -> np.ndarray:
    """Return a permutation of the demands among those of one size and quartile: their units are the same."""
    demands = found.world.territory.demands
    quartile = found.state.register.signature[: len(demands.adults)] & mask(["first_quartile", "q2_q4"])
    alike = np.stack([demands.adults, demands.children, demands.teens, quartile])
    kind = np.unique(alike, axis=1, return_inverse=True)[1].ravel()
    order = np.arange(len(kind))
    for one in range(kind.max() + 1):
        mine = np.flatnonzero(kind == one)
        order[mine] = draw.permutation(mine)
    return order


def permuted(request: Request, draw: np.random.Generator) -> Request:
    """Permute what feeds a household's answer and neither its points nor any rule.

    Its income, among households of its size and quartile, and which commune it wishes first.
    """
    territory = request.territory
    order = among_alike(suggest(request, confirmed=0).today, draw)
    first = np.array([draw.choice(np.flatnonzero(wished)) for wished in territory.demands.wishes])
    income = territory.demands.monthly_income_eur[order]
    demands = replace(territory.demands, monthly_income_eur=income, first_commune=first)
    return replace(request, territory=replace(territory, demands=demands))


def chances(found: Today) -> np.ndarray:
    """Return the probability that each demand of each pool would accept, were it offered the dwelling."""
    sitting = found.sitting
    dwelling = np.repeat(sitting.dwelling, np.diff(sitting.pool_start))
    return accepts_probability(found.world, found.state, sitting.demand[sitting.pool], dwelling)


@pytest.mark.parametrize("seed", range(3))
def test_permuting_what_feeds_acceptance_leaves_the_suggestion_byte_equal(
    request_of_tutorial: Request, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, draw = request_of_tutorial, np.random.default_rng(seed)
    other = permuted(request, draw)
    plain, changed = suggest(request, confirmed=0), suggest(other, confirmed=0)
    # The answers would not be the same, so that the test could fail.
    assert (chances(plain.today) != chances(changed.today)).mean() > 0.25
    assert answer(other) == answer(request)
    whole = today.world_of

    def elsewhere(*given: object, **named: object) -> World:
        world: World = whole(*given, **named)  # type: ignore[arg-type]
        return replace(world, residence_effect=draw.normal(0.0, 2.0, len(world.residence_effect)))

    monkeypatch.setattr(today, "world_of", elsewhere)
    assert answer(other) == answer(request)


def test_no_setting_of_a_household_s_answer_acts(request_of_tutorial: Request) -> None:
    # `accepts` is left: a rate for all, by which a row expects leases of the offers in flight.
    changes = {
        **{f"acceptance.{name}": 0.9 for name in ("dalo_accepts", "silent_share", "not_attributed")},
        **{f"acceptance.{name}": 0.05 for name in ("effort_threshold", "commission_effort")},
        **{f"acceptance.{name}": 3.0 for name in ("first_commune", "effort", "residence_sd")},
        "acceptance.commission_residual_eur": 60.0,
    }
    scenario = load_scenario(ROOT / "scenarios" / "tutorial.toml", changes=changes)
    assert answer(replace(request_of_tutorial, scenario=scenario)) == answer(request_of_tutorial)


READ = {
    *("request_kind", "violence_proven", "essential_worker", "housing_modes", "works_in_epci", "disability"),
    *("lives_in_epci", "m2_per_person", "persons_per_room", "dalo_status", "accord_collectif", "effort_rate"),
    *("motives", "pdalhpd", "residual_income", "unjustified_refusals_24m", "right_to_rehousing"),
}
"""Attributes that the two grids or a trait read: their points and rows are to change with them."""


def flipped(territory: Territory, draw: np.random.Generator) -> Territory:
    """Change every value of every column outside the vocabulary, at random."""
    demands, occupants = territory.demands, territory.occupants
    residences, dwellings = territory.residences, territory.dwellings

    def texts(count: int) -> np.ndarray:
        return np.array([f"x{number}" for number in draw.permutation(10 * count)[:count]])

    attributes = {
        name: values if name in READ else draw.permutation(values)
        for name, values in demands.attributes.items()
    }
    who, lives = len(demands.demand_id), len(occupants.dwelling)
    return replace(
        territory,
        demands=replace(
            demands,
            age=draw.integers(18, 99, who),
            activity=draw.integers(0, len(ACTIVITIES), who),
            household_id=texts(who),
            attributes=attributes,
        ),
        occupants=replace(
            occupants,
            age=draw.integers(18, 99, lives),
            activity=draw.integers(0, len(ACTIVITIES), lives),
            household_id=texts(lives),
        ),
        residences=replace(
            residences,
            name=texts(len(residences.name)),
            quartier=texts(len(residences.quartier)),
            x=draw.uniform(0, 1e6, len(residences.x)),
            y=draw.uniform(0, 1e6, len(residences.y)),
        ),
        dwellings=replace(dwellings, kind=draw.integers(0, 2, len(dwellings.kind))),
    )


@pytest.mark.parametrize("number", [20, pytest.param(1000, marks=pytest.mark.slow)])
def test_changes_outside_the_vocabulary_move_no_byte(number: int) -> None:
    options = Options(scenario=ROOT / "scenarios" / "jouet.toml", on=date(2026, 2, 2))
    request, draw = asked(JOUET, None, options), np.random.default_rng(2)
    expected = answer(request)
    for _ in range(number):
        assert answer(replace(request, territory=flipped(request.territory, draw))) == expected


@pytest.mark.parametrize("number", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_nor_do_they_over_a_longer_list(request_of_tutorial: Request, number: int) -> None:
    request, draw = request_of_tutorial, np.random.default_rng(3)
    expected = answer(request)
    for _ in range(number):
        assert answer(replace(request, territory=flipped(request.territory, draw))) == expected


def acting(territory: Territory) -> Iterator[tuple[str, Territory]]:
    """Give the territory with a column of the vocabulary changed: a flip that nothing moves says nothing."""
    demands = territory.demands
    ranks = np.arange(len(demands.demand_id))
    for name, value in (
        ("filed_on", demands.filed_on - ranks * np.timedelta64(40, "D")),
        ("children", np.zeros_like(demands.children)),
        ("monthly_income_eur", np.full(len(ranks), 1e5)),
        ("rooms_max", demands.rooms_min),
    ):
        yield name, replace(territory, demands=replace(demands, **{name: value}))


def test_what_is_in_the_vocabulary_does_act(request_of_tutorial: Request) -> None:
    expected = answer(request_of_tutorial)
    for name, territory in acting(request_of_tutorial.territory):
        assert answer(replace(request_of_tutorial, territory=territory)) != expected, name


BANNED = ("nationalite", "PaysNaissance", "religion", "sexe", "prenom", "diagnostic")


def test_columns_that_no_program_may_read_are_dropped_counted_and_show_nowhere(
    folder: Path, tmp_path: Path
) -> None:
    tainted = shutil.copytree(folder, tmp_path / "colonnes")
    draw = np.random.default_rng(4)
    for table in TABLES:
        rows = read(tainted / f"{table}.csv")
        for row in rows:
            row |= {name: f"CANARI-{draw.integers(10**9)}" for name in BANNED}
        write(tainted / f"{table}.csv", rows)
    plain, found = (asked(path, None, TUTORIAL) for path in (folder, tainted))
    assert plain.dropped_columns == ()
    assert sorted(found.dropped_columns) == sorted(BANNED * len(TABLES))
    document = as_json(suggest(found))
    assert "CANARI" not in json.dumps(document)
    assert "CANARI" not in json.dumps(why_json(why(found, str(found.territory.demands.demand_id[0]))))
    for table in fields(Territory):
        held = getattr(found.territory, table.name)
        if isinstance(held, Demands | Dwellings | Occupants | Residences):
            assert not [one.name for one in fields(held) if "CANARI" in str(getattr(held, one.name))]
    theirs = answer(plain)
    notes = {"notes": json.loads(theirs)["notes"], "dropped_columns": []}
    assert json.dumps({**document, **notes}, ensure_ascii=False).encode() == theirs


@pytest.mark.parametrize("number", [2, pytest.param(60, marks=pytest.mark.slow)])
def test_the_order_of_the_rows_of_every_table_moves_no_byte(
    folder: Path, tmp_path: Path, number: int
) -> None:
    expected, draw = answer(asked(folder, None, TUTORIAL)), np.random.default_rng(5)
    assert len(json.loads(expected)["dwellings"]) == 16
    shuffled = shutil.copytree(folder, tmp_path / "melange")
    for _ in range(number):
        for table in TABLES:
            rows = read(shuffled / f"{table}.csv")
            write(shuffled / f"{table}.csv", [rows[place] for place in draw.permutation(len(rows))])
        assert answer(asked(shuffled, None, TUTORIAL)) == expected


def test_a_day_later_or_a_demand_more_is_another_suggestion(request_of_tutorial: Request) -> None:
    # The documents compared above do say something: lists of names, rows, and who is not presented.
    document = json.loads(answer(request_of_tutorial))
    assert sum(len(one["candidates"]) for one in document["dwellings"]) > 15
    assert document["rows"]
    assert document["not_presented"]
    later = replace(request_of_tutorial, on=request_of_tutorial.on + timedelta(days=400))
    assert json.loads(answer(later))["dwellings"] != document["dwellings"]
