"""What does a piece of work answer in a process of its own, with how much memory, and was it ended?

A process of its own makes the peak of memory its own, provided that the caller holds little: the peak of the
caller is inherited. Work that does not look at its clock is ended from outside.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any


@dataclass(frozen=True)
class Apart:
    """What a process answered, `value` None when it was ended; its peak of memory; its seconds in all, on the
    wall and of the processor."""

    value: Any
    peak_mb: float
    seconds: float
    cpu: float

    @property
    def ended(self) -> bool:
        return self.value is None


def apart(work: Callable[..., Any], *arguments: Any, kill_after: float | None = None) -> Apart:
    """Call a function of a module in a new process and return what it answers, which may not be None.

    Raises
    ------
    RuntimeError
        with the trace of the process, when the function raised.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, work, arguments))
    began, spent = time.perf_counter(), _spent()
    process.start()
    theirs.close()
    try:
        value, peak_mb, fault = ours.recv() if ours.poll(kill_after) else (None, float("nan"), "")
    except EOFError:  # ended by the system, of hunger for memory most often
        value, peak_mb, fault = None, float("nan"), ""
    process.kill()
    process.join()
    if fault:
        raise RuntimeError(fault)
    return Apart(value, peak_mb, time.perf_counter() - began, _spent() - spent)


def _spent() -> float:
    """Return the seconds of the processor spent by the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _answer(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        value, fault = work(*arguments), ""
    except Exception:
        value, fault = None, traceback.format_exc()
    pipe.send((value, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, fault))
