"""How does a function become a command: which options it shares with others, which numbers it refuses?

An argument that is a dataclass stands for the options of its fields: they are declared once, for every
command that takes it. A number out of the bounds of its option is refused before the body runs, with every
other such number. Left out on purpose: what only a scenario, a file or two options together can refuse.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import Any, get_type_hints

from sim.territory.files.faults import Fault, FaultsFound, shown


@dataclass(frozen=True)
class Bounds:
    """Between what a number of an option lies; the lowest is admitted unless `above` it is asked for."""

    lowest: float
    highest: float = math.inf
    above: bool = False

    def admit(self, value: float) -> bool:
        """Tell whether a number lies within; NaN and the infinite never do."""
        low = value > self.lowest if self.above else value >= self.lowest
        return low and value <= self.highest and value < math.inf

    def __str__(self) -> str:
        low = f"{'>' if self.above else '≥'} {self.lowest:g}"
        return f"attendu {low}" + (f" et ≤ {self.highest:g}" if self.highest < math.inf else "")


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Return a function as typer reads a command: dataclasses laid out in options, numbers bounded.

    Raises
    ------
    FaultsFound
        when it is called: with every number out of its bounds.
    """
    hints = get_type_hints(function, include_extras=True)
    own = inspect.signature(function).parameters
    groups = {name: kind for name, kind in hints.items() if name in own and is_dataclass(kind)}
    parameters: list[inspect.Parameter] = []
    for name, parameter in own.items():
        parameters += _fields(groups[name]) if name in groups else [_named(parameter, hints[name])]

    @wraps(function)
    def taken(**typed: Any) -> None:
        faults = list(_out_of_bounds(parameters, typed))
        if faults:
            raise FaultsFound(faults)
        grouped = {
            name: kind(**{each.name: typed.pop(each.name) for each in fields(kind)})
            for name, kind in groups.items()
        }
        function(**typed, **grouped)

    taken.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    taken.__annotations__ = {each.name: each.annotation for each in parameters}
    return taken


def _fields(kind: Any) -> list[inspect.Parameter]:
    """Return the fields of a dataclass as parameters."""
    hints = get_type_hints(kind, include_extras=True)
    return [_named(each, hints[name]) for name, each in inspect.signature(kind).parameters.items()]


def _named(parameter: inspect.Parameter, hint: Any) -> inspect.Parameter:
    """Return a parameter given by name, so that one without a default may follow one that has some."""
    return parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hint)


def _out_of_bounds(parameters: Iterable[inspect.Parameter], typed: Mapping[str, Any]) -> Iterable[Fault]:
    for each in parameters:
        value = typed[each.name]
        for bounds in getattr(each.annotation, "__metadata__", ()):
            if isinstance(bounds, Bounds) and value is not None and not bounds.admit(value):
                yield Fault(f"--{each.name.replace('_', '-')}", str(bounds), value=shown(value))
