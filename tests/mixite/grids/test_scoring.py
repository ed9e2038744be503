"""`mixite grid score`: each demand's lines, rank and similar demands, worked by hand, and what it writes."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from mixite.grids.attributes_fr import CODES, LABELS
from mixite.report.words import forbidden_words
from sim.rules.cotation import ATTRIBUTES

ROOT = Path(__file__).parents[3]
GRIDS = ROOT / "scenarios" / "grids"
TOY = ROOT / "scenarios" / "territories" / "jouet"

GRID = """
id = "hand"
label = "Grille d'exemple"
status = "synthetic"
complete = true
tie_break = ["seniority_days", "lottery"]
scope = { not = { attr = "right_to_rehousing", op = "eq", value = true } }
total = { floor = 0 }
groups = [{ id = "best", rule = "max" }]

[[criteria]]
id = "dalo"
group = "best"
evidence = "verified"
when = { attr = "dalo", op = "eq", value = true }
points = 100

[[criteria]]
id = "eviction"
label = "Procédure d'expulsion"
group = "best"
evidence = "verified"
when = { attr = "motives", op = "contains", value = "05" }
points = 60

[[criteria]]
id = "seniority"
label = "Ancienneté"
attr = "seniority_months"
per_unit = { step = 12, points = 10 }

[[criteria]]
id = "transfer"
applies_to = ["mutation"]
points = 5

[[criteria]]
id = "refusals"
when = { not = { attr = "dalo", op = "eq", value = true } }
attr = "unjustified_refusals_24m"
per_unit = { step = 1, points = -15, cap = -30 }

[[criteria]]
id = "fire"
when = { attr = "violence_proven", op = "eq", value = true }
effect = "absolute_priority"
"""

HEAD = (
    "demand_id,filed_on,adults,children,communes,rooms_min,rooms_max,needs_accessible,"
    "dalo_recognised_on,request_kind,motives,unjustified_refusals_24m,violence_proven,"
    "relogement_operation,verified,nom,couleur\n"
)
ROWS = """\
=1+1,2023-06-01,1,0,59350,2,2,false,2025-05-01,primo,05,2,false,,,Canari,bleu
0002,2024-06-01,1,0,59350,2,2,false,,primo,05;09,0,,,motives,Canari,bleu
0003,2024-06-01,2,1,59350,2,2,false,,primo,05,1,false,,,Canari,bleu
0004,2023-06-01,1,0,59350;59512,2,2,false,,mutation,,,true,,,Canari,bleu
0005,2024-05-31,1,0,59512,3,4,false,,primo,09,9,false,,,Canari,bleu
0006,2020-06-01,1,0,59350,2,2,false,,primo,05,0,false,ANRU,,Canari,bleu
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    grid, demands = tmp_path / "grille.toml", tmp_path / "demands.csv"
    grid.write_text(GRID, encoding="utf-8")
    demands.write_text(HEAD + ROWS, encoding="utf-8")
    return grid, demands


def scored(mixite: Callable[..., Any], files: tuple[Path, Path], *more: object) -> Any:
    grid, demands = files
    return mixite("grid", "score", grid, "--demands", demands, "--on", "2026-06-01", "--json", *more)


def test_points_lines_flags_missing_and_ranks_are_those_worked_by_hand(
    mixite: Callable[..., Any], files: tuple[Path, Path]
) -> None:
    found = scored(mixite, files)
    assert found.code == 0, found.said
    assert (found.answer["grid"], found.answer["complete"], found.answer["on"]) == (
        "hand",
        True,
        "2026-06-01",
    )
    demands = {one["demand_id"]: one for one in found.answer["demands"]}
    # =1+1: max(100, 60) + 3 years, no malus for a DALO household: 130.
    # 0002: 60 + 2 years = 80; 0003: 60 + 20 - 15 = 65; 0004: 30 + 5 = 35 (no motive);
    # 0005: 2 years - 30, floor 0; 0006 is rehoused outside the cotation.
    assert {name: one["points"] for name, one in demands.items()} == {
        "=1+1": 130,
        "0002": 80,
        "0003": 65,
        "0004": 35,
        "0005": 0,
        "0006": 0,
    }
    lines = {line["criterion"]: line for line in demands["=1+1"]["lines"]}
    assert {name: (line["points"], line["counted"]) for name, line in lines.items()} == {
        "dalo": (100, 100),
        "eviction": (60, 0),
        "seniority": (30, 30),
        "refusals": (0, 0),
    }
    assert lines["dalo"]["evidence"] == "verified"
    assert "transfer" in {line["criterion"] for line in demands["0004"]["lines"]}
    # 0004 has absolute priority, then the points decide.
    ranks = {name: one["rank"] for name, one in demands.items()}
    assert ranks == {"0004": 1, "=1+1": 2, "0002": 3, "0003": 4, "0005": 5, "0006": None}
    assert demands["0004"]["flags"] == ["absolute_priority"]
    assert demands["0006"]["flags"] == ["out_of_scope"]
    # An empty cell is missing: said, never a measured 0.
    assert set(demands["0004"]["missing"]) == {"motives", "unjustified_refusals_24m", "right_to_rehousing"}
    assert set(demands["0002"]["missing"]) == {"violence_proven", "right_to_rehousing"}


