"""Why a demand is, or is not, on a list: each cause by hand on the toy, and every pair against the pools."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from mixite.__main__ import app
from mixite.desk.options import Options
from mixite.desk.request import Request
from mixite.desk.source import asked
from mixite.desk.suggesting import suggest
from mixite.desk.why import Why, bars, standing, why
from mixite.desk.why_words import BARS, as_json, lines
from sim.process.replication import grid_of, territory_of
from sim.process.today import BY_BAILLEUR, DELEGATED, NAMED, Known, Vacant
from sim.rules.cotation import Grid
from sim.scenario import load_scenario
from sim.territory.columns import RESERVATAIRES
from sim.territory.files.faults import FaultsFound

ON = date(2026, 2, 2)
JOUET = Path("scenarios/territories/jouet")
OPTIONS = Options(scenario=Path("scenarios/jouet.toml"), on=ON)
COLLECTIVITE, AUCUN, ETAT = (RESERVATAIRES.index(name) for name in ("collectivite", "aucun", "etat"))

Said = dict[str, Any]


def vacant(name: str, holder: int = AUCUN, mode: str = BY_BAILLEUR) -> Vacant:
    return Vacant(row(name), ON - timedelta(days=1), holder, mode)


def row(name: str) -> int:
    """Return the row of a dwelling (L1 …) or of a demand (D01 …)."""
    return int(name[1:]) - 1


@pytest.fixture(scope="module")
def toy() -> Callable[..., Request]:
    plain = asked(JOUET, None, OPTIONS)

    def build(*vacancies: Vacant, on: date = ON, **known: Any) -> Request:
        facts = replace(plain.known, vacant=vacancies or plain.known.vacant, **known)
        return replace(plain, on=on, known=facts)

    return build


def told(request: Request, demand: str, dwelling: str) -> Said:
    """Return what is said of a demand for one dwelling."""
    document = json.loads(json.dumps(as_json(why(request, demand, dwelling))))
    (found,) = document["dwellings"]
    assert found["in_pool"] == (not found["bars"])
    return found


def only(found: Said, kind: str) -> Said:
    """Return the one bar of a kind, without its kind."""
    (bar,) = [bar for bar in found["bars"] if bar["kind"] == kind]
    return {name: value for name, value in bar.items() if name not in ("kind", "sentence")}


def kinds(found: Said) -> list[str]:
    return [bar["kind"] for bar in found["bars"]]


def test_over_a_ceiling_says_which_and_by_how_much(toy: Callable[..., Request]) -> None:
    # D04, two adults and a child, 25 000 EUR; PLAI of 2026 outside Paris and Île-de-France, three persons.
    found = told(toy(), "D04", "L9")
    ceiling = 22551.0
    expected = {"financing": "PLAI", "rfr_eur": 25000.0, "ceiling_eur": ceiling, "over_eur": 25000 - ceiling}
    assert only(found, "ceiling") == expected
    assert (
        "plafond de ressources PLAI dépassé de 2 449 € : revenu fiscal de référence de 25 000 €, plafond de "
        "22 551 € (R. 441-1)"
    ) in found["sentences"]


def test_too_small_says_how_many_the_surface_admits(toy: Callable[..., Request]) -> None:
    # 30 m²: 9 for one, 16 for two, 25 for three; D03 are four, who need 34 (R13).
    found = told(toy(vacant("L9")), "D03", "L9")
    assert only(found, "surface") == {"surface_m2": 30.0, "persons": 4, "most": 3}


def test_too_large_says_how_many_the_rooms_ask_for(toy: Callable[..., Request]) -> None:
    # A T4 has at most persons + 1 rooms from three persons on; D02 is alone (R14).
    found = told(toy(vacant("L8")), "D02", "L8")
    assert only(found, "rooms") == {"rooms": 4, "persons": 1, "least": 3}
    assert kinds(found) == ["rooms", "typology", "rent"]  # T1 or T2, 500 EUR at most; rent and charges 790


def test_what_the_demand_does_not_ask_for_is_said(toy: Callable[..., Request]) -> None:
    # D04 asks for a T3 in 59350; L6 is a T2 in 59512.
    found = told(toy(), "D04", "L6")
    assert kinds(found) == ["typology", "commune"]
    assert only(found, "typology") == {"rooms": 2, "rooms_min": 3, "rooms_max": 3}
    assert only(found, "commune") == {"commune": "59512"}
    assert found["sentences"][-1].startswith("taille à regarder : T3")  # three persons: a mark, not a rule


def test_a_rent_above_the_maximum_says_by_how_much(toy: Callable[..., Request]) -> None:
    # L3: 400 and 80 EUR; D06 states 450 at most, and needs an accessible dwelling.
    found = told(toy(vacant("L3")), "D06", "L3")
    assert only(found, "rent") == {"due_eur": 480.0, "stated_eur": 450.0, "over_eur": 30.0}
    assert "accessible" in kinds(found)
    assert "accessible" not in kinds(told(toy(vacant("L6")), "D06", "L6"))  # L6 is


def test_outside_the_labels_of_a_reservataire(toy: Callable[..., Request]) -> None:
    found = told(toy(), "D04", "L3")  # D04 is labelled by Action Logement; all else fits
    assert kinds(found) == ["labels"]
    assert found["sentences"][1] == (
        "logement réservé : la demande n'est pas dans le vivier désigné par la collectivité"
    )
    assert told(toy(vacant("L3")), "D04", "L3")["in_pool"]


def test_outside_the_list_of_names(toy: Callable[..., Request]) -> None:
    request = toy(vacant("L3", COLLECTIVITE, NAMED), designated=[(row("L3"), row("D10"))])
    found = told(request, "D03", "L3")
    assert kinds(found) == ["not_named"]  # labelled, and not named
    assert found["sentences"][1] == (
        "logement réservé : la demande n'est pas sur la liste nominative donnée par la collectivité"
    )
    assert told(request, "D10", "L3")["rank"] == 1


def test_the_household_that_the_prefet_names_alone(toy: Callable[..., Request]) -> None:
    # D07 is recognised under DALO, and the préfet designates bailleur B, which has L7: T2, 59350, 50 m².
    request = toy(vacant("L6"), vacant("L7", ETAT, DELEGATED))
    designated = request.territory.demands.dalo_bailleur.copy()
    designated[row("D07")] = request.territory.bailleurs.index("B")
    demands = replace(request.territory.demands, dalo_bailleur=designated)
    request = replace(request, territory=replace(request.territory, demands=demands))
    here = told(request, "D07", "L7")
    assert (here["rank"], here["eligible"]) == (1, 1)
    assert "désignation du préfet (DALO)" in here["sentences"]
    assert only(told(request, "D07", "L6"), "named_elsewhere") == {"dwelling_id": "L7"}
    assert kinds(told(request, "D02", "L7")) == ["named_here", "labels"]
    assert any("D07" in str(value) for value in told(request, "D02", "L7").values()) is False


def test_what_was_proposed_is_in_flight_or_is_taken_off(toy: Callable[..., Request]) -> None:
    plain = told(toy(), "D09", "L6")
    assert plain["rank"] == 2
    pair = [(row("L6"), row("D09"))]
    assert kinds(told(toy(proposed=pair), "D09", "L6")) == ["proposed"]
    assert kinds(told(toy(forbidden=pair), "D09", "L6")) == ["forbidden"]
    assert kinds(told(toy(in_flight=[(row("L1"), row("D09"))]), "D09", "L6")) == ["in_flight"]
    locked = told(toy(locked=pair), "D09", "L6")
    assert locked["rank"] == 1
    assert "choix de l'instructeur" in locked["sentences"]


def test_filed_after_the_sitting(toy: Callable[..., Request]) -> None:
    found = told(toy(vacant("L3"), on=date(2025, 6, 30)), "D08", "L3")
    assert only(found, "filed_after") == {"filed": "2025-07-01"}


def test_left_out_by_the_grid(toy: Callable[..., Request]) -> None:
    grid = Grid.model_validate(
        {
            "id": "toy",
            "status": "synthetic",
            "complete": True,
            "criteria": [
                {"id": "young", "effect": "exclude", "when": {"attr": "age", "op": "lt", "value": 30}}
            ],
        }
    )
    request = replace(toy(vacant("L3")), grid=grid)
    assert kinds(told(request, "D08", "L3")) == ["excluded"]  # 26 years
    assert told(request, "D04", "L3")["in_pool"]


def test_points_missing_and_who_comes_before_are_counted(toy: Callable[..., Request]) -> None:
    # L6, T2 in 59512: D07 under DALO, then D09 and D06; D01 and D05 fit too. Points are given.
    points = np.array([60.0, 0, 0, 0, 40, 67, 209, 0, 85, 0])
    request = toy(vacant("L6"), points=points)
    assert [told(request, who, "L6")["rank"] for who in ("D07", "D09", "D06")] == [1, 2, 3]
    fourth, fifth = told(request, "D01", "L6"), told(request, "D05", "L6")
    assert (fourth["kind"], fourth["points_missing"], fourth["better_scored"]) == ("points", 7, 3)
    assert (fifth["kind"], fifth["points_missing"], fifth["better_scored"]) == ("points", 27, 4)
    assert "il manque 7 points" in fourth["sentences"][0]
    # At equal points the older of two demands comes first: D06 of 2020, D01 of 2024.
    points[row("D01")] = 67
    assert told(toy(vacant("L6"), points=points), "D01", "L6")["kind"] == "seniority"


def test_the_row_that_gave_the_place_is_confirmed(toy: Callable[..., Request]) -> None:
    # L3 to anybody but D07: D03 (31 points) is the only one of the first quartile, of whom R1 lacks one in
    # four. D04 (61) and D08 (50) follow, and D10 (37) does not; without R1 the three best are D04, D08, D10.
    points = np.array([0.0, 0, 31, 61, 0, 0, 209, 50, 0, 37])
    request = toy(vacant("L3"), points=points, forbidden=[(row("L3"), row("D07"))])
    found = told(request, "D10", "L3")
    assert (found["kind"], found["row"], found["confirmed"]) == ("passed", "R1 hors QPV, EPCI", True)
    assert found["better_scored"] == 2
    assert found["sentences"][0] == (
        "dans le vivier, mieux cotée que le premier nom, et non présentée : serait présentée sans la ligne "
        "« R1 hors QPV, EPCI » (confirmé par un nouveau calcul sans cette ligne)"
    )


def test_a_name_that_follows_one_scored_less_is_told_the_row(toy: Callable[..., Request]) -> None:
    found = told(toy(), "D10", "L3")
    assert found["rank"] == 2
    assert "un nom moins coté vient avant : il sert « R1 hors QPV, EPCI »" in found["sentences"]


def test_of_a_household_that_is_owed_a_dwelling_nothing_is_told_to_another(
    toy: Callable[..., Request],
) -> None:
    # L6: D07, recognised under DALO, is first with 0 points; D09 (85) and D06 (67) follow, D01 (60) does not.
    points = np.array([60.0, 0, 0, 0, 40, 67, 0, 0, 85, 0])
    request = toy(vacant("L6"), points=points)
    said = "un autre ménage passe d'abord pour une obligation légale"
    second, fourth = told(request, "D09", "L6"), told(request, "D01", "L6")
    assert second["rank"] == 2
    assert said in second["sentences"]
    assert (
        fourth["sentences"][0] == f"dans le vivier, mieux cotée que le premier nom, et non présentée : {said}"
    )
    for found in (second, fourth):
        assert not any("échéance" in sentence or "DALO" in sentence for sentence in found["sentences"])
    own = told(request, "D07", "L6")
    assert "sert « un logement dû à une échéance légale »" in own["sentences"]


def test_data_to_be_checked_exclude_nobody(toy: Callable[..., Request]) -> None:
    request = toy(vacant("L3"))
    demands = request.territory.demands
    rfr, income = demands.rfr_eur.copy(), demands.monthly_income_eur.copy()
    rfr[row("D04")], income[row("D04")], income[row("D10")] = np.nan, np.nan, 0.0
    renewed = np.full(len(rfr), np.datetime64("NaT"), dtype="datetime64[D]")
    renewed[row("D10")] = np.datetime64("2025-12-01")
    demands = replace(demands, rfr_eur=rfr, monthly_income_eur=income)
    request = replace(request, territory=replace(request.territory, demands=demands), renewed_on=renewed)
    found = why(request, "D04", "L3")
    # Filed on 2021-01-01 and not renewed since.
    assert [check.kind for check in found.checks] == ["income_missing", "rfr_missing", "not_renewed"]
    assert found.standings[0].bars == ()
    assert [check.kind for check in why(request, "D10").checks] == ["income_implausible"]
    assert why(toy(), "D04").checks == ()


def test_an_unknown_demand_or_dwelling_is_refused_and_no_number_is_shown(
    toy: Callable[..., Request],
) -> None:
    with pytest.raises(FaultsFound) as refused:
        why(toy(), "D011", "L7")
    demand, dwelling = refused.value.faults
    assert str(demand) == (
        "--demand : D011 : demande inconnue ; vérifier le numéro unique : un numéro connu en est très proche"
    )
    assert str(dwelling) == "--dwelling : L7 : logement absent de la séance ; " + dwelling.mend
    assert "L3, L6, L9" in dwelling.mend


def test_nothing_is_said_of_another_demand(toy: Callable[..., Request]) -> None:
    for demand in range(10):
        own = f"D{demand + 1:02}"
        text = json.dumps(as_json(why(toy(), own))) + "\n".join(lines(why(toy(), own)))
        assert not [
            f"D{other + 1:02}" for other in range(10) if other != demand and f"D{other + 1:02}" in text
        ]
        if own != "D07":  # recognised under DALO, first for L6: no other household is told so
            assert "DALO" not in "\n".join(lines(why(toy(), own)))


def mixed(rows: int, seed: int) -> Request:
    """Return a sitting of the tutorial with every way of a pool, designations, offers, and a préfet."""
    scenario = load_scenario(Path("scenarios/tutorial.toml"))
    territory = territory_of(scenario)
    draw = np.random.default_rng(seed)
    demands, stock = len(territory.demands.demand_id), len(territory.dwellings.dwelling_id)
    dwellings = np.sort(draw.choice(stock, rows, replace=False)).tolist()
    on = territory.as_of + timedelta(days=40)
    modes = [BY_BAILLEUR, DELEGATED, NAMED, DELEGATED]
    vacancies = tuple(
        Vacant(
            dwelling,
            on,
            AUCUN if modes[at % 4] == BY_BAILLEUR else ETAT if at % 3 == 0 else COLLECTIVITE,
            modes[at % 4],
        )
        for at, dwelling in enumerate(dwellings)
    )

    def pairs(count: int) -> list[tuple[int, int]]:
        return [(int(draw.choice(dwellings)), int(who)) for who in draw.choice(demands, count, replace=False)]

    named = [one.dwelling for one in vacancies if one.mode == NAMED]
    bailleur = territory.residences.bailleur[territory.dwellings.residence[dwellings[0]]]
    table = replace(territory.demands, dalo_bailleur=np.full(demands, bailleur))
    known = Known(
        vacancies,
        designated=[(int(draw.choice(named)), int(who)) for who in draw.choice(demands, 80, replace=False)],
        in_flight=pairs(6),
        proposed=pairs(40),
        forbidden=pairs(40),
        owed={int(who): on - timedelta(days=3) for who in draw.choice(demands, 3, replace=False)},
    )
    return Request(replace(territory, demands=table), known, on, scenario, grid_of(scenario))


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_who_is_said_to_be_in_a_pool_is_in_it_for_every_demand_and_vacancy(seed: int) -> None:
    found = suggest(mixed(24, seed), confirmed=0)
    sitting, decisive, named = found.sitting, set[str](), set[str]()
    for place in range(len(sitting)):
        pool = set(sitting.demand[sitting.eligible(place)].tolist())
        for demand in range(len(found.request.territory.demands.demand_id)):
            stands = [bar.kind for bar in bars(found, demand, place)]
            assert (not stands) == (demand in pool), (demand, place, stands)
            named |= set(stands)
            if len(stands) == 1:
                decisive |= set(stands)
    # Each rule alone keeps somebody out, so that none is held by another.
    assert decisive >= {"ceiling", "typology", "commune", "labels", "not_named", "in_flight"}
    assert decisive >= {"proposed", "forbidden"}
    assert {"rooms", "rent"} <= named <= BARS.keys()
    assert ("named_here" in named) == bool(sitting.named)


def test_every_standing_of_a_sitting_can_be_said() -> None:
    found = suggest(mixed(24, 0), confirmed=0)
    seen = set()
    for demand in range(0, len(found.request.territory.demands.demand_id), 3):
        standings = tuple(standing(found, demand, place) for place in range(len(found.sitting)))
        seen |= {one.kind for one in standings}
        assert len(lines(Why(found, demand, (), None, False, standings))) > len(standings)
    assert seen >= {"outside", "listed"}


def test_the_command_answers_in_words_or_in_json() -> None:
    line = ["why", str(JOUET), "--scenario", "scenarios/jouet.toml", "--on", "2026-02-02", "--demand"]
    words = CliRunner().invoke(app, [*line, "D04", "--dwelling", "L3"])
    assert words.exit_code == 0
    assert "demande D04, déposée le 01/01/2021, 61 points" in words.stderr
    assert words.stdout == ""
    answered = CliRunner().invoke(app, [*line, "D04", "--json"])
    assert [one["dwelling_id"] for one in json.loads(answered.stdout)["dwellings"]] == ["L3", "L6", "L9"]


def test_an_unknown_demand_ends_with_the_user_in_the_wrong() -> None:
    line = [sys.executable, "-m", "mixite", "why", str(JOUET), "--demand", "D99", "--json"]
    ended = subprocess.run(line, capture_output=True, text=True)
    assert ended.returncode == 2
    assert [fault["message"] for fault in json.loads(ended.stdout)["faults"]] == ["demande inconnue"]
