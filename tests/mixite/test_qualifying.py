"""`mixite qualify` as people and scripts run it, held to a second reading of the toy in plain Python."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

import pandas as pd
import pytest

from mixite import qualifying, qualifying_tables
from mixite.concertation import asking
from mixite.qualifying_words import MISSING, TYPES, summary
from mixite.report import words
from sim.rules.housing_aid import aid_resources_eur, housing_aid_eur
from sim.rules.law import Law
from sim.rules.peuplement import PATRIMOINE, POPULATION, VOCABULARY
from sim.territory.columns import PEUPLEMENT_TYPES
from sim.territory.files.faults import FaultsFound

ROOT = Path(__file__).parents[2]
TUTORIAL = "scenarios/territories/tutoriel.toml"
TOY = ROOT / "scenarios" / "territories" / "jouet"


def mixite(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "mixite", "qualify", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        timeout=120,
        check=False,
    )


def document(path: Path | str) -> dict:
    return qualifying_tables.document(qualifying.qualification(Path(path)))


def by_residence(told: dict) -> dict[str, dict]:
    return {residence["residence_id"]: residence for residence in told["residences"]}


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# --- the toy, a second time, household by household ---

CEILINGS = [23403, 31254, 37584, 45374, 53376, 60156]  # PLUS 2026, other regions, by category
SHARES = ("first_quartile", "below_40_plus", "housing_aid", "rotation")


def household(row: dict[str, str], rent: float) -> dict[str, int]:
    """What one household of the toy has."""
    adults, children = int(row["adults"]), int(row["children"])
    older = sum(int(age) >= 14 for age in row["children_ages"].split(";") if age)
    units = 1 + 0.5 * (adults - 1 + older) + 0.3 * (children - older)
    income, rfr = float(row["monthly_income_eur"]), float(row["rfr_eur"])
    category = adults + children + (adults == 1 and children > 0)
    law = Law.at(date(2026, 1, 1))
    aid = housing_aid_eur(law, adults, children, aid_resources_eur(law, income), rent, law.aid_zones[1])
    days = (date(2026, 1, 1) - date.fromisoformat(row["lease_on"])).days
    return {
        "first_quartile": int(12 * income / units <= 9600),
        "below_40_plus": int(rfr < 0.4 * CEILINGS[category - 1]),
        "housing_aid": int(aid > 0),
        "rotation": int(days < 365),
    }


def second_reading(weights: dict[str, float], shrinkage: float, level: float) -> dict[str, dict]:
    """Score, interval and type of the toy's residences by loops, from its files."""
    dwellings = {row["dwelling_id"]: row for row in rows(TOY, "dwellings")}
    lived_in: dict[str, list[dict[str, int]]] = {row["residence_id"]: [] for row in rows(TOY, "residences")}
    for row in rows(TOY, "occupants"):
        home = dwellings[row["dwelling_id"]]
        lived_in[home["residence_id"]].append(household(row, float(home["rent_eur"])))
    everybody = [one for there in lived_in.values() for one in there]
    scores, errors = dict.fromkeys(lived_in, 0.0), dict.fromkeys(lived_in, 0.0)
    scale = sum(weights[name] for name in (*SHARES, "vacancy"))  # offers are not told
    per_unit: dict[str, float] = {}
    for name in SHARES:
        mean = sum(one[name] for one in everybody) / len(everybody)
        drawn = {
            name_: (sum(one[name] for one in there) + shrinkage * mean) / (len(there) + shrinkage)
            for name_, there in lived_in.items()
        }
        square = sum(len(there) * (drawn[r] - mean) ** 2 for r, there in lived_in.items()) / len(everybody)
        spread = square**0.5 or 1.0
        per_unit[name] = weights[name] / scale / spread
        for r in lived_in:
            scores[r] += per_unit[name] * (drawn[r] - mean)
    free = len(everybody) - len(lived_in)
    for first in SHARES:
        for second in SHARES:
            moved = 0.0
            for there in lived_in.values():
                own = [sum(one[name] for one in there) / len(there) for name in (first, second)]
                moved += sum((one[first] - own[0]) * (one[second] - own[1]) for one in there)
            for r, there in lived_in.items():
                errors[r] += per_unit[first] * per_unit[second] * moved / free / (len(there) + shrinkage)
    reach = NormalDist().inv_cdf((1 + level) / 2)
    order, reached, cuts = sorted(scores, key=scores.__getitem__), 0, []
    for r in order:
        reached += len(lived_in[r])
        while len(cuts) < 3 and reached / len(everybody) >= (len(cuts) + 1) / 4:
            cuts.append(scores[r])
    found = {}
    for row in rows(TOY, "residences"):
        r, before = row["residence_id"], row["peuplement_type"]
        low, high = (scores[r] + side * reach * errors[r] ** 0.5 for side in (-1, 1))
        bands = list(pairwise([float("-inf"), *cuts, float("inf")]))
        met = [low <= top and high > bottom for bottom, top in bands]
        own = next(place for place, (bottom, top) in enumerate(bands) if bottom < scores[r] <= top)
        stays = before and met[PEUPLEMENT_TYPES.index(before)]
        found[r] = {
            "score": scores[r], "score_low": low, "score_high": high,
            "statistical_type": PEUPLEMENT_TYPES[own],
            "type": before if stays else PEUPLEMENT_TYPES[own],
            "types_in_interval": [PEUPLEMENT_TYPES[place] for place, here in enumerate(met) if here],
            "kept": bool(stays) and before != PEUPLEMENT_TYPES[own],
        }  # fmt: skip
    return found


