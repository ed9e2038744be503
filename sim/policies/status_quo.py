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
    usual, pool = sitting.usual, sitting.pool
    vacancy = np.repeat(np.arange(len(sitting)), np.diff(sitting.pool_start))
    years = np.minimum((sitting.held_s - sitting.filed_s) / YEAR_S, usual.most_years)
    worth = usual.seniority * years[pool] + _suits(sitting, vacancy, pool)
    drawn = sitting.discretion(vacancy, pool)
    usual_place = np.split(worth - usual.discretion * np.log(-np.log(drawn)), sitting.pool_start[1:-1])

    def order(vacancy: int, eligible: Ints) -> Ints:
        return eligible[np.lexsort((sitting.seniority[eligible], -usual_place[vacancy]))]

    return in_turn(sitting, order)


def _suits(sitting: Sitting, vacancy: Ints, eligible: Ints) -> Floats:
    """Return how well dwellings suit demands, pair by pair: commune, typology, rent stated, (n,)."""
    usual = sitting.usual
    wished = sitting.first_commune[eligible] == sitting.commune[vacancy]
    smallest = sitting.rooms_min[eligible] == sitting.rooms[vacancy]
    # A household that stated no maximum finds no rent well under it.
    under = sitting.rent_due_eur[vacancy] <= usual.affordable_share * sitting.max_rent_eur[eligible]
    suits: Floats = usual.first_commune * wished + usual.typology * smallest + usual.affordable * under
    return suits
