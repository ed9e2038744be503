"""Make tests/golden/segregation.csv with PySAL: indices of a dozen small tables of residences.

Run once, in an environment of its own: the project does not import PySAL. It takes three minutes.

    python3 -m venv ENV && ENV/bin/pip install segregation==2.5.4
    ENV/bin/python tests/golden/segregation_pysal.py tests/golden/segregation.csv

Columns. `households`, `members` and `quartiers` are the table itself, residence by residence; the public is
`members`. Then PySAL's Dissim, Isolation, Interaction (with all others) and Entropy, Entropy over the
quartiers, and for each index its mean over DRAWS random allocations by PySAL's `simulate_person_permutation`
(households change places, residences keep their sizes) with the standard error of that mean. PySAL's
ModifiedDissim is not kept: in this version each of its iterations draws the same spread.
"""

from __future__ import annotations

import csv
import random
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from segregation.inference.randomization import simulate_person_permutation
from segregation.singlegroup import Dissim, Entropy, Interaction, Isolation

INDICES = {"dissimilarity": Dissim, "isolation": Isolation, "interaction": Interaction, "theil_h": Entropy}
DRAWS = 2000
SEED = 20261126


def tables() -> list[pd.DataFrame]:
    """Return the tables: corners first, then draws, from the most even to the most parted."""
    drawn = random.Random(SEED)
    found = [
        table([4, 4], [1, 3], ["A", "A"]),
        table([10, 10, 10, 10], [10, 10, 0, 0], ["A", "B", "A", "B"]),  # parted, quartiers alike
        table([10, 10, 10, 10], [10, 10, 0, 0], ["A", "A", "B", "B"]),  # parted by the quartiers alone
        table([1, 30, 2, 7], [1, 3, 0, 7], ["A", "A", "B", "B"]),
    ]
    for residences, largest, spread in (
        *((6, 12, 0.0), (12, 12, 0.1), (12, 40, 0.1), (25, 20, 0.3)),
        *((25, 60, 0.2), (40, 25, 0.0), (40, 80, 0.4), (60, 40, 0.15)),
    ):
        base = drawn.uniform(0.15, 0.5)
        households = [drawn.randint(1, largest) for _ in range(residences)]
        quartiers = [drawn.choice("ABCDE") for _ in range(residences)]
        shares = [min(max(base + drawn.uniform(-spread, spread), 0), 1) for _ in range(residences)]
        members = [
            sum(drawn.random() < share for _ in range(size))
            for size, share in zip(households, shares, strict=True)
        ]
        found.append(table(households, members, quartiers))
    return found


def table(households: list[int], members: list[int], quartiers: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"households": households, "members": members, "quartier": quartiers})


def index(name: str, of: pd.DataFrame) -> float:
    """Return PySAL's index of a table."""
    return float(INDICES[name](of, group_pop_var="members", total_pop_var="households").statistic)


def at_random(of: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return the mean of each index over random allocations, and the standard error of the mean."""
    spreads = [
        simulate_person_permutation(of[["members", "households"]], "members", "households")
        for _ in range(DRAWS)
    ]
    found = {}
    for name in INDICES:
        values = np.array([index(name, spread.astype({"members": int})) for spread in spreads])
        found[name] = (values.mean(), values.std(ddof=1) / np.sqrt(DRAWS))
    return found


def main() -> None:
    """Write the table."""
    if version("segregation") != "2.5.4":
        raise SystemExit("the table is of segregation 2.5.4; say so in the tests if another is meant")
    np.random.seed(SEED)  # PySAL draws from numpy's global generator
    with Path(sys.argv[1]).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        chance = [text for name in INDICES for text in (f"{name}_at_random", f"{name}_error")]
        rows.writerow(["households", "members", "quartiers", *INDICES, "theil_h_quartiers", *chance])
        for of in tables():
            quartiers = of.groupby("quartier")[["households", "members"]].sum().reset_index()
            between = index("theil_h", quartiers) if len(quartiers) > 1 else 0.0
            means = at_random(of)
            rows.writerow(
                [
                    *(" ".join(map(str, of[name])) for name in ("households", "members", "quartier")),
                    *(f"{index(name, of):.12f}" for name in INDICES),
                    f"{between:.12f}",
                    *(f"{value:.8f}" for name in INDICES for value in means[name]),
                ]
            )


if __name__ == "__main__":
    main()
