"""How fast is the simulator, beside the plainest programs of the same kind in the same run?

    python bench/speed.py [--only NAME ...] [--years 10] [--burn-in-months N] [--france [SCALE]]

Each row is timed in a process of its own, which gives its own peak of memory; seconds are of the processor.
The simplified problem of simplified.py is played beside, at the size of the row (×1: 60,000 waiting, 10,000
vacancies a year) and over as many years, by three programs of ours, held to house the same applicants:
- simpy: a process an applicant, the list filtered then sorted at each vacancy; some 300 vacancies are played,
  and the years asked are extrapolated from them;
- numpy: a loop over vacancies, rows in buckets of typology × zone;
- numba, where it is installed: the same with nothing computed twice, compiled. A lower limit.
They know nothing of the law, of households that age, of commissions: the ratios say what all of that costs.

mel_* play `cotation_only` on the MEL at a scale, mel_1_numpy without compiled loops and held to the same
events, mel_1_peuplement the strategy; `s` is of the policy alone, from the state the burn-in leaves to its
checked outcomes. town is the MEL at 0.085, for a town of 5,000 waiting and 800 leases a year: no territory
shipped has so few leases for such a list, its own figures are in its row. Then the indicators of mel_1's run,
reading the MEL's tables, and a comparison asked again when it is already played. --france adds a country, or
a part of it, for one year, with nothing beside: minutes, and tens of gigabytes at full size. A row that the
system ends, of hunger for memory most often, says so, and the next is played.
"""

from __future__ import annotations

import argparse
import math
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import parts
from apart import apart
from parts import Figures

SCALES = {f"mel_{scale:g}": scale for scale in (0.03, 0.1, 0.3, 1.0)}
TOWN = 0.085
SPANNED_YEARS = 0.03
"""What the naive program plays of the problem at ×1; longer at a smaller size, for as many vacancies."""

PROGRAMS = tuple(name for name in ("simpy", "numpy", "numba") if find_spec(name))
SHOWN = {
    "waiting": "waiting",
    "leases": "leases a year",
    "years": "years",
    "territory": "territory s",
    "burn_in": "burn-in s",
    "seconds": "s",
    "a_year": "s a year",
    "peak_mb": "peak MB",
}
"""Figures of a row, and the title of each."""

RATIOS = ("simpy / it", "it / numpy", "it / numba")


@dataclass(frozen=True)
class Row:
    """What to call, and the size of the simplified problem to play beside it, None for none."""

    work: Callable[..., Figures]
    arguments: tuple[object, ...]
    factor: float | None = None


def rows_of(years: int, burn_in_months: int | None, france: float | None, kept: Path) -> dict[str, Row]:
    """Return the rows by name, in the order of the table; the run of mel_1 is kept for its indicators."""

    def changes(scale: float, years: int = years) -> dict[str, object]:
        return {"territory.scale": scale, "time.years": years, "time.burn_in_months": burn_in_months}

    def mel(scale: float, policy: str = "cotation_only", compiled: bool = True) -> Row:
        keep = kept if (scale, policy, compiled) == (1.0, "cotation_only", True) else None
        return Row(parts.play, ("mel.toml", changes(scale), policy, compiled, keep), factor=scale)

    compared = changes(0.03, years=1) | {"runs.replications": 4, "runs.variant_replications": 2}
    rows = {name: mel(scale) for name, scale in SCALES.items()} | {
        "mel_1_numpy": mel(1.0, compiled=False),
        "mel_1_peuplement": mel(1.0, "cotation_peuplement"),
        "town": mel(TOWN),
        "indicators": Row(parts.indicators, ("mel.toml", changes(1.0), kept)),
        "reading": Row(parts.reading, ("mel.toml", 1.0)),
        "report": Row(parts.report, ("mel.toml", compared)),
    }
    if france is not None:
        rows["france"] = Row(parts.play, ("france.toml", changes(france, years=1), "cotation_only", True))
    return rows


