"""Faults of the stages before the commission, of reactions, and of the usual order."""

from __future__ import annotations

from planted_faults.fault import Fault

HEARING = "sim/process/hearing.py"
FUNNEL = "sim/process/funnel.py"
DOCUMENTS = "sim/process/documents.py"
FEEDBACK = "sim/process/feedback.py"
STATUS_QUO = "sim/policies/status_quo.py"
OF_FUNNEL = ("tests/sim/process/test_funnel.py",)
OF_FEEDBACK = ("tests/sim/process/test_feedback.py",)
OF_STATUS_QUO = ("tests/sim/policies/test_status_quo.py",)
BOTH_ENGINES = ("tests/sim/reference/test_reference_engine.py",)

HOW_IT_UNFOLDS = (
    Fault(
        "a candidate being seen is listed anew",
        HEARING,
        "listed[offer.demand] += offer.instruction is not None",
        "listed[offer.demand] += 0",
        BOTH_ENGINES,
    ),
    Fault(
        "a list is heard before its last candidate was seen",
        FUNNEL,
        "ready_s = max(ready_s, min(stops_s, documents_s))",
        "ready_s = min(stops_s, documents_s)",
        BOTH_ENGINES,
    ),
    Fault(
        "a silence is heard at the visit",
        FUNNEL,
        '(outcome == "silent") & (where < choice.silent_at_contact)',
        '(outcome == "silent") & (where < choice.refused_at_visit)',
        OF_FUNNEL,
    ),
    Fault(
        "delays last twice their mean at most in one stage",
        FUNNEL,
        "(2 * drawn * mean_days * DAY_S)",
        "(drawn * mean_days * DAY_S)",
        OF_FUNNEL,
    ),
    Fault(
        "documents found in order are read again",
        DOCUMENTS,
        "    rows = rows[~register.verified[rows]]\n",
        "",
        OF_FUNNEL,
    ),
    Fault(
        "a household found above the ceiling is housed",
        HEARING,
        "if not code & ceiling_bit(",
        "if False and not code & ceiling_bit(",
        BOTH_ENGINES,
    ),
    Fault(
        "a lease is signed before the works end",
        "sim/process/engine.py",
        'if offer.outcome == "accepted" and vacancy.available_s > self.env.now:',
        'if offer.outcome == "accepted" and vacancy.search_s > self.env.now:',
        BOTH_ENGINES,
    ),
    Fault(
        "a capable residence is the fragile one",
        FEEDBACK,
        '{"a_conforter": 1.0, "en_vigilance": 0.5}',
        '{"en_capacite": 1.0, "en_vigilance": 0.5}',
        OF_FEEDBACK,
    ),
    Fault(
        "the poorest leave fragile residences",
        FEEDBACK,
        "better_off = income > state.q1_threshold_eur",
        "better_off = income <= state.q1_threshold_eur",
        OF_FEEDBACK,
    ),
    Fault(
        "a longer wait attracts",
        FEEDBACK,
        "(state.waits_at_start_s[rooms] / state.waits_s[rooms])",
        "(state.waits_s[rooms] / state.waits_at_start_s[rooms])",
        OF_FEEDBACK,
    ),
    Fault(
        "a malus moves DALO households too",
        FEEDBACK,
        'malus * ~has(signature, "dalo")',
        "malus * (signature == signature)",
        OF_FEEDBACK,
    ),
    Fault(
        "the usual order counts years for ever",
        STATUS_QUO,
        "np.minimum((sitting.held_s - sitting.filed_s) / YEAR_S, usual.most_years)",
        "(sitting.held_s - sitting.filed_s) / YEAR_S",
        OF_STATUS_QUO,
    ),
    Fault(
        "the usual order has no discretion",
        STATUS_QUO,
        "worth - usual.discretion * np.log(-np.log(drawn))",
        "worth - 0.0 * np.log(-np.log(drawn))",
        OF_STATUS_QUO,
    ),
)
