"""Where does a number come from: a published figure, or a named assumption with a range?"""

from __future__ import annotations

from pydantic import model_validator

from sim.territory.files.toml import Model


class Figure(Model):
    """A number with its source, or a named assumption (`hypothèse`) with the range in which it may lie.

    Exactly one of `source` and `hypothesis` is given; a hypothesis has `low` and `high`.
    """

    value: float
    unit: str = ""
    label: str = ""
    source: str = ""
    hypothesis: str = ""
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _sourced_or_assumed(self) -> Figure:
        if bool(self.source) == bool(self.hypothesis):
            raise ValueError("une source ou une hypothèse est attendue, l'une des deux")
        if self.hypothesis and (self.low is None or self.high is None):
            raise ValueError("une hypothèse porte un intervalle : low et high")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"la valeur doit être entre low et high ({self.low} à {self.high})")
        return self
