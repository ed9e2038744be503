"""What is wrong in a stylised case beyond the types of its keys?

Reads the plain data of the TOML file, so that a fault of type in one table hides no other fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from sim.territory.files.faults import Fault, nearest, shown

MOST_EVENTS = 10_000_000
"""Demands and vacancies expected in a run, at most: they must fit in memory."""


def incoherences(data: Mapping[str, Any], file: str, unit_s: int) -> Iterator[Fault]:
    """Yield the faults of a case read as plain data; `unit_s` seconds are a unit of time."""
    yield from _twice(data, file, "household")
    yield from _twice(data, file, "dwelling")
    yield from _accepts(data, file)
    yield from _expected(data, file)
    horizon, warm_up = data.get("horizon"), data.get("warm_up", 0.0)
    if not (_is_number(horizon) and _is_number(warm_up) and horizon > 0):
        return
    if round(horizon * unit_s) <= round(warm_up * unit_s):
        yield Fault(
            file, f"attendu inférieur à horizon ({horizon:g})", column="warm_up", value=f"{warm_up:g}"
        )
    rates = [table.get("rate") for _, table in _tables(data, "household")]
    rates += [table.get("vacancy_rate") for _, table in _tables(data, "dwelling")]
    events = sum(rate for rate in rates if _is_number(rate)) * horizon
    if events > MOST_EVENTS:
        message = f"{events:.3g} demandes et vacances attendues, au plus {MOST_EVENTS:.0e}"
        yield Fault(file, message, "réduire horizon ou les rythmes", column="horizon", value=f"{horizon:g}")


def _twice(data: Mapping[str, Any], file: str, section: str) -> Iterator[Fault]:
    seen = set[str]()
    for place, table in _tables(data, section):
        name = table.get("id")
        if isinstance(name, str) and name in seen:
            yield Fault(file, "donné deux fois", "un id par table", column=f"{place}.id", value=shown(name))
        if isinstance(name, str):
            seen.add(name)


def _accepts(data: Mapping[str, Any], file: str) -> Iterator[Fault]:
    dwellings = {str(table.get("id")): table for _, table in _tables(data, "dwelling")}
    for place, table in _tables(data, "household"):
        accepts = table.get("accepts")
        names = [str(name) for name in accepts] if isinstance(accepts, list | tuple) else []
        for name in names:
            if name not in dwellings:
                mend = nearest(name, list(dwellings))
                yield Fault(
                    file, "aucun [[dwelling]] de ce nom", mend, column=f"{place}.accepts", value=shown(name)
                )
        units = [name for name in names if dwellings.get(name, {}).get("units") is not None]
        if units and table.get("tenancy") is None:
            message = f"clé absente, elle est requise : le logement {shown(units[0])} a des units"
            yield Fault(file, message, 'ajouter tenancy = { law = "exponential", mean = 1.0 }', column=place)


def _expected(data: Mapping[str, Any], file: str) -> Iterator[Fault]:
    """A measure is of a household, or of a dwelling freed by a stream, or of all."""
    households = [str(table.get("id")) for _, table in _tables(data, "household")]
    streams = [str(table.get("id")) for _, table in _tables(data, "dwelling") if table.get("units") is None]
    for place, table in _tables(data, "expected"):
        measure, of = table.get("measure"), table.get("of")
        if measure == "delay_probability":
            if of is not None:
                message = "delay_probability est de tous les ménages"
                yield Fault(file, message, "retirer of", column=f"{place}.of", value=shown(of))
            continue
        what = "un logement à vacancy_rate" if measure == "lost_share" else "un ménage"
        known = streams if measure == "lost_share" else households
        if of not in known:
            value = "" if of is None else shown(of)
            mend = nearest(str(of or ""), known)
            yield Fault(file, f"{what} est attendu", mend, column=f"{place}.of", value=value)


def _tables(data: Mapping[str, Any], section: str) -> list[tuple[str, Mapping[str, Any]]]:
    listed = data.get(section)
    if not isinstance(listed, list | tuple):
        return []
    return [(f"{section}[{n}]", table) for n, table in enumerate(listed) if isinstance(table, Mapping)]


def _is_number(value: Any) -> TypeGuard[float]:
    """Tell whether a value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
