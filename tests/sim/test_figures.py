"""Published figures: what may be fitted, and no trace of those kept for validation in what is played."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.figures import ReservedForValidation, for_fit, for_validation
from sim.territory.files.faults import FaultsFound

HOUSE = Path(__file__).parents[2]
PLAYED = sorted([*(HOUSE / "scenarios").rglob("*.toml"), *(HOUSE / "sim" / "rules" / "texts").glob("*.toml")])
RESERVED = for_validation()
BESIDE = ("taille moyenne des ménages logés", "DALO parmi les demandes reconnues prioritaires")
"""Numbers read on the page of a figure, beside it."""
NUMBER = re.compile(r"(?<![\w.,])\d+[.,]?\d*")


def test_a_fit_is_refused_every_figure_kept_for_validation() -> None:
    assert len(RESERVED) == 16
    for figure in RESERVED:
        with pytest.raises(ReservedForValidation, match=f"{figure.id} est réservé à la validation"):
            for_fit(figure.id)


def test_each_of_the_eight_targets_has_its_figures() -> None:
    counts = dict.fromkeys((f"VT{n}" for n in range(1, 9)), 0)
    for figure in RESERVED:
        counts[figure.target] += 1
    assert counts == {"VT1": 2, "VT2": 2, "VT3": 1, "VT4": 3, "VT5": 2, "VT6": 1, "VT7": 2, "VT8": 3}


def test_a_calibration_figure_is_given_and_an_unknown_one_named() -> None:
    found = for_fit("STK_MEL_surf")
    assert (found.value, found.unit, found.role, found.target) == (62.1, "m2", "calibration", "")
    with pytest.raises(FaultsFound, match="vouliez-vous dire « STK_MEL_surf »"):
        for_fit("STK_MEL_surface")


def test_a_territory_that_names_a_figure_holds_its_value() -> None:
    """`source = "STK_MEL_surf : …"`: the number beside it is that of the list, shares in 0-1 there.

    The ceilings of the arrêté (`PLUS_cat1` …) are numbers of law, with their own file.
    """
    held = 0
    for path in PLAYED:
        for table in tables(tomllib.loads(path.read_text(encoding="utf-8"))):
            name = str(table.get("source", "")).partition(" ")[0]
            named = re.fullmatch(r"(?!PLUS_)[A-Z]+\w*_\w+", name)
            if "value" in table and named and ":" in table["source"] and table["label"] not in BESIDE:
                held += 1
                expected = for_fit(name).value
                close = pytest.approx(expected / 100, abs=0.0005)  # one third is 33.3 %
                assert table["value"] in (expected, close), (path.name, name)
    assert held >= 20


@pytest.mark.parametrize("path", PLAYED, ids=lambda path: str(path.relative_to(HOUSE)))
def test_nothing_that_is_played_holds_a_figure_kept_for_validation(path: Path) -> None:
    assert traces(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('x = { value = 1, source = "STK_CALL_mob" }', ["STK_CALL_mob is named"]),
        ("turnover = 0.0988", ["STK_CALL_mob is there by its value 0.0988"]),
        ("# attente : 15,7 mois", ["DELAY_MEL20 is there by its value 15.7"]),
        (
            '[x]\nvalue = 0.31\nsource = "URH 2023 (unionhabitat-hautsdefrance.org/?p=24855)"',
            ["ATT_HDF23_mut is there by its value and its source"],
        ),
        ('[x]\nvalue = 0.39\nsource = "URH 2023 (unionhabitat-hautsdefrance.org/?p=24855)"', []),
        ("[x]\nvalue = 0.31\nhypothesis = 'no source'", []),
    ],
)
def test_a_trace_is_seen_where_there_is_one(text: str, found: list[str]) -> None:
    assert traces(text) == found


def traces(text: str) -> list[str]:
    """Return how a TOML text holds figures kept for validation.

    By name; by a value of three digits or more (0.0988 as well as 9.88), anywhere, comments included; by any
    value beside the address of its source.
    """
    numbers = {float(found.replace(",", ".").rstrip(".")) for found in NUMBER.findall(text)}
    beside = list(tables(tomllib.loads(text)))
    found = []
    for figure in RESERVED:
        if re.search(rf"\b{figure.id}\b", text):
            found.append(f"{figure.id} is named")
        both = (figure.value, round(figure.value / 100, 6))
        if len(f"{figure.value:g}".replace(".", "").lstrip("0")) >= 3:
            found += [f"{figure.id} is there by its value {value:g}" for value in both if value in numbers]
        for table in beside:
            told = f"{table.get('source', '')} {table.get('hypothesis', '')}"
            if table.get("value") in both and host(figure.source) in told:
                found.append(f"{figure.id} is there by its value and its source")
    return found


def host(source: str) -> str:
    """Return what a citation of a page keeps of its address: the site, `rrrpls` for the register's tables."""
    if "rrrpls" in source:
        return "rrrpls"
    return re.sub(r"^https?://(www\.)?", "", source).partition("/")[0]


def tables(data: Any) -> Iterator[dict[str, Any]]:
    """Give every table of a TOML document, those of tables included."""
    if isinstance(data, dict):
        yield data
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from tables(inner)
