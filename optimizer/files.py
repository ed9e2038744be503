"""How is a match problem read from a PROBLEM.npz, and what is wrong with it?

The file may come from anywhere: headers are read before values, no object is ever unpickled, and whatever is
wrong is told at once. What an array may hold stands in `arrays.py`; writing is left to numpy's `savez`.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from optimizer.arrays import COLUMNS, NAMES, ArrayFault, value_faults
from optimizer.problem import Problem

SIDE = tuple(name for name in COLUMNS if name.startswith(("coef_", "row_")))
"""Arrays that may be absent all together: a problem without rows."""

_LARGEST = int(np.iinfo(np.int64).max)
_DAMAGED = "réécrire le fichier avec numpy.savez"


class ProblemRefused(ValueError):  # noqa: N818
    """Raised with every fault of a problem file at once.

    Attributes
    ----------
    faults : tuple of ArrayFault
    """

    def __init__(self, faults: Iterable[ArrayFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class _Found:
    """What the header of an array says."""

    member: ZipInfo
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


def read(path: Path) -> Problem:
    """Read a problem and check every value; the answer may be given to `solve` as trusted.

    1. Open the archive and read the header of each array.
    2. Hold the headers to the contract: known names, none missing, integers or text, one dimension, lengths
       that agree.
    3. Read the arrays whose header is sound, integers widened to int64 where nothing is lost.
    4. Check their values.

    Side-row arrays may be absent all together (no rows); `row_scale` may be absent (ones).

    Raises
    ------
    ProblemRefused
        with every fault, in French.
    """
    if not path.is_file():
        raise ProblemRefused([_not_a_file(path)])
    try:
        archive = ZipFile(path)
    except PermissionError:
        raise ProblemRefused([ArrayFault("", "lecture refusée", mend="vérifier les droits")]) from None
    except Exception:  # damaged bytes raise almost anything, all of it the file's fault
        raise ProblemRefused([_not_an_archive(path)]) from None
    with archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what numpy warns of in a header is a fault or nothing
        faults: list[ArrayFault] = []
        found = _headers(archive, faults)
        faults += _absent(found)
        arrays = dict(_values(archive, found, faults))
    sizes = _sizes(found, faults)
    faults += value_faults(arrays, sizes)
    if faults:
        raise ProblemRefused(sorted(faults, key=_place))
    return Problem(**arrays)


def _not_a_file(path: Path) -> ArrayFault:
    if path.exists():
        return ArrayFault("", "un fichier .npz est attendu, ceci n'en est pas un")
    near = [other.name for other in sorted(path.parent.glob("*.npz"))] if path.parent.is_dir() else []
    return ArrayFault("", "fichier introuvable", mend=_nearest(path.name, near) or "vérifier le chemin")


def _not_an_archive(path: Path) -> ArrayFault:
    with path.open("rb") as file:
        start = file.read(6)
    if start == npy.MAGIC_PREFIX:
        return ArrayFault("", "un seul tableau (.npy), une archive .npz est attendue", mend=_DAMAGED)
    if start[:4] == b"PK\x03\x04":
        return ArrayFault("", "archive .npz tronquée ou abîmée", mend=_DAMAGED)
    return ArrayFault("", "ceci n'est pas une archive .npz", mend=_DAMAGED)


def _headers(archive: ZipFile, faults: list[ArrayFault]) -> dict[str, _Found | None]:
    """Read the header of each array known, None where it cannot be; say what is not one of the contract."""
    found: dict[str, _Found | None] = {}
    for file, times in Counter(archive.namelist()).items():
        name = file.removesuffix(".npy")
        if name not in COLUMNS or name == file:
            what = "ceci n'est pas un tableau .npy" if name == file else "tableau inconnu"
            faults.append(ArrayFault(_shown(name), what, mend=_nearest(name, list(COLUMNS))))
            continue
        found[name] = None
        if times > 1:
            faults.append(ArrayFault(name, f"tableau présent {times} fois, attendu une seule"))
            continue
        try:
            found[name] = _header(archive, archive.getinfo(file))
        except Exception:  # damaged bytes raise almost anything
            faults.append(ArrayFault(name, "tableau illisible : en-tête ou longueur abîmés", mend=_DAMAGED))
    return found


def _header(archive: ZipFile, member: ZipInfo) -> _Found:
    with archive.open(member) as file:
        version = npy.read_magic(file)
        if version == (1, 0):
            shape, _, dtype = npy.read_array_header_1_0(file)
        elif version == (2, 0):
            shape, _, dtype = npy.read_array_header_2_0(file)
        else:
            raise ValueError(version)
        values = member.file_size - file.tell()
    if any(length < 0 for length in shape) or (not dtype.hasobject and not dtype.itemsize and 0 not in shape):
        raise ValueError(shape)
    if not dtype.hasobject and math.prod(shape) * dtype.itemsize != values:
        raise BadZipFile(f"{values} octets")
    return _Found(member, shape, dtype)


def _absent(found: Mapping[str, object]) -> Iterator[ArrayFault]:
    """Yield the arrays that should be there; side rows may be absent all together."""
    rows = any(name in found for name in SIDE)
    for name, column in COLUMNS.items():
        if name not in found and not column.optional and (rows or name not in SIDE):
            whole = " (les tableaux coef_* et row_* vont ensemble)" if name in SIDE else ""
            yield ArrayFault(name, f"tableau absent, il est requis{whole}")
    for name, other in (("class_group", "group_capacity"), ("group_capacity", "class_group")):
        if name not in found and other in found:
            yield ArrayFault(name, f"tableau absent, il est requis avec {other}")


def _values(
    archive: ZipFile, found: Mapping[str, _Found | None], faults: list[ArrayFault]
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give the arrays of the right type and dimension, integers as int64; say what is wrong with others."""
    for name, header in found.items():
        if header is None:
            continue
        expected = "texte unicode" if COLUMNS[name].text else "entiers (int64)"
        if header.dtype.hasobject:
            message = f"tableau d'objets, attendu {expected} ; les objets ne sont jamais lus"
            faults.append(ArrayFault(name, message, mend=_MENDS["U" if COLUMNS[name].text else "f"]))
            continue
        if len(header.shape) != 1:
            shape = " × ".join(map(str, header.shape)) or "un seul nombre"
            faults.append(ArrayFault(name, f"{len(header.shape)} dimension(s), attendu 1", shape))
        try:
            with archive.open(header.member) as file:
                array = npy.read_array(file, allow_pickle=False)
                file.read(1)  # the end, where the archive's own check is
        except MemoryError:
            faults.append(ArrayFault(name, "tableau trop grand pour la mémoire", str(header.shape)))
            continue
        except Exception:  # damaged bytes raise almost anything
            faults.append(ArrayFault(name, "tableau illisible : valeurs abîmées", mend=_DAMAGED))
            continue
        wrong = _wrong_text(array) if COLUMNS[name].text else _wrong_integers(array)
        if wrong:
            faults.append(
                ArrayFault(name, f"{wrong}, attendu {expected}", mend=_MENDS.get(array.dtype.kind, ""))
            )
        elif array.ndim == 1:
            kind = array.dtype.newbyteorder("=") if COLUMNS[name].text else np.int64
            yield name, array.astype(kind, copy=False)


