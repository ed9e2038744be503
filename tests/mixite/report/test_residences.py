"""Residences that become « à conforter », as the report shows them."""

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from mixite.report import residences, words
from mixite.report.page import page
from mixite.report.study import Study
from mixite.residences import Residences
from sim.residences import chances, differences, follow

Make = Callable[..., Study]
A, B = "cotation_only", "cotation_peuplement"
PLACES = ("often", "told", "small", "seldom", "never", "start")


def run(policy: str, replication: int) -> pd.DataFrame:
    """Return two 1 January of six residences in one replication of ten."""
    moves = {
        "often": replication < 7,
        "told": policy == A,  # in every replication under a, in none under b but one
        "small": True,
        "seldom": True,
        "never": False,
        "start": True,
    }
    if policy == B and replication == 0:
        moves["told"] = True
    begins = {"seldom": replication < 6, "start": True}  # already « à conforter » in that many of ten
    rows = [
        {
            "residence_id": name,
            "year": year,
            "dwellings": 20,
            "households": 10 if name == "small" else 18,
            "peuplement_type": "a_conforter"
            if (begins.get(name, False) if year == 2027 else moves[name])
            else "en_vigilance",
        }
        for year in (2027, 2028)
        for name in PLACES
    ]
    return pd.DataFrame(rows)


def followed(study: Study) -> Study:
    found = follow((policy, place, run(policy, place)) for policy in (A, B) for place in range(10))
    return replace(study, residences=Residences(chances(found), differences(found, [(A, B)])))


def test_residences_are_shown_by_frequency_with_intervals_and_the_paired_difference(study_of: Make) -> None:
    text = residences.section(followed(study_of()))
    names = re.findall(r'<th scope="row">(\w+)</th>', text)
    assert names == ["often", "told"]
    often, told = text.split('<th scope="row">')[1:]
    # 7 of 10 under both: Wilson [40 ; 89] %; the difference holds zero.
    assert often.count("70\u202f% [40 ; 89]") == 2
    assert words.NOT_DISTINGUISHED in often
    # 10 of 10 then 1 of 10: −90 points, told.
    assert "\u221290,0\u00a0pt" in told
    assert words.DISTINGUISHED in told


def test_small_residences_and_those_seldom_followed_are_not_shown(study_of: Make) -> None:
    study = followed(study_of())
    text = residences.section(study)
    assert study.residences is not None
    table = study.residences.chances.set_index(["policy", "residence_id"])
    assert table.loc[(B, "small"), "chance"] == 1  # 10 households
    assert table.loc[(B, "seldom"), "n"] == 4  # of 10 replications
    assert not {"small", "seldom", "start", "never"} & set(re.findall(r'<th scope="row">(\w+)</th>', text))
    assert "moins de 11 ménages" in text


def test_the_mean_over_the_epci_has_its_paired_interval(study_of: Make) -> None:
    study = followed(study_of())
    row = study.difference("residences_reaching_a_conforter", "all", (A, B))
    assert row is not None
    told = words.DISTINGUISHED if row["distinguished"] else words.NOT_DISTINGUISHED
    assert re.search(rf"écart \S+\u00a0pt \[[^]]+\], {told}\.", residences.section(study))


def test_the_section_stands_once_below_the_four_numbers_and_is_absent_where_nothing_was_followed(
    study_of: Make,
) -> None:
    study = study_of()
    assert residences.section(study) == ""
    assert residences.TITLE not in page(study, [])
    titles = re.findall(r"<h2>(.*?)</h2>", page(followed(study), []))
    assert titles.count(residences.TITLE) == 1
    assert titles.index(residences.TITLE) > titles.index("Résidualisation : quatre lectures")


def test_a_policy_alone_has_frequencies_and_no_difference(study_of: Make) -> None:
    study = study_of(policies=(A,))
    found = follow((A, place, run(A, place)) for place in range(10))
    text = residences.section(replace(study, residences=Residences(chances(found), differences(found, []))))
    assert "Écart" not in text
    assert re.findall(r'<th scope="row">(\w+)</th>', text) == ["told", "often"]


def test_nothing_shown_is_said(study_of: Make) -> None:
    found = follow((A, place, run(A, place).query("residence_id == 'never'")) for place in range(10))
    study = replace(study_of(policies=(A,)), residences=Residences(chances(found), differences(found, [])))
    assert "Aucune des résidences montrées ne le devient" in residences.section(study)
