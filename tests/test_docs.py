"""What the README and the pages say, done: commands and Python run, links lead somewhere, lists are whole."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mixite.report import words
from sim.territory import columns

HOUSE = Path(__file__).parents[1]
PAGES = (HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md")))
TEXTS = (*PAGES, HOUSE / "CHANGELOG.md", HOUSE / "DATA-LICENSES.md")
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"# ([\w.-]+\.toml)\n")
SHORTER = {
    "compare": ("--years", "1", "--replications", "2", "--workers", "1"),
    "frontier": (
        *("--points", "3", "--replications", "1", "--years", "1", "--workers", "1"),
        *("--scale", "0.5"),
    ),
    "run": ("--years", "1"),
    "theory": ("--replications", "2", "--workers", "1"),
    "validate": (
        *("--replications", "1", "--full-replications", "0", "--scale", "0.01", "--years", "1"),
        *("--workers", "1", "--territory", "mel"),
    ),
}
"""What is added to a command so that a page is read in seconds; the last of two options counts."""


def steps(page: Path) -> Iterator[list[str]]:
    """Give the arguments of Python for each command and each Python block of a page, in order.

    A TOML block that begins with the name of a file, `# name.toml`, is written there first.
    """
    for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        named = NAMED.match(text)
        if language == "toml" and named:
            yield [
                "-c",
                f"from pathlib import Path; Path({named[1]!r}).write_text({text!r}, encoding='utf-8')",
            ]
        elif language == "python":
            yield ["-c", text]
        elif language in ("console", "bash", "sh"):
            for line in text.splitlines():
                command = shlex.split(line.removeprefix("$ "), comments=True)
                if command[:1] == ["mixite"]:
                    small = ("--scale", "0.01") if "scenarios/mel.toml" in command else ()
                    added = (*SHORTER[command[1]], *small) if command[1] in SHORTER else ()
                    yield ["-m", *command, *added]


def commands(page: Path) -> list[str]:
    """Return the lines of the console blocks of a page."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [line for language, text in blocks if language == "console" for line in text.splitlines()]


@pytest.mark.parametrize("page", [page for page in PAGES if any(steps(page))], ids=lambda page: page.name)
def test_what_a_page_says_to_run_runs_from_an_empty_folder(page: Path, tmp_path: Path) -> None:
    path = os.pathsep.join([str(HOUSE), os.environ.get("PYTHONPATH", "")])
    for step in steps(page):
        found = subprocess.run(
            [sys.executable, *step],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=400,
            check=False,
        )
        assert found.returncode == 0, f"{page.name}: {shlex.join(step)}\n{found.stderr}"


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if target and "://" not in target]
    assert not [target for target in local if not (page.parent / target).exists()]


@pytest.mark.parametrize(
    "page", [*TEXTS, HOUSE / "notebooks" / "premiers_pas.py"], ids=lambda page: page.name
)
def test_no_page_holds_a_word_that_is_never_used(page: Path) -> None:
    assert not list(words.forbidden_words(page.read_text(encoding="utf-8")))


def test_the_readme_installs_and_does_the_main_job_in_two_commands() -> None:
    assert commands(HOUSE / "README.md")[:2] == [
        'pip install -e ".[fast]"',
        "mixite compare scenarios/mel.toml",
    ]


def test_continuous_integration_runs_the_readme_s_test_commands() -> None:
    install, test = commands(HOUSE / "README.md")[-2:]
    script = (HOUSE / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert install.replace("pip install", "pip install --quiet") in script
    assert script[-1] == test  # so that pytest's summary is the last line
    assert os.access(HOUSE / ".ci" / "run", os.X_OK)


def test_version_is_the_same_in_the_changelog_and_the_citation() -> None:
    assert f"## {PROJECT['version']}\n" in (HOUSE / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f'version: "{PROJECT["version"]}"' in (HOUSE / "CITATION.cff").read_text(encoding="utf-8")


def test_every_dependency_is_explained_and_none_other() -> None:
    text = (HOUSE / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([\w.-]+)` \|", text, re.MULTILINE)
    extras = [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
    asked = [re.split(r"[<>=~! ]", line)[0] for line in (*PROJECT["dependencies"], *extras)]
    assert sorted(explained) == sorted(name for name in asked if not name.startswith("mixite["))


KEPT_IN_FRENCH = (
    *("cotation", "QPV", "CALEOL", "DALO", "peuplement", "bailleur", "ANRU", "mixité", "quartier"),
    *("contingent", "UC", "RFR", "RPMS", "CIA", "PPGDID", "EPCI", "reservataire", "residence"),
    *columns.FINANCINGS,
    *columns.RESERVATAIRES,
    *columns.KINDS,
    *columns.PEUPLEMENT_TYPES,
)


@pytest.mark.parametrize("word", KEPT_IN_FRENCH)
def test_a_french_word_of_the_code_has_a_line_in_the_glossary(word: str) -> None:
    lines = (HOUSE / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    assert any(re.search(rf"\b{word}\b", line) for line in lines if line.startswith("| "))
