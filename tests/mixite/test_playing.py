"""How replications are played and what an interruption leaves."""

import json
import os
import signal
from pathlib import Path

import pytest

from mixite import comparing, playing, run_folder, workers
from mixite.terminal import StoppedEarly
from sim.policies.parameters import Parameters
from sim.scenario import Scenario


@pytest.fixture
def scenario() -> Scenario:
    changes = {"policies.compare": ["seniority", "lottery"], "time.years": 1, "time.burn_in_months": 1}
    return comparing.load(Path("scenarios/tutorial.toml"), {**changes, "runs.replications": 2, "scale": 0.5})


def test_interruption_keeps_what_is_finished_and_says_how_to_resume(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = run_folder.write_run

    def write_then_interrupt(*arguments: object, **named: object) -> object:
        write(*arguments, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(run_folder, "write_run", write_then_interrupt)
    with pytest.raises(StoppedEarly, match="la même commande reprend"):
        comparing.compare(scenario, tmp_path, workers=1)
    monkeypatch.undo()
    place = playing.loaded(scenario)
    missing = [len(playing.job(scenario, place, replication, tmp_path).folders) for replication in (0, 1)]
    assert missing == [1, 2]  # one run of the first replication was kept


def test_handler_of_termination_is_given_back(scenario: Scenario, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    place = playing.loaded(scenario)
    playing.play_all([playing.job(scenario, place, 0, tmp_path)], place, 1, tmp_path)
    assert signal.getsignal(signal.SIGTERM) is before


def test_workers_and_their_number_change_no_event(scenario: Scenario, tmp_path: Path) -> None:
    place = playing.loaded(scenario)
    kept = []
    for count in (1, 2):
        out = tmp_path / str(count)
        jobs = [playing.job(scenario, place, replication, out) for replication in (0, 1)]
        playing.play_all(jobs, place, count, out)
        kept.append({path.name: run_folder.read_manifest(path)["events_sha256"] for path in out.iterdir()})
    assert kept[0] == kept[1]
    assert len(kept[0]) == 4


def test_workers_read_the_columns_of_one_territory_where_they_lie(scenario: Scenario, tmp_path: Path) -> None:
    """Each worker maps the same files, read-only: none holds a copy."""
    limit, place = workers.SMALLEST_SHARED_BYTES, playing.loaded(scenario)

    def tell(job: playing.Job, policy: str, _: object, there: playing.Place, __: float) -> None:
        columns = {
            f"{table}.{name}": {
                "mapped": str(getattr(column, "filename", "")),
                "read_only": not column.flags.writeable,
                "shared": column.base is not None,
            }
            for table in ("residences", "dwellings", "occupants", "demands")
            for name, column in vars(getattr(there.territory, table)).items()
            if getattr(column, "nbytes", 0) > limit
        }
        told = {"process": os.getpid(), "columns": columns, "memory": memory_of_this_process()}
        (tmp_path / f"{job.replication}-{policy}.json").write_text(json.dumps(told))

    jobs = [playing.job(scenario, place, replication, tmp_path) for replication in (0, 1, 2, 3)]
    playing.play_all(jobs, place, 2, tmp_path, tell)
    told = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    assert len(told) == 8
    assert len({one["process"] for one in told}) == 2, "two workers have played"
    first = told[0]["columns"]
    assert len(first) > 20
    for one in told:
        assert one["columns"] == first, "the same files, whoever plays"
        private = [name for name, column in one["columns"].items() if not all(column.values())]
        assert not private, f"columns held apart, in a process of {one['memory']}"


def test_no_worker_starts_where_every_run_is_kept(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparing.compare(scenario, tmp_path, workers=1)

    def start(count: int) -> None:
        pytest.fail(f"{count} workers have started")

    monkeypatch.setattr(comparing, "started", start)
    monkeypatch.setattr(playing, "in_any_order", lambda *_: start(0))
    comparing.compare(scenario, tmp_path, workers=2)


def memory_of_this_process() -> dict[str, str]:
    """Return what the system says of the memory of a process (Pss: its part of what is shared)."""
    rollup = Path("/proc/self/smaps_rollup")
    lines = rollup.read_text().splitlines()[1:] if rollup.exists() else []
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_number_of_replications_and_other_policies_do_not_rename_a_run(scenario: Scenario) -> None:
    place = playing.loaded(scenario)
    longer = scenario.model_copy(update={"runs": scenario.runs.model_copy(update={"replications": 9})})
    alone = longer.model_copy(
        update={"policies": longer.policies.model_copy(update={"compare": ("seniority",)})}
    )
    named = {playing.folder(world, place, "seniority", 0, Path("x")) for world in (scenario, longer, alone)}
    assert len(named) == 1


def test_parameters_rename_the_runs_of_their_policy_alone(scenario: Scenario) -> None:
    place = playing.loaded(scenario)

    def folders(**parameters: Parameters) -> list[Path]:
        given = scenario.policies.model_copy(update={"parameters": parameters})
        world = scenario.model_copy(update={"policies": given})
        names = ("cotation_quotas", "cotation_peuplement", "seniority")
        return [playing.folder(world, place, name, 0, Path("x")) for name in names]

    plain, other = folders(), folders(cotation_quotas=Parameters(gap=0.5))
    assert [one == two for one, two in zip(plain, other, strict=True)] == [False, True, True]
    assert folders(cotation_quotas=Parameters()) == plain  # the defaults written out


def test_a_folder_without_a_table_is_played_again(scenario: Scenario, tmp_path: Path) -> None:
    """One of an older version has no table of matchings."""
    place = playing.loaded(scenario)
    playing.play_all([playing.job(scenario, place, 0, tmp_path)], place, 1, tmp_path)
    assert not playing.job(scenario, place, 0, tmp_path).folders
    (playing.folder(scenario, place, "lottery", 0, tmp_path) / "matchings.parquet").unlink()
    assert list(playing.job(scenario, place, 0, tmp_path).folders) == ["lottery"]


@pytest.mark.parametrize("changes", [{"runs.seed": 7}, {"time.years": 2}, {"sittings.max_lists": 1}])
def test_what_changes_events_renames_a_run(scenario: Scenario, changes: dict[str, int]) -> None:
    place = playing.loaded(scenario)
    ((section, value),) = changes.items()
    table, key = section.split(".")
    other = scenario.model_copy(update={table: getattr(scenario, table).model_copy(update={key: value})})
    folders = [playing.folder(world, place, "seniority", 0, Path("x")) for world in (scenario, other)]
    assert folders[0] != folders[1]


def test_data_digest_reads_every_column(scenario: Scenario) -> None:
    from dataclasses import replace

    territory = playing.loaded(scenario).territory
    dearer = replace(territory.dwellings, rent_eur=territory.dwellings.rent_eur + 1)
    assert run_folder.data_digest(territory) == run_folder.data_digest(playing.loaded(scenario).territory)
    assert run_folder.data_digest(replace(territory, dwellings=dearer)) != run_folder.data_digest(territory)


def test_run_that_breaks_names_its_replication_and_the_cause(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_it(*_: object) -> str:
        raise ZeroDivisionError("division par zéro")

    monkeypatch.setattr("sim.outcomes.events_sha256", break_it)
    with pytest.raises(playing.RunFailed, match="réplique 0, après seniority : ZeroDivisionError"):
        comparing.compare(scenario, tmp_path, workers=1)
