"""What a scenario may ask, what it leaves to the hypotheses, and every fault of a file at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from sim.policies import POLICIES
from sim.policies.parameters import Parameters
from sim.scenario import Scenario, changed, hypotheses, known_policy, load_scenario
from sim.scenario.feedback import REACTIONS
from sim.territory.files.faults import FaultsFound

HOUSE = Path(__file__).parents[2]
JOUET = Path("scenarios/jouet.toml")

NOT_BEHAVIOUR = {
    *("funnel.stages", "household.active", "household.demands"),  # on or off
    *(f"feedback.{reaction}" for reaction in ("all", *REACTIONS)),
    *("name", "territory", "time", "runs", "policies", "grid", "law", "sittings", "target", "folder"),
    *("mutations.chain_aware", "mutations.review"),
    *("uncertainty", "frontier.acceptable_delay_months"),
    *("dalo.presented_alone", "essential_workers.target", "essential_workers.jobs", "rpms.refuses"),
    *("relogement.first", "control.no_new_supply", "control.frozen_incomes", "control.entrants_like_leavers"),
    *("orientation.rule", "orientation.bailleurs", "orientation.observed", "orientation.agreed_outside_qpv"),
    *("designation.practice", "demand.new_per_year", "departures.notice", "acceptance.certain"),
}
"""What a scenario is asked to choose; everything else is behaviour, with a source or a named assumption."""


def test_what_a_scenario_leaves_out_comes_from_the_hypotheses() -> None:
    scenario = load_scenario(Path("scenarios/tutorial.toml"))
    for section, figures in hypotheses().items():
        for name, figure in figures.items():
            assert getattr(getattr(scenario, section), name) == figure.value, f"{section}.{name}"


def test_every_number_of_behaviour_has_its_hypothesis_and_every_hypothesis_a_use() -> None:
    fields = set()
    for section, spec in Scenario.model_fields.items():
        kind = get_args(spec.annotation)[0] if isinstance(spec.annotation, UnionType) else spec.annotation
        if section not in NOT_BEHAVIOUR and isinstance(kind, type) and issubclass(kind, BaseModel):
            fields |= {f"{section}.{name}" for name in kind.model_fields}
    known = {f"{section}.{name}" for section, figures in hypotheses().items() for name in figures}
    assert fields - NOT_BEHAVIOUR == known


def test_a_scenario_replaces_a_hypothesis_under_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, "[acceptance]\naccepts = 0.6\n")
    acceptance = load_scenario(path).acceptance
    assert (acceptance.accepts, acceptance.dalo_accepts) == (0.6, 0.75)


def test_changes_are_applied_by_dotted_key_and_none_is_ignored() -> None:
    changes = {"runs.seed": 7, "scale": 0.5, "time.years": None}
    scenario = load_scenario(JOUET, changes=changes)
    assert (scenario.runs.seed, scenario.scale, scenario.time.years) == (7, 0.5, 2)


def test_the_digest_follows_the_content_not_the_folder(tmp_path: Path) -> None:
    path, beside = written(tmp_path, ""), tmp_path / "beside"
    beside.mkdir()
    assert load_scenario(path).digest() == load_scenario(written(beside, "")).digest()
    assert load_scenario(path).digest() != load_scenario(path, changes={"runs.seed": 1}).digest()
    assert load_scenario(path).digest() != load_scenario(path, changes={"acceptance.accepts": 0.6}).digest()


def test_the_shares_of_orientation_stand_in_the_order_of_the_reservataires() -> None:
    assert load_scenario(JOUET).orientation.shares == (0.25, 0.05, 0.18, 0.2, 0.32)


def test_a_packaged_scenario_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario(JOUET)
    assert scenario.path(scenario.territory.path).is_dir()


def test_several_grids_are_played_one_by_one() -> None:
    scenario = load_scenario(JOUET)
    both = scenario.model_copy(update={"grid": scenario.grid.model_copy(update={"file": ("a", "b")})})
    assert both.grids == ("a", "b")
    assert both.with_grid("b").grids == ("b",)


def written(folder: Path, more: str, **replaced: str) -> Path:
    """Write the toy's scenario with more sections, some lines replaced."""
    lines = {
        "name": 'name = "essai"',
        "territory": f'[territory]\npath = "{HOUSE / "scenarios/territories/jouet"}"',
        "time": "[time]\nstart = 2026-01-01\nyears = 2",
        "grid": f'[grid]\nfile = "{HOUSE / "scenarios/grids/synthetic-seniority-capped.toml"}"',
    } | replaced
    path = folder / "essai.toml"
    path.write_text("\n".join([*lines.values(), more]), encoding="utf-8")
    return path


