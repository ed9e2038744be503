"""How does a territory live, from one second to another? The only importer of SimPy.

SimPy plays the vacancies, each a process that reads as its story, and the sittings. Demands and tenancies are
columns: what they do by themselves is drawn ahead and admitted before each sitting, at its exact time. Order
is (time, kind, identity): the engine schedules its own events with that priority, so the order in which
processes are made is of no effect.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import numpy as np
import simpy

from sim.outcomes import DAY_S
from sim.policies.sitting import Policy, Shortlist, Sitting
from sim.process import demand_flow
from sim.process.acceptance import draw_offers, silence_ends
from sim.process.ageing import IncomeLevels, income_levels
from sim.process.ageing import age as age_occupants
from sim.process.housing import NEVER
from sim.process.records import LeaseRecord, SittingRecord
from sim.process.register import CLOSED, OFFERED, OPEN
from sim.process.sittings import convene, hold, passed_over
from sim.process.snapshot import take_stock
from sim.process.tenancies import mutation_times, notice_times, vacancies
from sim.process.world import Freed, Offer, State, Vacancy, World
from sim.rules.eligibility import first_quartile_threshold

ANSWER, NOTICE, AVAILABLE, NEW_YEAR, SITTING, LISTED = range(1, 7)
"""Kinds of events, in the order they are played at one second."""

MONDAY_S = 4 * DAY_S
"""1970-01-05 was a Monday: sittings are counted from there."""

Watcher = Callable[[Sitting, Shortlist], None]
Story = Generator[simpy.Event, Any, None]


def play(world: World, state: State, policy: Policy, until_s: int, watch: Watcher | None = None) -> None:
    """Play the events from `state.now_s` up to, and not including, `until_s` under a policy.

    `watch` is called with every Sitting and its Shortlist, and must change nothing.
    """
    _Engine(world, state, policy, watch).run(until_s)


class _Engine:
    def __init__(self, world: World, state: State, policy: Policy, watch: Watcher | None) -> None:
        self.world, self.state, self.policy, self.watch = world, state, policy, watch
        self.env = simpy.Environment(initial_time=state.now_s)
        self.awaiting: dict[int, simpy.Event] = {}  # vacancies ready for the next sitting, by key
        self.carry: Any = None
        self.signed: list[tuple[int, int, int, int]] = []
        self.hazard = demand_flow.mutation_hazard(world)
        self.levels: IncomeLevels = income_levels(world)

    def run(self, until_s: int) -> None:
        for key in sorted(self.state.vacancies):
            self.env.process(self.vacancy_story(self.state.vacancies[key]))
        self.open_vacancies()
        self.env.process(self.years())
        self.env.process(self.sittings())
        self.env.run(until=until_s)
        self.state.now_s = until_s
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

    # --- the story of a vacancy -------------------------------------------------------------------------

    def vacancy_story(self, vacancy: Vacancy) -> Story:
        """Keys, works, sittings, offers in rank order, lease."""
        if not vacancy.offers:
            yield self.at(vacancy.available_s, AVAILABLE, vacancy.key)
        while True:
            if not vacancy.offers:
                yield self.next_sitting(vacancy)
            while vacancy.turn < len(vacancy.offers):
                offer = vacancy.offers[vacancy.turn]
                if offer.offered_s is not None or self.propose(vacancy, offer):
                    yield self.at(offer.answer_s, ANSWER, vacancy.key)
                    if self.answered(vacancy, offer):
                        return
                vacancy.turn += 1
            vacancy.offers, vacancy.turn = [], 0

    def next_sitting(self, vacancy: Vacancy) -> simpy.Event:
        """Return the event of being given a list."""
        event = self.awaiting[vacancy.key] = simpy.Event(self.env)
        return event

    def propose(self, vacancy: Vacancy, offer: Offer) -> bool:
        """Make the offer whose turn has come, if its demand is still waiting."""
        state, now = self.state, int(self.env.now)
        if state.register.state[offer.demand] != OPEN or state.register.leaves_s[offer.demand] <= now:
            elsewhere = state.register.state[offer.demand] == OFFERED
            offer.motive = ""
            self.write(vacancy, offer, "superseded" if elsewhere else "withdrawn", now)
            return False
        silent = offer.outcome == "silent"
        offer.offered_s = now
        offer.answer_s = silence_ends(self.world, now) if silent else now + offer.wait_s
        state.register.state[offer.demand] = OFFERED
        vacancy.tried.add(offer.demand)
        pair = vacancy.dwelling, int(state.register.household[offer.demand])
        state.proposed[pair] = state.proposed.get(pair, 0) + 1
        return True

    def answered(self, vacancy: Vacancy, offer: Offer) -> bool:
        """Take the answer; sign if it is yes."""
        register, now = self.state.register, int(self.env.now)
        if register.state[offer.demand] == CLOSED:  # a tenant who has given notice meanwhile
            offer.outcome, offer.motive = "withdrawn", ""
        self.write(vacancy, offer, offer.outcome, now)
        if offer.outcome == "accepted":
            self.sign(vacancy, offer, now)
            return True
        if offer.outcome != "withdrawn":
            register.state[offer.demand] = OPEN
            register.refusals[offer.demand] += 1
            if register.leaves_s[offer.demand] <= now:  # an offer kept the demand alive until its answer
                demand_flow.close(self.state, offer.demand, now, "lapse")
        return False

    def write(self, vacancy: Vacancy, offer: Offer, outcome: str, answered_s: int) -> None:
        self.state.records.offers.append(vacancy.written(offer, outcome, answered_s))

    def sign(self, vacancy: Vacancy, offer: Offer, now: int) -> None:
        """Sign the lease: the demand is closed, the household moves in, its old dwelling is freed."""
        state, register, housing = self.state, self.state.register, self.state.housing
        demand, dwelling = offer.demand, vacancy.dwelling
        household, household_id = register.household[demand], register.household_id[demand]
        old = int(register.mutation_of[demand])
        signature = int(register.signature[demand])
        demand_flow.close(state, demand, now, "lease")
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
            self.move_out(old, now, "mutation")
        self.move_in(dwelling, demand, now, household_id)

    # --- dwellings --------------------------------------------------------------------------------------

    def move_in(self, dwelling: int, demand: int, now: int, household_id: str) -> None:
        housing, register = self.state.housing, self.state.register
        for name in ("household", "adults", "children", "teens", "activity", "monthly_income_eur", "rfr_eur"):
            getattr(housing, name)[dwelling] = getattr(register, name)[demand]
        since_s = max(int(register.filed_s[demand]), self.world.start_s)  # ages are those of that day
        waited = (now - since_s) // (365 * DAY_S)
        housing.age[dwelling] = register.age[demand] + waited
        housing.occupied[dwelling], housing.household_id[dwelling] = True, household_id
        housing.lease_s[dwelling], housing.demand[dwelling] = now, -1
        housing.mutations[dwelling] = self.state.filed.pop(int(register.household[demand]), 0)
        self.state.moved_in.append(dwelling)

    def move_out(self, dwelling: int, notice_s: int, cause: str) -> None:
        """Give notice: the household is gone, the dwelling is freed.

        # Simplified: a household no longer counts as an occupant from its notice on, before its keys.
        """
        state, housing = self.state, self.state.housing
        household, demand = int(housing.household[dwelling]), int(housing.demand[dwelling])
        lease_s = int(housing.lease_s[dwelling])
        if demand >= 0 and state.register.state[demand] != CLOSED:
            demand_flow.close(state, demand, notice_s, "withdrawn")
        state.filed[household] = int(housing.mutations[dwelling])
        state.freed.append(Freed(dwelling, housing.household_id[dwelling], lease_s, notice_s, cause))
        housing.occupied[dwelling], housing.demand[dwelling] = False, -1
        housing.notice_s[dwelling] = housing.mutation_s[dwelling] = NEVER

    def open_vacancies(self) -> None:
        """Begin the story of every dwelling freed since the last sitting; its keys come later than that."""
        freed, self.state.freed = self.state.freed, []
        for one, vacancy in zip(freed, vacancies(self.world, freed), strict=True):
            self.state.vacancies[vacancy.key] = vacancy
            self.state.records.ended[one.dwelling, one.lease_s] = vacancy.keys_s
            self.env.process(self.vacancy_story(vacancy))

    # --- the weekly sitting -----------------------------------------------------------------------------

    def sittings(self) -> Story:
        """Hold a sitting on every sitting day."""
        while True:
            self.foresee(self.next_sitting_s())
            yield self.at(self.next_sitting_s(), SITTING, 0)
            self.state.now_s = int(self.env.now)
            self.open_vacancies()
            self.admit()
            self.hold_sitting()

    def next_sitting_s(self) -> int:
        """Return the next sitting day, today included if its sitting is still to come."""
        choice = self.world.scenario.sittings
        step = choice.every_days * DAY_S
        origin = self.world.epoch_days * DAY_S
        first = MONDAY_S + choice.weekday * DAY_S - origin
        earliest = int(self.env.now) + (self.state.held_s == int(self.env.now))
        return first - (first - earliest) // step * step

    def foresee(self, until_s: int) -> None:
        """Await the notices that will be given before the next sitting."""
        housing = self.state.housing
        for dwelling in np.flatnonzero(housing.occupied & (housing.notice_s < until_s)).tolist():
            household = int(housing.household[dwelling])
            notice = self.at(int(housing.notice_s[dwelling]), NOTICE, household)
            notice.callbacks = [partial(self.depart, dwelling, household)]

    def depart(self, dwelling: int, household: int, _: simpy.Event) -> None:
        """Give notice at its time, unless the household has moved meanwhile."""
        housing = self.state.housing
        if housing.occupied[dwelling] and housing.household[dwelling] == household:
            self.move_out(dwelling, int(self.env.now), "departure")

    def admit(self) -> None:
        """Bring the register up to date: new demands, mutation demands, lapses, recognitions."""
        state, now = self.state, self.state.now_s
        register, housing = state.register, state.housing
        self.settle()
        self.draw_tenancies()
        filed = int(np.searchsorted(register.filed_s[state.arrivals], now, side="right"))
        new, state.arrivals = state.arrivals[:filed], state.arrivals[filed:]
        asking = np.flatnonzero(housing.occupied & (housing.mutation_s <= now))
        waits = housing.demand[asking] >= 0  # an offer keeps its demand alive: no second one beside it
        housing.mutation_s[asking[waits]] = now + 1
        asking = asking[~waits]
        asked = demand_flow.mutations(self.world, state, asking)
        register = state.register
        housing.mutation_s[asking] = mutation_times(
            self.world,
            self.hazard,
            housing.household[asking],
            housing.mutations[asking],
            register.leaves_s[asked],
        )
        arrived = np.concatenate([new, asked])
        demand_flow.read_traits(self.world, state, arrived)
        arrived = demand_flow.oldest_first(register, arrived)
        rows = np.concatenate([state.open_rows, arrived])
        rows = rows[register.state[rows] != CLOSED]
        demand_flow.lapse(state, rows[(register.leaves_s[rows] <= now) & (register.state[rows] == OPEN)])
        state.open_rows = rows[register.state[rows] != CLOSED]
        demand_flow.recognise(self.world, state, state.open_rows)

    def draw_tenancies(self) -> None:
        """Draw when the households who moved in since the last sitting will leave, and ask to move."""
        housing, place = self.state.housing, np.array(self.state.moved_in, dtype=np.int64)
        self.state.moved_in = []
        key, lease_s = housing.household[place], housing.lease_s[place]
        housing.notice_s[place] = notice_times(self.world, key, place, lease_s, lease_s)
        nth = housing.mutations[place]
        housing.mutation_s[place] = mutation_times(self.world, self.hazard, key, nth, lease_s)

    def hold_sitting(self) -> None:
        """Convene, let the policy propose, check, give each dwelling its list."""
        state = self.state
        state.held_s = state.now_s
        examined = sorted(
            (state.vacancies[key] for key in self.awaiting),
            key=lambda v: (v.available_s, self.world.territory.dwellings.dwelling_id[v.dwelling]),
        )
        if not examined:
            return
        delay_s = self.world.scenario.designation.days * DAY_S
        for vacancy in examined:  # what a réservataire leaves without a candidate returns to the bailleur
            vacancy.designated &= state.now_s < vacancy.available_s + delay_s
        sitting = convene(self.world, state, examined, self.carry)
        if self.watch:
            _ = sitting.rows  # as they stand today, whenever the watcher reads them
        shortlist = self.policy(sitting)
        hold(self.world, state, self.policy.__module__, sitting, shortlist)
        self.carry = shortlist.carry
        if self.watch:
            self.watch(sitting, shortlist)
        better = passed_over(sitting, shortlist.rows).tolist()
        eligible = np.diff(sitting.pool_start).tolist()
        offers = draw_offers(
            self.world, state, sitting, shortlist.rows, [vacancy.key for vacancy in examined]
        )
        for place, vacancy in enumerate(examined):
            self.write_sitting(sitting, vacancy, eligible[place], len(offers[place]), better[place])
            self.give_list(vacancy, offers[place])

    def write_sitting(
        self, sitting: Sitting, vacancy: Vacancy, eligible: int, listed: int, better: int
    ) -> None:
        """Write what a sitting saw and listed for a vacancy."""
        vacancy.sitting_id = f"S{sitting.held_on.isoformat()}"
        enough = listed >= sitting.min_candidates
        reason = "" if enough else "vivier" if eligible < sitting.min_candidates else "listes"
        self.state.records.sittings.append(
            SittingRecord(
                vacancy.sitting_id, sitting.held_s, vacancy.vacancy_id, eligible, listed, reason, better
            )
        )

    def give_list(self, vacancy: Vacancy, offers: list[Offer]) -> None:
        """Give a vacancy the candidates attributed to and, if there are any, begin its offers."""
        for offer in offers:
            if offer.outcome == "non_attribution":
                vacancy.tried.add(offer.demand)
                self.write(vacancy, offer, offer.outcome, self.state.now_s)
            else:
                vacancy.offers.append(offer)
        if vacancy.offers:
            event = self.awaiting.pop(vacancy.key)
            event._ok, event._value = True, None
            self.env.schedule(event, priority=(LISTED << 64) | vacancy.key)  # type: ignore[arg-type]

    # --- the first of January ---------------------------------------------------------------------------

    def years(self) -> Story:
        """Turn the year on each 1 January."""
        while True:
            year = self.state.year + 1
            yield self.at(self.world.january(year), NEW_YEAR, 0)
            self.state.now_s = int(self.env.now)
            new_year(self.world, self.state, self.levels, year)


def new_year(world: World, state: State, levels: IncomeLevels, year: int) -> None:
    """Turn the year: occupants age, the legal threshold is set anew, the year's demands are drawn.

    Source of the threshold: the top of the quarter of applicants with the lowest incomes, pending on 31
    December (arrêté of each year, CCH L.441-1).
    """
    state.year = year
    age_occupants(world, state.housing, levels, year)
    open_rows = state.open_rows[state.register.state[state.open_rows] != CLOSED]
    state.previous_threshold_eur = state.q1_threshold_eur
    state.q1_threshold_eur = first_quartile_threshold(state.register.income_uc_eur[open_rows])
    state.records.thresholds[year] = state.q1_threshold_eur
    demand_flow.read_traits(world, state, open_rows, at_filing=False)
    state.open_rows = demand_flow.oldest_first(state.register, open_rows)
    drawn = demand_flow.arrivals(world, state, year)
    state.arrivals = np.concatenate([state.arrivals, drawn])
    if state.ruler is not None:
        take_stock(world, state)
