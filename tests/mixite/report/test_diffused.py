"""What a report may hold at each level: what it may not is in no byte of what is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.text import Text

from mixite.comparing import compare, load
from mixite.diffusion import LEVELS
from mixite.report import diffused, figures, words, write_report
from mixite.report.study import Study
from sim.concerned import COLUMNS
from sim.territory.files.faults import FaultsFound

WRITTEN = ("report.html", "note.md", "stress-des.md", "stress-des.svg")
RESIDENCE, BAILLEUR = re.compile(r"\bR0\d{3}\b"), re.compile(r"\b[Bb]ailleurs?[ :][A-C]\b")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A comparison of two policies on the tutorial, whose target names residences and a bailleur."""
    changes = {
        "policies.compare": ("cotation_only", "cotation_peuplement"),
        "runs.replications": 2,
        "time.years": 1,
    }
    scenario = load(Path("scenarios/tutorial.toml"), changes)
    found = compare(scenario, tmp_path_factory.mktemp("niveaux"), workers=1).study
    named = {**found.targets[0], "residences": ["R0007", "R0009"], "bailleurs": ["A"], "without": ["R0003"]}
    notes = {"territory": {**found.context["territory"], "notes": ["R0002 : type en attente", "Sans baux"]}}
    return replace(
        found,
        scenario={**found.scenario, "target": [named, *found.targets[1:]]},
        context={**found.context, **notes},
    )


def written(study: Study, level: str, out: Path) -> str:
    """Return everything that is written of a study at a level, but for the images."""
    out.mkdir(exist_ok=True)
    write_report(replace(study, diffusion=level), out)
    assert {path.suffix for path in out.iterdir()} == {".html", ".md", ".svg", ".png"}
    text = "\n".join((out / name).read_bytes().decode() for name in WRITTEN)
    return re.sub(r"base64,[^\"]+", "", text)


def test_what_is_public_names_no_residence_and_no_bailleur_in_any_byte(study: Study, tmp_path: Path) -> None:
    inside = written(study, "interne", tmp_path / "interne")
    assert RESIDENCE.search(inside)
    assert BAILLEUR.search(inside)
    told = written(study, "public", tmp_path / "public")
    assert RESIDENCE.findall(told) == []
    assert BAILLEUR.findall(told) == []
    assert "résidences au nombre de 2" in told
    assert "Sans baux" in told
    assert "Diffusion publique." in told
    assert words.SYNTHETIC_BANNER in told
    assert not list(words.forbidden_words(told))


def test_the_cil_reads_bailleurs_and_no_residence_one_by_one(study: Study, tmp_path: Path) -> None:
    plain = replace(study, scenario={**study.scenario, "target": study.targets[1:]})
    context = {**study.context, "territory": {**study.context["territory"], "notes": []}}
    told = written(replace(plain, context=context), "cil", tmp_path / "cil")
    assert RESIDENCE.findall(told) == []
    assert BAILLEUR.search(told)
    assert "Diffusion : Conférence intercommunale du logement." in told


def test_images_of_older_levels_do_not_stay_and_no_point_map_is_public(study: Study, tmp_path: Path) -> None:
    written(study, "interne", tmp_path)
    maps = {"carte_types.png", "carte_changements.png", "scores.png"}
    assert maps <= {path.name for path in tmp_path.iterdir()}
    written(study, "public", tmp_path)
    assert not maps & {path.name for path in tmp_path.iterdir()}


def test_no_figure_outside_writes_a_name_that_the_level_may_not_hold(study: Study) -> None:
    for level in LEVELS[1:]:
        seen = diffused.diffused(replace(study, diffusion=level))
        for entry in figures.FIGURES:
            if (made := entry.make(seen)) is None:
                continue
            text = " ".join(each.get_text() for each in made.findobj(Text)) + entry.on_image(seen)
            assert not RESIDENCE.search(text), entry.name
            assert level == "cil" or not BAILLEUR.search(text), entry.name


def test_what_is_public_holds_no_cell_of_a_bailleur_an_operation_or_a_flow(study: Study) -> None:
    seen = diffused.diffused(replace(study, diffusion="public"))
    for table in (seen.values, seen.comparison, seen.headlines):
        assert not table["group"].str.contains("bailleur:|operation:").any()
        assert not table["indicator"].isin(["oriented", "oriented_gap"]).any()
    assert seen.concerned is not None
    assert "bailleur" not in set(seen.concerned["dimension"])
    assert study.values["group"].str.contains("bailleur:").any()
    pd.testing.assert_frame_equal(seen.headlines, study.headlines)  # what leads is of the whole EPCI


def test_numbers_of_a_few_households_are_told_nowhere_outside_nor_found_from_others(study: Study) -> None:
    def row(measure: str, mean: float, dimension: str = "all", group: str = "all") -> dict[str, object]:
        same = dict.fromkeys(COLUMNS, 0.0) | {"side": "demands", "small": False, "distinguished_holm": False}
        pair = {"policy_a": "a", "policy_b": "b", "measure": measure, "dimension": dimension, "group": group}
        return same | pair | {"mean_b": mean}

    rows = [
        row("wait_longer", 15.0),
        row("wait_shorter", 10.9),
        row("wait_net", 4.1),
        row("wait_left", 11.0),
        row("wait_open", 3.0),
        row("attribution_rate", 0.1),
        row("wait_longer", 40.0, "rooms_asked", "t1"),
    ]
    seen = diffused.diffused(replace(study, diffusion="cil", concerned=pd.DataFrame(rows))).concerned
    assert seen is not None
    # Longer and the balance would tell of the 10.9; a typology alone could tell of the others.
    told = dict(zip(seen["measure"], seen["small"], strict=True))
    assert told == {
        "wait_longer": True, "wait_shorter": True, "wait_net": True, "wait_left": False, "wait_open": True,
        "attribution_rate": False,
    }  # fmt: skip
    assert len(seen) == 6


def test_the_partners_read_the_study_itself(study_of: Callable[..., Study]) -> None:
    study = study_of()
    assert diffused.diffused(study) is study


def test_an_unknown_level_is_refused_before_anything_is_played(tmp_path: Path) -> None:
    scenario = load(Path("scenarios/tutorial.toml"), {})
    with pytest.raises(FaultsFound, match="vouliez-vous dire « public »"):
        compare(scenario, tmp_path / "rien", diffusion="publique")
    assert not (tmp_path / "rien").exists()
