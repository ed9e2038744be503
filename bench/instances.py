"""Which match problems are timed? Synthetic ones, of the size of a commission, a month, a year, a country.

A class is a (residence, typology); an applicant fits the dwellings of one or two typologies in the communes
he wishes. Weight is ten times the points of the applicant, plus a quality of the pair from 0 to 9. Ten legal
rows: first quartile outside QPV, the others inside, a quarter of priorities and a share of the flow for each
réservataire. Two target rows a residence, with those who live there counted: a window on the share of the
first quartile, a floor on households in work. All of it is made up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer import NO_HIGH, Problem


@dataclass(frozen=True)
class Size:
    """How large an instance is; `wished` is how many communes an applicant wishes, on average."""

    vacancies: int
    applicants: int
    residences: int
    communes: int
    wished: float
    rows: bool = True


SIZES = {
    "S": Size(60, 3_000, 8, 6, 7.0),
    "weekly": Size(220, 60_000, 110, 40, 5.4),
    "M": Size(800, 60_000, 122, 40, 6.6),
    "L": Size(10_000, 100_000, 1_290, 90, 9.7),
    "XL": Size(100_000, 1_000_000, 12_770, 9_000, 3.2),
}

TYPOLOGIES, QUARTILES, HOLDERS = 5, 4, 4
LEGAL_PENALTY, TARGET_PENALTY = 3_000, 600
PRIORITY, IN_WORK = 1, 2  # bits of a signature; then two bits of quartile, two of réservataire


def instance(size: Size, seed: int = 0) -> Problem:
    """Return the instance of a size and seed; the same for the same seed."""
    draw = np.random.default_rng(seed)
    commune = draw.integers(0, size.communes, size.residences)
    in_qpv = draw.random(size.residences) < 0.25
    dwelling_residence = np.sort(draw.integers(0, size.residences, size.vacancies))
    shares = np.array([0.12, 0.22, 0.34, 0.24, 0.08])
    typology = draw.choice(TYPOLOGIES, size.vacancies, p=shares)
    places, capacity = np.unique(dwelling_residence * TYPOLOGIES + typology, return_counts=True)
    residence, rooms = places // TYPOLOGIES, places % TYPOLOGIES

    quartile = draw.choice(QUARTILES, size.applicants, p=[0.4, 0.3, 0.2, 0.1])
    in_work = draw.random(size.applicants) < np.array([0.25, 0.5, 0.7, 0.8])[quartile]
    priority = draw.random(size.applicants) < np.array([0.3, 0.15, 0.08, 0.04])[quartile]
    holder = draw.choice(HOLDERS, size.applicants, p=[0.3, 0.25, 0.2, 0.25])
    signature = priority * PRIORITY + in_work * IN_WORK + quartile * 4 + holder * 16
    points = np.minimum(draw.gamma(4, 9, size.applicants) + 25 * priority, 150).astype(np.int64)
    pair_applicant, pair_class = _pairs(size, draw, commune[residence], rooms, shares)
    weight = 10 * points[pair_applicant] + draw.integers(0, 10, pair_applicant.size)

    rows = _Rows()
    if size.rows:
        _legal(rows, in_qpv[residence], capacity)
        _targets(rows, draw, residence, capacity, size.residences)
    row, kind, place, value = rows.coefficients()
    return Problem(
        pair_applicant=pair_applicant,
        pair_class=pair_class,
        pair_weight=weight,
        class_capacity=capacity.astype(np.int64),
        applicant_signature=signature.astype(np.int64),
        applicant_lottery=draw.permutation(size.applicants),
        coef_row=row,
        coef_signature=kind,
        coef_class=place,
        coef_value=value,
        row_low=np.array(rows.low, dtype=np.int64),
        row_high=np.array(rows.high, dtype=np.int64),
        row_penalty=np.where(np.array(rows.tier) == 0, LEGAL_PENALTY, TARGET_PENALTY).astype(np.int64),
        row_tier=np.array(rows.tier, dtype=np.int64),
        row_label=np.array(rows.label, dtype=np.str_),
    )


def _pairs(
    size: Size, draw: np.random.Generator, commune: np.ndarray, rooms: np.ndarray, shares: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return (applicant, class) of every pair, by class then applicant."""
    wanted = draw.choice(TYPOLOGIES, size.applicants, p=shares)
    also = np.minimum(wanted + (draw.random(size.applicants) < 0.4), TYPOLOGIES - 1)
    times = 1 + draw.poisson(size.wished - 1, size.applicants)
    who = np.repeat(np.arange(size.applicants), times)
    where = (size.communes * draw.random(who.size) ** 1.2).astype(np.int64)
    wishes = np.unique(who * size.communes + where)
    who, where = wishes // size.communes, wishes % size.communes
    cell = np.concatenate([where * TYPOLOGIES + wanted[who], where * TYPOLOGIES + also[who]])
    who = np.concatenate([who, who])
    fits = np.unique(cell * size.applicants + who)
    cell, who = fits // size.applicants, fits % size.applicants
    start = np.searchsorted(cell, np.arange(size.communes * TYPOLOGIES + 1))
    asked = commune * TYPOLOGIES + rooms
    inside = [who[start[a] : start[a + 1]] for a in asked]
    return np.concatenate(inside), np.repeat(np.arange(asked.size), [len(each) for each in inside])


