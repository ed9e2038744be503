"""What the report says of reversals: the value, « jamais dans l'intervalle », or that it was not measured."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from mixite.report import limits, reversals
from mixite.report.figures import indicator_label
from mixite.report.study import Study, records
from mixite.reversals import Reversals, table_of
from sim.reversal import CHANGES, NEVER, NO_CONCLUSION, TOO_FEW, UNTOLD_AT_END, Reversal
from sim.uncertainty import Parameter

EFFORT = Parameter("acceptance.effort", "Effet du loyer", "log-cotes", 0.0, 1.0, 4.0)
DAYS = Parameter("designation.days", "Délai pour désigner", "jours", 15.0, 30.0, 60.0, whole=True)
NONE = math.nan


def reversal(parameter: Parameter, headline: int, verdict: str, *values: float) -> Reversal:
    below, above, told_low, told_high = values
    return Reversal(parameter, headline, verdict, below, above, 0.1, -0.1, int(told_low), int(told_high))


@pytest.fixture
def study(study_of: Callable[..., Study]) -> Study:
    """Two numbers and five headlines; the fourth and fifth with the first number alone."""
    plain = study_of(policies=("cotation_only", "cotation_peuplement"))
    found = [
        reversal(EFFORT, 0, CHANGES, NONE, 2.345, 1, -1),
        reversal(DAYS, 0, NEVER, NONE, NONE, 1, 1),
        reversal(EFFORT, 1, UNTOLD_AT_END, NONE, NONE, 1, 0),
        reversal(DAYS, 1, UNTOLD_AT_END, NONE, NONE, 0, 0),
        reversal(EFFORT, 2, NEVER, NONE, NONE, 1, 1),
        reversal(DAYS, 2, NEVER, NONE, NONE, 1, 1),
        reversal(EFFORT, 3, TOO_FEW, NONE, NONE, 0, 0),
        reversal(EFFORT, 4, NO_CONCLUSION, NONE, NONE, 0, 0),
    ]
    alea = plain.headlines.head(5)
    return replace(plain, reversals=Reversals(table_of(found, alea, [0.05] * 5, 10), 10))


def test_each_verdict_has_its_words(study: Study) -> None:
    assert study.reversals is not None
    said = [reversals.reading(row) for row in records(study.reversals.table)]
    assert said == [
        "change de signe vers 2,35",
        "jamais dans l'intervalle [15 ; 60]",
        "non distingué à l'extrémité 4",
        "non distingué aux extrémités 15 et 60",
        "jamais dans l'intervalle [0 ; 4]",
        "jamais dans l'intervalle [15 ; 60]",
        "non distingué, comme à la valeur jouée : trop peu de répliques",
        "écart non distingué dans ce scénario : rien à renverser",
    ]


def test_both_sides_are_said_and_a_value_that_was_not_found_too() -> None:
    row = {"verdict": CHANGES, "reversal_below": -0.5, "reversal_above": 3.0}
    assert reversals.reading(row) == "change de signe vers −0,5 et vers 3"
    row |= {"reversal_below": NONE, "reversal_above": NONE}
    assert reversals.reading(row) == "change de signe à une borne ; valeur non trouvée sur ces répliques"


def test_the_sentence_counts_the_headlines_that_can_be_reversed(study: Study) -> None:
    first = indicator_label(*study.headlines.loc[0, ["indicator", "group"]])
    assert reversals.sentence(study) == (
        "Ce qui renverse la conclusion : 2 hypothèse(s) essayée(s) une à une, 4 écart(s) de tête "
        f"distingué(s) ; 1 change(nt) de signe ({first}), 2 ne se distingue(nt) pas de zéro à une borne au "
        "moins, 1 garde(nt) leur signe dans tous les intervalles."
    )


def test_the_section_names_number_unit_range_and_value(study: Study) -> None:
    text = html.unescape(reversals.section(study))
    for cell in ("Effet du loyer", "log-cotes", "[0 ; 4]", "change de signe vers 2,35", "10 mêmes répliques"):
        assert cell in text
    assert "jamais dans l'intervalle, pour aucune des 2 hypothèses" in text
    assert "trop peu de répliques pour le dire de 1 hypothèse(s) sur 1" in text


def test_not_measured_says_so_and_how_to(study_of: Callable[..., Study]) -> None:
    plain = study_of()
    text = html.unescape(reversals.section(plain))
    assert "Ce qui renverse la conclusion : non mesuré dans cette comparaison" in text
    assert "[uncertainty], reversals = 10" in text
    assert "Trois incertitudes" not in " ".join(limits.limits(plain))
