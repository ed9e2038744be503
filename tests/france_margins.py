"""How do the national figures become the two tables of margins of the synthetic France?

1. Cells: the joint table of the seven EPCI, fitted to the national margins of rooms, QPV and kind and, in
   QPV, to the share built before 1980; the period in which 1980 falls is even inside.
2. Places: as many as there are départements, of a size that falls as the square root of the rank, each of
   the same composition.

Run as a script, it writes both beside the territory.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from sim.chance import Chance
from sim.territory.columns import KINDS
from sim.territory.synthetic.fitting import Counts, Margin, Table, fit, integerise, largest_remainder
from sim.territory.synthetic.spec import FIRST_YEARS, PERIODS

TERRITORIES = Path(__file__).parents[1] / "scenarios" / "territories"
EPCI = ("mel", "valenciennes", "porte_du_hainaut", "cabbalr", "lens_lievin", "arras", "baie_de_somme")

DWELLINGS = 5_400_000  # STK_FR24_n
ROOMS = (7.4, 20.2, 37.0, 27.8, 7.5)  # STK_FR24_T1 to T5p, %
IN_QPV = 31  # STK_FR24_qpv, %
HOUSES = 15  # RES_FR_house, %
QPV_BEFORE_1980 = 0.76  # STK_FR24_qpv_pre80

PLACES = 101
QPV, ROOM, PERIOD, KIND = range(4)

CUT = PERIODS.index("1977-1989")
"""The period in which 1980 falls."""

SOURCE = """\
# Source : SDES, RPLS au 1er janvier 2024 (STK_FR24_*) et hypothèses nommées, voir france.toml ; écrit par
# tests/france_margins.py. {what}"""


def stock_cells() -> Counts:
    """Return the dwellings by QPV × rooms × period × kind, (2, 5, 8, 2)."""
    margins = [
        Margin((QPV,), _dwellings((100 - IN_QPV, IN_QPV))),
        Margin((ROOM,), _dwellings(ROOMS)),
        Margin((KIND,), _dwellings((100 - HOUSES, HOUSES))),
    ]
    fitted = fit(_known_together(), margins)
    by_period = fitted.sum(axis=(ROOM, KIND))
    by_period[1] *= _older(by_period[1])
    dated = [*margins, Margin((QPV, PERIOD), by_period)]
    return integerise(fit(fitted, dated), margins, Chance(0), "france/rounding")


def places(cells: Counts) -> Table:
    """Return (dwellings, in QPV, houses, rooms 1 to 5) of each place, (places, 8) whole numbers."""
    rank = np.arange(PLACES)
    weight = 1 / np.sqrt(rank + 1)

    def shared(total: int) -> Counts:
        return largest_remainder(weight / weight.sum() * total, total, rank.astype(np.float64))

    rooms = np.stack([shared(int(cells[:, room].sum())) for room in range(len(ROOMS))], axis=1)
    in_qpv, houses = shared(int(cells[1].sum())), shared(int(cells[..., 1].sum()))
    return np.column_stack([rooms.sum(axis=1), in_qpv, houses, rooms])


def _dwellings(shares: tuple[float, ...]) -> Counts:
    values = np.array(shares) / sum(shares) * DWELLINGS
    return largest_remainder(values, DWELLINGS, np.arange(len(shares), dtype=np.float64))


def _known_together() -> Table:
    """Return the joint table of the seven EPCI, the only one in hand."""
    table = np.zeros((2, len(ROOMS), len(PERIODS), len(KINDS)))
    for name in EPCI:
        text = (TERRITORIES / name / "stock.csv").read_text(encoding="utf-8")
        for cell in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
            place = int(cell["in_qpv"] == "true"), int(cell["rooms"]) - 1
            table[(*place, PERIODS.index(cell["built"]), KINDS.index(cell["kind"]))] += int(cell["dwellings"])
    return table


def _older(periods: Table) -> Table:
    """Return by what each period of the stock in QPV is multiplied for its share before 1980, (8,)."""
    part = (1980 - FIRST_YEARS[CUT]) / (FIRST_YEARS[CUT + 1] - FIRST_YEARS[CUT])
    before, total = periods[:CUT].sum(), periods.sum()
    later = total - before
    cut = part * periods[CUT] / later  # of those from 1977, built before 1980
    old = (QPV_BEFORE_1980 - cut) / (1 - cut) * total
    return np.where(np.arange(len(periods)) < CUT, old / before, (total - old) / later)


def stock_rows(cells: Counts) -> list[tuple[object, ...]]:
    """Return the lines of stock.csv: rooms, in_qpv, kind, built, dwellings; rooms first."""
    found = []
    for room, qpv, kind, period in np.argwhere(cells.transpose(ROOM, QPV, KIND, PERIOD)).tolist():
        where = room + 1, str(bool(qpv)).lower(), KINDS[kind], PERIODS[period]
        found.append((*where, int(cells[qpv, room, period, kind])))
    return found


def place_rows(cells: Counts) -> list[tuple[object, ...]]:
    """Return the lines of communes.csv."""
    rows = enumerate(places(cells).tolist(), start=1)
    return [(f"{number:05d}", f"Lieu de synthèse {number}", *row) for number, row in rows]


def _write(name: str, what: str, header: str, rows: list[tuple[object, ...]]) -> None:
    lines = [SOURCE.format(what=what), header, *(",".join(map(str, row)) for row in rows)]
    (TERRITORIES / "france" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    found = stock_cells()
    header = "rooms,in_qpv,kind,built,dwellings"
    _write("stock.csv", "Aucune case n'est publiée.", header, stock_rows(found))
    header = "code,name,dwellings,in_qpv,houses,rooms_1,rooms_2,rooms_3,rooms_4,rooms_5"
    _write("communes.csv", "Aucun lieu ne représente un département réel.", header, place_rows(found))
