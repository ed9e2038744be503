"""To which réservataire is a freed dwelling oriented, and does whoever designates follow the strategy?

A part of the releases is withdrawn from the flow first (R7) and stays the bailleur's; the rest go by the
shares of flows.py. `uniform` and `observed` draw each dwelling by its own identity, so that they are the
same whatever the policy, as independent draws: a bailleur's yearly flow scatters around its share, and the
gap is an indicator. `by_capacity` keeps an account in the State: it follows the vacancies there have been.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.chance import Keys
from sim.process.flows import Flows
from sim.process.world import World
from sim.rules.reservation import ETAT
from sim.scenario import Scenario
from sim.territory.columns import PEUPLEMENT_TYPES, RESERVATAIRES, Bools, Floats, Ints

BAILLEUR = RESERVATAIRES.index("aucun")
ETAT_FIRST = tuple(PEUPLEMENT_TYPES.index(name) for name in ("en_capacite", "en_equilibre"))
ETAT_LAST = PEUPLEMENT_TYPES.index("a_conforter")

IN_FLOW, WITHDRAWN, IN_STOCK = range(3)
FLOWS = ("flow", "withdrawn", "stock")
"""How a dwelling came to its réservataire: by the shares, withdrawn from them (R7), or reserved in stock."""

Account = dict[tuple[int, int], list[int]]
"""Dwellings oriented so far to each réservataire, by (year, flow)."""


class Oriented(NamedTuple):
    """What is drawn of some vacancies, (n,) each."""

    reservataire: Ints
    flow: Ints  # index into FLOWS
    designated: Bools  # in time
    by_name: Bools
    leaning: Floats  # its holder follows the strategy where its adherence is above


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
    own = held(world.scenario, world.flows)[:, BAILLEUR]
    size = len(world.territory.bailleurs)
    count = np.bincount(world.bailleur, minlength=size)
    part: Floats = np.bincount(world.bailleur, weights=own, minlength=size) / np.maximum(count, 1)
    return part


def held(scenario: Scenario, flows: Flows) -> Floats:
    """Return the part of each dwelling's releases that each réservataire should hold, (D, réservataires)."""
    withdrawn = scenario.orientation.withdrawn_share
    shares: Floats = (1 - withdrawn) * flows.shares[flows.cell]
    shares[:, BAILLEUR] += withdrawn
    return shares


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
