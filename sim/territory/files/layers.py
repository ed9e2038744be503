"""What does a TOML file say when it stands on another one, its base, and which of the two said what?

One level only: a base has no base. Lists are taken whole, never joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.territory.files.faults import Fault, FaultsFound, nearest, shown
from sim.territory.files.toml import AnyModel, decode, read

Place = tuple[int | str, ...]

NUMBER = {"value", "values", "label", "unit", "low", "high", "spread"}
"""Keys that tell a number, given with its source or hypothesis, from a section of a file."""


@dataclass(frozen=True)
class Layers:
    """The data of a file over that of its base."""

    file: Path
    data: dict[str, Any]
    base: Path | None = None
    inherited: frozenset[Place] = frozenset()  # what only the base gave, sections apart

    def file_of(self, place: Sequence[int | str]) -> Path:
        """Return the file that gave what stands at a place; the file itself for what neither gave."""
        from_base = any(tuple(place[:end]) in self.inherited for end in range(1, len(place) + 1))
        return self.base if self.base is not None and from_base else self.file


def read_layers(path: Path) -> Layers:
    """Read a TOML file over the one its key `base` names, relative to it, if it names one.

    Sections are merged key by key and the file wins. A number comes with its source or its hypothesis: it is
    replaced whole, never half of it.

    Raises
    ------
    FaultsFound
        when either file cannot be read, when the base is absent, or when it has a base itself.
    """
    own = read(path)
    if "base" not in own:
        return Layers(path, own)
    base = _base_of(path, own.pop("base"))
    below = read(base)
    if "base" in below:
        mend = "y écrire ce qu'elle en prend, ou nommer l'autre fichier directement"
        raise FaultsFound([Fault(str(base), "une base n'a pas de base", mend, column="base")])
    inherited: set[Place] = set()
    return Layers(path, _merged(own, below, (), inherited), base, frozenset(inherited))


def decode_layers(layers: Layers, model: type[AnyModel]) -> AnyModel:
    """Decode a file over its base into a model.

    Raises
    ------
    FaultsFound
        with one fault per wrong, missing or unknown key, said of the file that wrote it.
    """
    return decode(layers.data, model, lambda place: str(layers.file_of(place)))


def _base_of(path: Path, name: Any) -> Path:
    if not isinstance(name, str):
        message = "un texte entre guillemets est attendu"
        raise FaultsFound([Fault(str(path), message, column="base", value=shown(name))])
    base = path.parent / name
    if not base.is_file():
        beside = [p.name for p in sorted(base.parent.glob("*.toml"))] if base.parent.is_dir() else []
        mend = nearest(base.name, beside) if beside else "vérifier le chemin, relatif à ce fichier"
        raise FaultsFound([Fault(str(path), "base introuvable", mend, column="base", value=shown(name))])
    return base


def _merged(
    own: Mapping[str, Any], below: Mapping[str, Any], place: Place, inherited: set[Place]
) -> dict[str, Any]:
    """Return two sections merged; add to `inherited` the places that only the base fills."""
    merged = dict(own)
    for key, value in below.items():
        here = (*place, key)
        if _is_section(value) and _is_section(own.get(key, {})):
            merged[key] = _merged(own.get(key, {}), value, here, inherited)
        elif key not in own:
            merged[key] = value
            inherited.add(here)
    return merged


def _is_section(value: Any) -> bool:
    return isinstance(value, dict) and not any(
        key in NUMBER and not isinstance(inner, dict) for key, inner in value.items()
    )
