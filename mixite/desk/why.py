"""Why is a demand, or is it not, on the list of each dwelling of a sitting?

Facts alone, of this demand and of no other; why_words.py says them. Whether it is in a dwelling's pool is
read anew from the rules' own functions, rule by rule, so that every one that stands in the way is named: a
test holds it to the pools of the Sitting for every demand and vacancy. Left out on purpose: why another
demand is where it is, and anything that would tell who it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

import numpy as np

from mixite.desk.request import Request
from mixite.desk.suggesting import Suggestion, suggest
from mixite.desk.tables import SEARCHED
from mixite.desk.told import deadline, rehoused
from sim.policies.reasons import NotPresented, Suggested
from sim.policies.sitting import NOBODY
from sim.process.register import CLOSED, OFFERED
from sim.rules.eligibility import ceiling_eur, least_persons, most_persons, rooms_allowed
from sim.rules.traits import MISSING, VALID, income_state
from sim.territory.columns import FINANCINGS, RESERVATAIRES
from sim.territory.files.faults import Fault, FaultsFound, nearest


@dataclass(frozen=True)
class Bar:
    """A rule that keeps a demand out of a dwelling's pool: a key of `why_words.BARS`, and what it says."""

    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """Where a demand stands for a dwelling; `bars` is empty when it is in the pool.

    Attributes
    ----------
    eligible : demands in the pool
    before : of these, how many come before it in cotation order
    suggested : its place on the list, None where it has none
    points_missing : fewer than the least points listed there, None where points do not tell them apart
    passed : why it is not presented though better scored than the first name, None where it is not
    elsewhere : dwellings on whose lists it is, with its rank
    kind : a key of `why_words.STANDINGS`
    usual_rooms : fewest and most rooms of the project's default for its size
    """

    vacancy: int
    bars: tuple[Bar, ...]
    eligible: int
    before: int
    kind: str
    suggested: Suggested | None = None
    points_missing: int | None = None
    passed: NotPresented | None = None
    elsewhere: tuple[tuple[str, int], ...] = ()
    usual_rooms: tuple[int, int] | None = None


@dataclass(frozen=True)
class Why:
    """What is said of a demand: `checks` are data to be checked, keys of `why_words.CHECKS`.

    `deadline` : by when a dwelling is owed under DALO; `rehoused` : whether an operation rehouses it
    """

    found: Suggestion
    demand: int  # row of the register
    checks: tuple[Bar, ...]
    deadline: date | None
    rehoused: bool
    standings: tuple[Standing, ...]


def why(request: Request, demand: str, dwelling: str | None = None) -> Why:
    """Say why a demand is, or is not, on the lists of a sitting.

    Parameters
    ----------
    dwelling : the only one asked about, None for every dwelling of the sitting

    Raises
    ------
    FaultsFound
        for a demand or a dwelling that is not known, or as `suggest`.
    """
    row, only = _asked(request, demand, dwelling)
    found = suggest(request, confirmed=0)
    places = [place for place, one in enumerate(found.today.vacancies) if only in (None, one.dwelling)]
    position = int(found.sitting.position[row])
    return Why(
        found,
        row,
        tuple(_checks(request, found, row)),
        None if position == NOBODY else deadline(found, position),
        position != NOBODY and rehoused(found, position),
        tuple(standing(found, row, place) for place in places),
    )


def _asked(request: Request, demand: str, dwelling: str | None) -> tuple[int, int | None]:
    """Return the rows of the demand and of the dwelling asked about."""
    faults: list[Fault] = []
    demands = request.territory.demands.demand_id.tolist()
    names = request.territory.dwellings.dwelling_id
    vacant = {str(names[one.dwelling]): one.dwelling for one in request.known.vacant}
    if demand not in demands:
        faults.append(Fault("--demand", "demande inconnue", _way_out(demand, demands), value=demand))
    if dwelling is not None and dwelling not in vacant:
        message, mend = "logement absent de la séance", nearest(dwelling, sorted(vacant))
        faults.append(Fault("--dwelling", message, mend, value=dwelling))
    if faults:
        raise FaultsFound(faults)
    return demands.index(demand), None if dwelling is None else vacant[dwelling]


