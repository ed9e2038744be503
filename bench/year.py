"""What does a year of weekly sittings hold: who waits when, what falls vacant when, which rows are owed?

Made up, and drawn before anybody is proposed anything: the same for every policy. An applicant waits from the
week he files to the week his demand lapses, for one or two typologies in the communes he wishes; a vacancy is
let in its week or never. Points do not grow with the wait, so that a lease is worth the same whenever it is
signed. The year has fifty sittings; two years before it were let, whose flow is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from optimizer import NO_HIGH, Problem
from optimizer.problem import Ints
from sim.rules.quotas import UNIT

WEEKS, BEFORE = 50, 100
"""Weeks of the year, and weeks let before it by the highest points alone."""

LEGAL = (25, 50, 25)
"""Shares owed by R1 (first quartile outside QPV), R2 (the others in QPV) and R4 (priorities), in percent."""

PATIENCE = 60
"""Weeks that a demand is kept up, on average."""

FIRST, OTHERS, PRIORITY = 1, 2, 4
"""Bits of a signature: first quartile, the other quartiles, priority of L.441-1."""

SIGNATURES = np.array([FIRST, OTHERS, FIRST + PRIORITY, OTHERS + PRIORITY])

PENALTY = 30
"""A hundredth of a lease that a row is short of, in tenths of a point: a lease is worth 300 points."""

FILLED = 6_000
"""A place filled, in tenths of a point: more than it can cost its rows, whatever their shares."""

TYPOLOGIES, HOLDERS = 5, 4


@dataclass(frozen=True)
class Size:
    """How large a year is; `applicants` are all who wait at some time of it."""

    vacancies: int
    applicants: int
    residences: int
    communes: int
    bailleurs: int
    wished: float


SIZES = {
    "district": Size(200, 2_500, 40, 6, 2, 2.0),
    "town": Size(800, 10_000, 120, 12, 4, 3.0),
    "metropolis": Size(10_000, 100_000, 1_300, 90, 8, 9.0),
}


@dataclass(frozen=True)
class Year:
    """A year of V vacancies by week, A applicants, E pairs by vacancy, R rows.

    Attributes
    ----------
    weeks : how many are played
    week : (V,) when each vacancy is let
    signature, points, lottery : (A,)
    pair_applicant, pair_vacancy, pair_weight : (E,), weight ten times the points plus 0-9 of the pair
    label, percent, public : (R,) as in `sim.rules.quotas.Rows`
    scope : (R, V) bool
    flow : (R, WEEKS) vacancies in scope over the fifty weeks before each
    """

    weeks: int
    week: Ints
    signature: Ints
    points: Ints
    lottery: Ints
    pair_applicant: Ints
    pair_vacancy: Ints
    pair_weight: Ints
    label: tuple[str, ...]
    percent: Ints
    public: Ints
    scope: np.ndarray
    flow: Ints

    def until(self, weeks: int) -> Year:
        """Return the same year, ended after some weeks."""
        vacancies = int(np.searchsorted(self.week, weeks))
        pairs = int(np.searchsorted(self.pair_vacancy, vacancies))
        return replace(
            self,
            weeks=weeks,
            week=self.week[:vacancies],
            pair_applicant=self.pair_applicant[:pairs],
            pair_vacancy=self.pair_vacancy[:pairs],
            pair_weight=self.pair_weight[:pairs],
            scope=self.scope[:, :vacancies],
        )

    def together(self, weeks: int) -> Year:
        """Return the same year where so many weeks are decided at once, as if the others were known."""
        return replace(self, week=self.week // weeks * weeks)

    def problem(self, vacancies: slice, pairs: Ints, low: Ints, rows: Ints) -> Problem:
        """Return the problem of some vacancies and pairs, with some of the rows and what each needs.

        A place filled is worth FILLED and a row's hundredth PENALTY, all of it UNIT times so that a price of
        a hundredth can be carried as a whole number; applicants without a pair are left out.
        """
        who, applicant = np.unique(self.pair_applicant[pairs], return_inverse=True)
        row, place = np.nonzero(self.scope[rows, vacancies])
        served = SIGNATURES[None, :] & self.public[rows][:, None] != 0
        table = UNIT * served - self.percent[rows][:, None]
        many = SIGNATURES.size
        return Problem(
            pair_applicant=applicant,
            pair_class=self.pair_vacancy[pairs] - vacancies.start,
            pair_weight=UNIT * (self.pair_weight[pairs] + FILLED),
            class_capacity=np.ones(vacancies.stop - vacancies.start, dtype=np.int64),
            applicant_signature=self.signature[who],
            applicant_lottery=np.argsort(np.argsort(self.lottery[who])),
            coef_row=np.repeat(row, many),
            coef_signature=np.tile(SIGNATURES, row.size),
            coef_class=np.repeat(place, many),
            coef_value=table[row].ravel(),
            row_low=low,
            row_high=np.full(rows.size, NO_HIGH),
            row_penalty=np.full(rows.size, UNIT * PENALTY),
            row_tier=np.zeros(rows.size, dtype=np.int64),
            row_label=np.array([self.label[r] for r in rows], dtype=np.str_),
            row_scale=np.full(rows.size, UNIT),
        )


def draw_year(size: Size, seed: int, shares: tuple[int, int, int] = LEGAL) -> Year:
    """Return the year of a size and seed; the same for the same seed. `shares` are those of R1, R2 and R4.

    1. Draw residences, the vacancies of BEFORE weeks and of the year, and who waits for what and when.
    2. Let the vacancies of the weeks before to the highest points that wait: a list that nobody had ever
       been housed from would have its best years first.
    3. Keep who has not been housed, and the pairs of the year.
    """
    draw = np.random.default_rng(seed)
    commune = draw.integers(0, size.communes, size.residences)
    poor = commune < size.communes / 3  # where the neighbourhoods of the politique de la ville are
    in_qpv = draw.random(size.residences) < np.where(poor, 0.5, 0.1)
    bailleur = draw.integers(0, size.bailleurs, size.residences)
    residence = draw.integers(0, size.residences, size.vacancies * (BEFORE + WEEKS) // WEEKS)
    typology = draw.choice(TYPOLOGIES, residence.size, p=_SHARES)
    holder = draw.choice(HOLDERS, residence.size, p=[0.3, 0.25, 0.2, 0.25])
    week = np.sort(draw.integers(-BEFORE, WEEKS, residence.size))
    label, percent, public, scope = _rows(
        bailleur[residence], in_qpv[residence], holder, size.bailleurs, shares
    )

    arrival, leaving = _waits(size, draw)
    people = arrival.size
    quartile = draw.choice(4, people, p=[0.4, 0.3, 0.2, 0.1])
    priority = draw.random(people) < np.array([0.3, 0.15, 0.08, 0.04])[quartile]
    points = np.minimum(draw.gamma(4, 9, people) + 25 * priority, 150).astype(np.int64)
    wishers = _wishers(size, draw, quartile)
    housed = np.zeros(people, dtype=bool)
    pairs = []
    for at, w in zip((commune[residence] * TYPOLOGIES + typology).tolist(), week.tolist(), strict=True):
        who = wishers[at]
        who = who[(arrival[who] <= w) & (w < leaving[who]) & ~housed[who]]
        if w >= 0:
            pairs.append(who)
        elif who.size:
            housed[who[points[who].argmax()]] = True
    applicant = np.concatenate(pairs)
    now = week >= 0
    return Year(
        weeks=WEEKS,
        week=week[now],
        signature=np.where(quartile == 0, FIRST, OTHERS) + PRIORITY * priority,
        points=points,
        lottery=draw.permutation(people),
        pair_applicant=applicant,
        pair_vacancy=np.repeat(np.arange(len(pairs)), [each.size for each in pairs]),
        pair_weight=10 * points[applicant] + draw.integers(0, 10, applicant.size),
        label=label,
        percent=percent,
        public=public,
        scope=scope[:, now],
        flow=_flow(scope, week),
    )


def _waits(size: Size, draw: np.random.Generator) -> tuple[Ints, Ints]:
    """Return the week each demand is filed and the week it lapses, PATIENCE weeks later on average.

    As many come as go but for those housed, so that `size.applicants` wait at some time of the year.
    """
    a_week = size.applicants / (PATIENCE + WEEKS)
    stock, come = round(a_week * PATIENCE), round(a_week * (BEFORE + WEEKS))
    arrival = np.concatenate([np.full(stock, -BEFORE), draw.integers(-BEFORE, WEEKS, come)])
    return arrival, arrival + draw.geometric(1 / PATIENCE, arrival.size)


def _flow(scope: np.ndarray, week: Ints) -> Ints:
    """Return each row's vacancies over the year before each week, (R, WEEKS)."""
    flow = [np.count_nonzero(scope & (week >= w - WEEKS) & (week < w), axis=1) for w in range(WEEKS)]
    return np.array(flow, dtype=np.int64).T


