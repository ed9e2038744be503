"""What does each legal or target row need from a sitting? The rows of the reference engine, one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, gamma, inf

import numpy as np
from reference_people import AUCUN, MONTH_S, YEAR_S, Dwelling, Vacancy
from reference_world import World

from sim.rules.peuplement import Places, target_families
from sim.rules.quotas import TARGET, Family, legal_families
from sim.territory.columns import Floats

HUNDRED = 100
"""Rows count hundredths of a lease."""


@dataclass
class Row:
    """One row: a share owed to a public over some of the vacancies examined."""

    label: str
    target: bool
    percent: int
    public: int
    excluded: int
    scope: list[int]  # places in the sitting of the vacancies it bears on
    balance: float  # hundredths above what is owed, offers in flight included
    month_flow: float  # leases a month over the last year
    remaining: float  # leases to come before the year ends, at that pace; no limit where a window rolls

    def adds(self, traits: int) -> int:
        """What a lease to a household adds to the row."""
        if traits & self.excluded:
            return 0
        return HUNDRED * bool(traits & self.public) - self.percent

    def need(self, vacancies: int) -> int:
        """What the row needs from so many vacancies: a surplus is spent, a deficit caught up by the month.

        Or by the end of the year, where that is nearer.
        """
        part = min(1.0, vacancies / max(min(self.month_flow, self.remaining), 1.0))
        need = -self.balance if self.balance >= 0 else -self.balance * part
        if self.excluded:
            return ceil(need - 1e-9)
        owed = self.percent * vacancies  # raised to what a whole number of the public's leases meets exactly
        return HUNDRED * ceil((need + owed) / HUNDRED - 1e-9) - owed


class Ledger:
    """Every lease signed, and the rules it may count for."""

    def __init__(self, world: World) -> None:
        self.world, territory = world, world.territory
        self.signed: list[tuple[int, int, int, int]] = []  # (second, dwelling, holder, traits)
        self.home = territory.dwellings.residence
        residences, chosen = territory.residences, world.scenario.departures
        mean_years = chosen.weibull_scale_years * gamma(1.0 + 1.0 / chosen.weibull_shape)
        self.families: tuple[Family, ...] = legal_families(
            world.law,
            territory.bailleurs,
            residences.bailleur[self.home],
            residences.in_qpv[self.home],
            1.0 / mean_years,
            self.unreserved(),
        )

    def unreserved(self) -> Floats:
        """The part of each bailleur's releases that nobody reserves: withdrawn, or its share of the rest."""
        world, territory = self.world, self.world.territory
        withdrawn = world.scenario.orientation.withdrawn_share
        parts: list[list[float]] = [[] for _ in territory.bailleurs]
        for row in range(len(self.home)):
            share = world.shares(Dwelling(row, ""))[AUCUN]
            bailleur = territory.residences.bailleur[self.home[row]]
            parts[bailleur].append(withdrawn + (1 - withdrawn) * share)
        return np.array([sum(own) / len(own) if own else 0.0 for own in parts])

    def aim(self, types: Sequence[int]) -> None:
        """Add the targets of the residences, by their types at the start of the run."""
        places = Places.of(self.world.territory)
        self.families += target_families(self.world.scenario.target, places, np.array(types))

    def sign(self, second: int, vacancy: Vacancy, traits: int) -> None:
        self.signed.append((second, vacancy.dwelling.row, vacancy.holder, traits))

    def rows(
        self, now: int, examined: list[Vacancy], traits_in_flight: list[tuple[Vacancy, int]]
    ) -> list[Row]:
        """Return the rows that touch the vacancies examined."""
        flight = [(now, v.dwelling.row, v.holder, traits) for v, traits in traits_in_flight]
        touching = []
        for family in self.families:
            members = [_member(family, vacancy.dwelling.row, vacancy.holder) for vacancy in examined]
            if family.tier == TARGET:
                followed = [self.world.follows(vacancy) for vacancy in examined]
                members = [member if agreed else -1 for member, agreed in zip(members, followed, strict=True)]
            for member in sorted(set(members) - {-1}):
                touching.append(self._row(family, member, members, now, flight))
        return touching

    def _row(
        self,
        family: Family,
        member: int,
        members: list[int],
        now: int,
        flight: list[tuple[int, int, int, int]],
    ) -> Row:
        def counts(leases: list[tuple[int, int, int, int]], keep: Callable[[int], bool]) -> tuple[int, int]:
            """How many leases the row has, and how many of them went to its public."""
            own = [
                traits
                for second, dwelling, holder, traits in leases
                if keep(second)
                and _member(family, dwelling, holder) == member
                and not traits & family.excluded
            ]
            return len(own), sum(1 for traits in own if traits & family.public)

        today = self.world.day(now)
        january_s = self.world.second(today.replace(month=1, day=1))
        since_s = now - family.months * MONTH_S if family.months else january_s
        signed, served = counts(self.signed, lambda second: second >= since_s)
        due, due_served = counts(flight, lambda second: True)
        last_year, _ = counts(self.signed, lambda second: second >= now - YEAR_S)
        accepts = self.world.scenario.acceptance.accepts
        balance = HUNDRED * (served + due_served * accepts) - family.percent * (signed + due * accepts)
        scope = [place for place, other in enumerate(members) if other == member]
        traits = family.public, family.excluded
        target = family.tier == TARGET
        label = family.labels[member]
        year_end_s = self.world.second(today.replace(year=today.year + 1, month=1, day=1))
        remaining = inf if family.months else last_year * ((year_end_s - now) / YEAR_S)
        return Row(label, target, family.percent, *traits, scope, balance, last_year / 12, remaining)


def _member(family: Family, dwelling: int, holder: int) -> int:
    if family.holder is not None and holder != family.holder:
        return -1
    return int(family.by_dwelling[dwelling])