def _way_out(demand: str, known: list[str]) -> str:
    """Return a way out that shows the number of no other demand."""
    mend = "vérifier le numéro unique"
    if len(known) <= SEARCHED and get_close_matches(demand, known, n=1, cutoff=0.8):
        return f"{mend} : un numéro connu en est très proche"
    return mend


def _checks(request: Request, found: Suggestion, row: int) -> Iterator[Bar]:
    """Yield the data of a demand that are to be checked; none of them excludes it."""
    register, law = found.today.state.register, found.today.world.law
    state = int(income_state(register.monthly_income_eur[[row]])[0])
    if state != VALID:
        yield Bar("income_missing" if state == MISSING else "income_implausible", {})
    if np.isnan(register.rfr_eur[row]):
        yield Bar("rfr_missing", {})
    if request.renewed_on is not None:
        filed, renewed = request.territory.demands.filed_on[row], request.renewed_on[row]
        last = (filed if np.isnat(renewed) else max(filed, renewed)).astype("datetime64[D]").item()
        if (request.on - last).days > law.demand_validity_days:
            yield Bar("not_renewed", {"last": last})


def standing(found: Suggestion, row: int, place: int) -> Standing:
    """Return where a demand, a row of the register, stands for a vacancy of the sitting."""
    sitting, explained = found.sitting, found.explained
    position = int(sitting.position[row])
    so_far = Standing(
        vacancy=place,
        bars=tuple(bars(found, row, place)),
        eligible=len(sitting.pools[place]),
        before=0 if position == NOBODY else len(sitting.pools[place].before(position)),
        kind="outside",
        elsewhere=_elsewhere(found, position, place),
        usual_rooms=_unusual(found, row, place),
    )
    if so_far.bars:
        return so_far
    listed = {one.demand: one for one in found.suggested if one.vacancy == place}
    if position in listed:
        return replace(so_far, kind="listed", suggested=listed[position])
    passed = None if explained is None else explained.ask(place, position)
    if passed is not None:
        return replace(so_far, kind="passed", passed=passed)
    return replace(so_far, **_below(found, position, place, len(so_far.elsewhere)))


def _below(found: Suggestion, position: int, place: int, lists: int) -> dict[str, Any]:
    """Return why a demand of the pool is not listed where no row is the reason."""
    sitting = found.sitting
    listed = [name for name in found.shortlist.rows[place].tolist() if name != NOBODY]
    by_law = sitting.first_by_law.get(place, NOBODY)
    ranked = [name for name in listed if name != by_law]
    if lists >= sitting.max_lists:
        return {"kind": "lists"}
    if not ranked:
        return {"kind": "first_by_law"}
    least = int(sitting.points[ranked].min())
    points = int(sitting.points[position])
    if points < least and found.request.points != "seniority":
        return {"kind": "points", "points_missing": least - points}
    if max(ranked) < position:
        return {"kind": "seniority"}  # as many points, or none count: an older demand comes first
    return {"kind": "public"}


def _elsewhere(found: Suggestion, position: int, place: int) -> tuple[tuple[str, int], ...]:
    return tuple(
        (_name(found, found.sitting.dwelling[one.vacancy]), one.rank)
        for one in found.suggested
        if one.demand == position and one.vacancy != place
    )


def _unusual(found: Suggestion, row: int, place: int) -> tuple[int, int] | None:
    """Return the usual rooms of a household where the dwelling has fewer or more; no rule of the pools."""
    world = found.today.world
    fewest, most = rooms_allowed(world.law, found.today.state.register.persons[[row]])
    rooms = int(world.territory.dwellings.rooms[found.today.vacancies[place].dwelling])
    return None if fewest[0] <= rooms <= most[0] else (int(fewest[0]), int(most[0]))


def bars(found: Suggestion, row: int, place: int) -> Iterator[Bar]:
    """Yield each rule that keeps a demand out of a vacancy's pool: the day's, the law's, the household's."""
    yield from _of_the_day(found, row)
    yield from _of_the_law(found, row, place)
    yield from _of_its_wishes(found, row, place)
    yield from _of_the_list(found, row, place)


