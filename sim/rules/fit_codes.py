"""Who fits a dwelling, tested at once on bits?

The same rules as `eligibility.fits` (R12-R14), accessibility, the typologies asked for and the réservataire's
labels, arranged so that one dwelling is tested against many demands with two integer operations. The tests
hold both to each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.eligibility import ceiling_eur, least_persons, most_persons
from sim.rules.law import Law
from sim.territory.columns import FINANCINGS, Bools, Floats, Ints

Codes = NDArray[np.int32]

ACCESSIBLE, LABEL, CEILING, ROOMS, SIZE = 0, 1, 6, 9, 17
"""First bit of each part: needs an accessible dwelling, labels, ceilings met, rooms asked, persons (one)."""

MOST_ROOMS = 9
"""Rooms of the largest dwelling of the canonical tables."""

LARGEST = 13
"""Households of this many persons and more share a bit."""


class DwellingCodes(NamedTuple):
    """What each dwelling reads of a demand's code, (D,): `code & reads == wants` and `code & sizes != 0`."""

    reads: Codes
    wants: Codes
    sizes: Codes


def demand_codes(
    law: Law,
    needs_accessible: Bools,
    labels: Ints,
    rfr_eur: Floats,
    ranked: Ints,
    persons: Ints,
    rooms_min: Ints,
    rooms_max: Ints,
) -> Codes:
    """Return the code of each demand, (n,); `ranked` is persons, one more for a single parent."""
    codes = needs_accessible.astype(np.int32) << ACCESSIBLE
    codes |= labels.astype(np.int32) << LABEL
    financings = np.arange(len(FINANCINGS), dtype=np.int32)[:, None]
    under = ~(rfr_eur > ceiling_eur(law, ranked, financings))
    codes |= np.bitwise_or.reduce(under.astype(np.int32) << CEILING + financings, axis=0)
    rooms = np.arange(1, MOST_ROOMS + 1, dtype=np.int32)[:, None]
    asked = (rooms_min <= rooms) & (rooms_max >= rooms)
    codes |= np.bitwise_or.reduce(asked.astype(np.int32) << ROOMS + rooms - 1, axis=0)
    sizes: Codes = codes | np.int32(1) << SIZE + np.minimum(persons, LARGEST).astype(np.int32)
    return sizes


def dwelling_codes(
    law: Law, rooms: Ints, surface_m2: Floats, financing: Ints, accessible: Bools
) -> DwellingCodes:
    """Return what each dwelling reads, its réservataire's label left out, (D,)."""
    wants = (np.int32(1) << CEILING + financing.astype(np.int32)) | rooms_bit(rooms)
    reads = wants | np.where(accessible, 0, 1 << ACCESSIBLE).astype(np.int32)
    persons = np.arange(1, LARGEST + 1, dtype=np.int32)
    most = np.minimum(most_persons(law, surface_m2), LARGEST)[:, None]
    admitted = (persons >= least_persons(law, rooms)[:, None]) & (persons <= most)
    return DwellingCodes(reads, wants, (admitted << SIZE + persons).sum(axis=1, dtype=np.int32))


def rooms_bit(rooms: Ints | int) -> Codes:
    """Return the bit of a demand that asks for so many rooms."""
    bits: Codes = np.int32(1) << np.asarray(rooms, dtype=np.int32) + (ROOMS - 1)
    return bits


def ceiling_bit(financing: int) -> int:
    """Return the bit of a demand under the ceiling of a financing."""
    return 1 << CEILING + financing


def label_bit(reservataire: int) -> int:
    """Return the bit of a demand labelled by a réservataire."""
    return 1 << LABEL + reservataire
