"""Which order of presentation is suggested for each dwelling, and why?

The Sitting is the simulation's (sim/process/today.py), the answer is proved in every stage and checked
against the law as a run's is. It suggests; the commission decides. Left out on purpose: how it is written
(json.py, and the workbook and dossier of the sitting).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from mixite.desk.request import Request
from mixite.report.words import day
from optimizer.reasons import CONFIRMED
from sim.policies import POLICIES
from sim.policies.parameters import Parameters
from sim.policies.reasons import Explained, NotPresented, Suggested, explain
from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.process.designation import hold_named
from sim.process.legality import hold
from sim.process.today import Today, today
from sim.rules.peuplement import Target
from sim.rules.quotas import LEGAL, Rows
from sim.territory.columns import Ints
from sim.territory.files.faults import Fault, FaultsFound

EXACT = Parameters(form="lexicographic", gap=0.0)
"""A printed order is proved stage by stage: no gap is kept."""

MATCHED = ("cotation_matched", "cotation_quotas", "cotation_peuplement")
"""Policies whose reasons are read in the prices of their rows, and confirmed by solving again."""


@dataclass(frozen=True)
class Standing:
    """Where a legal row or an objective stands: leases to its public over leases that count.

    `if_signed` is what they would be, were every first name of the sitting to sign.
    """

    label: str
    percent: int
    tier: int
    before: tuple[int, int]
    if_signed: tuple[int, int]


@dataclass(frozen=True)
class Suggestion:
    """An order suggested for each dwelling of a sitting.

    `suggested` and `not_presented` name demands by their positions in `today.sitting`; `explained` is what
    stands behind them, None for a policy that reads no row.
    """

    request: Request
    today: Today
    shortlist: Shortlist
    suggested: tuple[Suggested, ...]
    not_presented: tuple[NotPresented, ...]
    rows: tuple[Standing, ...]
    explained: Explained | None = None

    @property
    def sitting(self) -> Sitting:
        """The Sitting the order was sought in."""
        return self.today.sitting

    @property
    def passed(self) -> list[int]:
        """How many better scored demands are not presented for each vacancy, told one by one or not."""
        counts = {} if self.explained is None else self.explained.counts
        return [sum(counts.get(place, {}).values()) for place in range(len(self.sitting))]


def suggest(request: Request, confirmed: int = CONFIRMED) -> Suggestion:
    """Suggest an order for each vacancy of a request, checked against the law.

    Parameters
    ----------
    confirmed : as in `sim.policies.reasons.explain`

    Raises
    ------
    FaultsFound
        for a target of study or published after the sitting, which no suggestion may follow, or a pair locked
        that is not eligible.
    ShortlistRefused
        when the order breaks the law: a fault of ours.
    """
    _refuse_targets(request)
    found = today(
        request.scenario,
        request.territory,
        request.grid,
        request.on,
        request.known,
        EXACT,
        request.mutation_grid,
    )
    request = replace(request, notes=(*request.notes, *_seen(request, found)))
    return _suggested(request, found, confirmed)


def _suggested(request: Request, found: Today, confirmed: int = CONFIRMED) -> Suggestion:
    _refuse_both(request)
    _refuse_locks(request, found)
    sitting, explained = found.sitting, None
    if request.policy in MATCHED:
        explained = explain(sitting, _bearing(request.policy, sitting.rows), confirmed)
        shortlist, suggested = explained.shortlist, explained.suggested
        passed = explained.not_presented
    else:
        shortlist = POLICIES[request.policy](sitting)
        suggested, passed = _plain(sitting, shortlist), ()
    hold(found.world, found.state, request.policy, sitting, shortlist)
    hold_named(found.world, found.state, request.policy, sitting, found.vacancies, shortlist)
    rows = standings(sitting, sitting.rows, shortlist.rows)
    return Suggestion(request, found, shortlist, suggested, passed, rows, explained)


def _seen(request: Request, found: Today) -> Iterator[str]:
    """Give what the sitting shows: a commune nobody wishes, how many designated are in no pool."""
    territory, sitting = request.territory, found.sitting
    for place, vacancy in enumerate(found.vacancies):
        name, commune = vacancy.vacancy_id, int(found.world.commune[vacancy.dwelling])
        if not territory.demands.wishes[:, commune].any():
            code = territory.communes[commune]
            yield f"logement {name} : aucune demande ne souhaite la commune {code} ; vérifier le code INSEE"
        named = [who for dwelling, who in request.known.designated if dwelling == vacancy.dwelling]
        places = sitting.position[np.array(named, dtype=np.int64)].tolist()
        outside = sum(at == NOBODY or at not in sitting.pools[place] for at in places)
        if outside:
            said = f"désignées, mais hors du vivier (plafond, taille, souhait, offre) : {outside} demande(s)"
            yield f"logement {name} : {said} ; « mixite why » dit pourquoi"


def standings(sitting: Sitting, rows: Rows, lists: Ints) -> tuple[Standing, ...]:
    """Return where each row stands, and where it would if every first name signed."""
    first = lists[:, 0]
    signature = np.where(first == NOBODY, 0, sitting.signature[np.maximum(first, 0)])
    told = []
    for row, label in enumerate(rows.label):
        counts = rows.scope[row] & (first != NOBODY) & (signature & rows.excluded[row] == 0)
        to_public = counts & (signature & rows.public[row] != 0)
        before = int(rows.counted[row]), int(rows.signed[row])
        after = before[0] + int(to_public.sum()), before[1] + int(counts.sum())
        told.append(Standing(label, int(rows.percent[row]), int(rows.tier[row]), before, after))
    return tuple(told)


def _bearing(policy: str, rows: Rows) -> Rows:
    """Return the rows that a policy reads."""
    none = np.zeros(len(rows), dtype=bool)
    keep = {"cotation_matched": none, "cotation_quotas": rows.tier == LEGAL}.get(policy, ~none)
    return rows.select(keep)


def _plain(sitting: Sitting, shortlist: Shortlist) -> tuple[Suggested, ...]:
    """Return what stands behind each name of a policy that reads no row."""
    found = []
    for vacancy, rank in np.argwhere(shortlist.rows != NOBODY).tolist():
        demand = int(shortlist.rows[vacancy, rank])
        found.append(
            Suggested(
                vacancy,
                rank + 1,
                demand,
                int(sitting.points[demand]),
                len(sitting.pools[vacancy]),
                int(sitting.reservataire[vacancy]),
                bool(sitting.designated[vacancy]),
                (),
            )
        )
    return tuple(found)


def _refuse_targets(request: Request) -> None:
    """Refuse targets that a suggestion may not follow: of study, or published after the sitting."""
    faults = [
        Fault(
            request.scenario.name,
            f"{why} : une suggestion ne peut pas le suivre",
            "retirer cet objectif, ou l'étudier par « mixite compare »",
            column=f"target[{place}]",
            value=target.label()[:40],
        )
        for place, target in enumerate(request.scenario.target)
        if (why := _unfit(target, request.on))
    ]
    if faults:
        raise FaultsFound(faults)


def _unfit(target: Target, on: date) -> str:
    """Return why no suggestion of a day may follow a target, "" where one may."""
    if target.study:
        return "objectif d'étude (study = true)"
    if target.published_in.on > on:
        published, sits = (day(each.isoformat()) for each in (target.published_in.on, on))
        return f"objectif publié le {published}, après la séance du {sits}"
    return ""


def _refuse_both(request: Request) -> None:
    """Refuse a pair that is put first and taken off at once: neither choice may be lost unsaid."""
    known, territory = request.known, request.territory
    dwellings, demands = territory.dwellings.dwelling_id, territory.demands.demand_id
    faults = [
        Fault(
            "--lock",
            "cette demande est aussi retirée de ce logement (--forbid)",
            "garder l'un des deux choix",
            value=f"{dwellings[dwelling]}:{demands[demand]}",
        )
        for dwelling, demand in known.locked
        if (dwelling, demand) in known.forbidden
    ]
    if faults:
        raise FaultsFound(faults)


def _refuse_locks(request: Request, found: Today) -> None:
    """Refuse a lock that law does not admit: of somebody outside the pool, or twice on one side."""
    known, sitting = request.known, found.sitting
    dwellings, demands = request.territory.dwellings.dwelling_id, request.territory.demands.demand_id
    if len(sitting.locked) == len(known.locked) == len(set(sitting.locked.values())):
        return
    place = {dwelling: vacancy for vacancy, dwelling in enumerate(sitting.dwelling.tolist())}
    faults = []
    for dwelling, demand in known.locked:
        who = int(sitting.position[demand])
        if who == NOBODY or who not in sitting.pools[place[dwelling]]:
            message = "cette demande n'est pas dans le vivier du logement"
        elif _twice(known.locked, dwelling, demand):
            message = "un logement ou une demande est verrouillé deux fois"
        else:
            continue
        pair = f"{dwellings[dwelling]}:{demands[demand]}"
        faults.append(Fault("--lock", message, "voir « mixite why », ou retirer le verrou", value=pair))
    raise FaultsFound(faults)


def _twice(pairs: Sequence[tuple[int, int]], dwelling: int, demand: int) -> bool:
    return sum(dwelling == one or demand == who for one, who in pairs) > 1


def again(suggestion: Suggestion, **changes: Sequence[tuple[int, int]]) -> Suggestion:
    """Suggest again with other locks: `locked`, `forbidden` as in `Known`; the day is not read anew.

    Raises
    ------
    FaultsFound, ShortlistRefused
        as `suggest`.
    """
    request = suggestion.request
    request = replace(request, known=replace(request.known, **changes))
    return _suggested(request, suggestion.today.chosen(request.known))
