"""The command line called in this process: exit code, answer, what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mixite.__main__ import main

GRIDS = Path(__file__).parents[3] / "scenarios" / "grids"


class Said(NamedTuple):
    """What a command answered."""

    code: int
    answer: Any
    said: str


@pytest.fixture
def mixite(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def call(*arguments: object) -> Said:
        monkeypatch.setattr("sys.argv", ["mixite", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return Said(int(end.value.code or 0), json.loads(out) if out else None, err)

    return call