def test_a_second_reading_of_the_toy_finds_the_same() -> None:
    told = document(TOY)
    weights = told["settings"]["weights"]
    second = second_reading(weights, told["settings"]["shrinkage"], told["settings"]["level"])
    for name, residence in by_residence(told).items():
        for key, value in second[name].items():
            same = pytest.approx(value, abs=1e-5) if isinstance(value, float) else value
            assert residence[key] == same, (name, key)


def test_the_toy_s_indices_are_those_worked_by_hand() -> None:
    # First quartile and under 40 %: M5 alone, one of the two of R2, of six households.
    # D = ½ (|0 − 2/5| + |1 − 1/5| + |0 − 2/5|) = 0.8; I = 1 × ½; H = 1 − 2 E(½) / (6 E(1/6)).
    from math import log

    def entropy(share: float) -> float:
        return -share * log(share) - (1 - share) * log(1 - share)

    for public in ("first_quartile", "below_40_plus"):
        assert document(TOY)["indices"][public] == pytest.approx(
            {"dissimilarity": 0.8, "isolation": 0.5, "theil_h": 1 - entropy(1 / 2) / (3 * entropy(1 / 6))},
            abs=1e-6,
        )


# --- the shape, and what it says ---


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, str]:
    place = tmp_path_factory.mktemp("qualify")
    found = mixite(TUTORIAL, "--out", "ici/residences.csv", "--json", cwd=place)
    assert found.returncode == 0, found.stderr
    return place / "ici" / "residences.csv", json.loads(found.stdout), found.stderr


def test_the_document_has_the_keys_of_the_contract(tutorial: tuple[Path, dict, str]) -> None:
    _, told, _ = tutorial
    keys = {"residence_id", "type", "target", "capacity", "score", "score_low", "score_high", "indicators"}
    for residence in told["residences"]:
        assert keys <= set(residence)
        assert list(residence["indicators"]) == [each.name for each in VOCABULARY]
        assert residence["type"] in residence["types_in_interval"]
        assert residence["score_low"] < residence["score"] < residence["score_high"]
        assert residence["indicators"]["refusals"] is None
        assert (residence["sensitivity"]["same"] == 1) == (not residence["sensitivity"]["moved_by"])
    assert set(told["indices"]) == {"first_quartile", "below_40_plus"}
    assert all(set(index) == {"dissimilarity", "isolation", "theil_h"} for index in told["indices"].values())


