"""What does a year lose by being decided week by week, without knowing who and what will come?

    python bench/regret.py [--size town] [--seeds 5] [--weeks 10 25 50] [--shares 25 50 25]
                           [--together 1] [--limit 120]

The same arrivals and vacancies for all (`year.py`), every offer accepted; R1, R2 and R4 are owed over the
year. Side by side:
- weekly: each sitting solved, its rows needing what `sim.rules.quotas.needed` asks from what is signed and
  the flow of the year before; prices carried as whole numbers;
- weekly, no rows: the same with no row, which tells the loss of not knowing from that of the rows;
- greedy: dwelling by dwelling, the highest points first, no rows;
- clairvoyant: the year as one problem, a pair wherever the applicant waits in the vacancy's week. Its bound
  is the verifier's and holds for every policy that fills as many dwellings and is short of as little.

`--shares` makes the rows dearer than the law does; `--together` lets the weekly policy see several weeks.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from year import FILLED, LEGAL, SIZES, UNIT, WEEKS, Year, draw_year

from optimizer import solve
from optimizer.problem import Ints
from sim.rules.quotas import Rows, needed

GAP = 1e-5
"""Gap to its bound at which the clairvoyant answer is good enough: it is the bound that counts."""

MONTHS = 12


@dataclass(frozen=True)
class Played:
    """What a policy made of a year; `bound` on FILLED · fill + weight of any, from the clairvoyant alone."""

    name: str
    fill: int
    weight: int
    short: Ints  # (R,) leases short over the year, rounded up
    seconds: float
    bound: int | None = None


def clairvoyant(year: Year, rows: bool, limit: float) -> Played:
    """Solve the year as one problem, `limit` seconds at most."""
    began = time.perf_counter()
    kept = np.arange(len(year.label) if rows else 0)
    everything = slice(0, year.week.size), np.arange(year.pair_applicant.size)
    problem = year.problem(*everything, np.zeros(kept.size, dtype=np.int64), kept)
    answer = solve(problem, trusted=True, gap=GAP, time_limit=limit)
    name = "clairvoyant" if rows else "clairvoyant, no rows"
    return _played(name, year, answer.pair, time.perf_counter() - began, answer.bound // UNIT)


def weekly(year: Year, rows: bool) -> Played:
    """Solve each sitting with what it may know.

    1. Take the week's vacancies and who waits and is not housed.
    2. Ask `needed` what each row needs, from leases signed so far and the flow of the trailing year.
    3. Solve, from the prices of the last week that each row was in; sign every first of the lists.
    """
    began = time.perf_counter()
    housed = np.zeros(year.signature.size, dtype=bool)
    signed, counted = np.zeros((2, len(year.label)), dtype=np.int64)
    prices: dict[str, float] = {}
    given = []
    for week, here, pairs in _sittings(year):
        pairs = pairs[~housed[year.pair_applicant[pairs]]]
        state = _rows(year, week, here, signed, counted)
        kept = np.flatnonzero(state.scope.any(axis=1)) if rows else np.arange(0)
        problem = year.problem(here, pairs, needed(state)[kept], kept)
        start = {name: prices[name] for name in problem.row_label.tolist() if name in prices}
        answer = solve(problem, trusted=True, prices=start)
        prices |= dict(zip(problem.row_label.tolist(), np.rint(answer.prices).tolist(), strict=True))
        new = pairs[answer.pair]
        given.append(new)
        housed[year.pair_applicant[new]] = True
        gained = _counts(year, new)
        signed, counted = signed + gained[0], counted + gained[1]
    name = "weekly" if rows else "weekly, no rows"
    return _played(name, year, np.concatenate(given), time.perf_counter() - began)


def greedy(year: Year) -> Played:
    """Give each dwelling in turn to the highest points that wait."""
    began = time.perf_counter()
    housed = np.zeros(year.signature.size, dtype=bool)
    given = []
    start = np.searchsorted(year.pair_vacancy, np.arange(year.week.size + 1))
    for first, last in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
        waiting = first + np.flatnonzero(~housed[year.pair_applicant[first:last]])
        if waiting.size:
            best = waiting[year.pair_weight[waiting].argmax()]
            given.append(best)
            housed[year.pair_applicant[best]] = True
    return _played("greedy", year, np.array(given), time.perf_counter() - began)


def _sittings(year: Year) -> Iterator[tuple[int, slice, Ints]]:
    """Yield each week with a vacancy, its vacancies and its pairs."""
    for week in range(year.weeks):
        first, last = np.searchsorted(year.week, [week, week + 1]).tolist()
        pairs = np.arange(*np.searchsorted(year.pair_vacancy, [first, last]))
        if pairs.size:
            yield week, slice(first, last), pairs


def _rows(year: Year, week: int, here: slice, signed: Ints, counted: Ints) -> Rows:
    """Return where each row stands on a week; nothing is in flight, every offer was accepted."""
    none, no_flight = np.zeros(len(year.label), dtype=np.int64), np.zeros(len(year.label))
    flow = year.flow[:, week].astype(np.float64)
    return Rows(
        label=year.label,
        rule=tuple(name.split()[0] for name in year.label),
        tier=none,
        percent=year.percent,
        public=year.public,
        excluded=none,
        scope=year.scope[:, here],
        signed=signed,
        counted=counted,
        signed_due=no_flight,
        counted_due=no_flight,
        month_flow=flow / MONTHS,
        remaining=flow * (year.weeks - week) / year.weeks,
    )


def _counts(year: Year, pairs: Ints) -> tuple[Ints, Ints]:
    """Return the leases of each row and those to its public, (R,) each."""
    inside = year.scope[:, year.pair_vacancy[pairs]]
    served = year.signature[year.pair_applicant[pairs]][None, :] & year.public[:, None] != 0
    return inside.sum(axis=1), (inside & served).sum(axis=1)


def _played(name: str, year: Year, pairs: Ints, seconds: float, bound: int | None = None) -> Played:
    who = year.pair_applicant[pairs]
    if np.unique(who).size < who.size or np.unique(year.pair_vacancy[pairs]).size < pairs.size:
        raise RuntimeError(f"{name} : quelqu'un est logé deux fois ou un logement attribué deux fois")
    signed, counted = _counts(year, pairs)
    short = -(-np.maximum(0, year.percent * signed - UNIT * counted) // UNIT)
    return Played(name, pairs.size, int(year.pair_weight[pairs].sum()), short, seconds, bound)


def played(year: Year, together: int, limit: float) -> list[Played]:
    """Return the same year under every policy, the clairvoyant with rows and without them first."""
    under = [clairvoyant(year, True, limit), clairvoyant(year, False, limit)]
    decided = year.together(together)
    return [*under, weekly(decided, True), weekly(decided, False), greedy(year)]


def part(policy: Played, beside: Played) -> float:
    """Return a policy's weight over the most that any which fills as many dwellings can have."""
    assert beside.bound is not None
    return policy.weight / (beside.bound - FILLED * policy.fill)


