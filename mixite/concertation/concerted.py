"""What are the residences of a territory once its partners have written what they say and signed?

The statistics of `mixite qualify`, read on the base year's ruler, the entries of a workbook, and the types
settled. Left out on purpose: who may read what of it (diffusion.py), and how it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.territory.files.faults import FaultsFound

if TYPE_CHECKING:
    from mixite.qualifying import Qualification
    from sim.rules.peuplement.concertation import Concertation
    from sim.rules.peuplement.decisions import Settled
    from sim.rules.peuplement.kept import Last
    from sim.territory.columns import Ints


@dataclass(frozen=True)
class Concerted:
    """A territory qualified, and what its partners have made of it.

    Attributes
    ----------
    before : (residences,) type before the one that a decision now rules, or set before this qualification; -1
        where none
    on : day on which decisions are read
    """

    qualification: Qualification
    book: Concertation
    settled: Settled
    before: Ints
    on: date

    @property
    def names(self) -> list[str]:
        """Identifiers of the residences, in their order."""
        found: list[str] = self.qualification.territory.residences.residence_id.tolist()
        return found

    @property
    def as_settled(self) -> Qualification:
        """The qualification with the types settled in place of its own."""
        settled, found = self.settled, self.qualification
        kinds = replace(found.qualified, type=settled.type, target=settled.target, capacity=settled.capacity)
        return replace(found, qualified=kinds)


def concerted(found: Qualification, overrides: Path | None = None) -> Concerted:
    """Return a qualification with the entries of a workbook, or with none.

    1. Read the workbook.
    2. Qualify again on its ruler, from the types that it holds.
    3. Write beside each entry what stood before it: where the workbook does not say, what the qualification
       says without the decisions that it brings.
    4. Settle the types by the decisions signed.

    Raises
    ------
    FaultsFound
        with every fault of the workbook.
    """
    from mixite.qualifying import weight_ranges
    from sim.rules.peuplement import qualify, sensitivity
    from sim.rules.peuplement.concertation import Concertation, read
    from sim.rules.peuplement.decisions import as_of, settle
    from sim.territory.files.sheets import read_workbook

    territory, given = found.territory, found.territory.residences.peuplement_type
    names = territory.residences.residence_id.tolist()
    book = Concertation() if overrides is None else read(read_workbook(overrides), territory)
    on, before = as_of(territory.as_of, book.history), given
    if overrides is not None:
        before = book.before(names, given, on)
        again = qualify(found.qualified.observed, found.qualified.choice, before, book.ruler)
        found = replace(found, qualified=again, sensitivity=sensitivity(again, weight_ranges()))
    stood = found
    if book.fresh:
        old = replace(book, history=book.history[: -book.fresh])
        earlier = old.before(names, given, on)
        stood = replace(
            found, qualified=qualify(found.qualified.observed, found.qualified.choice, earlier, book.ruler)
        )
    book = book.completed(said(stood))
    settled = settle(found.qualified, names, book.history, book.pending, on)
    before = np.array(
        [
            kind if rules is None else rules.before
            for kind, rules in zip(before.tolist(), settled.decision, strict=True)
        ],
        dtype=np.int64,
    )
    return Concerted(found, book, settled, before, on)


def said(found: Qualification) -> dict[str, Last]:
    """Return what a qualification says of each residence, as a workbook keeps it."""
    from sim.rules.peuplement.decisions import Measured
    from sim.rules.peuplement.kept import Last, rounded

    qualified, names = found.qualified, found.territory.residences.residence_id.tolist()
    told = {}
    for row, name in enumerate(names):
        scores = [rounded(each[row]) for each in (qualified.score, qualified.score_low, qualified.score_high)]
        measured = Measured(*scores, found.territory.as_of) if qualified.known[row] else None
        told[name] = Last(int(qualified.type[row]), int(qualified.target[row]), measured)
    return told


def overrides_of(path: Path, given: Path | None, out: Path | None) -> Path | None:
    """Return the workbook to read: the one given, else that of territory.toml, else none.

    The one that territory.toml names may not be there yet when it is the one to write.
    """
    from sim.scenario import find
    from sim.territory.files.about import FILE, read_about

    if given is not None:
        return given
    folder = find(path)
    if not (folder.is_dir() and (folder / FILE).is_file()):
        return None
    try:
        named = read_about(folder).overrides
    except FaultsFound:
        return None  # said with the faults of the territory
    if named is None:
        return None
    workbook = folder / named
    to_write = out is not None and workbook.resolve() == out.resolve()
    return None if to_write and not workbook.exists() else workbook
