"""What does territory.toml say of a territory, beside its tables?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from sim.territory.columns import RESERVATAIRES
from sim.territory.files import toml
from sim.territory.files.faults import nearest
from sim.territory.files.toml import Model

FILE = "territory.toml"

Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Commune(Model):
    """A commune by its INSEE code."""

    code: Annotated[str, Field(pattern=r"^(\d{5}|2[AB]\d{3})$")]
    name: Text


class TerritoryFile(Model):
    """territory.toml, as written.

    `grid` and `overrides` are paths relative to the file. `orientation` : by bailleur, the share of each
    réservataire, sum 1. `target_qpv` : by bailleur, the R2 target. `q1_threshold` : by year, EUR a year and
    consumption unit. `sittings` : dates of the sittings, where the commission has its own calendar.
    """

    name: Text
    epci: Text
    departements: Annotated[tuple[Text, ...], Field(min_length=1)]
    as_of: date
    synthetic: bool
    grid: str | None = None
    overrides: str | None = None
    q1_threshold: Mapping[int, Annotated[float, Field(gt=0.0)]] = Field(default_factory=dict)
    orientation: Mapping[str, Mapping[str, Share]] = Field(default_factory=dict)
    target_qpv: Mapping[str, Share] = Field(default_factory=dict)
    rpms: tuple[Text, ...] = ()
    sittings: tuple[date, ...] = ()
    bailleurs: tuple[Text, ...] = ()
    commune: tuple[Commune, ...] = ()
    notes: tuple[Text, ...] = ()

    @field_validator("departements")
    @classmethod
    def _codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [code for code in codes if not re.fullmatch(r"[0-9]{2,3}|2[AB]", code)]
        if wrong:
            raise ValueError(f"code de département attendu, par exemple « 59 » ; trouvé « {wrong[0]} »")
        return codes

    @field_validator("orientation")
    @classmethod
    def _whole(cls, shares: Mapping[str, Mapping[str, float]]) -> Mapping[str, Mapping[str, float]]:
        for bailleur, given in shares.items():
            unknown = [name for name in given if name not in RESERVATAIRES]
            if unknown:
                raise ValueError(
                    f"réservataire inconnu « {unknown[0]} » ; {nearest(unknown[0], RESERVATAIRES)}"
                )
            total = sum(given.values())
            if abs(total - 1.0) > 1e-6:
                absent = [name for name in RESERVATAIRES if name not in given]
                mend = f" ; donner aussi {', '.join(absent)}" if absent and total < 1.0 else ""
                raise ValueError(
                    f"les parts du bailleur « {bailleur} » font {total:.4g}, somme attendue 1{mend}"
                )
        return shares


def read_about(folder: Path) -> TerritoryFile:
    """Read the territory.toml of a folder.

    Raises
    ------
    FaultsFound
        with every fault of the file.
    """
    path = folder / FILE
    return toml.decode(toml.read(path), TerritoryFile, str(path))
