"""Gauges count the leases that the law and the targets count, and say « 7,5 sur 31 »."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mixite.report import gauges
from mixite.report.diffused import diffused
from mixite.report.floors import NAMED_BY, counted
from mixite.report.study import Study
from sim.rules.peuplement import Target


def leases(*rows: dict[str, object]) -> pd.DataFrame:
    """Return leases of bailleur A outside QPV, of nobody's public, but for what each row says."""
    plain = {
        "in_qpv": False, "first_quartile": False, "relogement": False, "dalo": False, "l441_1": False,
        "neutral": False, "bailleur_id": "A", "reservataire": "aucun", "residence_id": "R1",
        "commune": "00001", "peuplement_type": "en_capacite", "quartier": "Centre",
    }  # fmt: skip
    return pd.DataFrame([plain | row for row in rows])


def found(table: pd.DataFrame, rule: str, holder: str) -> tuple[int, int]:
    (row,) = table[(table["rule"] == rule) & (table["holder"] == holder)].itertuples()
    return row.reached, row.base


def test_legal_shares_are_counted_on_their_own_leases() -> None:
    table = counted(
        leases(
            {"first_quartile": True},
            {"relogement": True},
            {},
            {"in_qpv": True, "first_quartile": True},
            {"in_qpv": True, "bailleur_id": "B", "reservataire": "action_logement", "l441_1": True},
        ),
        [],
        (),
    )
    # Outside QPV: 3 leases, 2 of the first quartile or rehoused. In QPV: 2, one not of the first quartile.
    assert found(table, "R1", "all") == (2, 3)
    assert found(table, "R2", "all") == (1, 2)
    assert found(table, "R2", "bailleur:B") == (1, 1)
    assert found(table, "R4", "reservataire:action_logement") == (1, 1)
    assert found(table, "R4", "reservataire:aucun") == (0, 4)
    assert not table["holder"].isin(["reservataire:etat"]).any()  # R4 does not bind it


def test_a_target_is_counted_where_it_bears_and_neutral_households_nowhere() -> None:
    target = {
        "public": "first_quartile", "floor": 0.35, "months": 36, "types": ["en_capacite"], "in_qpv": False,
        "in_rpms": None,
    }  # fmt: skip
    table = leases(
        {"first_quartile": True},
        {},
        {"first_quartile": True, "neutral": True},
        {"first_quartile": True, "in_qpv": True},
        {"peuplement_type": "a_conforter", "first_quartile": True},
        {"residence_id": "R2"},
    )
    assert found(counted(table, [target], ()), "cible", "0") == (1, 3)
    in_rpms = {**target, "in_rpms": True}
    assert found(counted(table, [in_rpms], ("R2",)), "cible", "0") == (0, 1)
    by_commune = {**target, "communes": ["00002"]}
    assert found(counted(table, [by_commune], ()), "cible", "0") == (0, 0)
    assert found(counted(table, [{**target, "quartiers": ["Centre"]}], ()), "cible", "0") == (1, 3)
    assert found(counted(table, [{**target, "quartiers": ["Moulins"]}], ()), "cible", "0") == (0, 0)
    assert found(counted(table, [{**target, "without": ["R1"]}], ()), "cible", "0") == (0, 1)


def test_a_target_by_quartier_has_a_gauge_of_each_and_a_quartier_is_that_of_its_commune() -> None:
    target = {"public": "first_quartile", "floor": 0.35, "level": "quartier", "without": ["Nord"]}
    table = leases(
        {"first_quartile": True},
        {},
        {"first_quartile": True, "neutral": True},
        {"commune": "00002", "first_quartile": True},
        {"quartier": "Nord", "first_quartile": True},
        {"quartier": ""},
    )
    told = counted(table, [target], ())
    # Two leases of the Centre of commune 1, one of that of commune 2; the neutral household, the quartier
    # left out and the residence of no known quartier count nowhere.
    assert found(told, "cible", "0") == (2, 3)
    assert found(told, "cible", "0@quartier:00001/Centre") == (1, 2)
    assert found(told, "cible", "0@quartier:00002/Centre") == (1, 1)
    assert told["rule"].eq("cible").sum() == 3


def test_a_target_by_commune_has_a_gauge_of_each_one_by_residence_or_epci_of_all_together() -> None:
    table = leases({"first_quartile": True}, {"commune": "00002"}, {"commune": "00002"})
    target = {"public": "first_quartile", "floor": 0.35, "level": "commune"}
    told = counted(table, [target], ())
    assert found(told, "cible", "0@commune:00001") == (1, 1)
    assert found(told, "cible", "0@commune:00002") == (0, 2)
    for level in ("residence", "epci"):
        assert counted(table, [{**target, "level": level}], ())["rule"].eq("cible").sum() == 1


def test_every_key_by_which_a_target_names_where_it_bears_is_counted() -> None:
    elsewhere = {
        "public",
        "floor",
        "months",
        "published_in",
        "study",
        "level",
        "in_qpv",
        "in_rpms",
        "without",
    }
    assert set(Target.model_fields) == elsewhere | set(NAMED_BY)


