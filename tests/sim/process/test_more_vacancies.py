"""Do more vacancies, all else keyed alike, ever house fewer households in total?

Exactly never where every offer is accepted, nobody moves on and no demand frees a dwelling. One at a time,
from the best to the last, that is a theorem: with one more vacancy, at any moment either the same demands
wait and one more dwelling is vacant, or one demand fewer waits and one more is housed. Jointly, it is one
within a sitting, where as many dwellings are filled as can be. Elsewhere (refusals, transfers, departures)
one more vacancy may cost a lease of its own, and the statement is about the mean.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformations import with_vacant, without_transfers

from sim.outcomes import DAY_S, Outcomes
from sim.policies import POLICIES
from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.process.replication import replicate, territory_of
from sim.scenario import Scenario, load_scenario
from sim.territory.columns import Territory

IN_TURN = ("cotation_only", "seniority", "lottery")
MATCHED = ("cotation_matched", "cotation_quotas", "cotation_peuplement")
SURE = 1.0 - 1e-12
CERTAIN: dict[str, Any] = {
    "time.years": 1,
    "time.burn_in_months": 0,
    "sittings.every_days": 14,
    "acceptance.accepts": SURE,
    "acceptance.dalo_accepts": SURE,
    "acceptance.silent_share": 0.0,
    "acceptance.not_attributed": 0.0,
    "acceptance.commission_effort": 0.0,
    "acceptance.first_commune": 0.0,
    "acceptance.effort": 0.0,
    "acceptance.residence_sd": 0.0,
    "demand.mutation_share": 0.0,
    "funnel.stages": False,
    # Old tenancies end, new ones do not: a hazard in the fifth power of the years passed.
    "departures.weibull_shape": 6.0,
    "departures.weibull_scale_years": 30.0,
    # Demands are scarce: few come, few renew.
    "demand.new_per_pending": 0.1,
    "demand.renewal": 0.1,
    "law.overrides": {"answer_days": 1},
}
PLACES = [
    ("tutorial", 0),
    ("jouet", 0),
    *(pytest.param("tutorial", seed, marks=pytest.mark.slow) for seed in range(1, 5)),
]


def certain(name: str, seed: int) -> tuple[Scenario, Territory]:
    """Return a scenario where an offer is a lease within a day, and no tenancy begun in it ends."""
    smaller = {"scale": 0.5, "territory.territory_seed": seed} if name == "tutorial" else {}
    scenario = load_scenario(Path(f"scenarios/{name}.toml"), changes={**CERTAIN, **smaller})
    territory = territory_of(scenario)
    return scenario, without_transfers(territory)


def housed_by(run: Outcomes, times: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(run.leases.signed_s.to_numpy(np.int64)), times, side="right")


def assert_never_fewer(fewer: Outcomes, more: Outcomes, case: object) -> None:
    """Compare the households housed by the day after every sitting."""
    for run in (fewer, more):
        assert run.leases.ended_s.isna().all(), f"{case}: a tenancy of the run ended in it"
        assert run.offers.outcome.isin(["accepted", "superseded"]).all(), f"{case}: an offer was not accepted"
    times = np.union1d(fewer.sittings.held_s, more.sittings.held_s).astype(np.int64) + DAY_S
    gained = housed_by(more, times) - housed_by(fewer, times)
    worst = int(gained.argmin())
    day = times[worst] // DAY_S
    assert gained.min() >= 0, f"{case}: {-gained[worst]} fewer housed by day {day}"
    assert gained[-1] == len(more.leases) - len(fewer.leases)


@pytest.mark.parametrize(("name", "seed"), PLACES)
def test_more_vacancies_never_house_fewer_where_every_offer_is_a_lease(name: str, seed: int) -> None:
    """A theorem for those treated one by one; for those matched jointly, over these cases."""
    scenario, territory = certain(name, seed)
    gained = 0
    for number, added in ((0, 1), (1, 6)):
        larger = with_vacant(territory, added, seed + number)
        policies = (*IN_TURN, *MATCHED[: 1 + 2 * (seed > 0)])
        runs = [replicate(scenario, place, policies, number) for place in (territory, larger)]
        for (policy, fewer), (_, more) in zip(*runs, strict=True):
            assert_never_fewer(fewer, more, (policy, f"replication {number}", f"{added} more"))
            gained += len(more.leases) - len(fewer.leases)
    assert gained > 0


@pytest.mark.parametrize(("name", "seed"), [place for place in PLACES if place != ("jouet", 0)])
def test_within_a_sitting_one_more_vacancy_fills_as_many_or_one_more(name: str, seed: int) -> None:
    """Every dwelling is vacant at once and seen at one sitting: under every policy, a theorem."""
    scenario, territory = certain(name, seed)
    at_once = {"works_days": 0.0, "short_notice_share": 0.0, "outside_share": 0.0}
    departures = scenario.departures.model_copy(update=at_once)
    monthly = scenario.sittings.model_copy(update={"every_days": 28})
    scenario = scenario.model_copy(update={"departures": departures, "sittings": monthly})
    filled: dict[int, list[int]] = {}
    for added in range(4):
        first: list[int] = []
        place = with_vacant(territory, added, seed)

        def count(sitting: Sitting, lists: Shortlist, into: list[int] = first) -> None:
            if sitting.held_s < 28 * DAY_S:
                into.append(int((lists.rows[:, 0] != NOBODY).sum()))

        list(replicate(scenario, place, tuple(POLICIES), 0, count))
        assert len(first) == len(POLICIES)
        filled[added] = first
    for added in range(3):
        for policy, one, next_one in zip(POLICIES, filled[added], filled[added + 1], strict=True):
            assert one <= next_one <= one + 1, f"{policy}: {one} filled, then {next_one} with one more"
    most = filled[0][list(POLICIES).index("cotation_matched")]
    assert all(filled[0][list(POLICIES).index(policy)] == most for policy in MATCHED)


@pytest.mark.parametrize(
    ("policies", "replications"),
    [(("cotation_only",), 8), pytest.param(tuple(POLICIES), 30, marks=pytest.mark.slow)],
)
def test_more_vacancies_house_more_in_the_mean(policies: tuple[str, ...], replications: int) -> None:
    """With refusals, transfers and departures as they are: one-sided, Student's t of the paired gains > 2."""
    scenario = load_scenario(
        Path("scenarios/tutorial.toml"),
        changes={"time.years": 1, "time.burn_in_months": 0, "sittings.every_days": 14, "scale": 0.5},
    )
    territory = territory_of(scenario)
    larger = with_vacant(territory, 12, 0)
    gains: dict[str, list[int]] = {policy: [] for policy in policies}
    for number in range(replications):
        runs = [replicate(scenario, place, policies, number) for place in (territory, larger)]
        for (policy, fewer), (_, more) in zip(*runs, strict=True):
            gains[policy].append(len(more.leases) - len(fewer.leases))
    for policy, gained in gains.items():
        spread = np.std(gained, ddof=1) / np.sqrt(replications)
        assert np.mean(gained) > 2 * spread, f"{policy}: gains {gained}"
