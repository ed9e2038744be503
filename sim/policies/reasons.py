"""Why is this demand suggested for this vacancy, and why is that better scored one not?

Not a policy. The sitting is matched anew to the optimum, every row with its price; what is said of a demand
not presented is confirmed by matching once more without the row. That is done for the five best of each
vacancy as long as a budget of work lasts, the same for every sitting and counted by the size of the problems,
never by time: households that are neutral or have priority and were overtaken by a target first. Whoever else
is asked about can be confirmed one by one. Prices belong to rows: none is said of a household.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from optimizer import Answer, Problem
from optimizer.passed_over import PassedOver
from optimizer.reasons import CONFIRMED, KINDS, SOLVED, Reason, Reasons
from sim.policies import in_stages, one_objective
from sim.policies.listing import listed
from sim.policies.match_problem import Solved, Stated
from sim.policies.match_rows import Amounts
from sim.policies.overtaking import Overtaking, overtaking
from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.rules.quotas import LEGAL, TARGET, Rows
from sim.rules.traits import mask
from sim.territory.columns import Bools

WORK = 600_000
"""Pairs times vacancies of the problems solved again for a sitting, all together: what a search grows with.

Measured: 0.1 to 0.5 s of processor for 1,000 to 2,000 demands and 20 to 25 vacancies, 0.03 s for 10.
"""

LEAST_SOLVED = 5
"""So many problems are solved again however large one is."""

TOLD = 100
"""So many demands not presented are told one by one for a vacancy, the best scored; all are counted."""

READ = ("outbid", "lock", "lists", "unexplained")
"""Kinds of reasons that are read at once; the others are a row's."""

OVERTAKEN = mask(["neutral", "dalo", "l441_1"])
"""Publics that a target should not overtake unseen."""

CHAIN = (
    "aucune ligne ne l'explique ; une mutation, dont le bail libère un logement, vaut ici {bonus:g} points "
    "de plus dans l'appariement, choix du scénario"
)
"""What is said of a demand that is no mutation, where mutations weigh more and nothing else explains it."""


ABSOLUTE = "une priorité absolue, de relogement ou de la grille, passe avant toute cotation"
"""What is said of a demand without absolute priority, where the first has it and no row explains more."""


@dataclass(frozen=True)
class Suggested:
    """What stands behind a name on a list; `demand` is a position of the sitting.

    Attributes
    ----------
    eligible : demands in the vacancy's pool; `designated` when that is cut to the réservataire's own
    rows : labels of the rows that this lease would serve and that press on the sitting; for a first
        name, also those for which it comes before a better scored one, whatever their price
    before_it : labels of the rows for which a name of fewer points comes before this one on the list
    """

    vacancy: int
    rank: int
    demand: int
    points: int
    eligible: int
    reservataire: int
    designated: bool
    rows: tuple[str, ...]
    before_it: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotPresented:
    """A demand of more points than the first of a list, eligible for the vacancy and not on the list.

    `kind`, `rows` (labels) and `sentence` are those of `optimizer.reasons.Reason`, `absolute` (ABSOLUTE) or
    `chain` (CHAIN);
    `where` are vacancies.
    """

    vacancy: int
    demand: int
    points: int
    kind: str
    rows: tuple[str, ...]
    confirmed: bool
    where: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class Explained:
    """A sitting's lists, and the reasons of who is on them and who is not.

    Attributes
    ----------
    not_presented : the best scored `TOLD` of each vacancy, and all whom a target overtook though neutral or
        of priority; by vacancy
    counts : by vacancy, how many were not presented by what is read of them: the label of a row, else the
        sentence of `optimizer.reasons.KINDS`
    ask : (vacancy, demand) -> why this demand is not presented, confirmed as far as may be; None where it is
        presented, not eligible, or not better scored than the last one placed
    """

    shortlist: Shortlist
    suggested: tuple[Suggested, ...]
    not_presented: tuple[NotPresented, ...]
    counts: Mapping[int, Mapping[str, int]]
    ask: Callable[[int, int], NotPresented | None]


