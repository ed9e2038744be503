"""What does every document say first of its territory: which one, and what is to be known of its data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixite.report.words import SYNTHETIC_BANNER

if TYPE_CHECKING:
    from sim.territory.columns import Territory


def named(territory: Territory) -> dict[str, object]:
    """Return the territory as a document names it."""
    return {"name": territory.name, "epci": territory.epci, "synthetic": territory.synthetic}


def notices(territory: Territory) -> list[str]:
    """Return the notes of a territory, with the sentence of synthetic data where they are."""
    own = territory.synthetic and SYNTHETIC_BANNER not in territory.notes
    return [*territory.notes, SYNTHETIC_BANNER] if own else list(territory.notes)
