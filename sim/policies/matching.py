"""How are the vacancies of a sitting matched jointly, and completed to lists?

Not a policy: what the jointly matched policies share. The problem is that of match_problem.py; its optimum is
sought in one objective or in stages, as the scenario has it; ranks 2 and after complete the lists.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.lists import complete
from sim.policies import in_stages, one_objective
from sim.policies.listing import listed
from sim.policies.match_problem import Solved
from sim.policies.match_rows import Amounts, Volumes, served
from sim.policies.sitting import NOBODY, Matching, Shortlist, Sitting
from sim.rules.quotas import LEGAL, UNIT, Rows, needed
from sim.territory.columns import Floats

BEYOND_POINTS = float(2**40)
"""More than any points of any sitting."""

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
    need = needed(asked.rows)
    short = np.maximum(0, need - served(sitting, asked.rows, lists[asked.fillable, 0])) / UNIT
    scope = np.zeros((len(asked.rows), len(sitting)), dtype=bool)
    scope[:, asked.fillable] = asked.rows.scope
    evidence = {
        "rows": asked.rows.label,
        "followed": replace(asked.rows, scope=scope),
        "pressing": pressing(solved, need),
        "shortfall": short.tolist(),
        "prices": dict(zip(asked.problem.row_label.tolist(), asked.a_lease(answer).tolist(), strict=True)),
        "stages": answer.stages,
        "ties": answer.ties,
    }
    return Shortlist(lists, carry, evidence, _summary(solved, short))


def foremost(sitting: Sitting, rows: Rows) -> Amounts:
    """Return who is first on each list that `match` gives, NOBODY where none, (V,), without the others."""
    solved = FORMS[sitting.form](sitting, rows, None)
    return np.full(len(sitting), NOBODY) if solved is None else solved.lead(len(sitting))


def completed(sitting: Sitting, solved: Solved) -> Amounts:
    """Return the lists of an answer as pairs of its problem, (C, 1, list_length), -1 where none."""
    return complete(solved.asked.problem, solved.answer, sitting.list_length, sitting.max_lists)


def as_positions(solved: Solved, table: Amounts) -> Amounts:
    """Return the lists of pairs as positions of the sitting, (C, list_length), NOBODY where none."""
    pairs = table[:, 0]
    demands = solved.asked.applicants[solved.asked.problem.pair_applicant[pairs]]
    return np.where(pairs >= 0, demands, NOBODY)


def pressing(solved: Solved, need: Amounts) -> Floats:
    """Return what each row of the sitting takes, in units of `weight` a lease, (R,).

    The price of its row in the problem. A row with one vacancy may have been written into the weights of its
    pairs instead (`ground_of`): where it needs something it takes all that it may, a legal one more than any
    points.
    """
    asked, rows = solved.asked, solved.asked.rows
    known = dict(zip(asked.problem.row_label.tolist(), asked.a_lease(solved.answer).tolist(), strict=True))
    apart = np.where(need > 0, np.where(rows.tier == LEGAL, BEYOND_POINTS, asked.forgone), 0.0)
    return np.array([known.get(label, part) for label, part in zip(rows.label, apart.tolist(), strict=True)])


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
