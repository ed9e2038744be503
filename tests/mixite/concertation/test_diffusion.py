"""Who may read what: nothing that a level may not hold is in any byte of what it writes."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filled import APPRAISAL, PROPOSAL, SIGNATURES, TUTORIAL, fill

from mixite import qualifying
from mixite.concertation import documents, sheets
from mixite.concertation.concerted import Concerted, concerted
from mixite.concertation.diffusion import Published, in_public, published
from mixite.concertation.outside import outside_workbook
from mixite.concertation.workbook import workbook
from mixite.diffusion import FEWEST, LESS, check_level
from mixite.report import words
from sim.territory.columns import PEUPLEMENT_TYPES
from sim.territory.files.faults import FaultsFound

REMARK, ARGUMENT = "Infiltrations au pignon nord", "Chantier de deux ans"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Concerted:
    """The tutorial's territory with names to look for, one decision signed and one open."""
    place = tmp_path_factory.mktemp("diffusion")
    first = qualifying.qualification(TUTORIAL, seed=1)
    residences = first.territory.residences
    named = np.array([f"Clos-{row}-des-Lilas" for row in range(len(residences.name))])
    territory = replace(first.territory, residences=replace(residences, name=named))
    statistics = replace(first, territory=territory)
    (place / "a.xlsx").write_bytes(workbook(published(concerted(statistics), "interne")))
    entries = {
        "Appréciations": [{**APPRAISAL, "Remarque": REMARK}],
        "Décisions": [{**PROPOSAL, **SIGNATURES}, {**PROPOSAL, "Référence résidence": "R0002"}],
    }
    fill(place / "a.xlsx", place / "b.xlsx", entries)
    return concerted(statistics, place / "b.xlsx")


def everything(told: Published) -> Iterator[tuple[str, str]]:
    """Give every text that a level writes, form by form, as it stands once unpacked."""
    yield "json", documents.json_text(told)
    yield "csv", documents.table(told).to_csv(index=False)
    content = workbook(told) if told.level == "interne" else outside_workbook(told)
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        for name in whole.namelist():
            yield f"xlsx {name}", whole.read(name).decode()
    for name, page in sheets.documents(told):
        yield f"pdf {name}", name + json.dumps(page, ensure_ascii=False)


def texts_of(told: Published) -> str:
    return "\n".join(text for _, text in everything(told))


def test_the_partners_read_everything(found: Concerted) -> None:
    for form in ("json", "xlsx", "pdf"):
        text = "\n".join(t for name, t in everything(published(found, "interne")) if name.startswith(form))
        for each in (REMARK, ARGUMENT, "R0001", "Clos-0-des-Lilas"):
            assert each in text, (form, each)


def test_no_name_identifier_or_remark_is_in_a_byte_of_what_is_public(found: Concerted) -> None:
    text = texts_of(published(found, "public"))
    residences = found.qualification.territory.residences
    hidden = [REMARK, ARGUMENT, "Lilas", *residences.residence_id.tolist(), *residences.name.tolist()]
    assert [each for each in hidden if each in text] == []
    for key in ("score", "households", "residence_id", "lambert", '"x"', '"y"', "direction_generale"):
        assert key not in text, key
    assert words.SYNTHETIC_BANNER in text


def test_what_is_public_holds_no_count_under_eleven(found: Concerted) -> None:
    for row in published(found, "public").communes:
        assert row["residences"] == LESS or row["residences"] >= FEWEST
        assert set(row) == {"commune", "commune_name", "view", "type", "residences"}


def test_the_cil_reads_no_remark_no_score_and_no_figure_of_the_whole_epci(found: Concerted) -> None:
    told = published(found, "cil")
    text = texts_of(told)
    for each in (REMARK, ARGUMENT, "direction générale", "Chantier", '"score"', "Écart type"):
        assert each not in text, each
    assert documents.document(told)["indices"] == {}
    assert "ruler" not in told.method
    (row,) = (row for row in told.residences if row["residence_id"] == "R0001")
    assert row["appraisals"]["commune"] == 1
    assert row["signed_on"] == "2024-02-12"


