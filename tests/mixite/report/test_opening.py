"""The first line of a report, from differences small enough to be read."""

from collections.abc import Callable
from dataclasses import replace
from math import nan
from typing import Any

import pytest

from mixite.report import note, opening, words
from mixite.report.opening import Housed, housed, line
from mixite.report.page import page
from mixite.report.study import Study

OWN = "par rapport à la cotation avec les obligations légales (l'effet de la stratégie)"


def row(difference: float, low: float, high: float) -> dict[str, Any]:
    told = low > 0 or high < 0
    return {"difference": difference, "ci_low": low, "ci_high": high, "n": 20, "distinguished": told}


def test_a_difference_over_a_run_is_told_a_year_and_mutations_apart() -> None:
    # Over five years: 50 fewer households, 60 fewer leases, hence 10 fewer moves within the stock.
    found = housed("first_quartile", row(-50, -80, -20), row(-60, -90, -30), 5)
    assert (found.a_year, found.low, found.high, found.moves) == (-10, -16, -4, -2)
    assert found.fewer


def test_fewer_households_are_said_first() -> None:
    found = [
        housed("first_quartile", row(-50, -80, -20), row(-60, -90, -30), 5),
        housed("l441_1", row(1, -4, 6), None, 5),
    ]
    assert line({OWN: found}, 1.0) == (
        "La stratégie de peuplement loge moins de ménages du premier quartile. Par rapport à la cotation "
        "avec les obligations légales (l'effet de la stratégie) : −10,0 ménages du premier quartile par an "
        "([−16,0 ; −4,0], écart distingué ; mutations à part : −2,0), +0,2 ménage prioritaire (L. 441-1) "
        "par an ([−0,8 ; +1,2], non distingué)."
    )


def test_both_publics_are_named_when_both_lose() -> None:
    found = [housed(public, row(-5, -8, -2), None, 1) for public in opening.PUBLICS]
    said = line({OWN: found}, 1.0)
    assert said.startswith(
        "La stratégie de peuplement loge moins de ménages du premier quartile et de ménages prioritaires. "
    )


@pytest.mark.parametrize(
    ("first", "second", "head"),
    [
        ((6, 2, 10), (3, 1, 5), "La stratégie de peuplement ne loge pas moins de ménages"),
        ((6, 2, 10), (3, -1, 7), "Stratégie de peuplement : aucune baisse distinguée"),
        ((6, 2, 10), (-3, -7, 1), "Stratégie de peuplement : aucune baisse distinguée"),
    ],
    ids=["more of both", "one more, the other not told", "one lower, not told"],
)
def test_it_is_said_too_when_there_are_not_fewer(
    first: tuple[float, float, float], second: tuple[float, float, float], head: str
) -> None:
    found = [housed("first_quartile", row(*first), None, 1), housed("l441_1", row(*second), None, 1)]
    assert line({OWN: found}, 1.0).startswith(head)


def test_the_size_is_said_where_the_territory_is_reduced() -> None:
    found = [housed("l441_1", row(-5, -8, -2), None, 1)]
    assert line({OWN: found}, 0.1).endswith("Nombres du territoire réduit à 10\u202f%.")


def test_one_replication_has_no_interval_and_proves_nothing() -> None:
    found = Housed("l441_1", -5.0, nan, nan, False, nan)
    said = line({OWN: [found]}, 1.0)
    assert "une seule réplique, sans intervalle" in said
    assert said.startswith("Stratégie de peuplement : une seule réplique, on ne peut distinguer ni baisse")


def test_what_depends_on_the_grid_is_no_verdict() -> None:
    found = housed("l441_1", row(-5, -8, -2), None, 1, depends=True)
    assert not found.fewer
    assert words.DEPENDS_ON_GRID in line({OWN: [found]}, 1.0)


def test_both_steps_are_told_in_order(study_of: Callable[..., Study]) -> None:
    said = opening.first_line(study_of())
    assert 0 < said.index("obligations légales") < said.index("cotation seule")
    assert not list(words.forbidden_words(said))
    # The study lasts three years: its counts over the run are divided by three.
    study = study_of()
    found = study.difference("net_new_households", "l441_1", ("cotation_quotas", "cotation_peuplement"))
    assert found is not None
    told = f"{found['difference'] / 3:+.1f}".replace(".", ",").replace("-", "−")
    several = abs(found["difference"]) / 3 >= 2
    assert f"{told} {'ménages prioritaires' if several else 'ménage prioritaire'}" in said


def test_it_is_the_first_line_under_the_title_of_the_page_and_of_the_note(
    study_of: Callable[..., Study],
) -> None:
    study = study_of()
    said = opening.first_line(study)
    body = page(study, [])
    assert body.index("</h1>") < body.index('<p class="opening">') < body.index('<p class="lead">')
    under = body[body.index("</h1>") + len("</h1>") :].lstrip()
    assert under.startswith('<p class="opening">')
    assert note.markdown(study).splitlines()[2] == f"**{said}**"


def test_without_the_strategy_there_is_no_such_line(study_of: Callable[..., Study]) -> None:
    study = study_of(policies=("cotation_only", "cotation_matched"))
    assert opening.first_line(study) == ""
    assert 'class="opening"' not in page(study, [])


def test_a_run_without_these_counts_says_nothing(study_of: Callable[..., Study]) -> None:
    study = study_of()
    rows = study.comparison["indicator"] != "net_new_households"
    assert opening.first_line(replace(study, comparison=study.comparison[rows])) == ""
