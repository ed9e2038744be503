"""How does the engine play a queue whose answer is known?

Each case is played in replications, its measures averaged with the half width of their 95 % interval, and
held against what theory says where the case gives it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite.progress import progress
from mixite.terminal import say

if TYPE_CHECKING:
    from sim.steady_state import SteadyState
    from sim.stylised import Case

FAR = 4.0
"""A mean this far from theory, in standard normal deviations, is a fault: by chance, 6 in 100,000 checks."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replications; NaN where unknown."""

    mean: float
    half_width: float  # of the 95 % interval
    error: float  # standard error
    degrees: int  # of freedom: replications where it is known, less one

    def as_json(self) -> list[float | None] | None:
        """Return [value, half width], each null where unknown."""
        if math.isnan(self.mean):
            return None
        return [self.mean, None if math.isnan(self.half_width) else self.half_width]

    def z(self, expected: float) -> float:
        """Return how far the mean is from what is expected, NaN where unknown.

        The normal deviation as unlikely as the mean's Student deviation: with 20 replications, 4 standard
        errors are 3.4 of these.
        """
        from scipy import special
        from scipy.stats import t

        gap = self.mean - expected
        if not self.error:
            return math.copysign(math.inf, gap) if gap else 0.0
        tail = t.logsf(abs(gap) / self.error, self.degrees)
        return math.copysign(float(-special.ndtri_exp(tail)), gap)


@dataclass(frozen=True)
class Played:
    """The replications of one case."""

    name: str
    case: Case
    runs: tuple[SteadyState, ...]

    def estimate(self, measure: str, of: str | None = None) -> Estimate:
        """Return a measure of a household or a dwelling, by its id, over the replications."""
        places = self.case.dwelling if measure == "lost_share" else self.case.household
        values = [getattr(run, measure) for run in self.runs]
        if of is not None:
            values = [value[[one.id for one in places].index(of)] for value in values]
        return _estimate([value for value in values if not math.isnan(value)])


def load(paths: Sequence[Path]) -> list[tuple[str, Case]]:
    """Read cases, every fault of every file at once."""
    from sim.scenario import find
    from sim.stylised import load_case
    from sim.territory.files.faults import FaultsFound

    cases, faults = [], []
    for path in paths:
        try:
            cases.append((path.stem, load_case(find(path))))
        except FaultsFound as found:
            faults += found.faults
    if faults:
        raise FaultsFound(faults)
    return cases


def play(
    cases: Sequence[tuple[str, Case]], replications: int = 20, seed: int = 0, workers: int = 1
) -> list[Played]:
    """Play every replication of every case."""
    jobs = [(place, replication) for place in range(len(cases)) for replication in range(replications)]
    runs: dict[tuple[int, int], SteadyState] = {}
    with progress("répliques", len(jobs)) as advance:
        for place, replication, run in _results([case for _, case in cases], jobs, seed, workers):
            runs[place, replication] = run
            advance()
    return [
        Played(name, case, tuple(runs[place, replication] for replication in range(replications)))
        for place, (name, case) in enumerate(cases)
    ]


def _results(
    cases: Sequence[Case], jobs: Sequence[tuple[int, int]], seed: int, workers: int
) -> Iterator[tuple[int, int, SteadyState]]:
    if min(workers, len(jobs)) <= 1:
        for place, replication in jobs:
            yield place, replication, _play(cases[place], seed, replication)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=min(workers, len(jobs)), backend="loky", return_as="generator")
    results = parallel(delayed(_play)(cases[place], seed, replication) for place, replication in jobs)
    for (place, replication), run in zip(jobs, results, strict=True):
        yield place, replication, run


def _play(case: Case, seed: int, replication: int) -> SteadyState:
    from sim.process.replication import replicate
    from sim.steady_state import measure
    from sim.stylised import UNIT_S, decode

    scenario, territory, grid = decode(case, seed)
    ((_, outcomes),) = replicate(scenario, territory, scenario.policies.compare, replication, grid=grid)
    households, dwellings = [one.id for one in case.household], [one.id for one in case.dwelling]
    return measure(outcomes, households, dwellings, round(case.warm_up * UNIT_S), UNIT_S)


