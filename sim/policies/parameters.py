"""How far is the optimum of a sitting sought? What a scenario may set, policy by policy.

The weights of points, the lists' length and what a target may override are the sitting's own
(`[sittings]`): they bear on every policy alike.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.territory.files.toml import Model


class UsualOrder(Model):
    """[status_quo]: what weighs in the usual order of presentation; no weight is one of income.

    Attributes
    ----------
    seniority : a year of waiting, up to `most_years`
    first_commune, typology, affordable : the commune wished first, the smallest typology asked for, a rent
        under `affordable_share` of the maximum stated
    discretion : scale of the commission's own part; 0 leaves the criteria alone
    """

    seniority: float = Field(ge=0)
    most_years: float = Field(gt=0)
    first_commune: float = Field(ge=0)
    typology: float = Field(ge=0)
    affordable: float = Field(ge=0)
    affordable_share: float = Field(gt=0, le=1)
    discretion: float = Field(ge=0)


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
