"""How is the label of a line said to a commission, and which label does a text say?

A target's label begins with the code of its public; people read the public's own words. A residence called
R1 is not the quota R1: where its name could be one, it is said to be a residence.
"""

from __future__ import annotations

import re

from mixite.desk.workbook.words import PUBLICS

_CODES = {code: words[0] for code, words in PUBLICS.of}
_PUBLIC, _RESIDENCE = "à accueillir", " dans la résidence "
_WORDS = {word: code for code, word in _CODES.items()}


def spoken(text: str) -> str:
    """Return a text with the words of the publics in place of their codes."""
    text = re.sub(f"(?<={_PUBLIC}), (?=R[0-9]+\\b)", _RESIDENCE, text)
    return re.sub(r"\b(\w+)(?= ≥ )", lambda found: _CODES.get(found.group(), found.group()), text)


def unspoken(text: str) -> str:
    """Return a label as the program knows it."""
    words, mark, rest = text.replace(f"{_PUBLIC}{_RESIDENCE}", f"{_PUBLIC}, ").partition(" ≥ ")
    return f"{_WORDS.get(words, words)}{mark}{rest}"
