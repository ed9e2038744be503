"""Types stay or move from year to year: by values worked by hand, then in a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from sim.process import requalified
from sim.process.replication import grid_of, initial_state, open_run, replicate, territory_of
from sim.process.requalified import qualify_again, qualify_first
from sim.process.state import State
from sim.process.world import World, world_of
from sim.rules.peuplement import PATRIMOINE, POPULATION, Choice, Observed, Tally
from sim.scenario import load_scenario
from sim.territory.columns import PEUPLEMENT_TYPES

CAPACITE, EQUILIBRE, VIGILANCE, CONFORTER = range(4)
PLAIN = Choice({"first_quartile": 1.0}, shrinkage=0.0)
START = [0, 1, 2, 3, 4, 5, 6, 7]


# Eight residences of ten households, so many of the first quartile each: the bands of the four types end at
# shares of 0.1, 0.3 and 0.5. The variance of a household in its residence is 0.2: the interval at 90 % is
# the share ± 1.645 √(0.2 / 10) = ± 0.233.


def eight(poor: Sequence[int]) -> Observed:
    """Return eight residences of ten households, of which so many are of the first quartile."""
    place = POPULATION.index("first_quartile")
    x, n, within = np.zeros((8, len(POPULATION))), np.zeros((8, len(POPULATION))), np.zeros((6, 6))
    x[:, place], n[:, place], within[place, place] = poor, 10, 0.2
    return Observed(
        np.full(8, 10), np.full(8, 10), Tally(x, n, within), np.full((8, len(PATRIMOINE)), np.nan)
    )


class Years:
    """A run of which the occupation alone is given, year by year."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, given: Sequence[int] = (-1,) * 8) -> None:
        self.poor: Sequence[int] = START
        self.empty: list[int] = []
        monkeypatch.setattr(requalified, "observe", lambda *_, **__: None)
        monkeypatch.setattr(requalified, "observed_now", lambda *_: self.observed())
        residences = SimpleNamespace(peuplement_type=np.array(given))
        chosen = SimpleNamespace(choice=lambda: PLAIN)
        world = SimpleNamespace(
            territory=SimpleNamespace(residences=residences),
            plan=SimpleNamespace(delivered_s=np.zeros(0)),
            law=None,
            scenario=SimpleNamespace(qualification=chosen),
        )
        self.world, self.state = cast("World", world), cast("State", SimpleNamespace(q1_fixed_eur=9_000.0))
        qualify_first(self.world, self.state)

    def observed(self) -> Observed:
        found = eight(self.poor)
        for counts in (found.households, found.population.x, found.population.n):
            counts[self.empty] = 0
        return found

    def of(self, poor: Sequence[int], empty: Sequence[int] = ()) -> list[int]:
        """Return the types of a year in which so many households are of the first quartile."""
        self.poor, self.empty = poor, list(empty)
        qualify_again(self.world, self.state)
        types: list[int] = self.state.qualified.tolist()
        return types


def test_a_type_stays_while_its_interval_meets_the_band_and_moves_when_it_has_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Years(monkeypatch)
    assert run.state.qualified.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    types = run.of([4, 2, 2, 3, 6, 5, 6, 1])
    assert types[0] == VIGILANCE  # 0.4 − 0.233 is over 0.1: it goes where the score is, not to the next type
    assert types[1] == CAPACITE  # 0.2 is over the cut of 0.1, 0.2 − 0.233 under it
    assert types[4] == VIGILANCE  # 0.6 is over the cut of 0.5, 0.6 − 0.233 under it
    assert types[7] == CAPACITE  # 0.1 + 0.233 is under 0.5
    assert types == [2, 0, 1, 1, 2, 2, 3, 0]


def test_what_is_kept_is_the_type_of_last_year_not_that_of_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Years(monkeypatch)
    assert run.of([4, 1, 2, 3, 4, 5, 6, 7])[0] == VIGILANCE
    # Back at 0.2, « en équilibre » by its score: 0.2 + 0.233 is still over 0.3, it stays where it was.
    assert run.of([2, 1, 2, 3, 4, 5, 6, 7])[0] == VIGILANCE
    # At 0.0 it has left: 0.0 + 0.233 is under 0.3.
    assert run.of([0, 1, 2, 3, 4, 5, 6, 7])[0] == CAPACITE


