"""What do the decisions of the sittings before change for the next one?

1. A dwelling let, or whose offer awaits its answer, is not examined again; who is housed waits no longer. Let
   and available again later, it is another vacancy, and who was proposed it before may be proposed it anew.
   An offer without an answer beyond the delay of law is said aloud: people alone write that it is refused.
2. Signed leases and offers in flight count in the lines they were written for.
3. Whoever was proposed a dwelling, and refused it or was not given it, is not proposed it again.
4. A refusal that is said not to be justified counts, where the file has no column of refusals.
5. A motive of RPMS opens a debt, paid by the first dwelling given elsewhere (R21).
Left out on purpose: the end of a DALO priority after a refusal, which people pronounce.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from mixite.desk.dossier.decided import Decided, followed, of_each_dwelling, silent_from
from mixite.desk.dossier.past import Past
from mixite.desk.request import Request
from sim.process.state import Counted
from sim.process.today import Since
from sim.territory.columns import Territory
from sim.territory.files.faults import Fault, FaultsFound

LET, PENDING = "logement déjà attribué", "logement dont l'offre attend sa réponse"
SEVERAL_OF = {LET: "logements déjà attribués", PENDING: "logements dont l'offre attend sa réponse"}
"""Why a dwelling is not examined again, of one and of several."""

REFUSALS = "unjustified_refusals_24m"
REFUSAL_MONTHS = 24


def carried(request: Request, past: Past) -> Request:
    """Return a request with what was decided before.

    Raises
    ------
    FaultsFound
        when the workbook of the sitting before is of a later day.
    """
    if past.held_on > request.on:
        file = next(iter(past.digests), "--state")
        message = f"séance du {past.held_on:%d/%m/%Y}, après celle qui se prépare ({request.on:%d/%m/%Y})"
        raise FaultsFound([Fault(file, message, "vérifier --on ou --state")])
    decided = [_on(one, request.on) for one in past.decided]
    rows = _Rows(request)
    offered = pending(decided)
    let = [one for one in decided if one.signed_on]
    rejected = [one for one in decided if one.decision == "inadmissible"]
    names, known = request.territory.dwellings.dwelling_id, request.known
    vacancies = {str(names[one.dwelling]): one.available_on for one in known.vacant}
    now = {one for one in decided if _same_vacancy(one, vacancies, let)}
    taken = {one.dwelling_id: PENDING for one in offered if one in now}
    taken |= {one.dwelling_id: LET for one in let if one in now}
    vacant = tuple(one for one in known.vacant if str(names[one.dwelling]) not in taken)
    counters, counted, notes = _counters(request, past, [*let, *offered])
    known = replace(
        known,
        vacant=vacant,
        counters=counters,
        since=counted,
        proposed=(*known.proposed, *rows.pairs(_tried([one for one in decided if one in now]))),
        owed={**known.owed, **rows.owed(debts(decided))},
        awaiting=rows.demands(offered),
        closed=rows.demands([*let, *rejected]),
    )
    _refuse_taken(request, taken)
    for why in (LET, PENDING):
        gone = [name for name in vacancies if taken.get(name) == why]
        notes += [f"{SEVERAL_OF[why]}, non examinés : {len(gone)} ({', '.join(gone)})"] if gone else []
    notes += [*_overdue(offered, request.on), *_again(vacancies, let, now)]
    notes += [f"candidatures de la séance précédente sans décision : {past.waiting}"] if past.waiting else []
    notes += [said for said in (followed(past.decided),) if said]
    territory, said = _refusals(request, decided)
    return replace(
        request,
        territory=territory,
        known=known,
        past=past.decided,
        notes=(*request.notes, *notes, *said),
        digests={**request.digests, **past.digests},
    )


def _same_vacancy(one: Decided, vacancies: Mapping[str, date], let: Sequence[Decided]) -> bool:
    """Tell whether a decision is on the vacancy that is examined now: no lease since, and available later."""
    available = vacancies.get(one.dwelling_id)
    if available is None:
        return True
    leases = [each for each in let if each.dwelling_id == one.dwelling_id and each.held_on >= one.held_on]
    return not any(
        each.available_on and each.signed_on and max(each.available_on, each.signed_on) < available
        for each in leases
    )


def _overdue(offered: Sequence[Decided], on: date) -> list[str]:
    """Say which offers have no answer beyond the delay of law, counted from the sitting."""
    return [
        f"logement {one.dwelling_id} : offre sans réponse écrite {(on - one.held_on).days} jours après la "
        "séance ; si elle l'est restée, écrire « Sans réponse au délai » (R. 441-10)"
        for one in offered
        if not one.answer and on > silent_from(one.held_on)
    ]


def _again(vacancies: Mapping[str, date], let: Sequence[Decided], now: Collection[Decided]) -> list[str]:
    """Say which dwellings were let before and are examined as another vacancy."""
    before = {one.dwelling_id: one.signed_on for one in let if one not in now}
    return [
        f"logement {name} : bail signé le {signed:%d/%m/%Y}, de nouveau disponible le "
        f"{vacancies[name]:%d/%m/%Y}, examiné comme une autre vacance"
        for name, signed in before.items()
        if signed is not None and name in vacancies
    ]


def pending(decided: Sequence[Decided]) -> list[Decided]:
    """Return the offers that await an answer or a signature: the first rank left of each dwelling not let."""
    found = []
    for together in of_each_dwelling(decided):
        left = sorted((one for one in together if one.gives and not one.refused), key=lambda one: one.rank)
        if left and not any(one.signed_on for one in together):
            found.append(left[0])
    return found


def debts(decided: Sequence[Decided]) -> dict[str, date]:
    """Return who is owed a dwelling since a motive of RPMS, with the day of the oldest debt not paid."""
    owed: dict[str, date] = {}
    for one in sorted(decided, key=lambda one: one.held_on):
        if one.opens_debt:
            owed.setdefault(one.demand_id, one.held_on)
        elif one.gives and not one.rpms and owed.get(one.demand_id, one.held_on) < one.held_on:
            del owed[one.demand_id]
    return owed


def _on(one: Decided, on: date) -> Decided:
    """Return a decision as it stands on a day: a lease to be signed later is not signed yet."""
    return replace(one, signed_on=None) if one.signed_on and one.signed_on > on else one


def _tried(decided: Sequence[Decided]) -> list[Decided]:
    return [one for one in decided if one.refused or not one.gives]


def _refuse_taken(request: Request, taken: Mapping[str, str]) -> None:
    """Refuse a choice about a dwelling that is no longer examined."""
    names, demands = request.territory.dwellings.dwelling_id, request.territory.demands.demand_id
    faults = [
        Fault(
            option,
            f"{taken[name]}, il n'est pas examiné",
            "retirer ce choix",
            value=f"{name}:{demands[who]}",
        )
        for option, pairs in (("--lock", request.known.locked), ("--forbid", request.known.forbidden))
        for dwelling, who in pairs
        if (name := str(names[dwelling])) in taken
    ]
    if faults:
        raise FaultsFound(faults)


def _counters(
    request: Request, past: Past, leases: Sequence[Decided]
) -> tuple[Mapping[str, Counted], tuple[Since, ...], list[str]]:
    """Return the leases given, those since, and what is said: what the file counts is not counted twice."""
    own, notes = request.known.counters, list[str]()
    signed = [one for one in leases if one.signed_on]
    if own and signed:
        notes.append(
            f"compteurs donnés par le classeur, à jour : {len(signed)} bail(baux) de l'historique n'y "
            "sont pas ajoutés ; vider la feuille Compteurs pour reprendre ceux de la séance précédente"
        )
        leases = [one for one in leases if not one.signed_on]
    if request.known.leases is not None:
        leases = [one for one in leases if not _in_table(request, one)]
    if not own and past.given and past.held_on.year == request.on.year:
        own = past.given
        notes.append(f"compteurs repris de la séance du {past.held_on:%d/%m/%Y}, avec les baux signés depuis")
    counted = sum(1 for one in leases if one.signed_on)
    notes += [f"baux signés depuis les séances passées, comptés : {counted}"] if counted else []
    return own, tuple(Since(one.signed_on, one.rows, one.served) for one in leases), notes


def _in_table(request: Request, one: Decided) -> bool:
    """Tell whether the table of leases holds one of the same dwelling since the sitting."""
    leases = request.known.leases
    if leases is None or one.signed_on is None:
        return False
    same = request.territory.dwellings.dwelling_id[leases.dwelling] == one.dwelling_id
    return bool((same & (leases.signed_on >= np.datetime64(one.held_on, "D"))).any())


def _refusals(request: Request, decided: Sequence[Decided]) -> tuple[Territory, list[str]]:
    """Return the territory with the refusals said not to be justified, where its file says none itself.

    The empty workbook has the column: one that nobody filled says nothing.
    """
    demands = request.territory.demands
    since = np.datetime64(request.on, "M") - np.timedelta64(REFUSAL_MONTHS, "M")
    refused = Counter(
        one.demand_id
        for one in decided
        if one.answer == "refused_unjustified" and np.datetime64(one.held_on, "M") >= since
    )
    if not refused:
        return request.territory, []
    own = demands.attributes.get(REFUSALS)
    if own is not None and not np.isnan(own.astype(np.float64)).all():
        return request.territory, [
            "refus non justifiés de l'historique : ceux de la colonne du fichier valent"
        ]
    counts = np.array([refused.get(name, 0) for name in demands.demand_id.tolist()], dtype=np.float64)
    counts.flags.writeable = False
    attributes = {**demands.attributes, REFUSALS: counts}
    return replace(request.territory, demands=replace(demands, attributes=attributes)), []


class _Rows:
    """The rows of a request's dwellings and demands; a name that it does not have is of the past alone."""

    def __init__(self, request: Request) -> None:
        self.dwelling = _places(request.territory.dwellings.dwelling_id.tolist())
        self.demand = _places(request.territory.demands.demand_id.tolist())

    def demands(self, decided: Sequence[Decided]) -> tuple[int, ...]:
        names = dict.fromkeys(one.demand_id for one in decided)
        return tuple(self.demand[name] for name in names if name in self.demand)

    def pairs(self, decided: Sequence[Decided]) -> list[tuple[int, int]]:
        return [
            (self.dwelling[one.dwelling_id], self.demand[one.demand_id])
            for one in decided
            if one.dwelling_id in self.dwelling and one.demand_id in self.demand
        ]

    def owed(self, debts: Mapping[str, date]) -> dict[int, date]:
        return {self.demand[name]: day for name, day in debts.items() if name in self.demand}


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}
