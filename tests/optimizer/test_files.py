"""A problem file is read as it was written, or refused with every fault; nothing in it is ever run."""

from __future__ import annotations

import contextlib
import io
import pickle
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_problems import ints, tiny

from optimizer import NO_HIGH, Problem
from optimizer.arrays import COLUMNS
from optimizer.files import ProblemRefused, read

Arrays = dict[str, np.ndarray]
Break = Callable[[Arrays], None]


def arrays_of(problem: Problem) -> Arrays:
    """Return a problem's arrays by name; optional ones that are absent are left out."""
    found = {item.name: getattr(problem, item.name) for item in fields(problem)}
    return {
        name: array
        for name, array in found.items()
        if array is not None and not (name == "group_capacity" and found["class_group"] is None)
    }


def sound() -> Arrays:
    """Two applicants, three pairs, two classes, two rows, every optional array."""
    return {
        "pair_applicant": ints([0, 1, 1]),
        "pair_class": ints([0, 0, 1]),
        "pair_weight": ints([5, 7, 2]),
        "class_capacity": ints([1, 1]),
        "applicant_signature": ints([3, 8]),
        "applicant_lottery": ints([1, 0]),
        "coef_row": ints([0, 1]),
        "coef_signature": ints([3, 8]),
        "coef_class": ints([0, 1]),
        "coef_value": ints([1, -1]),
        "row_low": ints([1, 0]),
        "row_high": ints([NO_HIGH, 4]),
        "row_penalty": ints([10, 10]),
        "row_tier": ints([0, 1]),
        "row_label": np.array(["R1", "cible été"]),
        "row_scale": ints([1, 100]),
        "pair_lock": ints([0, 1, 0]),
        "class_list": ints([3, 3]),
        "applicant_lists": ints([2, 2]),
        "class_group": ints([0, -1]),
        "group_capacity": ints([1]),
    }


def refused(path: Path) -> list[tuple[str, str]]:
    """Return (array, sentence) of each fault."""
    with pytest.raises(ProblemRefused) as told:
        read(path)
    return [(fault.array, str(fault)) for fault in told.value.faults]


def written(folder: Path, arrays: Arrays) -> Path:
    path = folder / "problem.npz"
    np.savez(path, allow_pickle=True, **arrays)
    return path


def test_a_problem_is_read_as_it_was_written(tmp_path: Path) -> None:
    for arrays in (sound(), arrays_of(tiny(1)), arrays_of(tiny(2, rows=False))):
        problem = read(written(tmp_path, arrays))
        problem.check()
        for name, array in arrays.items():
            assert np.array_equal(getattr(problem, name), array), name
            assert getattr(problem, name).dtype == array.dtype


def test_a_compressed_archive_is_read_too(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "problem.npz", **sound())
    assert read(tmp_path / "problem.npz").pairs == 3


def test_arrays_of_side_rows_may_be_absent_all_together(tmp_path: Path) -> None:
    arrays = {name: array for name, array in sound().items() if not name.startswith(("coef_", "row_"))}
    assert read(written(tmp_path, arrays)).rows == 0
    arrays["row_low"] = ints([0])
    missing = [name for name, _ in refused(written(tmp_path, arrays))]
    assert missing == [
        *("coef_row", "coef_signature", "coef_class", "coef_value"),
        *("row_high", "row_penalty", "row_tier", "row_label"),  # row_scale may be absent: ones
    ]


@pytest.mark.parametrize("kind", ["<i4", ">i4", "<i2", "u1", ">i8", "<u8"])
def test_other_integers_that_lose_nothing_are_widened(tmp_path: Path, kind: str) -> None:
    arrays = sound()
    for name in ("pair_applicant", "pair_weight", "class_list", "applicant_signature"):
        arrays[name] = arrays[name].astype(kind)
    problem = read(written(tmp_path, arrays))
    assert problem.pair_weight.dtype == np.int64
    assert problem.pair_weight.tolist() == [5, 7, 2]
    assert problem.applicant_signature.tolist() == [3, 8]


