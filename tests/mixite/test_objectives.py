"""What is said of targets before a run, by check, in JSON and in the report."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mixite import objectives, playing
from mixite.checking import check_path
from mixite.objectives_words import baux, conflict_sentence, fragment, lieux
from mixite.report import method, words
from mixite.report.study import Study
from sim.objectives import Coherence, coherence
from sim.process.replication import territory_of
from sim.rules.peuplement import Target
from sim.scenario import Scenario, changed, load_scenario
from sim.territory.files.toml import decode

HOUSE = Path(__file__).parents[2]
PUBLISHED = {"reference": 'CIA « 2026 », "art. 4"', "on": date(2026, 1, 1), "perimeter": "EPCI"}


@pytest.fixture(scope="module")
def tutorial() -> Scenario:
    return load_scenario(Path("scenarios/tutorial.toml"))


@pytest.fixture(scope="module")
def found(tutorial: Scenario) -> Coherence:
    told = objectives.examined(tutorial, territory_of(tutorial))
    assert told is not None
    return told


def asked(scenario: Scenario, *targets: dict[str, Any]) -> Scenario:
    return changed(scenario, {"target": tuple({"published_in": PUBLISHED} | one for one in targets)})


def test_check_tells_each_row_out_of_reach_and_a_proposal_that_it_then_finds_met(tmp_path: Path) -> None:
    for name in ("territories", "grids"):
        (tmp_path / name).symlink_to(HOUSE / "scenarios" / name)
    scenario = tmp_path / "essai.toml"
    shutil.copy(HOUSE / "scenarios" / "tutorial.toml", scenario)
    (file,) = check_path(scenario)["files"]
    told = file["objectives"]
    assert (file["kind"], file["accepted"], file["faults"]) == ("scenario", 1, [])
    short = [row for row in told["rows"] if row["short_a_year"] > 0]
    assert short
    for row in short:
        (line,) = (one["text"] for one in file["warnings"] if f": {row['place']} :" in one["text"])
        assert f"il manque {baux(row['short_a_year'], 2)} par an" in line
    head = scenario.read_text(encoding="utf-8").partition("[[target]]")[0]
    scenario.write_text(head + told["proposal"], encoding="utf-8")
    (file,) = check_path(scenario)["files"]
    assert file["objectives"]["met"]
    assert file["objectives"]["proposal"] == ""
    assert all(row["short_a_year"] == 0 for row in file["objectives"]["rows"])


PLACE = 'published_in = { reference = "CIA", on = 2026-01-01, perimeter = "EPCI" }'


def keys(public: str = "first_quartile", floor: float = 0.1, *more: str, reference: str = "CIA") -> list[str]:
    """Return the keys of an objective of the whole EPCI, as TOML."""
    told = f'public = "{public}"', f"floor = {floor}", 'level = "epci"'
    return [*told, *more, PLACE.replace("CIA", reference)]


def target(*told: str) -> str:
    return "\n".join(("[[target]]", *told))


def variant(name: str, *targets: list[str]) -> str:
    listed = ", ".join(f"{{ {', '.join(one)} }}" for one in targets)
    return f'[[variant]]\nname = "{name}"\nlabel = "Autre plancher"\nset = {{ target = [{listed}] }}'


STRONG = keys("q2_q4", 0.8, "study = true", "in_qpv = false")
"""R1 asks 25 % of the same leases for the first quartile: five hundredths too many."""


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Write the tutorial with other targets and variants, return what `check` says of it."""
    for name in ("territories", "grids"):
        (tmp_path / name).symlink_to(HOUSE / "scenarios" / name)
    head = (HOUSE / "scenarios" / "tutorial.toml").read_text(encoding="utf-8").partition("[[target]]")[0]

    def check(*tables: str) -> dict[str, Any]:
        scenario = tmp_path / "essai.toml"
        scenario.write_text("\n".join((head, *tables)) + "\n", encoding="utf-8")
        (file,) = check_path(scenario)["files"]
        return file

    return check


def test_check_refuses_floors_that_contradict_each_other_and_places_it_does_not_know(
    written: Callable[..., dict[str, Any]],
) -> None:
    both = (f'public = "{public}"\nfloor = 0.6\nstudy = true\n' for public in ("first_quartile", "q2_q4"))
    file = written(*(f"[[target]]\n{one}{PLACE}" for one in both))
    assert (file["accepted"], len(file["faults"])) == (0, 1)
    text = file["faults"][0]["text"]
    assert text.startswith("essai.toml, clé target[0].floor : ")
    assert "ne peuvent être tenus ensemble, quels que soient les logements" in text
    assert "objectif 1, « CIA » (60 %), objectif 2, « CIA » (60 %)" in text
    file = written(f'[[target]]\npublic = "l441_1"\nfloor = 0.1\ncommunes = ["9"]\n{PLACE}')
    text = file["faults"][0]["text"]
    assert text.startswith(
        "essai.toml, clé target[0].communes[0] : 9 : commune inconnue (code INSEE), objectif 1, « CIA »"
    )