def test_gauges_of_a_target_stand_whole_then_by_place_each_at_its_floor(
    study_of: Callable[..., Study],
) -> None:
    study = study_of(pictured=True)
    assert study.pictured is not None
    places = ("0@commune:00001", "0@quartier:00002/Centre")
    counts = study.pictured.counts
    whole = counts[counts["rule"].eq("cible")]
    more = pd.concat([counts, *(whole.assign(holder=place, base=9) for place in places)])
    study = replace(study, pictured=replace(study.pictured, counts=more))
    labels = [gauge.label for gauge in gauges.gauges(study, "cible") if gauge.policy == "cotation_only"]
    assert labels == ["Premier quartile, hors QPV", "Aubel", "Centre (Berck)"]
    made = gauges.draw(study)
    assert made is not None
    lines = made.axes[-1].lines
    floors = [line.get_xdata()[0] for line in lines if line.get_linewidth() == gauges.FLOOR_WIDTH]
    assert np.allclose(floors, 0.35)
    assert len(floors) == 6


def test_places_are_said_to_be_cut_where_a_target_has_more_than_are_drawn(
    study_of: Callable[..., Study],
) -> None:
    study = study_of(pictured=True)
    assert study.pictured is not None
    counts = study.pictured.counts
    whole = counts[counts["rule"].eq("cible")]

    def caption(targets: int, places: int) -> str:
        names = [f"{at}@commune:{place:05}" for at in range(targets) for place in range(places)]
        more = pd.concat([counts, *(whole.assign(holder=name, base=9) for name in names)])
        return gauges.said(replace(study, pictured=replace(study.pictured, counts=more)))

    cut = f"Les {gauges.MOST_HOLDERS} titulaires ou lieux"
    assert cut not in caption(targets=3, places=gauges.MOST_HOLDERS - 2)  # over the number in all, each under
    assert cut in caption(targets=1, places=gauges.MOST_HOLDERS + 1)


def test_a_place_without_a_lease_in_some_replication_has_no_share(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    assert study.pictured is not None
    counts = study.pictured.counts
    fewer = counts[~(counts["holder"].eq("bailleur:B") & counts["replication"].eq(0))]
    shown = gauges.gauges(replace(study, pictured=replace(study.pictured, counts=fewer)), "R1")
    (small, _) = (gauge for gauge in shown if gauge.label == "Bailleur B")
    # 31 leases in nine replications of ten: 27.9.
    assert small.small
    assert small.base == pytest.approx(27.9)


def test_fraction_alone_under_twenty_leases(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    shown = {gauge.label: gauge for gauge in gauges.gauges(study, "R1") if gauge.policy == "cotation_only"}
    # Even replications 7 of 31, odd ones 8 of 31: mean share 24.2 %, mean leases 7.5 of 31.
    assert shown["Bailleur B"].share == pytest.approx(7.5 / 31)
    assert shown["Bailleur B"].text == "24\u202f% (7,5 sur 31)"
    small = gauges.gauges(study, "R4")[0]
    assert small.small
    assert small.text == "3,5 sur 12"


def test_epci_first_then_the_holders_with_the_most_leases(study_of: Callable[..., Study]) -> None:
    labels = [gauge.label for gauge in gauges.gauges(study_of(pictured=True), "R1")]
    assert list(dict.fromkeys(labels)) == ["EPCI", "Bailleur A", "Bailleur B"]


def test_public_names_no_bailleur_and_counts_nothing_small(study_of: Callable[..., Study]) -> None:
    study = diffused(replace(study_of(pictured=True), diffusion="public"))
    assert {gauge.label for gauge in gauges.gauges(study, "R1")} == {"EPCI"}
    assert gauges.gauges(study, "R4") == []
    assert gauges.gauges(study, "cible") == []  # 6.5 leases of 18
    assert "moins de 11 baux" in gauges.said(study)


@pytest.mark.parametrize(("reached", "base"), [(5, 10), (10, 40), (30, 40)])
def test_nothing_is_told_where_those_who_count_or_the_others_are_few(
    study_of: Callable[..., Study], reached: int, base: int
) -> None:
    study = study_of(pictured=True)
    assert study.pictured is not None
    counts = study.pictured.counts
    some = counts["holder"].eq("bailleur:B")
    changed = counts.assign(
        base=counts["base"].where(~some, base), reached=counts["reached"].where(~some, reached)
    )
    for level, shown in (("interne", 3), ("cil", 1)):  # bailleur A would tell of B, from the EPCI
        found = diffused(replace(study, diffusion=level, pictured=replace(study.pictured, counts=changed)))
        assert len({gauge.label for gauge in gauges.gauges(found, "R1")}) == shown


def test_bars_are_as_long_as_told_and_floors_stand_at_the_law(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    made = gauges.draw(study)
    assert made is not None
    panel = made.axes[0]
    told = [gauge.share for gauge in gauges.gauges(study, "R1")]
    assert [bar.get_width() for bar in panel.patches] == pytest.approx(told)
    floors = [line.get_xdata()[0] for line in panel.lines if line.get_linewidth() == gauges.FLOOR_WIDTH]
    assert np.allclose(floors, 0.25)


def test_half_a_lease_is_not_written_as_none() -> None:
    few = gauges.Gauge("all", "EPCI", "cotation_only", 0.5, 4.0, float("nan"), 0.0, 0.25)
    assert few.text == "0,5 sur 4"
    many = gauges.Gauge("all", "EPCI", "cotation_only", 12.0, 40.25, 0.3, 0.25, 0.35)
    assert many.text == "30\u202f% (12 sur 40,2)"