def test_labels_of_the_other_byte_order_are_read(tmp_path: Path) -> None:
    arrays = sound()
    arrays["row_label"] = arrays["row_label"].astype(">U9")
    assert read(written(tmp_path, arrays)).row_label.tolist() == ["R1", "cible été"]


def put(name: str, values: object, kind: object = None) -> Break:
    def broken(arrays: Arrays) -> None:
        arrays[name] = np.array(values, dtype=kind)

    return broken


def without(name: str) -> Break:
    def broken(arrays: Arrays) -> None:
        del arrays[name]

    return broken


ONE_FAULT: list[tuple[Break, str, str]] = [
    (put("pair_weight", [5.0, 7.0, 2.0]), "pair_weight", "type float64, attendu entiers (int64)"),
    (put("pair_weight", [5.0, np.nan, 2.0]), "pair_weight", "1 NaN dont le premier en position 1"),
    (put("row_penalty", [10.0, np.inf]), "row_penalty", "1 infini(s) dont le premier en position 1"),
    (put("pair_weight", [5, None, 2], object), "pair_weight", "tableau d'objets"),
    (put("row_label", ["R1", "R2"], object), "row_label", "attendu texte unicode"),
    (put("row_label", [b"R1", b"R2"]), "row_label", "type |S2, attendu texte unicode"),
    (put("row_label", [1, 2]), "row_label", "type int64, attendu texte unicode"),
    (put("row_tier", [False, True]), "row_tier", "type bool"),
    (put("pair_lock", ["0", "1", "0"]), "pair_lock", "type <U1"),
    (put("applicant_signature", [3, 2**64 - 1], np.uint64), "applicant_signature", "ne tient pas en 64 bits"),
    (put("class_capacity", [[1, 1]], np.int64), "class_capacity", "1 × 2 : 2 dimension(s), attendu 1"),
    (put("class_capacity", 1, np.int64), "class_capacity", "0 dimension(s), attendu 1"),
    (put("pair_weight", [5, 7], np.int64), "pair_weight", "attendu 3 valeur(s) comme pair_applicant"),
    (put("row_label", ["R1"]), "row_label", "attendu 2 valeur(s) comme row_low, une par ligne"),
    (put("pair_weight", [5, -7, 2**24 + 1]), "pair_weight", "-7 : position 1, attendu de 0 à 16777216 ; 2"),
    (put("pair_applicant", [0, 1, 2]), "pair_applicant", "attendu de 0 à 1 (candidats : 2)"),
    (put("coef_class", [0, 2]), "coef_class", "attendu de 0 à 1 (classes : 2)"),
    (put("coef_row", [-1, 1]), "coef_row", "attendu de 0 à 1 (lignes : 2)"),
    (put("coef_value", [1, 2**20 + 1]), "coef_value", "attendu de -1048576 à 1048576"),
    (put("row_high", [NO_HIGH, 2**41]), "row_high", f"ou {NO_HIGH} sans limite"),
    (put("row_tier", [0, 2]), "row_tier", "attendu de 0 à 1"),
    (put("row_scale", [0, 1]), "row_scale", "attendu de 1 à"),
    (put("pair_lock", [0, 1, 2]), "pair_lock", "attendu de -1 à 1"),
    (put("class_list", [0, 3]), "class_list", "attendu de 1 à"),
    (put("applicant_lists", [2, 0]), "applicant_lists", "attendu de 1 à"),
    (put("class_group", [1, -1]), "class_group", "attendu de -1 à 0 (groupes : 1)"),
    (put("group_capacity", [-1]), "group_capacity", "attendu de 0 à"),
    (put("row_low", [1, 5]), "row_low", "ligne « cible été », plancher au-dessus du plafond 4"),
    (put("applicant_lottery", [0, 0]), "applicant_lottery", "permutation de 0 à 1, 1 numéro(s) absent(s)"),
    (put("row_label", ["R1", "R1"]), "row_label", "R1 : lignes 0 et 1, attendu un libellé par ligne"),
    (put("pair_class", [0, 1, 1]), "pair_applicant", "candidat 1, classe 1 : positions 1 et 2"),
    (put("class_capacity", [0, 1]), "pair_lock", "classe 0, 1 verrou(s), attendu au plus sa capacité 0"),
    (put("pair_lock", [0, 1, 1]), "pair_lock", "candidat 1 verrouillé 2 fois"),
    (put("group_capacity", [0]), "pair_lock", "groupe 0, 1 verrou(s), attendu au plus sa capacité 0"),
    (put("pair_locks", [0]), "pair_locks", "tableau inconnu ; vouliez-vous dire « pair_lock » ?"),
    (put("zzz", [0]), "zzz", "tableau inconnu ; connus : pair_applicant"),
    (without("pair_class"), "pair_class", "tableau absent, il est requis"),
    (without("row_tier"), "row_tier", "tableau absent, il est requis"),
    (without("group_capacity"), "group_capacity", "il est requis avec class_group"),
    (without("class_group"), "class_group", "il est requis avec group_capacity"),
]


