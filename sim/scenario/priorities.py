"""What is owed to some households by law, beside the groups of the quotas?"""

from __future__ import annotations

from pydantic import Field, field_validator

from sim.scenario.bounds import Positive, Share
from sim.territory.files.toml import Model

FRAGILE = ("first_quartile", "below_20_plus", "below_40_plus", "below_60_plus")
"""Traits that a study may take for the criterion of R21: of income alone, all admitted for targets."""

ONE_YEAR = 12
"""Months of filing that the territory's demands tell of: what they say of recognitions is not drawn anew."""


class Dalo(Model):
    """[dalo]: `presented_alone`, `appeals_per_year` 0 and `warned_share` 0 switch each its part off."""

    presented_alone: bool = True  # the préfet names DALO households alone on the State's contingent
    appeals_per_year: float = Field(ge=0)  # by a demand waiting for longer than the abnormal delay
    recognised_share: float = Share
    abnormal_delay_months: float = Field(ge=ONE_YEAR)
    warned_share: float = Share


class Relogement(Model):
    """[relogement]: how long operations of demolition last, and when in them their tenants file.

    `first`: whom an operation rehouses comes before anybody else in the order of cotation, whatever the grid.
    """

    first: bool = True
    months: float = Positive
    filing_share: float = Share


class EssentialWorkers(Model):
    """[essential_workers]: `target` 0 means no row (R22); `jobs` is the local list, kept as a text."""

    target: float = Field(default=0.0, ge=0, le=1)
    jobs: tuple[str, ...] = ()
    verified_share: float = Share


class Rpms(Model):
    """[rpms]: without `refuses`, the user's own criterion, no commission orients elsewhere (R21)."""

    refuses: str | None = None
    refusal_share: float = Share

    @field_validator("refuses")
    @classmethod
    def _of_income(cls, name: str | None) -> str | None:
        if name is not None and name not in FRAGILE:
            raise ValueError(
                f"« {name} » ne peut être le critère d'une RPMS ; le peuvent : {', '.join(FRAGILE)}"
            )
        return name