def test_the_table_holds_what_the_document_holds(tutorial: tuple[Path, dict, str]) -> None:
    file, told, _ = tutorial
    table = pd.read_csv(file)
    assert table["residence_id"].tolist() == [residence["residence_id"] for residence in told["residences"]]
    assert table["type"].tolist() == [residence["type"] for residence in told["residences"]]
    assert table["low_rent"].tolist() == [r["indicators"]["low_rent"] for r in told["residences"]]
    assert table["notice"].eq(words.SYNTHETIC_BANNER).all()


def test_a_few_lines_say_how_many_and_what_is_missing(tutorial: tuple[Path, dict, str]) -> None:
    _, told, said = tutorial
    assert words.SYNTHETIC_BANNER in said
    assert words.SYNTHETIC_BANNER in told["notices"]
    assert "sans propositions : les refus ne sont pas pris en compte" in said
    assert "calculé sur les demandes en instance" in said
    settled = sum(len(residence["types_in_interval"]) == 1 for residence in told["residences"])
    assert f"d'un seul type : {settled} résidence(s) sur {len(told['residences'])}" in said
    assert not list(words.forbidden_words(said))


def test_the_same_twice_is_the_same_bytes(tutorial: tuple[Path, dict, str], tmp_path: Path) -> None:
    file, told, _ = tutorial
    found = qualifying.qualification(Path(TUTORIAL))
    for name in ("encore.csv", "encore.json"):
        asked = asking.Asked(out=tmp_path / name)
        _, said = asking.answer(found, Path(TUTORIAL), asked)
        assert len(list(asking.write(said, asked))) == 1
    assert (tmp_path / "encore.csv").read_bytes() == file.read_bytes()
    assert json.loads((tmp_path / "encore.json").read_text(encoding="utf-8")) == told


def test_the_threshold_of_the_territory_is_taken_and_said() -> None:
    lines = list(summary(qualifying.qualification(TOY)))
    assert any("donné par territory.toml" in line and "9\u202f600" in line for line in lines)


def test_a_scenario_s_settings_are_taken(tmp_path: Path) -> None:
    text = (ROOT / "scenarios" / "tutorial.toml").read_text(encoding="utf-8")
    text = text.replace("territories/", f"{ROOT / 'scenarios' / 'territories'}/")
    text = text.replace("grids/", f"{ROOT / 'scenarios' / 'grids'}/")
    (tmp_path / "autre.toml").write_text(text + "\n[qualification]\nlevel = 0.5\n", encoding="utf-8")
    told = qualifying_tables.document(qualifying.qualification(TOY, tmp_path / "autre.toml"))
    assert (told["settings"]["level"], told["settings"]["scenario"]) == (0.5, "autre")
    wide, narrow = by_residence(document(TOY))["R1"], by_residence(told)["R1"]
    assert narrow["score_high"] - narrow["score"] < wide["score_high"] - wide["score"]


def test_without_occupants_no_type_is_guessed(tmp_path: Path) -> None:
    folder = shutil.copytree(TOY, tmp_path / "vide")
    (folder / "occupants.csv").unlink()
    (folder / "residences.csv").write_text(
        (TOY / "residences.csv").read_text(encoding="utf-8").replace(",a_conforter,en_equilibre", ",,"),
        encoding="utf-8",
    )
    found = qualifying.qualification(folder)
    told = by_residence(qualifying_tables.document(found))
    empty = told["R2"]
    assert empty["type"] is empty["target"] is empty["capacity"] is empty["score"] is None
    assert empty["segment_patrimoine"] is not None
    assert empty["indicators"]["building_age"] == 54
    # R1 and R3 have a type set before: nothing shows that it has changed.
    kept = told["R1"]
    assert (kept["type"], kept["statistical_type"], kept["kept"]) == ("en_capacite", None, True)
    said = "\n".join(summary(found))
    assert "sans occupation : aucun type de peuplement n'est calculé" in said
    assert "sans type" in said


