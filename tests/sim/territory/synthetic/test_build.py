"""Synthesised territories: published margins, whole residences, keyed draws, honest labels."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from sim.territory.columns import Territory
from sim.territory.synthetic.build import BANNER, load_spec, synthesise
from sim.territory.synthetic.spec import PERIODS

TERRITORIES = Path(__file__).parents[4] / "scenarios" / "territories"
TABLES = ("residences", "dwellings", "occupants", "demands")


@pytest.fixture(scope="module")
def mel():
    return load_spec(TERRITORIES / "mel.toml")


@pytest.fixture(scope="module")
def tutorial():
    return load_spec(TERRITORIES / "tutoriel.toml")


@pytest.fixture(scope="module")
def full(mel) -> Territory:
    return synthesise(mel)


@pytest.fixture(scope="module")
def tenth(mel) -> Territory:
    return synthesise(mel, scale=0.1)


@pytest.fixture(scope="module")
def small(tutorial) -> Territory:
    return synthesise(tutorial)


@pytest.fixture(params=["full", "tenth", "small"])
def territory(request) -> Territory:
    return request.getfixturevalue(request.param)


def _bytes(territory: Territory) -> bytes:
    parts = []
    for table in TABLES:
        columns = getattr(territory, table)
        for spec in fields(columns):
            value = getattr(columns, spec.name)
            arrays = value.values() if isinstance(value, dict) else [value]
            parts += [np.ascontiguousarray(array).tobytes() for array in arrays]
    return b"".join(parts)


def _persons(table) -> np.ndarray:
    return table.adults + table.children


@pytest.mark.parametrize("name", ["mel", "tutorial"])
def test_published_margins_are_met_within_one_dwelling(name, request):
    spec, whole = (request.getfixturevalue(n) for n in (name, "full" if name == "mel" else "small"))
    dwellings, residences = whole.dwellings, whole.residences
    rooms = np.minimum(dwellings.rooms, 5) - 1
    in_qpv = residences.in_qpv[dwellings.residence].astype(int)
    period = np.searchsorted([1949, 1960, 1970, 1977, 1990, 2000, 2010], residences.build_year, side="right")
    found = np.zeros((5, 2, 2, 8), dtype=int)
    np.add.at(found, (rooms, in_qpv, dwellings.kind, period[dwellings.residence]), 1)
    wanted = np.zeros_like(found)
    for cell in spec.stock.cells:
        kind = ("collectif", "individuel").index(cell.kind)
        wanted[cell.rooms - 1, int(cell.in_qpv), kind, PERIODS.index(cell.built)] += cell.dwellings
    assert (found == wanted).all()
    commune = residences.commune[dwellings.residence]
    number = len(spec.stock.communes)
    by_rooms = np.zeros((number, 5), dtype=int)
    np.add.at(by_rooms, (commune, rooms), 1)
    assert np.abs(by_rooms - spec.commune_margin("rooms")).max() <= 1
    assert np.abs(np.bincount(commune, in_qpv, number) - spec.commune_margin("in_qpv")).max() <= 1
    assert np.abs(np.bincount(commune, dwellings.kind, number) - spec.commune_margin("houses")).max() <= 1


def test_stock_of_the_mel_at_full_size(full):
    dwellings = full.dwellings
    assert len(dwellings.rooms) == 131_203
    assert full.residences.in_qpv[dwellings.residence].mean() == pytest.approx(0.399, abs=0.0005)
    assert dwellings.rent_eur.sum() / dwellings.surface_m2.sum() == pytest.approx(5.65, abs=0.01)
    assert dwellings.surface_m2.mean() == pytest.approx(62.1, abs=0.1)


def test_occupants_of_the_mel_have_the_published_margins(full):
    # Singles 37 %, mean size 2.35, single parents 23 %, median age 53 (in completed years: 52 or 53).
    occupants = full.occupants
    persons = _persons(occupants)
    assert (persons == 1).mean() == pytest.approx(0.37, abs=0.001)
    assert persons.mean() == pytest.approx(2.35, abs=0.01)
    assert ((occupants.adults == 1) & (occupants.children > 0)).mean() == pytest.approx(0.23, abs=0.001)
    assert abs(float(np.median(occupants.age)) - 53) <= 1
    assert len(persons) == pytest.approx(131_203 * 0.985, abs=1)


def test_pending_demands_of_the_mel(full):
    demands = full.demands
    assert 60_000 <= len(demands.age) <= 66_000
    assert (demands.mutation_of >= 0).mean() == pytest.approx(0.39, abs=0.001)
    assert (_persons(demands) == 1).mean() == pytest.approx(0.43, abs=0.001)
    days = (np.datetime64(full.as_of) - demands.filed_on).astype(int)
    assert (days > 365).mean() == pytest.approx(0.47, abs=0.05)
    recognised = (demands.attributes["pdalhpd"] == 1) | ~np.isnat(demands.dalo_recognised_on)
    assert recognised.mean() == pytest.approx(0.061, abs=0.001)
    assert (~np.isnat(demands.dalo_recognised_on)).sum() == pytest.approx(0.08 * recognised.sum(), abs=1)


def test_first_quartile_of_the_mel_is_of_the_order_of_the_region(full):
    # Median EPCI of Hauts-de-France 2023: 8,281 EUR a year and consumption unit; plausible 6,000-9,500.
    demands = full.demands
    units = 1 + 0.5 * (demands.adults - 1 + demands.teens) + 0.3 * (demands.children - demands.teens)
    yearly = 12 * demands.monthly_income_eur / units
    assert np.percentile(yearly[yearly > 0], 25) == pytest.approx(8281, rel=0.05)


def test_poorer_households_live_more_often_in_qpv(full):
    occupants = full.occupants
    units = 1 + 0.5 * (occupants.adults - 1 + occupants.teens) + 0.3 * (occupants.children - occupants.teens)
    income = occupants.monthly_income_eur / units
    in_qpv = full.residences.in_qpv[full.dwellings.residence[occupants.dwelling]]
    assert np.median(income[in_qpv]) < np.median(income[~in_qpv])


def test_identifiers_are_unique(territory):
    for ids in (
        territory.residences.residence_id,
        territory.dwellings.dwelling_id,
        territory.occupants.household_id,
        territory.occupants.dwelling,
        territory.demands.demand_id,
        territory.demands.household_id,
    ):
        assert len(np.unique(ids)) == len(ids)
    assert set(map(len, territory.demands.demand_id.tolist())) == {18}


def test_every_residence_has_dwellings_of_one_kind(territory):
    dwellings = territory.dwellings
    number = len(territory.residences.residence_id)
    sizes = np.bincount(dwellings.residence, minlength=number)
    houses = np.bincount(dwellings.residence, dwellings.kind, number)
    assert sizes.min() >= 1
    assert np.isin(houses / sizes, (0.0, 1.0)).all()


def test_every_occupant_fits_its_dwelling(territory):
    # L.822-10: 9 m² for one person, 16 for two, 9 more each, 70 at most; and the zeros of
    # placement.rooms_by_size: at most two persons more than rooms (6 in a T4), four rooms more than persons.
    occupants, dwellings = territory.occupants, territory.dwellings
    persons = _persons(occupants)
    least = np.minimum(np.where(persons == 1, 9, 16 + 9 * (persons - 2)), 70)
    assert (dwellings.surface_m2[occupants.dwelling] >= least).all()
    rooms = dwellings.rooms[occupants.dwelling]
    assert (np.minimum(persons, 6) <= rooms + 2).all()
    assert (rooms <= persons + 4).all()


def test_leases_are_not_older_than_the_dwelling_or_the_tenant(territory):
    occupants = territory.occupants
    built = territory.residences.build_year[territory.dwellings.residence[occupants.dwelling]]
    signed = occupants.lease_on.astype("datetime64[Y]").astype(int) + 1970
    assert (signed >= built).all()
    assert (occupants.lease_on <= np.datetime64(territory.as_of)).all()
    assert (occupants.age - (territory.as_of.year - signed) >= 16).all()


def test_a_mutation_is_filed_by_the_household_that_lives_there(territory):
    demands, occupants = territory.demands, territory.occupants
    rows = np.flatnonzero(demands.mutation_of >= 0)
    place = np.searchsorted(occupants.dwelling, demands.mutation_of[rows])
    assert (occupants.dwelling[place] == demands.mutation_of[rows]).all()
    assert (occupants.household_id[place] == demands.household_id[rows]).all()
    assert (_persons(occupants)[place] == _persons(demands)[rows]).all()
    assert (demands.filed_on[rows] >= occupants.lease_on[place]).all()
    assert not np.isin(demands.household_id[demands.mutation_of < 0], occupants.household_id).any()


def test_what_a_demand_says_hangs_together(territory):
    demands, attributes = territory.demands, territory.demands.attributes
    rows = np.arange(len(demands.age))
    assert demands.wishes[rows, demands.first_commune].all()
    assert (demands.rooms_min <= demands.rooms_max).all()
    assert (demands.teens <= demands.children).all()
    recognised = ~np.isnat(demands.dalo_recognised_on)
    assert (demands.dalo_recognised_on[recognised] >= demands.filed_on[recognised]).all()
    assert (demands.labels[recognised] & 1 == 1).all()
    assert (attributes["disability"][demands.needs_accessible] == 1).all()
    mutation = demands.mutation_of >= 0
    assert (attributes["housing_modes"][mutation] == 1).all()  # bit 0: HLM
    too_small = mutation & ((attributes["motives"] >> 12) & 1 == 1)
    space = attributes["m2_per_person"]
    assert np.median(space[too_small]) < np.median(space[mutation & ~too_small])
    known = np.isfinite(attributes["effort_rate"])
    assert (demands.monthly_income_eur[known] > 0).all()


def test_same_seed_same_bytes_other_seed_other_bytes(tutorial, small):
    assert _bytes(synthesise(tutorial)) == _bytes(small)
    assert _bytes(synthesise(tutorial, seed=tutorial.seed + 1)) != _bytes(small)


def test_a_smaller_scale_keeps_whole_residences_and_every_bailleur(full, tenth):
    rows = np.searchsorted(full.residences.residence_id, tenth.residences.residence_id)
    before = np.bincount(full.dwellings.residence)
    assert (before[rows] == np.bincount(tenth.dwellings.residence)).all()
    assert (full.residences.residence_id[rows] == tenth.residences.residence_id).all()
    assert np.isin(tenth.dwellings.dwelling_id, full.dwellings.dwelling_id).all()
    assert len(tenth.dwellings.rooms) == pytest.approx(13_120, abs=10)
    assert tenth.residences.in_qpv[tenth.dwellings.residence].mean() == pytest.approx(0.399, abs=0.002)
    assert len(tenth.demands.age) == 6400
    assert len(np.unique(tenth.residences.bailleur)) == len(tenth.bailleurs)


@pytest.mark.parametrize("scale", [0.05, 0.3, 0.7])
def test_every_bailleur_of_the_tutorial_is_kept_at_any_scale(tutorial, scale):
    kept = synthesise(tutorial, scale=scale)
    assert set(kept.residences.bailleur.tolist()) == {0, 1, 2}


@pytest.mark.parametrize("scale", [0.0, -1.0, 1.5, float("nan")])
def test_a_scale_out_of_range_is_refused(tutorial, scale):
    with pytest.raises(ValueError, match="échelle"):
        synthesise(tutorial, scale=scale)


def test_labels_and_banner_say_the_data_are_synthetic(territory):
    assert territory.synthetic
    assert territory.notes[0].startswith("Territoire de synthèse, marges ")
    assert BANNER in territory.notes
    names = territory.residences.name.tolist()
    ids = territory.residences.residence_id.tolist()
    assert names == [f"Résidence de synthèse {text}" for text in ids]
    assert all(len(name) == 1 for name in territory.bailleurs)


def test_arrays_are_read_only(small):
    with pytest.raises(ValueError, match="read-only"):
        small.dwellings.rooms[0] = 9


def test_published_territory_says_published_margins(full, small):
    assert full.notes[0].startswith("Territoire de synthèse, marges publiées : SDES, RPLS")
    assert small.notes[0].startswith("Territoire de synthèse, marges fictives")
