"""How far is a long command: a bar with the time left on a terminal, nothing elsewhere?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

EVERY_S = 1.0
"""How often what is done is counted."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Give a function to call at each step done, of `total` steps."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with _bar() as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def watched(label: str, total: int, done: Callable[[], int]) -> Iterator[None]:
    """Show how many things are done, of `total`, by counting them now and then: others do them."""
    if not sys.stderr.isatty():
        yield
        return
    ended = Event()
    with _bar() as bar:
        task = bar.add_task(label, total=total)

        def watch() -> None:
            while not ended.wait(EVERY_S):
                bar.update(task, completed=done())

        Thread(target=watch, daemon=True).start()
        try:
            yield
        finally:
            ended.set()


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("temps restant"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)
