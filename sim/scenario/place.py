"""Where is a file that a scenario names?"""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def find(path: Path) -> Path:
    """Return `path`; absent on disk and beginning with `scenarios/`, it is looked up in the package."""
    if not path.exists() and path.parts[:1] == ("scenarios",):
        packaged = Path(str(resources.files("scenarios"))).joinpath(*path.parts[1:])
        if packaged.exists():
            return packaged
    return path
