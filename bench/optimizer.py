"""How long does a match take, with what proof and memory, and what do general solvers do in that time?

    python bench/optimizer.py [--sizes S weekly M] [--seeds 3] [--repeats 3] [--limit 60] [--no-peers]

For each size and seed one instance is written to a file; every part is then timed in a process of its own,
which gives its own peak of memory:
- check of the arrays, solve from nothing, solve again from the last answer with one pair forbidden, and the
  next week's sitting with the week's prices (`weeks.py`); the lexicographic form; verification and lists
  apart;
- CP-SAT and scipy.milp on the same instance with the same time limit, ended at three times it; minimum-cost
  flow and the linear assignment on the same instance without rows, beside ours without rows.
A ratio is the peer's time over ours, of the processor, a floor where the peer found nothing. A pass is one
vectorised look at every pair, without which no answer is proved: the lower limit. Medians over repeats, then
over seeds; the gap is the verifier's, the worst of the seeds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import measures
from apart import apart
from instances import SIZES
from measures import Figures
from peers import KNOW_ROWS, PEERS

COLUMNS = ("s", "min-max", "cpu s", "passes", "peak MB", "gap", "proof", "peer / ours")


def parts(size: str, seed: int, repeats: int, limit: float, peers: bool) -> Iterator[tuple[str, Figures]]:
    """Yield each part's name and figures, in the order of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        yield "instance", _apart(measures.write, path, size, seed)
        yield "check", _apart(measures.check, path, repeats)
        ours = _apart(measures.cold, path, repeats, limit)
        yield "solve", ours
        yield "one pair forbidden", _apart(measures.again, path, repeats, limit)
        yield "next week", _apart(measures.next_week, size, seed, repeats, limit)
        yield "in stages", _apart(measures.in_stages, path, repeats, limit)
        yield "verify", _apart(measures.verification, path, repeats, limit)
        yield "lists", _apart(measures.lists, path, repeats, limit, False)
        yield "lists, matched", _apart(measures.lists, path, repeats, limit, True)
        bare = _apart(measures.cold, path, repeats, limit, False)
        yield "solve, no rows", bare
        for name in PEERS if peers else ():
            beside = ours if name in KNOW_ROWS else bare
            found = _apart(measures.peer, name, path, limit, kill_after=3 * limit + 60)
            if found.get("status") == "too large":
                continue
            found["ratio"] = found["cpu"] / beside["cpu"]
            if found.get("status") == "optimal" and found["objective"] != beside["objective"]:
                found["status"] = f"differs by {found['objective'] - beside['objective']}"
            elif found["objective"] is not None:
                found["gap"] = (beside["objective"] - found["objective"]) / max(1, abs(beside["objective"]))
            yield name, found


def _apart(work: object, *arguments: object, kill_after: float | None = None) -> Figures:
    done = apart(work, *arguments, kill_after=kill_after)
    if done.ended:
        return {"seconds": done.seconds, "cpu": done.seconds, "objective": None, "status": "ended"}
    return done.value | {"peak_mb": done.peak_mb}


def line(name: str, over: list[Figures]) -> str:
    """Return a part's line of the table: its figures over the seeds."""
    seconds = [each["seconds"] for each in over]
    gaps = [each["gap"] for each in over if "gap" in each]
    proofs = sorted({each.get("proof") or each.get("status") or "" for each in over})
    floor = "> " if any(each.get("objective", 0) is None for each in over) else ""
    cells = [
        f"{statistics.median(seconds):.3g}",
        f"{min(seconds):.3g}-{max(seconds):.3g}",
        _middle(over, "cpu", "{:.3g}"),
        _middle(over, "passes", "{:.0f}"),
        _middle(over, "peak_mb", "{:.0f}"),
        f"{max(gaps):.1e}" if gaps else "",
        ", ".join(proofs),
        _middle(over, "ratio", floor + "{:.1f}"),
    ]
    return " | ".join([f"{name:20}", *cells])


def _middle(over: list[Figures], key: str, shape: str) -> str:
    values = [each[key] for each in over if key in each]
    return shape.format(statistics.median(values)) if values else ""


def main() -> None:
    """Measure every size and seed, and print one table a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=["S", "weekly", "M"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds, for each peer and for ours")
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    for size in given.sizes:
        table: dict[str, list[Figures]] = {}
        for seed in range(given.seeds):
            for name, figures in parts(size, seed, given.repeats, given.limit, not given.no_peers):
                table.setdefault(name, []).append(figures)
                print(f"{size} seed {seed}, {name}: {figures}", file=sys.stderr, flush=True)
        about = table.pop("instance")
        pairs, rows = (round(statistics.median(each[key] for each in about)) for key in ("pairs", "rows"))
        print(f"\n{size}: {pairs:,} pairs, {rows} rows, {given.seeds} seeds, {given.repeats} repeats")
        print(" | ".join([" " * 20, *COLUMNS]))
        for name, over in table.items():
            print(line(name, over), flush=True)


if __name__ == "__main__":
    main()
