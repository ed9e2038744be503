"""To which réservataire is a freed dwelling oriented, and does whoever designates follow the strategy?

Shares are agreed on by bailleur and département (CCH R.441-5): the scenario's for the bailleur, else the
territory's, else the scenario's for all. A part of the releases is withdrawn from the flow first (R7) and
stays the bailleur's. `uniform` and `observed` draw each dwelling by its own identity, so that they are the
same whatever the policy, as independent draws: a bailleur's yearly flow scatters around its share, and the
gap is an indicator. `by_capacity` keeps an account in the State: it follows the vacancies there have been.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance import Keys
from sim.rules.law import Law
from sim.rules.reservation import ETAT, below_the_floor, unlawful
from sim.scenario import Scenario
from sim.scenario.reservation import Shares, each, in_order
from sim.territory.columns import (
    PEUPLEMENT_TYPES,
    RESERVATAIRES,
    Bools,
    Floats,
    Ints,
    Territory,
    departement,
)
from sim.territory.files.faults import Fault, FaultsFound, nearest

if TYPE_CHECKING:
    from sim.process.world import World

BAILLEUR = RESERVATAIRES.index("aucun")
MOST_ROOMS = 9
ETAT_FIRST = tuple(PEUPLEMENT_TYPES.index(name) for name in ("en_capacite", "en_equilibre"))
ETAT_LAST = PEUPLEMENT_TYPES.index("a_conforter")

IN_FLOW, WITHDRAWN, IN_STOCK = range(3)
FLOWS = ("flow", "withdrawn", "stock")
"""How a dwelling came to its réservataire: by the shares, withdrawn from them (R7), or reserved in stock."""

Account = dict[tuple[int, int], list[int]]
"""Dwellings oriented so far to each réservataire, by (year, flow)."""


@dataclass(frozen=True)
class Flows:
    """The flows of a territory: one a bailleur and département.

    Attributes
    ----------
    keys : (bailleur, département) of each flow
    member : (D,) flow of each dwelling
    agreed : (flows, réservataires) shares, of what is not withdrawn
    cell : (D,) row of `shares` of each dwelling
    shares : (cells, réservataires) shares of the dwellings of a cell, by the scenario's rule
    adherence, named : (réservataires,) part of its dwellings for which each follows the strategy, and names
    warnings : what R5 says of these shares, in French
    """

    keys: tuple[tuple[str, str], ...]
    member: Ints
    agreed: Floats
    cell: Ints
    shares: Floats
    adherence: Floats
    named: Floats
    warnings: tuple[str, ...]


class Oriented(NamedTuple):
    """What is drawn of some vacancies, (n,) each."""

    reservataire: Ints
    flow: Ints  # index into FLOWS
    designated: Bools  # in time
    by_name: Bools
    leaning: Floats  # its holder follows the strategy where its adherence is above


def flows_of(scenario: Scenario, territory: Territory, law: Law) -> Flows:
    """Return the flows of a territory under a scenario.

    Raises
    ------
    FaultsFound
        for a bailleur of `[orientation.bailleurs]` that the territory does not know, and for each share of
        the territory's own that R5 forbids.
    """
    bailleur, commune = territory.residences.bailleur, territory.residences.commune
    where = np.array([departement(code) for code in territory.communes])[commune]
    pairs = sorted({(int(one), str(code)) for one, code in zip(bailleur, where, strict=True)})
    number = {pair: place for place, pair in enumerate(pairs)}
    of_residence = [number[int(one), str(code)] for one, code in zip(bailleur, where, strict=True)]
    member = np.array(of_residence, dtype=np.int64)[territory.dwellings.residence]
    keys = tuple((territory.bailleurs[one], code) for one, code in pairs)
    agreed = np.array(_agreed(scenario, territory, law, keys)).reshape(-1, len(RESERVATAIRES))
    if scenario.orientation.rule == "observed":
        cell, shares = _observed(scenario, territory, law, member, agreed)
    else:
        cell, shares = member, agreed
    return Flows(
        keys,
        member,
        agreed,
        cell,
        shares,
        np.array(each(scenario.designation.adherence)),
        np.array(each(scenario.designation.named_share)),
        tuple(_warnings(scenario, territory, law, keys, member, shares[cell])),
    )


def _agreed(
    scenario: Scenario, territory: Territory, law: Law, keys: Sequence[tuple[str, str]]
) -> list[tuple[float, ...]]:
    given, own = scenario.orientation.bailleurs, territory.orientation
    known = {*territory.bailleurs, *(f"{bailleur}@{code}" for bailleur, code in keys)}
    faults = [
        Fault("[orientation.bailleurs]", "bailleur inconnu", nearest(name, sorted(known)), column=name)
        for name in sorted(set(given) - known)
    ]
    found, used = [], set()
    for bailleur, code in keys:
        mine: Shares | None = given.get(f"{bailleur}@{code}", given.get(bailleur))
        if mine is None and bailleur in own:
            used.add(bailleur)
            found.append(tuple(own[bailleur].get(name, 0.0) for name in RESERVATAIRES))
        else:
            found.append(in_order(mine or scenario.orientation))
    for bailleur in sorted(used):
        shares = [own[bailleur].get(name, 0.0) for name in RESERVATAIRES]
        faults += [
            Fault("territory.toml", f, column=f"orientation.{bailleur}") for f in unlawful(law, shares)
        ]
    if faults:
        raise FaultsFound(faults)
    return found


def _observed(
    scenario: Scenario, territory: Territory, law: Law, member: Ints, agreed: Floats
) -> tuple[Ints, Floats]:
    """Return the cell of each dwelling, flow × QPV × rooms, and the shares of each cell.

    1. The first row of `[[orientation.observed]]` that the cell fits.
    2. Else, where the territory says of enough dwellings of such rooms and QPV to whom they are reserved,
       what it says.
    3. Else the agreed shares, the odds of the État in QPV being `etat_qpv_odds` times those agreed; outside,
       what leaves the État its whole share of the bailleur's dwellings.
    """
    dwellings, choice = territory.dwellings, scenario.orientation
    in_qpv = territory.residences.in_qpv[dwellings.residence]
    rooms = np.clip(dwellings.rooms, 1, MOST_ROOMS)
    cell = (member * 2 + in_qpv) * MOST_ROOMS + rooms - 1
    shares = np.empty((len(agreed), 2, MOST_ROOMS, len(RESERVATAIRES)))
    for flow, own in enumerate(agreed):
        shares[flow] = _tilted(own, choice.etat_qpv_odds, in_qpv[member == flow])[:, None]
    for qpv in (False, True):
        for number in range(1, MOST_ROOMS + 1):
            said = dwellings.reservataire[(in_qpv == qpv) & (rooms == number)]
            counts = np.bincount(said[said >= 0], minlength=len(RESERVATAIRES))
            rows = (
                row
                for row in choice.observed
                if row.in_qpv in (None, qpv) and row.rooms_min <= number <= row.rooms_max
            )
            row = next(rows, None)
            if row is not None:
                shares[:, int(qpv), number - 1] = row.shares.shares
            elif counts.sum() >= max(law.small_number, 1):
                shares[:, int(qpv), number - 1] = counts / counts.sum()
    return cell, shares.reshape(-1, len(RESERVATAIRES))


def _tilted(own: Floats, odds: float, in_qpv: Bools) -> Floats:
    """Return shares outside QPV and in QPV, (2, réservataires), whose mean over the dwellings is `own`."""
    both, part = np.stack([own, own]), float(in_qpv.mean()) if len(in_qpv) else 0.0
    etat = float(own[ETAT])
    if not 0 < part < 1 or not 0 < etat < 1:
        return both
    inside = min(odds * etat / (1 - etat + odds * etat), etat / part)
    outside = (etat - part * inside) / (1 - part)
    for place, share in enumerate((outside, inside)):
        both[place] *= (1 - share) / (1 - etat)
        both[place, ETAT] = share
    return both


def _warnings(
    scenario: Scenario,
    territory: Territory,
    law: Law,
    keys: Sequence[tuple[str, str]],
    member: Ints,
    shares: Floats,
) -> list[str]:
    """Return what R5 says of the mean shares of each flow, over its dwellings of today."""
    outside = ~territory.residences.in_qpv[territory.dwellings.residence]
    found = []
    for flow, (bailleur, code) in enumerate(keys):
        mine = member == flow
        said = list(unlawful(law, shares[mine].mean(axis=0))) if mine.any() else []
        if (mine & outside).any() and not scenario.orientation.agreed_outside_qpv:
            said += [below_the_floor(law, shares[mine & outside].mean(axis=0))]
        found += [f"bailleur {bailleur}, département {code} : {text}" for text in said if text]
    return found


def orient(
    world: World, key: Keys, dwelling: Ints, notice_s: Ints, types: Ints, account: Account
) -> Oriented:
    """Return to whom vacancies are oriented, and how they are designated for.

    1. A dwelling reserved in stock keeps its réservataire.
    2. The others are withdrawn from the flow with the expected share, and stay the bailleur's (R7).
    3. The rest go by the shares of their cell, or, by capacity, to whom the account and the residence say.
    4. Whether the réservataire designates in time, names its candidates, and follows the strategy, is drawn.

    # Simplified: which dwelling serves an own mutation is not known before its lease: so many are withdrawn
    as are expected, drawn among all.

    Parameters
    ----------
    notice_s : (n,) when notice was given: the account is by the calendar year of it, in its order
    types : (residences,) of peuplement, empty where there are none yet
    account : brought up to date by the rule `by_capacity` alone
    """
    choice, flows = world.scenario.orientation, world.flows
    holder = world.territory.dwellings.reservataire[dwelling].astype(np.int64)
    fate, on_time, by_name, leaning = world.chance.quarters("orientation", key)
    drawn = holder < 0
    withdrawn = drawn & (fate < choice.withdrawn_share)
    free = drawn & ~withdrawn
    if choice.rule == "by_capacity":
        known = types if len(types) else world.territory.residences.peuplement_type
        kinds = known[world.territory.dwellings.residence[dwelling]]
        for place in np.lexsort((key, notice_s)):
            if not free[place]:
                continue
            year, flow = world.day(int(notice_s[place])).year, int(flows.member[dwelling[place]])
            counts = account.setdefault((year, flow), [0] * len(RESERVATAIRES))
            holder[place] = furthest_behind(flows.agreed[flow].tolist(), counts, int(kinds[place]))
            counts[holder[place]] += 1
    elif free.any():
        left = (fate[free] - choice.withdrawn_share) / (1 - choice.withdrawn_share)
        bounds = np.cumsum(flows.shares, axis=1)[flows.cell[dwelling[free]], :-1]
        holder[free] = (bounds <= left[:, None]).sum(axis=1)
    holder[withdrawn] = BAILLEUR
    designated = (holder != BAILLEUR) & (on_time < world.scenario.designation.designated_share)
    return Oriented(
        holder,
        np.where(withdrawn, WITHDRAWN, np.where(drawn, IN_FLOW, IN_STOCK)),
        designated,
        designated & (by_name < flows.named[holder]),
        leaning,
    )


def furthest_behind(shares: Sequence[float], counts: Sequence[int], kind: int) -> int:
    """Return who gets the next dwelling of a flow, in a residence of a type.

    1. Whoever is behind its share of the dwellings oriented this year, this one included, may have it.
    2. Where there is capacity the État comes first among them; in a residence « à conforter », last.
    3. Else the furthest behind, in the order of RESERVATAIRES.

    Nobody is ever a whole dwelling above its share, so nobody is more than four below.
    """
    total = sum(counts) + 1
    behind = [share * total - count for share, count in zip(shares, counts, strict=True)]
    if kind in ETAT_FIRST and behind[ETAT] > 0:
        return ETAT
    most = max(range(len(behind)), key=behind.__getitem__)
    if kind == ETAT_LAST and most == ETAT:
        others = [who for who in range(len(behind)) if who != ETAT and behind[who] > 0]
        most = max(others, key=behind.__getitem__, default=ETAT)
    return most


def unreserved(world: World) -> Floats:
    """Return the part of each bailleur's releases that no réservataire holds, (bailleurs,)."""
    withdrawn = world.scenario.orientation.withdrawn_share
    own = withdrawn + (1 - withdrawn) * world.flows.shares[world.flows.cell, BAILLEUR]
    size = len(world.territory.bailleurs)
    count = np.bincount(world.bailleur, minlength=size)
    part: Floats = np.bincount(world.bailleur, weights=own, minlength=size) / np.maximum(count, 1)
    return part


def told(world: World) -> Mapping[str, object]:
    """Return what a run's context says of orientation, as plain data."""
    cuts = np.quantile(world.territory.dwellings.rent_eur, (0.25, 0.5, 0.75)).tolist()
    return {
        "rule": world.scenario.orientation.rule,
        "shares": [
            {"bailleur_id": bailleur, "departement": code}
            | dict(zip(RESERVATAIRES, world.flows.agreed[flow].tolist(), strict=True))
            for flow, (bailleur, code) in enumerate(world.flows.keys)
        ],
        "rent_cuts_eur": cuts,
        "warnings": list(world.flows.warnings),
    }
