"""Which assignment is the best of all? Every one is tried: for a few places and a few people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Option:
    """Someone who may be first somewhere: worth, lottery number, what each row would count."""

    who: Any
    worth: int
    number: int
    adds: tuple[int, ...]


def best_assignment(options: list[list[Option]], needs: list[int], penalties: list[int]) -> list[Any]:
    """Return who is first in each place (None: nobody) in the best of all assignments, by trying them.

    1. The fullest; then the greatest Σ worth − Σ penalty · shortfall;
    2. then the lowest Σ of lottery numbers; then the smallest numbers read place after place.

    A branch is left when even the best of every place to come would not bring it to the best found.
    """
    full = 1 + sum(abs(o.worth) for place in options for o in place)
    full += sum(
        penalty * (abs(need) + sum(max((abs(o.adds[r]) for o in place), default=0) for place in options))
        for r, (need, penalty) in enumerate(zip(needs, penalties, strict=True))
    )
    places = range(len(options) + 1)
    gain = [max((full + o.worth for o in place), default=0) for place in options]
    to_come = [sum(gain[place:]) for place in places]
    help_to_come = [
        [sum(max((0, *(o.adds[r] for o in place))) for place in options[start:]) for start in places]
        for r in range(len(needs))
    ]
    best: list[Any] = [None]

    def rows_cost(sums: list[int], start: int) -> int:
        short = (max(0, need - sums[r] - help_to_come[r][start]) for r, need in enumerate(needs))
        return sum(penalty * one for penalty, one in zip(penalties, short, strict=True))

    def search(chosen: list[Option | None], value: int, sums: list[int]) -> None:
        start = len(chosen)
        most = value + to_come[start] - rows_cost(sums, start)
        if best[0] is not None and most < best[0][0]:
            return
        if start == len(options):
            numbers = [-o.number if o else -len(everybody) for o in chosen]
            luck = sum(-o.number for o in chosen if o)
            found = (most, luck, numbers)
            if best[0] is None or found > best[0][:3]:
                best[0] = (*found, [o.who if o else None for o in chosen])
            return
        taken = [o.who for o in chosen if o]
        for option in sorted(options[start], key=lambda o: (-o.worth, o.number)):
            if option.who not in taken:
                reached = [total + more for total, more in zip(sums, option.adds, strict=True)]
                search([*chosen, option], value + full + option.worth, reached)
        search([*chosen, None], value, sums)

    everybody = {o.who for place in options for o in place}
    search([], 0, [0] * len(needs))
    return list(best[0][3])
