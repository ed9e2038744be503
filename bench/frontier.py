"""How long is a trade-off, beside a comparison?

    python bench/frontier.py [--scale 0.1] [--points 12] [--years 5] [--replications 1]

The trade-off of the MEL is played by one process, its tables, figures and page included; then a comparison of
the ladder and the two policies beside it, its report included. Seconds are of the processor, of everything
from the start of the process. Both play one burn-in a replication; most runs of the trade-off match jointly,
those at constant volumes twice a sitting, while three of seven runs of the comparison do not match at all.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from apart import apart

ROOT = Path(__file__).resolve().parent.parent

COMPARED = (
    *("status_quo", "cotation_only", "cotation_matched", "cotation_quotas"),
    *("cotation_peuplement", "cotation_peuplement_iso", "cotation_oriented"),
)


def trade_off(changes: dict[str, Any], out: Path) -> int:
    """Play and write a trade-off; return how many runs it played."""
    from mixite import comparing
    from mixite.frontier import playing, telling

    telling.write(playing.play(comparing.load(ROOT / "scenarios" / "mel.toml", changes), out, workers=1))
    return runs(out)


def comparison(changes: dict[str, Any], out: Path) -> int:
    """Play and write a comparison without variants; return how many runs it played."""
    from mixite import comparing

    asked = {"policies.compare": COMPARED, "variant": []}
    comparing.compare(comparing.load(ROOT / "scenarios" / "mel.toml", changes | asked), out, workers=1)
    return runs(out)


def runs(out: Path) -> int:
    """Return how many runs a folder holds."""
    return sum(1 for _ in out.glob("*/manifest.json"))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--points", type=int, default=12)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--replications", type=int, default=1)
    given = parser.parse_args()
    changes = {
        "territory.scale": given.scale,
        "time.years": given.years,
        "runs.replications": given.replications,
        "frontier.points": given.points,
        "frontier.replications": given.replications,
    }
    works: dict[str, Callable[..., int]] = {"trade-off": trade_off, "comparison": comparison}
    a_run = {}
    print("| what | runs | processor s | s a run | peak MB |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, work in works.items():
            done = apart(work, changes, Path(folder) / name)
            a_run[name] = done.cpu / done.value
            told = f"| {name} | {done.value} | {done.cpu:.0f} | {a_run[name]:.1f} | {done.peak_mb:.0f} |"
            print(told, flush=True)
    print(f"\ntrade-off / comparison of as many runs: {a_run['trade-off'] / a_run['comparison']:.2f}")


if __name__ == "__main__":
    main()
