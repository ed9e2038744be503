"""What is asked of a run? A scenario file: one module a group of its sections, one that reads it."""

from sim.scenario.commission import Acceptance, Sittings
from sim.scenario.demand import Demand
from sim.scenario.laws import DemandLaw, Tenancy, VacancyLaw
from sim.scenario.place import find
from sim.scenario.reading import changed, hypotheses, load_scenario, scenario_of
from sim.scenario.reservation import Designation, Orientation
from sim.scenario.run import GridChoice, LawChoice, Place, Policies, Runs, Time, known_policy
from sim.scenario.scenario import Scenario
from sim.scenario.stock import Ageing, Departures
from sim.scenario.study import BASE, QualificationChoice, Uncertainty, Variant

__all__ = [
    "BASE",
    "Acceptance",
    "Ageing",
    "Demand",
    "DemandLaw",
    "Departures",
    "Designation",
    "GridChoice",
    "LawChoice",
    "Orientation",
    "Place",
    "Policies",
    "QualificationChoice",
    "Runs",
    "Scenario",
    "Sittings",
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
    "scenario_of",
]
