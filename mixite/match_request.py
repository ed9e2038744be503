"""What does a match command ask, and is all of it sound: options, problem, prices, place of the answer?

Every fault of all of them is told at once, before anything is solved.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from optimizer import Problem
from optimizer.arrays import MOST
from optimizer.files import ProblemRefused, read
from sim.territory.files.faults import Fault, FaultsFound, nearest, shown

_SEARCHED = 10  # unknown labels for which a near one is looked for


@dataclass(frozen=True)
class Asked:
    """What a command asks for, as given; `gap` is relative, `time_limit` in seconds."""

    file: Path
    lexicographic: bool = False
    gap: float = 0.0
    time_limit: float | None = None
    prices: Path | None = None
    out: Path | None = None


def inputs(asked: Asked) -> tuple[Problem, dict[str, float] | None]:
    """Return the problem and the prices asked for.

    Raises
    ------
    FaultsFound
        with every fault of the options, the files and the place of the answer.
    """
    faults = list(_option_faults(asked))
    if asked.out is not None:
        faults += _place_faults(asked.out, asked)
    problem, prices = None, None
    try:
        problem = read(asked.file)
    except ProblemRefused as refused:
        faults += [
            Fault(str(asked.file), fault.message, fault.mend, column=fault.array, value=shown(fault.value))
            for fault in refused.faults
        ]
    if asked.prices is not None:
        labels = None if problem is None else problem.row_label.tolist()
        try:
            prices = read_prices(asked.prices, labels)
        except FaultsFound as found:
            faults += found.faults
    if faults or problem is None:
        raise FaultsFound(faults)
    return problem, prices


def read_prices(path: Path, labels: list[str] | None = None) -> dict[str, float]:
    """Read the price of each row named: {label: price}, or a document of `match --json` with its `prices`.

    Parameters
    ----------
    labels : the rows that exist, None where they are not known

    Raises
    ------
    FaultsFound
        with every label that names no row, and every price that is not a number from 0 to 2⁵³.
    """
    name, known = str(path), None if labels is None else set(labels)
    data = _json_object(path)
    if isinstance(data.get("prices"), dict):
        data = data["prices"]
    faults: list[Fault] = []
    prices = {}
    for label, price in data.items():
        where = _printable(label)
        if known is not None and label not in known:
            mend = nearest(label, labels or []) if len(faults) < _SEARCHED else ""
            faults.append(Fault(name, "ligne inconnue du problème", mend, column=where))
        if isinstance(price, int | float) and not isinstance(price, bool) and 0 <= price <= MOST:
            prices[label] = float(price)
        else:  # NaN is here too
            message = f"attendu un nombre de 0 à {MOST}"
            faults.append(Fault(name, message, column=where, value=_printable(json.dumps(price))))
    if faults:
        raise FaultsFound(faults)
    return prices


def unwritable(out: Path, error: OSError) -> Fault:
    """Return the fault of a place where nothing can be written."""
    return Fault(
        "--out", f"écriture impossible : {error.strerror}", "nommer un autre fichier", value=shown(out)
    )


def _option_faults(asked: Asked) -> Iterator[Fault]:
    if not 0 <= asked.gap < math.inf:
        yield Fault("--gap", "attendu un nombre ≥ 0", value=shown(asked.gap))
    if asked.time_limit is not None and not 0 < asked.time_limit < math.inf:
        yield Fault("--time-limit", "attendu un nombre de secondes > 0", value=shown(asked.time_limit))


def _place_faults(out: Path, asked: Asked) -> Iterator[Fault]:
    """Yield why an answer cannot be written in a place; a file is tried beside it, and taken away."""
    mend = "nommer un autre fichier"
    try:
        if out.is_dir():
            yield Fault("--out", "ceci est un dossier, un fichier .csv est attendu", mend, value=shown(out))
        elif out.exists() and not out.is_file():
            yield Fault("--out", "ceci n'est pas un fichier ordinaire", mend, value=shown(out))
        elif any(out.exists() and other.exists() and out.samefile(other) for other in _read_by(asked)):
            yield Fault("--out", "ce fichier est lu par la commande, il serait perdu", mend, value=shown(out))
        else:
            above = next(place for place in (*out.parents, Path("/")) if place.exists())
            if above.is_dir():
                with NamedTemporaryFile(dir=above, prefix=f".{out.name}."):
                    pass
            else:
                message = f"{above} est un fichier, un dossier est attendu"
                yield Fault("--out", message, mend, value=shown(out))
    except OSError as error:
        yield unwritable(out, error)


def _read_by(asked: Asked) -> Iterator[Path]:
    yield asked.file
    if asked.prices is not None:
        yield asked.prices


def _json_object(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds an object, no key twice."""
    name, again = str(path), Counter[str]()

    def counted(items: list[tuple[str, Any]]) -> dict[str, Any]:
        times = Counter(key for key, _ in items)
        again.update({key: count for key, count in times.items() if count > 1})
        return dict(items)

    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=counted)
    except FileNotFoundError:
        raise FaultsFound([Fault(name, "fichier introuvable", "vérifier le chemin")]) from None
    except UnicodeDecodeError:
        mend = "l'enregistrer en UTF-8"
        raise FaultsFound([Fault(name, "le fichier n'est pas un texte UTF-8", mend)]) from None
    except OSError as error:
        raise FaultsFound([Fault(name, f"lecture impossible : {error.strerror}")]) from None
    except json.JSONDecodeError as error:
        message = f"JSON illisible, ligne {error.lineno} colonne {error.colno}"
        raise FaultsFound([Fault(name, message, "corriger la syntaxe à cet endroit")]) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or very deep
        raise FaultsFound([Fault(name, "JSON illisible : nombre trop long ou trop d'imbrications")]) from None
    if not isinstance(data, dict):
        mend = '{"libellé": prix}, ou un document de match --json'
        raise FaultsFound([Fault(name, "un objet JSON est attendu", mend)])
    if again:
        raise FaultsFound(Fault(name, "clé en double", column=_printable(key)) for key in again)
    return data


def _printable(text: str) -> str:
    """Return a text that any output can show: half characters are escaped."""
    return shown(text.encode("utf-8", "backslashreplace").decode("utf-8"))
