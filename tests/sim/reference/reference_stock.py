"""Who lives in each residence on 1 January, and what made it change since the last one?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from statistics import NormalDist
from typing import Any

import numpy as np
from reference_people import Dwelling, Household
from reference_world import World

from sim.rules.peuplement import POPULATION, fix, observe
from sim.rules.sls import sls_eur
from sim.rules.traits import mask
from sim.territory.columns import PEUPLEMENT_TYPES

QUARTILE = mask(["first_quartile"])
BRACKETS = ("below_20_plus", "below_40_plus", "below_60_plus")


class Stock:
    """The occupants each 1 January of the run, on the ruler fixed as it begins."""

    def __init__(self, world: World, dwellings: list[Dwelling], year: int, threshold_eur: float) -> None:
        self.world, self.fixed_eur = world, threshold_eur
        self.homes = [int(residence) for residence in world.territory.dwellings.residence]
        self.rows: list[dict[str, Any]] = []
        self.before: dict[int, tuple[Any, int, int]] = {}
        now = self.see(dwellings, threshold_eur)
        self.given = observe(world.territory, world.law, threshold_eur).population
        counts, choice = self.counts_for_types(dwellings), world.scenario.qualification
        weights = np.array([choice.weights()[name] for name in POPULATION])
        self.ruler = fix(*counts, self.count(now), weights, choice.shrinkage)
        given = [int(kind) for kind in world.territory.residences.peuplement_type]
        plain = self.ruler.types(self.ruler.score(*counts))
        self.types = np.array(
            [int(own) if told < 0 else told for told, own in zip(given, plain, strict=True)]
        )
        self.kept = self.read_again(dwellings, given)
        self.apart = [
            int(kind) - own if own >= 0 else 0 for kind, own in zip(self.types, self.kept, strict=True)
        ]
        self.take(dwellings, year, threshold_eur, threshold_eur)

    def counts_for_types(self, dwellings: list[Dwelling]) -> tuple[np.ndarray, np.ndarray]:
        """What the types are read on: who has it, of whom it is known, by residence and indicator.

        Incomes are those of the occupants now; the rest stays what it was when the territory was given.
        """
        x, n = self.given.x.copy(), self.given.n.copy()
        for name, known in (("first_quartile", declared), ("below_40_plus", taxed)):
            place = POPULATION.index(name)
            x[:, place] = n[:, place] = 0
            for dwelling in dwellings:
                if dwelling.tenant is not None and known(dwelling.tenant.people):
                    traits = self.world.traits(dwelling.tenant.people, self.fixed_eur)
                    n[self.homes[dwelling.row], place] += 1
                    x[self.homes[dwelling.row], place] += bool(traits & mask([name]))
        return x, n

    def read_again(self, dwellings: list[Dwelling], before: list[int]) -> list[int]:
        """The type that each residence's households have: the one before, unless their interval says no.

        The score is off by the sum over pairs of indicators of w w' c / √(m m'), where m is what each was
        counted on, with the shrinkage; -1 where no income is known, and none was set before.
        """
        x, n = self.counts_for_types(dwellings)
        ruler, level = self.ruler, self.world.scenario.qualification.level
        score, wide = ruler.score(x, n), NormalDist().inv_cdf((1 + level) / 2)
        incomes = [POPULATION.index(name) for name in ("first_quartile", "below_40_plus", "housing_aid")]
        found = []
        for home, kind in enumerate(before):
            if n[home, incomes].sum() == 0:
                found.append(kind)
                continue
            each = [
                weight / spread / math.sqrt(max(count + ruler.shrinkage, 1))
                for weight, spread, count in zip(ruler.weights, ruler.spread, n[home], strict=True)
            ]
            square = sum(
                one * other * self.given.within[i, j]
                for i, one in enumerate(each)
                for j, other in enumerate(each)
            )
            reach = wide * math.sqrt(max(square, 0.0))
            ends = [-math.inf, *ruler.cuts, math.inf]
            if kind < 0 or score[home] - reach > ends[kind + 1] or score[home] + reach <= ends[kind]:
                kind = sum(score[home] > cut for cut in ruler.cuts)
            found.append(int(kind))
        return found

    def see(self, dwellings: list[Dwelling], legal_eur: float) -> dict[int, tuple[Any, int, int]]:
        """Dwelling to (household, its traits on the fixed ruler, its traits on the legal one)."""
        traits = self.world.traits
        return {
            place.row: (
                (place.tenant.household, place.tenant.lease_s),  # who comes back has left
                traits(place.tenant.people, self.fixed_eur),
                traits(place.tenant.people, legal_eur),
            )
            for place in dwellings
            if place.tenant is not None
        }

    def pays(self, place: Dwelling) -> bool:
        """Whether the household of a dwelling owes a supplément de loyer de solidarité."""
        stock, residences = self.world.territory.dwellings, self.world.territory.residences
        assert place.tenant is not None
        people, home = place.tenant.people, self.homes[place.row]
        household = people.rfr_eur, max(people.persons, 1), people.single_parent
        dwelling = stock.financing[place.row], stock.surface_m2[place.row], stock.rent_eur[place.row]
        where = residences.zone[home], residences.in_qpv[home]
        return bool(sls_eur(self.world.law, *household, *dwelling, *where) > 0)

    def incomes(self, dwellings: list[Dwelling], places: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
        """How many households of these dwellings have an income, and its sum in whole EUR, by residence."""
        known, sums = ([0] * len(self.world.territory.residences.residence_id) for _ in range(2))
        for place in places:
            tenant = dwellings[place].tenant
            assert tenant is not None
            income = self.world.income_uc(tenant.people)
            if income > 0:
                known[self.homes[place]] += 1
                sums[self.homes[place]] += round(income)
        return np.array(known, dtype=np.int64), np.array(sums, dtype=np.int64)

    def count(
        self, seen: dict[int, tuple[Any, int, int]], keep: Callable[[int, int, int], Any] = lambda *_: True
    ) -> np.ndarray:
        """How many of the households seen are kept, by residence."""
        counts = [0] * len(self.world.territory.residences.residence_id)
        for dwelling, one in seen.items():
            counts[self.homes[dwelling]] += bool(keep(*one))
        return np.array(counts, dtype=np.int64)

    def take(self, dwellings: list[Dwelling], year: int, legal_eur: float, last_year_eur: float) -> None:
        """Write a row a residence: its occupants, and what made them change since last year."""

        def fixed(_: int, on_fixed: int, __: int) -> int:
            return on_fixed & QUARTILE

        def legal(_: int, __: int, on_legal: int) -> int:
            return on_legal & QUARTILE

        now, was = self.see(dwellings, legal_eur), self.before
        old_ruler = self.see(dwellings, last_year_eur)
        stays = {place for place in now if place in was and was[place][0] == now[place][0]}
        staying, stayed = part(now, stays), part(was, stays)
        entered, left = part(now, set(now) - stays), part(was, set(was) - stays)
        stays_old, entered_old = part(old_ruler, stays), part(old_ruler, set(now) - stays)
        row = {
            "year": year,
            "dwellings": np.bincount(self.homes, minlength=len(self.world.territory.residences.residence_id)),
            "households": self.count(now),
            "first_quartile_fixed": self.count(now, fixed),
            "first_quartile_legal": self.count(now, legal),
            **{name: self.count(now, below(name)) for name in BRACKETS},
            "sls_households": self.count({p: one for p, one in now.items() if self.pays(dwellings[p])}),
            **dict(zip(("incomes_known", "income_uc_sum_eur"), self.incomes(dwellings, now), strict=True)),
        }
        self.kept = self.read_again(dwellings, self.kept)
        kinds = [
            min(max(own + more, 0), 3) if own >= 0 else int(start)
            for own, more, start in zip(self.kept, self.apart, self.types, strict=True)
        ]
        row["peuplement_type"] = np.array(PEUPLEMENT_TYPES)[kinds]
        came_known, came_eur = self.incomes(dwellings, entered)
        low, none = below("below_40_plus"), 0 * self.count(now)
        changes = {
            "entrants": self.count(entered),
            "entrants_fixed": self.count(entered, fixed),
            "entrants_legal_old": self.count(entered_old, legal),
            "entrants_below_40_plus": self.count(entered, low),
            "leavers": self.count(left),
            "leavers_fixed": self.count(left, fixed),
            "leavers_legal_old": self.count(left, legal),
            "leavers_below_40_plus": self.count(left, low),
            **{
                f"{flow}{public}": none  # the stock does not change here
                for flow in ("new", "demolished", "sold")
                for public in ("", "_fixed", "_legal_old", "_below_40_plus")
            },
            "in_place_below_40_plus": self.count(staying, low) - self.count(stayed, low),
            "in_place_fixed": self.count(staying, fixed) - self.count(stayed, fixed),
            "in_place_legal_old": self.count(stays_old, legal) - self.count(stayed, legal),
            "drift_legal": self.count(now, legal) - self.count(old_ruler, legal),
            "entrants_incomes_known": came_known,
            "entrants_income_uc_sum_eur": came_eur,
        }
        first = not self.rows
        row |= {name: 0 * change if first else change for name, change in changes.items()}
        self.before = now
        self.rows.append(row)


def declared(people: Household) -> bool:
    return people.income_eur > 0


def taxed(people: Household) -> bool:
    return not math.isnan(people.rfr_eur)


def below(name: str) -> Callable[[int, int, int], int]:
    bit = mask([name])
    return lambda _, on_fixed, __: on_fixed & bit


def part(seen: dict[int, Any], places: set[int]) -> dict[int, Any]:
    return {place: one for place, one in seen.items() if place in places}
