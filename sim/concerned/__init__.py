"""Who is concerned by the passage from one policy to another, and who by a policy at all?

Changes by public, typology, commune and bailleur; where the first quartile is housed; publics beside
everybody else; demands of more points left off the lists; demands whose wait grows or shrinks. It reads
tables of runs and feeds nothing: no policy, target, type or objective ever reads it, and so it may read
traits admitted for `equity_report` alone.
"""

from __future__ import annotations

from sim.concerned.between import COLUMNS, REFERENCE, concerned
from sim.concerned.conventions import Conventions, conventions, figures
from sim.concerned.tally import tally
from sim.concerned.waits import READ, tally_waits

__all__ = [
    "COLUMNS",
    "READ",
    "REFERENCE",
    "Conventions",
    "concerned",
    "conventions",
    "figures",
    "tally",
    "tally_waits",
]
