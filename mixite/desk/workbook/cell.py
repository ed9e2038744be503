"""What does one cell of the workbook say, in the words of the canonical tables?

A person's cell — a date, `512,37 €`, `T3`, « oui », a code that lost its zero — becomes the text a canonical
table holds, or a refusal with the mend. Bounds are the canonical column's, checked after. Nothing is guessed:
what could be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

from mixite.desk.workbook.communes import code_of, codes_wanted
from mixite.desk.workbook.heading import Heading, Kind
from mixite.desk.workbook.words import NO, YES, Words
from sim.territory.files.error_cells import ERRORS
from sim.territory.files.opening import Cell
from sim.territory.files.sheets import plain, written_date

EXACT_FLOAT = 10**15
"""From so many on, Excel has lost digits of an integer: it keeps fifteen."""

ZERO, SERIAL, TRIMMED = "zero", "serial", "trimmed"
"""What is said of cells that were understood otherwise than written."""

_EITHER = re.compile(r"(-?[1-9]\d{0,2})[.,](\d{3})")
"""A text that is a number of thousands, or one with three decimals."""

_SPACES = "\u00a0\u202f\u2009"
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}")
_NIR = re.compile(r"\b[1-478]\s?\d{2}\s?(0[1-9]|1[0-2]|[2-9]\d)\s?(\d{2}|2[AB])\s?\d{3}\s?\d{3}(\s?\d{2})?\b")
_PERSONAL = re.compile(f"(?:{_MAIL.pattern})|(?:{_NIR.pattern})")


class Refused(ValueError):  # noqa: N818
    """Raised when a cell cannot be read; `mend` is the way out, `masked` when it must not be shown."""

    def __init__(self, message: str, mend: str = "", *, masked: bool = False) -> None:
        super().__init__(message)
        self.mend = mend
        self.masked = masked


def shown(cell: Cell) -> str:
    """Return a cell as a person reads it: 03/04/2025, 64,5, oui."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    if isinstance(cell, float):
        return (
            str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_FLOAT else f"{cell}".replace(".", ",")
        )
    return str(cell).strip()


def text_of(cell: Cell, heading: Heading, said: dict[str, int]) -> str:
    """Return the text of a cell as a canonical table holds it, "" where it is empty.

    said : how many cells were understood otherwise than written, by kind of correction or in its own words.

    Raises
    ------
    Refused
        when it is not what the column expects.
    """
    if isinstance(cell, str):
        trimmed = cell.translate({ord(mark): " " for mark in _SPACES}).strip()
        if trimmed != cell and trimmed and heading.kind in ("text", "commune"):
            said[TRIMMED] = said.get(TRIMMED, 0) + 1
        cell = trimmed.removeprefix("'")
        if not cell:
            return ""
        if cell.upper() in ERRORS:
            raise Refused("erreur de formule", "corriger la formule, ou écrire la valeur")
    if isinstance(cell, time | timedelta):
        raise Refused("heure ou durée", "mettre la cellule au bon format")
    return _READ[heading.kind](cell, heading, said)


def _text(cell: Cell, _heading: Heading, _said: dict[str, int]) -> str:
    if isinstance(cell, bool):
        return shown(cell)
    if isinstance(cell, date):
        raise Refused("une date, un texte est attendu", "mettre la colonne au format Texte")
    if isinstance(cell, float | int):
        return _whole_text(cell)
    if re.fullmatch(r"\d([.,]\d+)?[eE]\+\d+", cell):
        raise Refused("nombre arrondi par Excel, des chiffres sont perdus", _AS_TEXT)
    if _MAIL.fullmatch(cell):
        raise Refused("adresse électronique", "la retirer du classeur", masked=True)
    return cell


_AS_TEXT = "mettre la colonne au format Texte, puis y recoller les numéros"


def _whole_text(cell: float) -> str:
    if abs(cell) >= EXACT_FLOAT:
        raise Refused("lu comme un nombre : Excel en a perdu les derniers chiffres", _AS_TEXT)
    return str(int(cell)) if float(cell).is_integer() else repr(cell)


