"""Faults of vacancies and tenancies."""

from __future__ import annotations

from planted_faults.fault import Fault

ENGINE = "sim/process/engine.py"
LAWS = "sim/process/laws.py"
OF_TENANCIES = ("tests/sim/process/test_tenancies.py",)
OF_LAWS = ("tests/sim/process/test_laws.py",)
IMMEDIATE = ("tests/sim/process/test_immediate_sittings.py",)

DWELLINGS = (
    Fault(
        "a lost vacancy is kept",
        ENGINE,
        'if vacancy.cause == "stream" and not vacancy.offers:',
        'if vacancy.cause == "lost" and not vacancy.offers:',
        IMMEDIATE,
    ),
    Fault(
        "no sitting is held when a demand is filed",
        ENGINE,
        "            if self.awaiting:\n",
        "            if not self.awaiting:\n",
        IMMEDIATE,
    ),
    Fault(
        "the shortest vacant is let first",
        "sim/process/awaiting.py",
        "line[0][-1] for line",
        "line[-1][-1] for line",
        IMMEDIATE,
    ),
    Fault("a tenancy has the wrong mean", LAWS, "drawn) / shape, 1.0)", "drawn), 1.0)", OF_LAWS),
    Fault(
        "patience has its rate for mean", LAWS, "key[impatient]) / rate", "key[impatient]) * rate", OF_LAWS
    ),
    Fault(
        "a Weibull tenancy begins anew at the start",
        "sim/process/tenancies.py",
        "reached = passed(world, lease_s, read_s) + left",
        "reached = 0.0 * passed(world, lease_s, read_s) + left",
        OF_TENANCIES,
    ),
    Fault(
        "a small dwelling is left later",
        "sim/process/hazards.py",
        "((TYPICAL_ROOMS - np.clip(rooms, 1, 5)) / 4.0)",
        "((np.clip(rooms, 1, 5) - TYPICAL_ROOMS) / 4.0)",
        OF_TENANCIES,
    ),
)
