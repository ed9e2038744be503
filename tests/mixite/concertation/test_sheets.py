"""The sheet of a residence, as PDF."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from filled import APPRAISAL, PROPOSAL, SIGNATURES, TUTORIAL, fill

from mixite import qualifying
from mixite.concertation import sheets
from mixite.concertation.concerted import Concerted, concerted
from mixite.concertation.diffusion import published
from mixite.concertation.workbook import workbook
from mixite.report import words


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Concerted:
    place = tmp_path_factory.mktemp("fiches")
    statistics = qualifying.qualification(TUTORIAL, seed=1)
    (place / "a.xlsx").write_bytes(workbook(published(concerted(statistics), "interne")))
    other = {
        **APPRAISAL,
        "Partenaire": "Bailleur",
        "Capacité d'accueil": "forte",
        "Remarque": "#set *gras* $x$",
    }
    entries = {"Appréciations": [APPRAISAL, other], "Décisions": [{**PROPOSAL, **SIGNATURES}]}
    fill(place / "a.xlsx", place / "b.xlsx", entries)
    return concerted(statistics, place / "b.xlsx")


def test_there_is_one_pdf_a_residence_and_always_the_same(found: Concerted, tmp_path: Path) -> None:
    told = published(found, "interne")
    few = replace(told, residences=told.residences[:3])
    assert sheets.write_sheets(few, tmp_path / "a") == 3
    sheets.write_sheets(few, tmp_path / "b")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["R0001.pdf", "R0002.pdf", "R0003.pdf"]
    for path in (tmp_path / "a").iterdir():
        content = path.read_bytes()
        assert content.startswith(b"%PDF-")
        assert content == (tmp_path / "b" / path.name).read_bytes()


def test_a_sheet_says_what_the_meeting_needs(found: Concerted) -> None:
    pages = dict(sheets.documents(published(found, "interne")))
    page = pages["R0001.pdf"]
    text = json.dumps(page, ensure_ascii=False)
    for said in (
        words.SYNTHETIC_BANNER,
        "Résidence de synthèse R0001",
        "bailleur A",
        "« à conforter »",
        "Infiltrations au pignon nord",
        "#set *gras* $x$",
        "Type signé le 12 février 2024",
        "Chantier de deux ans",
        "Bâti : Commune, 3 crans sous Bailleur",
        "Ménages du premier quartile",
    ):
        assert said in text, said
    assert not list(words.forbidden_words(text))
    assert found.qualification.territory.name in page["footer"]


def test_the_gauge_stands_inside_the_page_and_marks_the_class_of_the_score(found: Concerted) -> None:
    told = published(found, "interne")
    for row, (_, page) in zip(told.residences, sheets.documents(told), strict=True):
        (gauge,) = (part for part in page["parts"] if part["kind"] == "gauge")
        edges = [band["start"] for band in gauge["bands"]] + [gauge["bands"][-1]["end"]]
        assert edges == sorted(edges)
        assert (edges[0], edges[-1]) == (0, 1)
        marker = gauge["marker"]
        assert 0 <= marker["low"] <= marker["at"] <= marker["high"] <= 1
        (here,) = (band for band in gauge["bands"] if band["here"])
        assert here["start"] <= marker["at"] <= here["end"] + 1e-12
        assert row["score_class"] is not None


def test_a_residence_without_a_score_has_a_sheet_all_the_same(found: Concerted, tmp_path: Path) -> None:
    told = published(found, "interne")
    nothing = {name: float("nan") for name in ("score", "score_low", "score_high")}
    row = {
        **told.residences[0],
        **nothing,
        **dict.fromkeys(("type", "target", "capacity", "score_class", "moved", "decision", "build_year")),
        "types_in_interval": [],
    }
    assert sheets.write_sheets(replace(told, residences=(row,)), tmp_path) == 1


@pytest.mark.parametrize("level", ["cil", "public"])
def test_other_levels_have_their_sheets(found: Concerted, tmp_path: Path, level: str) -> None:
    told = published(found, level)
    few = replace(told, residences=told.residences[:2])
    assert sheets.write_sheets(few, tmp_path) == (2 if level == "cil" else 1)


def test_any_identifier_gives_a_file_of_its_own(found: Concerted) -> None:
    told = published(found, "interne")
    names = ["../a", "a/b", "a_b", "A_B", "é"]
    rows = tuple({**told.residences[0], "residence_id": name} for name in names)
    files = [name for name, _ in sheets.documents(replace(told, residences=rows))]
    assert len({name.lower() for name in files}) == len(names)
    assert all("/" not in name and not name.startswith(".") for name in files)
