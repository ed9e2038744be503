"""Which share of a bailleur's freed dwellings goes to each réservataire?

Shares are agreed on by bailleur and département (CCH R.441-5): the scenario's for the bailleur, else the
territory's, else the scenario's for all; under `observed` they tell QPV and rooms apart. Left out on purpose:
to whom one dwelling goes (orientation.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.rules.law import Law
from sim.rules.reservation import ETAT, below_the_floor, unlawful
from sim.scenario import Scenario
from sim.scenario.reservation import Shares, each, in_order
from sim.territory.columns import RESERVATAIRES, Bools, Floats, Ints, Territory, departement
from sim.territory.files.faults import Fault, FaultsFound, nearest

MOST_ROOMS = 9


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
