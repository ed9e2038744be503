"""Ctrl-C on a real process: what is finished is kept, nothing else is left, the same command resumes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mixite import run_folder

POLICIES = ("--policy", "seniority", "--policy", "lottery")
LONGEST_S = 240

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    short = ["--replications", "4", "--years", "1", "--scale", "0.5"]
    asked = [*POLICIES, *short, "--workers", "2", "--out", str(tmp_path / "out")]
    return [sys.executable, "-m", "mixite", "compare", "scenarios/tutorial.toml", *asked]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What the workers share lies in a folder of the test's own."""
    (tmp_path / "shared").mkdir()
    return {**os.environ, "JOBLIB_TEMP_FOLDER": str(tmp_path / "shared")}


@pytest.fixture
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A comparison that plays, alone in its group of processes."""
    process = subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


def whole(out: Path) -> set[str]:
    """Return the folders of the runs that are whole."""
    return {path.name for path in out.glob("*") if path.is_dir() and run_folder.is_complete(path, path.name)}


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, as far as the system tells."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(holds: object) -> bool:
    """Tell whether something comes to hold."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("to_the_group", [False, True], ids=["one process", "all, as a terminal does"])
def test_ctrl_c_keeps_finished_runs_and_the_same_command_resumes(
    running: subprocess.Popen[str],
    command: list[str],
    environment: dict[str, str],
    tmp_path: Path,
    to_the_group: bool,
) -> None:
    out = tmp_path / "out"
    assert soon(lambda: whole(out) or running.poll() is not None)
    workers = children(running.pid)
    if to_the_group:
        os.killpg(running.pid, signal.SIGINT)
    else:
        running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=LONGEST_S)[1]
    assert running.returncode == 3, said
    assert "la même commande reprend" in said
    kept = whole(out)
    assert 0 < len(kept) < 8, "some runs of four replications under two policies"
    assert not (out / "report.html").exists()
    assert soon(lambda: not any(map(alive, workers))), "no worker goes on"
    assert soon(lambda: not any((tmp_path / "shared").iterdir())), "what was shared is removed"

    written = {name: (out / name / "manifest.json").stat().st_mtime_ns for name in kept}
    again = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST_S)
    assert again.returncode == 0, again.stderr
    assert len(whole(out)) == 8
    assert (out / "report.html").exists()
    assert written == {name: (out / name / "manifest.json").stat().st_mtime_ns for name in kept}
    assert not list(out.glob("**/.*")), "no half of a file"
    assert not any((tmp_path / "shared").iterdir())
