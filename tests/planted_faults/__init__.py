"""Which faults must the default suite catch, and which of its files are enough to catch each?

Each fault is one text of one source file and what it becomes. Left out on purpose: changes that no run can
tell from the code as it stands.
"""

from __future__ import annotations

from planted_faults.aid import HOUSING_AID
from planted_faults.by_law import WHO_IS_FIRST_BY_LAW
from planted_faults.chance import ORDER_AND_CHANCE
from planted_faults.concertation import CONCERTATION
from planted_faults.desk import THE_DESK
from planted_faults.dwellings import DWELLINGS
from planted_faults.fault import Fault
from planted_faults.lists import WHO_IS_SEEN
from planted_faults.match_rows import WHAT_ROWS_ASK
from planted_faults.offers import OFFERS, THE_TEN_DAYS
from planted_faults.optimizer import STAGES_AND_LISTS, WHAT_IS_VERIFIED
from planted_faults.peuplement import QUALIFICATION
from planted_faults.search import WHAT_IS_SOUGHT
from planted_faults.told import WHAT_IS_TOLD
from planted_faults.unfolding import HOW_IT_UNFOLDS

FAULTS: tuple[Fault, ...] = (
    *THE_TEN_DAYS,
    *OFFERS,
    *WHO_IS_SEEN,
    *WHO_IS_FIRST_BY_LAW,
    *ORDER_AND_CHANCE,
    *DWELLINGS,
    *WHAT_IS_TOLD,
    *WHAT_IS_VERIFIED,
    *WHAT_IS_SOUGHT,
    *STAGES_AND_LISTS,
    *WHAT_ROWS_ASK,
    *HOUSING_AID,
    *QUALIFICATION,
    *CONCERTATION,
    *THE_DESK,
    *HOW_IT_UNFOLDS,
)
