"""Can the targets of a stratégie de peuplement be met together, with the law and what becomes vacant?"""

from sim.objectives.coherence import Coherence, coherence
from sim.objectives.rows import Row

__all__ = ["Coherence", "Row", "coherence"]
