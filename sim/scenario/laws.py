"""By what laws of queueing theory do demands and vacancies come, where a scenario names them?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.bounds import Positive
from sim.territory.files.toml import Model


class Tenancy(Model):
    """Law of the length of a tenancy; `cv2`, the squared coefficient of variation, is that of a gamma."""

    law: Literal["exponential", "deterministic", "gamma"] = "exponential"
    mean_s: float = Positive
    cv2: float = Field(default=1.0, gt=0)


class DemandLaw(Model):
    """[[demand_law]]: what the demands drawn from one template follow in place of [demand], [departures]."""

    template: str  # demand_id of a demand of the territory; it is a model, and is not pending itself
    arrivals_per_s: float = Field(ge=0)  # Poisson
    gives_up_per_s: float = Field(default=0.0, ge=0)  # exponential patience
    waits: bool = True  # false: gone a second after it is filed, unless served at once
    tenancy: Tenancy | None = None


class VacancyLaw(Model):
    """[[vacancy_law]]: a dwelling freed at Poisson times, lost for that time when nobody is eligible."""

    dwelling: str  # dwelling_id
    per_s: float = Field(ge=0)
