"""How do a run's records become its outcomes?

Here are the tables of events. Left out on purpose: the yearly tables of who lives where (occupation.py), and
what a reader must know of the run besides (context.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import MATCHINGS, Outcomes, no_matchings
from sim.process import dalo
from sim.process.context import context
from sim.process.housing import NEVER
from sim.process.moves import own_bailleur
from sim.process.occupation import occupation, tenures
from sim.process.orientation import FLOWS
from sim.process.register import CAUSES, CLOSINGS
from sim.process.state import State
from sim.process.world import World
from sim.rules.traits import NAMES, has
from sim.territory.columns import FINANCINGS, PEUPLEMENT_TYPES, RESERVATAIRES

MODES = np.array(["bailleur", "delegated", "named"])
HOLDERS = np.array(RESERVATAIRES)
TYPES = np.array([*PEUPLEMENT_TYPES, ""])


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
    )


def _times(values: Any) -> pd.Series[Any]:
    """Return seconds as nullable integers, NEVER being null."""
    seconds = np.asarray(values, dtype=np.int64)
    return pd.Series(pd.arrays.IntegerArray(seconds.copy(), seconds == NEVER))


def _texts(values: Any) -> NDArray[Any]:
    """Return texts, null where empty."""
    return np.array([text or None for text in values.tolist()], dtype=object)


def _traits(signatures: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
    return {name: has(signatures, name) for name in NAMES}


def _column(records: Sequence[Any], name: str) -> Any:
    return np.array(list(map(attrgetter(name), records)))


def _demands(world: World, state: State) -> pd.DataFrame:
    register = state.register
    played = (register.closed_s >= 0) & (register.filed_s < world.end_s)
    rows = np.flatnonzero(played)
    rows = rows[np.lexsort((register.key[rows], register.filed_s[rows]))]
    by = np.array([*CLOSINGS, None], dtype=object)
    communes = np.array([*world.territory.communes, ""])
    recognised = register.dalo_s[rows]
    known = (recognised < world.end_s) & (recognised <= register.closed_s[rows])
    operations = np.array([*(one.name for one in world.plan.operations), ""], dtype=object)
    return pd.DataFrame(
        {
            "demand_id": register.demand_id[rows],
            "household_id": register.household_id[rows],
            "filed_s": _times(register.filed_s[rows]),
            "closed_s": _times(register.closed_s[rows]),
            "closed_by": by[register.closed_by[rows]],
            "adults": register.adults[rows].astype(np.int64),
            "children": register.children[rows].astype(np.int64),
            "monthly_income_eur": register.monthly_income_eur[rows],
            "income_uc_eur": register.income_uc_eur[rows],
            "rooms_min": register.rooms_min[rows].astype(np.int64),
            "rooms_max": register.rooms_max[rows].astype(np.int64),
            "commune": communes[register.first_commune[rows]],
            "cause": np.array(CAUSES)[register.cause[rows]],
            "operation": operations[register.operation[rows]],
            "dalo_recognised_s": _times(np.where(known, recognised, NEVER)),
            "dalo_deadline_s": _times(np.where(known, dalo.deadlines(world, register, rows), NEVER)),
            "dalo_bailleur_id": np.where(
                known, np.array(world.territory.bailleurs)[register.dalo_bailleur[rows]], ""
            ),
            "dalo_lost_s": _times(register.dalo_lost_s[rows]),
            **_traits(register.signature_filed[rows]),
        }
    )


def _dwelling_columns(world: World, dwelling: NDArray[np.int64]) -> dict[str, Any]:
    territory = world.territory
    return {
        "dwelling_id": territory.dwellings.dwelling_id[dwelling],
        "residence_id": territory.residences.residence_id[territory.dwellings.residence[dwelling]],
        "bailleur_id": np.array(territory.bailleurs)[world.bailleur[dwelling]],
        "commune": np.array(territory.communes)[world.commune[dwelling]],
        "in_qpv": world.in_qpv[dwelling],
        "rooms": territory.dwellings.rooms[dwelling].astype(np.int64),
    }


def _type_of(world: World, state: State, dwelling: NDArray[np.int64]) -> NDArray[np.str_]:
    return TYPES[state.peuplement_type[world.territory.dwellings.residence[dwelling]]]


def _vacancies(world: World, state: State) -> pd.DataFrame:
    records = [record for record in state.records.vacancies if record.closed_s >= 0]
    records += [vacancy.let(NEVER) for vacancy in state.vacancies.values()]
    records.sort(key=lambda record: (record.keys_s, record.vacancy_id))
    dwelling = _column(records, "dwelling").astype(np.int64)
    financing = world.territory.dwellings.financing[dwelling]
    designated, by_name = (_column(records, name).astype(np.int64) for name in ("designated", "by_name"))
    return pd.DataFrame(
        {
            "vacancy_id": _column(records, "vacancy_id").astype(str),
            **_dwelling_columns(world, dwelling),
            "financing": np.array(FINANCINGS)[financing],
            "cause": _column(records, "cause").astype(str),
            "keys_s": _times(_column(records, "keys_s")),
            "available_s": _times(_column(records, "available_s")),
            "search_s": _times(_column(records, "search_s")),
            "rent_eur": world.territory.dwellings.rent_eur[dwelling],
            "charges_eur": world.territory.dwellings.charges_eur[dwelling],
            "reservataire": HOLDERS[_column(records, "reservataire").astype(np.int64)],
            "designation_mode": MODES[designated * (1 + by_name)],
            "flow": np.array(FLOWS)[_column(records, "flow").astype(np.int64)],
            "let_s": _times(_column(records, "let_s")),
            "lost": _column(records, "lost").astype(bool),
            "freed_by": _texts(_column(records, "freed_by")),
            "in_rpms": world.in_rpms[dwelling],
            "withdrawn_s": _times(_column(records, "withdrawn_s")),
            "withdrawn_for": _column(records, "withdrawn_for").astype(str),
            "peuplement_type": _type_of(world, state, dwelling),
        }
    )


def _sittings(state: State) -> pd.DataFrame:
    records = [record for record in state.records.sittings if record.held_s >= 0]
    return pd.DataFrame(
        {
            "sitting_id": _column(records, "sitting_id").astype(str),
            "held_s": _times(_column(records, "held_s")),
            "vacancy_id": _column(records, "vacancy_id").astype(str),
            "eligible": _column(records, "eligible").astype(np.int64),
            "listed": _column(records, "listed").astype(np.int64),
            "short_reason": _column(records, "short_reason").astype(str),
            "passed_over": _column(records, "passed_over").astype(np.int64),
        }
    )


def _matchings(state: State) -> pd.DataFrame:
    records = [record for record in state.records.matchings if record.held_s >= 0]
    return no_matchings() if not records else pd.DataFrame(records, columns=list(MATCHINGS)).astype(MATCHINGS)


def _offers(world: World, state: State) -> pd.DataFrame:
    """Return offers answered at or after the start, and every offer of a lease the run holds.

    An offer whose turn came after its demand was closed before the start is no event of the run.
    """
    closed_s = state.register.closed_s
    leases = {(lease.vacancy_id, lease.demand) for lease in state.records.leases if lease.signed_s >= 0}
    records = [
        offer
        for offer in state.records.offers
        if (offer.answered_s >= 0 and closed_s[offer.demand] >= 0)
        or (offer.vacancy_id, offer.demand) in leases
    ]
    dwelling = _column(records, "dwelling").astype(np.int64)
    demand = _column(records, "demand").astype(np.int64)
    return pd.DataFrame(
        {
            "sitting_id": _column(records, "sitting_id").astype(str),
            "vacancy_id": _column(records, "vacancy_id").astype(str),
            "dwelling_id": world.territory.dwellings.dwelling_id[dwelling],
            "demand_id": state.register.demand_id[demand],
            "rank": _column(records, "rank").astype(np.int64),
            "offered_s": _times([NEVER if o.offered_s is None else o.offered_s for o in records]),
            "answered_s": _times(_column(records, "answered_s")),
            "outcome": _column(records, "outcome").astype(str),
            "motive": _column(records, "motive").astype(str),
            "stage": _column(records, "stage").astype(str),
            **{f"{name}_s": _reached(records, name) for name in ("contacted", "visited", "documents")},
        }
    )


def _reached(records: Sequence[Any], name: str) -> pd.Series[Any]:
    """Return when a stage was passed, null where it was not by the end of the offer."""
    times = np.array([getattr(record, f"{name}_s") for record in records], dtype=np.int64)
    ended = np.array([record.answered_s for record in records], dtype=np.int64)
    return _times(np.where(times <= ended, times, NEVER))


def _leases(world: World, state: State) -> pd.DataFrame:
    register = state.register
    records = [record for record in state.records.leases if record.signed_s >= 0]
    dwelling = _column(records, "dwelling").astype(np.int64)
    demand = _column(records, "demand").astype(np.int64)
    ended = [_ended(world, state, record) for record in records]
    return pd.DataFrame(
        {
            "vacancy_id": _column(records, "vacancy_id").astype(str),
            **_dwelling_columns(world, dwelling),
            "demand_id": register.demand_id[demand],
            "household_id": register.household_id[demand],
            "filed_s": _times(register.filed_s[demand]),
            "signed_s": _times(_column(records, "signed_s")),
            "ended_s": _times(ended),
            "rank": _column(records, "rank").astype(np.int64),
            "points": _column(records, "points").astype(np.int64),
            "reservataire": HOLDERS[_column(records, "reservataire").astype(np.int64)],
            "peuplement_type": _type_of(world, state, dwelling),
            "own_bailleur": own_bailleur(world, register.mutation_of[demand], dwelling),
            **_traits(_column(records, "signature").astype(np.int64)),
        }
    )


def _ended(world: World, state: State, lease: Any) -> int:
    household = str(state.register.household_id[lease.demand])
    ended_s = state.records.ended.get((lease.dwelling, lease.signed_s, household), NEVER)
    return ended_s if lease.signed_s <= ended_s < world.end_s else NEVER