def test_two_objectives_that_ask_the_same_are_refused_and_both_named(
    written: Callable[..., dict[str, Any]],
) -> None:
    (fault,) = written(target(*keys()), target(*keys(reference="PPGDID")))["faults"]
    assert (fault["file"], fault["column"]) == ("essai.toml", "target[1]")
    assert fault["message"] == "objectif 2, « PPGDID » demande la même chose que objectif 1, « CIA »"
    assert "n'en garder qu'un" in fault["mend"]


def test_the_objectives_of_a_variant_are_checked_as_those_of_the_scenario(
    written: Callable[..., dict[str, Any]],
) -> None:
    own = target(*keys())
    (fault,) = written(own, variant("autre", STRONG))["faults"]
    assert (fault["file"], fault["column"]) == ("essai.toml", "variant[0].set : target[0].floor")
    assert "R1 hors QPV, EPCI (25 %), objectif 1, « CIA » (80 %)" in fault["message"]
    (fault,) = written(own, variant("autre", keys(), keys()))["faults"]
    assert fault["column"] == "variant[0].set : target[1]"
    # Both at once, and without any target of the scenario itself.
    unknown = keys("l441_1", 0.1, 'communes = ["9"]')
    faults = written(variant("autre", unknown), variant("encore", STRONG))["faults"]
    assert [fault["column"] for fault in faults] == [
        "variant[0].set : target[0].communes[0]",
        "variant[1].set : target[0].floor",
    ]


def test_an_objective_of_a_variant_that_is_out_of_reach_is_a_warning(
    written: Callable[..., dict[str, Any]],
) -> None:
    file = written(target(*keys()), variant("autre", keys("essential_worker", 0.9)))
    assert (file["faults"], file["objectives"]["met"]) == ([], True)
    (warning,) = file["warnings"]
    assert warning["column"] == "variant[0].set : target[0].floor"
    assert "il manque" in warning["message"]


