"""Faults of how partners' entries become types, and of what may be told of them."""

from __future__ import annotations

from planted_faults.fault import Fault

DECISIONS = ("tests/sim/rules/peuplement/test_decisions.py",)
ENTRIES = ("tests/sim/rules/peuplement/test_concertation.py",)
DIFFUSION = ("tests/mixite/concertation/test_diffusion.py",)

CONCERTATION = (
    Fault(
        "one signature is enough to change a type",
        "sim/rules/peuplement/decisions.py",
        "return (UNSIGNED, HALF_SIGNED, SIGNED)[signed]",
        "return (UNSIGNED, SIGNED, SIGNED)[signed]",
        DECISIONS,
    ),
    Fault(
        "a contest is not read",
        "sim/rules/peuplement/decisions.py",
        "        if self.contested_by:\n            return CONTESTED\n",
        "",
        DECISIONS,
    ),
    Fault(
        "a decision rules on the day it ends",
        "sim/rules/peuplement/decisions.py",
        "on >= self.ends_on",
        "on > self.ends_on",
        DECISIONS,
    ),
    Fault(
        "the objective of an open proposal counts",
        "sim/rules/peuplement/decisions.py",
        "return np.array([name not in open_on for name in residence_id], dtype=bool)",
        "return np.array([name not in () for name in residence_id], dtype=bool)",
        DECISIONS,
    ),
    Fault(
        "any bailleur signs for a residence",
        "sim/rules/peuplement/entries.py",
        "if party and party not in allowed:",
        "if party and not allowed:",
        ENTRIES,
    ),
    Fault(
        "a decision changed by hand is read",
        "sim/rules/peuplement/kept.py",
        'if each is None or seals((each,), before)[0] != row.text("seal"):',
        "if each is None:",
        ENTRIES,
    ),
    Fault(
        "a later qualification writes over what stood beside a decision",
        "sim/rules/peuplement/concertation.py",
        "measured=each.measured or seen.measured",
        "measured=seen.measured",
        ENTRIES,
    ),
    Fault(
        "partners whose intervals meet disagree",
        "sim/rules/peuplement/appraisals.py",
        "return max(other.low - one.high, 0) - max(one.low - other.high, 0)",
        "return other.low - one.low",
        ("tests/sim/rules/peuplement/test_appraisals.py",),
    ),
    Fault(
        "a small residence alone in its commune and type is counted in public",
        "mixite/concertation/diffusion.py",
        "~small | (together >= FEWEST)",
        "~small | (together > 0)",
        DIFFUSION,
    ),
    Fault(
        "types now and aimed at are counted of other residences in public",
        "mixite/concertation/diffusion.py",
        "np.stack([commune, found.settled.type, found.settled.target])",
        "np.stack([commune, found.settled.type, found.settled.type])",
        DIFFUSION,
    ),
    Fault(
        "a part left out of a report may be found from the others",
        "mixite/report/diffused.py",
        "if count < FEWEST}\n    parted = {",
        "if count < FEWEST}\n    parted = set() and {",
        ("tests/mixite/report/test_gauges.py",),
    ),
    Fault(
        "a public report keeps the rows of each bailleur",
        "mixite/report/diffused.py",
        "return table[~named & ~flows]",
        "return table[~flows]",
        ("tests/mixite/report/test_diffused.py",),
    ),
    Fault(
        "the CIL reads figures of residences under eleven households",
        "mixite/concertation/diffusion.py",
        'described = whole["households"] >= FEWEST',
        "described = True",
        DIFFUSION,
    ),
    Fault(
        "the public reads counts under eleven",
        "mixite/concertation/diffusion.py",
        '"residences": count if count >= FEWEST else LESS,',
        '"residences": count,',
        DIFFUSION,
    ),
)
