"""What is measured, and against what?"""

from __future__ import annotations

from pydantic import Field

from sim.territory.files.toml import Model


class QualificationChoice(Model):
    """[qualification]"""

    shrinkage: float = Field(ge=0)


class Control(Model):
    """[control]: what is held still, for study only."""


class Uncertainty(Model):
    """[uncertainty]: what is drawn anew beside chance."""
