"""Faults of who is first by law: DALO households named by the préfet, debts of the RPMS."""

from __future__ import annotations

from planted_faults.fault import Fault

DALO = "sim/process/dalo.py"
RPMS = "sim/process/rpms.py"
OF_DALO = ("tests/sim/process/test_dalo.py",)
OF_RPMS = ("tests/sim/process/test_rpms.py",)

WHO_IS_FIRST_BY_LAW = (
    Fault(
        "who is named alone is in other pools too",
        DALO,
        "for position in named.values():",
        "for position in ():",
        OF_DALO,
    ),
    Fault(
        "the latest deadline is named first",
        DALO,
        "np.argsort(deadlines(world, register, waiting[due]), kind",
        "np.argsort(-deadlines(world, register, waiting[due]), kind",
        OF_DALO,
    ),
    Fault(
        "any bailleur's dwelling is named for",
        DALO,
        "own = free & (of_bailleur == world.bailleur.item(vacancies[place].dwelling))",
        "own = free & (of_bailleur >= 0)",
        OF_DALO,
    ),
    Fault(
        "a second refusal is needed to lose the priority",
        DALO,
        "register.dalo_refused[demand] >= world.law",
        "register.dalo_refused[demand] > world.law",
        OF_DALO,
    ),
    Fault(
        "the points of DALO outlive the priority",
        "sim/process/scores.py",
        "register.under_dalo(rows, state.now_s),",
        "register.dalo_s[rows] <= state.now_s,",
        OF_DALO,
    ),
    Fault(
        "a policy may put another before a debtor",
        "sim/policies/in_turn.py",
        "rows[vacancy][0] = demand\n",
        "rows[vacancy][0] = NOBODY\n",
        OF_RPMS,
    ),
    Fault(
        "a matching may put another before a debtor",
        "sim/policies/match_problem.py",
        "in sitting.first_by_law.items():",
        "in sitting.named.items():",
        OF_RPMS,
    ),
    Fault(
        "the youngest debt is served first",
        RPMS,
        "(state.rpms_debts[demand], int(key[demand]))",
        "(-state.rpms_debts[demand], int(key[demand]))",
        OF_RPMS,
    ),
    Fault(
        "neutral households are kept out of an RPMS",
        RPMS,
        ' & (signature & mask(["neutral"]) == 0)',
        "",
        OF_RPMS,
    ),
)
