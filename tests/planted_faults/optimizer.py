"""Faults of the optimiser: what is verified, stages and lists; those of its search are in search.py."""

from __future__ import annotations

from planted_faults.fault import Fault

PROBLEM = "optimizer/problem.py"
VERIFY = "optimizer/verify.py"
STAGES = "optimizer/lexicographic.py"
LISTS = "optimizer/lists.py"
RANKS = "optimizer/ranks.py"
OF_PROBLEMS = ("tests/optimizer/test_problem.py",)
OF_VERIFYING = ("tests/optimizer/test_verify.py",)
OF_STAGES = ("tests/optimizer/test_lexicographic.py",)
OF_LISTS = ("tests/optimizer/test_lists.py",)
OF_RANKS = ("tests/optimizer/test_ranks.py",)

WHAT_IS_VERIFIED = (
    Fault(
        "an applicant is placed twice",
        VERIFY,
        "np.flatnonzero(times > 1)",
        "np.flatnonzero(times > 2)",
        OF_VERIFYING,
    ),
    Fault(
        "a class holds one too many",
        VERIFY,
        "np.flatnonzero(used > full)",
        "np.flatnonzero(used > full + 1)",
        OF_VERIFYING,
    ),
    Fault(
        "a class just full is refused",
        VERIFY,
        "np.flatnonzero(used > full)",
        "np.flatnonzero(used >= full)",
        OF_VERIFYING,
    ),
    Fault(
        "a group holds one too many",
        VERIFY,
        "np.flatnonzero(held > full)",
        "np.flatnonzero(held > full + 1)",
        OF_VERIFYING,
    ),
    Fault(
        "a forbidden pair is let pass",
        VERIFY,
        "problem.lock[inside] == -1",
        "problem.lock[inside] == -2",
        OF_VERIFYING,
    ),
    Fault(
        "a missing lock is let pass",
        VERIFY,
        "np.flatnonzero(problem.lock == 1)",
        "np.flatnonzero(problem.lock == 2)",
        OF_VERIFYING,
    ),
    Fault(
        "a pair beyond the last is let pass",
        VERIFY,
        "pairs[(pairs < 0) | (pairs >= problem.pairs)]",
        "pairs[(pairs < 0) | (pairs > problem.pairs)]",
        OF_VERIFYING,
    ),
    Fault(
        "an objective that says too much is let pass",
        VERIFY,
        "objective != value",
        "objective < value",
        OF_VERIFYING,
    ),
    Fault("a bound is rounded up", VERIFY, "total // PRICE_UNIT", "-(-total // PRICE_UNIT)", OF_VERIFYING),
    Fault(
        "an applicant pays to be placed",
        VERIFY,
        "price = np.zeros(problem.applicants, dtype=np.int64)",
        "price = np.full(problem.applicants, -(2**40))",
        OF_VERIFYING,
    ),
    Fault(
        "a row price beyond its penalty is believed",
        VERIFY,
        "_LARGEST // PRICE_UNIT) * PRICE_UNIT",
        "_LARGEST // PRICE_UNIT) * PRICE_UNIT * 2",
        OF_VERIFYING,
    ),
    Fault(
        "a class price is paid to the applicant",
        VERIFY,
        "np.tile(class_price + ",
        "np.tile(-class_price + ",
        OF_VERIFYING,
    ),
    Fault(
        "what a row takes has the wrong sign",
        VERIFY,
        "np.add.at(toll, coef_cell, problem",
        "np.add.at(toll, coef_cell, -problem",
        OF_VERIFYING,
    ),
    Fault(
        "what is above a ceiling is not short",
        VERIFY,
        "np.maximum(0, np.maximum(below, above))",
        "np.maximum(0, below)",
        OF_VERIFYING,
    ),
    Fault(
        "the gap has the wrong sign", VERIFY, "gap = (bound - value)", "gap = (value - bound)", OF_VERIFYING
    ),
    Fault("prices wrap around", VERIFY, "+ worst_cell > _LARGEST", "+ worst_cell > 2**80", OF_VERIFYING),
    Fault(
        "a locked applicant may refuse in the bound",
        VERIFY,
        "[locked]] = margin[locked]",
        "[locked]] = np.maximum(0, margin[locked])",
        OF_VERIFYING,
    ),
    Fault(
        "one lock more than the capacity is sound",
        PROBLEM,
        "np.flatnonzero(used > self.class_capacity)",
        "np.flatnonzero(used > self.class_capacity + 1)",
        OF_PROBLEMS,
    ),
    Fault(
        "a weight above the greatest is sound",
        PROBLEM,
        '("pair_weight", 0, MAX_WEIGHT)',
        '("pair_weight", 0, MAX_WEIGHT + 1)',
        OF_PROBLEMS,
    ),
)

STAGES_AND_LISTS = (
    Fault(
        "the common unit is turned over",
        STAGES,
        "units[inside] = common // problem.scale[inside]",
        "units[inside] = problem.scale[inside]",
        OF_STAGES,
    ),
    Fault(
        "a target is worth what the law is",
        STAGES,
        "problem.row_tier == LEGAL, worths.legal, worths.target)",
        "problem.row_tier == LEGAL, worths.legal, worths.legal)",
        OF_STAGES,
    ),
    Fault("targets come before the law", STAGES, "LEGAL, TARGET = 0, 1", "LEGAL, TARGET = 1, 0", OF_STAGES),
    Fault(
        "a stage that falls short is left so",
        STAGES,
        "            return dearer",
        "            return None",
        OF_STAGES,
    ),
    Fault(
        "the last stage's bound forgets the places",
        STAGES,
        "held = worths.place * reached.fill - ",
        "held = -",
        OF_STAGES,
    ),
    Fault(
        "scales without a common unit are counted",
        STAGES,
        "if common > DEAREST:",
        "if common < 0:",
        OF_STAGES,
    ),
    Fault(
        "weight comes before the signature of rank 1",
        LISTS,
        "yield from top[signature[top] == signature[first]].tolist()",
        "yield from top.tolist()",
        OF_LISTS,
    ),
    Fault(
        "the highest number is next on a list",
        LISTS,
        "np.lexsort((lottery, -self.problem.pair_weight[pairs]))",
        "np.lexsort((-lottery, -self.problem.pair_weight[pairs]))",
        OF_LISTS,
    ),
    Fault(
        "a forbidden pair on a list is let pass",
        LISTS,
        "problem.pair_lock[p] < 0",
        "problem.pair_lock[p] < -1",
        OF_LISTS,
    ),
    Fault(
        "one list too many is let pass",
        LISTS,
        "np.flatnonzero(times > most)",
        "np.flatnonzero(times > most + 1)",
        OF_LISTS,
    ),
    Fault("a rank's signature weighs nothing", RANKS, "+ spread * (kinds", "+ 0 * spread * (kinds", OF_RANKS),
    Fault("a rank sees the best candidate alone", RANKS, "[: len(where) + _SPARE]", "[:1]", OF_RANKS),
    Fault(
        "a forbidden pair is a candidate", RANKS, "& (problem.lock >= 0)", "& (problem.lock >= -1)", OF_RANKS
    ),
    Fault(
        "who may stand on no more list is a candidate",
        RANKS,
        "(left > 0)[problem.pair_applicant]",
        "(left > -1)[problem.pair_applicant]",
        OF_RANKS,
    ),
)
