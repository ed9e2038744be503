"""Which facts does a table of demands give a grid on a day?

What a column holds is taken as it is; what it does not hold is derived where the closed list of attributes
says how (persons a room, effort rate, kind of the demand …); the rest stays missing, and is said so. A table
without the column `dalo_recognised_on` does not say that nobody is recognised: `dalo` is then missing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.attributes import ATTRIBUTES
from sim.rules.cotation.codes import DALO_STATUS, FAMILY_STATUS, HOUSING_MODES, MOTIVES
from sim.rules.cotation.facts import seniority_months
from sim.rules.eligibility import (
    consumption_units,
    first_quartile_threshold,
    income_uc_eur,
    plus_ceiling_eur,
)
from sim.rules.law import Law
from sim.rules.traits import People
from sim.territory.files.building import activity_of, attribute
from sim.territory.files.canonical import CanonicalTable
from sim.territory.files.rows import children_of_14, reference_age
from sim.territory.files.schema import ATTRIBUTES as COLUMNS

Facts = dict[str, NDArray[Any]]

_READ_BY_TRAITS = (
    *("request_kind", "dalo", "pdalhpd", "accord_collectif"),
    *("violence_proven", "right_to_rehousing", "essential_worker"),
)
_HLM = np.int64(1 << HOUSING_MODES.index("HLM"))
_DEMOLITION = np.int64(1 << MOTIVES.index("02"))
_ACTIVE = DALO_STATUS.index("ACTIF")
_ALONE = [FAMILY_STATUS.index(code) for code in ("C", "D", "S", "V")]


def people_of_table(table: CanonicalTable, facts: Facts, on: date) -> People:
    """Return the columns the traits read; a missing flag counts as not declared.

    The first quartile is that of the demands of the table: its threshold is read from them.
    Source: R1, arrêté of the first quartile.
    """
    law = Law.at(on)
    adults, children = table.array("adults"), table.array("children")
    teens = np.maximum(children_of_14(table), 0)
    income = income_uc_eur(law, table.array("monthly_income_eur"), adults, children, teens)
    flag = {
        name: np.asarray(facts[name]) == 1 if name in facts else np.zeros(table.read, np.bool_)
        for name in _READ_BY_TRAITS
    }
    return People(
        adults=adults,
        children=children,
        teens=teens,
        age=reference_age(table),
        activity=activity_of(table),
        income_uc_eur=income,
        rfr_eur=table.array("rfr_eur"),
        mutation=flag["request_kind"],
        dalo=flag["dalo"],
        recognised=(table.array("l441_1") == 1) | flag["pdalhpd"] | flag["accord_collectif"],
        violence=flag["violence_proven"],
        relogement=flag["right_to_rehousing"],
        essential_worker=flag["essential_worker"],
        needs_accessible=table.array("needs_accessible") == 1,
        q1_threshold_eur=first_quartile_threshold(income),
        plus_ceiling_eur=plus_ceiling_eur(law, adults + children, (adults == 1) & (children > 0)),
    )


def facts_of_table(table: CanonicalTable, on: date) -> Facts:
    """Return the facts of a table of demands without faults, encoded, on a day."""
    facts: Facts = {
        column.name: attribute(table, column) for column in COLUMNS if column.name in table.values
    }
    filed = table.array("filed_on").astype("datetime64[D]")
    _fill(facts, "created_on", filed.view(np.int64).astype(np.float64))
    _fill(facts, "seniority_months", seniority_months(filed, on).astype(np.float64))
    _fill(facts, "adults", table.array("adults").astype(np.float64))
    _fill(facts, "children", table.array("children").astype(np.float64))
    age = reference_age(table).astype(np.float64)
    _fill(facts, "age", np.where(age < 0, np.nan, age))
    _fill_dalo(facts)
    if "dalo_recognised_on" in table.values:
        recognised = table.array("dalo_recognised_on") <= np.datetime64(on, "D")
        _fill(facts, "dalo", recognised.astype(np.int8))
    if "mutation_of" in table.values:
        leaves = table.array("mutation_of") != ""
        if "housing_modes" in facts:  # a tenant of an HLM elsewhere leaves no dwelling of the territory
            leaves = leaves | (_kind_of_modes(facts["housing_modes"]) == 1)
        _fill(facts, "request_kind", leaves.astype(np.int8))
    if "relogement_operation" in table.values:
        # An empty cell does not say that no right to rehousing was entered elsewhere: it stays missing.
        rehoused = table.array("relogement_operation") != ""
        _fill(facts, "right_to_rehousing", np.where(rehoused, np.int8(1), np.int8(-1)))
    if "max_rent_eur" in table.values:
        _fill(facts, "max_rent", table.array("max_rent_eur"))
    facts["communes"] = np.array(table.texts["communes"].to_pylist(), dtype=np.str_)
    teens = np.maximum(children_of_14(table), 0).astype(np.int64)
    return completed(facts, teens, on)


def completed(facts: Facts, teens: NDArray[Any], on: date) -> Facts:
    """Return the facts with what derives from them, for whoever lacks it and has what it derives from.

    Parameters
    ----------
    teens : (n,) int, of the children, those who count as a further person in consumption units
    """
    found = dict(facts)
    for name, needed, rule in _RULES:
        if all(one in found for one in needed):
            _fill(found, name, rule(*(found[one] for one in needed)))
    _fill_resources(found, teens, on)
    return found


def _fill(facts: Facts, name: str, values: NDArray[Any]) -> None:
    """Put values where the attribute is missing."""
    if name not in facts:
        facts[name] = values
        return
    held = facts[name]
    lacks = np.isnan(held) if ATTRIBUTES[name].kind == "number" else held.astype(np.int64) < 0
    if lacks.any():
        facts[name] = np.where(lacks, values, held).astype(held.dtype)


def _fill_dalo(facts: Facts) -> None:
    """Let a declared status tell who is a DALO household, before the date of recognition does."""
    if "dalo_status" in facts:
        status = facts["dalo_status"]
        _fill(facts, "dalo", np.where(status < 0, np.int8(-1), (status == _ACTIVE).astype(np.int8)))


def _ratio(above: NDArray[Any], below: NDArray[Any]) -> NDArray[Any]:
    """Return above / below, NaN where below is 0 or less."""
    empty = np.full(np.shape(above), np.nan)
    ratio: NDArray[Any] = np.divide(above, below, out=empty, where=np.asarray(below) > 0)
    return ratio


def _kind_of_modes(modes: NDArray[Any]) -> NDArray[Any]:
    return np.where(modes < 0, np.int8(-1), (modes & _HLM > 0).astype(np.int8))


def _single(status: NDArray[Any], cotenants: NDArray[Any], children: NDArray[Any]) -> NDArray[Any]:
    known = (status >= 0) & ~np.isnan(cotenants) & ~np.isnan(children)
    alone = np.isin(status, _ALONE) & (cotenants == 0) & (children >= 1)
    return np.where(known, alone.astype(np.int8), np.int8(-1))


_RULES: tuple[tuple[str, tuple[str, ...], Callable[..., NDArray[Any]]], ...] = (
    ("request_kind", ("housing_modes",), _kind_of_modes),
    ("dalo_status", ("dalo",), lambda dalo: np.asarray(dalo).astype(np.int8)),
    ("cotenants", ("adults",), lambda adults: adults - 1.0),
    ("persons_per_room", ("occupants", "rooms"), _ratio),
    ("m2_per_person", ("surface", "occupants"), _ratio),
    (
        "right_to_rehousing",
        ("motives",),
        lambda motives: np.where((motives >= 0) & (motives & _DEMOLITION > 0), np.int8(1), np.int8(-1)),
    ),
    ("single_parent", ("family_status", "cotenants", "children"), _single),
)
"""Attribute, what it derives from, how. The codes 0 and 1 of a status are NON and ACTIF, those of a kind are
primo and mutation."""


def _fill_resources(facts: Facts, teens: NDArray[Any], on: date) -> None:
    """Derive the effort rate and the income left after rent, from declared resources.

    Source: closed list (SNE): (rent − apl) / (received − paid); (received − paid − rent + apl) / UC.
    """
    if not {"monthly_received", "monthly_paid", "rent", "apl"} <= facts.keys():
        return
    resources, charge = (
        facts["monthly_received"] - facts["monthly_paid"],
        facts["rent"] - facts["apl"],
    )
    _fill(facts, "effort_rate", _ratio(charge, resources))
    adults, children = (np.nan_to_num(facts[name], nan=1.0) for name in ("adults", "children"))
    units = consumption_units(Law.at(on), adults, children, teens)
    _fill(facts, "residual_income", (resources - charge) / units)
