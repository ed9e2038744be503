"""Households under DALO, relogement or protection from violence change no target row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies import JOINT, POLICIES
from sim.policies.match_rows import served, terms_of
from sim.policies.sitting import NOBODY, Sitting
from sim.rules.peuplement import Places, Publication, Target, target_families
from sim.rules.quotas import LEGAL, TARGET, needed
from sim.rules.traits import NAMES, mask

Build = Callable[..., Sitting]

NEUTRAL = mask(["neutral"])
TARGETED = ("first_quartile", "q2_q4", "below_40_plus", "essential_worker", "l441_1")


@st.composite
def sittings(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a sitting with legal rows and targets, and at least one neutral demand that fits everywhere."""
    count, vacancies = draw(st.integers(2, 9)), draw(st.integers(1, 4))
    positions = st.lists(st.integers(0, count - 1), unique=True, min_size=1, max_size=count)
    row = st.fixed_dictionaries(
        {
            "tier": st.sampled_from([LEGAL, TARGET]),
            "percent": st.sampled_from([25, 35, 50]),
            "public": st.sampled_from([mask([name]) for name in TARGETED]),
            "scope": st.lists(st.booleans(), min_size=vacancies, max_size=vacancies),
            "signed": st.integers(0, 8),
        }
    )
    rows = draw(st.lists(row, min_size=1, max_size=4))
    for each in rows:
        each["excluded"] = NEUTRAL if each["tier"] == TARGET else 0
    kinds = st.integers(0, 2 ** len(NAMES) - 1)
    signature = draw(st.lists(kinds, min_size=count, max_size=count))
    signature[draw(st.integers(0, count - 1))] |= NEUTRAL
    neutral = [place for place, kind in enumerate(signature) if kind & NEUTRAL]
    pools = draw(st.lists(positions, min_size=vacancies, max_size=vacancies))
    return {
        "pools": [sorted({*pool, *neutral}) for pool in pools],
        "points": sorted(draw(st.lists(st.integers(0, 200), min_size=count, max_size=count)), reverse=True),
        "signature": signature,
        "rows": rows,
    }


@settings(max_examples=60, deadline=None)
@given(spec=sittings(), kind=st.integers(0, 2 ** len(NAMES) - 1))
@pytest.mark.parametrize("policy", JOINT)
def test_a_neutral_household_placed_counts_as_no_lease_for_a_target(
    sitting_of: Build, policy: str, spec: dict[str, Any], kind: int
) -> None:
    """Placed, put out, or replaced by any other neutral one: every target row has and needs the same."""
    sitting = sitting_of(**spec)
    targets = sitting.rows.select(sitting.rows.tier == TARGET)
    lead = POLICIES[policy](sitting).rows[:, 0]
    count, need = served(sitting, targets, lead).tolist(), needed(targets).tolist()
    for place in np.flatnonzero(lead != NOBODY).tolist():
        if sitting.signature[lead[place]] & NEUTRAL:
            without = lead.copy()
            without[place] = NOBODY
            assert served(sitting, targets, without).tolist() == count
            turned = spec["signature"].copy()
            turned[lead[place]] = kind | NEUTRAL
            other = sitting_of(**spec | {"signature": turned})
            assert served(other, targets, lead).tolist() == count
            other_rows = other.rows.select(other.rows.tier == TARGET)
            assert needed(other_rows).tolist() == need


@settings(max_examples=60, deadline=None)
@given(spec=sittings(), kind=st.integers(0, 2 ** len(NAMES) - 1))
def test_a_neutral_household_has_no_coefficient_in_a_target(
    sitting_of: Build, spec: dict[str, Any], kind: int
) -> None:
    rows = sitting_of(**spec).rows
    table = terms_of(rows, np.array([kind | NEUTRAL])).table
    assert not table[rows.tier == TARGET].any()
    legal = rows.tier == LEGAL
    assert table[legal].all()  # of the law, each is a lease like another


def test_every_target_leaves_neutral_households_out() -> None:
    published = Publication(reference="CIA", on=date(2026, 1, 1), perimeter="EPCI")
    target = Target(public="first_quartile", floor=0.35, published_in=published)
    one, no, text = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=bool), np.array(["R1"])
    (family,) = target_families([target], Places(text, text, text, text, no, no, one), one)
    assert family.excluded == NEUTRAL
