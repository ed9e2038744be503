"""For which demands is a condition of a grid true?

A condition is compiled once into a closure over columns. A missing attribute makes an atomic condition
false, whatever the operation (`ne` included); `not` applies to the truth value after that rule.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.attributes import ATTRIBUTES, Attribute, encode
from sim.rules.cotation.grid import Condition

Facts = Mapping[str, Any]
"""Encoded facts by attribute: (n,) arrays, or scalars that hold for every demand (`dwelling.*`)."""

Truth = NDArray[np.bool_] | np.bool_
"""(n,) booleans, or one that holds for every demand."""

Test = Callable[[Facts], Truth]

_MISSING_BIT = np.iinfo(np.int64).min
"""Set in -1 (missing) and in no mask: a mask ANDed with it is negative exactly when missing."""

_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def compiled(condition: Condition) -> Test:
    """Return the test of a checked condition."""
    if condition.all is not None:
        return every([compiled(inner) for inner in condition.all])
    if condition.any is not None:
        return some([compiled(inner) for inner in condition.any])
    if condition.not_ is not None:
        inner = compiled(condition.not_)
        return lambda facts: np.logical_not(inner(facts))
    return _comparison(ATTRIBUTES[str(condition.attr)], str(condition.op), condition.value)


def every(tests: list[Test]) -> Test:
    """Return the test that holds when all of `tests` hold; always true when there is none."""

    def test(facts: Facts) -> Truth:
        held: Truth = tests[0](facts) if tests else np.True_
        for one in tests[1:]:
            held = np.logical_and(held, one(facts))
        return held

    return test


def some(tests: list[Test]) -> Test:
    """Return the test that holds when one of `tests` holds; never true when there is none."""

    def test(facts: Facts) -> Truth:
        held: Truth = tests[0](facts) if tests else np.False_
        for one in tests[1:]:
            held = np.logical_or(held, one(facts))
        return held

    return test


def attributes_of(condition: Condition | None) -> tuple[str, ...]:
    """Return the attributes a condition reads, in order, each once."""
    if condition is None:
        return ()
    if condition.attr is not None:
        return (condition.attr,)
    inner = (*(condition.all or ()), *(condition.any or ()), condition.not_)
    return tuple(dict.fromkeys(name for part in inner for name in attributes_of(part)))


def absent(name: str, facts: Facts) -> Truth:
    """Tell for which demands an attribute is missing."""
    if name not in facts:
        return np.True_
    values = np.asarray(facts[name])
    attribute = ATTRIBUTES[name]
    lacks: Truth = np.False_
    if attribute.open_list:
        lacks = values == ""
    elif attribute.kind == "number":
        lacks = np.isnan(values)
    elif values.dtype != np.bool_:
        lacks = values < 0
    return lacks


def _comparison(attribute: Attribute, op: str, value: Any) -> Test:
    listed = value if isinstance(value, tuple) else (value,)
    constants = [encode(attribute, item) for item in listed]
    if attribute.open_list:
        compare = _texts(attribute, op, [str(constant) for constant in constants])
    elif attribute.kind == "flag":
        compare = _flag(bool(constants[0]) == (op == "eq"))
    elif attribute.kind == "codes":
        compare = _masks(reduce(operator.or_, [int(constant) for constant in constants]))
    elif op in _ORDERS:
        order = _ORDERS[op]
        compare = lambda values: order(values, constants[0])  # noqa: E731
    elif op == "ne":
        compare = _different(attribute.kind, constants[0])
    else:
        compare = lambda values: reduce(np.logical_or, [values == one for one in constants])  # noqa: E731

    def test(facts: Facts) -> Truth:
        found = facts.get(attribute.name)
        if found is None:
            return np.False_
        truth: Truth = compare(np.asarray(found))
        return truth

    return test


Compare = Callable[[NDArray[Any]], Any]


def _flag(wanted: bool) -> Compare:
    def compare(values: NDArray[Any]) -> Any:
        if values.dtype == np.bool_:
            return values if wanted else np.logical_not(values)
        return values == int(wanted)

    return compare


def _masks(bits: int) -> Compare:
    kept = np.int64(bits) | np.int64(_MISSING_BIT)
    return lambda values: (values & kept) > 0


def _different(kind: str, constant: Any) -> Compare:
    """Differ and be present: a code is present from 0, a number when it equals itself."""
    if kind == "code":
        return lambda values: (values != constant) & (values >= 0)
    return lambda values: (values != constant) & (values == values)


def _texts(attribute: Attribute, op: str, codes: list[str]) -> Compare:
    if attribute.kind == "codes":
        wanted = [f";{code};" for code in codes]

        def holds(values: NDArray[Any]) -> Any:
            closed = np.char.add(np.char.add(";", values), ";")
            return reduce(np.logical_or, [np.char.find(closed, code) >= 0 for code in wanted])

        return holds
    if op == "ne":
        return lambda values: (values != codes[0]) & (values != "")
    return lambda values: np.isin(values, codes)
