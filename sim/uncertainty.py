"""Which numbers of a scenario have a declared range, and what is the scenario at other values of them?

A range is that of a figure with `low` and `high`, of behaviour (`scenarios/hypotheses`) or of a synthetic
territory, or that of a table with `spread`. What is left still is listed with its reason. Left out on
purpose: drawing values (sim/draws.py) and searching where a sign changes (sim/reversal.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.scenario import FrontierChoice, Scenario, changed, hypotheses
from sim.territory.columns import RESERVATAIRES
from sim.territory.figure import Figure
from sim.territory.files import toml
from sim.territory.files.faults import Fault, FaultsFound, nearest, shown
from sim.territory.synthetic.sources import numbers
from sim.territory.synthetic.spec import SyntheticTerritory, load_spec
from sim.territory.synthetic.tables import Table

TERRITORY = "territory."
"""Before the name of a number of the synthetic territory."""

COMPLEMENT = "orientation.aucun"
"""The share that moves when another share of its section does, so that their sum stays one."""

NOT_DRAWN = {
    COMPLEMENT: "complément à un des autres parts",
    f"{TERRITORY}demand.rooms": "nombres entiers, bornes d'une même ligne",
    f"{TERRITORY}households.plus_ceilings_eur": "barème croissant d'un texte",
} | dict.fromkeys(
    (f"frontier.{name}" for name in FrontierChoice.model_fields),
    "réglage de `mixite frontier`, sans effet ici",
)
FIXED = "tenue fixe par le scénario ([uncertainty] fixed)"
SET = "fixée par le scénario, qui ne déclare pas d'intervalle ([uncertainty] ranges)"
REFUSED = "une borne est refusée seule"


@dataclass(frozen=True)
class Parameter:
    """A number with the range in which it may lie; `whole` when it counts things."""

    name: str
    label: str
    unit: str
    low: float
    value: float
    high: float
    whole: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of the range."""
        return self.low, self.high

    def at(self, uniform: float) -> float:
        """Return the value at a share of the range, uniform; a whole number takes each value as often."""
        if self.whole:
            return min(self.low + int(uniform * (self.high - self.low + 1)), self.high)
        return self.low + uniform * (self.high - self.low)


@dataclass(frozen=True)
class Declared:
    """What may be drawn: numbers, tables of the territory by name; and what is not, with the reason."""

    parameters: tuple[Parameter, ...]
    tables: Mapping[str, Table] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)


def declared(scenario: Scenario) -> Declared:
    """Return every range declared of a scenario.

    1. Name the numbers of behaviour, then those of the synthetic territory where it is one.
    2. Leave out those held by `[uncertainty] fixed`, those the scenario sets without a range in `ranges`, and
       those of `NOT_DRAWN`.
    3. Leave out a number one end of which the scenario or the territory refuses, the rest as it is.

    Raises
    ------
    FaultsFound
        when `ranges`, `fixed` or `reversals_of` name nothing, or an end of `ranges` is refused.
    """
    spec = _spec(scenario)
    tables = {f"{TERRITORY}{name}": given for name, given in numbers(spec)} if spec else {}
    known = hypotheses().items()
    figures = {f"{section}.{name}": given for section, keys in known for name, given in keys.items()}
    figures |= {name: given for name, given in tables.items() if isinstance(given, Figure)}
    _check_names(scenario, [*figures, *tables])
    left: dict[str, str] = {}
    kept: list[Parameter] = []
    arrays: dict[str, Table] = {}
    for name, figure in figures.items():
        low, high = scenario.uncertainty.ranges.get(name, (figure.low, figure.high))
        if low is None or high is None or low == high:
            continue
        reason = _held(scenario, name, figure.value)
        if not reason:
            parameter = _parameter(scenario, name, figure, low, high)
            reason = _refused(scenario, spec, parameter)
        if reason:
            left[name] = reason
        else:
            kept.append(parameter)
    for name, given in tables.items():
        if isinstance(given, Table) and given.spread is not None:
            reason = _held(scenario, name, None)
            left |= {name: reason} if reason else {}
            arrays |= {} if reason else {name: given}
    return Declared(tuple(kept), arrays, left)


