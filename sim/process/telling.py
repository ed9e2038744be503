"""How do a run's records become its outcomes?

Here are the tables of events: records are turned into columns once, and a name is taken from its list by
number. Left out on purpose: the yearly tables of who lives where (occupation.py), and what a reader must know
of the run besides (context.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any, get_type_hints

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.outcomes import MATCHINGS, Outcomes, no_matchings, no_passed_over
from sim.process import dalo
from sim.process.context import context
from sim.process.housing import NEVER
from sim.process.moves import own_bailleur
from sim.process.occupation import occupation, tenures
from sim.process.orientation import FLOWS
from sim.process.records import LeaseRecord, OfferRecord, SittingRecord, VacancyRecord
from sim.process.register import CAUSES, CLOSINGS
from sim.process.state import State
from sim.process.world import World
from sim.rules.traits import NAMES, has
from sim.territory.columns import FINANCINGS, PEUPLEMENT_TYPES, RESERVATAIRES

MODES = ("bailleur", "delegated", "named")
TYPES = (*PEUPLEMENT_TYPES, "")

Ints = NDArray[np.int64]
Columns = dict[str, Any]
"""Records of one kind: whole numbers and booleans as arrays, texts as pandas holds them, by field."""


def tell(world: World, state: State) -> Outcomes:
    """Return the outcomes of a run from its state at the end: events at or after second 0."""
    return Outcomes(
        demands=_demands(world, state),
        vacancies=_vacancies(world, state),
        sittings=_sittings(state),
        offers=_offers(world, state),
        leases=_leases(world, state),
        occupation=occupation(world, state),
        context=context(world, state),
        matchings=_matchings(state),
        tenures=tenures(world, state),
        passed_over=_passed_over(state),
    )


def _columns(kind: Any, records: Sequence[Any]) -> Columns:
    """Return records of a kind, field by field."""
    kinds = _fields(kind).items()
    return {
        name: _column(of, list(map(itemgetter(place), records))) for place, (name, of) in enumerate(kinds)
    }


@cache
def _fields(kind: type) -> dict[str, Any]:
    """Return the fields of a kind of records, and what each holds."""
    return get_type_hints(kind)


def _column(kind: type, values: list[Any]) -> Any:
    """Return a field of records; a number that is None is NEVER."""
    if kind is str:
        return _texts(values)
    if kind is bool:
        return np.array(values, dtype=np.bool_)
    return np.array(pc.fill_null(pa.array(values, pa.int64()), NEVER))


def _chosen(columns: Columns, rows: NDArray[Any]) -> Columns:
    """Return the columns of some rows, a mask or places in the order wanted."""
    return {name: column[rows] for name, column in columns.items()}


def _texts(values: Any) -> Any:
    """Return texts as pandas holds them; None is null."""
    return pd.array(pa.array(values, pa.large_string()), dtype="str")


def _named(names: Sequence[str | None] | NDArray[np.str_], codes: NDArray[Any]) -> Any:
    """Return the name of each code, as numpy would: -1 is the last one."""
    return _texts(names).take(codes)


def _times(seconds: Ints) -> Any:
    """Return seconds as nullable integers, NEVER being null."""
    return pd.arrays.IntegerArray(seconds.copy(), seconds == NEVER)


def _traits(signatures: Ints) -> dict[str, NDArray[np.bool_]]:
    return {name: has(signatures, name) for name in NAMES}


def _demands(world: World, state: State) -> pd.DataFrame:
    register, territory = state.register, world.territory
    played = (register.closed_s >= 0) & (register.filed_s < world.end_s)
    rows = np.flatnonzero(played)
    rows = rows[np.lexsort((register.key[rows], register.filed_s[rows]))]
    recognised = register.dalo_s[rows]
    known = (recognised < world.end_s) & (recognised <= register.closed_s[rows])
    bailleur = np.where(known, register.dalo_bailleur[rows], len(territory.bailleurs))
    operations = (*(one.name for one in world.plan.operations), "")
    return pd.DataFrame(
        {
            "demand_id": _texts(register.demand_id[rows]),
            "household_id": _texts(register.household_id[rows]),
            "filed_s": _times(register.filed_s[rows]),
            "closed_s": _times(register.closed_s[rows]),
            "closed_by": _named((*CLOSINGS, None), register.closed_by[rows]),
            "adults": register.adults[rows].astype(np.int64),
            "children": register.children[rows].astype(np.int64),
            "monthly_income_eur": register.monthly_income_eur[rows],
            "income_uc_eur": register.income_uc_eur[rows],
            "rooms_min": register.rooms_min[rows].astype(np.int64),
            "rooms_max": register.rooms_max[rows].astype(np.int64),
            "commune": _named((*territory.communes, ""), register.first_commune[rows]),
            "cause": _named(CAUSES, register.cause[rows]),
            "operation": _named(operations, register.operation[rows]),
            "dalo_recognised_s": _times(np.where(known, recognised, NEVER)),
            "dalo_deadline_s": _times(np.where(known, dalo.deadlines(world, register, rows), NEVER)),
            "dalo_bailleur_id": _named((*territory.bailleurs, ""), bailleur),
            "dalo_lost_s": _times(register.dalo_lost_s[rows]),
            **_traits(register.signature_filed[rows]),
        }
    )


def _dwelling_columns(world: World, dwelling: Ints) -> Columns:
    territory = world.territory
    return {
        "dwelling_id": _named(territory.dwellings.dwelling_id, dwelling),
        "residence_id": _named(territory.residences.residence_id, territory.dwellings.residence[dwelling]),
        "bailleur_id": _named(territory.bailleurs, world.bailleur[dwelling]),
        "commune": _named(territory.communes, world.commune[dwelling]),
        "in_qpv": world.in_qpv[dwelling],
        "rooms": territory.dwellings.rooms[dwelling].astype(np.int64),
    }


def _types(world: World, state: State, dwelling: Ints) -> Any:
    return _named(TYPES, state.peuplement_type[world.territory.dwellings.residence[dwelling]])


def _vacancies(world: World, state: State) -> pd.DataFrame:
    waiting = [vacancy.let(NEVER) for vacancy in state.vacancies.values()]
    told = _columns(VacancyRecord, [*state.records.vacancies, *waiting])
    closed_s = np.minimum(told["let_s"], told["withdrawn_s"])
    closed_s[told["lost"]] = told["available_s"][told["lost"]]
    kept = closed_s >= 0
    kept[len(kept) - len(waiting) :] = True
    told = _chosen(told, kept)
    told = _chosen(told, np.lexsort((_alphabetical(told["vacancy_id"]), told["keys_s"])))
    dwelling, freed_by, dwellings = told["dwelling"], told["freed_by"], world.territory.dwellings
    return pd.DataFrame(
        {
            "vacancy_id": told["vacancy_id"],
            **_dwelling_columns(world, dwelling),
            "financing": _named(FINANCINGS, dwellings.financing[dwelling]),
            "cause": told["cause"],
            "keys_s": _times(told["keys_s"]),
            "available_s": _times(told["available_s"]),
            "search_s": _times(told["search_s"]),
            "rent_eur": dwellings.rent_eur[dwelling],
            "charges_eur": dwellings.charges_eur[dwelling],
            "reservataire": _named(RESERVATAIRES, told["reservataire"]),
            "designation_mode": _named(MODES, told["designated"] * (1 + told["by_name"].astype(np.int64))),
            "flow": _named(FLOWS, told["flow"]),
            "let_s": _times(told["let_s"]),
            "lost": told["lost"],
            "freed_by": pd.Series(freed_by).where(freed_by != ""),
            "in_rpms": world.in_rpms[dwelling],
            "withdrawn_s": _times(told["withdrawn_s"]),
            "withdrawn_for": told["withdrawn_for"],
            "peuplement_type": _types(world, state, dwelling),
        }
    )


def _alphabetical(texts: Any) -> Ints:
    """Return the place of each text in alphabetical order, (n,)."""
    place = np.empty(len(texts), dtype=np.int64)
    place[np.asarray(pc.sort_indices(pa.array(texts)))] = np.arange(len(texts))
    return place


def _sittings(state: State) -> pd.DataFrame:
    told = _columns(SittingRecord, state.records.sittings)
    table = pd.DataFrame(_chosen(told, told["held_s"] >= 0))
    return table.assign(held_s=_times(table["held_s"].to_numpy()))


def _matchings(state: State) -> pd.DataFrame:
    records = [record for record in state.records.matchings if record.held_s >= 0]
    return no_matchings() if not records else pd.DataFrame(records, columns=list(MATCHINGS)).astype(MATCHINGS)


def _passed_over(state: State) -> pd.DataFrame:
    """Return how often each demand was passed over, by reason, in the order of reasons then of demands."""
    parts = [no_passed_over()]
    for reason in sorted(state.records.passed):
        rows, times = np.unique(np.concatenate(state.records.passed[reason]), return_counts=True)
        names = {"demand_id": _texts(state.register.demand_id[rows]), "reason": _texts([reason] * len(rows))}
        parts.append(pd.DataFrame({**names, "times": times.astype(np.int64)}))
    return pd.concat(parts, ignore_index=True)


def _offers(world: World, state: State) -> pd.DataFrame:
    """Return offers answered at or after the start, and every offer of a lease the run holds.

    An offer whose turn came after its demand was closed before the start is no event of the run.
    """
    told = _columns(OfferRecord, state.records.offers)
    kept = (told["answered_s"] >= 0) & (state.register.closed_s[told["demand"]] >= 0)
    told = _chosen(told, kept | _of_a_lease(state, told, ~kept))
    ended_s = told["answered_s"]
    reached = {name: told[name] for name in ("contacted_s", "visited_s", "documents_s")}
    return pd.DataFrame(
        {
            "sitting_id": told["sitting_id"],
            "vacancy_id": told["vacancy_id"],
            "dwelling_id": _named(world.territory.dwellings.dwelling_id, told["dwelling"]),
            "demand_id": _texts(state.register.demand_id[told["demand"]]),
            "rank": told["rank"],
            "offered_s": _times(told["offered_s"]),
            "answered_s": _times(ended_s),
            "outcome": told["outcome"],
            "motive": told["motive"],
            "stage": told["stage"],
            # a stage that was not passed by the end of the offer never was
            **{name: _times(np.where(at_s <= ended_s, at_s, NEVER)) for name, at_s in reached.items()},
        }
    )


def _of_a_lease(state: State, offers: Columns, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of some offers are for the vacancy and the demand of a lease that the run holds, (n,)."""
    leases = [lease for lease in state.records.leases if lease.signed_s >= 0]
    housed = np.zeros(state.register.size, dtype=np.bool_)
    housed[[lease.demand for lease in leases]] = True
    rows = np.flatnonzero(among & housed[offers["demand"]])
    names = zip(offers["vacancy_id"][rows], offers["demand"][rows].tolist(), strict=True)
    signed = {(lease.vacancy_id, lease.demand) for lease in leases} if rows.size else set()
    found = np.zeros(len(among), dtype=np.bool_)
    found[rows] = [name in signed for name in names]
    return found