def references(factor: float, years: int) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of each simplified program at a size, held to each other.

    Raises
    ------
    SystemExit
        when two programs do not house the same applicants.
    """
    spanned = min(SPANNED_YEARS / factor, years)
    early, whole = set(), set()
    for program in PROGRAMS:
        figures = measured(parts.simplified, program, factor, years, spanned)
        early.add(figures["early"])
        if program == "simpy":
            figures["beside"] = f"{spanned:.2g} of {years} years played"
        else:
            whole.add(figures["whole"])
            figures["beside"] = "same applicants housed"
        if len(early) > 1 or len(whole) > 1:
            raise SystemExit(f"{program} ×{factor:g} does not house the same applicants")
        yield program, figures


def measured(work: Callable[..., Figures], *arguments: object) -> Figures:
    """Return the figures of a part played in a process of its own, with its peak of memory; none if ended."""
    done = apart(work, *arguments)
    if done.ended:
        return {"beside": f"ended by the system after {done.seconds:.0f} s"}
    figures = {**done.value, "peak_mb": done.peak_mb}
    if "years" in figures:
        figures["a_year"] = figures["seconds"] / figures["years"]
    return figures


def beside(name: str, found: dict[str, Figures]) -> str:
    """Tell what else a row is to be held against.

    Raises
    ------
    SystemExit
        when the events without compiled loops are not those with them.
    """
    ours, smaller = found[name], [other for other in SCALES if other in found and other != name]
    if name in SCALES and smaller:
        growth = ours["a_year"] / found[smaller[-1]]["a_year"]
        doublings = math.log2(SCALES[name] / SCALES[smaller[-1]])
        return f"×{growth ** (1 / doublings):.2f} a doubling"
    if name == "reading":
        return f"×{ours['seconds'] / ours['made']:.2f} its synthesis"
    if name == "report":
        return f"{ours['runs']} runs"
    if "mel_1" not in found or name not in ("mel_1_numpy", "mel_1_peuplement", "indicators"):
        return ""
    told = f"×{ours['seconds'] / found['mel_1']['seconds']:.2f} mel_1"
    if name != "mel_1_numpy":
        return told
    if ours["events_sha256"] != found["mel_1"]["events_sha256"]:
        raise SystemExit("MIXITE_FAST=0 gives other events")
    return f"{told}, same events"


def line(name: str, figures: Figures, peers: dict[str, Figures]) -> str:
    """Return one line of the table; what a row does not have is left blank."""
    cells = [three_digits(figures[key]) if key in figures else "" for key in SHOWN]
    ratios = ["", "", ""]
    if peers and "seconds" in figures:
        seconds, of = figures["seconds"], {program: peer["seconds"] for program, peer in peers.items()}
        ratios = [
            of["simpy"] / seconds,
            seconds / of["numpy"],
            seconds / of["numba"] if "numba" in of else "",
        ]
    shown = [three_digits(ratio) if ratio else "" for ratio in ratios]
    return "| " + " | ".join([name, *cells, *shown, figures.get("beside", "")]) + " |"


def three_digits(value: float) -> str:
    """Write a figure with three digits, or all those of its whole part."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    """Print the table, a row as soon as it is measured, the simplified programs first at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--burn-in-months", type=int, help="those of the scenarios unless given")
    parser.add_argument("--france", type=float, nargs="?", const=1.0, metavar="SCALE")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_of(given.years, given.burn_in_months, given.france, Path(folder) / "mel_1")
        if unknown := sorted(set(given.only) - set(rows)):
            parser.error(f"unknown {', '.join(unknown)}; known: {', '.join(rows)}")
        told = ", ".join(f"{name} {version(name)}" for name in PROGRAMS)
        print(f"Python {platform.python_version()}, {told}\n")
        titles = ("row", *SHOWN.values(), *RATIOS, "beside")
        print(f"| {' | '.join(titles)} |\n{'|---' * len(titles)}|", flush=True)
        found: dict[str, Figures] = {}
        peers: dict[float | None, dict[str, Figures]] = {None: {}}
        for name in [name for name in rows if name in given.only or not given.only]:
            row = rows[name]
            if row.factor is not None and row.factor not in peers:
                peers[row.factor] = {}
                for program, figures in references(row.factor, given.years):
                    peers[row.factor][program] = figures
                    print(line(f"{program} ×{row.factor:g}", figures, {}), flush=True)
            figures = measured(row.work, *row.arguments)
            if "seconds" in figures:
                found[name] = figures
                figures["beside"] = beside(name, found)
            print(line(name, figures, peers[row.factor]), flush=True)


if __name__ == "__main__":
    main()
