"""Faults of how a residence is qualified."""

from __future__ import annotations

from planted_faults.fault import Fault

OBSERVED = "sim/rules/peuplement/observed.py"
QUALIFIED = "sim/rules/peuplement/qualified.py"
RULER = "sim/rules/peuplement/ruler.py"
REQUALIFIED = "sim/process/requalified.py"
SENSITIVITY = "sim/rules/peuplement/sensitivity.py"
TOLD = "mixite/observing.py"

ROOM = "tests/sim/rules/peuplement"
OF_INDICATORS = (f"{ROOM}/test_observed.py",)
OF_TYPES = (f"{ROOM}/test_qualified.py",)
OF_YEARS = (f"{ROOM}/test_stability.py",)
OF_RUNS = ("tests/sim/process/test_requalified.py",)
OF_TABLES = ("tests/mixite/test_qualifying.py",)

QUALIFICATION = (
    Fault(
        "first lettings are rotation",
        OBSERVED,
        "~np.isnat(occupants.lease_on) & ~_new(territory)[residence]",
        "~np.isnat(occupants.lease_on)",
        OF_INDICATORS,
    ),
    Fault("an income of 0 is one", OBSERVED, "valid = income > 0", "valid = income >= 0", OF_INDICATORS),
    Fault(
        "a dwelling that does not stand is vacant",
        OBSERVED,
        "free = here & (~occupied",
        "free = (~occupied",
        OF_INDICATORS,
    ),
    Fault(
        "what dwellings tell moves with what households do",
        OBSERVED,
        "within[place, :] = within[:, place] = 0.0",
        "within[place, place] = 0.0",
        OF_INDICATORS,
    ),
    Fault(
        "an empty residence is of the EPCI's type",
        QUALIFIED,
        "statistical = np.where(known, ruler.types(score), -1)",
        "statistical = ruler.types(np.nan_to_num(score))",
        OF_TYPES,
    ),
    Fault(
        "a type set before is forgotten each year",
        QUALIFIED,
        "kind = np.where(stays, given, statistical)",
        "kind = statistical",
        OF_YEARS,
    ),
    Fault(
        "a type set before stays for ever",
        QUALIFIED,
        "(~known | ruler.keeps(given, score - reach, score + reach))",
        "(known | ~known)",
        OF_YEARS,
    ),
    Fault(
        "a run reads each year on the score alone",
        REQUALIFIED,
        "qualify(observed, before.choice, before.type, before.ruler)",
        "qualify(observed, before.choice, None, before.ruler)",
        OF_RUNS,
    ),
    Fault(
        "a type signed is undone by figures that did not move",
        REQUALIFIED,
        "np.clip(found.type + state.steps, 0",
        "np.clip(found.type, 0",
        OF_RUNS,
    ),
    Fault(
        "an interval without the spread of the incomes of the start",
        REQUALIFIED,
        "observe(world.territory, world.law, state.q1_fixed_eur, standing=stands)",
        "observe(world.territory, world.law, np.nan, standing=stands)",
        OF_RUNS,
    ),
    Fault(
        "a size is read as it is",
        QUALIFIED,
        "facts[:, doublings] = np.log2(facts[:, doublings])",
        "facts[:, doublings] = facts[:, doublings]",
        OF_TYPES,
    ),
    Fault(
        "an interval as if each indicator stood alone",
        RULER,
        'np.einsum("ri,ij,rj->r", known, within, known)',
        'np.einsum("ri,ii,ri->r", known, within, known)',
        OF_TABLES,
    ),
    Fault(
        "settings keep the cuts of the choice",
        SENSITIVITY,
        "np.searchsorted(cuts(score, households), score",
        "np.searchsorted(found.ruler.cuts, score",
        OF_TYPES,
    ),
    Fault(
        "silence is no refusal", TOLD, 'REFUSED = ("refused", "silent")', 'REFUSED = ("refused",)', OF_TABLES
    ),
)
