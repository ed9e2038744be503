"""Who is proposed if the residence's qualification picks the public, then points order it?

Source: the two-stage definition published by Grand Poitiers ("pour chaque logement disponible, la
qualification oriente vers un public-cible ; la cotation vient dans un deuxième temps"),
Actualités Habitat 1202.
"""

from __future__ import annotations

import numpy as np

from sim.policies.in_turn import in_turn
from sim.policies.sitting import Shortlist, Sitting
from sim.territory.columns import Ints


def shortlist(sitting: Sitting) -> Shortlist:
    """Propose first the public the residence is asked to welcome, then everybody else, each by points."""

    welcome = sitting.welcome

    def order(vacancy: int, eligible: Ints) -> Ints:
        others = sitting.signature[eligible] & welcome[vacancy] == 0
        return eligible[np.argsort(others, kind="stable")] if welcome[vacancy] else eligible

    return in_turn(sitting, order)