def with_values(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario with other values under the names of parameters; shares keep their sum.

    Raises
    ------
    FaultsFound
        when the scenario refuses them.
    """
    changes = {name: value for name, value in values.items() if not name.startswith(TERRITORY)}
    of_territory = {
        name.removeprefix(TERRITORY): value for name, value in values.items() if name.startswith(TERRITORY)
    }
    if of_territory:
        changes["territory.values"] = {**scenario.territory.values, **of_territory}
    others = {f"orientation.{name}": name for name in RESERVATAIRES if f"orientation.{name}" != COMPLEMENT}
    if others.keys() & changes.keys():
        shares = [changes.get(key, getattr(scenario.orientation, name)) for key, name in others.items()]
        changes[COMPLEMENT] = 1 - sum(shares)
    return changed(scenario, changes)


def is_folder(scenario: Scenario) -> bool:
    """Tell whether the territory is a folder of tables: it then has no number to replace."""
    return scenario.path(scenario.territory.path).is_dir()


def _spec(scenario: Scenario) -> SyntheticTerritory | None:
    if is_folder(scenario):
        return None
    return load_spec(scenario.path(scenario.territory.path), scenario.territory.values)


def _parameter(scenario: Scenario, name: str, figure: Figure, low: float, high: float) -> Parameter:
    """Return a number with its range, its value being the scenario's.

    Raises
    ------
    FaultsFound
        when the value is not in the range that the scenario gives, or is no number.
    """
    value, whole = figure.value, False
    if not name.startswith(TERRITORY):
        section, key = name.split(".")
        holder = getattr(scenario, section)
        value, whole = getattr(holder, key), type(holder).model_fields[key].annotation is int
    if not isinstance(value, int | float) or not low <= value <= high:
        message = f"la valeur du scénario, {shown(value)}, doit être un nombre de {low:g} à {high:g}"
        raise FaultsFound([Fault(scenario.name, message, column=f"uncertainty.ranges : {name}")])
    return Parameter(name, figure.label or name, figure.unit, low, float(value), high, whole)


def _held(scenario: Scenario, name: str, default: float | None) -> str:
    """Return why a name is not drawn, empty when it is."""
    asked = scenario.uncertainty
    if any(_begins(name, prefix) for prefix in asked.fixed):
        return FIXED
    if name in NOT_DRAWN:
        return NOT_DRAWN[name]
    if name in asked.ranges:
        return ""
    if name.startswith(TERRITORY):
        return SET if name.removeprefix(TERRITORY) in scenario.territory.values else ""
    section, key = name.split(".")
    return SET if getattr(getattr(scenario, section), key) != default else ""


def _refused(scenario: Scenario, spec: SyntheticTerritory | None, parameter: Parameter) -> str:
    """Return why an end of a range is refused, empty when both are accepted.

    Raises
    ------
    FaultsFound
        when the range is the scenario's own.
    """
    for end in parameter.ends:
        try:
            if spec and parameter.name.startswith(TERRITORY):
                _decode_section(spec, parameter.name.removeprefix(TERRITORY), end)
            else:
                with_values(scenario, {parameter.name: end})
        except FaultsFound as found:
            if parameter.name in scenario.uncertainty.ranges:
                raise
            return f"{REFUSED} ({end:g}) : {found.faults[0].message}"
    return ""


def _decode_section(spec: SyntheticTerritory, name: str, value: float) -> None:
    """Decode again the section of a territory with another value: no fault of a file reaches further."""
    section, *inner = name.split(".")
    holder = getattr(spec, section)
    data = holder.model_dump()
    place = data
    for key in inner:
        place = place[key]
    place["value"] = value
    toml.decode(data, type(holder), name)


def _begins(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def _check_names(scenario: Scenario, known: list[str]) -> None:
    asked = scenario.uncertainty
    given = [("fixed", name) for name in asked.fixed] + [
        ("reversals_of", name) for name in asked.reversals_of
    ]
    wrong = [(key, name) for key, name in given if not any(_begins(other, name) for other in known)]
    wrong += [("ranges", name) for name in asked.ranges if name not in known]
    if wrong:
        raise FaultsFound(
            Fault(
                scenario.name,
                "grandeur inconnue",
                nearest(name, known),
                column=f"uncertainty.{key}",
                value=name,
            )
            for key, name in wrong
        )


def searched(scenario: Scenario, ranges: Declared) -> tuple[Parameter, ...]:
    """Return the numbers whose reversal is searched: those of `reversals_of`, every one where it is empty."""
    asked = scenario.uncertainty.reversals_of
    return tuple(
        parameter
        for parameter in ranges.parameters
        if not asked or any(_begins(parameter.name, prefix) for prefix in asked)
    )
