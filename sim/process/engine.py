"""How does a territory live, from one second to another? The only importer of SimPy.

SimPy plays the vacancies, each a process that reads as its story, and the sittings. Demands and tenancies are
columns: what they do by themselves is drawn ahead and admitted before each sitting, at its exact time. Order
is (time, kind, identity): the engine schedules its own events with that priority, so the order in which
processes are made is of no effect.

Sittings are held by the calendar, over all the vacancies that await one; or, `immediate`, over each vacancy
when it appears, and over the longest vacant of those alike whenever a demand is filed.

Left out on purpose: what a commission does (commission.py), what an offer and a lease do (offers.py), what
becomes of dwellings (moves.py, stock.py): here is only when.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any

import numpy as np
import simpy

from sim.policies.parameters import Parameters
from sim.policies.sitting import Policy
from sim.process import demand_flow, rpms, stock
from sim.process.admission import admit, new_year
from sim.process.ageing import IncomeLevels, income_levels
from sim.process.awaiting import Awaiting
from sim.process.commission import Commission, Watcher, sitting_day
from sim.process.hearing import hear, see_documents, take_up
from sim.process.housing import NEVER
from sim.process.moves import draw_tenancies, give_notice, make_way
from sim.process.offers import answered, propose, sign
from sim.process.sittings import PLAIN
from sim.process.state import Signed, State
from sim.process.supply import ANNOUNCED
from sim.process.tenancies import streams
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World
from sim.territory.columns import Ints

ANSWER, NOTICE, SUPPLY, AVAILABLE, FILED, NEW_YEAR, HEARD, FREED, SITTING, LISTED = range(1, 11)
"""Kinds of events, in the order they are played at one second."""

Story = Generator[simpy.Event, Any, None]


def play(
    world: World,
    state: State,
    policy: Policy,
    until_s: int,
    watch: Watcher | None = None,
    parameters: Parameters = PLAIN,
) -> None:
    """Play the events from `state.now_s` up to, and not including, `until_s` under a policy.

    `watch` is called with every Sitting and its Shortlist, and must change nothing.
    """
    _Engine(world, state, policy, until_s, watch, parameters).run()


class _Engine:
    def __init__(
        self,
        world: World,
        state: State,
        policy: Policy,
        until_s: int,
        watch: Watcher | None,
        parameters: Parameters,
    ) -> None:
        self.world, self.state = world, state
        self.commission = Commission(world, state, policy, watch, parameters)
        self.until_s = until_s
        self.env = simpy.Environment(initial_time=state.now_s)
        self.seen_s = -(2**62)  # when documents were last seen
        self.signed: list[Signed] = []
        self.immediate = world.scenario.sittings.rule == "immediate"
        self.awaiting = Awaiting(world, in_lines=self.immediate)
        self.hazard = demand_flow.mutation_hazard(world)
        self.levels: IncomeLevels = income_levels(world)

    def run(self) -> None:
        for key in sorted(self.state.vacancies):
            self.env.process(self.vacancy_story(self.state.vacancies[key]))
        self.open_vacancies()
        self.env.process(self.streams())
        self.env.process(self.stock_changes())
        if self.world.scenario.time.length_s is None:
            self.env.process(self.years())
        if self.immediate:
            draw_tenancies(self.world, self.state, self.hazard)
            self.foresee(np.flatnonzero(self.state.housing.occupied))
            self.env.process(self.filings())
        else:
            self.env.process(self.sittings())
        self.env.run(until=self.until_s)
        self.state.now_s = self.until_s
        self.commission.hold_pairs()
        self.settle()

    # --- the story of a vacancy -------------------------------------------------------------------------

    def vacancy_story(self, vacancy: Vacancy) -> Story:
        """Keys, works, a list, its instruction, the commission, offers in rank order, lease."""
        awaits = bool(vacancy.sitting_id)  # examined before this play began
        if not vacancy.offers:
            yield self.at(vacancy.search_s, AVAILABLE, vacancy.key)
        while not vacancy.closed:
            if not vacancy.offers:
                yield self.next_sitting(vacancy, at_once=self.immediate and not awaits)
            elif not vacancy.heard:
                yield self.at(vacancy.heard_s, HEARD, vacancy.key)
            if vacancy.closed:
                return
            awaits = False
            if not vacancy.heard:
                self.hear(vacancy)
            while vacancy.turn < len(vacancy.offers):
                offer = vacancy.offers[vacancy.turn]
                if offer.offered_s is not None or propose(self.world, self.state, vacancy, offer, self.now):
                    if offer.answer_s > self.env.now:
                        yield self.at(offer.answer_s, ANSWER, vacancy.key)
                    if offer.outcome == "accepted" and vacancy.available_s > self.env.now:
                        yield self.at(vacancy.available_s, ANSWER, vacancy.key)
                    if vacancy.closed:
                        return
                    answered(self.world, self.state, vacancy, offer, self.now)
                    if offer.outcome == "accepted":
                        self.sign(vacancy, offer)
                        return
                vacancy.turn += 1
            vacancy.offers, vacancy.turn = [], 0

    def next_sitting(self, vacancy: Vacancy, at_once: bool) -> simpy.Event:
        """Return the event of a list that is to be heard, or of being lost; `at_once` holds a sitting now."""
        event = simpy.Event(self.env)
        self.awaiting.add(vacancy, event)
        if at_once:
            self.hold_sitting([vacancy])
            if vacancy.cause == "stream" and not vacancy.offers:
                self.lose(vacancy)
        return event

    def hear(self, vacancy: Vacancy) -> None:
        """Let the commission hear a list that was instructed; all documents of a second are seen at once."""
        self.commission.hold_pairs()  # as the demands were when they were listed
        if self.seen_s != self.now:
            self.seen_s = self.now
            see_documents(self.world, self.state, self.seen_s)
        hear(self.world, self.state, vacancy, vacancy.heard_s)

    def sign(self, vacancy: Vacancy, offer: Offer) -> None:
        """Sign the lease; where sittings are immediate, what it frees and foretells begins at once."""
        self.signed.append(sign(self.world, self.state, vacancy, offer, self.now))
        if self.immediate:
            self.open_vacancies()
            self.foresee(draw_tenancies(self.world, self.state, self.hazard))

    def lose(self, vacancy: Vacancy) -> None:
        """Close a vacancy that nobody is eligible for and that does not wait."""
        vacancy.lost = True
        self.state.records.vacancies.append(vacancy.let(NEVER))
        del self.state.vacancies[vacancy.key]
        self.wake(vacancy)

    def withdraw(self, vacancy: Vacancy, reason: str) -> None:
        """Close a vacancy whose dwelling is let no more; who had it to answer waits again."""
        stock.withdraw(self.world, self.state, vacancy, reason, self.now)
        if vacancy.key in self.awaiting:
            self.wake(vacancy)

    def wake(self, vacancy: Vacancy, second: int | None = None) -> None:
        """Let a story that awaited a sitting go on when its list is heard; now, after all else, if it was."""
        event = self.awaiting.pop(vacancy)
        kind = LISTED if second is None else HEARD
        self.schedule(event, self.now if second is None else second, kind, vacancy.key)

    # --- dwellings --------------------------------------------------------------------------------------

    def foresee(self, dwellings: Ints) -> None:
        """Await the notices that will be given in these dwellings."""
        housing = self.state.housing
        for dwelling in dwellings.tolist():
            notice_s, household = int(housing.notice_s[dwelling]), int(housing.household[dwelling])
            if notice_s < self.until_s:
                notice = self.at(notice_s, NOTICE, household)
                notice.callbacks = [partial(self.depart, dwelling, household)]

    def depart(self, dwelling: int, household: int, _: simpy.Event) -> None:
        """End a tenancy at its time, unless the household or the time has moved meanwhile."""
        if give_notice(self.state, dwelling, household, self.now) and self.immediate:
            self.open_vacancies()

    def open_vacancies(self) -> None:
        """Begin the story of every dwelling freed since the last call; by the calendar, at each sitting."""
        for vacancy in stock.vacated(self.world, self.state, self.now):
            self.begin(vacancy)

    def begin(self, vacancy: Vacancy) -> None:
        self.state.vacancies[vacancy.key] = vacancy
        self.env.process(self.vacancy_story(vacancy))

    def streams(self) -> Story:
        """Free the dwellings whose vacancies come at Poisson times, whoever lives there."""
        housing = self.state.housing
        for vacancy in streams(self.world, self.state.now_s, self.until_s):
            yield self.at(vacancy.keys_s, NOTICE, vacancy.key)
            if housing.occupied[vacancy.dwelling]:
                make_way(self.state, vacancy.dwelling, vacancy.keys_s)
            self.begin(vacancy)

    def stock_changes(self) -> Story:
        """Deliver, announce, sell and demolish, each on its day; what is let no more is withdrawn."""
        world, state = self.world, self.state
        for what in world.plan.between(state.now_s, self.until_s):
            yield self.at(what.second, SUPPLY, what.key)
            now = self.now
            let_no_more = stock.let_no_more(world, state, what)
            if self.immediate or what.kind == ANNOUNCED:  # which sets when those who have moved in file
                moved_in = draw_tenancies(world, state, self.hazard)
                if self.immediate:
                    self.foresee(moved_in)
            for vacancy in stock.change(world, state, what, now):
                self.begin(vacancy)
            for vacancy in let_no_more:
                self.withdraw(vacancy, stock.withdrawn_for(world, vacancy.dwelling, now))
            if self.immediate:
                self.open_vacancies()

    # --- sittings ---------------------------------------------------------------------------------------

    def sittings(self) -> Story:
        """Hold a sitting on every sitting day, over every vacancy that awaits one."""
        housing = self.state.housing
        while True:
            next_s = self.sits_s = self.next_sitting_s()
            self.foresee(np.flatnonzero(housing.occupied & (housing.notice_s < next_s)))
            yield self.at(next_s, FREED, 0)
            self.open_vacancies()
            yield self.at(next_s, SITTING, 0)
            self.hold_sitting([self.state.vacancies[key] for key in self.awaiting])

    def next_sitting_s(self) -> int:
        """Return the next sitting day, today included if its sitting is still to come."""
        return sitting_day(self.world, self.now + (self.state.held_s == self.now))

    def filings(self) -> Story:
        """Hold a sitting when a demand is filed, if a dwelling awaits one; those drawn so far."""
        now = self.now
        for filed_s, key in zip(*self.state.filings(), strict=True):
            if filed_s < now:  # had its turn, and no dwelling awaited a sitting
                continue
            yield self.at(filed_s, FILED, key)
            if self.awaiting:
                self.hold_sitting([self.state.vacancies[key] for key in self.awaiting.longest_vacant()])

    def hold_sitting(self, vacancies: list[Vacancy]) -> None:
        """Admit, convene, give each dwelling the list that the commission lets pass."""
        state = self.state
        self.commission.sit(self.now)
        if state.families:
            self.settle()
        if not self.immediate:
            draw_tenancies(self.world, state, self.hazard)
        admit(self.world, state, self.hazard)
        rpms.forget_closed(state)
        examined = sorted(vacancies, key=self.awaiting.since)
        for vacancy, offers in self.commission.lists(examined):
            self.give_list(vacancy, offers)

    def settle(self) -> None:
        """Enter the leases signed since the last sitting into the ledger."""
        self.state.ledger = self.state.ledger.plus(self.signed)
        self.signed = []

    def give_list(self, vacancy: Vacancy, offers: list[Offer]) -> None:
        """Give a vacancy its list, heard now or on the sitting day when every candidate has been seen."""
        if not offers:
            return
        now = self.state.now_s
        ready_s = take_up(self.state, vacancy, offers)
        vacancy.heard_s = ready_s if ready_s == now or self.immediate else sitting_day(self.world, ready_s)
        if vacancy.heard_s > now:
            self.wake(vacancy, vacancy.heard_s)
            return
        hear(self.world, self.state, vacancy, now)
        if vacancy.offers:
            self.wake(vacancy)

    # --- the first of January ---------------------------------------------------------------------------

    def years(self) -> Story:
        """Turn the year on each 1 January."""
        while True:
            year = self.state.year + 1
            yield self.at(self.world.january(year), NEW_YEAR, 0)
            self.state.now_s = self.now
            self.commission.hold_pairs()  # before demands change
            draw_tenancies(self.world, self.state, self.hazard)
            moved = new_year(self.world, self.state, self.levels, year)
            self.foresee(moved if self.immediate else moved[self.state.housing.notice_s[moved] < self.sits_s])
            if self.immediate:
                self.env.process(self.filings())

    # --- time -------------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """Second being played."""
        return int(self.env.now)

    def at(self, second: int, kind: int, identity: int) -> simpy.Event:
        """Return an event at a second (now if it has passed), in its place among those of that second."""
        event = simpy.Event(self.env)
        self.schedule(event, second, kind, identity)
        return event

    def schedule(self, event: simpy.Event, second: int, kind: int, identity: int) -> None:
        """Let an event happen at a second, in its place among those of that second."""
        event._ok, event._value = True, None
        delay = max(second - self.env.now, 0)
        self.env.schedule(event, priority=(kind << 64) | identity, delay=delay)  # type: ignore[arg-type]
