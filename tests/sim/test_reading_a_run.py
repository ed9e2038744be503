"""The blocks of docs/reading-a-run.md answer what the indicators of the same run do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.indicators import compute_all
from sim.outcomes import Outcomes, save
from sim.process.replication import replicate, territory_of
from sim.scenario import load_scenario

PAGE = (Path(__file__).parents[2] / "docs" / "reading-a-run.md").read_text(encoding="utf-8")
BLOCKS = {
    title: re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for title, _, text in (part.partition("\n") for part in PAGE.split("\n## ")[1:])
}


class Read:
    """A run, its indicators, and what a block of the page finds in its folder."""

    def __init__(self, folder: Path, outcomes: Outcomes) -> None:
        self.folder = folder
        self.years = [outcomes.start.year + step for step in range(outcomes.years)]
        self.rows = compute_all(outcomes).set_index(["indicator", "group", "year"])["value"]

    def block(self, title: str) -> dict[str, Any]:
        names: dict[str, Any] = {}
        (text,) = BLOCKS[title]
        exec(compile(text, title, "exec"), names)
        return names

    def value(self, indicator: str, group: str, year: int = 0) -> Any:
        return pytest.approx(float(self.rows[indicator, group, year]), rel=1e-6, nan_ok=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Read:
    changes = {"time.years": 2, "time.burn_in_months": 12}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
    ((_, outcomes),) = replicate(scenario, territory_of(scenario), ("cotation_only",), 0)
    folder = tmp_path_factory.mktemp("reading")
    save(outcomes, folder / "un_essai")
    return Read(folder, outcomes)


@pytest.fixture(autouse=True)
def _in_its_folder(run: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run.folder)


def test_each_title_has_one_block() -> None:
    assert {title: len(blocks) for title, blocks in BLOCKS.items()} == dict.fromkeys(BLOCKS, 1)
    assert len(BLOCKS) >= 7


def test_attribution_rate_by_income(run: Read) -> None:
    rate = run.block("Attribution rate by income per consumption unit")["rate"]
    groups = ["uc_0_499", "uc_500_999", "uc_1000_1499", "uc_1500_1999", "uc_2000_plus"]
    assert rate.notna().sum() >= 3
    for found, group in zip(rate, groups, strict=True):
        assert found == run.value("attribution_rate", group, run.years[0])


def test_age_of_the_pending_and_wait_of_the_housed(run: Read) -> None:
    names = run.block("Age of the pending, wait of the housed")
    assert len(names["pending"]) == run.value("pending", "all", run.years[-1])
    assert names["age"].mean() == run.value("age_pending_months", "all", run.years[-1])
    assert names["wait"].mean() == run.value("wait_housed_months", "all")


def test_waits_by_household_and_typology(run: Read) -> None:
    means = run.block("Waits by household type and typology")["waits"]["mean"]
    means = means.astype("Float64").astype(float)  # null where nobody was housed
    told = [(household, rooms) for household in means.index for rooms in means.columns if rooms < 5]
    assert len(told) >= 8
    for household, rooms in told:
        found = means.loc[household, rooms]
        assert found == run.value("wait_by_household_months", f"{household}@t{rooms}")


def test_demands_per_lease(run: Read) -> None:
    pressure = run.block("Demands per lease, by typology")["pressure"]
    assert len(pressure) >= 4
    for rooms, found in pressure.items():
        group = "t5_plus" if rooms == 5 else f"t{rooms}"
        assert found == run.value("pressure", group, run.years[-1])


def test_leases_of_mutations(run: Read) -> None:
    share = run.block("Leases of mutations")["share"]
    for year in run.years:
        assert 1000 * share[year] == run.value("leases_per_1000", "mutation", year)


def test_first_quartile_outside_qpv(run: Read) -> None:
    lec: pd.DataFrame = run.block("First quartile and relogements outside QPV, by year")["lec"]
    assert list(lec.index) == run.years
    for year in run.years:
        if lec.loc[year, "size"] >= 20:  # under that the indicator gives no share
            assert lec.loc[year, "mean"] == run.value("r1_share", "all", year)
    assert (lec["mean"] * lec["size"]).sum() / lec["size"].sum() == run.value("r1_share", "all")


def test_lengths_of_tenancy_and_exits(run: Read) -> None:
    names = run.block("Lengths of tenancy and exits")
    last = run.years[-1] + 1
    for name in ("under_2y", "15y_plus"):
        assert names["shares"].loc[last, name] == run.value(f"share_tenure_{name}", "all", last)
    for year in run.years:
        assert names["hazard_0_4y"][year] == run.value("exit_hazard_0_4y", "all", year)
        assert names["hazard_15y_plus"][year] == run.value("exit_hazard_15y_plus", "all", year)


def test_dwellings_let_again_and_vacant(run: Read) -> None:
    names = run.block("Dwellings let again, dwellings vacant")
    last, offered = run.years[-1], names["offered"]
    assert len(names["vacant"]) > 0
    assert len(names["vacant"]) / offered == run.value("vacant_share", "all", last)
    assert names["over_3_months"] / offered == run.value("vacant_share", "over_3_months", last)
    assert names["relet"] / offered == run.value("relet_share", "all", last)
