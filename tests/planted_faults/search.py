"""Faults of the search: what is stated, what bounds it, what is rounded, how ties are parted."""

from __future__ import annotations

from planted_faults.fault import Fault

STATING = "optimizer/stating.py"
COLUMNS = "optimizer/columns.py"
RELAXATION = "optimizer/relaxation.py"
WHOLE = "optimizer/whole.py"
SOLVE = "optimizer/solve.py"
EQUALS = "optimizer/equals.py"
OF_STATING = ("tests/optimizer/test_stating.py",)
OF_POOLS = ("tests/optimizer/test_columns.py",)
OF_PARTS = ("tests/optimizer/test_shards.py",)
OF_WHOLE_ANSWERS = ("tests/optimizer/test_whole.py",)
OF_EQUALS = ("tests/optimizer/test_equals.py",)
OF_ANSWERS = ("tests/optimizer/test_solve.py",)

WHAT_IS_SOUGHT = (
    Fault(
        "a forbidden pair is seen",
        STATING,
        "(problem.pair_lock == 0) & ~held",
        "(problem.pair_lock <= 0) & ~held",
        OF_STATING,
    ),
    Fault(
        "a lock takes no place",
        STATING,
        "capacity = capacity - np.bincount",
        "capacity = capacity - 0 * np.bincount",
        OF_STATING,
    ),
    Fault(
        "a lock counts in no row",
        STATING,
        "low, high = low - counted, high - counted",
        "low, high = low - 0 * counted, high - counted",
        OF_STATING,
    ),
    Fault(
        "a group has one place too many",
        STATING,
        "problem.group_capacity.astype(np.float64)])",
        "problem.group_capacity + 1.0])",
        OF_STATING,
    ),
    Fault(
        "applicants go by their index",
        STATING,
        "problem.applicant_lottery.astype(np.int32)[applicant]",
        "applicant.astype(np.int32)",
        OF_ANSWERS,
    ),
    Fault(
        "a row reads the class before",
        STATING,
        "+ 1) * problem.classes + problem.coef_class",
        "+ 1) * problem.classes + np.maximum(problem.coef_class - 1, 0)",
        OF_STATING,
    ),
    Fault(
        "a ceiling costs nothing",
        RELAXATION,
        "-penalty[self.up], -penalty[self.down]",
        "-penalty[self.up], 0 * penalty[self.down]",
        OF_ANSWERS,
    ),
    Fault(
        "a floor is free to be missed",
        RELAXATION,
        "-penalty[self.up], -penalty[self.down]",
        "0 * penalty[self.up], -penalty[self.down]",
        OF_ANSWERS,
    ),
    Fault(
        "a bound forgets capacities",
        COLUMNS,
        "float(programme.capacity @ class_price)",
        "float(class_price.sum())",
        OF_POOLS,
    ),
    Fault(
        "a bound forgets rows",
        COLUMNS,
        "float(programme.capacity @ class_price) + rows",
        "float(programme.capacity @ class_price)",
        OF_POOLS,
    ),
    Fault(
        "a pair's loss has the wrong sign",
        COLUMNS,
        "self.applicant_price[programme.applicant[pairs]] - margin",
        "margin - self.applicant_price[programme.applicant[pairs]]",
        OF_POOLS,
    ),
    Fault(
        "the first pool has one pair too few",
        COLUMNS,
        "left = many - above.size",
        "left = many - above.size - 1",
        OF_POOLS,
    ),
    Fault(
        "the first pool parts ties by index",
        COLUMNS,
        "lottery = programme.applicant[begin + equal]",
        "lottery = -programme.applicant[begin + equal]",
        OF_POOLS,
    ),
    Fault(
        "a part reads the rows of another line",
        "optimizer/pieces.py",
        "cell=line * np.int32(classes.size) + group",
        "cell=0 * line * np.int32(classes.size) + group",
        OF_PARTS,
    ),
    Fault(
        "rounding gives a place too many", WHOLE, "if room[group] < 1", "if room[group] < 0", OF_WHOLE_ANSWERS
    ),
    Fault(
        "rounding ignores groups",
        WHOLE,
        "hard & (counts > above)",
        "hard & (counts > above + 1)",
        OF_WHOLE_ANSWERS,
    ),
    Fault(
        "an answer's worth forgets ceilings",
        WHOLE,
        "np.maximum(programme.row_low - sums, sums - programme.row_high)",
        "programme.row_low - sums",
        OF_STATING,
    ),
    Fault(
        "an answer a unit below the bound is the best",
        WHOLE,
        "- worth(programme, found) - 1 + TOLERANCE",
        "- worth(programme, found) - 3 + TOLERANCE",
        OF_WHOLE_ANSWERS,
    ),
    Fault(
        "the worse of two answers is kept",
        WHOLE,
        "worth(programme, second) > worth(programme, first)",
        "worth(programme, second) < worth(programme, first)",
        OF_ANSWERS,
    ),
    Fault(
        "pricing stops where the gap is wide",
        COLUMNS,
        "close = best.bound - mix.objective <= gap",
        "close = best.bound - mix.objective >= gap",
        OF_POOLS,
    ),
    Fault(
        "what is certified has a gap",
        SOLVE,
        "certified=found.gap <= gap",
        "certified=found.gap >= gap",
        OF_ANSWERS,
    ),
    Fault(
        "the highest numbers win",
        WHOLE,
        "places * size + 1 - programme",
        "places * size + 1 + programme",
        OF_ANSWERS,
    ),
    Fault(
        "a low sum of numbers comes before fill",
        WHOLE,
        "value: Ints = places * size + 1 - programme",
        "value: Ints = size // 2 - programme",
        OF_ANSWERS,
    ),
    Fault(
        "equal answers are left as they fall",
        EQUALS,
        "while digits := self._digits():",
        "while digits := []:",
        OF_ANSWERS,
    ),
    Fault(
        "ties give up a unit of weight",
        EQUALS,
        "- mean * ours.size",
        "- mean * ours.size - 1",
        OF_EQUALS,
    ),
    Fault(
        "the time is up at once",
        "optimizer/clock.py",
        "time.monotonic() >= self.end",
        "time.monotonic() <= self.end",
        OF_ANSWERS,
    ),
    Fault(
        "a row relaxed is a row tightened", "optimizer/gains.py", "low[row] -= 1", "low[row] += 1", OF_ANSWERS
    ),
)
