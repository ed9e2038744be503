"""A table read all at once is the table read record by record, and only plain files are."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.territory.files import tables
from sim.territory.files.plain import read_plain
from sim.territory.files.schema import VACANCIES

HEADER = "dwelling_id,available_on,note,reservataire\n"
CELLS = st.text(alphabet='aé1-, ;"\r\n\0', max_size=6)


def test_a_plain_file_gives_its_columns_by_name() -> None:
    found = read_plain("dwelling_id,note,rang\nL1,é,3\nL2,,4\n".encode(), {"note": 1, "rang": 2}, 3)
    assert found is None, "an empty first cell might be a blank line"
    found = read_plain("dwelling_id,note,rang\nL1,é,3\nL2,,4\n".encode(), {"dwelling_id": 0, "note": 1}, 3)
    assert found is not None
    assert {name: texts.to_pylist() for name, texts in found.items()} == {
        "dwelling_id": ["L1", "L2"],
        "note": ["é", ""],
    }


@pytest.mark.parametrize(
    "rows",
    [
        'L1,"a"\n',  # a quote
        "L1\n",  # too short
        "L1,a,b\n",  # too long
        "L1,a\n\nL2,b\n",  # a blank line
        "L1,a\n,\nL2,b\n",  # a line of empty cells
        "L1,a\rL2,b\n",  # a line that ends otherwise
        f"L1,{'a' * (csv.field_size_limit() + 1)}\n",  # a cell longer than any
        "",
    ],
)
def test_any_other_file_is_read_record_by_record(rows: str) -> None:
    assert read_plain(f"id,note\n{rows}".encode(), {"id": 0, "note": 1}, 2) is None


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.lists(st.lists(CELLS, min_size=3, max_size=5).map(",".join), max_size=4).map("\n".join))
@example(text="L1,2026-01-01,x,etat\r\nL2,2026-01-02,,aucun\r\n")
@example(text="L1,2026-01-01,x,etat\n\n")
def test_both_readings_of_a_file_say_the_same(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vacancies.csv"
    path.write_bytes((HEADER + text).encode())
    fast = tables.read_table(path, VACANCIES)
    with monkeypatch.context() as slow:
        slow.setattr(tables, "read_plain", lambda *_: None)
        exact = tables.read_table(path, VACANCIES)
    assert {name: texts.to_pylist() for name, texts in fast.texts.items()} == {
        name: texts.to_pylist() for name, texts in exact.texts.items()
    }
    assert fast.rows.tolist() == exact.rows.tolist()
    assert fast.faults == exact.faults
    assert fast.notes == exact.notes


def test_what_is_plain_reads_as_the_csv_module_has_it() -> None:
    text = "a,b\nL1,l'été ; = 3\nL2, espace \n"
    found = read_plain(text.encode(), {"a": 0, "b": 1}, 2)
    assert found is not None
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    assert list(zip(*(texts.to_pylist() for texts in found.values()), strict=True)) == list(map(tuple, rows))
