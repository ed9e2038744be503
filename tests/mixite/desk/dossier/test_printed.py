"""The printed dossier of a sitting: what its pages say, in which order, and what they never say."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filled_sitting import saved

from mixite.desk.dossier.printed import TEMPLATE, content, data
from mixite.desk.suggesting import Standing, Suggestion
from mixite.report.words import SYNTHETIC_BANNER, forbidden_words
from sim.policies.reasons import NotPresented
from sim.rules.quotas import TARGET

TARGET_ROW = "first_quartile ≥ 30 % à accueillir, R1"


def texts(value: Any) -> list[str]:
    """Return every text of the data of a dossier."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def passed_over(found: Suggestion, name: str) -> Suggestion:
    """Return the suggestion as if a line of the strategy had passed before a demand at the first dwelling."""
    names = found.today.state.register.demand_id[found.sitting.demand].tolist()
    one = NotPresented(0, names.index(name), 9, "row", (TARGET_ROW,), True, (0,), "serait présentée")
    row = Standing(TARGET_ROW, 30, TARGET, (0, 0), (0, 1))
    rows = replace(found.sitting.rows, label=(*found.sitting.rows.label[:-1], TARGET_ROW))
    sitting = replace(found.sitting, standing=lambda: rows)
    assert found.explained is not None
    return replace(
        found,
        today=replace(found.today, sitting=sitting),
        not_presented=(one,),
        explained=replace(found.explained, counts={0: {TARGET_ROW: 1}}),
        rows=(*found.rows[:-1], row),
    )


def test_a_priority_household_overtaken_by_a_target_is_on_the_first_page_without_its_number(
    sitting: Callable[..., Suggestion],
) -> None:
    told = data(passed_over(sitting(), "D07"), instruction=False)  # D07 is under DALO
    assert told["overtaken"] == [
        "L3 : 1 ménage(s) neutre(s) ou prioritaire(s), mieux coté(s), non présenté(s) du fait de "
        "« Premier quartile ≥ 30 % à accueillir dans la résidence R1 »"
    ]
    assert (
        data(passed_over(sitting(), "D02"), instruction=False)["overtaken"] == []
    )  # no priority, not neutral


def test_a_priority_household_listed_after_one_scored_less_is_on_the_first_page_too(
    sitting: Callable[..., Suggestion],
) -> None:
    found = passed_over(sitting(), "D02")  # the row is a line of the strategy; D02 is of no priority
    names = found.today.state.register.demand_id[found.sitting.demand]
    listed = tuple(
        replace(one, before_it=(TARGET_ROW,)) if names[one.demand] in ("D07", "D09") else one
        for one in found.suggested
    )
    told = data(replace(found, suggested=listed), instruction=False)
    assert told["overtaken"] == [  # D07 is under DALO, D09 is not
        "L6 : 1 ménage(s) neutre(s) ou prioritaire(s), mieux coté(s), présenté(s) après un autre du fait de "
        "« Premier quartile ≥ 30 % à accueillir dans la résidence R1 »"
    ]


def test_better_scored_demands_are_counts_and_never_names(sitting: Callable[..., Suggestion]) -> None:
    told = data(passed_over(sitting(), "D02"), instruction=False)
    assert [home["better"] for home in told["dwellings"]] == [1, 0, 0]
    assert not any("D02" in text for text in texts(told))


def test_each_dwelling_has_its_list_whole_and_its_boxes(sitting: Callable[..., Suggestion]) -> None:
    told = data(sitting(), instruction=False)
    assert [(home["name"], home["demands"]) for home in told["dwellings"]] == [
        ("L3", ["1 — D03", "2 — D10"]),
        ("L6", ["1 — D07", "2 — D09", "3 — D06"]),
        ("L9", []),
    ]
    assert len(told["decisions"]) == 5
    assert [re.sub(r"[\d,]+.*", "", line) for line in told["dwellings"][0]["candidates"][0]["cells"][5]] == [
        "Taux d'effort : ",
        "Reste à vivre : ",
    ]


def test_the_commissions_copy_holds_nothing_confidential(sitting: Callable[..., Suggestion]) -> None:
    common = " ".join(texts(data(sitting(), instruction=False)))
    own = " ".join(texts(data(sitting(), instruction=True)))
    for word in ("Violences familiales", "Handicap", "lettre g", "L.441-1 : DALO"):
        assert word not in common
    assert "Violences familiales" in own
    assert "L.441-1 : DALO" in own


def test_the_words_are_those_of_a_commission(sitting: Callable[..., Suggestion]) -> None:
    told = data(sitting(), instruction=False)
    template = TEMPLATE.read_text(encoding="utf-8")
    for text in [template, *texts(told)]:
        assert not list(forbidden_words(text))
    assert told["suggested"] == "Ordre de présentation suggéré"
    assert told["banner"] == SYNTHETIC_BANNER
    assert "La commission décide" in told["decides"]


def test_the_same_sitting_gives_the_same_bytes_and_another_another_digest(
    sitting: Callable[..., Suggestion],
) -> None:
    found = sitting()
    assert content(found) == content(found)
    assert data(found, False)["digest"] == data(sitting(), False)["digest"]
    assert data(found, False)["digest"] != data(sitting(forbid=("L6:D09",)), False)["digest"]


def test_the_dossier_has_a_summary_and_a_page_for_each_dwelling(sitting: Callable[..., Suggestion]) -> None:
    made = content(sitting())
    assert made.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 5  # summary, list of dwellings, three dwellings


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_each_page_is_a4_landscape_with_sitting_banner_digest_and_number(
    sitting: Callable[..., Suggestion], tmp_path: Path
) -> None:
    found = sitting()
    path = saved(tmp_path / "seance.pdf", content(found))
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    )
    pages = text.stdout.split("\f")[:-1]
    digest = data(found, False)["digest"]
    assert len(pages) == 5
    for number, page in enumerate(pages, start=1):
        assert "Commission du 2 février 2026" in page
        assert SYNTHETIC_BANNER in page
        assert digest in page
        assert "La commission décide." in page
        assert f"page {number} / 5" in page
    for name, page in zip(("L3", "L6", "L9"), pages[2:], strict=True):
        assert f"Logement {name}" in page
    assert "Aucune demande éligible" in pages[4]
    info = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Page size:\s+841\.89 x 595\.27", info) or "A4" in info
