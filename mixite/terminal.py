"""How does the program speak: one JSON document on stdout, everything else on stderr, an exit code?"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.territory.files.faults import Fault

DONE = 0
OUR_FAULT = 1
INPUT_WRONG = 2
STOPPED_EARLY = 3


class StoppedEarly(Exception):  # noqa: N818
    """Raised when the user stops a command; the message says what is kept and how to resume."""


def say(text: str) -> None:
    """Write one line for a person on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def answer(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write the command's JSON document on stdout; numbers that are not finite become null."""
    text = json.dumps(finite(document), ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def fault_entry(fault: Fault) -> dict[str, Any]:
    """Return a fault as it stands in a JSON document; `text` is the sentence shown on stderr."""
    entry = {"file": fault.file, "sheet": fault.sheet, "row": fault.row, "column": fault.column}
    return {**entry, "value": fault.value, "message": fault.message, "mend": fault.mend, "text": str(fault)}


def finite(value: Any) -> Any:
    """Return the same with plain numbers, None in place of those that are not finite."""
    if isinstance(value, Mapping):
        return {str(key): finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