class _Rows:
    """Rows as they are written; `coefficients` joins what each counts."""

    def __init__(self) -> None:
        self.low: list[int] = []
        self.high: list[int] = []
        self.tier: list[int] = []
        self.label: list[str] = []
        self.parts: list[np.ndarray] = []

    def add(self, label: str, tier: int, low: int, high: int, kinds: np.ndarray, classes: np.ndarray) -> None:
        kind, place = np.meshgrid(kinds, classes, indexing="ij")
        row = np.full(kind.size, len(self.low))
        self.parts.append(np.stack([row, kind.ravel(), place.ravel(), np.ones(kind.size, dtype=np.int64)]))
        self.low.append(low)
        self.high.append(high)
        self.tier.append(tier)
        self.label.append(label)

    def coefficients(self) -> np.ndarray:
        if not self.parts:
            return np.zeros((4, 0), dtype=np.int64)
        return np.ascontiguousarray(np.concatenate(self.parts, axis=1).astype(np.int64))


SIGNATURES = np.arange(4 * QUARTILES * HOLDERS)
QUARTILE, HOLDER = SIGNATURES // 4 % QUARTILES, SIGNATURES // 16


def _legal(rows: _Rows, in_qpv: np.ndarray, capacity: np.ndarray) -> None:
    everywhere, total = np.arange(capacity.size), int(capacity.sum())
    outside, inside = int(capacity[~in_qpv].sum()), int(capacity[in_qpv].sum())
    first = SIGNATURES[QUARTILE == 0]
    rows.add("Q1 hors QPV", 0, -(-outside // 4), NO_HIGH, first, everywhere[~in_qpv])
    rows.add("Q2-Q4 en QPV", 0, -(-inside // 2), NO_HIGH, SIGNATURES[QUARTILE > 0], everywhere[in_qpv])
    for holder, share in enumerate((0.3, 0.25, 0.2, 0.25)):
        flow, own = share * total, holder == HOLDER
        owed = SIGNATURES[own & (SIGNATURES & PRIORITY > 0)]
        low, high = int(np.ceil(0.85 * flow)), int(1.15 * flow)
        rows.add(f"prioritaires, réservataire {holder}", 0, int(np.ceil(flow / 4)), NO_HIGH, owed, everywhere)
        rows.add(f"flux, réservataire {holder}", 0, low, high, SIGNATURES[own], everywhere)


def _targets(
    rows: _Rows, draw: np.random.Generator, residence: np.ndarray, capacity: np.ndarray, residences: int
) -> None:
    """Add, a residence, a window on the share of Q1 and a floor on work once its vacancies are let.

    A residence has eleven households that stay for each vacancy; the shares of these are drawn, and the
    window and the floor bear on all: what the vacancies owe may be nothing, all, or more than all.
    """
    start = np.searchsorted(residence, np.arange(residences + 1))
    share, work = draw.beta(8, 12, residences), draw.beta(10, 10, residences)
    for r in np.flatnonzero(np.diff(start)).tolist():
        classes = np.arange(start[r], start[r + 1])
        places = int(capacity[classes].sum())
        stay, everybody = 11 * places, 12 * places
        low = int(np.ceil(0.3 * everybody)) - round(stay * share[r])
        high = int(0.5 * everybody) - round(stay * share[r])
        floor = int(np.ceil(0.4 * everybody)) - round(stay * work[r])
        rows.add(f"premier quartile, résidence {r}", 1, low, high, SIGNATURES[QUARTILE == 0], classes)
        working = SIGNATURES[SIGNATURES & IN_WORK > 0]
        rows.add(f"en emploi, résidence {r}", 1, floor, NO_HIGH, working, classes)
