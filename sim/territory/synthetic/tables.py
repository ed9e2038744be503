"""How are several numbers given at once, with one source or one named assumption?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, model_validator

from sim.territory.files.toml import Model

Numbers = NDArray[np.float64]


class Table(Model):
    """A table of numbers with its source, or a named assumption; `spread` is the relative half range."""

    values: tuple[Any, ...]
    unit: str = ""
    label: str = ""
    source: str = ""
    hypothesis: str = ""
    spread: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _sourced_or_assumed(self) -> Table:
        if bool(self.source) == bool(self.hypothesis):
            raise ValueError("une source ou une hypothèse est attendue, l'une des deux")
        if self.hypothesis and self.spread is None:
            raise ValueError("une hypothèse porte un intervalle : spread, part de chaque valeur")
        try:
            numbers = np.asarray(self.values, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError("un tableau de nombres, aux lignes de même longueur, est attendu") from None
        if numbers.size == 0 or not np.isfinite(numbers).all() or (numbers < 0).any():
            raise ValueError("des nombres finis ≥ 0 sont attendus")
        return self

    @property
    def array(self) -> Numbers:
        """The values as an array."""
        return np.asarray(self.values, dtype=np.float64)

    @property
    def shares(self) -> Numbers:
        """The values divided by their sum along the last axis."""
        numbers = self.array
        divided: Numbers = numbers / numbers.sum(axis=-1, keepdims=True)
        return divided


def shaped(*shape: int, positive: bool = False) -> AfterValidator:
    """Return the annotation of a Table of that shape: no row is all zero, or no value is (`positive`)."""

    def check(table: Table) -> Table:
        found = table.array.shape
        if found != shape:
            expected, got = (" × ".join(map(str, sizes)) for sizes in (shape, found))
            raise ValueError(f"tableau {expected} attendu, trouvé {got}")
        if (table.array.sum(axis=-1) <= 0).any():
            raise ValueError("au moins une valeur positive par ligne est attendue")
        if positive and (table.array <= 0).any():
            raise ValueError("des valeurs > 0 sont attendues")
        return table

    return AfterValidator(check)