def _free(cell: Cell, _heading: Heading, _said: dict[str, int]) -> str:
    text = shown(cell)
    if _PERSONAL.search(text):
        raise Refused(
            "numéro de sécurité sociale ou adresse électronique", "l'effacer du classeur", masked=True
        )
    return text


def _commune(cell: Cell, _heading: Heading, said: dict[str, int]) -> str:
    if isinstance(cell, float) and not cell.is_integer():
        message = "plusieurs codes lus comme un seul nombre"
        raise Refused(message, "les séparer par « ; », dans une colonne au format Texte")
    text = _text(cell, _heading, said).upper().removesuffix(".0")
    if re.fullmatch(r"\d{4}", text):
        said[ZERO] = said.get(ZERO, 0) + 1
        text = f"0{text}"
    if re.fullmatch(r"\d{2}000", text):
        raise Refused("code postal, un code INSEE est attendu", codes_wanted(""))
    return text if re.fullmatch(r"\d{5}|2[AB]\d{3}", text) else _named_commune(shown(cell), said)


def _named_commune(name: str, said: dict[str, int]) -> str:
    """Return the code of a commune that the project's own data know by this very name."""
    code = code_of(name)
    if code is None:
        raise Refused("code INSEE de commune attendu, 5 caractères", codes_wanted(name))
    told = f"commune « {name} » lue {code}"
    said[told] = said.get(told, 0) + 1
    return code


def _communes(cell: Cell, heading: Heading, said: dict[str, int]) -> str:
    if not isinstance(cell, str):
        return _commune(cell, heading, said)
    parts = []
    for part in _parts(cell, ";,/|\n\t"):
        codes = part.split()
        parts += codes if all(code[0].isdigit() for code in codes) else [part]  # a name may hold spaces
    return ";".join(dict.fromkeys(_commune(part, heading, said) for part in parts))


def _rooms(cell: Cell, _heading: Heading, _said: dict[str, int]) -> str:
    """Read T3, F3, type 3, 3, 3 pièces, T3 bis, studio."""
    text = plain(shown(cell))
    if text in ("studio", "t1bi", "t1 bis", "t1 bi", "chambre"):
        return "1"
    found = re.fullmatch(
        r"(?:t|f|type)? ?(\d{1,3})(?: ?(?:bi|bis|ter|duplex|piece|pieces|et plu|plu|p))*", text
    )
    if not found:
        raise Refused("typologie attendue", "écrire T1 à T9")
    return found.group(1)


def _number(cell: Cell, _heading: Heading, _said: dict[str, int]) -> str:
    value = _value(cell, "€")
    return _written(value)


def _integer(cell: Cell, heading: Heading, _said: dict[str, int]) -> str:
    if heading.column == "floor" and plain(shown(cell)) in ("rdc", "rez chaussee", "rez chaussée"):
        return "0"
    value = _value(cell, "")
    if not value.is_integer():
        raise Refused("un nombre entier est attendu", "écrire un nombre sans virgule")
    return str(int(value))


def _share(cell: Cell, _heading: Heading, _said: dict[str, int]) -> str:
    """Read a share: 0,25 or 25 %; a bare 25 could be either and is refused."""
    percent = isinstance(cell, str) and cell.endswith("%")
    value = _value(cell.removesuffix("%") if isinstance(cell, str) else cell, "")
    if percent:
        return _written(round(value / 100, 6))
    if value > 1:
        said = f"{value:g}".replace(".", ",")
        raise Refused(f"{said} se lit {said} % ou {said} fois le tout", f"écrire « {said} % »")
    return _written(value)


def _ratio(cell: Cell, _heading: Heading, _said: dict[str, int]) -> str:
    if isinstance(cell, str) and cell.endswith("%"):
        return _written(round(_value(cell.removesuffix("%"), "") / 100, 6))
    return _written(_value(cell, ""))


