"""Is what is given a workbook or a territory, and what is asked of it?"""

from __future__ import annotations

from pathlib import Path

from mixite.desk.dossier.carried import carried
from mixite.desk.dossier.past import read_past
from mixite.desk.options import Options
from mixite.desk.request import Request
from mixite.desk.tables import from_territory, request
from mixite.desk.workbook.commission import from_workbook
from sim.scenario import find
from sim.territory.files.faults import Fault, FaultsFound


def asked(source: Path, vacancies: Path | None, options: Options) -> Request:
    """Return what is asked of a folder of tables or a synthetic territory; of any other file, a workbook.

    What people decided in the sitting before (`options.state`) is carried over.

    Raises
    ------
    FaultsFound
        with every fault of what is given.
    """
    if options.state is None:
        return _asked(source, vacancies, options)
    faults: list[Fault] = []
    past = found = None
    try:
        past = read_past(options.state)
    except FaultsFound as wrong:
        faults += wrong.faults
    try:
        found = _asked(source, vacancies, options)
    except FaultsFound as wrong:
        faults += wrong.faults
    if past is None or found is None:
        raise FaultsFound(faults)
    return carried(found, past)


def _asked(source: Path, vacancies: Path | None, options: Options) -> Request:
    if find(source).is_dir() or source.suffix == ".toml":
        return from_territory(source, vacancies or find(source) / "vacancies.csv", options)
    if vacancies is not None:
        mend = "retirer cette option : les logements sont dans la feuille Logements"
        raise FaultsFound([Fault("--vacancies", "un classeur a ses propres logements", mend)])
    return request(from_workbook(source, options), options)
