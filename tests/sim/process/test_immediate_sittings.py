"""Is a dwelling let at the very second that somebody who accepts it waits, to whom has waited longest?

Small queues are played, then told again from their filings and vacancies alone, by the story: a dwelling goes
to who comes first in the list, a demand filed while dwellings are vacant takes the longest vacant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from sim.outcomes import Outcomes
from sim.process.replication import replicate
from sim.stylised import Case, decode

HOUSEHOLDS = [
    {"id": "1", "rate": 0.9, "accepts": ["A"], "priority": 2},
    {"id": "2", "rate": 0.8, "accepts": ["A", "B"], "priority": 1},
]
IMPATIENT = [one | {"abandonment_rate": 0.4} for one in HOUSEHOLDS]
TENANTS = [one | {"tenancy": {"law": "gamma", "mean": 2.5, "cv2": 0.3}} for one in HOUSEHOLDS]
STREAMS = [{"id": "A", "vacancy_rate": 1.1}, {"id": "B", "vacancy_rate": 0.7}]
UNITS = [{"id": "A", "units": 4}, {"id": "B", "units": 2}]

CASES: dict[str, dict[str, Any]] = {
    "a list": {"household": HOUSEHOLDS, "dwelling": STREAMS},
    "a list with priorities": {"household": HOUSEHOLDS, "dwelling": STREAMS, "discipline": "priority"},
    "a list that is given up": {"household": IMPATIENT, "dwelling": STREAMS},
    "dwellings": {"household": TENANTS, "dwelling": UNITS},
    "dwellings with priorities": {"household": TENANTS, "dwelling": UNITS, "discipline": "priority"},
}

Let = tuple[int, str, str]
"""Second, vacancy, demand."""


@dataclass(frozen=True)
class Waiting:
    """A demand that waits, first to be housed first."""

    turn: tuple[int, int]  # class, filing
    demand_id: str
    gone_s: float
    accepts: frozenset[str]


def told(case: Case, run: Outcomes) -> tuple[list[Let], set[str]]:
    """Return who is housed where and when, and the vacancies lost, from filings and vacancies alone."""
    types = {one.id: one for one in case.household}
    events = [(int(row.available_s), "vacant", row) for row in run.vacancies.itertuples()]
    events += [(int(row.filed_s), "filed", row) for row in run.demands.itertuples()]
    waiting: list[Waiting] = []
    vacant: list[Any] = []
    let: list[Let] = []
    lost: set[str] = set()
    for now, what, row in sorted(events, key=lambda event: (*event[:2], event[2].Index)):
        if what == "filed":
            one = types[row.demand_id.split("/")[0]]
            turn = one.priority if case.discipline == "priority" else 0, now
            gone_s = float(row.closed_s) if row.closed_by == "lapse" else float("inf")
            suitable = [place for place in vacant if place.commune in one.accepts]
            if suitable:
                place = min(suitable, key=lambda place: (place.available_s, place.dwelling_id))
                vacant.remove(place)
                let.append((now, place.vacancy_id, row.demand_id))
            else:
                waiting.append(Waiting(turn, row.demand_id, gone_s, frozenset(one.accepts)))
            continue
        suitable = [who for who in waiting if row.commune in who.accepts and who.gone_s > now]
        if suitable:
            who = min(suitable, key=lambda who: who.turn)
            waiting.remove(who)
            let.append((now, row.vacancy_id, who.demand_id))
        elif row.cause == "stream":
            lost.add(row.vacancy_id)
        else:
            vacant.append(row)
    return let, lost


@pytest.mark.parametrize("name", list(CASES))
def test_a_dwelling_is_let_at_once_to_who_comes_first(name: str) -> None:
    case = Case.model_validate({"kind": "stylised", "horizon": 150.0} | CASES[name])
    scenario, territory, grid = decode(case, seed=1)
    ((_, run),) = replicate(scenario, territory, scenario.policies.compare, 0, grid=grid)
    times = [*run.demands.filed_s, *run.vacancies.available_s[run.vacancies.available_s > 0]]
    assert len(set(times)) == len(times), "two events of one second: their order is another test's"
    expected, lost = told(case, run)
    found = [(int(row.signed_s), row.vacancy_id, row.demand_id) for row in run.leases.itertuples()]
    assert len(found) > 100
    for real, right in zip(sorted(found), sorted(expected), strict=False):
        assert real == right, f"{name}: let (second, vacancy, demand) {real}, expected {right}"
    assert len(found) == len(expected)
    assert set(run.vacancies.vacancy_id[run.vacancies.lost]) == lost
    assert bool(lost) == (name.startswith("a list"))
