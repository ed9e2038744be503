"""Who is proposed: one file a policy, each a pure function of a Sitting."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.policies import (
    cotation_matched,
    cotation_only,
    cotation_oriented,
    cotation_peuplement,
    cotation_peuplement_iso,
    cotation_quotas,
    lottery,
    seniority,
    status_quo,
)
from sim.policies.sitting import Policy

POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        "status_quo": status_quo.shortlist,
        "cotation_only": cotation_only.shortlist,
        "cotation_matched": cotation_matched.shortlist,
        "cotation_quotas": cotation_quotas.shortlist,
        "cotation_peuplement": cotation_peuplement.shortlist,
        "cotation_peuplement_iso": cotation_peuplement_iso.shortlist,
        "cotation_oriented": cotation_oriented.shortlist,
        "seniority": seniority.shortlist,
        "lottery": lottery.shortlist,
    }
)
"""Every policy by name, the ladder first."""

JOINT = ("cotation_matched", "cotation_quotas", "cotation_peuplement", "cotation_peuplement_iso")
"""Those that match the vacancies of a sitting jointly, and have Parameters."""
