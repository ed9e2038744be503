"""How does a town that has been played become the tables of outcomes?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from reference_people import NEVER, Demand, Dwelling, Vacancy
from reference_world import World

from sim.rules.traits import NAMES
from sim.territory.columns import FINANCINGS, PEUPLEMENT_TYPES, RESERVATAIRES

if TYPE_CHECKING:
    from reference_engine import Town


def tables(town: Town) -> dict[str, pd.DataFrame]:
    """Return the six tables: events from second 0 on, in the order they were written."""
    return {
        "demands": demands(town),
        "vacancies": vacancies(town),
        "sittings": sittings(town),
        "offers": offers(town),
        "leases": leases(town),
        "occupation": occupation(town),
    }


def table(rows: list[dict[str, Any]], names: str) -> pd.DataFrame:
    """Return rows as a frame; a name ends with its kind where it is not a text: `:i`, `:f`, `:b`, `:s`."""
    kinds = {"i": "int64", "f": "float64", "b": "bool", "": "object"}
    columns = {}
    for spec in [*names.split(), *(f"{trait}:b" for trait in NAMES if "*" in names)]:
        name, _, kind = spec.partition(":")
        if name != "*":
            values = [row[name] for row in rows]
            if kind == "s":
                columns[name] = pd.array([None if v == NEVER else v for v in values], dtype="Int64")
            else:
                columns[name] = np.array(values, dtype=kinds[kind])
    return pd.DataFrame(columns)


def traits(signature: int) -> dict[str, bool]:
    return {name: bool(signature >> place & 1) for place, name in enumerate(NAMES)}


def demands(town: Town) -> pd.DataFrame:
    world = town.world
    told = [d for d in town.demands if d.closed_s >= 0 and d.filed_s < world.end_s]
    told.sort(key=lambda demand: (demand.filed_s, demand.key))
    rows = [
        {
            **vars(demand),
            **vars(demand.people),
            "monthly_income_eur": demand.people.income_eur,
            "income_uc_eur": world.income_uc(demand.people),
            "rooms_min": demand.rooms[0],
            "rooms_max": demand.rooms[1],
            "commune": first_wish(world, demand),
            "operation": "",
            **recognition(world, demand),
            **traits(demand.traits_filed),
        }
        for demand in told
    ]
    names = "demand_id household_id filed_s:s closed_s:s closed_by adults:i children:i monthly_income_eur:f "
    names += "income_uc_eur:f rooms_min:i rooms_max:i commune cause operation dalo_recognised_s:s "
    names += "dalo_deadline_s:s dalo_bailleur_id dalo_lost_s:s *"
    return table(rows, names)


def recognition(world: World, demand: Demand) -> dict[str, Any]:
    known = demand.dalo_s < world.end_s and demand.dalo_s <= demand.closed_s
    return {
        "dalo_recognised_s": demand.dalo_s if known else NEVER,
        "dalo_deadline_s": world.offer_due_s(demand) if known else NEVER,
        "dalo_bailleur_id": world.territory.bailleurs[demand.bailleur] if known else "",
    }


def first_wish(world: World, demand: Demand) -> str:
    return world.territory.communes[world.territory.demands.first_commune[demand.template]]


def home(town: Town, place: Dwelling) -> dict[str, Any]:
    """Return what the tables say of a dwelling."""
    territory = town.world.territory
    residences, residence = territory.residences, int(territory.dwellings.residence[place.row])
    kind = int(town.stock.types[residence]) if town.stock else -1
    return {
        "dwelling_id": place.dwelling_id,
        "residence_id": str(residences.residence_id[residence]),
        "bailleur_id": territory.bailleurs[residences.bailleur[residence]],
        "commune": territory.communes[residences.commune[residence]],
        "in_qpv": bool(residences.in_qpv[residence]),
        "in_rpms": bool(residences.is_rpms[residence]),
        "rooms": int(territory.dwellings.rooms[place.row]),
        "financing": FINANCINGS[territory.dwellings.financing[place.row]],
        "peuplement_type": PEUPLEMENT_TYPES[kind] if kind >= 0 else "",
    }


def vacancies(town: Town) -> pd.DataFrame:
    """Tell of vacancies let in the run or still to be let, once a sitting has come after the notice."""
    told = [v for v in town.vacancies if v.let_s >= 0 and v.notice_s <= town.held_s]
    told.sort(key=lambda vacancy: (vacancy.keys_s, vacancy.vacancy_id))
    rows = [
        {
            **vars(vacancy),
            **home(town, vacancy.dwelling),
            "rent_eur": town.world.territory.dwellings.rent_eur[vacancy.dwelling.row],
            "charges_eur": town.world.territory.dwellings.charges_eur[vacancy.dwelling.row],
            "reservataire": RESERVATAIRES[vacancy.reservataire],
            "designation_mode": mode(vacancy),
            "lost": False,
            "withdrawn_s": NEVER,
            "withdrawn_for": "",
        }
        for vacancy in told
    ]
    names = (
        "vacancy_id dwelling_id residence_id bailleur_id commune in_qpv:b rooms:i financing cause keys_s:s "
    )
    names += "available_s:s search_s:s rent_eur:f charges_eur:f reservataire designation_mode flow let_s:s "
    return table(rows, names + "lost:b freed_by withdrawn_s:s withdrawn_for in_rpms:b peuplement_type")


def mode(vacancy: Vacancy) -> str:
    if not vacancy.designated:
        return "bailleur"
    return "named" if vacancy.by_name else "delegated"


def sittings(town: Town) -> pd.DataFrame:
    names = "sitting_id held_s:s vacancy_id eligible:i listed:i short_reason passed_over:i"
    plain = [name.partition(":")[0] for name in names.split()]
    return table([dict(zip(plain, row, strict=True)) for row in town.sittings if row[1] >= 0], names)


def offers(town: Town) -> pd.DataFrame:
    """Tell of offers answered in the run, and of every offer of a lease of the run."""
    leases = [(vacancy, offer.demand) for vacancy, offer, signed_s, _ in town.leases if signed_s >= 0]
    rows = [
        {
            **vars(offer),
            "sitting_id": sitting_id,
            "vacancy_id": vacancy.vacancy_id,
            "dwelling_id": vacancy.dwelling.dwelling_id,
            "demand_id": offer.demand.demand_id,
            "offered_s": NEVER if offer.offered_s is None else offer.offered_s,
            "answered_s": answered_s,
            "outcome": outcome,
            "motive": motive,
            "stage": stage,
            **{
                f"{name}_s": passed_s if passed_s <= answered_s else NEVER
                for name, passed_s in zip(("contacted", "visited", "documents"), offer.seen_s, strict=True)
            },
        }
        for vacancy, sitting_id, offer, outcome, answered_s, motive, stage in town.offers
        if (answered_s >= 0 and offer.demand.closed_s >= 0) or (vacancy, offer.demand) in leases
    ]
    names = "sitting_id vacancy_id dwelling_id demand_id rank:i offered_s:s answered_s:s outcome motive "
    names += "stage contacted_s:s visited_s:s documents_s:s"
    return table(rows, names)


def leases(town: Town) -> pd.DataFrame:
    ended = {}
    for vacancy in town.vacancies:
        if vacancy.keys_s < town.world.end_s:
            ended[vacancy.dwelling, vacancy.lease_s] = vacancy.keys_s
    rows = [
        {
            **home(town, vacancy.dwelling),
            "vacancy_id": vacancy.vacancy_id,
            "demand_id": offer.demand.demand_id,
            "household_id": offer.demand.household_id,
            "filed_s": offer.demand.filed_s,
            "signed_s": signed_s,
            "ended_s": ended.get((vacancy.dwelling, signed_s), NEVER),
            "rank": offer.rank,
            "points": offer.points,
            "reservataire": RESERVATAIRES[vacancy.holder],
            "own_bailleur": stays(town, offer.demand, vacancy.dwelling),
            **traits(signature),
        }
        for vacancy, offer, signed_s, signature in town.leases
        if signed_s >= 0
    ]
    names = "vacancy_id dwelling_id residence_id bailleur_id commune in_qpv:b rooms:i demand_id household_id "
    names += "filed_s:s signed_s:s ended_s:s rank:i points:i reservataire peuplement_type own_bailleur:b *"
    return table(rows, names)


def stays(town: Town, demand: Demand, place: Dwelling) -> bool:
    """Whether a tenant moves within its bailleur's dwellings."""
    if demand.lives_in is None:
        return False
    return bool(home(town, demand.lives_in)["bailleur_id"] == home(town, place)["bailleur_id"])


def occupation(town: Town) -> pd.DataFrame:
    stock, territory = town.stock, town.world.territory
    assert stock is not None
    residences: Iterable[int] = range(len(territory.residences.residence_id))
    rows = [
        {
            "residence_id": str(territory.residences.residence_id[place]),
            "bailleur_id": territory.bailleurs[territory.residences.bailleur[place]],
            "commune": territory.communes[territory.residences.commune[place]],
            "quartier": str(territory.residences.quartier[place]),
            "in_qpv": bool(territory.residences.in_qpv[place]),
            **{name: value[place] if np.ndim(value) else value for name, value in row.items()},
        }
        for row in stock.rows
        for place in residences
    ]
    return pd.DataFrame(rows)