def faults(path: Path, changes: dict[str, Any] | None = None) -> list[str]:
    with pytest.raises(FaultsFound) as refused:
        load_scenario(path, changes=changes)
    return [str(fault) for fault in refused.value.faults]


POLICY_NAMES = ", ".join(POLICIES)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            "[acceptance]\naccept = 0.6",
            "essai.toml, clé acceptance.accept : 0.6 : clé inconnue ; vouliez-vous dire « accepts » ?",
        ),
        (
            '[policies]\ncompare = ["cotaton_only"]',
            "essai.toml, clé policies.compare : ['cotaton_only'] : politique inconnue « cotaton_only » ; "
            f"vouliez-vous dire « cotation_only » ? connus : {POLICY_NAMES}",
        ),
        (
            "[policies.parameters.cotation_quotas]\ngapp = 0.1",
            "clé policies.parameters.cotation_quotas.gapp : 0.1 : clé inconnue ; vouliez-vous dire « gap » ?",
        ),
        (
            '[policies.parameters.cotation_quotas]\nform = "weigthed"',
            "clé policies.parameters.cotation_quotas.form : weigthed : valeur inconnue ; vouliez-vous dire",
        ),
        (
            "[policies.parameters.cotation_quotas]\ngap = -1",
            "clé policies.parameters.cotation_quotas.gap : -1 : attendu ≥ 0",
        ),
        (
            "[policies.parameters.cotation_quota]\ngap = 0",
            "clé policies.parameters : politique inconnue « cotation_quota » ; vouliez-vous dire",
        ),
        (
            "[policies.parameters.seniority]\n",
            "clé policies.parameters : « seniority » n'a pas de paramètres ; en ont : cotation_matched, ",
        ),
        ("[policies]\ncompare = []", "clé policies.compare : [] : au moins une politique est attendue"),
        ("[acceptance]\naccepts = 1.5", "clé acceptance.accepts : 1.5 : attendu < 1"),
        ("[acceptance]\nsilent_share = -0.1", "clé acceptance.silent_share : -0.1 : attendu ≥ 0"),
        ("[departures]\nworks_days = -3", "clé departures.works_days : -3 : attendu ≥ 0"),
        ("[demand]\nrenewal = 1.0", "clé demand.renewal : 1.0 : attendu < 1"),
        ("[orientation]\netat = 0.5", "clé orientation : la somme des parts est 1.25, attendue 1"),
        ("[sittings]\nlist_length = 2", "clé sittings.list_length : 2 : attendu ≥ 3"),
        ('[sittings]\nweight = "raw"', "clé sittings.weight : raw : valeur inconnue"),
        ("acceptance = 3", "clé acceptance : 3 : une table est attendue"),
        ("[runs]\nreplications = nan", "clé runs.replications : nan : un"),
    ],
)
def test_a_fault_says_where_what_and_the_way_out(tmp_path: Path, more: str, expected: str) -> None:
    before = {"name": f'name = "essai"\n{more}'} if not more.startswith("[") else {}
    path = written(tmp_path, "" if before else more, **before)
    (fault,) = faults(path)
    assert expected in fault