def test_verified_points_count_what_is_proven_only(
    mixite: Callable[..., Any], files: tuple[Path, Path]
) -> None:
    demands = {one["demand_id"]: one for one in scored(mixite, files).answer["demands"]}
    # DALO is the act of a commission; the eviction of 0002 is proven, that of 0003 is declared only:
    # 0003: 20 - 15 = 5.
    assert demands["=1+1"]["points_verified"] == 130
    assert demands["0002"]["points_verified"] == 80
    assert demands["0003"]["points_verified"] == 5
    (eviction,) = [line for line in demands["0003"]["lines"] if line["criterion"] == "eviction"]
    assert (eviction["points"], eviction["verified"]) == (60, 0)


def test_ties_go_to_the_oldest_then_to_the_lottery_or_stay_equal(
    mixite: Callable[..., Any], tmp_path: Path
) -> None:
    rows = "".join(
        f"{name},{filed},1,0,59350,2,2,false,,primo,,,,,,,\n"
        for name, filed in (
            ("a", "2024-06-01"),
            ("b", "2024-05-01"),
            ("c", "2024-06-01"),
            ("d", "2024-06-01"),
        )
    )
    (tmp_path / "demands.csv").write_text(HEAD + rows, encoding="utf-8")
    (tmp_path / "sort.toml").write_text(GRID, encoding="utf-8")
    (tmp_path / "egal.toml").write_text(GRID.replace(', "lottery"]', "]"), encoding="utf-8")
    ranks = {}
    for grid in ("sort", "egal"):
        found = scored(mixite, (tmp_path / f"{grid}.toml", tmp_path / "demands.csv"))
        ranks[grid] = {one["demand_id"]: one["rank"] for one in found.answer["demands"]}
    assert ranks["egal"] == {"a": 2, "b": 1, "c": 2, "d": 2}  # nothing separates a, c and d
    assert ranks["sort"]["b"] == 1
    assert sorted(ranks["sort"].values()) == [1, 2, 3, 4]
    other = scored(mixite, (tmp_path / "sort.toml", tmp_path / "demands.csv"), "--seed", 3)
    assert sorted(one["rank"] for one in other.answer["demands"]) == [1, 2, 3, 4]


def test_similar_demands_ask_for_the_same_rooms_and_first_commune(
    mixite: Callable[..., Any], files: tuple[Path, Path]
) -> None:
    demands = {one["demand_id"]: one for one in scored(mixite, files).answer["demands"]}
    # Two rooms in 59350: 0004 (35, first), =1+1 (130), 0002 (80), 0003 (65); 0006 has no rank.
    similar = demands["0002"]["similar"]
    assert (similar["demands"], similar["rank"], similar["commune"]) == (4, 3, "59350")
    assert (similar["points"]["lowest"], similar["points"]["median"]) == (35, 72.5)
    assert (demands["0005"]["similar"]["demands"], demands["0005"]["similar"]["rank"]) == (1, 1)
    assert demands["0002"]["wait"] == {
        "leases": 0,
        "first_quartile_months": None,
        "median_months": None,
        "third_quartile_months": None,
    }


def test_the_observed_wait_is_read_from_the_leases_of_the_folder(
    mixite: Callable[..., Any], tmp_path: Path
) -> None:
    for name in ("residences", "dwellings", "demands", "occupants"):
        (tmp_path / f"{name}.csv").write_bytes((TOY / f"{name}.csv").read_bytes())
    (tmp_path / "territory.toml").write_bytes((TOY / "territory.toml").read_bytes())
    dwellings = list(csv.DictReader(StringIO((TOY / "dwellings.csv").read_text(encoding="utf-8"))))
    communes = {
        row["residence_id"]: row["commune"]
        for row in csv.DictReader(StringIO((TOY / "residences.csv").read_text(encoding="utf-8")))
    }
    place = next(
        one for one in dwellings if communes[one["residence_id"]] == "59350" and one["rooms"] in "12"
    )
    lease = f"{place['dwelling_id']},X,2025-07-01,2024-07-01,aucun"  # 365 days: 12 months
    (tmp_path / "leases.csv").write_text(
        f"dwelling_id,demand_id,signed_on,filed_on,reservataire\n{lease}\n", encoding="utf-8"
    )
    grid = GRIDS / "synthetic-seniority-capped.toml"
    found = mixite("grid", "score", grid, "--demands", tmp_path, "--json")
    assert found.code == 0, found.said
    wait = {one["demand_id"]: one["wait"] for one in found.answer["demands"]}
    assert wait["D02"]["leases"] == 1  # one or two rooms in 59350
    assert wait["D02"]["median_months"] == pytest.approx(12, abs=0.05)
    assert wait["D03"]["leases"] == 0