def _leases(world: World, state: State) -> pd.DataFrame:
    register = state.register
    told = _columns(LeaseRecord, state.records.leases)
    told = _chosen(told, told["signed_s"] >= 0)
    dwelling, demand, signed_s = told["dwelling"], told["demand"], told["signed_s"]
    return pd.DataFrame(
        {
            "vacancy_id": told["vacancy_id"],
            **_dwelling_columns(world, dwelling),
            "demand_id": _texts(register.demand_id[demand]),
            "household_id": _texts(register.household_id[demand]),
            "filed_s": _times(register.filed_s[demand]),
            "signed_s": _times(signed_s),
            "ended_s": _times(_ended(world, state, dwelling, demand, signed_s)),
            "rank": told["rank"],
            "points": told["points"],
            "reservataire": _named(RESERVATAIRES, told["reservataire"]),
            "peuplement_type": _types(world, state, dwelling),
            "own_bailleur": own_bailleur(world, register.mutation_of[demand], dwelling),
            **_traits(told["signature"]),
        }
    )


def _ended(world: World, state: State, dwelling: Ints, demand: Ints, signed_s: Ints) -> Ints:
    """Return when the keys of each lease's dwelling were given back within the run, NEVER where not."""
    household = state.register.household_id[demand].tolist()
    tenancies = zip(dwelling.tolist(), signed_s.tolist(), household, strict=True)
    ended_s = np.array([state.records.ended.get(one, NEVER) for one in tenancies], dtype=np.int64)
    return np.where((signed_s <= ended_s) & (ended_s < world.end_s), ended_s, NEVER)
