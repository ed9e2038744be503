"""Which residences and dwellings meet the published margins of the stock?

Residences are formed at full size, before any household is placed. Plots, heating and energy labels are
left out: no margin of them is in hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, Keys, identities
from sim.territory.columns import FINANCINGS, KINDS, Dwellings, Residences, take
from sim.territory.synthetic.draws import happens
from sim.territory.synthetic.fitting import Counts, Margin, fit, integerise, largest_remainder
from sim.territory.synthetic.spec import FIRST_YEARS, PERIODS, ROOM_CLASSES, SyntheticTerritory

COMMUNE, QPV, ROOMS, FINANCING, PERIOD, KIND = range(6)
"""Axes of the stock table."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SyntheticStock:
    """Residences, their dwellings, and what the placement of households reads of them."""

    residences: Residences
    dwellings: Dwellings
    dwelling_keys: Keys  # (dwellings,) identities
    attraction: Floats  # (residences,) standard normal: the residence's own effect

    def keep(self, rows: NDArray[np.int64]) -> SyntheticStock:
        """Return whole residences, rows ascending, with their dwellings."""
        position = np.full(self.attraction.size, -1, dtype=np.int64)
        position[rows] = np.arange(rows.size)
        kept = position[self.dwellings.residence] >= 0
        dwellings = take(self.dwellings, kept)
        moved = Dwellings(**{**vars(dwellings), "residence": position[dwellings.residence]})
        residences = take(self.residences, rows)
        return SyntheticStock(residences, moved, self.dwelling_keys[kept], self.attraction[rows])


def published(spec: SyntheticTerritory) -> list[Margin]:
    """Return the margins of the stock table, the first one to be met exactly, the last one assumed."""
    cells = np.zeros((2, ROOM_CLASSES, len(PERIODS), len(KINDS)), dtype=np.int64)
    for cell in spec.stock.cells:
        place = (int(cell.in_qpv), cell.rooms - 1, PERIODS.index(cell.built), KINDS.index(cell.kind))
        cells[place] += cell.dwellings
    dwellings, in_qpv, houses = (spec.commune_margin(name) for name in ("dwellings", "in_qpv", "houses"))
    shares = spec.stock.financing.shares
    by_period = cells.sum(axis=(0, 1, 3))
    ties = np.tile(np.arange(len(FINANCINGS), dtype=np.float64), (len(PERIODS), 1))
    financing = np.array(
        [largest_remainder(n * row, int(n), tie) for n, row, tie in zip(by_period, shares, ties, strict=True)]
    )
    return [
        Margin((QPV, ROOMS, PERIOD, KIND), cells),
        Margin((COMMUNE, ROOMS), spec.commune_margin("rooms")),
        Margin((COMMUNE, QPV), np.stack([dwellings - in_qpv, in_qpv], axis=1)),
        Margin((COMMUNE, KIND), np.stack([dwellings - houses, houses], axis=1)),
        Margin((FINANCING, PERIOD), financing.T),
    ]


def stock_table(spec: SyntheticTerritory, chance: Chance) -> Counts:
    """Return the dwellings by commune × QPV × rooms × financing × period × kind, whole numbers."""
    margins = published(spec)
    shape = (len(spec.stock.communes), 2, ROOM_CLASSES, len(FINANCINGS), len(PERIODS), len(KINDS))
    return integerise(fit(np.ones(shape), margins), margins, chance, "stock/rounding")


def form_stock(spec: SyntheticTerritory, chance: Chance) -> SyntheticStock:
    """Form the residences and dwellings of a territory at full size.

    1. Fit the stock table and give each unit of a cell a dwelling.
    2. Inside commune × QPV × kind × period, order dwellings at random and cut them into residences whose
       sizes are drawn; a remainder below half a residence joins the last one.
    3. Order residences at random and hand them to bailleurs by cumulated share of the dwellings.
    4. Draw the build year, surface, rent, charges and access; scale the mean surface and rent to the
       published ones.
    """
    table = stock_table(spec, chance)
    cells = np.argwhere(table)
    counts = table[tuple(cells.T)]
    codes = [commune.code for commune in spec.stock.communes]
    names = [
        f"{codes[c]}/{q}/T{r + 1}/{FINANCINGS[f]}/{PERIODS[p]}/{KINDS[k]}"
        for c, q, r, f, p, k in cells.tolist()
    ]
    unit = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    mixed = chance.uniform("stock/mix", np.repeat(identities(names), counts), unit)
    cells = np.repeat(cells, counts, axis=0)
    group = np.ravel_multi_index(
        (cells[:, COMMUNE], cells[:, QPV], cells[:, KIND], cells[:, PERIOD]),
        (len(codes), 2, len(KINDS), len(PERIODS)),
    )
    order = np.lexsort((mixed, group))
    cells, group = cells[order], group[order]
    sizes = _residence_sizes(spec, chance, cells, group, codes)
    residence = np.repeat(np.arange(sizes.size), sizes)
    first = cells[np.cumsum(sizes) - sizes]
    residences, keys = _residences(spec, chance, first, sizes)
    dwellings, dwelling_keys = _dwellings(spec, chance, cells, residence, keys)
    attraction = chance.normal("residence/attraction", keys)
    return SyntheticStock(_listed(spec, residences, attraction), dwellings, dwelling_keys, attraction)


