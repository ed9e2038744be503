"""Is a cell's text what its column expects, and what value is it?

Everything comes in as text. A column is checked and typed at once, in arrays; only a faulty cell is
looked at alone, to say in French what is wrong and how to write it. Nothing is guessed or repaired.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.territory.columns import Bools, Ints
from sim.territory.files.faults import nearest, shown
from sim.territory.files.schema import MAX_TEXT, NONE_OF_THEM, Column

_INSEE = r"\A(\d{5}|2[AB]\d{3})\z"
_INTEGER = r"\A-?\d{1,18}\z"
_NUMBER = r"\A-?\d{1,18}(\.\d{1,40})?([eE][+-]?\d{1,2})?\z"
_DATE = r"\A\d{4}-\d{2}-\d{2}\z"
_CONTROL = r"[\x00-\x1f\x7f]"
_CONTROL_FREE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

_TRUE = ("oui", "o", "vrai", "yes", "y", "1", "x")
_FALSE = ("non", "n", "faux", "no", "0")


@dataclass(frozen=True)
class Lists:
    """The elements of a column of `;`-lists: element i is `values[i]`, in cell `row[i]`, rows increasing."""

    row: Ints
    values: NDArray[Any]


def typed(texts: pa.Array, column: Column, as_of: date) -> tuple[NDArray[Any] | Lists, Bools]:
    """Return the values of a column and the mask of its faulty cells.

    texts : (n,) arrow strings, "" where empty.

    Values are str for text and insee ("" where empty), int64 (-1), float64 (NaN), int8 for a flag (1, 0,
    -1 empty), datetime64[D] (NaT), int64 index for a choice (-1); `Lists` for a list, but an int64 bit
    mask for a list of codes (-1 empty). A faulty cell has the value of an empty one.
    """
    empty = _mask(pc.equal(texts, ""))
    if column.many:
        values, bad = _typed_lists(texts, empty, column, as_of)
    else:
        values, good = _typed_scalars(texts, column, as_of)
        bad = ~good & ~empty
    return values, bad | empty if column.required else bad


def _typed_lists(
    texts: pa.Array, empty: Bools, column: Column, as_of: date
) -> tuple[NDArray[Any] | Lists, Bools]:
    codes = bool(column.choices)
    none = _mask(pc.equal(texts, NONE_OF_THEM)) & codes & (NONE_OF_THEM not in column.choices)
    lists = pc.split_pattern(texts, ";")
    parents = np.asarray(pc.list_parent_indices(lists), dtype=np.int64)
    kept = ~(empty | none)[parents]
    row, elements = parents[kept], pc.list_flatten(lists).filter(pa.array(kept))
    values, good = _typed_scalars(elements, column, as_of)
    bad = np.zeros(len(texts), dtype=np.bool_)
    bad[row[~good]] = True
    if not codes:
        return Lists(row, values), bad
    masks = np.zeros(len(texts), dtype=np.int64)
    np.bitwise_or.at(masks, row[good], np.int64(1) << values[good].astype(np.int64))
    masks[empty | bad] = -1
    return masks, bad


def _typed_scalars(texts: pa.Array, column: Column, as_of: date) -> tuple[NDArray[Any], Bools]:
    """Return the values and the mask of good cells (an empty cell is not good)."""
    if column.kind in ("text", "insee"):
        return _texts(texts, column)
    if column.kind == "choice":
        found = pc.fill_null(pc.index_in(texts, value_set=pa.array(column.choices)), -1)
        codes = np.asarray(found, dtype=np.int64)
        return codes, codes >= 0
    if column.kind == "flag":
        lower = pc.utf8_lower(texts)
        true, false = _mask(pc.equal(lower, "true")), _mask(pc.equal(lower, "false"))
        return np.where(true, 1, np.where(false, 0, -1)).astype(np.int8), true | false
    if column.kind == "date":
        days, good = _dates(texts)
        low, high = np.datetime64(_first(column)), np.datetime64(_last(column, as_of))
        good &= (days >= low) & (days <= high)
        return np.where(good, days, np.datetime64("NaT", "D")), good
    pattern, kind, missing = (
        (_INTEGER, pa.int64(), -1) if column.kind == "integer" else (_NUMBER, pa.float64(), np.nan)
    )
    good = _matches(texts, pattern)
    numbers = np.asarray(pc.if_else(pa.array(good), texts, "0").cast(kind))
    good &= (numbers >= column.low) & (numbers <= column.high)
    return np.where(good, numbers, missing), good


def _texts(texts: pa.Array, column: Column) -> tuple[NDArray[Any], Bools]:
    if column.kind == "insee":
        good = _matches(texts, _INSEE)
    else:
        good = _mask(
            pc.and_(pc.greater(pc.utf8_length(texts), 0), pc.less_equal(pc.utf8_length(texts), MAX_TEXT))
        )
        good &= _mask(pc.equal(pc.utf8_trim_whitespace(texts), texts))
        good &= ~_matches(texts, _CONTROL_FREE if column.free else _CONTROL)
    cleaned = pc.if_else(pa.array(good), texts, "").to_pylist()
    if column.free:
        cleaned = [unprotected(text) for text in cleaned]
    return np.array(cleaned, dtype=np.str_), good


def _dates(texts: pa.Array) -> tuple[NDArray[np.datetime64], Bools]:
    good = _matches(texts, _DATE)
    iso = pc.if_else(pa.array(good), texts, "1970-01-01")
    year, month, day = (
        np.asarray(pc.utf8_slice_codeunits(iso, start, stop).cast(pa.int64()))
        for start, stop in ((0, 4), (5, 7), (8, 10))
    )
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    good &= (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return days, good


def _matches(texts: pa.Array, pattern: str) -> Bools:
    return _mask(pc.match_substring_regex(texts, pattern))


def _mask(values: Any) -> Bools:
    return np.array(values, dtype=np.bool_)


def protected(text: str) -> str:
    """Return a free text that no spreadsheet takes for a formula: `'` before = + - @ TAB CR.

    Source : OWASP ASVS 5.0, 1.2.10 (CWE-1236).
    """
    return "'" + text if _FORMULA.match(text) else text


def unprotected(text: str) -> str:
    """Return the free text that `protected` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def visible(text: str) -> str:
    """Return a cell as a fault shows it: control characters drawn, at most 40 characters."""
    return shown("".join(chr(0x2400 + ord(c)) if ord(c) < 32 else c for c in text[:60]))


