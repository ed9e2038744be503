"""Who is proposed if points alone decide? Dwelling by dwelling, highest points, oldest first.

A counterfactual, not current law: nothing obliges a commission to follow the ranking (R.441-2-10 CCH).
"""

from __future__ import annotations

from sim.policies.in_turn import in_turn
from sim.policies.sitting import Shortlist, Sitting


def shortlist(sitting: Sitting) -> Shortlist:
    """Propose the best scored eligible demands; a Sitting already lists them in that order."""
    return in_turn(sitting)
