"""The STRESS-DES form: whole, filled from the study, the same in the page and in the file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mixite.report import flowchart, stress, stress_lines, words, write_report
from mixite.report.study import Study
from mixite.stopping import Stopping
from sim.policies import POLICIES
from sim.scenario.feedback import REACTIONS

ITEMS = (
    *("1.1", "1.2", "1.3"),
    *("2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5"),
    *("3.1", "3.2", "3.3", "3.4"),
    *("4.1", "4.2", "4.3"),
    *("5.1", "5.2", "5.3", "5.4"),
    "6.1",
)
"""The items of the published list, components one by one: 24."""

Make = Callable[..., Study]


def answers(study: Study) -> dict[str, str]:
    return {item.number: "\n".join(item.answer) for section in stress.form(study) for item in section.items}


def changed(study: Study, **sections: Mapping[str, Any]) -> Study:
    """Return the study with some keys of its scenario changed, section by section."""
    scenario = {**study.scenario, **{name: {**study.scenario[name], **to} for name, to in sections.items()}}
    return replace(study, scenario=scenario)


def different(before: Study, after: Study) -> set[str]:
    old, new = answers(before), answers(after)
    return {number for number in old if old[number] != new[number]}


def test_form_has_the_24_items_of_the_published_list_in_its_order(study_of: Make) -> None:
    assert tuple(answers(study_of())) == ITEMS
    assert len(ITEMS) == 24


@pytest.mark.parametrize(
    "policies", [("cotation_only",), ("cotation_only", "cotation_peuplement"), ("seniority", "lottery")]
)
def test_at_least_23_items_are_filled_and_none_is_blank(study_of: Make, policies: tuple[str, ...]) -> None:
    items = [item for part in stress.form(study_of(policies=policies)) for item in part.items]
    assert sum(not item.without_object for item in items) >= 23
    for item in items:
        assert item.question.endswith("?"), item.number
        assert all(line.removeprefix("- ").strip() for line in item.answer), item.number
        assert len("".join(item.answer)) > 80, item.number
        assert not re.search(r"[{}@]|\bnan\b|None", " ".join(item.answer)), item.number


def test_item_without_object_says_why(study_of: Make) -> None:
    alone = answers(study_of(policies=("cotation_only",)))["2.3"]
    assert alone.startswith("sans objet car une seule politique est jouée (cotation seule)")
    assert "sans objet" not in "".join(answers(study_of()).values())


def test_a_second_grid_gives_the_scenario_item_its_object(study_of: Make) -> None:
    study = study_of(policies=("cotation_only",))
    files = ["grids/a.toml", "grids/b.toml"]
    study = changed(replace(study, other_grids={files[1]: study.comparison}), grid={"file": files})
    found = answers(study)
    assert "Autre grille jouée, tout le reste égal : b." in found["2.3"]
    assert "1 politique × 10 répliques × 2 grilles = 20 passages" in found["1.3"]


@pytest.mark.parametrize(
    ("section", "change", "items", "said"),
    [
        ("runs", {"seed": 4321}, {"5.2", "6.1"}, "Graine 4321"),
        ("time", {"burn_in_months": 0}, {"3.2", "4.1"}, "Aucune mise en régime"),
        (
            "time",
            {"years": 7},
            {"4.2", "6.1"},
            "7 ans à partir du 1er janvier 2026, jusqu'au 31 décembre 2032",
        ),
        ("law", {"overrides": {"quotas": False}}, {"2.3", "3.3"}, "supprimées par le scénario"),
        ("law", {"overrides": {"answer_days": 21}}, {"2.2", "2.5.2", "3.3"}, "dans les 21 jours"),
        ("sittings", {"weekday": 3}, {"2.1", "2.2", "2.5.3", "3.3", "4.2"}, "chaque jeudi"),
        ("sittings", {"list_length": 5}, {"2.1", "2.2", "2.5.4", "3.3"}, "5 noms au plus"),
        ("acceptance", {"accepts": 0.61}, {"2.4", "3.3"}, "fixée par le scénario ; par défaut 0,54"),
        ("departures", {"works_days": 45}, {"2.2", "2.5.2", "3.3", "3.4"}, "45 jours en moyenne"),
        ("territory", {"scale": 0.25}, {"1.1", "3.2", "6.1"}, "Échelle 25"),
    ],
)
def test_a_change_of_the_scenario_changes_the_items_that_depend_on_it(
    study_of: Make, section: str, change: Mapping[str, Any], items: set[str], said: str
) -> None:
    before = study_of()
    after = changed(before, **{section: change})
    assert different(before, after) == items
    assert said in "\n".join(answers(after).values())


def test_replications_policies_and_targets_change_what_is_said_of_them(study_of: Make) -> None:
    before = study_of()
    assert {"1.3", "4.3", "5.2", "6.1"} <= different(before, study_of(replications=12))
    two = study_of(policies=("cotation_only", "lottery"))
    assert {"1.1", "1.3", "2.3", "2.4", "2.5.4", "4.3", "6.1"} <= different(before, two)
    assert "Génération de colonnes" in answers(before)["2.4"]
    assert "Génération de colonnes" not in answers(two)["2.4"]
    without = replace(before, scenario={**before.scenario, "target": []})
    assert different(before, without) == {"2.3", "3.3"}
    assert "aucun dans ce scénario" in answers(without)["3.3"]


def test_setting_fills_sources_sizes_and_machine(study_of: Make) -> None:
    study = study_of()
    elsewhere = replace(study, setting=replace(study.setting, hosts=3, here=False))
    assert different(study, elsewhere) == {"5.4"}
    assert "Passages joués sur 3 machine(s)" in answers(elsewhere)["5.4"]
    found = answers(study)
    assert "Linux-6.1-x86_64 ; Python 3.11.7 ; 2 cœur(s) ; 23,5 Go" in found["5.4"]
    assert "40 passages : 123 s de calcul en tout, 4,2 s pour le plus long" in found["5.4"]
    assert "Source d'un nombre publié : SDES, RPLS au 1er janvier 2019." in found["3.1"]
    assert "84 hypothèses nommées sur 108 nombres" in found["3.4"]
    assert "426 logements, dont 188 en QPV" in found["2.5.3"]


def test_every_indicator_of_the_study_is_defined_and_no_other(study_of: Make) -> None:
    study = study_of()
    kept = study.values[study.values["indicator"] != "days_vacant"]
    assert "Durée moyenne de vacance (jours)" in answers(study)["1.2"]
    assert "Durée moyenne de vacance (jours)" not in answers(replace(study, values=kept))["1.2"]


def test_every_policy_has_its_own_text_and_is_of_one_kind_of_list() -> None:
    texts = stress.texts()
    assert set(POLICIES) <= set(texts["policies"])
    kinds = [*texts["kinds"]["in_turn"], *texts["kinds"]["joint"]]
    assert sorted(kinds) == sorted(set(kinds))
    assert set(POLICIES) <= set(kinds)


def test_form_and_its_texts_hold_no_word_of_the_list(study_of: Make) -> None:
    texts = Path(stress.__file__).with_suffix(".toml").read_text(encoding="utf-8")
    assert not list(words.forbidden_words(texts))
    assert not list(words.forbidden_words("\n".join(answers(study_of()).values())))


def _plain(text: str) -> list[str]:
    """Return the lines of a text without the marks of Markdown or of a page."""
    text = re.sub(r"<svg.*?</svg>|!\[[^\n]*", "", text, flags=re.DOTALL)
    lines = (re.sub(r"^(#+|-) |^\*|\*$", "", line) for line in re.sub(r"<[^>]*>", "\n", text).splitlines())
    return [" ".join(unescape(line).split()) for line in lines if line.strip()]


def test_page_and_file_say_the_same_lines(study_of: Make, tmp_path: Path) -> None:
    study = study_of(name="A < B & C")
    write_report(study, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8").split('<section id="stress-des">')[1]
    file = (tmp_path / "stress-des.md").read_text(encoding="utf-8")
    title, *shown = _plain(page.split("</section>")[0])
    first, banner, *written = _plain(file)
    assert first == f"{title} : A < B & C"
    assert file.startswith("# Fiche STRESS-DES : A &lt; B &amp; C")  # no page is made of a name
    assert words.SYNTHETIC_BANNER in banner
    assert written == shown
    assert len(shown) > 150
    assert page.count("<details>") == file.count("\n## ") == 6


def test_drawing_is_well_formed_described_and_within_its_frame(study_of: Make, tmp_path: Path) -> None:
    study = study_of()
    write_report(study, tmp_path)
    root = ElementTree.fromstring((tmp_path / "stress-des.svg").read_text(encoding="utf-8"))
    svg = "{http://www.w3.org/2000/svg}"
    described = {each.get("id"): each.text for each in root if each.tag in (f"{svg}title", f"{svg}desc")}
    assert set(str(root.get("aria-labelledby")).split()) == set(described)
    assert described["schema-texte"] == " ".join(flowchart.alternative(study.scenario))
    for box in root.iter(f"{svg}rect"):
        x, y = float(box.get("x", 0)), float(box.get("y", 0))
        assert x + float(box.get("width", 0)) <= flowchart.WIDTH
        assert y + float(box.get("height", 0)) <= flowchart.HEIGHT
    assert "stress-des.svg" in (tmp_path / "stress-des.md").read_text(encoding="utf-8")
    assert "30 j en moyenne" in flowchart.svg(study.scenario)
    assert flowchart.svg(study.scenario) in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_drawing_tells_lanes_apart_by_outline_as_well_as_colour(study_of: Make) -> None:
    root = ElementTree.fromstring(flowchart.svg(study_of().scenario))
    outlines = {
        (box.get("stroke"), box.get("stroke-dasharray"), box.get("stroke-width"))
        for box in root.iter("{http://www.w3.org/2000/svg}rect")
        if box.get("stroke")
    }
    assert len({colour for colour, _, _ in outlines}) == 4
    assert len({(dash, width) for _, dash, width in outlines}) == 4


def test_form_names_no_folder_of_the_machine(study_of: Make) -> None:
    study = changed(study_of(), territory={"path": "/home/marie/donnees/exemple.toml"})
    text = "\n".join(answers(study).values())
    assert "/home" not in text
    assert str(Path.home()) not in text


def test_reactions_played_are_named_with_their_strength_and_the_others_said_off(study_of: Make) -> None:
    before = study_of()
    assert "les six sont éteintes" in answers(before)["2.2"]
    after = changed(before, feedback={"all": "central", "drift": "off", "exit": "strong"})
    told = answers(after)["2.2"]
    assert "résidences fragiles (forte)" in told
    assert "réputation de la résidence (centrale)" in told
    assert "revient à l'ancienneté" not in told
    assert set(stress_lines.REACTIONS) == set(REACTIONS)


def test_a_scenario_without_stages_says_so(study_of: Make) -> None:
    assert "chacun est contacté, visite" in answers(study_of())["2.2"]
    assert "contacté" not in answers(changed(study_of(), funnel={"stages": False}))["2.2"]


def test_a_number_of_replications_set_while_playing_is_not_said_fixed(study_of: Make) -> None:
    study = study_of()
    pair = study.first_pair
    stopped = replace(study, stopping=Stopping(0.1, 10, 50, True, pair, 3, ()))
    assert "fixé d'avance" in answers(study)["4.3"]
    assert "fixé d'avance" not in answers(stopped)["4.3"]
    assert "règle séquentielle" in answers(stopped)["4.3"]
    assert "Holm" in answers(study)["4.3"]
