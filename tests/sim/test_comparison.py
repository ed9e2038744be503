"""Paired comparison of policies."""

import numpy as np
import pandas as pd
import pytest

from sim.comparison import ADDED, COLUMNS, HEADLINES, HOLM, compare, headlines, ladder_pairs, with_holm
from sim.indicators import CATALOGUE


def table(values: dict[str, list[float]], indicator="housed_12m", group="all", year=0) -> pd.DataFrame:
    """Return one indicator by policy: the list's position is the replication."""
    return pd.DataFrame(
        [
            (policy, replication, indicator, group, year, value, "part (0-1)")
            for policy, series in values.items()
            for replication, value in enumerate(series)
        ],
        columns=["policy", "replication", "indicator", "group", "year", "value", "unit"],
    )


def test_difference_and_interval_worked_by_hand():
    row = compare(table({"a": [1, 2, 3], "b": [2, 4, 3]}), [("a", "b")]).iloc[0]
    # Paired differences 1, 2, 0: mean 1, standard deviation 1. t(2) at 97.5 % is 4.302653, over √3 2.484138.
    assert (row["mean_a"], row["mean_b"], row["difference"], row["n"]) == (2, 3, 1, 3)
    assert row["ci_low"] == pytest.approx(1 - 2.484138, abs=1e-6)
    assert row["ci_high"] == pytest.approx(1 + 2.484138, abs=1e-6)
    assert row["uncertainty"] == "alea"
    assert not row["distinguished"]


def test_pairing_tells_apart_what_noise_common_to_both_would_hide():
    # The replications differ by 100, the policies by 1 each time, give or take 0.1.
    played = table({"a": [0, 100, 200, 300], "b": [1.0, 101.1, 200.9, 301.0]})
    row = compare(played, [("a", "b")]).iloc[0]
    assert row["distinguished"]
    assert 0.8 < row["ci_low"] < row["ci_high"] < 1.2


def test_columns_are_those_of_the_contract_then_what_was_added():
    compared = compare(table({"a": [1, 2], "b": [1, 3]}), [("a", "b")])
    assert tuple(compared.columns) == (*COLUMNS, *ADDED)
    assert tuple(with_holm(compared).columns) == (*COLUMNS, *ADDED, *HOLM)


def test_p_value_and_correlation_worked_by_hand():
    row = compare(table({"a": [1, 2, 3], "b": [2, 4, 3]}), [("a", "b")]).iloc[0]
    # Paired differences 1, 2, 0: t = 1 / (1/√3) = √3 with 2 degrees of freedom. There the distribution
    # function is 1/2 + t / (2 √(2 + t²)), so p = 1 − √3/√5 = 0.225403.
    assert row["p_value"] == pytest.approx(1 - np.sqrt(3 / 5), abs=1e-12)
    # Deviations −1, 0, 1 and −1, 1, 0: products sum to 1, squares to 2 and 2.
    assert row["correlation"] == pytest.approx(0.5, abs=1e-12)


def test_p_value_is_under_five_percent_where_the_interval_excludes_zero_and_nowhere_else():
    draws = np.random.default_rng(5)
    played = pd.concat(
        [
            table({"a": draws.normal(0, 1, 6).tolist(), "b": draws.normal(1, 1, 6).tolist()}, year=year)
            for year in range(200)
        ]
    )
    compared = compare(played, [("a", "b")])
    assert 20 < compared["distinguished"].sum() < 180
    assert (compared["distinguished"] == (compared["p_value"] < 0.05)).all()


@pytest.mark.parametrize(
    ("a", "b", "p_value"),
    [
        ([1, 2, 3], [1, 2, 3], 1),  # no difference at all
        ([1, 2, 3], [11, 12, 13], 0.25),  # always 10: the sign test, 2 × (1/2)³
        ([0.1, 0.2, 0.3], [0.3, 0.4, 0.5], 0.25),  # always 0.2, but for the last bit
        ([1] * 6, [2] * 6, 2**-5),
        ([1], [5], np.nan),
        ([1, np.nan], [5, 6], np.nan),
    ],
)
def test_p_value_without_spread_or_without_two_replications(a, b, p_value):
    row = compare(table({"a": a, "b": b}), [("a", "b")]).iloc[0]
    assert row["p_value"] == pytest.approx(p_value, nan_ok=True)


@pytest.mark.parametrize(("n", "told"), [(2, False), (5, False), (6, True), (20, True)])
@pytest.mark.parametrize("step", [10.0, 0.2, -0.2])
def test_the_same_difference_in_few_replications_is_no_verdict(n, told, step):
    # The sign test: 2^(1 − 5) = 0.0625 is not under 5 %, 2^(1 − 6) = 0.03125 is.
    a = [0.1 * at for at in range(n)]
    row = compare(table({"a": a, "b": [value + step for value in a]}), [("a", "b")]).iloc[0]
    assert row["difference"] == pytest.approx(step)
    assert bool(row["distinguished"]) == told
    assert row["p_value"] == pytest.approx(2.0 ** (1 - n))
    assert np.isnan([row["ci_low"], row["ci_high"]]).all() != told


