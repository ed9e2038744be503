"""How is a scenario read? Decoded once, every fault named at once.

Numbers of behaviour that a scenario does not set come from `scenarios/hypotheses`, a file a section, where
each has its source or is a named assumption. A scenario may stand on another one, its `base`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from sim.rules.law import Law
from sim.rules.peuplement import named, twins
from sim.rules.reservation import unlawful
from sim.scenario.place import find
from sim.scenario.scenario import Scenario
from sim.scenario.study import Variant
from sim.territory.figure import Figure
from sim.territory.files import toml
from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.layers import read_layers

_OF_THE_FILE = ("folder", "file")
"""What a scenario knows of its file, and no key sets."""


@cache
def hypotheses() -> Mapping[str, Mapping[str, Figure]]:
    """Return every behavioural number of `scenarios/hypotheses`, by section then name."""
    folder = Path(str(resources.files("scenarios"))) / "hypotheses"
    return {
        file.stem: {
            name: toml.decode(spec, Figure, f"{file.name} {name}") for name, spec in toml.read(file).items()
        }
        for file in sorted(folder.glob("*.toml"))
    }


def load_scenario(path: Path, *, changes: Mapping[str, Any] | None = None) -> Scenario:
    """Read a scenario file, then apply changes given by dotted key ({"runs.seed": 7}; None is ignored).

    Raises
    ------
    FaultsFound
        with every fault of the file: unknown keys, values out of bounds, absent files.
    """
    path = find(path)
    data = _over_its_base(path)
    for key, value in (changes or {}).items():
        if value is not None:
            _set(data, key, value)
    mend = "la retirer : le programme sait où est le fichier"
    faults = [Fault(path.name, "clé inconnue", mend, column=key) for key in _OF_THE_FILE if key in data]
    scenario: Scenario | None = None
    try:
        where = {"folder": path.parent, "file": path.name}
        scenario = scenario_of(data, path.name).model_copy(update=where)
    except FaultsFound as found:
        faults += found.faults
    if scenario is not None:
        faults += _unlawful_shares(scenario, path.name)
    faults += _absent_files(data, path)
    if scenario:
        faults += [*_twice(scenario), *_wrong_variants(scenario)]
    if faults or scenario is None:
        raise FaultsFound(faults)
    return scenario


def scenario_of(data: dict[str, Any], name: str) -> Scenario:
    """Decode a scenario's data, the numbers of behaviour it does not set taken from the hypotheses.

    Raises
    ------
    FaultsFound
        with every fault of the data, said of the file `name`.
    """
    for section, names in hypotheses().items():
        given = data.setdefault(section, {})
        if isinstance(given, dict):
            for key, figure in names.items():
                given.setdefault(key, figure.value)
    return toml.decode(data, Scenario, name)


def changed(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return the same scenario with other values under dotted keys, checked again.

    Raises
    ------
    FaultsFound
        with every fault of the changed scenario.
    """
    data = scenario.model_dump()
    for key, value in changes.items():
        _set(data, key, value)
    where = {"folder": scenario.folder, "file": scenario.file}
    return toml.decode(data, Scenario, scenario.called).model_copy(update=where)


def _twice(scenario: Scenario) -> Iterator[Fault]:
    """Give a fault for each target that asks what another one asks: it would weigh double."""
    calls = named(scenario.target)
    for above, place in twins(scenario.target):
        message = f"{calls[place]} demande la même chose que {calls[above]}"
        mend = "n'en garder qu'un, et citer les deux publications dans « reference »"
        yield Fault(scenario.called, message, mend, column=f"target[{place}]")


def _wrong_variants(scenario: Scenario) -> Iterator[Fault]:
    """Give the faults of the variants, each said of its place in the file."""
    names = [variant.name for variant in scenario.variant]
    for place, variant in enumerate(scenario.variant):
        if variant.name in names[:place]:
            mend = "un nom par variante"
            yield Fault(
                scenario.called, "nom déjà pris", mend, column=f"variant[{place}].name", value=variant.name
            )
        try:
            varied = changed(scenario, variant.set)
            faults = tuple(_twice(varied)) if sets_targets(variant) else ()
        except FaultsFound as found:
            faults = found.faults
        yield from (said_of_variant(fault, place) for fault in faults)


def sets_targets(variant: Variant) -> bool:
    """Tell whether a variant has targets of its own."""
    return "target" in variant.set


def said_of_variant(fault: Fault, place: int) -> Fault:
    """Return a fault of a changed scenario as one of the variant that changes it."""
    return replace(fault, column=f"variant[{place}].set : {fault.column}")


def _over_its_base(path: Path) -> dict[str, Any]:
    """Return what a scenario says over what its base, of the same folder, says: paths lead where they did.

    Raises
    ------
    FaultsFound
        when either file cannot be read, or the base is elsewhere, absent, or has a base itself.
    """
    name = toml.read(path).get("base", path.name)
    if isinstance(name, str) and Path(name).name != name:
        told = "le nom d'un scénario du même dossier est attendu"
        raise FaultsFound([Fault(path.name, told, column="base", value=name)])
    return read_layers(path).data


def _set(data: dict[str, Any], key: str, value: Any) -> None:
    *sections, name = {"scale": "territory.scale"}.get(key, key).split(".")
    for section in sections:
        data = data.setdefault(section, {})
        if not isinstance(data, dict):
            return  # decoding names the fault
    data[name] = value


def _unlawful_shares(scenario: Scenario, name: str) -> list[Fault]:
    """Return a fault per share of a flow that the law forbids (R5)."""
    try:
        law = Law.at(scenario.time.start, scenario.law.overrides)
    except FaultsFound as found:
        return list(found.faults)
    given = {"orientation": scenario.orientation.shares}
    for bailleur, table in scenario.orientation.bailleurs.items():
        given[f"orientation.bailleurs.{bailleur}"] = table.shares
    return [Fault(name, said, column=key) for key, shares in given.items() for said in unlawful(law, shares)]


def _absent_files(data: Mapping[str, Any], path: Path) -> list[Fault]:
    """Return a fault per file or folder that the scenario names and that is not there."""
    named = []
    for section, key in (("territory", "path"), ("grid", "file"), ("grid", "mutations")):
        table = data.get(section)
        value = table.get(key) if isinstance(table, Mapping) else None
        texts = value if isinstance(value, list | tuple) else [value]
        named += [(f"{section}.{key}", text) for text in texts if isinstance(text, str)]
    faults = []
    for key, text in named:
        place = find(path.parent / text)
        if not place.exists():
            beside = sorted(p.name for p in place.parent.iterdir()) if place.parent.is_dir() else []
            mend = nearest(place.name, beside) if beside else "vérifier le chemin, relatif au scénario"
            faults.append(Fault(path.name, "fichier ou dossier introuvable", mend, column=key, value=text))
    return faults
