"""What is the verified answer to a match problem kept in a file, as a document, a summary and a table?

What is asked is read and checked in `match_request.py`; solving and verifying are the optimizer's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mixite import terminal
from mixite.match_request import Asked, inputs, unwritable
from mixite.report.numbers import number
from mixite.versions import peak_mb
from optimizer import NO_HIGH, NO_LOW, Answer, Problem, solve
from optimizer.conflicts import Conflict, find
from optimizer.equals import SETTLED, SUM
from optimizer.gains import gain_if_relaxed
from optimizer.lexicographic import solve_in_stages
from optimizer.lists import complete
from optimizer.problem import Ints
from optimizer.relaxation import Floats
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.saving import write_csv

_MATCHED = 1_000
"""Names behind the first are matched for so many lists together, in seconds; for more, in turn."""

_RESOLVED = 1_000_000
"""Pairs × rows with a price, up to which each such row is solved again, relaxed by one unit."""

_ROWS_SHOWN = 12

STAGES = {
    "objective": "objectif",
    "fill": "places pourvues",
    "legal": "obligations légales",
    "target": "objectifs",
    "weight": "poids",
    "lottery": "tirage au sort",
}


LEFT = {
    SUM: "réponses à égalité : la somme des numéros de tirage est la plus basse ; qui a quelle place n'est "
    "pas départagé jusqu'au dernier numéro",
    None: "réponses à égalité : le tirage au sort n'a pas pu les départager dans les limites du calcul",
}
"""What is said where equal answers are not told apart to the last lottery number."""


@dataclass(frozen=True)
class Matched:
    """A problem, its verified answer, and what these took.

    Attributes
    ----------
    lists : (C, slots, ranks) pair of each place of each vacancy's list, -1 where none
    prices, exact_prices : (R,) what each row relaxed by one unit brings: found by solving again, or at most
    conflicts : rows that cannot be met together, for those that are missed
    seconds, load_seconds : from the problem read to the lists complete; to read and check the files
    """

    problem: Problem
    answer: Answer
    lists: Ints
    prices: Floats
    exact_prices: bool
    conflicts: tuple[Conflict, ...]
    seconds: float
    load_seconds: float


def match(asked: Asked) -> Matched:
    """Read a problem, solve it, complete its lists, write them where `asked.out` says.

    The time limit counts from here: reading takes its part of it.

    Raises
    ------
    FaultsFound
        with every fault of the options, the files and the place of the answer.
    """
    began = time.perf_counter()
    problem, prices = inputs(asked)
    loaded = time.perf_counter()
    limit = None if asked.time_limit is None else max(1e-3, asked.time_limit - (loaded - began))
    solver = solve_in_stages if asked.lexicographic else solve
    try:
        answer = solver(problem, prices=prices, trusted=True, gap=asked.gap, time_limit=limit)
    except OverflowError as error:
        column = "row_scale" if asked.lexicographic else "row_penalty"
        mend = f"diminuer {column}, coef_value ou les limites des lignes"
        raise FaultsFound([Fault(str(asked.file), str(error), mend, column=column)]) from None
    lists = _lists(problem, answer, together=answer.fill <= _MATCHED and asked.time_limit is None)
    seconds = time.perf_counter() - loaded
    gains = _gains(problem, answer) if asked.time_limit is None and not asked.lexicographic else None
    told = answer.prices if gains is None else gains
    conflicts = _conflicts(problem, answer, fill=asked.lexicographic) if asked.time_limit is None else ()
    matched = Matched(problem, answer, lists, told, gains is not None, conflicts, seconds, loaded - began)
    if asked.out is not None:
        try:
            write_csv(table(matched), asked.out)
        except OSError as error:
            raise FaultsFound([unwritable(asked.out, error)]) from None
    return matched


def table(matched: Matched) -> pd.DataFrame:
    """Return the lists as rows: class, slot from 0, rank from 1, applicant."""
    group, slot, rank = np.nonzero(matched.lists >= 0)
    applicant = matched.problem.pair_applicant[matched.lists[group, slot, rank]]
    return pd.DataFrame({"class": group, "slot": slot, "rank": rank + 1, "applicant": applicant})


def as_json(matched: Matched) -> dict[str, Any]:
    """Return the answer of `match --json`."""
    answer, labels = matched.answer, matched.problem.row_label.tolist()
    return {
        "objective": answer.objective,
        "bound": answer.bound,
        "gap": answer.gap,
        "certified": answer.certified,
        "proved_by": answer.proved_by,
        "fill": answer.fill,
        "weight": answer.weight,
        "shortfall": dict(zip(labels, answer.shortfall.tolist(), strict=True)),
        "prices": dict(zip(labels, matched.prices.tolist(), strict=True)),
        "prices_exact": matched.exact_prices,
        "stages": [
            {
                "name": stage.name,
                "objective": stage.objective,
                "bound": stage.bound,
                "gap": stage.gap,
                "proved_by": stage.proved_by,
            }
            for stage in answer.stages
        ],
        "ties": answer.ties,
        "stopped": answer.stopped,
        "conflicts": [
            {
                "rows": [
                    {"label": change.label, "limit": change.limit, "floor": change.floor, "by": change.by}
                    for change in conflict.changes
                ],
                "proved": conflict.proved,
                "sentence": conflict.sentence,
            }
            for conflict in matched.conflicts
        ],
        "seconds": matched.seconds,
        "load_seconds": matched.load_seconds,
        "peak_mb": peak_mb(),
    }


def show(matched: Matched, asked: Asked) -> None:
    """Say what was found: places filled, rows missed, how near the answer is proved to be."""
    problem, answer = matched.problem, matched.answer
    places = int(problem.class_capacity.sum())
    terminal.say(f"places pourvues : {number(answer.fill)} sur {number(places)}")
    missed = np.flatnonzero(answer.shortfall)
    if problem.rows:
        terminal.say(f"lignes manquées : {number(missed.size)} sur {number(problem.rows)}")
    for row in missed[:_ROWS_SHOWN].tolist():
        terminal.say(f"  {_missed(problem, row, int(answer.shortfall[row]))}")
    if missed.size > _ROWS_SHOWN:
        terminal.say(f"  … et {number(missed.size - _ROWS_SHOWN)} autre(s), toutes dans le document --json")
    for conflict in matched.conflicts:
        terminal.say(conflict.sentence)
    if answer.stopped:
        terminal.say(
            f"limite de {_plain(asked.time_limit or 0)} s atteinte : meilleure réponse vérifiée à ce moment"
        )
    terminal.say(_verified(answer, asked.gap))
    if answer.proved_by is not None and asked.gap == 0 and answer.ties != SETTLED:
        terminal.say(LEFT[answer.ties])
    if asked.out is not None:
        terminal.say(f"listes écrites dans {asked.out}")


def _verified(answer: Answer, gap: float) -> str:
    """Return what the verifier proves, in one sentence."""
    held = "calcul vérifié : capacités et verrous tenus"
    if answer.certified and answer.gap <= 0:
        return f"{held}, aucune réponse ne vaut plus (écart 0)"
    says = (
        f"{held}, écart d'au plus {_plain(100 * answer.gap)} % "
        f"(vaut {number(answer.objective)}, aucune réponse ne vaut plus de {number(answer.bound)})"
    )
    unproved = [
        STAGES.get(stage.name, stage.name)
        for stage in answer.stages[:-2]
        if stage.gap or stage.proved_by != "lp"
    ]
    if unproved:
        says += f" ; étapes dont les prix ne prouvent pas le meilleur : {', '.join(unproved)}"
    elif answer.proved_by == "mip":
        says += " ; la recherche complète n'a rien trouvé de mieux, sans que les prix le prouvent"
    return says if answer.certified else f"{says} ; écart demandé : {_plain(100 * gap)} %"


def _missed(problem: Problem, row: int, units: int) -> str:
    """Return a missed row, in what it counts: its label, by how much, and its limits."""
    scale = int(problem.scale[row])
    amount = _counted(units, scale)
    low, high = int(problem.row_low[row]), int(problem.row_high[row])
    if high == NO_HIGH:
        says = f"il manque {amount} (plancher {_counted(low, scale)})"
    elif low == NO_LOW:
        says = f"{amount} de trop (plafond {_counted(high, scale)})"
    else:
        says = f"{amount} hors des limites (de {_counted(low, scale)} à {_counted(high, scale)})"
    return f"{problem.row_label[row]} : {says}"


def _counted(units: int, scale: int) -> str:
    """Return units of a row in what it counts: a number where few decimals say it, else a fraction."""
    for decimals in range(4):
        if units * 10**decimals % scale == 0:
            return number(units / scale, decimals)
    return f"{number(units)}/{number(scale)}"


def _plain(value: float) -> str:
    """Return a number with as many decimals as it needs, at most six digits."""
    return f"{value:.6g}".replace(".", ",")


def _gains(problem: Problem, answer: Answer) -> Floats | None:
    """Return what each row relaxed by one unit brings, None where that takes too long to find."""
    pressing = np.flatnonzero(answer.prices > 0)
    if pressing.size * problem.pairs > _RESOLVED or answer.proved_by is None:
        return None
    gains = np.zeros(problem.rows)
    for row in pressing.tolist():
        gains[row] = gain_if_relaxed(problem, answer, row)
    return gains


def _conflicts(problem: Problem, answer: Answer, *, fill: bool) -> tuple[Conflict, ...]:
    """Return the conflicts of legal rows that are missed; where they all hold, those of targets."""
    legal = np.where(problem.row_tier == 0, answer.shortfall, 0)
    seed = legal if legal.any() else answer.shortfall
    return find(problem, seed, fill=answer.fill if fill else 0) if seed.any() else ()


def _lists(problem: Problem, answer: Answer, *, together: bool) -> Ints:
    """Return each vacancy's list; one longer than its class has pairs would be no fuller."""
    wanted = problem.class_list
    if wanted is not None:
        possible = np.bincount(problem.pair_class, minlength=problem.classes)
        wanted = np.minimum(wanted, np.maximum(possible, 1))
    return complete(problem, answer, wanted, matched=together)
