"""Who is proposed if targets are pursued with as many first places a group as the legal shares alone give?

Against cotation_quotas, the groups housed are the same and only their placement differs: what of the
strategy's effect is not an effect of housing other publics. Groups are told apart by the publics of the
targets, the first quartile, the priority publics and neutrality. Volumes are kept sitting by sitting; whether
leases follow them depends on the answers to the offers.
"""

from __future__ import annotations

import numpy as np

from sim.policies.match_rows import Volumes
from sim.policies.matching import foremost, match
from sim.policies.sitting import Shortlist, Sitting
from sim.rules.quotas import LEGAL, TARGET
from sim.rules.traits import mask

ALWAYS = mask(["first_quartile", "l441_1", "neutral"])


def shortlist(sitting: Sitting) -> Shortlist:
    """Match under the legal rows, then anew under the targets too, at the volumes of the first answer."""
    rows = sitting.rows
    lawful = rows.select(rows.tier == LEGAL)
    targets = rows.public[rows.tier == TARGET]
    if not len(targets):
        return match(sitting, lawful)
    read = ALWAYS | int(np.bitwise_or.reduce(targets))
    return match(sitting, rows, Volumes(foremost(sitting, lawful), read))
