"""Reading a grid: the whole schema, and every fault at once with its place and its mend."""

from pathlib import Path

import pytest

from sim.rules.cotation import Grid, load
from sim.territory.files.faults import Fault, FaultsFound

HEAD = 'id = "g"\nstatus = "synthetic"\ncomplete = true\n'
CRITERION = '[[criteria]]\nid = "a"\npoints = 1\n'


def read(tmp_path: Path, text: str, allow_partial: bool = False) -> Grid:
    path = tmp_path / "grid.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, allow_partial)


def faults(tmp_path: Path, text: str) -> dict[str, Fault]:
    with pytest.raises(FaultsFound) as found:
        read(tmp_path, text)
    return {fault.column: fault for fault in found.value.faults}


def test_the_head_decodes_with_its_optional_keys(tmp_path: Path) -> None:
    text = (
        'id = "fr-somewhere"\nlabel = "Grille"\nstatus = "adopted"\ncomplete = true\n'
        'source = ["https://a", "https://b"]\nvalid_from = 2024-01-01\ntie_break = ["seniority_days"]\n'
        "total = { floor = 0, cap = 100 }\n" + CRITERION
    )
    grid = read(tmp_path, text)
    assert grid.source == ("https://a", "https://b")
    assert grid.criteria[0].applies_to == ("primo", "mutation")
    assert grid.criteria[0].evidence == "declared"
    assert read(tmp_path, HEAD + 'source = "https://a"\n' + CRITERION).source == ("https://a",)


def test_a_partial_grid_is_refused_unless_it_is_asked_for(tmp_path: Path) -> None:
    text = HEAD.replace("true", "false") + CRITERION
    fault = faults(tmp_path, text)["complete"]
    assert "grille partielle" in fault.message
    assert "--allow-partial" in fault.mend
    assert read(tmp_path, text, allow_partial=True).complete is False


def test_a_typo_in_an_attribute_names_its_place_and_the_nearest(tmp_path: Path) -> None:
    text = HEAD + CRITERION + 'when = { any = [ { not = { attr = "pdalph", op = "eq", value = true } } ] }'
    fault = faults(tmp_path, text)["criteria[0].when.any[0].not.attr"]
    assert fault.value == "pdalph"
    assert "« pdalhpd »" in fault.mend


@pytest.mark.parametrize("name", ["nationality", "nom", "sexe", "religion", "medical_diagnosis"])
def test_a_forbidden_attribute_is_refused_with_the_article(tmp_path: Path, name: str) -> None:
    scope = f'scope = {{ attr = "{name}", op = "eq", value = "1" }}\n'
    fault = faults(tmp_path, HEAD + scope + CRITERION)["scope.attr"]
    assert "225-1" in fault.message
    assert "retirer" in fault.mend


def test_overlapping_bands_name_the_band_and_the_bound(tmp_path: Path) -> None:
    bands = (
        "bands = [{ from = 500, points = 1 }, { to = 300, points = 8 }, { from = 299, to = 500, points = 3 }]"
    )
    fault = faults(tmp_path, f'{HEAD}[[criteria]]\nid = "a"\nattr = "residual_income"\n{bands}')
    assert list(fault) == ["criteria[0].bands[2].from"]
    assert "jusqu'à 300 exclu" in fault["criteria[0].bands[2].from"].message
    assert "borne haute est exclue" in fault["criteria[0].bands[2].from"].mend


def test_a_band_inside_a_wider_one_overlaps_it_though_they_are_not_neighbours(tmp_path: Path) -> None:
    bands = "bands = [{ to = 90, points = 1 }, { from = 10, to = 20, points = 2 }, { from = 30, points = 3 }]"
    fault = faults(tmp_path, f'{HEAD}[[criteria]]\nid = "a"\nattr = "age"\n{bands}')
    assert list(fault) == ["criteria[0].bands[1].from", "criteria[0].bands[2].from"]


def test_touching_bands_do_not_overlap(tmp_path: Path) -> None:
    bands = "bands = [{ from = 300, points = 3 }, { to = 300, points = 8 }]"
    assert read(tmp_path, f'{HEAD}[[criteria]]\nid = "a"\nattr = "age"\n{bands}').criteria[0].bands


