"""Faults of ties and of draws: what must depend on identities, and depends on order."""

from __future__ import annotations

from planted_faults.fault import Fault

ENGINE = "sim/process/engine.py"
FLOW = "sim/process/demand_flow.py"
TRAITS = "sim/process/demand_traits.py"
ACCEPTANCE = "sim/process/acceptance.py"
CHANCE = "sim/chance.py"
BOTH_ENGINES = ("tests/sim/reference/test_reference_engine.py",)
REORDERED = ("tests/sim/process/test_reproducible.py",)
ROWS = ("tests/sim/process/test_metamorphic.py",)
OF_ACCEPTANCE = ("tests/sim/process/test_acceptance.py",)
OF_DEMANDS = ("tests/sim/process/test_demand_flow.py",)
OF_CHANCE = ("tests/sim/test_chance.py",)

ORDER_AND_CHANCE = (
    Fault(
        "a tie of events is broken by insertion",
        ENGINE,
        "priority=(kind << 64) | identity",
        "priority=kind << 64",
        REORDERED,
    ),
    Fault(
        "a tie of woken vacancies is broken by insertion",
        ENGINE,
        "else second, kind, vacancy.key)",
        "else second, kind, 0)",
        BOTH_ENGINES,
    ),
    Fault(
        "events of one second are played in any order of kind",
        ENGINE,
        "priority=(kind << 64) | identity",
        "priority=identity",
        BOTH_ENGINES,
    ),
    Fault(
        "a tie of filing is broken by insertion",
        TRAITS,
        "np.lexsort((register.key[rows], register.lottery[rows], register.filed_s[rows]))",
        "np.argsort(register.filed_s[rows], kind='stable')",
        OF_DEMANDS,
    ),
    Fault(
        "a tie of lottery is broken by insertion",
        TRAITS,
        "np.lexsort((register.key[rows], register.lottery[rows], register.filed_s[rows]))",
        "np.lexsort((register.lottery[rows], register.filed_s[rows]))",
        OF_DEMANDS,
    ),
    Fault(
        "the lottery is keyed by order",
        TRAITS,
        '{world.day(state.now_s).year}", register.key[rows]',
        '{world.day(state.now_s).year}", np.arange(len(rows))',
        BOTH_ENGINES,
    ),
    Fault(
        "answers are keyed by order",
        ACCEPTANCE,
        "household, place = state.register.household[demand], world.dwelling_key[dwelling]",
        "household, place = np.arange(len(demand)), world.dwelling_key[dwelling]",
        OF_ACCEPTANCE,
    ),
    Fault(
        "templates are drawn by row",
        FLOW,
        "world.templates[((demands.mutation_of < 0) & recent)[world.templates]]",
        "np.flatnonzero((demands.mutation_of < 0) & recent)",
        ROWS,
    ),
    Fault(
        "two purposes share their draws",
        CHANCE,
        "\\x1f{replication}\\x1f{purpose}",
        "\\x1f{replication}",
        OF_CHANCE,
    ),
    Fault(
        "every replication has the same chance",
        CHANCE,
        "\\x1f{replication}\\x1f{purpose}",
        "\\x1f{purpose}",
        OF_CHANCE,
    ),
)
