"""Floors beside the law: hand-worked cases, every floor tried, and what the nearest may never do."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer.nearest import LAW, TOLERANCE, Floors, Nearest, margin, nearest, shortfall


def floors_of(
    supply: list[float],
    opened: list[list[bool]],
    rows: list[tuple[list[int], list[bool], int, int]],
    demand: list[float] | None = None,
) -> Floors:
    """Return floors; a row is (its cells, its public, percent, objective), its base all of its supply."""
    of = np.array(supply)
    pairs = [(number, cell) for number, row in enumerate(rows) for cell in row[0]]
    return Floors(
        supply=of,
        demand=np.array(demand or [1e6] * len(opened[0])),
        open=np.array(opened, dtype=bool),
        row=np.array([pair[0] for pair in pairs]),
        cell=np.array([pair[1] for pair in pairs]),
        public=np.array([row[1] for row in rows], dtype=bool),
        base=np.array([of[row[0]].sum() for row in rows]),
        given=np.zeros(len(rows)),
        percent=np.array([row[2] for row in rows]),
        objective=np.array([row[3] for row in rows]),
    )


FIRST, OTHER = [True, False], [False, True]
BOTH = [True, True]


def types_and_law(*percent: int) -> Floors:
    """Return four residence types of 100 leases each outside QPV, floors for Q2-Q4, and R1 over all."""
    rows = [([kind], OTHER, asked, kind) for kind, asked in enumerate(percent)]
    return floors_of([100.0] * 4, [BOTH] * 4, [*rows, ([0, 1, 2, 3], FIRST, 25, LAW)])


def test_the_identity_of_strategy_and_law_is_a_special_case() -> None:
    # A floor of q for Q2-Q4 leaves 1 - q to Q1. R24: Σ leases · (1 - q) = 30 + 20 + 15 + 10 = 75, below
    # 0.25 · 400: 25 leases are missing. 70, 80, 75 and 75 leave 30 + 20 + 25 + 25 = 100: just enough.
    broken, held = types_and_law(70, 80, 85, 90), types_and_law(70, 80, 75, 75)
    assert shortfall(broken).short.sum() == pytest.approx(25)
    assert not shortfall(broken).short[-1]  # never of the law
    assert not shortfall(held).short.any()
    assert margin(held) == 0
    # A point of a type of 100 leases is one lease: 25 points in all, the largest as small as can be, 7.
    lowered = np.array([70, 80, 85, 90]) - nearest(broken).percent[:4]
    assert (lowered.sum(), lowered.max()) == (25, 7)
    assert nearest(broken).percent[-1] == 25


def test_one_lease_less_asked_is_what_each_row_of_a_conflict_spares() -> None:
    # Every row is in the conflict: a lease less asked by any of them, law included, spares one.
    assert shortfall(types_and_law(70, 80, 85, 90)).price == pytest.approx(np.ones(5))
    assert not shortfall(types_and_law(50, 50, 50, 50)).price.any()


def test_floors_rise_together_up_to_the_first_that_is_full() -> None:
    # 70 four times leaves 120 to Q1, who need 100: 20 leases are spare, 5 points of 400.
    assert margin(types_and_law(70, 70, 70, 70)) == 5
    assert margin(types_and_law(70, 80, 85, 90)) == 0


def test_a_row_whose_cells_are_closed_to_its_public_leaves_its_objective_alone() -> None:
    # 35 % of two residences of 10 leases; in the second, 2 leases of the 10 are affordable: 20 % at most.
    rows = [([0], FIRST, 35, 0), ([1, 2], FIRST, 35, 0)]
    asked = floors_of([10.0, 2.0, 8.0], [BOTH, BOTH, OTHER], rows)
    assert shortfall(asked).short.tolist() == pytest.approx([0.0, 1.5])
    found = nearest(asked)
    assert found.percent.tolist() == [35, 20]
    assert found.alone.tolist() == [False, True]


def test_what_is_missing_is_spread_beyond_what_own_cells_impose() -> None:
    # 4 households of Q1 a year for two residences that ask 5 each of 10: 6 are missing, 3 each.
    rows = [([0], FIRST, 50, 0), ([1], FIRST, 50, 0)]
    asked = floors_of([10.0, 10.0], [BOTH, BOTH], rows, demand=[4.0, 1e6])
    found = shortfall(asked)
    assert found.short == pytest.approx([3.0, 3.0])
    assert found.class_price == pytest.approx([1.0, 0.0])  # one more who asks spares one
    # Both are of one objective: 20 % of 20 leases is 4; 30 points, for one objective.
    assert nearest(asked).percent.tolist() == [20, 20]


def test_the_weight_of_a_point_says_which_objective_gives_way() -> None:
    # Over the same 10 leases, 60 % to one public and 60 % to the other: 20 points too many.
    rows = [([0], FIRST, 60, 0), ([0], OTHER, 60, 1)]
    asked = floors_of([10.0], [BOTH], rows)
    assert nearest(asked).percent.tolist() == [50, 50]  # as even as can be
    assert nearest(asked, np.array([1, 3])).percent.tolist() == [40, 60]
    assert nearest(asked, np.array([3, 1])).percent.tolist() == [60, 40]


def test_a_law_out_of_reach_is_told_and_asks_no_more_of_the_objectives() -> None:
    # The law asks 5 of 10 leases, 2 can be: 3 are missing whatever the objectives, that lose nothing by it.
    rows = [([0, 1], FIRST, 50, LAW), ([1], OTHER, 50, 0)]
    found = shortfall(floors_of([2.0, 8.0], [BOTH, OTHER], rows))
    assert found.short == pytest.approx([3.0, 0.0])
    assert nearest(floors_of([2.0, 8.0], [BOTH, OTHER], rows)).percent.tolist() == [50, 50]


@st.composite
def small_floors(draw: st.DrawFn) -> Floors:
    """Return a few cells and classes, one law and two objectives, over whole volumes."""
    cells, classes = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    flags = st.lists(st.booleans(), min_size=classes, max_size=classes)
    supply = [float(draw(st.integers(1, 6))) for _ in range(cells)]
    rows = []
    for objective in (LAW, 0, 1):
        for _ in range(draw(st.integers(1, 2))):
            own = sorted(draw(st.sets(st.integers(0, cells - 1), min_size=1)))
            rows.append((own, draw(flags), draw(st.sampled_from([10, 20, 40, 50])), objective))
    demand = [float(draw(st.integers(0, 8))) for _ in range(classes)]
    return floors_of(supply, [draw(flags) for _ in range(cells)], rows, demand)


@st.composite
def floors_with_parts(draw: st.DrawFn) -> Floors:
    """Return small floors whose cells stand in up to two parts, with one or two rows of law on parts."""
    floors = draw(small_floors())
    cells, classes = floors.open.shape
    part_cell, part_supply = [], []
    for cell in range(cells):
        left = floors.supply[cell]
        for _ in range(draw(st.integers(0, 2))):
            own = min(left, float(draw(st.integers(0, 3))))
            left -= own
            part_cell.append(cell)
            part_supply.append(own)
    if not part_cell:
        return floors
    supply, rows, parts = np.array(part_supply), [], []
    public = np.array(draw(st.lists(st.booleans(), min_size=classes, max_size=classes)), dtype=bool)
    count = draw(st.integers(1, 2))
    base = np.zeros(count)
    for row in range(count):
        for part in sorted(draw(st.sets(st.integers(0, len(supply) - 1), min_size=1))):
            rows.append(len(floors.base) + row)
            parts.append(part)
            base[row] += supply[part]
    return replace(
        floors,
        public=np.vstack([floors.public, np.tile(public, (count, 1))]),
        base=np.append(floors.base, base),
        given=np.append(floors.given, np.zeros(count)),
        percent=np.append(floors.percent, np.full(count, draw(st.sampled_from([25, 50])))),
        objective=np.append(floors.objective, np.full(count, draw(st.sampled_from([LAW, 1])))),
        part_cell=np.array(part_cell),
        part_supply=supply,
        part_row=np.array(rows),
        part=np.array(parts),
        part_public=public,
    )


def as_cells(floors: Floors) -> Floors:
    """Return the same floors with each part a cell of its own, and what is left of each cell another."""
    cells, parts = len(floors.supply), len(floors.part_cell)
    left = floors.supply - np.bincount(floors.part_cell, floors.part_supply, cells)
    home = np.append(np.arange(cells), floors.part_cell).astype(np.int64)  # of each new cell
    pairs = [
        (row, new)
        for row, cell in zip(floors.row, floors.cell, strict=True)
        for new in np.flatnonzero(home == cell)
    ]
    pairs += [(row, cells + part) for row, part in zip(floors.part_row, floors.part, strict=True)]
    return Floors(
        np.append(left, floors.part_supply) if parts else left,
        floors.demand,
        floors.open[home],
        np.array([pair[0] for pair in pairs]),
        np.array([pair[1] for pair in pairs]),
        *(getattr(floors, name) for name in ("public", "base", "given", "percent", "objective")),
    )


@settings(max_examples=100, deadline=None)
@given(floors_with_parts())
def test_parts_of_a_cell_are_what_cells_of_their_own_would_be(floors: Floors) -> None:
    ours, apart = shortfall(floors).short, shortfall(as_cells(floors)).short
    assert ours[floors.law].sum() == pytest.approx(apart[floors.law].sum(), abs=1e-5)
    assert ours[~floors.law].sum() == pytest.approx(apart[~floors.law].sum(), abs=1e-5)
    assert margin(floors) == margin(as_cells(floors))
    lowered = [each.percent - nearest(each).percent for each in (floors, as_cells(floors))]
    assert lowered[0].sum() >= 0
    assert reachable(as_cells(floors), nearest(floors).percent)


def reachable(floors: Floors, percent: np.ndarray) -> bool:
    """Tell by shortages alone whether floors are met without costing the law."""
    tried = replace(floors, percent=percent)
    short = shortfall(tried).short
    return bool((short[~floors.law] <= TOLERANCE).all())


@settings(max_examples=60, deadline=None)
@given(small_floors())
def test_no_floors_lowered_by_fewer_points_can_be_met(floors: Floors) -> None:
    """By trying every lowering of two objectives, in steps of five hundredths, that costs less."""
    found = nearest(floors)
    assert reachable(floors, found.percent)
    if found.alone.any():
        return  # rows apart have floors of their own
    lowered = [int((floors.percent - found.percent)[floors.objective == each].max()) for each in (0, 1)]
    start = [floors.percent[floors.objective == each] for each in (0, 1)]
    for steps in product(range(0, 55, 5), repeat=2):
        if sum(steps) < sum(lowered):
            percent = floors.percent.copy()
            for each, step in enumerate(steps):
                percent[floors.objective == each] = np.maximum(start[each] - step, 0)
            assert not reachable(floors, percent), (steps, lowered)


def written_again(floors: Floors) -> tuple[float, float]:
    """Return what law and objectives miss, by dense programmes over cells and classes, another solver's."""
    cells, classes = floors.open.shape
    rows, size = floors.base.size, cells * classes
    above = np.zeros((cells + classes + rows, size + rows))
    for cell, kind in product(range(cells), range(classes)):
        at = cell * classes + kind
        above[cell, at] = above[cells + kind, at] = 1
        for row, own in zip(floors.row, floors.cell, strict=True):
            if own == cell and floors.public[row, kind]:
                above[cells + classes + row, at] = -1
    above[cells + classes :, size:] = -np.eye(rows)
    limit = np.concatenate([floors.supply, floors.demand, -floors.need])
    bounds = [(0, None if can else 0) for can in floors.open.ravel()] + [(0, None)] * rows
    law = np.concatenate([np.zeros(size), floors.law.astype(float)])
    first = linprog(law, A_ub=above, b_ub=limit, bounds=bounds)
    above, limit = np.vstack([above, law]), np.append(limit, first.fun + 1e-9)
    others = np.concatenate([np.zeros(size), (~floors.law).astype(float)])
    return float(first.fun), float(linprog(others, A_ub=above, b_ub=limit, bounds=bounds).fun)


