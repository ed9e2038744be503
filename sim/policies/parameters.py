"""How far is the optimum of a sitting sought? What a scenario may set, policy by policy.

The weights of points, the lists' length and what a target may override are the sitting's own
(`[sittings]`): they bear on every policy alike.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.territory.files.toml import Model


class Parameters(Model):
    """[policies.parameters.NAME], of a policy that matches jointly.

    Attributes
    ----------
    form : "weighted", one objective where fill outweighs the law, the law points, points the lottery, and a
        target so many points a lease; or "lexicographic", one stage after another
    gap : what a sitting may lose to the bound, in parts of the points and targets at stake in it
        (weighted), or of each stage (lexicographic)
    """

    form: Literal["weighted", "lexicographic"] = "weighted"
    gap: float = Field(default=1e-3, ge=0, le=1)
