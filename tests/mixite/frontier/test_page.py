"""What the trade-off leaves for officials: tables, figures, a page of their words, a JSON document."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from mixite.__main__ import main
from mixite.frontier import figures, page, panels, telling
from mixite.frontier.figures import FIGURES, source
from mixite.frontier.measures import COLUMNS, DIFFERENCES
from mixite.frontier.playing import Frontier
from mixite.frontier.strengths import APART
from mixite.frontier.tables import reading
from mixite.frontier.words import law_of_strength
from mixite.report import words

NO_BEST = re.compile(r"\boptim|\bmeilleur|\bidéal", re.IGNORECASE)


@pytest.fixture(scope="module")
def text(played: Frontier) -> str:
    return (played.out / telling.PAGE).read_text(encoding="utf-8")


def test_frontier_csv_holds_each_variant_at_each_strength(played: Frontier) -> None:
    found = pd.read_csv(played.out / "frontier.csv")
    assert list(found)[:7] == ["variant", "value", "indicator", "group", "mean", "ci_low", "ci_high"]
    assert list(found) == list(COLUMNS)
    assert set(found["variant"]) == {
        *("free", "iso", "status_quo", "cotation_only", "cotation_matched", "cotation_quotas"),
        *("cotation_peuplement", "cotation_oriented"),
    }
    for variant in ("free", "iso"):
        assert sorted(set(found[found["variant"] == variant]["value"])) == [0, 1, 2]
    asked = {("dissimilarity", "first_quartile"), ("wait_housed_months", "l441_1"), ("r1_share", "all")}
    for _, of_point in found.groupby(["variant", "value"]):
        assert asked <= set(of_point[["indicator", "group"]].itertuples(index=False, name=None))


def test_strength_zero_is_the_legal_matching_in_the_table(played: Frontier) -> None:
    by = {
        point: rows.set_index(["indicator", "group"])["mean"]
        for point, rows in played.means.groupby(["variant", "value"])
    }
    assert by["free", 0].equals(by["iso", 0])
    assert by["free", 0].equals(by["cotation_quotas", 0])
    assert by["free", 1].equals(by["cotation_peuplement", 1])
    assert not by["free", 2].equals(by["free", 0]), "strengths differ, or this test says nothing"


def test_differences_have_a_table_of_their_own(played: Frontier) -> None:
    found = pd.read_csv(played.out / "frontier_differences.csv")
    assert list(found) == list(DIFFERENCES)
    assert (found[found["variant"] == "cotation_quotas"]["difference"].dropna() == 0).all()


def test_the_page_is_in_the_words_of_officials(played: Frontier, text: str) -> None:
    assert "<title>Arbitrage délais / répartition : tutoriel</title>" in text
    assert words.SYNTHETIC_BANNER in text
    assert not list(words.forbidden_words(text))
    assert not NO_BEST.search(text)
    for said in (
        "La force des objectifs",
        "Orientation et appariement",
        "Écarts à la force 0",
        "Ce que la courbe ne dit pas",
        "non distingué",
        "aléa de simulation seul",
        "objectifs, volumes constants",
        "premier quartile hors QPV : 70\u202f%",
    ):
        assert said in text, said


def test_whether_fewer_are_housed_is_the_first_line(played: Frontier, text: str) -> None:
    said = page.first_line(played)
    assert text[text.index("</h1>") :].startswith(f'</h1>\n<p class="opening">{said[:20]}')
    assert "Baisses distinguées, toutes forces :" in said
    assert "Nombres du territoire réduit à 50\u202f%." in said


def test_the_page_needs_nothing_but_itself(text: str) -> None:
    assert "<script" not in text
    assert not re.search(r"(src|href)=\"(?!data:)", text)
    assert text.count("<img ") == len(FIGURES)


def test_every_figure_is_written_with_its_source(played: Frontier) -> None:
    for name, caption, _ in FIGURES:
        assert (played.out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert caption(played).endswith(".")
    said = source(played)
    assert "scénario « tutoriel »" in said
    assert "2 répliques" in said
    assert words.SYNTHETIC_BANNER in said


def without_legal_shares(played: Frontier) -> Frontier:
    """The same trade-off on a territory with too few leases for the shares of the law."""
    few = played.means["indicator"].isin(["r1_share", "r2_share"])
    empty = played.means.assign(**{
        name: played.means[name].mask(few) for name in ("mean", "ci_low", "ci_high")
    })  # fmt: skip
    from_zero, apart = (
        table[~table["indicator"].isin(["r1_share", "r2_share"])]
        for table in (played.from_zero, played.apart)
    )
    return replace(played, means=empty, from_zero=from_zero, apart=apart)


def test_what_is_not_there_is_said_with_its_reason(played: Frontier) -> None:
    (one,) = figures.absent(played)
    assert "Deuxième à quatrième quartiles en QPV (effectif insuffisant" in one
    assert "hors QPV" not in one
    assert "figure" not in one.removeprefix("Mesures sans valeur, absentes des figures")
    found = without_legal_shares(played)
    assert figures.legal_shares(found) is None
    (said,) = figures.absent(found)
    assert said.startswith(
        "Mesures sans valeur, absentes des figures : Premier quartile et relogements hors QPV"
    )
    assert "effectif insuffisant : moins de 20 baux sur la période" in said
    assert said.endswith("Sans parts légales, leur figure n'est pas tracée.")
    text = page.page(found, [])
    assert said.replace("'", "&#x27;") in text
    # R1 and R2 of every point: a dash would not say why
    assert text.count('<td class="number">effectif insuffisant</td>') == 2 * (len(played.points) + len(APART))
    (untold,) = re.findall(r"Sans aucune valeur à comparer : ([^.]*)\.", text)
    assert "Premier quartile et relogements hors QPV" in untold.split(" ; ")


def test_a_caption_counts_the_panels_that_are_drawn(played: Frontier) -> None:
    assert figures.said_by_strength(played).startswith("Écart de six résultats")
    assert "obligations" in figures.said_by_strength(played)
    fewer = figures.said_by_strength(without_legal_shares(played))
    assert fewer.startswith("Écart de cinq résultats")
    assert "obligations" not in fewer


def test_what_is_said_published_depends_on_the_floors_and_on_the_territory(played: Frontier) -> None:
    scenario = played.scenario
    real = law_of_strength(scenario, synthetic=False)
    assert "Seule la force 1 porte des planchers publiés" in real
    assert "publiés" not in law_of_strength(scenario, synthetic=True)
    assert "aucun plancher n'est publié" in law_of_strength(scenario, synthetic=True)
    first, *rest = scenario.target
    one = scenario.model_copy(update={"target": (first.model_copy(update={"study": True}), *rest)})
    assert "tous ne sont pas publiés" in law_of_strength(one, synthetic=False)
    assert "Seule la force 1" not in (played.out / telling.PAGE).read_text(encoding="utf-8")


def test_the_line_of_the_cil_is_drawn_where_it_is_given(played: Frontier) -> None:
    panel = Figure().add_subplot()
    panels.given_line(played, panel)
    assert [line.get_ydata()[0] for line in panel.lines] == [7.5]
    assert [text.get_text() for text in panel.texts] == ["ligne donnée par la CIL : 7,5 mois"]


def test_the_document_says_strengths_points_and_differences(played: Frontier) -> None:
    found = telling.as_json(played)
    assert found["strengths"][2] == {"value": 2.0, "floors": [0.70, 0.95], "max_points_forgone": 80}
    assert found["acceptable_delay_months"] == 7.5
    assert len(found["points"]) == len(played.means)
    assert {"variant", "value", "indicator", "difference", "distinguished"} <= set(found["differences"][0])


def answered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *said: str
) -> tuple[int, str]:
    """Return the exit code and stdout of a command."""
    monkeypatch.setattr("sys.argv", ["mixite", *said])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0), capsys.readouterr().out


def test_the_command_answers_with_one_document(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("mixite.frontier.figures.draw_all", lambda _: [])  # drawn in the tests above
    short = ("--points", "3", "--replications", "1", "--years", "1", "--scale", "0.3", "--workers", "1")
    asked = ("frontier", "scenarios/tutorial.toml", *short, "--out", str(tmp_path / "ici"), "--json")
    code, said = answered(capsys, monkeypatch, *asked)
    assert code == 0
    assert json.loads(said)["replications"] == 1
    assert (tmp_path / "ici" / telling.PAGE).is_file()


def test_a_scenario_without_targets_is_a_fault_of_the_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, said = answered(
        capsys, monkeypatch, "frontier", "scenarios/jouet.toml", "--out", str(tmp_path / "x"), "--json"
    )
    assert code == 2
    assert "aucun objectif" in json.loads(said)["faults"][0]["text"]
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("n", "low", "told", "said"),
    [
        (1, float("nan"), False, "une seule réplique, sans intervalle"),
        (2, float("nan"), False, "même écart dans 2 répliques"),
        (2, -1.0, False, "non distingué"),
        (2, 1.0, True, "écart distingué"),
    ],
)
def test_a_difference_without_interval_is_not_said_undistinguished(
    n: int, low: float, told: bool, said: str
) -> None:
    assert reading({"n": n, "difference": 2.0, "ci_low": low, "distinguished": told}) == said