def _residence_sizes(
    spec: SyntheticTerritory, chance: Chance, cells: Counts, group: Counts, codes: list[str]
) -> Counts:
    """Return the number of dwellings of each residence, groups in order."""
    starts = np.flatnonzero(np.r_[True, np.diff(group) != 0])
    lengths = np.diff(np.r_[starts, group.size])
    spread = spec.residences.size_spread.value
    medians = np.stack([spec.residences.flats.array, spec.residences.houses.array])
    of = cells[starts]
    median = medians[of[:, KIND], of[:, PERIOD]]
    keys = identities(
        f"{codes[commune]}/{in_qpv}/{KINDS[kind]}/{PERIODS[period]}"
        for commune, in_qpv, _, _, period, kind in of.tolist()
    )
    counts = 1 + (3 * lengths / median).astype(np.int64)
    draw = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    spreads = np.exp(spread * chance.normal("residence/size", np.repeat(keys, counts), draw))
    drawn = np.maximum(1, np.rint(np.repeat(median, counts) * spreads).astype(np.int64))
    sizes: list[int] = []
    for length, middle, own in zip(lengths, median, np.split(drawn, np.cumsum(counts)[:-1]), strict=True):
        ends = np.cumsum(own)
        ends = ends[ends < length - middle / 2]
        sizes.extend(np.diff(ends, prepend=0, append=length).tolist())
    return np.array(sizes, dtype=np.int64)


def _residences(
    spec: SyntheticTerritory, chance: Chance, first: Counts, sizes: Counts
) -> tuple[Residences, Keys]:
    """Return the residences and their identities; `first` is the cell of a dwelling of each."""
    number = sizes.size
    ids = [f"R{i + 1:04d}" for i in range(number)]
    keys = identities(ids)
    order = np.argsort(chance.uniform("residence/bailleur", keys), kind="stable")
    middle = np.cumsum(sizes[order]) - sizes[order] / 2
    limits = np.cumsum(spec.residences.bailleurs.shares)[:-1] * sizes.sum()
    bailleur = np.empty(number, dtype=np.int64)
    bailleur[order] = np.searchsorted(limits, middle)
    years = np.array(FIRST_YEARS)
    period = first[:, PERIOD]
    span = years[period + 1] - years[period]
    age = np.floor(chance.uniform("residence/build_year", keys) * span).astype(np.int64)
    none = np.full(number, -1, dtype=np.int8)
    return (
        Residences(
            residence_id=np.array(ids),
            name=np.array([f"Résidence de synthèse {text}" for text in ids]),
            bailleur=bailleur,
            commune=first[:, COMMUNE],
            quartier=np.full(number, ""),
            zone=np.full(number, spec.stock.zone),
            in_qpv=first[:, QPV] == 1,
            is_rpms=np.zeros(number, dtype=np.bool_),
            build_year=years[period] + age,
            peuplement_type=none,
            peuplement_target=none.copy(),
            x=np.full(number, np.nan),
            y=np.full(number, np.nan),
        ),
        keys,
    )


def _listed(spec: SyntheticTerritory, residences: Residences, attraction: Floats) -> Residences:
    """Return the residences with the assumed share of those in QPV listed as RPMS."""
    in_qpv = np.flatnonzero(residences.in_qpv)
    number = round(spec.residences.rpms_share.value * in_qpv.size)
    listed = np.zeros(attraction.size, dtype=np.bool_)
    listed[in_qpv[np.argsort(attraction[in_qpv], kind="stable")[:number]]] = True
    return Residences(**{**vars(residences), "is_rpms": listed})


def _dwellings(
    spec: SyntheticTerritory, chance: Chance, cells: Counts, residence: Counts, residence_keys: Keys
) -> tuple[Dwellings, Keys]:
    """Return the dwellings and their identities; `cells` holds the cell of each."""
    assumed = spec.dwellings
    ids = [f"L{i + 1:06d}" for i in range(residence.size)]
    keys = identities(ids)
    period, financing, kind = cells[:, PERIOD], cells[:, FINANCING], cells[:, KIND]
    more = (cells[:, ROOMS] == ROOM_CLASSES - 1) & happens(
        chance, "dwelling/rooms", keys, spec.stock.six_rooms.value
    )
    rooms = cells[:, ROOMS] + 1 + more
    surface = assumed.surface_m2.array[rooms - 1] * np.exp(
        assumed.surface_spread.value * chance.normal("dwelling/surface", keys)
    )
    surface = np.maximum(np.rint(surface * assumed.mean_surface_m2.value / surface.mean()), 9.0)
    price = (
        assumed.rent_financing.array[financing]
        * assumed.rent_period.array[period]
        * assumed.rent_rooms.array[rooms - 1]
        * np.exp(assumed.rent_spread.value * chance.normal("residence/rent", residence_keys))[residence]
    )
    rent = price * surface
    rent *= assumed.mean_rent_eur_m2.value * surface.sum() / rent.sum()
    dwellings = Dwellings(
        dwelling_id=np.array(ids),
        residence=residence,
        rooms=rooms,
        surface_m2=surface,
        financing=financing,
        rent_eur=np.round(rent, 2),
        charges_eur=np.round(assumed.charges_eur_m2.array[kind] * surface, 2),
        heating_eur=np.full(residence.size, np.nan),
        accessible=happens(chance, "dwelling/accessible", keys, assumed.accessible.array[period]),
        kind=kind,
        reservataire=np.full(residence.size, -1, dtype=np.int8),
        dpe=np.full(residence.size, -1, dtype=np.int8),
    )
    return dwellings, keys
