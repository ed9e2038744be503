"""Whatever a file holds, the reader gives a territory or a report of faults: never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.reading import read_territory
from sim.territory.files.schema import DEMANDS, TABLES
from sim.territory.files.tables import read_table

TOY = Path(__file__).parents[4] / "scenarios" / "territories" / "jouet"
FILES = ("territory.toml", "residences.csv", "dwellings.csv", "occupants.csv", "demands.csv", "vacancies.csv")
CONTENTS = {name: (TOY / name).read_bytes() for name in FILES}

AWKWARD = st.sampled_from(
    [
        *(b'"', b",", b"\n", b"\r", b"\x00", b";", b"=", b"\xe9", b"\xff", b"-", b"''"),
        *(b"NaN", b"1e999", b"9" * 30, b"2026-02-30", b"0000-01-01", b"\xef\xbb\xbf"),
        *(sign.encode() for sign in ("\u202f", "²", "٣", "\u202e")),
    ]
)
PIECES = st.one_of(AWKWARD, st.binary(max_size=8))
EDITS = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 20), PIECES), min_size=1, max_size=6)


def reads_or_reports(name: str, content: bytes) -> None:
    with TemporaryDirectory() as parent:
        folder = Path(shutil.copytree(TOY, Path(parent) / "jouet"))
        (folder / name).write_bytes(content)
        faults: tuple[Fault, ...] = ()
        try:
            read_territory(folder)
        except FaultsFound as found:
            faults = found.faults
        assert all(fault.message and len(fault.value) <= 40 for fault in faults)


def mutated(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, removed, added in edits:
        at = place % (len(content) + 1)
        content = content[:at] + added + content[at + removed :]
    return content


@given(name=st.sampled_from(FILES), content=st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_random_bytes_are_read_or_reported(name, content):
    reads_or_reports(name, content)


@given(name=st.sampled_from(FILES), edits=EDITS)
@settings(max_examples=200, deadline=None)
def test_a_mutated_file_is_read_or_reported(name, edits):
    reads_or_reports(name, mutated(CONTENTS[name], edits))


@given(edits=EDITS)
@settings(max_examples=100, deadline=None)
def test_accepted_and_rejected_make_all_rows_read(edits):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "demands.csv"
        path.write_bytes(mutated(CONTENTS["demands.csv"], edits))
        table = read_table(path, DEMANDS)
    assert table.accepted + table.rejected == table.read
    assert {fault.row for fault in table.faults} >= set(table.rows[table.faulty].tolist())


@pytest.mark.slow
@given(name=st.sampled_from(FILES), edits=EDITS)
@settings(max_examples=10_000, deadline=None)
def test_10_000_mutated_files_are_read_or_reported(name, edits):
    reads_or_reports(name, mutated(CONTENTS[name], edits))


@pytest.mark.slow
@given(content=st.binary(max_size=3000), table=st.sampled_from(TABLES))
@settings(max_examples=10_000, deadline=None)
def test_10_000_random_files_are_read_or_reported(content, table):
    with TemporaryDirectory() as folder:
        for suffix in ("csv", "parquet"):
            path = Path(folder) / f"{table.name}.{suffix}"
            path.write_bytes(content)
            read_table(path, table)
