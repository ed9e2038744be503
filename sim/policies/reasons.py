"""Why is this demand suggested for this vacancy, and why is that better scored one not?

Not a policy. The sitting is matched anew to the optimum, every row with its price; what is said of a demand
not presented is confirmed by matching once more without the row, for the five best of each vacancy. Prices
belong to rows: none is said of a household.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer import Answer, Problem
from optimizer.reasons import CONFIRMED, Reason, Reasons
from sim.policies import in_stages, one_objective
from sim.policies.match_problem import Solved, Stated
from sim.policies.match_rows import Amounts
from sim.policies.matching import as_positions, completed
from sim.policies.sitting import NO_DEADLINE, NOBODY, Shortlist, Sitting
from sim.rules.quotas import Rows

CHAIN = (
    "aucune ligne ne l'explique ; une mutation, dont le bail libère un logement, vaut ici {bonus:g} points "
    "de plus dans l'appariement, choix du scénario"
)
"""What is said of a demand that is no mutation, where mutations weigh more and nothing else explains it."""


@dataclass(frozen=True)
class Suggested:
    """What stands behind a name on a list; `demand` is a position of the sitting.

    Attributes
    ----------
    eligible : demands in the vacancy's pool; `designated` when that is cut to the réservataire's own
    deadline_s : by when a dwelling is owed, None where at no time
    rows : labels of the rows that this lease would serve and that press on the sitting
    """

    vacancy: int
    rank: int
    demand: int
    points: int
    eligible: int
    reservataire: int
    designated: bool
    deadline_s: int | None
    rows: tuple[str, ...]


@dataclass(frozen=True)
class NotPresented:
    """A demand of more points than the first of a list, eligible for the vacancy and not on the list.

    `kind`, `rows` (labels) and `sentence` are those of `optimizer.reasons.Reason`, or `chain` (CHAIN);
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
    """A sitting's lists, and the reasons of who is on them and who is not."""

    shortlist: Shortlist
    suggested: tuple[Suggested, ...]
    not_presented: tuple[NotPresented, ...]


def explain(sitting: Sitting, rows: Rows, confirmed: int = CONFIRMED) -> Explained:
    """Match a sitting under some rows to the optimum, and say why.

    Parameters
    ----------
    confirmed : demands not presented that are confirmed for each vacancy; the others are read in prices
    """
    solved = _solved(replace(sitting, gap=0.0, carry=None), rows)
    lists = np.full((len(sitting), sitting.list_length), NOBODY, dtype=np.int64)
    if solved is None:
        return Explained(Shortlist(lists), (), ())
    table = completed(sitting, solved)
    lists[solved.asked.fillable] = as_positions(solved, table)
    points = sitting.points[solved.asked.applicants][solved.asked.problem.pair_applicant]
    reasons = Reasons(
        solved.asked.problem,
        solved.answer,
        points=points.astype(np.int64),
        lists=table,
        lists_per_applicant=sitting.max_lists,
        listing=lambda problem, answer: _listed(sitting, solved.asked, problem, answer),
    )
    passed = [
        _not_presented(sitting, solved.asked, reason)
        for group in range(solved.asked.problem.classes)
        for reason in reasons.of(group, confirmed)
    ]
    return Explained(Shortlist(lists), tuple(_suggested(sitting, solved, lists)), tuple(passed))


def _solved(sitting: Sitting, rows: Rows) -> Solved | None:
    if sitting.form == "lexicographic":
        return in_stages.best(sitting, rows)
    return one_objective.best(sitting, rows, apart=False)


def _listed(sitting: Sitting, asked: Stated, problem: Problem, answer: Answer) -> Amounts:
    return completed(sitting, Solved(replace(asked, problem=problem), answer, 0.0))


def _suggested(sitting: Sitting, solved: Solved, lists: Amounts) -> list[Suggested]:
    found = []
    for vacancy, rank in np.argwhere(lists != NOBODY).tolist():
        demand = int(lists[vacancy, rank])
        deadline_s = int(sitting.deadline_s[demand])
        found.append(
            Suggested(
                vacancy=vacancy,
                rank=rank + 1,
                demand=demand,
                points=int(sitting.points[demand]),
                eligible=len(sitting.eligible(vacancy)),
                reservataire=int(sitting.reservataire[vacancy]),
                designated=bool(sitting.designated[vacancy]),
                deadline_s=None if deadline_s == NO_DEADLINE else deadline_s,
                rows=_served(solved, vacancy, demand),
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


def _not_presented(sitting: Sitting, asked: Stated, reason: Reason) -> NotPresented:
    demand = int(asked.applicants[reason.applicant])
    if reason.kind == "unexplained" and sitting.chain_bonus and not sitting.moves[demand]:
        return NotPresented(
            vacancy=int(asked.fillable[reason.group]),
            demand=demand,
            points=int(sitting.points[demand]),
            kind="chain",
            rows=(),
            confirmed=False,
            where=(),
            sentence=CHAIN.format(bonus=sitting.chain_bonus),
        )
    return NotPresented(
        vacancy=int(asked.fillable[reason.group]),
        demand=demand,
        points=int(sitting.points[demand]),
        kind=reason.kind,
        rows=reason.labels,
        confirmed=reason.confirmed,
        where=tuple(int(asked.fillable[group]) for group in reason.where),
        sentence=reason.sentence,
    )
