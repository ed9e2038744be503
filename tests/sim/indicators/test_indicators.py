"""The whole table of indicators, its catalogue and its speed."""

import time

import numpy as np
import pytest

from sim.indicators import CATALOGUE, FAMILIES, compute_all
from sim.indicators.groups import label

NEVER = (
    "ghetto",
    "à risque",
    "lourd",
    "bon candidat",
    "mauvais",
    "profil",
    "écarté",
    "optimal",
    "envie",
    "mixité",
)
QUOTED = [
    "housed_6m",
    "housed_12m",
    "housed_24m",
    "wait_housed_months",
    "pending",
    "age_pending_months",
    "offers_per_lease",
    "refusal_share",
    "leases",
    "r1_share",
    "r2_share",
    "r4_share",
    "r1_shortfall",
    "r1_small",
    "orientation_share",
    "days_vacant",
    "vacant_end",
    "leases_total",
    "net_new_households",
    "leases_per_1000",
    "chain_length",
    "net_new_share",
    "net_new_per_vacancy",
    "mutation_leases",
    "in_qpv_share",
    "in_type_share",
    "stock_first_quartile",
    "stock_below_20_plus",
    "entrants_minus_stock",
    "dissimilarity",
    "dissimilarity_corrected",
    "isolation",
    "theil_h",
    "residences_changing_type",
    "change_total",
    "change_entrants",
    "change_leavers",
    "change_in_place",
    "change_stock",
    "change_drift",
    "passed_over_per_lease",
    "matching_gap_median",
]


def test_every_contract_name_is_in_the_catalogue():
    assert set(QUOTED) <= set(CATALOGUE)
    names = [indicator.name for family in FAMILIES for indicator in family.INDICATORS]
    assert len(names) == len(set(names))


def test_the_table_is_long_and_each_row_appears_once(random_run):
    table = compute_all(random_run())
    assert list(table.columns) == ["indicator", "group", "year", "value", "unit"]
    assert not table.duplicated(["indicator", "group", "year"]).any()
    assert set(table["indicator"]) <= set(CATALOGUE)
    assert set(table["year"]) == {0, 2027, 2028, 2029, 2030}
    units = table.drop_duplicates("indicator").set_index("indicator")["unit"]
    assert {name: CATALOGUE[name].unit for name in units.index} == units.to_dict()


def test_shares_lie_between_0_and_1(random_run):
    table = compute_all(random_run())
    shares = table.loc[table["unit"] == "part (0-1)", "value"].dropna()
    assert len(shares) > 300
    assert shares.between(0, 1).all()


def test_an_empty_run_has_counts_of_zero_and_no_number_made_up(build):
    occupation = [{"year": 2027}, {"year": 2028}]
    table = compute_all(build(years=1, occupation=occupation))
    waits = table.loc[table["indicator"].isin(["housed_12m", "wait_housed_months", "days_vacant"]), "value"]
    assert waits.isna().all()
    assert (table.loc[table["indicator"] == "leases_total", "value"] == 0).all()


def test_reordering_rows_changes_no_value(random_run):
    run = random_run()
    shuffled = type(run)(
        **{
            name: getattr(run, name).sample(frac=1, random_state=1)
            for name in ("demands", "vacancies", "sittings", "offers", "leases", "occupation")
        },
        context=run.context,
    )
    first, second = compute_all(run), compute_all(shuffled)
    assert first["indicator"].tolist() == second["indicator"].tolist()
    np.testing.assert_allclose(first["value"], second["value"], rtol=1e-9, atol=1e-12)


def test_explanations_are_french_sentences_that_take_no_side():
    for indicator in CATALOGUE.values():
        assert indicator.explanation.endswith("."), indicator.name
        text = f"{indicator.label} {indicator.explanation}".lower()
        assert not [word for word in NEVER if word in text], indicator.name


@pytest.mark.parametrize(
    ("group", "shown"),
    [
        ("all", "ensemble"),
        ("bailleur:A", "bailleur A"),
        ("reservataire:etat", "État"),
        ("bailleur:A@action_logement", "bailleur A, Action Logement"),
        ("dalo@en_capacite", "ménages reconnus DALO, résidences « en capacité »"),
    ],
)
def test_groups_have_french_labels(group, shown):
    assert label(group) == shown


@pytest.mark.slow
def test_ten_years_of_a_metropolis_take_at_most_three_seconds(random_run):
    run = random_run(demands=600_000, leases=100_000, offers=300_000, residences=2500, years=10)
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        compute_all(run)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) <= 3, f"{min(seconds):.2f} s"
