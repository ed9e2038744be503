"""Faults of what rows ask and count in a matching: quarters, surpluses, deficits, neutrals, penalties."""

from __future__ import annotations

from planted_faults.fault import Fault

QUOTAS = "sim/rules/quotas.py"
MATCH_ROWS = "sim/policies/match_rows.py"
MATCH_PROBLEM = "sim/policies/match_problem.py"
OF_QUOTAS = ("tests/sim/rules/test_quotas.py",)
OF_MATCHING = ("tests/sim/policies/test_matching.py",)

WHAT_ROWS_ASK = (
    Fault(
        "a quarter is rounded down",
        QUOTAS,
        "np.ceil((need + rows.percent * here) / UNIT - 1e-9)",
        "np.floor((need + rows.percent * here) / UNIT + 1e-9)",
        OF_QUOTAS,
    ),
    Fault("a quarter just met asks one more", QUOTAS, "/ UNIT - 1e-9)", "/ UNIT + 1e-9)", OF_QUOTAS),
    Fault(
        "a surplus is not spent",
        QUOTAS,
        "np.where(balance >= 0, -balance, -balance * part)",
        "np.where(balance >= 0, 0, -balance * part)",
        OF_QUOTAS,
    ),
    Fault(
        "a deficit is caught up at once",
        QUOTAS,
        "np.where(balance >= 0, -balance, -balance * part)",
        "np.where(balance >= 0, -balance, -balance)",
        OF_QUOTAS,
    ),
    Fault(
        "the end of the year is not seen",
        QUOTAS,
        "np.minimum(rows.month_flow, rows.remaining)",
        "rows.month_flow",
        OF_QUOTAS,
    ),
    Fault(
        "a deficit is asked more than once",
        QUOTAS,
        "part = np.minimum(1.0, here",
        "part = np.minimum(9.0, here",
        OF_QUOTAS,
    ),
    Fault(
        "leases in flight are not expected",
        QUOTAS,
        "(rows.signed + rows.signed_due)",
        "rows.signed",
        OF_QUOTAS,
    ),
    Fault(
        "a neutral household counts in a target",
        MATCH_ROWS,
        "np.where(left_out, 0, UNIT * counts",
        "np.where(left_out & (counts < 0), 0, UNIT * counts",
        OF_MATCHING,
    ),
    Fault(
        "a lease adds its share to its row",
        MATCH_ROWS,
        "UNIT * counts - rows.percent[:, None]",
        "UNIT * counts + rows.percent[:, None]",
        OF_MATCHING,
    ),
    Fault(
        "a row counts the wrong residences",
        MATCH_ROWS,
        "row, place = np.nonzero(self.scope)",
        "row, place = np.nonzero(~self.scope)",
        OF_MATCHING,
    ),
    Fault(
        "targets cost what the law costs",
        MATCH_ROWS,
        "np.where(terms.tier == LEGAL, legal, int(finer * forgone / shared))",
        "np.where(terms.tier == LEGAL, legal, legal)",
        OF_MATCHING,
    ),
    Fault(
        "two targets on a dwelling override twice",
        MATCH_ROWS,
        "int(finer * forgone / shared)",
        "int(finer * forgone)",
        OF_MATCHING,
    ),
    Fault(
        "an absolute priority weighs one point",
        MATCH_PROBLEM,
        "* (spread + 1)  # before any points",
        "  # before any points",
        OF_MATCHING,
    ),
)
