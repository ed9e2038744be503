"""How is a TOML file decoded into a frozen model, with every fault named at once?

Places are dotted keys (`sittings.max_lists`, `target[0].floor`). Unknown keys name the nearest known one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from sim.territory.files.faults import Fault, FaultsFound, nearest, shown


class Model(BaseModel):
    """A frozen piece of configuration that forbids unknown keys.

    A model may say why some keys are refused, and what an absent one is for: `refused` and `absent`, key to
    sentence with the way out; and that its values come as texts, as those of a CSV do: `of_texts`.
    """

    refused: ClassVar[Mapping[str, str]] = {}
    absent: ClassVar[Mapping[str, str]] = {}
    of_texts: ClassVar[bool] = False

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True)

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a text or true for a number, a number or a text for true: none is read as another."""
        annotation = cls.model_fields[info.field_name or ""].annotation
        if not cls.of_texts and (mistaken := _mistaken(annotation, value)):
            raise PydanticKnownError(mistaken)
        return value


def _mistaken(annotation: Any, value: Any) -> Literal["int_type", "float_type", "bool_type"] | None:
    """Return what a value should have been where it is of another kind than its annotation, None if not."""
    if annotation in (int, float):
        expected: Literal["int_type", "float_type"] = "int_type" if annotation is int else "float_type"
        return expected if isinstance(value, bool | str) else None
    if annotation is bool:
        return None if isinstance(value, bool | np.bool_) else "bool_type"
    parts = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _mistaken(parts[0], value)
    if origin in (Union, UnionType):
        found = [_mistaken(each, value) for each in parts if each is not NoneType]
        return None if value is None or None in found else found[0]
    if origin in (tuple, list) and isinstance(value, list | tuple):
        kinds = cycle(parts[:1]) if origin is list or parts[-1:] == (Ellipsis,) else parts
        return next(filter(None, map(_mistaken, kinds, value)), None)
    if isinstance(value, Mapping) and len(parts) == 2:
        return next(filter(None, (_mistaken(parts[1], each) for each in value.values())), None)
    return None


AnyModel = TypeVar("AnyModel", bound=BaseModel)
FileOf = Callable[[Sequence[int | str]], str]
"""The name of the file that gave what stands at a place."""

_FRENCH = {
    "missing": "clé absente, elle est requise",
    "int_type": "un entier est attendu",
    "int_from_float": "un entier est attendu",
    "int_parsing": "un entier est attendu",
    "float_type": "un nombre est attendu",
    "float_parsing": "un nombre est attendu",
    "finite_number": "un nombre fini est attendu",
    "bool_type": "true ou false est attendu",
    "bool_parsing": "true ou false est attendu",
    "string_type": "un texte entre guillemets est attendu",
    "string_too_short": "un texte plus long est attendu",
    "string_too_long": "un texte plus court est attendu",
    "list_type": "une liste est attendue",
    "tuple_type": "une liste est attendue",
    "dict_type": "une table est attendue",
    "model_type": "une table est attendue",
    "model_attributes_type": "une table est attendue",
    "date_type": "une date est attendue, écrite 2026-01-31 sans guillemets",
    "date_parsing": "une date est attendue, écrite 2026-01-31 sans guillemets",
    "date_from_datetime_parsing": "une date est attendue, écrite 2026-01-31 sans guillemets",
    "date_from_datetime_inexact": "une date sans heure est attendue, écrite 2026-01-31",
}


def read(path: Path) -> dict[str, Any]:
    """Read a TOML file as plain data.

    Raises
    ------
    FaultsFound
        when the file cannot be opened, is not UTF-8 or is not TOML (the line is named).
    """
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = [p.name for p in sorted(path.parent.glob("*.toml"))] if path.parent.is_dir() else []
        mend = nearest(path.name, near) if near else "vérifier le chemin"
        raise FaultsFound([Fault(name, "fichier introuvable", mend)]) from None
    except IsADirectoryError:
        raise FaultsFound([Fault(name, "un fichier TOML est attendu, ceci est un dossier")]) from None
    except UnicodeDecodeError:
        raise FaultsFound(
            [Fault(name, "le fichier n'est pas un texte UTF-8", "l'enregistrer en UTF-8")]
        ) from None
    except OSError as error:
        raise FaultsFound([Fault(name, f"lecture impossible : {error.strerror}")]) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultsFound(
            [Fault(name, f"TOML illisible : {error}", "corriger la syntaxe à cet endroit")]
        ) from None
    except RecursionError:
        raise FaultsFound([Fault(name, "imbrication trop profonde", "aplatir le fichier")]) from None


