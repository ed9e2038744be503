"""Under which French words is it told where somebody comes from, and which places may an address name?

Every country of ISO 3166-1, overseas France, peoples (origins.toml). Left out on purpose: regions and cities
of France, which name streets and residences more often than people.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from sim.territory.files import toml

FILE = Path(__file__).with_name("origins.toml")


def words() -> tuple[str, ...]:
    """Return the words and runs of words for people of an origin, and the names of countries, each once.

    `*` stands for any ending.
    """
    table = _table()
    told = chain(*table["people"].values(), *table["country"].values())
    return tuple(dict.fromkeys(word for word in told if word))


def places() -> tuple[str, ...]:
    """Return the names of countries: a street may have one."""
    return tuple(dict.fromkeys(told[0] for told in _table()["country"].values() if told and told[0]))


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return toml.read(FILE)
