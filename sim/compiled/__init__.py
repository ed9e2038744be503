"""May loops be compiled here? The extra `fast` brings numba; without it numpy says the same, more slowly.

Each module of this room is one loop that the model spends its time in; what it computes is written once more
in numpy where it is used, and the tests hold both to each other, bit by bit. `MIXITE_FAST=0` in the
environment leaves numba out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeVar

ON = os.environ.get("MIXITE_FAST", "1") != "0" and find_spec("numba") is not None
"""Whether loops are compiled."""

Loop = TypeVar("Loop", bound=Callable[..., Any])


def loop(function: Loop) -> Loop:
    """Compile a loop at its first call, and keep what was compiled beside the source for the next run.

    Floating point stays what the source says: nothing is reordered (`fastmath=False`).
    """
    from numba import njit

    compiled: Any = njit(cache=True, fastmath=False)(function)
    made: Loop = compiled
    return made
