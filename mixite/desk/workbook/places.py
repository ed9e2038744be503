"""In which residence is each dwelling of the workbook, and what is known of the residence?

The name of the residence, else the address, else the dwelling alone. What the sheet « Résidences » and the
columns of « Logements » say of one residence must agree.
"""

from __future__ import annotations

from difflib import get_close_matches

from mixite.desk.workbook.reading import Lines
from sim.territory.files.faults import shown as cut

OF_RESIDENCE = ("in_qpv", "is_rpms", "quartier", "bailleur_id", "zone")
"""Columns that both sheets may give."""

OF_ITS_OWN = ("peuplement_type", "peuplement_target")
"""Columns of « Résidences » alone."""

BAILLEUR = "A"
"""Name of a bailleur that the workbook does not name."""

ZONE = "B2"
"""Tension zone where none is given: of zone 2 of the housing aid, as B1."""


def residence_of(dwellings: Lines) -> list[str]:
    """Return the residence of each dwelling: its name, else its address, else the dwelling's own."""
    columns = (dwellings.of(name) for name in ("residence_id", "address", "commune", "dwelling_id"))
    return [
        named or (" ".join(f"{address} {commune}".split()) if address else dwelling)
        for named, address, commune, dwelling in zip(*columns, strict=True)
    ]


def residences(
    dwellings: Lines, given: Lines | None, settings: dict[str, str]
) -> tuple[list[int], dict[str, list[str]]]:
    """Return the residences of the dwellings, as canonical texts, and the line that first names each.

    1. Gather what each line of « Logements », then of « Résidences », says of a residence.
    2. Two lines at odds are a fault of the second one; so is a residence absent from « Résidences ».
    3. What nobody says is that of « Méthode », else a default.
    """
    own = residence_of(dwellings)
    first = {name: at for at, name in reversed(list(enumerate(own)))}
    told: dict[tuple[str, str], tuple[str, str]] = {}
    for column in ("commune", *OF_RESIDENCE):
        for at, (name, text) in enumerate(zip(own, dwellings.of(column), strict=True)):
            _tell(dwellings, at, column, name, text, told)
    if given is not None:
        names = given.of("residence_id")
        for column in (*OF_RESIDENCE, *OF_ITS_OWN):
            for at, (name, text) in enumerate(zip(names, given.of(column), strict=True)):
                _tell(given, at, column, name, text, told)
        _refuse_unknown(dwellings, given)
    names = sorted(first, key=first.__getitem__)
    default = {
        **dict.fromkeys(("in_qpv", "is_rpms"), "false"),
        "bailleur_id": settings.get("bailleur", BAILLEUR),
        "zone": settings.get("zone", ZONE),
    }
    texts = {
        column: [told.get((column, name), (default.get(column, ""), ""))[0] for name in names]
        for column in ("commune", *OF_RESIDENCE, *OF_ITS_OWN)
    }
    texts |= {"residence_id": names, "name": names, "epci": [settings.get("epci", "EPCI")] * len(names)}
    return [first[name] for name in names], texts


def _tell(
    lines: Lines, at: int, column: str, name: str, text: str, told: dict[tuple[str, str], tuple[str, str]]
) -> None:
    if not text:
        return
    here = f"{lines.name}, ligne {lines.rows[at]}"
    before, where = told.setdefault((column, name), (text, here))
    if before != text:
        message = f"cette résidence a une autre valeur ({where})"
        lines.refuse(
            at, column, message, "écrire la même, ou deux noms de résidence", lines.cells[column][at]
        )


def _refuse_unknown(dwellings: Lines, given: Lines) -> None:
    known = given.of("residence_id")
    for at, name in enumerate(dwellings.of("residence_id")):
        if name and name not in known:
            close = get_close_matches(name, known, n=1, cutoff=0.6)
            mend = f"vouliez-vous dire « {cut(close[0])} » ? sinon " if close else ""
            message = f"absente de la feuille {given.name}"
            dwellings.refuse(at, "residence_id", message, f"{mend}l'y ajouter", name)
