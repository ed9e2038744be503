"""Faults of who is seen by a sitting, in which order."""

from __future__ import annotations

from planted_faults.fault import Fault

COMMISSION = "sim/process/commission.py"
TRAITS = "sim/process/demand_traits.py"
ADMISSION = "sim/process/admission.py"
SCORES = "sim/process/scores.py"
BOTH_ENGINES = ("tests/sim/reference/test_reference_engine.py",)
OF_TOY = ("tests/sim/process/test_toy.py",)
OF_DESIGNATION = ("tests/sim/process/test_designation.py",)
IMMEDIATE = ("tests/sim/process/test_immediate_sittings.py",)

WHO_IS_SEEN = (
    Fault(
        "seniority begins a year late, in points",
        SCORES,
        "world.epoch_days + register.filed_s[rows] // DAY_S",
        "world.epoch_days + register.filed_s[rows] // DAY_S + 365",
        BOTH_ENGINES,
    ),
    Fault(
        "points stay what they were, however long a demand waits",
        SCORES,
        "again = rows[register.scored_month[rows] != month]",
        "again = rows[register.scored_month[rows] == NOT_SCORED]",
        BOTH_ENGINES,
    ),
    Fault(
        "points stay what they were when a household changes",
        TRAITS,
        "    stale(state.register, rows)\n",
        "",
        BOTH_ENGINES,
    ),
    Fault(
        "a rent above the stated maximum is proposed, by the cotation",
        "sim/policies/pool.py",
        "        if self._fitting.most_rent_eur.item(place) < self._due_eur:\n            return False\n",
        "",
        ("tests/sim/policies/test_pool.py",),
    ),
    Fault(
        "a pool counts whose stated maximum is under its rent",
        "sim/policies/pool.py",
        "len(fitting.position) - fitting.under(due_eur)",
        "len(fitting.position)",
        ("tests/sim/policies/test_pool.py",),
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
        "if name not in sitting.pools[vacancy]:",
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
