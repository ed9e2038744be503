"""What is kept of one run, and when can a kept run stand for a new one?

A run's identity is everything its events depend on: the scenario after overrides, its grid, the territory's
columns, the code, the libraries that compute, the policy, the seed and the replication. Its SHA-256 names
the folder. The manifest is written last: a folder with its manifest is whole. How many replications are asked
for, which policies are compared, the parameters of others, the variants, the draws and the strengths asked
change no event and are left out: a longer study reuses a shorter one.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mixite.pseudonyms import pseudonymised
from mixite.versions import COMPUTING, code_version, library_versions
from sim.territory.files.saving import remove_halves, write_csv, write_json

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes import Outcomes
    from sim.scenario import Scenario
    from sim.territory.columns import Territory
    from sim.territory.synthetic.spec import SyntheticTerritory


CSVS = ("indicators.csv", "tally.csv")


def identity(scenario: Scenario, territory_digest: str, policy: str, replication: int) -> dict[str, Any]:
    """Return what the events of a run depend on."""
    alone = scenario.model_copy(
        update={
            "runs": scenario.runs.model_copy(update={"replications": 1, "variant_replications": 1}),
            "policies": scenario.policies.only(policy, scenario.time.burn_in_policy),
            "variant": (),
            "uncertainty": type(scenario.uncertainty)(),
            "frontier": None,
        }
    )
    own = scenario.grid.mutations
    return {
        "scenario_digest": alone.digest(),
        "grid_digest": _sha256(scenario.path(scenario.grids[0])),
        **({"mutation_grid_digest": _sha256(scenario.path(own))} if own else {}),
        "data_digest": territory_digest,
        "code_version": code_version(),
        "libraries": library_versions(COMPUTING),
        "seed": scenario.runs.seed,
        "policy": policy,
        "replication": replication,
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(run: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a run's identity: the name of its folder."""
    return hashlib.sha256(json.dumps(run, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def data_digest(territory: Territory) -> str:
    """Return the SHA-256 of everything a territory holds: columns, names, shares, date."""
    found = hashlib.sha256()
    for place, value in _leaves("territory", territory):
        found.update(f"{place}\n".encode())
        if isinstance(value, np.ndarray):
            found.update(f"{value.dtype.str}{value.shape}".encode())
            found.update(np.ascontiguousarray(value).tobytes())
        else:
            found.update(repr(value).encode())
    return found.hexdigest()


def recipe_digest(spec: SyntheticTerritory, scenario: Scenario) -> str:
    """Return the SHA-256 of what a synthetic territory is built from: its numbers, its scale, its seed.

    With the version of the code, that is in a run's identity too, it names the same columns; it is not their
    `data_digest`.
    """
    place = scenario.territory
    parts = ("recette", spec.model_dump_json(), repr(place.scale), repr(place.territory_seed))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _leaves(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value):
        for spec in fields(value):
            yield from _leaves(f"{place}.{spec.name}", getattr(value, spec.name))
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from _leaves(f"{place}.{key}", value[key])
    else:
        yield place, value


def last_file(kept: Path) -> Path:
    """Return the file that is written last where a run is kept, in a folder or a file of its own."""
    return kept if kept.suffix else kept / "manifest.json"


def is_complete(folder: Path, run_digest: str) -> bool:
    """Tell whether a folder holds a whole run of that identity."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    from sim.outcomes import TABLES

    kept = [*(f"{name}.parquet" for name in TABLES), *CSVS, "timing.json", "context.json"]
    return manifest.get("digest") == run_digest and all((folder / name).is_file() for name in kept)


def write_run(
    folder: Path,
    outcomes: Outcomes,
    run: Mapping[str, Any],
    scenario: Scenario,
    *,
    seconds: float,
    load_seconds: float,
    peak_mb: float,
) -> dict[str, Any]:
    """Write the run folder: tables, indicators, timing, then the manifest, each file whole or absent.

    Returns
    -------
    the manifest.
    """
    from sim.concerned import tally
    from sim.indicators import compute_all
    from sim.outcomes import events_sha256, save

    (folder / "manifest.json").unlink(missing_ok=True)
    remove_halves(folder)
    save(pseudonymised(outcomes), folder)
    write_csv(compute_all(outcomes), folder / "indicators.csv")
    write_csv(tally(outcomes), folder / "tally.csv")
    timing = {
        "seconds": round(seconds, 4),
        "load_seconds": round(load_seconds, 4),
        "peak_mb": peak_mb,
        "host": platform.node(),
    }
    write_json(timing, folder / "timing.json")
    manifest = {
        **run,
        "digest": digest(run),
        "scenario": scenario.model_dump(mode="json"),
        "python": platform.python_version(),
        "library_versions": library_versions(),
        "events_sha256": events_sha256(outcomes),
    }
    write_json(manifest, folder / "manifest.json")
    return manifest


def read_indicators(folder: Path) -> pd.DataFrame:
    """Return the indicators of a kept run."""
    import pandas as pd

    return pd.read_csv(
        folder / "indicators.csv", dtype={"indicator": str, "group": str, "unit": str}, keep_default_na=False,
        na_values={"value": [""], "year": [""]},
    )  # fmt: skip


def read_table(folder: Path, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return some columns of a table of a kept run."""
    import pandas as pd

    return pd.read_parquet(folder / f"{name}.parquet", columns=list(columns))


def read_tally(folder: Path) -> pd.DataFrame:
    """Return what a kept run counts of each group (sim/concerned/tally.py)."""
    import pandas as pd

    return pd.read_csv(folder / "tally.csv", dtype={"side": str, "dimension": str, "group": str})


def read_context(folder: Path) -> dict[str, Any]:
    """Return what a kept run was: start, years, shares of the law, thresholds."""
    found: dict[str, Any] = json.loads((folder / "context.json").read_text(encoding="utf-8"))
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a kept run."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found
