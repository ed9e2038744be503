"""Which reactions of households and commissions are played, and how strong?"""

from __future__ import annotations

from sim.territory.files.toml import Model


class Feedback(Model):
    """[feedback]"""
