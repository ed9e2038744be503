"""What is asked of a run? A scenario file, decoded once, frozen, every fault named at once.

Numbers of behaviour that a scenario does not set come from `scenarios/hypotheses.toml`, where each has its
source or is a named assumption.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from sim.policies import JOINT, POLICIES
from sim.policies.parameters import Parameters
from sim.rules.peuplement import Target
from sim.territory.columns import RESERVATAIRES
from sim.territory.figure import Figure
from sim.territory.files import toml
from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.toml import Model

Share = Field(ge=0, le=1)
Positive = Field(gt=0)
LEAST_NAMES = 3
"""Names on a list, at least, unless sittings are immediate: what R9 asks of a commission."""


class Place(Model):
    """[territory]: a folder of canonical tables or a synthetic .toml, relative to the scenario."""

    path: str
    scale: float = Field(default=1.0, gt=0, le=1)
    territory_seed: int = Field(default=0, ge=0)


class Time(Model):
    """[time]: a forecast runs whole civil years; `length_s` runs so many seconds and turns no year."""

    start: date
    years: int = Field(default=1, ge=1, le=30)
    length_s: int | None = Field(default=None, gt=0)
    burn_in_months: int = Field(default=24, ge=0, le=120)
    burn_in_policy: str = "seniority"

    @field_validator("start")
    @classmethod
    def _first_of_january(cls, start: date) -> date:
        if (start.month, start.day) != (1, 1):
            raise ValueError("les quotas se comptent par année civile : un 1er janvier est attendu")
        return start

    @field_validator("burn_in_policy")
    @classmethod
    def _known(cls, name: str) -> str:
        return known_policy(name)


class Runs(Model):
    """[runs]"""

    replications: int = Field(default=20, ge=1, le=10_000)
    seed: int = Field(default=0, ge=0)


class Policies(Model):
    """[policies]: those to compare; `parameters` by name, of those that match jointly."""

    compare: tuple[str, ...] = ("cotation_only", "cotation_matched", "cotation_quotas", "cotation_peuplement")
    parameters: Mapping[str, Parameters] = Field(default_factory=dict)

    def of(self, name: str) -> Parameters:
        """Return the parameters of a policy."""
        return self.parameters.get(name, Parameters())

    def only(self, *names: str) -> Policies:
        """Return what bears on some policies alone: their parameters written out, and none to compare."""
        parameters = {name: self.of(name) for name in names if name in JOINT}
        return self.model_copy(update={"compare": (), "parameters": parameters})

    @field_validator("parameters")
    @classmethod
    def _matching_jointly(cls, given: Mapping[str, Parameters]) -> Mapping[str, Parameters]:
        for name in given:
            if known_policy(name) not in JOINT:
                raise ValueError(f"« {name} » n'a pas de paramètres ; en ont : {', '.join(JOINT)}")
        return given

    @field_validator("compare")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            known_policy(name)
        if not names:
            raise ValueError("au moins une politique est attendue")
        return names


class GridChoice(Model):
    """[grid]: one file, or several to see whether a result depends on the grid."""

    file: str | tuple[str, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """Every grid file, one at least."""
        return (self.file,) if isinstance(self.file, str) else self.file


class LawChoice(Model):
    """[law]: values of law replaced for study, by the names of the law texts; `quotas = false` for no row."""

    overrides: Mapping[str, bool | int | float] = Field(default_factory=dict)


class Sittings(Model):
    """[sittings]: by the calendar, or `immediate`: when a vacancy appears, or a demand is filed."""

    rule: Literal["calendar", "immediate"] = "calendar"
    weekday: int = Field(default=0, ge=0, le=6)
    every_days: int = Field(default=7, ge=1, le=31)
    max_lists: int = Field(default=2, ge=1, le=10)
    list_length: int = Field(default=3, ge=1, le=10)
    max_points_forgone: int = Field(default=40, ge=0, le=10_000)
    weight: Literal["points", "rank", "log"] = "points"

    @field_validator("list_length")
    @classmethod
    def _three_by_the_calendar(cls, length: int, given: ValidationInfo) -> int:
        if given.data.get("rule") == "calendar" and length < LEAST_NAMES:
            raise ValueError(f"attendu ≥ {LEAST_NAMES}")
        return length


class Orientation(Model):
    """[orientation]: rule and share of each réservataire; `uniform` is the same in every arm."""

    rule: Literal["uniform"] = "uniform"
    etat: float = Share
    etat_fonctionnaires: float = Share
    action_logement: float = Share
    collectivite: float = Share
    aucun: float = Share

    @model_validator(mode="after")
    def _whole(self) -> Orientation:
        total = sum(self.shares)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"la somme des parts est {total:.4g}, attendue 1")
        return self

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of each réservataire, in the order of RESERVATAIRES."""
        return tuple(getattr(self, name) for name in RESERVATAIRES)


class Designation(Model):
    """[designation]"""

    designated_share: float = Share
    days: float = Field(ge=0)


class Departures(Model):
    """[departures]"""

    weibull_shape: float = Positive
    weibull_scale_years: float = Positive
    outside_share: float = Share
    t1_over_t5: float = Positive
    short_notice_share: float = Share
    notice: bool = True
    works_days: float = Field(ge=0)


class Ageing(Model):
    """[ageing]"""

    income_persistence: float = Field(ge=0, lt=1)
    job_loss: float = Share
    job_found: float = Share
    retirement_age: float = Field(ge=50, le=80)


class Demand(Model):
    """[demand]: `new_per_year` is for the whole territory before scaling; else from the pending."""

    new_per_pending: float = Field(ge=0)
    new_per_year: float | None = Field(default=None, ge=0)
    mutation_share: float = Field(ge=0, lt=1)
    renewal: float = Field(ge=0, lt=1)


