"""How fast is housing aid estimated? 60,000 households, against a plain loop.

    python bench/housing_aid.py [--repeats N] [--sizes 60000 3000000]

Asked: 50 ms on 60,000 households. Beside it, in the same run: the formula of the law written once for one
household in plain Python (timed on a part of them, brought to the whole), held to the columns first. Medians;
the machine is shared, so the ratio says more than the milliseconds.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from cotation import median_s  # noqa: E402

from sim.rules.housing_aid import housing_aid_eur  # noqa: E402
from sim.rules.law import Law  # noqa: E402

LOOPED = 5_000
"""Households the plain loop estimates."""

SEED = 11

Household = tuple[int, int, float, float, int]


def households(n: int) -> list[np.ndarray]:
    """Return adults, children, resources a year, rent a month and zone of n drawn households."""
    drawn = np.random.default_rng(SEED)
    return [
        *(drawn.integers(1, 3, n), drawn.integers(0, 8, n)),
        *(100.0 * drawn.integers(0, 350, n), np.round(drawn.uniform(200, 900, n), 2)),
        drawn.integers(1, 4, n),
    ]


def half_up(value: float, decimals: int) -> float:
    """Round a half up."""
    return math.floor(value * 10**decimals + 0.5 + 1e-6) / 10**decimals


def one_aid_eur(law: Law, household: Household) -> float:
    """Return the aid of one household, step after step."""
    adults, children, resources, rent, zone = household

    def cap_of(place: int) -> float:
        alone, couple, first, further = law.aid_rent_caps_eur[place - 1].tolist()
        if children:
            return first + further * (children - 1)
        return couple if adults > 1 else alone

    def of_family(table: list[float]) -> float:
        if not children:
            return table[1 if adults > 1 else 0]
        return table[min(children, 6) + 1] + table[-1] * max(children - 6, 0)

    cap = cap_of(zone)
    retained = min(rent, cap)
    eligible = retained + law.aid_charges_eur[0] + law.aid_charges_eur[1] * children
    least = max(float(law.aid_least_share) * eligible, law.aid_least_eur)
    ratio, rate = half_up(retained / cap_of(2), 4), 0.0
    bands = law.aid_rent_bands.tolist()
    for place, (start, step) in enumerate(bands):
        end = bands[place + 1][0] if place + 1 < len(bands) else math.inf
        rate += step * max(min(ratio, end) - start, 0.0)
    rate = half_up(rate, 5) + of_family(law.aid_family_rates.tolist())
    counted = max(resources - of_family(law.aid_allowance_eur.tolist()), 0.0)
    aid = max(eligible - least - rate * counted, 0.0)
    first, last = law.aid_rent_multiples[zone - 1].tolist()
    aid = aid * min(max((last * cap - rent) / ((last - first) * cap), 0.0), 1.0)
    cents = round(100 * max(half_up(aid, 2) - law.aid_cut_eur, 0.0))
    return (cents - math.floor(cents * float(law.aid_crds))) // 100


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--repeats", type=int, default=31)
    parser.add_argument("--sizes", type=int, nargs="+", default=[60_000])
    asked = parser.parse_args()
    law = Law.at(date(2026, 1, 1))
    print("| households | columns ms | of processor time | plain loop / columns |")
    print("|---|---|---|---|")
    for n in asked.sizes:
        columns = households(n)
        some = list(zip(*(column[:LOOPED].tolist() for column in columns), strict=True))
        if [one_aid_eur(law, one) for one in some] != housing_aid_eur(law, *columns)[: len(some)].tolist():
            raise SystemExit("the plain loop and the columns disagree")
        fast = median_s(lambda columns=columns: housing_aid_eur(law, *columns), asked.repeats)
        began = time.process_time()
        for _ in range(asked.repeats):
            housing_aid_eur(law, *columns)
        worked = (time.process_time() - began) / asked.repeats
        slow = median_s(lambda some=some: [one_aid_eur(law, one) for one in some], 3) * n / len(some)
        print(f"| {n:,} | {1000 * fast:.1f} | {1000 * worked:.1f} | {slow / fast:,.0f} |")


if __name__ == "__main__":
    main()
