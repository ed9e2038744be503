"""`mixite --help` answers at once: it loads none of what computes."""

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("numpy", "pandas", "ortools", "scipy", "simpy", "matplotlib", "pyarrow", "pydantic")

ASK = """
import sys
from mixite.__main__ import main
sys.argv = ["mixite", "--help"]
try:
    main()
except SystemExit as end:
    sys.stderr.write(" ".join(sys.modules))
    raise
"""


def test_help_imports_nothing_that_computes() -> None:
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    found = subprocess.run(
        [sys.executable, "-c", ASK],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert "compare" in found.stdout
    assert not set(HEAVY) & set(found.stderr.split())
