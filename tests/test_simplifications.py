"""Each simplification of the law made in the code is listed in docs/model.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
MARK = "# Simplified: "


def flat(text: str) -> str:
    return " ".join(text.split())


def sentences(path: Path) -> list[str]:
    """Return the sentences that follow the mark, each up to its full stop, even over several lines."""
    text = path.read_text(encoding="utf-8")
    return [flat(found) for found in re.findall(rf"{MARK}(.+?\.)(?=\s)", text, flags=re.DOTALL)]


MARKED = [
    pytest.param(sentence, id=f"{path.stem}-{place}")
    for path in sorted((HOUSE / "sim").rglob("*.py"))
    for place, sentence in enumerate(sentences(path))
]


@pytest.mark.parametrize("sentence", MARKED)
def test_a_simplification_is_listed_in_the_model(sentence: str) -> None:
    assert f"| {sentence} |" in flat((HOUSE / "docs" / "model.md").read_text(encoding="utf-8"))


def test_every_mark_is_read() -> None:
    marks = sum(path.read_text(encoding="utf-8").count(MARK) for path in (HOUSE / "sim").rglob("*.py"))
    assert len(MARKED) == marks > 0