def _estimate(values: Sequence[float]) -> Estimate:
    from scipy.stats import t as student

    n = len(values)
    if n < 2:
        return Estimate(values[0] if values else math.nan, math.nan, math.nan, 0)
    mean = math.fsum(values) / n
    error = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1) / n)
    return Estimate(mean, float(student.ppf(0.975, n - 1)) * error, error, n - 1)


def checks(played: Played) -> list[dict[str, Any]]:
    """Return what theory says of a case beside what was found."""
    rows = []
    for expected in played.case.expected:
        found = played.estimate(expected.measure, expected.of)
        rows.append(
            {
                **expected.model_dump(),
                "found": found.mean,
                "half_width": found.half_width,
                "z": found.z(expected.value),
            }
        )
    return rows


def as_json(played: Sequence[Played]) -> list[dict[str, Any]]:
    """Return the answer of `theory --json`."""
    answer = []
    for one in played:
        streams = {dwelling.id: dwelling.units is None for dwelling in one.case.dwelling}
        answer.append(
            {
                "case": one.name,
                "replications": len(one.runs),
                "households": {
                    household.id: {
                        measure: one.estimate(measure, household.id).as_json()
                        for measure in ("waiting_mean", "wait_mean", "housed_share")
                    }
                    for household in one.case.household
                },
                "dwellings": {
                    name: {"lost_share": one.estimate("lost_share", name).as_json() if stream else None}
                    for name, stream in streams.items()
                },
                "delay_probability": (
                    None if all(streams.values()) else one.estimate("delay_probability").as_json()
                ),
                "expected": checks(one),
            }
        )
    return answer


def show(played: Sequence[Played]) -> bool:
    """Say what was found beside theory; tell whether every mean is near it."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from mixite.report.numbers import several

    console = Console(stderr=True)
    near, unknown = True, 0
    for one in played:
        title = escape(f"{one.name} : {one.case.label} ({several(len(one.runs), 'réplique')})")
        table = Table(title=title, title_justify="left")
        for header in ("mesure", "de", "théorie", "trouvé", "± 95 %", "z"):
            table.add_column(header, justify="left" if header in ("mesure", "de") else "right")
        for row in checks(one):
            found = [f"{row[key]:.6g}" for key in ("value", "found", "half_width")]
            table.add_row(MEASURES[row["measure"]], escape(row["of"] or ""), *found, f"{row['z']:+.2f}")
            near &= not abs(row["z"]) > FAR
            unknown += math.isnan(row["z"])
        for measure, of, found in _unheld(one):
            table.add_row(
                MEASURES[measure], escape(of), "", f"{found.mean:.6g}", f"{found.half_width:.6g}", ""
            )
        console.print(table)
    if not near:
        say(f"une mesure est loin de la théorie : |z| > {FAR:g}")
    if unknown:
        say(f"{unknown} mesure(s) sans erreur type connue, non confrontée(s) à la théorie")
    return near


MEASURES = {
    "waiting_mean": "ménages en attente",
    "wait_mean": "attente des ménages logés",
    "housed_share": "part des ménages logés",
    "lost_share": "part des vacances perdues",
    "delay_probability": "part non servie aussitôt",
}


def _unheld(played: Played) -> Iterator[tuple[str, str, Estimate]]:
    """Yield the measures of a case of which it says nothing."""
    said = {(expected.measure, expected.of) for expected in played.case.expected}
    for household in played.case.household:
        for measure in ("waiting_mean", "wait_mean", "housed_share"):
            if (measure, household.id) not in said:
                yield measure, household.id, played.estimate(measure, household.id)
    for dwelling in played.case.dwelling:
        if dwelling.units is None and ("lost_share", dwelling.id) not in said:
            yield "lost_share", dwelling.id, played.estimate("lost_share", dwelling.id)
