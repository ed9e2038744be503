"""The reference engine stands beside the test that plays it."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
