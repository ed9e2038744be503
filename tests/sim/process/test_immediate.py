"""Immediate sittings, on cases of a few events whose seconds are chosen, and on an ordinary scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import invariants
from sim.outcomes import YEAR_S, Outcomes, events_sha256
from sim.policies import POLICIES
from sim.process import demand_flow, tenancies
from sim.process.engine import play
from sim.process.replication import close_run, initial_state, open_run, replicate, territory_of
from sim.process.state import State
from sim.process.telling import tell
from sim.process.world import World, world_of
from sim.scenario import load_scenario
from sim.stylised import Case, decode, load_case

COTATION = POLICIES["cotation_only"]
Lease = tuple[str, str, int]
Played = Callable[..., Outcomes]


def household(name: str, accepts: Sequence[str], stays_s: int = 0, **more: Any) -> dict[str, Any]:
    """Return a type whose tenancies last so many seconds, all of them."""
    mean = (stays_s + 0.5) * 1e-6  # cut to the second
    law = {"tenancy": {"law": "deterministic", "mean": mean}} if stays_s else {}
    return {"id": name, "rate": 1.0, "accepts": list(accepts), **law, **more}


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    """Return a function that plays a case of 1,000 s, its demands and vacancies coming when told."""

    def run(
        households: list[dict[str, Any]],
        dwellings: Mapping[str, int | None],
        come: Mapping[str, Sequence[int]],
        discipline: str = "fcfs",
    ) -> Outcomes:
        kinds = [
            {"id": name, "vacancy_rate": 1.0} if units is None else {"id": name, "units": units}
            for name, units in dwellings.items()
        ]
        data = {"kind": "stylised", "horizon": 1e-3, "discipline": discipline}
        case = Case.model_validate(data | {"household": households, "dwelling": kinds})

        def at_their_times(chance: Any, name: str, *_: Any) -> np.ndarray:
            return np.array(come.get(name.split("|")[1].split("/")[0], ()), dtype=np.int64)

        monkeypatch.setattr(demand_flow, "arrival_times", at_their_times)
        monkeypatch.setattr(tenancies, "arrival_times", at_their_times)
        scenario, territory, grid = decode(case)
        ((_, outcomes),) = replicate(scenario, territory, ("cotation_only",), 0, grid=grid)
        return outcomes

    return run


def leases(run: Outcomes) -> list[Lease]:
    """Return (demand, dwelling, second) of each lease, in order."""
    rows = run.leases[["demand_id", "dwelling_id", "signed_s"]].itertuples(index=False)
    return [(str(row[0]), str(row[1]).replace("/00000", ""), int(row[2])) for row in rows]


def lost(run: Outcomes) -> list[tuple[str, int]]:
    gone = run.vacancies[run.vacancies.lost]
    return list(zip(gone.commune.tolist(), gone.keys_s.astype(int).tolist(), strict=True))


def closed(run: Outcomes, demand: str) -> tuple[int | None, str | None]:
    row = run.demands.set_index("demand_id").loc[demand]
    return (int(row.closed_s), row.closed_by) if isinstance(row.closed_by, str) else (None, None)


def test_a_vacancy_that_finds_nobody_is_lost_at_its_second(played: Played) -> None:
    # Vacant at 100: nobody has come. Demand at 200 waits for the vacancy at 300. Vacant at 400: lost.
    run = played([household("h", ["A"])], {"A": None}, {"h": [200], "A": [100, 300, 400]})
    assert leases(run) == [("h/0", "A0", 300)]
    assert lost(run) == [("A", 100), ("A", 400)]
    assert run.vacancies[run.vacancies.lost].let_s.isna().all()
    told = run.sittings[["held_s", "eligible", "listed"]].to_numpy(dtype=int).tolist()
    assert told == [[100, 0, 0], [300, 1, 1], [400, 0, 0]]


def test_a_vacancy_takes_the_oldest_who_accepts_it(played: Played) -> None:
    # At 300 (B) of a/0 (100, A alone), b/0 (200) and b/1 (250) the oldest who accepts B is b/0.
    households = [household("a", ["A"]), household("b", ["A", "B"])]
    come = {"a": [100], "b": [200, 250], "A": [500], "B": [300]}
    run = played(households, {"A": None, "B": None}, come)
    assert leases(run) == [("b/0", "B0", 300), ("a/0", "A0", 500)]
    assert closed(run, "b/1") == (None, None)


def test_who_is_filed_when_the_vacancy_appears_is_in_time(played: Played) -> None:
    run = played([household("h", ["A"])], {"A": None}, {"h": [300], "A": [300, 301]})
    assert leases(run) == [("h/0", "A0", 300)]
    assert lost(run) == [("A", 301)]


def test_a_dwelling_with_units_waits_for_who_comes(played: Played) -> None:
    run = played([household("h", ["A"], 50)], {"A": 1}, {"h": [100, 120]})
    # h/0 at once, until 150; h/1 waits from 120 to 150.
    assert leases(run) == [("h/0", "A0", 100), ("h/1", "A0", 150)]
    assert run.leases.ended_s.astype(int).tolist() == [150, 200]
    assert not run.vacancies.lost.any()


def test_a_demand_takes_the_longest_vacant_of_those_alike(played: Played) -> None:
    # A0 is taken at 10 for 200 s, A1 at 20 for 50 s: at 300, A1 is vacant since 70 and A0 since 210.
    households = [household("slow", ["A"], 200), household("fast", ["A"], 50)]
    run = played(households, {"A": 2}, {"slow": [10], "fast": [20, 300]})
    assert leases(run) == [("slow/0", "A0", 10), ("fast/0", "A1", 20), ("fast/1", "A1", 300)]


def test_a_demand_takes_the_longest_vacant_of_two_kinds_it_accepts(played: Played) -> None:
    # A is taken at 10 until 110, B at 20 until 70: who accepts both at 300 takes B, whatever their names.
    households = [household("a", ["A"], 100), household("b", ["B"], 50), household("both", ["A", "B"], 50)]
    run = played(households, {"A": 1, "B": 1}, {"a": [10], "b": [20], "both": [300]})
    assert leases(run)[-1] == ("both/0", "B0", 300)


def test_an_incompatible_dwelling_is_left_vacant(played: Played) -> None:
    households = [household("a", ["A"], 50), household("b", ["B"], 50)]
    run = played(households, {"A": 1, "B": 1}, {"b": [100, 110]})
    # b/0 takes B; A is vacant all along, and b/1 waits for B until 150.
    assert leases(run) == [("b/0", "B0", 100), ("b/1", "B0", 150)]


def test_who_does_not_wait_is_gone_a_second_later(played: Played) -> None:
    run = played([household("h", ["A"], 50, waits=False)], {"A": 1}, {"h": [100, 120, 150]})
    # h/1 finds A taken until 150, and is gone at 121; h/2 comes as it is freed.
    assert leases(run) == [("h/0", "A0", 100), ("h/2", "A0", 150)]
    assert closed(run, "h/1") == (121, "lapse")


def test_priority_beats_seniority_which_decides_in_a_class(played: Played) -> None:
    households = [household("late", ["A"], priority=2), household("first", ["A"], priority=1)]
    come = {"late": [10, 20], "first": [30, 40], "A": [100, 200, 300, 400]}
    run = played(households, {"A": None}, come, discipline="priority")
    assert [name for name, _, _ in leases(run)] == ["first/0", "first/1", "late/0", "late/1"]
    plain = played(households, {"A": None}, come)
    assert [name for name, _, _ in leases(plain)] == ["late/0", "late/1", "first/0", "first/1"]


def test_a_household_housed_waits_no_more(played: Played) -> None:
    run = played([household("h", ["A"], 50)], {"A": 2}, {"h": [100]})
    assert closed(run, "h/0") == (100, "lease")
    assert leases(run) == [("h/0", "A0", 100)]


def test_a_tenancy_is_ended_by_the_vacancy_of_a_stream(played: Played) -> None:
    run = played([household("h", ["A"])], {"A": None}, {"h": [10, 20], "A": [100, 300]})
    assert leases(run) == [("h/0", "A0", 100), ("h/1", "A0", 300)]
    assert int(run.leases.ended_s[0]) == 300
    assert run.leases.ended_s.isna().tolist() == [False, True]


@pytest.mark.parametrize("times", [{"A": [300], "B": [300]}, {"A": [300, 300]}])
def test_two_vacancies_of_one_second_house_two(played: Played, times: Mapping[str, Sequence[int]]) -> None:
    # Both see a/0 first; the one whose offer comes second has a sitting of its own again, for b/0.
    households = [household("a", list(times)), household("b", list(times))]
    run = played(households, dict.fromkeys(times), {"a": [10], "b": [20], **times})
    assert sorted((name, at) for name, _, at in leases(run)) == [("a/0", 300), ("b/0", 300)]
    lists = run.sittings[run.sittings.listed > 0]
    assert not lists.duplicated(["sitting_id", "vacancy_id"]).any()


def test_a_tenancy_is_not_over_before_the_stream_says_so(played: Played) -> None:
    # h/0 would stay 50 s in a dwelling with units; here it leaves at 300, and 150 brings nobody in.
    run = played([household("h", ["A"], 50)], {"A": None}, {"h": [10, 20], "A": [100, 300]})
    assert leases(run) == [("h/0", "A0", 100), ("h/1", "A0", 300)]
    assert run.vacancies.cause.tolist() == ["stream", "stream"]


def test_a_stream_without_vacancies_never_frees_its_dwelling() -> None:
    case = {"kind": "stylised", "horizon": 20.0, "household": [household("h", ["A"])]}
    dwellings = [{"id": "A", "vacancy_rate": 0.0}]
    scenario, territory, grid = decode(Case.model_validate(case | {"dwelling": dwellings}))
    ((_, run),) = replicate(scenario, territory, ("cotation_only",), 0, grid=grid)
    assert len(run.demands) > 5
    assert len(run.vacancies) == len(run.leases) == 0


def test_a_tenancy_of_no_second_leaves_the_dwelling_to_the_next(played: Played) -> None:
    laws = {"tenancy": {"law": "deterministic", "mean": 1e-7}}  # a tenth of a second
    households = [household("long", ["A"], 50), {"id": "h", "rate": 1.0, "accepts": ["A"], **laws}]
    run = played(households, {"A": 1}, {"long": [100], "h": [110, 120, 130]})
    assert leases(run) == [("long/0", "A0", 100), *((f"h/{n}", "A0", 150) for n in range(3))]
    assert run.leases.ended_s.astype(int).tolist() == [150] * 4


# --- stopped and resumed -----------------------------------------------------------------------------------


def world_and_state(case: Case) -> tuple[World, State]:
    world = world_of(*decode(case), 0)
    state = initial_state(world)
    open_run(world, state)
    return world, state


def told(world: World, state: State) -> Outcomes:
    close_run(world, state)
    outcomes = tell(world, state)
    invariants.check(outcomes)
    return outcomes


MIXED = {
    "kind": "stylised",
    "horizon": 60.0,
    "household": [
        {"id": "1", "rate": 2.0, "accepts": ["A"], "tenancy": {"mean": 1.0}, "abandonment_rate": 0.5},
        {"id": "2", "rate": 2.0, "accepts": ["A", "B"], "tenancy": {"law": "gamma", "mean": 1.0, "cv2": 4}},
        {"id": "3", "rate": 1.0, "accepts": ["A"], "tenancy": {"mean": 1.0}, "waits": False},
    ],
    "dwelling": [{"id": "A", "units": 4}, {"id": "B", "vacancy_rate": 1.0}],
}


@pytest.mark.parametrize("case", ["mixed", "a1_liste", "a3", "a8"])
@pytest.mark.parametrize("stops", [(0.5,), (0.1, 0.11, 0.4, 0.9)])
def test_play_stopped_and_resumed_gives_the_same_events(case: str, stops: tuple[float, ...]) -> None:
    if case == "mixed":
        shape = Case.model_validate(MIXED)
    else:
        shape = load_case(Path(f"scenarios/theory/{case}.toml"))
        shape = shape.model_copy(update={"horizon": 60.0, "warm_up": 0.0})
    world, state = world_and_state(shape)
    twin = state.copy()
    play(world, state, COTATION, world.end_s)
    for part in stops:
        play(world, twin, COTATION, int(part * world.end_s))
        twin = twin.copy()  # nothing but plain data is carried over
    play(world, twin, COTATION, world.end_s)
    whole, resumed = told(world, state), told(world, twin)
    assert len(whole.leases) > 20
    for name in ("leases", "demands", "vacancies", "offers", "sittings"):
        assert getattr(resumed, name).equals(getattr(whole, name)), name
    assert events_sha256(resumed) == events_sha256(whole)


# --- an ordinary scenario ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tutorial() -> Mapping[str, Outcomes]:
    changes = {"sittings.rule": "immediate", "time.years": 2, "time.burn_in_months": 2, "scale": 0.4}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
    return dict(replicate(scenario, territory_of(scenario), ("cotation_only", "seniority"), 0))


@pytest.mark.parametrize("policy", ["cotation_only", "seniority"])
def test_an_ordinary_scenario_is_played_at_once(tutorial: Mapping[str, Outcomes], policy: str) -> None:
    run = tutorial[policy]
    assert [str(broken) for broken in invariants.breaches(run)] == []
    assert len(run.leases) > 10
    first = run.sittings.groupby("vacancy_id").held_s.min()
    seen = run.vacancies[run.vacancies.withdrawn_s.isna()]
    appeared = seen[seen.search_s >= 0].set_index("vacancy_id").search_s
    ended = appeared[appeared < run.context["end_s"]]
    assert (first[ended.index] == ended).all()  # examined the second it appears, on any day
    assert not run.vacancies.lost.any()  # a dwelling of the stock waits


@pytest.mark.parametrize("policy", ["cotation_only", "seniority"])
@pytest.mark.parametrize("year", [0, 1])
def test_a_demand_filed_in_any_year_is_seen_at_once(
    tutorial: Mapping[str, Outcomes], policy: str, year: int
) -> None:
    run = tutorial[policy]
    filed = set(run.demands.filed_s[~run.demands.mutation].tolist())
    of_year = run.sittings.held_s[run.sittings.held_s // YEAR_S == year]
    assert any(second in filed for second in of_year.tolist())
