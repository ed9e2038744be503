"""What is asked of a run? Every section of a scenario, frozen."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import Field

from sim.policies.parameters import UsualOrder
from sim.rules.peuplement import Target
from sim.scenario.commission import Acceptance, Sittings
from sim.scenario.demand import Demand, Mutations
from sim.scenario.feedback import Feedback
from sim.scenario.funnel import Funnel
from sim.scenario.laws import DemandLaw, VacancyLaw
from sim.scenario.place import find
from sim.scenario.priorities import Dalo, EssentialWorkers, Relogement, Rpms
from sim.scenario.reservation import Designation, Orientation
from sim.scenario.run import GridChoice, LawChoice, Place, Policies, Runs, Time
from sim.scenario.stock import Ageing, Departures, Household, Operation, Supply
from sim.scenario.study import Control, FrontierChoice, QualificationChoice, Uncertainty, Variant
from sim.territory.files.toml import Model


class Scenario(Model):
    """A scenario after overrides; paths are relative to `folder`."""

    name: str = Field(min_length=1, max_length=80)
    territory: Place
    time: Time
    runs: Runs = Runs()
    policies: Policies = Policies()
    grid: GridChoice
    law: LawChoice = LawChoice()
    sittings: Sittings = Sittings()
    status_quo: UsualOrder
    orientation: Orientation
    designation: Designation
    departures: Departures
    ageing: Ageing
    demand: Demand
    acceptance: Acceptance
    funnel: Funnel
    mutations: Mutations
    dalo: Dalo
    relogement: Relogement
    essential_workers: EssentialWorkers
    rpms: Rpms
    supply: Supply
    operation: tuple[Operation, ...] = ()
    household: Household
    feedback: Feedback
    control: Control = Control()
    uncertainty: Uncertainty = Uncertainty()
    qualification: QualificationChoice
    frontier: FrontierChoice | None
    demand_law: tuple[DemandLaw, ...] = ()
    vacancy_law: tuple[VacancyLaw, ...] = ()
    target: tuple[Target, ...] = ()
    variant: tuple[Variant, ...] = ()
    folder: Path = Field(default=Path(), exclude=True)
    file: str = Field(default="", exclude=True)  # its name, "" where it was not read from one

    @property
    def called(self) -> str:
        """How a fault calls it: by its file, by its name where it has none."""
        return self.file or self.name

    @property
    def scale(self) -> float:
        """Share of the territory that is played."""
        return self.territory.scale

    @property
    def grids(self) -> tuple[str, ...]:
        """The grid files, one at least."""
        return self.grid.files

    def path(self, relative: str) -> Path:
        """Return a path of the scenario, looked up in the installed package where it is not on disk."""
        return find(self.folder / relative)

    def with_grid(self, file: str) -> Scenario:
        """Return the same scenario with one grid."""
        return self.model_copy(update={"grid": GridChoice(file=file, mutations=self.grid.mutations)})

    def digest(self) -> str:
        """Return the SHA-256 of the scenario after overrides, hypotheses included."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
