"""Make filled.py importable from the tests beside it, under --import-mode=importlib."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
