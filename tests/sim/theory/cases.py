"""What is played, and how far from theory is a fault?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import resources
from math import inf, sqrt
from pathlib import Path

from mixite import theory
from sim.stylised import Case, load_case

FOLDER = Path(str(resources.files("scenarios"))) / "theory"
FAR = 4.0
"""Standard errors from theory that are a fault: by chance, 8 in 10,000 checks with 20 replications."""

WIDTH = 0.05
"""Half width of the shipped cases, as a part of what is expected; in points for a probability."""

PROBABILITIES = ("lost_share", "delay_probability")

HELD_TO_Z = {"a5", "a6_3", "a6_100"}
"""Cases held to their distance alone: their load is high for the time they are played."""

LONGER = 28
"""Times longer than shipped, in all, that make the half width 1 %."""

CORES = os.cpu_count() or 1


def played(case: Case, name: str, replications: int = 20, workers: int = 1) -> theory.Played:
    return theory.play([(name, case)], replications, workers=workers)[0]


def of_length(name: str, times: float) -> Case:
    """Return a shipped case whose runs, after the warm-up, last so many times what they do."""
    case = load_case(FOLDER / f"{name}.toml")
    return case.model_copy(update={"horizon": case.warm_up + (case.horizon - case.warm_up) * times})


def faults(found: theory.Played, width: float = inf, error: float = inf) -> Iterator[str]:
    """Yield every measure too far from theory or too wide, with what was found."""
    for row in theory.checks(found):
        spread = found.estimate(row["measure"], row["of"]).error
        away = (row["found"] - row["value"]) / spread if spread else inf
        of_expected = 1.0 if row["measure"] in PROBABILITIES else abs(row["value"])
        told = f"{found.name} {row['measure']} {row['of']}: {row['found']:.6g} ± {row['half_width']:.2g}, "
        told += f"expected {row['value']:.6g}, {away:+.2f} standard errors away"
        if not abs(away) <= FAR:
            yield f"far: {told}"
        if row["half_width"] > width * of_expected:
            yield f"wide: {told}"
        if abs(row["found"] - row["value"]) > error * of_expected:
            yield f"off: {told}"


def disagreements(name: str, shorter: int = 1, workers: int = 1) -> list[str]:
    """Play a shipped case, so many times shorter than shipped; the half width allowed is √shorter larger."""
    found = played(of_length(name, 1 / shorter), name, workers=workers)
    assert found.case.expected
    return list(faults(found, inf if name in HELD_TO_Z else WIDTH * sqrt(shorter)))


def disagreements_within_a_hundredth(name: str) -> list[str]:
    """Play a hundred long replications of a shipped case: half width 1 %, error 2 %."""
    found = played(of_length(name, LONGER / 5), name, replications=100, workers=CORES)
    return list(faults(found, 0.01, 0.02))