def lines(over: list[list[Played]]) -> Iterator[str]:
    """Yield a line of the table for each policy: its figures over the seeds."""
    for at, first in enumerate(over[0]):
        parts = [part(each[at], each[0]) for each in over]
        lost = [
            each[at].weight * (1 / p - 1) / 10 / each[at].fill for each, p in zip(over, parts, strict=True)
        ]
        worse = max(int((each[at].short - each[0].short).max()) for each in over)
        cells = [
            f"{statistics.mean(parts):.4f} ({min(parts):.4f}-{max(parts):.4f})",
            f"{statistics.mean(part(each[at], each[1]) for each in over):.4f}",
            f"{statistics.mean(lost):.2f}",
            f"{statistics.mean(each[at].fill for each in over):.0f}",
            f"{statistics.mean(int(each[at].short.sum()) for each in over):.1f}",
            f"{worse:+d}",
            f"{statistics.median(each[at].seconds for each in over):.2f}",
        ]
        yield " | ".join([f"{first.name:20}", *cells])


def main() -> None:
    """Play every seed to every horizon, and print one table a horizon."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", choices=list(SIZES), default="town")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--weeks", type=int, nargs="+", default=[10, 25, WEEKS])
    parser.add_argument("--shares", type=int, nargs=3, default=LEGAL, help="of R1, R2 and R4, percent")
    parser.add_argument("--together", type=int, default=1, help="weeks that are decided at once")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for the clairvoyant")
    given = parser.parse_args()
    years = [draw_year(SIZES[given.size], seed, tuple(given.shares)) for seed in range(given.seeds)]
    columns = ("of the bound", "without rows", "points lost a lease", "leases", "short", "worst row", "s")
    for weeks in given.weeks:
        over = [played(year.until(weeks), given.together, given.limit) for year in years]
        print(f"\n{given.size}, {weeks} weeks, shares {list(given.shares)}, {given.seeds} seeds")
        print(" | ".join([" " * 20, *columns]))
        for line in lines(over):
            print(line, flush=True)


if __name__ == "__main__":
    main()
