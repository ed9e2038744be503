"""Attribution rates by income, as the report shows them: read either way, never without an interval."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from mixite.report import attribution
from mixite.report.page import page
from mixite.report.study import Study
from sim.comparison import compare, ladder_pairs
from sim.indicators import CATALOGUE

Make = Callable[..., Study]
BOTH = ("status_quo", "cotation_only")

# Rates of the lowest bracket and of two others, in three replications.
LESS = {"uc_0_499": (0.10, 0.12, 0.11), "uc_500_999": (0.14, 0.17, 0.17), "uc_2000_plus": (0.10, 0.13, 0.10)}
MORE = {"uc_0_499": (0.20, 0.22, 0.21), "uc_500_999": (0.14, 0.17, 0.17), "uc_2000_plus": (0.15, 0.16, 0.14)}


def with_rates(study: Study, rates: Mapping[str, Mapping[str, tuple[float, ...]]]) -> Study:
    """Return the study with the attribution rates given, by policy and bracket."""
    same = {"indicator": "attribution_rate", "year": 0, "unit": CATALOGUE["attribution_rate"].unit}
    rows = [
        same | {"policy": policy, "group": group, "replication": number, "value": value}
        for policy, by_group in rates.items()
        for group, values in by_group.items()
        for number, value in enumerate(values)
    ]
    values = pd.concat([study.values, pd.DataFrame(rows)], ignore_index=True)
    return replace(study, values=values, comparison=compare(values, ladder_pairs(study.policies)))


def test_the_lowest_bracket_is_read_both_ways_and_untold_where_chance_may_do_it(study_of: Make) -> None:
    text = attribution.section(
        with_rates(study_of(policies=BOTH), {"status_quo": LESS, "cotation_only": MORE})
    )
    # +4, +5, +6 points: 5 ± 4.303 × 1/√3 = 2.5 to 7.5; 0, 1, -1 points: the interval holds zero.
    assert "moins souvent logée que : 500 à 999 € par mois et UC" in text
    assert "écart non distingué avec : 2 000 € et plus par mois et UC" in text
    assert "plus souvent logée que : 500 à 999 € par mois et UC ; 2 000 € et plus par mois et UC" in text
    lowest, second, *_ = text.split("<tbody>")[1].split("<tr")[1:]
    assert "11,0\u202f%" in lowest
    assert all(told in second for told in ("16,0\u202f%", "+5,0\xa0pt", "[+2,5 ; +7,5]", "écart distingué"))


def test_what_the_cotation_changes_is_told_bracket_by_bracket(study_of: Make) -> None:
    text = attribution.section(
        with_rates(study_of(policies=BOTH), {"status_quo": LESS, "cotation_only": MORE})
    )
    passage = text.split("<caption>Passage à la cotation</caption>")[1]
    assert "+10,0\xa0pt" in passage.split("<tr")[2]


def test_a_single_replication_tells_nothing(study_of: Make) -> None:
    once = {group: values[:1] for group, values in LESS.items()}
    text = attribution.section(with_rates(study_of(policies=("status_quo",)), {"status_quo": once}))
    assert "souvent logée" not in text
    assert "écart non distingué avec" in text


def test_the_report_holds_it_where_one_of_the_two_was_played(study_of: Make) -> None:
    title = "Les ménages aux plus faibles ressources sont-ils moins logés ?"
    played = with_rates(study_of(policies=BOTH), {"status_quo": LESS})
    assert f"<h2>{title}</h2>" in page(played, [])
    assert attribution.section(with_rates(study_of(policies=("lottery",)), {"lottery": LESS})) == ""
