"""What do requests say of the household's situation, and who may designate it?

Attributes are those of the closed list a grid may read, in the encodings of `Demands.attributes`. They are
drawn so as to agree: too small a dwelling with its surface, too dear a rent with the effort.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, Keys
from sim.territory.columns import ACTIVITIES, RESERVATAIRES
from sim.territory.synthetic.draws import chosen, code, happens
from sim.territory.synthetic.households import Composition
from sim.territory.synthetic.placement import ranked
from sim.territory.synthetic.spec import AGE_EDGES, Situations, SyntheticTerritory
from sim.territory.synthetic.stock import SyntheticStock

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

PRECARIOUS, DEMOLITION, VIOLENCE, DISABILITY, HEALTH, DEAR, SMALL, NEIGHBOURS = 0, 1, 5, 6, 7, 8, 12, 16
"""Positions in the motive list of the SNE (codes 01, 02, 06, 07, 08, 09, 13, 17)."""

HLM, PRIVATE_TENANT = 0, 1
"""Positions in the housing mode list of the SNE (codes HLM, LP)."""


@dataclass(frozen=True)
class Situation:
    """What a request says besides the household and its wishes, (n,) each."""

    needs_accessible: Mask
    labels: Ints
    dalo_recognised_on: NDArray[np.datetime64]
    attributes: dict[str, NDArray[Any]]


def describe_situations(
    spec: SyntheticTerritory,
    stock: SyntheticStock,
    households: Composition,
    mutation_of: Ints,
    filed_on: NDArray[np.datetime64],
    declared: Floats,
    chance: Chance,
) -> Situation:
    """Draw the situation of each request.

    Parameters
    ----------
    mutation_of : (n,) row of the dwelling the household lives in, -1 for a first request.
    filed_on : (n,) datetime64[D].
    declared : (n,) monthly resources as filed, NaN where missing.
    """
    assumed, keys, mutation = spec.situations, households.keys, mutation_of >= 0
    motives, main = _motives(assumed, stock, households, mutation_of, chance)
    modes = code(
        chance,
        "demand/housing_mode",
        keys,
        assumed.housing_modes.array,
        np.where(main == PRECARIOUS, 0, 1),
    )
    modes[mutation] = HLM
    space, per_room = _space(assumed, stock, households, mutation_of, main, chance)
    effort, residual = _effort(assumed, stock, households, mutation_of, motives, modes, declared, chance)
    employed = households.activity == ACTIVITIES.index("employed")
    band = np.searchsorted(AGE_EDGES, households.age, side="right") - 1
    disability = happens(chance, "demand/disability", keys, assumed.disability.array[np.minimum(band, 5)])
    disability |= _has(motives, DISABILITY)
    accessible = disability & happens(chance, "demand/accessible", keys, assumed.accessible_need.value)
    pdalhpd, dalo_on = _recognised(spec, keys, filed_on, chance)
    accord = pdalhpd & happens(chance, "demand/accord", keys, assumed.accord_collectif.value)
    lives = mutation | happens(chance, "demand/lives_in_epci", keys, assumed.lives_in_epci.value)
    in_qpv = lives & happens(chance, "demand/in_qpv", keys, assumed.first_in_qpv.value)
    in_qpv[mutation] = stock.residences.in_qpv[stock.dwellings.residence[mutation_of[mutation]]]
    flags = {
        "pdalhpd": pdalhpd,
        "accord_collectif": accord,
        "works_in_epci": employed
        & happens(chance, "demand/works_in_epci", keys, assumed.works_in_epci.value),
        "lives_in_epci": lives,
        "essential_worker": employed
        & happens(chance, "demand/essential_worker", keys, assumed.essential_worker.value),
        "disability": disability,
        "violence_proven": _has(motives, VIOLENCE)
        & happens(chance, "demand/violence", keys, assumed.violence.value),
        "right_to_rehousing": mutation
        & _has(motives, DEMOLITION)
        & happens(chance, "demand/rehousing", keys, assumed.right_to_rehousing.value),
        "qpv_residence": in_qpv,
    }
    attributes: dict[str, NDArray[Any]] = {name: mask.astype(np.int8) for name, mask in flags.items()}
    status = code(chance, "demand/work_status", keys, assumed.work_status.array, households.activity)
    attributes |= {
        "work_status": status.astype(np.int8),
        "motives": motives,
        "housing_modes": np.int64(1) << modes,
        "m2_per_person": space,
        "persons_per_room": per_room,
        "effort_rate": effort,
        "residual_income": residual,
        "unjustified_refusals_24m": np.zeros(keys.size),
    }
    labels = _labels(assumed, keys, pdalhpd | ~np.isnat(dalo_on), employed, chance)
    return Situation(accessible, labels, dalo_on, attributes)


def _motives(
    assumed: Situations, stock: SyntheticStock, households: Composition, mutation_of: Ints, chance: Chance
) -> tuple[Ints, Ints]:
    """Return the motives as a bit mask and the position of the main one, (n,) each."""
    keys, mutation = households.keys, mutation_of >= 0
    shares = np.stack([assumed.first_motives.shares, assumed.mutation_motives.shares])
    published = [
        {PRECARIOUS: assumed.first_precarious.value, DEAR: assumed.first_rent.value},
        {
            SMALL: 0.0,  # those most crowded, below
            HEALTH: assumed.mutation_health.value,
            NEIGHBOURS: assumed.mutation_neighbours.value,
        },
    ]
    for row, figures in enumerate(published):
        rest = [motive for motive in range(shares.shape[1]) if motive not in figures]
        total = 1 - sum(figures.values()) - (assumed.mutation_too_small.value if row else 0.0)
        shares[row, rest] *= total / shares[row, rest].sum()
        for motive, share in figures.items():
            shares[row, motive] = share
    main = code(chance, "demand/motive", keys, shares, mutation.astype(np.int64))
    crowded = np.full(keys.size, -np.inf)
    homes = mutation_of[mutation]
    crowding = ranked(households.persons[mutation] / stock.dwellings.surface_m2[homes])
    crowded[mutation] = crowding + assumed.crowding_noise.value * chance.normal(
        "demand/crowded", keys[mutation]
    )
    number = round(assumed.mutation_too_small.value * int(mutation.sum()))
    main[np.argsort(-crowded, kind="stable")[:number]] = SMALL
    second = code(chance, "demand/motive/second", keys, shares, mutation.astype(np.int64))
    given = happens(chance, "demand/motive/two", keys, assumed.second_motive.value)
    one = np.int64(1)
    return (one << main) | np.where(given, one << second, 0), main


def _space(
    assumed: Situations,
    stock: SyntheticStock,
    households: Composition,
    mutation_of: Ints,
    main: Ints,
    chance: Chance,
) -> tuple[Floats, Floats]:
    """Return the surface per person, m², and the persons per room of the dwelling left, (n,) each."""
    median = assumed.m2_per_person.array[np.where(main == PRECARIOUS, 0, 1)]
    median = np.where(main == SMALL, median * assumed.too_small_factor.value, median)
    space = median * np.exp(assumed.m2_spread.value * chance.normal("demand/space", households.keys))
    per_room = assumed.m2_per_room.value / space
    mutation = mutation_of >= 0
    homes, persons = mutation_of[mutation], households.persons[mutation]
    space[mutation] = stock.dwellings.surface_m2[homes] / persons
    per_room[mutation] = persons / stock.dwellings.rooms[homes]
    return np.round(space, 1), np.round(per_room, 2)


def _effort(
    assumed: Situations,
    stock: SyntheticStock,
    households: Composition,
    mutation_of: Ints,
    motives: Ints,
    modes: Ints,
    declared: Floats,
    chance: Chance,
) -> tuple[Floats, Floats]:
    """Return rent and charges over declared resources, and what is left a month and consumption unit.

    # Simplified: no housing aid is subtracted. Missing (NaN) without a rent or without declared resources.
    """
    effort = assumed.effort.value * np.exp(
        assumed.effort_spread.value * chance.normal("demand/effort", households.keys)
    )
    effort *= np.where(_has(motives, DEAR), assumed.rent_motive_factor.value, 1.0)
    mutation = mutation_of >= 0
    known = (declared > 0) & (mutation | (modes == PRIVATE_TENANT))
    homes, dwellings = mutation_of[mutation], stock.dwellings
    rent = dwellings.rent_eur[homes] + dwellings.charges_eur[homes]
    effort[mutation] = rent / np.where(known[mutation], declared[mutation], 1.0)
    effort = np.where(known, np.round(effort, 3), np.nan)
    return effort, np.round(declared * (1 - effort) / households.units)


def _recognised(
    spec: SyntheticTerritory, keys: Keys, filed_on: NDArray[np.datetime64], chance: Chance
) -> tuple[Mask, NDArray[np.datetime64]]:
    """Return who is recognised under the PDALHPD, and the date of the DALO recognition, NaT elsewhere."""
    assumed, today = spec.situations, np.datetime64(spec.as_of, "D")
    recognised = chosen(chance, "demand/recognised", keys, 1.0, round(assumed.recognised.value * keys.size))
    number = round(assumed.dalo_share.value * int(recognised.sum()))
    dalo = chosen(chance, "demand/dalo", keys, recognised.astype(np.float64), number)
    since = np.minimum((today - filed_on).astype(np.int64), int(assumed.dalo_days.value))
    ago = np.floor(chance.uniform("demand/dalo/since", keys) * (since + 1)).astype("timedelta64[D]")
    return recognised & ~dalo, np.where(dalo, today - ago, np.datetime64("NaT", "D"))


def _labels(assumed: Situations, keys: Keys, recognised: Mask, employed: Mask, chance: Chance) -> Ints:
    """Return the bit mask of the réservataires that may designate each request; `aucun` needs no label."""
    labelled = {
        "etat": recognised,
        "etat_fonctionnaires": employed
        & happens(chance, "demand/label/etat_fonctionnaires", keys, assumed.civil_servants.value),
        "action_logement": employed
        & happens(chance, "demand/label/action_logement", keys, assumed.action_logement.value),
        "collectivite": happens(chance, "demand/label/collectivite", keys, assumed.collectivite.value),
    }
    labels = np.zeros(keys.size, dtype=np.int64)
    for name, mask in labelled.items():
        labels |= mask.astype(np.int64) << RESERVATAIRES.index(name)
    return labels


def _has(motives: Ints, motive: int) -> Mask:
    return np.asarray((motives >> motive) & 1 == 1)
