"""How does a territory live, from one second to another? The only importer of SimPy.

SimPy plays the vacancies, each a process that reads as its story, and the sittings. Demands and tenancies are
columns: what they do by themselves is drawn ahead and admitted before each sitting, at its exact time. Order
is (time, kind, identity): the engine schedules its own events with that priority, so the order in which
processes are made is of no effect.

Sittings are held by the calendar, over all the vacancies that await one; or, `immediate`, over each vacancy
when it appears, and over the longest vacant of those alike whenever a demand is filed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import numpy as np
import simpy

from sim.outcomes import DAY_S
from sim.policies.parameters import Parameters
from sim.policies.sitting import Policy, Shortlist, Sitting
from sim.process import closing, dalo, demand_flow, demand_traits, rpms, stock
from sim.process.acceptance import draw_offers, silence_ends
from sim.process.admission import admit, new_year
from sim.process.ageing import IncomeLevels, income_levels
from sim.process.awaiting import Awaiting
from sim.process.designation import hold_named, on_lists
from sim.process.hearing import hear, meet, see_documents, take_up
from sim.process.housing import ENDINGS, NEVER
from sim.process.legality import Pair, hold_first, hold_lists, hold_pairs, hold_pools
from sim.process.moves import draw_tenancies, move_in, move_out
from sim.process.records import LeaseRecord, MatchingRecord, SittingRecord
from sim.process.register import CLOSED, OFFERED, OPEN
from sim.process.sittings import PLAIN, convene, passed_over
from sim.process.state import State
from sim.process.tenancies import streams, vacancies
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World
from sim.territory.columns import Ints

ANSWER, NOTICE, SUPPLY, AVAILABLE, FILED, NEW_YEAR, HEARD, FREED, SITTING, LISTED = range(1, 11)
"""Kinds of events, in the order they are played at one second."""

MANY_PAIRS = 1000
"""Pairs of immediate sittings that are checked together."""

MONDAY_S = 4 * DAY_S
"""1970-01-05 was a Monday: sittings are counted from there."""

Watcher = Callable[[Sitting, Shortlist], None]
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
        self.world, self.state, self.policy, self.watch = world, state, policy, watch
        self.parameters = parameters
        self.until_s = until_s
        self.env = simpy.Environment(initial_time=state.now_s)
        self.awaiting = Awaiting(world)
        self.carry: Any = None
        self.again = 0  # sittings held before at this second
        self.seen_s = -(2**62)  # when documents were last seen
        self.signed: list[tuple[int, int, int, int]] = []
        self.listed: list[Pair] = []
        self.immediate = world.scenario.sittings.rule == "immediate"
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
        self.hold_pairs()
        self.settle()

    # --- time -------------------------------------------------------------------------------------------

    def at(self, second: int, kind: int, identity: int) -> simpy.Event:
        """Return an event at a second (now if it has passed), in its place among those of that second."""
        event = simpy.Event(self.env)
        event._ok, event._value = True, None
        self.env.schedule(event, priority=(kind << 64) | identity, delay=max(second - self.env.now, 0))  # type: ignore[arg-type]
        return event

    def settle(self) -> None:
        """Enter the leases signed since the last sitting into the ledger."""
        self.state.ledger = self.state.ledger.plus(self.signed)
        self.signed = []

    def hold_pairs(self) -> None:
        """Check the pairs listed and not yet checked: sittings of one vacancy are checked many at once."""
        hold_pairs(self.world, self.state, self.policy.__module__, self.listed)
        self.listed = []

    # --- the story of a vacancy -------------------------------------------------------------------------

    def vacancy_story(self, vacancy: Vacancy) -> Story:
        """Keys, works, a list, its instruction, the commission, offers in rank order, lease."""
        awaits = bool(vacancy.sitting_id)  # examined before this play began
        if not vacancy.offers:
            yield self.at(vacancy.search_s, AVAILABLE, vacancy.key)
        while not vacancy.closed:
            if not vacancy.offers:
                yield self.next_sitting(vacancy, at_once=self.immediate and not awaits)
                if vacancy.closed:
                    return
            awaits = False
            if not vacancy.heard:
                yield self.at(vacancy.heard_s, HEARD, vacancy.key)
                if vacancy.closed:
                    return
                self.hold_pairs()  # as the demands were when they were listed
                if self.seen_s != self.env.now:
                    self.seen_s = int(self.env.now)
                    see_documents(self.world, self.state, self.seen_s)
                hear(self.world, self.state, vacancy, vacancy.heard_s)
            while vacancy.turn < len(vacancy.offers):
                offer = vacancy.offers[vacancy.turn]
                if offer.offered_s is not None or self.propose(vacancy, offer):
                    if offer.answer_s > self.env.now:
                        yield self.at(offer.answer_s, ANSWER, vacancy.key)
                    if offer.outcome == "accepted" and vacancy.available_s > self.env.now:
                        yield self.at(vacancy.available_s, ANSWER, vacancy.key)
                    if vacancy.closed:
                        return
                    if self.answered(vacancy, offer):
                        return
                vacancy.turn += 1
            vacancy.offers, vacancy.turn = [], 0

    def next_sitting(self, vacancy: Vacancy, at_once: bool) -> simpy.Event:
        """Return the event of being given a list, or of being lost; `at_once` holds a sitting now."""
        event = simpy.Event(self.env)
        self.awaiting.add(vacancy, event)
        if at_once:
            self.hold_sitting([vacancy])
            if vacancy.cause == "stream" and not vacancy.offers:
                self.lose(vacancy)
        return event

    def lose(self, vacancy: Vacancy) -> None:
        """Close a vacancy that nobody is eligible for and that does not wait."""
        vacancy.lost = True
        self.state.records.vacancies.append(vacancy.let(NEVER))
        del self.state.vacancies[vacancy.key]
        self.wake(vacancy)

    def withdraw(self, vacancy: Vacancy, reason: str) -> None:
        """Close a vacancy whose dwelling is let no more; who had it to answer waits again."""
        stock.withdraw(self.world, self.state, vacancy, reason, int(self.env.now))
        if vacancy.key in self.awaiting:
            self.wake(vacancy)

    def wake(self, vacancy: Vacancy) -> None:
        """Let the story of a vacancy that awaited a sitting go on, after everything else of this second."""
        event = self.awaiting.pop(vacancy)
        event._ok, event._value = True, None
        self.env.schedule(event, priority=(LISTED << 64) | vacancy.key)  # type: ignore[arg-type]

    def propose(self, vacancy: Vacancy, offer: Offer) -> bool:
        """Make the offer whose turn has come, if its demand is still waiting."""
        state, now = self.state, int(self.env.now)
        if state.register.state[offer.demand] != OPEN or state.register.leaves_s[offer.demand] <= now:
            elsewhere = state.register.state[offer.demand] == OFFERED
            offer.motive = ""
            self.write(vacancy, offer, "superseded" if elsewhere else "withdrawn", now, "commission")
            return False
        silent = offer.outcome == "silent"
        offer.offered_s = now
        offer.answer_s = silence_ends(self.world, now) if silent else now + offer.wait_s
        state.register.state[offer.demand] = OFFERED
        meet(state, vacancy, offer)
        rpms.proposed(self.world, state, offer.demand, vacancy.dwelling)
        return True

    def answered(self, vacancy: Vacancy, offer: Offer) -> bool:
        """Take the answer; sign if it is yes, once the works are over."""
        register, now = self.state.register, int(self.env.now)
        if register.state[offer.demand] == CLOSED:  # a tenant who has given notice meanwhile
            offer.outcome, offer.motive = "withdrawn", ""
        self.write(vacancy, offer, offer.outcome, offer.answer_s, "offer")
        if offer.outcome == "accepted":
            self.sign(vacancy, offer, now)
            return True
        if offer.outcome != "withdrawn":
            register.state[offer.demand] = OPEN
            register.refusals[offer.demand] += 1
            self.state.refused.append((now, offer.demand))
            if dalo.priority_ends(self.world, self.state, offer, vacancy.dwelling, now):
                demand_traits.reread(self.world, self.state, np.array([offer.demand]))
            if register.leaves_s[offer.demand] <= now:  # an offer kept the demand alive until its answer
                closing.close(self.state, offer.demand, now, "lapse")
        return False

    def write(self, vacancy: Vacancy, offer: Offer, outcome: str, answered_s: int, stage: str) -> None:
        self.state.records.offers.append(vacancy.written(offer, outcome, answered_s, stage))

    def sign(self, vacancy: Vacancy, offer: Offer, now: int) -> None:
        """Sign the lease: the demand is closed, the household moves in, its old dwelling is freed."""
        state, register, housing = self.state, self.state.register, self.state.housing
        demand, dwelling = offer.demand, vacancy.dwelling
        household = register.household[demand]
        old = int(register.mutation_of[demand])
        signature = int(register.signature[demand])
        closing.close(state, demand, now, "lease")
        state.records.leases.append(
            LeaseRecord(
                vacancy.vacancy_id,
                dwelling,
                demand,
                now,
                offer.rank,
                offer.points,
                vacancy.holder,
                signature,
            )
        )
        state.records.vacancies.append(vacancy.let(now))
        del state.vacancies[vacancy.key]
        self.signed.append((now, dwelling, vacancy.holder, signature))
        if old >= 0 and housing.occupied[old] and housing.household[old] == household:
            rehoused = register.operation[demand] >= 0
            move_out(state, old, now, "relogement" if rehoused else "mutation", vacancy.vacancy_id)
        if housing.occupied[dwelling]:  # two vacancies of a stream at one second
            self.replace(dwelling, now)
        move_in(self.world, state, dwelling, demand, now)
        if self.immediate:
            self.open_vacancies()
            self.foresee(draw_tenancies(self.world, state, self.hazard))

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
        housing, now = self.state.housing, int(self.env.now)
        here = housing.occupied[dwelling] and housing.household[dwelling] == household
        if here and housing.notice_s[dwelling] <= now:
            cause = ENDINGS[housing.ends_by[dwelling]] if housing.ends_s[dwelling] <= now else "departure"
            move_out(self.state, dwelling, now, cause)
            if self.immediate:
                self.open_vacancies()

    def open_vacancies(self) -> None:
        """Begin the story of every dwelling freed since the last call; by the calendar, at each sitting."""
        freed, self.state.freed = self.state.freed, []
        now = int(self.env.now)
        for one, vacancy in zip(freed, vacancies(self.world, freed, self.state), strict=True):
            kept_back = stock.keep_back(self.world, self.state, one, vacancy, now)
            self.state.records.end(one, vacancy.keys_s)
            if kept_back:
                self.state.records.vacancies.append(vacancy.let(NEVER))
            else:
                self.begin(vacancy)
        stock.demolish_emptied(self.world, self.state, now)

    def begin(self, vacancy: Vacancy) -> None:
        self.state.vacancies[vacancy.key] = vacancy
        self.env.process(self.vacancy_story(vacancy))

    def streams(self) -> Story:
        """Free the dwellings whose vacancies come at Poisson times, whoever lives there."""
        housing = self.state.housing
        for vacancy in streams(self.world, self.state.now_s, self.until_s):
            yield self.at(vacancy.keys_s, NOTICE, vacancy.key)
            if housing.occupied[vacancy.dwelling]:
                self.replace(vacancy.dwelling, vacancy.keys_s)
            self.begin(vacancy)

    def stock_changes(self) -> Story:
        """Deliver, announce, sell and demolish, each on its day; what is let no more is withdrawn."""
        world, state = self.world, self.state
        for what in world.plan.between(state.now_s, self.until_s):
            yield self.at(what.second, SUPPLY, what.key)
            now = int(self.env.now)
            moved_in = draw_tenancies(world, state, self.hazard)  # before an announcement sets when they file
            if self.immediate:
                self.foresee(moved_in)
            for vacancy in stock.change(world, state, what, now):
                self.begin(vacancy)
            for key in sorted(state.vacancies):
                reason = stock.withdrawn_for(world, state.vacancies[key].dwelling, now)
                if reason:
                    self.withdraw(state.vacancies[key], reason)
            if self.immediate:
                self.open_vacancies()

    def replace(self, dwelling: int, now: int) -> None:
        """End a tenancy without another vacancy: that of a stream frees the dwelling."""
        move_out(self.state, dwelling, now, "stream")
        self.state.records.end(self.state.freed.pop(), now)

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
        now = int(self.env.now)
        return self.sitting_day(now + (self.state.held_s == now))

    def sitting_day(self, earliest_s: int) -> int:
        """Return the first sitting day of the calendar from a second on."""
        choice = self.world.scenario.sittings
        step = choice.every_days * DAY_S
        origin = self.world.epoch_days * DAY_S
        first = MONDAY_S + choice.weekday * DAY_S - origin
        return first - (first - earliest_s) // step * step

    def filings(self) -> Story:
        """Hold a sitting when a demand is filed, if a dwelling awaits one; those drawn so far."""
        now = int(self.env.now)
        for filed_s, key in zip(*self.state.filings(), strict=True):
            if filed_s < now:  # had its turn, and no dwelling awaited a sitting
                continue
            yield self.at(filed_s, FILED, key)
            if self.awaiting:
                self.hold_sitting([self.state.vacancies[key] for key in self.awaiting.longest_vacant()])

    def hold_sitting(self, vacancies: list[Vacancy]) -> None:
        """Admit, convene, let the policy propose, check, give each dwelling its list."""
        state, now = self.state, int(self.env.now)
        self.again = self.again + 1 if state.held_s == now else 0
        state.held_s = state.now_s = now
        if state.families:
            self.settle()
        if not self.immediate:
            draw_tenancies(self.world, state, self.hazard)
        admit(self.world, state, self.hazard)
        rpms.forget_closed(state)
        examined = sorted(vacancies, key=self.awaiting.since)
        if not examined:
            return
        delay_s = self.world.scenario.designation.days * DAY_S
        for vacancy in examined:  # what a réservataire leaves without a candidate returns to the bailleur
            vacancy.designated &= state.now_s < vacancy.available_s + delay_s
        if not len(state.open_rows):  # nobody waits
            for vacancy in examined:
                self.write_sitting(vacancy, 0, 0, 0)
            return
        sitting = convene(self.world, state, examined, self.carry, self.parameters)
        sitting = on_lists(self.world, state, sitting, examined)
        if self.watch:
            sitting.written()  # as things stand today, whenever the watcher reads it
        shortlist = self.policy(sitting)
        self.listed += hold_lists(self.world, state, self.policy.__module__, sitting, shortlist)
        if not self.immediate or len(self.listed) > MANY_PAIRS:
            self.hold_pairs()
        hold_pools(self.world, state, self.policy.__module__, sitting, shortlist)
        hold_named(self.world, state, self.policy.__module__, sitting, examined, shortlist)
        hold_first(self.world, state, self.policy.__module__, sitting, shortlist)
        self.carry = shortlist.carry
        if shortlist.matching:
            name = self.sitting_id()
            state.records.matchings.append(MatchingRecord(name, now, *shortlist.matching))
        if self.watch:
            self.watch(sitting, shortlist)
        better = passed_over(sitting, shortlist.rows)
        offers = draw_offers(
            self.world, state, sitting, shortlist.rows, [vacancy.key for vacancy in examined]
        )
        for place, vacancy in enumerate(examined):
            eligible = len(sitting.eligible(place))
            alone = place in sitting.named
            self.write_sitting(vacancy, eligible, len(offers[place]), better[place], alone=alone)
            self.give_list(vacancy, offers[place])

    def write_sitting(
        self, vacancy: Vacancy, eligible: int, listed: int, better: int, *, alone: bool = False
    ) -> None:
        """Write what the sitting of this second saw and listed for a vacancy."""
        held_s, least = self.state.held_s, self.world.law.min_candidates
        vacancy.sitting_id = self.sitting_id()
        reason = "" if listed >= least else "vivier" if eligible < least else "listes"
        reason = "prefet" if alone else reason
        self.state.records.sittings.append(
            SittingRecord(vacancy.sitting_id, held_s, vacancy.vacancy_id, eligible, listed, reason, better)
        )

    def sitting_id(self) -> str:
        """Return the name of the sitting of this second."""
        held_s, second = self.state.held_s, self.state.held_s % DAY_S
        at = (f"T{second:05d}" if second else "") + (f".{self.again}" if self.again else "")
        return f"S{self.world.day(held_s).isoformat()}{at}"

    def give_list(self, vacancy: Vacancy, offers: list[Offer]) -> None:
        """Give a vacancy its list, heard now or on the sitting day when every candidate has been seen."""
        now = self.state.now_s
        ready_s = take_up(self.state, vacancy, offers)
        vacancy.heard_s = ready_s if ready_s == now or self.immediate else self.sitting_day(ready_s)
        if vacancy.heard_s == now:
            hear(self.world, self.state, vacancy, now)
        if vacancy.offers:
            self.wake(vacancy)

    # --- the first of January ---------------------------------------------------------------------------

    def years(self) -> Story:
        """Turn the year on each 1 January."""
        while True:
            year = self.state.year + 1
            yield self.at(self.world.january(year), NEW_YEAR, 0)
            self.state.now_s = int(self.env.now)
            self.hold_pairs()  # before demands change
            draw_tenancies(self.world, self.state, self.hazard)
            moved = new_year(self.world, self.state, self.levels, year)
            self.foresee(moved if self.immediate else moved[self.state.housing.notice_s[moved] < self.sits_s])
            if self.immediate:
                self.env.process(self.filings())
