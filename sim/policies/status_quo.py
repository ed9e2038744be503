"""Who is proposed as commissions usually do, before the cotation orders the list? An estimate.

Dwelling by dwelling, within the pool: how long the demand has waited, the commune wished first, the smallest
typology asked for, a rent well under the maximum the household stated, and the commission's discretion.
There is no term in income, nor in anything that is read from it: whether the poorest are housed less is a
result, through pools, wishes, typologies and refusals, not an assumption.

The order is that of a logit choice: criteria plus a Gumbel draw per household and dwelling, so that of two
demands the odds of coming first are the exponential of the difference of their criteria over `discretion`.
"""

from __future__ import annotations

import numpy as np

from sim.policies.in_turn import in_turn
from sim.policies.sitting import Shortlist, Sitting
from sim.territory.columns import Floats, Ints

YEAR_S = 31_557_600


def shortlist(sitting: Sitting) -> Shortlist:
    """Propose the demands of each pool in the order usual before the cotation."""
    usual = sitting.usual
    years = np.minimum((sitting.held_s - sitting.filed_s) / YEAR_S, usual.most_years)
    waited = usual.seniority * years

    def order(vacancy: int, eligible: Ints) -> Ints:
        if not len(eligible):
            return eligible
        worth = waited[eligible] + _suits(sitting, vacancy, eligible)
        drawn = sitting.discretion(vacancy, eligible)
        usual_place = worth - usual.discretion * np.log(-np.log(drawn))
        return eligible[np.lexsort((sitting.seniority[eligible], -usual_place))]

    return in_turn(sitting, order)


def _suits(sitting: Sitting, vacancy: int, eligible: Ints) -> Floats:
    """Return how well a dwelling suits demands: commune, typology, rent stated, (n,)."""
    usual = sitting.usual
    wished = sitting.first_commune[eligible] == sitting.commune[vacancy]
    smallest = sitting.rooms_min[eligible] == sitting.rooms[vacancy]
    # A household that stated no maximum finds no rent well under it.
    under = sitting.rent_due_eur[vacancy] <= usual.affordable_share * sitting.max_rent_eur[eligible]
    suits: Floats = usual.first_commune * wished + usual.typology * smallest + usual.affordable * under
    return suits