def decode(data: Mapping[str, Any], model: type[AnyModel], file: str | FileOf) -> AnyModel:
    """Decode plain data into a model.

    Parameters
    ----------
    file : name of the file the data come from, or a function of a place where several files gave them.

    Raises
    ------
    FaultsFound
        with one fault per wrong, missing or unknown key.
    """
    try:
        return model.model_validate(data, strict=False)
    except ValidationError as error:
        found = [item for item in error.errors() if not _emptied(item)]
        raise FaultsFound([_fault(item, model, _named(file, item["loc"])) for item in found]) from None


def _named(file: str | FileOf, location: Sequence[int | str]) -> str:
    return file if isinstance(file, str) else file(location)


def _emptied(item: Any) -> bool:
    """Tell whether a list is said too short only because items of it are wrong, each said by itself."""
    given = item["input"]
    return item["type"] == "too_short" and isinstance(given, list) and len(given) >= item["ctx"]["min_length"]


def place(location: Sequence[int | str]) -> str:
    """Return a dotted key from a pydantic location: ("target", 0, "floor") -> "target[0].floor"."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _fault(item: Any, model: type[BaseModel], file: str) -> Fault:
    location = tuple(item["loc"])
    kind = item["type"]
    context = item.get("ctx", {})
    if kind in ("extra_forbidden", "missing"):
        inner = _model_at(model, location[:-1])
        told = getattr(inner, "refused" if kind == "extra_forbidden" else "absent", {}).get(location[-1])
        if told is not None:
            found = shown(item["input"]) if kind == "extra_forbidden" else ""
            return Fault(file, told, column=place(location), value=found)
    if kind == "extra_forbidden":
        return Fault(
            file,
            "clé inconnue",
            nearest(str(location[-1]), _known_keys(model, location[:-1])),
            column=place(location),
            value=shown(item["input"]),
        )
    if kind in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        sign, bound = {
            "greater_than_equal": ("≥", "ge"),
            "greater_than": (">", "gt"),
            "less_than_equal": ("≤", "le"),
            "less_than": ("<", "lt"),
        }[kind]
        message, mend = f"attendu {sign} {context[bound]}", ""
    elif kind in ("literal_error", "enum"):
        known = [part.strip(" '") for part in str(context["expected"]).replace(" or ", ", ").split(",")]
        message, mend = "valeur inconnue", nearest(str(item["input"]), known)
    elif kind in ("value_error", "assertion_error"):
        cause = context.get("error")
        message, mend = str(cause), ""
    elif kind in ("too_short", "too_long"):
        bound = "min_length" if kind == "too_short" else "max_length"
        message, mend = f"{'au moins' if kind == 'too_short' else 'au plus'} {context[bound]} attendu", ""
    else:
        message, mend = _FRENCH.get(kind, item["msg"]), _unquoted(kind, item["input"])
    value = "" if kind == "missing" or isinstance(item["input"], Mapping) else shown(item["input"])
    return Fault(file, message, mend, column=place(location), value=value)


def _unquoted(kind: str, given: object) -> str:
    """Return the way out where a number is written as a text."""
    numeric = isinstance(given, str) and given.strip().removeprefix("-").replace(".", "", 1).isdecimal()
    return "l'écrire sans guillemets" if numeric and kind in ("int_type", "float_type") else ""


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Return the keys known where an unknown one was found."""
    here = _model_at(model, location)
    return [spec.alias or name for name, spec in here.model_fields.items()]


def _model_at(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel]:
    """Return the model that stands at a place, the nearest above where none does."""
    here = model
    for part in location:
        if isinstance(part, int):
            continue
        spec = here.model_fields.get(part)
        if spec is not None:
            here = _inner_model(spec.annotation) or here
    return here


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside an annotation such as tuple[M, ...] or M | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _inner_model(inner)
        if found is not None:
            return found
    return None
