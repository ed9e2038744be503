"""What events does a scenario give, told one household at a time with a heap and lists?

The second engine of the model, written from its story and not from its code: the real one must write the same
events. Demands and dwellings are objects, a policy is a function over lists; nothing of sim/process nor of
sim/policies is used. The definitions it shares with the real engine are in reference_world.py.

1. Events are played in the order (second, kind, identity), of the kinds below.
2. Between sittings, vacancies become available, answers come, leases are signed, notices are given.
3. A sitting first brings the register up to date: lapses, new demands, demands of tenants, recognitions.
4. On 1 January occupants age, the threshold is set anew, the year's demands are drawn.

As in the real engine, what demands did by themselves is known at a sitting, at the end, and at no other time,
and a vacancy is told of once a sitting has come after its notice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from heapq import heappop, heappush
from typing import Any

import numpy as np
from reference_people import (
    DAY_S,
    MONTH_S,
    NEVER,
    Demand,
    Dwelling,
    Household,
    Offer,
    Tenancy,
    Vacancy,
    household_of,
    key_of_household,
    one,
)
from reference_policies import POLICIES
from reference_rows import Ledger
from reference_sittings import DALO, candidates, convene, written
from reference_stock import Stock
from reference_world import World

from sim.rules.eligibility import first_quartile_threshold

ANSWER, NOTICE, AVAILABLE, NEW_YEAR, HEARD, SITTING, LISTED = range(1, 8)


class Town:
    """A territory while it is played; what has happened stands in its lists."""

    def __init__(self, world: World) -> None:
        self.world, self.now = world, world.start_s
        self.heap: list[tuple[int, int, int, Any]] = []
        self.demands: list[Demand] = []  # ever filed, or drawn to be filed
        self.pending: list[Demand] = []  # known to the last sitting, not closed
        self.coming: list[Demand] = []  # exogenous, not known to a sitting yet
        self.awaiting: list[Vacancy] = []  # available and without a list
        self.vacancies: list[Vacancy] = []  # ever
        self.asked: Counter[int] = Counter()  # mutation demands filed, by household
        self.proposed: Counter[tuple[int, int]] = Counter()  # offers made, by (dwelling, household)
        self.held_s, self.year = -NEVER, world.day(self.now).year
        self.reviewed_s = self.now - 1  # tenancies have been reviewed up to then
        self.ledger = Ledger(world)
        self.sittings: list[tuple[Any, ...]] = []
        self.offers: list[tuple[Vacancy, str, Offer, str, int, str, str]] = []
        self.leases: list[tuple[Vacancy, Offer, int, int]] = []
        self.thresholds: dict[int, float] = {}
        self.stock: Stock | None = None  # who lives where each 1 January of the run
        self.given()

    def given(self) -> None:
        """The territory as given: tenants, pending demands, vacant dwellings, the year's demands."""
        world, territory = self.world, self.world.territory
        self.dwellings = [
            Dwelling(row, str(name)) for row, name in enumerate(territory.dwellings.dwelling_id)
        ]
        for row, place in enumerate(territory.occupants.dwelling):
            days = np.datetime64(territory.as_of) - territory.occupants.lease_on[row]
            household_id = str(territory.occupants.household_id[row])
            lease_s = self.now - int(days.astype(int)) * DAY_S
            self.settle_in(
                self.dwellings[place], household_id, household_of(territory.occupants, row), lease_s
            )
            self.first_death(self.dwellings[place])
        for row, demand_id in enumerate(territory.demands.demand_id):
            days = np.datetime64(territory.as_of) - territory.demands.filed_on[row]
            filed_s = self.now - int(days.astype(int)) * DAY_S
            household_id = str(territory.demands.household_id[row])
            people = household_of(territory.demands, row)
            demand = self.file(str(demand_id), household_id, people, row, filed_s, self.now, pending=True)
            place = territory.demands.mutation_of[row]
            if place >= 0:
                demand.cause = "mutation"
                self.of_tenant(demand, self.dwellings[place])
            self.pending.append(demand)
        self.threshold_eur = self.threshold()
        for demand in self.pending:
            self.read(demand, at_filing=True)
        self.draw_year()
        for place in self.dwellings:
            if place.tenant is None:
                was_s = self.now - 3 * MONTH_S
                self.free(world.vacancy(place, "initial", was_s, was_s, "initial"))
        step_s = world.scenario.sittings.every_days * DAY_S
        monday_s = (4 - (world.first.toordinal() - 719163)) * DAY_S  # 5 January 1970
        weekday_s = monday_s + world.scenario.sittings.weekday * DAY_S
        self.at(self.now + (weekday_s - self.now) % step_s, SITTING, 0, None)
        self.await_new_year()

    def await_new_year(self) -> None:
        self.at(self.world.second(date(self.year + 1, 1, 1)), NEW_YEAR, 0, None)

    def at(self, second: int, kind: int, identity: int, subject: Any) -> None:
        heappush(self.heap, (max(second, self.now), kind, identity, subject))

    def play(self, policy: str, until_s: int) -> None:
        """Play the events before a second under a policy."""
        while self.heap[0][0] < until_s:
            self.now, kind, _, subject = heappop(self.heap)
            if kind == ANSWER:
                self.answered(subject)
            elif kind == NOTICE:
                place, tenant = subject
                if place.tenant is tenant and tenant.notice_s <= self.now:
                    self.move_out(place, tenant.ends_by if tenant.ends_s <= self.now else "departure")
            elif kind == AVAILABLE:
                self.awaiting.append(subject)
            elif kind == NEW_YEAR:
                self.turn_year()
                self.await_new_year()
            elif kind == HEARD:
                self.hear(subject)
                self.next_turn(subject)
            elif kind == SITTING:
                self.sit(policy)
            else:
                self.next_turn(subject)
        self.now = until_s

    # --- demands

    def file(
        self,
        demand_id: str,
        household_id: str,
        people: Household,
        template: int,
        filed_s: int,
        open_s: int,
        pending: bool = False,
    ) -> Demand:
        world, asks = self.world, self.world.territory.demands
        leaves_s = world.lapses_s(demand_id, filed_s, open_s)
        dalo_s = world.recognised_s(demand_id, template, filed_s, open_s)
        bailleur = world.designated(demand_id, template, pending)
        rooms = int(asks.rooms_min[template]), int(asks.rooms_max[template])
        known = template, filed_s, leaves_s, dalo_s, bailleur, rooms, pending
        demand = Demand(demand_id, household_id, people, *known)
        self.demands.append(demand)
        return demand

    def of_tenant(self, demand: Demand, place: Dwelling) -> None:
        """A tenant's demand: the next one comes after it has lapsed."""
        demand.lives_in, tenant = place, place.tenant
        if tenant is not None:
            tenant.demand = demand
            nth = self.asked[tenant.household]
            tenant.asks_s = self.world.asks_s(demand.household, nth, demand.leaves_s)

    def close(self, demand: Demand, second: int, by: str) -> None:
        demand.state, demand.closed_s, demand.closed_by = "closed", second, by
        tenant = demand.lives_in.tenant if demand.lives_in else None
        if tenant is not None and tenant.demand is demand:
            tenant.demand = None

    def read(self, demand: Demand, at_filing: bool = False) -> None:
        """Read a demand's traits, as of its filing if that is to come, and its lottery number of the year."""
        self.read_again(demand)
        year = self.world.day(self.now).year
        demand.lottery = self.world.chance.one(f"lottery/{year}", demand.key)
        if at_filing:
            demand.traits_filed = demand.traits

    def threshold(self) -> float:
        incomes = [self.world.income_uc(demand.people) for demand in self.pending]
        return first_quartile_threshold(np.array(incomes))

    def draw_year(self) -> None:
        """Draw the exogenous demands of the year that are still to be filed."""
        for demand_id, filed_s, template in self.world.filed_in(self.year):
            if filed_s >= self.now:
                people = household_of(self.world.territory.demands, template)
                demand = self.file(demand_id, f"N{demand_id}", people, template, filed_s, filed_s)
                self.read(demand, at_filing=True)
                self.coming.append(demand)

    def admit(self) -> None:
        """Bring the register up to date."""
        self.review()
        self.lapse(self.pending)  # before their tenants ask again
        new = [demand for demand in self.coming if demand.filed_s <= self.now]
        self.coming = [demand for demand in self.coming if demand.filed_s > self.now]
        for place in self.dwellings:
            tenant = place.tenant
            if tenant is not None and tenant.asks_s <= self.now:
                if tenant.demand is not None:  # an offer keeps it open: no second one beside it
                    tenant.asks_s = self.now + 1
                else:
                    new.append(self.ask(place, tenant))
        self.lapse(new)
        self.pending = [demand for demand in self.pending + new if demand.state != "closed"]
        for demand in self.pending:
            if demand.under_dalo(self.now):
                demand.of_the_state = True
                if not demand.traits & DALO:
                    self.read(demand)

    def lapse(self, demands: list[Demand]) -> None:
        """Close those that were not renewed, unless an offer keeps them open."""
        for demand in demands:
            if demand.state == "open" and demand.leaves_s <= self.now:
                self.close(demand, demand.leaves_s, "lapse")

    def ask(self, place: Dwelling, tenant: Tenancy) -> Demand:
        """A tenant files a mutation demand."""
        demand_id = f"M{tenant.household_id}/{self.asked[tenant.household]}"
        template = self.world.mutation_template(demand_id)
        filed = tenant.household_id, tenant.people, template, tenant.asks_s, tenant.asks_s
        demand = self.file(demand_id, *filed)
        matrix = self.world.law.rooms_matrix
        low, high = matrix[min(max(tenant.people.persons, 1), len(matrix)) - 1]
        demand.rooms = int(low), int(high)
        demand.cause = "review" if tenant.advised else "mutation"
        demand.adapted = tenant.adapted
        demand.facts = self.world.says_of_home(tenant, place, template)
        tenant.advised = tenant.adapted = False
        self.asked[tenant.household] += 1
        self.of_tenant(demand, place)
        self.read(demand, at_filing=True)
        return demand

    def review(self) -> None:
        """Review the tenancies of which so many periods have passed since the last sitting."""
        period_s, chosen = self.world.law.review_months * MONTH_S, self.world.scenario.mutations
        since_s, self.reviewed_s = self.reviewed_s, self.now
        for place in self.dwellings if chosen.review else ():
            tenant = place.tenant
            if tenant is None or not self.world.tight(place):
                continue
            passed = max(0, (since_s - tenant.lease_s) // period_s)
            due_s = tenant.lease_s + (passed + 1) * period_s
            open_then = tenant.demand is not None and (
                tenant.demand.state != "open" or tenant.demand.leaves_s > due_s
            )
            if due_s <= self.now and not open_then and tenant.asks_s > due_s:
                tenant.advised, tenant.adapted = self.world.advised(tenant, place, due_s)
                tenant.asks_s = due_s if tenant.advised else tenant.asks_s

    # --- dwellings

    def settle_in(self, place: Dwelling, household_id: str, people: Household, lease_s: int) -> None:
        """A household in its dwelling: when it will leave and ask for another is drawn."""
        world = self.world
        household = key_of_household(household_id)
        tenant = Tenancy(household, household_id, people, lease_s)
        world.life.start(tenant, place, self.now)
        tenant.asks_s = world.asks_s(household, self.asked[household], self.now)
        place.tenant = tenant
        if tenant.notice_s < NEVER:
            self.at(tenant.notice_s, NOTICE, household, (place, tenant))

    def first_death(self, place: Dwelling) -> None:
        """The death of a tenant known as the territory begins, if it comes before the next 1 January."""
        world, tenant = self.world, place.tenant
        assert tenant is not None
        if not world.life.chosen.active:
            return
        lived = world.life.year(tenant.household, tenant.people, self.year)
        first_s, last_s = (world.second(date(year, 1, 1)) for year in (self.year, self.year + 1))
        death_s = first_s + int(lived.death_at * (last_s - first_s))
        if lived.died and death_s >= self.now:
            tenant.ends_s, tenant.ends_by = death_s, "death"
            if death_s < tenant.notice_s:
                tenant.notice_s = death_s
                self.at(death_s, NOTICE, tenant.household, (place, tenant))

    def move_out(self, place: Dwelling, cause: str, freed_by: str | None = None) -> None:
        """Notice is given: the household is gone, its demand with it, the dwelling is freed."""
        tenant = place.tenant
        assert tenant is not None
        if tenant.demand is not None:
            self.close(tenant.demand, self.now, "withdrawn")
        place.tenant = None
        vacancy = self.world.vacancy(place, tenant.household_id, tenant.lease_s, self.now, cause)
        vacancy.freed_by = freed_by
        self.free(vacancy)

    def free(self, vacancy: Vacancy) -> None:
        self.vacancies.append(vacancy)
        self.at(vacancy.search_s, AVAILABLE, vacancy.key, vacancy)

    # --- offers

    def next_turn(self, vacancy: Vacancy) -> None:
        """Make the first offer of the list that can be made; without any, await the next sitting."""
        while vacancy.offers:
            offer = vacancy.offers[0]
            demand = offer.demand
            if demand.state == "open" and demand.leaves_s > self.now:
                offer.offered_s, demand.state = self.now, "offered"
                vacancy.tried.add(demand)
                self.proposed[vacancy.dwelling.row, demand.household] += 1
                silent = offer.outcome == "silent"
                ends_s = self.world.silence_ends_s(self.now)
                offer.answer_s = ends_s if silent else self.now + offer.wait_s
                self.at(offer.answer_s, ANSWER, vacancy.key, vacancy)
                return
            outcome = "superseded" if demand.state == "offered" else "withdrawn"
            self.tell(vacancy, vacancy.offers.pop(0), outcome, self.now, "commission")
        self.awaiting.append(vacancy)

    def tell(
        self, vacancy: Vacancy, offer: Offer, outcome: str, ended_s: int, stage: str, motive: str = ""
    ) -> None:
        """Write down what came of an offer."""
        self.offers.append((vacancy, vacancy.sitting_id, offer, outcome, ended_s, motive, stage))

    def answered(self, vacancy: Vacancy) -> None:
        """Take an answer: yes is a lease once the works are over, else the next one has its turn."""
        offer = vacancy.offers[0]
        if offer.outcome == "accepted" and vacancy.available_s > self.now:
            self.at(vacancy.available_s, ANSWER, vacancy.key, vacancy)
            return None
        vacancy.offers.pop(0)
        demand = offer.demand
        if demand.state == "closed":  # its household has left the dwelling it lived in
            self.tell(vacancy, offer, "withdrawn", offer.answer_s, "offer")
            return self.next_turn(vacancy)
        self.tell(vacancy, offer, offer.outcome, offer.answer_s, "offer", offer.motive)
        if offer.outcome == "accepted":
            return self.sign(vacancy, offer)
        demand.state = "open"
        demand.refused_s.append(self.now)
        assert offer.offered_s is not None
        if demand.under_dalo(offer.offered_s) and self.world.loses_priority(demand, vacancy.dwelling):
            demand.dalo_lost_s = self.now  # the law allows one adapted offer
            self.read(demand)
        if demand.leaves_s <= self.now:
            self.close(demand, self.now, "lapse")
        return self.next_turn(vacancy)

    def sign(self, vacancy: Vacancy, offer: Offer) -> None:
        """A lease: the demand is closed, the household leaves its old dwelling and moves in."""
        demand, vacancy.let_s = offer.demand, self.now
        self.close(demand, self.now, "lease")
        self.leases.append((vacancy, offer, self.now, demand.traits))
        self.ledger.sign(self.now, vacancy, demand.traits)
        old = demand.lives_in
        if old is not None and old.tenant is not None and old.tenant.household == demand.household:
            self.move_out(old, "mutation", vacancy.vacancy_id)
        people = demand.people
        if not self.world.life.waiting:
            people = people.older((self.now - max(demand.filed_s, self.world.start_s)) // (365 * DAY_S))
        self.settle_in(vacancy.dwelling, demand.household_id, people, self.now)

    # --- the sitting

    def sit(self, policy: str) -> None:
        """Examine what is available: convene, propose, attribute."""
        world, chosen = self.world, self.world.scenario.sittings
        self.at(self.now + chosen.every_days * DAY_S, SITTING, 0, None)
        self.held_s = self.now
        self.admit()
        examined = sorted(self.awaiting, key=lambda v: (v.available_s, v.dwelling.dwelling_id))
        if not examined:
            return
        for vacancy in examined:
            delay_s = world.scenario.designation.days * DAY_S
            vacancy.designated = vacancy.designated and self.now < vacancy.available_s + delay_s
        sitting = convene(self, examined)
        lists = POLICIES[policy](sitting)
        drawn = [candidates(self, sitting, v, listed) for v, listed in zip(examined, lists, strict=True)]
        for place, vacancy in enumerate(examined):
            vacancy.sitting_id = f"S{world.day(self.now).isoformat()}"
            self.sittings.append(written(self, sitting, lists, place, vacancy))
            vacancy.offers = drawn[place]
            ready_s = self.now
            for offer in vacancy.offers:
                if offer.instructed:
                    offer.demand.in_hand += 1
                    ready_s = max(ready_s, min(offer.stops_s, offer.seen_s[2]))
            if ready_s > self.now:
                self.awaiting.remove(vacancy)
                weeks = -(-(ready_s - self.now) // (chosen.every_days * DAY_S))
                self.at(self.now + weeks * chosen.every_days * DAY_S, HEARD, vacancy.key, vacancy)
                continue
            self.hear(vacancy)
            if vacancy.offers:
                self.awaiting.remove(vacancy)
                self.at(self.now, LISTED, vacancy.key, vacancy)

    def hear(self, vacancy: Vacancy) -> None:
        """Keep the candidates who come to the commission and to whom it attributes."""
        offers, vacancy.offers = vacancy.offers, []
        for offer in offers:
            offer.demand.in_hand -= offer.instructed
        came = []
        for offer in offers:
            demand = offer.demand
            if offer.stops_s < min(demand.closed_s, demand.leaves_s):
                vacancy.tried.add(demand)
                self.proposed[vacancy.dwelling.row, demand.household] += 1
                stage = {"silent": "contact", "refused": "visit", "withdrawn": "documents"}[offer.outcome]
                self.tell(vacancy, offer, offer.outcome, offer.stops_s, stage, offer.motive)
            else:
                came.append(offer)
        for offer in came:
            demand = offer.demand
            gone = min(demand.closed_s, demand.leaves_s) <= self.now
            if offer.instructed and not gone:
                if not demand.verified:
                    self.world.verify(demand)
                    self.tell_of_tenant(demand)
                self.read_again(demand)
        for offer in came:
            demand, turned_down = offer.demand, offer.outcome == "non_attribution"
            if offer.instructed and min(demand.closed_s, demand.leaves_s) <= self.now:
                vacancy.offers.append(offer)
                continue
            if offer.instructed and not turned_down:
                offer.motive = self.world.turned_down(demand, vacancy.dwelling) or offer.motive
                turned_down = offer.motive in ("plafond de ressources", "taille du ménage")
            if turned_down:
                vacancy.tried.add(demand)
                self.tell(vacancy, offer, "non_attribution", self.now, "commission", offer.motive)
            else:
                vacancy.offers.append(offer)

    def tell_of_tenant(self, demand: Demand) -> None:
        """What documents say of a tenant holds where it lives too."""
        tenant, found = demand.lives_in.tenant if demand.lives_in else None, demand.people
        if tenant is not None and tenant.household == demand.household:
            of_house = {"children": found.children, "teens": found.teens}
            of_house |= {"income_eur": found.income_eur, "rfr_eur": found.rfr_eur}
            tenant.people = replace(tenant.people, **of_house)

    def read_again(self, demand: Demand) -> None:
        """Read the traits of a demand, as when its documents were seen; its lottery number stays."""
        said = {
            "mutation": demand.lives_in is not None,
            "dalo": demand.under_dalo(max(self.now, demand.filed_s)),
            "adapted": demand.adapted,
            "verified": self.world.verified(demand.household),
        }
        demand.traits = self.world.traits(demand.people, self.threshold_eur, demand.template, **said)

    # --- the year

    def turn_year(self) -> None:
        """Turn the year: occupants age, the threshold is set anew, the year's demands are drawn."""
        year = self.world.day(self.now).year
        if self.year == year:  # turned already, as the run began
            return
        self.year = year
        parted = [
            split
            for place in self.dwellings
            if place.tenant is not None
            for split in self.live(place, place.tenant, year)
        ]
        self.pending = [demand for demand in self.pending if demand.state != "closed"]
        if self.world.life.waiting:
            for demand in self.pending:
                self.change(demand, year)
        last_year_eur, self.threshold_eur = self.threshold_eur, self.threshold()
        self.thresholds[year] = self.threshold_eur
        for demand in self.pending + self.coming:
            self.read(demand)
        self.draw_year()
        self.draw_splits(parted, year)
        if self.stock is not None:
            self.stock.take(self.dwellings, year, self.threshold_eur, last_year_eur)

    def live(self, place: Dwelling, tenant: Tenancy, year: int) -> list[tuple[str, Household, int]]:
        """A tenant's year; the partner who leaves and will file: (parent, household, second)."""
        life, law, split = self.world.life, self.world.law, []
        length_s = self.world.second(date(year + 1, 1, 1)) - self.now
        if life.chosen.active:
            lived = life.year(tenant.household, tenant.people, year)
            tenant.people = lived.people
            files, when = map(one, self.world.chance.uniforms(f"split/{year}", tenant.household))
            if lived.separated and files < life.chosen.split_files_demand:
                alone = replace(
                    tenant.people, adults=1, grown=0, children=0, teens=0, age=tenant.people.age + 1
                )
                split.append((tenant.household_id, alone, self.now + int(when * length_s)))
            if lived.died and self.now + int(lived.death_at * length_s) < tenant.ends_s:
                tenant.ends_s, tenant.ends_by = self.now + int(lived.death_at * length_s), "death"
        tenant.people = self.world.aged(tenant.household, tenant.people, year)
        above = life.loses_right(tenant.people, place.row)
        tenant.years_above = tenant.years_above + 1 if above else 0
        if tenant.ends_by == "right_to_stay" and not above:
            tenant.ends_s, tenant.ends_by = NEVER, ""
        last_s = self.now + law.right_to_stay_months * MONTH_S
        enough = tenant.years_above >= law.right_to_stay_years
        if above and enough and tenant.ends_by != "right_to_stay" and tenant.ends_s > last_s:
            tenant.ends_s, tenant.ends_by = last_s, "right_to_stay"
        foreseen_s = tenant.notice_s
        life.reread(tenant, place, self.now)
        if tenant.notice_s != foreseen_s and tenant.notice_s < NEVER:
            self.at(tenant.notice_s, NOTICE, tenant.household, (place, tenant))
        return split

    def change(self, demand: Demand, year: int) -> None:
        """A year of a household that waits: a tenant's demand says what has become of the tenant."""
        world, was, home = self.world, demand.people, demand.lives_in
        tenant = home.tenant if home is not None else None
        if tenant is not None and tenant.household == demand.household:
            demand.people = tenant.people
        else:
            demand.people = world.life.year(demand.household, was, year).people.older(1)
        matrix = world.law.rooms_matrix
        low, high = matrix[min(max(demand.people.persons, 1), len(matrix)) - 1]
        old_low, old_high = matrix[min(max(was.persons, 1), len(matrix)) - 1]
        asked = demand.rooms[0] + low - old_low, demand.rooms[1] + high - old_high
        demand.rooms = max(int(asked[0]), 1), max(int(asked[1]), 1)
        world.forget(demand)

    def draw_splits(self, parted: list[tuple[str, Household, int]], year: int) -> None:
        """The demands of partners who leave, to be filed within the year."""
        for parent, people, filed_s in parted:
            demand_id = f"P{parent}/{year}"
            template = self.world.split_template(demand_id)
            if template is not None:
                asking = demand_id, f"{parent}|split|{year}", people, template
                demand = self.file(*asking, filed_s, filed_s)
                self.read(demand, at_filing=True)
                self.coming.append(demand)


def played(world: World, policy: str) -> Town:
    """Play the burn-in, then the years of the run under a policy."""
    town = Town(world)
    town.play(world.scenario.time.burn_in_policy, 0)
    town.turn_year()  # the burn-in stops just before it
    town.thresholds[town.year] = town.threshold_eur
    for demand in town.pending:
        demand.traits_filed = demand.traits
    town.stock = Stock(world, town.dwellings, town.year, town.threshold_eur)
    town.ledger.aim(town.stock.types)
    town.play(policy, world.end_s)
    town.now = world.end_s - 1  # what demands did by themselves since the last sitting
    town.admit()
    town.now = world.end_s
    town.turn_year()
    return town
