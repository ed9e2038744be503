"""What is a planted fault?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault: `text`, once in `file`, becomes `planted`; a test of `tests` must fail."""

    name: str
    file: str
    text: str
    planted: str
    tests: tuple[str, ...]  # files, the fewest and the quickest that are enough
