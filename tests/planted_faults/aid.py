"""Faults of the housing aid, and of what is made of it."""

from __future__ import annotations

from planted_faults.fault import Fault

AID = "sim/rules/housing_aid.py"
AFFORDABILITY = "sim/process/affordability.py"
ACCEPTANCE = "sim/process/acceptance.py"
OF_AID = ("tests/sim/rules/test_housing_aid.py",)
OF_AFFORDABILITY = ("tests/sim/process/test_affordability.py",)

HOUSING_AID = (
    Fault("a missing income counts as none", AID, "np.where(income >= 0, income, np.nan)", "income", OF_AID),
    Fault(
        "resources are not rounded up", AID, "np.ceil(_half_up(yearly, 2) / step)", "(yearly / step)", OF_AID
    ),
    Fault("the CRDS is forgotten", AID, "cents * float(law.aid_crds)", "cents * 0.0", OF_AID),
    Fault("the flat cut is forgotten", AID, ") - law.aid_cut_eur", ")", OF_AID),
    Fault(
        "halves are rounded to even",
        AID,
        "np.floor(values * scale + 0.5 + _HAIR)",
        "np.rint(values * scale)",
        OF_AID,
    ),
    Fault(
        "a reference rent of the household's own zone",
        AID,
        "_rent_cap_eur(law, _REFERENCE_ZONE,",
        "_rent_cap_eur(law, zone,",
        OF_AID,
    ),
    Fault(
        "the commission minds the rent of a DALO household",
        ACCEPTANCE,
        "heavy &= ~has(",
        "heavy &= True | has(",
        OF_AFFORDABILITY,
    ),
    Fault(
        "the commission minds what it would refuse anyway",
        ACCEPTANCE,
        "too_heavy = ~first & heavy",
        "too_heavy = heavy",
        OF_AFFORDABILITY,
    ),
    Fault(
        "the rent is heavy when both say so",
        AFFORDABILITY,
        "commission_effort_threshold) | (",
        "commission_effort_threshold) & (",
        OF_AFFORDABILITY,
    ),
    Fault(
        "the aid of an effort is read without its zone",
        AFFORDABILITY,
        "world.aid_zone[dwelling])",
        "3)",
        OF_AFFORDABILITY,
    ),
)
