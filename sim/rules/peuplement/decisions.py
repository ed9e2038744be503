"""Which type of a residence have the partners settled, since when and until when, and what is still open?

1. A type changes by a decision that the residence's bailleur and the EPCI have signed, dated and argued.
2. One unsigned, half signed or contested leaves the type that was, and the residence's objective inactive.
3. Signed decisions are appended to a history, each sealed with the digest of all before it: nothing is
   erased, a later qualification least of all. A contested or mistaken one is followed by another.
4. At a date, the decision that took effect last rules, until its end where it has one; from then on the
   statistics read the residence again.

Left out on purpose: who signs by name (a function only), and the statistics' own types (qualified.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np

from sim.rules.peuplement.forms import SEAL_LENGTH
from sim.rules.peuplement.qualified import AIMED, CAPACITY, Qualified
from sim.territory.columns import Bools, Ints

UNSIGNED, HALF_SIGNED, CONTESTED, SIGNED = "non_signee", "signee_a_moitie", "contestee", "signee"

STATES = {
    UNSIGNED: "non signée",
    HALF_SIGNED: "signée par une partie seulement",
    CONTESTED: "contestée",
    SIGNED: "signée",
}


@dataclass(frozen=True)
class Signature:
    """Who signs: the bailleur's identifier or "epci", in which function (a code of FUNCTIONS), and when."""

    party: str
    function: str
    on: date


@dataclass(frozen=True)
class Measured:
    """What the statistics said of a residence when its type was decided."""

    score: float
    low: float
    high: float
    data_on: date


@dataclass(frozen=True)
class Decision:
    """A type proposed for a residence, and its signatures.

    Attributes
    ----------
    before, to : types, indices into PEUPLEMENT_TYPES
    target : type aimed at, -1 to read it from the buildings and the type
    reason : a code of REASONS
    contested_by : codes of PARTNERS
    effect_on : None for the day of the last signature
    ends_on : first day it rules no more, None without end
    measured : None where no statistics stood beside
    """

    residence_id: str
    proposed_on: date
    before: int
    to: int
    target: int
    reason: str
    argument: str
    bailleur: Signature | None = None
    epci: Signature | None = None
    contested_by: tuple[str, ...] = ()
    effect_on: date | None = None
    ends_on: date | None = None
    measured: Measured | None = None

    @property
    def state(self) -> str:
        """UNSIGNED, HALF_SIGNED, CONTESTED or SIGNED."""
        if self.contested_by:
            return CONTESTED
        signed = (self.bailleur is not None) + (self.epci is not None)
        return (UNSIGNED, HALF_SIGNED, SIGNED)[signed]

    @property
    def signed_on(self) -> date:
        """Day of the last signature; of the proposal where there is none."""
        return max((each.on for each in (self.bailleur, self.epci) if each), default=self.proposed_on)

    @property
    def effect(self) -> date:
        """Day from which it rules, once signed."""
        return self.effect_on or self.signed_on

    def ended(self, on: date) -> bool:
        """Tell whether it rules no more on a day."""
        return self.ends_on is not None and on >= self.ends_on


@dataclass(frozen=True)
class Settled:
    """The residences on a date once the partners have decided; columns by residence, (residences,).

    Attributes
    ----------
    type, target, capacity : settled, or the statistics' where nothing is; -1 where there is none
    active : False where a proposal is open: the residence's objective is not counted
    decision : the signed decision that rules, None where none does
    """

    type: Ints
    target: Ints
    capacity: Ints
    active: Bools
    decision: tuple[Decision | None, ...]


def last_in_effect(history: Iterable[Decision], on: date) -> Mapping[str, Decision]:
    """Return the signed decision that took effect last in each residence, ended or not."""
    found: dict[str, Decision] = {}
    for each in history:
        before = found.get(each.residence_id)
        if (
            each.state == SIGNED
            and each.effect <= on
            and (before is None or (each.effect, each.signed_on) >= (before.effect, before.signed_on))
        ):
            found[each.residence_id] = each
    return found


def ruling(history: Iterable[Decision], on: date) -> Mapping[str, Decision]:
    """Return the signed decision that rules each residence on a day."""
    last = last_in_effect(history, on)
    return {name: each for name, each in last.items() if not each.ended(on)}


def active(residence_id: Sequence[str], unsettled: Iterable[str]) -> Bools:
    """Tell of each residence whether its objective is active: no proposal is open on it, (residences,).

    Parameters
    ----------
    unsettled : the residences with an open proposal
    """
    open_on = set(unsettled)
    return np.array([name not in open_on for name in residence_id], dtype=bool)


def still_open(
    pending: Iterable[Decision], history: Iterable[Decision]
) -> tuple[tuple[Decision, ...], tuple[tuple[Decision, date], ...]]:
    """Return the proposals still open, then those that a decision signed since has closed, with its day.

    A proposal is dated by its last signature, or by its own day where it has none; one signed or made on the
    day of the decision, or after, stays open.
    """
    signed: dict[str, date] = {}
    for each in history:
        if each.state == SIGNED:
            signed[each.residence_id] = max(each.signed_on, signed.get(each.residence_id, each.signed_on))
    left, closed = [], []
    for each in pending:
        by = signed.get(each.residence_id)
        if by is not None and each.signed_on < by:
            closed.append((each, by))
        else:
            left.append(each)
    return tuple(left), tuple(closed)


def settle(
    found: Qualified,
    residence_id: Sequence[str],
    history: Iterable[Decision],
    pending: Sequence[Decision],
    on: date,
) -> Settled:
    """Return the residences as qualified, then as decided; an open proposal leaves the type that was."""
    rules = ruling(history, on)
    decision = tuple(rules.get(name) for name in residence_id)
    none = np.full(len(residence_id), -1)
    kind, target = decided(history, pending, residence_id, found.type, none, on)
    typed = kind >= 0
    target = np.where((target < 0) & typed, AIMED[found.segment, kind], target)
    capacity = np.where(typed, CAPACITY[found.segment, kind], -1)
    unsettled = {each.residence_id for each in pending if each.state != SIGNED}
    return Settled(kind, target, capacity, active(residence_id, unsettled), decision)


def decided(
    history: Iterable[Decision],
    pending: Iterable[Decision],
    residence_id: Sequence[str],
    kind: Ints,
    target: Ints,
    on: date,
) -> tuple[Ints, Ints]:
    """Return types and types aimed at, those decided in place of those given, (residences,) each.

    Where no decision rules, a residence with an open proposal keeps the type it had before it.
    """
    rules = ruling(history, on)
    left = {each.residence_id: each.before for each in pending if each.before >= 0}
    kind, target = np.array(kind), np.array(target)
    for row, name in enumerate(residence_id):
        each = rules.get(name)
        if each is None:
            kind[row] = left.get(name, kind[row])
            continue
        kind[row] = each.to
        target[row] = target[row] if each.target < 0 else each.target
    return kind, target


def as_of(day: date, history: Iterable[Decision]) -> date:
    """Return the day on which a workbook is read: the data's, or that of the last signature if later."""
    return max([day, *(each.signed_on for each in history if each.state == SIGNED)])


def seals(history: Iterable[Decision], before: str = "") -> tuple[str, ...]:
    """Return the seal of each decision, chained to the one before it: the last one seals the history."""
    found = []
    for each in history:
        text = json.dumps(asdict(each), sort_keys=True, ensure_ascii=False, default=date.isoformat)
        before = hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()[:SEAL_LENGTH]
        found.append(before)
    return tuple(found)
