"""The bar of a long command: in French, on a terminal only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WATCHED = """
import sys, time
from pathlib import Path
from mixite import progress
progress.EVERY_S = 0.05
folder = Path(sys.argv[1])
with progress.watched("simulations", 2, lambda: len(list(folder.iterdir()))):
    for name in "ab":
        (folder / name).touch()
        time.sleep(0.5)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")


def test_a_terminal_is_told_what_is_done_and_the_time_left(tmp_path: Path) -> None:
    import pty

    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHED, str(tmp_path)],
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(slave)
    told = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        told += part
    os.close(master)
    assert process.wait() == 0
    text = told.decode()
    assert "simulations" in text
    assert "temps restant" in text
    assert "1/2" in text, "counted while others do them"


def test_elsewhere_nothing_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WATCHED, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (told.stdout, told.stderr) == ("", "")
