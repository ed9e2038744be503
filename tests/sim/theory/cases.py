"""What is played, and how far from theory is a fault?"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from math import inf, sqrt
from pathlib import Path

from mixite import theory
from sim.stylised import Case, load_case

FOLDER = Path(str(resources.files("scenarios"))) / "theory"
FAR = 4.0
"""Normal deviations from theory that are a fault: by chance, 6 in 100,000 checks."""

WIDTH = 0.05
"""Half width of the shipped cases, as a part of what is expected; in points for a probability."""

PROBABILITIES = ("lost_share", "delay_probability")


def played(case: Case, name: str, replications: int = 20, workers: int = 1) -> theory.Played:
    return theory.play([(name, case)], replications, workers=workers)[0]


def of_length(name: str, times: float) -> Case:
    """Return a shipped case whose runs, after the warm-up, last so many times what they do."""
    case = load_case(FOLDER / f"{name}.toml")
    return case.model_copy(update={"horizon": case.warm_up + (case.horizon - case.warm_up) * times})


def faults(found: theory.Played, width: float = inf, error: float = inf) -> Iterator[str]:
    """Yield every measure too far from theory or too wide, with what was found."""
    for row in theory.checks(found):
        of_expected = 1.0 if row["measure"] in PROBABILITIES else abs(row["value"])
        told = f"{found.name} {row['measure']} {row['of']}: {row['found']:.6g} ± {row['half_width']:.2g}, "
        told += f"expected {row['value']:.6g}, z {row['z']:+.2f}"
        if not abs(row["z"]) <= FAR:
            yield f"far: {told}"
        if row["half_width"] > width * of_expected:
            yield f"wide: {told}"
        if abs(row["found"] - row["value"]) > error * of_expected:
            yield f"off: {told}"


def width_of(shorter: float) -> float:
    """Return the half width of a case played so many times shorter than shipped."""
    return WIDTH * sqrt(shorter)
