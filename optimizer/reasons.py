"""Why is an applicant of more points not given a class, though somebody of fewer is?

The prices of an answer point at rows; solving again without a row confirms it. Only the applicants above the
last one placed in a class are looked at: who stands below him has nothing to be told about rows. Prices
belong to rows; none is returned for an applicant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypedDict

import numpy as np

from optimizer.equals import LITTLE_WORK
from optimizer.exchanges import Exchanges
from optimizer.lexicographic import solve_in_stages
from optimizer.lists import complete
from optimizer.passed_over import Tolls, allowed, last_placed, passed_over
from optimizer.problem import NO_HIGH, NO_LOW, Ints, Problem
from optimizer.solve import Answer, solve
from optimizer.whole import FEW_SEARCHED

CONFIRMED = 5
"""So many applicants of a class are asked about by solving again, the best first."""

SOLVED = 6
"""So many problems are solved again for a class at most; those solved for another class cost nothing."""


class Searched(TypedDict):
    """How much is searched at most, as `solve` reads it."""

    tie_work: int
    searched: int


LITTLE: Final[Searched] = {"tie_work": LITTLE_WORK, "searched": FEW_SEARCHED}
"""How much is searched for an answer to compare with; one that is not proved best confirms nothing."""

_MOST_ROWS = 5  # left out together, in the search for a set that suffices

KINDS = {
    "outbid": "présentée en premier ailleurs",
    "lock": "exclue ici par un verrou",
    "lists": "figure déjà sur autant de listes qu'il est permis",
    "row": "serait présentée sans la ligne {rows}",
    "rows": "serait présentée sans les lignes {rows} ensemble ; aucune partie d'entre elles n'y suffit",
    "others": "même sans {rows}, des demandes au moins aussi bien cotées passeraient avant",
    "unexplained": "aucune ligne ne l'explique d'après les prix",
    "unconfirmed": "ligne {rows} d'après les prix, non confirmé",
}
"""What each kind of reason says to an officer."""

Solver = Callable[[Problem], Answer]
Listing = Callable[[Problem, Answer], Ints]


@dataclass(frozen=True)
class Reason:
    """Why the applicant of a pair was not given its class.

    Attributes
    ----------
    pair, applicant, group : the pair, its applicant and its class
    kind : a key of KINDS
    rows, labels : the rows named, the one that took most from him first
    where : classes in which he is presented (`outbid`) or would be without the rows (`row`, `rows`)
    """

    pair: int
    applicant: int
    group: int
    kind: str
    rows: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    where: tuple[int, ...] = ()

    @property
    def confirmed(self) -> bool:
        """Whether it is read in the answer or in a problem solved again, and not in prices alone."""
        return self.kind not in ("unconfirmed", "unexplained")

    @property
    def sentence(self) -> str:
        return KINDS[self.kind].format(rows=" et ".join(f"« {label} »" for label in self.labels))


class _TooManyError(Exception):
    """More would have to be solved again, or more rows left out, than is allowed."""


class _UnprovedError(_TooManyError):
    """More would have to be searched than is allowed: the answer without some rows is not proved."""


class Reasons:
    """The reasons of an answer, class by class; what was solved again is kept for the next question."""

    def __init__(
        self,
        problem: Problem,
        answer: Answer,
        *,
        points: Ints | None = None,
        lists: Ints | None = None,
        lists_per_applicant: int | Ints | None = None,
        solver: Solver | None = None,
        gap: float = 0.0,
        listing: Listing | None = None,
    ) -> None:
        """Read what the answer and its prices say; nothing is solved yet.

        Parameters
        ----------
        points, lists, lists_per_applicant : as in `passed_over`
        solver : solves a problem without some rows; absent: as the answer was, within `gap`
        gap : 0 for the best answer, ties settled; more may save a search of many seconds on a large problem,
            for an answer that is not always the one that would be given
        listing : completes lists as `lists` were; absent: `lists.complete`, with as many names and lists
        """
        self.problem, self.answer = problem, answer
        self.points = problem.pair_weight if points is None else points
        self.passed = passed_over(problem, answer, points, lists, lists_per_applicant)
        self._solver, self._listing = solver or again(answer, gap), listing
        if lists is not None and listing is None:
            names, most = lists.shape[2], allowed(problem, lists_per_applicant)
            self._listing = lambda problem, answer: complete(problem, answer, names, most)
        self._listed = set() if lists is None else set(lists[lists >= 0].tolist())
        self._known: dict[frozenset[int], tuple[Answer, set[int]] | None] = {}  # None: not proved
        self._exact = not gap
        self._said: dict[int, Reason | None] = {}  # what solving again said, by place in `passed`
        self._left = 0  # problems that may still be solved again

    def of(self, group: int, confirmed: int = CONFIRMED, solved: int = SOLVED) -> tuple[Reason, ...]:
        """Return the reason of every applicant passed over in a class, best first.

        1. Those placed elsewhere, forbidden, or on as many lists as allowed, are said to be.
        2. Of the others that prices point at a row for, the first `confirmed` are asked about: is he
           presented without one of the rows that took from him, tried from the one that took most?
        3. If not, without two, three …, in that order; then each row is put back that he stays presented
           with, until none can be. Where the rows of the prices do not suffice, the prices of the answer
           without them may point at more.
        4. If he is not presented even so, others stand before him, or it stays unexplained.
        5. Of those beyond, and of those for whom more than `solved` problems would have to be solved again or
           many rows left out, the row that took most is named, unconfirmed.
        """
        places = self._inside(group)
        self._left = solved
        for at in self._open(places)[:confirmed]:
            self._ask(at)
        return self.at(places)

    def at(self, places: Iterable[int]) -> tuple[Reason, ...]:
        """Return the reasons of some places in `passed`: as asked about so far, else as read in prices."""
        return tuple(self._told(at) for at in places)

    def one(self, pair: int, solved: int = SOLVED) -> Reason | None:
        """Return the reason of one pair, asked about anyhow; None where it was not passed over."""
        place = np.flatnonzero(self.passed.pair == pair)
        if not place.size:
            return None
        at, self._left = int(place[0]), solved
        if self._open(place):
            self._ask(at)
        return self._told(at)

    def confirm(self, places: Iterable[int], most: int, solved: int = SOLVED) -> None:
        """Ask about some applicants, in this order, while problems may be solved again.

        What `at` and `of` tell of them afterwards is what was found.

        Parameters
        ----------
        places : places in `passed`
        most : problems solved again in all; `solved` of them for one class. A problem met before costs none
        """
        spent = Counter[int]()
        for at in self._open(places):
            group = int(self.problem.pair_class[self.passed.pair[at]])
            allowance = max(0, min(solved - spent[group], most))
            self._left = allowance
            self._ask(at)
            spent[group] += allowance - self._left
            most -= allowance - self._left

    def _inside(self, group: int) -> range:
        """Return the places in `passed` of a class."""
        inside = self.problem.pair_class[self.passed.pair]
        first, end = inside.searchsorted(group), inside.searchsorted(group, side="right")
        return range(int(first), int(end))

    def _open(self, places: Iterable[int]) -> list[int]:
        """Return those of some places that prices point at a row for."""
        at = np.array(list(places), dtype=np.int64)
        open_places: list[int] = at[self.passed.kind[at] == "unconfirmed"].tolist()
        return open_places

    def _ask(self, at: int) -> None:
        """Note what solving again says of a place in `passed`, unless too much had to be solved for it."""
        if self._said.get(at) is None:
            self._said[at] = self._asked(int(self.passed.pair[at]), int(self.passed.last[at]))

    def _told(self, at: int) -> Reason:
        """Return the reason of a place in `passed`: as asked, else as read in the answer and its prices."""
        passed = self.passed
        pair, kind, row = int(passed.pair[at]), str(passed.kind[at]), int(passed.row[at])
        if kind != "unconfirmed":
            return self._reason(pair, kind, (), self._places(self.answer, pair))
        return self._said.get(at) or self._reason(pair, kind, (row,))

    def _asked(self, pair: int, last: int) -> Reason | None:
        """Return what solving again says, None when too much had to be solved for it."""
        try:
            return self._confirmed(pair, last)
        except _TooManyError:
            return None

    def _confirmed(self, pair: int, last: int) -> Reason:
        rows = self._tolls.taking(pair, last) or self._exchanges.shortest(pair, last)
        unproved: _UnprovedError | None = None
        for row in rows:
            try:
                where = self._presented((row,), pair)
            except _UnprovedError as error:  # another row may do alone
                unproved, where = error, ()
            if where:
                return self._reason(pair, "row", (row,), where)
        if unproved:
            raise unproved
        taken: list[int] = []
        while left := [row for row in rows if row not in taken] or self._more(taken, pair):
            if len(taken) == _MOST_ROWS:
                raise _TooManyError
            taken.append(left[0])
            if len(taken) > 1 and self._presented(taken, pair):
                few = self._irreducible(taken, pair)
                kind = "rows" if len(few) > 1 else "row"
                return self._reason(pair, kind, few, self._presented(few, pair))
        then = self._last(taken, pair)
        others = then >= 0 and self.points[then] >= self.points[pair]
        return self._reason(pair, "others" if others else "unexplained", taken if others else ())

    def _more(self, taken: list[int], pair: int) -> list[int]:
        """Return the other rows that took from a pair in the answer without those taken already."""
        last = self._last(taken, pair)
        if last < 0 or self.points[last] >= self.points[pair]:
            return []
        answer = self._without(taken)[0]
        rows = Tolls(self.problem, answer).taking(pair, last)
        rows = rows or Exchanges(without(self.problem, sorted(taken)), answer).shortest(pair, last)
        return [row for row in rows if row not in taken]

    def _irreducible(self, rows: list[int], pair: int) -> list[int]:
        """Return the rows left when each that is not needed is put back, the one that took least first."""
        few, before = list(rows), 0
        while before != len(few):
            before = len(few)
            for row in reversed(rows):
                fewer = [other for other in few if other != row]
                if 0 < len(fewer) < len(few) and self._presented(fewer, pair):
                    few = fewer
        return few

    def _presented(self, rows: Iterable[int], pair: int) -> tuple[int, ...]:
        """Return the classes in which a pair's applicant is presented without rows, and was not before."""
        answer, listed = self._without(rows)
        placed = self._places(answer, pair)
        mine = self._of_applicant(int(self.problem.pair_applicant[pair]))
        new = [int(self.problem.pair_class[p]) for p in mine if p in listed and p not in self._listed]
        return placed + tuple(group for group in new if group not in placed)

    def _of_applicant(self, applicant: int) -> list[int]:
        """Return the pairs of an applicant, ascending."""
        order, start = self._pairs
        mine: list[int] = order[start[applicant] : start[applicant + 1]].tolist()
        return mine

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        """The pairs by applicant, and where those of each begin, (A+1,)."""
        order = self.problem.pair_applicant.argsort(kind="stable")
        many = np.bincount(self.problem.pair_applicant, minlength=self.problem.applicants)
        return order, np.append(0, many.cumsum())

    @cached_property
    def _tolls(self) -> Tolls:
        """What the prices of the answer take from a pair."""
        return Tolls(self.problem, self.answer)

    @cached_property
    def _exchanges(self) -> Exchanges:
        """What the answer would be short of with another in a place."""
        return Exchanges(self.problem, self.answer)

    def _places(self, answer: Answer, pair: int) -> tuple[int, ...]:
        mine = self.problem.pair_applicant[answer.pair] == self.problem.pair_applicant[pair]
        return tuple(self.problem.pair_class[answer.pair[mine]].tolist())

    def _last(self, rows: Iterable[int], pair: int) -> int:
        last = last_placed(self.problem, self._without(rows)[0], self.points)
        return int(last[self.problem.pair_class[pair]])

    def _without(self, rows: Iterable[int]) -> tuple[Answer, set[int]]:
        """Return the answer without some rows, and the pairs on its lists."""
        key = frozenset(rows)
        if key and key not in self._known:
            if not self._left:
                raise _TooManyError
            self._left -= 1
            problem = without(self.problem, sorted(key))
            answer = self._solver(problem)
            lists = None if self._listing is None else self._listing(problem, answer)
            listed = set() if lists is None else set(lists[lists >= 0].tolist())
            self._known[key] = (answer, listed) if _proved(answer) or not self._exact else None
        known = self._known[key] if key else (self.answer, self._listed)
        if known is None:
            raise _UnprovedError
        return known

    def _reason(self, pair: int, kind: str, rows: Iterable[int], where: tuple[int, ...] = ()) -> Reason:
        problem = self.problem
        labels = tuple(str(problem.row_label[row]) for row in rows)
        applicant, group = int(problem.pair_applicant[pair]), int(problem.pair_class[pair])
        return Reason(pair, applicant, group, kind, tuple(rows), labels, where)


def _proved(answer: Answer) -> bool:
    """Tell whether every stage of an answer but the lottery is proved."""
    return all(stage.proved_by for stage in answer.stages if stage.name != "lottery")


def without(problem: Problem, rows: list[int]) -> Problem:
    """Return a problem of the same shape in which some rows have no limit."""
    low, high = problem.row_low.copy(), problem.row_high.copy()
    low[rows], high[rows] = NO_LOW, NO_HIGH
    return replace(problem, row_low=low, row_high=high)


def again(answer: Answer, gap: float = 0.0) -> Solver:
    """Return what solves a problem near the one of an answer the same way, from where that one ended."""
    solver = solve_in_stages if len(answer.stages) > 1 else solve
    return lambda problem: solver(problem, trusted=True, gap=gap, start=answer.start, **LITTLE)
