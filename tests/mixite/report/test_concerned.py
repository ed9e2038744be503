"""« Qui est concerné ? » in the report: what is told, what is not, and in which words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from mixite.report import concerned, words
from mixite.report.page import page
from mixite.report.study import Study
from sim.concerned import COLUMNS, REFERENCE

Make = Callable[..., Study]
BOTH = ("cotation_only", "cotation_peuplement")
NAN = float("nan")


def row(measure: str, group: str, numbers: tuple[float, ...], **more: Any) -> dict[str, Any]:
    """Return a row of concerned.csv from (mean_a, difference, half width), told when it excludes 0."""
    mean_a, difference, half = numbers
    same = {
        "policy_a": BOTH[0],
        "policy_b": BOTH[1],
        "measure": measure,
        "side": "demands",
        "dimension": "all" if group == "all" else "trait",
        "group": group,
        "mean_a": mean_a,
        "mean_b": mean_a + difference,
        "difference": difference,
        "ci_low": difference - half,
        "ci_high": difference + half,
        "n": 6,
        "uncertainty": "alea",
        "distinguished": abs(difference) > half,
        "members": 100.0,
        "small": False,
        "p_value": 0.01,
        "p_holm": 0.4,
        "distinguished_holm": False,
        "family": 57,
    }
    return same | more


def few(measure: str, group: str, **more: Any) -> dict[str, Any]:
    none = {"p_value": NAN, "p_holm": NAN, "distinguished_holm": pd.NA}
    return row(measure, group, (NAN, NAN, NAN), small=True, members=12.0) | none | more


EVEN = {"policy_a": REFERENCE}
BAILLEURS = {"side": "dwellings", "dimension": "bailleur"}
WAITS = ("longer", "shorter", "net", "left", "left_before", "open", "open_before")
ROWS = [
    row("leases", "all", (100, -1, 3)),
    row("leases", "first_quartile", (20, 4.5, 1)),
    row("attribution_rate", "first_quartile", (0.1, 0.02, 0.03)),
    few("leases", "relogement"),
    *(row(f"wait_{kind}", "all", (0, 5, 2)) for kind in WAITS),
    *(row(f"wait_{kind}", "size_1", (0, 1, 3)) for kind in WAITS),
    row("q1_per_vacancy", "all", (0.2, 0.05, 0.01), side="dwellings"),
    row("q1_per_vacancy", "A", (0.3, 0.05, 0.09), **BAILLEURS),
    row("q1_ratio", "A", (1, 0.5, 0.2), **BAILLEURS, **EVEN),
    few("q1_per_vacancy", "B", **BAILLEURS),
    row("passed_per_100_leases", "R1", (0, 12, 2), dimension="reason"),
    row("passed_per_100_leases", "target", (0, 3, 2), dimension="reason"),
    row("passed_per_100", "all", (0, 10, 2)),
    row("passed_per_100", "essential_worker", (0, 30, 2)),
    row("passed_legal_per_100", "essential_worker", (0, 20, 2)),
    row("passed_target_per_100", "essential_worker", (0, 7, 2)),
    row("passed_share", "essential_worker", (0, 0.15, 0.01)),
    row("passed_ratio", "essential_worker", (1, 2, 0.5), **EVEN),
    row("rate_ratio", "size_1", (1, -0.5, 0.1), **EVEN),
    row("rate_ratio", "size_2", (1, -0.1, 0.2), **EVEN),
    few("rate_ratio", "under_30", **EVEN),
    row("housed_share_beside", "size_1", (0.3, -0.1, 0.02), policy_a=BOTH[1], uncertainty="wilson"),
]


@pytest.fixture
def told(study_of: Make) -> Study:
    return replace(study_of(policies=BOTH), concerned=pd.DataFrame(ROWS)[list(COLUMNS)])


def line(text: str, name: str, caption: str) -> str:
    """Return the row of a table, by its caption and its first cell."""
    table = text.split(f"<caption>{caption}")[1].split("</table>")[0]
    found = [one for one in table.split("<tr") if f'<th scope="row">{name}<' in one]
    assert len(found) == 1, (caption, name)
    return found[0]


def test_a_change_is_told_with_its_interval_or_not_told(told: Study) -> None:
    text = concerned.section(told)
    caption = "cotation seule → cotation et stratégie de peuplement, par public"
    mine = line(text, "Premier quartile de ressources", caption)
    assert "+4,5 [+3,5 ; +5,5]" in mine
    assert "non distingué [−1,0 ; +5,0]" in mine
    assert 'class="faint"' in line(text, "Ensemble", caption)


def test_nothing_is_said_of_hazard_over_rows_where_none_has_a_p_value(told: Study) -> None:
    assert "Parmi 57 lignes" in concerned.section(told)
    table = pd.DataFrame([one | {"p_value": NAN, "family": 0} for one in ROWS])[list(COLUMNS)]
    assert "une sur vingt" not in concerned.section(replace(told, concerned=table))


def test_a_small_group_has_no_figure(told: Study) -> None:
    text = concerned.section(told)
    mine = line(text, "Ménages relogés (NPNRU, ORCOD)", "cotation seule → cotation et stratégie")
    assert "effectif insuffisant" in mine
    assert not re.search(r"\bnan\b", text)


def test_small_groups_are_told_together(told: Study) -> None:
    many = [few("leases", f"5900{number}", dimension="first_commune") for number in range(5)]
    table = pd.DataFrame([*ROWS, *many])[list(COLUMNS)]
    text = concerned.section(replace(told, concerned=table))
    assert "5 autres groupes" in line(text, "5 autres groupes", "cotation seule → cotation et stratégie de "
                                      "peuplement, par première commune souhaitée")  # fmt: skip
    assert "59003" not in text


def test_longer_and_shorter_waits_stand_beside_each_other(told: Study) -> None:
    text = concerned.section(told)
    mine = line(text, "cotation seule → cotation et stratégie de peuplement", "Demandes dont l")
    assert mine.count("5,0 [3,0 ; 7,0]") == 2
    assert "+5,0 [+3,0 ; +7,0]" in mine
    assert mine.count("5,0 / 5,0") == 2


def test_who_carries_more_than_its_share_is_told_as_a_ratio(told: Study) -> None:
    mine = line(concerned.section(told), "Bailleur A", "Baux du premier quartile")
    assert "1,50 [1,30 ; 1,70]" in mine
    assert all(share in mine for share in ("30,0\u202f%", "35,0\u202f%"))


def test_demands_not_presented_are_told_by_row_and_by_group_never_one_by_one(told: Study) -> None:
    text = concerned.section(told)
    assert "12,0" in line(text, "Obligation légale R1", "Pour 100 baux")
    mine = line(text, "Travailleurs essentiels", "Cotation et stratégie de peuplement : les plus souvent")
    assert all(number in mine for number in ("30,0", "20,0", "7,0", "3,00 [2,50 ; 3,50]", "15,0\u202f%"))
    assert "demand_id" not in text


def test_a_ratio_under_the_line_is_marked_and_is_no_verdict(told: Study) -> None:
    text = concerned.section(told)
    caption = "Rapport des taux d&#x27;attribution"
    assert "0,50 [0,40 ; 0,60] *" in line(text, "Une personne", caption)
    assert "*" not in line(text, "Deux personnes", caption)
    assert "effectif insuffisant" in line(text, "Moins de 30 ans", caption)
    assert "une ligne, non un verdict" in text
    assert "simulation sur données de synthèse" in text
    gap = line(text, "Une personne", "Cotation et stratégie de peuplement : demandes")
    assert "−10,0 pt [−12,0 ; −8,0]".replace(" pt", "\xa0pt") in gap


def test_the_section_is_in_the_report_and_holds_no_banned_word(told: Study, study_of: Make) -> None:
    assert '<section id="concernes">' in page(told, [])
    assert not list(words.forbidden_words(concerned.section(told)))
    for word in ("gagnant", "perdant", "envie"):
        assert word not in concerned.section(told).lower()
    assert concerned.section(study_of(policies=BOTH)) == ""


def test_a_policy_alone_is_told_without_changes(study_of: Make) -> None:
    alone = (BOTH[1],)
    rows = [one | {"policy_a": BOTH[1]} for one in ROWS if one["policy_a"] == BOTH[0]]
    rows = [one | {"difference": 0.0, "mean_a": one["mean_b"], "distinguished": False} for one in rows]
    table = pd.DataFrame([one for one in rows if not one["measure"].startswith("wait_")])[list(COLUMNS)]
    text = concerned.section(replace(study_of(policies=alone), concerned=table))
    assert "Attentes allongées" not in text
    assert "12,0" in line(text, "Obligation légale R1", "Pour 100 baux")


def test_what_is_told_once_every_row_is_counted_has_a_mark(told: Study) -> None:
    assert told.concerned is not None
    measures, groups = told.concerned["measure"], told.concerned["group"]
    kept = measures.eq("rate_ratio") & groups.eq("size_1") | measures.eq("leases") & groups.eq(
        "first_quartile"
    )
    table = told.concerned.assign(distinguished_holm=kept.astype("boolean"))
    text = concerned.section(replace(told, concerned=table))
    change = line(text, "Premier quartile de ressources", "cotation seule → cotation et stratégie")
    assert "+4,5 [+3,5 ; +5,5] †<" in change
    assert "0,50 [0,40 ; 0,60] † *" in line(text, "Une personne", "Rapport des taux")
    assert text.count("†") == 3  # with the sentence that says what it means
    assert "Parmi 57 lignes" in text
    assert "règle de Holm" in text
