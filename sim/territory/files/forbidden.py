"""Which columns must never enter, whatever the file calls them?

Origin, nationality, name, sex, religion, language, health: such a column is dropped, its values unread,
and counted. Names are compared word by word, without accents or case: `LieuNaissance`, « Pays de
naissance » and `birth_place` are all found. The list is wide on purpose: a column wrongly caught was one
we ignore anyway, since a table's own columns are recognised first (the `name` of a residence).
"""

from __future__ import annotations

import re
from unicodedata import combining, normalize

FORBIDDEN = (
    # nationality, origin, stay
    "nationalite", "nationality", "citizenship", "citoyennete", "etranger", "foreigner", "origine", "origin",
    "ethnie", "ethnic", "ethnicity", "race", "immigrant", "immigre", "migrant", "titre sejour",
    "residence permit", "carte sejour", "pays", "country",
    # birth (a date of birth gives an age, and is no canonical column either)
    "naissance", "birth", "birthplace", "birthdate", "ne a", "born",
    # names and what gives them away
    "nom", "prenom", "patronyme", "surname", "first name", "last name", "firstname", "lastname", "full name",
    "civilite", "civility", "nir", "securite sociale", "email", "courriel", "telephone", "photo",
    # sex
    "sexe", "sex", "genre", "gender",
    # religion, language, opinion
    "religion", "culte", "confession", "langue", "language", "syndicat", "union membership", "opinion",
    # health
    "diagnostic", "diagnosis", "maladie", "illness", "pathologie", "sante", "health",
)  # fmt: skip
"""Words, or runs of words, that make a column forbidden."""

PLACES = ("commune", "residence", "quartier", "bailleur", "programme", "epci", "rue", "voie", "ville")
"""A name of one of these is no person's name."""


_LINKING = ("de", "du", "des", "d", "la", "le", "l", "of", "the")


def is_forbidden(column: str) -> bool:
    """Tell whether a column of that name must be dropped unread."""
    words = f" {_words(column)} "
    caught = [word for word in FORBIDDEN if f" {word} " in words]
    if caught == ["nom"]:
        return not any(f" {place} " in words for place in PLACES)
    return bool(caught) or words == " name "


def _words(column: str) -> str:
    """Return a header as plain words: "LieuNaissance" -> "lieu naissance"."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    plain = "".join(c for c in normalize("NFKD", split) if not combining(c)).lower()
    return " ".join(word for word in re.findall(r"[a-z0-9]+", plain) if word not in _LINKING)
