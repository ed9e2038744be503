"""How near to the best the sittings are, as the report shows it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from mixite.report import solving, write_report
from mixite.report.study import Study
from sim.indicators import CATALOGUE

Make = Callable[..., Study]

GAPS = {
    "matching_gap_median": (0.0, 0.0),
    "matching_gap_p90": (0.2, 0.4),
    "matching_gap_max": (1.5, 4.25),
    "matching_proved_share": (0.8, 0.9),
    "matching_within_share": (0.96, 1.0),
}


def with_gaps(study: Study, policy: str) -> Study:
    """Return a study where one policy has the gaps above in its first two replications."""
    rows = [
        {
            "policy": policy,
            "replication": number,
            "indicator": name,
            "group": "all",
            "year": 0,
            "value": value,
        }
        | {"unit": CATALOGUE[name].unit}
        for name, values in GAPS.items()
        for number, value in enumerate(values)
    ]
    return replace(study, values=pd.concat([study.values, pd.DataFrame(rows)], ignore_index=True))


def test_a_policy_is_told_by_the_means_of_its_replications_and_the_largest_gap(study_of: Make) -> None:
    found = solving.gap_rows(with_gaps(study_of(), "cotation_quotas"))
    percents = ("85,0\u202f%", "98,0\u202f%")
    assert found == [("cotation et obligations légales", "0,00", "0,30", "4,25", *percents)]


def test_policies_that_match_nothing_jointly_have_no_line(study_of: Make) -> None:
    assert solving.gaps(study_of()) == ""


def test_the_page_shows_the_gaps(study_of: Make, tmp_path: Path) -> None:
    write_report(with_gaps(study_of(), "cotation_quotas"), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Écart des séances à la borne, en millièmes" in page
