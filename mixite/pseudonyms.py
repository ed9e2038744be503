"""By which name does a household of a real territory stand in a file of results?

Its numéro unique is hashed (HMAC-SHA-256) with a key of this machine, kept apart from the data: the same name
in every run, and none that can be turned back without the key. Left out on purpose: what an officer prints
and fills before a commission, where the numéro unique stays in clear, on the machine.

Source: RGPD, art. 4 (5) and 25 (pseudonymisation); the key's place is the project's choice.
"""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes import Outcomes

PLACE = "MIXITE_KEY_FILE"
"""Variable of the environment that names the file of the key; else it is in the user's own folder."""

NAMES = ("demand_id", "household_id")
LETTERS = 32
"""Of a hash, as many hexadecimal letters are kept: 128 bits."""


def pseudonymised(outcomes: Outcomes) -> Outcomes:
    """Return the outcomes of a run with demands and households under hashed names, all tables alike.

    Those of a synthetic territory are nobody's: they keep their names.
    """
    from sim.outcomes import TABLES

    if outcomes.context["territory"]["synthetic"]:
        return outcomes
    secret = key()
    return replace(outcomes, **{name: _hashed(getattr(outcomes, name), secret) for name in TABLES})


def key() -> bytes:
    """Return the key of this machine; the first to ask makes it, readable by its owner alone."""
    file = Path(os.environ.get(PLACE) or Path.home() / ".mixite" / "key")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=file.parent) as made:  # of its owner alone
            made.write(secrets.token_bytes(32))
            made.flush()
            with suppress(FileExistsError):  # whoever was first made it
                os.link(made.name, file)
    return file.read_bytes()


def _hashed(table: pd.DataFrame, secret: bytes) -> pd.DataFrame:
    named = [name for name in NAMES if name in table.columns]
    return table.assign(**{name: _names(table[name], secret) for name in named})


def _names(column: pd.Series[Any], secret: bytes) -> Any:
    import pandas as pd

    places, texts = pd.factorize(column)
    hashed = [hmac.new(secret, str(text).encode(), sha256).hexdigest()[:LETTERS] for text in texts]
    return np.array([*hashed, None], dtype=object)[places]
