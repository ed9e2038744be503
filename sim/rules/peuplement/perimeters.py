"""On which leases does each target bear: of which residences, counted by residence, quartier, commune, EPCI?

Left out on purpose: who follows the strategy (sim/process), and what the rows ask for (sim/rules/quotas.py).

Source: R.441-2-10 4° CCH (the geographical scale of the qualification is the PPGDID's to choose).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.rules.peuplement.targets import Target, named
from sim.rules.quotas import TARGET, Family
from sim.rules.traits import mask
from sim.territory.columns import PEUPLEMENT_TYPES, Bools, Ints, Territory, Texts
from sim.territory.files.faults import Fault, FaultsFound, nearest, shown

UNWRITTEN = "[[target]]"
"""How faults call targets that stand in no file."""


@dataclass(frozen=True)
class Places:
    """What a target reads of residences, a row each; `residence_of` is the residence of each dwelling."""

    residence_id: Texts
    bailleur: Texts
    commune: Texts  # INSEE
    quartier: Texts  # "" where unknown
    in_qpv: Bools
    is_rpms: Bools
    residence_of: Ints  # (dwellings,)

    @classmethod
    def of(cls, territory: Territory) -> Places:
        """Return the places of a territory."""
        residences = territory.residences
        return cls(
            residences.residence_id,
            np.array(territory.bailleurs, dtype=np.str_)[residences.bailleur],
            np.array(territory.communes, dtype=np.str_)[residences.commune],
            residences.quartier,
            residences.in_qpv,
            residences.is_rpms,
            territory.dwellings.residence,
        )


def target_families(
    targets: Sequence[Target],
    places: Places,
    peuplement_type: Ints,
    active: Bools | None = None,
    file: str = UNWRITTEN,
) -> tuple[Family, ...]:
    """Return one family a target: one row a residence, quartier or commune, or one for the EPCI.

    Parameters
    ----------
    peuplement_type : (residences,)
    active : (residences,) false where the type is not settled, all settled where not given: such a residence
        is in no row of its own and in none chosen by types; it still counts in wider rows on every type
    file : that the targets are written in, as faults call it

    Raises
    ------
    FaultsFound
        with every residence, quartier, commune and bailleur that the targets name and the territory has not.
    """
    faults = list(unknown_places(targets, places, file))
    if faults:
        raise FaultsFound(faults)
    settled = np.ones(len(peuplement_type), dtype=bool) if active is None else active
    families = []
    for target in targets:
        member, names = members(target, places)
        concerned = selected(target, places, peuplement_type, settled)
        labels = tuple(f"{target.public} ≥ {target.percent} % à accueillir, {name}" for name in names)
        families.append(
            Family(
                "cible",
                TARGET,
                labels,
                target.percent,
                mask([target.public]),
                mask(["neutral"]),
                target.months,
                np.where(concerned, member, -1)[places.residence_of],
            )
        )
    return tuple(families)


def selected(target: Target, places: Places, peuplement_type: Ints, settled: Bools) -> Bools:
    """Tell which residences a target bears on, its `without` aside, (residences,)."""
    kinds = [PEUPLEMENT_TYPES.index(name) for name in target.types]
    concerned: Bools = np.isin(peuplement_type, kinds)
    if target.level == "residence" or len(kinds) < len(PEUPLEMENT_TYPES):
        concerned &= settled
    for wanted, there in ((target.in_qpv, places.in_qpv), (target.in_rpms, places.is_rpms)):
        if wanted is not None:
            concerned &= there == wanted
    for chosen, column in _selectors(target, places).values():
        if chosen is not None:
            concerned &= np.isin(column, chosen)
    return concerned


def _selectors(target: Target, places: Places) -> dict[str, tuple[tuple[str, ...] | None, Texts]]:
    """Return the keys of a target that name places or bailleurs: what each names, and the column it reads."""
    return {
        "bailleurs": (target.bailleurs, places.bailleur),
        "residences": (target.residences, places.residence_id),
        "quartiers": (target.quartiers, places.quartier),
        "communes": (target.communes, places.commune),
    }


def members(target: Target, places: Places) -> tuple[Ints, tuple[str, ...]]:
    """Return the row of each residence, -1 where it is in none at this level, and the name of each row.

    A quartier is that of its commune: two communes may each have a « Centre ». Rows stand by name, whatever
    the order of the table.
    """
    count = len(places.residence_id)
    if target.level == "residence":
        order = sorted(
            range(count), key=lambda row: (len(places.residence_id[row]), places.residence_id[row])
        )
        member, names = np.empty(count, dtype=np.int64), tuple(places.residence_id[order].tolist())
        member[order] = np.arange(count)
        out = places.residence_id
    elif target.level == "epci":
        return np.zeros(count, dtype=np.int64), ("EPCI",)
    elif target.level == "commune":
        keys, member = np.unique(places.commune, return_inverse=True)
        names = tuple(f"commune {code}" for code in keys.tolist())
        out = places.commune
    else:
        pairs = np.stack([places.commune, places.quartier])
        keys, member = np.unique(pairs, axis=1, return_inverse=True)
        names = tuple(f"quartier {name} ({code})" for code, name in keys.T.tolist())
        out = places.quartier
        member = np.where(places.quartier == "", -1, member.reshape(-1))
    return np.where(np.isin(out, target.without), -1, member), names


def unknown_places(targets: Sequence[Target], places: Places, file: str = UNWRITTEN) -> Iterator[Fault]:
    """Give a fault for each name of a target that the territory does not know, with the nearest it knows."""
    own = {"residence": "residences", "quartier": "quartiers", "commune": "communes"}
    what = {"residences": "résidence inconnue", "communes": "commune inconnue (code INSEE)"}
    calls = named(targets)
    for number, target in enumerate(targets):
        given = {key: (key, *read) for key, read in _selectors(target, places).items()}
        if target.without:
            kind = own[target.level]
            given["without"] = (kind, target.without, given[kind][2])
        for key, (kind, chosen, column) in given.items():
            known = sorted(set(column.tolist()) - {""})
            for place, name in enumerate(chosen or ()):
                if name not in known:
                    mend = nearest(name, known) if known else f"le territoire n'a aucun nom de {kind[:-1]}"
                    message = f"{what.get(kind, f'{kind[:-1]} inconnu')}, {calls[number]}"
                    told = f"target[{number}].{key}[{place}]"
                    yield Fault(file, message, mend, column=told, value=shown(name))
