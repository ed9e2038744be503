"""Faults of the time to answer, and of what an offer does."""

from __future__ import annotations

from planted_faults.fault import Fault

ENGINE = "sim/process/engine.py"
TURN = "sim/process/offers.py"
HEARING = "sim/process/hearing.py"
ADMISSION = "sim/process/admission.py"
ACCEPTANCE = "sim/process/acceptance.py"
BOTH_ENGINES = ("tests/sim/reference/test_reference_engine.py",)
OF_RANKS = ("tests/sim/process/test_ranks.py",)
OF_ACCEPTANCE = ("tests/sim/process/test_acceptance.py",)

THE_TEN_DAYS = (
    Fault(
        "silence counts a day early",
        ACCEPTANCE,
        "return last_s + (1 + (WEEK",
        "return last_s + (0 + (WEEK",
        OF_ACCEPTANCE,
    ),
    Fault(
        "silence is not moved from a Sunday",
        ACCEPTANCE,
        "if weekday >= SATURDAY",
        "if weekday == SATURDAY",
        OF_ACCEPTANCE,
    ),
    Fault(
        "an answer may take eleven days",
        ACCEPTANCE,
        "when * world.law.answer_days * DAY_S",
        "when * (world.law.answer_days + 1) * DAY_S",
        OF_ACCEPTANCE,
    ),
    Fault(
        "an answer comes a day late",
        TURN,
        "now + offer.wait_s",
        "now + offer.wait_s + 86_400",
        OF_RANKS,
    ),
    Fault(
        "the delay of the text is eleven days",
        "sim/rules/texts/commission.toml",
        "value = 10 }",
        "value = 11 }",
        OF_ACCEPTANCE,
    ),
)

OFFERS = (
    Fault(
        "a lapse keeps its offers",
        TURN,
        " or register.leaves_s[offer.demand] <= now:",
        ":",
        OF_RANKS,
    ),
    Fault(
        "a closed demand is offered still",
        TURN,
        "if register.state[offer.demand] != OPEN or",
        "if",
        OF_RANKS,
    ),
    Fault(
        "a lapse is put off to the next sitting",
        TURN,
        "if register.leaves_s[offer.demand] <= now:  # an",
        "if False:  # an",
        OF_RANKS,
    ),
    Fault(
        "a demand not renewed stays on the list",
        ADMISSION,
        "    if len(leaving):",
        "    if not len(rows):",
        BOTH_ENGINES,
    ),
    Fault(
        "a refused rank blocks the next",
        ENGINE,
        "                vacancy.turn += 1",
        "                vacancy.turn = len(vacancy.offers)",
        OF_RANKS,
    ),
    Fault(
        "who refuses is offered nothing more",
        TURN,
        "    register.state[offer.demand] = OPEN\n",
        "",
        OF_RANKS,
    ),
    Fault(
        "an offer leaves its demand free for another",
        TURN,
        "    register.state[offer.demand] = OFFERED\n",
        "",
        BOTH_ENGINES,
    ),
    Fault(
        "a demand is proposed the same vacancy again",
        HEARING,
        "    vacancy.tried.add(offer.demand)\n    pair",
        "    pair",
        BOTH_ENGINES,
    ),
    Fault("a second offer is answered as the first", HEARING, "(pair, 0) + 1\n", "(pair, 0)\n", BOTH_ENGINES),
    Fault(
        "a dwelling is let twice",
        ENGINE,
        "self.sign(vacancy, offer)\n                        return\n",
        "self.sign(vacancy, offer)\n                        self.state.vacancies[vacancy.key] = vacancy\n",
        BOTH_ENGINES,
    ),
    Fault(
        "who moves keeps the dwelling left",
        TURN,
        "if old >= 0 and housing.occupied[old]",
        "if old < -1 and housing.occupied[old]",
        BOTH_ENGINES,
    ),
)