def test_households_that_come_and_go_by_chance_move_no_type(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Years(monkeypatch)
    start = run.state.qualified.tolist()
    for sign in (1, -1, 1, -1):  # one household in ten, there and back: under the 0.233 of the interval
        assert run.of([min(max(each + sign, 0), 10) for each in START]) == start


def test_a_type_given_that_the_figures_bear_out_is_kept_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    # At 0.4 ± 0.233 « à conforter » (over 0.5) is in the interval, though the score says « en vigilance ».
    run = Years(monkeypatch, [-1, -1, -1, -1, CONFORTER, -1, -1, -1])
    assert run.state.peuplement_type[4] == run.state.qualified[4] == CONFORTER
    assert run.of(START)[4] == CONFORTER
    assert run.of([0, 1, 2, 3, 2, 5, 6, 7])[4] == EQUILIBRE  # 0.2 + 0.233 is under 0.5


def test_a_type_signed_against_the_figures_starts_and_moves_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # At 0.4 ± 0.233 « en capacité » (0.1 and under) is out of the interval: two steps from what is read.
    run = Years(monkeypatch, [-1, -1, -1, -1, CAPACITE, -1, -1, -1])
    assert run.state.peuplement_type[4] == run.state.qualified[4] == CAPACITE
    assert run.of(START)[4] == CAPACITE  # the figures have not moved: they do not undo what was signed
    assert run.of([0, 1, 2, 3, 6, 5, 6, 7])[4] == CAPACITE  # the interval still meets the band of 0.4
    assert run.of([0, 1, 2, 3, 8, 5, 6, 7])[4] == EQUILIBRE  # 0.8 − 0.233 is over 0.5: a step more
    assert run.of([0, 1, 2, 3, 1, 5, 6, 7])[4] == CAPACITE  # within the four types
    assert run.state.peuplement_type[4] == CAPACITE  # what the targets read has not moved


def test_a_residence_emptied_keeps_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Years(monkeypatch)
    assert run.of(START, empty=[0, 7])[0] == CAPACITE
    assert run.of(START, empty=[0, 7])[7] == CONFORTER


def test_a_residence_not_lived_in_at_first_takes_the_type_of_its_first_households(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Years(monkeypatch)
    run.empty = [3]
    qualify_first(run.world, run.state)
    # Seven are known: 0, 1, 2, 4, 5, 6, 7 of ten, mean 25/70 = 0.357; bands of a quarter of the seventy known
    # end where 20, 40 and 60 households are reached: 0.1, 0.4, 0.6; the mean is « en équilibre ».
    assert run.state.peuplement_type[3] == run.state.qualified[3] == EQUILIBRE
    assert run.of(START, empty=[3])[3] == EQUILIBRE
    # Ten come, of whom six are of the first quartile: « en vigilance » by the score, although 0.6 − 0.233
    # meets the band up to 0.4 of a type that no household had given it.
    assert run.of([0, 1, 2, 6, 4, 5, 6, 7])[3] == VIGILANCE


# --- in a run ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened() -> tuple[World, State]:
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={"time.burn_in_months": 0})
    world = world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
    state = initial_state(world)
    open_run(world, state)
    return world, state


def test_a_run_qualifies_by_the_scenario_and_on_the_interval_of_the_territory(
    opened: tuple[World, State],
) -> None:
    world, state = opened
    reading = state.reading
    assert reading is not None
    assert reading.choice == world.scenario.qualification.choice()
    within, first = reading.observed.population.within, POPULATION.index("first_quartile")
    assert 0.05 < within[first, first] < 0.3  # of a household: share (1 − share), of shares around a quarter
    lived_in = reading.observed.households > 0
    assert (reading.score_high > reading.score_low)[lived_in].all()
    assert reading.type[lived_in].tolist() == reading.statistical[lived_in].tolist()
    assert state.qualified[lived_in].tolist() == reading.type[lived_in].tolist()


def test_the_incomes_of_a_few_move_no_type_and_those_of_all_do(opened: tuple[World, State]) -> None:
    world, state = opened[0], opened[1].copy()
    reading = state.reading
    assert reading is not None
    residence, housing = world.territory.dwellings.residence, state.housing
    favourable = np.flatnonzero((reading.type == CAPACITE) & (reading.observed.households >= 20))
    few, all_ = favourable[:2]
    home = np.flatnonzero(housing.occupied & (residence == all_))
    housing.monthly_income_eur[home], housing.rfr_eur[home] = 300.0, 3_600.0
    one = np.flatnonzero(housing.occupied & (residence == few))[:1]
    housing.monthly_income_eur[one], housing.rfr_eur[one] = 300.0, 3_600.0
    qualify_again(world, state)
    now = state.reading
    assert now is not None
    assert state.qualified[few] == CAPACITE
    assert state.qualified[all_] == now.statistical[all_] == CONFORTER
    moved = np.flatnonzero(state.qualified != opened[1].qualified)
    assert moved.tolist() == [all_]
    shares = now.observed.value("first_quartile"), reading.observed.value("first_quartile")
    assert shares[0][all_] == 1.0
    assert shares[0][few] >= shares[1][few]


def test_nothing_having_moved_a_run_reads_the_same_types(opened: tuple[World, State]) -> None:
    world, state = opened[0], opened[1].copy()
    before = state.qualified
    qualify_again(world, state)
    assert state.qualified.tolist() == before.tolist()


def test_types_agreed_are_where_a_run_starts_and_what_its_targets_read_to_the_end() -> None:
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={"time.burn_in_months": 0})
    plain = territory_of(scenario)
    agreed = np.full(len(plain.residences.residence_id), CONFORTER)
    told = replace(plain, residences=replace(plain.residences, peuplement_type=agreed))
    ((_, run),) = replicate(scenario, told, ["seniority"], 0)
    assert set(run.leases["peuplement_type"]) <= {PEUPLEMENT_TYPES[CONFORTER], PEUPLEMENT_TYPES[VIGILANCE]}
    types = run.occupation.set_index(["residence_id", "year"])["peuplement_type"].unstack()
    types = types.dropna().map(PEUPLEMENT_TYPES.index)
    assert (types[2026] == CONFORTER).all()
    moved = (types != CONFORTER).any(axis=1)
    assert 0 < moved.mean() < 0.5