def _value(cell: Cell, unit: str) -> float:
    """Return a number written as people do: spaces, a comma, a unit.

    A text such as 31.000 is 31 000 or 31: it is refused. A cell that is a number is never in doubt.
    """
    if isinstance(cell, bool | date):
        raise Refused("un nombre est attendu", "mettre la cellule au format Nombre")
    if isinstance(cell, int | float):
        return float(cell)
    assert isinstance(cell, str)
    text = (
        re.sub(rf"[\s{unit}]|€|eur(os?)?\b|m²|m2\b|/?\s*mois\b", "", cell, flags=re.IGNORECASE)
        if unit
        else cell
    )
    text = re.sub(r"\s", "", text).replace("−", "-")
    if found := _EITHER.fullmatch(text):
        mend = f"écrire {''.join(found.groups())} sans séparateur, ou mettre la cellule au format Nombre"
        raise Refused("se lit en milliers ou en décimales", mend)
    if re.fullmatch(r"-?\d+([.,]\d+)?", text):
        return float(text.replace(",", "."))
    raise Refused("un nombre est attendu", "écrire un nombre, par exemple 512,37")


def _written(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < EXACT_FLOAT else f"{value:.10g}"


def _flag(cell: Cell, _heading: Heading, _said: dict[str, int]) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = shown(cell).lower()
    if text in YES:
        return "true"
    if text in NO:
        return "false"
    raise Refused("oui ou non est attendu", "écrire oui, non, ou laisser vide")


def _date(cell: Cell, _heading: Heading, said: dict[str, int]) -> str:
    if isinstance(cell, bool):
        raise Refused(_NO_DATE, _A_DATE)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        try:
            written = written_date(cell)
        except ValueError:
            raise Refused("cette date n'existe pas au calendrier", _A_DATE) from None
        if written:
            return written.isoformat()
    if isinstance(cell, str) and re.fullmatch(r"[0-9]{5}", cell):
        cell = float(cell)
    if isinstance(cell, int | float) and 20_000 <= cell < 80_000:
        said[SERIAL] = said.get(SERIAL, 0) + 1
        return (date(1899, 12, 30) + timedelta(days=int(cell))).isoformat()
    raise Refused(_NO_DATE, _A_DATE)


_NO_DATE = "une date est attendue"
_A_DATE = "écrire jj/mm/aaaa"


def _choice(cell: Cell, heading: Heading, _said: dict[str, int]) -> str:
    assert heading.words is not None
    return _code(shown(cell), heading.words)


def _choices(cell: Cell, heading: Heading, _said: dict[str, int]) -> str:
    """Read words or codes separated by « ; », or by a comma where the whole is no word of the list."""
    assert heading.words is not None
    text, known = shown(cell), heading.words
    found = []
    for part in _parts(text, ";\n|"):
        whole = plain(part) in known.code or not _parts(part, ",/")
        found += [_code(one, known) for one in ([part] if whole else _parts(part, ",/"))]
    return ";".join(dict.fromkeys(found))


def _code(text: str, known: Words) -> str:
    said = plain(text)
    for one in (said, f"0{said}", plain(re.split(r"\s*[-–:]\s*", text, maxsplit=1)[0])):
        if one in known.code:
            return known.code[one]
    listed = ", ".join(known.shown[:8]) + (", …" if len(known.shown) > 8 else "")
    close = get_close_matches(said, list(known.code), n=1, cutoff=0.8)
    meant = f"vouliez-vous dire « {known.word(known.code[close[0]])} » ? " if close else ""
    raise Refused("mot inconnu de la liste", f"{meant}attendu : {listed}")


def _ages(cell: Cell, heading: Heading, said: dict[str, int]) -> str:
    if not isinstance(cell, str):
        return _integer(cell, heading, said)
    parts = _parts(re.sub(r"\bans?\b", " ", cell), ";,/|\n\t ")
    return ";".join(_integer(part, heading, said) for part in parts)


def _parts(text: str, marks: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{re.escape(marks)}]", text) if part.strip()]


_READ: dict[Kind, Callable[[Cell, Heading, dict[str, int]], str]] = {
    "text": _text,
    "free": _free,
    "commune": _commune,
    "communes": _communes,
    "rooms": _rooms,
    "integer": _integer,
    "number": _number,
    "share": _share,
    "ratio": _ratio,
    "flag": _flag,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "ages": _ages,
}
