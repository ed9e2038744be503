"""Who is proposed if all dwellings of a sitting are matched jointly on points, with no row?

Against cotation_only, the difference is the effect of treating dwellings together.
"""

from __future__ import annotations

from sim.policies.matching import match
from sim.policies.sitting import Shortlist, Sitting
from sim.rules.quotas import no_rows


def shortlist(sitting: Sitting) -> Shortlist:
    """Match on points alone."""
    return match(sitting, no_rows(len(sitting)))
