"""The cumulative incidence of housing, by hand and against a slow implementation written apart."""

from fractions import Fraction

import numpy as np
import pytest

from sim.indicators import housed
from sim.outcomes import MONTH_S

M = MONTH_S


def by_definition(entry, leaving, cause, horizon):
    """Return the Aalen-Johansen incidence in exact fractions, one loop, straight from the formula."""
    survival, incidence = Fraction(1), Fraction(0)
    for age in sorted({t for t, why in zip(leaving, cause, strict=True) if why and t <= horizon}):
        at_risk = sum(bool(e <= age <= t) for e, t in zip(entry, leaving, strict=True))
        exits = [why for t, why in zip(leaving, cause, strict=True) if t == age and why]
        incidence += survival * Fraction(exits.count(1), at_risk)
        survival *= 1 - Fraction(len(exits), at_risk)
    return float(incidence)


def test_incidence_of_five_demands_worked_by_hand(build, find):
    run = build(
        years=1,
        demands=[
            {"demand_id": "D1", "filed_s": 0, "closed_s": 3 * M, "closed_by": "lease"},
            {"demand_id": "D2", "filed_s": 0, "closed_s": 5 * M, "closed_by": "lapse"},
            {"demand_id": "D3", "filed_s": 0, "closed_s": 8 * M, "closed_by": "lease"},
            {"demand_id": "D4", "filed_s": 0},
            {"demand_id": "D5", "filed_s": -4 * M, "closed_s": 2 * M, "closed_by": "lease"},
        ],
    )
    rows = housed.compute(run)
    # month 3: 4 at risk (D5 is not observed yet), 1 housed     F = 1/4             S = 3/4
    # month 5: 4 at risk (D2-D5), 1 lapse                       F = 1/4             S = 9/16
    # month 6: 3 at risk, D5 housed at age 6                    F = 1/4 + 9/48      S = 3/8
    # month 8: 2 at risk, D3 housed                             F = 7/16 + 3/16     S = 3/16
    assert find(rows, "housed_6m", "all") == pytest.approx(7 / 16)
    assert find(rows, "housed_12m", "all") == pytest.approx(10 / 16)
    # Nobody was observed beyond 12 months, and D4 still waits: unknown, not 10/16.
    assert np.isnan(find(rows, "housed_24m", "all"))
    assert np.isnan(find(rows, "housed_6m", "mutation"))


def test_lapse_is_an_exit_and_not_a_censoring(build, find):
    gone = [{"demand_id": "A", "closed_s": M, "closed_by": "lapse"}]
    leased = [{"demand_id": "B", "closed_s": 2 * M, "closed_by": "lease"}]
    # One of two is housed, for ever: 1/2. Censoring the lapse would say 1. Everybody has left by month 2.
    assert find(housed.compute(build(demands=gone + leased)), "housed_24m", "all") == pytest.approx(0.5)


def test_dalo_clock_starts_at_recognition(build, find):
    run = build(
        years=2,
        demands=[
            # Filed 20 months before the start, recognised 3 months after it, housed 4 months later.
            {
                "demand_id": "D1",
                "filed_s": -20 * M,
                "dalo_recognised_s": 3 * M,
                "closed_s": 7 * M,
                "closed_by": "lease",
            },
            # Recognised at the start, still waiting 24 months later.
            {"demand_id": "D2", "filed_s": -2 * M, "dalo_recognised_s": 0, "dalo": True},
            # Recognised only after it closed: never a DALO demand.
            {
                "demand_id": "D3",
                "filed_s": 0,
                "dalo_recognised_s": 2 * M,
                "closed_s": M,
                "closed_by": "lapse",
            },
        ],
    )
    rows = housed.compute(run)
    assert find(rows, "housed_6m", "dalo") == pytest.approx(0.5)
    assert find(rows, "housed_24m", "dalo") == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(8))
def test_incidence_equals_the_definition_in_fractions(seed):
    rng = np.random.default_rng(seed)
    entry = np.where(rng.random(150) < 0.5, 0, rng.integers(0, 10, 150)) * M
    leaving = entry + rng.integers(0, 25, 150) * M  # whole months: many ties
    cause = rng.integers(0, 3, 150)
    horizons = np.array([6, 12, 24]) * M
    group = rng.random(150) < 0.7
    found = housed.cumulative_incidence(entry, leaving, cause, [group, ~group], horizons)
    for line, member in zip(found, (group, ~group), strict=True):
        for value, horizon in zip(line, horizons, strict=True):
            expected = by_definition(entry[member], leaving[member], cause[member], horizon)
            assert np.isnan(value) or value == pytest.approx(expected, abs=1e-12)
    assert not np.isnan(found[0]).any()


def test_incidence_grows_with_the_horizon_and_stays_a_share(random_run):
    rows = housed.compute(random_run())
    shares = np.array([row.value for row in rows]).reshape(-1, 3)
    assert (np.diff(shares, axis=1) >= 0).all()
    assert ((shares >= 0) & (shares <= 1)).all()


def test_housed_and_gone_without_a_lease_compete_month_by_month(build):
    run = build(
        years=1,
        demands=[
            {"demand_id": "D1", "filed_s": 0, "closed_s": 3 * M, "closed_by": "lease"},
            {"demand_id": "D2", "filed_s": 0, "closed_s": 5 * M, "closed_by": "lapse"},
            {"demand_id": "D3", "filed_s": 0, "closed_s": 8 * M, "closed_by": "lease"},
            {"demand_id": "D4", "filed_s": 0},
            {"demand_id": "D5", "filed_s": -4 * M, "closed_s": 2 * M, "closed_by": "lease"},
        ],
    )
    everybody = {"all": np.ones(5, dtype=bool)}
    ages = np.array([0, 3, 5, 6, 8, 12]) * M
    end_s = float(run.context["end_s"])
    came = housed.by_group(run.demands, end_s, everybody, ages)["all"]
    gone = housed.by_group(run.demands, end_s, everybody, ages, housed.LEFT)["all"]
    # As worked above; the lapse of month 5: survival 3/4 × 1 of 4 at risk. 3/16 wait at month 8.
    assert came == pytest.approx([0, 1 / 4, 1 / 4, 7 / 16, 10 / 16, 10 / 16])
    assert gone == pytest.approx([0, 0, 3 / 16, 3 / 16, 3 / 16, 3 / 16])
    assert came[4] + gone[4] == pytest.approx(1 - 3 / 16)


@pytest.mark.parametrize("of", [housed.HOUSED, housed.LEFT])
def test_monthly_curves_are_those_of_the_definition(of):
    draws = np.random.default_rng(8)
    entry = draws.integers(0, 10, 40) * M * (draws.random(40) < 0.4)
    leaving = entry + draws.integers(1, 20, 40) * M
    cause = draws.choice([0, 1, 2], 40)
    ages = np.arange(25) * M
    (found,) = housed.cumulative_incidence(entry, leaving, cause, [np.ones(40, dtype=bool)], ages, of)
    swapped = cause if of == housed.HOUSED else np.array([0, 2, 1])[cause]
    slow = np.array([by_definition(entry, leaving, swapped, age) for age in ages])
    known = ~np.isnan(found)
    assert known[:10].all()
    assert found[known] == pytest.approx(slow[known], abs=1e-12)
    assert (np.diff(found[known]) >= 0).all()
