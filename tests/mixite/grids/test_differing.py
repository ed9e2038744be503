"""`mixite grid compare`: correlation, common top and moves by trait, worked by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mixite.report.words import forbidden_words

HEAD = 'id = "{0}"\nstatus = "synthetic"\ncomplete = true\n'
SENIORITY = '[[criteria]]\nid = "s"\nattr = "seniority_months"\nper_unit = { step = 1, points = 1 }\n'
WORK = '[[criteria]]\nid = "w"\npoints = 100\nwhen = { attr = "work_status", op = "eq", value = "CDI" }\n'
COLUMNS = "demand_id,filed_on,adults,children,communes,rooms_min,rooms_max,needs_accessible,work_status\n"


def written(tmp_path: Path, statuses: list[str]) -> tuple[Path, Path, Path]:
    """Write grid A (seniority), grid B (seniority, work first) and demands, the oldest first."""
    a, b, demands = (tmp_path / name for name in ("a.toml", "b.toml", "demands.csv"))
    a.write_text(HEAD.format("a") + SENIORITY, encoding="utf-8")
    b.write_text(HEAD.format("b") + SENIORITY + WORK, encoding="utf-8")
    rows = [
        f"{place},{2025 - place // 12}-{12 - place % 12:02d}-01,1,0,59350,1,2,false,{status}"
        for place, status in enumerate(statuses)
    ]
    demands.write_text(COLUMNS + "\n".join(reversed(rows)) + "\n", encoding="utf-8")
    return a, b, demands


def test_a_grid_against_itself_moves_nobody(mixite: Callable[..., Any], tmp_path: Path) -> None:
    a, _, demands = written(tmp_path, ["CDI", "CHO"] * 15)
    found = mixite("grid", "compare", a, a, "--demands", demands, "--on", "2026-06-01", "--json")
    assert found.code == 0, found.said
    assert (found.answer["kendall_tau_b"], found.answer["spearman"]) == (1.0, 1.0)
    assert [(one["size"], one["common"]) for one in found.answer["top"]] == [(3, 3), (8, 8)]
    assert {move["change"] for move in found.answer["moves"]} <= {0.0, None}


def test_correlation_top_and_moves_are_those_worked_by_hand(
    mixite: Callable[..., Any], tmp_path: Path
) -> None:
    # Thirty demands from the newest (0) to the oldest (29); the fifteen newest work. Under A the oldest
    # first: 29 … 0. Under B, 100 points to those who work: 14 … 0, then 29 … 15.
    a, b, demands = written(tmp_path, ["CDI"] * 15 + ["CHO"] * 15)
    found = mixite("grid", "compare", a, b, "--demands", demands, "--on", "2026-06-01", "--json")
    # Pairs: 15 × 15 = 225 turned round of 435; tau = (210 - 225) / 435.
    assert found.answer["kendall_tau_b"] == pytest.approx((210 - 225) / 435)
    # Every rank moves by 15: 1 - 6 × 30 × 225 / (30 × 899).
    assert found.answer["spearman"] == pytest.approx(1 - 6 * 30 * 225 / (30 * 899))
    assert [(one["size"], one["common"]) for one in found.answer["top"]] == [(3, 0), (8, 0)]
    moves = {move["trait"]: move for move in found.answer["moves"]}
    # In work: from ranks 16-30 to 1-15, fifteen places of twenty-nine.
    assert moves["in_work"]["demands"] == 15
    assert moves["in_work"]["change"] == pytest.approx(15 / 29)
    assert (moves["in_work"]["up"], moves["in_work"]["down"]) == (1.0, 0.0)
    assert (moves["in_work"]["top_a"], moves["in_work"]["top_b"]) == (0, 3)
    assert moves["size_1"]["change"] == pytest.approx(0)
    assert moves["dalo"]["change"] is None  # nobody
    assert found.answer["moves"][0]["trait"] == "in_work"
    assert list(forbidden_words(found.said)) == []


def test_ties_of_points_stay_ties_in_the_correlation(mixite: Callable[..., Any], tmp_path: Path) -> None:
    a, _, demands = written(tmp_path, ["CDI", "CHO", "CHO", "CHO"])
    work = tmp_path / "w.toml"
    work.write_text(HEAD.format("w") + WORK, encoding="utf-8")
    found = mixite("grid", "compare", a, work, "--demands", demands, "--on", "2026-06-01", "--json")
    # The newest is the only one in work: last under A, first under the other, where three are equal.
    # Six pairs: 3 tied in one order, 3 turned round: tau-b = -3 / sqrt(6 × 3).
    assert found.answer["kendall_tau_b"] == pytest.approx(-3 / (6 * 3) ** 0.5)


def test_the_top_is_that_of_the_vacancies_where_they_are_known(mixite: Callable[..., Any]) -> None:
    grids = Path(__file__).parents[3] / "scenarios" / "grids"
    a, b = (grids / f"synthetic-seniority-{kind}.toml" for kind in ("capped", "uncapped"))
    found = mixite("grid", "compare", a, b, "--demands", "scenarios/territories/jouet", "--json")
    assert [(one["label"], one["size"]) for one in found.answer["top"]][-1] == ("logements à louer", 3)


def test_the_faults_of_both_grids_and_of_the_demands_come_together(
    mixite: Callable[..., Any], tmp_path: Path
) -> None:
    a, b, demands = written(tmp_path, ["CDI"])
    a.write_text(a.read_text(encoding="utf-8").replace("seniority_months", "seniority"), encoding="utf-8")
    b.write_text(b.read_text(encoding="utf-8").replace("true\n", "false\n"), encoding="utf-8")
    found = mixite("grid", "compare", a, b, "--demands", tmp_path / "absent.csv", "--json")
    assert found.code == 2
    assert len(found.answer["faults"]) == 3
    assert demands.exists()
