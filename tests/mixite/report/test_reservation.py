"""The dwellings of each réservataire, as the report shows them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from mixite.report import reservation, write_report
from mixite.report.study import Study
from sim.indicators import CATALOGUE

Make = Callable[..., Study]

# (group, year): dwellings oriented and gap in each of two replications, gap of the leases.
FOUND = {
    ("reservataire:etat", 0): ((200, 0), (210, 0), 0),
    ("reservataire:etat@qpv", 0): ((60, 20), (70, 30), 4),
    ("reservataire:etat@hors_qpv", 0): ((30, -32), (34, -28), -6),
    ("reservataire:aucun@a_conforter", 0): ((50, 40), (50, 40), 9),
    ("reservataire:etat", 2026): ((70, 5), (70, 5), 1),
}


def with_gaps(study: Study) -> Study:
    """Return a study where the policy shown has the gaps above in its first two replications."""
    rows = []
    for (group, year), (first, second, leases) in FOUND.items():
        for number, (oriented, gap) in enumerate((first, second)):
            for name, value in (
                ("oriented", oriented),
                ("oriented_gap", gap),
                ("reservataire_leases_gap", leases),
            ):
                row = {
                    "policy": study.first_pair[1],
                    "replication": number,
                    "indicator": name,
                    "group": group,
                }
                rows.append(row | {"year": year, "value": float(value), "unit": CATALOGUE[name].unit})
    context = study.context | {
        "orientation": {"rule": "uniform", "warnings": ["bailleur A : un accord est supposé"]}
    }
    values = pd.concat([study.values, pd.DataFrame(rows)], ignore_index=True)
    return replace(study, values=values, context=context)


def test_the_largest_gap_comes_first_and_small_bases_last(study_of: Make) -> None:
    study = with_gaps(study_of())
    found = [reservation.row_of(one) for one in reservation.gaps(study, study.first_pair[1])]
    # Outside QPV: 32 oriented on average for 62 expected; in QPV 65 for 40; in 2026 70 for 65.
    # « À conforter »: 10 expected, under 20: the largest gap of all, and yet the last.
    assert [row[:4] for row in found] == [
        ("État, hors QPV", "32,0", "62,0", "−30,0"),
        ("État, en QPV", "65,0", "40,0", "+25,0"),
        ("État, 2026", "70,0", "65,0", "+5,0"),
        ("Bailleur, non réservé, résidences « à conforter »", "50,0", "10,0", "effectif insuffisant"),
    ]
    # 95 of 100 replications of −32 and −28: from −31.9 to −28.1.
    assert found[0][4:] == ("[−31,9 ; −28,1]", "−6,0")


def test_without_orientation_told_there_is_no_section(study_of: Make) -> None:
    assert reservation.section(study_of()) == ""


def test_the_page_shows_the_gaps_and_what_the_law_says(study_of: Make, tmp_path: Path) -> None:
    write_report(with_gaps(study_of()), tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Logements orientés vers chaque réservataire : plus grands écarts d&#x27;abord" in page
    assert "un accord est supposé" in page