def test_exactly_one_form_is_expected(tmp_path: Path) -> None:
    text = HEAD + CRITERION + 'effect = "exclude"\n[[criteria]]\nid = "b"\n'
    found = faults(tmp_path, text)
    assert "trouvé : points et effect" in found["criteria[0]"].message
    assert "trouvé : aucune" in found["criteria[1]"].message


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    fault = faults(tmp_path, HEAD + CRITERION + 'aplies_to = ["primo"]')["criteria[0].aplies_to"]
    assert "« applies_to »" in fault.mend


@pytest.mark.parametrize(
    ("condition", "place", "mend"),
    [
        ('{ attr = "motives", op = "eq", value = "05" }', "op", "contains, any_in"),
        ('{ attr = "pdalhpd", op = "gt", value = true }', "op", "eq, ne"),
        ('{ attr = "age", op = "eq", value = [18, 19] }', "value", "« in »"),
        ('{ attr = "dalo_status", op = "in", value = ["ACTIFF"] }', "value", "« ACTIF »"),
        ('{ attr = "age", op = "in", value = 18 }', "value", ""),
        ('{ attr = "age", op = "ge" }', "value", "attr = "),
    ],
)
def test_an_operation_must_mean_something_for_its_attribute(
    tmp_path: Path, condition: str, place: str, mend: str
) -> None:
    found = faults(tmp_path, f"{HEAD}{CRITERION}when = {condition}")
    assert list(found) == [f"criteria[0].when.{place}"]
    assert mend in found[f"criteria[0].when.{place}"].mend


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[[criteria]]\nid = "a"\npoints = 1\ngroup = "housin"\n', "criteria[1].group"),
        ('[[criteria]]\nid = "b"\npoints = 1\ngroup = "housin"\n', "criteria[1].group"),
        ('[[criteria]]\nid = "b"\neffect = "exclude"\ngroup = "housing"\n', "criteria[1].group"),
        ('[[criteria]]\nid = "a"\npoints = 1\n', "criteria[1].id"),
        ('[[groups]]\nid = "housing"\nrule = "sum"\n', "groups[1].id"),
        ('[[groups]]\nid = "g"\nrule = "sum"\ncap = -1\n', "groups[1].cap"),
        ('[[criteria]]\nid = "b"\nattr = "age"\npoints = 1\n', "criteria[1].attr"),
        ('[[criteria]]\nid = "b"\nper_unit = { step = 1, points = 1 }\n', "criteria[1].attr"),
        (
            '[[criteria]]\nid = "b"\nattr = "motives"\nper_unit = { step = 1, points = 1 }\n',
            "criteria[1].attr",
        ),
        (
            '[[criteria]]\nid = "b"\nattr = "age"\nper_unit = { step = 0, points = 1 }\n',
            "criteria[1].per_unit.step",
        ),
        (
            '[[criteria]]\nid = "b"\nattr = "age"\nper_unit = { step = 1, points = -1, cap = 2 }\n',
            "criteria[1].per_unit.cap",
        ),
        (
            '[[criteria]]\nid = "b"\nattr = "age"\nbands = [{ from = 3, to = 3, points = 1 }]\n',
            "criteria[1].bands[0]",
        ),
        ('[[criteria]]\nid = "b"\npoints = "10"\n', "criteria[1].points"),
        ('[[criteria]]\nid = "b"\npoints = nan\n', "criteria[1].points"),
        ('[[criteria]]\nid = "b"\npoints = 1\nwhen = { all = [] }\n', "criteria[1].when.all"),
        ('[[criteria]]\nid = "b"\npoints = 1\nwhen = {}\n', "criteria[1].when"),
        ('[[criteria]]\nid = "b"\npoints = 1\napplies_to = []\n', "criteria[1].applies_to"),
        ('[[criteria]]\nid = "b"\nattr = "age"\nbands = []\n', "criteria[1].bands"),
        ('[[criteria]]\nid = "b à"\npoints = 1\n', "criteria[1].id"),
        ("[[examples]]\nfacts = { age = 3 }\n", "examples[0].expected"),
        ("[[examples]]\nexpected = 3\nfacts = { agee = 3 }\n", "examples[0].facts.agee"),
        ('[[examples]]\nexpected = 3\nfacts = { motives = ["99"] }\n', "examples[0].facts.motives"),
    ],
)
def test_each_fault_names_its_place(tmp_path: Path, text: str, place: str) -> None:
    groups = '[[groups]]\nid = "housing"\nrule = "max"\n'
    assert place in faults(tmp_path, HEAD + groups + CRITERION + text)