@settings(max_examples=100, deadline=None)
@given(small_floors())
def test_what_is_missing_is_what_the_same_programme_written_again_says(floors: Floors) -> None:
    found, (law, others) = shortfall(floors).short, written_again(floors)
    assert found[floors.law].sum() == pytest.approx(law, abs=1e-5)
    assert found[~floors.law].sum() == pytest.approx(others, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(small_floors())
def test_what_is_missing_is_the_least_of_every_way_to_give_whole_units(floors: Floors) -> None:
    """By trying every way to give whole units: none is nearer than the answer in parts."""
    law, best = np.inf, np.inf
    found = shortfall(floors).short
    cell, group = floors.pairs
    ways = [range(int(min(floors.supply[at], 2)) + 1) for at in cell]
    if np.prod([len(way) for way in ways], initial=1) > 2_000:
        return
    for taken in product(*ways):
        given_to = np.bincount(group, taken, floors.demand.size)
        used = np.bincount(cell, taken, floors.supply.size)
        if (given_to <= floors.demand).all() and (used <= floors.supply).all():
            missing = np.maximum(floors.need - floors.counts(np.array(taken, dtype=float), np.zeros(0)), 0)
            law = min(law, missing[floors.law].sum())
            best = min(best, missing.sum())
    assert found[floors.law].sum() <= law + 1e-6
    assert found.sum() <= best + 1e-6 or found[floors.law].sum() < law - 1e-9


def test_the_nearest_is_the_same_whatever_order_rows_and_cells_are_told_in() -> None:
    asked = types_and_law(70, 80, 85, 90)
    turned = np.arange(asked.row.size)[::-1]
    same = replace(asked, row=asked.row[turned], cell=asked.cell[turned])
    assert isinstance(nearest(same), Nearest)
    assert nearest(same).percent.sum() == nearest(asked).percent.sum()
