"""Playing until a precision is reached: batches, the maximum, and a result that does not depend on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from mixite import comparing, playing, run_folder
from mixite.report.differences import stopping_sentence
from mixite.report.study import Study
from mixite.stopping import Stopping, play_until
from sim import precision
from sim.scenario import Scenario
from sim.territory.files.faults import FaultsFound

PAIR = ("cotation_only", "cotation_peuplement")
ROWS = (("housed_12m", "dalo"), ("r1_share", "all"))


class Made:
    """Replications made by hand: r1_share differs by 10 ± `spread` in turn, housed_12m by 0 ± 1."""

    def __init__(self, spread: float) -> None:
        self.spread = spread
        self.batches: list[range] = []

    def play(self, numbers: range) -> None:
        self.batches.append(numbers)

    def values(self, numbers: range) -> pd.DataFrame:
        rows = [
            (policy, number, indicator, group, 0, (policy == PAIR[1]) * (middle + spread * (-1.0) ** number))
            for policy in PAIR
            for number in numbers
            for (indicator, group), middle, spread in zip(ROWS, (0, 10), (1, self.spread), strict=True)
        ]
        return pd.DataFrame(rows, columns=["policy", "replication", "indicator", "group", "year", "value"])

    def until(self, relative: float = 0.1, maximum: int = 200, batch: int = 1) -> Stopping:
        return play_until(relative, PAIR, self.play, self.values, maximum=maximum, batch=batch)


def test_precise_replications_stop_after_the_first_batch() -> None:
    made = Made(spread=0.1)
    found = made.until()
    assert made.batches == [range(24)]
    assert (found.replications, found.reached, found.distinguished, found.too_wide) == (24, True, 1, ())


@pytest.mark.parametrize(("batch", "played"), [(1, 44), (8, 48), (100, 124)])
def test_size_of_a_batch_changes_what_is_played_and_not_what_is_read(batch: int, played: int) -> None:
    made = Made(spread=3)
    found = made.until(batch=batch)
    # 42 is worked by hand in tests/sim/test_precision.py; batches after the first 24 are of 5 at least.
    assert (found.replications, found.reached) == (42, True)
    assert [number for numbers in made.batches for number in numbers] == list(range(played))


def test_maximum_stops_it_and_the_headline_that_is_too_wide_is_named() -> None:
    made = Made(spread=3)
    found = made.until(maximum=31)
    assert made.batches[-1].stop == 31
    assert (found.replications, found.reached, found.too_wide) == (31, False, (("r1_share", "all"),))
    assert found.as_json() == {
        "asked": 0.1,
        "reached": False,
        "replications": 31,
        "maximum": 31,
        "policy_a": "cotation_only",
        "policy_b": "cotation_peuplement",
        "too_wide": [{"indicator": "r1_share", "group": "all"}],
    }


def test_maximum_under_twenty_four_is_played_and_cannot_be_enough() -> None:
    made = Made(spread=0.1)
    found = made.until(maximum=3)
    assert made.batches == [range(3)]
    assert (found.replications, found.reached) == (3, False)


@pytest.fixture
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that can hold after three replications, so that few are played."""
    monkeypatch.setattr(precision, "FEWEST", 2)
    monkeypatch.setattr(precision, "CONSECUTIVE", 2)


def toy(replications: int, policies: tuple[str, ...] = ("lottery", "lottery")) -> Scenario:
    changes = {"policies.compare": list(policies), "time.years": 1, "runs.replications": replications}
    return comparing.load(Path("scenarios/jouet.toml"), changes)


@pytest.mark.usefixtures("sooner")
def test_comparison_until_precise_is_that_of_as_many_replications(tmp_path: Path) -> None:
    # A policy against itself is known exactly: the rule holds at 2 and 3. Five are kept from before.
    whole = comparing.compare(toy(5), tmp_path / "a", workers=1).study
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "a").glob("*/manifest.json")}
    found = comparing.compare(toy(50), tmp_path / "a", workers=1, precision=0.5).study
    assert (whole.replications, found.replications, found.scenario["runs"]["replications"]) == (5, 3, 3)
    assert found.stopping is not None
    assert found.stopping.reached
    assert {path: path.stat().st_mtime_ns for path in before} == before  # nothing is played again
    assert len(list((tmp_path / "a").glob("*/manifest.json"))) == len(before) == 5
    said = {name: (tmp_path / "a" / name).read_text(encoding="utf-8") for name in ("report.html", "note.md")}
    assert all("3 répliques ont été nécessaires" in text for text in said.values())
    asked = comparing.compare(toy(3), tmp_path / "a", workers=1).study
    pd.testing.assert_frame_equal(found.comparison, asked.comparison)
    assert "règle séquentielle" not in (tmp_path / "a" / "report.html").read_text(encoding="utf-8")


def test_more_replications_leave_the_events_of_the_first_ones_alone(tmp_path: Path) -> None:
    scenario, events = toy(1), []
    place = playing.loaded(scenario)
    for count in (1, 3):
        comparing.play([scenario], place, range(count), 1, tmp_path / str(count))
        manifests = [
            run_folder.read_manifest(path.parent) for path in (tmp_path / str(count)).glob("*/manifest.json")
        ]
        events.append({each["replication"]: each["events_sha256"] for each in manifests})
    assert events[0][0] == events[1][0]
    assert len(set(events[1].values())) == 3


@pytest.mark.parametrize(
    ("asked", "policies", "said"),
    [
        (0.0, ("lottery", "seniority"), "attendu entre 0 et 1"),
        (1.0, ("lottery", "seniority"), "attendu entre 0 et 1"),
        (float("nan"), ("lottery", "seniority"), "attendu entre 0 et 1"),
        (0.1, ("lottery",), "une seule politique"),
    ],
)
def test_precision_that_cannot_be_is_refused_before_anything_is_written(
    asked: float, policies: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    with pytest.raises(FaultsFound, match=said):
        comparing.compare(toy(3, policies), tmp_path / "x", workers=1, precision=asked)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("replications", "asked", "expected"), [(None, None, None), (7, None, 7), (7, 0.1, 7), (None, 0.1, 200)]
)
def test_maximum_is_the_number_asked_else_two_hundred(
    replications: int | None, asked: float | None, expected: int | None
) -> None:
    assert comparing.most(replications, asked) == expected


STOPPED = Stopping(0.1, 60, 200, True, PAIR, 2, ())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Précision atteinte : 60 répliques ont été nécessaires."),
        (
            {"reached": False, "too_wide": (("r1_share", "all"),)},
            "non atteinte après 60 répliques, à cause de : Premier quartile et relogements hors QPV.",
        ),
        (
            {"reached": False, "replications": 3},
            "non atteinte après 3 répliques : la règle en demande au moins 24.",
        ),
        ({"reached": False, "distinguished": 0}, "aucun écart de tête n'est distingué de zéro."),
        ({"reached": False}, "elle n'a pas tenu 5 fois de suite."),
    ],
)
def test_report_says_how_many_replications_and_why(
    study_of: Callable[..., Study], changes: dict[str, object], said: str
) -> None:
    text = stopping_sentence(replace(study_of(), stopping=replace(STOPPED, **changes)))
    assert text.startswith("Nombre de répliques fixé en cours de calcul (règle séquentielle) : ")
    assert "d'au plus 10\u202f% de l'écart" in text
    assert "à 5 nombres de répliques de suite à partir de 20, 200 au plus." in text
    assert said in text


def test_no_sequential_rule_is_said_where_none_was_used(study_of: Callable[..., Study]) -> None:
    assert stopping_sentence(study_of()) == ""
