"""By how much does keyed chance cut the variance of a difference between two policies?

    python bench/variance.py [--scenario scenarios/tutorial.toml] [--scale F] [--years N] [--replications N]

Two changes of rule, both towards `cotation_peuplement`: a small one from `cotation_quotas`, a large one from
`cotation_only`. The same replications are played under
(a) independent seeds: each policy with its own chance, here the replication next to the other policy's;
(b) one shared stream: the same seed for both policies, every draw taken from one numpy Generator in the order
    in which the program asks, the burn-in included;
(c) keyed chance, as the program is.
A factor is var(A) + var(B), what independent seeds give, over the variance of the paired difference, in the
same runs; (a) is measured as well and should stand at 1. Brackets: the middle 95 % of 2,000 bootstraps of the
replications. Territory, scenario and numbers of replications are printed with the table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sim.outcomes import MONTH_S, Outcomes  # noqa: E402
from sim.process import world  # noqa: E402
from sim.process.replication import replicate, territory_of  # noqa: E402
from sim.scenario import Scenario, find, load_scenario  # noqa: E402
from sim.territory.columns import Territory  # noqa: E402

Floats = NDArray[np.float64]

POLICIES = ("cotation_only", "cotation_quotas", "cotation_peuplement")
PAIRS = {
    "small change": ("cotation_quotas", "cotation_peuplement"),
    "large change": (POLICIES[0], POLICIES[2]),
}
FRAGILE = ("en_vigilance", "a_conforter")

METRICS: dict[str, Callable[[Outcomes], float]] = {
    "% Q1 among leases": lambda out: float(out.leases["first_quartile"].mean()),
    "% Q1 of leases in fragile types": lambda out: float(
        out.leases.loc[out.leases["peuplement_type"].isin(FRAGILE), "first_quartile"].mean()
    ),
    "mean wait of the housed": lambda out: float(
        ((out.leases["signed_s"] - out.leases["filed_s"]) / MONTH_S).mean()
    ),
    "offers per vacancy": lambda out: len(out.offers) / len(out.vacancies),
}


class Stream:
    """One shared stream: the questions of `sim.chance.Chance`, answered in order, whoever they are about."""

    def __init__(self, seed: int, replication: int = 0) -> None:
        self.draws = np.random.Generator(np.random.PCG64([seed, replication]))

    def uniform(self, purpose: str, entity: Any, partner: Any = 0) -> Floats:
        """Return the next uniforms of the stream, one per (entity, partner)."""
        return self._next(entity, partner)

    def uniforms(self, purpose: str, entity: Any, partner: Any = 0) -> tuple[Floats, Floats]:
        """Return two uniforms per (entity, partner)."""
        return self._next(entity, partner), self._next(entity, partner)

    def quarters(self, purpose: str, entity: Any, partner: Any = 0) -> tuple[Floats, ...]:
        """Return four uniforms per (entity, partner)."""
        return tuple(self._next(entity, partner) for _ in range(4))

    def one(self, purpose: str, entity: int, partner: int = 0) -> float:
        """Return the next uniform."""
        return float(self._next(entity, partner)[0])

    def normal(self, purpose: str, entity: Any, partner: Any = 0) -> Floats:
        """Return one standard normal per (entity, partner)."""
        drawn: Floats = ndtri(self._next(entity, partner))
        return drawn

    def exponential(self, purpose: str, entity: Any, partner: Any = 0) -> Floats:
        """Return one exponential of mean 1 per (entity, partner)."""
        return -np.log(self._next(entity, partner))

    def order(self, purpose: str, entity: Any, partner: Any = 0) -> NDArray[np.int64]:
        """Return a lottery number per entity."""
        return np.argsort(np.argsort(self._next(entity, partner))).astype(np.int64)

    def _next(self, entity: Any, partner: Any) -> Floats:
        size = np.broadcast(np.atleast_1d(np.asarray(entity)), np.asarray(partner)).size
        return np.maximum(self.draws.random(size), 2.0**-54)  # never 0, whose logarithm is taken


@contextmanager
def one_stream() -> Iterator[None]:
    """Play with one shared stream instead of keyed chance."""
    keyed = world.Chance
    world.Chance = Stream  # type: ignore[assignment, misc]
    try:
        yield
    finally:
        world.Chance = keyed  # type: ignore[misc]


def measured(scenario: Scenario, territory: Territory, replications: int, apart: bool) -> Floats:
    """Return the metrics of every run, (policies, metrics, replications).

    `apart` plays the burn-in anew for each policy, so that each finds the shared stream where the burn-in
    leaves it, as two launches of a program with the same seed would.
    """
    found = np.empty((len(POLICIES), len(METRICS), replications))
    launches = [[name] for name in POLICIES] if apart else [list(POLICIES)]
    for replication in range(replications):
        for names in launches:
            for name, outcomes in replicate(scenario, territory, names, replication):
                values = [metric(outcomes) for metric in METRICS.values()]
                found[POLICIES.index(name), :, replication] = values
    return found


def factor(a: Floats, b: Floats, shift: int = 0) -> tuple[float, float, float]:
    """Return (var(a) + var(b)) / var(b − a) and the bounds of its bootstrap; `shift` breaks the pairs."""
    partner = np.roll(b, shift)
    known = ~np.isnan(a) & ~np.isnan(partner)
    a, b = a[known], partner[known]
    draws = np.random.default_rng(0).integers(0, len(a), (2000, len(a)))

    def ratio(a: Floats, b: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return (a.var(axis=-1, ddof=1) + b.var(axis=-1, ddof=1)) / (b - a).var(axis=-1, ddof=1)

    low, high = np.nanquantile(ratio(a[draws], b[draws]), [0.025, 0.975])
    return float(ratio(a, b)), float(low), float(high)


def show(keyed: Floats, shared: Floats) -> None:
    """Print one line a pair and metric: the difference, then the factor of each scheme."""
    print("pair | metric | difference | sd keyed | (a) independent | (b) one stream | (c) keyed")
    for title, pair in PAIRS.items():
        a, b = (POLICIES.index(name) for name in pair)
        for place, metric in enumerate(METRICS):
            difference = keyed[b, place] - keyed[a, place]
            schemes = [(keyed, 1), (shared, 0), (keyed, 0)]
            factors = [factor(runs[a, place], runs[b, place], shift) for runs, shift in schemes]
            cells = [f"{value:.2f} [{low:.2f}, {high:.2f}]" for value, low, high in factors]
            middle, spread = np.nanmean(difference), np.nanstd(difference, ddof=1)
            print(" | ".join([title, metric, f"{middle:.4f}", f"{spread:.4f}", *cells]), flush=True)


def main() -> None:
    """Play the replications under both schemes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--scenario", type=Path, default=Path("scenarios/tutorial.toml"))
    parser.add_argument("--scale", type=float)
    parser.add_argument("--years", type=int)
    parser.add_argument("--burn-in-months", type=int)
    parser.add_argument("--replications", type=int, default=40)
    given = parser.parse_args()
    asked = {"scale": given.scale, "time.years": given.years, "time.burn_in_months": given.burn_in_months}
    scenario = load_scenario(find(given.scenario), changes=asked)
    territory = territory_of(scenario)
    began = time.process_time()
    keyed = measured(scenario, territory, given.replications, apart=False)
    with one_stream():
        shared = measured(scenario, territory, given.replications, apart=True)
    print(
        f"{given.scenario}, scale {scenario.scale:g}: {len(territory.dwellings.dwelling_id)} dwellings, "
        f"{scenario.time.years} years after {scenario.time.burn_in_months} months of burn-in, "
        f"{given.replications} replications, seed {scenario.runs.seed}; "
        f"{time.process_time() - began:.0f} s of processor time"
    )
    show(keyed, shared)


if __name__ == "__main__":
    main()
