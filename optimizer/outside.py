"""What do the prices of an answer ask of a pair that was never put to the solver?

Apart from the verifier, in the same integers: a pair that is worth no more than its toll leaves the bound
proved over all others as it is.
"""

from __future__ import annotations

import numpy as np

from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem
from optimizer.solve import Answer
from optimizer.verify import PRICE_UNIT

_LARGEST = 2**62


def tolls(problem: Problem, answer: Answer, signatures: int) -> Ints:
    """Return what prices take from a pair of each signature and class, (signatures, C), in 1/PRICE_UNIT.

    Signatures are numbered from 0 and no class is of a group. As in `verify.verify`, the price of a class is
    0 at least; that of a row is 0 on a limit that does not exist, and the penalty at most.
    """
    most = np.minimum(problem.row_penalty, _LARGEST // PRICE_UNIT) * PRICE_UNIT
    down, up = (problem.row_low == NO_LOW, 0), (problem.row_high == NO_HIGH, 0)
    row_price = np.clip(answer.row_price, -np.where(*down, most), np.where(*up, most))
    toll = np.tile(np.maximum(answer.class_price, 0), (signatures, 1))
    where = problem.coef_signature, problem.coef_class
    np.add.at(toll, where, problem.coef_value * row_price[problem.coef_row])
    return toll
