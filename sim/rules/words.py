"""Which expressions does the project never use, in a message, a report or what partners write?

Left out on purpose: what a remark may not say besides (peuplement/remarks.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, combining, normalize

NEVER = (
    r"ménages? (à risques?|lourds?|d'équilibre)",
    r"(bons?|bonnes?|mauvaise?s?) candidat",
    r"\bprofils?\b",
    r"seuils? de tolérance",
    r"\bghettos?\b",
    r"quotas? de pauvres",
    r"candidat(e|ure)?s? écartée?s?",
    r"attributions? (optimales?|automatiques?)",
    r"l'algorithme attribue",
    r"\bcertifiée?s?\b",
    r"\benvies?\b",
    r"gagnants? et (des )?perdants?",
    r"(motif|raison|au nom) (de|d'une) (la )?mixité",
)
"""Expressions that no message, template or report ever holds."""


def forbidden_words(text: str) -> Iterator[str]:
    """Give each expression of `text` that is never to be used."""
    plain = text.replace("’", "'")
    for pattern in NEVER:
        yield from (found.group(0) for found in re.finditer(pattern, plain, re.IGNORECASE))


def plain(text: str) -> str:
    """Return a text without accents, case or invisible signs, its apostrophes straight, its spaces single."""
    decomposed = normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    seen = "".join(c for c in decomposed if not combining(c) and category(c) != "Cf")
    return " ".join(seen.replace("’", "'").casefold().split())
