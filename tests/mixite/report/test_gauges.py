"""Gauges count the leases that the law and the targets count, and say « 7 sur 31 »."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mixite.report import gauges
from mixite.report.study import Study


def leases(*rows: dict[str, object]) -> pd.DataFrame:
    """Return leases of bailleur A outside QPV, of nobody's public, but for what each row says."""
    plain = {
        "in_qpv": False, "first_quartile": False, "relogement": False, "dalo": False, "l441_1": False,
        "neutral": False, "bailleur_id": "A", "reservataire": "aucun", "residence_id": "R1",
        "commune": "00001", "peuplement_type": "en_capacite",
    }  # fmt: skip
    return pd.DataFrame([plain | row for row in rows])


def found(table: pd.DataFrame, rule: str, holder: str) -> tuple[int, int]:
    (row,) = table[(table["rule"] == rule) & (table["holder"] == holder)].itertuples()
    return row.reached, row.base


def test_legal_shares_are_counted_on_their_own_leases() -> None:
    table = gauges.counted(
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
    assert found(gauges.counted(table, [target], ()), "cible", "0") == (1, 3)
    in_rpms = {**target, "in_rpms": True}
    assert found(gauges.counted(table, [in_rpms], ("R2",)), "cible", "0") == (0, 1)
    by_commune = {**target, "communes": ["00002"]}
    assert found(gauges.counted(table, [by_commune], ()), "cible", "0") == (0, 0)
    elsewhere = {**target, "quartiers": ["Q1"]}  # leases do not tell quartiers
    assert not (gauges.counted(table, [elsewhere], ())["rule"] == "cible").any()


def test_fraction_alone_under_twenty_leases(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    shown = {gauge.label: gauge for gauge in gauges.gauges(study, "R1") if gauge.policy == "cotation_only"}
    # Even replications 7 of 31, odd ones 8 of 31: mean share 24.2 %, mean leases 7.5 (shown 8) of 31.
    assert shown["Bailleur B"].share == pytest.approx(7.5 / 31)
    assert shown["Bailleur B"].text == "24\u202f% (8 sur 31)"
    small = gauges.gauges(study, "R4")[0]
    assert small.small
    assert small.text == "4 sur 12"


def test_epci_first_then_the_holders_with_the_most_leases(study_of: Callable[..., Study]) -> None:
    labels = [gauge.label for gauge in gauges.gauges(study_of(pictured=True), "R1")]
    assert list(dict.fromkeys(labels)) == ["EPCI", "Bailleur A", "Bailleur B"]


def test_public_names_no_bailleur_and_counts_nothing_small(study_of: Callable[..., Study]) -> None:
    study = replace(study_of(pictured=True), diffusion="public")
    assert {gauge.label for gauge in gauges.gauges(study, "R1")} == {"EPCI"}
    assert gauges.gauges(study, "R4") == []
    assert study.pictured is not None
    few = study.pictured.counts.assign(base=10)
    assert gauges.gauges(replace(study, pictured=replace(study.pictured, counts=few)), "R1") == []


def test_bars_are_as_long_as_told_and_floors_stand_at_the_law(study_of: Callable[..., Study]) -> None:
    study = study_of(pictured=True)
    made = gauges.draw(study)
    assert made is not None
    panel = made.axes[0]
    told = [gauge.share for gauge in gauges.gauges(study, "R1")]
    assert [bar.get_width() for bar in panel.patches] == pytest.approx(told)
    floors = [line.get_xdata()[0] for line in panel.lines if line.get_linewidth() == gauges.FLOOR_WIDTH]
    assert np.allclose(floors, 0.25)
