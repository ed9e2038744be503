"""The closed vocabulary: who has which trait, and which use is admitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.rules.traits import (
    NAMES,
    TRAITS,
    People,
    has,
    income_state,
    mask,
    signature,
    traits_of,
    usable,
    uses_matrix,
)
from sim.territory.columns import ACTIVITIES
from sim.territory.files.faults import FaultsFound

USES_MATRIX = """\
                  eligibility size_fit cotation legal_quota target indicator equity_report
dalo                   .         .        x          x        .        x           x
l441_1                 .         .        x          x        x        x           x
first_quartile         .         .        x          x        x        x           x
q2_q4                  .         .        x          x        x        x           x
q2_q4_no_priority      .         .        .          .        .        x           x
below_20_plus          .         .        .          .        x        x           x
below_40_plus          .         .        .          .        x        x           x
below_60_plus          .         .        .          .        x        x           x
mutation               .         .        x          .        .        x           x
essential_worker       .         .        x          x        x        x           x
relogement             .         .        x          x        .        x           x
violence               .         .        x          .        .        .           x
neutral                .         .        .          .        .        x           x
needs_accessible       x         x        x          .        .        .           x
in_work                .         .        x          .        .        x           x
size_1                 .         x        .          .        .        x           x
size_2                 .         x        .          .        .        x           x
size_3_4               .         x        .          .        .        x           x
size_5_plus            .         x        .          .        .        x           x
single_parent          .         .        x          .        .        .           x
under_30               .         .        .          .        .        .           x
aged_65_plus           .         .        .          .        .        .           x"""


def people(size: int = 1, **columns: object) -> People:
    """Return households of one employed adult of 40 with 9,000 EUR a UC, under no priority."""
    none = np.zeros(size, dtype=np.bool_)
    base = People(
        adults=np.ones(size, dtype=np.int64),
        children=np.zeros(size, dtype=np.int64),
        teens=np.zeros(size, dtype=np.int64),
        age=np.full(size, 40),
        activity=np.full(size, ACTIVITIES.index("employed")),
        income_uc_eur=np.full(size, 9000.0),
        rfr_eur=np.full(size, 20000.0),
        mutation=none,
        dalo=none,
        recognised=none,
        violence=none,
        relogement=none,
        essential_worker=none,
        needs_accessible=none,
        q1_threshold_eur=7000.0,
        plus_ceiling_eur=np.full(size, 23403.0),
    )
    return replace(base, **columns)  # type: ignore[arg-type]


def test_the_matrix_of_uses_is_frozen() -> None:
    assert uses_matrix() == USES_MATRIX


def test_only_income_priority_and_essential_workers_may_enter_a_target() -> None:
    assert [trait.name for trait in TRAITS if "target" in trait.uses] == [
        "l441_1",
        "first_quartile",
        "q2_q4",
        "below_20_plus",
        "below_40_plus",
        "below_60_plus",
        "essential_worker",
    ]


def test_names_are_distinct_and_fit_a_signature() -> None:
    assert len(set(NAMES)) == len(NAMES) <= 62


def test_an_income_has_three_states() -> None:
    np.testing.assert_array_equal(income_state(np.array([650.0, 0.0, -3.0, np.nan])), [0, 1, 1, 2])


def test_a_missing_or_implausible_income_is_in_no_quartile() -> None:
    found = traits_of(people(5, income_uc_eur=np.array([6999.0, 7000.0, 7000.01, 0.0, np.nan])))
    np.testing.assert_array_equal(found["first_quartile"], [True, True, False, False, False])
    np.testing.assert_array_equal(found["q2_q4"], [False, False, True, False, False])


def test_without_a_threshold_nobody_is_in_a_quartile() -> None:
    found = traits_of(people(q1_threshold_eur=float("nan")))
    assert not found["first_quartile"][0]
    assert not found["q2_q4"][0]


def test_q2_q4_without_priority_leaves_dalo_and_recognised_out() -> None:
    found = traits_of(
        people(3, dalo=np.array([True, False, False]), recognised=np.array([False, True, False]))
    )
    np.testing.assert_array_equal(found["l441_1"], [True, True, False])
    np.testing.assert_array_equal(found["q2_q4_no_priority"], [False, False, True])


def test_plus_brackets_are_strict_and_skip_a_missing_tax_income() -> None:
    # 20 %, 40 % and 60 % of a ceiling of 20,000 are 4,000, 8,000 and 12,000 EUR.
    found = traits_of(
        people(
            5,
            rfr_eur=np.array([0.0, 4000.0, 7999.0, 12000.0, np.nan]),
            plus_ceiling_eur=np.full(5, 20000.0),
        )
    )
    np.testing.assert_array_equal(found["below_20_plus"], [True, False, False, False, False])
    np.testing.assert_array_equal(found["below_40_plus"], [True, True, True, False, False])
    np.testing.assert_array_equal(found["below_60_plus"], [True, True, True, False, False])


def test_dalo_relogement_and_violence_are_neutral() -> None:
    one = np.eye(4, dtype=np.bool_)
    found = traits_of(people(4, dalo=one[0], relogement=one[1], violence=one[2], recognised=one[3]))
    np.testing.assert_array_equal(found["neutral"], [True, True, True, False])


def test_household_sizes_and_single_parents() -> None:
    found = traits_of(people(4, adults=np.array([1, 1, 2, 2]), children=np.array([0, 1, 2, 3])))
    sizes = np.array([found[name] for name in ("size_1", "size_2", "size_3_4", "size_5_plus")])
    np.testing.assert_array_equal(sizes, np.eye(4, dtype=np.bool_))
    np.testing.assert_array_equal(found["single_parent"], [False, True, False, False])


def test_a_signature_holds_each_trait_at_its_own_bit() -> None:
    someone = people(2, dalo=np.array([True, False]), age=np.array([70, 22]))
    bits = signature(someone)
    assert bits.dtype == np.int64
    for place, (name, column) in enumerate(traits_of(someone).items()):
        np.testing.assert_array_equal((bits >> place) & 1, column, err_msg=name)


def test_has_asks_for_all_the_named_traits() -> None:
    bits = signature(people(3, dalo=np.array([True, True, False]), mutation=np.array([True, False, True])))
    np.testing.assert_array_equal(has(bits, "dalo", "mutation"), [True, False, False])
    assert mask(["dalo", "l441_1"]) == 0b11
    assert has(bits).all()


def test_an_unknown_trait_names_the_nearest_one() -> None:
    with pytest.raises(FaultsFound, match="vouliez-vous dire « first_quartile »"):
        mask(["first_quartil"])


def test_a_trait_not_admitted_for_a_use_is_refused_with_its_article() -> None:
    with pytest.raises(FaultsFound) as found:
        usable("single_parent", "target", file="scenario.toml", column="target[0].public")
    [fault] = found.value.faults
    assert fault.file == "scenario.toml"
    assert "CCH L.442-5" in fault.message
    assert "n'est pas admis pour l'usage « target »" in fault.message
    assert "first_quartile" in fault.mend


def test_an_admitted_use_returns_the_trait() -> None:
    assert usable("first_quartile", "target").label_fr == "Premier quartile de ressources"