def test_an_unknown_group_names_the_nearest(tmp_path: Path) -> None:
    text = HEAD + '[[groups]]\nid = "housing"\nrule = "max"\n' + CRITERION + 'group = "housin"\n'
    assert "« housing »" in faults(tmp_path, text)["criteria[0].group"].mend


@pytest.mark.parametrize("criteria", ["", "criteria = []\n"])
def test_a_grid_without_a_criterion_is_refused(tmp_path: Path, criteria: str) -> None:
    assert list(faults(tmp_path, HEAD + criteria)) == ["criteria"]


def test_faults_of_type_and_of_meaning_are_reported_together(tmp_path: Path) -> None:
    text = (
        'id = "g"\nstatus = "adoptee"\ncomplete = false\ntotal = { floor = 10, cap = 5 }\n'
        '[[criteria]]\nid = "a"\npoints = "x"\nwhen = { attr = "agee", op = "ge", value = 3 }\n'
    )
    assert set(faults(tmp_path, text)) == {
        "status",
        "complete",
        "total.floor",
        "criteria[0].points",
        "criteria[0].when.attr",
    }


@pytest.mark.parametrize("key", ["when", "unknown"])
def test_tables_nested_without_end_are_a_fault_not_a_crash(tmp_path: Path, key: str) -> None:
    found = faults(tmp_path, f'{HEAD}{CRITERION}{key}{".not" * 3000}.attr = "age"\n')
    assert "trop emboîtées" in found[""].message


def test_points_as_text_say_how_to_write_them(tmp_path: Path) -> None:
    text = '[[criteria]]\nid = "b"\nattr = "age"\nbands = [{ to = 30, points = "7,5" }, { from = 30 }]\n'
    found = faults(tmp_path, HEAD + '[[criteria]]\nid = "a"\npoints = "10"\n' + text)
    assert found["criteria[0].points"].mend == "écrire points = 10, sans guillemets"
    assert found["criteria[1].bands[0].points"].mend == "écrire points = 7.5, sans guillemets"
    assert found["criteria[1].bands[1].points"].message == "tranche sans points"


def test_a_cycle_of_groups_names_its_way_round(tmp_path: Path) -> None:
    text = (
        '[[groups]]\nid = "x"\nrule = "sum"\ngroup = "y"\n[[groups]]\nid = "y"\nrule = "max"\ngroup = "x"\n'
        '[[groups]]\nid = "z"\nrule = "max"\ngroup = "x"\n'
    )
    found = faults(tmp_path, HEAD + text + CRITERION)
    assert found["groups[0].group"].message == "cycle de groupes : x → y → x"
    assert found["groups[1].group"].message == "cycle de groupes : y → x → y"
    assert "cycle de groupes" in found["groups[2].group"].message  # it leads into the cycle
    nested = faults(tmp_path, HEAD + '[[groups]]\nid = "x"\nrule = "sum"\ngroup = "y"\n' + CRITERION)
    assert nested["groups[0].group"].message == "groupe dans un groupe"


def test_an_impossible_date_is_said_with_its_line_and_hides_no_other_fault(tmp_path: Path) -> None:
    text = HEAD + "valid_from = 2024-02-30 # 2024-02-31\ntotal = { floor = 9, cap = 1 }\n" + CRITERION
    found = faults(tmp_path, text)
    assert set(found) == {"valid_from", "total.floor"}
    assert (found["valid_from"].row, found["valid_from"].value) == (4, "2024-02-30")
    condition = 'when = { attr = "housed_since", op = "lt", value = 2023-13-01 }\n'
    assert faults(tmp_path, HEAD + CRITERION + condition)["when"].value == "2023-13-01"


def test_a_text_that_looks_like_an_impossible_date_is_only_a_text(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + 'label = "grille, 2024-02-30"\n' + CRITERION).label == "grille, 2024-02-30"
