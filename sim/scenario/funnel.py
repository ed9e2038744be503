"""Through what stages does a candidate pass between the list and the lease?"""

from __future__ import annotations

from sim.territory.files.toml import Model


class Funnel(Model):
    """[funnel]"""
