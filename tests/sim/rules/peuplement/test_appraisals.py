"""Where partners do not say the same: counted in steps on the closed scale, worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
from made_residences import told

from sim.rules.peuplement import CAPACITIES, Choice, qualify
from sim.rules.peuplement.appraisals import (
    STATISTICS,
    Appraisal,
    Disagreement,
    Span,
    apart,
    current,
    disagreements,
    spans,
    statistical_spans,
)
from sim.rules.peuplement.partners import FACTS, LEVELS, THEME_OF, THEMES, TYPES
from sim.rules.peuplement.qualified import CAPACITY
from sim.territory.columns import PEUPLEMENT_TYPES

FORTE, MOYENNE, LIMITEE, A_RECONSTITUER = range(4)
DAY = date(2026, 2, 1)


def said(partner: str, fact: str, level: int, on: date = DAY, residence: str = "R1") -> Appraisal:
    return Appraisal(residence, partner, fact, date(2025, 1, 1), date(2025, 12, 31), "visite", level, on)


def test_the_closed_lists_are_in_the_order_of_the_codes() -> None:
    assert tuple(LEVELS) == CAPACITIES
    assert tuple(TYPES) == PEUPLEMENT_TYPES
    assert set(THEME_OF) == set(FACTS)
    assert set(THEME_OF.values()) == set(THEMES) == {"bati", "services", "gestion", "tranquillite"}


def test_the_steps_between_two_intervals_are_those_that_lie_between_them() -> None:
    assert apart(Span(0, 0), Span(2, 3)) == 2
    assert apart(Span(2, 3), Span(0, 0)) == -2
    assert apart(Span(0, 1), Span(1, 3)) == 0  # they meet
    assert apart(Span(1, 1), Span(0, 3)) == 0


def test_a_partner_s_last_appraisal_of_a_fact_stands_for_it() -> None:
    before, after = (
        said("commune", "bati_desordres", LIMITEE, date(2025, 2, 1)),
        said("commune", "bati_desordres", FORTE, date(2026, 2, 1)),
    )
    assert current([before, after]) == current([after, before]) == (after,)


def test_disagreement_is_shown_pair_by_pair_and_never_averaged() -> None:
    # bâti: bailleur 0..1, commune 3, EPCI 1. With the statistics at 1..2:
    # bailleur 1 meets; commune 3 is one step beyond 2; EPCI 1 meets.
    # bailleur/commune: 3 - 1 = 2 steps; bailleur/EPCI meet at 1; commune/EPCI: 1 - 3 = -2 steps.
    everything = [
        said("bailleur", "bati_rehabilitation", FORTE),
        said("bailleur", "bati_travaux", MOYENNE),
        said("commune", "bati_desordres", A_RECONSTITUER),
        said("epci", "bati_acces", MOYENNE),
        said("etat", "bati_acces", -1),  # without opinion: disagrees with nobody
        said("commune", "services_transport", MOYENNE),  # alone, and as the statistics say
        said("commune", "bati_desordres", FORTE, residence="R2"),
    ]
    found = disagreements(spans(everything)["R1"], Span(MOYENNE, LIMITEE))
    assert found == (
        Disagreement("bati", STATISTICS, "commune", 1),
        Disagreement("bati", "bailleur", "commune", 2),
        Disagreement("bati", "commune", "epci", -2),
    )


def test_the_order_of_entry_changes_no_disagreement() -> None:
    everything = [
        said("bailleur", "bati_rehabilitation", FORTE),
        said("commune", "bati_desordres", LIMITEE),
        said("epci", "gestion_gardien", FORTE),
    ]
    straight, back = (spans(rows)["R1"] for rows in (everything, everything[::-1]))
    assert disagreements(straight, Span(1, 1)) == disagreements(back, Span(1, 1))


def test_without_a_score_the_statistics_disagree_with_nobody() -> None:
    everything = spans([said("bailleur", "bati_travaux", FORTE)])["R1"]
    assert disagreements(everything, None) == ()


def test_the_statistics_span_the_capacities_that_the_interval_of_the_score_allows() -> None:
    having = [0, 4, 8, 12, 20, 0]  # the last has no household
    observed = told({"first_quartile": (having, [20, 20, 20, 20, 20, 0])}, building_age=[1, 9, 30, 50, 2, 3])
    found = qualify(observed, Choice({"first_quartile": 1.0, "building_age": 1.0}, 2.0))
    met = found.in_interval()
    for row, span in enumerate(statistical_spans(found)):
        allowed = CAPACITY[found.segment[row]][met[row]]
        if not len(allowed):
            assert span is None
        else:
            assert span == Span(allowed.min(), allowed.max())
            assert span.low <= CAPACITY[found.segment[row], found.statistical[row]] <= span.high
    assert statistical_spans(found)[-1] is None
    assert len({*statistical_spans(found)}) > 2
    assert np.all(np.diff(CAPACITY, axis=1) >= 0)  # from one type to the next, never more capacity
