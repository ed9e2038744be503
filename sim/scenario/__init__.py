"""What is asked of a run? A scenario file: one module a group of its sections, one that reads it."""

from sim.scenario.commission import Acceptance, Sittings
from sim.scenario.demand import Demand
from sim.scenario.laws import DemandLaw, Tenancy, VacancyLaw
from sim.scenario.place import find
from sim.scenario.priorities import Relogement
from sim.scenario.reading import (
    changed,
    hypotheses,
    load_scenario,
    said_of_variant,
    scenario_of,
    sets_targets,
)
from sim.scenario.reservation import Designation, Orientation
from sim.scenario.run import GridChoice, LawChoice, Place, Policies, Runs, Time, known_policy
from sim.scenario.scenario import Scenario
from sim.scenario.stock import Ageing, Departures, Operation, Supply
from sim.scenario.study import BASE, Control, FrontierChoice, QualificationChoice, Uncertainty, Variant

__all__ = [
    "BASE",
    "Acceptance",
    "Ageing",
    "Control",
    "Demand",
    "DemandLaw",
    "Departures",
    "Designation",
    "FrontierChoice",
    "GridChoice",
    "LawChoice",
    "Operation",
    "Orientation",
    "Place",
    "Policies",
    "QualificationChoice",
    "Relogement",
    "Runs",
    "Scenario",
    "Sittings",
    "Supply",
    "Tenancy",
    "Time",
    "Uncertainty",
    "VacancyLaw",
    "Variant",
    "changed",
    "find",
    "hypotheses",
    "known_policy",
    "load_scenario",
    "said_of_variant",
    "scenario_of",
    "sets_targets",
]
