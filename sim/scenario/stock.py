"""How do households stay, age and leave, and how does the stock change?"""

from __future__ import annotations

from pydantic import Field

from sim.scenario.bounds import Positive, Share
from sim.territory.files.toml import Model


class Departures(Model):
    """[departures]"""

    weibull_shape: float = Positive
    weibull_scale_years: float = Positive
    outside_share: float = Share
    t1_over_t5: float = Positive
    short_notice_share: float = Share
    notice: bool = True
    works_days: float = Field(ge=0)


class Ageing(Model):
    """[ageing]"""

    income_persistence: float = Field(ge=0, lt=1)
    job_loss: float = Share
    job_found: float = Share
    retirement_age: float = Field(ge=50, le=80)


class Supply(Model):
    """[supply]: deliveries, demolitions and sales."""


class Household(Model):
    """[household]: births, separations, children who leave, loss of the right to stay."""
