"""What does every document say first of its territory: which one, and what is to be known of its data?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mixite.report.words import SYNTHETIC_BANNER

if TYPE_CHECKING:
    from sim.territory.columns import Territory


def named(territory: Territory) -> dict[str, object]:
    """Return the territory as a document names it."""
    return {"name": territory.name, "epci": territory.epci, "synthetic": territory.synthetic}


def notices(territory: Territory, said: Sequence[str] | None = None) -> list[str]:
    """Return the notes of a territory, with the sentence of synthetic data where they are.

    Parameters
    ----------
    said : the notes to hold, None for all those of the territory
    """
    notes = list(territory.notes if said is None else said)
    own = territory.synthetic and SYNTHETIC_BANNER not in notes
    return [*notes, SYNTHETIC_BANNER] if own else notes