@lru_cache(maxsize=4096)
def explained(text: str, column: Column, as_of: date) -> tuple[str, str]:
    """Return what is wrong with a faulty cell and the way out, both in French."""
    if not text:
        return "valeur absente, elle est requise", ""
    if column.many:
        for element in text.split(";"):
            _, good = _typed_scalars(pa.array([element]), column, as_of)
            if not good[0]:
                if not element:
                    return "élément vide dans la liste", "effacer le « ; » de trop"
                message, mend = _explained_one(element, column, as_of)
                return f"dans la liste, « {visible(element)} » : {message}", mend
    return _explained_one(text, column, as_of)


def _explained_one(text: str, column: Column, as_of: date) -> tuple[str, str]:
    if re.search(_CONTROL_FREE if column.free else _CONTROL, text):
        name = "NUL" if "\0" in text else "de contrôle"
        return f"caractère {name} dans la cellule", "l'effacer"
    if text.strip() != text:
        return "espaces autour de la valeur", f"écrire « {visible(text.strip())} »"
    if column.kind == "text":
        return f"texte de {len(text)} caractères, au plus {MAX_TEXT} attendus", "le raccourcir"
    if column.kind == "insee":
        return _insee(text)
    if column.kind == "choice":
        if text.upper() in column.refused:
            return f"{text} n'entre pas dans les attributions", column.refusal
        return "valeur inconnue", nearest(text, column.choices)
    if column.kind == "flag":
        said = "true" if text.lower() in _TRUE else "false" if text.lower() in _FALSE else ""
        return "true ou false est attendu", f"écrire {said}" if said else ""
    if column.kind == "date":
        return _date(text, column, as_of)
    return _number(text, column)


def _insee(text: str) -> tuple[str, str]:
    digits = text.removesuffix(".0")
    if re.fullmatch(r"[0-9]{4}", digits):
        return "code INSEE de commune de 5 caractères attendu, le zéro initial est perdu", f"écrire 0{digits}"
    if re.fullmatch(r"[0-9]{5}", digits):
        return "code INSEE de commune de 5 caractères attendu", f"écrire {digits}"
    return "code INSEE de commune de 5 caractères attendu", "par exemple 59350, jamais un nom"


def _number(text: str, column: Column) -> tuple[str, str]:
    whole = column.kind == "integer"
    article = "un entier" if whole else "un nombre à point décimal"
    bounds = f"{_plain(column.low)} à {_plain(column.high)}"
    if re.fullmatch(r"-?[0-9]+" if whole else r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
        return f"hors bornes, attendu de {bounds}", ""
    plain = re.sub(r"[\s€]", "", text).replace(",", ".")
    if whole:
        plain = re.sub(r"\.0+$", "", plain)
    recognised = re.fullmatch(r"-?[0-9]+" if whole else r"-?[0-9]+(\.[0-9]+)?", plain)
    return f"{article} est attendu, de {bounds}", f"écrire {plain}" if recognised else ""


def _plain(bound: float | date | None) -> str:
    return str(bound) if isinstance(bound, date) else f"{bound:.0f}"


def _date(text: str, column: Column, as_of: date) -> tuple[str, str]:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            found = date.fromisoformat(text)
        except ValueError:
            return "cette date n'existe pas au calendrier", ""
        if column.past and found > as_of:
            return f"date postérieure à celle du territoire, {as_of}", ""
        return f"hors bornes, attendu de {column.low} à {_last(column, as_of)}", ""
    recognised = _recognised_date(text)
    return (
        "une date ISO est attendue (AAAA-MM-JJ)",
        f"écrire {recognised}" if recognised else "",
    )


def _recognised_date(text: str) -> date | None:
    """Return the date a person meant: 03/04/2025, a day number of a spreadsheet, or a date with an hour."""
    if re.fullmatch(r"[2-5][0-9]{4}(\.0)?", text):
        return date(1899, 12, 30) + timedelta(days=int(text[:5]))
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _first(column: Column) -> date:
    assert isinstance(column.low, date)
    return column.low


def _last(column: Column, as_of: date) -> date:
    assert isinstance(column.high, date)
    return min(column.high, as_of) if column.past else column.high
