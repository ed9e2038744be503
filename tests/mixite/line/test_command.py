"""What a command takes: options shared and laid out, numbers refused before anything is read."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_args

import pytest
import typer
from annotated_types import Ge, Gt, Le

from mixite.__main__ import COMMANDS
from mixite.frontier.line import POINTS
from mixite.grids import line as grids
from mixite.line.command import Bounds, command
from mixite.line.options import REPLICATIONS, SCALE, SEED, YEARS
from sim.scenario import FrontierChoice, Place, Runs, Time
from sim.territory.files.faults import FaultsFound

CHECKED_WITH_THE_REST = {"precision", "gap", "time_limit"}
"""Numbers that their command refuses itself, with the faults of its files: test_command_line, test_match."""

TAKEN = {each.__name__: command(each) for each in COMMANDS} | {
    f"grid {each.__name__}": each for each in (grids.check, grids.score, grids.compare)
}


def numbers(taken: Callable[..., None]) -> dict[str, Bounds | None]:
    """Return the options of a command that are numbers, with their bounds."""
    found = {}
    for name, each in inspect.signature(taken).parameters.items():
        kind, *told = get_args(each.annotation)
        if {int, float} & {kind, *get_args(kind)}:
            found[name] = next((one for one in told if isinstance(one, Bounds)), None)
    return found


OPTIONS = [
    (name, option, bounds) for name, taken in TAKEN.items() for option, bounds in numbers(taken).items()
]


def test_every_number_of_every_command_is_bounded_or_checked_with_the_rest() -> None:
    assert len(OPTIONS) > 25
    assert {option for _, option, bounds in OPTIONS if bounds is None} == CHECKED_WITH_THE_REST


def refused(taken: Callable[..., None], **typed: Any) -> list[tuple[str, str, str]]:
    given = {name: typed.get(name) for name in inspect.signature(taken).parameters}
    with pytest.raises(FaultsFound) as found:
        taken(**given)
    return [(fault.file, fault.value, fault.message) for fault in found.value.faults]


@pytest.mark.parametrize(("name", "option", "bounds"), [each for each in OPTIONS if each[2]])
def test_a_number_out_of_its_bounds_is_said_of_its_option(name: str, option: str, bounds: Bounds) -> None:
    wrong: list[float] = [bounds.lowest - 1, float("nan"), float("inf"), -float("inf")]
    wrong += [bounds.lowest] if bounds.above else []
    wrong += [bounds.highest + 1] if bounds.highest < float("inf") else []
    for value in wrong:
        assert refused(TAKEN[name], **{option: value}) == [
            (f"--{option.replace('_', '-')}", str(value), str(bounds))
        ]


@pytest.mark.parametrize(
    ("bounds", "section", "name"),
    [
        (YEARS, Time, "years"),
        (SCALE, Place, "scale"),
        (SEED, Runs, "seed"),
        (REPLICATIONS, Runs, "replications"),
        (REPLICATIONS, FrontierChoice, "replications"),
        (POINTS, FrontierChoice, "points"),
    ],
)
def test_bounds_of_the_line_are_those_of_a_scenario(bounds: Bounds, section: Any, name: str) -> None:
    told = {type(each): each for each in section.model_fields[name].metadata}
    low = Bounds(told[Gt].gt, above=True) if Gt in told else Bounds(told[Ge].ge)
    highest = told[Le].le if Le in told else float("inf")
    assert bounds == Bounds(low.lowest, highest, low.above)


@dataclass(frozen=True)
class Where:
    """Options of two commands."""

    place: Annotated[str, typer.Option("--place")]
    years: Annotated[int | None, typer.Option("--years"), Bounds(1, 3)] = None


SEEN: list[object] = []


def go(
    name: Annotated[str, typer.Argument()],
    *,
    share: Annotated[float, typer.Option("--share"), Bounds(0, 1)] = 0.5,
    where: Where,
) -> None:
    """Keep what is taken."""
    SEEN.append((name, share, where))


def test_a_dataclass_is_laid_out_in_options_where_it_stands_and_given_whole() -> None:
    taken = command(go)
    assert list(inspect.signature(taken).parameters) == ["name", "share", "place", "years"]
    taken(name="a", share=1.0, place="Lille", years=3)
    assert SEEN.pop() == ("a", 1.0, Where("Lille", 3))


def test_every_number_out_of_bounds_is_said_at_once_and_the_body_is_not_run() -> None:
    assert refused(command(go), name="a", share=-1.0, place="Lille", years=4) == [
        ("--share", "-1.0", "attendu ≥ 0 et ≤ 1"),
        ("--years", "4", "attendu ≥ 1 et ≤ 3"),
    ]
    assert SEEN == []