def test_a_variant_with_objectives_of_its_own_has_its_own_line(
    tutorial: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    light = {"public": "first_quartile", "floor": 0.1, "level": "epci", "published_in": PUBLISHED}
    other = {"name": "autre", "label": "Un autre plancher", "set": {"target": [light]}}
    scenario = changed(tutorial, {"variant": (other,)})
    playing.examined(scenario, playing.loaded(scenario))
    own, varied = capsys.readouterr().err.splitlines()
    assert own.startswith("objectifs : hors d'atteinte dans ")
    assert varied.startswith("variante « Un autre plancher », objectifs : tenables ensemble et avec la loi")


def test_check_warns_of_an_objective_published_after_the_start_and_of_places_without_capacity(
    tmp_path: Path,
) -> None:
    for name in ("territories", "grids"):
        (tmp_path / name).symlink_to(HOUSE / "scenarios" / name)
    head = (HOUSE / "scenarios" / "tutorial.toml").read_text(encoding="utf-8").partition("[[target]]")[0]
    scenario = tmp_path / "essai.toml"

    def warned(on: str, more: str) -> list[str]:
        place = f'published_in = {{ reference = "CIA", on = {on}, perimeter = "EPCI" }}\n'
        text = f'{head}[[target]]\npublic = "first_quartile"\nfloor = 0.01\n{more}{place}'
        scenario.write_text(text, encoding="utf-8")
        (file,) = check_path(scenario)["files"]
        assert file["faults"] == []
        texts = [one["text"] for one in file["warnings"]]
        return [text for text in texts if "publié le" in text or "que des résidences" in text]

    with_capacity = 'types = ["en_capacite", "en_equilibre"]\n'
    (late,) = warned("2026-01-02", with_capacity)  # the tutorial starts on 1 January
    assert "target[0].published_in.on : publié le 2 janvier 2026, après le début" in late
    assert warned("2026-01-01", with_capacity) == []
    # Types not named: those without capacity hold half the households of the tutorial.
    (anywhere,) = warned("2026-01-01", "")
    assert "que des résidences « en vigilance » ou « à conforter »" in anywhere
    assert warned("2026-01-01", 'level = "epci"\n') == []  # that row holds residences with capacity


def test_a_scenario_without_targets_is_checked_without_its_territory() -> None:
    (file,) = check_path(Path("scenarios/jouet.toml"))["files"]
    assert (file["accepted"], "objectives" in file) == (1, False)


def test_a_fragment_is_toml_that_reads_back_as_the_targets_proposed(found: Coherence) -> None:
    written = (
        Target(
            public="q2_q4",
            floor=0.07,
            months=24,
            level="commune",
            in_rpms=False,
            study=True,
            bailleurs=("A", "B"),
            communes=("00001",),
            without=('Le "Clos"',),
            published_in=PUBLISHED,
        ),
        *found.proposal,
    )
    data = tomllib.loads(fragment(replace(found, proposal=written)))["target"]
    assert tuple(decode(one, Target, "fragment") for one in data) == written


def test_a_floor_that_nobody_published_is_proposed_for_study(tutorial: Scenario) -> None:
    found = playing.examined(tutorial, playing.loaded(tutorial))
    assert found is not None
    lowered = [target for target in found.proposal if target not in tutorial.target]
    assert lowered
    assert all(target.study for target in lowered)
    # as published, q2_q4 in QPV is reached everywhere: nothing of it is changed, nor marked
    assert tutorial.target[1] in found.proposal
    assert not tutorial.target[1].study


def test_a_run_says_in_one_line_what_it_can_expect(
    tutorial: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    place = playing.loaded(tutorial)
    assert playing.examined(tutorial, place) is not None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("objectifs : hors d'atteinte dans ")
    assert line.endswith("« mixite check » propose des planchers tenables")
    light = asked(tutorial, {"public": "first_quartile", "floor": 0.1, "level": "epci"})
    assert playing.examined(light, place) is not None
    assert (
        "tenables ensemble et avec la loi sur 37 baux attendus par an ; marge : " in capsys.readouterr().err
    )
    assert playing.examined(asked(tutorial), place) is None
    assert capsys.readouterr().err == ""


def test_the_report_says_on_what_the_objectives_were_read_and_what_is_out_of_reach(
    found: Coherence, study_of: Callable[..., Study]
) -> None:
    study = study_of()
    before, page = method.method(study), method.method(replace(study, objectives=found))
    title = "Objectifs : cohérence avec la loi et les logements attendus"
    assert title not in before
    assert title in page
    assert "Sur 37 baux attendus par an" in page
    assert "Planchers tenables les plus proches, à copier dans le scénario" in page
    assert not list(words.forbidden_words(page))
    assert "Planchers tenables" not in method.method(replace(study, objectives=met(found)))


def test_a_report_to_others_names_no_residence(found: Coherence, study_of: Callable[..., Study]) -> None:
    study = replace(study_of(), objectives=found)
    cil, public = (method.method(replace(study, diffusion=one)) for one in ("cil", "public"))
    named = [row.place for row in found.short]
    assert all(place in method.method(study) for place in named)
    for page in (cil, public):
        assert not any(place in page for place in named)
        assert "Lieux où le plancher est hors d'atteinte" in page.replace("&#x27;", "'")
    table = "Ce que chaque objectif peut atteindre au mieux"
    assert (table in cil, table in public) == (True, False)


def met(found: Coherence) -> Coherence:
    return replace(found, rows=tuple(replace(row, short=0.0) for row in found.rows), margin=4, conflict=())


def test_a_conflict_names_its_objectives_and_the_law(tutorial: Scenario) -> None:
    kinds = (("en_capacite", "en_equilibre"), ("en_vigilance", "a_conforter"))
    wide = {"public": "q2_q4", "floor": 0.85, "in_qpv": False, "level": "epci", "study": True}
    scenario = asked(tutorial, *({**wide, "types": one} for one in kinds))
    told = coherence(scenario, territory_of(tutorial))
    assert told is not None
    assert conflict_sentence(told).startswith(
        "ne peuvent être tenus ensemble, alors que chacun le peut seul : objectif 1 (deuxième à quatrième "
        "quartiles ≥ 85 % dans l'EPCI), objectif 2 ("
    )
    assert "R1 hors QPV, EPCI" in conflict_sentence(told)
    assert any(str(line).endswith("planchers tenables proposés") for line in objectives.warnings(told, "x"))


def test_the_level_of_a_folder_is_that_of_its_leases(tmp_path: Path, tutorial: Scenario) -> None:
    from sim.territory.files.writing import write_territory

    territory = territory_of(tutorial)
    folder = tmp_path / "territoire"
    write_territory(territory, folder)
    names = territory.dwellings.dwelling_id.tolist()[:60]
    lines = [f"{name},D,2023-{1 + place % 12:02d}-10,2022-01-01,aucun" for place, name in enumerate(names)]
    head = "dwelling_id,demand_id,signed_on,filed_on,reservataire"
    (folder / "leases.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    scenario = changed(tutorial, {"territory": {"path": str(folder)}})
    found = objectives.examined(scenario, territory_of(scenario))
    assert found is not None
    assert found.source == "leases"
    assert found.leases == pytest.approx(60, rel=0.1)  # a year of leases, as many a year


@pytest.mark.parametrize(
    ("count", "decimals", "said"),
    [(0.4, 1, "0,4 bail"), (1.99, 2, "1,99 bail"), (1.96, 1, "2,0 baux"), (1200, 0, "1\u202f200 baux")],
)
def test_a_number_of_leases_takes_its_plural_from_two_on(count: float, decimals: int, said: str) -> None:
    assert baux(count, decimals) == said
    assert (lieux(1), lieux(3)) == ("1 lieu", "3 lieux")
