"""Which rows cannot be met together, and what is the smallest change that would free them?

The elastic answer always exists; this says why some of its rows are short. A row that is short because
meeting it would cost more weight than its penalty is in no conflict and is not named. Which of several
conflicts of the same row is found is a convention, see `find`; all of them are not listed on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from optimizer.problem import NO_HIGH, Ints, Problem
from optimizer.trials import Trials

FILLED = "logements pourvus"
"""Label of the row that counts the places filled, where these come first."""


@dataclass(frozen=True)
class Change:
    """The smallest change of one limit that frees a conflict; `limit` and `by` are in units of the row."""

    row: int
    label: str
    floor: bool  # the floor is lowered; otherwise the ceiling is raised
    limit: int
    by: int
    scale: int

    @property
    def name(self) -> str:
        bound = "au moins" if self.floor else "au plus"
        return f"« {self.label} » ({bound} {amount(self.limit, self.scale)})"

    @property
    def remedy(self) -> str:
        verb = "d'abaisser" if self.floor else "de relever"
        return f"{verb} « {self.label} » de {amount(self.by, self.scale)}"


@dataclass(frozen=True)
class Conflict:
    """Rows that no answer meets together, though it is enough to leave any one of them out.

    Attributes
    ----------
    rows : in the order they were read
    changes : one a row; each frees the rows by itself
    locks : whether pairs were given or forbidden, and stayed so
    proved : False when a search was given up: a longer one might meet the rows, or need smaller changes
    """

    rows: tuple[int, ...]
    changes: tuple[Change, ...]
    locks: bool
    proved: bool

    @property
    def sentence(self) -> str:
        """What an officer reads: the rows, then how much each would have to give if it alone gave."""
        names = ", ".join(change.name for change in self.changes)
        means = (
            "ces logements, ces demandes et ces verrous" if self.locks else "ces logements et ces demandes"
        )
        if len(self.changes) == 1:
            subject = "Cette ligne ne peut être tenue, même seule,"
        else:
            subject = "Ces lignes ne peuvent être tenues ensemble"
        remedies = ", ou ".join(change.remedy for change in self.changes)
        doubt = "" if self.proved else " (non démontré)"
        return f"{subject} avec {means} : {names} ; il suffit {remedies}{doubt}."


def amount(units: int, scale: int) -> str:
    """Return units of a row in what it counts, rounded up to a hundredth, as it is written in French."""
    return f"{ceil(100 * units / scale) / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def find(problem: Problem, shortfall: Ints, *, fill: int = 0, most: int = 5) -> tuple[Conflict, ...]:
    """Name, for the rows an answer leaves short, the conflicts they stand in.

    1. Read the rows legal first, then in their order. An answer shows that the rows it meets can be met
       together, so each conflict holds a row that is short. Try each of these alone; one that cannot be met
       is a conflict with the vacancies and the applicants, and is in no other.
    2. Among the others, find the shortest beginning that cannot be met together: its last row is in a
       conflict. Keep it; find the shortest beginning that cannot be met with the rows kept; and so on until
       the rows kept cannot be met by themselves. This names the irreducible set that a deletion filter names
       when it drops targets before legal rows and later rows before earlier ones, in fewer trials.
    3. Leave out the rows of the set that were short and look for the next conflict, up to `most`.
    4. For each row of a set, find how little its limit must give for the set to be met; try it.

    Parameters
    ----------
    shortfall : (R,) int64, of any answer to the problem
    fill : places that have to be filled before any row counts, as this answer fills them; they are one more
        row, the first, numbered R. 0 where a place may stay empty for a row's sake
    most : conflicts at most

    Raises
    ------
    RuntimeError
        when a conflict found can be met, or a change found does not free it.
    """
    seed, tier = shortfall > 0, problem.row_tier
    if fill:
        problem = filling(problem, fill)
        seed, tier = np.append(seed, False), np.append(tier, -1)
    rows = np.lexsort((np.arange(problem.rows), tier))
    trials = Trials.of_problem(problem)
    alone = [row for row in rows[seed[rows]].tolist() if not trials.of(np.array([row])).met]
    sets = [np.array([row]) for row in alone]
    rows = rows[~np.isin(rows, alone)]
    for _ in range(most):
        if not seed[rows].any():
            break
        together = _irreducible(trials, rows, int(seed[rows].argmax()))
        if not together.size:
            break
        sets.append(together)
        rows = rows[~(seed[rows] & np.isin(rows, together))]
    sets.sort(key=lambda together: (int(tier[together[-1]]), int(together[-1])))
    return tuple(_conflict(trials, together) for together in sets[:most])


def filling(problem: Problem, places: int) -> Problem:
    """Return a problem with one more row, that counts the places filled and asks for so many."""
    known = np.unique(problem.applicant_signature)
    signature, group = np.meshgrid(known, np.arange(problem.classes), indexing="ij")
    ones = np.ones(signature.size, dtype=np.int64)
    return replace(
        problem,
        coef_row=np.append(problem.coef_row, problem.rows * ones),
        coef_signature=np.append(problem.coef_signature, signature.ravel()),
        coef_class=np.append(problem.coef_class, group.ravel()),
        coef_value=np.append(problem.coef_value, ones),
        row_low=np.append(problem.row_low, places),
        row_high=np.append(problem.row_high, NO_HIGH),
        row_penalty=np.append(problem.row_penalty, 1),
        row_tier=np.append(problem.row_tier, 0),
        row_label=np.append(problem.row_label, FILLED),
        row_scale=np.append(problem.scale, 1),
    )


def _irreducible(trials: Trials, rows: Ints, safe: int) -> Ints:
    """Return an irreducible set of `rows`, in their order; none when all can be met. The first `safe` can."""
    kept = rows[:0]
    end = _shortest(trials, rows, kept, safe, rows.size + 1, rows.size)
    if end > rows.size:
        return kept
    while end:
        kept = np.append(rows[end - 1], kept)
        end = _shortest(trials, rows, kept, -1, end - 1, 0)
    return kept


def _shortest(trials: Trials, rows: Ints, kept: Ints, safe: int, end: int, tried: int) -> int:
    """Return how long the shortest beginning of `rows` is that cannot be met with `kept`.

    It is longer than `safe` and at most `end`; it is sought by halves, once a first length was `tried`. An
    answer that meets more rows than were asked makes all of that beginning safe; rows that prices prove
    impossible make it end with the last of them.
    """
    while end - safe > 1:
        outcome = trials.of(np.append(rows[:tried], kept))
        if outcome.met:
            missed = outcome.short[rows] != 0
            safe = int(missed.argmax()) if missed.any() else rows.size
        else:
            used = np.flatnonzero(np.isin(rows[:tried], outcome.proof))
            end = int(used.max(initial=-1)) + 1
        tried = (safe + end) // 2
    return end


def _conflict(trials: Trials, together: Ints) -> Conflict:
    """Find, for each row of an irreducible set, the smallest change of its limit that frees the set."""
    problem, changes = trials.problem, []
    last = trials.of(together)
    if last.met:
        raise RuntimeError("des lignes dites en conflit ont été tenues ensemble")
    proved = last.proved
    for row in together.tolist():
        short, least = trials.least(row, together)
        floor = short < 0
        limit = problem.row_low if floor else problem.row_high
        changed = limit.copy()
        changed[row] += short
        freed = replace(problem, row_low=changed) if floor else replace(problem, row_high=changed)
        label, scale = str(problem.row_label[row]), int(problem.scale[row])
        if not replace(trials, problem=freed).of(together).met:
            raise RuntimeError(f"changer « {label} » de {abs(short)} ne libère pas ses lignes")
        changes.append(Change(row, label, floor, int(limit[row]), abs(short), scale))
        proved = proved and least
    return Conflict(tuple(together.tolist()), tuple(changes), bool(problem.lock.any()), proved)
