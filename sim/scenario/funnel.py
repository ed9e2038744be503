"""Through what stages does a candidate pass between the list and the commission?"""

from __future__ import annotations

from pydantic import Field

from sim.scenario.bounds import Share
from sim.territory.files.toml import Model


class Funnel(Model):
    """[funnel]: contact, visit, documents; with `stages = false` the list is heard the day it is made."""

    stages: bool = True
    search_lead_days: float = Field(ge=0)
    contact_days: float = Field(ge=0)
    visit_days: float = Field(ge=0)
    documents_days: float = Field(ge=0)
    silent_at_contact: float = Share
    refused_at_visit: float = Share
    documents_missing: float = Share
    income_differs: float = Share
    income_difference: float = Field(ge=0)
    household_differs: float = Share
