"""What does the officer choose on the command line, beside the file?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.territory.files.faults import Fault

ROLES = ("bailleur", "reservataire", "epci")


@dataclass(frozen=True)
class Options:
    """Choices of a suggestion; None or empty where the file or the program decides.

    Attributes
    ----------
    on : day of the sitting, None for the date of the data
    lock, forbid : "dwelling:demand", pairs put first or taken off
    """

    policy: str = "cotation_peuplement"
    on: date | None = None
    bailleur: str = ""
    role: str = ""
    scenario: Path | None = None
    state: Path | None = None
    lock: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


def pairs(option: str, given: tuple[str, ...], faults: list[Fault]) -> list[tuple[str, str]]:
    """Return the pairs of an option, (dwelling, demand); what is not one is added to `faults`."""
    found = []
    for text in given:
        dwelling, mark, demand = text.rpartition(":")
        if not (dwelling and mark and demand):
            mend = "écrire logement:numéro unique"
            faults.append(Fault(option, "une paire logement:demande est attendue", mend, value=text))
        else:
            found.append((dwelling, demand))
    return found
