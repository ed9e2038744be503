"""What may each level of diffusion (mixite/diffusion.py) hold of residences qualified and concerted?

Documents, tables, workbooks and sheets are written from a `Published` alone, never from what it was built of.

- `interne`: everything, for the partners who qualify.
- `cil`: types, capacity, class of the score, how many appraisals by partner, raw indicators of residences of
  at least `FEWEST` households; no remark, no argument, no score, and no figure of the whole EPCI, from which
  a figure left out could be found by subtraction.
- `public`: types only, counted by commune: no name, no identifier, no place on a map. A residence of fewer
  than `FEWEST` households is counted only where the small ones of its commune, of its type now and of its
  type aimed at hold as many together; it is in no total of either view otherwise, so that the totals of the
  two views are of the same residences, and no count under `FEWEST` is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from mixite import qualifying_tables
from mixite.concertation.told import appraisal, by_residence, decision, disagreement, figures, moved
from mixite.diffusion import FEWEST, INTERNE, LESS
from mixite.notices import named, notices
from mixite.versions import code_version
from sim.rules.peuplement import CAPACITIES, POPULATION, SEGMENTS
from sim.rules.peuplement.appraisals import current, disagreements, spans, statistical_spans
from sim.rules.peuplement.decisions import last_in_effect, seals
from sim.rules.peuplement.partners import PARTNERS
from sim.territory.columns import PEUPLEMENT_TYPES

if TYPE_CHECKING:
    from mixite.concertation.concerted import Concerted
    from sim.territory.columns import Bools, Ints

VIEWS = {"type": "peuplement actuel", "target": "peuplement cible"}

_CIL = (
    *("residence_id", "name", "bailleur", "commune", "commune_name", "dwellings"),
    *("segment", "score_class", "type_before", "type", "target", "capacity", "active"),
)
"""What the level `cil` holds of every residence, whatever its size."""


@dataclass(frozen=True)
class Published:
    """What a level of diffusion may hold, as plain data.

    Attributes
    ----------
    about : territory, EPCI, date, sentences it must carry, version
    residences : one entry a residence, empty at the level `public`
    communes : count of residences by commune, view and type, at the level `public` alone
    appraisals, pending, closed, history : as entered, at the level `interne` alone
    method : weights of the indicators; the ruler at the level `interne` alone
    statistics : the document of the qualification, at the level `interne` alone
    """

    level: str
    about: Mapping[str, Any]
    residences: tuple[Mapping[str, Any], ...]
    communes: tuple[Mapping[str, Any], ...]
    appraisals: tuple[Mapping[str, Any], ...]
    pending: tuple[Mapping[str, Any], ...]
    closed: tuple[Mapping[str, Any], ...]
    history: tuple[Mapping[str, Any], ...]
    method: Mapping[str, Any]
    statistics: Mapping[str, Any] = field(default_factory=dict)


def published(found: Concerted, level: str) -> Published:
    """Return what a level of diffusion may hold of residences concerted."""
    about, method = _about(found, level), _method(found, level)
    if level == "public":
        return Published(level, about, (), tuple(_communes(found)), (), (), (), (), method)
    whole = tuple(_residences(found))
    if level == "cil":
        return Published(level, about, tuple(map(_for_the_cil, whole)), (), (), (), (), (), method)
    return Published(
        level,
        about,
        whole,
        (),
        tuple(appraisal(each) for each in found.book.appraisals),
        tuple(decision(each) for each in found.book.pending),
        tuple(decision(each) for each in found.book.closed),
        tuple(
            {**decision(each), "seal": seal}
            for each, seal in zip(found.book.history, seals(found.book.history), strict=True)
        ),
        method,
        qualifying_tables.document(found.as_settled),
    )


def _about(found: Concerted, level: str) -> dict[str, Any]:
    territory = found.qualification.territory
    return {
        "territory": named(territory),
        "on": territory.as_of.isoformat(),
        "decisions_on": found.on.isoformat(),
        "diffusion": level,
        "code_version": code_version(),
        "notices": notices(territory, found.qualification.settings.labels),
    }


def _method(found: Concerted, level: str) -> dict[str, Any]:
    from mixite.run_folder import data_digest

    qualified = found.qualification.qualified
    ruler, choice = qualified.ruler, qualified.choice
    told: dict[str, Any] = {
        "weights": dict(choice.weights),
        "shrinkage": choice.shrinkage,
        "level": choice.level,
        "missing": list(qualified.missing),
    }
    if level == INTERNE:
        columns = (ruler.mean.tolist(), ruler.spread.tolist(), ruler.weights.tolist())
        told["ruler"] = {
            "indicators": dict(zip(POPULATION, zip(*columns, strict=True), strict=True)),
            "cuts": ruler.cuts.tolist(),
            "shrinkage": ruler.shrinkage,
            "of_the_base_year": found.book.ruler is not None,
        }
        told["varied"] = list(found.qualification.sensitivity.settings)
        told["data_digest"] = data_digest(found.qualification.territory)
        told["history_seal"] = (seals(found.book.history) or ("",))[-1]
    return told


def _residences(found: Concerted) -> Iterator[dict[str, Any]]:
    """Give everything that is known of each residence."""
    territory, qualified = found.qualification.territory, found.qualification.qualified
    residences, settled, names = territory.residences, found.settled, found.names
    said, statistics = spans(found.book.appraisals), statistical_spans(qualified)
    voices = by_residence(appraisal(each) for each in current(found.book.appraisals))
    history = by_residence(decision(each) for each in found.book.history)
    opened = {each.residence_id: each for each in found.book.pending}
    last = last_in_effect(found.book.history, found.on)
    shown = figures(qualified)
    met = qualified.in_interval()
    cuts = qualified.ruler.cuts.tolist()
    rested = qualifying_tables.rested_on_weights(found.qualification)
    columns = {
        "residence_id": names,
        "name": residences.name.tolist(),
        "bailleur": [territory.bailleurs[row] for row in residences.bailleur.tolist()],
        "commune": [territory.communes[row] for row in residences.commune.tolist()],
        "commune_name": [territory.commune_names[row] for row in residences.commune.tolist()],
        "quartier": residences.quartier.tolist(),
        "in_qpv": residences.in_qpv.tolist(),
        "build_year": [year or None for year in residences.build_year.tolist()],
        "dwellings": qualified.observed.dwellings.tolist(),
        "households": qualified.observed.households.tolist(),
        "segment": qualifying_tables.names_at(qualified.segment, SEGMENTS),
        "score_class": qualifying_tables.names_at(qualified.statistical, PEUPLEMENT_TYPES),
        "score": qualified.score.tolist(),
        "score_low": qualified.score_low.tolist(),
        "score_high": qualified.score_high.tolist(),
        "type_before": qualifying_tables.names_at(found.before, PEUPLEMENT_TYPES),
        "type": qualifying_tables.names_at(settled.type, PEUPLEMENT_TYPES),
        "target": qualifying_tables.names_at(settled.target, PEUPLEMENT_TYPES),
        "capacity": qualifying_tables.names_at(settled.capacity, CAPACITIES),
        "active": settled.active.tolist(),
    }
    for row, values in enumerate(zip(*columns.values(), strict=True)):
        name = names[row]
        rules, proposal = settled.decision[row], opened.get(name)
        yield {
            **dict(zip(columns, values, strict=True)),
            "cuts": cuts,
            "sensitivity": rested[row],
            "types_in_interval": [
                kind for kind, here in zip(PEUPLEMENT_TYPES, met[row], strict=True) if here
            ],
            "indicators": {each: cells[row] for each, cells in shown.items()},
            "appraisals": {
                partner: sum(each["partner"] == partner for each in voices.get(name, ()))
                for partner in PARTNERS
            },
            "voices": voices.get(name, []),
            "disagreements": [
                disagreement(each) for each in disagreements(said.get(name, {}), statistics[row])
            ],
            "decision": None if rules is None else decision(rules),
            "moved": moved(last.get(name), qualified, row, found.on, territory.as_of),
            "proposal": None if proposal is None else decision(proposal),
            "history": history.get(name, []),
        }


def _for_the_cil(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the CIL may read of a residence."""
    described = whole["households"] >= FEWEST
    rules = whole["decision"]
    return {
        **{name: whole[name] for name in _CIL},
        "households": whole["households"] if described else None,
        "indicators": {
            name: {"value": cell["value"] if described and _enough(cell["of"]) else None}
            for name, cell in whole["indicators"].items()
        },
        "appraisals": whole["appraisals"],
        "signed_on": rules and rules["signed_on"],
        "effect_on": rules and rules["effect"],
        "ends_on": rules and rules["ends_on"],
    }


