"""How a stylised case becomes a scenario, and every fault of a case file said at once, in French."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.outcomes import Outcomes
from sim.process.replication import replicate
from sim.steady_state import SteadyState, measure
from sim.stylised import UNIT_S, Case, decode, load_case
from sim.stylised_faults import MOST_EVENTS
from sim.territory.files.faults import FaultsFound

EXAMPLE = """
kind = "stylised"
horizon = 20000.0
warm_up = 2000.0
discipline = "fcfs"
[[household]]
id = "1"
rate = 0.4
accepts = ["A"]
abandonment_rate = 0.0
priority = 1
waits = true
tenancy = { law = "exponential", mean = 1.0 }
[[dwelling]]
id = "A"
vacancy_rate = 0.6
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "cas.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(FaultsFound) as refused:
        load_case(written(folder, text))
    return [str(fault) for fault in refused.value.faults]


def case_of(households: list[dict[str, Any]], dwellings: list[dict[str, Any]], **more: Any) -> Case:
    data = {"kind": "stylised", "horizon": 60.0, "household": households, "dwelling": dwellings}
    return Case.model_validate(data | more)


def played(case: Case) -> tuple[Outcomes, SteadyState]:
    scenario, territory, grid = decode(case)
    ((_, outcomes),) = replicate(scenario, territory, scenario.policies.compare, 0, grid=grid)
    households, dwellings = [one.id for one in case.household], [one.id for one in case.dwelling]
    return outcomes, measure(outcomes, households, dwellings, 0, UNIT_S)


def test_the_design_s_example_becomes_an_ordinary_scenario(tmp_path: Path) -> None:
    scenario, territory, grid = decode(load_case(written(tmp_path, EXAMPLE)), seed=7)
    assert scenario.time.length_s == 20_000_000_000  # 20,000 units of 1,000,000 s
    assert (scenario.time.burn_in_months, scenario.runs.seed) == (0, 7)
    assert scenario.sittings.rule == "immediate"
    assert (scenario.sittings.list_length, scenario.sittings.max_lists) == (1, 1)
    assert scenario.law.overrides == {"quotas": False, "min_candidates": 1, "right_to_stay": False}
    assert scenario.acceptance.certain
    assert not scenario.departures.notice
    (demand,), (vacancy,) = scenario.demand_law, scenario.vacancy_law
    assert demand.arrivals_per_s == pytest.approx(0.4e-6)
    assert (demand.template, demand.gives_up_per_s, demand.waits) == ("1", 0.0, True)
    assert demand.tenancy is not None
    assert demand.tenancy.mean_s == 1e6
    assert (vacancy.dwelling, vacancy.per_s) == ("A/000000", pytest.approx(0.6e-6))
    assert territory.demands.demand_id.tolist() == ["1"]
    assert territory.dwellings.dwelling_id.tolist() == ["A/000000"]
    assert grid.criteria == ()  # first come, first served: no points


