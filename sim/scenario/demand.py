"""How do demands come, stay and lapse?"""

from __future__ import annotations

from pydantic import Field

from sim.territory.files.toml import Model


class Demand(Model):
    """[demand]: `new_per_year` is for the whole territory before scaling; else from the pending."""

    new_per_pending: float = Field(ge=0)
    new_per_year: float | None = Field(default=None, ge=0)
    mutation_share: float = Field(ge=0, lt=1)
    renewal: float = Field(ge=0, lt=1)


class Mutations(Model):
    """[mutations]"""
