"""How much time is left, where a limit was set?

Without a limit nothing here reads the time, and the same input gives the same bytes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Clock:
    """A moment after which work stops with the best it has; None: never."""

    end: float | None = None

    @classmethod
    def of(cls, seconds: float | None) -> Clock:
        """Return a clock that runs for so many seconds from now; without end when None."""
        return cls() if seconds is None else cls(time.monotonic() + seconds)

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self.end is not None and time.monotonic() >= self.end

    @property
    def left(self) -> float | None:
        """Seconds left, None when there is no end."""
        return None if self.end is None else max(0.0, self.end - time.monotonic())

    def parameters(self, nodes: int | None = None) -> Any:
        """Return a solver's parameters: one thread, the time left, at most so many nodes of a search."""
        from ortools.math_opt.parameters_pb2 import SolveParametersProto

        parameters = SolveParametersProto(threads=1)
        if nodes is not None:
            parameters.node_limit = nodes
        if self.end is not None:
            parameters.time_limit.FromMilliseconds(max(1, int(1e3 * (self.end - time.monotonic()))))
        return parameters
