"""What does the model say of one household, one dwelling, one day? The definitions of the reference engine.

Plain Python, one thing at a time; of the simulator only the territory's tables, the scenario, the rules and
the keyed chance are read. Logarithms, powers and exponentials go through numpy on one value: those of Python
differ in the last bit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np
from reference_aid import net_rent
from reference_life import Life
from reference_people import (
    AUCUN,
    DAY_S,
    MONTH_S,
    NEVER,
    YEAR_S,
    Demand,
    Dwelling,
    Household,
    Tenancy,
    Vacancy,
    columns,
    household_of,
    one,
)
from scipy.special import pdtr

from sim.chance import Chance, identity
from sim.rules.cotation import Grid, score
from sim.rules.eligibility import (
    ceiling_eur,
    consumption_units,
    fits,
    income_uc_eur,
    plus_ceiling_eur,
    under_ceiling,
)
from sim.rules.law import Law
from sim.rules.traits import People, signature
from sim.scenario import Scenario
from sim.scenario.reservation import ByReservataire
from sim.territory.columns import ACTIVITIES, RESERVATAIRES, Territory

EMPLOYED, UNEMPLOYED, RETIRED = (ACTIVITIES.index(name) for name in ("employed", "unemployed", "retired"))
ETAT = RESERVATAIRES.index("etat")
MOTIVES = ((0.24, "secteur"), (0.57, "caracteristiques"), (0.67, "autre logement"), (1.0, "autre"))
FLAGS = ("pdalhpd", "accord_collectif", "violence_proven", "right_to_rehousing", "essential_worker")


class World:
    """One replication of one scenario: what never changes, and every keyed draw."""

    def __init__(
        self,
        scenario: Scenario,
        territory: Territory,
        grid: Grid,
        replication: int,
        mutation_grid: Grid | None = None,
    ) -> None:
        self.scenario, self.territory, self.grid = scenario, territory, grid
        self.mutation_grid = mutation_grid or grid
        overrides = dict(scenario.law.overrides)
        if scenario.essential_workers.target:
            overrides["essential_worker_share"] = scenario.essential_workers.target
        self.law = Law.at(scenario.time.start, overrides)
        self.attributes = territory.demands.attributes
        self.chance = Chance(scenario.runs.seed, replication)
        self.first = scenario.time.start
        months = self.first.year * 12 + self.first.month - 1 - scenario.time.burn_in_months
        self.start_s = self.second(date(months // 12, months % 12 + 1, 1))
        self.end_s = self.second(date(self.first.year + scenario.time.years, 1, 1))
        demands, chosen = territory.demands, scenario.demand
        a_year = chosen.new_per_year if chosen.new_per_year is not None else len(demands.demand_id) * 1.0
        self.new_a_year = a_year * (chosen.new_per_pending if chosen.new_per_year is None else scenario.scale)
        self.asking = [row for row, place in enumerate(demands.mutation_of) if place >= 0]
        tenants = len(territory.occupants.dwelling) - len(self.asking)
        filed = max(chosen.mutation_share * self.new_a_year - self.reviewed_a_year(), 0.0)
        self.hazard = filed / tenants if tenants > 0 else 0.0
        self._points: dict[tuple[object, ...], tuple[float, bool, bool]] = {}
        self._traits: dict[tuple[object, ...], int] = {}
        self._suits: dict[Demand, np.ndarray] = {}

    # --- time

    def second(self, day: date) -> int:
        return (day - self.first).days * DAY_S

    def day(self, second: int) -> date:
        return self.first + timedelta(days=second // DAY_S)

    # --- what households do by themselves

    def asks_s(self, household: int, nth: int, from_s: int) -> int:
        """When a tenant files its nth mutation demand: a constant hazard."""
        if self.hazard <= 0:
            return NEVER
        wait = one(self.chance.exponential("mutation", household, nth)) / self.hazard
        return from_s + int(min(wait * YEAR_S, 1e15))

    # --- the three-yearly review, and what a tenant says of its home

    def tight(self, place: Dwelling) -> bool:
        """Whether a dwelling stands where tenancies are reviewed."""
        home = int(self.territory.dwellings.residence[place.row])
        return str(self.territory.residences.zone[home]) in self.law.review_zones

    def crowding(self, people: Household, place: Dwelling) -> tuple[bool, bool]:
        """Whether a dwelling is too small, too large for a household."""
        stock, law = self.territory.dwellings, self.law
        least = law.over_occupation_one_m2
        if people.persons > 1:
            least = law.over_occupation_two_m2 + (people.persons - 2) * law.over_occupation_further_m2
        small = stock.surface_m2[place.row] < min(least, law.over_occupation_cap_m2)
        return bool(small), bool(stock.rooms[place.row] > people.persons + law.under_occupation_margin)

    def above_ceiling(self, people: Household, place: Dwelling) -> bool:
        ceilings = self.law, people.persons, int(self.territory.dwellings.financing[place.row])
        return bool(people.rfr_eur > one(ceiling_eur(*ceilings, people.single_parent)))

    def advised(self, tenant: Tenancy, place: Dwelling, due_s: int) -> tuple[bool, bool]:
        """Whether a tenant reviewed files a demand, and for a dwelling adapted to a need."""
        chosen, entity = self.scenario.mutations, (tenant.household, identity(place.dwelling_id))
        files, needs = map(one, self.chance.uniforms(f"review/{self.day(due_s).year}", *entity))
        small, large = self.crowding(tenant.people, place)
        accessible = bool(self.territory.dwellings.accessible[place.row])
        adapted = not accessible and needs < chosen.review_adapted_need
        left = accessible and needs < chosen.review_adapted_left
        if small or adapted:
            return files < chosen.review_files_unserved, adapted and files < chosen.review_files_unserved
        if large or left or self.above_ceiling(tenant.people, place):
            return files < chosen.review_files_spare, False
        return False, False

    def reviewed_a_year(self) -> float:
        """How many demands a year reviews are expected to lead to, from the tenants as given."""
        chosen, tenants, period = self.scenario.mutations, self.territory.occupants, self.law.review_months
        found = []
        for row, at in enumerate(tenants.dwelling.tolist() if chosen.review else ()):
            place, people = Dwelling(at, ""), household_of(tenants, row)
            days = (np.datetime64(self.territory.as_of) - tenants.lease_on[row]).astype(int)
            asks = at in self.territory.demands.mutation_of.tolist()
            if asks or not self.tight(place) or days < period / 12 * 365.25 / 2:
                continue
            small, large = self.crowding(people, place)
            accessible = bool(self.territory.dwellings.accessible[at])
            needs = 1.0 if small else 0.0 if accessible else chosen.review_adapted_need
            spare = chosen.review_adapted_left if accessible else 0.0
            if large or self.above_ceiling(people, place):
                spare = 1.0
            files = needs * chosen.review_files_unserved
            found.append(files + (1 - needs) * spare * chosen.review_files_spare)
        return fsum(found) / (period / 12)

    def says_of_home(self, tenant: Tenancy, place: Dwelling, template: int) -> dict[str, float]:
        """The attributes of a tenant's demand that follow from its dwelling, of those the demands have."""
        stock, row, people = self.territory.dwellings, place.row, tenant.people
        held, income = self.territory.demands.attributes, people.income_eur
        rent_eur = float(stock.rent_eur[row] + stock.charges_eur[row])
        effort = float(np.round(rent_eur / income, 3)) if income > 0 else np.nan
        small, large = self.crowding(people, place)
        motives = int(held["motives"][template]) if "motives" in held else -1
        if small or large:
            told = {code for code in range(23) if motives >= 0 and motives >> code & 1} - {9, 12}
            motives = sum(1 << code for code in told | ({12} if small else set()) | ({9} if large else set()))
        said = {
            "persons_per_room": float(np.round(people.persons / float(stock.rooms[row]), 2)),
            "m2_per_person": float(np.round(float(stock.surface_m2[row]) / people.persons, 1)),
            "effort_rate": effort,
            "residual_income": float(np.round(income * (1 - effort) / self.units(people))),
            "housing_modes": 1,  # HLM stands first
            "lives_in_epci": 1,
            "motives": motives,
        }
        return {name: value for name, value in said.items() if name in held}

    def lapses_s(self, demand_id: str, filed_s: int, open_s: int) -> int:
        """When a demand open at `open_s` lapses: at the first anniversary at which it is not renewed."""
        validity_s, renewal = self.law.demand_validity_days * DAY_S, self.scenario.demand.renewal
        drawn = self.chance.one("renewal", identity(f"demand|{demand_id}"))
        renewals = int(np.floor(np.log(drawn) / np.log(renewal))) if renewal > 0 else 0
        passed = max(open_s - filed_s, 0) // validity_s
        return filed_s + (passed + 1 + min(renewals, 100)) * validity_s

    def recognised_s(self, demand_id: str, template: int, filed_s: int, open_s: int) -> int:
        """When a demand is recognised under DALO: as long after filing as its template, or by appeal."""
        recognised = self.territory.demands.dalo_recognised_on[template]
        if np.isnat(recognised):
            chosen = self.scenario.dalo
            hazard = chosen.appeals_per_year * chosen.recognised_share
            if not hazard:
                return NEVER
            appeals_s = max(filed_s + round(chosen.abnormal_delay_months * MONTH_S), open_s)
            wait = one(self.chance.exponential("dalo-appeal", identity(f"demand|{demand_id}")))
            return appeals_s + int(min(wait * (YEAR_S / hazard), 1e15))
        delay = (recognised - self.territory.demands.filed_on[template]).astype("timedelta64[D]").astype(int)
        return filed_s + max(int(delay), 0) * DAY_S

    def designated(self, demand_id: str, template: int, pending: bool) -> int:
        """The bailleur the préfet designates: as given, else drawn by its share of the dwellings."""
        given = int(self.territory.demands.dalo_bailleur[template])
        if pending and given >= 0:
            return given
        homes = sorted(
            int(self.territory.residences.bailleur[place]) for place in self.territory.dwellings.residence
        )
        return homes[int(self.chance.one("dalo-bailleur", identity(f"demand|{demand_id}")) * len(homes))]

    def offer_due_s(self, demand: Demand) -> int:
        """By when an offer is owed to a recognised household: every commune here is of one département."""
        asks = self.territory.demands
        stated = asks.dalo_deadline[demand.template]
        if demand.pending and not np.isnat(stated):
            days = (stated - asks.filed_on[demand.template]).astype("timedelta64[D]").astype(int)
            return demand.filed_s + int(days) * DAY_S
        return demand.dalo_s + self.law.dalo_offer_months("59") * MONTH_S

    def owner(self, place: Dwelling) -> int:
        return int(self.territory.residences.bailleur[self.territory.dwellings.residence[place.row]])

    def loses_priority(self, demand: Demand, place: Dwelling) -> bool:
        """Whether a recognised household that refuses a dwelling had been warned."""
        drawn = self.chance.one("dalo-warned", demand.key, identity(place.dwelling_id))
        return drawn < self.scenario.dalo.warned_share

    def verified(self, household: int) -> bool:
        drawn = self.chance.one("essential-documents", household)
        return drawn < self.scenario.essential_workers.verified_share

    def filed_in(self, year: int) -> list[tuple[str, int, int]]:
        """The exogenous demands of a year: (demand_id, filed_s, template)."""
        demands, chance = self.territory.demands, self.chance
        as_of = np.datetime64(self.territory.as_of, "D")
        templates = [
            row
            for row in self.by_identity
            if demands.mutation_of[row] < 0 and (as_of - demands.filed_on[row]).astype(int) <= 365
        ]
        superset = self.scenario.feedback.superset
        expected = self.new_a_year * (1 - self.scenario.demand.mutation_share) * superset
        if not templates or not expected:
            return []
        drawn, count = chance.one("arrivals", identity(f"arrivals|{year}")), 0
        while pdtr(count, expected) < drawn:
            count += 1
        first, last = self.second(date(year, 1, 1)), self.second(date(year + 1, 1, 1))
        filed = []
        for number in range(count):
            demand_id = f"S{year}{number:013d}"
            when, pick = map(one, chance.uniforms("arrival", identity(f"demand|{demand_id}")))
            template = templates[int(pick * len(templates))]
            if chance.one("deterrence", identity(f"demand|{demand_id}")) < 1 / superset:
                filed.append((demand_id, first + int(when * (last - first)), template))
        return filed

    def mutation_template(self, demand_id: str) -> int:
        """The pending demand that lends its wishes and attributes to a tenant's demand."""
        mutation_of = self.territory.demands.mutation_of
        rows = [row for row in self.by_identity if mutation_of[row] >= 0] or self.by_identity
        return rows[int(self.chance.one("mutation-template", identity(f"demand|{demand_id}")) * len(rows))]

    def split_template(self, demand_id: str) -> int | None:
        """The demand that lends its wishes to a partner who leaves: of one person, if there is any."""
        demands, as_of = self.territory.demands, np.datetime64(self.territory.as_of, "D")
        recent = [
            row
            for row in self.by_identity
            if demands.mutation_of[row] < 0 and (as_of - demands.filed_on[row]).astype(int) <= 365
        ]
        alone = [row for row in recent if demands.adults[row] == 1 and demands.children[row] == 0]
        rows = alone or recent
        if not rows:
            return None
        return rows[int(self.chance.one("split-template", identity(f"demand|{demand_id}")) * len(rows))]

    @cached_property
    def life(self) -> Life:
        return Life(self)

    @cached_property
    def by_identity(self) -> list[int]:
        """The pending demands in an order that no file gives."""
        names = self.territory.demands.demand_id.tolist()
        return sorted(range(len(names)), key=lambda row: identity(names[row]))

    @cached_property
    def levels(self) -> list[tuple[float, float]]:
        """Mean and spread of the log of income per unit, by activity, of the occupants as given."""
        found: dict[int, list[float]] = {activity: [] for activity in range(len(ACTIVITIES))}
        everybody = []
        for row in range(len(self.territory.occupants.dwelling)):
            people = household_of(self.territory.occupants, row)
            if people.income_eur > 0:
                everybody.append(one(np.log(people.income_eur / self.units(people))))
                found[people.activity].append(everybody[-1])
        overall = float(np.mean(sorted(everybody))) if everybody else 0.0
        return [
            (float(np.mean(sorted(logs))), float(np.std(sorted(logs)))) if len(logs) > 1 else (overall, 0.5)
            for logs in found.values()
        ]

    def aged(self, household: int, people: Household, year: int) -> Household:
        """The household a year later: a job lost or found, or retirement; its income around its level."""
        chosen, before = self.scenario.ageing, people.activity
        age, after, drawn = people.age + 1, before, self.chance.one(f"work/{year}", household)
        if before == EMPLOYED and drawn < chosen.job_loss:
            after = UNEMPLOYED
        if before == UNEMPLOYED and drawn < chosen.job_found:
            after = EMPLOYED
        if before in (EMPLOYED, UNEMPLOYED) and age >= chosen.retirement_age:
            after = RETIRED
        if not people.income_eur > 0:
            return replace(people, age=age, activity=after)
        units, kept = self.units(people), chosen.income_persistence
        gap = one(np.log(people.income_eur / units)) - self.levels[before][0]
        normal = one(self.chance.normal(f"income/{year}", household))
        noise = float(np.sqrt(1 - kept**2)) * self.levels[after][1] * normal
        factor = units * one(np.exp(self.levels[after][0] + kept * gap + noise)) / people.income_eur
        income, rfr = people.income_eur * factor, people.rfr_eur * factor
        return replace(people, age=age, activity=after, income_eur=income, rfr_eur=rfr)

    # --- who they are

    def units(self, people: Household) -> float:
        return one(consumption_units(self.law, *columns(people.adults, people.children, people.teens)))

    def income_uc(self, people: Household) -> float:
        given = columns(people.income_eur, people.adults, people.children, people.teens)
        return one(income_uc_eur(self.law, *given))

    def traits(self, people: Household, threshold_eur: float, template: int = -1, **said: bool) -> int:
        """The mask of a household's traits; without a template it is an occupant, who has declared nothing.

        `said` may hold `mutation`, `dalo`, `verified` and `adapted` (a need that a review has found).
        """
        seen = (people, threshold_eur, template, *sorted(said.items()))
        if seen not in self._traits:
            self._traits[seen] = self._read(people, threshold_eur, template, said)
        return self._traits[seen]

    def _read(self, people: Household, threshold_eur: float, template: int, said: dict[str, bool]) -> int:
        yes = {name: np.array([template >= 0 and self.flag(name, template)]) for name in FLAGS}
        yes["essential_worker"] &= said.get("verified", True)
        accessible = template >= 0 and bool(self.territory.demands.needs_accessible[template])
        unnamed = template >= 0 and bool(self.territory.demands.l441_1[template])
        accessible = accessible or said.get("adapted", False)
        persons = max(people.persons, 1)
        found = People(
            *columns(people.adults, people.children, people.teens, people.age, people.activity),
            income_uc_eur=np.array([self.income_uc(people)]),
            rfr_eur=np.array([people.rfr_eur]),
            mutation=np.array([said.get("mutation", False)]),
            dalo=np.array([said.get("dalo", False)]),
            recognised=yes["pdalhpd"] | yes["accord_collectif"] | unnamed,
            violence=yes["violence_proven"],
            relogement=yes["right_to_rehousing"],
            essential_worker=yes["essential_worker"],
            needs_accessible=np.array([accessible]),
            q1_threshold_eur=threshold_eur,
            plus_ceiling_eur=plus_ceiling_eur(self.law, *columns(persons, people.single_parent)),
        )
        return int(signature(found)[0])

    def flag(self, name: str, template: int) -> bool:
        return name in self.attributes and bool(self.attributes[name][template] == 1)

    # --- what a demand may be given

    def forget(self, demand: Demand) -> None:
        """Find out anew where a demand fits: its household has changed."""
        self._suits.pop(demand, None)

    def suits(self, demand: Demand, place: Dwelling) -> bool:
        """Whether a demand asks for such a dwelling and the law admits it there."""
        stock, wished = self.territory.dwellings, self.territory.demands
        if demand not in self._suits:
            people = demand.people
            home = (stock.rooms, stock.surface_m2, stock.financing)
            lawful = fits(self.law, people.persons, people.rfr_eur, *home, people.single_parent)
            self._suits[demand] = lawful
        row, asked = place.row, demand.template
        rent_eur = stock.rent_eur[row] + stock.charges_eur[row]
        return bool(
            self._suits[demand][row]
            and demand.rooms[0] <= stock.rooms[row] <= demand.rooms[1]
            and wished.wishes[asked, self.commune(place)]
            and not wished.max_rent_eur[asked] < rent_eur
            and (stock.accessible[row] or not (wished.needs_accessible[asked] or demand.adapted))
        )

    def labelled(self, demand: Demand, reservataire: int) -> bool:
        """Whether a réservataire may designate the demand."""
        given = bool(self.territory.demands.labels[demand.template] >> reservataire & 1)
        return given or (reservataire == ETAT and demand.of_the_state)

    def commune(self, place: Dwelling) -> int:
        return int(self.territory.residences.commune[self.territory.dwellings.residence[place.row]])

    def points(self, demand: Demand, now_s: int) -> tuple[float, bool, bool]:
        """Points of a demand today, whether the grid puts it before all, whether it excludes it."""
        people, dalo = demand.people, demand.under_dalo(now_s)
        filed, today = self.day(demand.filed_s), self.day(now_s)
        months = (today.year - filed.year) * 12 + today.month - filed.month - (filed.day > today.day)
        mutation = demand.lives_in is not None
        numbers = (months, people.age, people.adults, people.children)
        refusals = sum(at > now_s - 24 * MONTH_S for at in demand.refused_s)
        changed = repr(sorted(demand.facts.items()))
        seen = (demand.template, *numbers, mutation, dalo, refusals, changed)
        if seen not in self._points:
            facts = {
                name: column[demand.template : demand.template + 1]
                for name, column in self.attributes.items()
            }
            facts |= {name: np.array([value]) for name, value in demand.facts.items()}
            facts |= dict(
                zip(("seniority_months", "age", "adults", "children"), columns(*numbers), strict=True)
            )
            facts["request_kind"] = np.array([mutation], dtype=np.int8)  # 0 primo, 1 mutation
            facts["dalo"] = np.array([dalo])
            facts["dalo_status"] = np.array([dalo], dtype=np.int8)  # 0 NON, 1 ACTIF
            facts["unjustified_refusals_24m"] = np.array([float(refusals)])
            found = score(self.mutation_grid if mutation else self.grid, facts, 1)
            flags = bool(found.absolute_priority[0]), bool(found.excluded[0])
            self._points[seen] = (found.total[0].item(), *flags)
        return self._points[seen]

    def usual(self, demand: Demand, place: Dwelling, now_s: int) -> float:
        """What the order usual before the cotation makes of a demand for a dwelling."""
        chosen, wished, row = self.scenario.status_quo, self.territory.demands, place.row
        stock, asked = self.territory.dwellings, demand.template
        worth = chosen.seniority * min((now_s - demand.filed_s) / YEAR_S, chosen.most_years)
        suits = chosen.first_commune * bool(wished.first_commune[asked] == self.commune(place))
        suits += chosen.typology * bool(stock.rooms[row] == demand.rooms[0])
        rent_eur = stock.rent_eur[row] + stock.charges_eur[row]
        suits += chosen.affordable * bool(rent_eur <= chosen.affordable_share * wished.max_rent_eur[asked])
        drawn = self.chance.one("discretion", demand.household, identity(place.dwelling_id))
        return worth + suits - chosen.discretion * one(np.log(-np.log(drawn)))

    # --- vacancies and answers

    def vacancy(self, place: Dwelling, was: str, lease_s: int, notice_s: int, cause: str) -> Vacancy:
        """The vacancy of a dwelling whose tenant gives notice: keys, works, orientation, designation."""
        text, chosen = f"{place.dwelling_id}|{was}|{lease_s}", self.scenario.departures
        short = one(self.chance.uniform("notice", identity(text)))
        works = one(self.chance.uniform("works", identity(text)))
        keys_s = notice_s + (MONTH_S if short < chosen.short_notice_share else 3 * MONTH_S)
        available_s = keys_s + int(-one(np.log(works)) * chosen.works_days * DAY_S)
        search_s, funnel = available_s, self.scenario.funnel
        if funnel.stages:
            search_s = max(available_s - int(funnel.search_lead_days * DAY_S), notice_s)
        holder, on_time, *more = self.oriented(place, identity(text))
        times = lease_s, notice_s, keys_s, available_s
        return Vacancy(text, place, cause, *times, holder, on_time, search_s, *more)

    def oriented(self, place: Dwelling, key: int) -> tuple[int, bool, bool, str, float]:
        """Réservataire, whether it designates in time and by name, how it came to it, how it leans."""
        chosen, designation = self.scenario.orientation, self.scenario.designation
        fate, on_time, by_name, leaning = map(one, self.chance.quarters("orientation", key))
        holder, flow = int(self.territory.dwellings.reservataire[place.row]), "stock"
        if holder < 0 and fate < chosen.withdrawn_share:
            holder, flow = AUCUN, "withdrawn"
        elif holder < 0:
            left = (fate - chosen.withdrawn_share) / (1 - chosen.withdrawn_share)
            shares = self.shares(place)
            holder, flow, reached = 0, "flow", shares[0]
            while holder < AUCUN and left >= reached:
                holder += 1
                reached += shares[holder]
        designated = on_time < designation.designated_share and holder != AUCUN
        names = designated and by_name < part(designation.named_share, holder)
        return holder, designated, names, flow, leaning

    def shares(self, place: Dwelling) -> tuple[float, ...]:
        """The share of each réservataire in the flow a dwelling belongs to."""
        residences = self.territory.residences
        bailleur = self.territory.bailleurs[
            residences.bailleur[self.territory.dwellings.residence[place.row]]
        ]
        return self.scenario.orientation.bailleurs.get(bailleur, self.scenario.orientation).shares

    def follows(self, vacancy: Vacancy) -> bool:
        """Whether whoever holds a vacancy now follows the strategy for it."""
        return vacancy.leaning < part(self.scenario.designation.adherence, vacancy.holder)

    def names(self, demand: Demand, vacancy: Vacancy) -> float:
        """The lower, the sooner a réservataire that draws its names draws this one."""
        return self.chance.one("designation", demand.key, vacancy.key)

    def refuses(self, demand: Demand, vacancy: Vacancy, day: date, dalo: bool) -> str | None:
        """Why the commission does not attribute to a candidate of the list; None where it does."""
        chosen, people = self.scenario.acceptance, demand.people
        drawn = self.chance.one(f"commission/{day}", demand.household, vacancy.key)
        if drawn < chosen.not_attributed:
            return ""
        if dalo or not people.income_eur > 0 or drawn >= chosen.not_attributed + chosen.commission_effort:
            return None
        paid = self.net_rent(demand, vacancy.dwelling)
        left = (people.income_eur - paid) / self.units(people) / self.law.residual_days
        heavy = paid / people.income_eur > chosen.commission_effort_threshold
        return "taux d'effort" if heavy or left < chosen.commission_residual_eur else None

    def net_rent(self, demand: Demand, place: Dwelling) -> float:
        """Rent, charges and known heating of a month less the estimated aid."""
        stock, row = self.territory.dwellings, place.row
        zone = str(self.territory.residences.zone[stock.residence[row]])
        heating = 0.0 if np.isnan(stock.heating_eur[row]) else float(stock.heating_eur[row])
        costs = float(stock.rent_eur[row]), float(stock.charges_eur[row]) + heating
        return net_rent(self.law, demand.people, *costs, zone)

    def answer(self, demand: Demand, place: Dwelling, nth: int, dalo: bool) -> tuple[str, str, int]:
        """(outcome, motive, seconds to answer) of a household's nth offer of a dwelling."""
        entity = demand.household, identity(place.dwelling_id)
        agrees, speaks, when, why = map(one, self.chance.quarters(f"answer/{nth}", *entity))
        wait_s = max(int(when * self.law.answer_days * DAY_S), 1)
        if agrees < self.accepts(demand, place, dalo):
            return "accepted", "", wait_s
        if speaks < self.scenario.acceptance.silent_share:
            return "silent", "", wait_s
        return "refused", next(motive for bound, motive in MOTIVES if why < bound), wait_s

    def accepts(self, demand: Demand, place: Dwelling, dalo: bool) -> float:
        """The probability of accepting: a logit of the residence, the wish, the rent against the income."""
        chosen, stock, row = self.scenario.acceptance, self.territory.dwellings, place.row
        residence_id = str(self.territory.residences.residence_id[stock.residence[row]])
        base = chosen.dalo_accepts if dalo else chosen.accepts
        liking = chosen.residence_sd * one(self.chance.normal("residence", identity(residence_id)))
        log_odds = one(np.log(base / (1 - base))) + liking
        if self.territory.demands.first_commune[demand.template] == self.commune(place):
            log_odds = log_odds + chosen.first_commune
        income, burden = demand.people.income_eur, 0.0
        if income > 0:
            burden = self.net_rent(demand, place) / income
        excess = min(max(burden - chosen.effort_threshold, 0.0), 1.0)
        return 1.0 / (1.0 + one(np.exp(chosen.effort * excess - log_odds)))

    def stages(self, demand: Demand, place: Dwelling, nth: int, now: int, outcome: str) -> tuple[Any, ...]:
        """(contacted, visited, documents), when it leaves the list, what it is then said to have done."""
        chosen, pair = self.scenario.funnel, (demand.household, identity(place.dwelling_id))
        contact, visit, documents, where = map(one, self.chance.quarters(f"stages/{nth}", *pair))
        contacted_s = now + int(2 * contact * chosen.contact_days * DAY_S)
        visited_s = contacted_s + int(2 * visit * chosen.visit_days * DAY_S)
        documents_s = visited_s + int(2 * documents * chosen.documents_days * DAY_S)
        if outcome == "silent" and where < chosen.silent_at_contact:
            return (NEVER, NEVER, NEVER), contacted_s, outcome
        if outcome == "refused" and where < chosen.refused_at_visit:
            return (contacted_s, visited_s, NEVER), visited_s, outcome
        if self.chance.one(f"documents/{nth}", *pair) < chosen.documents_missing:
            return (contacted_s, visited_s, NEVER), documents_s, "withdrawn"
        return (contacted_s, visited_s, documents_s), NEVER, outcome

    def verify(self, demand: Demand) -> None:
        """Read a demand's documents, once: its resources and its household may not be as declared."""
        if demand.verified:
            return
        demand.verified, chosen, people = True, self.scenario.funnel, demand.people
        differs, counts = map(one, self.chance.uniforms("verified", demand.key))
        factor, declared, rfr = 1.0, people.income_eur, people.rfr_eur
        if differs < chosen.income_differs:
            drawn = one(self.chance.normal("verified/income", demand.key))
            factor = one(np.exp(chosen.income_difference * drawn))
        income = (declared if not rfr > 0 or declared > 0 else rfr / 12) * factor
        children, teens = people.children, people.teens
        if counts < chosen.household_differs:
            children += -1 if children > 0 and demand.key % 2 == 0 else 1
            teens = min(teens, children)
        demand.people = replace(
            people, children=children, teens=teens, income_eur=income, rfr_eur=rfr * factor
        )
        if declared > 0 and income > 0:
            facts = {name: column[demand.template].item() for name, column in self.attributes.items()}
            facts |= demand.facts
            changed = {
                "effort_rate": lambda before: before * (declared / income),
                "residual_income": lambda before: before + (income - declared) / self.units(demand.people),
            }
            demand.facts |= {name: new(facts[name]) for name, new in changed.items() if name in facts}
        self._suits.pop(demand, None)

    def turned_down(self, demand: Demand, place: Dwelling) -> str:
        """Why a verified household may not have a dwelling, "" if it may."""
        stock, row, people = self.territory.dwellings, place.row, demand.people
        given = stock.rooms[row], stock.surface_m2[row], stock.financing[row]
        if not under_ceiling(self.law, people.rfr_eur, people.persons, given[2], people.single_parent):
            return "plafond de ressources"
        fitting = fits(self.law, people.persons, people.rfr_eur, *given, people.single_parent)
        return "" if fitting else "taille du ménage"

    def silence_ends_s(self, offered_s: int) -> int:
        """A day after the last day to answer, itself moved to a working day."""
        last_s = offered_s + self.law.answer_days * DAY_S
        while self.day(last_s).weekday() >= 5:
            last_s += DAY_S
        return last_s + DAY_S


def part(given: float | ByReservataire, holder: int) -> float:
    """Return the part of a réservataire."""
    return given if isinstance(given, float) else float(getattr(given, RESERVATAIRES[holder]))
