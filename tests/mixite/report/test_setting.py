"""On what a comparison was played, read from its runs; no name of a machine, no folder is kept."""

import json
import platform
from pathlib import Path

import pytest

from mixite.report.setting import setting_of
from sim.process.replication import territory_of
from sim.scenario import load_scenario


def folders(place: Path, hosts: list[str]) -> list[Path]:
    """Return one run folder a host, of 1, 2, 3 … seconds."""
    found = []
    for number, host in enumerate(hosts, start=1):
        folder = place / str(number)
        folder.mkdir()
        timing = {"seconds": float(number), "load_seconds": 0.5, "peak_mb": 100.0 * number, "host": host}
        (folder / "timing.json").write_text(json.dumps(timing), encoding="utf-8")
        found.append(folder)
    return found


def test_setting_sums_the_runs_and_counts_their_machines(tmp_path: Path) -> None:
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    found = setting_of(scenario, territory_of(scenario), folders(tmp_path, ["secrete-17", "secrete-18"]))
    assert (found.runs, found.seconds, found.longest, found.peak_mb) == (2, 3.0, 2.0, 200.0)
    assert (found.hosts, found.here) == (2, False)
    assert "secrete" not in repr(found)
    assert str(tmp_path) not in repr(found)


def test_setting_of_runs_played_here_says_so(tmp_path: Path) -> None:
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    found = setting_of(scenario, territory_of(scenario), folders(tmp_path, [platform.node()] * 2))
    assert (found.hosts, found.here) == (1, True)


def test_setting_counts_what_the_toy_holds(tmp_path: Path) -> None:
    # the toy, by hand: three residences, nine dwellings of which three vacant, ten demands, two bailleurs
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    found = setting_of(scenario, territory_of(scenario), folders(tmp_path, ["a"]))
    counts = {
        name: found.counts[name] for name in ("residences", "dwellings", "vacant", "pending", "bailleurs")
    }
    assert counts == {"residences": 3, "dwellings": 9, "vacant": 3, "pending": 10, "bailleurs": 2}
    assert (found.territory_file, found.as_of) == ("jouet", "2026-01-01")
    assert (found.published, found.assumed, found.sources) == (0, 0, ())


@pytest.mark.parametrize(("name", "published", "assumed"), [("tutorial", 0, 108), ("mel", 24, 84)])
def test_setting_tells_published_numbers_from_assumed_ones(
    tmp_path: Path, name: str, published: int, assumed: int
) -> None:
    scenario = load_scenario(Path(f"scenarios/{name}.toml"), changes={"territory.scale": 0.05})
    found = setting_of(scenario, territory_of(scenario), folders(tmp_path, ["a"]))
    assert (found.published, found.assumed, len(found.sources)) == (published, assumed, published)
