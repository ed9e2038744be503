"""Through what stages does a candidate pass between the list and the commission, and where does it leave?

Contact, visit, documents, each with its delay. Whether a household takes the dwelling is drawn once
(acceptance.py); the stages say only where a no is heard, so that the total of refusals stays the one the
sources give. Left out on purpose: an officer who fills a list that grows short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.chance import Keys
from sim.outcomes import DAY_S
from sim.process.housing import NEVER
from sim.process.vacancy import Instruction, Offer
from sim.process.world import World
from sim.territory.columns import Floats, Ints

INCOMPLETE = "dossier incomplet"


@dataclass(frozen=True)
class Stages:
    """When each candidate passes each stage, (n,) seconds, NEVER where it does not."""

    contacted_s: Ints
    visited_s: Ints
    documents_s: Ints
    stops_s: Ints  # leaves the list
    incomplete: NDArray[np.bool_]  # leaves it for documents that do not come

    def instructions(self) -> list[Instruction]:
        """Return those of each candidate."""
        columns = self.contacted_s, self.visited_s, self.documents_s, self.stops_s
        return list(map(Instruction._make, zip(*(column.tolist() for column in columns), strict=True)))


def plays(world: World) -> bool:
    """Tell whether lists are instructed before they are heard."""
    return world.scenario.funnel.stages and not world.scenario.acceptance.certain


def stages(
    world: World, held_s: int, household: Keys, dwelling: Keys, nth: Ints, outcome: NDArray[np.str_]
) -> Stages:
    """Draw the stages of candidates listed at a second, given what each would answer.

    1. Contact, visit and documents follow each other, at delays uniform from nothing to twice their mean.
    2. A silence shows at the contact, a refusal at the visit, with the scenario's shares; else at the offer.
    3. Of the others some never bring their documents.

    Parameters
    ----------
    household, dwelling : (n,) identities of each pair
    nth : (n,) how many times the pair has met, this one included
    outcome : (n,) of acceptance.OUTCOMES
    """
    choice = world.scenario.funnel
    contact, visit, documents, where, brings = (np.empty(len(nth)) for _ in range(5))
    for times in np.unique(nth).tolist():
        same = nth == times
        pair = household[same], dwelling[same]
        contact[same], visit[same], documents[same], where[same] = world.chance.quarters(
            f"stages/{times}", *pair
        )
        brings[same] = world.chance.uniform(f"documents/{times}", *pair)
    contacted_s = held_s + _seconds(contact, choice.contact_days)
    visited_s = contacted_s + _seconds(visit, choice.visit_days)
    documents_s = visited_s + _seconds(documents, choice.documents_days)
    absent = (outcome == "silent") & (where < choice.silent_at_contact)
    declines = (outcome == "refused") & (where < choice.refused_at_visit)
    incomplete = ~absent & ~declines & (brings < choice.documents_missing)
    stops_s = np.select([absent, declines, incomplete], [contacted_s, visited_s, documents_s], NEVER)
    return Stages(
        np.where(absent, NEVER, contacted_s),
        np.where(absent, NEVER, visited_s),
        np.where(absent | declines | incomplete, NEVER, documents_s),
        stops_s,
        incomplete,
    )


def heard_from(offers: list[Offer], held_s: int) -> int:
    """Return when a list is ready: the last candidate has left it, or brought its documents."""
    ready_s = held_s
    for offer in offers:
        if offer.instruction:
            stops_s, documents_s = offer.instruction.stops_s, offer.instruction.documents_s
            ready_s = max(ready_s, min(stops_s, documents_s))
    return ready_s


def _seconds(drawn: Floats, mean_days: float) -> Ints:
    """Return uniform delays of a mean, in seconds."""
    seconds: Ints = (2 * drawn * mean_days * DAY_S).astype(np.int64)
    return seconds
