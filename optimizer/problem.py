"""What is a match problem, and is it well formed?

Applicants, classes of identical vacancies, the pairs that are possible, and side rows that count what is
given to whom. Integers only; the solver knows nothing of dwellings or of the law.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NO_LOW = int(np.iinfo(np.int64).min)
"""A row's `row_low` when it has no floor."""

NO_HIGH = int(np.iinfo(np.int64).max)
"""A row's `row_high` when it has no ceiling."""

MAX_WEIGHT = 2**24
MAX_COEFFICIENT = 2**20
MAX_PENALTY = 2**36
MAX_LIMIT = 2**40


def _no_integers() -> Ints:
    return np.empty(0, dtype=np.int64)


def _no_labels() -> NDArray[np.str_]:
    return np.empty(0, dtype="<U1")


@dataclass(frozen=True)
class Problem:
    """A match problem: E pairs, C classes, A applicants, R rows, K coefficients; int64 unless said.

    A class is a set of vacancies identical in everything that eligibility, weight or a row reads. Row r
    sums `coef_value` over the chosen pairs whose applicant's signature and class it names; its shortfall
    is the distance of that sum from [row_low, row_high].

    Attributes
    ----------
    pair_applicant, pair_class, pair_weight : (E,), 0 ≤ weight ≤ 2²⁴
    class_capacity : (C,), number of vacancies
    applicant_signature : (A,), what a row may know of an applicant
    applicant_lottery : (A,), a permutation of 0..A-1; among equal answers the lowest sum wins
    coef_row, coef_signature, coef_class, coef_value : (K,), signed coefficients
    row_low, row_high : (R,), NO_LOW or NO_HIGH where there is none
    row_penalty : (R,), per unit of shortfall, in units of weight
    row_tier : (R,), 0 legal, 1 target
    row_label : (R,), unicode, unique
    row_scale : (R,) ≥ 1, units of this row in one of what it counts (100 where it counts hundredths)
    pair_lock : (E,), 1 the pair is given, -1 it may not be, 0 it is free
    class_list : (C,) ≥ 1, names wanted on each vacancy's list; absent: 1
    applicant_lists : (A,) ≥ 1, lists an applicant may stand on; absent: 2
    class_group : (C,), the group of each class, -1 where none; group_capacity : (G,), places of all its
        classes together, never exceeded
    """

    pair_applicant: Ints
    pair_class: Ints
    pair_weight: Ints
    class_capacity: Ints
    applicant_signature: Ints
    applicant_lottery: Ints
    coef_row: Ints = field(default_factory=_no_integers)
    coef_signature: Ints = field(default_factory=_no_integers)
    coef_class: Ints = field(default_factory=_no_integers)
    coef_value: Ints = field(default_factory=_no_integers)
    row_low: Ints = field(default_factory=_no_integers)
    row_high: Ints = field(default_factory=_no_integers)
    row_penalty: Ints = field(default_factory=_no_integers)
    row_tier: Ints = field(default_factory=_no_integers)
    row_label: NDArray[np.str_] = field(default_factory=_no_labels)
    row_scale: Ints | None = None
    pair_lock: Ints | None = None
    class_list: Ints | None = None
    applicant_lists: Ints | None = None
    class_group: Ints | None = None
    group_capacity: Ints = field(default_factory=_no_integers)

    @property
    def pairs(self) -> int:
        return self.pair_applicant.size

    @property
    def classes(self) -> int:
        return self.class_capacity.size

    @property
    def applicants(self) -> int:
        return self.applicant_signature.size

    @property
    def rows(self) -> int:
        return self.row_low.size

    @property
    def groups(self) -> int:
        return self.group_capacity.size

    @property
    def scale(self) -> Ints:
        """Units of each row in one of what it counts, (R,)."""
        return np.ones(self.rows, dtype=np.int64) if self.row_scale is None else self.row_scale

    @property
    def lock(self) -> Ints:
        """Whether each pair is given (1), may not be (-1) or is free (0), (E,)."""
        return np.zeros(self.pairs, dtype=np.int64) if self.pair_lock is None else self.pair_lock

    @property
    def group(self) -> Ints:
        """The group of each class, -1 where none, (C,)."""
        return np.full(self.classes, -1, dtype=np.int64) if self.class_group is None else self.class_group

    def check(self, *, trusted: bool = False) -> None:
        """Hold the arrays to the contract; `trusted` looks at types and shapes only, in constant time.

        Raises
        ------
        ValueError
            listing every fault, in French.
        """
        faults = self._shape_faults()
        if not faults and not trusted:
            faults = self._range_faults() or self._duplicate_faults() + self._lock_faults()
        if faults:
            raise ValueError("problème d'appariement mal formé :\n- " + "\n- ".join(faults))

    def _shape_faults(self) -> list[str]:
        faults = []
        for item in fields(self):
            array = getattr(self, item.name)
            if array is None and item.default is None:
                continue  # an optional array left out
            kind = "U" if item.name == "row_label" else "i8"
            if not isinstance(array, np.ndarray):
                faults.append(f"{item.name} : {type(array).__name__}, attendu un tableau numpy")
            elif array.ndim != 1:
                faults.append(f"{item.name} : {array.ndim} dimensions, attendu 1")
            elif (array.dtype.kind if kind == "U" else array.dtype.str[1:]) != kind:
                faults.append(
                    f"{item.name} : type {array.dtype}, attendu {'texte' if kind == 'U' else 'int64'}"
                )
        if faults:
            return faults
        for first, others in _SAME_SIZE.items():
            size = getattr(self, first).size
            for name in others:
                found = getattr(self, name)
                if found is not None and found.size != size:
                    faults.append(f"{name} : {found.size} valeurs, attendu {size} comme {first}")
        return faults

    def _range_faults(self) -> list[str]:
        last = {"applicant": self.applicants - 1, "class": self.classes - 1, "row": self.rows - 1}
        ranges: list[tuple[str, int, int]] = [
            ("pair_applicant", 0, last["applicant"]),
            ("pair_class", 0, last["class"]),
            ("pair_weight", 0, MAX_WEIGHT),
            ("class_capacity", 0, MAX_WEIGHT),
            ("coef_row", 0, last["row"]),
            ("coef_class", 0, last["class"]),
            ("coef_value", -MAX_COEFFICIENT, MAX_COEFFICIENT),
            ("row_penalty", 0, MAX_PENALTY),
            ("row_tier", 0, 1),
            ("row_scale", 1, MAX_COEFFICIENT),
            ("pair_lock", -1, 1),
            ("class_list", 1, MAX_WEIGHT),
            ("applicant_lists", 1, MAX_WEIGHT),
            ("class_group", -1, self.groups - 1),
            ("group_capacity", 0, MAX_WEIGHT),
        ]
        faults = [
            fault
            for name, low, high in ranges
            if (array := getattr(self, name)) is not None
            for fault in _outside(array, name, low, high)
        ]
        for name, none in (("row_low", NO_LOW), ("row_high", NO_HIGH)):
            limits = getattr(self, name)
            faults += _outside(np.where(limits == none, 0, limits), name, -MAX_LIMIT, MAX_LIMIT)
        for row in np.flatnonzero(self.row_low > self.row_high):
            faults.append(
                f"ligne {self.row_label[row]} : plancher {self.row_low[row]} au-dessus du plafond "
                f"{self.row_high[row]}"
            )
        return faults

    def _duplicate_faults(self) -> list[str]:
        faults = []
        if not np.array_equal(np.sort(self.applicant_lottery), np.arange(self.applicants)):
            faults.append(f"applicant_lottery : attendu une permutation de 0 à {self.applicants - 1}")
        if np.unique(self.row_label).size < self.rows:
            faults.append("row_label : libellés en double, attendu un libellé par ligne")
        for what, columns in (
            ("paires (pair_applicant, pair_class)", (self.pair_applicant, self.pair_class)),
            (
                "coefficients (coef_row, coef_signature, coef_class)",
                (self.coef_row, self.coef_signature, self.coef_class),
            ),
        ):
            repeated = _repeated(columns)
            if repeated is not None:
                shown = ", ".join(str(int(column[repeated])) for column in columns)
                faults.append(f"{what} en double : ({shown}), attendu une seule fois")
        return faults

    def _lock_faults(self) -> list[str]:
        """Return the locks that no answer can hold together."""
        locked = np.flatnonzero(self.lock == 1)
        times = np.bincount(self.pair_applicant[locked], minlength=self.applicants)
        faults = [
            f"pair_lock : candidat {a} verrouillé {times[a]} fois, attendu au plus une"
            for a in np.flatnonzero(times > 1)
        ]
        used = np.bincount(self.pair_class[locked], minlength=self.classes)
        faults += [
            f"pair_lock : classe {c}, {used[c]} verrous, attendu au plus sa capacité {self.class_capacity[c]}"
            for c in np.flatnonzero(used > self.class_capacity)
        ]
        held = np.bincount(self.group[self.pair_class[locked]] + 1, minlength=self.groups + 1)[1:]
        faults += [
            f"pair_lock : groupe {g}, {held[g]} verrous, attendu au plus sa capacité {self.group_capacity[g]}"
            for g in np.flatnonzero(held > self.group_capacity)
        ]
        return faults


