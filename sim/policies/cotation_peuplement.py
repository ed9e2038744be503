"""Who is proposed if residences' targets are pursued as well, within the points they may override?

Against cotation_quotas, the difference is the effect of the stratégie de peuplement, and of nothing else.
"""

from __future__ import annotations

from sim.policies.matching import match
from sim.policies.sitting import Shortlist, Sitting


def shortlist(sitting: Sitting) -> Shortlist:
    """Match on points under the legal rows and the targets."""
    return match(sitting, sitting.rows)