_SHARES = np.array([0.12, 0.22, 0.34, 0.24, 0.08])


def _wishers(size: Size, draw: np.random.Generator, quartile: Ints) -> list[Ints]:
    """Return who fits each (commune, typology); the first quartile wishes the poorer communes more."""
    people = quartile.size
    wanted = draw.choice(TYPOLOGIES, people, p=_SHARES)
    also = np.minimum(wanted + (draw.random(people) < 0.4), TYPOLOGIES - 1)
    who = np.repeat(np.arange(people), 1 + draw.poisson(size.wished - 1, people))
    near = draw.random(who.size) ** np.where(quartile[who] == 0, 1.5, 1.0)
    commune = (size.communes * near).astype(np.int64)
    cell = np.concatenate([commune * TYPOLOGIES + wanted[who], commune * TYPOLOGIES + also[who]])
    fits = np.unique(cell * people + np.concatenate([who, who]))
    start = np.searchsorted(fits, np.arange(size.communes * TYPOLOGIES + 1) * people)
    return [fits[a:b] % people for a, b in pairwise(start.tolist())]


def _rows(
    bailleur: Ints, in_qpv: np.ndarray, holder: Ints, bailleurs: int, shares: tuple[int, int, int]
) -> tuple[tuple[str, ...], Ints, Ints, np.ndarray]:
    """Return (label, percent, public, scope) of R1 and R2 by bailleur and R4 by réservataire."""
    first, others, priority = shares
    rows = [(f"R1 bailleur {b}", first, FIRST, (bailleur == b) & ~in_qpv) for b in range(bailleurs)]
    rows += [(f"R2 bailleur {b}", others, OTHERS, (bailleur == b) & in_qpv) for b in range(bailleurs)]
    rows += [(f"R4 réservataire {h}", priority, PRIORITY, holder == h) for h in range(HOLDERS)]
    label, percent, public, scope = zip(*rows, strict=True)
    return label, np.array(percent), np.array(public), np.array(scope)