def test_a_dwelling_with_units_is_so_many_dwellings_and_no_stream(tmp_path: Path) -> None:
    text = EXAMPLE.replace("vacancy_rate = 0.6", "units = 3")
    scenario, territory, _ = decode(load_case(written(tmp_path, text)))
    assert territory.dwellings.dwelling_id.tolist() == ["A/000000", "A/000001", "A/000002"]
    assert scenario.vacancy_law == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('["A"]', '["B"]', "clé household[0].accepts : B : aucun [[dwelling]] de ce nom ; connus : A"),
        ('["A"]', "[]", "clé household[0].accepts : [] : au moins 1 attendu"),
        ('["A"]', '"A"', "clé household[0].accepts : A : une liste est attendue"),
        ("vacancy_rate = 0.6", "", "clé dwelling[0] : donner vacancy_rate ou units, l'un des deux"),
        ("vacancy_rate = 0.6", "vacancy_rate = 1.0\nunits = 2", "donner vacancy_rate ou units"),
        ("vacancy_rate = 0.6", "units = 0", "clé dwelling[0].units : 0 : attendu ≥ 1"),
        ("rate = 0.4", "rate = -0.4", "clé household[0].rate : -0.4 : attendu ≥ 0"),
        ("rate = 0.4", "rate = nan", "clé household[0].rate : nan : un nombre fini est attendu"),
        ("horizon = 20000.0", "horizon = inf", "clé horizon : inf : "),
        ("horizon = 20000.0", "horizon = 250001", "clé horizon : 250001 : attendu ≤ 250000.0"),
        ("horizon = 20000.0", "horizon = 0", "clé horizon : 0 : attendu > 0"),
        ("horizon = 20000.0", "horizon = 2000", "clé warm_up : 2000 : attendu inférieur à horizon (2000)"),
        ("warm_up = 2000.0", "warm_up = 19999.9999999", "clé warm_up : 20000 : attendu inférieur à horizon"),
        ("rate = 0.4", "rate = 1000", "2e+07 demandes et vacances attendues, au plus 1e+07"),
        ("mean = 1.0", "mean = 0", "clé household[0].tenancy.mean : 0 : attendu > 0"),
        (
            'law = "exponential"',
            'law = "weibull"',
            "clé household[0].tenancy.law : weibull : valeur inconnue",
        ),
        ('kind = "stylised"', 'kind = "styled"', "clé kind : styled : valeur inconnue ; vouliez-vous dire"),
        ('kind = "stylised"', "", "clé kind : clé absente, elle est requise"),
        ('"fcfs"', '"lifo"', "clé discipline : lifo : valeur inconnue"),
        ("priority = 1", "priorty = 1", "clé household[0].priorty : 1 : clé inconnue ; vouliez-vous dire"),
        ("priority = 1", "priority = 1.5", "clé household[0].priority : 1.5 : un entier est attendu"),
        ('id = "1"', 'id = ""', "clé household[0].id : un texte plus long est attendu"),
        ('id = "1"', 'id = "1\\u0000"', "un id ne porte ni retour à la ligne ni caractère invisible"),
    ],
)
def test_a_fault_says_where_what_and_the_way_out(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    assert before in EXAMPLE
    (fault,) = faults(tmp_path, EXAMPLE.replace(before, after, 1))
    assert fault.startswith("cas.toml, ")
    assert expected in fault


def test_a_household_of_dwellings_with_units_needs_a_tenancy(tmp_path: Path) -> None:
    text = EXAMPLE.replace("vacancy_rate = 0.6", "units = 3")
    text = text.replace('tenancy = { law = "exponential", mean = 1.0 }', "")
    (fault,) = faults(tmp_path, text)
    assert "clé household[0] : clé absente, elle est requise : le logement A a des units" in fault
    assert "ajouter tenancy" in fault


def test_a_case_with_more_events_than_memory_holds_is_refused_just_above_the_bound(tmp_path: Path) -> None:
    # demands and vacancies of 20,000 units: (rate + 0.6) × 20,000 = 10,000,000 at rate 499.4
    assert MOST_EVENTS == 10_000_000
    load_case(written(tmp_path, EXAMPLE.replace("rate = 0.4", "rate = 499.3", 1)))
    assert len(faults(tmp_path, EXAMPLE.replace("rate = 0.4", "rate = 499.5", 1))) == 1


EXPECTED = '\n[[expected]]\nmeasure = "{}"\nvalue = 1.0\nformula = "x"\n'


@pytest.mark.parametrize(
    ("measure", "of", "expected"),
    [
        ("waiting_mean", "", "clé expected[0].of : un ménage est attendu ; connus : 1"),
        ("wait_mean", 'of = "A"', "clé expected[0].of : A : un ménage est attendu"),
        ("lost_share", 'of = "1"', "clé expected[0].of : 1 : un logement à vacancy_rate est attendu"),
        ("delay_probability", 'of = "1"', "clé expected[0].of : 1 : delay_probability est de tous"),
    ],
)
def test_what_theory_says_is_said_of_something_that_is_measured(
    tmp_path: Path, measure: str, of: str, expected: str
) -> None:
    (fault,) = faults(tmp_path, EXAMPLE + EXPECTED.format(measure) + of)
    assert expected in fault


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    text = """
kind = "stylisé"
horizon = 10.0
warm_up = 10.0
horizn = 3
[[household]]
id = "1"
rate = -1.0
accepts = ["A", "Z"]
[[household]]
id = "1"
rate = inf
accepts = ["B"]
[[dwelling]]
id = "A"
[[dwelling]]
id = "A"
vacancy_rate = 1.0
[[dwelling]]
id = "B"
units = 2
"""
    keys = [fault.split("clé ")[1].split(" : ")[0] for fault in faults(tmp_path, text)]
    assert sorted(keys) == sorted(
        [
            *("kind", "horizn", "warm_up"),
            *("household[0].rate", "household[1].rate"),  # negative, infinite
            *("household[1].id", "dwelling[1].id"),  # given twice
            "household[0].accepts",  # Z is no dwelling
            "household[1]",  # no tenancy, and B has units
            "dwelling[0]",  # neither vacancy_rate nor units
        ]
    )


@pytest.mark.parametrize("text", ["", "kind = ", "household = 3\ndwelling = 'A'\nkind = 'stylised'"])
def test_what_is_no_case_at_all_is_a_fault_not_a_crash(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


def test_ids_may_hold_slashes_and_odd_characters() -> None:
    households = [
        {"id": "a/b [x]|é", "rate": 1.0, "accepts": ["A/1|"]},
        {"id": "a/b", "rate": 1.0, "accepts": ["A/1|", "A "]},
    ]
    dwellings = [{"id": "A/1|", "vacancy_rate": 2.0}, {"id": "A ", "vacancy_rate": 2.0}]
    outcomes, found = played(case_of(households, dwellings))
    prefixes = outcomes.demands.demand_id.str.rsplit("/", n=1).str[0]
    assert set(prefixes) == {"a/b [x]|é", "a/b"}
    assert set(outcomes.leases.commune) == {"A/1|", "A "}
    assert min(found.waiting_mean) > 0  # each type found under its own id
    assert 0 < max(found.lost_share) < 1


@pytest.mark.parametrize("classes", [(-5, 0, 7), (7, 0, -5), (2**40, -(2**40), 0), (3, 1, 1)])
def test_priorities_are_any_integers_the_lowest_first(classes: tuple[int, ...]) -> None:
    households = [
        {"id": f"{n}", "rate": 1.0, "accepts": ["A"], "priority": one} for n, one in enumerate(classes)
    ]
    case = case_of(households, [{"id": "A", "vacancy_rate": 1.0}], discipline="priority")
    outcomes, _ = played(case)
    kind = outcomes.leases.demand_id.str.rsplit("/", n=1).str[0].astype(int)
    # Points are the place among the classes, the last to be served having none: (-5, 0, 7) gives 2, 1, 0.
    points = {one: place for place, one in enumerate(sorted(set(classes), reverse=True))}
    assert outcomes.leases.points.tolist() == [points[classes[n]] for n in kind]
    assert len(outcomes.leases)


def test_first_come_first_served_reads_no_priority() -> None:
    households = [{"id": f"{n}", "rate": 1.0, "accepts": ["A"], "priority": n} for n in range(2)]
    outcomes, _ = played(case_of(households, [{"id": "A", "vacancy_rate": 1.0}]))
    leases = outcomes.leases.sort_values("signed_s")
    assert (leases.points == 0).all()
    assert leases.filed_s.is_monotonic_increasing


def test_a_type_that_never_comes_waits_for_nothing_and_changes_nobody() -> None:
    one = {"id": "1", "rate": 1.0, "accepts": ["A"]}
    absent = {"id": "0", "rate": 0.0, "accepts": ["A"]}
    dwellings = [{"id": "A", "vacancy_rate": 1.0}]
    alone, _ = played(case_of([one], dwellings))
    beside, found = played(case_of([absent, one], dwellings))
    assert beside.leases.demand_id.tolist() == alone.leases.demand_id.tolist() != []
    assert beside.leases.signed_s.tolist() == alone.leases.signed_s.tolist()
    assert found.waiting_mean[0] == 0
    assert np.isnan([found.wait_mean[0], found.housed_share[0]]).all()


def test_nobody_at_all_loses_every_vacancy() -> None:
    nobody = {"id": "0", "rate": 0.0, "accepts": ["A"]}
    outcomes, found = played(case_of([nobody], [{"id": "A", "vacancy_rate": 1.0}]))
    assert found.lost_share == (1.0,)
    assert len(outcomes.demands) == len(outcomes.leases) == 0