@pytest.mark.parametrize(("spoil", "array", "said"), ONE_FAULT, ids=[said for _, _, said in ONE_FAULT])
def test_a_fault_is_named_with_its_array(tmp_path: Path, spoil: Break, array: str, said: str) -> None:
    arrays = sound()
    spoil(arrays)
    faults = refused(written(tmp_path, arrays))
    assert any(name == array and said in text for name, text in faults), faults


def test_faults_of_every_kind_are_told_together(tmp_path: Path) -> None:
    arrays = sound()
    for spoil in (
        without("class_list"),
        put("class_lists", [3, 3]),  # unknown
        put("row_penalty", [1.5, np.nan]),  # a type
        put("applicant_signature", [3]),  # a length: the first of its kind says how many applicants there are
        put("pair_weight", [5, 7, -1]),  # a range
        put("row_low", [1, 5]),  # crossed
        put("pair_class", [0, 1, 1]),  # a pair twice
        put("coef_row", [0, 0]), put("coef_signature", [3, 3]), put("coef_class", [0, 0]),  # a triple twice
        put("row_label", ["R", "R"]),
    ):  # fmt: skip
        spoil(arrays)
    named = {name for name, _ in refused(written(tmp_path, arrays))}
    assert named == {
        *("class_lists", "row_penalty", "applicant_lottery", "applicant_lists", "pair_weight"),
        *("row_low", "pair_applicant", "coef_row", "row_label"),
    }


def test_an_objective_beyond_whole_floats_is_a_fault(tmp_path: Path) -> None:
    arrays = sound()
    arrays["row_low"], arrays["row_penalty"] = ints([2**30, 0]), ints([2**30, 0])
    # 2³⁰ short at 2³⁰ a unit is 2⁶⁰, above 2⁵³
    ((name, said),) = refused(written(tmp_path, arrays))
    assert name == "row_penalty"
    assert "ligne « R1 »" in said


