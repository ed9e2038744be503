"""What does the stratégie de peuplement say of a residence: its type, the publics to be welcomed there?"""

from sim.rules.peuplement.ruler import Qualification, qualify
from sim.rules.peuplement.targets import Publication, Target, target_families

__all__ = ["Publication", "Qualification", "Target", "qualify", "target_families"]
