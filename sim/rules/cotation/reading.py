"""How is a grid's file read as plain data, when a date in it does not exist?

TOML refuses the whole file for one impossible date, and would hide every other fault. Such a date is said
with its line, replaced by one that exists, and the reading goes on: the file stays refused.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.toml import read

_DATE = re.compile(r"(?P<before>[=\[,]\s*)(?P<day>\d{4}-\d{2}-\d{2})(?![\w:-])")
_KEY = re.compile(r"^\s*([\w.-]+)\s*=")
_STANDS_FOR = "2000-01-01"


def read_grid(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """Return the plain data of a grid and the faults of its dates.

    Raises
    ------
    FaultsFound
        when the file cannot be read as TOML, for another reason than an impossible date.
    """
    try:
        return read(path), []
    except FaultsFound:
        mended, faults = _dates_that_exist(path)
        if not faults:
            raise
        try:
            return tomllib.loads(mended), faults
        except tomllib.TOMLDecodeError as error:
            told = Fault(str(path), f"TOML illisible : {error}", "corriger la syntaxe à cet endroit")
            raise FaultsFound([*faults, told]) from None


def _dates_that_exist(path: Path) -> tuple[str, list[Fault]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return "", []
    faults: list[Fault] = []
    for number, line in enumerate(lines):
        for found in reversed(list(_DATE.finditer(line))):
            inside_text = line[: found.start()].count('"') % 2 == 1
            if inside_text or "#" in line[: found.start()] or _exists(found["day"]):
                continue
            key = _KEY.match(line)
            faults.append(
                Fault(
                    str(path),
                    "cette date n'existe pas au calendrier",
                    "l'écrire AAAA-MM-JJ, sans guillemets",
                    row=number + 1,
                    column=key[1] if key else "",
                    value=found["day"],
                )
            )
            now = lines[number]
            lines[number] = now[: found.start("day")] + _STANDS_FOR + now[found.end("day") :]
    return "\n".join(lines) + "\n", faults


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True
