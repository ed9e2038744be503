"""How is the label of a line said to a commission, and which label does a text say?

A target's label begins with the code of its public; people read the public's own words.
"""

from __future__ import annotations

import re

from mixite.desk.workbook.words import PUBLICS

_CODES = {code: words[0] for code, words in PUBLICS.of}
_WORDS = {word: code for code, word in _CODES.items()}


def spoken(text: str) -> str:
    """Return a text with the words of the publics in place of their codes."""
    return re.sub(r"\b(\w+)(?= ≥ )", lambda found: _CODES.get(found.group(), found.group()), text)


def unspoken(text: str) -> str:
    """Return a label as the program knows it."""
    words, mark, rest = text.partition(" ≥ ")
    return f"{_WORDS.get(words, words)}{mark}{rest}"
