"""The seven EPCI: margins read by hand from the CSV, indicators published apart, a short play of each."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from sim import invariants
from sim.process.replication import replicate, territory_of
from sim.scenario import load_scenario
from sim.territory.columns import Territory
from sim.territory.synthetic.build import BANNER, load_spec, synthesise

HOUSE = Path(__file__).parents[2]
TERRITORIES = HOUSE / "scenarios" / "territories"


class Published(NamedTuple):
    """Indicators of an EPCI, RPLS at 1 January 2019."""

    dwellings: int
    in_qpv: float  # %, as the next two
    houses: float
    rent_eur_m2: float
    rooms: tuple[float, ...]  # %: T1, T2, T3, T4, T5 and more
    departement: str


PUBLISHED = {
    "mel": Published(131203, 39.9, 20.0, 5.65, (6.6, 25.1, 35.3, 24.4, 8.6), "59"),
    "valenciennes": Published(22632, 39.69, 50.5, 5.75, (4.3, 20.3, 34.5, 30.7, 10.1), "59"),
    "porte_du_hainaut": Published(16556, 46.97, 70.0, 5.59, (1.9, 18.4, 31.4, 38.5, 9.8), "59"),
    "cabbalr": Published(31975, 34.73, 73.1, 5.63, (1.3, 14.8, 39.4, 32.9, 11.5), "62"),
    "lens_lievin": Published(48154, 40.28, 70.6, 5.65, (1.2, 13.5, 34.6, 38.2, 12.5), "62"),
    "arras": Published(12041, 47.65, 17.9, 5.33, (3.9, 20.9, 42.6, 25.0, 7.8), "62"),
    "baie_de_somme": Published(4324, 59.9, 26.9, 4.7, (5.7, 16.1, 38.5, 32.5, 7.2), "80"),
}
"""Tabulated apart from the margins (rrrpls@99fddb3, indicateurs_rpls_2019.rda), none for validation."""


@pytest.fixture(scope="module", params=PUBLISHED)
def epci(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def whole(epci: str) -> Territory:
    return synthesise(load_spec(TERRITORIES / f"{epci}.toml"))


def rows(epci: str, table: str) -> list[dict[str, str]]:
    """Read a CSV of margins without the reader of the house."""
    lines = (TERRITORIES / epci / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def in_qpv(territory: Territory) -> np.ndarray:
    return territory.residences.in_qpv[territory.dwellings.residence]


def test_the_margins_agree_with_the_indicators_published_apart(epci: str) -> None:
    published, cells = PUBLISHED[epci], rows(epci, "stock")
    total = sum(int(cell["dwellings"]) for cell in cells)
    assert total == published.dwellings

    def percent(column: str, value: str) -> float:
        return 100 * sum(int(cell["dwellings"]) for cell in cells if cell[column] == value) / total

    assert percent("in_qpv", "true") == pytest.approx(published.in_qpv, abs=0.051)
    assert percent("kind", "individuel") == pytest.approx(published.houses, abs=0.051)
    for number, share in enumerate(published.rooms, start=1):
        assert percent("rooms", str(number)) == pytest.approx(share, abs=0.051), f"T{number}"


def test_rooms_by_qpv_are_those_of_the_margins(epci: str, whole: Territory) -> None:
    wanted: Counter[tuple[int, bool]] = Counter()
    for cell in rows(epci, "stock"):
        wanted[int(cell["rooms"]), cell["in_qpv"] == "true"] += int(cell["dwellings"])
    rooms = np.minimum(whole.dwellings.rooms, 5).tolist()
    assert Counter(zip(rooms, in_qpv(whole).tolist(), strict=True)) == wanted


def test_dwellings_of_each_commune_are_those_of_the_margins_within_rounding(
    epci: str, whole: Territory
) -> None:
    communes = np.array(whole.communes)[whole.residences.commune[whole.dwellings.residence]].tolist()
    found = Counter(communes)
    gaps = {row["code"]: found[row["code"]] - int(row["dwellings"]) for row in rows(epci, "communes")}
    assert set(found) <= set(gaps)
    assert max(map(abs, gaps.values())) <= 1, gaps
    assert {code[:2] for code in gaps} == {PUBLISHED[epci].departement} == set(whole.departements)


def test_houses_and_mean_rent_are_those_published(epci: str, whole: Territory) -> None:
    published, dwellings = PUBLISHED[epci], whole.dwellings
    assert 100 * dwellings.kind.mean() == pytest.approx(published.houses, abs=0.051)
    rent = dwellings.rent_eur.sum() / dwellings.surface_m2.sum()
    assert rent == pytest.approx(published.rent_eur_m2, abs=0.001)


def test_a_small_scale_draws_whole_residences_without_bias(epci: str, whole: Territory) -> None:
    # Dwellings and QPV are met to the unit. A share among the others is that of a draw of whole residences:
    # of weight w and share p, its standard error is sqrt(sum w² (p - mean)² / scale) / sum w.
    scale = 0.1
    small = synthesise(load_spec(TERRITORIES / f"{epci}.toml"), scale=scale)
    assert len(small.dwellings.rooms) == pytest.approx(scale * len(whole.dwellings.rooms), abs=1)
    assert in_qpv(small).sum() == pytest.approx(scale * in_qpv(whole).sum(), abs=1)
    assert set(small.residences.bailleur.tolist()) == set(range(len(small.bailleurs)))
    weight = np.bincount(whole.dwellings.residence)
    for kept, among in [(chosen(small, name), chosen(whole, name)) for name in ("houses", *"12345")]:
        gap = np.bincount(whole.dwellings.residence, among - among.mean())  # w (p - mean)
        error = np.sqrt((gap**2).sum() / scale) / weight.sum()
        assert abs(kept.mean() - among.mean()) <= 3.5 * error


def chosen(territory: Territory, name: str) -> np.ndarray:
    """Tell which dwellings are houses, or have so many rooms (5 and more together)."""
    dwellings = territory.dwellings
    return dwellings.kind == 1 if name == "houses" else np.minimum(dwellings.rooms, 5) == int(name)


def test_each_epci_says_that_it_is_made_up(epci: str, whole: Territory) -> None:
    assert whole.synthetic
    assert whole.name.startswith("Territoire de synthèse, marges publiées de l")
    assert whole.notes[0].startswith("Territoire de synthèse, marges publiées : SDES, RPLS")
    assert BANNER in whole.notes
    assert all(len(name) == 1 for name in whole.bailleurs)


def test_a_short_play_of_each_epci_keeps_its_accounts(epci: str) -> None:
    short = {"time.years": 1, "time.burn_in_months": 1, "scale": 0.05}
    scenario = load_scenario(HOUSE / "scenarios" / f"{epci}.toml", changes=short)
    ((_, outcomes),) = replicate(scenario, territory_of(scenario), ("cotation_only",), 0)
    assert [str(broken) for broken in invariants.breaches(outcomes)] == []
    assert len(outcomes.leases) > 0


def test_each_scenario_plays_its_own_territory_under_targets_said_to_be_hypotheses(epci: str) -> None:
    scenario = load_scenario(HOUSE / "scenarios" / f"{epci}.toml")
    assert scenario.name == epci
    assert scenario.path(scenario.territory.path) == TERRITORIES / f"{epci}.toml"
    for target in scenario.target:
        assert target.published_in is not None
        assert target.published_in.reference == "Hypothèse d'étude, territoire de synthèse"


def test_the_page_tells_the_seven_as_their_files_do(epci: str) -> None:
    page = (HOUSE / "docs" / "territory.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^\| [^|]+ \| `{epci}\.toml` \|(.*)\|$", page, re.MULTILINE)
    found = [cell.strip().replace(" ", "") for cell in line.split("|")]
    spec, published = load_spec(TERRITORIES / f"{epci}.toml"), PUBLISHED[epci]
    assert found[:4] == [
        str(published.dwellings),
        f"{100 * sum(commune.in_qpv for commune in spec.stock.communes) / published.dwellings:.1f}%",
        f"{published.houses:.1f}%",
        f"{published.rent_eur_m2:.2f}",
    ]
    assert found[4] == f"{spec.demand.requests.value:.0f}"
    assert found[5] == f"{spec.demand.requests.low:.0f}-{spec.demand.requests.high:.0f}"
    # Leases of the region in 2023 over its stock: 45,000 / 591,907 = 7.6 %, to the nearest ten.
    assert found[6] == str(round(0.076 * published.dwellings / 10) * 10)
