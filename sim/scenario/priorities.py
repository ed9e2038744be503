"""What is owed to some households by law, beside the groups of the quotas?"""

from __future__ import annotations

from sim.territory.files.toml import Model


class Dalo(Model):
    """[dalo]"""


class Relogement(Model):
    """[relogement]"""


class EssentialWorkers(Model):
    """[essential_workers]"""


class Rpms(Model):
    """[rpms]"""