def _of_the_day(found: Suggestion, row: int) -> Iterator[Bar]:
    """Yield what keeps a demand out of every pool of the sitting."""
    state, world = found.today.state, found.today.world
    register = state.register
    if register.filed_s[row] > state.now_s:
        yield Bar("filed_after", {"filed": world.day(int(register.filed_s[row]))})
    if register.state[row] == CLOSED:
        yield Bar("closed", {})
    elif register.state[row] == OFFERED:
        yield Bar("in_flight", {})
    elif register.excluded[row]:
        yield Bar("excluded", {})


def _of_the_law(found: Suggestion, row: int, place: int) -> Iterator[Bar]:
    """Yield ceiling, surface and rooms (R12, R13, R14), and accessibility."""
    register, world = found.today.state.register, found.today.world
    law, stock, dwelling = world.law, world.territory.dwellings, found.today.vacancies[place].dwelling
    persons, rooms = int(register.persons[row]), int(stock.rooms[dwelling])
    financing, surface = int(stock.financing[dwelling]), float(stock.surface_m2[dwelling])
    alone = bool(register.ranked[row] > register.persons[row])
    ceiling, rfr = float(ceiling_eur(law, persons, financing, alone)), float(register.rfr_eur[row])
    if rfr > ceiling:
        over = {"rfr_eur": rfr, "ceiling_eur": ceiling, "over_eur": rfr - ceiling}
        yield Bar("ceiling", {"financing": FINANCINGS[financing], **over})
    most, least = int(most_persons(law, surface)), int(least_persons(law, rooms))
    if persons > most:
        yield Bar("surface", {"surface_m2": surface, "persons": persons, "most": most})
    if persons < least:
        yield Bar("rooms", {"rooms": rooms, "persons": persons, "least": least})
    if register.needs_accessible[row] and not stock.accessible[dwelling]:
        yield Bar("accessible", {})


def _of_its_wishes(found: Suggestion, row: int, place: int) -> Iterator[Bar]:
    """Yield what the demand itself does not ask for: typology, commune, rent."""
    register, world = found.today.state.register, found.today.world
    dwelling = found.today.vacancies[place].dwelling
    rooms, commune = int(world.territory.dwellings.rooms[dwelling]), int(world.commune[dwelling])
    fewest, most = int(register.rooms_min[row]), int(register.rooms_max[row])
    if not fewest <= rooms <= most:
        yield Bar("typology", {"rooms": rooms, "rooms_min": fewest, "rooms_max": most})
    if not world.territory.demands.wishes[register.template[row], commune]:
        yield Bar("commune", {"commune": world.territory.communes[commune]})
    stated, due = float(register.max_rent_eur[row]), float(world.rent_due_eur[dwelling])
    if stated < due:
        yield Bar("rent", {"due_eur": due, "stated_eur": stated, "over_eur": due - stated})


def _of_the_list(found: Suggestion, row: int, place: int) -> Iterator[Bar]:
    """Yield what keeps to a list: a réservataire's labels or names, the préfet, an offer before, a person."""
    sitting, vacancy = found.sitting, found.today.vacancies[place]
    position, holder = int(sitting.position[row]), {"reservataire": RESERVATAIRES[vacancy.reservataire]}
    alone = {who: at for at, who in sitting.named.items()}
    if alone.get(position, place) != place:
        dwelling = sitting.dwelling[alone[position]]
        yield Bar("named_elsewhere", {"dwelling_id": _name(found, dwelling)})
    elif sitting.named.get(place, position) != position:
        yield Bar("named_here", {})
    labelled = found.today.state.register.labels[row] >> vacancy.reservataire & 1 == 1
    first_by_law = position in (sitting.named.get(place), sitting.owed.get(place))
    on_list = row in (vacancy.named or ()) or place in sitting.named
    if vacancy.designated and vacancy.by_name and not (labelled and (on_list or first_by_law)):
        yield Bar("not_named", holder)
    elif vacancy.designated and not labelled:
        yield Bar("labels", holder)
    if row in vacancy.tried:
        yield Bar("proposed", {})
    if (vacancy.dwelling, row) in found.request.known.forbidden:
        yield Bar("forbidden", {})


def _name(found: Suggestion, dwelling: int) -> str:
    return str(found.request.territory.dwellings.dwelling_id[dwelling])
