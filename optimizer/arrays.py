"""Which arrays does a problem file hold, and which of their values are wrong?

Every fault of every array is told at once, whatever else is wrong: an array is held to what is sound of the
others. How the file is opened is the business of `files.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import (
    MAX_COEFFICIENT,
    MAX_LIMIT,
    MAX_PENALTY,
    MAX_WEIGHT,
    NO_HIGH,
    NO_LOW,
    Ints,
)

Arrays = Mapping[str, NDArray[Any]]

_ANY = int(np.iinfo(np.int64).max)

MOST = 2**53
"""Largest objective: beyond, a solver that counts in floats would no longer count in whole units."""


@dataclass(frozen=True)
class ArrayFault:
    """What is wrong, in French; `array` is empty where the file as a whole is."""

    array: str
    message: str
    value: str = ""
    mend: str = ""

    def __str__(self) -> str:
        parts = (self.array, self.value, self.message + (f" ; {self.mend}" if self.mend else ""))
        return " : ".join(part for part in parts if part)


@dataclass(frozen=True)
class Column:
    """What an array must be: one value for each `of`, from `low` to `high`.

    Attributes
    ----------
    of : "pair", "class", "applicant", "coefficient", "row" or "group"
    high : the greatest value, or the name of what it numbers from 0
    none : a value that means "no limit"
    text : unicode; the limits are then not read
    optional : may be absent
    """

    of: str
    low: int = -_ANY - 1
    high: int | str = _ANY
    none: int | None = None
    text: bool = False
    optional: bool = False


COLUMNS = {
    "pair_applicant": Column("pair", 0, "applicant"),
    "pair_class": Column("pair", 0, "class"),
    "pair_weight": Column("pair", 0, MAX_WEIGHT),
    "class_capacity": Column("class", 0, MAX_WEIGHT),
    "applicant_signature": Column("applicant"),
    "applicant_lottery": Column("applicant", 0, "applicant"),
    "coef_row": Column("coefficient", 0, "row"),
    "coef_signature": Column("coefficient"),
    "coef_class": Column("coefficient", 0, "class"),
    "coef_value": Column("coefficient", -MAX_COEFFICIENT, MAX_COEFFICIENT),
    "row_low": Column("row", -MAX_LIMIT, MAX_LIMIT, none=NO_LOW),
    "row_high": Column("row", -MAX_LIMIT, MAX_LIMIT, none=NO_HIGH),
    "row_penalty": Column("row", 0, MAX_PENALTY),
    "row_tier": Column("row", 0, 1),
    "row_label": Column("row", text=True),
    "row_scale": Column("row", 1, MAX_COEFFICIENT, optional=True),
    "pair_lock": Column("pair", -1, 1, optional=True),
    "class_list": Column("class", 1, MAX_WEIGHT, optional=True),
    "applicant_lists": Column("applicant", 1, MAX_WEIGHT, optional=True),
    "class_group": Column("class", -1, "group", optional=True),
    "group_capacity": Column("group", 0, MAX_WEIGHT, optional=True),
}

NAMES = {
    "pair": "paire",
    "class": "classe",
    "applicant": "candidat",
    "coefficient": "coefficient",
    "row": "ligne",
    "group": "groupe",
}
"""What an array has one value for, as faults call it."""


def value_faults(arrays: Arrays, sizes: Mapping[str, int]) -> list[ArrayFault]:
    """Return every wrong value of the arrays that could be read.

    1. Each array alone: between its limits, a text that can be shown.
    2. Arrays together: numbers drawn once each, floors under ceilings, nothing twice, locks that can hold,
       an objective that can be counted.

    Parameters
    ----------
    arrays : (n,) int64 or unicode; one of a wrong length is held to its limits alone
    sizes : number of pairs, classes … where it is known
    """
    faults = [fault for name, array in arrays.items() for fault in _outside(name, array, sizes)]
    whole = {name: array for name, array in arrays.items() if array.size == sizes[COLUMNS[name].of]}
    for check, names in (
        (_lottery, ("applicant_lottery",)),
        (_labels, ("row_label",)),
        (_crossed, ("row_low", "row_high")),
        (_pairs_twice, ("pair_applicant", "pair_class")),
        (_coefficients_twice, ("coef_row", "coef_signature", "coef_class")),
        (_locked, ("pair_applicant", "pair_class", "pair_lock")),
    ):
        if set(names) <= set(whole):
            faults += check(whole, sizes)
    return faults or list(_uncountable(whole, sizes))


def _outside(name: str, array: NDArray[Any], sizes: Mapping[str, int]) -> Iterator[ArrayFault]:
    column = COLUMNS[name]
    if column.text or not array.size:
        return
    high = sizes.get(column.high, _ANY + 1) - 1 if isinstance(column.high, str) else column.high
    if column.low <= int(array.min()) and int(array.max()) <= high:
        return
    wrong = (array < column.low) | (array > high)
    if column.none is not None:
        wrong &= array != column.none
    at = np.flatnonzero(wrong)
    if not at.size:
        return
    expected = f"attendu de {column.low} à {high}"
    if high < 0:
        expected = "attendu -1" if column.low < 0 else "attendu aucune valeur"
    if isinstance(column.high, str):
        expected += f" ({NAMES[column.high]}s : {high + 1})"
    elif column.none is not None:
        expected += f", ou {column.none} sans limite"
    message = f"position {at[0]}, {expected} ; {at.size} valeur(s) hors bornes"
    yield ArrayFault(name, message, str(int(array[at[0]])))


def _lottery(arrays: Arrays, sizes: Mapping[str, int]) -> Iterator[ArrayFault]:
    lottery = arrays["applicant_lottery"]
    drawn = np.zeros(lottery.size, dtype=bool)
    drawn[lottery[(lottery >= 0) & (lottery < lottery.size)]] = True
    missing = np.flatnonzero(~drawn)
    if missing.size:
        message = f"attendu une permutation de 0 à {lottery.size - 1}, {missing.size} numéro(s) absent(s)"
        yield ArrayFault("applicant_lottery", f"{message} dont {missing[0]}")


def _labels(arrays: Arrays, sizes: Mapping[str, int]) -> Iterator[ArrayFault]:
    labels = arrays["row_label"].tolist()
    first: dict[str, int] = {}
    for row, label in enumerate(labels):
        if first.setdefault(label, row) != row:
            yield ArrayFault(
                "row_label", f"lignes {first[label]} et {row}, attendu un libellé par ligne", _shown(label)
            )


def _crossed(arrays: Arrays, sizes: Mapping[str, int]) -> Iterator[ArrayFault]:
    low, high = arrays["row_low"], arrays["row_high"]
    for row in np.flatnonzero(low > high).tolist():
        message = f"{_row(arrays, row)}, plancher au-dessus du plafond {high[row]}"
        yield ArrayFault("row_low", message, str(int(low[row])), "abaisser l'un ou relever l'autre")


def _pairs_twice(arrays: Arrays, sizes: Mapping[str, int]) -> Iterator[ArrayFault]:
    group, applicant = arrays["pair_class"], arrays["pair_applicant"]
    found = _repeated(group, applicant)
    if found is not None:
        first, second, count = found
        message = f"positions {first} et {second}, paire en double ({count} de trop)"
        yield ArrayFault("pair_applicant", message, f"candidat {applicant[first]}, classe {group[first]}")


def _coefficients_twice(arrays: Arrays, sizes: Mapping[str, int]) -> Iterator[ArrayFault]:
    row, signature, group = (arrays[name] for name in ("coef_row", "coef_signature", "coef_class"))
    found = _repeated(row, signature, group)
    if found is not None:
        first, second, count = found
        message = f"positions {first} et {second}, coefficient en double ({count} de trop)"
        value = f"ligne {row[first]}, signature {signature[first]}, classe {group[first]}"
        yield ArrayFault("coef_row", message, value, "additionner les valeurs en une seule")


def _locked(arrays: Arrays, sizes: Mapping[str, int]) -> Iterator[ArrayFault]:
    """Yield the locks that no answer can hold together."""
    locked = arrays["pair_lock"] == 1
    applicant, group = arrays["pair_applicant"][locked], arrays["pair_class"][locked]
    for one, times in _counted(applicant, sizes.get("applicant", 0)):
        if times > 1:
            yield ArrayFault("pair_lock", f"candidat {one} verrouillé {times} fois, attendu au plus une")
    capacity = arrays.get("class_capacity")
    if capacity is not None:
        for one, times in _counted(group, capacity.size):
            if times > capacity[one]:
                message = f"classe {one}, {times} verrou(s), attendu au plus sa capacité {capacity[one]}"
                yield ArrayFault("pair_lock", message)
    together, groups = arrays.get("class_group"), arrays.get("group_capacity")
    if together is not None and groups is not None:
        inside = group[(group >= 0) & (group < together.size)]
        for one, times in _counted(together[inside], groups.size):
            if times > groups[one]:
                message = f"groupe {one}, {times} verrou(s), attendu au plus sa capacité {groups[one]}"
                yield ArrayFault("pair_lock", message)


def _uncountable(arrays: Arrays, sizes: Mapping[str, int]) -> Iterator[ArrayFault]:
    """Yield a fault when an objective could leave the whole numbers that a solver counts exactly."""
    placed = min(sizes.get("applicant", 0), sum(arrays.get("class_capacity", np.empty(0)).tolist()))
    names = ("row_penalty", "row_low", "row_high", "coef_row", "coef_value")
    if not set(names) <= set(arrays):
        return
    penalty, low, high, row, value = (arrays[name] for name in names)
    largest = np.zeros(penalty.size, dtype=np.int64)
    np.maximum.at(largest, row, np.abs(value))
    limit = np.maximum(
        np.abs(np.where(low == NO_LOW, 0, low)),
        np.abs(np.where(high == NO_HIGH, 0, high)),
    )
    worst = [
        p * (w * placed + m)
        for p, w, m in zip(penalty.tolist(), largest.tolist(), limit.tolist(), strict=True)
    ]
    total = sum(worst) + MAX_WEIGHT * placed
    if total > MOST:
        at = int(np.argmax(np.array(worst, dtype=np.float64)))
        yield ArrayFault(
            "row_penalty",
            f"{_row(arrays, at)}, pénalité × écart possible jusqu'à {worst[at]}, attendu au plus {MOST} "
            "toutes lignes ensemble",
            str(int(penalty[at])),
            "diminuer les pénalités, ou row_low, row_high et coef_value",
        )


def _counted(values: Ints, size: int) -> Iterator[tuple[int, int]]:
    """Yield each value from 0 to size − 1 that occurs, and how many times."""
    times = np.bincount(values[(values >= 0) & (values < size)], minlength=1)
    for one in np.flatnonzero(times).tolist():
        yield one, int(times[one])


def _repeated(*columns: Ints) -> tuple[int, int, int] | None:
    """Return two positions that hold the same tuple and how many are too many; None if all differ."""
    key = _key(columns)
    if np.all(key[1:] > key[:-1]):
        return None
    ordered = np.sort(key)
    same = ordered[1:] == ordered[:-1]
    if not same.any():
        return None
    first, second = np.flatnonzero(key == ordered[1:][same][0])[:2].tolist()
    return first, second, int(same.sum())


def _key(columns: tuple[Ints, ...]) -> Ints:
    """Return one number a tuple, the same for equal tuples only."""
    key, span = np.zeros(columns[0].size, dtype=np.int64), 1
    for column in columns:
        if not column.size:
            break
        low, high = int(column.min()), int(column.max())
        if span * (high - low + 1) > _ANY:  # ranks stand for the values
            column = np.unique(column, return_inverse=True)[1]
            key = np.unique(key, return_inverse=True)[1]
            low, high, span = 0, int(column.max()), int(key.max()) + 1
        key *= high - low + 1
        key += column
        key -= low
        span *= high - low + 1
    return key


def _row(arrays: Arrays, row: int) -> str:
    labels = arrays.get("row_label")
    return f"ligne {row}" if labels is None else f"ligne « {_shown(labels[row])} »"


def _shown(text: object) -> str:
    """Return a text as a fault shows it: at most 40 characters."""
    return str(text) if len(str(text)) <= 40 else str(text)[:39] + "…"