_SAME_SIZE = {
    "pair_applicant": ("pair_class", "pair_weight", "pair_lock"),
    "class_capacity": ("class_list", "class_group"),
    "applicant_signature": ("applicant_lottery", "applicant_lists"),
    "coef_row": ("coef_signature", "coef_class", "coef_value"),
    "row_low": ("row_high", "row_penalty", "row_tier", "row_label", "row_scale"),
}


def lines(known: Ints, signature: Ints) -> Ints:
    """Return each signature's line in the (signature, class) table; line 0 is in no row."""
    if not known.size:
        return np.zeros(signature.size, dtype=np.int64)
    at = np.minimum(known.searchsorted(signature), known.size - 1)
    return np.where(known[at] == signature, at + 1, 0)


def _outside(values: Ints, name: str, low: int, high: int) -> list[str]:
    at = np.flatnonzero((values < low) | (values > high))
    if not at.size:
        return []
    return [f"{name}[{at[0]}] : {values[at[0]]}, attendu de {low} à {high} ({at.size} hors bornes)"]


def _repeated(columns: tuple[NDArray[Any], ...]) -> int | None:
    """Return the position of a tuple that occurs twice, None if all differ."""
    key = columns[0]
    for column in columns[1:]:  # signatures may be any integer: their rank stands for them
        if int(column.min(initial=0)) < 0 or int(column.max(initial=0)) > MAX_COEFFICIENT:
            column = np.unique(column, return_inverse=True)[1]
        key = key * (int(column.max(initial=0)) + 1) + column
    if np.all(key[1:] > key[:-1]):
        return None
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    return int(order[1:][same][0]) if same.any() else None
