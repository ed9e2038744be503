"""How are the vacancies of a sitting matched jointly, and completed to lists?

Not a policy: what the jointly matched policies share. The problem is that of match_problem.py; its optimum is
sought in one objective or in stages, as the scenario has it; ranks 2 and after complete the lists.
"""

from __future__ import annotations

import numpy as np

from optimizer.lists import complete
from sim.policies import in_stages, one_objective
from sim.policies.listing import listed
from sim.policies.match_problem import Solved
from sim.policies.match_rows import Amounts, Volumes, served
from sim.policies.sitting import NOBODY, Matching, Shortlist, Sitting
from sim.rules.quotas import LEGAL, UNIT, Rows, needed
from sim.territory.columns import Floats

FORMS = {"weighted": one_objective.best, "lexicographic": in_stages.best}


def match(sitting: Sitting, rows: Rows, volumes: Volumes | None = None) -> Shortlist:
    """Match every vacancy of the sitting with at most one demand, then complete the lists.

    1. Solve in the sitting's form: who is first where.
    2. Complete ranks 2 and after, same publics first.
    3. Carry the prices of the rows, in whole points a lease, to the next sitting. A row that does not touch
       this sitting keeps the price it had.
    """
    solved = FORMS[sitting.form](sitting, rows, volumes)
    lists = np.full((len(sitting), sitting.list_length), NOBODY, dtype=np.int64)
    if solved is None:
        return Shortlist(lists, sitting.carry)
    asked, answer = solved.asked, solved.answer
    lists[asked.fillable] = listed(solved)
    carry = {**(sitting.carry or {}), **asked.priced(answer)}
    short = np.maximum(0, needed(asked.rows) - served(sitting, asked.rows, lists[asked.fillable, 0])) / UNIT
    evidence = {
        "rows": asked.rows.label,
        "shortfall": short.tolist(),
        "prices": dict(zip(asked.problem.row_label.tolist(), asked.a_lease(answer).tolist(), strict=True)),
        "stages": answer.stages,
    }
    return Shortlist(lists, carry, evidence, _summary(solved, short))


def completed(sitting: Sitting, solved: Solved) -> Amounts:
    """Return the lists of an answer as pairs of its problem, (C, 1, list_length), -1 where none."""
    return complete(solved.asked.problem, solved.answer, sitting.list_length, sitting.max_lists)


def as_positions(solved: Solved, table: Amounts) -> Amounts:
    """Return the lists of pairs as positions of the sitting, (C, list_length), NOBODY where none."""
    pairs = table[:, 0]
    demands = solved.asked.applicants[solved.asked.problem.pair_applicant[pairs]]
    return np.where(pairs >= 0, demands, NOBODY)


def _summary(solved: Solved, short: Floats) -> Matching:
    """Return how the sitting was matched; `short` is what each row lacks, in leases, (R,)."""
    ground, legal = solved.asked.ground, solved.asked.rows.tier == LEGAL
    return Matching(
        vacancies=len(ground.fillable),
        pairs=ground.pairs,
        rows=len(solved.asked.rows),
        rounds=solved.answer.rounds,
        gap=solved.gap,
        proved_by=solved.answer.proved_by or "",
        legal_shortfall=float(short[legal].sum()),
        target_shortfall=float(short[~legal].sum()),
    )
