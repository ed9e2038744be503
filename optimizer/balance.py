"""Which prices roughly balance what is asked and what there is?

A tâtonnement: applicants lean towards the pairs that are worth most to them, net of prices; the price of a
class rises while too many lean to it, that of a row moves while it is missed; the leaning sharpens from round
to round. No linear program is solved, and nothing is proved but a bound, like any prices'.
"""

from __future__ import annotations

import numpy as np

from optimizer.clock import Clock
from optimizer.columns import Prices, prices
from optimizer.relaxation import Floats, Programme

_ROUNDS = 150
_SOFT, _SHARP = 0.1, 0.003
"""Difference that applicants hardly feel at first, and at last, in parts of the largest value."""

_CLASS_STEP, _ROW_STEP = 0.6, 0.3


def balanced(programme: Programme, clock: Clock) -> Prices:
    """Return prices of classes and rows after a number of rounds, each:

    1. share every applicant among his pairs and staying out, as exp(net value / softness);
    2. move each class's price by softness · log(asked / capacity), down to zero at most;
    3. move each row's price by softness · what it is missed by / how sensitive it is, up to its penalty.
    """
    order = np.argsort(programme.applicant, kind="stable")
    applicant, cell = programme.applicant[order], programme.cell[order]
    value = programme.value[order].astype(np.float32)
    largest = float(value.max(initial=1.0))
    first = np.flatnonzero(np.concatenate([[True], applicant[1:] != applicant[:-1]]))
    who = np.repeat(np.arange(first.size, dtype=np.int32), np.diff(np.append(first, applicant.size)))
    classes, cells = programme.capacity.size, programme.effects.shape[0]
    effects = programme.effects.T.tocsr()
    squares = effects.copy()
    squares.data = squares.data**2
    class_price, row_price = np.zeros(classes), np.zeros(programme.row_low.size)
    for turn in range(_ROUNDS):
        if clock.over:
            break
        soft = largest * _SOFT * (_SHARP / _SOFT) ** min(1.0, turn / (0.8 * _ROUNDS))
        toll = programme.toll(class_price, row_price).astype(np.float32)
        net = value - toll[cell]
        best = np.maximum(np.maximum.reduceat(net, first), 0)
        leaning = np.exp((net - best[who]) / np.float32(soft))
        total = np.add.reduceat(leaning, first) + np.exp(-best / np.float32(soft))
        asked = np.bincount(cell, weights=leaning / total[who], minlength=cells)
        crowd = asked.reshape(-1, classes).sum(axis=0) / np.maximum(programme.capacity, 1e-9)
        class_price = np.maximum(0, class_price + _CLASS_STEP * soft * np.log(np.maximum(crowd, 1e-4)))
        move = _ROW_STEP * soft / (squares @ asked + 1)
        row_price = _moved(programme, row_price, effects @ asked, move)
    return prices(programme, class_price, row_price)


def _moved(programme: Programme, price: Floats, counted: Floats, move: Floats) -> Floats:
    """Return row prices moved against what rows are missed by; a price never changes side in one round."""
    low, high = programme.row_low, programme.row_high
    on_floor = (price < 0) | ((price == 0) & (counted < low))
    on_ceiling = (price > 0) | ((price == 0) & (counted > high))
    missed = np.where(on_floor, counted - np.where(np.isfinite(low), low, 0.0), 0.0)
    missed = np.where(on_ceiling, counted - np.where(np.isfinite(high), high, 0.0), missed)
    moved = price + move * missed
    moved = np.where(price * moved < 0, 0.0, moved)
    penalty = np.where(np.isfinite(programme.row_penalty), programme.row_penalty, np.inf)
    return np.clip(
        moved, np.where(np.isfinite(low), -penalty, 0.0), np.where(np.isfinite(high), penalty, 0.0)
    )