def explain(sitting: Sitting, rows: Rows, confirmed: int = CONFIRMED) -> Explained:
    """Match a sitting under some rows to the optimum, and say why.

    Parameters
    ----------
    confirmed : demands not presented that are asked about for each vacancy; the others are read in prices
    """
    solved = _solved(replace(sitting, gap=0.0, carry=None), rows)
    lists = np.full((len(sitting), sitting.list_length), NOBODY, dtype=np.int64)
    if solved is None:
        return Explained(Shortlist(lists), (), (), {}, lambda vacancy, demand: None)
    asked = solved.asked
    lists[asked.fillable] = listed(solved)
    points = sitting.points[asked.applicants][asked.problem.pair_applicant]
    pairs = _as_pairs(asked, lists[asked.fillable])
    reasons = Reasons(
        asked.problem,
        solved.answer,
        points=points.astype(np.int64),
        lists=pairs,
        lists_per_applicant=sitting.max_lists,
        solver=in_stages.again(solved, len(sitting)) if sitting.form == "lexicographic" else None,
        listing=lambda problem, answer: _listed(asked, problem, answer),
    )
    passed = reasons.passed
    overtaken = _overtaken(sitting, asked, passed)
    reasons.confirm(_order(asked, passed, overtaken, confirmed), _problems(asked))
    places = np.flatnonzero((_rank(asked, passed) < TOLD) | overtaken).tolist()
    told = [_not_presented(sitting, asked, lists, reason) for reason in reasons.at(places)]

    def ask(vacancy: int, demand: int) -> NotPresented | None:
        pair = _pair(asked, vacancy, demand)
        reason = None if pair is None else reasons.one(pair)
        return None if reason is None else _not_presented(sitting, asked, lists, reason)

    suggested = tuple(_suggested(sitting, solved, lists, overtaking(solved, pairs[:, 0])))
    return Explained(Shortlist(lists), suggested, tuple(told), _counts(asked, passed), ask)


