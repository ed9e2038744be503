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


def test_the_model_lists_no_simplification_that_the_code_no_longer_makes() -> None:
    page = (HOUSE / "docs" / "model.md").read_text(encoding="utf-8").split("## How a run unfolds")[0]
    listed = re.findall(r"^\| `[\w.]+` \| (.+?) \| .+ \|$", page, re.MULTILINE)
    made = {sentence for path in (HOUSE / "sim").rglob("*.py") for sentence in sentences(path)}
    assert len(listed) > 30
    assert not [sentence for sentence in listed if flat(sentence) not in made]
    assert len(listed) == len(set(listed))


def test_the_model_names_every_room_of_the_process_and_no_other() -> None:
    page = (HOUSE / "docs" / "model.md").read_text(encoding="utf-8")
    table = page.split("| room | what it does |")[1].split("### ")[0]
    named = re.findall(r"`(\w+\.py)`", table)
    rooms = {path.name for path in (HOUSE / "sim" / "process").glob("*.py")} - {"__init__.py"}
    assert sorted(named) == sorted(rooms)
