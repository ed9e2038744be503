"""The grids shipped with the project, and the one of the documentation."""

import re
from pathlib import Path

import pytest

from sim.process.replication import grid_of
from sim.rules.cotation import Grid, check_examples, facts_of_example, load, score
from sim.scenario import load_scenario
from sim.territory.files.faults import FaultsFound

ROOT = Path(__file__).parents[4]
GRIDS = sorted((ROOT / "scenarios" / "grids").rglob("*.toml"))
PUBLISHED = [path for path in GRIDS if path.parent.name in ("partial", "proposed")]
SYNTHETIC = sorted((ROOT / "scenarios" / "grids").glob("synthetic-*.toml"))


def points(grid: Grid, facts: dict[str, object]) -> int:
    return int(score(grid, facts_of_example(facts), 1).total[0])


@pytest.mark.parametrize("path", GRIDS, ids=lambda path: path.stem)
def test_a_shipped_grid_gives_its_own_examples(path: Path) -> None:
    assert check_examples(load(path, allow_partial=True), path.name) == []


@pytest.mark.parametrize("path", SYNTHETIC, ids=lambda path: path.stem)
def test_a_synthetic_grid_says_so_loudly_and_treats_both_populations(path: Path) -> None:
    grid = load(path)
    assert grid.id == path.stem
    assert grid.status == "synthetic"
    assert "SYNTHÈSE" in grid.label
    assert path.read_text(encoding="utf-8").startswith("# GRILLE DE SYNTHÈSE : points inventés")
    assert len(grid.examples) >= 5
    assert any(criterion.applies_to == ("mutation",) for criterion in grid.criteria)


@pytest.mark.parametrize("path", SYNTHETIC, ids=lambda path: path.stem)
def test_recognised_dalo_is_the_largest_block(path: Path) -> None:
    grid = load(path)
    fixed = {criterion.id: criterion.points for criterion in grid.criteria if criterion.points is not None}
    assert max(fixed, key=lambda name: fixed[name]) == "dalo"


def test_the_accrual_is_what_sets_the_archetypes_apart() -> None:
    """A demand of twenty years without priority, against a DALO demand filed the same day."""
    old = {"request_kind": "primo", "seniority_months": 241}
    fresh = {"request_kind": "primo", "seniority_months": 0, "dalo_status": "ACTIF"}
    passes = {path.stem: points(load(path), old) > points(load(path), fresh) for path in SYNTHETIC}
    assert passes == {
        "synthetic-seniority-capped": False,  # 60 against 200, whatever the wait
        "synthetic-seniority-uncapped": True,  # 241 against 150, from 151 months
        "synthetic-urgency-tiered": True,  # 241 against 240, from 241 months
    }


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_grid_names_its_source_and_is_refused_where_part_is_unknown(path: Path) -> None:
    with pytest.raises(FaultsFound, match="grille partielle"):
        load(path)
    grid = load(path, allow_partial=True)
    assert grid.source[0].startswith("http")
    assert {"fr-toulouse-partial": "adopted", "fr-bondy-autrement-proposal": "proposed"}[
        grid.id
    ] == grid.status
    assert "PARTIELLE" in grid.label or "JAMAIS ADOPTÉE" in grid.label


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_scenario_refuses_a_partial_grid(path: Path) -> None:
    scenario = load_scenario(ROOT / "scenarios" / "jouet.toml", changes={"grid.file": str(path)})
    with pytest.raises(FaultsFound, match="grille partielle"):
        grid_of(scenario)


def test_the_archetypes_have_the_structures_they_announce() -> None:
    capped, uncapped, tiered = (load(path) for path in SYNTHETIC)  # in the order of their names
    accrual = {
        grid.id: next(one.per_unit for one in grid.criteria if one.id == "seniority")
        for grid in (capped, uncapped, tiered)
    }
    monthly = accrual["synthetic-seniority-uncapped"]
    assert monthly is not None
    assert (monthly.step, monthly.cap) == (1, None)
    yearly = accrual["synthetic-seniority-capped"]
    assert yearly is not None
    assert (yearly.step, yearly.cap) == (12, 60)
    assert "max" in {group.rule for group in capped.groups}
    assert any(one.effect == "absolute_priority" for one in tiered.criteria)
    sizes = [
        one.points for one in tiered.criteria if one.group == "urgency" and one.applies_to != ("mutation",)
    ]
    assert sizes == sorted(sizes, key=lambda points: -(points or 0))  # tiers of decreasing size


def test_the_grid_of_the_documentation_is_valid_and_gives_its_examples(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "cotation.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    assert blocks
    for position, block in enumerate(blocks):
        path = tmp_path / f"block-{position}.toml"
        path.write_text(block, encoding="utf-8")
        assert check_examples(load(path)) == []
