"""Do two draws ever share a purpose? Then, for one entity, they are the same number.

Purposes are read from the source: the first text a drawing method of `chance`, or a function with an argument
named `purpose`, is called with. What is put between braces stands for any text without a slash.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

HOUSE = Path(__file__).parents[2]
METHODS = {"uniform", "uniforms", "quarters", "one", "normal", "exponential", "order"}
HELPERS = {"chosen", "code", "happens", "integerise", "_met"}  # they pass a purpose on
PASSED_ON = {"{purpose}": ("demand", "occupant")}  # what draw_households is called with
HOLE = "\0"


class Draw(NamedTuple):
    """A purpose and where it is drawn."""

    purpose: str  # HOLE where a value is put
    place: str


def text_of(node: ast.expr) -> str | None:
    """Return a text, HOLE in the place of each value; None for a name passed on."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (
            p.value if isinstance(p, ast.Constant) else f"{{{ast.unparse(p.value)}}}" for p in node.values
        )
        return "".join(map(str, parts))
    return None


def draws_of(path: Path) -> Iterator[Draw]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in METHODS:
            if not re.fullmatch(r"(\w+\.)?chance", ast.unparse(called.value)):
                continue
            text = text_of(node.args[0])
        elif isinstance(called, ast.Name) and called.id in HELPERS:
            text = next(filter(None, map(text_of, node.args)), None)
        else:
            continue
        if text is None:
            assert ast.unparse(node.args[0]) == "purpose", f"{path.name} {node.lineno}: no purpose to read"
            continue
        place = f"{path.relative_to(HOUSE)}:{node.lineno}"
        for given in PASSED_ON["{purpose}"] if "{purpose}" in text else ("",):
            yield Draw(re.sub(r"\{[^}]*\}", HOLE, text.replace("{purpose}", given)), place)


@pytest.fixture(scope="module")
def draws() -> list[Draw]:
    return [draw for path in sorted((HOUSE / "sim").rglob("*.py")) for draw in draws_of(path)]


def may_be_one(first: str, second: str) -> bool:
    """Tell whether some values put in the holes make one text of two purposes."""
    for one, other in ((first, second), (second, first)):
        pattern = "[^/]+".join(map(re.escape, one.split(HOLE)))
        if re.fullmatch(pattern, other.replace(HOLE, "0")):
            return True
    return False


def test_every_draw_is_read(draws: list[Draw]) -> None:
    found = {draw.purpose for draw in draws}
    known = ["departure", "answer/\0", "lottery/\0", "commission/\0", "occupant/age", "demand/age", "arrival"]
    assert not set(known) - found
    assert len(draws) > 60


def test_no_two_draws_share_a_purpose(draws: list[Draw]) -> None:
    shared = [
        (one.purpose, one.place, other.place)
        for one, other in combinations(draws, 2)
        if may_be_one(one.purpose, other.purpose)
    ]
    assert not shared


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("work/\0", "work/2026", True),
        ("work/\0", "works", False),
        ("answer/\0", "answer/\0", True),
        ("demand/wish/\0", "demand/wishes", False),
        ("arrival", "arrivals", False),
    ],
)
def test_purposes_that_could_be_one_text_are_found(first: str, second: str, same: bool) -> None:
    assert may_be_one(first, second) is same