_MENDS = {
    "f": "convertir : tableau.astype(numpy.int64)",
    "b": "convertir : tableau.astype(numpy.int64)",
    "S": 'convertir : numpy.char.decode(tableau, "utf-8")',
    "U": "convertir : numpy.array(libellés, dtype=str)",
}


def _wrong_integers(array: NDArray[Any]) -> str:
    """Return why an array is not integers that fit in 64 bits, nothing if it is."""
    if array.dtype.kind == "i":
        return ""
    if array.dtype.kind == "u":
        return f"{array.max()} ne tient pas en 64 bits" if array.max(initial=0) > _LARGEST else ""
    text = f"type {array.dtype}"
    if array.dtype.kind in "fc":
        for what, bad in (("NaN", np.isnan(array)), ("infini(s)", np.isinf(array))):
            if bad.any():
                text += f", {bad.sum()} {what} dont le premier en position {np.flatnonzero(bad)[0]}"
    return text


def _wrong_text(array: NDArray[Any]) -> str:
    """Return why an array is not text that can be shown, nothing if it is."""
    if array.dtype.kind != "U":
        return f"type {array.dtype}"
    native = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("="), copy=False))
    codes = native.view(np.uint32) if native.size else np.empty(0, dtype=np.uint32)
    bad = (codes > 0x10FFFF) | ((codes >= 0xD800) & (codes <= 0xDFFF))
    return f"{bad.sum()} caractère(s) qui n'existe(nt) pas" if bad.any() else ""


def _sizes(found: Mapping[str, _Found | None], faults: list[ArrayFault]) -> dict[str, int]:
    """Return how many pairs, classes … there are; the first array of each says it, others have to agree."""
    first: dict[str, tuple[int, str]] = {}
    for name, column in COLUMNS.items():
        header = found.get(name)
        if header is None or len(header.shape) != 1:
            continue
        size, said_by = first.setdefault(column.of, (header.shape[0], name))
        if header.shape[0] != size:
            message = f"attendu {size} valeur(s) comme {said_by}, une par {NAMES[column.of]}"
            faults.append(ArrayFault(name, message, f"{header.shape[0]} valeur(s)"))
    return {of: size for of, (size, _) in first.items()}


def _place(fault: ArrayFault) -> int:
    names = list(COLUMNS)
    return names.index(fault.array) if fault.array in COLUMNS else len(names)


def _nearest(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"vouliez-vous dire « {close[0]} » ?"
    return f"connus : {', '.join(known[:12])}{', …' if len(known) > 12 else ''}" if known else ""


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