class Acceptance(Model):
    """[acceptance]: `certain` means at once, always, without a draw."""

    certain: bool = False
    accepts: float = Field(gt=0, lt=1)
    dalo_accepts: float = Field(gt=0, lt=1)
    silent_share: float = Share
    not_attributed: float = Share
    first_commune: float
    effort: float = Field(ge=0)
    effort_threshold: float = Share
    residence_sd: float = Field(ge=0)


class Tenancy(Model):
    """Law of the length of a tenancy; `cv2`, the squared coefficient of variation, is that of a gamma."""

    law: Literal["exponential", "deterministic", "gamma"] = "exponential"
    mean_s: float = Positive
    cv2: float = Field(default=1.0, gt=0)


class DemandLaw(Model):
    """[[demand_law]]: what the demands drawn from one template follow in place of [demand], [departures]."""

    template: str  # demand_id of a demand of the territory; it is a model, and is not pending itself
    arrivals_per_s: float = Field(ge=0)  # Poisson
    gives_up_per_s: float = Field(default=0.0, ge=0)  # exponential patience
    waits: bool = True  # false: gone a second after it is filed, unless served at once
    tenancy: Tenancy | None = None


class VacancyLaw(Model):
    """[[vacancy_law]]: a dwelling freed at Poisson times, lost for that time when nobody is eligible."""

    dwelling: str  # dwelling_id
    per_s: float = Field(ge=0)


class QualificationChoice(Model):
    """[qualification]"""

    shrinkage: float = Field(ge=0)


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
    orientation: Orientation
    designation: Designation
    departures: Departures
    ageing: Ageing
    demand: Demand
    acceptance: Acceptance
    qualification: QualificationChoice
    demand_law: tuple[DemandLaw, ...] = ()
    vacancy_law: tuple[VacancyLaw, ...] = ()
    target: tuple[Target, ...] = ()
    folder: Path = Field(default=Path(), exclude=True)

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
        return self.model_copy(update={"grid": GridChoice(file=file)})

    def digest(self) -> str:
        """Return the SHA-256 of the scenario after overrides, hypotheses included."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def known_policy(name: str) -> str:
    """Return the name of a policy.

    Raises
    ------
    ValueError
        in French, with the nearest and the known names.
    """
    if name not in POLICIES:
        raise ValueError(f"politique inconnue « {name} » ; {nearest(name, tuple(POLICIES))}")
    return name


def find(path: Path) -> Path:
    """Return `path`; absent on disk and beginning with `scenarios/`, it is looked up in the package."""
    if not path.exists() and path.parts[:1] == ("scenarios",):
        packaged = Path(str(resources.files("scenarios"))).joinpath(*path.parts[1:])
        if packaged.exists():
            return packaged
    return path


@cache
def hypotheses() -> Mapping[str, Mapping[str, Figure]]:
    """Return every behavioural number of `scenarios/hypotheses.toml`, by section then name."""
    file = Path(str(resources.files("scenarios"))) / "hypotheses.toml"
    data = toml.read(file)
    return {
        section: {
            name: toml.decode(spec, Figure, f"{file.name} {section}.{name}") for name, spec in names.items()
        }
        for section, names in data.items()
    }


def load_scenario(path: Path, *, changes: Mapping[str, Any] | None = None) -> Scenario:
    """Read a scenario file, then apply changes given by dotted key ({"runs.seed": 7}; None is ignored).

    Raises
    ------
    FaultsFound
        with every fault of the file: unknown keys, values out of bounds, absent files.
    """
    path = find(path)
    data = toml.read(path)
    for key, value in (changes or {}).items():
        if value is not None:
            _set(data, key, value)
    faults: list[Fault] = []
    scenario: Scenario | None = None
    try:
        scenario = scenario_of(data, path.name).model_copy(update={"folder": path.parent})
    except FaultsFound as found:
        faults += found.faults
    faults += _absent_files(data, path)
    if faults or scenario is None:
        raise FaultsFound(faults)
    return scenario


def scenario_of(data: dict[str, Any], name: str) -> Scenario:
    """Decode a scenario's data, the numbers of behaviour it does not set taken from the hypotheses.

    Raises
    ------
    FaultsFound
        with every fault of the data, said of the file `name`.
    """
    for section, names in hypotheses().items():
        given = data.setdefault(section, {})
        if isinstance(given, dict):
            for key, figure in names.items():
                given.setdefault(key, figure.value)
    return toml.decode(data, Scenario, name)


def _set(data: dict[str, Any], key: str, value: Any) -> None:
    *sections, name = {"scale": "territory.scale"}.get(key, key).split(".")
    for section in sections:
        data = data.setdefault(section, {})
        if not isinstance(data, dict):
            return  # decoding names the fault
    data[name] = value


def _absent_files(data: Mapping[str, Any], path: Path) -> list[Fault]:
    """Return a fault per file or folder that the scenario names and that is not there."""
    named = []
    for section, key in (("territory", "path"), ("grid", "file")):
        table = data.get(section)
        value = table.get(key) if isinstance(table, Mapping) else None
        texts = value if isinstance(value, list | tuple) else [value]
        named += [(f"{section}.{key}", text) for text in texts if isinstance(text, str)]
    faults = []
    for key, text in named:
        place = find(path.parent / text)
        if not place.exists():
            beside = sorted(p.name for p in place.parent.iterdir()) if place.parent.is_dir() else []
            mend = nearest(place.name, beside) if beside else "vérifier le chemin, relatif au scénario"
            faults.append(Fault(path.name, "fichier ou dossier introuvable", mend, column=key, value=text))
    return faults