def test_the_parameters_of_a_policy_are_its_own(tmp_path: Path) -> None:
    given = '[policies.parameters.cotation_quotas]\nform = "lexicographic"\ngap = 0.01'
    policies = load_scenario(written(tmp_path, given)).policies
    assert policies.of("cotation_quotas") == Parameters(form="lexicographic", gap=0.01)
    assert policies.of("cotation_peuplement") == Parameters(form="weighted", gap=0.001)


def test_what_a_scenario_knows_of_its_file_is_no_key(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    path.write_text(
        'file = "grille.toml"\nfolder = "."\n' + path.read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert [fault.split(" : ")[:2] for fault in faults(path)] == [
        [f"{path.name}, clé {key}", "clé inconnue ; la retirer"] for key in ("folder", "file")
    ]


def test_a_run_begins_on_a_first_of_january(tmp_path: Path) -> None:
    path = written(tmp_path, "", time="[time]\nstart = 2026-03-01\nyears = 2")
    (fault,) = faults(path)
    assert "clé time.start" in fault
    assert "un 1er janvier est attendu" in fault


def test_a_file_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    grids = HOUSE / "scenarios/grids"
    path = written(tmp_path, "", grid=f'[grid]\nfile = "{grids}/synthetic-seniority-caped.toml"')
    (fault,) = faults(path)
    assert "clé grid.file" in fault
    assert "introuvable ; vouliez-vous dire « synthetic-seniority-capped.toml »" in fault


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "[acceptance]\naccepts = -1\nacepts = 0.5\n[orientation]\naucun = 0.9\n[policies]\ncompare = ['x']",
        territory='[territory]\npath = "absent"',
        time='[time]\nstart = 2026-02-01\nyears = 0\nburn_in_policy = "cotaton_only"',
        grid='[grid]\nfile = ["absente.toml", "autre.toml"]',
    )
    keys = {fault.split("clé ")[1].split(" : ")[0] for fault in faults(path)}
    assert keys == {
        *("acceptance.accepts", "acceptance.acepts", "orientation", "policies.compare"),
        *("time.start", "time.years", "time.burn_in_policy", "territory.path", "grid.file"),
    }


@pytest.mark.parametrize("grid", ["file = 3", "file = [3]", "", 'files = "x"'])
def test_a_grid_that_names_no_file_is_a_fault_not_a_crash(tmp_path: Path, grid: str) -> None:
    assert all("clé grid" in fault for fault in faults(written(tmp_path, "", grid=f"[grid]\n{grid}")))


def test_a_change_under_something_that_is_no_table_is_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path, "", name='name = "essai"\nruns = 3')
    assert "clé runs" in faults(path, {"runs.seed": 7})[0]


def test_an_unknown_policy_names_the_nearest() -> None:
    assert known_policy("lottery") == "lottery"
    with pytest.raises(ValueError, match="politique inconnue « loterie »"):
        known_policy("loterie")


def test_the_shipped_scenarios_are_read() -> None:
    for path in sorted((HOUSE / "scenarios").glob("*.toml")):
        assert load_scenario(path).time.start >= date(2026, 1, 1)


def test_a_changed_scenario_is_the_scenario_with_other_values_checked_again() -> None:
    scenario = load_scenario(Path("scenarios/mel.toml"))
    assert changed(scenario, {}) == scenario
    other = changed(scenario, {"acceptance.accepts": 0.4, "sittings.max_lists": 1})
    assert (other.acceptance.accepts, other.sittings.max_lists) == (0.4, 1)
    assert (other.target, other.folder) == (scenario.target, scenario.folder)
    assert other.path(other.grids[0]).is_file()
    with pytest.raises(FaultsFound, match=r"acceptance.accepts : 1.5 : attendu < 1"):
        changed(scenario, {"acceptance.accepts": 1.5})


VARIANT = """
[[variant]]
name = "rare"
label = "Acceptation rare"
"""


