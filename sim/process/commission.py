"""What does a commission do with the vacancies it examines, and on which days does it sit?

It convenes, lets the policy propose, checks, and gives each vacancy its list. Left out on purpose: what a
sitting sees (sittings.py), what is lawful (legality.py), who is heard and attributed to (hearing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.outcomes import DAY_S
from sim.policies.parameters import Parameters
from sim.policies.sitting import Policy, Shortlist, Sitting
from sim.process.acceptance import draw_offers
from sim.process.designation import hold_named, on_lists
from sim.process.legality import Pairs, hold_first, hold_lists, hold_pairs, hold_pools
from sim.process.passing import reasons
from sim.process.records import MatchingRecord, SittingRecord
from sim.process.sittings import convene, passed_over
from sim.process.state import State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World

MANY_SITTINGS = 1000
"""Immediate sittings whose pairs are checked together."""

MONDAY_S = 4 * DAY_S
"""1970-01-05 was a Monday: sittings are counted from there."""

Watcher = Callable[[Sitting, Shortlist], None]


def sitting_day(world: World, earliest_s: int) -> int:
    """Return the first sitting day of the calendar from a second on."""
    choice = world.scenario.sittings
    step = choice.every_days * DAY_S
    origin = world.epoch_days * DAY_S
    first = MONDAY_S + choice.weekday * DAY_S - origin
    return first - (first - earliest_s) // step * step


class Commission:
    """The commissions of a territory under one policy: what it carries over, the pairs to be checked."""

    def __init__(
        self, world: World, state: State, policy: Policy, watch: Watcher | None, parameters: Parameters
    ) -> None:
        self.world, self.state, self.policy, self.watch = world, state, policy, watch
        self.parameters = parameters
        self.immediate = world.scenario.sittings.rule == "immediate"
        self.carry: Any = None
        self.again = 0  # sittings held before at this second
        self.sitting_id = ""
        self.listed: list[Pairs] = []  # not checked pair by pair yet

    def sit(self, now: int) -> None:
        """Open the sitting of a second."""
        self.again = self.again + 1 if self.state.held_s == now else 0
        self.state.held_s = self.state.now_s = now
        self.sitting_id = self._sitting_id()

    def lists(self, examined: Sequence[Vacancy]) -> list[tuple[Vacancy, list[Offer]]]:
        """Return each vacancy examined with the list it is given; none where nobody waits.

        1. What a réservataire leaves without a candidate returns to the bailleur.
        2. Convene; the policy proposes; check it against the law.
        3. Draw what the candidates will answer; write what the sitting saw and listed, and who of more points
           is on no list.
        """
        state, world = self.state, self.world
        if not examined:
            return []
        delay_s = world.scenario.designation.days * DAY_S
        for vacancy in examined:
            vacancy.designated &= state.now_s < vacancy.available_s + delay_s
        if not len(state.open_rows):
            for vacancy in examined:
                self._write(vacancy, 0, 0, 0)
            return []
        sitting = convene(world, state, examined, self.carry, self.parameters)
        sitting = on_lists(world, state, sitting, examined)
        shortlist = self._propose(sitting, examined)
        better = passed_over(sitting, shortlist.rows)
        if state.held_s >= 0:  # what the burn-in did is no part of the run
            for reason, positions in reasons(sitting, shortlist, better).items():
                state.records.passed[reason].append(sitting.demand[positions])
        offers = draw_offers(world, state, sitting, shortlist.rows, [vacancy.key for vacancy in examined])
        for place, vacancy in enumerate(examined):
            eligible, alone = len(sitting.pools[place]), place in sitting.named
            self._write(vacancy, eligible, len(offers[place]), len(better[place]), alone=alone)
        return list(zip(examined, offers, strict=True))

    def _propose(self, sitting: Sitting, examined: Sequence[Vacancy]) -> Shortlist:
        """Return what the policy proposes, checked; who watches sees it too."""
        world, state, name = self.world, self.state, self.policy.__module__
        if self.watch:
            sitting.written()  # as things stand today, whenever the watcher reads it
        shortlist = self.policy(sitting)
        self.listed.append(hold_lists(world, state, name, sitting, shortlist))
        if not self.immediate or len(self.listed) > MANY_SITTINGS:
            self.hold_pairs()
        hold_pools(world, state, name, sitting, shortlist)
        hold_named(world, state, name, sitting, examined, shortlist)
        hold_first(world, state, name, sitting, shortlist)
        self.carry = shortlist.carry
        if shortlist.matching:
            record = MatchingRecord(self.sitting_id, state.held_s, *shortlist.matching)
            state.records.matchings.append(record)
        if self.watch:
            self.watch(sitting, shortlist)
        return shortlist

    def hold_pairs(self) -> None:
        """Check the pairs listed and not yet checked: sittings of one vacancy are checked many at once."""
        hold_pairs(self.world, self.state, self.policy.__module__, self.listed)
        self.listed = []

    def _write(
        self, vacancy: Vacancy, eligible: int, listed: int, better: int, *, alone: bool = False
    ) -> None:
        """Write what the sitting of this second saw and listed for a vacancy."""
        held_s, least = self.state.held_s, self.world.law.min_candidates
        vacancy.sitting_id = self.sitting_id
        reason = "" if listed >= least else "vivier" if eligible < least else "listes"
        reason = "prefet" if alone else reason
        self.state.records.sittings.append(
            SittingRecord(vacancy.sitting_id, held_s, vacancy.vacancy_id, eligible, listed, reason, better)
        )

    def _sitting_id(self) -> str:
        """Return the name of the sitting of this second."""
        held_s, second = self.state.held_s, self.state.held_s % DAY_S
        at = (f"T{second:05d}" if second else "") + (f".{self.again}" if self.again else "")
        return f"S{self.world.day(held_s).isoformat()}{at}"
