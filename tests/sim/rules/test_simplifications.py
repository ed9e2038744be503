"""Each simplification of the law made in the code is listed in docs/model.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[3]

SIMPLIFIED = [
    sentence.strip()
    for name in ("eligibility", "law", "provisions", "traits")
    for sentence in re.findall(
        r"# Simplified: (.+)", (HOUSE / "sim" / "rules" / f"{name}.py").read_text(encoding="utf-8")
    )
]


@pytest.mark.parametrize("sentence", SIMPLIFIED)
def test_a_simplification_is_listed_in_the_model(sentence: str) -> None:
    assert sentence in (HOUSE / "docs" / "model.md").read_text(encoding="utf-8")
