"""How is each residence of a territory qualified, from its tables, and where is it written?

`qualification` gives the whole answer: the territory, what it was read with, the residences qualified and
how sensitive their types are. Left out on purpose: the rules (sim/rules/peuplement), how the answer is laid
out (mixite/qualifying_tables.py) and said (mixite/qualifying_words.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mixite.playing import check_folder
from sim.scenario import find, hypotheses
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    from mixite.observing import Told
    from sim.rules.peuplement import Qualified, Sensitivity
    from sim.scenario import QualificationChoice
    from sim.territory.columns import Territory

Read = TypeVar("Read")

FORMS = (".csv", ".json", ".xlsx")
"""Files that `--out` may name, by their end."""

SECTION = "qualification"


@dataclass(frozen=True)
class Settings:
    """What a qualification is made with.

    Attributes
    ----------
    chosen : [qualification] of the scenario, or of the hypotheses
    scenario : its name, "" for the hypotheses
    q1_threshold_eur : EUR a year and consumption unit, NaN where neither the territory nor its demands say
    q1_threshold_given : by territory.toml, for the year
    labels : sentences that the territory says of itself, without those said of its tables while reading
    """

    chosen: QualificationChoice
    scenario: str
    q1_threshold_eur: float
    q1_threshold_given: bool
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Qualification:
    """A territory, qualified."""

    territory: Territory
    settings: Settings
    told: Told
    qualified: Qualified
    sensitivity: Sensitivity


def qualification(
    path: Path,
    scenario: Path | None = None,
    scale: float = 1.0,
    seed: int | None = None,
    out: Path | None = None,
) -> Qualification:
    """Read a territory and qualify its residences.

    1. Read the territory, its leases, vacancies and offers, and the settings.
    2. Observe each residence, qualify it; the type of the table `residences` is the one set before.
    3. Qualify again under every setting of the weights.

    Parameters
    ----------
    path : a folder of canonical tables or a synthetic .toml
    scenario : whose [qualification] is taken, None for the hypotheses
    scale, seed : of a synthetic territory
    out : the file that will be written, checked with the rest

    Raises
    ------
    FaultsFound
        with every fault of the territory, of the scenario and of the file to write.
    """
    from mixite.observing import Told, told_by
    from sim.territory.files.about import read_about

    path, faults = find(path), list[Fault]()
    territory = _or_faults(lambda: _territory(path, scale, seed), faults)
    chosen = _or_faults(lambda: choice_of(scenario), faults)
    _or_faults(lambda: check_out(out), faults)
    if faults or territory is None or chosen is None:
        raise FaultsFound(faults)
    folder = path if path.is_dir() else None
    named = "" if scenario is None else scenario.stem
    labels = territory.notes if folder is None else read_about(folder).notes
    settings = Settings(chosen, named, *threshold_of(territory, folder), labels)
    told = told_by(path, territory, chosen.vacant_months) if folder else Told()
    return qualified_of(territory, settings, told)


def qualified_of(territory: Territory, settings: Settings, told: Told) -> Qualification:
    """Qualify the residences of a territory already read."""
    from sim.rules.law import Law
    from sim.rules.peuplement import observe, qualify, sensitivity

    observed = observe(
        territory,
        Law.at(territory.as_of),
        settings.q1_threshold_eur,
        told.offers,
        let=told.let,
        vacant=told.vacant,
    )
    found = qualify(observed, settings.chosen.choice(), territory.residences.peuplement_type)
    return Qualification(territory, settings, told, found, sensitivity(found, weight_ranges()))


def choice_of(scenario: Path | None) -> QualificationChoice:
    """Return [qualification] of a scenario, of the hypotheses where there is none.

    Raises
    ------
    FaultsFound
        with every fault of the scenario.
    """
    from sim.scenario import QualificationChoice, load_scenario

    if scenario is not None:
        return load_scenario(scenario).qualification
    return QualificationChoice(**{name: figure.value for name, figure in hypotheses()[SECTION].items()})


def weight_ranges() -> Mapping[str, tuple[float, float]]:
    """Return the range of the weight of each indicator, by its name, as the hypotheses give it."""
    from sim.rules.peuplement import VOCABULARY

    figures = {each.name: hypotheses()[SECTION][f"weight_{each.name}"] for each in VOCABULARY}
    return {
        name: tuple(figure.value if end is None else end for end in (figure.low, figure.high))
        for name, figure in figures.items()
    }


def check_out(out: Path | None) -> None:
    """Refuse an output file of another kind than those written, or where none can be.

    Raises
    ------
    FaultsFound
    """
    if out is None:
        return
    if out.suffix.lower() not in FORMS:
        message = f"fichier {' ou '.join(FORMS)} attendu"
        raise FaultsFound([Fault("--out", message, "nommer un autre fichier", value=str(out))])
    if out.is_dir():
        raise FaultsFound([Fault("--out", "est un dossier, un fichier est attendu", value=str(out))])
    check_folder(out.parent)


def _territory(path: Path, scale: float, seed: int | None) -> Territory:
    from sim.territory.files.reading import read_territory
    from sim.territory.synthetic.build import load_spec, synthesise

    if path.is_dir():
        return read_territory(path)
    if not 0 < scale <= 1:
        raise FaultsFound([Fault("--scale", "attendu au-dessus de 0 et au plus 1", value=f"{scale:g}")])
    return synthesise(load_spec(path), scale=scale, seed=seed or 0)


def threshold_of(territory: Territory, folder: Path | None) -> tuple[float, bool]:
    """Return the threshold of the first quartile of the year, and whether the territory gives it."""
    from sim.rules.eligibility import first_quartile_threshold, income_uc_eur
    from sim.rules.law import Law
    from sim.territory.files.about import read_about

    given = read_about(folder).q1_threshold.get(territory.as_of.year) if folder else None
    if given is not None:
        return given, True
    demands, law = territory.demands, Law.at(territory.as_of)
    income = income_uc_eur(law, demands.monthly_income_eur, demands.adults, demands.children, demands.teens)
    return first_quartile_threshold(income), False


def _or_faults(read: Callable[[], Read], faults: list[Fault]) -> Read | None:
    """Return what is read, or None once its faults are added to the others."""
    try:
        return read()
    except FaultsFound as found:
        faults += found.faults
        return None
