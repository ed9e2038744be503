"""Who does the tasks of a long command: this process, or several that share one territory in memory?

joblib writes each column of a territory once, where the workers map it, read-only, and removes it at the end,
after an interruption too.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeVar

Done = TypeVar("Done")

SMALLEST_SHARED_BYTES = 1024
"""Columns smaller than this are copied to each worker; the others lie in memory once."""


def started(count: int) -> Generator[None, None, None]:
    """Start workers, that read the engine while this process does something else; exhaust it to wait."""
    return in_any_order(_ready, [()] * count, count)


def in_any_order(
    task: Callable[..., Done], arguments: Iterable[tuple[Any, ...]], count: int
) -> Generator[Done, None, None]:
    """Do a task for each arguments by so many workers; give what it returns as each ends.

    Closing the generator stops the workers.
    """
    from joblib import Parallel, delayed

    # A worker that has grown by 300 MB is replaced by joblib between two tasks: nothing is lost.
    warnings.filterwarnings("ignore", message="A worker stopped while some jobs", category=UserWarning)
    shared = {"max_nbytes": SMALLEST_SHARED_BYTES, "mmap_mode": "r"}
    parallel = Parallel(n_jobs=count, backend="loky", return_as="generator_unordered", **shared)
    found: Generator[Done, None, None] = parallel(delayed(task)(*each) for each in arguments)
    return found


def _ready() -> None:
    """Read what a replication needs, by a worker that has nothing else to do yet."""
    import sim.indicators
    import sim.process.replication  # noqa: F401