def test_policy_that_does_not_vary_has_no_correlation():
    # 0.1 + 0.1 + 0.1 is not 0.3 to the last bit: the mean of a constant may differ from it.
    row = compare(table({"a": [0.1, 0.1, 0.1], "b": [0.1, 0.7, 0.3]}), [("a", "b")]).iloc[0]
    assert np.isnan(row["correlation"])


def test_policy_against_itself_is_no_hypothesis():
    row = compare(table({"a": [0.1, 0.7, 0.3]}), [("a", "a")]).iloc[0]
    assert np.isnan(row["p_value"])
    assert row["correlation"] == pytest.approx(1)


def test_headlines_distinguished_alone_may_not_be_once_counted():
    # dalo: paired differences 1, 2, 3, 2: mean 2, standard deviation √(2/3), t = 4.899, p = 0.0163.
    # l441_1: 10, 10.1, 9.9, 10: p is far under 1 %. "mutation" is no headline and does not count.
    groups = {"dalo": [1, 2, 3, 2], "l441_1": [10, 10.1, 9.9, 10], "mutation": [1, 2, 3, 2]}
    more = {group: [0, 1, -1, 0.5] for group in ("first_quartile", "q2_q4_no_priority")}
    played = pd.concat(
        table({"a": [0, 0, 0, 0], "b": series}, "housed_12m", group)
        for group, series in (groups | more).items()
    )
    compared = compare(played, [("a", "b")])
    shown = headlines(compared).set_index("group")
    assert shown.loc[["dalo", "l441_1"], "distinguished"].all()
    assert shown["p_value"].round(4).loc["dalo"] == 0.0163
    # Four headlines: dalo is the second smallest, so its p-value is multiplied by 3: 0.0488 ≤ 0.05, kept.
    assert shown.loc["dalo", "p_holm"] == pytest.approx(3 * shown.loc["dalo", "p_value"])
    assert shown["distinguished_holm"].to_dict() == {
        "dalo": True, "l441_1": True, "first_quartile": False, "q2_q4_no_priority": False
    }  # fmt: skip
    # A fifth headline makes it 4 × 0.0163 = 0.065: no longer.
    fifth = table({"a": [0, 0, 0, 0], "b": [0, 1, -1, 0.5]}, "days_vacant", "all")
    shown = headlines(compare(pd.concat([played, fifth]), [("a", "b")])).set_index("group")
    assert shown.loc["dalo", "distinguished"]
    assert not shown.loc["dalo", "distinguished_holm"]


def test_family_is_the_headlines_of_every_pair_and_other_rows_have_no_holm():
    played = pd.concat(
        table({"a": [0, 1, 2], "b": [3, 5, 4], "c": [9, 8, 9]}, "housed_12m", group)
        for group in ("dalo", "mutation")
    )
    counted = with_holm(compare(played, [("a", "b"), ("a", "c"), ("a", "a")])).set_index(
        ["policy_b", "group"]
    )
    # Two hypotheses, a-b and a-c on dalo: a against a is none and mutation is no headline.
    two = counted["p_value"].loc[[("b", "dalo"), ("c", "dalo")]].tolist()
    low, high = sorted(two)
    assert sorted(counted["p_holm"].dropna()) == pytest.approx([2 * low, max(2 * low, high)])
    assert counted["distinguished_holm"].isna().tolist() == [False, True] * 3
    assert not counted.loc[("a", "dalo"), "distinguished_holm"]


@pytest.mark.parametrize("series", [[0.1, 0.7, 0.3], [0.1]])
def test_policy_against_itself_is_exactly_zero(series):
    row = compare(table({"a": series}), [("a", "a")]).iloc[0]
    assert (row["difference"], row["ci_low"], row["ci_high"]) == (0, 0, 0)
    assert not row["distinguished"]


def test_policies_with_equal_results_under_two_names_differ_by_exactly_zero():
    row = compare(table({"a": [0.1, 0.7, 0.3], "b": [0.1, 0.7, 0.3]}), [("a", "b")]).iloc[0]
    assert (row["difference"], row["ci_low"], row["ci_high"]) == (0, 0, 0)
    assert not row["distinguished"]


def test_one_replication_has_no_interval():
    row = compare(table({"a": [1], "b": [5]}), [("a", "b")]).iloc[0]
    assert row["difference"] == 4
    assert np.isnan([row["ci_low"], row["ci_high"]]).all()
    assert not row["distinguished"]


