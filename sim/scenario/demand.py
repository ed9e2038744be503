"""How do demands come, stay and lapse?"""

from __future__ import annotations

from pydantic import Field

from sim.scenario.bounds import Share
from sim.territory.files.toml import Model


class Demand(Model):
    """[demand]: `new_per_year` is for the whole territory before scaling; else from the pending."""

    new_per_pending: float = Field(ge=0)
    new_per_year: float | None = Field(default=None, ge=0)
    mutation_share: float = Field(ge=0, lt=1)
    renewal: float = Field(ge=0, lt=1)


class Mutations(Model):
    """[mutations]: the three-yearly review of occupation, and what a move frees.

    Attributes
    ----------
    chain_aware : policies that match jointly value a mutation `chain_bonus_points` more, since its lease
        frees a dwelling; never points of the household
    review : tenancies are reviewed every three years in the tight zones (R27), and some tenants then ask to
        move: `review_files_unserved` of those whose dwelling no longer serves them, `review_files_spare` of
        those who have too much room or income, or no need any more of an adapted dwelling
    """

    chain_aware: bool = False
    chain_bonus_points: float = Field(ge=0, le=10_000)
    review: bool = True
    review_files_unserved: float = Share
    review_files_spare: float = Share
    review_adapted_need: float = Share
    review_adapted_left: float = Share

    @property
    def bonus(self) -> float:
        """Points that a mutation weighs more in a joint matching."""
        return self.chain_bonus_points if self.chain_aware else 0.0
