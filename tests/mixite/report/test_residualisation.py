"""The four numbers of residualisation: two headings, intervals, and no sum."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape, unescape

import pytest

from mixite.report import numbers, residualisation, words
from mixite.report.study import Study

Make = Callable[..., Study]


def rows_of(table: str) -> list[list[str]]:
    """Return the cells of the body of a table."""
    body = table.split("<tbody>")[1].split("</tbody>")[0]
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)] for line in lines]


def opening(text: str) -> str:
    """Return the section before anything folded: what leads."""
    return text.partition("<details>")[0]


def test_exactly_four_numbers_lead_two_under_each_heading(study_of: Make) -> None:
    text = opening(residualisation.section(study_of()))
    assert re.findall(r"<h3>(.*?)</h3>", text) == ["Niveau (qui entre)", "Répartition (où)"]
    level, spread = (rows_of(table) for table in re.findall(r"<table>.*?</table>", text, re.DOTALL))
    assert [row[0][:3] for row in level] == ["1. ", "2. "]
    assert [row[0][:3] for row in spread if not row[0].startswith("dont")] == ["3. ", "4. "]
    assert "Dissimilarité entre résidences, hors effet du hasard" in spread[0][0]
    assert "Premier quartile dans le parc occupé" in level[0][0]
    said = text.partition("<table>")[0]
    assert "ne s&#x27;additionnent pas, car ils peuvent aller en sens contraire" in said
    assert "total" not in text.lower()


def test_the_two_directions_of_types_are_shown_each_with_its_interval(study_of: Make) -> None:
    study = study_of()
    spread = rows_of(re.findall(r"<table>.*?</table>", opening(residualisation.section(study)), re.DOTALL)[1])
    (less,) = (row for row in spread if "moins favorable" in row[0])
    (more,) = (row for row in spread if "plus favorable" in row[0])
    for row, name in ((less, "residences_less_favourable"), (more, "residences_more_favourable")):
        known = study.difference(name, "all", study.first_pair)
        assert known is not None
        assert row[1] == numbers.measure(known["mean_a"], "résidences")
        assert row[4] == numbers.interval(known["ci_low"], known["ci_high"], "résidences")


def test_every_pair_of_the_ladder_has_its_four_numbers_with_intervals(study_of: Make) -> None:
    study = study_of()
    text = residualisation.section(study)
    for pair in (study.first_pair, *study.steps):
        for heading, asked in residualisation.LEAD.items():
            caption = escape(f"{heading} : {words.step(*pair)}")
            table = text.split(f"<caption>{caption}</caption>")[1].split("</table>")[0]
            rows = rows_of(table)
            assert len(rows) == len(asked)
            for row, (_, indicator, group) in zip(rows, asked, strict=True):
                known = study.difference(indicator, group, pair)
                assert known is not None
                told = words.DISTINGUISHED if known["distinguished"] else words.NOT_DISTINGUISHED
                assert row[5] == told
                assert row[4].startswith("[")


def test_what_stands_behind_is_folded_and_absent_values_leave_no_row(study_of: Make) -> None:
    text = residualisation.section(study_of())
    behind = text.split("<summary>Ce que recouvrent ces quatre nombres</summary>")[1]
    assert "« en équilibre » → « à conforter »" in behind
    assert "« à conforter » → « en capacité »" not in behind  # not in the made-up values
    assert "résidences « à conforter » au départ" in behind


def test_a_passage_that_no_residence_makes_is_shown_as_nought(study_of: Make) -> None:
    study = study_of()
    nobody = study.values["value"].where(study.values["indicator"] != "type_transition_share", 0.0)
    text = residualisation.section(replace(study, values=study.values.assign(value=nobody)))
    (row,) = re.findall(r"<tr><th[^>]*>« en équilibre » → « à conforter »</th>.*?</tr>", text)
    assert row.count("0,0\u202f%") == len(study.policies)


@pytest.mark.parametrize("policies", [("lottery",), ("cotation_only", "cotation_only")])
def test_a_policy_alone_or_twice_keeps_its_four_numbers(study_of: Make, policies: tuple[str, ...]) -> None:
    text = opening(residualisation.section(study_of(policies=policies)))
    assert len(re.findall(r">[1-4]\. ", text)) == 4


def test_the_section_holds_no_word_that_is_never_used(study_of: Make) -> None:
    assert not list(words.forbidden_words(residualisation.section(study_of())))
