"""Each fault of a TOML file names its key, its value and the way out, all in one report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError

from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.toml import Model, decode, place, read


class Floor(Model):
    public: Literal["first_quartile", "l441_1"]
    floor: Annotated[float, Field(ge=0.0, le=1.0)]


class Sittings(Model):
    rule: Literal["weekly", "immediate"] = "weekly"
    max_lists: Annotated[int, Field(gt=0)] = 3


class Plan(Model):
    name: str
    start: date
    study: bool = False
    sittings: Sittings = Sittings()
    target: tuple[Floor, ...] = ()


GOOD = {"name": "essai", "start": date(2026, 1, 1)}


def faults(**changes: object) -> list[Fault]:
    with pytest.raises(FaultsFound) as found:
        decode({**GOOD, **changes}, Plan, "plan.toml")
    return list(found.value.faults)


def test_a_good_file_is_decoded_and_frozen():
    plan = decode({**GOOD, "target": [{"public": "l441_1", "floor": 0.25}]}, Plan, "plan.toml")
    assert plan.target[0].floor == 0.25
    with pytest.raises(ValidationError):
        plan.name = "autre"  # type: ignore[misc]


def test_an_unknown_key_names_the_nearest():
    expected = "vouliez-vous dire « study » ? connus : name, start, study, sittings, target"
    assert faults(studi=True) == [Fault("plan.toml", "clé inconnue", expected, column="studi", value="vrai")]


def test_an_unknown_key_of_an_inner_table_names_the_nearest_there():
    expected = "vouliez-vous dire « max_lists » ? connus : rule, max_lists"
    assert faults(sittings={"max_list": 2}) == [
        Fault("plan.toml", "clé inconnue", expected, column="sittings.max_list", value="2")
    ]


def test_an_unknown_key_of_a_listed_table_names_its_place():
    target = [{"public": "l441_1", "floor": 0.2}, {"public": "l441_1", "floor": 0.2, "flor": 1}]
    (fault,) = faults(target=target)
    assert fault.column == "target[1].flor"
    assert fault.mend == "vouliez-vous dire « floor » ? connus : public, floor"


def test_an_absent_key_is_named():
    with pytest.raises(FaultsFound) as found:
        decode({"name": "essai"}, Plan, "plan.toml")
    assert found.value.faults == (Fault("plan.toml", "clé absente, elle est requise", column="start"),)


@pytest.mark.parametrize("value", ["01/02/2026", "2026-13-01", "demain", 3.5])
def test_a_wrong_date_shows_how_to_write_one(value):
    (fault,) = faults(start=value)
    assert (fault.column, fault.value) == ("start", str(value))
    assert fault.message.startswith("une date")
    assert "2026-01-31" in fault.message


@pytest.mark.parametrize(
    ("changes", "column", "value", "message"),
    [
        ({"name": 3}, "name", "3", "un texte entre guillemets est attendu"),
        ({"study": "peut-être"}, "study", "peut-être", "true ou false est attendu"),
        ({"sittings": 3}, "sittings", "3", "une table est attendue"),
        ({"sittings": {"max_lists": 2.5}}, "sittings.max_lists", "2.5", "un entier est attendu"),
        ({"sittings": {"max_lists": "deux"}}, "sittings.max_lists", "deux", "un entier est attendu"),
        ({"target": "l441_1"}, "target", "l441_1", "une liste est attendue"),
    ],
)
def test_a_wrong_type_says_what_is_expected(changes, column, value, message):
    assert faults(**changes) == [Fault("plan.toml", message, column=column, value=value)]


@pytest.mark.parametrize(
    ("changes", "column", "value", "message"),
    [
        ({"sittings": {"max_lists": 0}}, "sittings.max_lists", "0", "attendu > 0"),
        ({"target": [{"public": "l441_1", "floor": 25}]}, "target[0].floor", "25", "attendu ≤ 1.0"),
        ({"target": [{"public": "l441_1", "floor": -0.1}]}, "target[0].floor", "-0.1", "attendu ≥ 0.0"),
    ],
)
def test_a_bound_is_named(changes, column, value, message):
    assert faults(**changes) == [Fault("plan.toml", message, column=column, value=value)]


def test_a_number_that_is_not_finite_is_refused():
    (fault,) = faults(target=[{"public": "l441_1", "floor": float("nan")}])
    assert fault.column == "target[0].floor"


def test_an_unknown_choice_names_the_nearest():
    (fault,) = faults(sittings={"rule": "weeklly"})
    assert (fault.column, fault.value, fault.message) == ("sittings.rule", "weeklly", "valeur inconnue")
    assert fault.mend == "vouliez-vous dire « weekly » ? connus : weekly, immediate"


def test_several_faults_come_together():
    found = faults(start="hier", studi=1, sittings={"max_lists": 0}, target=[{"public": "l441_1"}])
    assert {fault.column for fault in found} == {"start", "studi", "sittings.max_lists", "target[0].floor"}


def test_a_long_value_is_shown_short():
    (fault,) = faults(sittings={"rule": "x" * 100})
    assert len(fault.value) == 40


def test_places_are_dotted_keys():
    assert place(("target", 0, "floor")) == "target[0].floor"


def only_fault_of(path: Path) -> Fault:
    with pytest.raises(FaultsFound) as found:
        read(path)
    (fault,) = found.value.faults
    return fault


def test_unreadable_toml_names_the_line(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text('name = "essai"\nstart = \n', encoding="utf-8")
    fault = only_fault_of(path)
    assert fault.message.startswith("TOML illisible")
    assert "line 2" in fault.message


def test_a_key_given_twice_is_refused(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text("a = 1\na = 2\n", encoding="utf-8")
    assert only_fault_of(path).message.startswith("TOML illisible")


def test_an_absent_file_names_the_nearest(tmp_path):
    (tmp_path / "plan.toml").touch()
    fault = only_fault_of(tmp_path / "plam.toml")
    assert fault.message == "fichier introuvable"
    assert fault.mend == "vouliez-vous dire « plan.toml » ? connus : plan.toml"
    assert only_fault_of(tmp_path / "ailleurs" / "plan.toml").mend == "vérifier le chemin"


def test_a_folder_and_a_text_that_is_not_utf_8_are_refused(tmp_path):
    assert "dossier" in only_fault_of(tmp_path).message
    path = tmp_path / "plan.toml"
    path.write_bytes('name = "réserve"'.encode("cp1252"))
    assert only_fault_of(path) == Fault(
        str(path), "le fichier n'est pas un texte UTF-8", "l'enregistrer en UTF-8"
    )


def test_deep_nesting_is_refused(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text("a = " + "[" * 20_000 + "]" * 20_000, encoding="utf-8")
    assert only_fault_of(path).message == "imbrication trop profonde"


def test_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert read(path) == {"a": 1}