def _problems(asked: Stated) -> int:
    """Return how many problems may be solved again for a sitting: a number, never a time."""
    vacancies, pairs = asked.problem.classes, asked.problem.pairs
    return min(SOLVED * vacancies, max(LEAST_SOLVED, WORK // (vacancies * pairs)))


def _rank(asked: Stated, passed: PassedOver, places: Amounts | slice = slice(None)) -> Amounts:
    """Return the rank of each of some places among those of its class, the best scored 0."""
    group = asked.problem.pair_class[passed.pair[places]]
    rank: Amounts = np.arange(len(group)) - group.searchsorted(group)
    return rank


def _overtaken(sitting: Sitting, asked: Stated, passed: PassedOver) -> Bools:
    """Tell who is neutral or has priority and whom a target overtook, prices say, by place in `passed`."""
    demand = asked.applicants[asked.problem.pair_applicant[passed.pair]]
    tiers = np.append(asked.problem.row_tier, LEGAL)  # the last one stands for no row
    by_target = (passed.kind == "unconfirmed") & (tiers[passed.row] == TARGET)
    overtaken: Bools = by_target & (sitting.signature[demand] & OVERTAKEN != 0)
    return overtaken


def _order(asked: Stated, passed: PassedOver, overtaken: Bools, confirmed: int) -> Amounts:
    """Return who is asked about, as places in `passed`.

    1. Households neutral or with priority that a target overtook, the best of each vacancy in turn.
    2. The first so many of each vacancy, the best of each in turn.
    """
    if confirmed <= 0:
        return np.zeros(0, dtype=np.int64)
    place = np.flatnonzero(passed.kind == "unconfirmed")
    rank = _rank(asked, passed, place)
    order = np.lexsort((place, rank, ~overtaken[place]))
    chosen: Amounts = place[order[(overtaken[place] | (rank < confirmed))[order]]]
    return chosen


def _counts(asked: Stated, passed: PassedOver) -> dict[int, dict[str, int]]:
    """Return how many were not presented for each vacancy, by what is read of them."""
    says = [*(KINDS[kind] for kind in READ), *asked.problem.row_label.tolist()]
    code = len(READ) + passed.row  # the row, where prices point at one
    for place, kind in enumerate(READ):
        code = np.where(passed.kind == kind, place, code)
    group = asked.problem.pair_class[passed.pair]
    found: dict[int, dict[str, int]] = {}
    both, many = np.unique(group * len(says) + code, return_counts=True)
    for one, count in zip(both.tolist(), many.tolist(), strict=True):
        place, said = divmod(one, len(says))
        found.setdefault(int(asked.fillable[place]), {})[says[said]] = count
    return found


def _solved(sitting: Sitting, rows: Rows) -> Solved | None:
    if sitting.form == "lexicographic":
        return in_stages.best(sitting, rows)
    return one_objective.best(sitting, rows, apart=False)


def _listed(asked: Stated, problem: Problem, answer: Answer) -> Amounts:
    return _as_pairs(asked, listed(Solved(replace(asked, problem=problem), answer, 0.0)))


def _as_pairs(asked: Stated, lists: Amounts) -> Amounts:
    """Return lists of positions, (C, list_length), as pairs of the problem, (C, 1, list_length)."""
    start, pool = asked.ground.start, asked.ground.sitting.pool
    pairs = np.full(lists.shape, -1, dtype=np.int64)
    for group, names in enumerate(lists):
        begin, end = start[group : group + 2].tolist()
        pairs[group] = np.where(names == NOBODY, -1, begin + pool[begin:end].searchsorted(names))
    return pairs[:, None]


def _pair(asked: Stated, vacancy: int, demand: int) -> int | None:
    """Return the pair of a demand and a vacancy, None where there is none."""
    group = int(np.searchsorted(asked.fillable, vacancy))
    if group == len(asked.fillable) or asked.fillable[group] != vacancy:
        return None
    begin, end = asked.ground.start[group : group + 2].tolist()
    place = begin + int(asked.ground.sitting.pool[begin:end].searchsorted(demand))
    return place if place < end and asked.ground.sitting.pool[place] == demand else None


def _suggested(sitting: Sitting, solved: Solved, lists: Amounts, passing: Overtaking) -> list[Suggested]:
    found = []
    for vacancy, rank in np.argwhere(lists != NOBODY).tolist():
        demand = int(lists[vacancy, rank])
        group = int(np.searchsorted(solved.asked.fillable, vacancy))
        also = passing.for_first.get(group, ()) if rank == 0 else ()
        found.append(
            Suggested(
                vacancy=vacancy,
                rank=rank + 1,
                demand=demand,
                points=int(sitting.points[demand]),
                eligible=len(sitting.eligible(vacancy)),
                reservataire=int(sitting.reservataire[vacancy]),
                designated=bool(sitting.designated[vacancy]),
                rows=tuple(dict.fromkeys((*also, *_served(solved, vacancy, demand)))),
                before_it=passing.before.get((group, rank), ()),
            )
        )
    return found


def _served(solved: Solved, vacancy: int, demand: int) -> tuple[str, ...]:
    """Return the labels of the rows with a price that a lease to this demand, here, would serve."""
    problem = solved.asked.problem
    group = int(np.searchsorted(solved.asked.fillable, vacancy))
    applicant = int(np.searchsorted(solved.asked.applicants, demand))
    here = (problem.coef_class == group) & (problem.coef_signature == problem.applicant_signature[applicant])
    row, value = problem.coef_row[here], problem.coef_value[here]
    serves = solved.answer.row_price[row] * value < 0  # a floor's price is negative
    return tuple(str(label) for label in problem.row_label[row[serves]])


def _not_presented(sitting: Sitting, asked: Stated, lists: Amounts, reason: Reason) -> NotPresented:
    demand, vacancy = int(asked.applicants[reason.applicant]), int(asked.fillable[reason.group])
    found = NotPresented(
        vacancy=vacancy,
        demand=demand,
        points=int(sitting.points[demand]),
        kind=reason.kind,
        rows=reason.labels,
        confirmed=reason.confirmed,
        where=tuple(int(asked.fillable[group]) for group in reason.where),
        sentence=reason.sentence,
    )
    if reason.kind != "unexplained":
        return found
    first, flagged = int(lists[vacancy, 0]), sitting.absolute_priority
    if first != NOBODY and flagged[first] and not flagged[demand]:
        return replace(found, kind="absolute", confirmed=True, sentence=ABSOLUTE)
    if sitting.chain_bonus and not sitting.moves[demand]:
        return replace(
            found, kind="chain", rows=(), where=(), sentence=CHAIN.format(bonus=sitting.chain_bonus)
        )
    return found