def _enough(of: float | None) -> bool:
    return of is None or of >= FEWEST


def _communes(found: Concerted) -> Iterator[dict[str, Any]]:
    """Give how many residences of each commune are of each type, and aimed at each type."""
    territory, households = found.qualification.territory, found.qualification.qualified.observed.households
    commune = territory.residences.commune
    told = in_public(households, np.stack([commune, found.settled.type, found.settled.target]))
    for view, label in VIEWS.items():
        kinds = getattr(found.settled, view)
        for place in np.argsort(np.array(territory.communes)).tolist():
            for kind, name in enumerate(PEUPLEMENT_TYPES):
                count = int(np.sum(told & (commune == place) & (kinds == kind)))
                if count:
                    yield {
                        "commune": territory.communes[place],
                        "commune_name": territory.commune_names[place],
                        "view": label,
                        "type": name,
                        "residences": count if count >= FEWEST else LESS,
                    }


def in_public(households: Ints, alike: Ints) -> Bools:
    """Tell which residences are counted in public, (n,) bool.

    Those of at least FEWEST households, and the smaller ones where these hold as many together.

    Parameters
    ----------
    alike : (keys, n) commune, type now, type aimed at: the smaller ones are put together where all are alike
    """
    small = households < FEWEST
    group = np.unique(alike, axis=1, return_inverse=True)[1].reshape(-1)
    together = np.bincount(group, np.where(small, households, 0))[group]
    found: Bools = ~small | (together >= FEWEST)
    return found