def test_unknown_values_leave_in_pairs_and_n_is_told():
    played = table({"a": [1, np.nan, 3, 4], "b": [2, 100, np.nan, 7]})
    row = compare(played, [("a", "b")]).iloc[0]
    # Replications 0 and 3 have both values: means 2.5 and 4.5.
    assert (row["n"], row["mean_a"], row["mean_b"], row["difference"]) == (2, 2.5, 4.5, 2)


def test_row_of_one_policy_alone_is_kept_with_n_zero():
    played = pd.concat([table({"a": [1, 2], "b": [1, 2]}), table({"a": [1, 2]}, indicator="r1_small")])
    compared = compare(played, [("a", "b")]).set_index("indicator")
    assert compared.loc["r1_small", "n"] == 0
    assert np.isnan(compared.loc["r1_small", "difference"])
    assert not compared.loc["r1_small", "distinguished"]


def test_replications_are_paired_by_name_and_not_by_position():
    played = table({"a": range(1, 7), "b": range(11, 17)})
    shuffled = played.sample(frac=1, random_state=3)
    row = compare(shuffled, [("a", "b")]).iloc[0]
    assert (row["difference"], row["ci_low"], row["ci_high"]) == (10, 10, 10)


def test_interval_covers_the_true_difference_95_times_in_100():
    rng = np.random.default_rng(11)
    replays, replications, true = 2000, 8, 0.7
    common = rng.normal(0, 5, (replays, replications))
    played = []
    for policy, shift in (("a", 0.0), ("b", true)):
        values = common + shift + rng.normal(0, 1, (replays, replications))
        frame = (
            pd.DataFrame(values).melt(ignore_index=False, var_name="replication").reset_index(names="year")
        )
        played.append(frame.assign(policy=policy, indicator="x", group="all"))
    compared = compare(pd.concat(played), [("a", "b")])
    covered = ((compared["ci_low"] <= true) & (true <= compared["ci_high"])).mean()
    assert len(compared) == replays
    assert 0.935 <= covered <= 0.965


def test_unknown_policy_and_repeated_values_are_refused():
    played = table({"a": [1, 2], "b": [1, 2]})
    with pytest.raises(ValueError, match="politique « c » absente des résultats ; présentes : a, b"):
        compare(played, [("a", "c")])
    with pytest.raises(ValueError, match="valeur donnée deux fois : a, 0, housed_12m, all, 0"):
        compare(pd.concat([played, played]), [("a", "b")])


def test_ladder_shows_the_headline_then_the_steps_then_the_others():
    played = [
        "seniority",
        "cotation_only",
        "cotation_matched",
        "cotation_quotas",
        "cotation_peuplement",
        "lottery",
    ]
    assert ladder_pairs(played) == [
        ("cotation_only", "cotation_peuplement"),
        ("cotation_only", "cotation_matched"),
        ("cotation_matched", "cotation_quotas"),
        ("cotation_quotas", "cotation_peuplement"),
        ("cotation_only", "seniority"),
        ("cotation_only", "lottery"),
    ]


@pytest.mark.parametrize(
    ("played", "pairs"),
    [
        (["cotation_only", "cotation_peuplement"], [("cotation_only", "cotation_peuplement")]),
        (["seniority", "lottery"], [("seniority", "lottery")]),
        (["lottery", "cotation_quotas"], [("lottery", "cotation_quotas")]),
        (["cotation_only", "cotation_only"], [("cotation_only", "cotation_only")]),
        (["cotation_only"], []),
        ([], []),
    ],
)
def test_pairs_of_a_part_of_the_ladder(played, pairs):
    assert ladder_pairs(played) == pairs


def test_headlines_keep_their_order_and_the_last_year():
    played = pd.concat(
        [
            table({"a": [1, 2], "b": [1, 2], "c": [1, 2]}, "stock_first_quartile", "all", year)
            for year in (2027, 2028, 2029)
        ]
        + [
            table({"a": [1, 2], "b": [1, 2], "c": [1, 2]}, "housed_12m", group)
            for group in ("dalo", "mutation")
        ]
    )
    shown = headlines(compare(played, [("a", "c"), ("a", "b")]))
    assert shown[["policy_b", "indicator", "group", "year"]].to_numpy().tolist() == [
        ["c", "housed_12m", "dalo", 0],
        ["c", "stock_first_quartile", "all", 2029],
        ["b", "housed_12m", "dalo", 0],
        ["b", "stock_first_quartile", "all", 2029],
    ]


def test_headlines_name_known_indicators_once():
    assert {indicator for indicator, _, _ in HEADLINES} <= set(CATALOGUE)
    assert len(HEADLINES) == len(set(HEADLINES))
