"""Faults of who is seen by a sitting, in which order."""

from __future__ import annotations

from planted_faults.fault import Fault

COMMISSION = "sim/process/commission.py"
TRAITS = "sim/process/demand_traits.py"
ADMISSION = "sim/process/admission.py"
SITTINGS = "sim/process/sittings.py"
BOTH_ENGINES = ("tests/sim/reference/test_reference_engine.py",)
OF_TOY = ("tests/sim/process/test_toy.py",)
OF_DESIGNATION = ("tests/sim/process/test_designation.py",)
IMMEDIATE = ("tests/sim/process/test_immediate_sittings.py",)

WHO_IS_SEEN = (
    Fault(
        "seniority runs from the last renewal, in points",
        SITTINGS,
        "world.epoch_days + register.filed_s[rows] // DAY_S",
        "world.epoch_days + (state.now_s - (state.now_s - register.filed_s[rows]) % (365 * DAY_S)) // DAY_S",
        BOTH_ENGINES,
    ),
    Fault(
        "seniority runs from the renewal, in order",
        TRAITS,
        "register.lottery[rows], register.filed_s[rows]))]",
        "register.lottery[rows], register.filed_s[rows] % (365 * DAY_S)))]",
        OF_TOY,
    ),
    Fault(
        "a demand outside the holder's pool is listed",
        "sim/process/pools.py",
        "label_bit(one.reservataire) if one.designated else 0",
        "0",
        OF_TOY,
    ),
    Fault(
        "a demand is listed where it does not wish to live",
        "sim/process/register.py",
        "bits.nonzero()[1].astype(np.int16)",
        "bits.nonzero()[1].astype(np.int16) * 0",
        IMMEDIATE,
    ),
    Fault(
        "a name outside the pool is let pass",
        "sim/process/legality.py",
        "if name != NOBODY and name not in pool:",
        "if False:",
        OF_TOY,
    ),
    Fault(
        "a designation outlasts its delay by a sitting",
        COMMISSION,
        "state.now_s < vacancy.available_s + delay_s",
        "state.now_s <= vacancy.available_s + delay_s",
        OF_DESIGNATION,
    ),
    Fault(
        "the income threshold is last year's",
        ADMISSION,
        "state.q1_threshold_eur = first_quartile_threshold(state.register.income_uc_eur[open_rows])",
        "state.q1_threshold_eur = state.previous_threshold_eur",
        BOTH_ENGINES,
    ),
    Fault(
        "who waits keeps the traits of last year's threshold",
        ADMISSION,
        "read_traits(world, state, np.concatenate([open_rows, filed_not_seen]), at_filing=False)",
        "read_traits(world, state, filed_not_seen, at_filing=False)",
        BOTH_ENGINES,
    ),
)