def test_forbidden_columns_are_dropped_counted_and_change_nothing(
    mixite: Callable[..., Any], files: tuple[Path, Path], tmp_path: Path
) -> None:
    found = scored(mixite, files)
    assert found.answer["dropped_columns"] == ["nom"]
    assert "1 colonne interdite écartée" in found.said
    text = files[1].read_text(encoding="utf-8").replace("Canari", "Autre")
    files[1].write_text(text, encoding="utf-8")
    assert scored(mixite, files).answer == found.answer


def test_nobody_s_data_is_said_beside_the_answer(
    mixite: Callable[..., Any], files: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    found = scored(mixite, files)
    for planted in ("Canari", "0002", "=1+1", "2024-05-31", "ANRU"):
        assert planted not in found.said
        assert planted not in caplog.text
    assert "Canari" not in json.dumps(found.answer)


def test_a_partial_grid_is_refused_unless_it_is_asked_for_and_then_says_so(
    mixite: Callable[..., Any], files: tuple[Path, Path], tmp_path: Path
) -> None:
    grid, _ = files
    grid.write_text(GRID.replace("complete = true", "complete = false"), encoding="utf-8")
    refused = scored(mixite, files)
    assert refused.code == 2
    assert "--allow-partial" in refused.said
    out = tmp_path / "page.html"
    found = scored(mixite, files, "--allow-partial", "--out", out)
    assert (found.code, found.answer["complete"]) == (0, False)
    assert any("Grille partielle" in note for note in found.answer["notes"])
    assert "Grille partielle" in out.read_text(encoding="utf-8")


def test_faults_of_the_grid_and_of_the_demands_are_said_together(
    mixite: Callable[..., Any], files: tuple[Path, Path]
) -> None:
    grid, demands = files
    grid.write_text(GRID.replace("points = 100", 'points = "cent"'), encoding="utf-8")
    demands.write_text(
        (HEAD + ROWS).replace("2024-05-31", "31/05/2024").replace("0003,", "0002,"), encoding="utf-8"
    )
    found = scored(mixite, files)
    assert found.code == 2
    columns = [fault["column"] for fault in found.answer["faults"]]
    assert columns == ["criteria[0].points", "demand_id", "filed_on"]
    assert "écrire 2024-05-31" in found.said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--on", "2026-02-30"), "une date du calendrier"),
        (("--out", "liste.pdf"), "type de fichier inconnu"),
        (("--demand", "00002"), "demande inconnue"),
    ],
)
def test_a_wrong_option_is_a_fault(
    mixite: Callable[..., Any], files: tuple[Path, Path], more: tuple[str, ...], said: str
) -> None:
    grid, demands = files
    found = mixite("grid", "score", grid, "--demands", demands, *more)
    assert (found.code, said in found.said) == (2, True), found.said


def test_excel_and_csv_hold_texts_never_formulas(
    mixite: Callable[..., Any], files: tuple[Path, Path], tmp_path: Path
) -> None:
    book, text = tmp_path / "points.xlsx", tmp_path / "points.csv"
    for out in (book, text):
        assert scored(mixite, files, "--out", out).code == 0
    sheets = CalamineWorkbook.from_path(str(book))
    assert sheets.sheet_names == ["Lisez-moi", "Demandes", "Grille"]
    header, *rows = sheets.get_sheet_by_name("Demandes").to_python()
    assert header[:4] == ["demand_id", "rank", "points", "points_verified"]
    assert [row[0] for row in rows] == ["=1+1", "0002", "0003", "0004", "0005", "0006"]
    assert [row[2] for row in rows] == [130, 80, 65, 35, 0, 0]
    read = list(csv.DictReader(StringIO(text.read_text(encoding="utf-8-sig"))))
    assert read[0]["demand_id"] == "'=1+1"
    assert [row["points"] for row in read] == ["130", "80", "65", "35", "0", "0"]
    assert read[5]["rank"] == ""


def test_the_page_of_an_applicant_tells_all_that_is_owed_and_loads_nothing(
    mixite: Callable[..., Any], files: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "page.html"
    assert scored(mixite, files, "--out", out, "--demand", "0003").code == 0
    page = out.read_text(encoding="utf-8")
    for said in (
        "Votre demande a 65 points",
        "Sans les critères dont la pièce manque encore, elle en a 5 points",
        "rang 4",
        "aide à la décision",
        "R.441-2-17",
        "procédure d&#x27;expulsion",
        "dalo : 100 points",  # the weight of a criterion that gives this demand nothing
        "Délai d&#x27;attente observé",
    ):
        assert said in page, said
    assert "n° 0002" not in page  # another applicant's number
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert list(forbidden_words(page)) == []


def test_every_attribute_and_every_code_has_its_french_name() -> None:
    assert LABELS.keys() == ATTRIBUTES.keys()
    for name, labels in CODES.items():
        assert tuple(labels) == ATTRIBUTES[name].codes
