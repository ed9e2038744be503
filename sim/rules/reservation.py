"""Which shares of a bailleur's flow may a convention give to each réservataire?

R5 alone: the flows themselves are counted in sim/process/orientation.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.rules.law import Law
from sim.territory.columns import RESERVATAIRES

ETAT, CIVIL_SERVANTS = (RESERVATAIRES.index(name) for name in ("etat", "etat_fonctionnaires"))
EXACT = 1e-9


def unlawful(law: Law, shares: Sequence[float]) -> Iterator[str]:
    """Yield what no convention may agree on: too large a share for the État, or for its civil servants.

    `shares` stand in the order of RESERVATAIRES.

    Source: CCH R.441-5-2 I.
    """
    whole, servants = shares[ETAT] + shares[CIVIL_SERVANTS], shares[CIVIL_SERVANTS]
    if whole > law.etat_share_max + EXACT:
        most = float(law.etat_share_max)
        yield f"l'État a {whole:.3g} du flux, fonctionnaires compris ; au plus {most:.3g} (R.441-5-2 I CCH)"
    if servants > law.etat_fonctionnaires_share_max + EXACT:
        most = float(law.etat_fonctionnaires_share_max)
        yield f"les fonctionnaires ont {servants:.3g} du flux ; au plus {most:.3g} (R.441-5-2 I CCH)"


def below_the_floor(law: Law, shares: Sequence[float]) -> str:
    """Return what must have been agreed on where the État has less than its floor outside QPV, else "".

    Source: CCH R.441-5-2 II.
    """
    whole, least = shares[ETAT] + shares[CIVIL_SERVANTS], float(law.etat_share_min_outside_qpv)
    if whole >= least - EXACT:
        return ""
    return (
        f"hors QPV l'État a {whole:.3g} du flux, sous {least:.3g} : un accord est supposé (R.441-5-2 II CCH)"
    )
