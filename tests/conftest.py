"""planted_faults/ stands beside the test that plants them."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
