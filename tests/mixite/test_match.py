"""`mixite match`: a problem worked by hand, the shape of the answer, and every malformed input refused."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from bench_modules import load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mixite.__main__ import main
from mixite.report import words
from optimizer import NO_HIGH, NO_LOW

Arrays = dict[str, np.ndarray]


COMMISSION = load("instances").instance(load("instances").SIZES["S"])
"""60 vacancies, 3,000 applicants, 26 rows."""


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, object]:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(column, sentence) of each fault."""
        return [(fault["column"], fault["text"]) for fault in self.answer["faults"]]


Match = Callable[..., Said]


@pytest.fixture
def match(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Match:
    """Return a function that runs `mixite match` with these arguments, in this process."""

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["mixite", "match", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return Said(int(end.value.code or 0), said.out, said.err)

    return run


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def by_hand(penalty: int = 6) -> Arrays:
    """Two dwellings, three applicants, one row: at least one applicant of signature 1 is housed.

                  class 0   class 1   signature
    applicant 0     10         9          0
    applicant 1      8         -          0
    applicant 2      -         4          1

    Without the row the best is 1 in class 0 and 0 in class 1: 8 + 9 = 17, and the row is one short.
    With it, 0 in class 0 and 2 in class 1: 10 + 4 = 14. The row is kept where its penalty is above 3.
    """
    return {
        "pair_applicant": ints(0, 1, 0, 2),
        "pair_class": ints(0, 0, 1, 1),
        "pair_weight": ints(10, 8, 9, 4),
        "class_capacity": ints(1, 1),
        "applicant_signature": ints(0, 0, 1),
        "applicant_lottery": ints(2, 0, 1),
        "coef_row": ints(0, 0),
        "coef_signature": ints(1, 1),
        "coef_class": ints(0, 1),
        "coef_value": ints(1, 1),
        "row_low": ints(1),
        "row_high": ints(NO_HIGH),
        "row_penalty": ints(penalty),
        "row_tier": ints(0),
        "row_label": np.array(["Q1 hors QPV"]),
    }


def written(folder: Path, arrays: Arrays, name: str = "problem.npz") -> Path:
    np.savez(folder / name, allow_pickle=True, **arrays)
    return folder / name


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a commission's problem."""
    arrays = {item.name: getattr(COMMISSION, item.name) for item in fields(COMMISSION)}
    arrays = {name: array for name, array in arrays.items() if array is not None and name != "group_capacity"}
    return written(tmp_path_factory.mktemp("commission"), arrays)


def test_a_row_worth_keeping_is_kept_at_a_price_of_at_least_what_it_costs(
    match: Match, tmp_path: Path
) -> None:
    found = match(written(tmp_path, by_hand(penalty=6)), "--json", "--out", tmp_path / "listes.csv")
    assert found.code == 0, found.err
    answer = found.answer
    assert {key: answer[key] for key in ("objective", "bound", "gap", "fill", "weight")} == {
        "objective": 14, "bound": 14, "gap": 0.0, "fill": 2, "weight": 14,
    }  # fmt: skip
    assert (answer["certified"], answer["proved_by"], answer["stopped"]) == (True, "lp", False)
    assert answer["shortfall"] == {"Q1 hors QPV": 0}
    # One unit less would give 17 instead of 14; one unit more could only be missed, at 6. Any price from
    # 3 to 6 proves the bound.
    assert 3 <= answer["prices"]["Q1 hors QPV"] <= 6
    assert (tmp_path / "listes.csv").read_bytes() == b"class,slot,rank,applicant\n0,0,1,0\n1,0,1,2\n"
    assert answer["ties"] == "settled"
    assert "à égalité" not in found.err


def test_a_row_that_costs_more_than_its_penalty_is_missed_and_said(match: Match, tmp_path: Path) -> None:
    problem = written(tmp_path, by_hand(penalty=2))
    answer = match(problem, "--json").answer
    assert (answer["objective"], answer["weight"]) == (15, 17)  # 17 − 2 × 1
    assert answer["shortfall"] == {"Q1 hors QPV": 1}
    assert answer["prices"] == {"Q1 hors QPV": 2.0}  # one unit less saves the penalty
    said = match(problem)
    assert said.out == ""
    assert said.err.splitlines() == [
        "places pourvues : 2 sur 2",
        "lignes manquées : 1 sur 1",
        "  Q1 hors QPV : il manque 1 (plancher 1)",
        "calcul vérifié : capacités et verrous tenus, aucune réponse ne vaut plus (écart 0)",
    ]


def test_by_stages_a_legal_row_is_kept_whatever_its_penalty(match: Match, tmp_path: Path) -> None:
    found = match(written(tmp_path, by_hand(penalty=2)), "--lexicographic", "--json")
    assert found.code == 0, found.err
    answer = found.answer
    assert (answer["fill"], answer["weight"], answer["shortfall"]) == (2, 14, {"Q1 hors QPV": 0})
    assert (answer["objective"], answer["bound"], answer["certified"]) == (14, 14, True)
    stages = [(stage["name"], stage["objective"], stage["bound"], stage["gap"]) for stage in answer["stages"]]
    assert stages == [
        ("fill", 2, 2, 0.0),
        ("legal", 0, 0, 0.0),
        ("target", 0, 0, 0.0),
        ("weight", 14, 14, 0.0),
        ("lottery", 3, None, None),  # numbers 2 and 1 of those placed
    ]


def test_lists_hold_as_many_names_as_are_wanted_and_possible(match: Match, tmp_path: Path) -> None:
    arrays = by_hand() | {"class_list": ints(3, 2)}
    out = tmp_path / "nouveau" / "listes.csv"  # its folder is made
    assert match(written(tmp_path, arrays), "--out", out).code == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = [tuple(map(int, row.values())) for row in csv.DictReader(file)]
    # Class 0, behind applicant 0: applicant 1, and nobody else is possible. Class 1, behind 2: nobody of the
    # same signature, then 0, who is on one list and may be on two.
    assert rows == [(0, 0, 1, 0), (0, 0, 2, 1), (1, 0, 1, 2), (1, 0, 2, 0)]
    assert [path.name for path in out.parent.iterdir()] == ["listes.csv"]  # no temporary file is left


def test_locks_are_kept(match: Match, tmp_path: Path) -> None:
    arrays = by_hand() | {"pair_lock": ints(0, 1, 0, -1)}  # 1 in class 0 is given, 2 in class 1 may not be
    answer = match(written(tmp_path, arrays), "--json").answer
    assert (answer["weight"], answer["objective"]) == (17, 11)  # 8 + 9, the row one short: − 6


def test_a_row_is_said_in_what_it_counts_and_with_its_limits(match: Match, tmp_path: Path) -> None:
    arrays = by_hand(penalty=0)
    arrays["coef_value"] = ints(100, 100)
    for low, high, said in (
        (150, NO_HIGH, "il manque 1,5 (plancher 1,5)"),
        (150, 175, "1,5 hors des limites (de 1,5 à 1,75)"),
        (NO_LOW, -25, "0,25 de trop (plafond −0,25)"),
    ):
        arrays |= {"row_low": ints(low), "row_high": ints(high), "row_scale": ints(100)}
        assert f"  Q1 hors QPV : {said}\n" in match(written(tmp_path, arrays)).err


def test_an_amount_that_no_decimals_say_is_a_fraction(match: Match, tmp_path: Path) -> None:
    arrays = by_hand(penalty=0) | {"row_low": ints(5), "row_scale": ints(3)}
    assert "il manque 5/3 (plancher 5/3)" in match(written(tmp_path, arrays)).err


def test_the_document_has_the_keys_of_the_contract(match: Match, small: Path) -> None:
    found = match(small, "--json")
    answer = found.answer
    assert list(answer)[:6] == ["objective", "bound", "gap", "certified", "proved_by", "fill"]
    assert {"weight", "shortfall", "prices", "stages", "seconds", "peak_mb", "stopped"} <= set(answer)
    assert list(answer["shortfall"]) == list(answer["prices"]) == COMMISSION.row_label.tolist()
    assert all(isinstance(amount, int) for amount in answer["shortfall"].values())
    assert all(price >= 0 for price in answer["prices"].values())
    assert answer["objective"] <= answer["bound"]
    assert answer["gap"] == (answer["bound"] - answer["objective"]) / max(1, abs(answer["objective"]))
    assert answer["peak_mb"] > 10
    assert 0 < answer["seconds"] < 60
    assert not list(words.forbidden_words(found.err))


def test_prices_of_an_answer_start_the_next_one(match: Match, small: Path, tmp_path: Path) -> None:
    first = match(small, "--json")
    (tmp_path / "hier.json").write_text(first.out, encoding="utf-8")
    (tmp_path / "prix.json").write_text(json.dumps(first.answer["prices"]), encoding="utf-8")
    for file in ("hier.json", "prix.json"):
        again = match(small, "--json", "--prices", tmp_path / file)
        assert again.code == 0, again.err
        assert again.answer["objective"] == first.answer["objective"]
        assert again.answer["certified"]


def test_the_same_command_gives_the_same_lists(match: Match, small: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        match(small, "--out", tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_a_time_limit_returns_what_is_verified_by_then_and_says_so(match: Match, small: Path) -> None:
    found = match(small, "--time-limit", "0.001", "--json")
    assert found.code == 0
    assert found.answer["stopped"] is True
    assert "limite de 0,001 s atteinte" in found.err
    assert found.answer["certified"] == (found.answer["gap"] <= 0)
    if not found.answer["certified"]:
        assert "écart demandé : 0 %" in found.err


def test_equal_answers_left_as_they_fall_are_said_to_be(
    match: Match, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert match(small, "--gap", "0.05", "--json").answer["ties"] is None
    monkeypatch.setattr("optimizer.equals._Equals.work", 10**9)  # more than is ever begun
    found = match(small, "--lexicographic", "--json")
    assert found.answer["ties"] == "sum"
    assert "n'est pas départagé jusqu'au dernier numéro" in found.err
    assert not list(words.forbidden_words(found.err))


def test_a_gap_asked_is_the_one_held_to(match: Match, small: Path) -> None:
    answer = match(small, "--gap", "0.05", "--json").answer
    assert answer["certified"]
    assert answer["gap"] <= 0.05


def put(name: str, *values: object, kind: object = None) -> Arrays:
    return {name: np.array(values, dtype=kind)}


MALFORMED = {
    "a float": (put("pair_weight", 1.5, 2.0, 3.0, 4.0), "pair_weight"),
    "a NaN": (put("row_low", np.nan), "row_low"),
    "an object": (put("row_label", "R", kind=object), "row_label"),
    "bytes": (put("row_label", b"R"), "row_label"),
    "too short": (put("pair_class", 0, 0, 1), "pair_class"),
    "out of range": (put("pair_weight", 10, 8, 9, 2**24 + 1), "pair_weight"),
    "twice": (put("pair_class", 0, 0, 0, 1), "pair_applicant"),
    "no permutation": (put("applicant_lottery", 1, 2, 3), "applicant_lottery"),
    "crossed": (put("row_high", 0), "row_low"),
    "a lock too many": (put("pair_lock", 1, 1, 0, 0), "pair_lock"),
    "too large": (put("row_low", 2**40) | put("row_penalty", 2**36), "row_penalty"),
    "unknown": (put("pair_weigth", 1), "pair_weigth"),
}


@pytest.mark.parametrize(("spoilt", "named"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_problem_exits_2_and_writes_nothing(
    match: Match, tmp_path: Path, spoilt: Arrays, named: str
) -> None:
    problem = written(tmp_path, by_hand() | spoilt)
    found = match(problem, "--json", "--out", tmp_path / "listes.csv")
    assert found.code == 2
    assert named in [column for column, _ in found.faults]
    assert all(text in found.err for _, text in found.faults)
    assert "Traceback" not in found.err
    assert list(tmp_path.iterdir()) == [problem]


def test_options_files_and_place_are_all_faulted_at_once(match: Match, tmp_path: Path) -> None:
    problem = written(tmp_path, by_hand() | put("row_tier", 2) | put("pair_weight", 1, 2, 3, -1))
    prices = tmp_path / "prix.json"
    prices.write_text('{"Q1 hors QPVs": 3, "a": "b", "c": -1, "d": NaN, "e": true}', encoding="utf-8")
    found = match(
        problem, "--gap", "-0.1", "--time-limit", "nan", "--prices", prices, "--out", tmp_path, "--json"
    )
    assert found.code == 2
    text = "\n".join(said for _, said in found.faults)
    assert [name in text for name in ("--gap", "--time-limit", "--out", "row_tier", "pair_weight")] == [
        True
    ] * 5
    assert {"a", "c", "d", "e"} <= {column for column, _ in found.faults}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"Q1 hors QVP": 1}', "vouliez-vous dire « Q1 hors QPV » ?"),
        (b'{"prices": {"Q1 hors QPV": -1}}', "attendu un nombre de 0"),
        (b'{"Q1 hors QPV": 1, "Q1 hors QPV": 2}', "clé en double"),
        (b'{"Q1 hors QPV": 1' + b"0" * 400 + b"}", "attendu un nombre de 0"),
        (b'{"Q1 hors QPV": 1' + b"0" * 5000 + b"}", "nombre trop long"),
        (b'{"\\ud800": 1}', "ligne inconnue"),
        (b"[" * 100_000, "JSON illisible"),
        (b"[1, 2]", "un objet JSON est attendu"),
        (b'{"Q1', "JSON illisible, ligne 1"),
        (b"\xff\xfe", "UTF-8"),
        (None, "fichier introuvable"),
    ],
)
def test_prices_that_are_not_prices_are_refused(
    match: Match, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "prix.json").write_bytes(content)
    found = match(written(tmp_path, by_hand()), "--prices", tmp_path / "prix.json", "--json")
    assert found.code == 2
    assert said in found.err
    assert found.faults


def test_a_place_that_cannot_hold_the_answer_is_refused_before_solving(match: Match, tmp_path: Path) -> None:
    problem = written(tmp_path, by_hand())
    before = problem.read_bytes()
    (tmp_path / "fichier").write_text("garder", encoding="utf-8")
    for out, said in (
        (tmp_path, "ceci est un dossier"),
        (tmp_path / "fichier" / "listes.csv", "est un fichier, un dossier est attendu"),
        (problem, "il serait perdu"),
        (Path("/dev/null"), "pas un fichier ordinaire"),
        (tmp_path / ("x" * 300), "écriture impossible"),
    ):
        found = match(problem, "--out", out)
        assert (found.code, said in found.err) == (2, True), found.err
    assert problem.read_bytes() == before
    assert (tmp_path / "fichier").read_text(encoding="utf-8") == "garder"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_file_the_command_answers_or_says_why(match: Match, data: st.DataObject) -> None:
    """Bytes and values spoilt at random: exit 0 with a verified answer, or 2 with faults; never 1."""
    with TemporaryDirectory() as name:
        place = Path(name)
        options = data.draw(st.sampled_from([(), ("--lexicographic",), ("--gap", "0.5")]))
        values = [0, 1, 2, 5, -1] if "--lexicographic" in options else [0, 1, 5, 2**20, 2**31, -1, -(2**40)]
        arrays = {name: array.copy() for name, array in by_hand().items()} | {"row_scale": ints(100)}
        for _ in range(data.draw(st.integers(0, 3))):
            spoilt = data.draw(st.sampled_from([name for name in arrays if name != "row_label"]))
            at = data.draw(st.integers(0, arrays[spoilt].size - 1))
            arrays[spoilt][at] = data.draw(st.sampled_from(values))
        file = BytesIO()
        np.savez(file, **arrays)
        content = bytearray(file.getvalue())
        for _ in range(data.draw(st.integers(0, 2))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        (place / "problem.npz").write_bytes(bytes(content))
        found = match(place / "problem.npz", "--json", "--out", place / "listes.csv", *options)
        assert found.code in (0, 2), found.err
        assert "Traceback" not in found.err
        assert (place / "listes.csv").exists() == (found.code == 0)
        if found.code == 0:
            assert found.answer["objective"] <= found.answer["bound"]
        else:
            assert found.faults
