"""With what was it computed: version of the code, of the libraries, and the machine?"""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mixite import __version__

LIBRARIES = ("simpy", "numpy", "scipy", "pandas", "ortools", "pyarrow", "pydantic", "joblib", "matplotlib")
"""Libraries shown by `doctor` and kept in a manifest."""

COMPUTING = ("simpy", "numpy", "scipy", "pandas", "ortools")
"""Those of them that can change an event."""


def library_versions(names: tuple[str, ...] = LIBRARIES) -> dict[str, str]:
    """Return the installed version of each library, "absente" where it is missing."""
    return {name: _version(name) for name in names}


@cache
def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absente"


@cache
def code_version() -> str:
    """Return the program's version and 12 characters of the digest of what plays a run.

    The digest covers the sources and the dated texts of `sim` and `optimizer`, not the report.
    """
    digest = hashlib.sha256()
    for package in ("optimizer", "sim"):
        spec = find_spec(package)
        for root in (spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(Path(root).rglob("*")):
                if path.suffix in (".py", ".toml", ".csv") and "__pycache__" not in path.parts:
                    digest.update(f"{package}/{path.relative_to(root).as_posix()}\n".encode())
                    digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def peak_mb() -> float:
    """Return the largest memory this process has held, in megabytes (0 where the system does not say)."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if platform.system() == "Darwin" else 1024), 1)


def memory_gb() -> float:
    """Return the machine's memory in gigabytes (0 where the system does not say)."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1)
    except (AttributeError, ValueError, OSError):
        return 0.0


def machine() -> dict[str, Any]:
    """Return what `mixite doctor` shows."""
    return {
        "mixite": __version__,
        "code_version": code_version(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count() or 1,
        "memory_gb": memory_gb(),
        "libraries": library_versions((*LIBRARIES, "typer", "rich", "typst")),
    }
