"""Which vacancies await a sitting, and which of those alike to every demand has been vacant longest?"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any

from sim.process.vacancy import Vacancy
from sim.process.world import World

Since = tuple[int, int, int]
"""By what vacancies are examined: availability, then the dwelling's rank by name; then the vacancy's key."""


class Awaiting:
    """Vacancies that await a sitting, each with what wakes its story; those alike stand in one line.

    `in_lines` false keeps no lines, where nobody asks for the longest vacant.
    """

    def __init__(self, world: World, *, in_lines: bool = True) -> None:
        self.world, self.in_lines = world, in_lines
        self._woken_by: dict[int, Any] = {}
        self._place: dict[int, tuple[Any, Since]] = {}
        self._lines: dict[Any, list[Since]] = {}

    def __len__(self) -> int:
        return len(self._woken_by)

    def __iter__(self) -> Iterator[int]:
        """Give the keys of the vacancies."""
        return iter(self._woken_by)

    def add(self, vacancy: Vacancy, event: Any) -> None:
        """Let a vacancy await a sitting; `event` wakes its story."""
        self._woken_by[vacancy.key] = event
        if not self.in_lines:
            return
        alone = vacancy.key if vacancy.by_name and vacancy.designated else 0  # a list of its own
        alike = self.world.alike[vacancy.dwelling], vacancy.holder, alone, frozenset(vacancy.tried)
        since = self.since(vacancy)
        insort(self._lines.setdefault(alike, []), since)
        self._place[vacancy.key] = alike, since

    def pop(self, vacancy: Vacancy) -> Any:
        """Let a vacancy await no more, and return what wakes its story."""
        if self.in_lines:
            alike, since = self._place.pop(vacancy.key)
            line = self._lines[alike]
            del line[bisect_left(line, since)]
            if not line:
                del self._lines[alike]
        return self._woken_by.pop(vacancy.key)

    def longest_vacant(self) -> list[int]:
        """Return the keys of the longest vacant of each line."""
        return [line[0][-1] for line in self._lines.values()]

    def since(self, vacancy: Vacancy) -> Since:
        """Return the order in which vacancies are examined: by availability, then dwelling."""
        return vacancy.available_s, self.world.rank_by_name[vacancy.dwelling], vacancy.key