def test_the_cil_reads_no_raw_figure_of_a_residence_under_eleven_households(found: Concerted) -> None:
    households = found.qualification.qualified.observed.households.tolist()
    told = published(found, "cil").residences
    small = [row for row, count in zip(told, households, strict=True) if count < FEWEST]
    assert 0 < len(small) < len(told)
    for row in small:
        assert row["households"] is None
        assert {figure["value"] for figure in row["indicators"].values()} == {None}
        assert row["type"] in PEUPLEMENT_TYPES  # the type stays
    for row, count in zip(told, households, strict=True):
        if count >= FEWEST:
            assert row["households"] == count
            assert row["indicators"]["first_quartile"]["value"] is not None


def test_a_figure_counted_of_fewer_than_eleven_is_masked_in_a_large_residence_too(found: Concerted) -> None:
    qualified = found.qualification.qualified
    place = list(qualified.indicators()).index("refusals")
    tally = qualified.observed.population
    x, n = tally.x.copy(), tally.n.copy()
    x[:, place], n[:, place] = 1.0, 10.0
    observed = replace(qualified.observed, population=replace(tally, x=x, n=n))
    changed = replace(qualified, observed=observed)
    again = replace(found, qualification=replace(found.qualification, qualified=changed))
    assert {row["indicators"]["refusals"]["value"] for row in published(again, "cil").residences} == {None}
    assert published(again, "interne").residences[0]["indicators"]["refusals"]["value"] == 0.1


def with_types(
    found: Concerted,
    households: list[int],
    kinds: list[int],
    communes: list[int],
    aimed: list[int] | None = None,
) -> Published:
    """Return what is public of residences of given sizes, types and communes; they aim at their type now."""
    rows = len(found.names)
    pad = rows - len(households)
    qualification = found.qualification
    residences = replace(
        qualification.territory.residences, commune=np.array([*communes, *[3] * pad], dtype=np.int64)
    )
    observed = replace(
        qualification.qualified.observed, households=np.array([*households, *[0] * pad], dtype=np.int64)
    )
    whole = np.array([*kinds, *[0] * pad])
    target = np.array([*(aimed or kinds), *[0] * pad])
    return published(
        replace(
            found,
            qualification=replace(
                qualification,
                territory=replace(qualification.territory, residences=residences),
                qualified=replace(qualification.qualified, observed=observed),
            ),
            settled=replace(found.settled, type=whole, target=target),
        ),
        "public",
    )


def cells(told: Published, view: str = "peuplement actuel") -> dict[tuple[str, str], Any]:
    return {(row["commune"], row["type"]): row["residences"] for row in told.communes if row["view"] == view}


@pytest.mark.parametrize(
    ("households", "count"),
    [
        ([], 0),
        ([10], 0),  # alone under eleven: nowhere
        ([11], 1),
        ([6, 4], 0),  # ten together
        ([6, 5], 2),  # eleven together
        ([40, 10], 1),  # the small one is alone: not counted with the large one
        ([40, 6, 5], 3),
        ([0, 0], 0),
    ],
)
def test_small_residences_are_counted_where_they_hold_eleven_households_together(
    households: list[int], count: int
) -> None:
    sizes = np.array(households, dtype=np.int64)
    assert in_public(sizes, np.zeros((3, len(sizes)), dtype=np.int64)).sum() == count


def test_a_single_masked_residence_is_given_away_by_no_total(found: Concerted) -> None:
    # Commune 0 holds twelve residences « en capacité » of 20 households and one small one. Whatever its type
    # and its size under eleven, what is public stays the same, byte for byte.
    texts = {
        texts_of(with_types(found, [20] * 12 + [size], [0] * 12 + [kind], [0] * 13))
        for kind in range(4)
        for size in (0, 1, 10)
    }
    assert len(texts) == 1
    told = with_types(found, [20] * 12 + [10], [0] * 12 + [3], [0] * 13)
    assert cells(told) == {("00001", "en_capacite"): 12}
    shown = with_types(found, [20] * 12 + [11], [0] * 12 + [3], [0] * 13)  # at eleven it is
    assert cells(shown)["00001", "a_conforter"] == LESS


