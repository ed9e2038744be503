"""What may a report hold of a comparison, at each level of diffusion (mixite/diffusion.py)?

A report is written from what is left here alone, so that no part of it has to hold its tongue: what a level
may not hold is not in the study any more. Outside `interne`: no residence one by one, no count of a few
households. `public`: no bailleur, residence or operation by name, no table by réservataire, no commune where
a type would tell of a few households. Left out on purpose: the tables beside the report (comparison.csv,
concerned.csv, residences.csv and the folders of the runs), which are the partners' at every level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mixite.diffusion import FEWEST, INTERNE
from mixite.report.floors import TARGET, place_of
from mixite.report.study import Study
from sim.concerned.waits import KINDS
from sim.indicators import reservation

if TYPE_CHECKING:
    import pandas as pd

NAMED = ("bailleur:", "operation:")
"""How a group that is named after someone begins, or a part of it."""

NAMES = ("bailleurs", "residences", "without")
"""Keys of a target whose values are names of bailleurs or, by residence, of residences."""

COUNTS = (*(f"wait_{kind}" for kind in KINDS), "wait_net")
"""Measures of concerned.csv that are numbers of households."""

NETTED = ("wait_longer", "wait_shorter", "wait_net")
"""Of which any two give the third."""


def diffused(study: Study) -> Study:
    """Return the study with what its level of diffusion may hold, and nothing else."""
    if study.diffusion == INTERNE:
        return study
    seen = replace(study, residences=None, concerned=_without_few(study.concerned))
    if study.pictured is not None:
        counts = _enough(study.pictured.counts)
        seen = replace(seen, pictured=replace(study.pictured, counts=counts, qualified=None))
    return seen if study.may.named else _unnamed(seen)


def _without_few(concerned: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the rows without the numbers of a few households, nor those they could be found from.

    Of numbers of households the whole territory's alone are kept: a group could be found from the others.
    """
    if concerned is None or concerned.empty:
        return concerned
    counted = concerned["measure"].isin(COUNTS)
    kept = concerned[~counted | concerned["dimension"].eq("all")].reset_index(drop=True)
    few = kept["measure"].isin(COUNTS) & ~(kept["mean_b"].abs() >= FEWEST) & kept["measure"].ne("wait_net")
    netted = few & kept["measure"].isin(NETTED)
    pairs = kept["policy_a"] + "→" + kept["policy_b"]
    few |= kept["measure"].isin(NETTED) & pairs.isin(set(pairs[netted]))
    return kept.assign(small=kept["small"] | few)


def _unnamed(study: Study) -> Study:
    """Return the study without any name, nor what is told of a single bailleur or réservataire."""
    pictured = study.pictured
    return replace(
        study,
        scenario={**study.scenario, "target": [_target(target) for target in study.targets]},
        context=_context(study),
        values=_rows(study.values),
        comparison=_rows(study.comparison),
        headlines=_rows(study.headlines),
        other_grids={grid: _rows(rows) for grid, rows in study.other_grids.items()},
        concerned=_of_no_bailleur(study.concerned),
        pictured=pictured and replace(pictured, counts=_of_nobody(pictured.counts)),
    )


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose group names nobody, the flows of the réservataires left out."""
    group = table["group"].astype(str)
    named = group.str.contains("|".join(NAMED), regex=True)
    flows = table["indicator"].isin([each.name for each in reservation.INDICATORS])
    return table[~named & ~flows].reset_index(drop=True)


def _of_no_bailleur(concerned: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if concerned is None else concerned[concerned["dimension"].ne("bailleur")]


def _of_nobody(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the leases counted by rule, those of the EPCI and of the targets alone."""
    return counts[counts["rule"].eq(TARGET) | counts["holder"].eq("all")].reset_index(drop=True)


def _enough(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the leases counted by rule, without a holder of whom some are a few.

    Where a part of a whole is left out (a bailleur of the EPCI, a quartier of a target), all of its parts
    are: it could be found from the others.
    """
    keys = ["rule", "holder", "policy"]
    split = counts.assign(others=counts["base"] - counts["reached"]).groupby(keys)
    least = split[["base", "reached", "others"]].sum().min(axis=1) / counts["replication"].nunique()
    few = {key[:2] for key, count in least.items() if count < FEWEST}
    parted = {(rule, _whole(rule, holder)) for rule, holder in few if _is_part(rule, holder)}
    told = [
        (rule, holder) not in few and not (_is_part(rule, holder) and (rule, _whole(rule, holder)) in parted)
        for rule, holder in zip(counts["rule"], counts["holder"], strict=True)
    ]
    return counts[told].reset_index(drop=True)


def _is_part(rule: str, holder: str) -> bool:
    return bool(place_of(holder)[1]) if rule == TARGET else holder != "all"


def _whole(rule: str, holder: str) -> str:
    return place_of(holder)[0] if rule == TARGET else "all"


def _target(target: Mapping[str, Any]) -> dict[str, Any]:
    """Return a target whose named bailleurs and residences are a number of them."""
    named = NAMES if target.get("level", "residence") == "residence" else NAMES[:2]
    return {
        key: [f"au nombre de {len(value)}"] if key in named and value else value
        for key, value in target.items()
    }


def _context(study: Study) -> dict[str, Any]:
    """Return the context, without the notes and warnings that name a residence or a bailleur."""
    names = set(_names(study))

    def kept(texts: Iterable[str]) -> list[str]:
        return [text for text in texts if not any(name in text for name in names)]

    context = {key: value for key, value in study.context.items() if key != "orientation"}
    about = context["territory"]
    return {**context, "territory": {**about, "notes": kept(about.get("notes", ()))}}


def _names(study: Study) -> Iterable[str]:
    if study.pictured is not None:
        yield from study.pictured.sites.residence_id.tolist()
    for group in study.values["group"].astype(str).unique():
        if group.startswith("bailleur:"):
            yield f"bailleur {group.removeprefix('bailleur:').partition('@')[0]}"
