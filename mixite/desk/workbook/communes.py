"""Which INSEE code does the name of a commune stand for, where the data of the project know it?

The communes of the territories that the project ships (scenarios/territories), by their whole name, accents,
case, hyphens and apostrophes aside. Left out on purpose: every other commune of France, postal codes, and
any name that two of these communes share: nothing is guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources

from sim.rules.words import plain

MADE_UP = "00"
"""How the codes of places that exist nowhere begin."""


@cache
def known() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the communes that share a name, each by its code and its name, by the name as it is compared."""
    found: dict[str, dict[str, str]] = {}
    for folder in (resources.files("scenarios") / "territories").iterdir():
        table = folder / "communes.csv"
        if not table.is_file():
            continue
        lines = table.read_text(encoding="utf-8-sig").splitlines()
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            if not row["code"].startswith(MADE_UP):
                found.setdefault(_compared(row["name"]), {})[row["code"]] = row["name"]
    return {name: tuple(sorted(codes.items())) for name, codes in found.items()}


def code_of(name: str) -> str | None:
    """Return the code of the only commune known by a name, None where there is none or several."""
    communes = known().get(_compared(name), ())
    return communes[0][0] if len(communes) == 1 else None


def codes_wanted(name: str) -> str:
    """Return the way out for a name that gives no code: the codes of those near, else an example of one."""
    near = get_close_matches(_compared(name), list(known()), n=1, cutoff=0.8)
    if not near:
        return "écrire le code INSEE de la commune, par exemple 59350 pour Lille"
    listed = " ou ".join(f"{code} pour {told}" for code, told in known()[near[0]])
    return f"écrire le code INSEE de la commune : {listed} ?"


def _compared(name: str) -> str:
    return " ".join(plain(name).replace("-", " ").replace("'", " ").split())
