"""How far does a dwelling freed go: how many leases follow from it, and how many households does it bring in?

A mutation fills one dwelling and frees another. A chain begins with a vacancy that no mutation freed (a
departure, a delivery, a dwelling vacant at the start) and goes from each mutation lease to the vacancy it
frees, until a lease to a household that was no tenant.
Formula: `chain_length` = mean leases of the chains ended in the year; `net_new_share` = leases to households
that were no tenants / leases; `net_new_per_vacancy` = chains begun in the year and ended in the run / chains
begun in the year (keys given back); `mutation_leases` = mutation leases, by own or other bailleur.
Reference: vacancy chains, White, Chains of Opportunity (Harvard, 1970); Kristof, Housing policy goals and the
turnover of housing, JAIP 31 (1965).
Known flaw: a chain open when the run ends counts for nothing in its length, and long chains are more often
open: lengths are low, by less the longer the run; `net_new_per_vacancy` of the last year is lower for that
alone. A chain that began before the start is left out of both. A move counts as much as an entry.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.indicators import groups
from sim.indicators.calendar import Calendar, seconds
from sim.indicators.indicator import Bools, Indicator, Ints, Row, ratio
from sim.outcomes import Outcomes

LENGTH = Indicator(
    "chain_length",
    "Baux par chaîne de mutations",
    "baux",
    "Nombre moyen de baux qui se suivent, d'un logement libéré jusqu'à l'entrée d'un ménage qui n'était pas "
    "locataire du parc social.",
)
NET_NEW_SHARE = Indicator(
    "net_new_share",
    "Part des baux à des ménages entrants",
    "part",
    "Part des baux signés par des ménages qui n'étaient pas déjà locataires du parc social.",
)
PER_VACANCY = Indicator(
    "net_new_per_vacancy",
    "Ménages entrés par logement libéré hors mutation",
    "ménages",
    "Parmi les logements libérés ou livrés autrement que par une mutation dans l'année, part de ceux dont la "
    "suite de baux a fait entrer un ménage avant la fin de la simulation.",
)
MUTATIONS = Indicator(
    "mutation_leases",
    "Baux de mutation",
    "baux",
    "Nombre de baux signés par des locataires du parc social, chez leur bailleur ou chez un autre.",
)
INDICATORS = (LENGTH, NET_NEW_SHARE, PER_VACANCY, MUTATIONS)

NONE = -1


def compute(outcomes: Outcomes) -> list[Row]:
    """Return the length and the yield of chains, and the mutation leases, by year."""
    calendar = Calendar.of(outcomes)
    leases, vacancies = outcomes.leases, outcomes.vacancies
    year = calendar.place(seconds(leases["signed_s"]))
    mutation = leases["mutation"].to_numpy(dtype=bool)
    root, depth = chains(outcomes)
    own = groups.vacancy_rows(outcomes, "leases")
    known = root[own] != NONE
    ends = ~mutation & known
    length = ratio(calendar.tally(year[ends], depth[own[ends]] + 1.0), calendar.tally(year[ends]))
    rows = LENGTH.rows("all", calendar.labels, length)
    rows += NET_NEW_SHARE.rows(
        "all", calendar.labels, ratio(calendar.tally(year[~mutation]), calendar.tally(year))
    )
    rows += _per_vacancy(calendar, vacancies, root, root[own[ends]])
    stays = leases["own_bailleur"].to_numpy(dtype=bool)
    for group, member in (
        ("all", mutation),
        ("own_bailleur", mutation & stays),
        ("other_bailleur", mutation & ~stays),
    ):
        rows += MUTATIONS.rows(group, calendar.labels, calendar.tally(year[member]))
    return rows


def chains(outcomes: Outcomes) -> tuple[Ints, Ints]:
    """Return the first vacancy of each vacancy's chain and how many mutations lie between, (n,) each.

    The first is NONE where the chain began with a vacancy that the table does not hold.
    """
    freed: Bools = outcomes.vacancies["freed_by"].notna().to_numpy(dtype=bool)
    parent = outcomes.vacancy_rows["freed_by"]
    lost = freed & (parent == NONE)
    root, depth = np.arange(len(parent)), np.zeros(len(parent), dtype=np.int64)
    while (moving := parent[root] != NONE).any():
        root = np.where(moving, parent[root], root)
        depth += moving
    return np.where(lost[root], NONE, root), depth


def _per_vacancy(calendar: Calendar, vacancies: pd.DataFrame, root: Ints, ended: Ints) -> list[Row]:
    """Return the share of each year's chains that have ended; `ended` are the first vacancies of those."""
    keys_s = seconds(vacancies["keys_s"])
    begun = (root == np.arange(len(root))) & (keys_s >= 0) & (keys_s < calendar.ends_s[-1])
    done = np.zeros(len(root), dtype=bool)
    done[ended] = True
    year = calendar.place(keys_s)
    share = ratio(calendar.tally(year[begun & done]), calendar.tally(year[begun]))
    return PER_VACANCY.rows("all", calendar.labels, share)
