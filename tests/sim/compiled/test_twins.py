"""What compiled loops say is what numpy says, bit by bit; without the extra they are left out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import compiled
from sim.chance import Chance, identities
from sim.policies.pool import Pool
from sim.process import pools
from sim.process.register import Register
from sim.rules.fit_codes import LARGEST, MOST_ROOMS, ROOMS, SIZE

pytestmark = pytest.mark.skipif(not compiled.ON, reason="the extra fast is not installed")

WORD = st.integers(0, 2**64 - 1)
EXTREMES = [0, 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1]


def by_numpy(draw: Callable[[], Any]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "ON", False)
        return draw()


@given(
    st.lists(st.tuples(WORD | st.sampled_from(EXTREMES), WORD | st.sampled_from(EXTREMES)), max_size=20),
    st.integers(0, 2**32),
)
@settings(max_examples=200, deadline=None)
def test_a_draw_is_the_same_compiled_or_not(pairs: list[tuple[int, int]], seed: int) -> None:
    entity, partner = np.array(pairs, dtype=np.uint64).reshape(-1, 2).T
    chance = Chance(seed, 3)
    for draw in (chance.uniform, chance.uniforms, chance.quarters, chance.normal, chance.exponential):
        for said in (lambda d=draw: d("answer", entity, partner), lambda d=draw: d("answer", entity, 7)):
            ours, theirs = np.array(said()), np.array(by_numpy(said))
            assert ours.shape == theirs.shape
            assert ours.tobytes() == theirs.tobytes()


def test_one_stands_for_all_of_the_other_and_two_of_three_do_not() -> None:
    chance, three = Chance(0), identities(["a", "b", "c"])
    assert chance.uniform("x", 5, three).shape == (3,)
    assert chance.uniform("x", three, [5]).tolist() == chance.uniform("x", three, 5).tolist()
    with pytest.raises(ValueError, match=r"broadcast|shape"):
        chance.uniform("x", three, three[:2])


def some_demands(random: np.random.Generator, count: int, communes: int) -> Register:
    """A register of demands with codes, wishes and rents at random: enough columns for pools."""
    register = Register(1, {})
    wishes = random.integers(0, 1 << communes, count, dtype=np.uint64)
    columns = {name: np.zeros(count, kind) for name, kind in register._dtypes.items()}
    code = random.integers(0, 1 << ROOMS, count, dtype=np.int32)
    code |= random.integers(1, 1 << MOST_ROOMS, count, dtype=np.int32) << ROOMS
    columns["fit"] = code | np.int32(1) << SIZE + random.integers(1, LARGEST + 1, count, dtype=np.int32)
    columns["max_rent_eur"] = np.where(random.random(count) < 0.5, np.nan, random.integers(1, 5, count))
    register.append(columns, wishes[:, None])
    return register


@pytest.mark.parametrize("seed", range(60))
def test_pools_are_those_read_pair_by_pair(seed: int) -> None:
    """Both readings against the rules written out for one demand and one vacancy."""
    random = np.random.default_rng(seed)
    communes, count, vacant = int(random.integers(1, 7)), int(random.integers(0, 40)), 12
    register = some_demands(random, count, communes)
    waiting = random.permutation(count)[: int(random.integers(0, count + 1))]
    rooms = random.integers(1, MOST_ROOMS + 1, vacant)
    wants = (np.int32(1) << (ROOMS + rooms - 1).astype(np.int32)) | random.integers(0, 4, vacant, np.int32)
    places = pools.Offered(
        rooms,
        random.integers(0, communes, vacant),
        wants | random.integers(0, 8, vacant, np.int32),
        wants,
        random.integers(0, 1 << LARGEST, vacant, dtype=np.int32) << SIZE,
        random.integers(1, 5, vacant).astype(np.float64),
    )

    def fits(v: int, demand: int, *, rent: bool = True) -> bool:
        code = int(register.fit[demand])
        wished = int(register.wishes[demand, 0]) >> int(places.commune[v]) & 1
        below = rent and register.max_rent_eur[demand] < places.due_eur[v]
        return bool(
            wished
            and code & int(places.reads[v]) == int(places.wants[v])
            and code & int(places.sizes[v])
            and not below
        )

    rows = waiting.tolist()
    for read in (pools._read, pools._read_compiled):
        found = read(register, waiting, *places[:-1])
        whatever = [[p for p, row in enumerate(rows) if fits(v, row, rent=False)] for v in range(vacant)]
        assert [pool.tolist() for pool in found] == whatever
    expected = [[p for p, row in enumerate(rows) if fits(v, row)] for v in range(vacant)]
    fitting = pools.read(register, places, waiting)
    held = [Pool(one, due) for one, due in zip(fitting, places.due_eur.tolist(), strict=True)]
    assert [pool.all().tolist() for pool in held] == expected
    for position, demand in enumerate(rows):
        assert places.fits(register, demand) == [v for v in range(vacant) if position in expected[v]]
    assert any(expected) or count < 20 or len(waiting) < 10  # the draws leave somebody somewhere


def test_the_environment_leaves_the_compiler_out() -> None:
    said = "from sim import compiled; import sim.chance, sys; print(compiled.ON, 'numba' in sys.modules)"
    for asked, expected in (("0", "False False"), ("1", "True True")):
        run = subprocess.run(
            [sys.executable, "-c", said],
            env={**os.environ, "MIXITE_FAST": asked},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == expected
