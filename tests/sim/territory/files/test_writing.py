"""What is written reads back to the same Territory, every column."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.territory.columns import Demands, Dwellings, Occupants, Residences, Territory
from sim.territory.files.cells import protected, unprotected
from sim.territory.files.faults import FaultsFound
from sim.territory.files.reading import read_territory
from sim.territory.files.writing import write_territory

TOY = Path(__file__).parents[4] / "scenarios" / "territories" / "jouet"


def assert_same(a: Territory, b: Territory, but: tuple[str, ...] = ()) -> None:
    for spec in fields(Territory):
        left, right = getattr(a, spec.name), getattr(b, spec.name)
        if spec.name in ("residences", "dwellings", "occupants", "demands"):
            for column in fields(left):
                assert_same_column(column.name, getattr(left, column.name), getattr(right, column.name))
        elif spec.name not in but:
            assert left == right, spec.name


def assert_same_column(name, left, right) -> None:
    if isinstance(left, Mapping):
        assert set(left) == set(right)
        for key in left:
            assert left[key].dtype == right[key].dtype, key
            assert_same_column(key, left[key], right[key])
    else:
        assert left.dtype.kind == right.dtype.kind, name
        np.testing.assert_array_equal(left, right, err_msg=name)
        assert not right.flags.writeable, name


def made_up(dwellings: int, demands: int, seed: int = 0) -> Territory:
    """A territory with every column and every kind of attribute filled, missing values included."""
    chance = np.random.default_rng(seed)
    residences = max(dwellings // 50, 3)
    occupied = np.flatnonzero(chance.random(dwellings) < 0.97)
    communes = tuple(f"59{number:03d}" for number in range(90))
    wishes = chance.random((demands, len(communes))) < 0.05
    first = chance.integers(0, len(communes), demands)
    wishes[np.arange(demands), first] = True

    def incomes(n: int) -> np.ndarray:
        return np.where(chance.random(n) < 0.1, np.nan, chance.gamma(3.0, 600.0, n))

    def days(n: int) -> np.ndarray:
        return np.datetime64("2026-01-01") - chance.integers(0, 5000, n)

    children = chance.integers(0, 4, demands)
    housed = chance.integers(0, 4, occupied.size)
    return Territory(
        name="Territoire de synthèse",
        epci="synth",
        departements=("59",),
        as_of=date(2026, 1, 1),
        synthetic=True,
        communes=communes,
        commune_names=tuple(f"Commune « {code} »" for code in communes),
        bailleurs=("B", "A", "C"),
        residences=Residences(
            residence_id=np.array([f"R{row:04d}" for row in range(residences)]),
            name=np.array(["=SUM(A1)", "-12", *(f'Résidence {row}, "bis"' for row in range(2, residences))]),
            bailleur=np.arange(residences) % 3,
            commune=chance.integers(0, len(communes), residences),
            quartier=np.array(["", "@nord", *["sud"] * (residences - 2)]),
            zone=np.array(["A", "B1", *["C"] * (residences - 2)]),
            in_qpv=chance.random(residences) < 0.3,
            is_rpms=chance.random(residences) < 0.1,
            build_year=np.where(chance.random(residences) < 0.2, 0, 1970),
            peuplement_type=chance.integers(-1, 4, residences),
            peuplement_target=chance.integers(-1, 4, residences),
            x=np.where(chance.random(residences) < 0.5, np.nan, chance.uniform(6e5, 8e5, residences)),
            y=np.where(chance.random(residences) < 0.5, np.nan, chance.uniform(7e6, 7.1e6, residences)),
        ),
        dwellings=Dwellings(
            dwelling_id=np.array([f"L{row:06d}" for row in range(dwellings)]),
            residence=chance.integers(0, residences, dwellings),
            rooms=chance.integers(1, 7, dwellings),
            surface_m2=chance.uniform(15, 120, dwellings),
            financing=chance.integers(0, 3, dwellings),
            rent_eur=chance.uniform(150, 900, dwellings),
            charges_eur=chance.uniform(10, 200, dwellings),
            heating_eur=np.where(chance.random(dwellings) < 0.5, np.nan, chance.uniform(0, 90, dwellings)),
            accessible=chance.random(dwellings) < 0.1,
            kind=chance.integers(0, 2, dwellings),
            reservataire=chance.integers(-1, 5, dwellings),
            dpe=chance.integers(-1, 7, dwellings),
        ),
        occupants=Occupants(
            dwelling=chance.permutation(occupied),
            household_id=np.array([f"M{row:06d}" for row in range(occupied.size)]),
            lease_on=days(occupied.size),
            adults=chance.integers(1, 4, occupied.size),
            children=housed,
            teens=housed // 2,
            age=chance.integers(18, 95, occupied.size),
            activity=chance.integers(0, 5, occupied.size),
            monthly_income_eur=incomes(occupied.size),
            rfr_eur=incomes(occupied.size) * 10,
        ),
        demands=Demands(
            demand_id=np.array([f"0590126{row:011d}" for row in range(demands)]),
            household_id=np.array([f"H{row}" for row in range(demands)]),
            filed_on=days(demands),
            adults=chance.integers(1, 4, demands),
            children=children,
            teens=children // 2,
            age=np.where(chance.random(demands) < 0.05, -1, 40),
            activity=chance.integers(0, 5, demands),
            monthly_income_eur=incomes(demands),
            rfr_eur=incomes(demands) * 10,
            wishes=wishes,
            first_commune=first,
            rooms_min=chance.integers(1, 4, demands),
            rooms_max=chance.integers(4, 7, demands),
            max_rent_eur=incomes(demands),
            needs_accessible=chance.random(demands) < 0.1,
            mutation_of=np.where(chance.random(demands) < 0.4, chance.integers(0, dwellings, demands), -1),
            labels=chance.integers(0, 32, demands),
            l441_1=chance.random(demands) < 0.1,
            dalo_recognised_on=np.where(
                chance.random(demands) < 0.9, np.datetime64("NaT", "D"), days(demands)
            ),
            dalo_deadline=np.where(chance.random(demands) < 0.9, np.datetime64("NaT", "D"), days(demands)),
            dalo_bailleur=chance.integers(-1, 3, demands),
            attributes={
                "disability": chance.integers(-1, 2, demands).astype(np.int8),
                "work_status": chance.integers(-1, 8, demands).astype(np.int8),
                "motives": chance.integers(-1, 1 << 23, demands),
                "housing_modes": np.where(
                    chance.random(demands) < 0.2, 0, chance.integers(-1, 1 << 17, demands)
                ),
                "effort_rate": np.where(chance.random(demands) < 0.2, np.nan, chance.random(demands)),
                "residual_income": chance.normal(500, 400, demands),
                "unjustified_refusals_24m": np.where(chance.random(demands) < 0.5, np.nan, 1.0),
                "housed_since": np.where(chance.random(demands) < 0.5, np.nan, 12_000.0),
            },
        ),
        orientation={"A": {"etat": 1 / 3, "aucun": 2 / 3}},
        notes=("Données de synthèse : « test »\n2",),
    )


def test_a_territory_reads_back_every_column(tmp_path):
    territory = made_up(dwellings=300, demands=200)
    write_territory(territory, tmp_path / "out")
    read = read_territory(tmp_path / "out")
    assert_same(territory, read, but=("notes",))
    assert read.notes[0] == territory.notes[0]


def test_a_territory_that_was_read_writes_the_same_files_again(tmp_path):
    write_territory(read_territory(TOY), tmp_path / "one")
    once = read_territory(tmp_path / "one")
    write_territory(once, tmp_path / "two")
    assert_same(once, read_territory(tmp_path / "two"))
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_territory_without_occupants_or_demands_reads_back(tmp_path):
    territory = made_up(dwellings=20, demands=0)
    nobody = Occupants(*(getattr(territory.occupants, spec.name)[:0] for spec in fields(Occupants)))
    write_territory(replace(territory, occupants=nobody), tmp_path)
    read = read_territory(tmp_path)
    assert read.occupants.dwelling.size == 0
    assert read.demands.wishes.shape == (0, 90)


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)


@given(
    names=st.lists(NAMES.map(str.strip).filter(bool), min_size=3, max_size=3),
    formula=st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'", "'='"]),
)
@settings(max_examples=20, deadline=None)
def test_any_name_reads_back_whatever_it_holds(names, formula):
    territory = read_territory(TOY)
    kept = np.array([names[0], formula + names[1], "''=" + names[2]])
    with TemporaryDirectory() as folder:
        residences = replace(territory.residences, name=kept)
        write_territory(replace(territory, residences=residences, name=names[0]), Path(folder))
        read = read_territory(Path(folder))
        assert read.residences.name.tolist() == kept.tolist()
        assert read.name == names[0]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_name_no_spreadsheet_takes_for_a_formula(tmp_path, sign):
    territory = read_territory(TOY)
    name = np.array([f"{sign}1+1", "b", "c"])
    residences = replace(territory.residences, name=name)
    write_territory(replace(territory, residences=residences), tmp_path)
    with (tmp_path / "residences.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][1] == f"'{sign}1+1"


def test_only_free_text_is_protected(tmp_path):
    territory = made_up(dwellings=10, demands=4)
    residual = territory.demands.attributes["residual_income"]
    residual[:] = -12.5
    write_territory(territory, tmp_path)
    with (tmp_path / "demands.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["residual_income"] == "-12.5"


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "'a", "a=1", "", "-", "\t", "'-12"])
def test_protection_is_undone_exactly(text):
    assert unprotected(protected(text)) == text


def test_nothing_is_written_where_a_parquet_table_stands(tmp_path):
    (tmp_path / "dwellings.parquet").write_bytes(b"")
    with pytest.raises(FaultsFound, match="choisir un dossier vide"):
        write_territory(read_territory(TOY), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["dwellings.parquet"]


def test_a_failed_writing_leaves_the_former_files(tmp_path):
    write_territory(read_territory(TOY), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    broken = replace(read_territory(TOY), name="autre", commune_names=("une seule",))
    with pytest.raises(ValueError, match="zip"):
        write_territory(broken, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.slow
def test_a_metropolis_is_written_and_read_in_seconds(tmp_path):
    territory = made_up(dwellings=131_203, demands=60_000)
    started = perf_counter()
    write_territory(territory, tmp_path)
    written = perf_counter()
    read = read_territory(tmp_path)
    done = perf_counter()
    assert_same(territory, read, but=("notes",))
    assert written - started <= 15, "écriture"
    assert done - written <= 20, "lecture"