def test_leases_offers_and_vacancies_of_the_folder_are_read(tmp_path: Path) -> None:
    folder = shutil.copytree(TOY, tmp_path / "tables")
    signed = ("L1,X1,2025-01-05", "L1,X2,2025-06-05", "L7,X3,2025-12-31")
    leases = [f"{lease},2024-01-01,aucun" for lease in signed]
    offers = [
        "L1,Y1,1,2025-06-01,refused", "L1,Y2,2,2025-06-01,silent", "L1,Y3,3,2025-06-01,accepted",
        "L1,Y4,4,2025-06-01,superseded", "L1,Y5,1,2025-06-01,", "L4,Y6,1,2024-06-01,refused",
    ]  # fmt: skip
    vacancies = ["L3,2025-09-01,aucun,bailleur", "L6,2025-11-01,aucun,bailleur"]
    for name, header, lines in (
        ("leases", "dwelling_id,demand_id,signed_on,filed_on,reservataire", leases),
        ("offers", "dwelling_id,demand_id,rank,offered_on,outcome", offers),
        ("vacancies", "dwelling_id,available_on,reservataire,designation_mode", vacancies),
    ):
        (folder / f"{name}.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    found = qualifying.qualification(folder)
    told = qualifying_tables.document(found)
    assert told["read_from"] == {"rotation": "leases", "vacancy": "vacancies", "refusals": "offers"}
    shown = {name: residence["indicators"] for name, residence in by_residence(told).items()}
    # L1 twice and L7 once in the year: one dwelling of three each.
    three = ("R1", "R2", "R3")
    assert [shown[name]["rotation"] for name in three] == pytest.approx([1 / 3, 0, 1 / 3], abs=1e-6)
    # Since 1 September, four months; since 1 November, two.
    assert [shown[name]["vacancy"] for name in three] == pytest.approx([1 / 3, 0, 0], abs=1e-6)
    # Two refusals of three answers; the others were not the candidate's, or of another year.
    assert shown["R1"]["refusals"] == pytest.approx(2 / 3, abs=1e-6)
    assert shown["R2"]["refusals"] is shown["R3"]["refusals"] is None
    assert "baux signés dans l'année" in "\n".join(summary(found))


def test_leases_of_less_than_a_year_say_nothing_of_rotation(tmp_path: Path) -> None:
    folder = shutil.copytree(TOY, tmp_path / "court")
    header = "dwelling_id,demand_id,signed_on,filed_on,reservataire\n"
    for lines in ("", "L1,X1,2025-06-05,2024-01-01,aucun\n"):
        (folder / "leases.csv").write_text(header + lines, encoding="utf-8")
        assert document(folder)["read_from"]["rotation"] == "occupants"


def test_every_indicator_that_may_be_missing_has_its_line() -> None:
    always = {"size", "typology_gap", "very_social", "in_qpv"}
    assert set(MISSING) == {*POPULATION, *PATRIMOINE} - always
    assert tuple(TYPES) == PEUPLEMENT_TYPES


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "rien").mkdir()
    found = mixite("rien", "--scenario", "absent.toml", "--out", "residences.pdf", cwd=tmp_path)
    assert found.returncode == 2
    for said in ("dwellings.csv", "territory.toml", "absent.toml", "fichier .csv ou .json ou .xlsx attendu"):
        assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["rien"]


@pytest.mark.parametrize("scale", [0.0, 1.5])
def test_a_scale_out_of_bounds_is_a_fault(scale: float) -> None:
    with pytest.raises(FaultsFound, match="--scale"):
        qualifying.qualification(Path(TUTORIAL), scale=scale)
