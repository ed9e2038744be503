"""A file stands on its base: what it writes wins, and each fault is said of the file that wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.territory.figure import Figure
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.layers import decode_layers, read_layers
from sim.territory.files.toml import Model


class Rents(Model):
    mean: Figure
    spread: Figure


class Place(Model):
    name: str
    wards: tuple[str, ...] = ()
    rents: Rents


BASE = """
wards = ["north", "south"]
[rents]
mean = { value = 5.0, low = 4.0, high = 6.0, label = "mean", hypothesis = "usual" }
spread = { value = 0.1, low = 0.0, high = 0.2, label = "spread", hypothesis = "usual" }
"""


@pytest.fixture
def write(tmp_path: Path):
    def file(text: str, base: str | None = BASE) -> Path:
        if base is not None:
            (tmp_path / "common.toml").write_text(base, encoding="utf-8")
        path = tmp_path / "town.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return file


def faults_of(path: Path) -> list[Fault]:
    with pytest.raises(FaultsFound) as found:
        decode_layers(read_layers(path), Place)
    return list(found.value.faults)


def test_a_file_without_base_says_what_it_says(write):
    path = write('name = "A"\n', base=None)
    layers = read_layers(path)
    assert layers.data == {"name": "A"}
    assert layers.file_of(("name",)) == path


def test_sections_are_completed_key_by_key(write):
    path = write('base = "common.toml"\nname = "A"\n[rents]\nspread = { value = 0.3, source = "seen" }\n')
    town = decode_layers(read_layers(path), Place)
    assert town.wards == ("north", "south")
    assert town.rents.mean.value == 5.0
    assert town.rents.spread.source == "seen"


def test_a_number_is_replaced_with_its_source_never_by_half(write):
    # Joined to the base's, this figure would carry a source and a hypothesis, which is refused.
    path = write('base = "common.toml"\nname = "A"\n[rents]\nmean = { value = 5.4, source = "read" }\n')
    mean = decode_layers(read_layers(path), Place).rents.mean
    assert (mean.value, mean.source, mean.hypothesis, mean.low) == (5.4, "read", "", None)


def test_half_a_number_does_not_take_the_rest_from_the_base(write):
    path = write('base = "common.toml"\nname = "A"\n[rents]\nmean = { low = 4.5 }\n')
    (fault,) = faults_of(path)
    assert (fault.file, fault.column) == (str(path), "rents.mean.value")


def test_a_list_is_taken_whole(write):
    path = write('base = "common.toml"\nname = "A"\nwards = ["east"]\n')
    assert decode_layers(read_layers(path), Place).wards == ("east",)


def test_what_each_file_wrote_is_told(write):
    path = write('base = "common.toml"\nname = "A"\n[rents]\nmean = { value = 5.4, source = "read" }\n')
    layers, base = read_layers(path), path.parent / "common.toml"
    assert layers.file_of(("name",)) == layers.file_of(("rents", "mean", "value")) == path
    assert layers.file_of(("rents",)) == path  # a section made of both is the file's
    assert layers.file_of(("wards", 0)) == layers.file_of(("rents", "spread", "value")) == base


def test_a_fault_is_said_of_the_file_that_wrote_it(write):
    path = write(
        'base = "common.toml"\nname = 3\n[rents]\nmean = { value = 5.4 }\n',
        BASE.replace("value = 0.1", "value = 0.5").replace('"north"', "1"),
    )
    base = str(path.parent / "common.toml")
    assert {(fault.column, fault.file) for fault in faults_of(path)} == {
        ("name", str(path)),
        ("rents.mean", str(path)),  # neither source nor hypothesis
        ("rents.spread", base),  # above its range
        ("wards[0]", base),
    }


def test_a_number_without_value_in_the_base_is_a_fault_of_the_base(write):
    path = write('base = "common.toml"\nname = "A"\n', BASE.replace("value = 5.0, ", ""))
    (fault,) = faults_of(path)
    assert (fault.column, fault.file) == ("rents.mean.value", str(path.parent / "common.toml"))


def test_a_key_that_neither_wrote_is_missed_in_the_file(write):
    path = write('base = "common.toml"\n', BASE[: BASE.index("spread")])
    assert {(fault.column, fault.file) for fault in faults_of(path)} == {
        ("name", str(path)),
        ("rents.spread", str(path)),
    }


def test_an_absent_base_is_named_with_the_nearest(write):
    path = write('base = "comon.toml"\n')
    with pytest.raises(FaultsFound) as found:
        read_layers(path)
    (fault,) = found.value.faults
    assert (fault.file, fault.column, fault.value) == (str(path), "base", "comon.toml")
    assert fault.mend.startswith("vouliez-vous dire « common.toml »")


def test_a_base_that_is_not_a_text_is_refused(write):
    path = write("base = 3\n")
    with pytest.raises(FaultsFound, match="clé base : 3 : un texte entre guillemets est attendu"):
        read_layers(path)


@pytest.mark.parametrize("loop", ["common.toml", "town.toml"])
def test_a_base_has_no_base(write, loop):
    path = write('base = "common.toml"\n', f'base = "{loop}"\n')
    with pytest.raises(FaultsFound, match="une base n'a pas de base"):
        read_layers(path)


def test_an_unreadable_base_names_itself(write):
    path = write('base = "common.toml"\n', "wards = [\n")
    with pytest.raises(FaultsFound, match=r"common\.toml : TOML illisible"):
        read_layers(path)
