"""How long does a match take, with what proof and memory, and what do general solvers do in that time?

    python bench/optimizer.py [--sizes S weekly M] [--seeds 3] [--repeats 3] [--limit 60] [--gap 0]
                              [--no-peers]

For each size and seed one instance is written to a file; every part is then timed in a process of its own,
which gives its own peak of memory:
- check of the arrays, solve from nothing, solve again from the last answer with one pair forbidden, and the
  next week's sitting with the week's prices (`weeks.py`); the lexicographic form, its reasons (of all
  classes by prices, of one class confirmed) and its conflicts; verification and lists;
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


LARGE = ("L", "XL")
"""Sizes of which the solve alone is timed, beside minimum-cost flow: no peer holds them with their rows."""


def parts(size: str, seed: int, given: argparse.Namespace) -> Iterator[tuple[str, Figures]]:
    """Yield each part's name and figures, in the order of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        usual = path, given.repeats, given.limit
        yield "instance", _apart(measures.write, path, size, seed)
        yield "check", _apart(measures.check, path, given.repeats)
        ours = _apart(measures.cold, *usual, given.gap, True)
        yield "solve", ours
        if size not in LARGE:
            yield "one pair forbidden", _apart(measures.again, *usual)
            yield "next week", _apart(measures.next_week, size, seed, given.repeats, given.limit)
            yield "in stages", _apart(measures.in_stages, *usual)
            yield "reasons by prices", _apart(measures.reasons, *usual)
            yield "reasons confirmed", _apart(measures.confirmation, *usual)
            yield "conflicts", _apart(measures.conflict, *usual)
            yield "verify", _apart(measures.verification, *usual)
            yield "lists", _apart(measures.lists, *usual, False)
            yield "lists, matched", _apart(measures.lists, *usual, True)
        bare = _apart(measures.cold, *usual, given.gap, False)
        yield "solve, no rows", bare
        for name in () if given.no_peers else PEERS:
            if name in KNOW_ROWS and size in LARGE:
                continue
            found = _beside(name, path, given.limit, ours if name in KNOW_ROWS else bare)
            if found["status"] != "too large":
                yield name, found


def _beside(name: str, path: Path, limit: float, ours: Figures) -> Figures:
    """Return a peer's figures, with its ratio to ours and, unless it claims the best, its gap to ours."""
    found = _apart(measures.peer, name, path, limit, kill_after=3 * limit + 60)
    found["ratio"] = found["cpu"] / ours["cpu"]
    if found["status"] == "optimal" and ours["gap"] == 0 and found["objective"] != ours["objective"]:
        found["status"] = f"differs by {found['objective'] - ours['objective']}"
    elif found["objective"] is not None:
        found["gap"] = (ours["objective"] - found["objective"]) / max(1, abs(ours["objective"]))
    return found


def _apart(work: object, *arguments: object, kill_after: float | None = None) -> Figures:
    done = apart(work, *arguments, kill_after=kill_after)
    if done.ended:
        return {"seconds": done.seconds, "cpu": done.cpu, "objective": None, "status": "ended"}
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
    parser.add_argument("--gap", type=float, default=0.0, help="good enough for ours, solved from nothing")
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    for size in given.sizes:
        table: dict[str, list[Figures]] = {}
        for seed in range(given.seeds):
            for name, figures in parts(size, seed, given):
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
