"""A pure solver of match problems: integer arrays in, a verified assignment out."""

from optimizer.problem import NO_HIGH, NO_LOW, Problem
from optimizer.solve import Answer, solve
from optimizer.verify import verify

__all__ = ["NO_HIGH", "NO_LOW", "Answer", "Problem", "solve", "verify"]
