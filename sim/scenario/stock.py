"""How do households stay, age and leave, and how does the stock change?"""

from __future__ import annotations

from datetime import date
from math import gamma

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
    abis_over_c: float = Positive
    commune_tension: float = Field(ge=-2, le=2)
    income_effect: float = Field(ge=-5, le=5)
    income_ratio_max: float = Positive
    residence_sd: float = Field(ge=0, le=2)

    @property
    def yearly_turnover(self) -> float:
        """Leases a year and dwelling, where each lasts the mean tenancy."""
        return 1.0 / (self.weibull_scale_years * gamma(1.0 + 1.0 / self.weibull_shape))


class Ageing(Model):
    """[ageing]"""

    income_persistence: float = Field(ge=0, lt=1)
    job_loss: float = Share
    job_found: float = Share
    retirement_age: float = Field(ge=50, le=80)


class Supply(Model):
    """[supply]: deliveries, demolitions and sales, each a share of the stock a year; 0 switches it off."""

    delivered: float = Field(ge=0, le=0.2)
    demolished: float = Field(ge=0, le=0.2)
    sold: float = Field(ge=0, le=0.2)
    recent_years: float = Field(ge=0)
    demolished_before: float = Field(ge=0)
    demolished_qpv_weight: float = Field(gt=0)
    sold_house_weight: float = Field(gt=0)
    sold_after_years: float = Field(ge=0)


class Operation(Model):
    """[[operation]]: residences to be demolished; told `on` that day, emptied in `months`."""

    name: str = Field(min_length=1, max_length=80)
    residences: tuple[str, ...] = Field(min_length=1)
    on: date
    months: float | None = Field(default=None, gt=0)  # those of [relogement] where none


class Household(Model):
    """[household]: births, children who grow and leave, couples, deaths.

    `active = false` switches all of it off; `demands = false` that of the households that wait.
    """

    active: bool = True
    demands: bool = True
    birth_under_25: float = Share
    birth_25_29: float = Share
    birth_30_34: float = Share
    birth_35_39: float = Share
    birth_40_50: float = Share
    birth_couple: float = Field(ge=0, le=5)
    birth_alone: float = Field(ge=0, le=5)
    adult_age: float = Field(ge=15, le=25)
    leaves_home: float = Share
    separation: float = Share
    couple_until_age: float = Field(ge=0, le=130)
    separation_income: float = Field(gt=0, le=1)
    split_files_demand: float = Share
    couple_formed: float = Share
    couple_income: float = Field(ge=1, le=3)
    death_at_80: float = Share
    death_growth: float = Field(ge=0, le=1)
