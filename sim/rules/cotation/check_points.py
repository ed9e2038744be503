"""What is wrong in the points of a criterion: fixed, by bands, by accrual?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, TypeGuard

from sim.territory.files.faults import Fault, shown


def points_faults(data: Mapping[str, Any], place: str) -> Iterator[Fault]:
    """Say how to write points that are given as text, or that a band or an accrual lacks."""
    given = data.get("points")
    if isinstance(given, str):
        try:
            plain = f"écrire points = {float(given.replace(',', '.')):g}, sans guillemets"
        except ValueError:
            plain = "écrire un nombre sans guillemets, par exemple points = 10"
        yield Fault(
            "", "des points sont un nombre, ceci est un texte", plain, column=place, value=shown(given)
        )


def bands_faults(bands: Any, place: str) -> Iterator[Fault]:
    """Give the faults of bands: empty, overlapping, without points."""
    if not isinstance(bands, list):
        return
    spans = []
    for position, band in enumerate(bands):
        if not isinstance(band, Mapping):
            continue
        here = f"{place}[{position}].points"
        yield from points_faults(band, here)
        if "points" not in band:
            mend = "écrire points = 0 si la tranche n'en donne pas"
            yield Fault("", "tranche sans points", mend, column=here)
        low, high = band.get("from", -inf), band.get("to", inf)
        if not (is_number(low) and is_number(high)):
            continue
        if low >= high:
            message = "tranche vide : from doit être inférieur à to (borne haute exclue)"
            yield Fault("", message, column=f"{place}[{position}]", value=f"[{low}, {high}[")
        else:
            spans.append((low, high, position))
    reached = -inf
    for low, high, position in sorted(spans):
        if low < reached:
            message = f"la tranche en recouvre une autre, qui va jusqu'à {_bound(reached)} exclu"
            mend = "la borne haute est exclue : faire commencer chaque tranche où finit la précédente"
            yield Fault("", message, mend, column=f"{place}[{position}].from", value=_bound(low))
        reached = max(reached, high)


def accrual_faults(accrual: Any, place: str) -> Iterator[Fault]:
    """Give the faults of an accrual: its step, and a cap of the other sign."""
    if not isinstance(accrual, Mapping):
        return
    yield from points_faults(accrual, f"{place}.points")
    step, points, cap = (accrual.get(key) for key in ("step", "points", "cap"))
    if is_number(step) and step <= 0:
        yield Fault("", "attendu > 0", column=f"{place}.step", value=shown(step))
    if is_number(points) and is_number(cap) and points * cap < 0:
        message = "le plafond et les points sont de signes contraires"
        mend = "un malus a des points négatifs et un plafond négatif"
        yield Fault("", message, mend, column=f"{place}.cap", value=shown(cap))


def _bound(value: float) -> str:
    return "l'infini" if value == inf else "moins l'infini" if value == -inf else shown(value)


def is_number(value: Any) -> TypeGuard[int | float]:
    """Tell whether a value is a number, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)