def test_a_variant_names_keys_with_dots_or_by_section(tmp_path: Path) -> None:
    text = f"""{VARIANT}set = {{ "acceptance.accepts" = 0.3, designation.days = 10 }}
[[variant]]
name = "autre"
label = "Autre"
set = {{ acceptance = {{ accepts = 0.7, effort = 0 }} }}
"""
    rare, other = load_scenario(written(tmp_path, text)).variant
    assert rare.set == {"acceptance.accepts": 0.3, "designation.days": 10}
    assert other.set == {"acceptance.accepts": 0.7, "acceptance.effort": 0}
    assert rare.policies == ("cotation_only", "cotation_peuplement")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('set = { "acceptance.accept" = 0.3 }', "clé variant[0].set : acceptance.accept"),
        ('set = { "acceptance.accepts" = 2 }', "variant[0].set : acceptance.accepts : 2 : attendu < 1"),
        ('set = { "runs.seed" = 2 }', "« runs.seed » ne change pas d'une variante à l'autre"),
        ('set = { "territory.path" = "x" }', "« territory.path » ne change pas"),
        ("set = {}", "au moins 1 attendu"),
        ('set = { "designation.days" = 9 }\npolicies = ["lottery"]', "deux politiques au moins"),
        ('set = { "designation.days" = 9 }\npolicies = ["loterie", "lottery"]', "« loterie »"),
    ],
)
def test_a_wrong_variant_is_a_fault_said_of_its_place(tmp_path: Path, line: str, said: str) -> None:
    (fault, *_) = faults(written(tmp_path, f"{VARIANT}{line}\n"))
    assert said in fault


def test_two_variants_of_one_name_and_that_of_the_scenario_are_faults(tmp_path: Path) -> None:
    line = 'set = { "designation.days" = 9 }\n'
    (fault,) = faults(written(tmp_path, f"{VARIANT}{line}{VARIANT}{line}"))
    assert "clé variant[1].name : rare : nom déjà pris" in fault
    (fault,) = faults(written(tmp_path, f"{VARIANT}{line}".replace('"rare"', '"base"')))
    assert "« base » est le scénario lui-même" in fault


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("draws = 1", "0, ou 2 au moins"),
        ("reversals = 1", "0, ou 2 au moins"),
        ('ranges = { "acceptance.accepts" = [0.6, 0.4] }', "la première borne doit être sous la seconde"),
    ],
)
def test_wrong_uncertainty_is_a_fault(tmp_path: Path, line: str, said: str) -> None:
    (fault,) = faults(written(tmp_path, f"[uncertainty]\n{line}\n"))
    assert said in fault


# --- a scenario over its base -------------------------------------------------------------------------------


def over(folder: Path, text: str) -> Path:
    written(folder, "[runs]\nseed = 7\nreplications = 5")  # essai.toml, the base
    path = folder / "variante.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scenario_says_over_its_base_what_it_says(tmp_path: Path) -> None:
    base = 'base = "essai.toml"\nname = "variante"\n[runs]\nseed = 8\n[supply]\nsold = 0.0'
    scenario = load_scenario(over(tmp_path, base))
    assert (scenario.name, scenario.runs.seed, scenario.runs.replications) == ("variante", 8, 5)
    assert scenario.supply.sold == 0.0
    assert scenario.time == load_scenario(tmp_path / "essai.toml").time


@pytest.mark.parametrize(
    ("base", "fault"),
    [
        ('"esai.toml"', "base introuvable ; vouliez-vous dire « essai.toml »"),
        ('"../essai.toml"', "le nom d'un scénario du même dossier est attendu"),
        ("3", "clé base : 3 : un texte entre guillemets est attendu"),
        ('"variante.toml"', "une base n'a pas de base"),
    ],
)
def test_a_base_stands_in_the_same_folder_and_alone(tmp_path: Path, base: str, fault: str) -> None:
    (told,) = faults(over(tmp_path, f'base = {base}\nname = "variante"'))
    assert fault in told
