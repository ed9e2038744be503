"""The sheet of a residence, as PDF."""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filled import APPRAISAL, PROPOSAL, SIGNATURES, TOY, TUTORIAL, fill

from mixite import qualifying
from mixite.concertation import documents, sheets
from mixite.concertation.concerted import Concerted, concerted
from mixite.concertation.diffusion import published
from mixite.concertation.gauge import setting
from mixite.concertation.phrases import banner
from mixite.concertation.workbook import workbook
from mixite.report import words
from sim.rules.peuplement.partners import TYPES


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


def test_the_gauge_stands_inside_the_page_marks_the_type_retained_and_names_that_of_the_score(
    found: Concerted,
) -> None:
    told = published(found, "interne")
    for row, (_, page) in zip(told.residences, sheets.documents(told), strict=True):
        (gauge,) = (part for part in page["parts"] if part["kind"] == "gauge")
        edges = [band["start"] for band in gauge["bands"]] + [gauge["bands"][-1]["end"]]
        assert edges == sorted(edges)
        assert (edges[0], edges[-1]) == (0, 1)
        marker = gauge["marker"]
        assert 0 <= marker["low"] <= marker["at"] <= marker["high"] <= 1
        (here,) = (band for band in gauge["bands"] if band["here"])
        assert (here["label"], here["read"][0]) == (TYPES[row["type"]], "type retenu")
        (own,) = (band for band in gauge["bands"] if "type statistique" in band["read"])
        assert own["start"] <= marker["at"] <= own["end"] + 1e-12
        assert own["label"] == TYPES[row["score_class"]]
    # R0001 is signed « à conforter » whatever its score: the two are told apart
    signed = told.residences[0]
    assert (signed["type"], signed["score_class"]) == ("a_conforter", signed["score_class"])
    assert signed["score_class"] != "a_conforter"


def rows_of(page: dict[str, Any], title: str) -> dict[str, list[str]]:
    (table,) = (part for part in page["parts"] if part["title"] == title)
    return {row[0]: row[1:] for row in table["rows"]}


def test_a_sheet_is_read_alone_level_unit_what_is_not_known_and_the_epci_s_own_rent(found: Concerted) -> None:
    told = published(found, "interne")
    page = dict(sheets.documents(told))["R0001.pdf"]
    text = json.dumps(page, ensure_ascii=False)
    assert "n. c." not in text  # the partners are refused nothing: it is not known
    (gauge,) = (part for part in page["parts"] if part["kind"] == "gauge")
    assert "en écarts types de l'EPCI" in gauge["title"]
    assert "intervalle à 90\u202f% de" in gauge["marker"]["label"]
    (population,) = (part for part in page["parts"] if part["title"] == "Indicateurs de population")
    assert "Intervalle à 90\u202f%" in population["headers"]
    assert rows_of(page, "Indicateurs de population")["Propositions refusées"] == [
        "non connu",
        "—",
        "0",
        "non connu",
    ]
    built = rows_of(page, "Bâti et patrimoine")
    assert built["Loyer au m² sous celui de l'EPCI"][1] == "0\u202f%"  # the EPCI's rent is its own
    (building,) = (part for part in page["parts"] if part["title"] == "Bâti et patrimoine")
    assert building["headers"][2] == "EPCI, moyenne pondérée par les logements"
    # worked apart: the mean size by dwellings is Σn²/Σn
    n = found.qualification.qualified.observed.dwellings.astype(float)
    assert built["Taille de la résidence"][1] == f"{(n**2).sum() / n.sum():.0f}\xa0logements".replace(
        "\xa0", " "
    )
    assert "Non pris en compte, faute de données : Propositions refusées" in text


def test_the_sensitivity_of_a_type_is_on_its_sheet(found: Concerted) -> None:
    told = published(found, "interne")
    pages = dict(sheets.documents(told))
    settings = found.qualification.sensitivity.settings
    types, statistical = found.qualification.sensitivity.types, found.qualification.qualified.statistical
    moved = 0
    for row, name in enumerate(found.names):
        text = json.dumps(pages[f"{name}.pdf"], ensure_ascii=False)
        same = int((types[row] == statistical[row]).sum())
        said = f"Type statistique inchangé sous {same} réglages des poids sur {len(settings)}"
        assert said in text, name
        assert ("changé par : " in text) == (same < len(settings)), name
        moved += same < len(settings)
    assert moved, "none moves, or this test says nothing"
    assert setting("first_quartile=0") == "sans ménages du premier quartile"
    assert setting("vacancy=0.25") == "logements vacants, poids 0,25"


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


def test_what_is_said_of_tables_while_reading_fills_no_banner(tmp_path: Path) -> None:
    folder = shutil.copytree(TOY, tmp_path / "sans")
    for name in ("leases", "offers", "vacancies"):
        (folder / f"{name}.csv").unlink(missing_ok=True)
    read = concerted(qualifying.qualification(folder))
    own = tomllib.loads((folder / "territory.toml").read_text(encoding="utf-8")).get("notes", [])
    own = [each for each in own if each != words.SYNTHETIC_BANNER]
    loaded = [each for each in read.qualification.territory.notes if each.startswith("sans ")]
    assert loaded, "nothing is said of the tables, or this test says nothing"
    for level in ("interne", "cil", "public"):
        told = published(read, level)
        assert told.about["notices"] == [*own, words.SYNTHETIC_BANNER]
        assert not [each for each in loaded if each in banner(told)]
    # the document, that programs read, keeps them
    assert set(loaded) <= set(documents.document(published(read, "interne"))["notices"])
