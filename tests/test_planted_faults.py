"""Would the default suite catch a fault of the engine? One at a time is planted in a copy, and must be.

A mutation test: each fault of planted_faults/ replaces one text of one file in a copy of the tree; the test
files it names are run there, by themselves, and one of their tests must fail for what it asserts or for an
invariant broken, not because the code no longer runs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from planted_faults import FAULTS, Fault

HOUSE = Path(__file__).parents[1]
COPIED = ("sim", "optimizer", "mixite", "scenarios", "tests", "pyproject.toml")

FAILED_TESTS = 1
"""Exit code of pytest when tests were run and some failed."""

LONGEST_S = 600

FAILURE = re.compile(r"^FAILED (\S+?)(?:\[.*?\])? - (.*)$", re.MULTILINE)
SAYS_SO = re.compile(r"^(assert|AssertionError|Failed: DID NOT RAISE|\S*InvariantBroken|\S*ShortlistRefused)")
"""How a failure begins that tells of the fault itself."""


def name_of(fault: Fault) -> str:
    return fault.name.replace(" ", "_")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree, without what was compiled from it."""
    for name in COPIED:
        if (HOUSE / name).is_dir():
            shutil.copytree(HOUSE / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(HOUSE / name, tmp_path / name)
    return tmp_path


def environment(copy: Path) -> dict[str, str]:
    """Return an environment where the copy is imported, and failures are said on one long line."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "1000",
    }


def run(copy: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run test files of a copy, up to the first failure."""
    default = "addopts=--import-mode=importlib -m 'not slow'"
    options = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "--tb=short", "--color=no", "-o", default]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=copy,
        env=environment(copy),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return the end of what a run said."""
    return done.stdout[-4000:] + done.stderr[-2000:]


def plant(fault: Fault, copy: Path) -> None:
    """Replace the text of a fault in a copy."""
    assert fault.planted != fault.text
    path = copy / fault.file
    path.write_text(text_around(fault, copy).replace(fault.text, fault.planted), encoding="utf-8")


def text_around(fault: Fault, house: Path) -> str:
    """Return the file of a fault, where its text must stand once."""
    text = (house / fault.file).read_text(encoding="utf-8")
    found = text.count(fault.text)
    assert found == 1, f"« {fault.name} »: its text stands {found} times in {fault.file}:\n{fault.text}"
    return text


def test_each_fault_has_its_own_name_and_tests_that_exist() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    absent = [(fault.name, file) for fault in FAULTS for file in fault.tests if not (HOUSE / file).is_file()]
    assert not absent


@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
def test_the_text_of_a_fault_stands_once(fault: Fault) -> None:
    assert text_around(fault, HOUSE)


@pytest.mark.slow
def test_the_copy_is_what_is_imported(copy: Path) -> None:
    code = "import sim, optimizer, mixite, scenarios; print(*sim.__path__, *mixite.__path__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=copy,
        env=environment(copy),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(copy / "sim"), str(copy / "mixite")]


@pytest.mark.slow
def test_without_a_fault_every_test_named_passes(copy: Path) -> None:
    done = run(copy, tuple(sorted({file for fault in FAULTS for file in fault.tests})))
    assert done.returncode == 0, said(done)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
def test_a_planted_fault_is_caught(fault: Fault, copy: Path) -> None:
    plant(fault, copy)
    done = run(copy, fault.tests)
    told = f"« {fault.name} » in {fault.file}, exit {done.returncode}:\n{said(done)}"
    assert done.returncode == FAILED_TESTS, f"not caught: {told}"
    caught = FAILURE.findall(done.stdout)
    assert caught, f"no test failed: {told}"
    for test, why in caught:
        print(f"{fault.name}: {test}: {why[:200]}")  # noqa: T201
        assert SAYS_SO.match(why), f"{test} fails otherwise than by what it asserts: {told}"