def test_types_now_and_aimed_at_are_counted_of_the_same_residences(found: Concerted) -> None:
    # Twelve of twenty households; two small ones of one type now, eleven together, that aim at two types.
    # Counted view by view they would be in the first, 14 residences, and not in the second, 12.
    small = {"households": [20] * 12 + [6, 5], "kinds": [0] * 14, "communes": [0] * 14}
    apart = with_types(found, **small, aimed=[0] * 12 + [1, 2])
    totals = {row["view"]: row["residences"] for row in apart.communes}
    assert totals == {"peuplement actuel": 12, "peuplement cible": 12}
    together = with_types(found, **small, aimed=[0] * 12 + [1, 1])
    told = [(row["view"], row["type"], row["residences"]) for row in together.communes]
    assert told == [
        ("peuplement actuel", "en_capacite", 14),
        ("peuplement cible", "en_capacite", 12),
        ("peuplement cible", "en_equilibre", LESS),
    ]


def test_a_residence_that_is_not_counted_moves_no_byte_whatever_it_is(found: Concerted) -> None:
    draw = np.random.default_rng(11)
    hidden = 0
    for _ in range(12):
        households = draw.integers(0, 25, 25)
        kinds, aimed, communes = draw.integers(0, 4, 25), draw.integers(0, 4, 25), draw.integers(0, 2, 25)
        counted = in_public(households, np.stack([communes, kinds, aimed]))
        text = texts_of(
            with_types(found, *(column.tolist() for column in (households, kinds, communes, aimed)))
        )
        left = np.flatnonzero(~counted)
        if not len(left):
            continue
        hidden += len(left)
        rest = np.delete(np.arange(25), draw.choice(left))  # one of them is not there
        columns = (column[rest].tolist() for column in (households, kinds, communes, aimed))
        assert texts_of(with_types(found, *columns)) == text
    assert hidden > 20


def test_whatever_a_territory_is_the_public_count_is_that_of_a_count_by_hand(found: Concerted) -> None:
    draw = np.random.default_rng(7)
    codes = found.qualification.territory.communes
    for _ in range(20):
        households = draw.integers(0, 25, 30).tolist()
        kinds, aimed = draw.integers(0, 4, 30).tolist(), draw.integers(0, 2, 30).tolist()
        communes = draw.integers(0, 2, 30).tolist()
        told = with_types(found, households, kinds, communes, aimed)
        rows = list(zip(households, communes, kinds, aimed, strict=True))
        shown = [
            row
            for row in rows
            if row[0] >= 11 or sum(h for h, *r in rows if h < 11 and r == list(row[1:])) >= 11
        ]
        for view, place in (("peuplement actuel", 2), ("peuplement cible", 3)):
            counts = Counter((codes[row[1]], PEUPLEMENT_TYPES[row[place]]) for row in shown)
            assert cells(told, view) == {key: n if n >= 11 else LESS for key, n in counts.items()}


def test_an_unknown_level_names_the_nearest() -> None:
    with pytest.raises(FaultsFound, match="vouliez-vous dire « public »"):
        check_level("publique")


def test_no_level_writes_a_word_never_used(found: Concerted) -> None:
    for level in ("interne", "cil", "public"):
        assert not list(words.forbidden_words(texts_of(published(found, level))))


def test_the_workbooks_of_other_levels_are_not_read_back(found: Concerted, tmp_path: Path) -> None:
    for level in ("cil", "public"):
        path = tmp_path / f"{level}.xlsx"
        path.write_bytes(outside_workbook(published(found, level)))
        with pytest.raises(FaultsFound):
            concerted(found.qualification, path)
