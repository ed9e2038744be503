"""Faults of what is told of a run, and of comparisons."""

from __future__ import annotations

from planted_faults.fault import Fault

CLOSING = "sim/process/closing.py"
STEADY = "sim/steady_state.py"
HOLM = "sim/multiplicity.py"
OF_DEMANDS = ("tests/sim/process/test_demand_flow.py",)
BOTH_ENGINES = ("tests/sim/reference/test_reference_engine.py",)
OF_MEASURES = ("tests/sim/test_steady_state.py",)
OF_HOLM = ("tests/sim/test_multiplicity.py",)

WHAT_IS_TOLD = (
    Fault(
        "a lapse is written as a lease",
        CLOSING,
        'register.closed_by[rows] = CLOSINGS.index("lapse")',
        'register.closed_by[rows] = CLOSINGS.index("lease")',
        OF_DEMANDS,
    ),
    Fault(
        "a lapse is told as a lease",
        "sim/process/telling.py",
        "_named((*CLOSINGS, None), ",
        '_named(("lease", "lease", *CLOSINGS[2:], None), ',
        BOTH_ENGINES,
    ),
    Fault(
        "who left is measured as housed",
        STEADY,
        'housed = demands["closed_by"].eq("lease")',
        'housed = demands["closed_by"].notna()',
        OF_MEASURES,
    ),
    Fault(
        "the warm-up is ignored in waits and shares",
        STEADY,
        "counted = filed_s >= warm_up_s",
        "counted = filed_s >= 0",
        OF_MEASURES,
    ),
    Fault(
        "the warm-up is ignored in the number waiting",
        STEADY,
        "np.clip(closed_s, warm_up_s, end_s) - np.clip(filed_s, warm_up_s, end_s)",
        "closed_s - filed_s",
        OF_MEASURES,
    ),
    Fault(
        "the warm-up is ignored in vacancies lost",
        STEADY,
        "na_value=-1) >= warm_up_s)",
        "na_value=-1) >= 0)",
        OF_MEASURES,
    ),
    Fault(
        "Holm's step-down is Bonferroni",
        HOLM,
        "np.arange(len(order), 0, -1)",
        "np.full(len(order), len(order))",
        OF_HOLM,
    ),
    Fault(
        "differences are not corrected", HOLM, "np.arange(len(order), 0, -1)", "np.ones(len(order))", OF_HOLM
    ),
    Fault(
        "a larger p-value is told before a smaller",
        HOLM,
        "np.maximum.accumulate(values[order] * factors)",
        "values[order] * factors",
        OF_HOLM,
    ),
)