def test_what_is_not_an_archive_is_refused(tmp_path: Path) -> None:
    sane = written(tmp_path, sound()).read_bytes()
    np.save(tmp_path / "seul.npy", np.arange(3))
    for content, said in (
        (b"", "n'est pas une archive"),
        (b"pair_applicant,pair_class\n0,0\n", "n'est pas une archive"),
        (sane[: len(sane) // 2], "tronquée"),
        (sane[:-3], "tronquée"),
        ((tmp_path / "seul.npy").read_bytes(), "un seul tableau (.npy)"),
        (pickle.dumps({"pair_class": [0]}), "n'est pas une archive"),
    ):
        (tmp_path / "autre.npz").write_bytes(content)
        ((_, text),) = refused(tmp_path / "autre.npz")
        assert said in text
    assert "n'en est pas un" in refused(tmp_path)[0][1]
    assert "vouliez-vous dire « problem.npz » ?" in refused(tmp_path / "problm.npz")[0][1]


def test_an_empty_archive_names_what_it_lacks(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "vide.npz", "w"):
        pass
    lacking = [name for name, _ in refused(tmp_path / "vide.npz")]
    assert lacking == [*list(COLUMNS)[:6]]  # side rows may be absent


def test_a_pickled_object_is_never_loaded(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "piège",)

    arrays = sound()
    arrays["pair_weight"] = np.array([Trap(), Trap(), Trap()], dtype=object)
    assert "jamais lus" in refused(written(tmp_path, arrays))[0][1]
    assert not (tmp_path / "piège").exists()


def member(header: bytes, values: bytes = b"") -> bytes:
    """Return the bytes of a .npy whose header says anything."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + values


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        member(b"{'descr': '<i8', 'fortran_order': False, 'shape': (1000000000000000,), }"),
        member(b"{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000000000,), }"),
        member(b"{'descr': '<i8', 'fortran_order': False, 'shape': (-3,), }"),
        member(b"{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", b"0" * 23),
        member(b"{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", b"0" * 25),
        member(b"{'descr': 'n importe quoi', 'fortran_order': False, 'shape': (3,), }"),
        member(b"(" * 5000),
        b"\x93NUMPY\x09\x00" + b"0" * 40,
    ],
)
def test_a_header_that_lies_is_refused_without_reading_what_it_promises(
    tmp_path: Path, content: bytes
) -> None:
    path = written(tmp_path, {name: array for name, array in sound().items() if name != "pair_weight"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("pair_weight.npy", content)
    assert refused(path)[0][0] == "pair_weight"


def test_an_array_present_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, sound())
    with zipfile.ZipFile(path) as archive:
        content = archive.read("pair_weight.npy")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("pair_weight.npy", content)
    ((name, said),) = refused(path)
    assert (name, "présent 2 fois" in said) == ("pair_weight", True)


def test_half_characters_in_a_label_are_refused(tmp_path: Path) -> None:
    arrays = sound()
    arrays["row_label"] = np.array([0xD800, 0x110000], dtype=np.uint32).view("<U1")
    assert "2 caractère(s)" in refused(written(tmp_path, arrays))[0][1]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_what_the_reader_accepts_problem_check_accepts(seed: int) -> None:
    file = io.BytesIO()
    np.savez(file, **arrays_of(tiny(seed)))
    read_bytes(file.getvalue()).check()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_values_spoilt_at_random_are_judged_as_by_problem_check(data: st.DataObject) -> None:
    arrays = {name: array.copy() for name, array in sound().items()}
    for _ in range(data.draw(st.integers(1, 2))):
        name = data.draw(st.sampled_from([name for name in arrays if name != "row_label"]))
        at = data.draw(st.integers(0, arrays[name].size - 1))
        arrays[name][at] = data.draw(st.sampled_from([-1, 0, 1, 2, 3, 2**21, 2**25, 2**42, -(2**63)]))
    try:
        Problem(**arrays).check()
        expected = True
    except ValueError:
        expected = False
    file = io.BytesIO()
    np.savez(file, **arrays)
    try:
        read_bytes(file.getvalue())
        found = True
    except ProblemRefused as refusal:
        found = all("pénalité ×" in str(fault) for fault in refusal.faults)  # only the file is held to it
    assert found == expected


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00"]))
def test_random_bytes_are_refused(content: bytes, start: bytes) -> None:
    with pytest.raises(ProblemRefused):
        read_bytes(start + content)


@settings(max_examples=500, deadline=None)
@given(data=st.data(), compressed=st.booleans())
def test_bytes_spoilt_at_random_are_refused_or_read_as_a_sound_problem(
    data: st.DataObject, compressed: bool
) -> None:
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **sound())
    content = bytearray(file.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    with contextlib.suppress(ProblemRefused):  # and nothing else
        read_bytes(bytes(content)).check()


def read_bytes(content: bytes) -> Problem:
    """Read a problem from bytes, through a file as people do."""
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        Path(file.name).write_bytes(content)
        return read(Path(file.name))
